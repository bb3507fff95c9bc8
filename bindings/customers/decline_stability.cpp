#include "emptor/customers/decline_stability.hpp"

#include "customers/customers.hpp"
#include "detail/analysis.hpp"

#include <string>

namespace emptor::bindings {

void bind_decline_stability(py::module_& m) {
  const customers::DeclineStabilityOptions defaults;
  analysis(
      m, "decline_stability", doc::customers_decline_stability,
      [](const Call& call, const data::Sales& sales, const std::string& step, int snapshots,
         const std::string& window, const std::string& baseline, double min_drop,
         const std::string& relative_to, const std::string& sort) {
        customers::DeclineStabilityOptions options;
        options.window = data::parse_span(window, "window");
        options.baseline = data::parse_span(baseline, "baseline");
        options.min_drop = min_drop;
        options.relative_to = customers::parse_relative_to(relative_to);
        options.sort = customers::parse_decline_sort(sort);
        options.step = data::parse_span(step, "step");
        options.snapshots = snapshots;
        return frame(run(call, [&](const Context& context) {
          return customers::decline_stability(sales, options, context);
        }));
      },
      py::arg("sales"), py::kw_only(), py::arg("step") = data::to_string(defaults.step),
      py::arg("snapshots") = defaults.snapshots,
      py::arg("window") = data::to_string(defaults.window),
      py::arg("baseline") = data::to_string(defaults.baseline),
      py::arg("min_drop") = defaults.min_drop, py::arg("relative_to") = "peers",
      py::arg("sort") = "expected_loss");
}

}  // namespace emptor::bindings
