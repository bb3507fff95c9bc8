#pragma once

#include "emptor/core/context.hpp"
#include "emptor/mining/bought_next.hpp"

#include "mining/availability.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace emptor::mining {

/// Visits that are compared with each other: two or more by one customer within one period (and
/// place), with the items that were on sale throughout and are in some of the visits but not all.
struct Occasions {
  struct Stratum {
    std::int32_t customer = 0;  ///< the caller's code
    std::int32_t visits = 0;
    std::size_t first = 0;  ///< items of the stratum: [first, first + items)
    std::int32_t items = 0;
    std::int32_t words = 0;  ///< of an item's bit mask
    std::size_t mask = 0;    ///< masks of the items, one after the other
    std::size_t table = 0;   ///< [class * classes + class]
    std::int32_t classes = 0;
  };
  struct Item {
    std::int32_t code = 0;
    std::int32_t kind = 0;    ///< its class of equally frequent items
    std::int32_t visits = 0;  ///< that hold it
  };
  struct Chance {
    double expected = 0, variance = 0;
  };
  std::vector<Stratum> stratum{};     ///< by customer
  std::vector<Item> item{};           ///< by code within a stratum
  std::vector<std::uint64_t> mask{};  ///< bit v: visit v holds the item
  std::vector<Chance> table{};
  std::int64_t n_customers = 0, n_visits = 0, n_visits_compared = 0;
  std::vector<std::uint8_t> unavailable{};  ///< per item: left out of some stratum, not on sale

  [[nodiscard]] std::span<const Item> items_of(const Stratum& s) const noexcept {
    return {item.data() + s.first, static_cast<std::size_t>(s.items)};
  }
};

/// Checks the purchases of every part (a place, or all there is) and lays them out.
/// @throws InvalidArgument naming the row.
Occasions make_occasions(std::span<const PurchasesView> parts,
                         std::span<const Availability> availability, const data::Span& period,
                         const Context& context);

}  // namespace emptor::mining
