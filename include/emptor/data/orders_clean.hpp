#pragma once

#include "emptor/core/columns.hpp"
#include "emptor/core/export.hpp"
#include "emptor/data/sales.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace emptor::data {

/// The kept order lines as a table: one row per line, in the order of Sales::lines. Ids, times and
/// attributes are shared with the Sales, which the table keeps alive.
struct OrdersClean {
  Sales sales{};
  std::vector<std::int32_t> product_name{};      ///< into Products::names, -1 without a name
  std::vector<double> amount{};                  ///< signed total of the line, net of discount
  std::vector<double> discount{};                ///< empty if not known
  std::vector<std::uint8_t> is_return{};         ///< gives goods or money back
  std::vector<std::uint8_t> undone{};            ///< a purchase that returns undo fully
  std::vector<std::uint8_t> partly_undone{};     ///< ... in part
  std::vector<std::uint8_t> unmatched_return{};  ///< a return that finds no purchase to undo
  std::vector<std::uint8_t> not_goods{};         ///< postage, fee, discount ...
  std::vector<std::uint8_t> free{};              ///< amount 0
  std::vector<std::uint8_t> duplicate{};         ///< equal to an earlier line; kept
  [[nodiscard]] EMPTOR_EXPORT std::vector<Column> columns() const;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Scalar> info() const;
};

/// The order lines that were kept, with what is known of each at the moment: whether it is a
/// return, was undone by one, is not goods, is free or a duplicate. @throws DataError without an
/// orders table.
EMPTOR_EXPORT OrdersClean orders_clean(const Sales& sales);

}  // namespace emptor::data
