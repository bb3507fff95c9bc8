#include "emptor/mining/sequence_rules.hpp"

#include "emptor/core/error.hpp"
#include "emptor/data/items.hpp"

#include "mining/purchase_groups.hpp"
#include "mining/sequence_rule_list.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace emptor::mining {
namespace timed {

void check_options(const SequenceRulesOptions& o) {
  const auto require = [](bool holds, const std::string& message) {
    if (!holds) throw InvalidArgument("sequence_rules: " + message);
  };
  require(o.window.count > 0, "window must be at least a day, got " + data::to_string(o.window));
  require(!o.washout || o.washout->count >= 0,
          "washout must not be negative; write \"0 days\" for none");
  require(!o.completion || o.completion->count > 0, "completion must be at least a day");
  require(o.max_antecedent >= 1 && o.max_antecedent <= 5,
          "max_antecedent must lie between 1 and 5, got " + std::to_string(o.max_antecedent));
  require(o.max_sets >= 0, "max_sets must not be negative, got " + std::to_string(o.max_sets));
  require(o.min_antecedent >= 1,
          "min_antecedent must be at least 1, got " + std::to_string(o.min_antecedent));
  require(o.min_events >= 0,
          "min_events must not be negative, got " + std::to_string(o.min_events));
  require(o.fdr > 0 && o.fdr < 1, "fdr must lie between 0 and 1, got " + std::to_string(o.fdr));
  require(o.likely_fdr >= o.fdr && o.likely_fdr < 1,
          "likely_fdr must lie between fdr and 1, got " + std::to_string(o.likely_fdr));
  require(o.watch >= 0, "watch must not be negative, got " + std::to_string(o.watch));
  require(o.level > 0 && o.level < 1,
          "level must lie between 0 and 1, got " + std::to_string(o.level));
  require(o.max_customer_share > 0 && o.max_customer_share <= 1,
          "max_customer_share must be above 0 and at most 1, got " +
              std::to_string(o.max_customer_share));
  require(o.min_expected > 0,
          "min_expected must be above 0, got " + std::to_string(o.min_expected));
  require(o.top >= 0, "top must not be negative, got " + std::to_string(o.top));
}

}  // namespace timed

namespace {

/// Rows whose consequent is a variant of an item of their set.
void mark_families(SequenceRules& r, const std::vector<std::string>& names) {
  const data::NameFamilies families(names);
  for (std::size_t i = 0; i < r.size(); ++i)
    for (auto k = r.offset[i]; k < r.offset[i + 1]; ++k)
      if (families.same(r.antecedent[static_cast<std::size_t>(k)], r.consequent[i]))
        r.same_family[i] = 1;
}

}  // namespace

SequenceRules sequence_rules(const PurchasesView& purchases, const SequenceRulesOptions& options,
                             const Context& context) {
  if (!options.item.empty())
    throw InvalidArgument("sequence_rules: item needs a Sales; purchases have item codes only");
  const auto chosen = [&](const std::vector<std::string>& wanted, const char* argument) {
    return choice_by_code(purchases.n_items, wanted, "sequence_rules", argument);
  };
  return timed::list_rules(
      purchases,
      {chosen(options.antecedents, "antecedents"), chosen(options.consequents, "consequents")}, {},
      options, context);
}

SequenceRules sequence_rules(const data::Sales& sales, const SequenceRulesOptions& options,
                             const Context& context) {
  timed::check_options(options);
  const auto& lines = sales.lines("sequence_rules");
  const auto items = data::items(sales, options.item, true, "sequence_rules");
  const PurchaseGroups groups(sales, lines, items);
  const auto chosen = [&](const std::vector<std::string>& wanted, const char* argument) {
    return choice_by_name(items, wanted, "sequence_rules", argument);
  };
  SequenceRules result = timed::list_rules(
      groups.parts().front(),
      {chosen(options.antecedents, "antecedents"), chosen(options.consequents, "consequents")},
      items.names, options, context);
  mark_families(result, items.names);
  result.items = items.ids;
  result.item_level = items.level;
  result.moment = sales.moment();
  result.coverage = groups.coverage();
  return result;
}

}  // namespace emptor::mining
