#include "emptor/mining/substitutes.hpp"

#include "detail/analysis.hpp"
#include "mining/mining.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace emptor::bindings {

void bind_substitutes(py::module_& m) {
  const mining::SubstitutesOptions defaults;
  analysis(
      m, "substitutes", doc::mining_substitutes,
      [](const Call& call, const data::Sales& sales, const std::string& relation,
         const std::string& period, const std::optional<std::string>& item,
         const std::optional<std::string>& within, const std::optional<std::string>& place,
         int min_customers, double min_expected, double min_effect, double fdr, double likely_fdr,
         int watch, double level, bool all_pairs, std::int64_t top) {
        mining::SubstitutesOptions options;
        options.relation = mining::parse_relation(relation);
        options.period = data::parse_span(period, "period");
        options.item = item.value_or("");
        options.within = within.value_or("");
        options.place = place.value_or("");
        options.min_customers = min_customers;
        options.min_expected = min_expected;
        options.min_effect = min_effect;
        options.fdr = fdr;
        options.likely_fdr = likely_fdr;
        options.watch = watch;
        options.level = level;
        options.all_pairs = all_pairs;
        options.top = top;
        return frame(run(call, [&](const Context& context) {
          return mining::substitutes(sales, options, context);
        }));
      },
      py::arg("sales"), py::kw_only(), py::arg("relation") = "substitutes",
      py::arg("period") = data::to_string(defaults.period), py::arg("item") = py::none(),
      py::arg("within") = py::none(), py::arg("place") = py::none(),
      py::arg("min_customers") = defaults.min_customers,
      py::arg("min_expected") = defaults.min_expected, py::arg("min_effect") = defaults.min_effect,
      py::arg("fdr") = defaults.fdr, py::arg("likely_fdr") = defaults.likely_fdr,
      py::arg("watch") = defaults.watch, py::arg("level") = defaults.level,
      py::arg("all_pairs") = defaults.all_pairs, py::arg("top") = defaults.top);
}

}  // namespace emptor::bindings
