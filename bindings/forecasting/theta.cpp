#include "emptor/forecasting/theta.hpp"

#include "emptor/forecasting/forecast.hpp"

#include "detail/analysis.hpp"
#include "forecasting/forecasting.hpp"
#include "forecasting/panel.hpp"

#include <string>

namespace emptor::bindings {
namespace {

/// One fit and its forecasts: what emptor.compat and the benchmarks read.
py::dict theta_fit(const Array<double>& y, const std::string& model, int season_length, int burn_in,
                   int horizon) {
  forecasting::ThetaOptions options;
  const auto number = static_cast<int>(forecasting::parse_forecast_model(model));
  options.model = static_cast<forecasting::ThetaModel>(
      number - static_cast<int>(forecasting::ForecastModel::stm));
  options.season_length = season_length;
  options.burn_in = burn_in;
  const auto fit = forecasting::fit_theta(view_of(y), options);
  py::dict out;
  out["alpha"] = fit.alpha;
  out["theta"] = fit.theta();
  out["level0"] = fit.level0;
  out["sse"] = fit.sse;
  out["sigma"] = fit.sigma;
  out["mean"] = vector_array(forecasting::forecast(fit, horizon));
  out["season"] = std::string(forecasting::to_string(fit.season));
  return out;
}

}  // namespace

void bind_theta(py::module_& m) {
  const forecasting::ThetaOptions theta;
  m.def("_theta_fit", &theta_fit, py::arg("y"), py::kw_only(), py::arg("model") = "dotm",
        py::arg("season_length") = theta.season_length, py::arg("burn_in") = theta.burn_in,
        py::arg("horizon") = 0);
}

}  // namespace emptor::bindings
