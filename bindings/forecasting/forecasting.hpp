#pragma once

#include <pybind11/pybind11.h>

namespace emptor::bindings {

// One per public header of the module, in bindings/forecasting/<stem>.cpp.
void bind_arima(pybind11::module_& m);
void bind_backtest(pybind11::module_& m);
void bind_ces(pybind11::module_& m);
void bind_ets(pybind11::module_& m);
void bind_explain(pybind11::module_& m);
void bind_forecast(pybind11::module_& m);
void bind_intermittent(pybind11::module_& m);
void bind_naive(pybind11::module_& m);
void bind_nowcast(pybind11::module_& m);
void bind_reconcile(pybind11::module_& m);
void bind_stl(pybind11::module_& m);
void bind_theta(pybind11::module_& m);

}  // namespace emptor::bindings
