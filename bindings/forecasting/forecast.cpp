#include "emptor/forecasting/forecast.hpp"

#include "detail/analysis.hpp"
#include "forecasting/forecasting.hpp"
#include "forecasting/panel.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace emptor::bindings {
namespace {

/// Binds one table of the result: `table(result)` moves it out.
template <typename Table>
void bind_table(py::module_& m, const char* name, Table table) {
  const forecasting::ForecastOptions defaults;
  analysis(
      m, name, doc::forecasting_forecast,
      [table](const Call& call, const Array<double>& y,
              const std::optional<Array<std::int64_t>>& offset,
              const std::optional<Array<std::int32_t>>& start,
              const std::optional<Array<std::uint8_t>>& complete,
              const std::optional<std::string>& period, const Ids& ids,
              const std::optional<Array<std::int32_t>>& group, const std::string& by,
              const std::string& value, std::optional<int> horizon, const std::string& model,
              const std::vector<double>& level, std::optional<int> season_length, int windows) {
        const auto view = panel(y, offset, start, complete, period, ids, group, by, value);
        forecasting::ForecastOptions options;
        options.horizon = horizon.value_or(options.horizon);
        options.model = forecasting::parse_forecast_model(model);
        options.level = level;
        options.season_length = season_length.value_or(options.season_length);
        options.windows = windows;
        return frame(run(call, [&](const Context& context) {
          return table(forecasting::forecast(view, options, context));
        }));
      },
      py::arg("y"), py::kw_only(), py::arg("offset") = py::none(), py::arg("start") = py::none(),
      py::arg("complete") = py::none(), py::arg("period") = py::none(), py::arg("ids") = py::none(),
      py::arg("group") = py::none(), py::arg("by") = "", py::arg("value") = "",
      py::arg("horizon") = py::none(),
      py::arg("model") = std::string(
          forecasting::forecast_model_labels()[static_cast<std::size_t>(defaults.model)]),
      py::arg("level") = defaults.level, py::arg("season_length") = py::none(),
      py::arg("windows") = defaults.windows);
}

}  // namespace

void bind_forecast(py::module_& m) {
  using forecasting::Forecast;
  bind_table(m, "forecast", [](Forecast&& result) { return std::move(result); });
  bind_table(m, "forecast_total", [](Forecast&& result) { return std::move(result.totals); });
  bind_table(m, "forecast_accuracy", [](Forecast&& result) { return std::move(result.accuracy); });
}

}  // namespace emptor::bindings
