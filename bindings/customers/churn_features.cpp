#include "emptor/customers/churn_features.hpp"

#include "customers/customers.hpp"
#include "detail/analysis.hpp"

#include <string>

namespace emptor::bindings {

void bind_churn_features(py::module_& m) {
  analysis(
      m, "churn_features", doc::customers_churn_features,
      [](const Call& call, const data::Sales& sales, const std::string& active) {
        const customers::ChurnFeaturesOptions options{data::parse_span(active, "active")};
        return frame(run(call, [&](const Context& context) {
          return customers::churn_features(sales, options, context);
        }));
      },
      py::arg("sales"), py::kw_only(),
      py::arg("active") = data::to_string(customers::ChurnFeaturesOptions{}.active));
}

}  // namespace emptor::bindings
