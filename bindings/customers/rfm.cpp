#include "emptor/customers/rfm.hpp"

#include "customers/customers.hpp"
#include "detail/analysis.hpp"

namespace emptor::bindings {

using customers::RfmOptions;

void bind_rfm(py::module_& m) {
  const auto bind = [&](const char* name, const char* doc, auto compute) {
    analysis(
        m, name, doc,
        [compute](const Call& call, const data::Sales& sales, double level) {
          const RfmOptions options{level};
          return frame(
              run(call, [&](const Context& context) { return compute(sales, options, context); }));
        },
        py::arg("sales"), py::kw_only(), py::arg("level") = RfmOptions{}.level);
  };
  bind("rfm", doc::customers_rfm, [](const auto& sales, const auto& options, const auto& context) {
    return customers::rfm(sales, options, context);
  });
  bind("rfm_segments", doc::customers_rfm_segments,
       [](const auto& sales, const auto& options, const auto& context) {
         return customers::rfm_segments(sales, options, context);
       });
  bind("rfm_cuts", doc::customers_rfm_cuts,
       [](const auto& sales, const auto& options, const auto& context) {
         return customers::rfm_cuts(sales, options, context);
       });
}

}  // namespace emptor::bindings
