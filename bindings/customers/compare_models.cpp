#include "emptor/customers/compare_models.hpp"

#include "customers/customers.hpp"
#include "customers/purchase_columns.hpp"
#include "detail/analysis.hpp"
#include "detail/integers.hpp"

#include <optional>
#include <string>
#include <vector>

namespace emptor::bindings {

void bind_compare_models(py::module_& m) {
  const customers::CompareModelsOptions defaults;
  std::vector<std::string> names;
  for (const auto model : defaults.models) names.emplace_back(customers::to_string(model));
  analysis(
      m, "compare_models", doc::customers_compare_models,
      [](const Call& call, const PurchaseColumns& summary, const std::vector<std::string>& models,
         double level, const std::optional<py::array>& holdout_frequency, double holdout_T) {
        customers::CompareModelsOptions options;
        options.models.clear();
        for (const auto& name : models)
          options.models.push_back(customers::parse_purchase_model(name));
        options.level = level;
        std::optional<Integers<std::int64_t>> counts;
        customers::PurchaseHoldout holdout;
        if (holdout_frequency) {
          counts.emplace(*holdout_frequency, "compare_models", "holdout_frequency");
          holdout = {counts->view(), holdout_T};
        }
        return frame(run(call, [&](const Context& context) {
          return customers::compare_models(summary.view(), holdout, options, context);
        }));
      },
      py::arg("summary"), py::kw_only(), py::arg("models") = names,
      py::arg("level") = defaults.level, py::arg("holdout_frequency") = py::none(),
      py::arg("holdout_T") = 0.0);
}

}  // namespace emptor::bindings
