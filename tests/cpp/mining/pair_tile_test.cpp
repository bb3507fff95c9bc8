#include "mining/pair_tile.hpp"

#include "mining/planted_shop.hpp"

#include <gtest/gtest.h>

#include <map>

namespace emptor::mining::next {
namespace {

TEST(PairTile, SaysOfEveryWindowWhatTheVisitsSay) {
  const auto shop = test::small_shop(2, 40, 60);
  const auto visits =
      make_visits(shop.view(), {90, data::Span::Unit::days}, {90, data::Span::Unit::days});
  const std::vector<std::int32_t> items{1, 5, 13, 39};
  const Rates rates(visits, items);
  // The last two as a tile of their own.
  std::vector<std::int16_t> tile_of(40, -1);
  tile_of[13] = 0;
  tile_of[39] = 1;
  const Tile tile(visits, rates, 2, 2, tile_of);
  std::size_t entries = 0;
  for (std::size_t v = 0; v < visits.size(); ++v) {
    if (visits.eligible[v] == 0) {
      EXPECT_EQ(tile.begin(v), tile.end(v));
      continue;
    }
    std::map<std::size_t, const Entry*> found;
    for (const Entry* e = tile.begin(v); e != tile.end(v); ++e) found[e->b] = e;
    entries += found.size();
    const auto c = static_cast<std::size_t>(visits.customer[v]);
    for (std::size_t b = 0; b < 2; ++b) {
      double expected = 0;
      int inside = 0, all = 0;
      bool before = false, same_day = false;
      const auto with = visits.visits_of(items[b + 2]);
      for (auto j = static_cast<std::size_t>(visits.first_visit[c]);
           j < static_cast<std::size_t>(visits.first_visit[c + 1]); ++j) {
        const bool in = visits.day[j] > visits.day[v] && visits.day[j] <= visits.day[v] + 90;
        if (in) expected += static_cast<double>(rates.probability(j, b + 2));
        if (std::find(with.begin(), with.end(), static_cast<std::int32_t>(j)) == with.end())
          continue;
        ++all;
        inside += in ? 1 : 0;
        before = before || j <= v;
        same_day = same_day || j == v;
      }
      EXPECT_NEAR(static_cast<double>(tile.expected(v, 0)[b]), expected, 1e-5);
      ASSERT_EQ(found.count(b), all > 0 ? 1U : 0U);
      if (all == 0) continue;
      EXPECT_EQ(found[b]->observed, inside);
      EXPECT_EQ((found[b]->state & kBefore) != 0, before);
      EXPECT_EQ((found[b]->state & kSameDay) != 0, same_day);
      EXPECT_EQ((found[b]->state & kEvent) != 0, !before && inside > 0);
    }
  }
  EXPECT_GT(entries, 100U);
}

}  // namespace
}  // namespace emptor::mining::next
