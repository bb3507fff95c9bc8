#include "emptor/forecasting/forecast.hpp"
#include "emptor/forecasting/theta.hpp"

#include "detail/analysis.hpp"

#include <pybind11/numpy.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <type_traits>
#include <variant>
#include <vector>

namespace emptor::bindings {
namespace {

template <typename T>
using Array = py::array_t<T, py::array::c_style | py::array::forcecast>;

template <typename T>
std::span<const T> view_of(const std::optional<Array<T>>& array) {
  if (!array) return {};
  return {array->data(), static_cast<std::size_t>(array->size())};
}

using Ids = std::variant<std::monostate, std::vector<std::int64_t>, std::vector<std::string>>;

/// A dictionary of distinct, sorted ids.
std::shared_ptr<const Dictionary> dictionary(const Ids& ids) {
  if (const auto* integers = std::get_if<std::vector<std::int64_t>>(&ids)) {
    return Dictionary::from_integers(*integers);
  }
  if (const auto* texts = std::get_if<std::vector<std::string>>(&ids)) {
    return Dictionary::from_texts(*texts);
  }
  return nullptr;
}

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
        forecasting::SeriesView view;
        view.y = {y.data(), static_cast<std::size_t>(y.size())};
        view.offset = view_of(offset);
        view.start = view_of(start);
        view.complete = view_of(complete);
        if (period) view.period = data::parse_period(*period);
        view.groups = dictionary(ids);
        view.group = view_of(group);
        view.by = by;
        view.value = value;
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

/// The parameters and the loss of one fit: what benchmarks compare with peers before the times.
py::dict theta_fit(const Array<double>& y, const std::string& model, int season_length,
                   int burn_in) {
  forecasting::ThetaOptions options;
  const auto number = static_cast<int>(forecasting::parse_forecast_model(model));
  options.model = static_cast<forecasting::ThetaModel>(
      number - static_cast<int>(forecasting::ForecastModel::stm));
  options.season_length = season_length;
  options.burn_in = burn_in;
  const auto fit = forecasting::fit_theta({y.data(), static_cast<std::size_t>(y.size())}, options);
  py::dict out;
  out["alpha"] = fit.alpha;
  out["theta"] = fit.theta();
  out["level0"] = fit.level0;
  out["sse"] = fit.sse;
  out["sigma"] = fit.sigma;
  out["season"] = std::string(forecasting::to_string(fit.season));
  return out;
}

}  // namespace

void bind_forecasting(py::module_& core) {
  using forecasting::Forecast;
  auto m = submodule(core, "forecasting");
  const forecasting::ThetaOptions theta;
  m.def("_theta_fit", &theta_fit, py::arg("y"), py::kw_only(), py::arg("model") = "dotm",
        py::arg("season_length") = theta.season_length, py::arg("burn_in") = theta.burn_in);
  bind_table(m, "forecast", [](Forecast&& result) { return std::move(result); });
  bind_table(m, "forecast_total", [](Forecast&& result) { return std::move(result.totals); });
  bind_table(m, "forecast_accuracy", [](Forecast&& result) { return std::move(result.accuracy); });
}

}  // namespace emptor::bindings
