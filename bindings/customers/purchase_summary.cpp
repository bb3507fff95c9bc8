#include "emptor/customers/purchase_summary.hpp"

#include "customers/customers.hpp"
#include "detail/analysis.hpp"

#include <optional>
#include <string>

namespace emptor::bindings {

void bind_purchase_summary(py::module_& m) {
  const customers::PurchaseSummaryOptions defaults;
  analysis(
      m, "purchase_summary", doc::customers_purchase_summary,
      [](const Call& call, const data::Sales& sales, const std::optional<std::string>& holdout,
         const std::string& unit) {
        customers::PurchaseSummaryOptions options;
        if (holdout) options.holdout = data::parse_span(*holdout, "holdout");
        options.unit = customers::parse_time_unit(unit);
        return frame(run(call, [&](const Context& context) {
          return customers::purchase_summary(sales, options, context);
        }));
      },
      py::arg("sales"), py::kw_only(), py::arg("holdout") = py::none(),
      py::arg("unit") = std::string(customers::to_string(defaults.unit)));
}

}  // namespace emptor::bindings
