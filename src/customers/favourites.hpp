#pragma once

#include "emptor/data/sales.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace emptor::customers {

/// What one customer bought of one product and kept.
struct BoughtProduct {
  std::int32_t product = -1;
  std::vector<data::Day> days{};  ///< distinct, ascending
  double quantity = 0;
  data::Money amount = 0;
};

/// The products of a customer, the favourite first: most days, then most money.
std::vector<BoughtProduct> bought_products(const data::Lines& lines, std::int32_t customer);

/// The names of the first three.
std::string favourites(const data::Lines& lines, const data::Products& products,
                       std::int32_t customer);

}  // namespace emptor::customers
