#include "emptor/metrics/movers.hpp"

#include "emptor/core/error.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

namespace emptor::metrics {
namespace {

std::string message_of(const MoversView& view, const MoversOptions& options = {}) {
  try {
    movers(view, options);
  } catch (const InvalidArgument& error) {
    return error.what();
  }
  return "";
}

TEST(Movers, AddsUpByItemAndSortsByTheSizeOfTheChange) {
  const std::vector<std::int32_t> item{0, 0, 1, 1, 2};
  const std::vector<double> now{10, 0, 50, 40, 5};
  const std::vector<double> before{0, 4, 10, 20, 5};
  const auto result = movers({item, now, before, 3}, {.min_customers = 2});
  EXPECT_EQ(result.item, (std::vector<std::int32_t>{1, 0, 2}));
  EXPECT_EQ(result.change, (std::vector<double>{60, 6, 0}));
  EXPECT_EQ(result.n, (std::vector<std::int64_t>{2, 2, 1}));
  EXPECT_DOUBLE_EQ(result.growth[0], 2.0);
  EXPECT_DOUBLE_EQ(result.market_growth, 105.0 / 39.0 - 1);
  EXPECT_EQ(result.n_tested, 2);
  EXPECT_EQ(result.n_untestable, 1);
}

// Two customers with changes 40 and 20.
TEST(Movers, IntervalAndPValueAgreeWithEachOther) {
  const std::vector<std::int32_t> item{0, 0};
  const std::vector<double> now{50, 40};
  const std::vector<double> before{10, 20};
  const auto wide = movers({item, now, before, 1}, {.min_customers = 2});
  // The level at which the interval touches zero is one less the p-value.
  MoversOptions options{.min_customers = 2};
  options.level = 1 - wide.p_value[0];
  const auto touching = movers({item, now, before, 1}, options);
  EXPECT_NEAR(touching.change_low[0], 0, 1e-6);
  EXPECT_NEAR(wide.change_low[0] + wide.change_high[0], 120, 1e-9);
  EXPECT_EQ(wide.status[0], Status::small_sample);
}

TEST(Movers, WhatOneCustomerDidIsNeverSure) {
  std::vector<std::int32_t> item(20, 0);
  std::vector<double> now(20, 1.0);
  const std::vector<double> before(20, 1.0);
  now[7] = 1000000;
  const auto result = movers({item, now, before, 1});
  // Student's law with 3 degrees of freedom at t = 1: scipy 2 * t.sf(1, 3) = 0.3910022.
  EXPECT_NEAR(result.p_value[0], 0.3910022, 1e-6);
  EXPECT_LT(result.change_low[0], 0);
}

TEST(Movers, TooFewCustomersGetAStatusAndNoInterval) {
  const std::vector<std::int32_t> item{0, 0, 0};
  const std::vector<double> now{1, 2, 3};
  const std::vector<double> before{0, 0, 0};
  const auto result = movers({item, now, before, 1});
  EXPECT_EQ(result.status[0], Status::not_enough_data);
  EXPECT_TRUE(std::isnan(result.change_low[0]));
  EXPECT_TRUE(std::isnan(result.growth[0]));
  EXPECT_DOUBLE_EQ(result.change[0], 6);
}

TEST(Movers, EmptyInputGivesAnEmptyResult) { EXPECT_EQ(movers(MoversView{}).item.size(), 0U); }

TEST(Movers, NamesWhatIsWrong) {
  const std::vector<std::int32_t> item{1, 0};
  const std::vector<double> two{1, 2};
  const std::vector<double> one{1};
  const std::vector<double> infinite{1, INFINITY};
  const std::vector<std::int32_t> sorted{0, 0};
  EXPECT_EQ(message_of({item, two, one, 2}),
            "movers: item, revenue and revenue_before must be equally long");
  EXPECT_EQ(message_of({item, two, two, 2}),
            "movers: item[1] must not fall and lie in [0, n_items), got 0");
  EXPECT_EQ(message_of({sorted, infinite, two, 2}), "movers: revenue[1] must be finite");
  EXPECT_EQ(message_of({sorted, two, two, 2}, {.level = 1}),
            "movers: level must lie between 0 and 1");
  EXPECT_THROW(parse_baseline("last year", "movers"), InvalidArgument);
}

}  // namespace
}  // namespace emptor::metrics
