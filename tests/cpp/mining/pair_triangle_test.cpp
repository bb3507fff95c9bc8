#include "mining/pair_triangle.hpp"

#include "core/random.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

namespace emptor::mining {
namespace {

// Item i has rank i / 2 if i is even, and none otherwise. More baskets than one block holds.
TEST(PairTriangle, CountsAreThoseOfACountingByHandOnAnyNumberOfThreads) {
  constexpr std::size_t kRanks = 7;
  core::Random random(1, 1);
  std::vector<std::int64_t> offset{0};
  std::vector<std::int32_t> item;
  std::vector<std::vector<std::uint32_t>> by_hand(kRanks, std::vector<std::uint32_t>(kRanks, 0));
  for (int b = 0; b < 150000; ++b) {
    const auto begin = item.size();
    for (std::int32_t i = 0; i < 2 * static_cast<std::int32_t>(kRanks); ++i) {
      if (random.uniform() < 0.2) item.push_back(i);
    }
    offset.push_back(static_cast<std::int64_t>(item.size()));
    for (std::size_t i = begin; i < item.size(); ++i) {
      for (std::size_t j = i + 1; j < item.size(); ++j) {
        if (item[i] % 2 == 0 && item[j] % 2 == 0) {
          ++by_hand[static_cast<std::size_t>(item[i] / 2)][static_cast<std::size_t>(item[j] / 2)];
        }
      }
    }
  }
  std::vector<std::int32_t> rank_of;
  for (std::int32_t i = 0; i < 2 * static_cast<std::int32_t>(kRanks); ++i) {
    rank_of.push_back(i % 2 == 0 ? i / 2 : -1);
  }
  for (const int threads : {1, 2, 3, 8}) {
    Context context;
    context.threads = threads;
    const PairTriangle triangle({offset, item, {}, 0, {}}, rank_of, kRanks, context);
    ASSERT_FALSE(triangle.empty());
    for (std::size_t a = 0; a < kRanks; ++a) {
      ASSERT_EQ(triangle.row(a).size(), kRanks - a - 1);
      for (std::size_t b = a + 1; b < kRanks; ++b) {
        EXPECT_EQ(triangle.row(a)[b - a - 1], by_hand[a][b]) << a << ' ' << b;
      }
    }
  }
}

TEST(PairTriangle, NothingToCount) {
  EXPECT_TRUE(PairTriangle().empty());
  EXPECT_TRUE(PairTriangle({}, {}, 0, {}).empty());
  const std::vector<std::int32_t> rank_of{0};
  EXPECT_EQ(PairTriangle({}, rank_of, 1, {}).row(0).size(), 0U);
}

}  // namespace
}  // namespace emptor::mining
