#include "mining/together_list.hpp"

#include "emptor/core/interval.hpp"
#include "emptor/core/multiplicity.hpp"

#include "core/order.hpp"
#include "core/parallel.hpp"
#include "core/wilson.hpp"
#include "mining/fisher.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

namespace emptor::mining {
namespace {

constexpr std::int64_t kFewCustomers = 10;

std::size_t index(std::int64_t i) { return static_cast<std::size_t>(i); }

struct Ordered {
  std::uint32_t search, row;
  std::int32_t a, b;  // codes, a < b
  double excess;
  double q_value;
};

std::vector<double> p_values(std::span<const TogetherSearch> searches) {
  std::size_t n = 0;
  for (const TogetherSearch& search : searches) n += search.tested.pair.size();
  std::vector<double> p;
  p.reserve(n);
  for (const TogetherSearch& search : searches) {
    for (const TestedPairs::Pair& pair : search.tested.pair) p.push_back(pair.p_value);
  }
  return p;
}

// Marks the pairs of variants, counts those with q <= fdr, and gives the others the q-values they
// have if variants were never found.
std::vector<std::uint8_t> leave_out(std::span<const TogetherSearch> searches,
                                    const ItemVariants& variants, double fdr, std::int64_t n_tests,
                                    std::vector<double>& q, std::int64_t& n_left_out) {
  std::vector<std::uint8_t> is_left_out;
  std::vector<double> p = p_values(searches);
  for (const TogetherSearch& search : searches) {
    for (const TestedPairs::Pair& pair : search.tested.pair) {
      const std::size_t i = is_left_out.size();
      const bool same =
          variants.same(search.pairs.code[index(pair.a)], search.pairs.code[index(pair.b)]);
      is_left_out.push_back(same ? 1 : 0);
      if (!same) continue;
      n_left_out += q[i] <= fdr ? 1 : 0;
      p[i] = 1;
    }
  }
  q = benjamini_hochberg(p, n_tests);
  return is_left_out;
}

// The pairs that are listed, in order.
std::vector<Ordered> order_pairs(std::span<const TogetherSearch> searches, double fdr,
                                 std::int64_t n_tests, const ItemVariants* variants,
                                 std::int64_t& n_left_out) {
  std::vector<double> q = benjamini_hochberg(p_values(searches), n_tests);
  std::vector<std::uint8_t> is_left_out;
  if (variants != nullptr) {
    is_left_out = leave_out(searches, *variants, fdr, n_tests, q, n_left_out);
  }
  std::vector<Ordered> found;
  std::vector<double> shortfall;
  std::size_t at = 0;
  for (std::size_t s = 0; s < searches.size(); ++s) {
    const TogetherSearch& search = searches[s];
    for (std::size_t i = 0; i < search.tested.pair.size(); ++i, ++at) {
      if (!(q[at] <= fdr) || (!is_left_out.empty() && is_left_out[at] != 0)) continue;
      const TestedPairs::Pair& pair = search.tested.pair[i];
      const std::int32_t a = search.pairs.code[index(pair.a)];
      const std::int32_t b = search.pairs.code[index(pair.b)];
      found.push_back({static_cast<std::uint32_t>(s), static_cast<std::uint32_t>(i), std::min(a, b),
                       std::max(a, b), static_cast<double>(pair.n) - pair.expected, q[at]});
      shortfall.push_back(-found.back().excess);
    }
  }
  std::vector<Ordered> list;
  list.reserve(found.size());
  for (const std::uint32_t i : core::ascending_order(shortfall)) list.push_back(found[i]);
  for (auto same = list.begin(); same != list.end();) {  // by items
    const auto end =
        std::find_if(same, list.end(), [&](const Ordered& x) { return x.excess != same->excess; });
    if (end - same > 1) {
      std::sort(same, end, [](const Ordered& x, const Ordered& y) {
        return std::tuple(x.search, x.a, x.b) < std::tuple(y.search, y.a, y.b);
      });
    }
    same = end;
  }
  return list;
}

// The share x / n with Wilson's interval on the n that is left after the customers' design effect.
struct Share {
  double value, low, high;
};

Share share_of(double x, double n, double variance, double z) {
  const double value = x / n;
  const double binomial = value * (1 - value) / n;
  const double effect = binomial > 0 ? std::max(1.0, variance / binomial) : 1.0;
  const Interval interval = core::wilson_at(x / effect, n / effect, z);
  return {value, interval.low, interval.high};
}

void resize(BoughtTogether& result, std::size_t n) {
  for (auto* column : {&result.item_a, &result.item_b}) column->resize(n);
  for (auto* column : {&result.n_baskets, &result.n_a, &result.n_b, &result.n_customers}) {
    column->resize(n);
  }
  for (auto* column : {&result.support, &result.confidence_ab, &result.confidence_ab_low,
                       &result.confidence_ab_high, &result.confidence_ba, &result.confidence_ba_low,
                       &result.confidence_ba_high, &result.lift, &result.lift_low,
                       &result.lift_high, &result.expected, &result.excess, &result.p_value,
                       &result.q_value, &result.max_customer_share}) {
    column->resize(n);
  }
  result.status.resize(n);
  result.same_family.resize(n);
}

// Fills row i of the result: the measures of one pair.
void measure(const TogetherSearch& search, const Ordered& ordered, double z, BoughtTogether& result,
             std::size_t i) {
  const PairIndex& pairs = search.pairs;
  const TestedPairs& tested = search.tested;
  const TestedPairs::Pair& pair = tested.pair[ordered.row];
  PairSums sums;
  if (pairs.clustered()) sums = tested.sums[ordered.row];
  sums.a = pair.a;
  sums.b = pair.b;
  sums.n = pair.n;
  ItemSums a = pairs.item[index(sums.a)];
  ItemSums b = pairs.item[index(sums.b)];
  if (pairs.code[index(sums.a)] != ordered.a) {
    std::swap(a, b);
    std::swap(sums.xa, sums.xb);
  }
  const auto n = static_cast<double>(sums.n);
  const auto all = static_cast<double>(pairs.n_baskets);
  double ab_variance = 0;
  double ba_variance = 0;
  const double lift = n * all / (a.n * b.n);
  double lift_variance = 1 / n - 1 / a.n - 1 / b.n + (2 * lift - 1) / all;
  if (pairs.clustered()) {
    const double ab = n / a.n;
    const double ba = n / b.n;
    ab_variance = (sums.xx - 2 * ab * sums.xa + ab * ab * a.aa) / (a.n * a.n);
    ba_variance = (sums.xx - 2 * ba * sums.xb + ba * ba * b.aa) / (b.n * b.n);
    const double clustered =
        sums.xx / (n * n) + a.aa / (a.n * a.n) + b.aa / (b.n * b.n) + pairs.nn / (all * all) -
        2 * sums.xa / (n * a.n) - 2 * sums.xb / (n * b.n) + 2 * sums.xn / (n * all) +
        2 * sums.ab / (a.n * b.n) - 2 * a.an / (a.n * all) - 2 * b.an / (b.n * all);
    lift_variance = std::max(lift_variance, clustered);
  } else {
    sums.n_customers = sums.n;
    sums.max_customer = 1;
  }
  const double half = z * lift * std::sqrt(std::max(0.0, lift_variance));
  const Share ab = share_of(n, a.n, ab_variance, z);
  const Share ba = share_of(n, b.n, ba_variance, z);
  const bool one_customer = pairs.clustered() && sums.n_customers < 2 && sums.n > 1;
  const double none = std::numeric_limits<double>::quiet_NaN();

  result.item_a[i] = ordered.a;
  result.item_b[i] = ordered.b;
  result.n_baskets[i] = sums.n;
  result.n_a[i] = static_cast<std::int64_t>(a.n);
  result.n_b[i] = static_cast<std::int64_t>(b.n);
  result.support[i] = n / all;
  result.confidence_ab[i] = ab.value;
  result.confidence_ab_low[i] = ab.low;
  result.confidence_ab_high[i] = ab.high;
  result.confidence_ba[i] = ba.value;
  result.confidence_ba_low[i] = ba.low;
  result.confidence_ba_high[i] = ba.high;
  result.lift[i] = one_customer ? none : lift;
  result.lift_low[i] = one_customer ? none : std::max(0.0, lift - half);
  result.lift_high[i] = one_customer ? none : lift + half;
  result.expected[i] = pair.expected;
  result.excess[i] = ordered.excess;
  result.p_value[i] = pair.p_value;
  result.q_value[i] = ordered.q_value;
  result.n_customers[i] = sums.n_customers;
  result.max_customer_share[i] = static_cast<double>(sums.max_customer) / n;
  result.status[i] = one_customer                       ? Status::not_enough_data
                     : sums.n_customers < kFewCustomers ? Status::small_sample
                                                        : Status::ok;
}

// Fisher's test of the listed rows of one group after the other: its factorials go by the group's
// baskets.
void test_by_fisher(std::span<const TogetherSearch> searches, const std::vector<Ordered>& list,
                    const Context& context, BoughtTogether& result) {
  result.fisher_p.resize(list.size());
  for (std::uint32_t s = 0; s < searches.size(); ++s) {
    const Fisher fisher(searches[s].pairs.n_baskets);
    core::parallel_ranges(context, list.size(), 4096, [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i) {
        if (list[i].search != s) continue;
        result.fisher_p[i] = fisher.upper_tail(result.n_baskets[i], result.n_a[i], result.n_b[i]);
      }
    });
  }
}

}  // namespace

BoughtTogether list_together(std::span<const TogetherSearch> searches,
                             const BoughtTogetherOptions& options, const ItemVariants* left_out,
                             const Context& context) {
  BoughtTogether result;
  result.leaves_out = left_out != nullptr;
  result.min_count = options.min_count;
  result.fdr = options.fdr;
  result.confidence_level = options.level;
  for (const TogetherSearch& search : searches) {
    const PairIndex& pairs = search.pairs;
    result.baskets += pairs.n_baskets;
    result.customers += pairs.n_customers;
    const auto ranked = static_cast<std::int64_t>(pairs.code.size());
    const std::int64_t testable = ranked * (ranked - 1) / 2;
    result.n_testable += testable;
    result.n_untestable += pairs.n_bought * (pairs.n_bought - 1) / 2 - testable;
    result.n_counted += search.tested.n_counted;
  }
  std::vector<Ordered> list =
      order_pairs(searches, options.fdr, result.n_testable, left_out, result.n_left_out);
  result.n_found = static_cast<std::int64_t>(list.size());
  if (options.top > 0 && result.n_found > options.top) {
    list.resize(index(options.top));
    result.truncated = true;
  }
  resize(result, list.size());
  const double z = normal_half_width(options.level);
  core::parallel_ranges(context, list.size(), 4096, [&](std::size_t begin, std::size_t end) {
    constexpr std::size_t kAhead = 16;  // pairs lie as they were counted, not as they are listed
    for (std::size_t i = begin; i < end; ++i) {
      if (i + kAhead < end) {
        const Ordered& next = list[i + kAhead];
        __builtin_prefetch(&searches[next.search].tested.pair[next.row]);
      }
      measure(searches[list[i].search], list[i], z, result, i);
    }
  });
  result.with_fisher = options.fisher;
  if (options.fisher) test_by_fisher(searches, list, context, result);
  if (!searches.empty() && searches.front().group >= 0) {
    for (const Ordered& row : list) result.group.push_back(searches[row.search].group);
  }
  return result;
}

}  // namespace emptor::mining
