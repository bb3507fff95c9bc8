#include "emptor/mining/sequence_rules.hpp"

#include "emptor/core/error.hpp"
#include "emptor/data/items.hpp"

#include "mining/purchase_groups.hpp"
#include "mining/sequence_rule_list.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

namespace emptor::mining {
namespace timed {

// What is said of pairs is checked where they are searched.
void check_options(const SequenceRulesOptions& o) {
  const auto require = [](bool holds, const std::string& message) {
    if (!holds) throw InvalidArgument("sequence_rules: " + message);
  };
  require(!o.completion || o.completion->count > 0, "completion must be at least a day");
  require(o.max_antecedent >= 1 && o.max_antecedent <= 5,
          "max_antecedent must lie between 1 and 5, got " + std::to_string(o.max_antecedent));
  require(o.max_sets >= 0, "max_sets must not be negative, got " + std::to_string(o.max_sets));
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
  if (!options.by.empty() || !options.item.empty())
    throw InvalidArgument(
        "sequence_rules: item and by need a Sales; purchases have item codes only");
  PurchasesView view = purchases;
  if (!view.day.empty()) {
    const auto [low, high] = std::minmax_element(view.day.begin(), view.day.end());
    if (view.first_day == data::kNoDay) view.first_day = *low;
    if (view.last_day == data::kNoDay) view.last_day = *high;
  }
  const auto chosen = [&](const std::vector<std::string>& wanted, const char* argument) {
    return choice_by_code(purchases.n_items, wanted, "sequence_rules", argument);
  };
  SequenceRules result = timed::list_rules(
      {view}, {},
      {chosen(options.antecedents, "antecedents"), chosen(options.consequents, "consequents")}, {},
      options, context);
  result.first_day = view.first_day;
  result.last_day = view.last_day;
  return result;
}

SequenceRules sequence_rules(const data::Sales& sales, const SequenceRulesOptions& options,
                             const Context& context) {
  timed::check_options(options);
  const auto& lines = sales.lines("sequence_rules");
  const auto items = data::items(sales, options.item, true, "sequence_rules");
  std::optional<data::Attribute> by;
  if (!options.by.empty()) by = sales.line_attribute(options.by, "sequence_rules");
  const PurchaseGroups groups(sales, lines, items, by ? &*by : nullptr);
  const auto chosen = [&](const std::vector<std::string>& wanted, const char* argument) {
    return choice_by_name(items, wanted, "sequence_rules", argument);
  };
  SequenceRules result = timed::list_rules(
      groups.parts(), groups.codes(),
      {chosen(options.antecedents, "antecedents"), chosen(options.consequents, "consequents")},
      items.names, options, context);
  mark_families(result, items.names);
  result.items = items.ids;
  if (by) result.groups = by->values;
  result.first_day = sales.first_day();
  result.last_day = sales.last_day();
  result.item_level = items.level;
  result.moment = sales.moment();
  result.coverage = groups.coverage();
  return result;
}

}  // namespace emptor::mining
