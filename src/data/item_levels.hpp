#pragma once

#include "emptor/data/baskets.hpp"
#include "emptor/data/items.hpp"

namespace emptor::data {

/// Baskets of `items` with what products' columns `options.levels` say they belong to.
Baskets with_levels(const Sales& sales, const Items& items, const BasketsOptions& options,
                    const Baskets& baskets);

}  // namespace emptor::data
