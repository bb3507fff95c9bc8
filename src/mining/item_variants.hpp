#pragma once

#include "emptor/data/baskets.hpp"
#include "emptor/data/items.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace emptor::mining {

/// Which items are variants of one product, by their names. Groups of a hierarchy have none.
class ItemVariants {
 public:
  explicit ItemVariants(std::span<const std::string> names,
                        std::span<const std::int32_t> parent = {})
      : families_(names), is_group_(names.size(), 0) {
    for (const std::int32_t up : parent) {
      if (up >= 0) is_group_[static_cast<std::size_t>(up)] = 1;
    }
  }
  [[nodiscard]] bool same(std::int32_t x, std::int32_t y) const noexcept {
    return is_group_[static_cast<std::size_t>(x)] == 0 &&
           is_group_[static_cast<std::size_t>(y)] == 0 && families_.same(x, y);
  }
  /// Whether any item of one is a variant of any of the other.
  [[nodiscard]] bool same(std::span<const std::int32_t> x,
                          std::span<const std::int32_t> y) const noexcept {
    return std::any_of(x.begin(), x.end(), [&](std::int32_t i) {
      return std::any_of(y.begin(), y.end(), [&](std::int32_t j) { return same(i, j); });
    });
  }

 private:
  data::NameFamilies families_;
  std::vector<std::uint8_t> is_group_;
};

}  // namespace emptor::mining
