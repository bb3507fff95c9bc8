#pragma once

#include "emptor/core/context.hpp"
#include "emptor/mining/bought_together.hpp"

#include "mining/item_variants.hpp"
#include "mining/pair_counts.hpp"
#include "mining/pair_tests.hpp"

#include <cstdint>
#include <span>

namespace emptor::mining {

/// The tested pairs of one group of baskets.
struct TogetherSearch {
  std::int32_t group = -1;  ///< -1: not split
  PairIndex pairs;
  TestedPairs tested{};
};

/// Adjusts the p-values over all testable pairs of all groups and measures the pairs that are
/// listed; without pairs of `left_out`, null: none.
BoughtTogether list_together(std::span<const TogetherSearch> searches,
                             const BoughtTogetherOptions& options, const ItemVariants* left_out,
                             const Context& context);

/// Everything but names and ids: one search per part, `groups` being their codes (empty: not
/// split).
BoughtTogether search_together(std::span<const data::BasketsView> parts,
                               std::span<const std::int32_t> groups,
                               const BoughtTogetherOptions& options, const ItemVariants* left_out,
                               const Context& context);

}  // namespace emptor::mining
