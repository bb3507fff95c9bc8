#include "emptor/customers/bgbb_purchases.hpp"

#include "emptor/core/error.hpp"
#include "emptor/core/interval.hpp"

#include "core/parallel.hpp"
#include "customers/bgbb_law.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string>

namespace emptor::customers {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr int kMost = 10000;
constexpr std::size_t kBlock = 64;

/// With slopes by the logarithms of the parameters.
BgbbLaw<BgbbGradient> law_of(const BgbbFit& fit) {
  BgbbLaw<BgbbGradient> law;
  const std::array<BgbbGradient*, 4> all{&law.alpha, &law.beta, &law.gamma, &law.delta};
  for (std::size_t i = 0; i < 4; ++i) {
    *all[i] = BgbbGradient(fit.parameters[i]);
    all[i]->d[i] = fit.parameters[i];
  }
  return law;
}

double standard_error(const BgbbGradient& value, const BgbbFit& fit) {
  double variance = 0;
  for (std::size_t i = 0; i < 4; ++i)
    for (std::size_t j = 0; j < 4; ++j)
      variance += value.d[i] * value.d[j] * fit.log_covariance[4 * i + j];
  return std::sqrt(std::max(variance, 0.0));
}

/// Chance of having stayed until the last occasion seen, from the odds of having left.
BgbbGradient stayed(const BgbbLaw<BgbbGradient>& law, const BgbbHistory& at) {
  if (at.last == at.n) return BgbbGradient(1);
  const BgbbGradient odds = log_odds_left(law, at);
  const double value = 1 / (1 + std::exp(odds.v));
  return odds.chain(value, -value * (1 - value));
}

}  // namespace

BgbbPurchasesResult bgbb_purchases(const BgbbFit& fit, const BgbbView& summary,
                                   const BgbbPurchasesOptions& options, const Context& context) {
  if (fit.parameters.size() != 4 || fit.log_covariance.size() != 16)
    throw InvalidArgument(
        "bgbb_purchases: the fit is not whole; make it with fit_bgbb or bgbb_fit");
  if (!(options.level > 0 && options.level < 1))
    throw InvalidArgument("bgbb_purchases: level must lie between 0 and 1, as 0.95");
  if (options.horizon < 1 || options.horizon > kMost)
    throw InvalidArgument("bgbb_purchases: horizon is " + std::to_string(options.horizon) +
                          "; it counts occasions, 1 to 10000");
  check(summary, "bgbb_purchases");
  const std::size_t n = summary.size();
  BgbbPurchasesResult result;
  result.horizon = options.horizon;
  result.level = options.level;
  for (auto* column :
       {&result.expected_purchases, &result.expected_purchases_low, &result.expected_purchases_high,
        &result.p_none, &result.p_alive, &result.p_alive_low, &result.p_alive_high})
    column->assign(n, kNaN);
  result.n.assign(n, fit.n);
  const bool beyond = fit.status == Status::ok && options.horizon > fit.max_occasions;
  result.status.assign(n, beyond ? Status::extrapolated : fit.status);
  if (fit.status == Status::not_enough_data) return result;
  const auto law = law_of(fit);
  const double z = normal_half_width(options.level);
  core::parallel_ranges(context, n, kBlock, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      const BgbbHistory at{static_cast<double>(summary.frequency[i]),
                           static_cast<double>(summary.recency[i]),
                           static_cast<double>(summary.occasions[i])};
      const BgbbGradient there = stayed(law, at);
      const auto future = future_of(law, at, options.horizon);
      const BgbbGradient expected = there * future.expected, alive = there * future.next;
      const double half = expected.v > 0 ? z * standard_error(expected, fit) / expected.v : 0;
      result.expected_purchases[i] = expected.v;
      result.expected_purchases_low[i] = expected.v * std::exp(-half);
      result.expected_purchases_high[i] = expected.v * std::exp(half);
      result.p_none[i] = 1 - there.v * (1 - future.none.v);
      const double gone = 1 - alive.v;
      const double odds = std::log(alive.v / gone);
      const double wide = z * standard_error(alive, fit) / (alive.v * gone);
      result.p_alive[i] = alive.v;
      result.p_alive_low[i] = 1 / (1 + std::exp(wide - odds));
      result.p_alive_high[i] = 1 / (1 + std::exp(-wide - odds));
    }
  });
  return result;
}

std::vector<Column> BgbbPurchasesResult::columns() const {
  return {{"expected_purchases", expected_purchases, "mean number within the horizon"},
          {"expected_purchases_low", expected_purchases_low,
           "lower end: how well the parameters are known"},
          {"expected_purchases_high", expected_purchases_high, "upper end"},
          {"p_none", p_none, "chance of none within the horizon"},
          {"p_alive", p_alive, "chance of being there at the next occasion"},
          {"p_alive_low", p_alive_low, "lower end of its interval"},
          {"p_alive_high", p_alive_high, "upper end of its interval"},
          Column("n", n, "customers the fit rests on").hidden(),
          Column("status", status, status_labels(), "of the mean")};
}

std::vector<Scalar> BgbbPurchasesResult::info() const {
  double sum = 0;
  for (const double mean : expected_purchases) sum += mean;
  return {{"horizon", std::int64_t{horizon}, "occasions ahead"},
          {"total", sum, "expected purchases of all rows together"},
          {"level", level, "confidence of the intervals"}};
}

}  // namespace emptor::customers
