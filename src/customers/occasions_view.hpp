#pragma once

#include "emptor/customers/occasions.hpp"

#include <cstddef>

namespace emptor::customers {

/// The median days between a customer's occasions up to a day, NaN for fewer than two.
double median_gap(const OccasionsView& occasions, std::size_t customer, data::Day until);

}  // namespace emptor::customers
