#include "data/ingest.hpp"

#include "data/make_sales.hpp"

#include <gtest/gtest.h>

namespace emptor::data {
namespace {

TEST(Ingest, ColumnsOfTablesThatAreNotThereAreRefused) {
  SalesOptions options;
  options.columns = {{"products.name", "title"}};
  EXPECT_EQ(error_of("customer,date,amount\n7,2024-01-01,5\n", options),
            "columns: \"products.name\" is of the table products, which was not given");
  Tables tables;
  tables.products = parse_csv("product,name\nA,Lamp\n", "products.csv");
  options.columns = {{"customer", "x"}};
  try {
    const Sales sales(tables, options);
    FAIL();
  } catch (const InvalidArgument& error) {
    EXPECT_STREQ(error.what(), "columns: \"customer\" is of the table orders, which was not given");
  }
}

TEST(Ingest, ColumnsThatLieAboutTheirLengthAreRefused) {
  const std::vector<std::int64_t> two{1, 2};
  InputTable input;
  input.rows = 3;
  input.columns.push_back(column("customer", two));
  Tables tables;
  tables.orders = input;
  EXPECT_THROW(Sales{tables}, InvalidArgument);
}

TEST(Ingest, TellsWhatIsNotUsed) {
  const Quality quality = sales_from("customer,date,amount,mood\n7,2024-01-01,5,good\n").quality();
  EXPECT_EQ(
      message_of(quality, "unused_column"),
      "1 column is not used: \"mood\"; to group by one, write columns={\"name\": \"its name\"}. "
      "[]");
}

}  // namespace
}  // namespace emptor::data
