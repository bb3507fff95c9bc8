#include "emptor/data/input.hpp"

#include "emptor/core/error.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace emptor::data {
namespace {

std::string message_of(std::vector<InputColumn> columns) {
  try {
    (void)table(std::move(columns));
  } catch (const InvalidArgument& error) {
    return error.what();
  }
  return "nothing was thrown";
}

TEST(Input, BorrowsTheCallersArrays) {
  const std::vector<std::int64_t> order{1, 2, 3};
  const std::vector<double> amount{1.5, 2.5, 3.5};
  const std::vector<std::string_view> customer{"a", "b", ""};
  const std::vector<std::int32_t> day{14975, 14976, 14977};
  const InputTable orders = table({column("order", order), column("amount", amount),
                                   column("customer", customer), date_column("date", day)});
  EXPECT_EQ(orders.rows, 3U);
  EXPECT_EQ(orders.row_word, "row");
  EXPECT_EQ(orders.first_row, 0);
  const auto chunk = [&](int i) { return orders.columns[static_cast<std::size_t>(i)].chunks[0]; };
  EXPECT_EQ(chunk(0).values, order.data());
  EXPECT_EQ(chunk(0).layout, Layout::int64);
  EXPECT_EQ(chunk(1).layout, Layout::float64);
  EXPECT_EQ(chunk(2).layout, Layout::cells);
  EXPECT_EQ(chunk(3).layout, Layout::int32);
  EXPECT_EQ(orders.columns[0].meaning, Meaning::number);
  EXPECT_EQ(orders.columns[2].meaning, Meaning::text);
  EXPECT_EQ(orders.columns[3].meaning, Meaning::date);
  EXPECT_EQ(orders.find("customer"), 2);
  EXPECT_EQ(orders.find("Customer"), -1);
}

TEST(Input, TakesATableWithoutColumnsOrRows) {
  EXPECT_EQ(table({}).rows, 0U);
  EXPECT_EQ(table({column("order", std::span<const double>{})}).rows, 0U);
}

TEST(Input, RefusesColumnsThatDoNotFit) {
  const std::vector<std::int64_t> three{1, 2, 3};
  const std::vector<double> two{1.5, 2.5};
  EXPECT_EQ(message_of({column("order", three), column("amount", two)}),
            "table: column 'amount' has 2 values where 'order' has 3");
  EXPECT_EQ(message_of({column("order", three), column("order", three)}),
            "table: two columns are named 'order'");
}

}  // namespace
TEST(Input, ConcatenatesTablesOfEqualColumnsAndRemembersWhereTheyBegan) {
  const std::vector<std::int64_t> first{1, 2}, second{3};
  std::vector<InputTable> tables{table({column("id", std::span(first))}),
                                 table({column("id", std::span(second))})};
  tables[0].row_word = "line";
  tables[0].positions = {2, 5};
  tables[0].refused = {{7, "ragged"}};
  tables[1].first_row = 2;
  const std::vector<std::string> names{"a.csv", "b.csv"};
  const InputTable whole = concatenate(tables, names);
  EXPECT_EQ(whole.rows, 3U);
  EXPECT_EQ(whole.columns.at(0).chunks.size(), 2U);
  EXPECT_EQ(whole.positions, (std::vector<std::int64_t>{2, 5, 9}));
  ASSERT_EQ(whole.parts.size(), 2U);
  EXPECT_EQ(whole.parts[1].after, 7);  // the refused line was the last one of a.csv
  EXPECT_EQ(whole.parts[1].name, "b.csv");
  tables[1].columns[0].name = "other";
  try {
    static_cast<void>(concatenate(tables, names));
    FAIL();
  } catch (const emptor::DataError& error) {
    EXPECT_STREQ(
        error.what(),
        "the columns of 'b.csv' are not those of 'a.csv'; read files of one kind together");
  }
}

}  // namespace emptor::data
