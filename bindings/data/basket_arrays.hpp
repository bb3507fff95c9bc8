#pragma once

#include "emptor/data/baskets.hpp"

#include "detail/integers.hpp"

#include <cstdint>
#include <optional>

namespace emptor::bindings {

/// The caller's own arrays of baskets, looked at where they are and kept alive: items are their
/// numbers.
class BasketArrays {
 public:
  /// Nothing unless the arrays can be mined as they are: contiguous int32 items, ascending and each
  /// once in a basket, not far more numbers than there are entries; offsets from 0 to their number.
  static std::optional<BasketArrays> of(const py::array& offset, const py::array& item);
  [[nodiscard]] data::BasketsView view() const {
    return {offset_.view(), item_.view(), {}, n_items_, {}};
  }
  [[nodiscard]] py::array item() const { return item_.array(); }

 private:
  BasketArrays(const py::array& offset, const py::array& item)
      : offset_(offset, "baskets", "offset"), item_(item, "baskets", "item") {}
  Integers<std::int64_t> offset_;
  Integers<std::int32_t> item_;
  std::int32_t n_items_ = 0;
};

void bind_basket_arrays(py::module_& m);

}  // namespace emptor::bindings
