#pragma once

#include "emptor/data/sales.hpp"

#include <cstdint>
#include <string>

namespace emptor::customers {

/// The names of the three products a customer bought on the most days, then for the most money.
std::string favourites(const data::Lines& lines, const data::Products& products,
                       std::int32_t customer);

}  // namespace emptor::customers
