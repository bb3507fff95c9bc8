#include "emptor/data/sales.hpp"

#include "emptor/data/csv.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <set>
#include <tuple>

namespace emptor::data {
namespace {

const std::string kShared = EMPTOR_SHARED_DATA;

std::int64_t finding(const Quality& quality, std::string_view code) {
  std::int64_t n = 0;
  for (std::size_t i = 0; i < quality.n.size(); ++i)
    n += quality.code[i] == code ? quality.n[i] : 0;
  return n;
}

// Facts of the file as laid down in the shared data's README; the counts of distinct groups by
// polars 1.x over the same filter.
TEST(Sales, OnlineRetailHoldsItsKnownFacts) {
  const std::string path = kShared + "/online_retail/online_retail.csv";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "no " << path;
  Tables tables;
  tables.orders = read_csv(path);
  const Sales sales(tables);
  const Lines& lines = sales.lines();
  ASSERT_EQ(lines.size(), 541909U);
  EXPECT_EQ(sales.order_ids()->size(), 25900);
  EXPECT_EQ(sales.products().ids->size(), 4070);
  EXPECT_EQ(sales.customers().ids->size(), 4372);
  std::set<std::int32_t> customers, items, orders;
  std::set<std::tuple<std::int32_t, Day, std::int32_t>> customer_day_item;
  std::set<std::pair<std::int32_t, std::int32_t>> customer_item, customer_day;
  std::int64_t kept = 0, unknown = 0, cancelled = 0;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    unknown += lines.customer[i] < 0 ? 1 : 0;
    cancelled += sales.order_ids()->text(lines.order[i]).front() == 'C' ? 1 : 0;
    if (lines.customer[i] < 0 || lines.quantity[i] <= 0 || lines.amount[i] <= 0) continue;
    kept += 1;
    customers.insert(lines.customer[i]);
    items.insert(lines.product[i]);
    orders.insert(lines.order[i]);
    customer_day_item.insert({lines.customer[i], lines.day[i], lines.product[i]});
    customer_item.insert({lines.customer[i], lines.product[i]});
    customer_day.insert({lines.customer[i], lines.day[i]});
  }
  EXPECT_EQ(unknown, 135080);
  EXPECT_EQ(cancelled, 9288);
  EXPECT_EQ(kept, 397884);
  EXPECT_EQ(customers.size(), 4338U);
  EXPECT_EQ(items.size(), 3665U);
  EXPECT_EQ(orders.size(), 18532U);
  EXPECT_EQ(customer_day_item.size(), 385382U);
  EXPECT_EQ(customer_item.size(), 266792U);
  EXPECT_EQ(customer_day.size(), 16763U);
  EXPECT_EQ(iso_date(sales.first_day()), "2010-12-01");
  EXPECT_EQ(iso_date(sales.last_day()), "2011-12-09");
  const Quality quality = sales.quality();
  EXPECT_EQ(quality.rows_in, 541909);
  EXPECT_EQ(quality.rows_kept, 541909);
  EXPECT_EQ(quality.rows_rejected, 0);
  EXPECT_EQ(finding(quality, "missing_customer"), 135080);
  EXPECT_EQ(finding(quality, "negative_price"), 2);
  EXPECT_EQ(finding(quality, "duplicate_line"), 5268);
  EXPECT_EQ(sales.amount_rule(), "amount = Quantity \xC3\x97 UnitPrice; no discount column");
}

}  // namespace
}  // namespace emptor::data
