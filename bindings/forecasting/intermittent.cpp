#include "emptor/forecasting/intermittent.hpp"

#include "emptor/forecasting/forecast.hpp"

#include "detail/analysis.hpp"
#include "forecasting/forecasting.hpp"
#include "forecasting/panel.hpp"

#include <string>

namespace emptor::bindings {
namespace {

/// One fit: what emptor.compat and the benchmarks read.
py::dict intermittent_fit(const Array<double>& y, const std::string& model, double alpha,
                          double alpha_interval) {
  const auto number = static_cast<int>(forecasting::parse_forecast_model(model));
  forecasting::IntermittentOptions options;
  options.model = static_cast<forecasting::IntermittentModel>(
      number - static_cast<int>(forecasting::ForecastModel::croston));
  options.alpha = alpha;
  options.alpha_interval = alpha_interval;
  options.law = false;
  const auto fit = forecasting::fit_intermittent(view_of(y), options);
  py::dict out;
  out["mean"] = fit.mean;
  out["alpha"] = fit.alpha;
  out["alpha_interval"] = fit.alpha_interval;
  out["demand"] = fit.demand;
  out["interval"] = fit.interval;
  out["probability"] = fit.probability;
  out["aggregation"] = fit.aggregation;
  out["sigma"] = fit.sigma;
  return out;
}

}  // namespace

void bind_intermittent(py::module_& m) {
  const forecasting::IntermittentOptions defaults;
  m.def("_intermittent_fit", &intermittent_fit, py::arg("y"), py::kw_only(), py::arg("model"),
        py::arg("alpha") = defaults.alpha, py::arg("alpha_interval") = defaults.alpha_interval);
}

}  // namespace emptor::bindings
