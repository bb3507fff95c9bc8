#include "emptor/forecasting/explain.hpp"

#include "detail/analysis.hpp"
#include "forecasting/forecasting.hpp"
#include "forecasting/panel.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace emptor::bindings {
namespace {

/// Series as Python's `_panel` hands them over, kept together: explain takes two of them.
struct PanelArrays {
  Array<double> y;
  std::optional<Array<std::int64_t>> offset;
  std::optional<Array<std::int32_t>> start;
  std::optional<Array<std::uint8_t>> complete;
  std::optional<std::string> period;
  Ids ids;
  std::optional<Array<std::int32_t>> group;
  std::string by;
  std::string value;

  [[nodiscard]] forecasting::SeriesView view() const {
    return panel(y, offset, start, complete, period, ids, group, by, value);
  }
};

template <typename T>
T get(const py::dict& given, const char* name) {
  return given[name].cast<T>();
}

PanelArrays arrays_of(const py::dict& given) {
  return {get<Array<double>>(given, "y"),
          get<std::optional<Array<std::int64_t>>>(given, "offset"),
          get<std::optional<Array<std::int32_t>>>(given, "start"),
          get<std::optional<Array<std::uint8_t>>>(given, "complete"),
          get<std::optional<std::string>>(given, "period"),
          get<Ids>(given, "ids"),
          get<std::optional<Array<std::int32_t>>>(given, "group"),
          get<std::string>(given, "by"),
          get<std::string>(given, "value")};
}

}  // namespace

void bind_explain(py::module_& m) {
  const forecasting::ExplainOptions defaults;
  analysis(
      m, "explain", doc::forecasting_explain,
      [](const Call& call, const py::dict& now, const py::dict& before, std::optional<int> horizon,
         const std::string& model, std::optional<int> season_length, int windows) {
        const PanelArrays left = arrays_of(now);
        const PanelArrays right = arrays_of(before);
        const forecasting::ExplainOptions options{horizon.value_or(0),
                                                  forecasting::parse_forecast_model(model),
                                                  season_length.value_or(0), windows};
        const auto left_view = left.view();
        const auto right_view = right.view();
        return frame(run(call, [&](const Context& context) {
          return forecasting::explain(left_view, right_view, options, context);
        }));
      },
      py::arg("now"), py::arg("before"), py::kw_only(), py::arg("horizon") = py::none(),
      py::arg("model") = std::string(
          forecasting::forecast_model_labels()[static_cast<std::size_t>(defaults.model)]),
      py::arg("season_length") = py::none(), py::arg("windows") = defaults.windows);
}

}  // namespace emptor::bindings
