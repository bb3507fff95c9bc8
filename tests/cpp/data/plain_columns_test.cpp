#include "emptor/data/plain_columns.hpp"

#include "emptor/data/csv.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

namespace emptor::data {
namespace {

TEST(PlainColumn, TextsAreNumbersIfAllOfThemAre) {
  const InputTable table = parse_csv(
      "id,total,mixed,flag,code\na,29.85,1,0,NA\nb, ,x,1,7\nc,-1e3,2,0,8\nd,+5,,1,\n", "t.csv");
  const auto total = plain_column(table.columns[1]);
  ASSERT_FALSE(total.is_category());
  EXPECT_EQ(total.number[0], 29.85);
  EXPECT_TRUE(std::isnan(total.number[1]));
  EXPECT_EQ(total.number[2], -1000);
  EXPECT_EQ(total.number[3], 5);
  const auto mixed = plain_column(table.columns[2]);
  ASSERT_TRUE(mixed.is_category());
  EXPECT_EQ(mixed.values->to_string(mixed.code[1]), "x");
  EXPECT_EQ(mixed.code[3], -1);
  EXPECT_EQ(plain_column(table.columns[3]).number, (std::vector<double>{0, 1, 0, 1}));
  const auto flag = plain_column(table.columns[3], ReadAs::category);
  EXPECT_EQ(flag.values->to_string(flag.code[1]), "1");
  const auto code = plain_column(table.columns[4]);
  ASSERT_FALSE(code.is_category());
  EXPECT_TRUE(std::isnan(code.number[0]));
  EXPECT_EQ(code.number[2], 8);
}

TEST(PlainColumn, ReadsArraysAndDays) {
  const std::vector<double> real{1.5, std::numeric_limits<double>::quiet_NaN()};
  const std::vector<std::int64_t> whole{3, -4};
  const std::vector<std::int32_t> days{10, 20};
  EXPECT_EQ(plain_column(column("r", real)).number[0], 1.5);
  EXPECT_TRUE(std::isnan(plain_column(column("r", real)).number[1]));
  EXPECT_EQ(plain_column(column("w", whole)).number, (std::vector<double>{3, -4}));
  EXPECT_EQ(plain_column(date_column("d", days)).number, (std::vector<double>{10, 20}));
}

}  // namespace
}  // namespace emptor::data
