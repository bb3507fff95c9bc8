#pragma once

#include "emptor/data/baskets.hpp"

namespace emptor::mining {

/// The view with its number of items. @throws InvalidArgument that begins with `function` if sizes
/// do not fit, or if the items of a basket are not distinct, ascending and below n_items.
data::BasketsView checked_baskets(const char* function, data::BasketsView view);

}  // namespace emptor::mining
