#include "emptor/customers/projected_retention.hpp"

#include "customers/customers.hpp"
#include "detail/analysis.hpp"
#include "detail/arrays.hpp"

#include <string>

namespace emptor::bindings {

void bind_projected_retention(py::module_& m) {
  const customers::ProjectedRetentionOptions retention;
  analysis(
      m, "projected_retention", doc::customers_projected_retention,
      [](const Call& call, const customers::ContractFit& fit, int horizon, double level) {
        return frame(run(call, [&](const Context& context) {
          return customers::projected_retention(fit, {horizon, level}, context);
        }));
      },
      py::arg("fit"), py::arg("horizon") = retention.horizon, py::kw_only(),
      py::arg("level") = retention.level);
  const customers::ResidualLifetimeOptions lifetime;
  analysis(
      m, "residual_lifetime", doc::customers_residual_lifetime,
      [](const Call& call, const customers::ContractFit& fit, const Array<std::int64_t>& tenure,
         const std::string& discount, int horizon, double level) {
        customers::ResidualLifetimeOptions options;
        options.discount = customers::parse_discount_rate(discount);
        options.horizon = horizon;
        options.level = level;
        return frame(run(call, [&](const Context& context) {
          return customers::residual_lifetime(fit, view_of(tenure), options, context);
        }));
      },
      py::arg("fit"), py::arg("tenure"), py::kw_only(),
      py::arg("discount") = customers::to_string(lifetime.discount),
      py::arg("horizon") = lifetime.horizon, py::arg("level") = lifetime.level);
}

}  // namespace emptor::bindings
