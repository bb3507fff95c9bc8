#include "emptor/customers/purchase_distribution.hpp"

#include "customers/customers.hpp"
#include "customers/purchase_columns.hpp"
#include "detail/analysis.hpp"

#include <string>

namespace emptor::bindings {

void bind_purchase_distribution(py::module_& m) {
  const customers::PurchaseDistributionOptions defaults;
  analysis(
      m, "purchase_distribution", doc::customers_purchase_distribution,
      [](const Call& call, const customers::PurchaseFit& fit, const PurchaseColumns& summary,
         const std::string& horizon, int most) {
        const customers::PurchaseDistributionOptions options{data::parse_span(horizon, "horizon"),
                                                             most};
        return summary.frame(run(call, [&](const Context& context) {
          return customers::purchase_distribution(fit, summary.view(), options, context);
        }));
      },
      py::arg("fit"), py::arg("summary"), py::arg("horizon") = data::to_string(defaults.horizon),
      py::kw_only(), py::arg("most") = defaults.most);
}

}  // namespace emptor::bindings
