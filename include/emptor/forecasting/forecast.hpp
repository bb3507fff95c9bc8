#pragma once

#include "emptor/core/columns.hpp"
#include "emptor/core/context.hpp"
#include "emptor/core/estimate.hpp"
#include "emptor/core/export.hpp"
#include "emptor/data/calendar.hpp"
#include "emptor/data/period.hpp"
#include "emptor/data/series.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace emptor::forecasting {

enum class ForecastModel : std::uint8_t {
  automatic,  ///< "auto": dotm, thetaf and seasonal_naive, tsb of what is sold seldom, else ets of
              ///< what has seasons, mixed by their errors in the past
  stm,        ///< this and the next four: theta.hpp
  otm,
  dstm,
  dotm,
  thetaf,
  naive,  ///< this and the next three: naive.hpp
  seasonal_naive,
  drift,
  mean,
  croston,  ///< this and the next four, for what is sold seldom: intermittent.hpp
  sba,
  tsb,
  adida,
  imapa,
  ets,    ///< ets.hpp: the best of the standard forms by AICc
  arima,  ///< arima.hpp: the best orders by AICc
  ces,    ///< ces.hpp: the best form by AICc
};
/// "auto", "stm", "otm", "dstm", "dotm", "thetaf", "naive", "seasonal_naive", "drift", "mean",
/// "croston", "sba", "tsb", "adida", "imapa", "ets", "arima", "ces".
EMPTOR_EXPORT std::span<const std::string_view> forecast_model_labels() noexcept;
/// @throws InvalidArgument with the nearest label; `argument` names the argument.
EMPTOR_EXPORT ForecastModel parse_forecast_model(std::string_view text,
                                                 std::string_view argument = "model");

/// Whether a season was looked for, and found.
enum class SeasonStatus : std::uint8_t {
  found,
  not_found,  ///< the test at 90 % sees none
  too_short,  ///< under two full seasons of data: none can be told
  none,       ///< not asked for: the season's length is 1
};
EMPTOR_EXPORT std::span<const std::string_view> season_status_labels() noexcept;

/// Any number of series, end to end. NaN is missing.
struct SeriesView {
  std::span<const double> y{};
  /// Series s has rows [offset[s], offset[s + 1]); empty for one series.
  std::span<const std::int64_t> offset{};
  /// First day of each row's period, periods one after the other; empty if there are no dates.
  std::span<const data::Day> start{};
  /// 0 marks rows whose period the data cut: they are left out and shown apart. Empty: all whole.
  std::span<const std::uint8_t> complete{};
  std::optional<data::Period> period{};  ///< needed with `start`
  /// The series' names, one code per series; empty if they have none.
  std::shared_ptr<const Dictionary> groups{};
  std::span<const std::int32_t> group{};
  std::string by{};     ///< what the names are names of: the result's first column
  std::string value{};  ///< what y is, for the messages
};
/// A view of what data::series() gives, which must outlive it.
EMPTOR_EXPORT SeriesView view(const data::Series& series);

struct ForecastOptions {
  /// Periods ahead. 0 takes 14 days, 8 weeks, 3 months, 2 quarters or 1 year (8 without a period),
  /// at most a quarter of the longest series. Steps beyond a quarter of their series' history have
  /// status extrapolated.
  int horizon = 0;
  ForecastModel model = ForecastModel::automatic;
  std::vector<double> level{0.8, 0.95};  ///< of the intervals
  /// Periods per season; 0 takes 7 days, 52 weeks, 12 months, 4 quarters, else 1 (none).
  int season_length = 0;
  /// At most how many past forecasts each series is judged and calibrated by; 0 for none.
  int windows = 20;
};

/// The intervals of a quantity: one column per level.
struct Bands {
  std::vector<std::vector<double>> low{}, high{};  ///< [level][row]
};

/// The sum of all steps of a series, with an interval of its own, calibrated on past sums: ends of
/// intervals do not add up.
struct ForecastTotals {
  std::string by{};
  std::shared_ptr<const Dictionary> groups{};
  std::vector<std::int32_t> series{};
  std::vector<data::Day> start{}, end{};  ///< first and last day of the span; kNoDay without dates
  std::vector<std::int64_t> periods{};    ///< how many steps are summed
  std::vector<double> total{};
  Bands band{};
  std::vector<double> naive{};    ///< the sum of the naive forecasts
  std::vector<std::int64_t> n{};  ///< past sums the interval was calibrated on
  std::vector<Status> status{};
  std::vector<double> level{};
  std::vector<std::string> names{};  ///< of the columns of `band`
  [[nodiscard]] EMPTOR_EXPORT std::vector<Column> columns() const;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Scalar> info() const;
};

/// How good the forecasts of the past were, by series; every number is of forecasts made without
/// what came after. NaN where there were none.
struct ForecastAccuracy {
  std::string by{};
  std::shared_ptr<const Dictionary> groups{};
  std::vector<std::int32_t> series{};
  std::vector<std::int64_t> n{};        ///< values from the first to the last known one
  std::vector<std::int64_t> windows{};  ///< past origins
  std::vector<ForecastModel> model{};   ///< what was used, after fallbacks
  /// Of dotm, thetaf, seasonal_naive, tsb and ets in `automatic`.
  std::array<std::vector<double>, 5> weight{};
  std::vector<ForecastModel> naive_model{};  ///< naive, or seasonal_naive from two seasons on
  std::vector<std::int64_t> season_length{};
  std::vector<SeasonStatus> season{};
  std::vector<double> mase{};   ///< mean absolute error over that of the naive model in sample
  std::vector<double> rmsse{};  ///< the same with squares, rooted
  std::vector<double> smape{};  ///< mean of 200 |error| / (|actual| + |forecast|), in percent
  std::vector<double> bias{};   ///< mean of (forecast - actual) over the mean of |actual|
  std::vector<double> naive_mase{}, naive_smape{};  ///< of the naive forecasts of the same periods
  std::vector<std::vector<double>> coverage{};  ///< [level]: share of past values in their interval
  std::vector<std::vector<double>> total_coverage{};  ///< [level]: the same of the sums
  std::vector<Status> status{};
  std::vector<double> level{};
  std::vector<std::string> names{};  ///< of the columns of both coverages
  [[nodiscard]] EMPTOR_EXPORT std::vector<Column> columns() const;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Scalar> info() const;
};

/// One row per series and step, in the order of the series.
struct Forecast {
  std::string by{};
  std::string value{};
  std::optional<data::Period> period{};
  std::shared_ptr<const Dictionary> groups{};
  std::vector<std::int32_t> series{};
  std::vector<std::int64_t> step{};  ///< 1 is the first period after the last whole one
  std::vector<data::Day> start{};    ///< first day of the period; empty without dates
  std::vector<double> forecast{};
  Bands band{};
  std::vector<double> naive{};   ///< what the naive model says
  std::vector<double> so_far{};  ///< what an unfinished period holds already; NaN elsewhere
  std::vector<Status> status{};
  std::vector<double> level{};
  std::vector<std::string> names{};  ///< of the columns of `band`
  int horizon = 0;
  int season_length = 1;
  std::int64_t too_short_for_season = 0;  ///< series under two full seasons
  /// Pooled over all series: share of past values in their interval, by level; and how many.
  std::vector<double> coverage{};
  std::int64_t checked = 0;
  ForecastTotals totals{};
  ForecastAccuracy accuracy{};
  [[nodiscard]] EMPTOR_EXPORT std::vector<Column> columns() const;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Scalar> info() const;
};

/// Forecasts every series by itself, with intervals calibrated on forecasts of the past.
///
/// Intervals: half-width = t(level) * s(h) * l * c * v * q(level), where s(h) is the error's
/// standard deviation if the model were true (of a mix: averaged, as quantiles are), l how far the
/// series has grown, c what such errors exceed it by at this length of history (from the M1 and
/// Tourism competitions), v the series' own past errors relative to that, drawn to 1 while they are
/// few, and q a conformal correction pooled over all series, drawn to 1 while they are few. Where
/// no known value is under 0, forecasts and interval ends under 0 are set to 0, which loses no
/// coverage.
///
/// Fallbacks: under 3 known values the last one without interval (not_enough_data); under 6 the
/// naive model (small_sample); a constant series stays so, with an interval only where so many
/// equal values allow one (boundary). For series without values under 0, zeros before the first
/// value above 0 are not part of the series. Places of the season that never sold in four seasons
/// or more (closed days) stay 0. A bad series never touches the others.
/// @throws InvalidArgument for infinite values, wrong sizes, options out of range; DataError for
/// dates that are not one after the other; Cancelled; MemoryLimit
EMPTOR_EXPORT Forecast forecast(const SeriesView& series, const ForecastOptions& options = {},
                                const Context& context = {});
EMPTOR_EXPORT Forecast forecast(const data::Series& series, const ForecastOptions& options = {},
                                const Context& context = {});

}  // namespace emptor::forecasting
