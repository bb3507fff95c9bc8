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

/// What moved a forecast. `before` and `now` are the ends of the account, the others its steps.
enum class ForecastCause : std::uint8_t {
  before,       ///< the forecast as it was made then
  restated,     ///< the periods known then have other values now: returns, late entries
  new_period,   ///< one more period is known; its surprise, and what is learnt of it
  new_series,   ///< there was no such series
  gone_series,  ///< there is none any more
  now,          ///< the forecast as it is made now: the sum of all rows before
};
/// "before", "restated", "new_period", "new_series", "gone_series", "now".
EMPTOR_EXPORT std::span<const std::string_view> forecast_cause_labels() noexcept;

struct ExplainOptions {
  int horizon = 0;  ///< periods after the last one known now; 0 as of forecast()
  ForecastModel model = ForecastModel::automatic;
  int season_length = 0;
  int windows = 20;
};

/// One row per series, period ahead and cause.
struct ForecastChange {
  std::string by{};
  std::string value{};
  std::optional<data::Period> period{};
  std::shared_ptr<const Dictionary> groups{};
  std::vector<std::int32_t> series{};
  std::vector<std::int64_t> step{};  ///< 1 is the first period after the last one known now
  std::vector<data::Day> start{};    ///< its first day; empty without dates
  std::vector<ForecastCause> cause{};
  std::vector<data::Day> learnt{};  ///< of new_period: its first day; kNoDay elsewhere
  std::vector<double> amount{};     ///< what the cause adds; at the ends the forecast itself
  std::vector<double> actual{};     ///< of new_period: what came
  std::vector<double> expected{};   ///< of new_period: what was forecast the period before
  std::vector<Status> status{};
  [[nodiscard]] EMPTOR_EXPORT std::vector<Column> columns() const;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Scalar> info() const;
};

/// Why does this forecast differ from the last one? An exact account, whatever the model: the
/// forecast is made again with what was known then, then with those periods as they are known now,
/// then with one more period known each time. What changes between two of these is the amount of
/// that step; the steps add up to the difference. "New period" holds its surprise and everything
/// learnt from it: level, trend, season, and which model is trusted.
///
/// Series are matched by name, periods by date (by place where there are no dates).
/// @throws InvalidArgument if `before` ends after `now` or one is dated and the other not, and as
/// forecast(); DataError, Cancelled, MemoryLimit as forecast()
EMPTOR_EXPORT ForecastChange explain(const SeriesView& now, const SeriesView& before,
                                     const ExplainOptions& options = {},
                                     const Context& context = {});
EMPTOR_EXPORT ForecastChange explain(const data::Series& now, const data::Series& before,
                                     const ExplainOptions& options = {},
                                     const Context& context = {});

}  // namespace emptor::forecasting
