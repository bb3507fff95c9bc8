#pragma once

#include "emptor/core/export.hpp"

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace emptor::forecasting {

/// Forecasts that need no estimation: what every other one must beat.
enum class NaiveModel : std::uint8_t {
  naive,           ///< the last value
  seasonal_naive,  ///< the last value of the same place in the season
  drift,           ///< the last value plus the mean change per step
  mean,            ///< the mean of all values
};

struct NaiveFit {
  NaiveModel model = NaiveModel::naive;
  std::int64_t n = 0;  ///< length from the first to the last known value
  std::int64_t n_known = 0;
  std::vector<double>
      last{};        ///< what steps 1, 2, ... repeat: one value, or one per season's place
  double slope = 0;  ///< per step; 0 but for drift
  double sigma = 0;  ///< root mean square of the one-step (one-season) errors
};

/// NaN is missing and skipped; missing values at the ends are cut off. `season_length` is read by
/// seasonal_naive only. @throws InvalidArgument for infinite values, without a known value, or if
/// seasonal_naive has no value for some place in the season.
EMPTOR_EXPORT NaiveFit fit_naive(std::span<const double> y, NaiveModel model,
                                 int season_length = 1);

EMPTOR_EXPORT std::vector<double> forecast(const NaiveFit& fit, int horizon);

/// Standard deviation of the error of each step if the model is true (Hyndman and Athanasopoulos
/// 2021, table 5.2): sigma times sqrt(h), sqrt(seasons ahead), sqrt(h + h^2/(n-1)),
/// sqrt(1 + 1/n). NaN if there are too few values to tell.
EMPTOR_EXPORT std::vector<double> standard_errors(const NaiveFit& fit, int horizon);

EMPTOR_EXPORT std::string_view to_string(NaiveModel model) noexcept;

}  // namespace emptor::forecasting
