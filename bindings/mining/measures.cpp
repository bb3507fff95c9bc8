#include "emptor/mining/measures.hpp"

#include "detail/analysis.hpp"
#include "detail/integers.hpp"
#include "mining/mining.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace emptor::bindings {
void bind_measures(py::module_& m) {
  const mining::RuleMeasuresOptions defaults;
  m.def(
      "measures", [] { return frame(mining::measures()); }, doc::mining_measures);
  m.def("explain", &mining::explain, doc::mining_explain, py::arg("name"));
  m.def(
      "odds_ratio_interval",
      [](std::int64_t n11, std::int64_t n10, std::int64_t n01, std::int64_t n00,
         const std::string& method, double level) {
        const Interval interval = mining::odds_ratio_interval(
            n11, n10, n01, n00, mining::parse_odds_ratio_interval(method), level);
        return py::make_tuple(interval.low, interval.high);
      },
      doc::mining_odds_ratio_interval, py::arg("n11"), py::arg("n10"), py::arg("n01"),
      py::arg("n00"), py::kw_only(), py::arg("method") = "woolf",
      py::arg("level") = defaults.level);
  analysis(
      m, "rule_measures", doc::mining_rule_measures,
      [](const Call& call, const py::object& both, const py::object& antecedent,
         const py::object& consequent, std::int64_t baskets, const MeasureNames& measures,
         double level, const std::string& odds_ratio_interval, bool intervals) {
        constexpr const char* kName = "rule_measures";
        const Integers<std::int64_t> x(array_of(both, kName, "both"), kName, "both");
        const Integers<std::int64_t> a(array_of(antecedent, kName, "antecedent"), kName,
                                       "antecedent");
        const Integers<std::int64_t> b(array_of(consequent, kName, "consequent"), kName,
                                       "consequent");
        const mining::RuleCountsView view{x.view(), a.view(), b.view(), baskets, {}, {}};
        mining::RuleMeasuresOptions options;
        options.measures = names_of(measures);
        options.level = level;
        options.intervals = intervals;
        options.odds_ratio_interval = mining::parse_odds_ratio_interval(odds_ratio_interval);
        return frame(run(call, [&](const Context& context) {
          return mining::rule_measures(view, options, context);
        }));
      },
      py::arg("both"), py::arg("antecedent"), py::arg("consequent"), py::arg("baskets"),
      py::kw_only(), py::arg("measures") = "standard", py::arg("level") = defaults.level,
      py::arg("odds_ratio_interval") = "woolf", py::arg("intervals") = defaults.intervals);
  m.def(
      "itemset_measures",
      [](const py::object& offset, const py::object& item, const py::object& count,
         const py::object& item_count, std::int64_t baskets, double level) {
        constexpr const char* kName = "itemset_measures";
        const Integers<std::int64_t> offsets(array_of(offset, kName, "offset"), kName, "offset");
        const Integers<std::int32_t> items(array_of(item, kName, "item"), kName, "item");
        const Integers<std::int64_t> counts(array_of(count, kName, "count"), kName, "count");
        const Integers<std::int64_t> item_counts(array_of(item_count, kName, "item_count"), kName,
                                                 "item_count");
        return frame(mining::itemset_measures(
            {offsets.view(), items.view(), counts.view(), item_counts.view(), baskets}, level));
      },
      doc::mining_itemset_measures, py::arg("offset"), py::arg("item"), py::arg("count"),
      py::arg("item_count"), py::arg("baskets"), py::kw_only(), py::arg("level") = defaults.level);
}

}  // namespace emptor::bindings
