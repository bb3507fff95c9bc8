#include "emptor/customers/expected_spend.hpp"

#include "customers/customers.hpp"
#include "detail/analysis.hpp"
#include "detail/arrays.hpp"

namespace emptor::bindings {

void bind_expected_spend(py::module_& m) {
  const customers::ExpectedSpendOptions defaults;
  analysis(
      m, "expected_spend", doc::customers_expected_spend,
      [](const Call& call, const customers::SpendFit& fit, const Array<std::int64_t>& frequency,
         const Array<double>& monetary_value, double level) {
        const customers::SpendView view{view_of(frequency), view_of(monetary_value)};
        return frame(run(call, [&](const Context& context) {
          return customers::expected_spend(fit, view, {level}, context);
        }));
      },
      py::arg("fit"), py::arg("frequency"), py::arg("monetary_value"), py::kw_only(),
      py::arg("level") = defaults.level);
}

}  // namespace emptor::bindings
