#include "emptor/forecasting/naive.hpp"

#include "emptor/forecasting/forecast.hpp"

#include "detail/analysis.hpp"
#include "forecasting/forecasting.hpp"
#include "forecasting/panel.hpp"

#include <string>

namespace emptor::bindings {
namespace {

/// The forecasts of one fit: what emptor.compat reads.
Array<double> naive_forecast(const Array<double>& y, const std::string& model, int season_length,
                             int horizon) {
  const auto number = static_cast<int>(forecasting::parse_forecast_model(model));
  const auto which = static_cast<forecasting::NaiveModel>(
      number - static_cast<int>(forecasting::ForecastModel::naive));
  return vector_array(
      forecasting::forecast(forecasting::fit_naive(view_of(y), which, season_length), horizon));
}

}  // namespace

void bind_naive(py::module_& m) {
  m.def("_naive_forecast", &naive_forecast, py::arg("y"), py::kw_only(), py::arg("model"),
        py::arg("season_length"), py::arg("horizon"));
}

}  // namespace emptor::bindings
