#include "mining/pair_scan.hpp"

#include "core/special.hpp"
#include "mining/pair_search.hpp"
#include "mining/planted_shop.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

namespace emptor::mining {
namespace {

using data::Day;
using data::Span;
using test::every_pair;
using test::small_shop;

// ---- everything again, pair by pair and customer by customer, from the definitions ----

struct Oracle {
  std::map<std::int32_t, std::map<Day, std::set<std::int32_t>>> visits;  // customer -> day -> items
  std::map<std::pair<int, std::int32_t>, double> theta, share;           // (bin, item)
  Day first_day, last_day;

  explicit Oracle(const test::Shop& shop) : first_day(shop.first_day), last_day(shop.last_day) {
    for (std::size_t i = 0; i < shop.item.size(); ++i)
      visits[shop.customer[i]][shop.day[i]].insert(shop.item[i]);
    std::map<int, std::vector<double>> sizes;
    std::map<std::pair<int, std::int32_t>, double> count;
    for (const auto& [c, days] : visits)
      for (const auto& [day, items] : days) {
        sizes[bin(day)].push_back(static_cast<double>(items.size()));
        for (const auto item : items) ++count[{bin(day), item}];
      }
    for (const auto& [key, k] : count) {
      const auto& size = sizes[key.first];
      // Bisection, independent of the library's Newton.
      double low = 0, high = 50;
      for (int step = 0; step < 200; ++step) {
        const double middle = (low + high) / 2;
        double sum = 0;
        for (const double s : size) sum += 1 - std::exp(-s * middle);
        (sum < std::min(k, static_cast<double>(size.size()) - 0.5) ? low : high) = middle;
      }
      theta[key] = low;
    }
    for (const auto& [b, size] : sizes)
      for (std::int32_t item = 0; item < shop.n_items; ++item)
        share[{b, item}] = (count[{b, item}] + 0.5) / (static_cast<double>(size.size()) + 1);
  }
  [[nodiscard]] int bin(Day day) const { return (day - first_day) / 30; }
  [[nodiscard]] double probability(Day day, double size, std::int32_t item) const {
    const auto found = theta.find({bin(day), item});
    return found == theta.end() ? 0 : 1 - std::exp(-size * found->second);
  }
};

struct Expectation {
  std::int64_t n_a = 0, n = 0, events = 0, followed = 0, same_day = 0, naive = 0, visits = 0;
  double expected = 0, squares = 0, excess = 0, usual_all_followed = 0;
  double score = 0, information = 0, score_squares = 0;
  bool all_followed = true;
};

Expectation expect(const Oracle& oracle, std::int32_t a, std::int32_t b, int window, int washout) {
  Expectation e;
  double usual = 0;
  for (const auto& [c, days] : oracle.visits) {
    Day index = data::kNoDay;
    Day first_b = data::kNoDay;
    for (const auto& [day, items] : days) {
      if (index == data::kNoDay && items.count(a) > 0) index = day;
      if (first_b == data::kNoDay && items.count(b) > 0) first_b = day;
    }
    if (index == data::kNoDay || index < oracle.first_day + washout) continue;
    ++e.n_a;
    double o = 0, ex = 0, stays = 1;
    double n = 0, m = 0, s = 0, w_in = 0, w_all = 0, n_in = 0;
    for (const auto& [day, items] : days) {
      if (day == index) {
        e.same_day += items.count(b) > 0 ? 1 : 0;
        continue;
      }
      const bool in = day > index && day <= index + window;
      const bool has = items.count(b) > 0;
      ++n;
      m += has ? 1 : 0;
      const double w = oracle.share.at({oracle.bin(day), b});
      w_all += w;
      if (!in) continue;
      ++n_in;
      s += has ? 1 : 0;
      w_in += w;
      o += has ? 1 : 0;
      const double p = oracle.probability(day, static_cast<double>(items.size()), b);
      ex += p;
      stays *= 1 - p;
    }
    e.visits += static_cast<std::int64_t>(o);
    e.naive += o > 0 ? 1 : 0;
    e.expected += ex;
    e.squares += (o - ex) * (o - ex);
    if (m > 0 && m < n && n_in > 0 && n_in < n) {
      const double q = w_in / w_all;
      e.score += s - m * q;
      e.score_squares += (s - m * q) * (s - m * q);
      e.information += m * q * (1 - q) * (n - m) / (n - 1);
    }
    if (first_b != data::kNoDay && first_b <= index) continue;
    ++e.n;
    const bool event = first_b != data::kNoDay && first_b <= index + window;
    e.events += event ? 1 : 0;
    e.excess += (event ? 1 : 0) - (1 - stays);
    const bool followed = index + window <= oracle.last_day;
    e.followed += followed ? 1 : 0;
    e.all_followed = e.all_followed && followed;
    usual += 1 - stays;
  }
  e.usual_all_followed = usual / static_cast<double>(e.n);
  return e;
}

TEST(PairScan, EqualsADirectComputation) {
  const auto shop = small_shop();
  const Oracle oracle(shop);
  auto options = every_pair();
  const auto result = bought_next(shop.view(), options);
  ASSERT_GT(result.size(), 500U);
  int tested = 0, exact = 0;
  for (std::size_t i = 0; i < result.size(); i += 7) {
    SCOPED_TRACE(std::to_string(result.antecedent[i]) + " -> " +
                 std::to_string(result.consequent[i]));
    const auto e = expect(oracle, result.antecedent[i], result.consequent[i], 90, 90);
    EXPECT_EQ(result.n_antecedent[i], e.n_a);
    EXPECT_EQ(result.n[i], e.n);
    EXPECT_EQ(result.events[i], e.events);
    EXPECT_EQ(result.n_followed[i], e.followed);
    EXPECT_EQ(result.same_day[i], e.same_day);
    EXPECT_EQ(result.naive_buyers[i], e.naive);
    EXPECT_EQ(result.visits[i], e.visits);
    EXPECT_NEAR(result.expected_visits[i], e.expected, 1e-4 * (1 + e.expected));
    EXPECT_NEAR(result.excess[i], e.excess, 1e-4 * (1 + std::abs(e.excess)));
    if (e.all_followed) {
      EXPECT_NEAR(result.usual[i], e.usual_all_followed, 1e-5);
    }
    if (e.expected >= 5) {
      const double z = (static_cast<double>(e.visits) - e.expected - 0.5) /
                       std::sqrt(std::max(e.squares, e.expected));
      EXPECT_NEAR(result.p_value[i], core::normal_sf(z), 1e-4);
      ++tested;
    } else {
      EXPECT_TRUE(std::isnan(result.p_value[i]));
    }
    const double p =
        core::normal_sf((e.score - 0.5) / std::sqrt(std::max(e.information, e.score_squares)));
    if (e.information >= 5) {
      EXPECT_NEAR(result.timing_p[i], p, 1e-4);
    } else if (e.information >= 1) {
      EXPECT_GE(result.timing_p[i], p - 1e-4);
      ++exact;
    } else {
      EXPECT_TRUE(std::isnan(result.timing_p[i]));
    }
  }
  EXPECT_GT(tested, 50);
  EXPECT_GT(exact, 5);
}

TEST(PairScan, TailLimitsEqualTheTail) {
  for (const double p : {0.9, 0.5, 0.25, 0.05, 1e-3, 1e-30, 1e-300, 0.0}) {
    const next::TailLimit limit(p);
    const double at = p > 0 ? -core::normal_quantile(p) : 39;
    for (const double step : {-3.0, -1e-5, -1e-7, -1e-12, -1e-15, 0.0, 1e-15, 1e-12, 1e-7, 1.0}) {
      const double z = at + step;
      EXPECT_EQ(limit.holds(z), core::normal_sf(z) <= p) << p << ' ' << step;
    }
    EXPECT_FALSE(limit.holds(std::numeric_limits<double>::quiet_NaN()));
  }
}

TEST(PairScan, TheSameBitsOnAnyNumberOfThreads) {
  const auto shop = small_shop(5, 130, 300);
  auto options = every_pair();
  options.max_customer_share = 0.5;
  const auto search = next::search_pairs(shop.view(), options, {}, {}, {.threads = 1});
  const next::Scan& one = search.scan;
  ASSERT_GT(one.candidates.size(), 500U);
  ASSERT_GT(one.n_hanging_on_one_customer, 0);
  for (const int threads : {2, 3, 8}) {
    Context context;
    context.threads = threads;
    const auto many = next::scan_pairs(search.visits, *search.rates, search.plan, context);
    EXPECT_EQ(many.n_testable, one.n_testable);
    EXPECT_EQ(many.timing.n_testable, one.timing.n_testable);
    EXPECT_EQ(many.n_hanging_on_one_customer, one.n_hanging_on_one_customer);
    EXPECT_EQ(many.observed, one.observed);
    EXPECT_EQ(many.expected, one.expected);
    EXPECT_EQ(many.z, one.z);
    EXPECT_EQ(many.timing.z, one.timing.z);
    EXPECT_EQ(many.placebo.z, one.placebo.z);
    EXPECT_EQ(many.timing.pending.size(), one.timing.pending.size());
    ASSERT_EQ(many.candidates.size(), one.candidates.size());
    for (std::size_t i = 0; i < one.candidates.size(); ++i) {
      EXPECT_EQ(many.candidates[i].antecedent, one.candidates[i].antecedent);
      EXPECT_EQ(many.candidates[i].consequent, one.candidates[i].consequent);
      EXPECT_EQ(many.candidates[i].expected_visits, one.candidates[i].expected_visits);
      EXPECT_EQ(many.candidates[i].timing.score, one.candidates[i].timing.score);
    }
  }
}

TEST(PairScan, ManyBuyersAreSummedInDoublePrecision) {
  // 5,000 customers who buy A, then B and C at random: longer than a run of single precision.
  test::Shop shop;
  shop.n_items = 3;
  shop.first_day = 0;
  shop.last_day = 400;
  core::Random random(3, 4);
  for (std::int32_t c = 0; c < 5000; ++c)
    for (int k = 0; k < 8; ++k) {
      shop.customer.push_back(c);
      shop.day.push_back(10 + 40 * k + static_cast<int>(random.below(30)));
      shop.item.push_back(k == 1 ? 0 : random.uniform() < 0.4 ? 1 : 2);
    }
  auto options = every_pair();
  options.window = Span{90, Span::Unit::days};
  options.washout = Span{0, Span::Unit::days};
  const auto result = bought_next(shop.view(), options);
  const Oracle oracle(shop);
  int seen = 0;
  for (std::size_t i = 0; i < result.size(); ++i) {
    if (result.antecedent[i] != 0) continue;
    const auto e = expect(oracle, 0, result.consequent[i], 90, 0);
    EXPECT_EQ(result.visits[i], e.visits);
    EXPECT_NEAR(result.expected_visits[i], e.expected, 1e-5 * e.expected);
    const double z = (static_cast<double>(e.visits) - e.expected - 0.5) /
                     std::sqrt(std::max(e.squares, e.expected));
    EXPECT_NEAR(result.p_value[i], core::normal_sf(z), 1e-4);
    EXPECT_NEAR(
        result.timing_p[i],
        core::normal_sf((e.score - 0.5) / std::sqrt(std::max(e.information, e.score_squares))),
        1e-4);
    ++seen;
  }
  EXPECT_EQ(seen, 2);
}

TEST(PairScan, WashoutLeavesOutTheEdge) {
  auto shop = small_shop();
  auto options = every_pair();
  options.washout = Span{200, Span::Unit::days};
  const auto strict = bought_next(shop.view(), options);
  const Oracle oracle(shop);
  for (std::size_t i = 0; i < strict.size(); i += 11)
    EXPECT_EQ(strict.n_antecedent[i],
              expect(oracle, strict.antecedent[i], strict.consequent[i], 90, 200).n_a);
  options.washout = Span{1000, Span::Unit::days};  // longer than the data
  const auto none = bought_next(shop.view(), options);
  EXPECT_EQ(none.size(), 0U);
  EXPECT_EQ(none.n_pairs_possible, 0);
}

// 30 customers buy A and come 39 times afterwards, 30 others come as often; customer 7 buys B every
// time and 24 A-buyers once. The others buy B at every `others`-th visit, 0 never.
test::Shop one_keen_customer(int others) {
  test::Shop shop;
  shop.n_items = 4;
  shop.first_day = 0;
  shop.last_day = 400;
  for (std::int32_t c = 0; c < 60; ++c)
    for (int k = 0; k < 40; ++k) {
      const bool buys_a = k == 0 && c < 30;
      const bool buys_b =
          c < 30 ? k > 0 && (c == 7 || (c < 25 && k == 3)) : others > 0 && k % others == 0;
      shop.customer.insert(shop.customer.end(), {c, c});
      shop.day.insert(shop.day.end(), {100 + 2 * k, 100 + 2 * k});
      shop.item.insert(shop.item.end(), {buys_a ? 0 : buys_b ? 1 : 2, 3});
    }
  return shop;
}

TEST(PairScan, APairThatHangsOnOneCustomerIsCountedNotListed) {
  auto options = every_pair();
  options.min_events = 20;
  options.max_customer_share = 0.2;
  options.antecedents = {"0"};
  options.consequents = {"1"};
  // With others who buy B more there is no excess to carry: the pair is listed.
  const auto listed = bought_next(one_keen_customer(3).view(), options);
  EXPECT_EQ(listed.size(), 1U);
  EXPECT_EQ(listed.n_hanging_on_one_customer, 0);
  const auto hanging = bought_next(one_keen_customer(0).view(), options);
  EXPECT_EQ(hanging.size(), 0U);
  EXPECT_EQ(hanging.n_hanging_on_one_customer, 1);
}

}  // namespace
}  // namespace emptor::mining
