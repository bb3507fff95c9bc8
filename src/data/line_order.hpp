#pragma once

#include "emptor/core/context.hpp"

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace emptor::data {

/// Lines as they came in, before they are ordered. One entry per input row.
struct UnorderedLines {
  std::span<const std::int32_t> customer{};  ///< -1 or a code
  std::span<const std::int64_t> time{};
  std::span<const std::int32_t> order{};    ///< empty: all equal
  std::span<const std::int32_t> product{};  ///< empty: all equal
  std::span<const std::uint8_t> keep{};     ///< 0 leaves a row out
  std::int32_t customers = 0;
  /// Compares two rows by all other columns: negative, zero or positive.
  std::function<int(std::uint32_t, std::uint32_t)> compare{};
};

/// The canonical order of lines.
struct LineOrder {
  std::vector<std::uint32_t> index{};  ///< input row of each line
  std::vector<std::int32_t> customer{}, order{}, product{};
  std::vector<std::int64_t> time{};
  std::vector<std::int64_t> customer_begin{};
  std::vector<std::uint8_t> repeats{};  ///< 1: equal to the line before in every column
};

/// Orders the kept rows by (customer, time, order, product, compare, row).
LineOrder order_lines(const UnorderedLines& lines, const Context& context);

}  // namespace emptor::data
