#include "emptor/customers/declining.hpp"

#include "customers/customers.hpp"
#include "detail/analysis.hpp"

#include <optional>
#include <string>

namespace emptor::bindings {
namespace {

using customers::DayRange;
using customers::DecliningOptions;

/// A span ("90 days") or two dates.
void read_window(const py::object& given, const char* name, data::Span& span,
                 std::optional<DayRange>& days) {
  if (py::isinstance<py::str>(given)) {
    span = data::parse_span(given.cast<std::string>(), name);
    return;
  }
  if (!py::isinstance<py::sequence>(given) || py::len(given) != 2)
    throw InvalidArgument(std::string("declining: ") + name +
                          " must be a span as \"90 days\" or two dates as (\"2011-07-01\", "
                          "\"2011-09-30\")");
  const auto pair = given.cast<py::sequence>();
  days = DayRange{data::parse_date(py::str(pair[0]).cast<std::string>(), name),
                  data::parse_date(py::str(pair[1]).cast<std::string>(), name)};
}

}  // namespace

void bind_declining(py::module_& m) {
  const DecliningOptions defaults;
  analysis(
      m, "declining", doc::customers_declining,
      [](const Call& call, const data::Sales& sales, const py::object& window,
         const py::object& baseline, double min_drop, int min_baseline_orders,
         const std::string& relative_to, double fdr, double fdr_likely, int watch,
         const std::string& sort, bool all, double level, double likelihood_drop) {
        DecliningOptions options;
        read_window(window, "window", options.window, options.window_days);
        read_window(baseline, "baseline", options.baseline, options.baseline_days);
        options.min_drop = min_drop;
        options.min_baseline_orders = min_baseline_orders;
        options.relative_to = customers::parse_relative_to(relative_to);
        options.fdr = fdr;
        options.fdr_likely = fdr_likely;
        options.watch = watch;
        options.sort = customers::parse_decline_sort(sort);
        options.all = all;
        options.level = level;
        options.likelihood_drop = likelihood_drop;
        return frame(run(call, [&](const Context& context) {
          return customers::declining(sales, options, context);
        }));
      },
      py::arg("sales"), py::kw_only(), py::arg("window") = data::to_string(defaults.window),
      py::arg("baseline") = data::to_string(defaults.baseline),
      py::arg("min_drop") = defaults.min_drop,
      py::arg("min_baseline_orders") = defaults.min_baseline_orders,
      py::arg("relative_to") = "peers", py::arg("fdr") = defaults.fdr,
      py::arg("fdr_likely") = defaults.fdr_likely, py::arg("watch") = defaults.watch,
      py::arg("sort") = "expected_loss", py::arg("all") = defaults.all,
      py::arg("level") = defaults.level, py::arg("likelihood_drop") = defaults.likelihood_drop);
}

}  // namespace emptor::bindings
