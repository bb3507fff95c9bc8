#include <pybind11/pybind11.h>

namespace emptor::bindings {

void bind_core(pybind11::module_& m);
void bind_data(pybind11::module_& m);
void bind_metrics(pybind11::module_& m);
void bind_mining(pybind11::module_& m);
void bind_customers(pybind11::module_& m);
void bind_forecasting(pybind11::module_& m);

}  // namespace emptor::bindings

// A table of contents: every file of this folder binds the public headers of one module.
PYBIND11_MODULE(_core, m, pybind11::mod_gil_not_used()) {
  using namespace emptor::bindings;
  m.doc() = "The C++ core of emptor; use the modules of the package instead.";
  bind_core(m);
  bind_data(m);
  bind_metrics(m);
  bind_mining(m);
  bind_customers(m);
  bind_forecasting(m);
}
