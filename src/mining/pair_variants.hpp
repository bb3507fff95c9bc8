#pragma once

#include "mining/item_variants.hpp"
#include "mining/pair_search.hpp"

#include <cstdint>
#include <vector>

namespace emptor::mining::next {

/// Takes the pairs of variants out of what may be listed, and their p-values out of what q-values
/// are made from; they still count as looked at. Returns how many.
std::int64_t leave_out_variants(std::vector<Search>& groups, const ItemVariants& variants);

}  // namespace emptor::mining::next
