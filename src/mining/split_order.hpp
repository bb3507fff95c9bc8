#pragma once

#include "emptor/core/context.hpp"
#include "emptor/mining/measures.hpp"

#include "core/large_pages.hpp"

#include <cstdint>
#include <vector>

namespace emptor::mining {

/// A rule as rows of item sets: all its items, those before and those behind the arrow.
struct Split {
  std::int32_t set, antecedent, consequent;
};

/// n_antecedent * n_consequent / baskets of a rule.
inline double expected_of(const ItemsetCountsView& sets, const Split& split) noexcept {
  return static_cast<double>(sets.count[static_cast<std::size_t>(split.antecedent)]) *
         static_cast<double>(sets.count[static_cast<std::size_t>(split.consequent)]) /
         static_cast<double>(sets.baskets);
}

/// The first `n` of the rules: the largest excess first, then by items of the antecedent, then of
/// the consequent. `blocks` hold each rule once, `n` is at most their number. Items are below
/// n_items.
core::LargeArray<Split> first_splits(const ItemsetCountsView& sets, std::int32_t n_items,
                                     const std::vector<std::vector<Split>>& blocks, std::size_t n,
                                     const Context& context);

}  // namespace emptor::mining
