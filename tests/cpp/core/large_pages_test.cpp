#include "core/large_pages.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <new>
#include <utility>
#include <vector>

namespace emptor::core {
namespace {

TEST(LargePages, ArraysHoldWhatIsWritten) {
  for (const std::size_t n : {std::size_t{0}, std::size_t{3}, std::size_t{200'000},
                              std::size_t{1} << 18, (std::size_t{1} << 18) + 1}) {
    LargeArray<std::uint64_t> array(n);
    ASSERT_EQ(array.size(), n);
    for (std::size_t i = 0; i < n; ++i) array[i] = i * i;
    LargeArray<std::uint64_t> moved(std::move(array));
    LargeArray<std::uint64_t> other(7);
    other = std::move(moved);
    ASSERT_EQ(other.size(), n);
    for (std::size_t i = 0; i < n; ++i) ASSERT_EQ(other[i], i * i);
  }
  EXPECT_THROW(LargeArray<std::uint64_t>(std::size_t{1} << 61), std::bad_alloc);
  EXPECT_THROW(LargeArray<std::uint64_t>(std::size_t{1} << 58), std::bad_alloc);
}

TEST(LargePages, NeighboursKeepTheirValues) {
  std::vector<std::vector<std::int32_t>> columns(6);
  for (auto& column : columns) reserve_in_large_pages(column, 400'000);
  for (std::size_t c = 0; c < columns.size(); ++c) {
    resize_in_large_pages(columns[c], 400'000);
    std::fill(columns[c].begin(), columns[c].end(), static_cast<std::int32_t>(c));
  }
  std::vector<std::int32_t> without_reserve;
  resize_in_large_pages(without_reserve, 300'000);
  for (std::size_t c = 0; c < columns.size(); ++c) {
    ASSERT_EQ(columns[c], std::vector<std::int32_t>(400'000, static_cast<std::int32_t>(c)));
  }
  EXPECT_EQ(without_reserve, std::vector<std::int32_t>(300'000, 0));
}

}  // namespace
}  // namespace emptor::core
