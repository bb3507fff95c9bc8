#include "emptor/forecasting/forecast.hpp"
#include "emptor/forecasting/theta.hpp"

#include "core/random.hpp"
#include "forecasting/season.hpp"

#include <benchmark/benchmark.h>

#include <cmath>
#include <cstdint>
#include <vector>

namespace emptor::forecasting {
namespace {

/// A line, a season of 12 and noise.
std::vector<double> made_up(std::size_t n, std::uint64_t stream) {
  core::Random random(1, stream);
  std::vector<double> y(n);
  for (std::size_t i = 0; i < n; ++i) {
    const auto t = static_cast<double>(i);
    y[i] = (100 + t) * (1 + 0.3 * std::sin(t * 0.5235987755982988)) + 5 * random.normal();
  }
  return y;
}

void fit(benchmark::State& state, ThetaModel model, int season_length) {
  const auto y = made_up(static_cast<std::size_t>(state.range(0)), 0);
  for (auto _ : state) {
    benchmark::DoNotOptimize(fit_theta(y, {model, season_length}));
  }
}
BENCHMARK_CAPTURE(fit, dotm, ThetaModel::dotm, 1)->Arg(40)->Arg(120)->Arg(216)->Arg(2371);
BENCHMARK_CAPTURE(fit, dotm_season, ThetaModel::dotm, 12)->Arg(120);
BENCHMARK_CAPTURE(fit, thetaf, ThetaModel::thetaf, 1)->Arg(120);

void adjust_season(benchmark::State& state) {
  const auto y = made_up(120, 0);
  for (auto _ : state) benchmark::DoNotOptimize(adjust(y, 12, SeasonKind::automatic));
}
BENCHMARK(adjust_season);

/// All of forecast(): twenty past forecasts of three models for each of 200 series.
void forecast_many(benchmark::State& state) {
  std::vector<double> y;
  std::vector<std::int64_t> offset{0};
  for (std::uint64_t s = 0; s < 200; ++s) {
    const auto one = made_up(60, s);
    y.insert(y.end(), one.begin(), one.end());
    offset.push_back(static_cast<std::int64_t>(y.size()));
  }
  SeriesView view;
  view.y = y;
  view.offset = offset;
  Context context;
  context.threads = static_cast<int>(state.range(0));
  for (auto _ : state) {
    benchmark::DoNotOptimize(forecast(view, {.horizon = 6, .season_length = 12}, context));
  }
  state.SetItemsProcessed(state.iterations() * 200);
}
BENCHMARK(forecast_many)->Arg(1)->Arg(2)->UseRealTime();

}  // namespace
}  // namespace emptor::forecasting
