// Planted truth: shops whose items are independent given how much a customer puts into a basket, so
// that every pair is a true null; and shops where some pairs are bought together twice as often.
// EMPTOR_SIMULATION_SCALE multiplies the number of shops.

#include "emptor/mining/bought_together.hpp"

#include "core/random.hpp"
#include "simulation.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

namespace emptor::mining {
namespace {

using testing::simulation_scale;

struct Shop {
  const char* name;
  double basket_spread = 0;    // sd of the log of what a basket takes, from basket to basket
  double customer_spread = 0;  // ... from customer to customer
  double visit_shape = 0;      // gamma shape of visits per customer; 0: all the same
  double habit_share = 0;      // share of (customer, item) with a habit
  double habit = 0;            // probability of a habitual item in a basket
  double giant = 0;            // share of all baskets by customer 0
  bool places = false;         // a basket has so many places; items are drawn into them
  double together = 1;         // planted pairs (0,1), (2,3) ... are so many times as often together
};

constexpr int kItems = 60;
constexpr int kPlanted = 12;

struct Data {
  std::vector<std::int64_t> offset{0};
  std::vector<std::int32_t> item;
  std::vector<std::int32_t> customer;
  [[nodiscard]] data::BasketsView view() const { return {offset, item, customer, kItems}; }
};

double popularity(int item) { return 0.008 + 0.25 * std::pow((item * 37 % kItems) / 60.0, 4); }

void draw_places(core::Random& random, double take, std::vector<std::uint8_t>& in) {
  double total = 0;
  for (int i = 0; i < kItems; ++i) total += popularity(i);
  const auto size = std::min<std::int64_t>(1 + random.poisson(total * take), kItems / 2);
  for (std::int64_t k = 0; k < size;) {
    double u = random.uniform() * total;
    int i = 0;
    while (i + 1 < kItems && u > popularity(i)) u -= popularity(i++);
    if (in[static_cast<std::size_t>(i)] == 0) ++k;
    in[static_cast<std::size_t>(i)] = 1;
  }
}

Data simulate(const Shop& shop, std::uint64_t seed) {
  constexpr int kCustomers = 800;
  constexpr double kVisits = 8;
  core::Random random(seed, 1);
  Data data;
  std::vector<double> habit(kItems);
  for (int c = 0; c < kCustomers; ++c) {
    double visits = kVisits;
    if (shop.visit_shape > 0) visits *= random.gamma(shop.visit_shape) / shop.visit_shape;
    if (c == 0 && shop.giant > 0) visits = shop.giant * kCustomers * kVisits;
    const double customer_take = std::exp(shop.customer_spread * random.normal());
    for (double& h : habit) h = random.uniform() < shop.habit_share ? shop.habit : 0;
    for (std::int64_t v = random.poisson(visits); v > 0; --v) {
      const double take = customer_take * std::exp(shop.basket_spread * random.normal());
      std::vector<std::uint8_t> in(kItems, 0);
      if (shop.places) draw_places(random, take, in);
      for (int i = 0; i < kItems; ++i) {
        double p = popularity(i);
        p = p * take / (1 - p + p * take);  // the odds are multiplied
        if (habit[static_cast<std::size_t>(i)] > 0) p = habit[static_cast<std::size_t>(i)];
        if (!shop.places && random.uniform() < p) in[static_cast<std::size_t>(i)] = 1;
      }
      // An a brings a b along so often that P(b | a) = together * P(b) in baskets that take as
      // much.
      for (int k = 0; shop.together > 1 && k < kPlanted; k += 2) {
        const auto a = static_cast<std::size_t>(k);
        const double p = popularity(k + 1) * take / (1 - popularity(k + 1) * (1 - take));
        const double more = std::min(1.0, p * (shop.together - 1) / (1 - p));
        if (in[a] != 0 && in[a + 1] == 0 && random.uniform() < more) in[a + 1] = 1;
      }
      for (int i = 0; i < kItems; ++i) {
        if (in[static_cast<std::size_t>(i)] != 0) data.item.push_back(i);
      }
      data.offset.push_back(static_cast<std::int64_t>(data.item.size()));
      data.customer.push_back(c);
    }
  }
  return data;
}

struct Rates {
  double tests = 0, at_5 = 0, at_1 = 0, at_01 = 0, fisher_5 = 0;
};

// Share of pairs rejected, of those whose items are both in `least` baskets; pairs never together
// have p = 1.
Rates reject(const Shop& shop, int shops, bool planted) {
  Rates rates;
  BoughtTogetherOptions options;
  options.min_count = 1;
  options.fdr = 1;
  options.fisher = true;
  for (int s = 0; s < shops; ++s) {
    const Data data = simulate(shop, 100 + static_cast<std::uint64_t>(s));
    const BoughtTogether pairs = bought_together(data.view(), options);
    std::vector<int> count(kItems, 0);
    for (const std::int32_t i : data.item) ++count[static_cast<std::size_t>(i)];
    const auto is_planted = [](int a, int b) { return a % 2 == 0 && b == a + 1 && b < kPlanted; };
    for (int a = 0; a < kItems; ++a) {
      for (int b = a + 1; b < kItems; ++b) {
        const bool frequent =
            std::min(count[static_cast<std::size_t>(a)], count[static_cast<std::size_t>(b)]) >= 20;
        if (frequent && is_planted(a, b) == planted) ++rates.tests;
      }
    }
    for (std::size_t i = 0; i < pairs.size(); ++i) {
      if (is_planted(pairs.item_a[i], pairs.item_b[i]) != planted) continue;
      if (std::min(pairs.n_a[i], pairs.n_b[i]) < 20) continue;
      rates.at_5 += pairs.p_value[i] <= 0.05 ? 1 : 0;
      rates.at_1 += pairs.p_value[i] <= 0.01 ? 1 : 0;
      rates.at_01 += pairs.p_value[i] <= 0.001 ? 1 : 0;
      rates.fisher_5 += pairs.fisher_p[i] <= 0.05 ? 1 : 0;
    }
  }
  for (double* rate : {&rates.at_5, &rates.at_1, &rates.at_01, &rates.fisher_5}) {
    *rate /= rates.tests;
  }
  return rates;
}

void print(const Shop& shop, const Rates& rates) {
  std::printf("%-52s %8.0f %7.2f%% %7.2f%% %7.3f%% %8.1f%%\n", shop.name, rates.tests,
              100 * rates.at_5, 100 * rates.at_1, 100 * rates.at_01, 100 * rates.fisher_5);
}

TEST(BoughtTogetherSimulation, RejectsAtMostSixPercentOfTrueNulls) {
  const std::vector<Shop> shops{
      {.name = "equal baskets"},
      {.name = "unequal baskets", .basket_spread = 0.8},
      {.name = "unequal baskets with places", .basket_spread = 0.8, .places = true},
      {.name = "+ unequal customers",
       .basket_spread = 0.8,
       .customer_spread = 0.8,
       .visit_shape = 0.5},
      {.name = "+ habits (70 % of baskets)",
       .basket_spread = 0.8,
       .customer_spread = 0.8,
       .visit_shape = 0.5,
       .habit_share = 0.02,
       .habit = 0.7},
      {.name = "+ stronger habits (95 %), very unequal customers",
       .basket_spread = 0.8,
       .customer_spread = 0.8,
       .visit_shape = 0.2,
       .habit_share = 0.05,
       .habit = 0.95},
      {.name = "+ a customer with a tenth of the baskets",
       .basket_spread = 0.8,
       .customer_spread = 0.8,
       .visit_shape = 0.5,
       .habit_share = 0.05,
       .habit = 0.7,
       .giant = 0.1},
  };
  std::printf("%-52s %8s %8s %8s %8s %9s\n", "true nulls rejected", "tests", "at 5 %", "at 1 %",
              "at .1 %", "Fisher 5%");
  for (const Shop& shop : shops) {
    const Rates rates = reject(shop, 4 * simulation_scale(), false);
    print(shop, rates);
    EXPECT_LE(rates.at_5, 0.06) << shop.name;
    EXPECT_LE(rates.at_1, 0.015) << shop.name;
    EXPECT_LE(rates.at_01, 0.002) << shop.name;
  }
}

TEST(BoughtTogetherSimulation, FindsPairsThatAreTwiceAsOftenTogether) {
  const std::vector<Shop> shops{
      {.name = "equal baskets, together x2", .together = 2},
      {.name = "unequal baskets, together x2", .basket_spread = 0.8, .together = 2},
      {.name = "+ unequal customers, together x2",
       .basket_spread = 0.8,
       .customer_spread = 0.8,
       .visit_shape = 0.5,
       .together = 2},
      {.name = "+ habits, together x2",
       .basket_spread = 0.8,
       .customer_spread = 0.8,
       .visit_shape = 0.5,
       .habit_share = 0.02,
       .habit = 0.7,
       .together = 2},
  };
  std::printf("%-52s %8s %8s %8s %8s %9s\n", "planted pairs found", "tests", "at 5 %", "at 1 %",
              "at .1 %", "Fisher 5%");
  for (const Shop& shop : shops) {
    const Rates rates = reject(shop, 4 * simulation_scale(), true);
    print(shop, rates);
    EXPECT_GE(rates.at_5, 0.5) << shop.name;
  }
}

// The truth is the ratio of what many other shops of the kind hold in all.
TEST(BoughtTogetherSimulation, IntervalsCoverTheTruthAsOftenAsTheySay) {
  const std::vector<Shop> shops{
      {.name = "unequal baskets", .basket_spread = 0.8},
      {.name = "+ unequal customers",
       .basket_spread = 0.8,
       .customer_spread = 0.8,
       .visit_shape = 1},
      {.name = "+ habits (70 % of baskets)",
       .basket_spread = 0.8,
       .customer_spread = 0.8,
       .visit_shape = 1,
       .habit_share = 0.02,
       .habit = 0.7},
  };
  std::printf("%-52s %8s %12s %12s\n", "95 % intervals that hold the truth", "tests", "lift",
              "confidence");
  double lift_mean = 0;
  double share_mean = 0;
  for (const Shop& shop : shops) {
    constexpr std::size_t kPairs = std::size_t{kItems} * kItems;
    std::vector<double> both(kPairs, 0);
    double all = 0;
    const auto for_pairs = [&](std::uint64_t seed, const auto& work) {
      const Data data = simulate(shop, seed);
      const BoughtTogether pairs = bought_together(data.view(), {.min_count = 1, .fdr = 1});
      for (std::size_t i = 0; i < pairs.size(); ++i) {
        work(pairs, i, static_cast<std::size_t>(pairs.item_a[i] * kItems + pairs.item_b[i]));
      }
      return pairs.baskets;
    };
    std::vector<double> count(kItems, 0);
    for (std::uint64_t s = 0; s < 40; ++s) {
      const Data data = simulate(shop, 9000 + s);
      for (const std::int32_t i : data.item) ++count[static_cast<std::size_t>(i)];
      all += static_cast<double>(data.view().size());
      for_pairs(9000 + s, [&](const BoughtTogether& pairs, std::size_t i, std::size_t pair) {
        both[pair] += static_cast<double>(pairs.n_baskets[i]);
      });
    }
    double tests = 0;
    double lift = 0;
    double share = 0;
    for (std::uint64_t s = 0; s < static_cast<std::uint64_t>(4 * simulation_scale()); ++s) {
      for_pairs(100 + s, [&](const BoughtTogether& pairs, std::size_t i, std::size_t pair) {
        const auto a = static_cast<std::size_t>(pairs.item_a[i]);
        const auto b = static_cast<std::size_t>(pairs.item_b[i]);
        if (both[pair] < 40 * 20) return;  // 20 baskets are expected
        const double true_lift = both[pair] * all / (count[a] * count[b]);
        const double true_share = both[pair] / count[a];
        ++tests;
        lift += pairs.lift_low[i] <= true_lift && true_lift <= pairs.lift_high[i] ? 1 : 0;
        share +=
            pairs.confidence_ab_low[i] <= true_share && true_share <= pairs.confidence_ab_high[i]
                ? 1
                : 0;
      });
    }
    std::printf("%-52s %8.0f %11.1f%% %11.1f%%\n", shop.name, tests, 100 * lift / tests,
                100 * share / tests);
    EXPECT_GT(lift / tests, 0.90) << shop.name;
    EXPECT_GT(share / tests, 0.90) << shop.name;
    lift_mean += lift / tests / static_cast<double>(shops.size());
    share_mean += share / tests / static_cast<double>(shops.size());
  }
  EXPECT_NEAR(lift_mean, 0.95, 0.02);
  EXPECT_NEAR(share_mean, 0.95, 0.02);
}

}  // namespace
}  // namespace emptor::mining
