#pragma once

#include "emptor/data/baskets.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace emptor::data {

/// The items of baskets, and behind them the groups they belong to.
struct ItemNodes {
  std::vector<std::string> group_id{}, group_name{};
  std::vector<std::int32_t> parent{};  ///< per item, then per group: a node, -1 none
};

/// Adds the ancestors of every item to its baskets. @throws DataError where a group has the id of
/// an item
Baskets extended(const Baskets& baskets, const ItemNodes& nodes);

}  // namespace emptor::data
