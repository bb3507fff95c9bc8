#pragma once

#include "emptor/mining/sequence_rules.hpp"

#include "mining/visits.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace emptor::mining::timed {

using next::Visits;
using Items = std::vector<std::int32_t>;

/// Antecedents and the visits they were completed on: sets of one item first, by item, then larger
/// ones, the most bought first.
struct RuleSets {
  std::vector<Items> items{};
  std::vector<std::vector<std::int32_t>> index{};  ///< per set: one eligible visit a customer
  bool cut = false;                                ///< more were frequent than max_sets
};

/// Completions of sets of one Visits.
class Completions {
 public:
  Completions(const Visits& visits, std::optional<data::Span> within);
  /// Eligible visits on which customers first had all of `items` (within the span), one each.
  [[nodiscard]] std::vector<std::int32_t> operator()(std::span<const std::int32_t> items) const;

 private:
  [[nodiscard]] std::vector<std::int32_t> first_of_all(std::span<const std::int32_t> items) const;
  [[nodiscard]] std::vector<std::int32_t> within_span(std::span<const std::int32_t> items) const;

  const Visits& visits_;
  std::optional<data::Span> within_;
  std::vector<data::Day> close_{};  // per visit: the last day its purchases count on
};

/// Those of the sets asked for that at least `min_antecedent` customers completed.
RuleSets completed_sets(std::vector<Items> asked, const Completions& completions,
                        int min_antecedent, const Context& context);

/// The antecedents asked for with enough customers. `wanted` is per item; empty: all.
RuleSets make_rule_sets(const PurchasesView& purchases, const Completions& completions,
                        const Visits& visits, const std::vector<std::uint8_t>& wanted,
                        const SequenceRulesOptions& options, const Context& context);

}  // namespace emptor::mining::timed
