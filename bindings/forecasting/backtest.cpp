#include "emptor/forecasting/backtest.hpp"

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
void bind_table(py::module_& m, const char* name, bool keep_forecasts, Table table) {
  const forecasting::BacktestOptions defaults;
  std::vector<std::string> models;
  for (auto model : defaults.models) {
    models.emplace_back(forecasting::forecast_model_labels()[static_cast<std::size_t>(model)]);
  }
  analysis(
      m, name, doc::forecasting_backtest,
      [table, keep_forecasts](const Call& call, const Array<double>& y,
                              const std::optional<Array<std::int64_t>>& offset,
                              const std::optional<Array<std::int32_t>>& start,
                              const std::optional<Array<std::uint8_t>>& complete,
                              const std::optional<std::string>& period, const Ids& ids,
                              const std::optional<Array<std::int32_t>>& group,
                              const std::string& by, const std::string& value,
                              std::optional<int> horizon, int windows, std::optional<int> step,
                              const std::vector<std::string>& models_,
                              const std::vector<double>& level, std::optional<int> season_length,
                              int calibration_windows) {
        const auto view = panel(y, offset, start, complete, period, ids, group, by, value);
        forecasting::BacktestOptions options;
        options.horizon = horizon.value_or(options.horizon);
        options.windows = windows;
        options.step = step.value_or(options.step);
        options.models.clear();
        for (const auto& model : models_) {
          options.models.push_back(forecasting::parse_forecast_model(model, "models"));
        }
        options.level = level;
        options.season_length = season_length.value_or(options.season_length);
        options.calibration_windows = calibration_windows;
        options.keep_forecasts = keep_forecasts;
        return frame(run(call, [&](const Context& context) {
          return table(forecasting::backtest(view, options, context));
        }));
      },
      py::arg("y"), py::kw_only(), py::arg("offset") = py::none(), py::arg("start") = py::none(),
      py::arg("complete") = py::none(), py::arg("period") = py::none(), py::arg("ids") = py::none(),
      py::arg("group") = py::none(), py::arg("by") = "", py::arg("value") = "",
      py::arg("horizon") = py::none(), py::arg("windows") = defaults.windows,
      py::arg("step") = py::none(), py::arg("models") = models, py::arg("level") = defaults.level,
      py::arg("season_length") = py::none(),
      py::arg("calibration_windows") = defaults.calibration_windows);
}

}  // namespace

void bind_backtest(py::module_& m) {
  using forecasting::Backtest;
  bind_table(m, "backtest", false, [](Backtest&& result) { return std::move(result); });
  bind_table(m, "backtest_steps", false, [](Backtest&& result) { return std::move(result.steps); });
  bind_table(m, "backtest_series", false,
             [](Backtest&& result) { return std::move(result.by_series); });
  bind_table(m, "backtest_forecasts", true,
             [](Backtest&& result) { return std::move(result.forecasts); });
}

}  // namespace emptor::bindings
