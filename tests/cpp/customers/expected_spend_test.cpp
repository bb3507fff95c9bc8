// expected_spend is tested with the fits it takes, in fit_spend_test.cpp; here are its own table
// and what it says of fits that are not ok.
#include "emptor/customers/expected_spend.hpp"

#include <gtest/gtest.h>

#include <array>

namespace emptor::customers {

TEST(ExpectedSpend, LiesBetweenHisOwnMeanAndThatOfAll) {
  const SpendFit fit = spend_fit(6, 4, 15);  // mean of all: 30
  constexpr std::array<std::int64_t, 4> frequency{1, 5, 50, 5};
  constexpr std::array<double, 4> spend{60, 60, 60, 30};
  const auto found = expected_spend(fit, {frequency, spend});
  EXPECT_GT(found.expected_spend[0], 30);
  EXPECT_GT(found.expected_spend[1], found.expected_spend[0]);
  EXPECT_GT(found.expected_spend[2], found.expected_spend[1]);
  EXPECT_LT(found.expected_spend[2], 60);
  EXPECT_NEAR(found.expected_spend[3], 30, 1e-12);
  // ... and the more orders it rests on, the narrower.
  EXPECT_LT(found.expected_spend_high[2] - found.expected_spend_low[2],
            found.expected_spend_high[1] - found.expected_spend_low[1]);
  EXPECT_EQ(found.columns().size(), 5u);
}

TEST(ExpectedSpend, PassesTheStatusOfTheFitOn) {
  SpendFit fit = spend_fit(6, 4, 15);
  fit.status = Status::boundary;
  constexpr std::array<std::int64_t, 2> frequency{0, 1};
  constexpr std::array<double, 2> spend{0, 20};
  const auto found = expected_spend(fit, {frequency, spend});
  EXPECT_EQ(found.status[0], Status::boundary);
  EXPECT_EQ(found.status[1], Status::boundary);
}

}  // namespace emptor::customers
