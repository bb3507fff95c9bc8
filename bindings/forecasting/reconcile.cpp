#include "emptor/forecasting/reconcile.hpp"

#include "detail/analysis.hpp"
#include "forecasting/forecasting.hpp"
#include "forecasting/panel.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>

namespace emptor::bindings {
namespace {

/// What emptor.forecasting.reconcile() makes its table of: forecasts by node and step, and how far
/// correlations were shrunk.
py::tuple reconcile(const Call& call, const Array<std::int32_t>& node, std::size_t finest,
                    const Array<double>& forecast, int horizon, const std::string& method,
                    const std::optional<Array<double>>& variance,
                    const std::optional<Array<double>>& error,
                    const std::optional<Array<std::uint8_t>>& locked, bool nonnegative) {
  const forecasting::Hierarchy hierarchy{finest, view_of(node)};
  const forecasting::BaseForecasts base{horizon, view_of(forecast), view_of(variance),
                                        view_of(error), view_of(locked)};
  const forecasting::ReconcileOptions options{forecasting::parse_reconcile_method(method),
                                              nonnegative};
  const auto result = run(call, [&](const Context& context) {
    return forecasting::reconcile(hierarchy, base, options, context);
  });
  Array<double> out(static_cast<py::ssize_t>(result.forecast.size()));
  std::copy(result.forecast.begin(), result.forecast.end(), out.mutable_data());
  return py::make_tuple(out, result.shrinkage);
}

}  // namespace

void bind_reconcile(py::module_& m) {
  const forecasting::ReconcileOptions defaults;
  analysis(m, "_reconcile", doc::forecasting_reconcile, &reconcile, py::arg("node"), py::kw_only(),
           py::arg("finest"), py::arg("forecast"), py::arg("horizon"),
           py::arg("method") = std::string(forecasting::to_string(defaults.method)),
           py::arg("variance") = py::none(), py::arg("error") = py::none(),
           py::arg("locked") = py::none(), py::arg("nonnegative") = defaults.nonnegative);
}

}  // namespace emptor::bindings
