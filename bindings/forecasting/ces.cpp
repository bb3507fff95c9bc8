#include "emptor/forecasting/ces.hpp"

#include "emptor/core/error.hpp"

#include "detail/analysis.hpp"
#include "forecasting/forecasting.hpp"
#include "forecasting/panel.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace emptor::bindings {
namespace {

std::optional<forecasting::CesForm> form_of(const std::string& text) {
  if (text == "auto") return std::nullopt;
  const auto labels = forecasting::ces_form_labels();
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (text == labels[i]) return static_cast<forecasting::CesForm>(i);
  }
  throw InvalidArgument("ces: form is '" + text.substr(0, 40) +
                        "'; write 'auto', 'none', 'simple', 'partial' or 'full'");
}

Array<double> ces_forecast(const Array<double>& y, int season_length, const std::string& form,
                           int horizon) {
  const forecasting::CesOptions options{season_length, form_of(form)};
  return vector_array(forecasting::forecast(forecasting::fit_ces(view_of(y), options), horizon));
}

}  // namespace

void bind_ces(py::module_& m) {
  analysis(
      m, "ces", doc::forecasting_ces,
      [](const Call& call, const Array<double>& y, const std::optional<Array<std::int64_t>>& offset,
         const std::optional<Array<std::int32_t>>& start,
         const std::optional<Array<std::uint8_t>>& complete,
         const std::optional<std::string>& period, const Ids& ids,
         const std::optional<Array<std::int32_t>>& group, const std::string& by,
         const std::string& value, std::optional<int> season_length, const std::string& form) {
        const auto view = panel(y, offset, start, complete, period, ids, group, by, value);
        const forecasting::CesOptions options{season_length.value_or(0), form_of(form)};
        return frame(run(call, [&](const Context& context) {
          return forecasting::ces(view, options, context);
        }));
      },
      py::arg("y"), py::kw_only(), py::arg("offset") = py::none(), py::arg("start") = py::none(),
      py::arg("complete") = py::none(), py::arg("period") = py::none(), py::arg("ids") = py::none(),
      py::arg("group") = py::none(), py::arg("by") = "", py::arg("value") = "",
      py::arg("season_length") = py::none(), py::arg("form") = "auto");
  m.def("_ces_forecast", &ces_forecast, py::arg("y"), py::kw_only(), py::arg("season_length"),
        py::arg("form"), py::arg("horizon"));
}

}  // namespace emptor::bindings
