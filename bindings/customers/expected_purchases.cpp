#include "emptor/customers/expected_purchases.hpp"

#include "customers/customers.hpp"
#include "customers/purchase_columns.hpp"
#include "detail/analysis.hpp"

#include <string>
#include <vector>

namespace emptor::bindings {

void bind_expected_purchases(py::module_& m) {
  const customers::ExpectedPurchasesOptions defaults;
  analysis(
      m, "expected_purchases", doc::customers_expected_purchases,
      [](const Call& call, const customers::PurchaseFit& fit, const PurchaseColumns& summary,
         const std::string& horizon, double level, bool intervals) {
        const customers::ExpectedPurchasesOptions options{data::parse_span(horizon, "horizon"),
                                                          level, intervals};
        return summary.frame(run(call, [&](const Context& context) {
          return customers::expected_purchases(fit, summary.view(), options, context);
        }));
      },
      py::arg("fit"), py::arg("summary"), py::arg("horizon") = data::to_string(defaults.horizon),
      py::kw_only(), py::arg("level") = defaults.level, py::arg("intervals") = defaults.intervals);
  analysis(
      m, "expected_purchases_new", doc::customers_expected_purchases_new,
      [](const Call& call, const customers::PurchaseFit& fit,
         const std::vector<std::string>& horizons, double level) {
        std::vector<data::Span> spans;
        for (const auto& text : horizons) spans.push_back(data::parse_span(text, "horizons"));
        return frame(run(call, [&](const Context&) {
          return customers::expected_purchases_new(fit, spans, level);
        }));
      },
      py::arg("fit"), py::arg("horizons"), py::kw_only(), py::arg("level") = defaults.level);
}

}  // namespace emptor::bindings
