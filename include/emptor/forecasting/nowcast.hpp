#pragma once

#include "emptor/core/columns.hpp"
#include "emptor/core/context.hpp"
#include "emptor/core/estimate.hpp"
#include "emptor/core/export.hpp"
#include "emptor/forecasting/forecast.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace emptor::forecasting {

struct NowcastOptions {
  data::Period period = data::Period::month;       ///< whose end is asked for; longer than a day
  ForecastModel model = ForecastModel::automatic;  ///< of the days that are left
  std::vector<double> level{0.8, 0.95};            ///< of the intervals
  int windows = 20;  ///< at most how many past sums the intervals are calibrated by
};

/// One row per series.
struct Nowcast {
  std::string by{};
  std::string value{};
  data::Period period = data::Period::month;
  std::shared_ptr<const Dictionary> groups{};
  std::vector<std::int32_t> series{};
  std::vector<data::Day> start{}, end{};  ///< first and last day of the period; kNoDay if unknown
  std::vector<std::int64_t> days{};       ///< of the period
  std::vector<std::int64_t> days_left{};
  std::vector<double> so_far{};  ///< sum of the days known
  std::vector<double> total{};   ///< expected sum of the whole period
  Bands band{};                  ///< of `total`
  std::vector<double> naive{};   ///< what repeating the past for the days left would say
  /// The whole period before, and the same one a year before (of weeks, 52 weeks); NaN if the
  /// series does not hold them whole.
  std::vector<double> before{}, year_before{};
  std::vector<std::int64_t> n{};  ///< past sums the interval was calibrated on
  std::vector<Status> status{};
  std::vector<double> level{};
  std::vector<std::string> names{};  ///< of the columns of `band`
  [[nodiscard]] EMPTOR_EXPORT std::vector<Column> columns() const;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Scalar> info() const;
};

/// What will the period that has begun hold at its end? The days known, plus the forecast of the
/// sum of the days left with its calibrated interval (forecast(), totals).
///
/// `series` are daily. The period is the one the last whole day of a series lies in; if that day
/// ends it, the sum is known and its interval a point. A day without a value inside the period, or
/// a series without any, gives status not_enough_data.
/// @throws InvalidArgument if the series are not dated days or options are out of range; DataError,
/// Cancelled, MemoryLimit as forecast()
EMPTOR_EXPORT Nowcast nowcast(const SeriesView& series, const NowcastOptions& options = {},
                              const Context& context = {});
EMPTOR_EXPORT Nowcast nowcast(const data::Series& series, const NowcastOptions& options = {},
                              const Context& context = {});

}  // namespace emptor::forecasting
