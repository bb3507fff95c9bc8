#pragma once

#include "emptor/core/context.hpp"
#include "emptor/core/dictionary.hpp"

#include "data/rows.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace emptor::data {

/// A product that goes by several descriptions.
struct NameVariants {
  std::int32_t product = 0;
  std::int32_t most = 0, second = 0;  ///< the two most frequent descriptions
  std::int64_t n_most = 0, n_second = 0;
  std::int32_t descriptions = 0;
};

/// The most frequent description of every product (the smallest code among equals), -1 where no
/// line has one. `variants` receives the products with several, in order of product.
Rows<std::int32_t> most_frequent_names(std::span<const std::int32_t> product,
                                       std::span<const std::int32_t> description,
                                       std::int32_t products, std::vector<NameVariants>& variants,
                                       const Context& context);

/// "B: 'stool' (2), 'chair' (1); ...": up to five products, those first whose second description is
/// the most frequent.
std::string variant_examples(std::vector<NameVariants> variants, const Dictionary& products,
                             const Dictionary& descriptions);

}  // namespace emptor::data
