#include "emptor/data/orders_clean.hpp"

#include "data/make_sales.hpp"

#include <gtest/gtest.h>

#include <map>
#include <sstream>

namespace emptor::data {
namespace {

// A lamp bought and given back on a later day, postage without a customer, a free sample.
const std::string kLines =
    "order,customer,product,date,quantity,price,description,country\n"
    "1,7,A,2024-01-01,2,2.50,Lamp,France\n"
    "1,7,B,2024-01-01,1,10,Chair,France\n"
    "2,,POST,2024-01-05,1,4.95,Postage,Spain\n"
    "3,8,C,2024-02-01,1,0,Sample,France\n"
    "4,7,A,2024-02-03,-2,2.50,Lamp,France\n";

std::map<std::string_view, Column> by_name(const OrdersClean& clean) {
  std::map<std::string_view, Column> out;
  for (const Column& column : clean.columns()) out[column.name] = column;
  return out;
}

/// The line that came from a row of the input.
std::size_t line_of(const Column& rows, std::int64_t row) {
  const auto values = rows.values<std::int64_t>();
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values[i] == row) return i;
  }
  ADD_FAILURE() << "row " << row << " is missing";
  return 0;
}

TEST(OrdersClean, ShowsEveryKeptLineWithWhatIsKnownOfIt) {
  const OrdersClean clean = orders_clean(sales_from(kLines));
  const auto columns = by_name(clean);
  for (const auto& [name, column] : columns) EXPECT_EQ(column.size, 5U) << name;
  const Column& rows = columns.at("row");
  const auto flag = [&](std::string_view name, std::int64_t row) {
    return columns.at(name).values<std::uint8_t>()[line_of(rows, row)];
  };
  const std::size_t lamp = line_of(rows, 0);
  EXPECT_EQ(columns.at("amount").values<double>()[lamp], 5.0);
  EXPECT_EQ(columns.at("quantity").values<double>()[lamp], 2.0);
  const Column& names = columns.at("product_name");
  EXPECT_EQ(names.dictionary->to_string(names.values<std::int32_t>()[lamp]), "Lamp");
  EXPECT_EQ(flag("undone", 0), 1);
  EXPECT_EQ(flag("undone", 1), 0);
  EXPECT_EQ(flag("is_return", 4), 1);
  EXPECT_EQ(flag("is_return", 0), 0);
  EXPECT_EQ(flag("not_goods", 2), 1);
  EXPECT_EQ(flag("not_goods", 1), 0);
  EXPECT_EQ(flag("free", 3), 1);
  EXPECT_EQ(columns.at("customer").values<std::int32_t>()[line_of(rows, 2)], -1);
  EXPECT_FALSE(columns.at("row").shown);
  EXPECT_TRUE(columns.count("country"));
}

TEST(OrdersClean, SeesNoReturnBeforeItHappened) {
  const Sales before = sales_from(kLines).as_of_day(parse_date("2024-02-02"));
  const OrdersClean clean = orders_clean(before);
  EXPECT_EQ(clean.amount.size(), 4U);
  for (const std::uint8_t undone : clean.undone) EXPECT_EQ(undone, 0);
}

TEST(OrdersClean, OutlivesTheSalesItCameFrom) {
  OrdersClean clean;
  {
    const Sales sales = sales_from(kLines);
    clean = orders_clean(sales);
  }
  std::ostringstream out;
  write_csv(out, clean.columns());
  EXPECT_NE(out.str().find("Lamp"), std::string::npos);
}

TEST(OrdersClean, NeedsOrders) {
  try {
    orders_clean(Sales{});
    FAIL();
  } catch (const DataError& error) {
    EXPECT_STREQ(error.what(), "orders_clean needs the table orders, and these sales have none");
  }
}

}  // namespace
}  // namespace emptor::data
