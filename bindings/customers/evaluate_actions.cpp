#include "emptor/customers/evaluate_actions.hpp"

#include "customers/customers.hpp"
#include "detail/analysis.hpp"

#include <string>
#include <vector>

namespace emptor::bindings {

void bind_evaluate_actions(py::module_& m) {
  const customers::EvaluateActionsOptions defaults;
  analysis(
      m, "evaluate_actions", doc::customers_evaluate_actions,
      [](const Call& call, const data::Sales& sales, const std::vector<std::string>& customer,
         const std::vector<std::uint8_t>& control, const std::string& day,
         const std::string& horizon, double level) {
        const customers::EvaluateActionsOptions options{data::parse_span(horizon, "horizon"),
                                                        level};
        const data::Day made = data::parse_date(day, "day");
        return frame(run(call, [&](const Context& context) {
          return customers::evaluate_actions(sales, {customer, control, made}, options, context);
        }));
      },
      py::arg("sales"), py::kw_only(), py::arg("customer"), py::arg("control"), py::arg("day"),
      py::arg("horizon") = data::to_string(defaults.horizon), py::arg("level") = defaults.level);
}

}  // namespace emptor::bindings
