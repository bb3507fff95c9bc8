#pragma once

#include "mining/item_tree.hpp"
#include "mining/itemset_found.hpp"

#include <cstdint>
#include <vector>

namespace emptor::mining::sets {

/// Sets that never hold an item and its own ancestor. Every basket with an item holds its ancestors
/// too, so of kind "all" these are the sets without related items; closed and maximal ones are told
/// by their most specific items, which stand for the rest.
struct Unrelated {
  const ItemTree& tree;
  const std::vector<std::int32_t>& code;  ///< per item of the Database and behind: in the tree
  const std::vector<std::int32_t>& must;  ///< codes a set has to hold itself
};

/// search(), for such sets; of generators every one is such a set.
std::vector<Chunk> search_unrelated(const Database& db, const Plan& plan, const Unrelated& sets,
                                    const Context& context);

}  // namespace emptor::mining::sets
