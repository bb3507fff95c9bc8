#include "emptor/data/orders_clean.hpp"

#include "emptor/core/error.hpp"
#include "emptor/data/csv.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

namespace emptor::data {
namespace {

Sales shop() {
  return Sales(
      {.orders = parse_csv("order_id,customer_id,product,description,date,quantity,unit_price\n"
                           "1,7,A,Apple,2024-01-05,2,1.50\n"
                           "2,7,A,Apple,2024-01-09,-1,1.50\n"
                           "3,8,B,Pear,2024-01-10,1,0\n"
                           "4,8,POST,Postage,2024-01-10,1,4.00\n"
                           "5,8,B,Pear,2024-01-11,-1,2.00\n",
                           "orders.csv")});
}

TEST(OrdersClean, SaysOfEveryLineWhatIsKnownOfIt) {
  const auto table = orders_clean(shop());
  const auto& order = table.sales.lines().order;
  const auto& ids = *table.sales.order_ids();
  std::vector<std::string> seen;
  for (std::size_t i = 0; i < order.size(); ++i) {
    std::string text = ids.to_string(order[i]);
    if (table.is_return[i]) text += " return";
    if (table.partly_undone[i]) text += " partly_undone";
    if (table.undone[i]) text += " undone";
    if (table.unmatched_return[i]) text += " unmatched";
    if (table.free[i]) text += " free";
    if (table.not_goods[i]) text += " not_goods";
    seen.push_back(text);
  }
  EXPECT_EQ(seen, (std::vector<std::string>{"1 partly_undone", "2 return", "3 free", "4 not_goods",
                                            "5 return unmatched"}));
  EXPECT_EQ(table.amount, (std::vector<double>{3, -1.5, 0, 4, -2}));
}

TEST(OrdersClean, KnowsOnlyWhatWasKnownAtTheMoment) {
  const auto table = orders_clean(shop().as_of_day(from_civil(2024, 1, 8)));
  ASSERT_EQ(table.amount.size(), 1U);
  EXPECT_EQ(table.partly_undone[0], 0);
}

TEST(OrdersClean, EveryColumnIsAsLongAsTheLines) {
  const auto table = orders_clean(shop());
  for (const auto& column : table.columns()) EXPECT_EQ(column.size, 5U) << column.name;
}

TEST(OrdersClean, WithoutOrdersIsAnError) { EXPECT_THROW(orders_clean(Sales()), DataError); }

}  // namespace
}  // namespace emptor::data
