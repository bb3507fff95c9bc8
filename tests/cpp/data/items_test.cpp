#include "emptor/data/items.hpp"

#include "data/make_sales.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace emptor::data {
namespace {

// Sales of products with two columns beside the name.
Sales with_products(int customers = 40) {
  Tables tables;
  std::string orders = "order,customer,product,time,amount\n";
  // Customers buy one of 8 products each, all of them product 9.
  for (int c = 0; c < customers; ++c) {
    const std::string head = std::to_string(c) + ",c" + std::to_string(c) + ",";
    orders += head + std::to_string(1 + c % 8) + ",2021-01-05,2.00\n";
    orders += head + "9,2021-01-05,1.00\n";
  }
  std::string products = "product,name,department,brand\n";
  for (int p = 1; p <= 9; ++p) {
    const std::string number = std::to_string(p);
    products += number + ",Product " + number +
                (p <= 4  ? ",Food"
                 : p < 9 ? ",Home"
                         : ",") +
                ",B" + std::to_string(p % 3) + "\n";
  }
  tables.orders = parse_csv(orders, "orders.csv");
  tables.products = parse_csv(products, "products.csv");
  return Sales(tables);
}

TEST(Items, AreProductsOrTheValuesOfAColumn) {
  const Sales sales = with_products();
  const Items products = items(sales, "", true, "test");
  EXPECT_EQ(products.level, "product");
  EXPECT_EQ(products.ids->size(), 9);
  EXPECT_EQ(products.names[0], "Product 1");
  const Items departments = items(sales, "department", true, "test");
  EXPECT_EQ(departments.level, "department");
  EXPECT_EQ(departments.names, (std::vector<std::string>{"Food", "Home"}));
  EXPECT_EQ(departments.of_product[0], 0);
  EXPECT_EQ(departments.of_product[4], 1);
  EXPECT_EQ(departments.of_product[8], -1);  // no department
}

// Of n customers n / 8 buy products 1 to 8 each; departments have n / 2, brands n, 3n/8 and 3n/8.
TEST(Items, AutoIsTheFinestLevelWithThirtyBuyersOfTheMedianItem) {
  const auto level_of = [](int customers) {
    return items(with_products(customers), "auto", true, "test").level;
  };
  EXPECT_EQ(level_of(240), "product");
  EXPECT_EQ(level_of(232), "brand");
  EXPECT_EQ(level_of(80), "brand");
  EXPECT_EQ(level_of(72), "department");
  EXPECT_EQ(level_of(40), "department");  // none reaches 30: the largest median
}

TEST(Items, AnUnknownColumnNamesTheNearest) {
  const Sales sales = with_products();
  try {
    items(sales, "departmnet", true, "bought_together");
    FAIL();
  } catch (const DataError& error) {
    EXPECT_STREQ(error.what(),
                 "bought_together: the products have no column 'departmnet'; did you mean "
                 "\"department\"? item can be \"product\", \"auto\", \"department\", \"brand\"");
  }
}

// A flat file: the category, the brand and the store stand on every line.
Sales flat(int customers = 40) {
  std::string orders = "order,customer,product,date,amount,Category,store,tier\n";
  for (int c = 0; c < customers; ++c) {
    const int p = 1 + c % 8;
    orders += std::to_string(c) + ",c" + std::to_string(c) + ",P" + std::to_string(p) +
              ",2021-01-" + (c < 8 ? "05" : "09") + ",2.00," + (p <= 4 ? "Food" : "Home") + ",S" +
              std::to_string(c % 3) + "," + (p <= 2 ? "gold" : "plain") + "\n";
  }
  // P1 was sold as Garden once, and most often so on the first day.
  orders += "x1,cx,P1,2021-01-05,2.00,Garden,S0,gold\nx2,cx,P1,2021-01-05,2.00,Garden,S0,gold\n";
  return sales_from(orders, {{{"tier", "tier"}}});
}

TEST(Items, ComeFromColumnsOfTheLinesWhereFilesAreFlat) {
  const Sales sales = flat();
  const Items categories = items(sales, "Category", true, "test");
  EXPECT_EQ(categories.level, "Category");
  EXPECT_EQ(categories.names, (std::vector<std::string>{"Food", "Garden", "Home"}));
  EXPECT_EQ(categories.of_product, (std::vector<std::int32_t>{0, 0, 0, 0, 2, 2, 2, 2}));
  EXPECT_EQ(message_of(sales.quality(), "level_variants"),
            "1 product has several values of 'Category'; the most frequent one counts as the "
            "product's. [P1: 'Food' (5), 'Garden' (2)]");
  EXPECT_EQ(count_of(sales.quality(), "level_variants"), 2);
  // As of the first day, Garden is what P1 was mostly sold as.
  const Sales early = sales.as_of_day(parse_date("2021-01-05"));
  EXPECT_EQ(items(early, "Category", true, "test").of_product[0], 1);
  ASSERT_EQ(sales.products().attributes.size(), 1U);
}

TEST(Items, AutoLooksAtColumnsOfTheLines) {
  EXPECT_EQ(items(flat(240), "auto", true, "test").level, "product");
  EXPECT_EQ(items(flat(72), "auto", true, "test").level, "Category");
}

TEST(Items, AnyColumnOfTheLinesThatDescribesProductsCanBeAskedFor) {
  const Sales sales = flat();
  EXPECT_EQ(items(sales, "tier", true, "test").names, (std::vector<std::string>{"gold", "plain"}));
  EXPECT_EQ(items(sales, "category", true, "test").level, "Category");
  try {
    items(sales, "store", true, "bought_together");
    FAIL();
  } catch (const DataError& error) {
    EXPECT_STREQ(error.what(),
                 "bought_together: the column 'store' of orders does not describe products: only "
                 "18 of 42 lines have the value most frequent for their product; item can be "
                 "\"product\", \"auto\", \"Category\"");
  }
}

TEST(Items, TheTableOfProductsComesBeforeTheLines) {
  Tables tables;
  tables.orders = parse_csv(
      "order,customer,product,date,amount,category\n1,7,A,2024-01-01,5,Toys\n", "orders.csv");
  tables.products = parse_csv("product,category\nA,Games\n", "products.csv");
  const Sales sales(tables);
  EXPECT_EQ(items(sales, "category", true, "test").names, std::vector<std::string>{"Games"});
  EXPECT_EQ(sales.products().attributes.size(), 1U);
}

}  // namespace
}  // namespace emptor::data
