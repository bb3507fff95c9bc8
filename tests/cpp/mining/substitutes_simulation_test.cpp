// Planted truth: shops whose customers put items into a visit independently of each other given how
// much they take, with everything that could look like a choice between two items; and shops where
// of two items that would both be taken one stays on the shelf. EMPTOR_SIMULATION_SCALE multiplies
// the number of shops.

#include "emptor/mining/substitutes.hpp"

#include "mining/choice_shop.hpp"
#include "simulation.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <vector>

namespace emptor::mining {
namespace {

using test::ChoiceShop;

bool planted(const ChoiceShop& shop, std::int32_t a, std::int32_t b) {
  return a % 2 == 0 && b == a + 1 && a < 2 * shop.planted;
}

ChoiceShop hard(const char* name) {
  ChoiceShop shop;
  shop.name = name;
  shop.basket_spread = 0.8;
  shop.customer_spread = 0.8;
  shop.visit_shape = 0.7;
  shop.taste = 1.5;
  return shop;
}

TEST(SubstitutesSimulation, RejectsAtMostSixPercentOfTrueNulls) {
  std::vector<ChoiceShop> shops{{.name = "equal visits"},
                                {.name = "unequal visits", .basket_spread = 0.8},
                                hard("+ unequal customers and tastes"),
                                hard("+ tastes that drift"),
                                hard("+ launches, withdrawals, stock-outs"),
                                hard("+ items that follow each other")};
  shops[3].drift = 1;
  shops[4].launches = shops[4].stock_outs = true;
  shops[5].successions = true;
  std::printf("%-40s %8s %8s %8s %8s %8s\n", "true nulls rejected (min_effect 0)", "tests",
              "at 5 %", "at 1 %", "at .1 %", "graded");
  for (const ChoiceShop& shop : shops) {
    double tests = 0, at_5 = 0, at_1 = 0, at_01 = 0, graded = 0;
    for (int s = 0; s < 2 * testing::simulation_scale(); ++s) {
      const auto data = test::choices_of(shop, 100 + static_cast<std::uint64_t>(s));
      SubstitutesOptions options;
      options.min_effect = 0;
      options.all_pairs = true;
      const Substitutes result = substitutes(data.view(), options);
      graded += static_cast<double>(result.n_proven + result.n_likely);
      for (std::size_t i = 0; i < result.size(); ++i) {
        ++tests;
        at_5 += result.p_value[i] <= 0.05 ? 1 : 0;
        at_1 += result.p_value[i] <= 0.01 ? 1 : 0;
        at_01 += result.p_value[i] <= 0.001 ? 1 : 0;
      }
    }
    std::printf("%-40s %8.0f %7.2f%% %7.2f%% %7.3f%% %8.0f\n", shop.name, tests, 100 * at_5 / tests,
                100 * at_1 / tests, 100 * at_01 / tests, graded);
    EXPECT_LE(at_5 / tests, 0.06) << shop.name;
    EXPECT_LE(at_1 / tests, 0.015) << shop.name;
    EXPECT_LE(at_01 / tests, 0.0025) << shop.name;
  }
}

// What is not a choice between two items, though they share visits less than chance has it.
TEST(SubstitutesSimulation, ErrandsSeasonsAndMoodsAreNotSubstitutes) {
  std::vector<ChoiceShop> shops{hard("two kinds of errands"), hard("opposite seasons"),
                                hard("visits in five moods")};
  shops[0].errands = true;
  shops[1].seasons = true;
  shops[2].moods = 1;
  std::printf("%-40s %8s %8s %8s\n", "not substitutes", "tests", "below 1", "proven");
  for (const ChoiceShop& shop : shops) {
    double tests = 0, below = 0, proven = 0;
    for (int s = 0; s < 2 * testing::simulation_scale(); ++s) {
      const auto data = test::choices_of(shop, 300 + static_cast<std::uint64_t>(s));
      SubstitutesOptions options;
      options.all_pairs = true;
      const Substitutes result = substitutes(data.view(), options);
      tests += static_cast<double>(result.size());
      for (const double high : result.ratio_high) below += high < 1 ? 1 : 0;
      proven += static_cast<double>(result.n_proven);
    }
    std::printf("%-40s %8.0f %7.1f%% %8.0f\n", shop.name, tests, 100 * below / tests, proven);
    EXPECT_LE(proven, 0.0002 * tests) << shop.name;
  }
}

TEST(SubstitutesSimulation, FindsPlantedSubstitutesAndLittleElse) {
  std::vector<ChoiceShop> shops{hard("one in five stays together"), hard("half stay together"),
                                hard("one in five, and stock-outs, launches")};
  shops[1].both = 0.5;
  shops[2].stock_outs = shops[2].launches = true;
  std::printf("%-40s %8s %8s %8s\n", "planted, in five moods", "planted", "found", "false");
  double found = 0, wrong = 0;
  for (ChoiceShop& shop : shops) {
    shop.moods = 1;
    shop.planted = 8;
    double pairs = 0, right = 0, proven = 0;
    for (int s = 0; s < 2 * testing::simulation_scale(); ++s) {
      const auto data = test::choices_of(shop, 500 + static_cast<std::uint64_t>(s));
      SubstitutesOptions options;
      options.all_pairs = true;
      const Substitutes result = substitutes(data.view(), options);
      for (std::size_t i = 0; i < result.size(); ++i) {
        const bool truth = planted(shop, result.item_a[i], result.item_b[i]);
        pairs += truth ? 1 : 0;
        if (result.grade[i] != Grade::proven) continue;
        ++proven;
        right += truth ? 1 : 0;
      }
    }
    std::printf("%-40s %8.0f %7.1f%% %8.0f\n", shop.name, pairs, 100 * right / pairs,
                proven - right);
    EXPECT_GE(right / pairs, shop.both < 0.5 ? 0.85 : 0.3) << shop.name;
    found += proven;
    wrong += proven - right;
  }
  EXPECT_LE(wrong, 0.05 * found);
}

}  // namespace
}  // namespace emptor::mining
