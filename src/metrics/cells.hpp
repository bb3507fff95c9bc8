#pragma once

#include "emptor/core/context.hpp"
#include "emptor/data/calendar.hpp"
#include "emptor/data/sales.hpp"
#include "emptor/metrics/kpis.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace emptor::metrics {

/// A run of days, both ends included.
struct Window {
  data::Day first;
  data::Day last;
};

/// What one customer (or one order without a customer) did in one window and group: all that the
/// figures and their clustered variances need.
struct Cell {
  std::int64_t cluster = 0;  ///< ascending within a slot; an order without a customer is its own
  std::int32_t slot = 0;     ///< window * (groups) + group
  std::int32_t lines = 0;
  std::int32_t orders = 0;      ///< with goods bought for money and not fully given back
  std::int32_t items = 0;       ///< distinct products, summed over the orders
  std::int32_t order_days = 0;  ///< days with an order
  bool known = false;           ///< a customer
  bool fresh = false;           ///< whose first order lies in the window
  double units = 0;
  data::Money order_value = 0;  ///< of the goods of the orders
  data::Money gross = 0;        ///< goods before discounts and returns
  data::Money discount = 0;
  data::Money returned = 0;      ///< goods given back, positive
  data::Money other = 0;         ///< what is not goods, net
  std::int64_t first_value = 0;  ///< values of the orders: values[first_value, + orders)
  double below = 0;              ///< of the orders: at or under the slot's median

  [[nodiscard]] data::Money net() const noexcept { return gross - discount - returned + other; }
  [[nodiscard]] data::Money sold() const noexcept { return gross - discount; }
};

/// Cells by slot: slot s has cells [offset[s], offset[s + 1]).
struct Cells {
  std::vector<Cell> cells{};
  std::vector<data::Money> values{};  ///< of single orders
  std::vector<std::int64_t> offset{};
  [[nodiscard]] std::span<Cell> slot(std::size_t s) noexcept {
    return std::span(cells).subspan(static_cast<std::size_t>(offset[s]),
                                    static_cast<std::size_t>(offset[s + 1] - offset[s]));
  }
};

/// What of the lines does not depend on windows.
struct OrderFacts {
  std::vector<data::Day> order_day{};  ///< per order: first day with a counted line, or kNoDay
  std::vector<data::Day> first_day{};  ///< per customer: of the first counted order, or kNoDay
  std::vector<std::uint8_t> trades{};  ///< per day since view.first_day: 1 with a counted order
};

/// Whether a line makes its order count: goods, bought for money, not fully given back.
inline bool counts_as_order(const KpisView& view, std::size_t line) noexcept {
  constexpr unsigned kNot = data::kReturn | data::kUndone | data::kFree | data::kNotGoods;
  return (view.flags[line] & kNot) == 0 && view.amount[line] > 0;
}

OrderFacts order_facts(const KpisView& view);

/// Sums the lines into cells; windows may overlap. @throws MemoryLimit, Cancelled
Cells make_cells(const KpisView& view, const OrderFacts& facts, std::span<const Window> windows,
                 std::int32_t groups, const Context& context);

}  // namespace emptor::metrics
