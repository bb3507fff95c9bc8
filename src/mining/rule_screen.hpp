#pragma once

#include "emptor/core/context.hpp"
#include "emptor/mining/measures.hpp"

#include "mining/itemset_index.hpp"
#include "mining/rule_data.hpp"
#include "mining/rule_tests.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace emptor::mining {

/// A rule as rows of the list of sets it comes from, with what is known of it.
struct RuleCandidate {
  std::int32_t antecedent = -1;
  std::int32_t consequent = -1;
  std::int64_t n = 0;
  double expected = 0;
  double p_value = 1;
  double p_association = 1;
  double part_confidence = 0;  ///< largest confidence of a part or a more general one
};

/// What screening lets through.
struct ScreenOptions {
  bool test = true;          ///< work out p-values
  bool parts = true;         ///< of every part too
  double alpha = 0.05;       ///< largest p-value of what is kept; parts and whole alike
  bool improvement = false;  ///< only rules that beat all their parts' confidence
  double min_confidence = 0;
  int max_consequent = 1;
  std::span<const std::uint8_t> consequents{};  ///< per rank: 1 allowed; empty: all
};

/// Frequent sets with their counts per stratum: p-values of rules as if every basket had a customer
/// of its own, which are never larger than the real ones.
class RuleScreen {
 public:
  /// `sets` hold ranks of `data`, ascending, and all their parts.
  RuleScreen(const RuleData& data, const ItemsetCountsView& sets, const ItemsetIndex& index,
             int max_items, const Context& context);

  /// The rules of all sets that may be listed, in the order of sets and consequents. `counted`: how
  /// many there are before that.
  [[nodiscard]] std::vector<RuleCandidate> rules(const ScreenOptions& options,
                                                 const Context& context,
                                                 std::int64_t& counted) const;
  [[nodiscard]] std::span<const std::int32_t> items_of(std::int64_t set) const noexcept {
    const auto s = static_cast<std::size_t>(set);
    return sets_.item.subspan(static_cast<std::size_t>(sets_.offset[s]),
                              static_cast<std::size_t>(sets_.offset[s + 1] - sets_.offset[s]));
  }
  /// Baskets with the set per stratum; only of sets that can be antecedents.
  [[nodiscard]] const std::uint32_t* strata_of(std::int64_t set) const noexcept {
    return table_.data() +
           static_cast<std::size_t>(slot_[static_cast<std::size_t>(set)]) * data_.strata.count();
  }
  /// Whether the set can be an antecedent: it has counts per stratum.
  [[nodiscard]] bool has_strata(std::int64_t set) const noexcept {
    return slot_[static_cast<std::size_t>(set)] >= 0;
  }

 private:
  struct Scratch;
  void count_pairs(const Context& context);
  void count_larger(const Context& context);
  void screen(std::int64_t set, const ScreenOptions& options, Scratch& scratch) const;
  bool passes(const ScreenOptions& options, std::size_t x, std::size_t y, Scratch& scratch,
              RuleCandidate& rule) const;
  [[nodiscard]] Usual usual(const std::uint32_t* n, std::int64_t x, std::int64_t b,
                            std::span<const std::int32_t> added, std::span<const std::int32_t> y,
                            std::span<const std::int32_t> given) const;
  bool beats_general(std::size_t x, Scratch& scratch, RuleCandidate& rule) const;

  const RuleData& data_;
  ItemsetCountsView sets_;
  const ItemsetIndex& index_;
  std::vector<std::int32_t> slot_{};    // per set, -1 without counts per stratum
  std::vector<std::uint32_t> table_{};  // [slot * strata + h]
  std::vector<std::uint32_t> all_{};    // per stratum: all baskets
};

}  // namespace emptor::mining
