#include "emptor/customers/simulate_purchases.hpp"

#include "customers/customers.hpp"
#include "detail/analysis.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace emptor::bindings {

void bind_simulate_purchases(py::module_& m) {
  const customers::SimulatePurchasesOptions defaults;
  analysis(
      m, "simulate_purchases", doc::customers_simulate_purchases,
      [](const Call& call, const customers::PurchaseFit& fit, std::int64_t customers,
         const std::string& T, const std::optional<std::string>& entry,
         const std::optional<std::string>& holdout, std::uint64_t seed) {
        customers::SimulatePurchasesOptions options;
        options.customers = customers;
        options.T = data::parse_span(T, "T");
        if (entry) options.entry = data::parse_span(*entry, "entry");
        if (holdout) options.holdout = data::parse_span(*holdout, "holdout");
        options.seed = seed;
        return frame(run(call, [&](const Context& context) {
          return customers::simulate_purchases(fit, options, context);
        }));
      },
      py::arg("fit"), py::kw_only(), py::arg("customers") = defaults.customers,
      py::arg("T") = data::to_string(defaults.T), py::arg("entry") = py::none(),
      py::arg("holdout") = py::none(), py::arg("seed") = defaults.seed);
}

}  // namespace emptor::bindings
