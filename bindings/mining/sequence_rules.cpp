#include "emptor/mining/sequence_rules.hpp"

#include "detail/analysis.hpp"
#include "detail/names.hpp"
#include "mining/mining.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace emptor::bindings {

void bind_sequence_rules(py::module_& m) {
  const mining::SequenceRulesOptions defaults;
  analysis(
      m, "sequence_rules", doc::mining_sequence_rules,
      [](const Call& call, const data::Sales& sales, const std::string& window,
         const std::optional<std::string>& washout, const std::optional<std::string>& completion,
         int max_antecedent, const std::optional<std::string>& item, const Names& antecedents,
         const Names& consequents, const std::optional<std::string>& by, int max_sets,
         int min_antecedent, int min_events, const std::string& evidence, double fdr,
         double likely_fdr, int watch, double level, double max_customer_share, double min_expected,
         const std::optional<std::string>& check, bool all_rules, bool redundant, std::int64_t top,
         std::uint64_t seed) {
        mining::SequenceRulesOptions options;
        options.window = data::parse_span(window, "window");
        options.washout = mining::parse_washout(washout.value_or(""));
        if (completion) options.completion = data::parse_span(*completion, "completion");
        options.max_antecedent = max_antecedent;
        options.max_sets = max_sets;
        options.min_antecedent = min_antecedent;
        options.min_events = min_events;
        options.evidence = mining::parse_evidence(evidence);
        options.fdr = fdr;
        options.likely_fdr = likely_fdr;
        options.watch = watch;
        options.level = level;
        options.max_customer_share = max_customer_share;
        options.min_expected = min_expected;
        options.all_rules = all_rules;
        options.redundant = redundant;
        options.top = top;
        options.seed = seed;
        options.check = check.value_or("");
        options.by = by.value_or("");
        options.antecedents = texts_of(antecedents);
        options.consequents = texts_of(consequents);
        options.item = item.value_or("");
        return frame(run(call, [&](const Context& context) {
          return mining::sequence_rules(sales, options, context);
        }));
      },
      py::arg("sales"), py::kw_only(), py::arg("window") = data::to_string(defaults.window),
      py::arg("washout") = py::none(), py::arg("completion") = py::none(),
      py::arg("max_antecedent") = defaults.max_antecedent, py::arg("item") = py::none(),
      py::arg("antecedents") = py::none(), py::arg("consequents") = py::none(),
      py::arg("by") = py::none(), py::arg("max_sets") = defaults.max_sets,
      py::arg("min_antecedent") = defaults.min_antecedent,
      py::arg("min_events") = defaults.min_events, py::arg("evidence") = "affinity",
      py::arg("fdr") = defaults.fdr, py::arg("likely_fdr") = defaults.likely_fdr,
      py::arg("watch") = defaults.watch, py::arg("level") = defaults.level,
      py::arg("max_customer_share") = defaults.max_customer_share,
      py::arg("min_expected") = defaults.min_expected, py::arg("check") = py::none(),
      py::arg("all_rules") = defaults.all_rules, py::arg("redundant") = defaults.redundant,
      py::arg("top") = defaults.top, py::arg("seed") = defaults.seed);
}

}  // namespace emptor::bindings
