#include "emptor/customers/discounted_purchases.hpp"

#include "customers/customers.hpp"
#include "customers/purchase_columns.hpp"
#include "detail/analysis.hpp"

#include <optional>
#include <string>

namespace emptor::bindings {

void bind_discounted_purchases(py::module_& m) {
  const customers::DiscountedPurchasesOptions defaults;
  analysis(
      m, "discounted_purchases", doc::customers_discounted_purchases,
      [](const Call& call, const customers::PurchaseFit& fit, const PurchaseColumns& summary,
         const std::string& discount, const std::optional<std::string>& horizon, double level) {
        customers::DiscountedPurchasesOptions options;
        options.discount = customers::parse_discount_rate(discount);
        if (horizon) options.horizon = data::parse_span(*horizon, "horizon");
        options.level = level;
        return summary.frame(run(call, [&](const Context& context) {
          return customers::discounted_purchases(fit, summary.view(), options, context);
        }));
      },
      py::arg("fit"), py::arg("summary"), py::kw_only(),
      py::arg("discount") = customers::to_string(defaults.discount),
      py::arg("horizon") = py::none(), py::arg("level") = defaults.level);
}

}  // namespace emptor::bindings
