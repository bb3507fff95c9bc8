#include "emptor/mining/bought_next.hpp"

#include "detail/analysis.hpp"
#include "detail/names.hpp"
#include "mining/mining.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace emptor::bindings {

void bind_bought_next(py::module_& m) {
  const mining::BoughtNextOptions defaults;
  analysis(
      m, "bought_next", doc::mining_bought_next,
      [](const Call& call, const data::Sales& sales, const std::string& window,
         const std::optional<std::string>& washout, const std::optional<std::string>& item,
         const Names& antecedents, const Names& consequents, const std::optional<std::string>& by,
         int min_antecedent, int min_events, const std::string& evidence, double fdr,
         double likely_fdr, int watch, double level, double max_customer_share, double min_expected,
         const std::optional<std::string>& check, bool all_pairs, std::int64_t top,
         std::uint64_t seed, bool same_family) {
        mining::BoughtNextOptions options;
        options.window = data::parse_span(window, "window");
        options.washout = mining::parse_washout(washout.value_or(""));
        options.item = item.value_or("");
        options.antecedents = texts_of(antecedents);
        options.consequents = texts_of(consequents);
        options.by = by.value_or("");
        options.min_antecedent = min_antecedent;
        options.min_events = min_events;
        options.evidence = mining::parse_evidence(evidence);
        options.fdr = fdr;
        options.likely_fdr = likely_fdr;
        options.watch = watch;
        options.level = level;
        options.max_customer_share = max_customer_share;
        options.min_expected = min_expected;
        options.check = check.value_or("");
        options.all_pairs = all_pairs;
        options.top = top;
        options.seed = seed;
        options.same_family = same_family;
        return frame(run(call, [&](const Context& context) {
          return mining::bought_next(sales, options, context);
        }));
      },
      py::arg("sales"), py::kw_only(), py::arg("window") = data::to_string(defaults.window),
      py::arg("washout") = py::none(), py::arg("item") = py::none(),
      py::arg("antecedents") = py::none(), py::arg("consequents") = py::none(),
      py::arg("by") = py::none(), py::arg("min_antecedent") = defaults.min_antecedent,
      py::arg("min_events") = defaults.min_events, py::arg("evidence") = "affinity",
      py::arg("fdr") = defaults.fdr, py::arg("likely_fdr") = defaults.likely_fdr,
      py::arg("watch") = defaults.watch, py::arg("level") = defaults.level,
      py::arg("max_customer_share") = defaults.max_customer_share,
      py::arg("min_expected") = defaults.min_expected, py::arg("check") = py::none(),
      py::arg("all_pairs") = defaults.all_pairs, py::arg("top") = defaults.top,
      py::arg("seed") = defaults.seed, py::arg("same_family") = defaults.same_family);
}

}  // namespace emptor::bindings
