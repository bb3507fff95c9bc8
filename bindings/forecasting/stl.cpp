#include "emptor/forecasting/stl.hpp"

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
  const forecasting::StlOptions defaults;
  analysis(
      m, name, doc::forecasting_stl,
      [table](const Call& call, const Array<double>& y,
              const std::optional<Array<std::int64_t>>& offset,
              const std::optional<Array<std::int32_t>>& start,
              const std::optional<Array<std::uint8_t>>& complete,
              const std::optional<std::string>& period, const Ids& ids,
              const std::optional<Array<std::int32_t>>& group, const std::string& by,
              const std::string& value, const std::vector<int>& season_length, int seasonal_window,
              int trend_window, bool robust, int iterations, bool exact) {
        const auto view = panel(y, offset, start, complete, period, ids, group, by, value);
        const forecasting::StlOptions options{season_length, seasonal_window, trend_window,
                                              robust,        iterations,      exact};
        return frame(run(call, [&](const Context& context) {
          return table(forecasting::stl(view, options, context));
        }));
      },
      py::arg("y"), py::kw_only(), py::arg("offset") = py::none(), py::arg("start") = py::none(),
      py::arg("complete") = py::none(), py::arg("period") = py::none(), py::arg("ids") = py::none(),
      py::arg("group") = py::none(), py::arg("by") = "", py::arg("value") = "",
      py::arg("season_length") = defaults.season_length,
      py::arg("seasonal_window") = defaults.seasonal_window,
      py::arg("trend_window") = defaults.trend_window, py::arg("robust") = defaults.robust,
      py::arg("iterations") = defaults.iterations, py::arg("exact") = defaults.exact);
}

}  // namespace

void bind_stl(py::module_& m) {
  using forecasting::Stl;
  bind_table(m, "stl", [](Stl&& result) { return std::move(result); });
  bind_table(m, "stl_strength",
             [](Stl&& result) { return forecasting::StlStrength{std::move(result)}; });
}

}  // namespace emptor::bindings
