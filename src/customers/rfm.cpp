#include "emptor/customers/rfm.hpp"

#include "emptor/core/error.hpp"
#include "emptor/core/interval.hpp"

#include "core/median.hpp"
#include "core/parallel.hpp"
#include "core/shortest.hpp"
#include "customers/occasions_view.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

namespace emptor::customers {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr std::int64_t kSmallSegment = 10;
constexpr std::size_t kBlock = 16384;

constexpr std::array<std::string_view, kRfmSegments> kSegments{
    "best customers",
    "frequent customers",
    "on the way up",
    "steady customers",
    "occasional customers",
    "best customers, slower than usual",
    "frequent customers, slower than usual",
    "big spenders, quiet for a while",
    "quiet for a while",
    "one order, recent",
    "one order, a while ago"};

/// A block of cells: scores from low to high, both included.
struct Rule {
  RfmSegment segment;
  bool one_order;
  std::array<int, 2> r, f, m;
};

/// Every cell lies in exactly one block; a test counts them all.
constexpr std::array<Rule, kRfmSegments> kRules{{
    {RfmSegment::best, false, {4, 5}, {4, 5}, {4, 5}},
    {RfmSegment::frequent, false, {4, 5}, {4, 5}, {1, 3}},
    {RfmSegment::growing, false, {4, 5}, {1, 3}, {1, 5}},
    {RfmSegment::steady, false, {3, 3}, {4, 5}, {1, 5}},
    {RfmSegment::occasional, false, {3, 3}, {1, 3}, {1, 5}},
    {RfmSegment::best_slower, false, {1, 2}, {4, 5}, {4, 5}},
    {RfmSegment::frequent_slower, false, {1, 2}, {4, 5}, {1, 3}},
    {RfmSegment::big_spender_quiet, false, {1, 2}, {1, 3}, {4, 5}},
    {RfmSegment::quiet, false, {1, 2}, {1, 3}, {1, 3}},
    {RfmSegment::one_order_new, true, {4, 5}, {1, 5}, {1, 5}},
    {RfmSegment::one_order, true, {1, 3}, {1, 5}, {1, 5}},
}};

std::int64_t cuts_below(const std::array<double, 4>& cuts, double value) {
  return std::count_if(cuts.begin(), cuts.end(), [&](double cut) { return cut < value; });
}

}  // namespace

std::span<const std::string_view> rfm_segment_labels() noexcept { return kSegments; }

RfmSegment rfm_segment(int r, int f, int m, bool one_order) {
  const auto inside = [](int score, const std::array<int, 2>& range) {
    return score >= range[0] && score <= range[1];
  };
  for (const Rule& rule : kRules)
    if (rule.one_order == one_order && inside(r, rule.r) && inside(f, rule.f) && inside(m, rule.m))
      return rule.segment;
  throw InvalidArgument("rfm_segment: scores must be 1 to 5, found " + std::to_string(r) + ", " +
                        std::to_string(f) + ", " + std::to_string(m));
}

std::array<double, 4> quintile_cuts(std::span<const double> values) {
  std::array<double, 4> cuts{};
  if (values.empty()) return cuts;
  std::vector<double> sorted(values.begin(), values.end());
  auto from = sorted.begin();
  for (std::size_t j = 1; j <= 4; ++j) {
    // Whole numbers: where a cut falls on a value it is exactly that value.
    const std::size_t position = (sorted.size() - 1) * j;
    const auto at = sorted.begin() + static_cast<std::ptrdiff_t>(position / 5);
    std::nth_element(from, at, sorted.end());
    cuts[j - 1] = *at;
    if (position % 5 != 0) {
      const double above = *std::min_element(at + 1, sorted.end());
      cuts[j - 1] += (above - *at) * static_cast<double>(position % 5) / 5;
    }
    from = at;
  }
  return cuts;
}

RfmResult rfm(const RfmView& view, const RfmOptions& options, const Context& context) {
  const OccasionsView& occasions = view.occasions;
  check(occasions, "rfm");
  if (view.last_day == data::kNoDay)
    throw InvalidArgument("rfm: last_day is not set; give the last day observed");
  if (!view.monetary.empty() && view.monetary.size() != occasions.customers())
    throw InvalidArgument("rfm: monetary has " + std::to_string(view.monetary.size()) +
                          " values; give one per customer, " +
                          std::to_string(occasions.customers()));
  if (!(options.level > 0 && options.level < 1))
    throw InvalidArgument("rfm: level must lie between 0 and 1, as 0.95; found " +
                          core::shortest(options.level));
  RfmResult result;
  result.last_day = view.last_day;
  result.level = options.level;
  std::vector<std::int64_t> positions(occasions.customers());
  std::iota(positions.begin(), positions.end(), std::int64_t{0});
  result.ids = Dictionary::from_integers(std::move(positions));
  for (std::size_t c = 0; c < occasions.customers(); ++c) {
    const auto begin = static_cast<std::size_t>(occasions.customer_begin[c]);
    auto end = static_cast<std::size_t>(occasions.customer_begin[c + 1]);
    while (end > begin && occasions.day[end - 1] > view.last_day) --end;
    if (begin == end) {
      ++result.n_without_purchase;
      continue;
    }
    result.customer.push_back(static_cast<std::int32_t>(c));
    result.first_order.push_back(occasions.day[begin]);
    result.last_order.push_back(occasions.day[end - 1]);
    result.recency_days.push_back(view.last_day - occasions.day[end - 1]);
    result.frequency.push_back(static_cast<std::int64_t>(end - begin));
    result.n_one_order += end - begin == 1;
    double spend = 0;
    if (!view.monetary.empty()) {
      spend = view.monetary[c];
    } else {
      for (std::size_t i = begin; i < end; ++i) spend += occasions.spend[i];
    }
    if (!std::isfinite(spend))
      throw InvalidArgument("rfm: monetary must be finite; customer " + std::to_string(c) +
                            " is not");
    result.monetary.push_back(spend);
  }
  const std::size_t n = result.customer.size();
  const std::vector<double> recency(result.recency_days.begin(), result.recency_days.end());
  const std::vector<double> frequency(result.frequency.begin(), result.frequency.end());
  RfmCuts& cuts = result.cuts;
  cuts.recency_days = quintile_cuts(recency);
  cuts.frequency = quintile_cuts(frequency);
  cuts.monetary = quintile_cuts(result.monetary);
  cuts.recency_column.assign(cuts.recency_days.begin(), cuts.recency_days.end());
  cuts.frequency_column.assign(cuts.frequency.begin(), cuts.frequency.end());
  cuts.monetary_column.assign(cuts.monetary.begin(), cuts.monetary.end());
  result.name.resize(n);
  result.r.resize(n);
  result.f.resize(n);
  result.m.resize(n);
  result.segment.resize(n);
  result.usual_gap_days.resize(n);
  core::parallel_ranges(context, n, kBlock, [&](std::size_t first, std::size_t last) {
    for (std::size_t i = first; i < last; ++i) {
      result.r[i] = 5 - cuts_below(cuts.recency_days, recency[i]);
      result.f[i] = 1 + cuts_below(cuts.frequency, frequency[i]);
      result.m[i] = 1 + cuts_below(cuts.monetary, result.monetary[i]);
      result.segment[i] = rfm_segment(static_cast<int>(result.r[i]), static_cast<int>(result.f[i]),
                                      static_cast<int>(result.m[i]), result.frequency[i] == 1);
      const auto customer = static_cast<std::size_t>(result.customer[i]);
      result.usual_gap_days[i] = median_gap(occasions, customer, view.last_day);
      result.name[i] = result.ids->to_string(result.customer[i]);
    }
  });
  return result;
}

RfmSegmentsResult rfm_segments(const RfmResult& customers) {
  RfmSegmentsResult result;
  result.level = customers.level;
  result.last_day = customers.last_day;
  result.coverage = customers.coverage;
  const std::size_t n = customers.customer.size();
  double total = 0;
  for (const double value : customers.monetary) total += value;
  const double z = normal_half_width(customers.level);
  for (std::size_t s = 0; s < kRfmSegments; ++s) {
    const auto segment = static_cast<RfmSegment>(s);
    std::int64_t members = 0;
    double revenue = 0, orders = 0;
    std::vector<double> recency;
    for (std::size_t i = 0; i < n; ++i) {
      if (customers.segment[i] != segment) continue;
      ++members;
      revenue += customers.monetary[i];
      orders += static_cast<double>(customers.frequency[i]);
      recency.push_back(static_cast<double>(customers.recency_days[i]));
    }
    if (members == 0) continue;
    const bool shared = total > 0;
    const double share = shared ? revenue / total : kNaN;
    double variance = 0;
    for (std::size_t i = 0; i < n; ++i) {
      const double residual =
          customers.monetary[i] * ((customers.segment[i] == segment ? 1 : 0) - share);
      variance += residual * residual;
    }
    const double half = z * std::sqrt(variance) / total;
    const auto size = static_cast<double>(n);
    result.segment.push_back(segment);
    result.customers.push_back(members);
    result.customer_share.push_back(static_cast<double>(members) / size);
    result.revenue.push_back(revenue);
    result.revenue_share.push_back(share);
    result.revenue_share_low.push_back(shared ? std::max(0.0, share - half) : kNaN);
    result.revenue_share_high.push_back(shared ? std::min(1.0, share + half) : kNaN);
    result.n.push_back(static_cast<std::int64_t>(n));
    result.status.push_back(!shared                   ? Status::undefined
                            : members < kSmallSegment ? Status::small_sample
                                                      : Status::ok);
    result.median_recency_days.push_back(core::median(std::move(recency)));
    result.mean_frequency.push_back(orders / static_cast<double>(members));
  }
  return result;
}

}  // namespace emptor::customers
