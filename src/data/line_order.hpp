#pragma once

#include "emptor/core/context.hpp"
#include "emptor/data/sales.hpp"

#include "data/rows.hpp"

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace emptor::data {

/// Lines as they came in, before they are ordered. One entry per input row.
struct UnorderedLines {
  Rows<std::int32_t> customer{};  ///< -1 or a code
  Rows<std::int64_t> time{};
  Rows<Day> day{};
  Rows<std::int32_t> order{};    ///< empty: all equal
  Rows<std::int32_t> product{};  ///< empty: all equal
  Rows<double> quantity{};       ///< no NaN in kept rows
  Rows<Money> amount{};
  std::span<const std::uint8_t> keep{};  ///< 0 leaves a row out
  std::int32_t customers = 0;
  /// Compares two rows by all other columns: negative, zero or positive. Empty: there are none.
  std::function<int(std::uint32_t, std::uint32_t)> compare{};
};

/// Lines in the canonical order.
struct OrderedLines {
  Rows<std::int64_t> row{};  ///< input row of each line
  Rows<std::int32_t> customer{}, order{}, product{};
  Rows<std::int64_t> time{};
  Rows<Day> day{};
  Rows<double> quantity{};
  Rows<Money> amount{};
  Rows<std::int64_t> customer_begin{};
  Rows<std::uint16_t> flags{};  ///< kDuplicate: equal to the line before in every column; else 0
};

/// Orders the kept rows by (customer, time, order, product, quantity, amount, compare, row). The
/// columns are let go as soon as they have been read.
OrderedLines order_lines(UnorderedLines lines, const Context& context);

}  // namespace emptor::data
