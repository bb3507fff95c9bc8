#include "emptor/forecasting/nowcast.hpp"

#include "detail/analysis.hpp"
#include "forecasting/forecasting.hpp"
#include "forecasting/panel.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace emptor::bindings {

void bind_nowcast(py::module_& m) {
  const forecasting::NowcastOptions defaults;
  analysis(
      m, "nowcast", doc::forecasting_nowcast,
      [](const Call& call, const Array<double>& y, const std::optional<Array<std::int64_t>>& offset,
         const std::optional<Array<std::int32_t>>& start,
         const std::optional<Array<std::uint8_t>>& complete,
         const std::optional<std::string>& series_period, const Ids& ids,
         const std::optional<Array<std::int32_t>>& group, const std::string& by,
         const std::string& value, const std::string& period, const std::string& model,
         const std::vector<double>& level, int windows) {
        const auto view = panel(y, offset, start, complete, series_period, ids, group, by, value);
        const forecasting::NowcastOptions options{
            data::parse_period(period), forecasting::parse_forecast_model(model), level, windows};
        return frame(run(call, [&](const Context& context) {
          return forecasting::nowcast(view, options, context);
        }));
      },
      py::arg("y"), py::kw_only(), py::arg("offset") = py::none(), py::arg("start") = py::none(),
      py::arg("complete") = py::none(), py::arg("series_period") = py::none(),
      py::arg("ids") = py::none(), py::arg("group") = py::none(), py::arg("by") = "",
      py::arg("value") = "", py::arg("period") = data::to_string(defaults.period),
      py::arg("model") = std::string(
          forecasting::forecast_model_labels()[static_cast<std::size_t>(defaults.model)]),
      py::arg("level") = defaults.level, py::arg("windows") = defaults.windows);
}

}  // namespace emptor::bindings
