#include "mining/availability.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace emptor::mining {
namespace {

// Customer 0 and 1 come on every day from 100 to 399; item 0 is always bought by both, item 1 by
// customer 0 except on days 200 to 219, item 2 twice, item 3 once.
TEST(Availability, SeesLaunchesWithdrawalsAndLongAbsencesOnly) {
  std::vector<std::int32_t> customer, item;
  std::vector<data::Day> day;
  for (std::int32_t c = 0; c < 2; ++c) {
    for (data::Day d = 100; d < 400; ++d) {
      const auto add = [&](std::int32_t i) {
        customer.push_back(c);
        day.push_back(d);
        item.push_back(i);
      };
      add(0);
      if (c == 0 && d >= 120 && d < 380 && (d < 200 || d > 219) && d != 300) add(1);
      if (c == 1 && (d == 150 || d == 350)) add(2);
      if (c == 1 && d == 160) add(3);
    }
  }
  const Availability availability({customer, day, item, 5, data::kNoDay, data::kNoDay, {}, {}});
  EXPECT_TRUE(availability.on_sale(0, 100, 399));
  EXPECT_FALSE(availability.on_sale(0, 99, 150));
  EXPECT_FALSE(availability.on_sale(0, 150, 400));
  EXPECT_TRUE(availability.on_sale(1, 120, 199));
  EXPECT_FALSE(availability.on_sale(1, 119, 150));
  EXPECT_FALSE(availability.on_sale(1, 199, 200));
  EXPECT_FALSE(availability.on_sale(1, 219, 230));
  EXPECT_TRUE(availability.on_sale(1, 220, 379));  // one day without it is chance
  EXPECT_FALSE(availability.on_sale(1, 370, 380));
  ASSERT_EQ(availability.absences(1).size(), 1U);
  EXPECT_EQ(availability.absences(1)[0].from, 200);
  EXPECT_EQ(availability.absences(1)[0].to, 219);
  // ln(1000 n) sales at the item's own rate.
  const double n = 260 - 20 - 1;
  EXPECT_NEAR(availability.unseen_days(1), std::log(1000 * n) * (379 - 120) / n, 1e-9);
  // Bought twice: nothing in between can be told.
  EXPECT_TRUE(availability.on_sale(2, 150, 350));
  EXPECT_GT(availability.unseen_days(2), 700);
  EXPECT_TRUE(std::isinf(availability.unseen_days(3)));
  EXPECT_FALSE(availability.on_sale(4, 150, 150));  // never sold
  EXPECT_EQ(availability.n_absences(), 1U);
}

TEST(Availability, NothingBought) {
  const Availability availability({{}, {}, {}, 2, data::kNoDay, data::kNoDay, {}, {}});
  EXPECT_FALSE(availability.on_sale(0, 0, 0));
  EXPECT_TRUE(availability.absences(1).empty());
}

}  // namespace
}  // namespace emptor::mining
