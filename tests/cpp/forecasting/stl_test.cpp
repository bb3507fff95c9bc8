#include "emptor/forecasting/stl.hpp"

#include "emptor/core/error.hpp"

#include "core/random.hpp"
#include "forecasting/known_series.hpp"
#include "forecasting/loess.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <string>
#include <vector>

namespace emptor::forecasting {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

void expect_parts(const StlFit& fit, const std::vector<double>& season,
                  const std::vector<double>& trend) {
  const std::vector<std::size_t> at{0, 7, 60, fit.trend.size() - 1};
  for (std::size_t k = 0; k < at.size(); ++k) {
    EXPECT_NEAR(fit.season[0][at[k]], season[k], 1e-8) << at[k];
    EXPECT_NEAR(fit.trend[at[k]], trend[k], 1e-8) << at[k];
  }
}

// statsmodels 0.14 STL with the windows and jumps of R's stl (degree 0 of seasons, 1 else).
TEST(Stl, Golden) {
  const StlFit air = fit_stl(kAirPassengers, {.season_length = {12}});
  expect_parts(air, {-16.9770740864, 38.9245968678, -21.8439445265, -44.1963249789},
               {123.1450569281, 127.6147679073, 228.1608896135, 496.6832540255});
  const StlFit gas = fit_stl(kUkGas, {.season_length = {4}});
  expect_parts(gas, {44.5688832784, -12.6984308108, 157.8623773049, 95.8860044471},
               {118.3558096258, 126.3734267692, 348.1293094519, 697.5446799244});
  const StlFit exact =
      fit_stl(kAirPassengers, {.season_length = {12}, .trend_window = 21, .exact = true});
  expect_parts(exact, {-16.9967085783, 38.9392075902, -21.2135365950, -44.0677998612},
               {123.1792525662, 127.6811560521, 228.0588693121, 496.6099915282});
}

TEST(Stl, GoldenRobust) {
  const StlFit air = fit_stl(kAirPassengers, {.season_length = {12}, .robust = true});
  expect_parts(air, {-20.8686622599, 41.7487761803, -23.0364245015, -33.9312457689},
               {130.2890301620, 134.8633812625, 230.2701838511, 501.8981233545});
  EXPECT_NEAR(air.weight[7], 0.03651228, 1e-8);
  EXPECT_EQ(air.weight.back(), 0);
  const StlFit gas = fit_stl(kUkGas, {.season_length = {4}, .seasonal_window = 7, .robust = true});
  expect_parts(gas, {41.4796555465, -9.8203287520, 140.6811353418, 109.9254372995},
               {121.4936422372, 125.8641613840, 346.8986551625, 715.2997597944});
}

// R 4.2.2, forecast 8.20: the seasonal strengths nsdiffs() looks at, from mstl().
TEST(Stl, StrengthsOfR) {
  EXPECT_NEAR(fit_stl(kAirPassengers, {.season_length = {12}}).season_strength[0], 0.940672, 5e-7);
  EXPECT_NEAR(fit_stl(kUkGas, {.season_length = {4}}).season_strength[0], 0.983095, 5e-7);
}

TEST(Stl, PartsAddUp) {
  for (bool robust : {false, true}) {
    const StlFit fit = fit_stl(kAirPassengers, {.season_length = {3, 12}, .robust = robust});
    EXPECT_EQ(fit.season_length, (std::vector<int>{3, 12}));
    for (std::size_t i = 0; i < kAirPassengers.size(); ++i) {
      EXPECT_NEAR(fit.trend[i] + fit.season[0][i] + fit.season[1][i] + fit.remainder[i],
                  kAirPassengers[i], 1e-9);
    }
  }
}

TEST(Stl, ASeasonThatStaysTheSame) {
  const StlFit fit = fit_stl(kAirPassengers, {.season_length = {12}, .seasonal_window = -1});
  for (std::size_t i = 12; i < kAirPassengers.size(); ++i) {
    EXPECT_EQ(fit.season[0][i], fit.season[0][i - 12]);
  }
  EXPECT_NEAR(fit.season[0][0], -25.4977, 1e-3);  // statsmodels: -25.49770 to -25.49772
  EXPECT_NEAR(fit.season[0][7], 68.0493, 1e-3);
}

/// A line, a week and a year, with noise.
std::vector<double> days(std::size_t n, double noise) {
  core::Random random(3, 1);
  std::vector<double> y(n);
  for (std::size_t i = 0; i < n; ++i) {
    const auto t = static_cast<double>(i);
    y[i] = 100 + 0.02 * t + (i % 7 == 5 ? 30 : -5) + 20 * std::sin(t * 6.283185307179586 / 365) +
           noise * random.normal();
  }
  return y;
}

// What was planted is found.
TEST(Stl, SeveralSeasons) {
  const std::vector<double> y = days(365 * 4, 2);
  const StlFit fit = fit_stl(y, {.season_length = {365, 7}});
  double week = 0, year = 0;
  for (std::size_t i = 0; i < y.size(); ++i) {
    week += std::abs(fit.season[0][i] - (i % 7 == 5 ? 30 : -5));
    const double angle = static_cast<double>(i) * 6.283185307179586 / 365;
    year += std::abs(fit.season[1][i] - 20 * std::sin(angle));
  }
  const auto n = static_cast<double>(y.size());
  EXPECT_LT(week / n, 1);
  EXPECT_LT(year / n, 2);
  EXPECT_GT(fit.season_strength[0], 0.97);
  EXPECT_GT(fit.season_strength[1], 0.95);
}

TEST(Stl, MissingValuesAndOutliers) {
  std::vector<double> y = days(120, 0);
  const std::vector<double> whole = y;
  for (std::size_t i = 3; i < y.size(); i += 11) y[i] = kNaN;
  y[0] = y[119] = kNaN;
  const StlFit fit = fit_stl(y, {.season_length = {7}});
  for (std::size_t i = 0; i < y.size(); ++i) {
    EXPECT_EQ(std::isnan(fit.remainder[i]), std::isnan(y[i]));
    EXPECT_NEAR(fit.trend[i] + fit.season[0][i], whole[i], 6) << i;
  }
  // A single spike is left to the remainder.
  std::vector<double> spiked = whole;
  spiked[60] += 1000;
  const StlFit clean = fit_stl(whole, {.season_length = {7}, .robust = true});
  const StlFit robust = fit_stl(spiked, {.season_length = {7}, .robust = true});
  EXPECT_EQ(robust.weight[60], 0);
  for (std::size_t i = 0; i < y.size(); ++i) EXPECT_NEAR(robust.trend[i], clean.trend[i], 1.5);
  EXPECT_GT(std::abs(fit_stl(spiked, {.season_length = {7}}).trend[60] - clean.trend[60]), 20);
}

/// The smooth written down as its definition.
double by_definition(const std::vector<double>& y, const std::vector<double>& weight,
                     std::size_t window, int degree, std::size_t i) {
  const auto n = static_cast<long>(y.size());
  const auto q = std::min(static_cast<long>(window), n);
  const long first = std::max(
      0L, std::min(static_cast<long>(i) - ((static_cast<long>(window) + 1) / 2 - 1), n - q));
  const long last = first + q - 1;
  const double x = static_cast<double>(i);
  double reach = std::max(x - static_cast<double>(first), static_cast<double>(last) - x);
  if (static_cast<long>(window) > n)
    reach += static_cast<double>((static_cast<long>(window) - n) / 2);
  double s0 = 0, s1 = 0, s2 = 0, t0 = 0, t1 = 0;
  for (long j = first; j <= last; ++j) {
    const double d = static_cast<double>(j) - x;
    const double u = std::abs(d) / reach;
    if (u > 0.999) continue;
    double w = u <= 0.001 ? 1 : std::pow(1 - u * u * u, 3);
    w *= weight[static_cast<std::size_t>(j)];
    s0 += w;
    s1 += w * d;
    s2 += w * d * d;
    t0 += w * y[static_cast<std::size_t>(j)];
    t1 += w * d * y[static_cast<std::size_t>(j)];
  }
  return degree == 0 ? t0 / s0 : (t0 * s2 - t1 * s1) / (s0 * s2 - s1 * s1);
}

TEST(Stl, LoessIsItsDefinition) {
  core::Random random(5, 2);
  for (int round = 0; round < 500; ++round) {
    const auto n = static_cast<std::size_t>(8 + 30 * random.uniform());
    std::vector<double> y(n), w(n), out(n);
    for (double& v : y) v = random.normal();
    for (double& v : w) v = 0.1 + random.uniform();
    const std::size_t window = 5 + 2 * static_cast<std::size_t>(15 * random.uniform());
    const int degree = round % 2;
    Loess(window, degree, 1).smooth(y, w, out);
    for (std::size_t i = 0; i < n; ++i) {
      ASSERT_NEAR(out[i], by_definition(y, w, window, degree, i), 1e-9);
    }
  }
}

TEST(Stl, MovesAndStretchesWithTheSeries) {
  std::vector<double> moved(kAirPassengers);
  for (double& v : moved) v = 3 * v - 1000;
  const StlFit a = fit_stl(kAirPassengers, {.season_length = {12}, .robust = true});
  const StlFit b = fit_stl(moved, {.season_length = {12}, .robust = true});
  for (std::size_t i = 0; i < moved.size(); ++i) {
    EXPECT_NEAR(b.trend[i], 3 * a.trend[i] - 1000, 1e-7);
    EXPECT_NEAR(b.season[0][i], 3 * a.season[0][i], 1e-7);
  }
  const StlFit flat = fit_stl(std::vector<double>(20, 3.0), {.season_length = {4}, .robust = true});
  EXPECT_EQ(flat.season_strength[0], 0);
  EXPECT_DOUBLE_EQ(flat.trend[5], 3);
}

TEST(Stl, OfManySeries) {
  std::vector<double> y;
  std::vector<std::int64_t> offset{0};
  for (int s = 0; s < 30; ++s) {
    const auto one = days(s == 4 ? 10 : 60 + static_cast<std::size_t>(s), 3);
    y.insert(y.end(), one.begin(), one.end());
    offset.push_back(static_cast<std::int64_t>(y.size()));
  }
  std::vector<std::uint8_t> complete(y.size(), 1);
  complete.back() = 0;
  y.back() = 1e9;
  SeriesView view;
  view.y = y;
  view.offset = offset;
  view.complete = complete;
  Context context;
  context.threads = 1;
  const StlOptions options{.season_length = {7, 28}};
  const Stl one = stl(view, options, context);
  EXPECT_EQ(one.strength_status[4], Status::not_enough_data);
  EXPECT_TRUE(std::isnan(one.trend[static_cast<std::size_t>(offset[4])]));
  EXPECT_TRUE(std::isnan(one.y.back()));
  EXPECT_LT(one.trend.back(), 1000);
  EXPECT_DOUBLE_EQ(one.adjusted[3], one.y[3] - one.season[3]);
  for (int threads : {2, 3, 8}) {
    context.threads = threads;
    const Stl many = stl(view, options, context);
    EXPECT_EQ(std::memcmp(one.trend.data(), many.trend.data(), y.size() * sizeof(double)), 0);
    EXPECT_EQ(std::memcmp(one.seasons[1].data(), many.seasons[1].data(), y.size() * sizeof(double)),
              0);
  }
}

std::string message(const std::vector<double>& y, const StlOptions& options) {
  try {
    fit_stl(y, options);
  } catch (const InvalidArgument& e) {
    return e.what();
  }
  return "nothing thrown";
}

TEST(Stl, Input) {
  const std::vector<double> y(30, 1.0);
  EXPECT_EQ(message(y, {.season_length = {1}}), "stl: season_length is 1; write periods, as 12");
  EXPECT_EQ(message(y, {.season_length = {7}, .seasonal_window = 8}),
            "stl: seasonal_window is 8; write an odd number of seasons, 7 or more, or -1 for a "
            "season that stays the same");
  EXPECT_EQ(message(y, {.season_length = {7}, .trend_window = 4}),
            "stl: trend_window is 4; write an odd number of periods, 3 or more");
  EXPECT_EQ(message(y, {.season_length = {7}, .iterations = 0}),
            "stl: iterations is 0; write 1 or more");
  EXPECT_EQ(message({1, std::numeric_limits<double>::infinity()}, {.season_length = {2}}),
            "stl: y[1] is infinite; write NaN for a missing value");
  EXPECT_EQ(message(std::vector<double>(20, 1.0), {.season_length = {12}}),
            "stl: y has 20 values, 20 of them known; two of a season are needed");
  SeriesView view;
  view.y = y;
  EXPECT_THROW(stl(view), InvalidArgument);  // no period to take a season from
  Context context;
  context.memory_limit = 10;
  EXPECT_THROW(stl(view, {.season_length = {7}}, context), MemoryLimit);
}

}  // namespace
}  // namespace emptor::forecasting
