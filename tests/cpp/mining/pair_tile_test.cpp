#include "mining/pair_tile.hpp"

#include "mining/planted_shop.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

namespace emptor::mining::next {
namespace {

const data::Span kNinety{90, data::Span::Unit::days};

/// Sums over a row as the scan would see them.
template <typename Term>
std::map<std::size_t, Four> row_of(const SparseRows<Term>& rows, std::size_t r) {
  std::map<std::size_t, Four> sums;
  for (auto k = rows.begin[r]; k < rows.begin[r + 1]; ++k) rows.term[k].add_to(sums[rows.b[k]]);
  return sums;
}

/// What the visits say of a window and an item, one visit at a time.
struct Facts {
  int observed = 0, all = 0, inside = 0;
  bool before = false;
  double expected = 0, share_inside = 0, share_all = 0;
  int n = 0;
};

Facts facts_of(const Visits& visits, const Rates& rates, std::size_t v, std::size_t b,
               std::int32_t item) {
  Facts f;
  const auto with = visits.visits_of(item);
  const auto c = static_cast<std::size_t>(visits.customer[v]);
  for (auto j = static_cast<std::size_t>(visits.first_visit[c]);
       j < static_cast<std::size_t>(visits.first_visit[c + 1]); ++j) {
    const bool has =
        std::find(with.begin(), with.end(), static_cast<std::int32_t>(j)) != with.end();
    f.before = f.before || (has && j <= v);
    if (j == v) continue;
    const bool in = visits.day[j] > visits.day[v] && visits.day[j] <= visits.day[v] + 90;
    const double share = rates.share(visits.bin[j], b);
    ++f.n;
    f.all += has ? 1 : 0;
    f.share_all += share;
    if (!in) continue;
    ++f.inside;
    f.observed += has ? 1 : 0;
    f.share_inside += share;
    f.expected += static_cast<double>(rates.probability(j, b));
  }
  return f;
}

TEST(PairTile, SaysOfEveryWindowWhatTheVisitsSay) {
  const auto shop = test::small_shop(2, 40, 60);
  const auto visits = make_visits(shop.view(), kNinety, kNinety);
  const std::vector<std::int32_t> items{1, 5, 13, 39};
  const Rates rates(visits, items);
  const auto windows = make_windows(visits);
  const Tile tile = make_tile(visits, windows, rates, items, {2, 2});  // the last two
  std::size_t informing = 0, with_item = 0;
  for (std::size_t r = 0; r < windows.size(); ++r) {
    const auto v = static_cast<std::size_t>(windows.visit[r]);
    const auto timing = row_of(tile.timing, r);
    const auto bought = row_of(tile.visits, r);
    for (std::size_t b = 0; b < 2; ++b) {
      const auto f = facts_of(visits, rates, v, b + 2, items[b + 2]);
      ASSERT_EQ(bought.count(b), f.observed > 0 ? 1U : 0U);
      if (f.observed > 0) {
        const auto& sums = bought.at(b);
        EXPECT_EQ(sums[kVisits], static_cast<float>(f.observed));
        EXPECT_EQ(sums[kEvents], f.before ? 0.0F : 1.0F);
        EXPECT_NEAR(sums[kSquares], f.observed * (f.observed - 2 * f.expected), 1e-5);
        EXPECT_NEAR(sums[kLargest], std::max(0.0, f.observed - f.expected), 1e-5);
        ++with_item;
      }
      const bool informs = f.all > 0 && f.all < f.n && f.inside > 0 && f.inside < f.n;
      ASSERT_EQ(timing.count(b), informs ? 1U : 0U);
      if (!informs) continue;
      const double q = f.share_inside / f.share_all;
      const double score = f.observed - f.all * q;
      EXPECT_NEAR(timing.at(b)[kScore], score, 1e-5);
      EXPECT_NEAR(timing.at(b)[kInformation], f.all * q * (1 - q) * (f.n - f.all) / (f.n - 1),
                  1e-5);
      EXPECT_NEAR(timing.at(b)[kScoreSquares], score * score, 1e-5);
      ++informing;
    }
  }
  EXPECT_GT(informing, 30U);
  EXPECT_GT(with_item, 30U);
}

TEST(PairTile, CutsTheConsequentsIntoTilesOfBoundedWork) {
  const auto shop = test::small_shop(2, 90, 200);
  const auto visits = make_visits(shop.view(), kNinety, kNinety);
  const auto windows = make_windows(visits);
  std::vector<std::int32_t> items;
  for (std::int32_t i = 0; i < 90; ++i) items.push_back(i);
  const auto whole = tile_ranges(visits, windows, items, 1U << 30U, 2048);
  ASSERT_EQ(whole.size(), 1U);
  EXPECT_EQ(whole[0].width, 90U);
  for (const auto& [work, widest] : {std::pair<std::size_t, std::size_t>{1, 2048},
                                     std::pair<std::size_t, std::size_t>{1U << 30U, 32},
                                     std::pair<std::size_t, std::size_t>{3000, 48}}) {
    std::size_t next = 0;
    for (const auto& range : tile_ranges(visits, windows, items, work, widest)) {
      EXPECT_EQ(range.first, next);
      EXPECT_EQ(range.first % kBlock, 0U);
      EXPECT_LE(range.width, std::max(widest, kBlock));
      next += range.width;
    }
    EXPECT_EQ(next, 90U);
  }
  EXPECT_EQ(tile_ranges(visits, windows, items, 1, 2048).size(), 6U);
  EXPECT_TRUE(tile_ranges(visits, windows, {}, 1, 2048).empty());
}

}  // namespace
}  // namespace emptor::mining::next
