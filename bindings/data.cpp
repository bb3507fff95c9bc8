#include <pybind11/pybind11.h>

namespace emptor::bindings {

namespace py = pybind11;

void bind_data(py::module_& m) { m.def_submodule("data"); }

}  // namespace emptor::bindings
