#include "emptor/learn/logistic_regression.hpp"

#include "emptor/core/error.hpp"
#include "emptor/core/interval.hpp"

#include "core/parallel.hpp"
#include "core/special.hpp"
#include "learn/design.hpp"

#include <Eigen/Cholesky>
#include <Eigen/Core>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace emptor::learn {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kBlock = 4096;
constexpr double kEndless = 15;  // a coefficient per deviation that has no end

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

void check(const LogisticOptions& options) {
  const auto fail = [](const std::string& what) {
    throw InvalidArgument("logistic_regression: " + what);
  };
  if (!(options.penalty >= 0 && std::isfinite(options.penalty))) fail("penalty must be 0 or more");
  if (!(options.l1_ratio >= 0 && options.l1_ratio <= 1)) fail("l1_ratio must lie in 0 to 1");
  if (!(options.level > 0 && options.level < 1)) fail("level must lie between 0 and 1, as 0.95");
  if (options.max_iterations < 1) fail("max_iterations must be 1 or more");
  if (!(options.tolerance > 0)) fail("tolerance must be above 0");
}

/// Log-likelihood with its derivatives, or sums of a block of rows of it.
struct Fit {
  double value = 0;
  VectorXd gradient{};
  MatrixXd information{};
};

class Problem {
 public:
  Problem(const TrainingView& view, const MatchedFeatures& given, std::vector<DesignColumn> design,
          const Context& context)
      : view_(view), given_(given), design_(std::move(design)), context_(context) {
    context_.progress = nullptr;
    known_ = missing_columns(design_, given.features.size());
  }
  [[nodiscard]] Index size() const { return static_cast<Index>(design_.size()) + 1; }

  /// Rows [first, last) of the design; column 0 is the intercept.
  [[nodiscard]] MatrixXd rows(std::size_t first, std::size_t last) const {
    MatrixXd x(static_cast<Index>(last - first), size());
    x.col(0).setOnes();
    for (std::size_t c = 0; c < design_.size(); ++c) {
      const bool known = known_[static_cast<std::size_t>(design_[c].feature)];
      for (std::size_t i = first; i < last; ++i)
        x(static_cast<Index>(i - first), static_cast<Index>(c) + 1) =
            design_value(design_[c], given_, known, i);
    }
    return x;
  }

  [[nodiscard]] Fit at(const VectorXd& beta) const {
    return sum([&](const MatrixXd& x, std::size_t first, Fit& part) {
      const VectorXd eta = x * beta;
      VectorXd residual(x.rows()), curvature(x.rows());
      for (Index i = 0; i < x.rows(); ++i) {
        const std::size_t row = first + static_cast<std::size_t>(i);
        const double w = weight(row), y = view_.outcome[row], z = eta[i];
        const double tail = std::exp(-std::fabs(z));
        const double p = z >= 0 ? 1 / (1 + tail) : tail / (1 + tail);
        part.value += w * (y * z - std::max(z, 0.0) - std::log1p(tail));
        residual[i] = w * (y - p);
        curvature[i] = w * tail / ((1 + tail) * (1 + tail));
      }
      part.gradient = x.transpose() * residual;
      part.information = x.transpose() * curvature.asDiagonal() * x;
    });
  }

  /// Weighted sums of products of the columns.
  [[nodiscard]] MatrixXd products() const {
    return sum([&](const MatrixXd& x, std::size_t first, Fit& part) {
             VectorXd w(x.rows());
             for (Index i = 0; i < x.rows(); ++i)
               w[i] = weight(first + static_cast<std::size_t>(i));
             part.gradient = VectorXd::Zero(size());
             part.information = x.transpose() * w.asDiagonal() * x;
           })
        .information;
  }

 private:
  [[nodiscard]] double weight(std::size_t row) const {
    return view_.weight.empty() ? 1.0 : view_.weight[row];
  }

  template <typename Work>
  [[nodiscard]] Fit sum(const Work& work) const {
    const auto parts = core::parallel_map<Fit>(context_, view_.rows(), kBlock,
                                               [&](std::size_t first, std::size_t last) {
                                                 Fit part;
                                                 work(rows(first, last), first, part);
                                                 return part;
                                               });
    Fit total{0, VectorXd::Zero(size()), MatrixXd::Zero(size(), size())};
    for (const Fit& part : parts) {
      total.value += part.value;
      total.gradient += part.gradient;
      total.information += part.information;
    }
    return total;
  }

  const TrainingView& view_;
  const MatchedFeatures& given_;
  std::vector<DesignColumn> design_;
  std::vector<bool> known_{};
  Context context_;
};

/// The penalised fit over the kept columns.
class Penalised {
 public:
  Penalised(const Problem& problem, const LogisticOptions& options)
      : problem_(problem),
        ridge_(VectorXd::Constant(problem.size(), options.penalty * (1 - options.l1_ratio))),
        lasso_(VectorXd::Constant(problem.size(), options.penalty * options.l1_ratio)) {
    ridge_[0] = lasso_[0] = 0;
  }

  [[nodiscard]] double penalty(const VectorXd& beta) const {
    return 0.5 * beta.cwiseAbs2().dot(ridge_) + beta.cwiseAbs().dot(lasso_);
  }

  /// The minimiser of the second-order expansion at beta.
  [[nodiscard]] VectorXd next(const VectorXd& beta, const Fit& fit) const {
    const MatrixXd curvature = fit.information + MatrixXd(ridge_.asDiagonal());
    const VectorXd slope = fit.gradient - ridge_.cwiseProduct(beta);
    if (lasso_.maxCoeff() <= 0) {
      // A breath of curvature where probabilities of 0 and 1 leave none.
      const double breath = 1e-12 * std::max(1e-300, curvature.diagonal().maxCoeff());
      const MatrixXd lifted =
          curvature + breath * MatrixXd::Identity(curvature.rows(), curvature.cols());
      return beta + lifted.ldlt().solve(slope);
    }
    VectorXd moved = beta, left = slope;  // left: slope - curvature (moved - beta)
    for (int sweep = 0; sweep < 1000; ++sweep) {
      double largest = 0;
      for (Index j = 0; j < moved.size(); ++j) {
        if (!(curvature(j, j) > 0)) continue;
        const double full = moved[j] * curvature(j, j) + left[j];
        const double shrunk = std::copysign(std::max(0.0, std::fabs(full) - lasso_[j]), full);
        const double change = shrunk / curvature(j, j) - moved[j];
        if (change == 0) continue;
        moved[j] += change;
        left -= change * curvature.col(j);
        largest = std::max(largest, std::fabs(change));
      }
      if (largest < 1e-12) break;
    }
    return moved;
  }

  [[nodiscard]] MatrixXd curvature(const Fit& fit) const {
    return fit.information + MatrixXd(ridge_.asDiagonal());
  }

 private:
  const Problem& problem_;
  VectorXd ridge_, lasso_;
};

struct Solution {
  VectorXd beta{};
  Fit fit{};
  int iterations = 0;
  bool converged = false;
};

Solution solve(const Problem& problem, const Penalised& penalised, double start,
               const LogisticOptions& options) {
  Solution s;
  s.beta = VectorXd::Zero(problem.size());
  s.beta[0] = start;
  s.fit = problem.at(s.beta);
  double value = penalised.penalty(s.beta) - s.fit.value;
  while (s.iterations < options.max_iterations) {
    ++s.iterations;
    const VectorXd step = penalised.next(s.beta, s.fit) - s.beta;
    if (!step.allFinite()) return s;
    double share = 1, gained = 0;
    for (; share > 1e-8; share *= 0.5) {
      const VectorXd trial = s.beta + share * step;
      Fit fit = problem.at(trial);
      const double here = penalised.penalty(trial) - fit.value;
      if (!(here <= value)) continue;
      gained = value - here;
      value = here;
      s.beta = trial;
      s.fit = std::move(fit);
      break;
    }
    if (gained <= options.tolerance * (1 + std::fabs(value))) {
      s.converged = true;
      return s;
    }
  }
  return s;
}

void write_terms(LogisticModel& model, const std::vector<DesignColumn>& all,
                 const std::vector<bool>& kept, const Solution& s, const Penalised& penalised,
                 const LogisticOptions& options) {
  const double half = normal_half_width(options.level);
  const Index size = s.beta.size();
  const MatrixXd covariance =
      penalised.curvature(s.fit).ldlt().solve(MatrixXd::Identity(size, size));
  Index k = 0;
  for (std::size_t c = 0; c < all.size(); ++c) {
    model.term.push_back(design_name(all[c], model.features));
    model.term_status.push_back(kept[c] ? Status::ok : Status::undefined);
    if (!kept[c]) {
      for (auto* v : {&model.coefficient, &model.low, &model.high, &model.standard_error,
                      &model.p_value, &model.per_deviation})
        v->push_back(kNaN);
      continue;
    }
    ++k;
    DesignColumn column = all[c];
    column.coefficient = s.beta[k];
    model.design.push_back(column);
    const double se = options.l1_ratio > 0 ? kNaN : std::sqrt(covariance(k, k)) / column.scale;
    const double b = s.beta[k] / column.scale;
    model.coefficient.push_back(b);
    model.standard_error.push_back(se);
    model.low.push_back(b - half * se);
    model.high.push_back(b + half * se);
    model.p_value.push_back(2 * core::normal_sf(std::fabs(b / se)));
    model.per_deviation.push_back(s.beta[k]);
  }
}

}  // namespace

LogisticModel logistic_regression(const TrainingView& view, const LogisticOptions& options,
                                  const Context& context) {
  learn::check(view, "logistic_regression");
  check(options);
  LogisticModel model;
  model.level = options.level;
  model.features = remember(view.features);
  model.n = static_cast<std::int64_t>(view.rows());
  double events = 0, total = 0;
  for (std::size_t i = 0; i < view.rows(); ++i) {
    model.n_events += view.outcome[i];
    const double w = view.weight.empty() ? 1.0 : view.weight[i];
    events += w * view.outcome[i];
    total += w;
  }
  if (model.n_events == 0 || model.n_events == model.n) {
    model.status = Status::not_enough_data;
    model.intercept = std::log((events + 0.5) / (total - events + 0.5));
    return model;
  }
  const MatchedFeatures given = match(model.features, view.features, "logistic_regression");
  const std::vector<DesignColumn> all = make_design(view, given, model.features);
  const auto full = independent_columns(Problem(view, given, all, context).products());
  const std::vector<bool> kept(full.begin() + 1, full.end());
  std::vector<DesignColumn> design;
  for (std::size_t c = 0; c < all.size(); ++c)
    if (kept[c]) design.push_back(all[c]);
  const Problem problem(view, given, design, context);
  const Penalised penalised(problem, options);
  const Solution s = solve(problem, penalised, std::log(events / (total - events)), options);
  model.intercept = s.beta[0];
  model.log_likelihood = s.fit.value;
  model.iterations = s.iterations;
  model.converged = s.converged;
  if (!s.converged) model.status = Status::not_converged;
  if (options.penalty == 0 && s.beta.tail(s.beta.size() - 1).cwiseAbs().sum() > 0 &&
      (s.beta.tail(s.beta.size() - 1).cwiseAbs().maxCoeff() > kEndless ||
       s.fit.value > -1e-6 * total))
    model.status = Status::boundary;
  write_terms(model, all, kept, s, penalised, options);
  return model;
}

ModelScores logistic_scores(const LogisticModel& model, std::span<const Feature> features,
                            bool contributions, const Context& context) {
  const MatchedFeatures given = match(model.features, features, "logistic_scores");
  const std::size_t rows = features.empty() ? 0 : features.front().size();
  const auto known = missing_columns(model.design, model.features.size());
  ModelScores result;
  result.diff = given.diff;
  result.terms = model.features.size();
  result.log_odds.assign(rows, model.intercept);
  if (contributions) result.contribution.assign(rows * result.terms, 0.0);
  core::parallel_ranges(context, rows, kBlock, [&](std::size_t first, std::size_t last) {
    for (const DesignColumn& column : model.design) {
      const auto f = static_cast<std::size_t>(column.feature);
      for (std::size_t i = first; i < last; ++i) {
        const double part = column.coefficient * design_value(column, given, known[f], i);
        result.log_odds[i] += part;
        if (contributions) result.contribution[i * result.terms + f] += part;
      }
    }
  });
  return result;
}

std::vector<Column> LogisticModel::columns() const {
  return {{"term", term, "a column, a level against the most frequent one, or missing"},
          {"coefficient", coefficient, "of the log-odds, per unit"},
          {"coefficient_low", low, "lower end of its interval"},
          {"coefficient_high", high, "upper end of its interval"},
          {"p_value", p_value, "Wald's, two-sided"},
          {"per_deviation", per_deviation, "of the log-odds, per standard deviation"},
          Column("standard_error", standard_error, "of the coefficient").hidden(),
          {"status", term_status, status_labels(),
           "undefined: constant, or a sum of earlier columns, and left out"}};
}

std::vector<Scalar> LogisticModel::info() const {
  return {{"n", n, "rows of the fit"},
          {"n_events", n_events, "... with the event"},
          {"intercept", intercept, "log-odds where every column is at its mean"},
          {"log_likelihood", log_likelihood, "at the fit, without the penalty"},
          {"iterations", static_cast<std::int64_t>(iterations), "of Newton's method"},
          {"converged", converged, "whether it came to rest"},
          {"level", level, "confidence of the intervals"},
          {"status", std::string(status_labels()[static_cast<std::size_t>(status)]), "of the fit"}};
}

}  // namespace emptor::learn
