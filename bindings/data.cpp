#include "emptor/data/sales.hpp"

#include "detail/analysis.hpp"

namespace emptor::bindings {

void bind_data(py::module_& core) {
  auto m = submodule(core, "data");
  py::class_<data::Sales>(m, "Sales").def(py::init<const data::Sales&>(), py::arg("sales"));
}

}  // namespace emptor::bindings
