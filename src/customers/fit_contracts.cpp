#include "emptor/customers/fit_contracts.hpp"

#include "emptor/core/error.hpp"
#include "emptor/core/interval.hpp"

#include "core/optimize.hpp"
#include "customers/contract_law.hpp"
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
constexpr std::int64_t kFewLost = 10;
/// Tenures are counts of renewals; a longer one is a time in another unit.
constexpr std::int64_t kLongest = 100000;
/// Logarithms of alpha and beta stay within the first of 0, that of c within the second.
constexpr double kFar = 12, kFarShape = 3;

std::string fitting(const std::string& what) { return "fit_contracts: " + what; }

/// Customers by tenure: how many left at it, and how many are still there.
using Tenures = std::map<std::int64_t, std::pair<double, double>>;

Tenures tenures_of(const ContractView& view) {
  const auto same = [&](const char* name, std::size_t size) {
    if (size != view.tenure.size())
      throw InvalidArgument(fitting(std::string(name) + " has " + std::to_string(size) +
                                    " rows, tenure " + std::to_string(view.tenure.size())));
  };
  same("lost", view.lost.size());
  if (!view.count.empty()) same("count", view.count.size());
  Tenures tenures;
  for (std::size_t i = 0; i < view.tenure.size(); ++i) {
    const std::string at = " in row " + std::to_string(i);
    const std::int64_t tenure = view.tenure[i], count = view.count.empty() ? 1 : view.count[i];
    if (view.lost[i] > 1)
      throw InvalidArgument(fitting("lost must be 0 (still there) or 1 (left), found " +
                                    std::to_string(view.lost[i]) + at));
    if (tenure < view.lost[i] || tenure > kLongest)
      throw InvalidArgument(
          fitting("tenure is " + std::to_string(tenure) + at +
                  (tenure == 0 ? " of somebody who left; the first renewal is number 1"
                               : "; it counts contract periods, at most 100000")));
    if (count < 0) throw InvalidArgument(fitting("count is " + std::to_string(count) + at));
    if (count == 0) continue;
    auto& [lost, there] = tenures[tenure];
    (view.lost[i] ? lost : there) += static_cast<double>(count);
  }
  return tenures;
}

/// Minus the log-likelihood by the logarithms of the parameters.
double minus_log_likelihood(const Tenures& tenures, std::span<const double> x,
                            std::span<double> gradient, std::span<double> hessian) {
  const std::size_t p = x.size();
  const double alpha = std::exp(x[0]), beta = std::exp(x[1]), c = p > 2 ? std::exp(x[2]) : 1;
  std::fill(gradient.begin(), gradient.end(), 0.0);
  std::fill(hessian.begin(), hessian.end(), 0.0);
  double value = 0;
  const auto add = [&](double weight, double here, auto slope, auto curve) {
    value -= weight * here;
    for (std::size_t i = 0; i < p; ++i) {
      gradient[i] -= weight * slope(i);
      for (std::size_t j = 0; j < p; ++j) hessian[i * p + j] -= weight * curve(i, j);
    }
  };
  for (const auto& [tenure, counts] : tenures) {
    const auto t = static_cast<double>(tenure);
    const auto [lost, there] = counts;
    if (tenure == 0) continue;
    const LogSurvival now = log_survival(alpha, beta, c, t);
    if (there > 0)
      add(
          there, now.value, [&](std::size_t i) { return now.slope[i]; },
          [&](std::size_t i, std::size_t j) { return now.curve[i][j]; });
    if (!(lost > 0)) continue;
    // ln(S(t - 1) - S(t)) = ln S(t - 1) + ln(1 - e^d), d = ln S(t) - ln S(t - 1).
    const LogSurvival before = log_survival(alpha, beta, c, t - 1);
    const double d = now.value - before.value;
    const double left = -std::expm1(d);
    const double first = -std::exp(d) / left, second = first / left;
    const auto moved = [&](std::size_t i) { return now.slope[i] - before.slope[i]; };
    add(
        lost, before.value + std::log(left),
        [&](std::size_t i) { return before.slope[i] + first * moved(i); },
        [&](std::size_t i, std::size_t j) {
          return before.curve[i][j] + first * (now.curve[i][j] - before.curve[i][j]) +
                 second * moved(i) * moved(j);
        });
  }
  return value;
}

struct Bounds {
  std::vector<double> low{-kFar, -kFar}, high{kFar, kFar};
};

core::BoundedMinimum search(ContractModel model, const Tenures& tenures, const Bounds& bounds,
                            int max_iterations) {
  const core::SecondOrder f = [&](std::span<const double> x, std::span<double> gradient,
                                  std::span<double> hessian) {
    return minus_log_likelihood(tenures, x, gradient, hessian);
  };
  std::vector<std::vector<double>> starts{{0, std::log(3.0)}, {-0.5, 0}};
  if (model == ContractModel::bdw) {
    const std::vector<std::vector<double>> plain = std::move(starts);
    starts.clear();
    for (const auto& start : plain)
      for (const double log_c : {-0.4, 0.0, 0.4}) starts.push_back({start[0], start[1], log_c});
  }
  core::BoundedMinimum best;
  best.value = std::numeric_limits<double>::infinity();
  for (auto& start : starts) {
    auto found =
        core::newton_bounded(f, std::move(start), bounds.low, bounds.high, 1e-12, max_iterations);
    if (found.value < best.value) best = std::move(found);
  }
  return best;
}

void describe(ContractFit& fit) {
  const std::size_t p = fit.parameters.size();
  const double z = normal_half_width(fit.level);
  for (std::size_t i = 0; i < p; ++i) {
    const double value = fit.parameters[i], variance = fit.log_covariance[i * p + i];
    const double error = variance == 0 ? kNaN : std::sqrt(variance);
    fit.parameter_column.emplace_back(parameter_names(fit.model)[i]);
    fit.low.push_back(value * std::exp(-z * error));
    fit.high.push_back(value * std::exp(z * error));
    fit.standard_error.push_back(value * error);
    fit.n_column.push_back(fit.n);
    fit.status_column.push_back(fit.status);
  }
}

void take(ContractFit& fit, const core::BoundedMinimum& at, const Bounds& bounds) {
  const std::size_t p = at.x.size();
  for (const double x : at.x) fit.parameters.push_back(std::exp(x));
  fit.log_covariance = covariance_at(at, bounds.low, bounds.high);
  fit.log_likelihood = -at.value;
  fit.aic = 2 * static_cast<double>(p) - 2 * fit.log_likelihood;
  fit.bic = static_cast<double>(p) * std::log(static_cast<double>(fit.n)) - 2 * fit.log_likelihood;
  fit.converged = at.converged;
  fit.iterations = at.iterations;
  const auto bound = [&](std::size_t i) {
    return at_bound(at.x[i], bounds.low[i], bounds.high[i]);
  };
  if (bound(0) || bound(1)) {
    fit.status = Status::boundary;
    fit.reason = ContractFitReason::same_leaving;
  } else if (p > 2 && bound(2)) {
    fit.status = Status::boundary;
    fit.reason = ContractFitReason::no_shape;
  } else if (!at.converged || std::isnan(fit.log_covariance[0])) {
    fit.status = Status::not_converged;
  } else if (fit.n_lost < kFewLost) {
    fit.status = Status::small_sample;
    fit.reason = ContractFitReason::few_left;
  }
}

/// Renewals that tell something: somebody stood before them.
std::size_t renewals_seen(const Tenures& tenures) {
  return tenures.empty() ? 0 : static_cast<std::size_t>(tenures.rbegin()->first);
}

}  // namespace

ContractRows cohort_rows(std::span<const std::int64_t> survivors) {
  if (survivors.size() < 2)
    throw InvalidArgument(
        fitting("survivors needs the cohort's size and how many were left after each renewal"));
  ContractRows rows;
  const auto add = [&](std::size_t tenure, std::int64_t count, bool lost) {
    rows.tenure.push_back(static_cast<std::int64_t>(tenure));
    rows.count.push_back(count);
    rows.lost.push_back(lost);
  };
  for (std::size_t t = 0; t < survivors.size(); ++t) {
    const std::int64_t left = survivors[t];
    if (left < 0 || (t > 0 && left > survivors[t - 1]))
      throw InvalidArgument(fitting(
          "survivors is " + std::to_string(left) + " after " + std::to_string(t) + " renewals" +
          (left < 0 ? "" : ", more than the " + std::to_string(survivors[t - 1]) + " before")));
    if (t > 0) add(t, survivors[t - 1] - left, true);
  }
  add(survivors.size() - 1, survivors.back(), false);
  return rows;
}

ContractFit fit_contracts(const ContractView& contracts, const FitContractsOptions& options,
                          const Context&) {
  if (!(options.level > 0 && options.level < 1))
    throw InvalidArgument(fitting("level must lie between 0 and 1, as 0.95"));
  if (options.max_iterations < 1)
    throw InvalidArgument(fitting("max_iterations must be at least 1"));
  if (options.period.count < 1)
    throw InvalidArgument(fitting("period is " + data::to_string(options.period) +
                                  "; write how long a contract runs, as \"1 year\""));
  const Tenures tenures = tenures_of(contracts);
  ContractFit fit;
  fit.model = options.model;
  fit.period = options.period;
  fit.level = options.level;
  for (const auto& [tenure, counts] : tenures) {
    fit.n += std::llround(counts.first + counts.second);
    fit.n_lost += std::llround(counts.first);
    fit.max_tenure = tenure;
  }
  const std::size_t p = parameter_names(fit.model).size();
  if (fit.n_lost == 0 || renewals_seen(tenures) < p) {
    fit.status = Status::not_enough_data;
    fit.reason = fit.n_lost == 0 ? ContractFitReason::nobody_left : ContractFitReason::few_periods;
    fit.parameters.assign(p, kNaN);
    fit.log_covariance.assign(p * p, kNaN);
    fit.log_likelihood = fit.aic = fit.bic = kNaN;
    describe(fit);
    return fit;
  }
  Bounds bounds;
  if (fit.model == ContractModel::bdw) {
    bounds.low.push_back(-kFarShape);
    bounds.high.push_back(kFarShape);
  }
  take(fit, search(fit.model, tenures, bounds, options.max_iterations), bounds);
  describe(fit);
  return fit;
}

ContractFit contract_fit(ContractModel model, std::span<const double> parameters,
                         const data::Span& period) {
  const auto names = parameter_names(model);
  std::string listed;
  for (const auto name : names) listed += (listed.empty() ? "" : ", ") + std::string(name);
  const bool positive = std::all_of(parameters.begin(), parameters.end(),
                                    [](double x) { return x > 0 && std::isfinite(x); });
  if (parameters.size() != names.size() || !positive || period.count < 1)
    throw InvalidArgument("contract_fit: \"" + std::string(to_string(model)) +
                          "\" takes positive numbers for " + listed +
                          ", and a period as \"1 year\"");
  ContractFit fit;
  fit.model = model;
  fit.period = period;
  fit.parameters.assign(parameters.begin(), parameters.end());
  fit.log_covariance.assign(names.size() * names.size(), 0.0);
  fit.log_likelihood = fit.aic = fit.bic = kNaN;
  fit.max_tenure = std::numeric_limits<std::int64_t>::max();
  fit.converged = true;
  describe(fit);
  return fit;
}

}  // namespace emptor::customers
