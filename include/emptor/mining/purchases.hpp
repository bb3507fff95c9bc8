#pragma once

#include "emptor/data/calendar.hpp"

#include <cstdint>
#include <span>

namespace emptor::mining {

/// Purchases as the caller's own arrays: one entry per distinct (customer, day, item), sorted by
/// these three. A visit is a distinct (customer, day); its size is how many items it has.
struct PurchasesView {
  std::span<const std::int32_t> customer{};  ///< codes, >= 0
  std::span<const data::Day> day{};          ///< civil days
  std::span<const std::int32_t> item{};      ///< codes in [0, n_items)
  std::int32_t n_items = 0;
  data::Day first_day = data::kNoDay;  ///< first day observed; kNoDay: the first purchase's
  data::Day last_day = data::kNoDay;   ///< last day observed; kNoDay: the last purchase's
  /// What the placebo's random streams are keyed by, per code; empty: the codes themselves.
  std::span<const std::uint64_t> customer_hash{};
  std::span<const std::uint64_t> item_hash{};
};

}  // namespace emptor::mining
