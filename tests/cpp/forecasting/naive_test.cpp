#include "emptor/forecasting/naive.hpp"

#include "emptor/core/error.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

namespace emptor::forecasting {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
const std::vector<double> kValues{10, 20, 30, 12, 24, 33};

// By hand. Differences 10 10 -18 12 9, seasonal (3) ones 2 4 3, slope 23/5.
TEST(Naive, Golden) {
  const NaiveFit last = fit_naive(kValues, NaiveModel::naive);
  EXPECT_EQ(forecast(last, 2), (std::vector<double>{33, 33}));
  EXPECT_DOUBLE_EQ(last.sigma, std::sqrt((100 + 100 + 324 + 144 + 81) / 5.0));
  EXPECT_DOUBLE_EQ(standard_errors(last, 4)[3], 2 * last.sigma);

  const NaiveFit season = fit_naive(kValues, NaiveModel::seasonal_naive, 3);
  EXPECT_EQ(forecast(season, 7), (std::vector<double>{12, 24, 33, 12, 24, 33, 12}));
  EXPECT_DOUBLE_EQ(season.sigma, std::sqrt(29 / 3.0));
  EXPECT_DOUBLE_EQ(standard_errors(season, 7)[2], season.sigma);
  EXPECT_DOUBLE_EQ(standard_errors(season, 7)[3], std::sqrt(2.0) * season.sigma);

  const NaiveFit drift = fit_naive(kValues, NaiveModel::drift);
  EXPECT_DOUBLE_EQ(forecast(drift, 3)[2], 33 + 3 * 4.6);
  EXPECT_DOUBLE_EQ(standard_errors(drift, 2)[1], drift.sigma * std::sqrt(2 + 4 / 5.0));

  const NaiveFit mean = fit_naive(kValues, NaiveModel::mean);
  EXPECT_DOUBLE_EQ(forecast(mean, 1)[0], 21.5);
  EXPECT_DOUBLE_EQ(standard_errors(mean, 1)[0], mean.sigma * std::sqrt(1 + 1 / 6.0));
}

TEST(Naive, MissingValuesAreSkipped) {
  const std::vector<double> y{kNaN, 10, 20, 30, kNaN, 24, 33, kNaN};
  EXPECT_EQ(forecast(fit_naive(y, NaiveModel::naive), 1)[0], 33);
  // The place whose last value is missing repeats the one before.
  EXPECT_EQ(forecast(fit_naive(y, NaiveModel::seasonal_naive, 3), 3),
            (std::vector<double>{10, 24, 33}));
  EXPECT_DOUBLE_EQ(forecast(fit_naive(y, NaiveModel::mean), 1)[0], 117 / 5.0);
}

std::string message(const std::vector<double>& y, NaiveModel model, int season_length = 1) {
  try {
    fit_naive(y, model, season_length);
  } catch (const InvalidArgument& e) {
    return e.what();
  }
  return "nothing thrown";
}

TEST(Naive, Input) {
  const double infinite = std::numeric_limits<double>::infinity();
  EXPECT_EQ(message({1, -infinite}, NaiveModel::mean),
            "fit_naive: y[1] is infinite; write NaN for a missing value");
  EXPECT_EQ(message({kNaN}, NaiveModel::naive), "fit_naive: y has no known value");
  EXPECT_EQ(message({1, 2}, NaiveModel::naive, 0),
            "fit_naive: season_length is 0; write 1 for no season, 12 for months of a year");
  EXPECT_EQ(message({1, 2}, NaiveModel::seasonal_naive, 4),
            "fit_naive: seasonal_naive needs a value for each of the 4 places of the season; y has "
            "2 known values");
  // One value has a forecast but no error to learn from.
  const NaiveFit one = fit_naive(std::vector<double>{7}, NaiveModel::drift);
  EXPECT_EQ(forecast(one, 2), (std::vector<double>{7, 7}));
  EXPECT_TRUE(std::isnan(standard_errors(one, 1)[0]));
}

}  // namespace
}  // namespace emptor::forecasting
