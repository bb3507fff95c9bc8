#include "emptor/customers/clv.hpp"

#include "customers/customers.hpp"
#include "customers/purchase_columns.hpp"
#include "detail/analysis.hpp"

namespace emptor::bindings {

void bind_clv(py::module_& m) {
  const customers::ClvOptions defaults;
  analysis(
      m, "clv", doc::customers_clv,
      [](const Call& call, const customers::PurchaseFit& fit, const customers::SpendFit& spend,
         const PurchaseColumns& summary, const std::string& horizon, const std::string& discount,
         double margin, bool outcomes, double level) {
        customers::ClvOptions options;
        options.horizon = data::parse_span(horizon, "horizon");
        options.discount = customers::parse_discount_rate(discount);
        options.margin = margin;
        options.outcomes = outcomes;
        options.level = level;
        return summary.frame(run(call, [&](const Context& context) {
          return customers::clv(fit, spend, summary.view(), options, context);
        }));
      },
      py::arg("fit"), py::arg("spend"), py::arg("summary"), py::kw_only(),
      py::arg("horizon") = data::to_string(defaults.horizon),
      py::arg("discount") = customers::to_string(defaults.discount),
      py::arg("margin") = defaults.margin, py::arg("outcomes") = defaults.outcomes,
      py::arg("level") = defaults.level);
}

}  // namespace emptor::bindings
