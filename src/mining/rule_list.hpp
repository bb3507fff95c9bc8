#pragma once

#include "emptor/mining/association_rules.hpp"

#include "mining/rule_data.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace emptor::mining {

/// A rule that is listed, its items as ranks or codes; the spans belong to whoever made it.
struct ListedRule {
  std::span<const std::int32_t> antecedent{};
  std::span<const std::int32_t> consequent{};
  std::int64_t n = 0, n_antecedent = 0, n_consequent = 0;
  double expected = 0;
  double p_value = 0, p_association = 0, q_value = 0;
  double part_confidence = 0;
};

/// Sorts by excess, largest first, then by items; keeps the first `top` and says whether that left
/// any out. 0 keeps all.
bool sort_rules(std::vector<ListedRule>& rules, std::int64_t top);

/// Fills the columns of `result` that do not need the baskets; `code` gives the code of a rank,
/// empty where items are codes already.
void fill_rules(const std::vector<ListedRule>& rules, std::span<const std::int32_t> code,
                AssociationRules& result);

/// Measures by name, with the customers of `data` as the unit if there is one; part_confidence and
/// what fill_rules made are used.
void measure_rules(const std::vector<ListedRule>& rules, const RuleData* data,
                   const RuleMeasuresOptions& options, const Context& context,
                   AssociationRules& result);

}  // namespace emptor::mining
