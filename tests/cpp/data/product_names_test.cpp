#include "data/product_names.hpp"

#include "data/make_sales.hpp"

#include <gtest/gtest.h>

namespace emptor::data {
namespace {

TEST(ProductNames, TheMostFrequentDescriptionAndTheSmallestOfEquals) {
  const std::vector<std::int32_t> product{0, 0, 0, 1, 1, 2, -1};
  const std::vector<std::int32_t> description{5, 4, 5, 9, 8, -1, 3};
  for (const int threads : {1, 2, 8}) {
    Context context;
    context.threads = threads;
    std::vector<NameVariants> variants;
    const auto names = most_frequent_names(product, description, 3, variants, context);
    EXPECT_EQ(std::vector<int>(names.begin(), names.end()), (std::vector<int>{5, 8, -1}));
    ASSERT_EQ(variants.size(), 2U);
    EXPECT_EQ(variants[0].n_most, 2);
    EXPECT_EQ(variants[0].second, 4);
    EXPECT_EQ(variants[1].descriptions, 2);
  }
}

TEST(ProductNames, ComeFromTheProductsTableFirst) {
  Tables tables;
  tables.orders = parse_csv(
      "order,customer,product,date,amount,description\n1,7,A,2024-01-01,1,lamp\n"
      "2,7,B,2024-01-01,1,chair\n3,7,B,2024-01-02,1,stool\n4,7,B,2024-01-02,2,stool\n",
      "orders.csv");
  tables.products = parse_csv("product,name\nA,Lamp deluxe\nC,Table\n", "products.csv");
  const Sales sales(tables);
  EXPECT_EQ(sales.products().label(0), "Lamp deluxe");
  EXPECT_EQ(sales.products().label(1), "stool");
  EXPECT_EQ(sales.products().label(2), "Table");
  EXPECT_EQ(sales.products().label(-1), "");
  EXPECT_EQ(sales.as_of_day(parse_date("2024-01-01")).products().label(1), "chair");
  EXPECT_EQ(
      message_of(sales.quality(), "name_variants"),
      "1 product goes by several descriptions; the most frequent one is its name. [B: 'stool' "
      "(2), 'chair' (1)]");
  EXPECT_EQ(count_of(sales.quality(), "unknown_product"), 3);
}

}  // namespace
}  // namespace emptor::data
