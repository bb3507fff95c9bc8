#include "emptor/core/error.hpp"
#include "emptor/forecasting/arima.hpp"

#include "forecasting/known_series.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <vector>

namespace emptor::forecasting {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

std::vector<double> logs(std::vector<double> y) {
  for (double& v : y) v = std::log(v);
  return y;
}

std::string orders(const std::vector<double>& y, const ArimaOptions& options) {
  return to_string(fit_arima(y, options).parameters.order);
}

// R 4.2.2, forecast 8.20: auto.arima(), ndiffs(), nsdiffs().
TEST(ArimaSearch, OrdersOfR) {
  EXPECT_EQ(orders(kAirPassengers, {.season_length = 12}), "(2,1,1)(0,1,0)[12]");
  EXPECT_EQ(orders(logs(kAirPassengers), {.season_length = 12}), "(0,1,1)(0,1,1)[12]");
  EXPECT_EQ(orders(kUkGas, {.season_length = 4}), "(0,1,1)(0,1,0)[4]");
  EXPECT_EQ(seasonal_differences_needed(kAirPassengers, 12), 1);
  EXPECT_EQ(seasonal_differences_needed(kUkGas, 4), 1);
  EXPECT_EQ(differences_needed(kLakeHuron), 1);
  EXPECT_EQ(differences_needed(kWwwUsage), 1);
}

// Where the walk ends elsewhere than R's it ends at a better AICc, by the same likelihood.
TEST(ArimaSearch, BetterThanR) {
  const auto better = [](const std::vector<double>& y, int m, const ArimaOptions& r) {
    const double ours = fit_arima(y, {.season_length = m}).aicc;
    const double theirs = fit_arima(y, r).aicc;
    EXPECT_LT(ours, theirs);
  };
  better(kWwwUsage, 1, {.order = {{1, 1, 1}}});
  better(kLakeHuron, 1, {.order = {{0, 1, 0}}});
  better(
      logs(kUkGas), 4,
      {.order = {{1, 0, 0}}, .seasonal_order = {{0, 1, 0}}, .constant = true, .season_length = 4});
}

// All models, one by one, are no worse than the walk's.
TEST(ArimaSearch, ThroughAll) {
  for (const auto& [y, m] : {std::pair{kWwwUsage, 1}, {kLakeHuron, 1}, {kUkGas, 4}}) {
    const ArimaFit walk = fit_arima(y, {.season_length = m, .max_ar = 3, .max_ma = 3});
    const ArimaFit all = fit_arima(
        y, {.season_length = m, .max_ar = 3, .max_ma = 3, .stepwise = false, .max_order = 6});
    EXPECT_LE(all.aicc, walk.aicc + 1e-3);
    EXPECT_GT(all.tried, walk.tried);
  }
}

TEST(ArimaSearch, Limits) {
  const ArimaFit fit = fit_arima(kAirPassengers, {.season_length = 12,
                                                  .differences = 0,
                                                  .seasonal_differences = 1,
                                                  .max_ar = 1,
                                                  .max_ma = 0,
                                                  .max_seasonal_ar = 0,
                                                  .max_seasonal_ma = 1});
  const ArimaOrder& o = fit.parameters.order;
  EXPECT_EQ(o.differences, 0);
  EXPECT_EQ(o.seasonal_differences, 1);
  EXPECT_LE(o.ar, 1);
  EXPECT_EQ(o.ma, 0);
  EXPECT_EQ(o.seasonal_ar, 0);
  EXPECT_EQ(fit_arima(kAirPassengers, {.season_length = 12, .max_models = 3}).tried, 3);
  EXPECT_FALSE(fit_arima(kUkGas, {.constant = false, .differences = 1}).parameters.order.constant);
  EXPECT_TRUE(fit_arima(kUkGas, {.constant = true, .differences = 1}).parameters.order.constant);
}

// An autoregression whose driver is known: its coefficient is found, and its interval covers it.
TEST(ArimaSearch, Drivers) {
  std::mt19937 random(3);
  std::normal_distribution<double> normal;
  int covered = 0;
  for (int k = 0; k < 60; ++k) {
    std::vector<double> y, x;
    double noise = 0;
    for (int t = 0; t < 80; ++t) {
      noise = 0.6 * noise + normal(random);
      x.insert(x.end(), {normal(random), 1.0, 0.0});
      x.back() = 2 * x[x.size() - 3] - 1;
      y.push_back(20 + 1.5 * x[x.size() - 3] + noise);
    }
    const ArimaFit fit = fit_arima(y, {}, {x, 3});
    EXPECT_EQ(fit.dropped, (std::vector<std::uint8_t>{0, 1, 1}));
    EXPECT_EQ(fit.parameters.drivers[1], 0);
    const double error = std::abs(fit.parameters.drivers[0] - 1.5);
    covered += error < 1.96 * fit.standard_error.back() ? 1 : 0;
  }
  EXPECT_GE(covered, 51);
}

void expect_sane(const std::vector<double>& y, int m, const std::string& what) {
  double largest = 0;
  for (double v : y) largest = std::max(largest, std::isnan(v) ? 0 : std::abs(v));
  const ArimaFit fit = fit_arima(y, {.season_length = m, .keep = true});
  for (double v : forecast(fit, 12)) {
    EXPECT_TRUE(fit.n_known == 0 ? std::isnan(v) : std::abs(v) <= 100 * largest)
        << what << " " << v;
  }
  for (double v : standard_errors(fit, 12)) EXPECT_TRUE(std::isnan(v) || v >= 0) << what;
}

TEST(ArimaSearch, NothingBreaks) {
  std::vector<double> spike(40, 1.0), step(40, 1.0), line, zeros(30, 0.0), tiny, huge, mixed;
  spike[20] = 1e9;
  for (std::size_t i = 20; i < 40; ++i) step[i] = 1000;
  for (int i = 0; i < 40; ++i) {
    line.push_back(3 + 2.5 * i);
    tiny.push_back(1e-12 * (1 + i % 5));
    huge.push_back(1e12 * (1 + i % 7));
    mixed.push_back(i % 2 == 0 ? 1e12 : 1e-12);
    zeros[static_cast<std::size_t>(i % 30)] = i % 9 == 0 ? 4 : 0;
  }
  std::vector<double> gappy(kAirPassengers.begin(), kAirPassengers.begin() + 60);
  for (std::size_t i = 0; i < gappy.size(); ++i) {
    if (i % 3 != 0) gappy[i] = kNaN;
  }
  for (const int m : {1, 4, 12, 52}) {
    const std::string at = " m=" + std::to_string(m);
    expect_sane(spike, m, "spike" + at);
    expect_sane(step, m, "step" + at);
    expect_sane(line, m, "line" + at);
    expect_sane(zeros, m, "zeros" + at);
    expect_sane(tiny, m, "tiny" + at);
    expect_sane(huge, m, "huge" + at);
    expect_sane(mixed, m, "mixed" + at);
    expect_sane(gappy, m, "gappy" + at);
    expect_sane(std::vector<double>(20, 0.0), m, "zero" + at);
    expect_sane(std::vector<double>(20, kNaN), m, "missing" + at);
    expect_sane({}, m, "empty" + at);
    for (int n = 1; n < 30; ++n) {
      expect_sane({kAirPassengers.begin(), kAirPassengers.begin() + n}, m, "short" + at);
    }
  }
}

TEST(ArimaSearch, EachHasAStatus) {
  const auto status = [](const std::vector<double>& y, const ArimaOptions& options = {}) {
    return fit_arima(y, options).status;
  };
  EXPECT_EQ(status({}), Status::not_enough_data);
  EXPECT_EQ(status({kNaN, 5, 7}), Status::not_enough_data);
  EXPECT_EQ(status(std::vector<double>(9, 5.0)), Status::boundary);
  EXPECT_EQ(status(kLakeHuron), Status::ok);
  EXPECT_EQ(status({1, 3, 2, 4}, {.order = {{2, 1, 2}}}), Status::small_sample);
  EXPECT_EQ(status({1, 3, 2, 4, 6, 5, 7, 9, 8, 7}, {.season_length = 12}), Status::small_sample);
  std::vector<double> line;
  for (int i = 0; i < 30; ++i) line.push_back(10 + 2 * i);
  const ArimaFit straight = fit_arima(line);
  EXPECT_EQ(straight.status, Status::boundary);
  EXPECT_NEAR(forecast(straight, 2)[1], 72, 1e-9);
  EXPECT_EQ(standard_errors(straight, 1)[0], 0);
  EXPECT_EQ(forecast(fit_arima(std::vector<double>{5, 7}), 2), (std::vector<double>{7, 7}));
  EXPECT_TRUE(std::isnan(standard_errors(fit_arima(std::vector<double>{5, 7}), 1)[0]));
  EXPECT_EQ(forecast(fit_arima(std::vector<double>(9, 5.0)), 2), (std::vector<double>{5, 5}));
}

// Days that are never open: no seasonal differences, as nothing would tell their level.
TEST(ArimaSearch, PlacesOfTheSeasonThatAreNeverKnown) {
  std::vector<double> y;
  std::mt19937 random(6);
  std::normal_distribution<double> normal;
  for (int t = 0; t < 140; ++t) y.push_back(t % 7 == 6 ? kNaN : 20 + 5 * (t % 7) + normal(random));
  EXPECT_EQ(seasonal_differences_needed(y, 7), 1);
  const ArimaFit fit = fit_arima(y, {.season_length = 7});
  EXPECT_EQ(fit.parameters.order.seasonal_differences, 0);
  EXPECT_EQ(fit.status, Status::ok);
  for (double v : forecast(fit, 14)) EXPECT_TRUE(v > 0 && v < 100) << v;
  const ArimaFit asked =
      fit_arima(y, {.order = {{1, 0, 0}}, .seasonal_order = {{0, 1, 0}}, .season_length = 7});
  EXPECT_EQ(asked.status, Status::small_sample);
  const ArimaParameters open{.order = {.seasonal_differences = 1, .season_length = 7}};
  EXPECT_EQ(evaluate_arima(y, open).status, Status::undefined);
}

// Paths spread as standard errors say, the first value's gaps included.
TEST(ArimaSearch, SimulationsSpreadAsStandardErrors) {
  std::vector<double> y(kWwwUsage);
  y[98] = y[97] = kNaN;
  const ArimaFit fit = fit_arima(y, {.order = {{1, 1, 1}}});
  const int paths = 20000;
  const auto path = simulate(fit, 6, paths, 5);
  const auto mean = forecast(fit, 6), error = standard_errors(fit, 6);
  for (std::size_t h = 0; h < 6; ++h) {
    double sum = 0, squares = 0;
    for (std::size_t k = 0; k < paths; ++k) {
      const double e = path[k * 6 + h] - mean[h];
      sum += e;
      squares += e * e;
    }
    EXPECT_NEAR(sum / paths, 0, 5 * error[h] / std::sqrt(paths));
    EXPECT_NEAR(std::sqrt(squares / paths) / error[h], 1, 0.025);
  }
  EXPECT_EQ(simulate(fit, 6, 10, 5), std::vector<double>(path.begin(), path.begin() + 60));
}

TEST(ArimaSearch, ThreadsChangeNothing) {
  std::vector<double> y;
  std::vector<std::int64_t> offset{0};
  std::mt19937 random(1);
  std::normal_distribution<double> normal;
  for (int s = 0; s < 20; ++s) {
    double level = 50;
    for (int t = 0; t < 40; ++t) y.push_back(level += normal(random));
    offset.push_back(static_cast<std::int64_t>(y.size()));
  }
  SeriesView view;
  view.y = y;
  view.offset = offset;
  Context context;
  context.threads = 1;
  const ArimaFits first = arima(view, {.season_length = 4}, {}, {}, context);
  for (const int threads : {2, 3, 8}) {
    context.threads = threads;
    const ArimaFits other = arima(view, {.season_length = 4}, {}, {}, context);
    EXPECT_EQ(other.model, first.model);
    EXPECT_EQ(other.aicc, first.aicc);
    EXPECT_EQ(forecast(other, 3).forecast, forecast(first, 3).forecast);
  }
  context.stop.request_stop();
  EXPECT_THROW(arima(view, {}, {}, {}, context), Cancelled);
}

TEST(ArimaSearch, KeepsDates) {
  SeriesView v;
  const std::vector<double> y{3, 4, 6, 5, 7, 8, kNaN};
  std::vector<data::Day> start;
  for (int i = 0; i < 7; ++i) start.push_back(data::next_period(0, data::Period::month, i));
  const std::vector<std::uint8_t> complete{1, 1, 1, 1, 1, 0, 1};
  v.y = y;
  v.start = start;
  v.complete = complete;
  v.period = data::Period::month;
  const ArimaFits fits = arima(v, {.season_length = 0});
  EXPECT_EQ(fits.n[0], 5);
  EXPECT_EQ(fits.next[0], start[5]);
  const std::vector<double> more{9, 10};
  const ArimaFits later = with_fits(fits, {update(fits.fits[0], more)});
  EXPECT_EQ(later.n[0], 7);
  EXPECT_EQ(forecast(later, 2, {0.8}).start[1], data::next_period(0, data::Period::month, 8));
}

TEST(ArimaSearch, NeverUnderZeroWhereAsked) {
  SeriesView v;
  const std::vector<double> y{9, 4, 6, 2, 3, 1, 2, 0, 1, 0};
  v.y = y;
  const ArimaFits fits = arima(v, {.order = {{0, 1, 0}}});
  EXPECT_LT(forecast(fits, 3).band.low[1][2], 0);
  EXPECT_EQ(forecast(fits, 3, {0.8, 0.95}, {}, true).band.low[1][2], 0);
}

template <typename Call>
std::string message(const Call& call) {
  try {
    call();
  } catch (const Error& e) {
    return e.what();
  }
  return "nothing thrown";
}

TEST(ArimaSearch, Input) {
  const std::vector<double> y{1, 2, 4, 3, 5, 6};
  const auto fit = [&](const ArimaOptions& o) { return message([&] { fit_arima(y, o); }); };
  EXPECT_EQ(fit({.season_length = 0}), "fit_arima: season_length is 0; write 1 (none) to 366");
  EXPECT_EQ(fit({.order = {{1, 3, 0}}}),
            "fit_arima: order must be p, d, q with d up to 2 and the others 0 to 24");
  EXPECT_EQ(fit({.seasonal_order = {{1, 0, 0}}}),
            "fit_arima: seasonal_order needs order beside it, as {1, 1, 1}");
  EXPECT_EQ(fit({.order = {{1, 0, 0}}, .seasonal_order = {{1, 0, 0}}}),
            "fit_arima: seasonal_order needs season_length, as 12");
  EXPECT_EQ(fit({.max_ar = -1}), "fit_arima: max_ar is -1; write 0 to 24");
  EXPECT_EQ(fit({.max_models = 0}), "fit_arima: max_models is 0; write how many to try, as 94");
  EXPECT_EQ(message([&] {
              fit_arima(std::vector<double>{1, INFINITY});
            }),
            "fit_arima: y[1] is infinite; write NaN for a missing value");
  const std::vector<double> x{1, 2, 3, kNaN, 5, 7};
  EXPECT_EQ(message([&] {
              fit_arima(y, {}, {x, 1});
            }),
            "fit_arima: driver 0 is missing or infinite at step 3; give its value, or leave the "
            "driver out");
  EXPECT_EQ(message([&] {
              fit_arima(y, {}, {x, 2});
            }),
            "fit_arima: drivers have 6 values; 2 drivers of 6 steps need 12");
  EXPECT_EQ(message([&] { evaluate_arima(y, {.order = {.ar = 1}, .ar = {1.1}}); }),
            "evaluate_arima: ar and seasonal_ar are not stationary: a root lies inside the unit "
            "circle");
  EXPECT_EQ(message([&] { evaluate_arima(y, {.order = {.ma = 1}}); }),
            "evaluate_arima: ma has 0 numbers; the order says 1");
  EXPECT_EQ(message([&] {
              forecast(fit_arima(y), 2, {x, 1});
            }),
            "forecast: drivers are 1; the fit has 0");
  EXPECT_EQ(message([&] { update(fit_arima(y), std::vector<double>{INFINITY}); }),
            "update: y is infinite; write NaN if it is missing");
}

}  // namespace
}  // namespace emptor::forecasting
