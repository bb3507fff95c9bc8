#pragma once

#include "emptor/mining/substitutes.hpp"

#include <cstdint>
#include <span>

namespace emptor::mining {

/// Everything but names and ids, over the purchases of every place (or all there is). `group` holds
/// a code per item: only pairs of equal, known codes are tested; empty: all.
Substitutes find_substitutes(std::span<const PurchasesView> parts,
                             std::span<const std::int32_t> group, const SubstitutesOptions& options,
                             const Context& context);

}  // namespace emptor::mining
