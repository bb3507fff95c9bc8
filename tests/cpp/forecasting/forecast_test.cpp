#include "emptor/forecasting/forecast.hpp"

#include "emptor/core/error.hpp"

#include "core/random.hpp"
#include "forecasting/calibration.hpp"
#include "forecasting/known_series.hpp"
#include "forecasting/rolling.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <numeric>
#include <span>
#include <string>
#include <vector>

namespace emptor::forecasting {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
using data::Period;

/// Series of one's own, end to end.
struct Panel {
  std::vector<double> y{};
  std::vector<std::int64_t> offset{0};
  std::vector<data::Day> start{};
  std::vector<std::uint8_t> complete{};
  void add(const std::vector<double>& values) {
    y.insert(y.end(), values.begin(), values.end());
    offset.push_back(static_cast<std::int64_t>(y.size()));
  }
  [[nodiscard]] SeriesView view() const {
    SeriesView v;
    v.y = y;
    v.offset = offset;
    return v;
  }
};

std::vector<data::Day> days_from(data::Day first, Period period, std::size_t n) {
  std::vector<data::Day> out;
  for (std::size_t i = 0; i < n; ++i) {
    out.push_back(data::next_period(first, period, static_cast<int>(i)));
  }
  return out;
}

/// One dated series of complete periods.
Forecast forecast_dated(const std::vector<double>& y, Period period,
                        const ForecastOptions& options = {}) {
  const data::Day first = data::period_start(data::from_civil(2020, 1, 6), period);
  const auto start = days_from(first, period, y.size());
  SeriesView v;
  v.y = y;
  v.start = start;
  v.period = period;
  return forecast(v, options);
}

Forecast forecast_of(const std::vector<double>& y, const ForecastOptions& options = {}) {
  SeriesView v;
  v.y = y;
  return forecast(v, options);
}

std::vector<double> noisy(std::uint64_t stream, std::size_t n, double level = 100, double sd = 10) {
  core::Random random(1, stream);
  std::vector<double> y(n);
  for (double& v : y) v = level + sd * random.normal();
  return y;
}

bool same_bits(const std::vector<double>& a, const std::vector<double>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(double)) == 0;
}

bool same(const Forecast& a, const Forecast& b) {
  bool equal = same_bits(a.forecast, b.forecast) && same_bits(a.naive, b.naive) &&
               same_bits(a.totals.total, b.totals.total) &&
               same_bits(a.accuracy.mase, b.accuracy.mase) && same_bits(a.coverage, b.coverage) &&
               a.status == b.status;
  for (std::size_t k = 0; k < a.level.size(); ++k) {
    equal = equal && same_bits(a.band.low[k], b.band.low[k]) &&
            same_bits(a.band.high[k], b.band.high[k]) &&
            same_bits(a.totals.band.low[k], b.totals.band.low[k]) &&
            same_bits(a.accuracy.coverage[k], b.accuracy.coverage[k]);
  }
  return equal;
}

TEST(Forecast, HorizonsAreThoseOfThePeriod) {
  EXPECT_EQ(forecast_dated(noisy(1, 400), Period::day).horizon, 14);
  EXPECT_EQ(forecast_dated(noisy(1, 60), Period::week).horizon, 8);
  EXPECT_EQ(forecast_dated(noisy(1, 60), Period::month).horizon, 3);
  EXPECT_EQ(forecast_dated(noisy(1, 60), Period::quarter).horizon, 2);
  EXPECT_EQ(forecast_dated(noisy(1, 60), Period::year).horizon, 1);
  // At most a quarter of the history.
  EXPECT_EQ(forecast_dated(noisy(1, 27), Period::week).horizon, 6);
  EXPECT_EQ(forecast_dated(noisy(1, 3), Period::week).horizon, 1);
}

TEST(Forecast, StepsBeyondAQuarterAreMarked) {
  const Forecast f = forecast_of(noisy(2, 40), {.horizon = 12});
  for (std::size_t h = 0; h < 12; ++h) {
    EXPECT_EQ(f.status[h], h < 10 ? Status::ok : Status::extrapolated) << h;
  }
  EXPECT_EQ(f.totals.status[0], Status::extrapolated);
}

TEST(Forecast, AYearOfWeeksHasNoSeason) {
  std::vector<double> y = noisy(3, 53);
  y[50] *= 3;
  const Forecast year = forecast_dated(y, Period::week);
  EXPECT_EQ(year.accuracy.season[0], SeasonStatus::too_short);
  EXPECT_EQ(year.too_short_for_season, 1);
  EXPECT_EQ(year.accuracy.naive_model[0], ForecastModel::naive);
  for (double v : year.naive) EXPECT_EQ(v, y.back());
  // A week's season is told from days, and the test finds none in noise.
  EXPECT_EQ(forecast_dated(noisy(3, 53), Period::day).accuracy.season[0], SeasonStatus::not_found);
  std::vector<double> days = noisy(3, 70);
  for (std::size_t i = 0; i < days.size(); ++i) days[i] *= i % 7 == 5 ? 3 : 1;
  EXPECT_EQ(forecast_dated(days, Period::day).accuracy.season[0], SeasonStatus::found);
  EXPECT_EQ(forecast_dated(days, Period::year).accuracy.season[0], SeasonStatus::none);
}

// A series that stood still, rose once and stands still again: what came after no noise at all may
// not make intervals that are wide beyond sense.
TEST(Forecast, AStepDoesNotBlowUpIntervals) {
  for (std::size_t n : {34u, 44u, 60u}) {
    std::vector<double> y(n, 100.0);
    std::fill(y.begin(), y.begin() + 30, 1.0);
    const Forecast f = forecast_of(y, {.horizon = 4, .season_length = 12});
    for (std::size_t h = 0; h < 4; ++h) {
      EXPECT_LT(f.band.high[1][h], 1000);
      EXPECT_GT(f.band.high[1][h], f.forecast[h]);
    }
  }
}

TEST(Forecast, FindsTheSeasonOfAirPassengers) {
  const std::vector<double> train(kAirPassengers.begin(), kAirPassengers.end() - 12);
  const Forecast f = forecast_dated(train, Period::month, {.horizon = 12});
  double error = 0, naive = 0;
  for (std::size_t h = 0; h < 12; ++h) {
    error += std::abs(f.forecast[h] - kAirPassengers[132 + h]) / 12;
    naive += std::abs(f.naive[h] - kAirPassengers[132 + h]) / 12;
  }
  EXPECT_EQ(f.accuracy.season[0], SeasonStatus::found);
  EXPECT_LT(error, 25);  // the naive forecast is 48 off
  EXPECT_NEAR(naive, 47.8333, 1e-3);
  EXPECT_LT(f.accuracy.mase[0], f.accuracy.naive_mase[0]);
  EXPECT_EQ(f.start[0], data::next_period(data::from_civil(2020, 1, 1), Period::month, 132));
}

TEST(Forecast, BadSeriesGetAStatusAndAFallback) {
  Panel panel;
  panel.add({});
  panel.add({7});
  panel.add({7, 9});
  panel.add(std::vector<double>(10, 5.0));
  panel.add(std::vector<double>(30, 0.0));
  panel.add({kNaN, kNaN, kNaN});
  panel.add({3, 1, 4, 1});
  const Forecast f = forecast(panel.view(), {.horizon = 2});
  const auto row = [&](std::size_t s) { return 2 * s; };
  for (const std::size_t s : {0u, 5u}) {
    EXPECT_EQ(f.status[row(s)], Status::not_enough_data);
    EXPECT_TRUE(std::isnan(f.forecast[row(s)]));
  }
  for (const std::size_t s : {1u, 2u}) {
    EXPECT_EQ(f.status[row(s)], Status::not_enough_data);
    EXPECT_EQ(f.forecast[row(s)], s == 1 ? 7 : 9);
    EXPECT_TRUE(std::isnan(f.band.low[0][row(s)]));
  }
  // Ten equal values hold the next one with 10/11, thirty with 30/31.
  EXPECT_EQ(f.status[row(3)], Status::boundary);
  EXPECT_EQ(f.forecast[row(3)], 5);
  EXPECT_EQ(f.band.low[0][row(3)], 5);
  EXPECT_TRUE(std::isnan(f.band.low[1][row(3)]));
  EXPECT_EQ(f.status[row(4)], Status::boundary);
  EXPECT_EQ(f.forecast[row(4)], 0);
  EXPECT_EQ(f.band.high[1][row(4)], 0);
  EXPECT_EQ(f.status[row(6) + 1], Status::extrapolated);
  EXPECT_EQ(f.accuracy.status[6], Status::small_sample);
  EXPECT_EQ(f.accuracy.model[6], ForecastModel::naive);
  EXPECT_LT(f.band.low[1][row(6)], f.forecast[row(6)]);
}

TEST(Forecast, OneSeriesNeverHarmsTheOthers) {
  Panel good, mixed;
  good.add(kAirPassengers);
  good.add(noisy(4, 60));
  mixed.add({kNaN});
  mixed.add(kAirPassengers);
  mixed.add(std::vector<double>(50, 1.0));
  mixed.add(noisy(4, 60));
  mixed.add({});
  const Forecast a = forecast(good.view(), {.horizon = 3});
  const Forecast b = forecast(mixed.view(), {.horizon = 3});
  for (std::size_t h = 0; h < 3; ++h) {
    EXPECT_EQ(a.band.low[1][h], b.band.low[1][3 + h]);
    EXPECT_EQ(a.band.high[0][3 + h], b.band.high[0][9 + h]);
  }
}

TEST(Forecast, CutPeriodsAreLeftOutAndShownApart) {
  std::vector<double> y = noisy(5, 52);
  const Forecast whole = forecast_dated(y, Period::week);
  // The same series between two cut weeks.
  std::vector<double> cut(y);
  cut.insert(cut.begin(), 3.0);
  cut.push_back(11.5);
  const data::Day monday = data::from_civil(2019, 12, 30);
  const auto start = days_from(monday, Period::week, cut.size());
  std::vector<std::uint8_t> complete(cut.size(), 1);
  complete.front() = complete.back() = 0;
  SeriesView v;
  v.y = cut;
  v.start = start;
  v.complete = complete;
  v.period = Period::week;
  const Forecast f = forecast(v);
  EXPECT_TRUE(same(f, whole));
  EXPECT_EQ(f.start, whole.start);
  EXPECT_EQ(f.start[0], start.back());  // the cut week itself is forecast first
  EXPECT_EQ(f.so_far[0], 11.5);
  EXPECT_TRUE(std::isnan(f.so_far[1]));
  EXPECT_EQ(f.totals.start[0], start.back());
  EXPECT_EQ(f.totals.end[0], start.back() + 8 * 7 - 1);
}

TEST(Forecast, LeadingZerosAndClosedDays) {
  std::vector<double> y = noisy(6, 60);
  std::vector<double> later(40, 0.0);
  later.insert(later.end(), y.begin(), y.end());
  EXPECT_TRUE(same(forecast_of(later, {.horizon = 5}), forecast_of(y, {.horizon = 5})));

  // Shut on every seventh day: that day stays 0, the others are forecast as if it were not there.
  std::vector<double> shop, open;
  for (std::size_t i = 0; i < 210; ++i) {
    shop.push_back(i % 7 == 5 ? 0 : noisy(7, 210)[i] + 20 * static_cast<double>(i % 7));
    if (i % 7 != 5) open.push_back(shop.back());
  }
  const Forecast f = forecast_dated(shop, Period::day, {.horizon = 14});
  const Forecast without = forecast_of(open, {.horizon = 12, .season_length = 6});
  EXPECT_EQ(f.forecast[5], 0);
  EXPECT_EQ(f.forecast[12], 0);
  EXPECT_EQ(f.band.high[1][5], 0);  // 30 closed days in a row
  EXPECT_EQ(f.forecast[4], without.forecast[4]);
  EXPECT_EQ(f.forecast[6], without.forecast[5]);
  EXPECT_EQ(f.band.low[0][6], without.band.low[0][5]);
  EXPECT_EQ(f.totals.band.high[1][0], without.totals.band.high[1][0]);
  // One day that gave more back than it sold does not open the shop on its closed day.
  shop[20] = -15;
  EXPECT_EQ(forecast_dated(shop, Period::day, {.horizon = 14}).forecast[12], 0);
}

TEST(Forecast, NothingUnderZeroWhereNothingWas) {
  std::vector<double> y;
  for (int i = 0; i < 60; ++i) y.push_back(i % 5 == 0 ? 40 : i % 3);
  const Forecast f = forecast_of(y, {.horizon = 8});
  for (std::size_t h = 0; h < 8; ++h) {
    EXPECT_GE(f.forecast[h], 0);
    EXPECT_EQ(f.band.low[1][h], 0);
    EXPECT_GT(f.band.high[1][h], f.forecast[h]);
  }
  for (double& v : y) v -= 10;
  EXPECT_LT(forecast_of(y, {.horizon = 8}).band.low[1][0], 0);
  // A falling line stops at zero instead of going through it.
  std::vector<double> falling;
  for (int i = 0; i < 40; ++i) falling.push_back(80 - 2 * i);
  const Forecast g = forecast_of(falling, {.horizon = 10, .model = ForecastModel::thetaf});
  EXPECT_EQ(g.forecast[9], 0);
  EXPECT_EQ(std::accumulate(g.forecast.begin(), g.forecast.end(), 0.0), g.totals.total[0]);
}

TEST(Forecast, IntervalsAreNestedAndNamed) {
  const Forecast f =
      forecast_of(kUkGas, {.horizon = 4, .level = {.95, .5, .975}, .season_length = 4});
  for (std::size_t h = 0; h < 4; ++h) {
    EXPECT_LT(f.band.low[2][h], f.band.low[0][h]);
    EXPECT_LT(f.band.low[0][h], f.band.low[1][h]);
    EXPECT_LT(f.band.low[1][h], f.forecast[h]);
    EXPECT_LT(f.band.high[0][h], f.band.high[2][h]);
  }
  EXPECT_EQ(f.names[0], "forecast_low_95");
  EXPECT_EQ(f.names[5], "forecast_high_97_5");
  EXPECT_EQ(forecast_of(kUkGas, {.level = {.9}}).names[0], "forecast_low");
}

// Errors of a level that is well known average out over a sum: its interval is narrower than the
// ends of the steps' intervals added up.
TEST(Forecast, TotalsHaveIntervalsOfTheirOwn) {
  Panel panel;
  for (std::uint64_t s = 0; s < 40; ++s) panel.add(noisy(100 + s, 60));
  const Forecast f = forecast(panel.view(), {.horizon = 8, .model = ForecastModel::mean});
  for (std::size_t s = 0; s < 40; ++s) {
    double sum = 0, width = 0;
    for (std::size_t h = 0; h < 8; ++h) {
      sum += f.forecast[8 * s + h];
      width += f.band.high[1][8 * s + h] - f.band.low[1][8 * s + h];
    }
    EXPECT_DOUBLE_EQ(f.totals.total[s], sum);
    EXPECT_LT(f.totals.band.high[1][s] - f.totals.band.low[1][s], 0.7 * width);
    EXPECT_GT(f.totals.band.high[1][s] - f.totals.band.low[1][s], 0.2 * width);
  }
}

TEST(Forecast, TheSumOfOneStepIsThatStep) {
  for (const auto& y : {noisy(12, 40), kUkGas}) {
    const Forecast f = forecast_of(y, {.horizon = 1, .season_length = 4});
    EXPECT_DOUBLE_EQ(f.totals.total[0], f.forecast[0]);
    EXPECT_NEAR(f.totals.band.low[1][0], f.band.low[1][0], 1e-9 * f.forecast[0]);
    EXPECT_NEAR(f.totals.band.high[0][0], f.band.high[0][0], 1e-9 * f.forecast[0]);
  }
}

// What was forecast in the past may not change with what came later.
TEST(Forecast, TheWindowsDoNotSeeAhead) {
  const auto a = roll(ForecastModel::automatic, false, kAirPassengers, 12, 6, 20, true);
  ASSERT_EQ(a.size(), 21u);
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::vector<double> later(kAirPassengers);
    for (auto t = static_cast<std::size_t>(a[i].origin); t < later.size(); ++t) {
      later[t] *= t % 2 == 0 ? 3 : 0.1;
    }
    const auto b = roll(ForecastModel::automatic, false, later, 12, 6, 20, true);
    EXPECT_TRUE(same_bits(a[i].mix.mean, b[i].mix.mean)) << a[i].origin;
    EXPECT_TRUE(same_bits(a[i].mix.scale, b[i].mix.scale)) << a[i].origin;
    EXPECT_EQ(a[i].weight, b[i].weight) << a[i].origin;
    // Nor do the widths: those of the present are made from the windows before it alone.
    const auto unit = [&](const std::vector<Window>& w) {
      return calibrate(std::span(w).first(i + 1), true).unit;
    };
    EXPECT_TRUE(same_bits(unit(a), unit(b))) << a[i].origin;
  }
}

// Gaps may take a place of the season away: then there is nothing to repeat, and no error.
TEST(Forecast, GapsInTheSeason) {
  std::vector<double> y = noisy(10, 60);
  for (std::size_t i = 3; i < y.size(); i += 12) y[i] = kNaN;
  for (const auto model : {ForecastModel::automatic, ForecastModel::seasonal_naive}) {
    const Forecast f = forecast_dated(y, Period::month, {.model = model});
    EXPECT_EQ(f.accuracy.naive_model[0], ForecastModel::naive);
    EXPECT_GT(f.accuracy.windows[0], 10);
    for (double v : f.forecast) EXPECT_TRUE(std::isfinite(v));
  }
}

// A series of just two seasons is still judged by past forecasts.
TEST(Forecast, TwoYearsOfWeeksHaveWindows) {
  const Forecast f = forecast_dated(noisy(11, 104), Period::week);
  EXPECT_EQ(f.accuracy.windows[0], 20);
  EXPECT_EQ(f.accuracy.naive_model[0], ForecastModel::seasonal_naive);
}

// The accuracy table against the windows it was made from.
TEST(Forecast, AccuracyIsThatOfTheWindows) {
  const auto windows = roll(ForecastModel::automatic, false, kAirPassengers, 12, 3, 20, true);
  double error = 0, smape = 0, count = 0, scale = 0;
  for (const Window& w : windows) {
    for (std::size_t h = 0; h < 3; ++h) {
      const std::size_t i = static_cast<std::size_t>(w.origin) + h;
      if (i >= 144) continue;
      const double e = std::abs(kAirPassengers[i] - w.mix.mean[h]);
      error += e;
      smape += 200 * e / (kAirPassengers[i] + w.mix.mean[h]);
      ++count;
    }
  }
  for (std::size_t i = 12; i < 144; ++i) {
    scale += std::abs(kAirPassengers[i] - kAirPassengers[i - 12]) / 132;
  }
  const Forecast f = forecast_dated(kAirPassengers, Period::month);
  EXPECT_EQ(f.accuracy.windows[0], 20);
  EXPECT_NEAR(f.accuracy.mase[0], error / count / scale, 1e-12);
  EXPECT_NEAR(f.accuracy.smape[0], smape / count, 1e-12);
  EXPECT_EQ(f.checked, static_cast<std::int64_t>(count));
  EXPECT_NEAR(f.accuracy.coverage[1][0] * count, std::round(f.accuracy.coverage[1][0] * count),
              1e-9);
  double weights = 0;
  for (const auto& weight : f.accuracy.weight) weights += weight[0];
  EXPECT_NEAR(weights, 1, 1e-12);
}

TEST(Forecast, SameBitsOnAnyNumberOfThreads) {
  Panel panel;
  for (std::uint64_t s = 0; s < 90; ++s) panel.add(noisy(s, 20 + 3 * s));
  panel.add(kAirPassengers);
  const ForecastOptions options{.horizon = 6, .season_length = 12};
  const Forecast one = forecast(panel.view(), options, {.threads = 1});
  for (const int threads : {2, 3, 8}) {
    EXPECT_TRUE(same(one, forecast(panel.view(), options, {.threads = threads}))) << threads;
  }
}

TEST(Forecast, EveryModelCanBeAskedFor) {
  for (std::size_t k = 0; k < forecast_model_labels().size(); ++k) {
    const auto model = static_cast<ForecastModel>(k);
    EXPECT_EQ(parse_forecast_model(forecast_model_labels()[k]), model);
    const Forecast f = forecast_of(kUkGas, {.horizon = 4, .model = model, .season_length = 4});
    EXPECT_EQ(f.accuracy.model[0], model);
    EXPECT_LT(f.band.low[1][0], f.forecast[0]);
    EXPECT_EQ(same_bits(f.forecast, f.naive), model == ForecastModel::seasonal_naive);
  }
}

TEST(Forecast, Tables) {
  const Forecast f = forecast_dated(noisy(8, 60), Period::week);
  std::vector<std::string> names;
  for (const Column& c : f.columns()) names.emplace_back(c.name);
  EXPECT_EQ(names, (std::vector<std::string>{"start", "step", "forecast", "forecast_low_80",
                                             "forecast_high_80", "forecast_low_95",
                                             "forecast_high_95", "naive", "so_far", "status"}));
  for (const auto& columns : {f.columns(), f.totals.columns(), f.accuracy.columns()}) {
    for (const Column& c : columns) {
      EXPECT_EQ(c.size, columns.front().size) << c.name;
      EXPECT_FALSE(c.doc.empty()) << c.name;
    }
  }
  std::vector<std::string> facts;
  for (const Scalar& s : f.info()) facts.emplace_back(s.name);
  EXPECT_EQ(facts,
            (std::vector<std::string>{"period", "horizon", "season_length", "too_short_for_season",
                                      "coverage_80", "coverage_95", "coverage_n"}));
}

template <typename Thrown = InvalidArgument>
std::string message(const SeriesView& v, const ForecastOptions& options = {},
                    const Context& context = {}) {
  try {
    forecast(v, options, context);
  } catch (const Thrown& e) {
    return e.what();
  }
  return "nothing thrown";
}

TEST(Forecast, Input) {
  Panel panel;
  panel.add({1, 2, 3});
  panel.add({1, std::numeric_limits<double>::infinity(), 3});
  EXPECT_EQ(message(panel.view()),
            "forecast: y is infinite in row 4 (series 1); write NaN for a missing value");
  panel.y[4] = 2;
  SeriesView v = panel.view();
  const std::vector<std::int64_t> wrong{0, 3, 5};
  v.offset = wrong;
  EXPECT_EQ(message(v), "forecast: offset must rise from 0 to the number of rows, 6");
  v = panel.view();
  const std::vector<data::Day> few{0, 1};
  v.start = few;
  EXPECT_EQ(message(v), "forecast: start has 2 rows, y has 6");
  const std::vector<data::Day> jump{0, 1, 2, 0, 1, 3};
  v.start = jump;
  EXPECT_EQ(message(v), "forecast: start needs period, as Period::month");
  v.period = Period::day;
  EXPECT_EQ(message<DataError>(v),
            "forecast: in series 1 row 5 (1970-01-04) does not follow 1970-01-02 by one day; give "
            "one row per period, NaN where a value is missing");
  v = panel.view();
  EXPECT_EQ(message(v, {.horizon = -1}), "forecast: horizon is -1; write periods, as 8");
  EXPECT_EQ(message(v, {.level = {}}),
            "forecast: level is empty; write confidences, as .8 and .95");
  EXPECT_EQ(message(v, {.level = {95}}),
            "forecast: level 95 is not between 0 and 1; write .95 for 95 %");
  EXPECT_EQ(message(v, {.level = {.5, .5}}), "forecast: level 0.5 is given twice");
  EXPECT_EQ(message(v, {.season_length = -2}),
            "forecast: season_length is -2; write periods per season, as 12, or 1 for none");
  EXPECT_EQ(message(v, {.windows = -1}), "forecast: windows is -1; write 0 or more");
  Context small;
  small.memory_limit = 10;
  EXPECT_NE(message<MemoryLimit>(v, {}, small).find("memory_limit is 10"), std::string::npos);
  Context stopped;
  stopped.stop.request_stop();
  EXPECT_EQ(message<Cancelled>(v, {}, stopped), "the computation was cancelled");
  try {
    parse_forecast_model("dotn");
    FAIL();
  } catch (const InvalidArgument& e) {
    EXPECT_STREQ(e.what(),
                 "model is 'dotn'; did you mean 'dotm'; there are auto stm otm dstm dotm thetaf "
                 "naive seasonal_naive drift mean croston sba tsb adida imapa ets arima ces");
  }
  // No series at all, and no past forecasts: results without rows and without accuracy.
  EXPECT_EQ(forecast(SeriesView{}).forecast.size(), 1u);
  const Forecast none = forecast_of(noisy(9, 40), {.windows = 0});
  EXPECT_TRUE(std::isnan(none.accuracy.mase[0]));
  EXPECT_TRUE(std::isnan(none.coverage[0]));
  EXPECT_EQ(none.accuracy.status[0], Status::small_sample);
}

}  // namespace
}  // namespace emptor::forecasting
