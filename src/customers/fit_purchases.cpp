#include "emptor/customers/fit_purchases.hpp"

#include "emptor/core/error.hpp"
#include "emptor/core/interval.hpp"

#include "core/optimize.hpp"
#include "customers/curvature.hpp"
#include "customers/purchase_covariates.hpp"
#include "customers/purchase_rows.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

namespace emptor::customers {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr int kMaxShape = 12;
/// A search starts from a few customers and goes on with more; all of them then need two or three
/// steps.
constexpr std::size_t kFew = 2048, kMore = 16384;
/// How near, in log-likelihood relative to its size, a search comes to its end on all customers,
/// and on a sample, whose maximum is only a place to go on from.
constexpr double kNear = 1e-10, kNearEnough = 1e-6;
constexpr std::int64_t kFewRepeat = 10;
/// Log-likelihood that leaving must gain over nobody leaving, or there is none to be seen: one for
/// each of its two parameters, as Akaike's criterion asks.
constexpr double kLeastGain = 2;
/// Logarithms of r, a, b (s) stay within this of 0, those of times within it of the mean of T.
constexpr double kFar = 12;
/// ... and coefficients of centred, scaled covariates within this.
constexpr double kFarEffect = 5;

bool leaves_at_first(PurchaseModel model) {
  return model == PurchaseModel::mbgnbd || model == PurchaseModel::mbgcnbd;
}
bool has_shape(PurchaseModel model) {
  return model == PurchaseModel::mbgcnbd || model == PurchaseModel::bgcnbd;
}
std::size_t size_of(PurchaseModel model) { return parameter_names(model).size(); }

Likelihood likelihood(PurchaseModel model, int k, const PurchaseRows& rows,
                      std::span<const double> log_parameters, const Context& context) {
  PurchaseParameters at{std::exp(log_parameters[0]), std::exp(log_parameters[1])};
  if (log_parameters.size() > 2) {
    at.a = std::exp(log_parameters[2]);
    at.b = std::exp(log_parameters[3]);
  }
  switch (model) {
    case PurchaseModel::nbd:
      return nbd_likelihood(rows, at, context);
    case PurchaseModel::pnbd:
      return pnbd_likelihood(rows, at, context);
    default:
      return bgnbd_likelihood(rows, at, leaves_at_first(model), k, context);
  }
}

/// Minus the log-likelihood by the logarithms of the parameters.
core::SecondOrder objective(PurchaseModel model, int k, const PurchaseRows& rows,
                            const Context& context) {
  return [=, &rows, &context](std::span<const double> x, std::span<double> gradient,
                              std::span<double> hessian) {
    const Likelihood at = likelihood(model, k, rows, x, context);
    const std::size_t p = x.size();
    for (std::size_t i = 0; i < p; ++i) {
      const double value = std::exp(x[i]);
      gradient[i] = -value * at.gradient[i];
      for (std::size_t j = 0; j < p; ++j)
        hessian[i * p + j] = -value * std::exp(x[j]) * at.hessian[4 * i + j];
      hessian[i * p + i] += gradient[i];
    }
    return -at.value;
  };
}

struct Bounds {
  std::vector<double> low{}, high{};
};

Bounds bounds_of(PurchaseModel model, double mean_T) {
  const double time = std::log(mean_T);
  Bounds bounds{{-kFar, time - kFar}, {kFar, time + kFar}};
  if (model == PurchaseModel::nbd) return bounds;
  const double last = model == PurchaseModel::pnbd ? time : 0;
  bounds.low.insert(bounds.low.end(), {-kFar, last - kFar});
  bounds.high.insert(bounds.high.end(), {kFar, last + kFar});
  return bounds;
}

double mean_T(const PurchaseRows& rows) {
  double sum = 0;
  for (const auto& row : rows.rows) sum += row.weight * row.T;
  return sum / rows.customers;
}

/// Where the search begins: rates that match the mean, and some, or many, who leave.
std::vector<std::vector<double>> starts(PurchaseModel model, int k, const PurchaseRows& rows) {
  const double T = mean_T(rows);
  const double rate = k * std::max(rows.purchases, 1.0) / rows.customers / T;
  std::vector<std::vector<double>> all;
  if (model == PurchaseModel::nbd) return {{std::log(0.7), std::log(0.7 / rate)}};
  if (model == PurchaseModel::pnbd)
    return {{std::log(0.7), std::log(0.5 / rate), std::log(0.6), std::log(T / 3)},
            {0.0, std::log(0.5 / rate), std::log(2.0), std::log(4 * T)}};
  return {{std::log(0.6), std::log(0.4 / rate), std::log(0.8), std::log(2.0)},
          {0.0, std::log(0.8 / rate), std::log(0.3), std::log(5.0)}};
}

core::BoundedMinimum search(PurchaseModel model, int k, const PurchaseRows& rows,
                            std::vector<double> start, const Bounds& bounds, double tolerance,
                            int max_iterations, const Context& context) {
  return core::newton_bounded(objective(model, k, rows, context), std::move(start), bounds.low,
                              bounds.high, tolerance, max_iterations);
}

core::BoundedMinimum best_of(PurchaseModel model, int k, const PurchaseRows& rows,
                             const Bounds& bounds, double tolerance, int max_iterations,
                             const Context& context) {
  core::BoundedMinimum best;
  best.value = std::numeric_limits<double>::infinity();
  for (auto& start : starts(model, k, rows)) {
    auto found =
        search(model, k, rows, std::move(start), bounds, tolerance, max_iterations, context);
    if (found.value < best.value) best = std::move(found);
  }
  return best;
}

/// All customers, and before them the samples a search starts on, smallest first.
struct Samples {
  PurchaseRows all{};
  std::vector<PurchaseRows> smaller{};
};

Samples samples_of(const PurchaseSummaryView& summary) {
  Samples samples{collapse(summary)};
  for (const std::size_t size : {kFew, kMore}) {
    if (samples.all.rows.size() < 4 * size) continue;
    PurchaseRows rows = thinned(summary, size);
    if (rows.purchases > 0) samples.smaller.push_back(std::move(rows));
  }
  return samples;
}

core::BoundedMinimum fitted(PurchaseModel model, int k, const Samples& samples, int max_iterations,
                            const Context& context) {
  const Bounds bounds = bounds_of(model, mean_T(samples.all));
  const PurchaseRows& first = samples.smaller.empty() ? samples.all : samples.smaller.front();
  auto at = best_of(model, k, first, bounds, samples.smaller.empty() ? kNear : kNearEnough,
                    max_iterations, context);
  for (std::size_t i = 1; i <= samples.smaller.size() && std::isfinite(at.value); ++i) {
    const PurchaseRows& rows = i < samples.smaller.size() ? samples.smaller[i] : samples.all;
    const int before = at.iterations;
    at = search(model, k, rows, at.x, bounds, i < samples.smaller.size() ? kNearEnough : kNear,
                max_iterations, context);
    at.iterations += before;
  }
  return at;
}

/// The greatest log-likelihood where nobody leaves: that of the nbd, or with Erlang gaps the model
/// with its leaving parameters in their corner.
double without_leaving(PurchaseModel model, int k, const Samples& samples,
                       const std::vector<double>& near, const Context& context) {
  if (k == 1) return -fitted(PurchaseModel::nbd, 1, samples, 100, context).value;
  Bounds bounds = bounds_of(model, mean_T(samples.all));
  bounds.high[2] = bounds.low[2];
  bounds.low[3] = bounds.high[3];
  return -search(model, k, samples.all, near, bounds, kNear, 100, context).value;
}

/// The shape of gaps with the greatest likelihood; stops where it has fallen twice.
std::pair<int, core::BoundedMinimum> best_shape(PurchaseModel model, const Samples& samples,
                                                int max_iterations, const Context& context) {
  std::pair<int, core::BoundedMinimum> best{1, {}};
  best.second.value = std::numeric_limits<double>::infinity();
  for (int k = 1, fallen = 0; k <= kMaxShape && fallen < 2; ++k) {
    auto found = fitted(model, k, samples, max_iterations, context);
    if (found.value < best.second.value) {
      best = {k, std::move(found)};
      fallen = 0;
    } else {
      ++fallen;
    }
  }
  return best;
}

/// The rows of the fit's table; `fixed` are those at a bound, which have no interval.
void describe(PurchaseFit& fit, const std::vector<bool>& fixed) {
  const std::size_t p = fit.parameters.size(), all = p + fit.coefficients.size();
  const double z = normal_half_width(fit.level);
  for (std::size_t i = 0; i < all; ++i) {
    const double error = fixed[i] ? kNaN : std::sqrt(fit.log_covariance[i * all + i]);
    const double value = i < p ? fit.parameters[i] : fit.coefficients[i - p];
    fit.parameter_column.push_back(i < p ? std::string(parameter_names(fit.model)[i])
                                         : effect_name(fit.effects[i - p], fit.covariates));
    fit.value_column.push_back(value);
    fit.low.push_back(i < p ? value * std::exp(-z * error) : value - z * error);
    fit.high.push_back(i < p ? value * std::exp(z * error) : value + z * error);
    fit.standard_error.push_back(i < p ? value * error : error);
    fit.n_column.push_back(fit.n);
    fit.status_column.push_back(fixed[i] && fit.status == Status::ok ? Status::boundary
                                                                     : fit.status);
  }
}

std::vector<bool> without_variance(const PurchaseFit& fit) {
  const std::size_t all = fit.parameters.size() + fit.coefficients.size();
  std::vector<bool> fixed(all);
  for (std::size_t i = 0; i < all; ++i) fixed[i] = fit.log_covariance[i * all + i] == 0;
  return fixed;
}

void take(PurchaseFit& fit, const core::BoundedMinimum& at, const Bounds& bounds) {
  const std::size_t p = size_of(fit.model), all = at.x.size();
  for (std::size_t i = 0; i < p; ++i) fit.parameters.push_back(std::exp(at.x[i]));
  fit.coefficients.assign(at.x.begin() + static_cast<std::ptrdiff_t>(p), at.x.end());
  fit.log_covariance = covariance_at(at, bounds.low, bounds.high);
  fit.log_likelihood = -at.value;
  const auto parameters = static_cast<double>(all + (has_shape(fit.model) ? 1 : 0));
  fit.aic = 2 * parameters - 2 * fit.log_likelihood;
  fit.bic = parameters * std::log(static_cast<double>(fit.n)) - 2 * fit.log_likelihood;
  fit.converged = at.converged;
  fit.iterations = at.iterations;
  const auto bound = [&](std::size_t i) {
    return at_bound(at.x[i], bounds.low[i], bounds.high[i]);
  };
  const auto first_bound = [&](std::size_t from) {
    while (from < all && !bound(from)) ++from;
    return from;
  };
  if (bound(0) || bound(1)) {
    fit.status = Status::boundary;
    fit.reason = PurchaseFitReason::same_rates;
  } else if (p > 2 && (bound(2) || bound(3))) {
    fit.status = Status::boundary;
    fit.reason = PurchaseFitReason::same_leaving;
  } else if (const std::size_t e = first_bound(p); e < all) {
    fit.status = Status::boundary;
    fit.reason = PurchaseFitReason::covariate_at_bound;
  } else if (!at.converged || std::isnan(fit.log_covariance[0])) {
    fit.status = Status::not_converged;
  } else if (fit.n_repeat < kFewRepeat) {
    fit.status = Status::small_sample;
    fit.reason = PurchaseFitReason::few_customers;
  }
}

void check(const FitPurchasesOptions& options) {
  if (options.k < 0 || options.k > kMaxShape)
    throw InvalidArgument("fit_purchases: k is " + std::to_string(options.k) +
                          "; write 1 to 12, or 0 for the one of greatest likelihood");
  if (options.k > 1 && !has_shape(options.model))
    throw InvalidArgument("fit_purchases: k is for the models \"mbgcnbd\" and \"bgcnbd\"");
  if (!(options.level > 0 && options.level < 1))
    throw InvalidArgument("fit_purchases: level must lie between 0 and 1, as 0.95");
  if (options.max_iterations < 1)
    throw InvalidArgument("fit_purchases: max_iterations must be at least 1");
  if (options.covariates.empty()) return;
  if (has_shape(options.model))
    throw InvalidArgument("fit_purchases: covariates go with the models \"mbgnbd\", \"bgnbd\", " +
                          std::string("\"pnbd\" and \"nbd\""));
  if (options.model == PurchaseModel::nbd &&
      !(options.covariates.leaving.empty() && options.covariates.spread.empty()))
    throw InvalidArgument(
        "fit_purchases: under \"nbd\" nobody leaves; give covariates to buying alone");
  if (options.model == PurchaseModel::pnbd && !options.covariates.spread.empty())
    throw InvalidArgument(
        "fit_purchases: covariates of spread go with \"mbgnbd\" and \"bgnbd\"; under \"pnbd\" "
        "give them to leaving");
}

/// From the model without covariates to the one with them. Where leaving gains less than Akaike's
/// criterion asks of its parameters, the fit is the nbd with the covariates of buying.
void fit_covariates(PurchaseFit& fit, core::BoundedMinimum plain, const Samples& samples,
                    CovariateGroups groups, int max_iterations, const Context& context) {
  const auto fitted_to = [&](PurchaseModel model, const CovariateGroups& to,
                             std::vector<double> start, const Bounds& bounds) {
    start.resize(size_of(model) + to.effects().size(), 0.0);
    return core::newton_bounded(to.objective(model, context), std::move(start), bounds.low,
                                bounds.high, kNear, max_iterations);
  };
  const auto bounds_for = [&](PurchaseModel model, const CovariateGroups& to) {
    Bounds bounds = bounds_of(model, mean_T(samples.all));
    bounds.low.resize(bounds.low.size() + to.effects().size(), -kFarEffect);
    bounds.high.resize(bounds.high.size() + to.effects().size(), kFarEffect);
    return bounds;
  };
  Bounds bounds = bounds_for(fit.model, groups);
  auto at = fitted_to(fit.model, groups, plain.x, bounds);
  // From a corner without leaving a search may not come back.
  auto other = fitted_to(fit.model, groups, starts(fit.model, 1, samples.all).front(), bounds);
  if (other.value < at.value - kNear * std::fabs(at.value)) at = std::move(other);
  if (fit.model != PurchaseModel::nbd) {
    const CovariateGroups staying = groups.without_leaving();
    const Bounds bounds_staying = bounds_for(PurchaseModel::nbd, staying);
    auto without = fitted_to(PurchaseModel::nbd, staying,
                             fitted(PurchaseModel::nbd, 1, samples, max_iterations, context).x,
                             bounds_staying);
    const auto more =
        static_cast<double>(groups.effects().size() - staying.effects().size()) + kLeastGain;
    if (-at.value < -without.value + more) {
      fit.model = PurchaseModel::nbd;
      at = std::move(without);
      bounds = bounds_staying;
      groups = staying;
    }
  }
  take_effects(fit, groups.effects());
  take(fit, at, bounds);
  const std::vector<bool> fixed = without_variance(fit);
  take_as_given(fit, groups);
  if (fit.model != fit.asked && fit.status != Status::not_converged) {
    fit.status = Status::boundary;
    fit.reason = PurchaseFitReason::no_leaving;
  }
  describe(fit, fixed);
}

}  // namespace

PurchaseFit fit_purchases(const PurchaseSummaryView& summary, const FitPurchasesOptions& options,
                          const Context& context) {
  check(options);
  check(summary, "fit_purchases");
  if (has_shape(options.model) && summary.log_gaps.empty() && options.k != 1)
    throw InvalidArgument(
        "fit_purchases: \"" + std::string(to_string(options.model)) +
        "\" needs log_gaps, the sum of the logarithms of the times between purchases; "
        "purchase_summary(sales) gives it");
  PurchaseFit fit;
  fit.model = fit.asked = options.model;
  fit.unit = summary.unit;
  fit.level = options.level;
  fit.n = static_cast<std::int64_t>(summary.size());
  for (std::size_t i = 0; i < summary.size(); ++i) {
    fit.n_repeat += summary.frequency[i] > 0;
    fit.purchases += summary.frequency[i];
    fit.max_T = std::max(fit.max_T, summary.T[i]);
  }
  std::optional<CovariateGroups> groups;
  if (!options.covariates.empty() && fit.n > 0)
    groups = groups_of(options.covariates, summary, fit.covariates);
  if (fit.n_repeat == 0) {
    fit.covariates.clear();
    fit.status = Status::not_enough_data;
    fit.reason = PurchaseFitReason::no_repeat;
    fit.parameters.assign(size_of(fit.model), kNaN);
    fit.log_covariance.assign(fit.parameters.size() * fit.parameters.size(), kNaN);
    fit.log_likelihood = fit.aic = fit.bic = kNaN;
    describe(fit, without_variance(fit));
    return fit;
  }
  const Samples samples = samples_of(summary);
  core::BoundedMinimum at;
  if (has_shape(fit.model) && options.k == 0) {
    std::tie(fit.k, at) = best_shape(fit.model, samples, options.max_iterations, context);
  } else {
    fit.k = std::max(1, options.k);
    at = fitted(fit.model, fit.k, samples, options.max_iterations, context);
  }
  if (groups) {
    fit_covariates(fit, std::move(at), samples, std::move(*groups), options.max_iterations,
                   context);
    return fit;
  }
  if (fit.model != PurchaseModel::nbd &&
      -at.value < without_leaving(fit.model, fit.k, samples, at.x, context) + kLeastGain) {
    fit.model = PurchaseModel::nbd;
    fit.k = 1;
    at = fitted(fit.model, 1, samples, options.max_iterations, context);
  }
  take(fit, at, bounds_of(fit.model, mean_T(samples.all)));
  if (fit.model != fit.asked && fit.status != Status::not_converged) {
    fit.status = Status::boundary;
    fit.reason = PurchaseFitReason::no_leaving;
  }
  describe(fit, without_variance(fit));
  return fit;
}

PurchaseFit purchase_fit(PurchaseModel model, std::span<const double> parameters,
                         data::Span::Unit unit, int k) {
  const auto names = parameter_names(model);
  std::string listed;
  for (const auto name : names) listed += (listed.empty() ? "" : ", ") + std::string(name);
  const bool positive = std::all_of(parameters.begin(), parameters.end(),
                                    [](double x) { return x > 0 && std::isfinite(x); });
  if (parameters.size() != names.size() || !positive)
    throw InvalidArgument("purchase_fit: \"" + std::string(to_string(model)) +
                          "\" takes positive numbers for " + listed);
  if (k < 1 || k > kMaxShape || (k > 1 && !has_shape(model)))
    throw InvalidArgument("purchase_fit: k is " + std::to_string(k) +
                          "; it is 1, or 2 to 12 with mbgcnbd and bgcnbd");
  PurchaseFit fit;
  fit.model = fit.asked = model;
  fit.k = k;
  fit.unit = unit;
  fit.parameters.assign(parameters.begin(), parameters.end());
  fit.log_covariance.assign(names.size() * names.size(), 0.0);
  fit.log_likelihood = fit.aic = fit.bic = kNaN;
  fit.max_T = std::numeric_limits<double>::infinity();
  fit.converged = true;
  describe(fit, without_variance(fit));
  return fit;
}

}  // namespace emptor::customers
