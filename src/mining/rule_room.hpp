#pragma once

#include "emptor/data/baskets.hpp"

#include "mining/itemset_index.hpp"
#include "mining/rule_data.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace emptor::mining {

/// Per row of the first `antecedents` sets of `index`: the baskets with this set X that hold
/// nothing else, and so have no room for a consequent. In a hierarchy: nothing but items of X, what
/// belongs to them and what they belong to.
std::vector<std::int64_t> baskets_without_room(const data::BasketsView& view, const RuleData& data,
                                               const ItemsetIndex& index, std::size_t antecedents,
                                               int max_items);

}  // namespace emptor::mining
