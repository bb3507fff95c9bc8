#pragma once

#include "emptor/core/dictionary.hpp"
#include "emptor/core/export.hpp"
#include "emptor/data/sales.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace emptor::data {

/// The level an analysis of items works on.
struct Items {
  std::string level{};                      ///< "product" or the name of a column
  std::shared_ptr<const Dictionary> ids{};  ///< ids of the items
  std::vector<std::int32_t> of_product{};   ///< per product: its item, -1 if left out
  std::vector<std::string> names{};         ///< per item: what people read
};

/// Items as asked for: "" or "product" are products as ordered; "department" and the like a column
/// of products, or of order lines that describes products (a product then counts as its most
/// frequent value known at the moment); "auto" the finest level whose median item has 30 buyers (of
/// the items anybody bought; orders count where no customer is known), or else the level with the
/// largest median. Products that are not goods are left out when `goods_only`, products without a
/// value in the column always.
/// @throws DataError naming the nearest column, or that a column of lines does not describe
/// products.
EMPTOR_EXPORT Items items(const Sales& sales, std::string_view item, bool goods_only,
                          std::string_view function);

/// Which names are variants of one product: they share most of their words, .6 of the words of both
/// names, or two thirds of the shorter one's and at least two. Case, digits, plural endings,
/// filling words ("set of", "design") and words for colour, size and pattern do not count; names of
/// nothing else are compared by all their words.
class EMPTOR_EXPORT NameFamilies {
 public:
  NameFamilies() = default;
  /// Takes the names apart once, so that many pairs can be compared.
  explicit NameFamilies(std::span<const std::string> names);
  /// Whether names[i] and names[j] are variants of one product.
  [[nodiscard]] bool same(std::int32_t i, std::int32_t j) const noexcept;

 private:
  struct Words {
    std::vector<std::int64_t> offset{0};
    std::vector<std::int32_t> word{};  ///< sorted within a name
    [[nodiscard]] std::span<const std::int32_t> of(std::int32_t i) const noexcept;
  };
  Words telling_;  ///< the words that count
  Words all_;      ///< all words, for names without telling ones
};

/// Whether two product names are variants of one product: NameFamilies for a single pair.
EMPTOR_EXPORT bool same_family(std::string_view name1, std::string_view name2);

}  // namespace emptor::data
