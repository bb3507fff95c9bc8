#pragma once

#include "emptor/data/sales.hpp"

#include <span>
#include <vector>

namespace emptor::data {

/// Shares of `discount` in proportion to `amounts`, all above 0, adding up to it exactly: rounded
/// down, and what is left goes a unit each to the largest remainders, equal ones in the order
/// given. A unit is the cent where discount and amounts are whole cents, else the ten-thousandth.
/// No share is above its amount while `discount` is at most their sum.
std::vector<Money> apportion(Money discount, std::span<const Money> amounts);

}  // namespace emptor::data
