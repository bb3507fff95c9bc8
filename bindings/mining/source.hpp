#pragma once

#include "emptor/core/error.hpp"
#include "emptor/data/baskets.hpp"
#include "emptor/data/sales.hpp"

#include "data/basket_arrays.hpp"

#include <string>
#include <type_traits>
#include <variant>

namespace emptor::bindings {

/// What baskets are mined from: Sales, baskets made already, or the caller's own arrays.
using Source = std::variant<const data::Baskets*, const data::Sales*, const BasketArrays*>;

/// use(const Sales&), use(const Baskets&) or use(const BasketsView&).
template <typename Use>
auto with_source(const Source& source, Use use) {
  return std::visit(
      [&](const auto* given) {
        if constexpr (std::is_same_v<decltype(given), const BasketArrays*>) {
          return use(given->view());
        } else {
          return use(*given);
        }
      },
      source);
}

/// @throws InvalidArgument where `asked` is of Sales alone
inline void check_is_sales(const char* function, const Source& source, bool asked) {
  if (!asked || std::holds_alternative<const data::Sales*>(source)) return;
  throw InvalidArgument(std::string(function) +
                        ": item, unit, goods_only and levels are for Sales; these baskets are "
                        "made already, so give them to sales.baskets(...)");
}

}  // namespace emptor::bindings
