#include "customers/customers.hpp"

#include "detail/analysis.hpp"

namespace emptor::bindings {

void bind_customers(py::module_& core) {
  py::module_ m = submodule(core, "customers");
  bind_customer_history(m);
  bind_declining(m);
  bind_rfm(m);
}

}  // namespace emptor::bindings
