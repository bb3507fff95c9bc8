#include "emptor/mining/bought_together.hpp"

#include "emptor/core/error.hpp"
#include "emptor/core/interval.hpp"
#include "emptor/core/multiplicity.hpp"
#include "emptor/data/items.hpp"

#include "core/order.hpp"
#include "core/parallel.hpp"
#include "core/special.hpp"
#include "core/wilson.hpp"
#include "mining/fisher.hpp"
#include "mining/pair_counts.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>
#include <utility>

namespace emptor::mining {
namespace {

constexpr std::int64_t kFewCustomers = 10;

std::size_t index(std::int64_t i) { return static_cast<std::size_t>(i); }

void check(const BoughtTogetherOptions& options) {
  const auto fail = [](const std::string& what) {
    throw InvalidArgument("bought_together: " + what);
  };
  if (options.min_count < 1) {
    fail("min_count is " + std::to_string(options.min_count) + "; write 1 or more");
  }
  if (!(options.fdr > 0 && options.fdr <= 1)) {
    fail("fdr is " + std::to_string(options.fdr) + "; write a share above 0 and up to 1, as 0.05");
  }
  if (!(options.level > 0 && options.level < 1)) {
    fail("level is " + std::to_string(options.level) + "; write a share between 0 and 1, as 0.95");
  }
  if (options.top < 0) {
    fail("top is " + std::to_string(options.top) + "; write how many pairs to list, 0 for all");
  }
}

void check(const data::BasketsView& view) {
  const auto fail = [](const std::string& what) {
    throw InvalidArgument("bought_together: " + what);
  };
  const std::size_t n = view.size();
  if (view.n_items < 0) fail("n_items is negative");
  if (!view.customer.empty() && view.customer.size() != n) {
    fail("customer has " + std::to_string(view.customer.size()) + " entries for " +
         std::to_string(n) + " baskets; write one per basket, -1 for unknown, or none at all");
  }
  if (view.offset.empty()) {
    if (!view.item.empty()) fail("offset is empty, but there are items; write baskets + 1 offsets");
    return;
  }
  if (view.offset.front() != 0 ||
      view.offset.back() != static_cast<std::int64_t>(view.item.size())) {
    fail("offset must begin with 0 and end with the number of items, " +
         std::to_string(view.item.size()));
  }
  for (std::size_t i = 0; i < n; ++i) {
    if (view.offset[i + 1] < view.offset[i]) {
      fail("offset falls after basket " + std::to_string(i));
    }
  }
  for (std::size_t i = 0; i < n; ++i) {
    std::int32_t before = -1;
    for (std::int64_t k = view.offset[i]; k < view.offset[i + 1]; ++k) {
      const std::int32_t item = view.item[index(k)];
      if (item < 0 || item >= view.n_items) {
        fail("basket " + std::to_string(i) + " holds item " + std::to_string(item) +
             "; items are 0 to n_items - 1 = " + std::to_string(view.n_items - 1));
      }
      if (item <= before) {
        fail("the items of basket " + std::to_string(i) + " must be distinct and ascending");
      }
      before = item;
    }
  }
}

// What does not depend on the pair.
struct Terms {
  std::vector<double> weight;    // per stratum: baskets * size_factor
  std::vector<double> variance;  // per stratum: baskets^2 / (baskets - 1)
  std::vector<double> places;    // [rank * strata + h]: c, see places_taken
};

// Items of a basket of a given size compete for its places: given shares p of a stratum's baskets,
// two items are both in p_i p_j (1 - c_i c_j) of them. The c are the ones for which the expected
// number of other items in the baskets with item i is their mean size less one, for every i:
// c_i (sum_j p_j c_j - p_i c_i) = 1 / k - p_i, with k the size_factor. (For p to 0 this is Hajek's
// 1964 approximation, c_i^2 = (1 - p_i)^2 / sum p (1 - p).) Items too rare to be ranked have a
// share near 0.
void places_taken(const PairIndex& pairs, std::size_t h, std::vector<double>& places) {
  const std::size_t strata = pairs.strata.count();
  const double one = 1 / pairs.strata.size_factor[h];
  double rare = pairs.strata.mean_size[h];
  for (std::size_t r = 0; r < pairs.code.size(); ++r) rare -= pairs.share[r * strata + h];
  rare = std::max(rare, 0.0);
  double sum = std::sqrt(pairs.strata.mean_size[h]);
  for (int iteration = 0; iteration < 50; ++iteration) {
    double next = rare * one / sum;
    for (std::size_t r = 0; r < pairs.code.size(); ++r) {
      const double p = pairs.share[r * strata + h];
      double& c = places[r * strata + h];
      c = std::max(0.0, one - p) / std::max(sum - p * c, 0.5);
      next += p * c;
    }
    const double change = std::abs(next - sum);
    sum = 0.5 * (sum + next);
    if (change < 1e-10 * sum) break;
  }
}

Terms make_terms(const PairIndex& pairs, const Context& context) {
  const Strata& strata = pairs.strata;
  Terms terms;
  for (std::size_t h = 0; h < strata.count(); ++h) {
    const double n = strata.n[h];
    terms.weight.push_back(n * strata.size_factor[h]);
    terms.variance.push_back(n > 1 ? n * n / (n - 1) : 0.0);
  }
  terms.places.assign(pairs.share.size(), 0);
  core::parallel_for(context, strata.count(),
                     [&](std::size_t h) { places_taken(pairs, h, terms.places); });
  return terms;
}

// The strata of one pair, and what is usual for it.
class PairStrata {
 public:
  PairStrata(const PairIndex& pairs, const Terms& terms, const PairSums& pair)
      : pairs_(pairs),
        terms_(terms),
        strata_(pairs.strata.count()),
        a_(pairs.share.data() + index(pair.a) * strata_),
        b_(pairs.share.data() + index(pair.b) * strata_),
        places_a_(terms.places.data() + index(pair.a) * strata_),
        places_b_(terms.places.data() + index(pair.b) * strata_) {}
  // Shared baskets.
  [[nodiscard]] double expected() const {
    double sum = 0;
    for (std::size_t h = 0; h < strata_; ++h) {
      sum += terms_.weight[h] * (a_[h] * b_[h] * (1 - taken(h)));
    }
    return sum;
  }
  // ... of their number: of the score less its mean -p q taken, for one basket.
  [[nodiscard]] double variance() const {
    double sum = 0;
    for (std::size_t h = 0; h < strata_; ++h) {
      const double p = a_[h];
      const double q = b_[h];
      const double t = taken(h);
      sum += terms_.variance[h] * p * q *
             ((1 - p) * (1 - q) - t * (1 - 2 * p) * (1 - 2 * q) - p * q * t * t);
    }
    return sum;
  }
  // Sum over baskets of the squared scores (1{a} - p_a)(1{b} - p_b).
  [[nodiscard]] double scores(const PairSums& pair) const {
    double sum = 0;
    double shared = 0;
    for (std::size_t h = 0; h < strata_; ++h) {
      const double p = a_[h];
      const double q = b_[h];
      const double both = p * q * (1 - taken(h));
      shared += terms_.weight[h] * both * (1 - 2 * p) * (1 - 2 * q);
      sum += pairs_.strata.n[h] * p * q * (p + q - 3 * p * q);
    }
    if (pair.expected > 0) sum += static_cast<double>(pair.n) * shared / pair.expected;
    return sum;
  }

 private:
  [[nodiscard]] double taken(std::size_t h) const {
    return std::min(1.0, places_a_[h] * places_b_[h]);
  }
  const PairIndex& pairs_;
  const Terms& terms_;
  std::size_t strata_;
  const double *a_, *b_, *places_a_, *places_b_;
};

// How much more the scores vary when they are summed by customer than when every basket stands for
// itself; at least 1.
double design_effect(const PairIndex& pairs, const Terms& terms, const PairSums& pair) {
  if (!pairs.clustered()) return 1;
  const double scores = PairStrata(pairs, terms, pair).scores(pair);
  return scores > 0 ? std::max(1.0, pairs.squared_scores(pair) / scores) : 1.0;
}

// P(as many or more): the Poisson law stretched to the given mean and variance. Where the stretch
// is below 1 the half of a whole basket is kept as continuity correction.
double upper_tail(double n, double expected, double variance) {
  if (n <= 0) return 1;
  if (expected <= 0) return std::numeric_limits<double>::min();
  const double stretch = variance > 0 ? variance / expected : 1;
  const double shape = std::min(n / stretch, (n - 0.5) / stretch + 0.5);
  if (shape <= 0) return 1;
  return std::max(core::gamma_cdf(expected / stretch, shape), std::numeric_limits<double>::min());
}

// Pairs with what their tests found; the measures follow for those that are listed.
struct Tested {
  struct Pair {
    std::int32_t a = 0, b = 0;  // ranks
    std::int64_t n = 0;
    double expected = 0;
    double p_value = 1;
  };
  std::vector<Pair> pair{};
  std::vector<PairSums> sums{};  // per pair; empty where no customer has several baskets
};

// Whether a pair can be listed at all: the design effect only makes its p-value larger, and a
// q-value is never below the p-value. Below one standard deviation the tail is above .15. Cheap
// questions first: most pairs are hopeless.
bool can_be_listed(const PairIndex& pairs, const Terms& terms, double fdr, PairSums& pair) {
  const PairStrata strata(pairs, terms, pair);
  const auto n = static_cast<double>(pair.n);
  pair.expected = strata.expected();
  if (fdr < 0.15 && n < pair.expected) return false;
  pair.variance = strata.variance();
  pair.p_value = std::numeric_limits<double>::quiet_NaN();
  if (fdr >= 1) return true;
  if (fdr < 0.15 && n - pair.expected < std::sqrt(std::max(0.0, pair.variance))) return false;
  pair.p_value = upper_tail(n, pair.expected, pair.variance);
  return pair.p_value <= fdr;
}

Tested::Pair test(const PairIndex& pairs, const Terms& terms, const PairSums& pair) {
  const double effect = design_effect(pairs, terms, pair);
  const double p =
      effect > 1 || std::isnan(pair.p_value)
          ? upper_tail(static_cast<double>(pair.n), pair.expected, pair.variance * effect)
          : pair.p_value;
  return {pair.a, pair.b, pair.n, pair.expected, p};
}

// The pairs that can be listed, in the order of their blocks. `counted` is how many share min_count
// baskets.
Tested test_pairs(const PairIndex& pairs, double fdr, const Context& context,
                  std::int64_t& counted) {
  const Terms terms = make_terms(pairs, context);
  struct Block {
    Tested tested{};
    std::size_t counted = 0;
  };
  std::vector<Block> blocks(pairs.blocks());
  std::atomic<std::size_t> rows{0};
  const auto limit = context.memory_limit;
  const std::size_t bytes = 3 * (sizeof(Tested::Pair) + (pairs.clustered() ? sizeof(PairSums) : 0));
  const auto select = [&](PairSums& pair) { return can_be_listed(pairs, terms, fdr, pair); };
  pairs.for_each_row(context, select, [&](auto block, auto row, std::size_t n) {
    Block& own = blocks[block];
    own.counted += n;
    const std::size_t total = rows.fetch_add(row.size()) + row.size();
    if (limit > 0 && total * bytes > limit) {
      throw MemoryLimit("bought_together: more than " + std::to_string(total) +
                        " pairs can be listed, about " +
                        std::to_string(total * bytes / 1000000 + 1) + " MB so far, the limit is " +
                        std::to_string(limit / 1000000) + " MB; raise memory_limit or min_count");
    }
    for (const PairSums& pair : row) own.tested.pair.push_back(test(pairs, terms, pair));
    if (pairs.clustered()) own.tested.sums.insert(own.tested.sums.end(), row.begin(), row.end());
  });
  Tested tested;
  tested.pair.reserve(rows.load());
  if (pairs.clustered()) tested.sums.reserve(rows.load());
  counted = 0;
  for (Block& block : blocks) {
    counted += static_cast<std::int64_t>(block.counted);
    const Tested& own = block.tested;
    tested.pair.insert(tested.pair.end(), own.pair.begin(), own.pair.end());
    tested.sums.insert(tested.sums.end(), own.sums.begin(), own.sums.end());
    block.tested = {};
  }
  return tested;
}

struct Ordered {
  std::uint32_t row;
  std::int32_t a, b;  // codes, a < b
  double excess;
  double q_value;
};

// The pairs that are listed, in order.
std::vector<Ordered> list_pairs(const PairIndex& pairs, const Tested& tested,
                                const BoughtTogetherOptions& options, BoughtTogether& result) {
  std::vector<double> p;
  p.reserve(tested.pair.size());
  for (const Tested::Pair& pair : tested.pair) p.push_back(pair.p_value);
  const std::vector<double> q = benjamini_hochberg(p, result.pairs_tested);
  std::vector<Ordered> found;
  std::vector<double> shortfall;
  for (std::size_t i = 0; i < tested.pair.size(); ++i) {
    if (!(q[i] <= options.fdr)) continue;
    const Tested::Pair& pair = tested.pair[i];
    const std::int32_t a = pairs.code[index(pair.a)];
    const std::int32_t b = pairs.code[index(pair.b)];
    found.push_back({static_cast<std::uint32_t>(i), std::min(a, b), std::max(a, b),
                     static_cast<double>(pair.n) - pair.expected, q[i]});
    shortfall.push_back(-found.back().excess);
  }
  result.pairs_found = static_cast<std::int64_t>(found.size());
  std::vector<Ordered> list;
  list.reserve(found.size());
  for (const std::uint32_t i : core::ascending_order(shortfall)) list.push_back(found[i]);
  for (auto same = list.begin(); same != list.end();) {  // by items
    const auto end =
        std::find_if(same, list.end(), [&](const Ordered& x) { return x.excess != same->excess; });
    if (end - same > 1) {
      std::sort(same, end, [](const Ordered& x, const Ordered& y) {
        return std::pair(x.a, x.b) < std::pair(y.a, y.b);
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
                       &result.q_value, &result.fisher_p, &result.max_customer_share}) {
    column->resize(n);
  }
  result.status.resize(n);
  result.same_family.resize(n);
}

// Fills row i of the result: the measures of one pair.
void measure(const PairIndex& pairs, const Fisher& fisher, const Tested& tested,
             const Ordered& ordered, double z, BoughtTogether& result, std::size_t i) {
  const Tested::Pair& pair = tested.pair[ordered.row];
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
  result.fisher_p[i] = fisher.upper_tail(sums.n, result.n_a[i], result.n_b[i]);
  result.n_customers[i] = sums.n_customers;
  result.max_customer_share[i] = static_cast<double>(sums.max_customer) / n;
  result.status[i] = one_customer                       ? Status::not_enough_data
                     : sums.n_customers < kFewCustomers ? Status::small_sample
                                                        : Status::ok;
}

}  // namespace

BoughtTogether bought_together(const data::BasketsView& given, const BoughtTogetherOptions& options,
                               const Context& context) {
  check(options);
  data::BasketsView baskets = given;
  if (baskets.n_items == 0 && !baskets.item.empty()) {
    const std::int32_t largest = *std::max_element(baskets.item.begin(), baskets.item.end());
    baskets.n_items = std::max(0, largest) + (largest < std::numeric_limits<std::int32_t>::max());
  }
  check(baskets);
  const PairIndex pairs(baskets, options.min_count, context);

  BoughtTogether result;
  result.min_count = options.min_count;
  result.fdr = options.fdr;
  result.baskets = pairs.n_baskets;
  result.customers = pairs.n_customers;
  const auto ranked = static_cast<std::int64_t>(pairs.code.size());
  result.pairs_tested = ranked * (ranked - 1) / 2;
  result.pairs_untestable = pairs.n_bought * (pairs.n_bought - 1) / 2 - result.pairs_tested;
  const Tested tested = test_pairs(pairs, options.fdr, context, result.pairs_counted);
  std::vector<Ordered> list = list_pairs(pairs, tested, options, result);
  if (options.top > 0 && result.pairs_found > options.top) {
    list.resize(index(options.top));
    result.truncated = true;
  }

  resize(result, list.size());
  const double z = normal_half_width(options.level);
  const Fisher fisher(pairs.n_baskets);
  core::parallel_ranges(context, list.size(), 4096, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      measure(pairs, fisher, tested, list[i], z, result, i);
    }
  });
  std::vector<std::int64_t> ids(index(baskets.n_items));
  std::iota(ids.begin(), ids.end(), std::int64_t{0});
  result.items = Dictionary::from_integers(std::move(ids));
  return result;
}

BoughtTogether bought_together(const data::Sales& sales, const BoughtTogetherOptions& options,
                               const Context& context) {
  const data::Baskets baskets =
      data::baskets(sales, {options.unit, options.item, options.goods_only});
  BoughtTogether result = bought_together(baskets.view(), options, context);
  result.items = baskets.items;
  result.level = baskets.level;
  result.coverage = baskets.coverage;
  result.from_sales = true;
  result.names = Dictionary::from_texts(baskets.item_names);
  std::vector<std::int32_t> name_of(baskets.item_names.size());
  for (std::size_t i = 0; i < name_of.size(); ++i) {
    name_of[i] = result.names->find(std::string_view(baskets.item_names[i]));
  }
  const data::NameFamilies families(baskets.item_names);
  for (std::size_t i = 0; i < result.size(); ++i) {
    result.name_a.push_back(name_of[index(result.item_a[i])]);
    result.name_b.push_back(name_of[index(result.item_b[i])]);
    result.same_family[i] = families.same(result.item_a[i], result.item_b[i]) ? 1 : 0;
    result.same_family_found += result.same_family[i];
  }
  return result;
}

std::vector<Column> BoughtTogether::columns() const {
  std::vector<Column> list;
  if (names) {
    list.emplace_back("name_a", name_a, *names, "name of item a");
    list.emplace_back("name_b", name_b, *names, "name of item b");
  }
  list.emplace_back("item_a", item_a, *items, "id of item a; item_a < item_b");
  list.emplace_back("item_b", item_b, *items, "id of item b");
  if (names) list[2].shown = list[3].shown = false;
  list.emplace_back("n_baskets", n_baskets, "baskets with both items");
  list.emplace_back("expected", expected,
                    "baskets with both that would be usual at the same basket sizes");
  list.emplace_back("excess", excess, "n_baskets - expected");
  list.emplace_back("confidence_ab", confidence_ab, "share of the baskets with a that hold b");
  list.emplace_back("confidence_ba", confidence_ba, "share of the baskets with b that hold a");
  list.emplace_back("lift", lift, "n_baskets * baskets / (n_a * n_b); ignores basket sizes");
  list.emplace_back("lift_low", lift_low, "lower end of its interval");
  list.emplace_back("lift_high", lift_high, "upper end of its interval");
  list.emplace_back("q_value", q_value,
                    "share of chance among pairs at most this p-value (Benjamini and Hochberg over "
                    "all testable pairs)");
  list.emplace_back("status", status, status_labels(), "what stands behind the row");
  list.emplace_back("same_family", same_family, "the names are variants of one product");
  const auto hide = [&list](const Column& column) { list.push_back(column.hidden()); };
  hide({"p_value", p_value, "Mantel-Haenszel by basket size, customers as the unit, one-sided"});
  hide({"fisher_p", fisher_p, "Fisher's exact test, one-sided; for comparison only"});
  hide({"n_a", n_a, "baskets with a"});
  hide({"n_b", n_b, "baskets with b"});
  hide({"support", support, "n_baskets over all baskets"});
  hide({"confidence_ab_low", confidence_ab_low, "lower end of its interval"});
  hide({"confidence_ab_high", confidence_ab_high, "upper end of its interval"});
  hide({"confidence_ba_low", confidence_ba_low, "lower end of its interval"});
  hide({"confidence_ba_high", confidence_ba_high, "upper end of its interval"});
  hide({"n_customers", n_customers, "customers with such a basket; unknown ones count each"});
  hide({"max_customer_share", max_customer_share, "share of n_baskets of one customer, at most"});
  return list;
}

std::vector<Scalar> BoughtTogether::info() const {
  std::vector<Scalar> list;
  if (from_sales) list.push_back({"level", level, "what an item is"});
  list.push_back({"baskets", baskets, "baskets looked at"});
  list.push_back({"customers", customers, "known customers among them"});
  list.push_back({"pairs_tested", pairs_tested,
                  "pairs of items that are both in min_count baskets of two or more items; the "
                  "q-values are over all of them"});
  list.push_back({"pairs_untestable", pairs_untestable, "pairs of bought items that are too rare"});
  list.push_back({"pairs_counted", pairs_counted, "tested pairs that share min_count baskets"});
  list.push_back({"pairs_found", pairs_found, "pairs with q_value <= fdr"});
  list.push_back({"truncated", truncated, "whether `top` left out some that were found"});
  list.push_back({"min_count", std::int64_t{min_count}, "least shared baskets of a listed pair"});
  list.push_back({"fdr", fdr, "largest q_value of a listed pair"});
  if (from_sales) {
    list.push_back({"same_family_listed", same_family_found, "listed pairs of variants"});
    list.push_back({"coverage", coverage.share(), "share of net revenue in these baskets"});
  }
  return list;
}

}  // namespace emptor::mining
