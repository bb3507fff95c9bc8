#include "emptor/forecasting/ets.hpp"

#include "emptor/core/error.hpp"

#include "forecasting/ets_fit.hpp"
#include "forecasting/ets_minimise.hpp"
#include "forecasting/ets_start.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>

namespace emptor::forecasting {

namespace smoothing {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinite = std::numeric_limits<double>::infinity();
/// Longer seasons keep the states their decomposition gives: as many parameters as values say
/// little.
constexpr int kLongestEstimated = 24;

[[noreturn]] void fail(const std::string& what) { throw InvalidArgument("fit_ets: " + what); }

}  // namespace

int count_parameters(const EtsModel& model, int season_length) {
  int k = 3;  // alpha, level, sigma
  if (model.trend != EtsTrend::none) k += model.damped ? 3 : 2;
  if (model.season != EtsSeason::none) k += season_length;  // gamma, and one less than the season
  return k;
}

void set_criteria(EtsFit& fit) {
  const auto n = static_cast<double>(fit.n_known);
  const double kernel = n * std::log(fit.squares) + 2 * fit.log_mean;
  const double constants = n * (std::log(2 * std::numbers::pi / n) + 1);
  const bool gaussian = fit.likelihood == EtsLikelihood::gaussian;
  fit.log_likelihood = -0.5 * (kernel + (gaussian ? constants : 0));
  const double k = fit.parameters;
  fit.aic = -2 * fit.log_likelihood + 2 * k;
  fit.aicc = n - k - 1 > 0 ? fit.aic + 2 * k * (k + 1) / (n - k - 1) : kNaN;
  fit.bic = -2 * fit.log_likelihood + k * std::log(n);
  const double free = n - (k - 1);
  fit.sigma = free > 0 ? std::sqrt(fit.squares / free) : kNaN;
}

Series trimmed(std::span<const double> y) {
  Series s;
  std::size_t begin = 0;
  std::size_t end = y.size();
  while (begin < end && std::isnan(y[begin])) ++begin;
  while (end > begin && std::isnan(y[end - 1])) --end;
  double largest = 0;
  s.low = kInfinite;
  s.high = -kInfinite;
  for (std::size_t i = begin; i < end; ++i) {
    if (std::isinf(y[i])) {
      fail("y[" + std::to_string(i) + "] is infinite; write NaN for a missing value");
    }
    if (std::isnan(y[i])) continue;
    ++s.n_known;
    s.low = std::min(s.low, y[i]);
    s.high = std::max(s.high, y[i]);
    largest = std::max(largest, std::abs(y[i]));
  }
  int exponent = 0;
  std::frexp(largest, &exponent);
  s.scale = std::ldexp(1.0, exponent);
  s.y.assign(y.begin() + static_cast<std::ptrdiff_t>(begin),
             y.begin() + static_cast<std::ptrdiff_t>(end));
  for (double& v : s.y) v /= s.scale;
  return s;
}

namespace {

Problem problem_of(const Series& series, const EtsOptions& o) {
  Problem problem;
  problem.y = series.y;
  problem.bounds = o.bounds;
  problem.prior = o.prior;
  problem.states = o.initial == EtsInitial::estimated;
  problem.season = problem.states && o.season_length <= kLongestEstimated;
  problem.alpha = !o.alpha;
  problem.beta = !o.beta;
  problem.gamma = !o.gamma;
  problem.phi = !o.phi;
  return problem;
}

/// Fits forms one by one, each from the best of several places: R's, and the solutions of forms
/// that lie within it.
class Search {
 public:
  Search(const Series& series, const EtsOptions& options)
      : series_(series),
        options_(options),
        starts_(series.y, options.season_length),
        problem_(problem_of(series, options)) {}

  [[nodiscard]] std::size_t size() const { return solved_.size(); }
  [[nodiscard]] const EtsModel& model(std::size_t i) const { return solved_[i].model; }
  [[nodiscard]] const Optimum& optimum(std::size_t i) const { return solved_[i].optimum; }

  /// Looks for a better optimum of form i from other places.
  void look_further(std::size_t i, double give_up_above) {
    Solved& solved = solved_[i];
    const std::optional<EtsParameters> from = starts_.states(solved.model);
    for (const Weights& w : kFurther) {
      problem_.give_up_above = std::min(give_up_above, solved.optimum.loss);
      Optimum other = minimise(problem_, weighted(*from, w), buffers_);
      other.iterations += solved.optimum.iterations;
      if (other.loss < solved.optimum.loss) solved.optimum = std::move(other);
    }
  }

  /// A form's solution; null where the series does not allow the form.
  const Optimum* fit(const EtsModel& model, double give_up_above) {
    if (model.season != EtsSeason::none && options_.season_length < 2) return nullptr;
    const std::optional<EtsParameters> from = starts_.states(model);
    if (!from) return nullptr;
    EtsParameters best = *from;
    double least = kInfinite;
    const auto consider = [&](const EtsParameters& p) {
      const double loss = loss_at(problem_, p);
      if (!(loss < least)) return;
      least = loss;
      best = p;
    };
    for (const Weights& w : kFirst) consider(weighted(*from, w));
    if (const auto early = starts_.states(model, true)) {
      for (const Weights& w : kFirst) consider(weighted(*early, w));
    }
    for (const Solved& other : solved_) {
      if (!contains(model, other.model)) continue;
      EtsParameters p = other.optimum.at;
      p.model = model;
      if (other.model.season == EtsSeason::none && model.season != EtsSeason::none) {
        p.season = from->season;
        p.gamma = options_.gamma.value_or(0.05 * (1 - p.alpha));
      }
      if (other.model.trend == EtsTrend::none && model.trend != EtsTrend::none) {
        p.beta = options_.beta.value_or(kLeastWeight * p.alpha);
        p.phi = model.damped ? options_.phi.value_or(kMostPhi) : 1;
        consider(p);
        p.level = from->level;
        p.slope = from->slope;
      }
      if (model.damped && !other.model.damped) p.phi = options_.phi.value_or(kMostPhi);
      consider(p);
    }
    if (!std::isfinite(least)) return nullptr;
    problem_.give_up_above = give_up_above;
    solved_.push_back({model, minimise(problem_, best, buffers_)});
    return &solved_.back().optimum;
  }

 private:
  struct Solved {
    EtsModel model;
    Optimum optimum;
  };

  /// Whether a form is another with something more, or with the other kind of error.
  static bool contains(const EtsModel& model, const EtsModel& other) {
    const bool trend = other.trend == EtsTrend::none || other.trend == model.trend;
    const bool season = other.season == EtsSeason::none || other.season == model.season;
    return trend && season && (!other.damped || model.damped);
  }

  /// alpha, beta / alpha and gamma / (1 - alpha).
  struct Weights {
    double level, slope, season;
  };
  static constexpr Weights kFirst[] = {{0.1, 0.1, 0.05}, {0.4, 0.1, 0.05}, {0.8, 0.1, 0.05},
                                       {0.1, 0.5, 0.4},  {0.4, 0.5, 0.4},  {0.8, 0.5, 0.4}};
  static constexpr Weights kFurther[] = {
      {0.03, 0.1, 0.3}, {0.1, 0.5, 0.05}, {0.4, 0.1, 0.3}, {0.8, 0.3, 0.05}, {0.8, 0.05, 0.5}};

  [[nodiscard]] EtsParameters weighted(EtsParameters p, const Weights& w) const {
    p.alpha = options_.alpha.value_or(w.level);
    if (p.model.trend != EtsTrend::none) p.beta = options_.beta.value_or(w.slope * p.alpha);
    if (p.model.season != EtsSeason::none) {
      p.gamma = options_.gamma.value_or(w.season * std::max(1 - p.alpha, 0.01));
    }
    p.phi = p.model.damped ? options_.phi.value_or(0.978) : 1;
    return p;
  }

  const Series& series_;
  const EtsOptions& options_;
  Starts starts_;
  Problem problem_;
  Buffers buffers_{};
  std::vector<Solved> solved_{};
};

/// What a criterion adds to the loss for k parameters; infinite where it is not defined.
double price(EtsCriterion criterion, int parameters, std::int64_t n_known) {
  const double k = parameters;
  const auto n = static_cast<double>(n_known);
  if (criterion == EtsCriterion::bic) return k * std::log(n);
  if (criterion == EtsCriterion::aic) return 2 * k;
  return n - k - 1 > 0 ? 2 * k + 2 * k * (k + 1) / (n - k - 1) : kInfinite;
}

void rescale(EtsParameters& p, double scale) {
  p.level *= scale;
  if (p.model.trend == EtsTrend::additive) p.slope *= scale;
  if (p.model.season == EtsSeason::additive) {
    for (double& s : p.season) s *= scale;
  }
}

}  // namespace

EtsFit finished(const Series& series, EtsParameters at, const EtsLikelihood likelihood, bool keep) {
  EtsFit fit;
  fit.n = static_cast<std::int64_t>(series.y.size());
  fit.n_known = series.n_known;
  fit.start = at;
  fit.end = std::move(at);
  fit.likelihood = likelihood;
  fit.parameters = count_parameters(fit.start.model, fit.start.season_length);
  const bool relative = fit.start.model.error == EtsError::multiplicative;
  Trace trace;
  if (keep) {
    for (auto* v : {&fit.fitted, &fit.level, &fit.residual}) v->resize(series.y.size());
    if (fit.start.model.trend != EtsTrend::none) fit.slope.resize(series.y.size());
    if (fit.start.model.season != EtsSeason::none) fit.season.resize(series.y.size());
    trace = {fit.fitted, fit.level, fit.slope, fit.season, fit.residual};
  }
  const Sums sums = pass(fit.end, series.y, trace);
  fit.squares = relative ? sums.squares : sums.squares * series.scale * series.scale;
  fit.log_mean = sums.log_mean;
  if (relative) fit.log_mean += static_cast<double>(sums.known) * std::log(series.scale);
  if (!sums.valid) fit.squares = kNaN;
  rescale(fit.start, series.scale);
  rescale(fit.end, series.scale);
  const auto scaled = [&](std::vector<double>& v) {
    for (double& x : v) x *= series.scale;
  };
  scaled(fit.fitted);
  scaled(fit.level);
  if (fit.start.model.trend == EtsTrend::additive) scaled(fit.slope);
  if (fit.start.model.season == EtsSeason::additive) scaled(fit.season);
  if (!relative) scaled(fit.residual);
  set_criteria(fit);
  return fit;
}

}  // namespace smoothing

namespace smoothing {

EtsFit level_only(const Series& series, const EtsOptions& options) {
  EtsParameters p;
  p.season_length = options.season_length;
  p.alpha = kMostWeight;
  p.level = series.y.empty() ? kNaN : series.y.back();
  EtsFit fit = finished(series, p, options.likelihood, options.keep);
  fit.end.level = fit.start.level;
  fit.squares = fit.n_known < 3 ? kNaN : 0;
  set_criteria(fit);
  fit.log_likelihood = fit.aic = fit.aicc = fit.bic = kNaN;
  fit.status = fit.n_known < 3 ? Status::not_enough_data : Status::boundary;
  return fit;
}

namespace {

struct Choice {
  std::optional<Optimum> optimum{};
  int tried = 0;
};

/// Whether the next twelve values (the next season) would be a hundred times as large as any yet.
bool is_wild(const Series& series, const EtsParameters& start) {
  EtsFit fit;
  fit.end = start;
  pass(fit.end, series.y);
  const int steps = std::max(12, start.season_length);
  const std::vector<double> ahead = forecast(fit, steps);
  const double largest = std::max(std::abs(series.low), std::abs(series.high)) / series.scale;
  return !std::all_of(ahead.begin(), ahead.end(),
                      [&](double v) { return std::abs(v) <= 100 * largest; });
}

/// A form this much worse than the best one after one search may win after several.
constexpr double kWithin = 6;

Choice choose(const Series& series, const EtsOptions& options, const Pattern& pattern,
              bool positive, bool further) {
  Search search(series, options);
  Choice out;
  const bool single = pattern.is_one_form();
  // One form is fitted wherever it can be, also where a criterion does not exist.
  const auto criterion = single ? EtsCriterion::aic : options.criterion;
  const auto cost = [&](const EtsModel& model) {
    const int parameters = count_parameters(model, options.season_length);
    return parameters > series.n_known ? kInfinite : price(criterion, parameters, series.n_known);
  };
  double least = kInfinite;
  for (const EtsModel& model : candidates(pattern, options.season_length, positive)) {
    if (!std::isfinite(cost(model))) continue;
    if (single) {
      for (const EtsModel& inner : within(model)) search.fit(inner, kInfinite);
    }
    const Optimum* found = search.fit(model, least + kWithin - cost(model));
    if (found == nullptr) continue;
    ++out.tried;
    least = std::min(least, found->loss + cost(model));
  }
  for (std::size_t i = 0; i < search.size(); ++i) {
    if (single && i + 1 < search.size()) continue;
    const double price_of = cost(search.model(i));
    if (search.optimum(i).loss + price_of > least + kWithin) continue;
    if (further) search.look_further(i, least - price_of);
    if (search.optimum(i).loss + price_of > least) continue;
    if (!single && is_wild(series, search.optimum(i).at)) continue;
    least = search.optimum(i).loss + price_of;
    out.optimum = search.optimum(i);
  }
  return out;
}

/// As much of the form as the values allow.
std::optional<Optimum> simpler(const Series& series, const EtsOptions& options,
                               const Pattern& pattern, bool positive) {
  Search search(series, options);
  for (const EtsModel& model : fallbacks(pattern, positive)) {
    if (count_parameters(model, options.season_length) > series.n_known) continue;
    const Optimum* found = search.fit(model, kInfinite);
    if (found != nullptr) return *found;
  }
  return std::nullopt;
}

/// Whether the errors are no more than rounding.
bool is_perfect(const EtsFit& fit, const Series& series) {
  const double size = fit.start.model.error == EtsError::additive ? series.scale : 1;
  return !(fit.squares > static_cast<double>(fit.n_known) * 1e-26 * size * size);
}

}  // namespace

EtsFit fit_form(std::span<const double> y, const EtsOptions& options, bool further) {
  const Pattern pattern = checked(options);
  const Series series = trimmed(y);
  if (series.n_known < 3 || series.low == series.high) return level_only(series, options);
  const bool positive = series.low > 0;
  Choice choice = choose(series, options, pattern, positive, further);
  const bool as_asked = choice.optimum.has_value();
  if (!as_asked) choice.optimum = simpler(series, options, pattern, positive);
  if (!choice.optimum) return level_only(series, options);
  EtsFit fit = finished(series, choice.optimum->at, options.likelihood, options.keep);
  fit.iterations = choice.optimum->iterations;
  fit.tried = std::max(choice.tried, 1);
  if (!choice.optimum->converged) fit.status = Status::not_converged;
  if (!as_asked) fit.status = positive ? Status::small_sample : Status::undefined;
  if (is_wild(series, choice.optimum->at)) fit.status = Status::undefined;
  if (is_perfect(fit, series)) fit.status = Status::boundary;
  return fit;
}

EtsFit fit_again(std::span<const double> y, const EtsFit& before, const EtsOptions& options) {
  const Series series = trimmed(y);
  const EtsModel& model = before.start.model;
  const bool positive_only =
      model.error == EtsError::multiplicative || model.season == EtsSeason::multiplicative;
  const bool usable = before.status == Status::ok && !(positive_only && !(series.low > 0));
  if (!usable || series.n_known <= before.parameters) return fit_form(y, options, false);
  EtsParameters from = before.start;
  rescale(from, 1 / series.scale);
  Buffers buffers;
  const Optimum found = minimise(problem_of(series, options), from, buffers);
  if (!std::isfinite(found.loss) || is_wild(series, found.at)) return fit_form(y, options, false);
  EtsFit fit = finished(series, found.at, options.likelihood, options.keep);
  fit.iterations = found.iterations;
  if (!found.converged) fit.status = Status::not_converged;
  if (is_perfect(fit, series)) fit.status = Status::boundary;
  return fit;
}

}  // namespace smoothing

using namespace smoothing;

EtsFit fit_ets(std::span<const double> y, const EtsOptions& options) {
  return fit_form(y, options, true);
}

EtsFit evaluate_ets(std::span<const double> y, const EtsParameters& parameters,
                    EtsLikelihood likelihood, bool keep) {
  check_parameters(parameters);
  const Series series = trimmed(y);
  EtsParameters scaled = parameters;
  rescale(scaled, 1 / series.scale);
  EtsFit fit = finished(series, scaled, likelihood, keep);
  if (fit.n_known < 3) fit.status = Status::not_enough_data;
  if (std::isnan(fit.squares)) fit.status = Status::undefined;
  return fit;
}

EtsFit update(const EtsFit& fit, std::span<const double> y) {
  EtsFit out = fit;
  for (auto* v : {&out.fitted, &out.level, &out.slope, &out.season, &out.residual}) v->clear();
  for (double v : y) {
    if (std::isinf(v)) throw InvalidArgument("update: y is infinite; write NaN if it is missing");
  }
  const bool keep = !fit.fitted.empty();
  Trace trace;
  if (keep) {
    for (auto* v : {&out.fitted, &out.level, &out.residual}) v->resize(y.size());
    if (!fit.slope.empty()) out.slope.resize(y.size());
    if (!fit.season.empty()) out.season.resize(y.size());
    trace = {out.fitted, out.level, out.slope, out.season, out.residual};
  }
  const Sums sums = pass(out.end, y, trace);
  out.n += static_cast<std::int64_t>(y.size());
  out.n_known += sums.known;
  out.squares += sums.valid ? sums.squares : kNaN;
  out.log_mean += sums.log_mean;
  if (!sums.valid) out.status = Status::undefined;
  set_criteria(out);
  return out;
}

}  // namespace emptor::forecasting
