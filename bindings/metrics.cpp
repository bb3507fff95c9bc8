#include <pybind11/pybind11.h>

namespace emptor::bindings {

namespace py = pybind11;

void bind_metrics(py::module_& m) { m.def_submodule("metrics"); }

}  // namespace emptor::bindings
