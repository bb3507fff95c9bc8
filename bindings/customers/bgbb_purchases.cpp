#include "emptor/customers/bgbb_purchases.hpp"

#include "customers/bgbb_columns.hpp"
#include "customers/customers.hpp"
#include "detail/analysis.hpp"

#include <optional>

namespace emptor::bindings {

void bind_bgbb_purchases(py::module_& m) {
  const customers::BgbbPurchasesOptions defaults;
  analysis(
      m, "bgbb_purchases", doc::customers_bgbb_purchases,
      [](const Call& call, const customers::BgbbFit& fit, const Array<std::int64_t>& frequency,
         const Array<std::int64_t>& recency, const Array<std::int64_t>& occasions, int horizon,
         double level) {
        const auto view = bgbb_view(frequency, recency, occasions, std::nullopt);
        return frame(run(call, [&](const Context& context) {
          return customers::bgbb_purchases(fit, view, {horizon, level}, context);
        }));
      },
      py::arg("fit"), py::arg("frequency"), py::arg("recency"), py::arg("occasions"), py::kw_only(),
      py::arg("horizon") = defaults.horizon, py::arg("level") = defaults.level);
}

}  // namespace emptor::bindings
