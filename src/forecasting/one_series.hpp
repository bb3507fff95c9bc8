#pragma once

#include "emptor/forecasting/forecast.hpp"

#include "forecasting/calibration.hpp"
#include "forecasting/count_laws.hpp"

#include <optional>
#include <span>
#include <vector>

namespace emptor::forecasting {

/// A series as the models see it: missing ends, leading zeros and closed places cut.
struct Prepared {
  std::vector<double> y{};  ///< begins and ends with a known value
  std::int64_t n = 0;       ///< periods from the first to the last known value
  std::int64_t n_known = 0;
  std::size_t end = 0;    ///< rows up to and with the last known value
  int season_length = 1;  ///< of y: without closed places
  bool nonnegative = false;
  bool constant = false;
  bool seldom = false;  ///< 1.32 periods or more between values above 0; none is negative
  /// Entry h tells of step h + 1: whether its place in the season never sold. Empty: none.
  std::vector<std::uint8_t> closed{};
  [[nodiscard]] bool closed_at(std::size_t step) const {
    return !closed.empty() && closed[(step - 1) % closed.size()] != 0;
  }
};

/// From the rows of one series; rows that are not complete are missing.
Prepared prepare(std::span<const double> y, std::span<const std::uint8_t> complete,
                 int season_length);

/// All there is to say of one series before the pooled correction.
struct OneSeries {
  Prepared series{};  ///< without y
  Status status = Status::ok;
  ForecastModel model = ForecastModel::automatic;
  ForecastModel naive_model = ForecastModel::naive;
  std::vector<double> weight{};
  SeasonStatus season = SeasonStatus::none;
  std::vector<double> mean{}, naive{};  ///< by step
  Calibrated calibrated{};              ///< unit NaN where there is no interval; last of the sum
  std::optional<CountLaws> laws{};  ///< of counts sold seldom: their quantiles are the intervals
  std::int64_t windows = 0;
  double mase = 0, rmsse = 0, smape = 0, bias = 0, naive_mase = 0, naive_smape = 0;
};

OneSeries forecast_one(Prepared prepared, ForecastModel model, int asked_season_length, int horizon,
                       int windows);

/// Whether n equal values allow to say, at this level, that the next one is equal: n / (n + 1).
bool constant_holds(std::int64_t n, double level);

}  // namespace emptor::forecasting
