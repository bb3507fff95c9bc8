#include "forecasting/forecasting.hpp"

#include "detail/analysis.hpp"

namespace emptor::bindings {

void bind_forecasting(py::module_& core) {
  py::module_ m = submodule(core, "forecasting");
  bind_arima(m);
  bind_backtest(m);
  bind_ces(m);
  bind_ets(m);
  bind_explain(m);
  bind_forecast(m);
  bind_intermittent(m);
  bind_naive(m);
  bind_nowcast(m);
  bind_reconcile(m);
  bind_stl(m);
  bind_theta(m);
}

}  // namespace emptor::bindings
