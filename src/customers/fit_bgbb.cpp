#include "emptor/customers/fit_bgbb.hpp"

#include "emptor/core/error.hpp"
#include "emptor/core/interval.hpp"

#include "core/optimize.hpp"
#include "core/parallel.hpp"
#include "core/special.hpp"
#include "customers/curvature.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <utility>

namespace emptor::customers {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr std::int64_t kFewRepeat = 10;
constexpr std::int64_t kMost = 10000;
constexpr double kFar = 12;  ///< logarithms of the parameters stay within this of 0
constexpr std::size_t kBlock = 16;

struct Row {
  double x = 0, last = 0, n = 0, weight = 0;
};

std::vector<Row> rows_of(const BgbbView& view) {
  std::map<std::array<std::int64_t, 3>, double> seen;
  for (std::size_t i = 0; i < view.size(); ++i) {
    const std::int64_t count = view.count.empty() ? 1 : view.count[i];
    if (count > 0)
      seen[{view.frequency[i], view.recency[i], view.occasions[i]}] += static_cast<double>(count);
  }
  std::vector<Row> rows;
  for (const auto& [key, weight] : seen)
    rows.push_back({static_cast<double>(key[0]), static_cast<double>(key[1]),
                    static_cast<double>(key[2]), weight});
  return rows;
}

/// A value with first and second derivatives by alpha, beta, gamma and delta.
struct Second {
  double value = 0;
  std::array<double, 4> slope{};
  std::array<std::array<double, 4>, 4> curve{};

  /// Adds share * ln B(a, b), a and b being parameters i and j and something.
  void add_beta(std::size_t i, std::size_t j, double a, double b, double share) {
    const double d = core::digamma(a + b), t = core::trigamma(a + b);
    value += share * core::log_beta(a, b);
    slope[i] += share * (core::digamma(a) - d);
    slope[j] += share * (core::digamma(b) - d);
    curve[i][i] += share * (core::trigamma(a) - t);
    curve[j][j] += share * (core::trigamma(b) - t);
    curve[i][j] -= share * t;
    curve[j][i] -= share * t;
  }
  void add(const Second& o, double weight) {
    value += weight * o.value;
    for (std::size_t i = 0; i < 4; ++i) {
      slope[i] += weight * o.slope[i];
      for (std::size_t j = 0; j < 4; ++j) curve[i][j] += weight * o.curve[i][j];
    }
  }
};

using Parameters = std::array<double, 4>;

/// ln of a sum of terms of which the logarithms are given.
Second log_sum(const std::vector<Second>& terms) {
  double most = -std::numeric_limits<double>::infinity(), all = 0;
  for (const Second& term : terms) most = std::max(most, term.value);
  Second out;
  for (const Second& term : terms) {
    const double weight = std::exp(term.value - most);
    all += weight;
    for (std::size_t i = 0; i < 4; ++i) {
      out.slope[i] += weight * term.slope[i];
      for (std::size_t j = 0; j < 4; ++j)
        out.curve[i][j] += weight * (term.curve[i][j] + term.slope[i] * term.slope[j]);
    }
  }
  out.value = most + std::log(all);
  for (double& slope : out.slope) slope /= all;
  for (std::size_t i = 0; i < 4; ++i)
    for (std::size_t j = 0; j < 4; ++j)
      out.curve[i][j] = out.curve[i][j] / all - out.slope[i] * out.slope[j];
  return out;
}

/// ln L of a row: there at the n-th occasion, or gone after the i-th, i from the last use on.
Second log_likelihood_of(const Row& row, const Parameters& p) {
  std::vector<Second> terms(static_cast<std::size_t>(row.n - row.last) + 1);
  terms[0].add_beta(0, 1, p[0] + row.x, p[1] + row.n - row.x, 1);
  terms[0].add_beta(2, 3, p[2], p[3] + row.n, 1);
  for (std::size_t k = 1; k < terms.size(); ++k) {
    const double i = row.last + static_cast<double>(k - 1);
    terms[k].add_beta(0, 1, p[0] + row.x, p[1] + i - row.x, 1);
    terms[k].add_beta(2, 3, p[2] + 1, p[3] + i, 1);
  }
  Second out = log_sum(terms);
  out.add_beta(0, 1, p[0], p[1], -1);
  out.add_beta(2, 3, p[2], p[3], -1);
  return out;
}

core::SecondOrder objective(const std::vector<Row>& rows, const Context& context) {
  return [&rows, &context](std::span<const double> x, std::span<double> gradient,
                           std::span<double> hessian) {
    Parameters at{};
    for (std::size_t i = 0; i < 4; ++i) at[i] = std::exp(x[i]);
    const auto partials = core::parallel_map<Second>(
        context, rows.size(), kBlock, [&](std::size_t begin, std::size_t end) {
          Second sum;
          for (std::size_t i = begin; i < end; ++i)
            sum.add(log_likelihood_of(rows[i], at), rows[i].weight);
          return sum;
        });
    Second total;
    for (const Second& part : partials) total.add(part, 1);
    for (std::size_t i = 0; i < 4; ++i) {
      gradient[i] = -at[i] * total.slope[i];
      for (std::size_t j = 0; j < 4; ++j) hessian[4 * i + j] = -at[i] * at[j] * total.curve[i][j];
      hessian[5 * i] += gradient[i];
    }
    return -total.value;
  };
}

void describe(BgbbFit& fit) {
  const double z = normal_half_width(fit.level);
  for (std::size_t i = 0; i < 4; ++i) {
    const double value = fit.parameters[i], variance = fit.log_covariance[5 * i];
    const double error = variance == 0 ? kNaN : std::sqrt(variance);
    fit.parameter_column.emplace_back(bgbb_parameter_names()[i]);
    fit.low.push_back(value * std::exp(-z * error));
    fit.high.push_back(value * std::exp(z * error));
    fit.standard_error.push_back(value * error);
    fit.n_column.push_back(fit.n);
    fit.status_column.push_back(fit.status);
  }
}

void take(BgbbFit& fit, const core::BoundedMinimum& at, std::span<const double> low,
          std::span<const double> high) {
  for (const double x : at.x) fit.parameters.push_back(std::exp(x));
  fit.log_covariance = covariance_at(at, low, high);
  fit.log_likelihood = -at.value;
  fit.aic = 8 - 2 * fit.log_likelihood;
  fit.bic = 4 * std::log(static_cast<double>(fit.n)) - 2 * fit.log_likelihood;
  fit.converged = at.converged;
  fit.iterations = at.iterations;
  const auto bound = [&](std::size_t i) { return at_bound(at.x[i], low[i], high[i]); };
  if (bound(0) || bound(1)) {
    fit.status = Status::boundary;
    fit.reason = BgbbFitReason::same_buying;
  } else if (bound(2) || bound(3)) {
    fit.status = Status::boundary;
    fit.reason = BgbbFitReason::same_leaving;
  } else if (!at.converged || std::isnan(fit.log_covariance[0])) {
    fit.status = Status::not_converged;
  } else if (fit.n_repeat < kFewRepeat) {
    fit.status = Status::small_sample;
    fit.reason = BgbbFitReason::few_customers;
  }
}

}  // namespace

void check(const BgbbView& view, std::string_view function) {
  const auto fail = [&](const std::string& what) {
    throw InvalidArgument(std::string(function) + ": " + what);
  };
  const auto same = [&](const char* name, std::size_t size, bool needed) {
    if (size != view.size() && (needed || size != 0))
      fail(std::string(name) + " has " + std::to_string(size) + " rows, frequency " +
           std::to_string(view.size()));
  };
  same("recency", view.recency.size(), true);
  same("occasions", view.occasions.size(), true);
  same("count", view.count.size(), false);
  for (std::size_t i = 0; i < view.size(); ++i) {
    const auto x = view.frequency[i], last = view.recency[i], n = view.occasions[i];
    const std::string at = " in row " + std::to_string(i);
    if (!view.count.empty() && view.count[i] < 0)
      fail("count is " + std::to_string(view.count[i]) + at);
    if (n < 0 || n > kMost)
      fail("occasions is " + std::to_string(n) + at + "; it counts them, at most 10000");
    if (x < 0) fail("frequency is " + std::to_string(x) + at + "; it counts occasions used");
    if (last > n)
      fail("recency " + std::to_string(last) + " is greater than occasions " + std::to_string(n) +
           at + "; it is the number of the last one used");
    if (last < x || (x == 0 && last != 0))
      fail("recency is " + std::to_string(last) + at + " where frequency is " + std::to_string(x) +
           "; it is the number of the last occasion used, 0 if none was");
  }
}

BgbbFit fit_bgbb(const BgbbView& summary, const FitBgbbOptions& options, const Context& context) {
  if (!(options.level > 0 && options.level < 1))
    throw InvalidArgument("fit_bgbb: level must lie between 0 and 1, as 0.95");
  if (options.max_iterations < 1)
    throw InvalidArgument("fit_bgbb: max_iterations must be at least 1");
  check(summary, "fit_bgbb");
  BgbbFit fit;
  fit.level = options.level;
  const std::vector<Row> rows = rows_of(summary);
  double used = 0, had = 0;
  for (const Row& row : rows) {
    const auto weight = std::llround(row.weight);
    fit.n += weight;
    fit.n_repeat += row.x > 0 ? weight : 0;
    fit.purchases += std::llround(row.weight * row.x);
    fit.max_occasions = std::max(fit.max_occasions, std::int64_t{std::llround(row.n)});
    used += row.weight * row.x;
    had += row.weight * row.n;
  }
  if (fit.n_repeat == 0) {
    fit.status = Status::not_enough_data;
    fit.reason = BgbbFitReason::no_repeat;
    fit.parameters.assign(4, kNaN);
    fit.log_covariance.assign(16, kNaN);
    fit.log_likelihood = fit.aic = fit.bic = kNaN;
    describe(fit);
    return fit;
  }
  const std::array<double, 4> low{-kFar, -kFar, -kFar, -kFar}, high{kFar, kFar, kFar, kFar};
  // Those there use more of the occasions than all together.
  const double share = std::clamp(used / had, 0.02, 0.9);
  core::BoundedMinimum best;
  best.value = std::numeric_limits<double>::infinity();
  for (const auto& [size, leaving, delta] :
       {std::array{1.5, .6, 3.0}, {.8, .3, 6.0}, {3.0, 1.5, 12.0}}) {
    const double chance = std::min(0.95, 1.3 * share);
    std::vector<double> start{std::log(size * chance), std::log(size * (1 - chance)),
                              std::log(leaving), std::log(delta)};
    auto found = core::newton_bounded(objective(rows, context), std::move(start), low, high, 1e-12,
                                      options.max_iterations);
    if (found.value < best.value) best = std::move(found);
  }
  take(fit, best, low, high);
  describe(fit);
  return fit;
}

BgbbFit bgbb_fit(std::span<const double> parameters) {
  const bool positive = std::all_of(parameters.begin(), parameters.end(),
                                    [](double x) { return x > 0 && std::isfinite(x); });
  if (parameters.size() != 4 || !positive)
    throw InvalidArgument("bgbb_fit: takes positive numbers for alpha, beta, gamma, delta");
  BgbbFit fit;
  fit.parameters.assign(parameters.begin(), parameters.end());
  fit.log_covariance.assign(16, 0.0);
  fit.log_likelihood = fit.aic = fit.bic = kNaN;
  fit.max_occasions = std::numeric_limits<std::int64_t>::max();
  fit.converged = true;
  describe(fit);
  return fit;
}

}  // namespace emptor::customers
