#include "emptor/customers/expected_spend.hpp"

#include "emptor/core/error.hpp"
#include "emptor/core/interval.hpp"

#include "core/parallel.hpp"
#include "core/shortest.hpp"
#include "core/special.hpp"
#include "customers/spend_posterior.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

namespace emptor::customers {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kBlock = 16384;

/// What a customer's interval needs and only his number of orders tells: ends of Gamma(p x + q)
/// against its mean less one, as logarithms.
struct Ends {
  double below = 0, above = 0;
};

/// Distinct frequencies, rising, with the ends of each.
struct EndsTable {
  std::vector<std::int64_t> frequency{};
  std::vector<Ends> ends{};
  [[nodiscard]] const Ends& of(std::int64_t x) const {
    const auto at = std::lower_bound(frequency.begin(), frequency.end(), x);
    return ends[static_cast<std::size_t>(at - frequency.begin())];
  }
};

EndsTable ends_table(const SpendFit& fit, const SpendView& summary, double level,
                     const Context& context) {
  EndsTable table;
  table.frequency.assign(summary.frequency.begin(), summary.frequency.end());
  std::sort(table.frequency.begin(), table.frequency.end());
  table.frequency.erase(std::unique(table.frequency.begin(), table.frequency.end()),
                        table.frequency.end());
  table.ends.resize(table.frequency.size());
  core::parallel_ranges(context, table.ends.size(), 64, [&](std::size_t begin, std::size_t end) {
    for (std::size_t k = begin; k < end; ++k) {
      const double shape = fit.p * static_cast<double>(table.frequency[k]) + fit.q;
      const double mean = std::log(shape - 1);
      // With a tail so heavy that the mean lies above its own interval, the mean is the end.
      table.ends[k] = {
          std::log(core::gamma_quantile(0.5 * (1 + level), shape)) - mean,
          std::max(0.0, mean - std::log(core::gamma_quantile(0.5 * (1 - level), shape)))};
    }
  });
  return table;
}

}  // namespace

ExpectedSpendResult expected_spend(const SpendFit& fit, const SpendView& summary,
                                   const ExpectedSpendOptions& options, const Context& context) {
  if (!(options.level > 0 && options.level < 1))
    throw InvalidArgument("expected_spend: level must lie between 0 and 1, found " +
                          core::shortest(options.level));
  check(summary, "expected_spend");
  const std::size_t n = summary.size();
  ExpectedSpendResult result;
  result.level = options.level;
  result.n.assign(summary.frequency.begin(), summary.frequency.end());
  for (auto* column :
       {&result.expected_spend, &result.expected_spend_low, &result.expected_spend_high})
    column->assign(n, kNaN);
  result.status.assign(n, fit.status);
  if (fit.status == Status::not_enough_data) return result;
  const double z = normal_half_width(options.level);
  const EndsTable table = ends_table(fit, summary, options.level, context);
  core::parallel_ranges(context, n, kBlock, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      const auto x = static_cast<double>(summary.frequency[i]);
      const double y = x > 0 ? x * summary.monetary_value[i] : 0;
      const SpendPosterior posterior = spend_posterior(fit, x, y);
      const double mean = posterior.mean;
      const Ends& ends = table.of(summary.frequency[i]);
      const double known = z * posterior.log_error;
      result.expected_spend[i] = mean;
      result.expected_spend_low[i] = mean * std::exp(-std::hypot(ends.below, known));
      result.expected_spend_high[i] = mean * std::exp(std::hypot(ends.above, known));
      if (summary.frequency[i] == 0 && fit.status == Status::ok)
        result.status[i] = Status::small_sample;
    }
  });
  return result;
}

std::vector<Column> ExpectedSpendResult::columns() const {
  return {{"expected_spend", expected_spend, "mean of this customer's future orders"},
          {"expected_spend_low", expected_spend_low, "his own mean may be as low as"},
          {"expected_spend_high", expected_spend_high, "... or as high as"},
          Column("n", n, "orders of his own it rests on"),
          Column("status", status, status_labels(), "small_sample without orders of his own")};
}

std::vector<Scalar> ExpectedSpendResult::info() const {
  return {{"level", level, "confidence of the intervals"}};
}

}  // namespace emptor::customers
