#pragma once

#include "emptor/core/context.hpp"

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
  Rows<std::int32_t> order{};            ///< empty: all equal
  Rows<std::int32_t> product{};          ///< empty: all equal
  std::span<const std::uint8_t> keep{};  ///< 0 leaves a row out
  std::int32_t customers = 0;
  /// Compares two rows by all other columns: negative, zero or positive.
  std::function<int(std::uint32_t, std::uint32_t)> compare{};
};

/// The canonical order of lines.
struct LineOrder {
  Rows<std::uint32_t> index{};  ///< input row of each line
  Rows<std::int32_t> customer{}, order{}, product{};
  Rows<std::int64_t> time{};
  Rows<std::int64_t> customer_begin{};
  Rows<std::uint8_t> repeats{};  ///< 1: equal to the line before in every column
};

/// Orders the kept rows by (customer, time, order, product, compare, row). The columns are let go
/// as soon as they have been read.
LineOrder order_lines(UnorderedLines lines, const Context& context);

}  // namespace emptor::data
