#include "emptor/customers/expected_purchases.hpp"

#include "emptor/core/interval.hpp"

#include "core/parallel.hpp"
#include "customers/count_law.hpp"
#include "customers/purchase_request.hpp"

#include <array>
#include <cmath>
#include <limits>

namespace emptor::customers {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr std::int64_t kMissing = std::numeric_limits<std::int64_t>::min();
constexpr std::size_t kBlock = 512;

Status status_of(const PurchaseFit& fit, double t) {
  if (fit.status == Status::ok && t > fit.max_T) return Status::extrapolated;
  return fit.status;
}

/// The ends of an interval of a positive quantity, symmetric in its logarithm.
Interval log_interval(const Gradient& value, const CustomerLaw& law, double z) {
  if (!(value.v > 0)) return {value.v, value.v};
  const double half = z * standard_error(value, law) / value.v;
  return {value.v * std::exp(-half), value.v * std::exp(half)};
}

}  // namespace

ExpectedPurchasesResult expected_purchases(const PurchaseFit& fit,
                                           const PurchaseSummaryView& summary,
                                           const ExpectedPurchasesOptions& options,
                                           const Context& context) {
  check_request("expected_purchases", fit, summary, options.level);
  const double t = horizon_of("expected_purchases", fit, options.horizon);
  const std::size_t n = summary.size();
  ExpectedPurchasesResult result;
  result.horizon = options.horizon;
  result.level = options.level;
  for (auto* column : {&result.expected_purchases, &result.expected_purchases_low,
                       &result.expected_purchases_high, &result.p_none})
    column->assign(n, kNaN);
  result.purchases_low.assign(n, kMissing);
  result.purchases_high.assign(n, kMissing);
  result.n.assign(n, fit.n);
  result.status.assign(n, status_of(fit, t));
  if (!usable(fit)) return result;
  const double scale = unit_scale(fit, summary);
  const CustomerLaws laws(fit, summary, "expected_purchases");
  if (!options.intervals) {
    core::parallel_ranges(context, n, kBlock, [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i)
        result.expected_purchases[i] =
            expected_purchases_of(outlook(laws.plain(i), history_of(summary, i, scale)), t);
    });
    return result;
  }
  const double z = normal_half_width(options.level);
  const std::array chances{0.5 * (1 - options.level), 0.5 * (1 + options.level)};
  core::parallel_ranges(context, n, kBlock, [&](std::size_t begin, std::size_t end) {
    CustomerLaw room;
    for (std::size_t i = begin; i < end; ++i) {
      const CustomerLaw& law = laws.at(i, room);
      const PurchaseHistory history = history_of(summary, i, scale);
      const Gradient mean = expected_purchases_of(outlook(law.law, history), t);
      const Interval interval = log_interval(mean, law, z);
      result.expected_purchases[i] = mean.v;
      result.expected_purchases_low[i] = interval.low;
      result.expected_purchases_high[i] = interval.high;
      std::vector<CountLaw> counts;
      for (const auto& near : laws_around(law, mean))
        counts.emplace_back(outlook(near, history), t);
      std::array<std::int64_t, 2> ends{};
      count_quantiles(counts, chances, ends);
      result.purchases_low[i] = ends[0];
      result.purchases_high[i] = ends[1];
      result.p_none[i] = CountLaw(outlook(law.plain, history), t).next();
    }
  });
  return result;
}

NewCustomerResult expected_purchases_new(const PurchaseFit& fit,
                                         std::span<const data::Span> horizons, double level) {
  check_fit("expected_purchases_new", fit, level);
  check_no_covariates("expected_purchases_new", fit,
                      "ask expected_purchases of a summary with frequency, recency and T of 0 and "
                      "the covariates of the new customers");
  const CustomerLaws laws(fit, {}, "expected_purchases_new");
  CustomerLaw room;
  const CustomerLaw& law = laws.at(0, room);
  const double z = normal_half_width(level);
  NewCustomerResult result;
  result.level = level;
  for (const data::Span& horizon : horizons) {
    const double t = horizon_of("expected_purchases_new", fit, horizon);
    Gradient mean(kNaN);
    if (usable(fit)) mean = expected_purchases_of(outlook_new(law.law), t);
    const Interval interval = log_interval(mean, law, z);
    result.horizon.push_back(data::to_string(horizon));
    result.expected_purchases.push_back(mean.v);
    result.expected_purchases_low.push_back(interval.low);
    result.expected_purchases_high.push_back(interval.high);
    result.n.push_back(fit.n);
    result.status.push_back(status_of(fit, t));
  }
  return result;
}

std::vector<Column> ExpectedPurchasesResult::columns() const {
  return {{"expected_purchases", expected_purchases, "mean number within the horizon"},
          {"expected_purchases_low", expected_purchases_low,
           "lower end: how well the parameters are known"},
          {"expected_purchases_high", expected_purchases_high, "upper end"},
          {"purchases_low", purchases_low, "the number itself may be as low as"},
          {"purchases_high", purchases_high, "... or as high as"},
          {"p_none", p_none, "chance of no purchase within the horizon"},
          Column("n", n, "customers the fit rests on").hidden(),
          Column("status", status, status_labels(), "of the mean")};
}

std::vector<Scalar> ExpectedPurchasesResult::info() const {
  double sum = 0;
  for (const double mean : expected_purchases) sum += mean;
  return {{"horizon", data::to_string(horizon), "how far ahead"},
          {"total", sum, "expected purchases of all customers together"},
          {"level", level, "confidence of the intervals"}};
}

std::vector<Column> NewCustomerResult::columns() const {
  return {{"horizon", horizon, "time since the first purchase"},
          {"expected_purchases", expected_purchases, "mean number of repeat purchases by then"},
          {"expected_purchases_low", expected_purchases_low, "lower end of its interval"},
          {"expected_purchases_high", expected_purchases_high, "upper end of its interval"},
          Column("n", n, "customers the fit rests on").hidden(),
          Column("status", status, status_labels(), "of the mean")};
}

std::vector<Scalar> NewCustomerResult::info() const {
  return {{"level", level, "confidence of the intervals"}};
}

}  // namespace emptor::customers
