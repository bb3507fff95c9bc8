#pragma once

#include "emptor/data/items.hpp"
#include "emptor/mining/bought_next.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace emptor::mining {

/// Purchases of goods by known customers, as columns that a PurchasesView can look at.
struct GoodsPurchases {
  std::vector<std::int32_t> customer{}, item{};
  std::vector<data::Day> day{};
  std::vector<std::uint64_t> customer_hash{}, item_hash{};
  data::Items items{};
  data::Coverage coverage{};
  data::Day first_day = data::kNoDay, last_day = data::kNoDay;
  [[nodiscard]] PurchasesView view() const noexcept {
    return {customer,  day,      item,          static_cast<std::int32_t>(items.names.size()),
            first_day, last_day, customer_hash, item_hash};
  }
};

/// As of the moment of `sales`, at the level `item`. @throws DataError naming `function`.
GoodsPurchases goods_purchases(const data::Sales& sales, std::string_view item,
                               std::string_view function);

}  // namespace emptor::mining
