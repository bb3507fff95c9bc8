#include "emptor/mining/bought_next.hpp"

#include "mining/planted_shop.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <utility>
#include <vector>

namespace emptor::mining {
namespace {

using test::small_shop;

TEST(PairList, FindsWhatWasPlantedAndGradesIt) {
  const auto shop = small_shop(3, 90, 1500);
  BoughtNextOptions options;
  options.min_antecedent = 30;
  options.min_events = 10;
  options.watch = 5;
  const auto result = bought_next(shop.view(), options);
  int planted = 0, wrong = 0;
  std::array<int, 4> count{};
  for (std::size_t i = 0; i < result.size(); ++i) {
    ++count[static_cast<std::size_t>(result.grade[i])];
    const bool is_planted = result.antecedent[i] < 12 && result.antecedent[i] % 2 == 0 &&
                            result.consequent[i] == result.antecedent[i] + 1;
    if (result.grade[i] == Grade::proven) {
      EXPECT_LE(result.q_value[i], 0.05);
      planted += is_planted ? 1 : 0;
      // Newcomers buy much for the first time at once, so that planted consequents rise after
      // other first purchases as well; the rest is null.
      wrong += result.consequent[i] >= 12 ? 1 : 0;
    }
    if (result.grade[i] == Grade::likely) {
      EXPECT_GT(result.q_value[i], 0.05);
      EXPECT_LE(result.q_value[i], 0.20);
    }
    EXPECT_LE(result.p_within_low[i], result.p_within[i]);
    EXPECT_GE(result.p_within_high[i], result.p_within[i]);
    EXPECT_LE(result.customer_share[i], 0.2);
    if (i > 0) {
      ASSERT_LE(result.grade[i - 1], result.grade[i]);
      if (result.grade[i - 1] == result.grade[i]) {
        EXPECT_GE(result.excess[i - 1], result.excess[i]);
      }
    }
  }
  EXPECT_GE(planted, 5);
  EXPECT_LE(wrong, 1);
  EXPECT_LE(count[2], 5);
  EXPECT_EQ(count[3], 0);
  EXPECT_EQ(result.n_proven, count[0]);
  EXPECT_LE(result.placebo_discoveries, 1);

  options.top = 2;
  const auto top = bought_next(shop.view(), options);
  EXPECT_EQ(top.size(), 2U);
  EXPECT_TRUE(top.truncated);
  EXPECT_EQ(top.antecedent[0], result.antecedent[0]);
  EXPECT_EQ(top.n_proven, result.n_proven);
}

TEST(PairList, WatchesTheLargestLowerLimitsOfAllOpenPairs) {
  // Most excesses are not worked out to the end; those watched are the ones of a list of all.
  const auto shop = small_shop(3, 90, 1500);
  for (const auto evidence : {Evidence::affinity, Evidence::timing}) {
    BoughtNextOptions options;
    options.min_antecedent = 30;
    options.min_events = 3;
    options.evidence = evidence;
    options.all_pairs = true;
    options.watch = 0;
    const auto all = bought_next(shop.view(), options);
    std::vector<std::size_t> open;
    for (std::size_t i = 0; i < all.size(); ++i)
      if (all.grade[i] == Grade::none && all.excess[i] > 0) open.push_back(i);
    std::stable_sort(open.begin(), open.end(), [&](std::size_t x, std::size_t y) {
      return all.excess_low[x] > all.excess_low[y];
    });
    ASSERT_GT(open.size(), 400U);
    for (const std::size_t watch : {0U, 1U, 20U, 300U, 100000U}) {
      options.all_pairs = false;
      options.watch = static_cast<int>(watch);
      const auto some = bought_next(shop.view(), options);
      std::map<std::pair<std::int32_t, std::int32_t>, double> expected;
      for (std::size_t k = 0; k < std::min(watch, open.size()); ++k)
        expected[{all.antecedent[open[k]], all.consequent[open[k]]}] = all.excess[open[k]];
      std::size_t found = 0;
      for (std::size_t i = 0; i < some.size(); ++i) {
        if (some.grade[i] != Grade::watch) continue;
        const auto pair = expected.find({some.antecedent[i], some.consequent[i]});
        ASSERT_NE(pair, expected.end());
        EXPECT_EQ(pair->second, some.excess[i]);
        ++found;
      }
      EXPECT_EQ(found, expected.size());
    }
  }
}

}  // namespace
}  // namespace emptor::mining
