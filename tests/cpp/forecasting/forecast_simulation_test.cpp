#include "emptor/forecasting/forecast.hpp"

#include "core/random.hpp"
#include "simulation.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <numeric>
#include <string_view>
#include <vector>

// Coverage of the intervals where the truth is planted: 53 weeks (or 60 months) of each kind of
// series, then eight more (six) that the forecast did not see. EMPTOR_SIMULATION_SCALE multiplies
// the number of series.
namespace emptor::forecasting {
namespace {

using testing::simulation_scale;

enum class Kind { noise, walk, trend, breaks, tails, season, counts };
constexpr std::string_view kNames[]{"noise around a level", "random walk", "line and noise",
                                    "level breaks",         "t(3) noise",  "months, season x level",
                                    "counts, mean 4"};

/// n values of one kind; a third of the walk's, and all breaks', shocks stay in the level.
std::vector<double> simulate(Kind kind, std::size_t n, core::Random& random) {
  std::vector<double> y(n);
  double level = 100;
  const double phase = 12 * random.uniform();
  for (std::size_t i = 0; i < n; ++i) {
    const auto t = static_cast<double>(i);
    double noise = 8 * random.normal();
    switch (kind) {
      case Kind::noise:
        break;
      case Kind::walk:
        level += noise;
        break;
      case Kind::trend:
        level = 100 + 1.5 * t;
        break;
      case Kind::breaks:
        if (random.uniform() < 0.04) level += 40 * random.normal();
        break;
      case Kind::tails:
        noise /= std::sqrt(2.0 * random.gamma(1.5) / 3);
        break;
      case Kind::season:
        level += 2 * random.normal();
        noise = noise * 0.6 + level * 0.3 * std::sin((t + phase) * 0.5235987755982988);
        break;
      case Kind::counts:
        level = static_cast<double>(random.poisson(4));
        noise = 0;
        break;
    }
    y[i] = level + noise;
  }
  return y;
}

struct Covered {
  double steps80 = 0, steps95 = 0, totals80 = 0, totals95 = 0, n = 0, totals = 0;
  void add(const Forecast& f, std::size_t s, std::span<const double> actual) {
    const std::size_t h = actual.size();
    const auto in = [](const Bands& b, std::size_t k, std::size_t i, double v) {
      return v >= b.low[k][i] && v <= b.high[k][i] ? 1.0 : 0.0;
    };
    for (std::size_t j = 0; j < h; ++j) {
      steps80 += in(f.band, 0, s * h + j, actual[j]);
      steps95 += in(f.band, 1, s * h + j, actual[j]);
    }
    const double sum = std::accumulate(actual.begin(), actual.end(), 0.0);
    totals80 += in(f.totals.band, 0, s, sum);
    totals95 += in(f.totals.band, 1, s, sum);
    n += static_cast<double>(h);
    totals += 1;
  }
  void print(std::string_view name, const char* how) const {
    std::printf("%-24s %-8s steps 80 %%: %.3f  95 %%: %.3f   sums 80 %%: %.3f  95 %%: %.3f\n",
                name.data(), how, steps80 / n, steps95 / n, totals80 / totals, totals95 / totals);
  }
};

TEST(ForecastSimulation, IntervalsCover) {
  const auto series = static_cast<std::size_t>(120 * simulation_scale());
  Covered all_alone, all_together;
  for (int k = 0; k < 7; ++k) {
    const auto kind = static_cast<Kind>(k);
    const std::size_t n = kind == Kind::season ? 60 : 53;
    const std::size_t horizon = kind == Kind::season ? 6 : 8;
    ForecastOptions options;
    options.horizon = static_cast<int>(horizon);
    options.season_length = kind == Kind::season ? 12 : 52;
    std::vector<double> y, truth;
    std::vector<std::int64_t> offset{0};
    Covered alone, together;
    for (std::size_t s = 0; s < series; ++s) {
      core::Random random(7, static_cast<std::uint64_t>(k) * 1000003 + s);
      const auto values = simulate(kind, n + horizon, random);
      y.insert(y.end(), values.begin(), values.end() - static_cast<std::ptrdiff_t>(horizon));
      truth.insert(truth.end(), values.end() - static_cast<std::ptrdiff_t>(horizon), values.end());
      offset.push_back(static_cast<std::int64_t>(y.size()));
    }
    SeriesView panel;
    panel.y = y;
    panel.offset = offset;
    const Forecast pooled = forecast(panel, options);
    for (std::size_t s = 0; s < series; ++s) {
      const auto actual = std::span(truth).subspan(s * horizon, horizon);
      SeriesView one;
      one.y = std::span(y).subspan(s * n, n);
      const Forecast f = forecast(one, options);
      alone.add(f, 0, actual);
      together.add(pooled, s, actual);
      all_alone.add(f, 0, actual);
      all_together.add(pooled, s, actual);
    }
    alone.print(kNames[k], "alone");
    together.print(kNames[k], "together");
    EXPECT_GE(alone.steps95 / alone.n, 0.92) << kNames[k];
    EXPECT_GE(together.steps95 / together.n, 0.92) << kNames[k];
    EXPECT_GE(together.totals95 / together.totals, 0.88) << kNames[k];
  }
  all_alone.print("all", "alone");
  all_together.print("all", "together");
  EXPECT_GE(all_together.steps95 / all_together.n, 0.93);
  EXPECT_LE(all_together.steps95 / all_together.n, 0.97);
  EXPECT_GE(all_alone.steps95 / all_alone.n, 0.93);
  EXPECT_LE(all_alone.steps95 / all_alone.n, 0.97);
  EXPECT_GE(all_together.totals95 / all_together.totals, 0.93);
  EXPECT_LE(all_together.totals95 / all_together.totals, 0.97);
}

}  // namespace
}  // namespace emptor::forecasting
