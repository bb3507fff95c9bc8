#pragma once

#include "data/facts.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace emptor::data {

/// Why a product is not goods.
enum class NotGoods : std::uint8_t {
  no,         ///< it is
  service,    ///< postage, carriage, fees, discounts, vouchers, manual entries, samples ...
  coupon,     ///< a coupon or gift card of a shop's register
  by_volume,  ///< fuel and the like, counted in hundreds or thousands of small units
};
/// What `products` of them are, in words.
std::string_view reason_of(NotGoods why, std::int64_t products) noexcept;

/// What a name or id says by itself: all its words are those of a service ("Next Day Carriage",
/// but not "Baroque Carriage Clock"), or it ends in one that goods never end in ("Amazon Fee").
bool names_service(std::string_view text);

/// Judges every product by its name, id and attributes and by the quantities on `lines`.
std::vector<NotGoods> find_not_goods(const SalesFacts& facts, const Lines& lines,
                                     const Rows<std::int32_t>& product_name,
                                     std::span<const Attribute> attributes);

}  // namespace emptor::data
