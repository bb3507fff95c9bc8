#include "emptor/metrics/kpis.hpp"
#include "emptor/metrics/movers.hpp"
#include "emptor/metrics/revenue_bridge.hpp"

#include "detail/analysis.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace emptor::bindings {
namespace {

void bind_kpis(py::module_& m) {
  const metrics::KpisOptions defaults;
  analysis(
      m, "kpis", doc::metrics_kpis,
      [](const Call& call, const data::Sales& sales, const std::string& period,
         const std::string& by, double level, const std::string& new_after) {
        metrics::KpisOptions options;
        options.period = data::parse_period(period);
        options.by = by;
        options.level = level;
        options.new_after = data::parse_span(new_after, "new_after");
        return frame(run(
            call, [&](const Context& context) { return metrics::kpis(sales, options, context); }));
      },
      py::arg("sales"), py::kw_only(), py::arg("period") = data::to_string(defaults.period),
      py::arg("by") = defaults.by, py::arg("level") = defaults.level,
      py::arg("new_after") = data::to_string(defaults.new_after));
  m.def("explain", &metrics::explain, doc::metrics_explain, py::arg("name"));
  m.def("kpi_names", [] {
    const auto names = metrics::kpi_names();
    return std::vector<std::string_view>(names.begin(), names.end());
  });
}

void bind_revenue_bridge(py::module_& m) {
  const metrics::RevenueBridgeOptions defaults;
  analysis(
      m, "revenue_bridge", doc::metrics_revenue_bridge,
      [](const Call& call, const data::Sales& sales, const std::string& window,
         const std::string& baseline, const std::string& new_after) {
        metrics::RevenueBridgeOptions options;
        options.window = data::parse_span(window, "window");
        options.baseline = metrics::parse_baseline(baseline, "revenue_bridge");
        options.new_after = data::parse_span(new_after, "new_after");
        return frame(run(call, [&](const Context& context) {
          return metrics::revenue_bridge(sales, options, context);
        }));
      },
      py::arg("sales"), py::kw_only(), py::arg("window") = data::to_string(defaults.window),
      py::arg("baseline") = "before", py::arg("new_after") = data::to_string(defaults.new_after));
}

void bind_movers(py::module_& m) {
  const metrics::MoversOptions defaults;
  analysis(
      m, "movers", doc::metrics_movers,
      [](const Call& call, const data::Sales& sales, const std::string& by,
         const std::string& window, const std::string& baseline, double level, int min_customers) {
        metrics::MoversOptions options;
        options.by = by;
        options.window = data::parse_span(window, "window");
        options.baseline = metrics::parse_baseline(baseline, "movers");
        options.level = level;
        options.min_customers = min_customers;
        return frame(run(call, [&](const Context& context) {
          return metrics::movers(sales, options, context);
        }));
      },
      py::arg("sales"), py::kw_only(), py::arg("by") = defaults.by,
      py::arg("window") = data::to_string(defaults.window), py::arg("baseline") = "before",
      py::arg("level") = defaults.level, py::arg("min_customers") = defaults.min_customers);
}

}  // namespace

void bind_metrics(py::module_& core) {
  py::module_ m = submodule(core, "metrics");
  bind_kpis(m);
  bind_revenue_bridge(m);
  bind_movers(m);
}

}  // namespace emptor::bindings
