#include "data/make_sales.hpp"

#include <gtest/gtest.h>

namespace emptor::data {
namespace {

TEST(Entities, TheFirstRowOfAnIdCounts) {
  Tables tables;
  tables.orders = parse_csv("customer,date,amount\n1,2024-01-01,5\n3,2024-01-02,6\n", "orders.csv");
  tables.customers = parse_csv("customer,tier\n1,gold\n1,tin\n,none\n2,iron\n", "customers.csv");
  const Sales sales(tables);
  const Customers& customers = sales.customers();
  EXPECT_EQ(customers.ids->size(), 3);
  ASSERT_EQ(customers.attributes.size(), 1U);
  const Attribute& tier = customers.attributes[0];
  EXPECT_EQ(tier.values->to_string(tier.code[0]), "gold");
  EXPECT_EQ(tier.values->to_string(tier.code[1]), "iron");
  EXPECT_EQ(tier.code[2], -1);
  const Quality quality = sales.quality();
  EXPECT_EQ(message_of(quality, "repeated_id"),
            "1 row describes an id again; the first row of an id counts. [line 3]");
  EXPECT_EQ(message_of(quality, "unreadable_id"),
            "1 row has no readable id and is left out. [line 4]");
  EXPECT_EQ(message_of(quality, "unknown_customer"),
            "1 line is of 1 customer that the table customers does not hold. [line 3]");
  EXPECT_EQ(quality.rows_in, 2);
}

TEST(Entities, TablesStandAlone) {
  Tables tables;
  tables.products = parse_csv("sku,name,department\nA,Lamp,Light\n", "products.csv");
  tables.campaigns =
      parse_csv("campaign_id,start_date,end_date\n1,2024-01-01,2024-01-31\n2,,\n", "campaigns.csv");
  const Sales sales(tables);
  EXPECT_FALSE(sales.has_orders());
  EXPECT_EQ(sales.products().label(0), "Lamp");
  EXPECT_EQ(sales.products().attributes[0].name, "department");
  EXPECT_EQ(iso_date(sales.campaigns().end[0]), "2024-01-31");
  EXPECT_EQ(sales.campaigns().start[1], kNoDay);
}

TEST(Entities, CopiesOutliveTheirOrigin) {
  Sales kept;
  {
    Tables tables;
    tables.orders = parse_csv("customer,date,amount\n1,2024-01-01,5\n", "orders.csv");
    tables.customers = parse_csv("customer,name,tier\n1,Ada,gold\n", "customers.csv");
    const Sales sales(tables);
    kept = sales.as_of_day(parse_date("2024-02-01"));
  }
  EXPECT_EQ(kept.customers().label(0), "Ada");
  EXPECT_EQ(kept.line_attribute("tier", "test").code[0], 0);
}

}  // namespace
}  // namespace emptor::data
