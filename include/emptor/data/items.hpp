#pragma once

#include "emptor/core/dictionary.hpp"
#include "emptor/core/export.hpp"
#include "emptor/data/sales.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace emptor::data {

/// The level an analysis of items works on.
struct Items {
  std::string level{};                      ///< "product" or the name of a product column
  std::shared_ptr<const Dictionary> ids{};  ///< ids of the items
  std::vector<std::int32_t> of_product{};   ///< per product: its item, -1 if left out
  std::vector<std::string> names{};         ///< per item: what people read
};

/// Items as asked for: "" or "product" are products as ordered; "department" and the like a product
/// column; "auto" the finest level whose median item has 30 buyers. Products that are not goods
/// are left out when `goods_only`.
/// @throws DataError naming the nearest column.
EMPTOR_EXPORT Items items(const Sales& sales, std::string_view item, bool goods_only,
                          std::string_view function);

/// Whether two product names are variants of one product: they share most of their words.
EMPTOR_EXPORT bool same_family(std::string_view name1, std::string_view name2);

}  // namespace emptor::data
