#include "emptor/data/quality.hpp"

#include "data/findings.hpp"

#include <gtest/gtest.h>

namespace emptor::data {
namespace {

TEST(Quality, TalliesKeepTheFirstFiveInRowOrder) {
  Tally first, second;
  for (std::size_t row = 0; row < 3; ++row) first.add(row);
  for (std::size_t row = 10; row < 20; ++row) second.add(row);
  first.merge(second);
  EXPECT_EQ(first.n, 13);
  const Positions positions{"line", 2, {}};
  EXPECT_EQ(examples_of(first, positions), "line 2; line 3; line 4; line 12; line 13");
  Tally one;
  one.add(1);
  EXPECT_EQ(examples_of(one, Positions{"line", 0, {5, 9}}, [](std::int64_t) { return "x"; }),
            "line 9: 'x'");
}

TEST(Quality, IsATable) {
  Quality quality;
  quality.rows_in = 3;
  add_finding(quality, Finding::repaired, "orders", "amount", "rounded_money", "One.", 1, "row 0");
  const std::vector<Column> columns = quality.columns();
  ASSERT_EQ(columns.size(), 8U);
  EXPECT_EQ(columns[0].labels[static_cast<std::size_t>(quality.finding[0])], "repaired");
  for (const Column& column : columns) EXPECT_EQ(column.size, 1U);
  EXPECT_EQ(std::get<std::int64_t>(quality.info()[0].value), 3);
  EXPECT_EQ(counted(1, "line", "lines"), "1 line");
  EXPECT_EQ(counted(1234, "line", "lines"), "1,234 lines");
}

}  // namespace
}  // namespace emptor::data
