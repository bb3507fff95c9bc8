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

}  // namespace
}  // namespace emptor::data
