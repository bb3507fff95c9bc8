#include "emptor/customers/churn_counterfactuals.hpp"

#include "customers/customers.hpp"
#include "detail/analysis.hpp"

#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace emptor::bindings {

void bind_churn_counterfactuals(py::module_& m) {
  const customers::ChurnCounterfactualsOptions d;
  const auto bound = [&](const char* name, auto of) {
    using Data = std::remove_pointer_t<decltype(of)>;
    analysis(
        m, name, doc::customers_churn_counterfactuals,
        [](const Call& call, const customers::ChurnFit& fit, const Data& given, double threshold,
           int max_changes, const std::vector<std::string>& fixed,
           const std::vector<std::pair<std::string, int>>& directions) {
          const customers::ChurnCounterfactualsOptions options{threshold, max_changes, fixed,
                                                               directions};
          return frame(run(call, [&](const Context& context) {
            return customers::churn_counterfactuals(fit, given, options, context);
          }));
        },
        py::arg("fit"), py::arg("data"), py::kw_only(), py::arg("threshold") = d.threshold,
        py::arg("max_changes") = d.max_changes, py::arg("fixed") = d.fixed,
        py::arg("directions") = d.directions);
  };
  bound("churn_counterfactuals", static_cast<data::Sales*>(nullptr));
  bound("churn_counterfactuals_table", static_cast<data::InputTable*>(nullptr));
}

}  // namespace emptor::bindings
