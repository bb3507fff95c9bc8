#include <pybind11/pybind11.h>

namespace emptor::bindings {

namespace py = pybind11;

void bind_core(py::module_& m) { m.def_submodule("core"); }

}  // namespace emptor::bindings
