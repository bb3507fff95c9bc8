#include "customers/crowded_days.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace emptor::customers {

TEST(CrowdedDays, DaysChangeLessThanPurchases) {
  EXPECT_EQ(day_ratio(0.8, 0), 0.8);
  EXPECT_DOUBLE_EQ(day_ratio(1, 0.3), 1);
  EXPECT_EQ(day_ratio(0, 0.3), 0);
  // A purchase rate of .5 a day leaves 1 - exp(-.5) of the days; .4 a day 1 - exp(-.4).
  EXPECT_NEAR(day_ratio(0.8, 1 - std::exp(-0.5)), (1 - std::exp(-0.4)) / (1 - std::exp(-0.5)),
              1e-14);
  EXPECT_NEAR(day_ratio(0.5, 1), 1, 1e-2);
  double before = 0.8;
  for (const double days : {0.01, 0.1, 0.3, 0.6, 0.9}) {
    EXPECT_GT(day_ratio(0.8, days), before);
    EXPECT_LT(day_ratio(1.2, days), 1.2);
    before = day_ratio(0.8, days);
  }
}

TEST(CrowdedDays, PurchaseFactorInvertsTheMeanRatioOfDays) {
  const std::vector<double> days{0.01, 0.1, 0.4, 0.7}, count{1000, 300, 50, 2};
  for (const double factor : {0.1, 0.5, 0.8, 1.0, 1.2, 3.0}) {
    double changed = 0, total = 0;
    for (std::size_t i = 0; i < days.size(); ++i) {
      changed += count[i] * days[i] * day_ratio(factor, days[i]);
      total += count[i] * days[i];
    }
    EXPECT_NEAR(purchase_factor(days, count, changed / total), factor, 1e-7 * factor);
  }
  EXPECT_EQ(purchase_factor({}, {}, 0.7), 0.7);
}

}  // namespace emptor::customers
