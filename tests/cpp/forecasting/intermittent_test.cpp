#include "emptor/forecasting/intermittent.hpp"

#include "emptor/core/error.hpp"
#include "emptor/forecasting/forecast.hpp"

#include "core/random.hpp"
#include "simulation.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <limits>
#include <string>
#include <vector>

namespace emptor::forecasting {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
const std::vector<double> kParts{0, 2, 0, 1, 0, 11, 0, 0, 0, 0, 2, 0,
                                 6, 3, 0, 0, 0, 0,  0, 7, 0, 0, 0, 0};

double mean_of(const std::vector<double>& y, IntermittentModel model, double alpha = 0,
               double alpha_interval = 0) {
  return fit_intermittent(y, {.model = model, .alpha = alpha, .alpha_interval = alpha_interval})
      .mean;
}

// R 4.2.2 forecast::croston(alpha = .1) and statsforecast 2.1.1 (CrostonClassic, CrostonSBA,
// TSB(.1, .1), ADIDA, IMAPA), which round to all digits here.
TEST(Intermittent, Golden) {
  const IntermittentFit croston = fit_intermittent(
      kParts, {.model = IntermittentModel::croston, .alpha = 0.1, .alpha_interval = 0.1});
  EXPECT_NEAR(croston.mean, 1.3625345038952823, 1e-14);
  EXPECT_NEAR(croston.demand, 3.445441, 1e-6);
  EXPECT_NEAR(croston.interval, 2.5287, 1e-4);
  EXPECT_NEAR(mean_of(kParts, IntermittentModel::sba, 0.1, 0.1), 1.2944077787005182, 1e-14);
  const IntermittentFit tsb = fit_intermittent(
      kParts, {.model = IntermittentModel::tsb, .alpha = 0.1, .alpha_interval = 0.1});
  EXPECT_NEAR(tsb.mean, 0.6694230006482437, 1e-14);
  EXPECT_NEAR(tsb.probability, 0.1942924, 1e-7);
  // The optimum lies on the edge of the range, where the peer's search stops 3e-13 short of it.
  EXPECT_NEAR(mean_of(kParts, IntermittentModel::adida), 1.0038810000005753, 1e-11);
  EXPECT_EQ(fit_intermittent(kParts, {.model = IntermittentModel::adida}).aggregation, 3);
  EXPECT_NEAR(mean_of(kParts, IntermittentModel::imapa), 1.0501752585417987, 1e-11);
  // CrostonOptimized.
  EXPECT_NEAR(mean_of(kParts, IntermittentModel::croston), 1.7183097328180266, 1e-6);
}

// The same of a series drawn once, by statsforecast 2.1.1 (TSB(.1, .2)). Where alpha is searched,
// the peer stops a little earlier.
TEST(Intermittent, GoldenOfALongerSeries) {
  const std::vector<double> y{0, 3, 3, 2, 1, 0, 1, 2, 5, 2, 3, 2, 0, 3, 2, 2, 0, 0, 1, 3,
                              1, 3, 1, 3, 0, 0, 2, 2, 1, 2, 0, 0, 2, 1, 0, 0, 3, 0, 4, 1,
                              0, 1, 2, 0, 0, 1, 0, 3, 0, 2, 0, 4, 1, 0, 1, 2, 0, 0, 2, 0};
  EXPECT_NEAR(mean_of(y, IntermittentModel::croston, 0.1, 0.1), 1.108803448011572, 1e-14);
  EXPECT_NEAR(mean_of(y, IntermittentModel::croston), 1.0815450443620953, 3e-6);
  EXPECT_NEAR(mean_of(y, IntermittentModel::sba, 0.1, 0.1), 1.0533632756109934, 1e-14);
  EXPECT_NEAR(mean_of(y, IntermittentModel::tsb, 0.1, 0.2), 0.8841525575002078, 1e-14);
  EXPECT_NEAR(mean_of(y, IntermittentModel::adida), 1.1103248897648652, 1e-6);
  EXPECT_NEAR(mean_of(y, IntermittentModel::imapa), 1.0161832851671306, 1e-6);
}

TEST(Intermittent, Classes) {
  EXPECT_EQ(demand_class(kParts), DemandClass::lumpy);
  EXPECT_EQ(demand_class(std::vector<double>{0, 2, 0, 2, 0, 2}), DemandClass::intermittent);
  EXPECT_EQ(demand_class(std::vector<double>{2, 2, 3, 2, 2, 3}), DemandClass::smooth);
  EXPECT_EQ(demand_class(std::vector<double>{1, 1, 1, 20, 1, 1}), DemandClass::erratic);
  EXPECT_EQ(demand_class(std::vector<double>{0, 0, kNaN}), DemandClass::none);
  EXPECT_EQ(to_string(DemandClass::lumpy), "lumpy");
  EXPECT_EQ(to_string(IntermittentModel::imapa), "imapa");
}

TEST(Intermittent, Identities) {
  // Constant demand in every period is its own forecast, under every model.
  const std::vector<double> every(20, 4.0);
  for (auto model : {IntermittentModel::croston, IntermittentModel::tsb, IntermittentModel::adida,
                     IntermittentModel::imapa}) {
    EXPECT_DOUBLE_EQ(mean_of(every, model), 4) << to_string(model);
  }
  EXPECT_DOUBLE_EQ(mean_of(every, IntermittentModel::sba, 0.2, 0.2), 4 * 0.9);
  // A missing period is as if it had not been.
  std::vector<double> gaps;
  for (double v : kParts) {
    gaps.push_back(v);
    gaps.push_back(kNaN);
  }
  for (auto model : {IntermittentModel::croston, IntermittentModel::sba, IntermittentModel::tsb,
                     IntermittentModel::adida, IntermittentModel::imapa}) {
    EXPECT_EQ(mean_of(gaps, model), mean_of(kParts, model)) << to_string(model);
  }
  // What has never sold is forecast 0, and what has stopped selling falls towards it with tsb.
  EXPECT_EQ(mean_of({0, 0, 0, 0}, IntermittentModel::tsb), 0);
  std::vector<double> stopped(kParts);
  stopped.resize(100, 0.0);
  EXPECT_LT(mean_of(stopped, IntermittentModel::tsb), 0.01);
  EXPECT_EQ(mean_of(stopped, IntermittentModel::croston),
            mean_of(kParts, IntermittentModel::croston));
}

TEST(Intermittent, LawsOfCounts) {
  const CountLaw poisson{2, std::numeric_limits<double>::infinity()};
  EXPECT_NEAR(poisson.cdf(2), 5 * std::exp(-2.0), 1e-14);
  EXPECT_EQ(poisson.quantile(0.5), 2);
  EXPECT_EQ(poisson.quantile(0.95), 5);
  const CountLaw wide{2, 0.5};  // P(0) = (1 + mean / size)^-size
  EXPECT_NEAR(wide.cdf(0), std::pow(5.0, -0.5), 1e-14);
  EXPECT_NEAR(wide.times(2).cdf(0), 1 / 5.0, 1e-14);
  for (double p : {0.01, 0.3, 0.5, 0.8, 0.999}) {
    const double q = wide.quantile(p);
    EXPECT_GE(wide.cdf(q), p);
    EXPECT_LT(wide.cdf(q - 1), p);
  }
  EXPECT_EQ((CountLaw{0, 1}).quantile(0.99), 0);
  // Amounts have no law of counts.
  EXPECT_FALSE(fit_intermittent(std::vector<double>{0, 1.5, 0, 2}).counts);
}

/// A gamma-Poisson count: mean `mean`, shape `size`.
double count(core::Random& random, double mean, double size) {
  double rate = 0;  // gamma of whole shape as a sum of exponentials
  for (int i = 0; i < static_cast<int>(size); ++i) rate -= std::log(1 - random.uniform());
  rate *= mean / size;
  double sum = -std::log(1 - random.uniform());
  double n = 0;
  while (sum < rate) {
    sum -= std::log(1 - random.uniform());
    ++n;
  }
  return n;
}

// The planted spread is found.
TEST(IntermittentSimulation, SizeOfTheLaw) {
  core::Random random(11, 1);
  std::vector<double> y(4000);
  for (double& v : y) v = count(random, 1.5, 2);
  const IntermittentFit fit = fit_intermittent(y, {.alpha = 0.1, .alpha_interval = 0.1});
  EXPECT_NEAR(fit.mean, 1.5, 0.4);
  EXPECT_NEAR(fit.law.size, 2, 0.5);
}

// Intervals of steps and of sums of seldom sold counts hold what they say, and a little more as
// counts are whole.
TEST(IntermittentSimulation, IntervalsOfForecast) {
  const int series = 400 * testing::simulation_scale();
  std::vector<double> y;
  std::vector<std::int64_t> offset{0};
  std::vector<double> next;
  core::Random random(12, 1);
  for (int s = 0; s < series; ++s) {
    const double mean = 0.2 + 0.8 * random.uniform();
    for (int t = 0; t < 64; ++t) (t < 60 ? y : next).push_back(count(random, mean, 1 + s % 3));
    offset.push_back(static_cast<std::int64_t>(y.size()));
  }
  SeriesView view;
  view.y = y;
  view.offset = offset;
  for (ForecastModel model : {ForecastModel::automatic, ForecastModel::tsb}) {
    const Forecast f = forecast(view, {.horizon = 4, .model = model});
    double steps = 0, sums = 0;
    for (std::size_t s = 0; s < static_cast<std::size_t>(series); ++s) {
      double sum = 0;
      for (std::size_t h = 0; h < 4; ++h) {
        const double v = next[4 * s + h];
        sum += v;
        steps += v >= f.band.low[1][4 * s + h] && v <= f.band.high[1][4 * s + h] ? 1 : 0;
      }
      sums += sum >= f.totals.band.low[1][s] && sum <= f.totals.band.high[1][s] ? 1 : 0;
    }
    std::printf("95 %% intervals: steps %.3f sums %.3f, said of the past %.3f\n",
                steps / (4 * series), sums / series, f.coverage[1]);
    EXPECT_GT(steps / (4 * series), 0.95);
    EXPECT_LT(steps / (4 * series), 0.995);
    EXPECT_GT(sums / series, 0.93);
    EXPECT_GT(f.coverage[1], 0.94);
  }
}

TEST(Intermittent, IntervalsOfForecastAreWholeNumbers) {
  SeriesView view;
  view.y = kParts;
  const Forecast f = forecast(view, {.horizon = 3});
  for (std::size_t k = 0; k < 2; ++k) {
    for (std::size_t h = 0; h < 3; ++h) {
      EXPECT_EQ(f.band.low[k][h], std::floor(f.band.low[k][h]));
      EXPECT_EQ(f.band.high[k][h], std::floor(f.band.high[k][h]));
      EXPECT_GE(f.band.low[k][h], 0);
      EXPECT_GT(f.band.high[k][h], f.forecast[h]);
    }
  }
  EXPECT_GT(f.accuracy.weight[3][0], 0);  // tsb is in the mix
  EXPECT_GE(f.totals.band.high[1][0], f.band.high[1][0]);
  // Large counts and amounts keep the calibrated interval.
  std::vector<double> amounts(kParts);
  for (double& v : amounts) v *= 1.25;
  view.y = amounts;
  EXPECT_NE(forecast(view, {.horizon = 1}).band.high[0][0],
            std::floor(forecast(view, {.horizon = 1}).band.high[0][0]));
  // With values under 0 there is no demand to speak of.
  amounts[3] = -1;
  const Forecast negative = forecast(view, {.horizon = 1, .model = ForecastModel::croston});
  EXPECT_EQ(negative.accuracy.model[0], ForecastModel::naive);
}

std::string message(const std::vector<double>& y, const IntermittentOptions& options = {}) {
  try {
    fit_intermittent(y, options);
  } catch (const InvalidArgument& e) {
    return e.what();
  }
  return "nothing thrown";
}

TEST(Intermittent, Input) {
  EXPECT_EQ(message({1, -2}), "fit_intermittent: y[1] is negative; write NaN for a missing value");
  EXPECT_EQ(message({1, std::numeric_limits<double>::infinity()}),
            "fit_intermittent: y[1] is infinite; write NaN for a missing value");
  EXPECT_EQ(message({kNaN}), "fit_intermittent: y has no known value");
  EXPECT_EQ(message({1}, {.alpha = 2}),
            "fit_intermittent: alpha is 2; write a share of 0 to 1, as .1, or 0 to find it");
  EXPECT_EQ(fit_intermittent(std::vector<double>{3}).mean, 3);
}

}  // namespace
}  // namespace emptor::forecasting
