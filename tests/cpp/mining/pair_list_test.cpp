#include "emptor/mining/bought_next.hpp"

#include "mining/planted_shop.hpp"

#include <gtest/gtest.h>

#include <array>

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

}  // namespace
}  // namespace emptor::mining
