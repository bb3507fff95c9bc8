#include "data/make_sales.hpp"

#include <gtest/gtest.h>

namespace emptor::data {
namespace {

std::vector<Money> amounts(const Sales& sales) {
  return {sales.lines().amount.begin(), sales.lines().amount.end()};
}

TEST(Amounts, PriceTimesQuantityLessDiscount) {
  const std::string csv =
      "order,customer,product,date,qty,unit price,discount\n"
      "1,7,A,2024-01-01,3,1.15,0.45\n"
      "2,7,A,2024-01-02,-1,1.15,-0.15\n";
  const Sales gross = sales_from(csv);
  EXPECT_EQ(gross.amount_rule(), "amount = qty \xC3\x97 unit price; less \"discount\"");
  EXPECT_EQ(amounts(gross), (std::vector<Money>{30000, -10000}));
  EXPECT_EQ(gross.lines().discount[0], 4500);
  EXPECT_EQ(gross.lines().discount[1], 1500);
  // The discount is not part of the price a return is matched by.
  EXPECT_EQ(gross.lines().flags[0], kPartlyUndone);
  SalesOptions options;
  options.discount_is = "net";
  const Sales net = sales_from(csv, options);
  EXPECT_EQ(net.amount_rule(), "amount = qty \xC3\x97 unit price; already net of \"discount\"");
  EXPECT_EQ(amounts(net), (std::vector<Money>{34500, -11500}));
}

TEST(Amounts, NegativeDiscountsAreTurned) {
  const Sales sales = sales_from(
      "customer,product,date,qty,price,discount\n7,A,2024-01-01,1,5,-1\n7,A,2024-01-02,1,5,-2\n"
      "7,A,2024-01-03,1,5,0.5\n");
  EXPECT_EQ(amounts(sales), (std::vector<Money>{40000, 30000, 50000}));
  EXPECT_EQ(count_of(sales.quality(), "discount_sign"), 1);
}

TEST(Amounts, ABarePriceIsOfOnePieceOrOfThePurchase) {
  EXPECT_EQ(amounts(sales_from("customer,product,date,qty,price\n7,A,2024-01-01,3,2\n")),
            (std::vector<Money>{60000}));
  // CLVTools: Id, Date, CDs, Price, where Price is the whole purchase.
  const Sales clv = sales_from("Id,Date,CDs,Price\n1,1997-01-01,3,29.33\n");
  EXPECT_EQ(amounts(clv), (std::vector<Money>{293300}));
  EXPECT_EQ(clv.amount_rule(), "amount = Price, the total of the line; no discount column");
  EXPECT_EQ(clv.lines().quantity[0], 3);
  SalesOptions options;
  options.amount_is = "unit";
  EXPECT_EQ(amounts(sales_from("Id,Date,CDs,Price\n1,1997-01-01,3,29.33\n", options)),
            (std::vector<Money>{879900}));
  EXPECT_EQ(error_of("id,date,price\n1,1997-01-01,3\n", options),
            "amount_is=\"unit\" needs a quantity, and orders has none; write "
            "columns={\"quantity\": \"...\"}");
  options.amount_is = "line";
  EXPECT_EQ(amounts(sales_from("customer,product,date,qty,price\n7,A,2024-01-01,3,2\n", options)),
            (std::vector<Money>{20000}));
}

TEST(Amounts, RoundHalfToEvenOnceAndCount) {
  const Sales sales = sales_from(
      "customer,date,amount\n7,2024-01-01,0.00005\n7,2024-01-02,0.00015\n7,2024-01-03,2.55\n"
      "7,2024-01-04,0.00025\n");
  EXPECT_EQ(amounts(sales), (std::vector<Money>{0, 2, 25500, 2}));
  EXPECT_EQ(count_of(sales.quality(), "rounded_money"), 3);
  // 3 pieces at .00015 are .00045, rounded once.
  EXPECT_EQ(amounts(sales_from("customer,product,date,qty,price\n7,A,2024-01-01,3,0.00015\n")),
            (std::vector<Money>{4}));
}

TEST(Amounts, SumsBeyondExactArithmeticAreRefused) {
  EXPECT_EQ(error_of("customer,date,amount\n7,2024-01-01,4e14\n7,2024-01-02,4e14\n"),
            "the amounts of orders add up to more than 4.6e14, beyond exact sums; check the "
            "columns, or give them in larger units");
}

TEST(Amounts, WithoutAmountsEverythingBoughtCounts) {
  SalesOptions options;
  options.columns = {{"amount", ""}};
  const Sales sales = sales_from("order,customer,product,date\n1,7,A,2024-01-01\n", options);
  EXPECT_EQ(sales.amount_rule(), "no amount column; amounts are 0");
  EXPECT_TRUE(sales.lines().is_purchase(0));
  EXPECT_EQ(
      error_of("order,customer,product,date\n1,7,A,2024-01-01\n"),
      "orders: no column is recognised as \"amount\"; its columns are \"order\", \"customer\", "
      "\"product\" and \"date\". Write columns={\"amount\": \"...\"}, or \"\" if there is none");
}

TEST(Amounts, NumbersAreReadAsPeopleWriteThem) {
  EXPECT_EQ(amounts(sales_from("customer;date;amount\n7;2024-01-01;1.234,50\n7;2024-01-02;2,5\n")),
            (std::vector<Money>{12345000, 25000}));
  EXPECT_EQ(
      error_of("customer;date;amount\n7;2024-01-01;1,234\n7;2024-01-02;2\n"),
      "orders.amount (\"amount\"), line 2: '1,234' can be read two ways, as thousands or as a "
      "fraction; write decimal=\".\" or decimal=\",\"");
  SalesOptions options;
  options.decimal = ',';
  EXPECT_EQ(amounts(sales_from("customer;date;amount\n7;2024-01-01;1,234\n", options)),
            (std::vector<Money>{12340}));
}

TEST(Amounts, NegativePricesAreAdjustments) {
  const Sales sales = sales_from(
      "order,customer,product,date,quantity,price\nA1,,B,2024-01-01,1,-11062.06\n"
      "2,7,C,2024-01-01,1,5\n");
  EXPECT_EQ(sales.lines().flags[0], kReturn | kNotGoods | kUnmatchedReturn);
  SalesOptions options;
  options.exclude_products = "none";
  EXPECT_EQ(
      sales_from("order,customer,product,date,quantity,price\nA1,,B,2024-01-01,1,-3\n", options)
          .lines()
          .flags[0],
      kReturn | kUnmatchedReturn);
}

}  // namespace
}  // namespace emptor::data
