#include "emptor/mining/association_rules.hpp"

#include "emptor/core/error.hpp"

#include "detail/analysis.hpp"
#include "detail/integers.hpp"
#include "detail/names.hpp"
#include "mining/mining.hpp"
#include "mining/source.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace emptor::bindings {
namespace {

mining::Redundancy redundancy_of(const std::variant<bool, std::string>& redundant) {
  if (const bool* keep = std::get_if<bool>(&redundant)) {
    return *keep ? mining::Redundancy::none : mining::Redundancy::unproductive;
  }
  const auto& text = std::get<std::string>(redundant);
  if (text == "improvement") return mining::Redundancy::no_improvement;
  throw InvalidArgument("association_rules: redundant is '" + text.substr(0, 40) +
                        "'; write False, True or \"improvement\"");
}

/// Adds what only Sales can be asked.
void add_level(mining::AssociationRulesOptions& options, const Source& source,
               const std::optional<std::string>& item, const std::optional<std::string>& unit,
               const std::optional<bool>& goods_only, const Names& levels) {
  check_is_sales("association_rules", source, item || unit || goods_only || levels);
  options.levels = texts_of(levels);
  options.item = item.value_or("");
  if (unit) options.unit = data::parse_basket_unit(*unit);
  options.goods_only = goods_only.value_or(options.goods_only);
}

}  // namespace

void bind_association_rules(py::module_& m) {
  const mining::AssociationRulesOptions defaults;
  analysis(
      m, "association_rules", doc::mining_association_rules,
      [](const Call& call, const Source& baskets, std::int64_t min_count, double min_support,
         double min_confidence, int max_items, int max_consequent, const Names& consequents,
         const MeasureNames& measures, const std::string& significance, double alpha,
         const std::variant<bool, std::string>& redundant, std::int64_t top, double level,
         int permutations, std::uint64_t seed, const std::variant<double, std::string>& holdout,
         const std::optional<std::string>& item, const std::optional<std::string>& unit,
         const std::optional<bool>& goods_only, const Names& levels, bool same_family) {
        mining::AssociationRulesOptions options;
        options.same_family = same_family;
        options.min_count = min_count;
        options.min_support = min_support;
        options.min_confidence = min_confidence;
        options.max_items = max_items;
        options.max_consequent = max_consequent;
        options.consequents = texts_of(consequents);
        options.measures = names_of(measures);
        options.significance = mining::parse_significance(significance);
        options.alpha = alpha;
        options.redundant = redundancy_of(redundant);
        options.top = top;
        options.level = level;
        options.permutations = permutations;
        options.seed = seed;
        if (const double* share = std::get_if<double>(&holdout)) {
          options.holdout = *share;
        } else {
          options.holdout_from = std::get<std::string>(holdout);
        }
        add_level(options, baskets, item, unit, goods_only, levels);
        return frame(run(call, [&](const Context& context) {
          return with_source(baskets, [&](const auto& data) {
            return mining::association_rules(data, options, context);
          });
        }));
      },
      py::arg("baskets"), py::kw_only(), py::arg("min_count") = defaults.min_count,
      py::arg("min_support") = defaults.min_support,
      py::arg("min_confidence") = defaults.min_confidence,
      py::arg("max_items") = defaults.max_items,
      py::arg("max_consequent") = defaults.max_consequent, py::arg("consequents") = py::none(),
      py::arg("measures") = "standard", py::arg("significance") = "bh",
      py::arg("alpha") = defaults.alpha, py::arg("redundant") = false,
      py::arg("top") = defaults.top, py::arg("level") = defaults.level,
      py::arg("permutations") = defaults.permutations, py::arg("seed") = defaults.seed,
      py::arg("holdout") = defaults.holdout, py::arg("item") = py::none(),
      py::arg("unit") = py::none(), py::arg("goods_only") = py::none(),
      py::arg("levels") = py::none(), py::arg("same_family") = defaults.same_family);
  const mining::RulesOfItemsetsOptions of_sets;
  analysis(
      m, "rules_of_itemsets", doc::mining_rules_of_itemsets,
      [](const Call& call, const py::object& offset, const py::object& item,
         const py::object& count, std::int64_t baskets, double min_confidence, int max_consequent,
         const MeasureNames& measures, std::int64_t top, double level, bool intervals) {
        constexpr const char* kName = "rules_of_itemsets";
        const Integers<std::int64_t> offsets(array_of(offset, kName, "offset"), kName, "offset");
        const Integers<std::int32_t> items(array_of(item, kName, "item"), kName, "item");
        const Integers<std::int64_t> counts(array_of(count, kName, "count"), kName, "count");
        mining::RulesOfItemsetsOptions options;
        options.min_confidence = min_confidence;
        options.max_consequent = max_consequent;
        options.measures = names_of(measures);
        options.top = top;
        options.level = level;
        options.intervals = intervals;
        return deferred_frame(run(call,
                                  [&](const Context& context) {
                                    return mining::deferred_rules_of_itemsets(
                                        {offsets.view(), items.view(), counts.view(), {}, baskets},
                                        options, context);
                                  }),
                              call.threads);
      },
      py::arg("offset"), py::arg("item"), py::arg("count"), py::arg("baskets"), py::kw_only(),
      py::arg("min_confidence") = of_sets.min_confidence,
      py::arg("max_consequent") = of_sets.max_consequent, py::arg("measures") = "standard",
      py::arg("top") = of_sets.top, py::arg("level") = of_sets.level,
      py::arg("intervals") = of_sets.intervals);
}

}  // namespace emptor::bindings
