#include "emptor/customers/next_purchase.hpp"

#include "customers/customers.hpp"
#include "customers/purchase_columns.hpp"
#include "detail/analysis.hpp"

namespace emptor::bindings {

void bind_next_purchase(py::module_& m) {
  const customers::NextPurchaseOptions defaults;
  analysis(
      m, "next_purchase", doc::customers_next_purchase,
      [](const Call& call, const customers::PurchaseFit& fit, const PurchaseColumns& summary,
         double level) {
        return summary.frame(run(call, [&](const Context& context) {
          return customers::next_purchase(fit, summary.view(), {level}, context);
        }));
      },
      py::arg("fit"), py::arg("summary"), py::kw_only(), py::arg("level") = defaults.level);
}

}  // namespace emptor::bindings
