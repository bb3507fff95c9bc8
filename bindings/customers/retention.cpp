#include "emptor/customers/retention.hpp"

#include "customers/customers.hpp"
#include "detail/analysis.hpp"

namespace emptor::bindings {

void bind_retention(py::module_& m) {
  const customers::RetentionOptions defaults;
  analysis(
      m, "retention", doc::customers_retention,
      [](const Call& call, const data::Sales& sales, const std::string& period, int rolling,
         const std::string& new_after, double level) {
        const customers::RetentionOptions options{data::parse_period(period), rolling,
                                                  data::parse_span(new_after, "new_after"), level};
        return frame(run(call, [&](const Context& context) {
          return customers::retention(sales, options, context);
        }));
      },
      py::arg("sales"), py::kw_only(), py::arg("period") = data::to_string(defaults.period),
      py::arg("rolling") = defaults.rolling,
      py::arg("new_after") = data::to_string(defaults.new_after),
      py::arg("level") = defaults.level);
}

}  // namespace emptor::bindings
