#include "mining/pair_search.hpp"
#include "mining/planted_shop.hpp"

#include <gtest/gtest.h>

namespace emptor::mining {
namespace {

using test::small_shop;

TEST(PairCheck, CheckSplitsInTime) {
  const auto shop = small_shop(3, 90, 3000);
  BoughtNextOptions options;
  options.min_antecedent = 30;
  options.min_events = 10;
  options.check = "0.6";
  const auto share = bought_next(shop.view(), options);
  ASSERT_TRUE(share.check.has_value());
  EXPECT_EQ(share.check->split, shop.first_day + 300 - 1);
  EXPECT_GE(share.check->n_found, 3);
  EXPECT_GT(share.check->ratio.low, 1);
  EXPECT_GT(share.check->ratio.high, share.check->ratio.value);
  EXPECT_NEAR(share.check->ratio_all, 1, 0.1);
  EXPECT_GE(share.check->n_testable, share.check->n_confirmed);
  options.check = data::iso_date(share.check->split);
  EXPECT_EQ(bought_next(shop.view(), options).check->ratio.value, share.check->ratio.value);
  // What is found in the first part does not depend on the rest.
  const auto first = next::part_of(shop.view(), shop.first_day, share.check->split);
  options.check = "";
  options.max_customer_share = 0.2;
  EXPECT_EQ(bought_next(first.view, options).n_proven, share.check->n_found);
}

}  // namespace
}  // namespace emptor::mining
