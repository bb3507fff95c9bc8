#include "emptor/data/baskets.hpp"

#include "emptor/data/items.hpp"

#include "data/make_sales.hpp"
#include "files.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <set>
#include <string>
#include <tuple>
#include <vector>

namespace emptor::data {
namespace {

// Tea and milk by a on two days, one order over two lines of tea, an undone purchase of jam,
// postage, a gift, and an order of nobody.
constexpr const char* kOrders =
    "order,customer,product,description,department,time,quantity,amount\n"
    "1,a,T,Tea,Drinks,2021-03-01 10:00,1,3.00\n"
    "1,a,T,Tea,Drinks,2021-03-01 10:00,2,6.00\n"
    "1,a,M,Milk,Fresh,2021-03-01 10:00,1,1.00\n"
    "1,a,POST,POSTAGE,,2021-03-01 10:00,1,5.00\n"
    "2,a,M,Milk,Fresh,2021-03-01 15:00,1,1.00\n"
    "3,a,J,Jam,Fresh,2021-03-02 10:00,1,4.00\n"
    "4,a,J,Jam,Fresh,2021-03-03 10:00,-1,-4.00\n"
    "5,b,C,Coffee,Drinks,2021-03-02 09:00,1,7.00\n"
    "5,b,M,Milk,Fresh,2021-03-02 09:00,1,1.00\n"
    "5,b,F,Flyer,,2021-03-02 09:00,1,0.00\n"
    "6,,T,Tea,Drinks,2021-03-04 09:00,1,3.00\n"
    "6,,C,Coffee,Drinks,2021-03-04 09:00,1,7.00\n";

// Every basket as "customer: item item ..".
std::vector<std::string> written(const Sales& sales, const Baskets& baskets) {
  std::vector<std::string> out;
  for (std::size_t b = 0; b + 1 < baskets.offset.size(); ++b) {
    std::string text = sales.customers().ids->to_string(baskets.customer[b]) + ":";
    for (std::int64_t k = baskets.offset[b]; k < baskets.offset[b + 1]; ++k) {
      text += ' ' + baskets.items->to_string(baskets.item[static_cast<std::size_t>(k)]);
    }
    out.push_back(text);
  }
  return out;
}

TEST(Baskets, SplitByAColumnGroupsComeFirst) {
  const Sales sales = sales_from(kOrders);
  const Baskets baskets = data::baskets(sales, {.by = "department"});
  EXPECT_EQ(written(sales, baskets),
            (std::vector<std::string>{"a: T", "b: C", ": C T", "a: M", "a: M", "b: M"}));
  std::vector<std::string> groups;
  for (const std::int32_t g : baskets.group) groups.push_back(baskets.groups->to_string(g));
  EXPECT_EQ(groups,
            (std::vector<std::string>{"Drinks", "Drinks", "Drinks", "Fresh", "Fresh", "Fresh"}));
  EXPECT_EQ(baskets.coverage.lines_used, 8);
}

TEST(Baskets, ByOrderHoldDistinctGoodsThatWereKept) {
  const Sales sales = sales_from(kOrders);
  const Baskets baskets = data::baskets(sales);
  EXPECT_EQ(written(sales, baskets),
            (std::vector<std::string>{"a: M T", "a: M", "b: C M", ": C T"}));
  EXPECT_EQ(baskets.level, "product");
  EXPECT_EQ(iso_date(baskets.day[0]), "2021-03-01");
  EXPECT_EQ(iso_date(baskets.day[3]), "2021-03-04");
  EXPECT_EQ(baskets.coverage.lines, 12);
  EXPECT_EQ(baskets.coverage.lines_used, 8);
  EXPECT_DOUBLE_EQ(baskets.coverage.revenue, 34);
  EXPECT_DOUBLE_EQ(baskets.coverage.revenue_used, 29);  // all but postage
  EXPECT_EQ(baskets.view().size(), 4U);
  EXPECT_EQ(baskets.view().n_items, baskets.items->size());
}

TEST(Baskets, ByDayAndByCustomerLeaveOutTheUnknown) {
  const Sales sales = sales_from(kOrders);
  EXPECT_EQ(written(sales, data::baskets(sales, {.unit = BasketUnit::day})),
            (std::vector<std::string>{"a: M T", "b: C M"}));
  EXPECT_EQ(written(sales, data::baskets(sales, {.unit = BasketUnit::customer})),
            (std::vector<std::string>{"a: M T", "b: C M"}));
  EXPECT_EQ(data::baskets(sales, {.unit = BasketUnit::day}).coverage.lines_used, 6);
}

TEST(Baskets, WhatIsNotGoodsComesInWhenAsked) {
  const Sales sales = sales_from(kOrders);
  const Baskets all = data::baskets(sales, {.goods_only = false});
  EXPECT_EQ(written(sales, all).front(), "a: M POST T");
}

TEST(Baskets, OnlyWhatWasKnownAtTheMoment) {
  const Sales sales = sales_from(kOrders).as_of_day(from_civil(2021, 3, 2));
  // The jam is not given back yet.
  EXPECT_EQ(written(sales, data::baskets(sales)),
            (std::vector<std::string>{"a: M T", "a: M", "a: J", "b: C M"}));
}

TEST(Baskets, UnitsAreReadOrNamed) {
  EXPECT_EQ(parse_basket_unit("order"), BasketUnit::order);
  EXPECT_EQ(parse_basket_unit("day"), BasketUnit::day);
  EXPECT_EQ(parse_basket_unit("customer"), BasketUnit::customer);
  try {
    parse_basket_unit("visit");
    FAIL();
  } catch (const InvalidArgument& error) {
    EXPECT_STREQ(error.what(),
                 "unit: 'visit' is not a kind of basket; write \"order\", \"day\" (all a customer "
                 "buys on one day) or \"customer\" (all a customer ever bought)");
  }
}

// Against sets of the lines.
TEST(Baskets, OfOnlineRetail) {
  const std::string path = emptor::testing::shared_data("online_retail/online_retail.csv");
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "the file " << path << " is not there";
  Tables tables;
  tables.orders = read_csv(path);
  const Sales sales(tables);
  const Baskets orders = data::baskets(sales, {.goods_only = false});
  std::set<std::pair<std::int32_t, std::int32_t>> order_item;
  std::set<std::int32_t> order_with;
  const Lines& lines = sales.lines();
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (!lines.is_purchase(i)) continue;
    order_item.insert({lines.order[i], lines.product[i]});
    order_with.insert(lines.order[i]);
  }
  EXPECT_EQ(orders.item.size(), order_item.size());
  EXPECT_EQ(orders.customer.size(), order_with.size());
  for (std::size_t b = 0; b + 1 < orders.offset.size(); ++b) {
    for (std::int64_t k = orders.offset[b] + 1; k < orders.offset[b + 1]; ++k) {
      ASSERT_LT(orders.item[static_cast<std::size_t>(k - 1)],
                orders.item[static_cast<std::size_t>(k)]);
    }
  }
  const Baskets days = data::baskets(sales, {.unit = BasketUnit::day, .goods_only = false});
  std::set<std::tuple<std::int32_t, Day, std::int32_t>> day_item;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (lines.is_purchase(i) && lines.customer[i] >= 0) {
      day_item.insert({lines.customer[i], lines.day[i], lines.product[i]});
    }
  }
  EXPECT_EQ(days.item.size(), day_item.size());
}

}  // namespace
}  // namespace emptor::data
