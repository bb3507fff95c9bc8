#include "data/product_levels.hpp"

#include "data/product_names.hpp"
#include "data/words.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace emptor::data {

bool describes_product(std::string_view column) {
  constexpr std::array<std::string_view, 15> kNames{
      "department",   "category",     "subcategory",  "brand",     "productcategory",
      "producttype",  "productgroup", "productline",  "itemgroup", "productfamily",
      "itemcategory", "maincategory", "manufacturer", "vendor",    "supplier"};
  return std::find(kNames.begin(), kNames.end(), normalised(column)) != kNames.end();
}

ProductLevel level_of_products(const Attribute& of_lines, std::span<const std::int32_t> product,
                               const Dictionary& product_ids, const Context& context) {
  ProductLevel out;
  std::vector<NameVariants> variants;
  out.code = most_frequent_names(product, of_lines.code, product_ids.size(), variants, context);
  for (std::size_t i = 0; i < product.size(); ++i) {
    if (product[i] < 0 || of_lines.code[i] < 0) continue;
    out.lines += 1;
    if (out.code[static_cast<std::size_t>(product[i])] == of_lines.code[i]) out.lines_agreeing += 1;
  }
  out.varied = static_cast<std::int64_t>(variants.size());
  out.examples = variant_examples(variants, product_ids, *of_lines.values);
  return out;
}

}  // namespace emptor::data
