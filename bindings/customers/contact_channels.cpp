#include "emptor/customers/contact_channels.hpp"

#include "customers/channels.hpp"
#include "customers/customers.hpp"
#include "detail/analysis.hpp"

#include <string>
#include <vector>

namespace emptor::bindings {

void bind_contact_channels(py::module_& m) {
  const customers::ContactChannelsOptions defaults;
  analysis(
      m, "contact_channels", doc::customers_contact_channels,
      [](const Call& call, const data::Sales& sales, const std::vector<std::string>& channels,
         const std::string& consent, double level) {
        const customers::ContactChannelsOptions options{
            channels_of(channels), customers::parse_consent_rule(consent), level};
        return frame(run(call, [&](const Context& context) {
          return customers::contact_channels(sales, options, context);
        }));
      },
      py::arg("sales"), py::kw_only(), py::arg("channels") = names_of(defaults.channels),
      py::arg("consent") = "given", py::arg("level") = defaults.level);
}

}  // namespace emptor::bindings
