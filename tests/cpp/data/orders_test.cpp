#include "data/orders.hpp"

#include "emptor/data/csv.hpp"
#include "emptor/data/sales.hpp"

#include "data/make_sales.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace emptor::data {
namespace {

TEST(Orders, RejectedRowsAreNamedAndAddUp) {
  const Sales sales = sales_from(
      "order,customer,date,quantity,price\n"
      "1,7,2024-01-01,1,2\n"
      "2,7,yesterday,1,2\n"
      "3,7,,x,2\n"
      ",7,2024-01-03,1,2\n"
      "5,7,2024-01-04,1,two\n"
      "6,7,2024-01-05,inf,2\n"
      "7,7\n"
      "8,7,2024-02-30,1,2\n"
      "9,7,2024-01-05,1,\n"
      "10,7,2024-01-06,1,1e300\n");
  const Quality quality = sales.quality();
  EXPECT_EQ(quality.rows_in, 10);
  EXPECT_EQ(quality.rows_kept, 1);
  EXPECT_EQ(quality.rows_rejected, 9);
  EXPECT_EQ(message_of(quality, "unreadable_date"),
            "2 lines have a date that cannot be read (dates written %Y-%m-%d) and are left out. "
            "[line 3: 'yesterday'; line 9: '2024-02-30']");
  EXPECT_EQ(message_of(quality, "missing_date"),
            "1 line has no date and is left out. [line 4: '']");
  EXPECT_EQ(message_of(quality, "missing_order"),
            "1 line has no order id and is left out. [line 5: '']");
  EXPECT_EQ(message_of(quality, "unreadable_number"),
            "1 line has text that is not a number and is left out. [line 4: 'x']");
  EXPECT_EQ(count_of(quality, "not_finite"), 1);
  EXPECT_EQ(count_of(quality, "missing_unit_price"), 1);
  EXPECT_EQ(count_of(quality, "amount_overflow"), 1);
  EXPECT_EQ(count_of(quality, "refused_line"), 1);
}

TEST(Orders, EveryRowRejectedIsAnError) {
  EXPECT_EQ(error_of("customer,date,amount\n7,2024-01-01,abc\n8,2024-01-02,\n"),
            "every row of orders was rejected; 1 line has no value here: orders.amount "
            "(\"amount\"), line 3: ''");
  EXPECT_EQ(error_of("customer,date,amount\n"), "orders has no rows; there is nothing to analyse");
}

TEST(Orders, OneRowAndOneCustomerAreFine) {
  const Sales sales = sales_from("customer,date,amount\n7,2024-01-01,5\n");
  EXPECT_EQ(sales.lines().size(), 1U);
  EXPECT_EQ(sales.order_ids()->text(0), "7 2024-01-01");
  EXPECT_EQ(sales.lines().amount[0], 50000);
  EXPECT_EQ(sales.lines().quantity[0], 1.0);
  EXPECT_EQ(sales.lines().product[0], -1);
  EXPECT_EQ(count_of(sales.quality(), "orders_by_time"), 1);
}

TEST(Orders, TwoCurrenciesAreAnError) {
  EXPECT_EQ(error_of("customer,date,amount,currency\n7,2024-01-01,5,EUR\n7,2024-01-02,5,gbp\n"),
            "orders holds more than one currency: \"EUR\" and \"GBP\"; keep one, or convert the "
            "amounts before");
  EXPECT_EQ(error_of("customer,date,amount\n7,2024-01-01,\xC2\xA3"
                     "5\n7,2024-01-02,\xE2\x82\xAC"
                     "5\n"),
            "orders holds more than one currency: \"EUR\" and \"GBP\"; keep one, or convert the "
            "amounts before");
  SalesOptions options;
  options.currency = "USD";
  EXPECT_EQ(error_of("customer,date,amount,currency\n7,2024-01-01,5,EUR\n", options),
            "currency=\"USD\" was given, but orders is in \"EUR\"");
  EXPECT_EQ(
      sales_from("customer,date,amount,currency\n7,2024-01-01,5,eur\n8,2024-01-01,5,\n").currency(),
      "EUR");
}

TEST(Orders, IdsKeepTheirKind) {
  const std::vector<double> floats{17850.0, 3.0, std::numeric_limits<double>::quiet_NaN()};
  const std::vector<std::string_view> dates{"2024-01-01", "2024-01-02", "2024-01-03"};
  const std::vector<double> amounts{-0.0, 1.0, 2.5};
  Tables tables;
  tables.orders =
      table({column("customer", floats), column("date", dates), column("amount", amounts)});
  const Sales sales(tables);
  EXPECT_FALSE(sales.customers().ids->is_text());
  EXPECT_EQ(sales.customers().ids->integer(1), 17850);
  EXPECT_EQ(sales.lines().customer[0], -1);
  EXPECT_EQ(sales.lines().amount[2], 0);
  EXPECT_EQ(sales.lines().flags[2], kFree);
  bool counted_floats = false;
  for (const Recognised& one : sales.recognised()) {
    counted_floats |= one.as == "int64 id, 2 floats made whole";
  }
  EXPECT_TRUE(counted_floats);

  const Sales text =
      sales_from("customer,date,amount\n 007 ,2024-01-01,1\nAbc,2024-01-01,1\nNA,2024-01-01,1\n");
  EXPECT_EQ(text.customers().ids->size(), 2);
  EXPECT_EQ(text.customers().ids->text(0), "007");
  EXPECT_EQ(text.customers().ids->text(1), "Abc");
}

TEST(Orders, LinesOfAnOrderShareWhatItsFirstLineSays) {
  const Sales sales = sales_from(
      "Name,Email,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Billing "
      "Country,Currency,Total\n"
      "#1001,a@x.org,2024-01-01 10:00:00 -0500,1,Lamp,10.00,L1,US,USD,14.00\n"
      "#1001,,2024-01-01 10:00:00 -0500,2,Bulb,2.00,B1,,,\n"
      "#1002,b@x.org,2024-01-02 10:00:00 -0500,1,Lamp,10.00,L1,CA,USD,10.00\n");
  const Lines& lines = sales.lines();
  EXPECT_EQ(sales.currency(), "USD");
  EXPECT_EQ(sales.customers().ids->size(), 2);
  EXPECT_EQ(lines.customer[0], lines.customer[1]);
  EXPECT_EQ(sales.amount_rule(),
            "amount = Lineitem quantity \xC3\x97 Lineitem price; no discount column");
  const Attribute country = sales.line_attribute("Billing Country", "test");
  EXPECT_EQ(country.values->to_string(country.code[1]), "US");
  EXPECT_EQ(sales.products().label(lines.product[0]), "Bulb");
  EXPECT_EQ(lines.time[0], (std::int64_t{parse_date("2024-01-01")} * 24 + 15) * 3'600'000'000);
  EXPECT_EQ(count_of(sales.quality(), "filled_from_order"), 2);
  for (const std::string& example : sales.quality().examples) {
    EXPECT_EQ(example.find("x.org"), std::string::npos);
  }
}

TEST(Orders, ZonesDecideTheDay) {
  SalesOptions options;
  options.timezone = {"Zone/East", {0}, {2 * 3'600'000'000}};
  const std::string csv = "customer,date,amount\n7,2024-01-01T23:30:00Z,5\n";
  const Sales sales = sales_from(csv, options);
  EXPECT_EQ(iso_date(sales.lines().day[0]), "2024-01-02");
  EXPECT_EQ(iso_date(sales.last_day()), "2024-01-02");
  options.source_timezone = TimeZone{};
  const Sales naive = sales_from("customer,date,amount\n7,2024-01-01 23:30:00,5\n", options);
  EXPECT_EQ(naive.lines().time[0], sales.lines().time[0]);
  // A date is a civil day of the business whatever the source's zone.
  const Sales date = sales_from("customer,date,amount\n7,2024-01-01,5\n", options);
  EXPECT_EQ(iso_date(date.lines().day[0]), "2024-01-01");
}

TEST(Orders, OptionsThatMakeNoSenseAreRefused) {
  SalesOptions options;
  options.amount_is = "total";
  EXPECT_EQ(error_of("customer,date,amount\n7,2024-01-01,5\n", options),
            "amount_is: 'total' is none of \"auto\", \"line\", \"unit\"");
  options = {};
  options.currency = "pounds";
  EXPECT_EQ(error_of("customer,date,amount\n7,2024-01-01,5\n", options),
            "currency: 'pounds' is not three capital letters, as \"GBP\"");
  options = {};
  options.date_format = "%d/%q";
  EXPECT_EQ(error_of("customer,date,amount\n7,2024-01-01,5\n", options),
            "date_format: '%q' in '%d/%q' is not known; write with %Y %y %m %d %b %H %I %M %S %f "
            "%p %z %j, as \"%d/%m/%Y %H:%M\"");
  Context context;
  context.memory_limit = 10;
  EXPECT_THROW(sales_from("customer,date,amount\n7,2024-01-01,5\n", {}, context), MemoryLimit);
  context = {};
  context.stop.request_stop();
  EXPECT_THROW(sales_from("customer,date,amount\n7,2024-01-01,5\n", {}, context), Cancelled);
}

}  // namespace
}  // namespace emptor::data
