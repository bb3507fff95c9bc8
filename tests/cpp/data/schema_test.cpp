#include "data/schema.hpp"

#include "emptor/core/error.hpp"
#include "emptor/data/csv.hpp"

#include <gtest/gtest.h>

namespace emptor::data {
namespace {

using Columns = std::vector<std::pair<std::string, std::string>>;

/// "customer=CustomerID order=InvoiceNo ...", or the error.
std::string plan_of(std::string header, const Columns& columns = {},
                    const TableSchema& schema = orders_schema()) {
  std::string line = header + "\n";
  for (const char c : header) line += c == ',' ? "," : (line.back() == '\n' ? "1" : "");
  const InputTable table = parse_csv(line + "\n", "x.csv");
  try {
    check_assignments(columns);
    const Plan plan = plan_columns(table, schema, columns);
    std::string out;
    for (const Role& role : schema.roles) {
      for (const Assigned& one : plan.assigned) {
        if (one.role != &role) continue;
        out += std::string(role.name) + '=' + one.column->name + ' ';
      }
    }
    for (const Assigned& one : plan.assigned) {
      if (one.role == nullptr) out += '[' + one.name + "] ";
    }
    for (const std::string& name : plan.unused) out += '(' + name + ") ";
    return out;
  } catch (const Error& error) {
    return error.what();
  }
}

TEST(Schema, KnownExportsAreRecognised) {
  EXPECT_EQ(
      plan_of("InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country"),
      "order=InvoiceNo customer=CustomerID product=StockCode time=InvoiceDate "
      "quantity=Quantity unit_price=UnitPrice description=Description [Country] ");
  EXPECT_EQ(plan_of("Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country"),
            "order=Invoice customer=Customer ID product=StockCode time=InvoiceDate "
            "quantity=Quantity unit_price=Price description=Description [Country] ");
  EXPECT_EQ(plan_of("household_id,store_id,basket_id,product_id,quantity,sales_value,retail_disc,"
                    "coupon_disc,coupon_match_disc,week,transaction_timestamp"),
            "order=basket_id customer=household_id product=product_id time=transaction_timestamp "
            "quantity=quantity amount=sales_value discount=retail_disc discount=coupon_disc "
            "discount=coupon_match_disc [store_id] (week) ");
  EXPECT_EQ(plan_of("id,date,price"), "customer=id time=date unit_price=price ");
  EXPECT_EQ(plan_of("cust,date,sales"), "customer=cust time=date amount=sales ");
  EXPECT_EQ(plan_of("Id,Date,CDs,Price"), "customer=Id time=Date quantity=CDs unit_price=Price ");
  EXPECT_EQ(
      plan_of("Name,Email,Created at,Paid at,Currency,Subtotal,Total,Discount Amount,Lineitem "
              "quantity,Lineitem name,Lineitem price,Lineitem sku,Lineitem discount,Billing "
              "Name,Billing Country,Id"),
      "order=Name customer=Email product=Lineitem sku time=Created at "
      "quantity=Lineitem quantity unit_price=Lineitem price discount=Lineitem discount "
      "description=Lineitem name currency=Currency order_discount=Discount Amount "
      "order_subtotal=Subtotal [Billing Country] (Total) (Paid at) (Billing Name) (Id) ");
  // Elsewhere a discount amount may be the line's, and a subtotal alone says nothing.
  EXPECT_EQ(plan_of("order_id,customer_id,date,price,quantity,discount_amount,subtotal"),
            "order=order_id customer=customer_id time=date quantity=quantity unit_price=price "
            "(discount_amount) (subtotal) ");
  EXPECT_EQ(
      plan_of("Name,Email,Created at,Subtotal,Lineitem quantity,Lineitem name,Lineitem price"),
      "order=Name customer=Email product=Lineitem name time=Created at quantity=Lineitem "
      "quantity unit_price=Lineitem price description=Lineitem name (Subtotal) ");
  EXPECT_EQ(
      plan_of("Order Number,Order Date,Customer User ID,SKU,Item #,Item Name,Quantity,Item "
              "Cost,Order Line Total"),
      "order=Order Number customer=Customer User ID product=SKU time=Order Date "
      "quantity=Quantity amount=Order Line Total description=Item Name (Item Cost) (Item #) ");
}

TEST(Schema, OtherNamesAreGiven) {
  EXPECT_EQ(
      plan_of("wer,wann,wieviel,was",
              {{"customer", "wer"}, {"time", "wann"}, {"amount", "wieviel"}, {"product", "was"}}),
      "customer=wer product=was time=wann amount=wieviel ");
  EXPECT_EQ(plan_of("customer,date,amount,Rep name", {{"sales_rep", "Rep name"}}),
            "customer=customer time=date amount=amount [sales_rep] ");
  EXPECT_EQ(plan_of("date,amount", {{"customer", ""}}), "time=date amount=amount ");
}

TEST(Schema, MissingAndAmbiguousRolesSayWhatToWrite) {
  EXPECT_EQ(
      plan_of("custmer,date,amount"),
      "orders: no column is recognised as \"customer\"; its columns are \"custmer\", \"date\" "
      "and \"amount\". Write columns={\"customer\": \"...\"}, perhaps with \"custmer\", or "
      "\"\" if there is none");
  EXPECT_EQ(plan_of("customer,amount"),
            "orders: no column is recognised as \"time\"; its columns are \"customer\" and "
            "\"amount\". Write columns={\"time\": \"...\"}");
  EXPECT_EQ(
      plan_of("customer_id,household_id,date,amount"),
      "orders: \"customer_id\" and \"household_id\" can each be the column \"customer\"; write "
      "which, as columns={\"customer\": \"...\"}");
  EXPECT_EQ(plan_of("customer,Date,Time,amount"),
            "orders: \"Date\" and \"Time\" can each be the column \"time\"; write which, as "
            "columns={\"time\": \"...\"}");
}

TEST(Schema, AnEmptyColumnLeavesItsPartToTheNextBest) {
  const InputTable table =
      parse_csv("customer,date,amount,sku,product name\n1,2024-01-01,5,,Tea\n", "x.csv");
  EXPECT_EQ(plan_columns(table, orders_schema(), {}).find("product")->name, "product name");
  const InputTable only = parse_csv("customer,date,amount,sku\n1,2024-01-01,5,\n", "x.csv");
  EXPECT_EQ(plan_columns(only, orders_schema(), {}).find("product")->name, "sku");
}

TEST(Schema, AFileSplitBySpacesIsToldSo) {
  EXPECT_EQ(
      plan_of("customer_id  date  dollar_value"),
      "orders: there is a single column, \"customer_id  date  dollar_value\"; columns must be "
      "split by a comma, a semicolon or a tab, not by spaces or other characters: read the "
      "file with the tool that knows it, as pandas.read_fwf, and pass the table");
}

TEST(Schema, AFileSplitByTheWrongDelimiterIsToldSo) {
  const InputTable table = parse_csv("customer;date;amount\n1;2024-01-01;5\n", "x.csv", {','});
  try {
    plan_columns(table, orders_schema(), {});
    FAIL();
  } catch (const DataError& error) {
    EXPECT_STREQ(error.what(),
                 "orders: there is a single column, \"customer;date;amount\"; is it split by "
                 "another delimiter than the one asked for?");
  }
}

TEST(Schema, AssignmentsThatNameNothingAreRefused) {
  EXPECT_EQ(plan_of("customer,date,amount", {{"costumer", "customer"}}),
            "columns: \"costumer\" is not a column of orders; did you mean \"customer\"?");
  EXPECT_EQ(plan_of("wer,date,amount", {{"client", "wer"}}),
            "columns: \"client\" is not a column of orders; did you mean \"customer\"?");
  EXPECT_EQ(plan_of("customer,wer,date,amount", {{"client", "wer"}}),
            "customer=customer time=date amount=amount [client] ");
  EXPECT_EQ(plan_of("customer,date,amount", {{"customer", "custmer"}}),
            "columns={\"customer\": \"custmer\"}: orders has no column \"custmer\"; did you mean "
            "\"customer\"? Its columns are \"customer\", \"date\" and \"amount\"");
  EXPECT_EQ(plan_of("customer,date,amount", {{"customer", "who"}}),
            "columns={\"customer\": \"who\"}: orders has no column \"who\". Its columns are "
            "\"customer\", \"date\" and \"amount\"");
  EXPECT_EQ(
      plan_of("customer,date,amount", {{"product.name", "x"}}),
      "columns: 'product' in 'product.name' is not a table; the tables are orders, customers, "
      "products, campaigns, contacts and touchpoints");
  EXPECT_EQ(plan_of("customer,date,amount", {{"time", "date"}, {"time", "date"}}),
            "columns: \"time\" is given twice");
}

TEST(Schema, OtherTablesTakeTheirColumnsAsAttributesSaveContactData) {
  EXPECT_EQ(plan_of("id,Company,Street,Phone,segment", {}, customers_schema()),
            "customer=id name=Company [segment] (Street) (Phone) ");
  EXPECT_EQ(plan_of("id,Email,segment", {}, customers_schema()),
            "customers: \"id\" and \"Email\" can each be the column \"customer\"; write which, as "
            "columns={\"customers.customer\": \"...\"}");
  EXPECT_EQ(plan_of("product_id,title,department", {}, products_schema()),
            "product=product_id name=title [department] ");
  EXPECT_EQ(plan_of("campaign_id,campaign_type,start_date,end_date", {}, campaigns_schema()),
            "campaign=campaign_id start=start_date end=end_date [campaign_type] ");
  EXPECT_TRUE(is_private("Billing Address 1"));
  EXPECT_FALSE(is_private("country"));
}

}  // namespace
}  // namespace emptor::data
