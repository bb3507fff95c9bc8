#pragma once

#include "emptor/core/columns.hpp"
#include "emptor/core/context.hpp"
#include "emptor/core/estimate.hpp"
#include "emptor/core/export.hpp"
#include "emptor/forecasting/forecast.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace emptor::forecasting {

struct BacktestOptions {
  /// Periods ahead; 0 takes those of forecast().
  int horizon = 0;
  /// Past origins, the last one a horizon before the end. A series without the data for all of them
  /// has fewer.
  int windows = 5;
  /// Periods from one origin to the next; 0 takes the horizon, so that windows do not overlap.
  int step = 0;
  /// The naive model is always compared too.
  std::vector<ForecastModel> models{ForecastModel::automatic};
  std::vector<double> level{0.8, 0.95};  ///< of the intervals that are judged
  /// Periods per season; 0 takes that of the period.
  int season_length = 0;
  /// At most how many still earlier forecasts calibrate the intervals at each origin; as
  /// ForecastOptions::windows.
  int calibration_windows = 20;
  bool keep_forecasts = false;  ///< fills Backtest::forecasts
};

/// A score with a 95 % interval; NaN where there is no value, or no interval to be had.
struct Score {
  std::vector<double> value{}, low{}, high{};
};

/// Scores by row. Errors are forecast - actual.
struct BacktestScores {
  Score skill{};  ///< 1 - MASE / MASE of the naive model, the same series and windows
  Score mase{};   ///< mean |error| over the naive model's in sample
  Score rmsse{};  ///< root of the mean squared error over the naive model's in sample
  Score smape{};  ///< mean of 200 |error| / (|actual| + |forecast|), percent
  Score bias{};   ///< sum of errors over sum of |actual|
  /// Twice the quantile loss at 10 % ... 90 %, meaned, over |actual|: 0 is perfect; of a forecast
  /// without spread it is the mean |error| over |actual|.
  Score wql{};
  Score scaled_crps{};            ///< the same loss over the naive model's mean |error| in sample
  std::vector<Score> coverage{};  ///< [level]: share of actual values in their interval
  std::vector<Score> msis{};      ///< [level]: mean scaled interval score
  std::vector<std::int64_t> n{};  ///< values forecast and known
  std::vector<std::int64_t> windows{};  ///< the most windows a series of the row has
  std::vector<Status> status{};
  std::vector<std::string> names{};  ///< of the columns of coverage and msis
  void append_columns(std::vector<Column>& out) const;
};

/// One row per model and step.
struct BacktestSteps {
  std::vector<ForecastModel> model{};
  std::vector<std::int64_t> step{};
  std::vector<std::int64_t> series{};  ///< how many series have a known value there
  BacktestScores scores{};
  [[nodiscard]] EMPTOR_EXPORT std::vector<Column> columns() const;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Scalar> info() const;
};

/// One row per model and series, in the order of the series; without intervals but for a lone one.
struct BacktestSeries {
  std::string by{};
  std::shared_ptr<const Dictionary> groups{};
  std::vector<ForecastModel> model{};
  std::vector<std::int32_t> series{};
  BacktestScores scores{};
  [[nodiscard]] EMPTOR_EXPORT std::vector<Column> columns() const;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Scalar> info() const;
};

/// Every past forecast: one row per model, origin, series and step.
struct BacktestForecasts {
  std::string by{};
  std::shared_ptr<const Dictionary> groups{};
  std::vector<ForecastModel> model{};
  std::vector<std::int32_t> series{};
  std::vector<std::int64_t> window{};  ///< 1 is the earliest
  std::vector<data::Day> origin{};     ///< first day of the last period seen; empty without dates
  std::vector<std::int64_t> step{};
  std::vector<data::Day> start{};  ///< first day of the period forecast; empty without dates
  std::vector<double> actual{};
  std::vector<double> forecast{};
  Bands band{};
  std::vector<Status> status{};
  std::vector<std::string> names{};  ///< of the columns of `band`
  [[nodiscard]] EMPTOR_EXPORT std::vector<Column> columns() const;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Scalar> info() const;
};

/// One row per model.
struct Backtest {
  std::vector<ForecastModel> model{};
  std::vector<std::int64_t> series{};  ///< how many series were forecast
  BacktestScores scores{};
  BacktestSteps steps{};
  BacktestSeries by_series{};
  BacktestForecasts forecasts{};
  std::optional<data::Period> period{};
  int horizon = 0;
  int windows = 0;
  int step = 0;
  int season_length = 1;
  std::int64_t without_window = 0;  ///< series too short for any window
  std::int64_t fewer_windows = 0;   ///< series with some, but not all
  [[nodiscard]] EMPTOR_EXPORT std::vector<Column> columns() const;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Scalar> info() const;
};

/// How good would forecasts have been? At each of several past origins forecast() is run on what
/// was known then, with every model, and held against what came. Its intervals are those it would
/// have given: also their calibration, and its pooling over series, sees nothing later.
///
/// Origins lie a horizon before the end and `step` apart. With dates they are the same day for all
/// series; without, counted from each series' end. A series takes part at an origin where its last
/// value is known and it has 6 known values by then.
///
/// Errors are scaled by the mean absolute (squared) change, from season to season where there are
/// two of them, of the values seen at the origin. Windows where that is 0 count in the unscaled
/// scores only. Scores are made per series and averaged over series (bias and wql: sums over sums).
/// Intervals are Student's t over series, of a lone series over windows that do not overlap; those
/// of coverage are Wilson's at the effective number. They speak of other series like these over
/// the same stretch of time.
/// @throws InvalidArgument, DataError, Cancelled, MemoryLimit as forecast()
EMPTOR_EXPORT Backtest backtest(const SeriesView& series, const BacktestOptions& options = {},
                                const Context& context = {});
EMPTOR_EXPORT Backtest backtest(const data::Series& series, const BacktestOptions& options = {},
                                const Context& context = {});

}  // namespace emptor::forecasting
