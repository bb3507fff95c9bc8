#include "metrics/cells.hpp"

#include "metrics/shop.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace emptor::metrics {
namespace {

using test::day_of;
using test::Shop;

// Three days; windows over the first two, the last two and all three.
struct Three {
  data::Day day = day_of("2011-01-05");
  Shop shop{{{0, 0, 0, day, 1, 2.0},
             {0, 0, 1, day, 2, 3.0},
             {0, 1, 1, day + 1, 1, 4.0},
             {1, 2, 0, day + 2, 1, 5.0},
             {1, 3, 0, day + 2, -1, -5.0, data::kReturn}},
            day,
            day + 2};
  std::vector<Window> windows{{day, day + 1}, {day + 1, day + 2}, {day, day + 2}};
  OrderFacts facts = order_facts(shop.view);
  Cells cells = make_cells(shop.view, facts, windows, 1, {});
};

TEST(Cells, FactsOfOrders) {
  const Three t;
  EXPECT_EQ(t.facts.order_day, (std::vector<data::Day>{t.day, t.day + 1, t.day + 2, data::kNoDay}));
  EXPECT_EQ(t.facts.first_day, (std::vector<data::Day>{t.day, t.day + 2}));
  EXPECT_EQ(t.facts.trades, (std::vector<std::uint8_t>{1, 1, 1}));
}

TEST(Cells, OverlappingWindowsEachSeeTheirLines) {
  Three t;
  ASSERT_EQ(t.cells.offset, (std::vector<std::int64_t>{0, 1, 3, 5}));
  const Cell& first = t.cells.slot(0)[0];
  EXPECT_EQ(first.lines, 3);
  EXPECT_EQ(first.orders, 2);
  EXPECT_EQ(first.items, 3);
  EXPECT_EQ(first.order_days, 2);
  EXPECT_EQ(first.order_value, 9 * 10000);
  EXPECT_EQ(first.units, 4);
  EXPECT_TRUE(first.known);
  EXPECT_TRUE(first.fresh);
  const Cell& later = t.cells.slot(1)[0];
  EXPECT_EQ(later.orders, 1);
  EXPECT_FALSE(later.fresh);  // first ordered the day before
  const Cell& other = t.cells.slot(1)[1];
  EXPECT_GT(other.cluster, later.cluster);
  EXPECT_EQ(other.gross, 5 * 10000);
  EXPECT_EQ(other.returned, 5 * 10000);
  EXPECT_EQ(other.net(), 0);
  EXPECT_EQ(other.orders, 1);
}

TEST(Cells, ValuesOfOrdersBelongToTheirCell) {
  Three t;
  for (std::size_t s = 0; s < 3; ++s) {
    for (const Cell& cell : t.cells.slot(s)) {
      data::Money sum = 0;
      for (std::int32_t o = 0; o < cell.orders; ++o) {
        sum += t.cells.values[static_cast<std::size_t>(cell.first_value + o)];
      }
      EXPECT_EQ(sum, cell.order_value);
    }
  }
}

}  // namespace
}  // namespace emptor::metrics
