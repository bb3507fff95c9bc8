#include "emptor/forecasting/backtest.hpp"

#include "emptor/core/error.hpp"

#include "core/random.hpp"
#include "forecasting/known_series.hpp"
#include "simulation.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <string>
#include <vector>

namespace emptor::forecasting {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

struct Panel {
  std::vector<double> y{};
  std::vector<std::int64_t> offset{0};
  std::vector<data::Day> start{};
  std::vector<std::uint8_t> complete{};
  void add(const std::vector<double>& values, data::Day first = data::kNoDay) {
    y.insert(y.end(), values.begin(), values.end());
    offset.push_back(static_cast<std::int64_t>(y.size()));
    for (std::size_t i = 0; i < values.size() && first != data::kNoDay; ++i) {
      start.push_back(data::next_period(first, data::Period::month, static_cast<int>(i)));
    }
  }
  [[nodiscard]] SeriesView view() const {
    SeriesView v;
    v.y = y;
    v.offset = offset;
    v.start = start;
    v.complete = complete;
    if (!start.empty()) v.period = data::Period::month;
    return v;
  }
};

std::vector<double> noisy(std::uint64_t stream, std::size_t n, double level = 100, double sd = 10) {
  core::Random random(7, stream);
  std::vector<double> y(n);
  for (double& v : y) v = level + sd * random.normal();
  return y;
}

bool same_bits(const std::vector<double>& a, const std::vector<double>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(double)) == 0;
}

bool same(const BacktestScores& a, const BacktestScores& b) {
  const auto equal = [](const Score& x, const Score& y) {
    return same_bits(x.value, y.value) && same_bits(x.low, y.low) && same_bits(x.high, y.high);
  };
  bool all = equal(a.skill, b.skill) && equal(a.mase, b.mase) && equal(a.rmsse, b.rmsse) &&
             equal(a.smape, b.smape) && equal(a.bias, b.bias) && equal(a.wql, b.wql) &&
             equal(a.scaled_crps, b.scaled_crps) && a.n == b.n && a.status == b.status;
  for (std::size_t k = 0; k < a.coverage.size(); ++k) {
    all = all && equal(a.coverage[k], b.coverage[k]) && equal(a.msis[k], b.msis[k]);
  }
  return all;
}

// Every forecast is, bit for bit, what forecast() says about what was known at its origin.
TEST(Backtest, IsForecastOfThePast) {
  Panel panel;
  for (std::uint64_t s = 0; s < 6; ++s) panel.add(noisy(s, 50 + 3 * s));
  BacktestOptions options;
  options.horizon = 4;
  options.windows = 3;
  options.step = 2;
  options.season_length = 4;
  options.models = {ForecastModel::automatic, ForecastModel::thetaf};
  options.keep_forecasts = true;
  const Backtest b = backtest(panel.view(), options);
  ASSERT_EQ(b.forecasts.forecast.size(), 3u * 3 * 6 * 4);  // windows, models, series, steps
  std::size_t row = 0;
  for (std::int64_t w = 0; w < 3; ++w) {
    Panel seen;
    for (std::size_t s = 0; s < 6; ++s) {
      const auto from = panel.y.begin() + panel.offset[s];
      seen.add({from, from + (panel.offset[s + 1] - panel.offset[s]) - 4 - 2 * (2 - w)});
    }
    for (ForecastModel model : b.model) {
      const Forecast f = forecast(
          seen.view(),
          {.horizon = 4, .model = model, .level = {0.8, 0.95, 0.2, 0.4, 0.6}, .season_length = 4});
      for (std::size_t i = 0; i < f.forecast.size(); ++i, ++row) {
        EXPECT_EQ(b.forecasts.forecast[row], f.forecast[i]);
        EXPECT_EQ(b.forecasts.band.low[1][row], f.band.low[1][i]);
        EXPECT_EQ(b.forecasts.band.high[0][row], f.band.high[0][i]);
        EXPECT_EQ(b.forecasts.model[row], model);
        const std::size_t s = i / 4;
        const std::int64_t at = panel.offset[s] + (seen.offset[s + 1] - seen.offset[s]) +
                                static_cast<std::int64_t>(i % 4);
        EXPECT_EQ(b.forecasts.actual[row], panel.y[static_cast<std::size_t>(at)]);
      }
    }
  }
}

/// Scores made once more from the kept forecasts, by the definitions.
struct Again {
  double mase = 0, rmsse = 0, smape = 0, bias = 0, coverage = 0, msis = 0, skill = 0;
};

Again again(const Panel& panel, const Backtest& b, ForecastModel model, std::int64_t step,
            std::size_t lag) {
  Again out;
  double error = 0, size = 0, naive_mase = 0;
  const std::size_t count = panel.offset.size() - 1;
  for (std::size_t s = 0; s < count; ++s) {
    double mase = 0, naive = 0, squares = 0, smape = 0, covered = 0, msis = 0, n = 0;
    for (std::size_t i = 0; i < b.forecasts.model.size(); ++i) {
      if (static_cast<std::size_t>(b.forecasts.series[i]) != s) continue;
      if (step > 0 && b.forecasts.step[i] != step) continue;
      const double y = b.forecasts.actual[i];
      const double f = b.forecasts.forecast[i];
      const std::int64_t back = b.horizon + b.step * (b.windows - b.forecasts.window[i]);
      const std::int64_t origin = panel.offset[s + 1] - panel.offset[s] - back;
      double absolute = 0, squared = 0;
      for (std::int64_t t = static_cast<std::int64_t>(lag); t < origin; ++t) {
        const auto at = static_cast<std::size_t>(panel.offset[s] + t);
        const double change = panel.y[at] - panel.y[at - lag];
        absolute += std::abs(change) / static_cast<double>(origin - static_cast<int>(lag));
        squared += change * change / static_cast<double>(origin - static_cast<int>(lag));
      }
      if (b.forecasts.model[i] == ForecastModel::seasonal_naive)
        naive += std::abs(f - y) / absolute;
      if (b.forecasts.model[i] != model) continue;
      const double low = b.forecasts.band.low[0][i];
      const double high = b.forecasts.band.high[0][i];
      mase += std::abs(f - y) / absolute;
      squares += (f - y) * (f - y) / squared;
      smape += 200 * std::abs(f - y) / (std::abs(f) + std::abs(y));
      error += f - y;
      size += std::abs(y);
      covered += y >= low && y <= high ? 1 : 0;
      msis +=
          (high - low + 2 / 0.1 * (std::max(low - y, 0.0) + std::max(y - high, 0.0))) / absolute;
      ++n;
    }
    const auto series = static_cast<double>(count);
    out.mase += mase / n / series;
    naive_mase += naive / n / series;
    out.rmsse += std::sqrt(squares / n) / series;
    out.smape += smape / n / series;
    out.coverage += covered / n / series;
    out.msis += msis / n / series;
  }
  out.bias = error / size;
  out.skill = 1 - out.mase / naive_mase;
  return out;
}

TEST(Backtest, ScoresAreThoseOfTheirDefinitions) {
  Panel panel;
  for (std::uint64_t s = 0; s < 7; ++s) {
    std::vector<double> y = noisy(20 + s, 60);
    for (std::size_t i = 0; i < y.size(); ++i) y[i] *= i % 4 == 1 ? 2 : 1;
    panel.add(y);
  }
  BacktestOptions options;
  options.horizon = 3;
  options.windows = 4;
  options.season_length = 4;
  options.level = {0.9};
  options.models = {ForecastModel::drift, ForecastModel::dotm};
  options.keep_forecasts = true;
  const Backtest b = backtest(panel.view(), options);
  ASSERT_EQ(b.model.size(), 3u);
  const auto near = [](double a, double c) { EXPECT_NEAR(a, c, 1e-10 * std::abs(c)); };
  for (std::size_t m = 0; m < b.model.size(); ++m) {
    for (std::int64_t step = 0; step <= 3; ++step) {
      const Again r = again(panel, b, b.model[m], step, 4);
      const BacktestScores& s = step == 0 ? b.scores : b.steps.scores;
      const std::size_t row = step == 0 ? m : 3 * m + static_cast<std::size_t>(step) - 1;
      near(s.mase.value[row], r.mase);
      near(s.rmsse.value[row], r.rmsse);
      near(s.smape.value[row], r.smape);
      near(s.bias.value[row], r.bias);
      near(s.coverage[0].value[row], r.coverage);
      near(s.msis[0].value[row], r.msis);
      EXPECT_NEAR(s.skill.value[row], r.skill, 1e-10);
      EXPECT_EQ(s.n[row], step == 0 ? 7 * 4 * 3 : 7 * 4);
      EXPECT_EQ(s.status[row], Status::ok);
    }
  }
  // The naive model against itself.
  EXPECT_EQ(b.scores.skill.value[2], 0);
  // The mean over series is that of the rows by series.
  double mean = 0;
  for (std::size_t s = 0; s < 7; ++s) mean += b.by_series.scores.mase.value[7 + s] / 7;
  near(mean, b.scores.mase.value[1]);
}

// Of a forecast without spread the quantile loss is the absolute error.
TEST(Backtest, QuantileLossOfAConstantIsItsAbsoluteError) {
  std::vector<double> y(30, 5.0);
  y[29] = 8;
  const std::vector<double> other = noisy(1, 30);
  Panel panel;
  panel.add(y);
  panel.add(other);
  BacktestOptions options;
  options.horizon = 1;
  options.windows = 1;
  options.models = {ForecastModel::mean};
  const Backtest b = backtest(panel.view(), options);
  EXPECT_DOUBLE_EQ(b.by_series.scores.wql.value[0], 3.0 / 8);
  // 29 equal values carry an interval at 95 %, without width; nothing to scale an error by.
  EXPECT_EQ(b.by_series.scores.coverage[1].value[0], 0);
  EXPECT_TRUE(std::isnan(b.by_series.scores.mase.value[0]));
  EXPECT_TRUE(std::isnan(b.by_series.scores.scaled_crps.value[0]));
  EXPECT_DOUBLE_EQ(b.by_series.scores.bias.value[0], -3.0 / 8);
  // The series without a scale does not enter the mean of the scaled scores.
  EXPECT_EQ(b.scores.mase.value[0], b.by_series.scores.mase.value[1]);
}

TEST(Backtest, WhatComesAfterAWindowChangesNothingOfIt) {
  const data::Day first = data::from_civil(2018, 1, 1);
  Panel panel;
  for (std::uint64_t s = 0; s < 5; ++s) panel.add(noisy(40 + s, 48), first);
  BacktestOptions options;
  options.horizon = 3;
  options.windows = 2;
  options.keep_forecasts = true;
  const Backtest before = backtest(panel.view(), options);
  Panel changed = panel;
  for (std::size_t s = 0; s < 5; ++s) {  // the last window's future, backwards
    const auto end = changed.y.begin() + changed.offset[s + 1];
    std::reverse(end - 3, end);
  }
  const Backtest after = backtest(changed.view(), options);
  EXPECT_TRUE(same_bits(before.forecasts.forecast, after.forecasts.forecast));
  EXPECT_TRUE(same_bits(before.forecasts.band.low[1], after.forecasts.band.low[1]));
  EXPECT_NE(before.scores.mase.value[0], after.scores.mase.value[0]);
}

// With dates all series are cut on the same day: one that ended earlier has had its future by then.
TEST(Backtest, OriginsAreTheSameDay) {
  const data::Day first = data::from_civil(2018, 1, 1);
  Panel panel;
  panel.add(noisy(1, 40), first);
  panel.add(noisy(2, 35), first);                          // ended five months earlier
  panel.add(noisy(3, 30), data::from_civil(2018, 11, 1));  // began later
  BacktestOptions options;
  options.horizon = 2;
  options.windows = 4;
  options.keep_forecasts = true;
  const Backtest b = backtest(panel.view(), options);
  for (std::size_t i = 0; i < b.forecasts.origin.size(); ++i) {
    EXPECT_EQ(b.forecasts.origin[i],
              data::next_period(first, data::Period::month,
                                31 + 2 * static_cast<int>(b.forecasts.window[i] - 1)));
  }
  EXPECT_EQ(b.by_series.scores.windows, (std::vector<std::int64_t>{4, 2, 4, 4, 2, 4}));
  EXPECT_EQ(b.by_series.scores.n[1], 3);  // of two windows three months are known
  EXPECT_EQ(b.by_series.scores.status[1], Status::small_sample);
  EXPECT_EQ(b.fewer_windows, 1);
  EXPECT_EQ(b.by_series.scores.status[0], Status::ok);
}

TEST(Backtest, CutPeriodsAreNotJudged) {
  Panel panel;
  panel.add(noisy(1, 40), data::from_civil(2018, 1, 1));
  panel.complete.assign(40, 1);
  panel.complete[39] = 0;
  panel.y[39] = 1e9;
  BacktestOptions options;
  options.horizon = 2;
  options.windows = 2;
  options.keep_forecasts = true;
  const Backtest b = backtest(panel.view(), options);
  EXPECT_EQ(b.forecasts.actual[3 * 2 + 1], panel.y[38]);
  EXPECT_LT(b.scores.mase.value[0], 3);
}

TEST(Backtest, ShortSeriesHaveFewerWindowsOrNone) {
  Panel panel;
  panel.add(noisy(1, 40));
  panel.add(noisy(2, 10));  // origins at 8 and 6
  panel.add(noisy(3, 7));
  panel.add({});
  panel.add(std::vector<double>(20, kNaN));
  const Backtest b = backtest(panel.view(), {.horizon = 2, .windows = 3});
  EXPECT_EQ(b.without_window, 3);
  EXPECT_EQ(b.fewer_windows, 1);
  EXPECT_EQ(b.series[0], 2);
  EXPECT_EQ(b.by_series.scores.status[1], Status::small_sample);
  EXPECT_EQ(b.by_series.scores.status[2], Status::not_enough_data);
  EXPECT_TRUE(std::isnan(b.by_series.scores.mase.value[2]));
  EXPECT_EQ(b.scores.status[0], Status::small_sample);
}

TEST(Backtest, ALoneSeriesIsSpreadOverItsWindows) {
  Panel panel;
  panel.add(noisy(5, 80));
  BacktestOptions options;
  options.horizon = 3;
  options.windows = 6;
  const Backtest apart = backtest(panel.view(), options);
  EXPECT_EQ(apart.scores.status[0], Status::ok);
  EXPECT_EQ(apart.series[0], 1);
  EXPECT_LT(apart.scores.mase.low[0], apart.scores.mase.value[0]);
  EXPECT_EQ(apart.by_series.scores.mase.value[0], apart.scores.mase.value[0]);
  options.step = 1;  // windows that share values say less than their number
  const Backtest overlapping = backtest(panel.view(), options);
  EXPECT_TRUE(std::isnan(overlapping.scores.mase.low[0]));
  EXPECT_EQ(overlapping.scores.status[0], Status::small_sample);
  // A coverage of 1 does not claim to be sure.
  options.level = {0.9999};
  options.step = 0;
  const Backtest wide = backtest(panel.view(), options);
  EXPECT_EQ(wide.scores.coverage[0].value[0], 1);
  EXPECT_LT(wide.scores.coverage[0].low[0], 0.8);
}

TEST(Backtest, SameBitsOnAnyNumberOfThreads) {
  Panel panel;
  for (std::uint64_t s = 0; s < 40; ++s) panel.add(noisy(s, 40));
  Context context;
  context.threads = 1;
  double last = 0;
  context.progress = [&](double share) {
    EXPECT_GE(share, last);
    last = share;
  };
  const Backtest one = backtest(panel.view(), {.horizon = 3}, context);
  EXPECT_NEAR(last, 1, 1e-9);
  context.progress = {};
  for (int threads : {2, 3, 8}) {
    context.threads = threads;
    const Backtest many = backtest(panel.view(), {.horizon = 3}, context);
    EXPECT_TRUE(same(one.scores, many.scores));
    EXPECT_TRUE(same(one.steps.scores, many.steps.scores));
    EXPECT_TRUE(same(one.by_series.scores, many.by_series.scores));
  }
}

// Of many panels of like series the interval of MASE holds the mean of all in 95 of 100.
TEST(BacktestSimulation, IntervalsHoldTheMeanOfAllSeries) {
  const int panels = 200 * testing::simulation_scale();
  constexpr std::size_t kSeries = 20;
  std::vector<Backtest> made;
  double mean = 0;
  for (int p = 0; p < panels; ++p) {
    Panel panel;
    for (std::size_t s = 0; s < kSeries; ++s) {
      panel.add(noisy(1000 + static_cast<std::uint64_t>(p) * kSeries + s, 30));
    }
    made.push_back(backtest(
        panel.view(),
        {.horizon = 2, .windows = 2, .models = {ForecastModel::mean}, .calibration_windows = 0}));
    mean += made.back().scores.mase.value[0] / panels;
  }
  double held = 0;
  for (const Backtest& b : made) {
    held += b.scores.mase.low[0] <= mean && mean <= b.scores.mase.high[0] ? 1.0 / panels : 0;
  }
  std::printf("mase %.3f held by %.3f of the intervals\n", mean, held);
  EXPECT_GT(held, 0.95 - 3 * std::sqrt(0.95 * 0.05 / panels) - 0.01);
  EXPECT_LT(held, 0.95 + 3 * std::sqrt(0.95 * 0.05 / panels));
}

std::string message(const std::vector<double>& y, const BacktestOptions& options,
                    std::size_t memory_limit = 0) {
  SeriesView v;
  v.y = y;
  Context context;
  context.memory_limit = memory_limit;
  try {
    backtest(v, options, context);
  } catch (const Error& e) {
    return e.what();
  }
  return "nothing thrown";
}

TEST(Backtest, Input) {
  const std::vector<double> y = noisy(1, 40);
  EXPECT_EQ(message(y, {.horizon = -1}), "backtest: horizon is -1; write periods, as 8");
  EXPECT_EQ(message(y, {.windows = 0}), "backtest: windows is 0; write 1 or more");
  EXPECT_EQ(message(y, {.step = -2}), "backtest: step is -2; write periods, as 1");
  EXPECT_EQ(message(y, {.models = {}}),
            "backtest: models is empty; write \"auto\" or several, as \"dotm\", \"thetaf\"");
  EXPECT_EQ(message(y, {.models = {ForecastModel::dotm, ForecastModel::dotm}}),
            "backtest: model 'dotm' is given twice");
  EXPECT_EQ(message(y, {.level = {95}}),
            "backtest: level 95 is not between 0 and 1; write .95 for 95 %");
  EXPECT_EQ(message(y, {.season_length = -1}),
            "backtest: season_length is -1; write periods per season, as 12, or 1 for none");
  EXPECT_EQ(message(y, {.calibration_windows = -1}),
            "backtest: calibration_windows is -1; write 0 or more");
  EXPECT_EQ(message({1, std::numeric_limits<double>::infinity()}, {}),
            "backtest: y is infinite in row 1 (series 0); write NaN for a missing value");
  EXPECT_EQ(message(y, {.horizon = 2, .windows = 1}, 100),
            "backtest: 1 series need about 1280 bytes, memory_limit is 100");
  // Nothing to judge is a status.
  const Backtest none = backtest(SeriesView{}, {});
  EXPECT_EQ(none.scores.status[0], Status::not_enough_data);
}

TEST(Backtest, CanBeStopped) {
  Panel panel;
  for (std::uint64_t s = 0; s < 40; ++s) panel.add(noisy(s, 40));
  Context context;
  context.stop.request_stop();
  EXPECT_THROW(backtest(panel.view(), {}, context), Cancelled);
}

}  // namespace
}  // namespace emptor::forecasting
