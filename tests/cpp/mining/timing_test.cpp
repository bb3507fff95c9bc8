#include "mining/timing.hpp"

#include "core/special.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace emptor::mining::next {
namespace {

// Two items over visits on the days given; item 0 is A, item 1 is B.
struct Purchases {
  std::vector<std::int32_t> customer, item;
  std::vector<data::Day> day;
  void visit(std::int32_t c, data::Day d, bool a, bool b) {
    for (std::int32_t i = 0; i < 3; ++i) {
      if ((i == 0 && !a) || (i == 1 && !b)) continue;
      customer.push_back(c);
      day.push_back(d);
      item.push_back(i);
    }
  }
  [[nodiscard]] PurchasesView view() const { return {customer, day, item, 3, 0, 400, {}, {}}; }
};

struct Case {
  Purchases purchases;
  Visits visits;
  std::vector<std::int32_t> index;
  TimingCustomers customers;
  std::vector<double> share;  // per visit
};

Case make_case() {
  Case k;
  // customer 0: visits at 0, 40, 80 (A), 100, 130, 200, 300; B on 40, 100, 130.
  for (const int d : {0, 40, 80, 100, 130, 200, 300})
    k.purchases.visit(0, d, d == 80, d == 40 || d == 100 || d == 130);
  // customer 1: A on 50 with B, B again on 60 and 250; visits 10, 50, 60, 70, 250.
  for (const int d : {10, 50, 60, 70, 250})
    k.purchases.visit(1, d, d == 50, d == 50 || d == 60 || d == 250);
  // customer 2 never buys B outside the index visit: no information.
  for (const int d : {20, 60, 90}) k.purchases.visit(2, d, d == 60, d == 60);
  k.visits =
      make_visits(k.purchases.view(), {90, data::Span::Unit::days}, {0, data::Span::Unit::days});
  k.index = index_visits(k.visits, 0);
  const std::vector<std::int32_t> items{1};
  const Rates rates(k.visits, items);
  k.customers = timing_customers(k.visits, rates, 0, BuyersOf(k.visits, 1), k.index);
  for (std::size_t v = 0; v < k.visits.size(); ++v)
    k.share.push_back(rates.share(k.visits.bin[v], 0));
  return k;
}

// P(S = s) for s = 0 .. by going through every way to place each customer's Bs on his visits.
std::vector<double> enumerate(const Case& k, double beta) {
  std::vector<double> law{1.0};
  for (const auto v : k.index) {
    const auto c = static_cast<std::size_t>(k.visits.customer[static_cast<std::size_t>(v)]);
    std::vector<std::size_t> others;
    int positives = 0;
    for (auto i = k.visits.first_visit[c]; i < k.visits.first_visit[c + 1]; ++i) {
      if (i == v) continue;
      others.push_back(static_cast<std::size_t>(i));
      const auto with_b = k.visits.visits_of(1);
      positives += std::find(with_b.begin(), with_b.end(), i) != with_b.end() ? 1 : 0;
    }
    if (positives == 0) continue;
    std::vector<double> own(others.size() + 1, 0.0);
    double total = 0;
    for (unsigned mask = 0; mask < (1U << others.size()); ++mask) {
      if (__builtin_popcount(mask) != positives) continue;
      double weight = 1;
      std::size_t s = 0;
      for (std::size_t j = 0; j < others.size(); ++j) {
        if ((mask >> j & 1U) == 0) continue;
        const double w = k.share[others[j]];
        const bool inside =
            static_cast<std::int32_t>(others[j]) > v &&
            static_cast<std::int32_t>(others[j]) < k.visits.window_end[static_cast<std::size_t>(v)];
        weight *= w / (1 - w) * (inside ? std::exp(beta) : 1);
        s += inside ? 1 : 0;
      }
      own[s] += weight;
      total += weight;
    }
    std::vector<double> sum(law.size() + own.size() - 1, 0.0);
    for (std::size_t i = 0; i < law.size(); ++i)
      for (std::size_t j = 0; j < own.size(); ++j) sum[i + j] += law[i] * own[j] / total;
    law = sum;
  }
  return law;
}

TEST(Timing, LeavesOutCustomersWithoutInformation) {
  const auto k = make_case();
  ASSERT_EQ(k.customers.size(), 2U);
  EXPECT_EQ(k.customers.customer[0].observed, 2);
  EXPECT_EQ(k.customers.customer[1].observed, 1);
}

TEST(Timing, ExactTailEqualsEnumeration) {
  const auto k = make_case();
  const auto law = enumerate(k, 0);
  double tail = 0;
  for (std::size_t s = 3; s < law.size(); ++s) tail += law[s];
  const auto found = timing_tail(k.customers);
  EXPECT_NEAR(found.p, tail, 1e-14);
  EXPECT_NEAR(found.mid_p, tail - law[3] / 2, 1e-14);
}

// Customer 0: part on 40, whole on 100, window 90 days: visits 60 and 80 against 130 and 180; B on
// 80 and 130. Customer 1 has both on one day, customer 2 never the whole: neither informs.
TEST(Timing, ASetAgainstAPartEqualsEnumeration) {
  Case k;
  for (const int d : {0, 40, 60, 80, 100, 130, 180, 300})
    k.purchases.visit(0, d, false, d == 0 || d == 80 || d == 130);
  for (const int d : {10, 50, 60}) k.purchases.visit(1, d, false, d == 60);
  for (const int d : {20, 60, 90}) k.purchases.visit(2, d, false, d == 60);
  k.visits =
      make_visits(k.purchases.view(), {90, data::Span::Unit::days}, {0, data::Span::Unit::days});
  const std::vector<std::int32_t> items{1}, part{1, 9, 11}, whole{4, 9};
  const Rates rates(k.visits, items);
  const auto customers = part_timing_customers(k.visits, rates, 0, 1, whole, part);
  ASSERT_EQ(customers.size(), 1U);
  EXPECT_EQ(customers.customer[0].observed, 1);
  EXPECT_EQ(customers.customer[0].low, 0);
  const auto odds = [&](std::size_t v) {
    const double share = rates.share(k.visits.bin[v], 0);
    return share / (1 - share);
  };
  // Two visits with B among 2 and 3 (before) and 5 and 6 (in the window).
  const double before = odds(2) * odds(3), after = odds(5) * odds(6);
  const double mixed = (odds(2) + odds(3)) * (odds(5) + odds(6));
  const auto law = customers.weights(0);
  ASSERT_EQ(law.size(), 3U);
  const double total = law[0] + law[1] + law[2], all = before + mixed + after;
  EXPECT_NEAR(law[0] / total, before / all, 1e-12);
  EXPECT_NEAR(law[1] / total, mixed / all, 1e-12);
  EXPECT_NEAR(timing_tail(customers).p, (mixed + after) / all, 1e-12);
  EXPECT_TRUE(std::isnan(timing_p(customers)));  // one customer is too little to be tested
}

// Many alike customers: the normal law of the sum of hypergeometric ones.
TEST(Timing, PValueOfManyCustomersIsTheNormalOne) {
  TimingCustomers customers;
  for (int i = 0; i < 400; ++i) {
    customers.customer.push_back({0, i % 5 < 3 ? 1 : 0, customers.weight.size()});
    customers.weight.insert(customers.weight.end(), {1.0, 1.0});
  }
  // 240 of 400 with probability 1/2: score 40, information 100.
  EXPECT_NEAR(timing_p(customers), core::normal_sf(39.5 / 10), 1e-9);
  TimingCustomers few;
  for (int i = 0; i < 12; ++i) {
    few.customer.push_back({0, i < 10 ? 1 : 0, few.weight.size()});
    few.weight.insert(few.weight.end(), {1.0, 1.0});
  }
  // Information 3 is little: the exact binomial tail counts too, 79 of 4096.
  EXPECT_NEAR(timing_tail(few).p, 79.0 / 4096, 1e-12);
  EXPECT_NEAR(timing_p(few), std::max(79.0 / 4096, core::normal_sf(3.5 / std::sqrt(3.0))), 1e-9);
}

TEST(Timing, OddsRatioMaximisesTheEnumeratedLikelihood) {
  const auto k = make_case();
  const auto odds = timing_odds_ratio(k.customers, 0.95);
  const auto log_likelihood = [&](double beta) {
    // The product over customers, each at his own count.
    double sum = 0;
    for (std::size_t c = 0; c < 2; ++c) {
      Case one = k;
      one.index = {k.index[c]};
      sum += std::log(
          enumerate(one, beta)[static_cast<std::size_t>(k.customers.customer[c].observed)]);
    }
    return sum;
  };
  const double beta = std::log(odds.value);
  EXPECT_GT(log_likelihood(beta), log_likelihood(beta + 0.01));
  EXPECT_GT(log_likelihood(beta), log_likelihood(beta - 0.01));
  const double drop = 1.959963984540054 * 1.959963984540054 / 2;
  EXPECT_NEAR(log_likelihood(std::log(odds.low)), log_likelihood(beta) - drop, 1e-6);
  EXPECT_NEAR(log_likelihood(std::log(odds.high)), log_likelihood(beta) - drop, 1e-6);
  EXPECT_EQ(odds.n, 2);
}

TEST(Timing, OneSidedLikelihoodHasOneLimit) {
  const TimingCustomers all_inside{{{0, 1, 0}, {0, 1, 2}}, {1, 1, 1, 1}};
  const auto odds = timing_odds_ratio(all_inside, 0.95);
  EXPECT_EQ(odds.status, Status::boundary);
  EXPECT_TRUE(std::isinf(odds.value));
  EXPECT_TRUE(std::isinf(odds.high));
  // Two fair coins, both heads: (x / (1 + x))^2 = exp(-z^2 / 2).
  const double root = std::exp(-1.959963984540054 * 1.959963984540054 / 4);
  EXPECT_NEAR(odds.low, root / (1 - root), 1e-6);
  EXPECT_EQ(timing_odds_ratio({}, 0.95).status, Status::not_enough_data);
}

TEST(Timing, LongHistoriesStayInRange) {
  // 3,000 visits, every second with B: products of odds far outside the range of a double.
  Purchases p;
  for (int d = 0; d < 3000; ++d) p.visit(0, d, d == 1000, d % 2 == 0);
  PurchasesView view = p.view();
  view.last_day = 3000;
  const auto visits = make_visits(view, {90, data::Span::Unit::days}, {0, data::Span::Unit::days});
  const std::vector<std::int32_t> items{1};
  const Rates rates(visits, items);
  const auto index = index_visits(visits, 0);
  const auto odds =
      timing_odds_ratio(timing_customers(visits, rates, 0, BuyersOf(visits, 1), index), 0.95);
  EXPECT_NEAR(odds.value, 1, 0.05);
  EXPECT_LT(odds.low, 0.8);
  EXPECT_GT(odds.high, 1.25);
}

}  // namespace
}  // namespace emptor::mining::next
