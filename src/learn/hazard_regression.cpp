#include "emptor/learn/hazard_regression.hpp"

#include "emptor/core/error.hpp"
#include "emptor/core/interval.hpp"

#include "core/parallel.hpp"
#include "learn/design.hpp"
#include "learn/hazard_problem.hpp"

#include <Eigen/Cholesky>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string>

namespace emptor::learn {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr std::array<std::string_view, 2> kLabels{"logit", "cloglog"};
constexpr std::int64_t kFewEvents = 10;
constexpr std::int64_t kFewRows = 10;
constexpr std::size_t kBlock = 256;

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

void check(const HazardOptions& options) {
  const auto fail = [](const std::string& what) {
    throw InvalidArgument("hazard_regression: " + what);
  };
  if (!(options.period > 0 && std::isfinite(options.period))) fail("period must be above 0");
  if (!(options.penalty >= 0 && std::isfinite(options.penalty))) fail("penalty must be 0 or more");
  if (!(options.smoothness >= 0 && std::isfinite(options.smoothness)))
    fail("smoothness must be 0 or more");
  if (!(options.level > 0 && options.level < 1)) fail("level must lie between 0 and 1, as 0.95");
  if (options.max_periods < 1) fail("max_periods must be 1 or more");
  if (options.max_iterations < 1) fail("max_iterations must be 1 or more");
  if (!(options.tolerance > 0)) fail("tolerance must be above 0");
}

double two_sided(double z) { return std::erfc(std::fabs(z) / std::sqrt(2.0)); }

void write_periods(HazardModel& model, const HazardProblem& problem, const VectorXd& theta,
                   const MatrixXd& covariance) {
  const double half = normal_half_width(model.options.level);
  for (std::size_t t = 0; t < problem.periods(); ++t) {
    const auto k = static_cast<Index>(t);
    const bool held = problem.is_held(t);
    const double error = std::sqrt(std::max(0.0, covariance(k, k)));
    model.number.push_back(static_cast<std::int64_t>(t) + 1);
    model.time.push_back(static_cast<double>(t + 1) * model.options.period);
    model.baseline.push_back(theta[k]);
    model.hazard.push_back(hazard_of(model.options.link, theta[k]));
    model.hazard_low.push_back(held ? kNaN
                                    : hazard_of(model.options.link, theta[k] - half * error));
    model.hazard_high.push_back(held ? kNaN
                                     : hazard_of(model.options.link, theta[k] + half * error));
    model.n.push_back(problem.at_risk(t));
    model.events.push_back(problem.events(t));
    model.status.push_back(held                             ? Status::boundary
                           : problem.events(t) < kFewEvents ? Status::small_sample
                                                            : Status::ok);
  }
}

void write_terms(HazardModel& model, std::size_t periods, const VectorXd& theta,
                 const MatrixXd& covariance) {
  const double half = normal_half_width(model.options.level);
  for (std::size_t c = 0; c < model.design.size(); ++c) {
    const auto k = static_cast<Index>(periods + c);
    DesignColumn& column = model.design[c];
    column.coefficient = theta[k];
    const double error = std::sqrt(std::max(0.0, covariance(k, k))) / column.scale;
    const double value = theta[k] / column.scale;
    model.term.push_back(design_name(column, model.features));
    model.coefficient.push_back(value);
    model.low.push_back(value - half * error);
    model.high.push_back(value + half * error);
    model.ratio.push_back(std::exp(value));
    model.standard_error.push_back(error);
    model.p_value.push_back(two_sided(value / error));
    model.per_deviation.push_back(theta[k]);
  }
}

}  // namespace

std::span<const std::string_view> hazard_link_labels() noexcept { return kLabels; }

HazardLink parse_hazard_link(std::string_view text) {
  const auto found = std::find(kLabels.begin(), kLabels.end(), text);
  if (found == kLabels.end())
    throw InvalidArgument("link must be \"logit\" or \"cloglog\", got \"" +
                          std::string(text.substr(0, 40)) + "\"");
  return static_cast<HazardLink>(found - kLabels.begin());
}

HazardModel hazard_regression(const SurvivalView& view, std::span<const Feature> features,
                              const HazardOptions& options, const Context& context) {
  check(options);
  check(view, "hazard_regression");
  check(features, "hazard_regression");
  if (!features.empty() && features.front().size() != view.duration.size())
    throw InvalidArgument("hazard_regression: columns have " +
                          std::to_string(features.front().size()) + " rows, durations " +
                          std::to_string(view.duration.size()));
  HazardModel model;
  model.options = options;
  model.features = remember(features);
  HazardProblem problem(view, features, model.features, options, context);
  model.n_rows = static_cast<std::int64_t>(view.duration.size()) - problem.left_out();
  model.left_out = problem.left_out();
  model.n_events = problem.all_events();
  if (problem.all_events() == 0 || problem.all_events() == problem.all_at_risk()) {
    model.fit_status = Status::not_enough_data;
    return model;
  }
  model.design = problem.design();
  const HazardSolution solution = problem.solve();
  model.log_likelihood = solution.log_likelihood;
  model.iterations = solution.iterations;
  model.converged = solution.converged;
  if (!solution.converged) model.fit_status = Status::not_converged;
  write_periods(model, problem, solution.theta, solution.covariance);
  write_terms(model, problem.periods(), solution.theta, solution.covariance);
  model.covariance.assign(solution.covariance.data(),
                          solution.covariance.data() + solution.covariance.size());
  return model;
}

HazardSurvival hazard_survival(const HazardModel& model, std::span<const Feature> features,
                               const Context& context) {
  if (model.baseline.empty())
    throw InvalidArgument(
        "hazard_survival: the model saw no event, or nothing else, and foretells "
        "nothing");
  const MatchedFeatures given = match(model.features, features, "hazard_survival");
  const std::size_t rows = features.empty() ? 1 : features.front().size();
  const std::size_t periods = model.baseline.size();
  const auto size = static_cast<Index>(periods + model.design.size());
  const Eigen::Map<const MatrixXd> covariance(model.covariance.data(), size, size);
  const auto known = missing_columns(model.design, model.features.size());
  std::size_t last_event = 0;
  for (std::size_t t = 0; t < periods; ++t)
    if (model.events[t] > 0) last_event = t;
  const double half = normal_half_width(model.options.level);
  HazardSurvival result;
  result.level = model.options.level;
  result.diff = given.diff;
  const std::size_t each = periods + 1;
  for (auto* column : {&result.time, &result.survival, &result.survival_low, &result.survival_high})
    column->resize(rows * each);
  result.row.resize(rows * each);
  result.n.resize(rows * each);
  result.status.resize(rows * each);
  core::parallel_ranges(context, rows, kBlock, [&](std::size_t first, std::size_t last) {
    VectorXd x(size - static_cast<Index>(periods));
    for (std::size_t i = first; i < last; ++i) {
      double sum = 0;
      for (std::size_t c = 0; c < model.design.size(); ++c) {
        const DesignColumn& column = model.design[c];
        x[static_cast<Index>(c)] =
            design_value(column, given, known[static_cast<std::size_t>(column.feature)], i);
        sum += column.coefficient * x[static_cast<Index>(c)];
      }
      // With g the gradient of the cumulative hazard, its variance g' V g grows period by period.
      const VectorXd along = covariance.rightCols(x.size()) * x;  // V (0, x)
      VectorXd gradient = VectorXd::Zero(size);
      double cumulative = 0, variance = 0;
      for (std::size_t t = 0; t <= periods; ++t) {
        const std::size_t at = i * each + t;
        result.row[at] = static_cast<std::int64_t>(i);
        result.time[at] = static_cast<double>(t) * model.options.period;
        result.n[at] = t == 0 ? model.n_rows : model.n[t - 1];
        result.status[at] = t > 0 && t - 1 > last_event ? Status::extrapolated
                            : result.n[at] < kFewRows   ? Status::small_sample
                                                        : Status::ok;
        if (t > 0) {
          const auto k = static_cast<Index>(t - 1);
          const double eta = model.baseline[t - 1] + sum;
          const double slope = cumulative_slope(model.options.link, eta);
          cumulative += cumulative_hazard_of(model.options.link, eta);
          const VectorXd step = along + covariance.col(k);  // V (e_k, x)
          const double own = step[k] + step.tail(x.size()).dot(x);
          variance += 2 * slope * step.dot(gradient) + slope * slope * own;
          gradient[k] += slope;
          gradient.tail(x.size()) += slope * x;
        }
        result.survival[at] = std::exp(-cumulative);
        const double width =
            cumulative > 0 ? half * std::sqrt(std::max(0.0, variance)) / cumulative : 0;
        result.survival_low[at] = std::exp(-cumulative * std::exp(width));
        result.survival_high[at] = std::exp(-cumulative * std::exp(-width));
      }
    }
  });
  return result;
}

std::vector<Column> HazardModel::columns() const {
  return {{"period", number, "1 is the first"},
          {"time", time, "end of the period"},
          {"hazard", hazard, "chance of the event in it, given none before, for the mean row"},
          {"hazard_low", hazard_low, "lower end of its interval"},
          {"hazard_high", hazard_high, "upper end of its interval"},
          {"n", n, "rows at risk in the period"},
          {"events", events, "events in the period"},
          Column("baseline", baseline, "linear predictor of the mean row").hidden(),
          {"status", status, status_labels(),
           "small_sample under 10 events; boundary: all of the rows or none"}};
}

std::vector<Column> HazardModel::term_columns() const {
  return {{"term", term, "a column, a level against the most frequent one, or missing"},
          {"coefficient", coefficient, "of the linear predictor, per unit"},
          {"coefficient_low", low, "lower end of its interval"},
          {"coefficient_high", high, "upper end of its interval"},
          {"ratio", ratio, "exp(coefficient): of the odds in a period, or of hazards"},
          {"p_value", p_value, "Wald's, two-sided"},
          {"per_deviation", per_deviation, "of the linear predictor, per standard deviation"},
          Column("standard_error", standard_error, "of the coefficient").hidden()};
}

std::vector<Scalar> HazardModel::info() const {
  return {
      {"n", n_rows, "rows of the fit"},
      {"n_events", n_events, "... with the event"},
      {"left_out", left_out, "rows watched through no whole period"},
      {"link", std::string(kLabels[static_cast<std::size_t>(options.link)]), "logit or cloglog"},
      {"period", options.period, "length of a period"},
      {"smoothness", options.smoothness, "penalty of steps of the baseline"},
      {"log_likelihood", log_likelihood, "at the fit, without penalties"},
      {"iterations", static_cast<std::int64_t>(iterations), "scoring steps"},
      {"converged", converged, "whether it came to rest"},
      {"level", options.level, "confidence of the intervals"},
      {"status", std::string(status_labels()[static_cast<std::size_t>(fit_status)]), "of the fit"}};
}

std::vector<Column> HazardSurvival::columns() const {
  return {{"row", row, "of the table, from 0"},
          {"time", time, "end of a period"},
          {"survival", survival, "chance that the event has not come by then"},
          {"survival_low", survival_low, "lower end of its interval"},
          {"survival_high", survival_high, "upper end of its interval"},
          Column("n", n, "rows of the fit watched through the period").hidden(),
          {"status", status, status_labels(), "extrapolated past the last event"}};
}

std::vector<Scalar> HazardSurvival::info() const {
  return {{"level", level, "confidence of the intervals"},
          {"diff", diff.to_string(), "how the table differs from that of the fit"}};
}

}  // namespace emptor::learn
