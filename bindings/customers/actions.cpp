#include "emptor/customers/actions.hpp"

#include "customers/channels.hpp"
#include "customers/customers.hpp"
#include "detail/analysis.hpp"

#include <string>
#include <vector>

namespace emptor::bindings {

void bind_actions(py::module_& m) {
  const customers::ActionsOptions defaults;
  analysis(
      m, "actions", doc::customers_actions,
      [](const Call& call, const data::Sales& sales, const std::string& window,
         const std::string& baseline, const std::string& model, double budget,
         const std::vector<std::string>& channels, const std::vector<double>& cost,
         const std::string& consent, double control, std::uint64_t seed, double level) {
        customers::ActionsOptions options;
        options.window = data::parse_span(window, "window");
        options.baseline = data::parse_span(baseline, "baseline");
        options.model = customers::parse_purchase_model(model);
        options.budget = budget;
        options.channels = channels_of(channels);
        options.cost = cost;
        options.consent = customers::parse_consent_rule(consent);
        options.control = control;
        options.seed = seed;
        options.level = level;
        return frame(run(call, [&](const Context& context) {
          return customers::actions(sales, options, context);
        }));
      },
      py::arg("sales"), py::kw_only(), py::arg("window") = data::to_string(defaults.window),
      py::arg("baseline") = data::to_string(defaults.baseline),
      py::arg("model") = std::string(customers::to_string(defaults.model)),
      py::arg("budget") = defaults.budget, py::arg("channels") = names_of(defaults.channels),
      py::arg("cost") = std::vector<double>{}, py::arg("consent") = "given",
      py::arg("control") = defaults.control, py::arg("seed") = defaults.seed,
      py::arg("level") = defaults.level);
}

}  // namespace emptor::bindings
