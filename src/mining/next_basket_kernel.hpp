#pragma once

#include "emptor/mining/next_basket.hpp"

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace emptor::mining::basket {

/// @throws InvalidArgument naming the function and the option.
void check_options(const NextBasketOptions& options, std::string_view function);
/// @throws MemoryLimit stating the estimate.
void check_memory(const PurchasesView& purchases, const Context& context,
                  std::string_view function);

/// The lists of the customers with wanted[code] != 0; empty: of all.
NextBasket list_all(const PurchasesView& purchases, std::span<const std::uint8_t> wanted,
                    const NextBasketOptions& options, const Context& context);

}  // namespace emptor::mining::basket
