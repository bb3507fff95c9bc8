#pragma once

#include "emptor/core/context.hpp"
#include "emptor/mining/association_rules.hpp"

#include "core/large_pages.hpp"
#include "mining/split_order.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

namespace emptor::mining {

/// Splits of item sets and all that their columns are made of. Safe from threads.
class FoundRules {
 public:
  /// `blocks` hold each split once. The first `n` of them in order are wanted.
  FoundRules(const ItemsetCountsView& sets, std::int32_t n_items,
             const RulesOfItemsetsOptions& options, std::vector<std::vector<Split>> blocks,
             std::size_t found, std::size_t n);

  [[nodiscard]] std::size_t size() const noexcept { return n_; }
  [[nodiscard]] AssociationRules none() const;
  /// @throws InvalidArgument for measures that cannot be had, before any is made
  void check() const;
  /// Rows [begin, end) of some columns.
  enum class Columns : std::uint8_t { antecedent, consequent, expected, counts, measures, all };
  [[nodiscard]] AssociationRules write(Columns which, std::size_t begin, std::size_t end,
                                       const Context& context) const;

 private:
  using Splits = std::shared_ptr<const core::LargeArray<Split>>;
  [[nodiscard]] ItemsetCountsView view() const noexcept;
  [[nodiscard]] RuleMeasures measures_of(const AssociationRules& rules,
                                         const Context& context) const;
  [[nodiscard]] Splits sorted(std::size_t end, const Context& context) const;

  std::vector<std::int64_t> offset_;
  std::vector<std::int32_t> item_;
  std::vector<std::int64_t> count_;
  std::int64_t baskets_;
  std::int32_t n_items_;
  RulesOfItemsetsOptions options_;
  std::size_t found_, n_;
  std::shared_ptr<const Dictionary> items_{};
  mutable std::mutex mutex_{};
  mutable std::vector<std::vector<Split>> blocks_;  // until all of them are sorted
  mutable Splits sorted_{};
};

}  // namespace emptor::mining
