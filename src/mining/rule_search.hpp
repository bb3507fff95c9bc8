#pragma once

#include "emptor/mining/association_rules.hpp"

#include "mining/item_variants.hpp"
#include "mining/rule_correction.hpp"
#include "mining/rule_data.hpp"
#include "mining/rule_list.hpp"
#include "mining/rule_screen.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace emptor::mining {

/// Frequent sets as ranks of the data they were mined from, ascending.
struct MinedSets {
  std::vector<std::int64_t> offset{0};
  std::vector<std::int32_t> item{};
  std::vector<std::int64_t> count{};
  std::size_t antecedents = 0;  ///< the first ones, of fewer than max_items items
};

/// One search: the baskets, their frequent sets, and the rules that are found in them.
class RuleSearch {
 public:
  /// `options.min_count` must be set. Rules between variants of `left_out`, null: none, are not
  /// found.
  RuleSearch(const data::BasketsView& view, const AssociationRulesOptions& options,
             const ItemVariants* left_out, const Context& context);

  /// Rules with q_value <= alpha, in no order that matters. Counts what was tested into `result`.
  std::vector<ListedRule> find(AssociationRules& result) const;
  [[nodiscard]] const RuleData& data() const noexcept { return data_; }

 private:
  void declare_space(const data::BasketsView& view);
  /// Consequents that rules of these items cannot have.
  [[nodiscard]] std::int64_t related_consequents(std::span<const std::int32_t> items) const;
  [[nodiscard]] bool is_left_out(const RuleCandidate& rule) const;
  void drop_hopeless(std::vector<RuleCandidate>& rules) const;
  void test_exactly(std::vector<RuleCandidate>& rules, bool parts) const;
  std::vector<double> correct(const std::vector<RuleCandidate>& rules,
                              AssociationRules& result) const;

  const AssociationRulesOptions& options_;
  const ItemVariants* left_out_;
  const Context& context_;
  RuleData data_;
  MinedSets mined_;
  ItemsetCountsView sets_;
  std::optional<ItemsetIndex> index_{};
  std::optional<RuleScreen> screen_{};
  RuleSpace space_{};
  std::vector<std::int64_t> consequents_before_{};  ///< of a hierarchy, per place in the tree
};

/// Codes of consequents given by id. @throws InvalidArgument
std::vector<std::uint8_t> consequents_of(const std::vector<std::string>& given,
                                         std::int32_t n_items);

}  // namespace emptor::mining
