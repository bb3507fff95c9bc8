#pragma once

#include "emptor/forecasting/arima.hpp"
#include "emptor/forecasting/ets.hpp"
#include "emptor/forecasting/forecast.hpp"
#include "emptor/forecasting/intermittent.hpp"

#include <array>
#include <optional>
#include <span>
#include <vector>

namespace emptor::forecasting {

/// What one model, or a mix of them, says at one origin about steps 1 ... horizon and their sum.
struct Path {
  std::vector<double> mean{};  ///< by step
  /// Standard deviation of the error by noise alone; last: of the sum. Of a mix of a series without
  /// negative values, grown with its level.
  std::vector<double> scale{};
};

/// Whether a model is one of intermittent.hpp, and which.
inline bool is_intermittent(ForecastModel model) noexcept {
  return model >= ForecastModel::croston && model <= ForecastModel::imapa;
}
inline IntermittentModel intermittent_model(ForecastModel model) noexcept {
  return static_cast<IntermittentModel>(static_cast<int>(model) -
                                        static_cast<int>(ForecastModel::croston));
}

/// The models a ForecastModel stands for; `automatic` mixes three, and tsb of what is sold seldom,
/// or ets of what else has `seasons`.
std::vector<ForecastModel> members_of(ForecastModel model, bool seldom, bool seasons);

/// The fewest known values a theta model is fitted to.
inline constexpr std::int64_t kFewestForTheta = 6;

/// A season can be told from two of them on.
inline bool has_seasons(std::int64_t n, int season_length) noexcept {
  return season_length > 1 && n >= 2 * std::int64_t{season_length};
}

/// Whether every place of the season has a known value that can be repeated.
bool can_repeat_season(std::span<const double> y, int season_length);

/// A form of exponential smoothing that several origins use, so that it need not be chosen at each.
struct HeldForm {
  std::optional<EtsFit> fit{};
  int uses = 0;
  std::optional<ArimaFit> orders{};
  int uses_of_orders = 0;
};

/// What each model says at the end of y, which begins and ends with a known value. seasonal_naive
/// is naive unless `seasons`, theta models are under kFewestForTheta values, models of
/// intermittent demand are if a value is under 0.
/// `adjusted` tells whether theta models saw a season and took it out; `held` gives ets the form of
/// earlier origins and takes the one found.
std::vector<Path> predict(std::span<const ForecastModel> models, std::span<const double> y,
                          int season_length, bool seasons, int horizon, bool* adjusted = nullptr,
                          HeldForm* held = nullptr);

/// Forecasts of the past: `origin` values were seen, then come the forecasts.
struct Window {
  std::int64_t origin = 0;
  std::vector<Path> members{};
  bool adjusted = false;         ///< whether a season was seen
  std::vector<double> weight{};  ///< of the members, from errors known at the origin
  Path mix{};
  std::vector<double> naive{};  ///< what seasonal_naive (else naive) says, by step
  std::vector<double> error{};  ///< actual - mix.mean by step; last: of the sum; NaN if not known
};

/// The origins looked at: at most `windows`, evenly spread, going back two values per window or
/// three horizons, but not to where there is too little to fit a model to. Of a series with seasons
/// they have seen two of them where that leaves `windows` values, else at least one.
std::vector<std::int64_t> origins(std::int64_t n, int horizon, int season_length, int windows);

/// actual - forecast of each step, last of their sum; NaN where y ends before.
std::vector<double> window_errors(const Window& window, std::span<const double> y);

/// All windows of a series in time order, ending with the present one (origin n, no errors).
/// Origins whose last value is missing are left out. `nonnegative` sets forecasts under 0 to 0.
std::vector<Window> roll(ForecastModel model, bool seldom, std::span<const double> y,
                         int season_length, int horizon, int windows, bool nonnegative);

}  // namespace emptor::forecasting
