#include "emptor/customers/projected_retention.hpp"

#include "emptor/core/error.hpp"
#include "emptor/core/interval.hpp"

#include "core/parallel.hpp"
#include "customers/contract_law.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

namespace emptor::customers {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr std::int64_t kLongest = 1000000;
/// e^-kGone is no weight.
constexpr double kGone = 40;

void check(const char* function, const ContractFit& fit, double level) {
  const std::size_t p = parameter_names(fit.model).size();
  if (fit.parameters.size() != p || fit.log_covariance.size() != p * p || fit.period.count < 1)
    throw InvalidArgument(std::string(function) +
                          ": the fit is not whole; make it with fit_contracts or contract_fit");
  if (!(level > 0 && level < 1))
    throw InvalidArgument(std::string(function) + ": level must lie between 0 and 1, as 0.95");
}

bool usable(const ContractFit& fit) { return fit.status != Status::not_enough_data; }

Status status_of(const ContractFit& fit, std::int64_t until) {
  return fit.status == Status::ok && until > fit.max_tenure ? Status::extrapolated : fit.status;
}

/// The interval of a chance of which the logarithm is given, symmetric in its log-odds.
Interval chance_interval(const ContractGradient& log_chance, const ContractFit& fit, double z) {
  const double other = -std::expm1(log_chance.v);
  if (!(other > 0)) return {1, 1};
  const double odds = log_chance.v - std::log(other);
  const double half = z * standard_error(log_chance, fit) / other;
  return {1 / (1 + std::exp(half - odds)), 1 / (1 + std::exp(-half - odds))};
}

/// Renewals after a tenure, each discounted from the next one on.
ContractGradient lifetime(std::span<const ContractGradient> log_survival, std::size_t tenure,
                          std::size_t horizon, double force) {
  ContractGradient sum(0);
  for (std::size_t k = 1; k <= horizon; ++k)
    sum += exp(log_survival[tenure + k] - log_survival[tenure] -
               ContractGradient(force * static_cast<double>(k - 1)));
  return sum;
}

}  // namespace

ProjectedRetentionResult projected_retention(const ContractFit& fit,
                                             const ProjectedRetentionOptions& options,
                                             const Context&) {
  check("projected_retention", fit, options.level);
  if (options.horizon < 1 || options.horizon > kLongest)
    throw InvalidArgument("projected_retention: horizon is " + std::to_string(options.horizon) +
                          "; it counts renewals, 1 or more");
  const double z = normal_half_width(options.level);
  ProjectedRetentionResult result;
  result.length = fit.period;
  result.level = options.level;
  ContractGradient before(0);
  for (int t = 1; t <= options.horizon; ++t) {
    result.period.push_back(t);
    result.n.push_back(fit.n);
    result.status.push_back(status_of(fit, t));
    ContractGradient now(kNaN);
    if (usable(fit)) now = log_survival_of(fit, t);
    const auto put = [&](const ContractGradient& log_chance, std::vector<double>& value,
                         std::vector<double>& low, std::vector<double>& high) {
      const Interval ends =
          usable(fit) ? chance_interval(log_chance, fit, z) : Interval{kNaN, kNaN};
      value.push_back(std::exp(log_chance.v));
      low.push_back(ends.low);
      high.push_back(ends.high);
    };
    put(now, result.survival, result.survival_low, result.survival_high);
    put(now - before, result.retention, result.retention_low, result.retention_high);
    before = now;
  }
  return result;
}

ResidualLifetimeResult residual_lifetime(const ContractFit& fit,
                                         std::span<const std::int64_t> tenure,
                                         const ResidualLifetimeOptions& options,
                                         const Context& context) {
  check("residual_lifetime", fit, options.level);
  const auto fail = [](const std::string& what) {
    throw InvalidArgument("residual_lifetime: " + what);
  };
  if (!(options.discount.rate >= 0) || !std::isfinite(options.discount.rate))
    fail("discount must not be below 0");
  const double force = options.discount.continuous(fit.period.unit) * fit.period.count;
  if (options.horizon < 0 || options.horizon > kLongest)
    fail("horizon is " + std::to_string(options.horizon) + "; it counts renewals, 0 for all");
  if (options.horizon == 0 && !(force > kGone / static_cast<double>(kLongest)))
    fail(
        "without a discount the renewals to come may have no mean; give discount=\"10 % a year\", "
        "or a horizon");
  std::int64_t longest = 0;
  for (std::size_t i = 0; i < tenure.size(); ++i) {
    if (tenure[i] < 0 || tenure[i] > kLongest)
      fail("tenure is " + std::to_string(tenure[i]) + " in row " + std::to_string(i) +
           "; it counts renewals");
    longest = std::max(longest, tenure[i]);
  }
  const std::size_t n = tenure.size();
  ResidualLifetimeResult result;
  result.discount = options.discount;
  result.horizon = options.horizon;
  result.length = fit.period;
  result.level = options.level;
  result.tenure.assign(tenure.begin(), tenure.end());
  for (auto* column :
       {&result.residual_lifetime, &result.residual_lifetime_low, &result.residual_lifetime_high,
        &result.p_renew, &result.p_renew_low, &result.p_renew_high})
    column->assign(n, kNaN);
  result.n.assign(n, fit.n);
  result.status.assign(n, fit.status);
  if (!usable(fit)) return result;
  const auto ahead =
      static_cast<std::size_t>(options.horizon > 0 ? options.horizon : std::ceil(kGone / force));
  std::vector<ContractGradient> log_survival(static_cast<std::size_t>(longest) + ahead + 1);
  core::parallel_ranges(context, log_survival.size(), 1024,
                        [&](std::size_t begin, std::size_t end) {
                          for (std::size_t t = begin; t < end; ++t)
                            log_survival[t] = log_survival_of(fit, static_cast<double>(t));
                        });
  // One sum per tenure that occurs.
  std::vector<std::int64_t> distinct(tenure.begin(), tenure.end());
  std::sort(distinct.begin(), distinct.end());
  distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
  std::vector<ContractGradient> sum(distinct.size());
  core::parallel_ranges(context, distinct.size(), 1, [&](std::size_t begin, std::size_t end) {
    for (std::size_t k = begin; k < end; ++k)
      sum[k] = lifetime(log_survival, static_cast<std::size_t>(distinct[k]), ahead, force);
  });
  const double z = normal_half_width(options.level);
  for (std::size_t i = 0; i < n; ++i) {
    const auto at = static_cast<std::size_t>(
        std::lower_bound(distinct.begin(), distinct.end(), tenure[i]) - distinct.begin());
    const auto t = static_cast<std::size_t>(tenure[i]);
    const double half = z * standard_error(sum[at], fit) / sum[at].v;
    result.residual_lifetime[i] = sum[at].v;
    result.residual_lifetime_low[i] = sum[at].v * std::exp(-half);
    result.residual_lifetime_high[i] = sum[at].v * std::exp(half);
    const ContractGradient next = log_survival[t + 1] - log_survival[t];
    const Interval ends = chance_interval(next, fit, z);
    result.p_renew[i] = std::exp(next.v);
    result.p_renew_low[i] = ends.low;
    result.p_renew_high[i] = ends.high;
    result.status[i] =
        status_of(fit, tenure[i] + (options.horizon > 0 ? options.horizon : kLongest));
  }
  return result;
}

std::vector<Column> ProjectedRetentionResult::columns() const {
  return {{"period", period, "number of the renewal"},
          {"survival", survival, "share still there after it"},
          {"survival_low", survival_low, "lower end of its interval"},
          {"survival_high", survival_high, "upper end of its interval"},
          {"retention", retention, "share of those there before it who renew"},
          {"retention_low", retention_low, "lower end of its interval"},
          {"retention_high", retention_high, "upper end of its interval"},
          Column("n", n, "customers the fit rests on").hidden(),
          Column("status", status, status_labels(), "extrapolated beyond what was seen")};
}

std::vector<Scalar> ProjectedRetentionResult::info() const {
  return {{"period", data::to_string(length), "from one renewal to the next"},
          {"level", level, "confidence of the intervals"}};
}

std::vector<Column> ResidualLifetimeResult::columns() const {
  return {{"tenure", tenure, "renewals so far"},
          {"residual_lifetime", residual_lifetime, "renewals to come, the next one in full"},
          {"residual_lifetime_low", residual_lifetime_low, "lower end of its interval"},
          {"residual_lifetime_high", residual_lifetime_high, "upper end of its interval"},
          {"p_renew", p_renew, "chance of renewing next"},
          {"p_renew_low", p_renew_low, "lower end of its interval"},
          {"p_renew_high", p_renew_high, "upper end of its interval"},
          Column("n", n, "customers the fit rests on").hidden(),
          Column("status", status, status_labels(), "extrapolated beyond what was seen")};
}

std::vector<Scalar> ResidualLifetimeResult::info() const {
  return {{"period", data::to_string(length), "from one renewal to the next"},
          {"discount", to_string(discount), "by how much less later renewals count"},
          {"horizon", std::int64_t{horizon}, "renewals within it; 0 is all to come"},
          {"level", level, "confidence of the intervals"}};
}

}  // namespace emptor::customers
