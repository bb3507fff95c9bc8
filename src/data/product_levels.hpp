#pragma once

#include "emptor/core/context.hpp"
#include "emptor/data/sales.hpp"

#include "data/rows.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace emptor::data {

/// Whether a column of orders says what kind of product a line is of, by its name: department,
/// category, brand and the like, which flat files repeat on every line.
bool describes_product(std::string_view column);

/// A column of order lines read as one of products.
struct ProductLevel {
  Rows<std::int32_t> code{};        ///< per product: its most frequent value, -1 without one
  std::int64_t lines = 0;           ///< with a product and a value
  std::int64_t lines_agreeing = 0;  ///< ... that is the product's most frequent one
  std::int64_t varied = 0;          ///< products with several values
  std::string examples{};           ///< up to five of them: "B: 'Home' (2), 'Food' (1)"
};

/// The most frequent value of every product, the smallest of equals, over `of_lines`.
ProductLevel level_of_products(const Attribute& of_lines, std::span<const std::int32_t> product,
                               const Dictionary& product_ids, const Context& context);

}  // namespace emptor::data
