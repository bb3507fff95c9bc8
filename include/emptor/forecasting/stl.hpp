#pragma once

#include "emptor/core/columns.hpp"
#include "emptor/core/context.hpp"
#include "emptor/core/estimate.hpp"
#include "emptor/core/export.hpp"
#include "emptor/forecasting/forecast.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace emptor::forecasting {

struct StlOptions {
  /// Periods per season, several for several seasons (7 and 365 of days). Empty takes that of the
  /// period; a season with under two of it in the data is left out.
  std::vector<int> season_length{};
  /// Seasons a season is smoothed over, odd and at least 7; 0 takes 11 for the shortest season and
  /// 4 more for every further one. -1 keeps each season the same throughout.
  int seasonal_window = 0;
  /// Periods the trend is smoothed over, odd; 0 takes the smallest odd number from
  /// 1.5 season / (1 - 1.5 / seasonal_window) on.
  int trend_window = 0;
  /// Whether values far from trend and season count little in both (15 rounds).
  bool robust = false;
  /// How often several seasons are gone through; one season needs one.
  int iterations = 2;
  /// Whether smooths are made at every value instead of ten a window, with lines between.
  bool exact = false;
};

/// y = trend + the seasons + remainder.
struct StlFit {
  std::vector<int> season_length{};  ///< rising
  std::vector<double> trend{};
  std::vector<std::vector<double>> season{};  ///< [season][value]
  std::vector<double> remainder{};            ///< NaN where y is missing
  std::vector<double> weight{};               ///< of each value in robust fits, else 1
  /// max(0, 1 - var(remainder) / var(remainder + part)): 0 is none, 1 is all (Wang, Smith and
  /// Hyndman 2006).
  double trend_strength = 0;
  std::vector<double> season_strength{};
};

/// Decomposition by loess (Cleveland, Cleveland, McRae and Terpenning 1990), of several seasons in
/// turn (Bandara, Hyndman and Bergmeir 2021). NaN is missing: it has weight 0 in every smooth;
/// missing values at the ends get a trend and a season too.
/// @throws InvalidArgument for infinite values, options out of range, and without two known values
/// or a season of which the data hold two.
EMPTOR_EXPORT StlFit fit_stl(std::span<const double> y, const StlOptions& options);

/// Decompositions of many series, a row per value.
struct Stl {
  std::string by{};
  std::string value{};
  std::optional<data::Period> period{};
  std::shared_ptr<const Dictionary> groups{};
  std::vector<std::int32_t> series{};
  std::vector<data::Day> start{};  ///< empty without dates
  std::vector<std::int64_t> step{};
  std::vector<double> y{};
  std::vector<double> trend{};
  std::vector<double> season{};  ///< the sum of all seasons
  std::vector<int> season_length{};
  std::vector<std::vector<double>> seasons{};  ///< [season][row]; 0 where a season was left out
  std::vector<double> remainder{};
  std::vector<double> adjusted{};  ///< y without its seasons
  std::vector<double> weight{};
  std::vector<Status> status{};
  /// By series.
  std::vector<std::int32_t> strength_series{};
  std::vector<double> trend_strength{};
  std::vector<std::vector<double>> season_strength{};  ///< [season][series]; NaN where left out
  std::vector<Status> strength_status{};
  std::vector<std::string> names{};  ///< of the columns of `seasons`, then of `season_strength`
  [[nodiscard]] EMPTOR_EXPORT std::vector<Column> columns() const;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Scalar> info() const;
};

/// How strong trend and seasons are, one row per series.
struct StlStrength {
  Stl stl{};
  [[nodiscard]] EMPTOR_EXPORT std::vector<Column> columns() const;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Scalar> info() const;
};

/// What of each value is trend, season and neither? Periods the data cut are missing. A series
/// without two of a season has status not_enough_data.
/// @throws InvalidArgument, DataError, Cancelled, MemoryLimit as forecast()
EMPTOR_EXPORT Stl stl(const SeriesView& series, const StlOptions& options = {},
                      const Context& context = {});
EMPTOR_EXPORT Stl stl(const data::Series& series, const StlOptions& options = {},
                      const Context& context = {});

}  // namespace emptor::forecasting
