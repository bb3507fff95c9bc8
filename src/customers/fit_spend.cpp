#include "emptor/customers/fit_spend.hpp"

#include "emptor/core/error.hpp"
#include "emptor/core/interval.hpp"

#include "core/shortest.hpp"
#include "core/special.hpp"
#include "customers/spend_likelihood.hpp"

#include <Eigen/Cholesky>
#include <Eigen/Core>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

namespace emptor::customers {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr std::int64_t kFewCustomers = 10;
constexpr std::size_t kThin = 20000;  // rows that starting values are chosen on
// Bounds of ln p, ln(q - 1) and ln v, v in units of the mean spend.
constexpr std::array<double, 3> kLow{-12, -9, -30};
constexpr std::array<double, 3> kHigh{12, 14, 40};
// Beyond these the data no longer tell the parameter from its bound.
constexpr double kFlat = 9, kHeavy = -6;

using Point = std::array<double, 3>;
using Vector = Eigen::Vector3d;
using Matrix = Eigen::Matrix3d;

struct Search {
  Point at{};
  SpendLikelihood likelihood{};
  int iterations = 0;
  bool converged = false;
};

std::array<bool, 3> held_at_bound(const Point& at, const SpendLikelihood& likelihood) {
  std::array<bool, 3> held{};
  for (std::size_t i = 0; i < 3; ++i)
    held[i] = (at[i] <= kLow[i] && likelihood.gradient[i] < 0) ||
              (at[i] >= kHigh[i] && likelihood.gradient[i] > 0);
  return held;
}

// Minus the curvature, with rows and columns of what is held made those of the identity.
Matrix information(const SpendLikelihood& likelihood, const std::array<bool, 3>& held) {
  Matrix h;
  for (Eigen::Index i = 0; i < 3; ++i) {
    for (Eigen::Index j = 0; j < 3; ++j) {
      const bool free = !held[static_cast<std::size_t>(i)] && !held[static_cast<std::size_t>(j)];
      h(i, j) = free ? -likelihood.hessian[static_cast<std::size_t>(3 * i + j)] : (i == j ? 1 : 0);
    }
  }
  return h;
}

// The Newton step, with as much of the identity added as makes the curvature that of a maximum.
Vector newton_step(const SpendLikelihood& likelihood, const std::array<bool, 3>& held) {
  Vector gradient;
  for (Eigen::Index i = 0; i < 3; ++i)
    gradient[i] =
        held[static_cast<std::size_t>(i)] ? 0 : likelihood.gradient[static_cast<std::size_t>(i)];
  const Matrix h = information(likelihood, held);
  const double scale = std::max(1e-12, h.diagonal().cwiseAbs().maxCoeff());
  for (double ridge = 0; ridge < 1e8; ridge = std::max(10 * ridge, 1e-9)) {
    const Eigen::LLT<Matrix> factor(h + ridge * scale * Matrix::Identity());
    if (factor.info() == Eigen::Success) return factor.solve(gradient);
  }
  return gradient / scale;
}

Search climb(const SpendRows& rows, const Point& start, int most, const Context& context) {
  Search search{start, spend_likelihood(rows, start, context)};
  for (; search.iterations < most; ++search.iterations) {
    const auto held = held_at_bound(search.at, search.likelihood);
    Vector step = newton_step(search.likelihood, held);
    double gain = 0;  // twice what a full step is expected to gain
    for (std::size_t i = 0; i < 3; ++i)
      gain += held[i] ? 0 : search.likelihood.gradient[i] * step[static_cast<Eigen::Index>(i)];
    const bool close = gain <= 1e-10;
    step *= std::min(1.0, 3 / std::max(1e-300, step.cwiseAbs().maxCoeff()));
    bool moved = false;
    for (double share = 1; share > 1e-9; share *= 0.5) {
      Point trial = search.at;
      for (std::size_t i = 0; i < 3; ++i)
        trial[i] =
            std::clamp(trial[i] + share * step[static_cast<Eigen::Index>(i)], kLow[i], kHigh[i]);
      SpendLikelihood there = spend_likelihood(rows, trial, context);
      // Close to the maximum the gain drowns in the rounding of the sum: any step then is the last.
      if (there.value >= search.likelihood.value + (close ? 0 : 1e-4 * share * gain)) {
        search.at = trial;
        search.likelihood = there;
        moved = true;
        break;
      }
      if (close) break;
    }
    if (close || !moved) {
      search.converged = close || gain <= 1e-9 * (1 + std::fabs(search.likelihood.value));
      return search;
    }
  }
  return search;
}

Point best_start(const SpendRows& rows, const Context& context) {
  // p and q; v makes the mean spend that of the data.
  constexpr std::array<std::array<double, 2>, 6> starts{
      {{2, 3}, {8, 3}, {1, 8}, {10, 30}, {0.5, 2}, {100, 5}}};
  const SpendRows few = thinned(rows, std::max<std::size_t>(1, rows.size() / kThin));
  Search best;
  best.likelihood.value = -std::numeric_limits<double>::infinity();
  for (const auto& [p, q] : starts) {
    const Search search =
        climb(few, {std::log(p), std::log(q - 1), std::log((q - 1) / p)}, 60, context);
    if (search.likelihood.value > best.likelihood.value) best = search;
  }
  return best.at;
}

// Correlation of frequency and spend, its variance by the influence of each customer, so that no
// law of either is taken for granted; the interval is made on Fisher's scale, with Student's t of
// Satterthwaite's degrees of freedom, which are few where few customers decide.
Estimate correlation_of(const SpendView& view, double level) {
  Estimate out{kNaN, kNaN, kNaN, level, 0, Status::not_enough_data};
  double x = 0, m = 0;
  for (std::size_t i = 0; i < view.size(); ++i) {
    if (view.frequency[i] == 0) continue;
    ++out.n;
    x += static_cast<double>(view.frequency[i]);
    m += view.monetary_value[i];
  }
  if (out.n < kFewCustomers) return out;
  const auto n = static_cast<double>(out.n);
  x /= n;
  m /= n;
  double xx = 0, mm = 0, xm = 0;
  for (std::size_t i = 0; i < view.size(); ++i) {
    if (view.frequency[i] == 0) continue;
    const double a = static_cast<double>(view.frequency[i]) - x, b = view.monetary_value[i] - m;
    xx += a * a;
    mm += b * b;
    xm += a * b;
  }
  // What rounding leaves of equal values is no variance.
  const double rounding = 1e-24 * n;
  out.status = Status::undefined;
  if (!(xx > rounding * x * x) || !(mm > rounding * m * m)) return out;
  out.value = std::clamp(xm / std::sqrt(xx * mm), -1.0, 1.0);
  out.status = out.n < 30 ? Status::small_sample : Status::ok;
  double squares = 0, fourths = 0;
  for (std::size_t i = 0; i < view.size(); ++i) {
    if (view.frequency[i] == 0) continue;
    const double a = (static_cast<double>(view.frequency[i]) - x) / std::sqrt(xx / n);
    const double b = (view.monetary_value[i] - m) / std::sqrt(mm / n);
    const double influence = a * b - 0.5 * out.value * (a * a + b * b);
    squares += influence * influence;
    fourths += influence * influence * influence * influence;
  }
  const double rest = 1 - out.value * out.value;
  const double df = fourths > 0 ? std::max(1.0, squares * squares / fourths - 1) : 1;
  const double half =
      rest > 0 ? core::student_quantile(0.5 * (1 + level), df) * std::sqrt(squares) / (n * rest)
               : 0;
  out.low = std::tanh(std::atanh(out.value) - half);
  out.high = std::tanh(std::atanh(out.value) + half);
  return out;
}

void set_covariance(SpendFit& fit, const Search& search) {
  const auto held = held_at_bound(search.at, search.likelihood);
  const Matrix h = information(search.likelihood, held);
  const Eigen::LLT<Matrix> factor(h);
  const bool maximum = factor.info() == Eigen::Success;
  Matrix covariance = Matrix::Constant(kNaN);
  if (maximum) covariance = factor.solve(Matrix::Identity());
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t j = 0; j < 3; ++j) {
      const bool free = !held[i] && !held[j];
      fit.log_covariance[3 * i + j] =
          free ? covariance(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j)) : 0;
    }
  }
  if (!maximum && fit.status == Status::ok) fit.status = Status::not_converged;
}

void set_status(SpendFit& fit, const Point& at) {
  const auto boundary = [&](SpendFitReason reason) {
    fit.status = Status::boundary;
    fit.reason = reason;
  };
  if (at[1] > kFlat) return boundary(SpendFitReason::same_customers);
  if (at[0] > kFlat) return boundary(SpendFitReason::same_orders);
  if (at[1] < kHeavy) return boundary(SpendFitReason::heavy_tail);
  if (!fit.converged) {
    fit.status = Status::not_converged;
  } else if (fit.n < kFewCustomers) {
    fit.status = Status::small_sample;
    fit.reason = SpendFitReason::few_customers;
  }
}

void add_row(SpendFit& fit, const char* name, double value, double low, double high, double error) {
  fit.parameter_column.emplace_back(name);
  fit.value.push_back(value);
  fit.low.push_back(low);
  fit.high.push_back(high);
  fit.standard_error.push_back(error);
  fit.n_column.push_back(fit.n);
  fit.status_column.push_back(fit.status);
}

void set_table(SpendFit& fit) {
  const double z = normal_half_width(fit.level);
  const auto& c = fit.log_covariance;
  const auto error = [&](std::size_t i) { return std::sqrt(c[4 * i]); };
  const auto times = [&](std::size_t i, int side) { return std::exp(side * z * error(i)); };
  const double above = fit.q - 1;
  add_row(fit, "p", fit.p, fit.p * times(0, -1), fit.p * times(0, 1), fit.p * error(0));
  add_row(fit, "q", fit.q, 1 + above * times(1, -1), 1 + above * times(1, 1), above * error(1));
  add_row(fit, "v", fit.v, fit.v * times(2, -1), fit.v * times(2, 1), fit.v * error(2));
  // ln(p v / (q - 1)) = ln p + ln v - ln(q - 1).
  const double variance = c[0] + c[4] + c[8] + 2 * (c[2] - c[1] - c[5]);
  const double spread = std::exp(z * std::sqrt(std::max(0.0, variance)));
  const double mean = fit.p * fit.v / above;
  fit.mean_spend = {mean, mean / spread, mean * spread, fit.level, fit.n, fit.status};
}

void check_options(const FitSpendOptions& options) {
  if (!(options.level > 0 && options.level < 1))
    throw InvalidArgument("fit_spend: level must lie between 0 and 1, found " +
                          core::shortest(options.level));
  if (options.max_iterations < 1)
    throw InvalidArgument("fit_spend: max_iterations must be at least 1, found " +
                          std::to_string(options.max_iterations));
}

}  // namespace

void check(const SpendView& view, std::string_view function) {
  const auto fail = [&](const std::string& what) {
    throw InvalidArgument(std::string(function) + ": " + what);
  };
  if (view.monetary_value.size() != view.size())
    fail("monetary_value has " + std::to_string(view.monetary_value.size()) +
         " values and frequency " + std::to_string(view.size()) +
         "; give one of each per customer");
  for (std::size_t i = 0; i < view.size(); ++i) {
    if (view.frequency[i] < 0)
      fail("frequency is " + std::to_string(view.frequency[i]) + " in row " + std::to_string(i) +
           "; it counts purchases after the first");
    const double m = view.monetary_value[i];
    if (view.frequency[i] > 0 && !(m > 0 && std::isfinite(m)))
      fail("monetary_value is " + core::shortest(m) + " in row " + std::to_string(i) +
           ", who bought again; the model takes spend above 0: model revenue and apply the margin "
           "afterwards, or drop the row");
  }
}

SpendFit spend_fit(double p, double q, double v) {
  const auto good = [](double value, double least) {
    return value > least && std::isfinite(value);
  };
  if (!good(p, 0) || !good(v, 0) || !good(q, 1))
    throw InvalidArgument("spend_fit: p and v must be above 0 and q above 1, found p " +
                          core::shortest(p) + ", q " + core::shortest(q) + ", v " +
                          core::shortest(v));
  SpendFit fit;
  fit.p = p;
  fit.q = q;
  fit.v = v;
  fit.log_likelihood = kNaN;
  fit.converged = true;
  fit.correlation = {kNaN, kNaN, kNaN, fit.level, 0, Status::not_enough_data};
  set_table(fit);
  return fit;
}

SpendFit fit_spend(const SpendView& summary, const FitSpendOptions& options,
                   const Context& context) {
  check_options(options);
  check(summary, "fit_spend");
  SpendFit fit;
  fit.level = options.level;
  const SpendRows rows = spend_rows(summary);
  fit.n = static_cast<std::int64_t>(rows.size());
  fit.n_left_out = static_cast<std::int64_t>(summary.size() - rows.size());
  fit.correlation = correlation_of(summary, options.level);
  if (rows.size() == 0) {
    fit.p = fit.q = fit.v = fit.log_likelihood = kNaN;
    fit.log_covariance.fill(kNaN);
    fit.status = Status::not_enough_data;
    fit.reason = SpendFitReason::no_repeat;
    set_table(fit);
    return fit;
  }
  const Search search = climb(rows, best_start(rows, context), options.max_iterations, context);
  fit.p = std::exp(search.at[0]);
  fit.q = 1 + std::exp(search.at[1]);
  fit.v = std::exp(search.at[2]) * rows.scale;
  // A density of spend changes with its unit.
  fit.log_likelihood =
      search.likelihood.value - static_cast<double>(rows.size()) * std::log(rows.scale);
  fit.converged = search.converged;
  fit.iterations = search.iterations;
  set_status(fit, search.at);
  set_covariance(fit, search);
  set_table(fit);
  return fit;
}

}  // namespace emptor::customers
