#include "emptor/customers/p_alive.hpp"

#include "customers/customers.hpp"
#include "customers/purchase_columns.hpp"
#include "detail/analysis.hpp"

namespace emptor::bindings {

void bind_p_alive(py::module_& m) {
  const customers::PAliveOptions defaults;
  analysis(
      m, "p_alive", doc::customers_p_alive,
      [](const Call& call, const customers::PurchaseFit& fit, const PurchaseColumns& summary,
         double level, bool intervals) {
        return summary.frame(run(call, [&](const Context& context) {
          return customers::p_alive(fit, summary.view(), {level, intervals}, context);
        }));
      },
      py::arg("fit"), py::arg("summary"), py::kw_only(), py::arg("level") = defaults.level,
      py::arg("intervals") = defaults.intervals);
}

}  // namespace emptor::bindings
