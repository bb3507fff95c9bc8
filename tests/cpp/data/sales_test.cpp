#include "emptor/data/sales.hpp"

#include "emptor/data/csv.hpp"

#include "data/make_sales.hpp"
#include "files.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <random>
#include <set>
#include <sstream>
#include <tuple>

namespace emptor::data {
namespace {

#define SKIP_WITHOUT(path) \
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "the file " << path << " is not there"

// Facts of the file as laid down in the shared data's README.
TEST(Sales, OnlineRetailHoldsItsKnownFacts) {
  const std::string path = emptor::testing::shared_data("online_retail/online_retail.csv");
  SKIP_WITHOUT(path);
  Tables tables;
  tables.orders = read_csv(path);
  const Sales sales(tables);
  const Lines& lines = sales.lines();
  ASSERT_EQ(lines.size(), 541909U);
  EXPECT_EQ(sales.order_ids()->size(), 25900);
  EXPECT_EQ(sales.products().ids->size(), 4070);
  EXPECT_EQ(sales.customers().ids->size(), 4372);
  std::set<std::int32_t> customers, items, orders, items_free;
  std::set<std::tuple<std::int32_t, Day, std::int32_t>> customer_day_item;
  std::set<std::pair<std::int32_t, std::int32_t>> customer_item, customer_day;
  std::int64_t kept = 0, with_free = 0, unknown = 0, cancelled = 0;
  Money total = 0;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    total += lines.amount[i];
    unknown += lines.customer[i] < 0 ? 1 : 0;
    cancelled += sales.order_ids()->text(lines.order[i]).front() == 'C' ? 1 : 0;
    if (lines.customer[i] < 0 || lines.quantity[i] <= 0 || lines.amount[i] < 0) continue;
    with_free += 1;
    if (lines.amount[i] == 0) continue;
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
  EXPECT_EQ(with_free, 397924);
  EXPECT_EQ(customers.size(), 4338U);
  EXPECT_EQ(items.size(), 3665U);
  EXPECT_EQ(orders.size(), 18532U);
  EXPECT_EQ(customer_day_item.size(), 385382U);
  EXPECT_EQ(customer_item.size(), 266792U);
  EXPECT_EQ(customer_day.size(), 16763U);
  // sum(Quantity * UnitPrice) in exact decimals.
  EXPECT_EQ(total, 97'477'479'340);
  EXPECT_EQ(iso_date(sales.first_day()), "2010-12-01");
  EXPECT_EQ(iso_date(sales.last_day()), "2011-12-09");
  const Quality quality = sales.quality();
  EXPECT_EQ(quality.rows_in, 541909);
  EXPECT_EQ(quality.rows_kept, 541909);
  EXPECT_EQ(quality.rows_rejected, 0);
  EXPECT_EQ(count_of(quality, "missing_customer"), 135080);
  EXPECT_EQ(count_of(quality, "negative_price"), 2);
  EXPECT_EQ(count_of(quality, "duplicate_line"), 5268);  // pandas: frame.duplicated().sum()
  EXPECT_EQ(sales.amount_rule(), "amount = Quantity \xC3\x97 UnitPrice; no discount column");
  EXPECT_EQ(sales.customers().ids->is_text(), false);
  EXPECT_EQ(sales.products().label(sales.products().ids->find("85123A")),
            "WHITE HANGING HEART T-LIGHT HOLDER");

  std::set<std::string> not_goods;
  for (std::int32_t p = 0; p < sales.products().ids->size(); ++p) {
    if (sales.products().not_goods[static_cast<std::size_t>(p)] != 0) {
      not_goods.insert(std::string(sales.products().ids->text(p)));
    }
  }
  EXPECT_EQ(not_goods, (std::set<std::string>{"22016",        "23444",
                                              "23574",        "23595",
                                              "AMAZONFEE",    "B",
                                              "BANK CHARGES", "C2",
                                              "CRUK",         "D",
                                              "DOT",          "M",
                                              "POST",         "S",
                                              "gift_0001_10", "gift_0001_20",
                                              "gift_0001_30", "gift_0001_40",
                                              "gift_0001_50", "m"}));
  EXPECT_NEAR(sales.customer_coverage().share(), 8300065.814 / 9747747.934, 1e-9);
}

TEST(Sales, CompleteJourneyJoinsItsTables) {
  const std::string folder = emptor::testing::shared_data("complete_journey/");
  SKIP_WITHOUT(folder);
  Tables tables;
  tables.orders = read_csv(folder + "transactions_sample.csv");
  tables.customers = read_csv(folder + "demographics.csv");
  tables.products = read_csv(folder + "products.csv");
  tables.campaigns = read_csv(folder + "campaign_descriptions.csv");
  const Sales sales(tables);
  const Lines& lines = sales.lines();
  EXPECT_EQ(lines.size(), 75000U);
  EXPECT_EQ(sales.order_ids()->size(), 47243);
  EXPECT_EQ(sales.campaigns().ids->size(), 27);
  EXPECT_EQ(iso_date(sales.campaigns().start[0]), "2017-03-03");
  EXPECT_EQ(sales.amount_rule(),
            "amount = sales_value, the total of the line; already net of \"retail_disc\", "
            "\"coupon_disc\" and \"coupon_match_disc\"");
  Money total = 0;
  std::set<std::int32_t> customers;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    total += lines.amount[i];
    customers.insert(lines.customer[i]);
  }
  EXPECT_EQ(total, 2'339'352'400);  // sum(sales_value) by polars: 233,935.24
  EXPECT_EQ(customers.size(), 2377U);
  const Quality quality = sales.quality();
  EXPECT_EQ(count_of(quality, "unknown_product"), 222);
  const Attribute department = sales.line_attribute("department", "test");
  std::int64_t grocery = 0, fuel = 0, fuel_not_goods = 0;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string name = department.values->to_string(department.code[i]);
    grocery += name == "GROCERY" ? 1 : 0;
    fuel += name == "FUEL" ? 1 : 0;
    fuel_not_goods += name == "FUEL" && (lines.flags[i] & kNotGoods) != 0 ? 1 : 0;
    if ((lines.flags[i] & kNotGoods) == 0) {
      EXPECT_LT(lines.quantity[i], 100);
    }
  }
  EXPECT_EQ(grocery, 47411);
  EXPECT_EQ(fuel, 674);
  EXPECT_EQ(fuel_not_goods, 604);  // 70 lines are of fuel counted by the purchase
  EXPECT_EQ(sales.order_ids()->find(40128000000), sales.order_ids()->find("40128000000"));
  EXPECT_GE(sales.order_ids()->find(40128000000), 0);  // "4.0128e+10" in the file
  const Attribute age = sales.line_attribute("age", "test");
  EXPECT_EQ(age.values->size(), 6);
  EXPECT_EQ(sales.products().label(sales.products().ids->find("25671")),
            "ICE - CRUSHED/CUBED, 22 LB");
  EXPECT_FALSE(sales.products().ids->is_text());
}

TEST(Sales, CdnowIsOrdersWithoutProducts) {
  const std::string path = emptor::testing::shared_data("cdnow/CDNOW_master.txt");
  SKIP_WITHOUT(path);
  std::ifstream file(path);
  std::string line, csv = "customer_id,date,number_of_cds,dollar_value\n";
  std::getline(file, line);
  while (std::getline(file, line)) {
    std::istringstream fields(line);
    std::string id, date, units, value;
    if (fields >> id >> date >> units >> value)
      csv += id + ',' + date + ',' + units + ',' + value + '\n';
  }
  const Sales sales = sales_from(csv);
  const Lines& lines = sales.lines();
  EXPECT_EQ(lines.size(), 69659U);
  EXPECT_EQ(sales.customers().ids->size(), 23570);
  EXPECT_EQ(sales.customers().ids->text(0), "00001");  // leading zeros are kept
  EXPECT_EQ(sales.amount_rule(),
            "amount = dollar_value, the total of the line; no discount column");
  EXPECT_EQ(iso_date(sales.first_day()), "1997-01-01");
  EXPECT_EQ(iso_date(sales.last_day()), "1998-06-30");
}

const std::string kSmall =
    "order,customer,product,date,quantity,price,description,country\n"
    "1,7,A,2024-01-01,2,2.50,Lamp,France\n"
    "1,7,B,2024-01-01,1,10,Chair,France\n"
    "2,8,A,2024-01-05,1,2.50,Lamp,Spain\n"
    "3,7,A,2024-02-01,1,2.50,Lamp red,France\n"
    "4,7,A,2024-02-03,-2,2.50,Lamp,France\n";

TEST(Sales, AsOfIsAnImmutableView) {
  const Sales sales = sales_from(kSmall);
  EXPECT_EQ(iso_date(sales.last_day()), "2024-02-03");
  EXPECT_EQ(sales.lines().size(), 5U);
  const Sales before = sales.as_of_day(parse_date("2024-02-02"));
  EXPECT_EQ(before.lines().size(), 4U);
  for (const std::uint16_t flags : before.lines().flags)
    EXPECT_EQ(flags & (kUndone | kPartlyUndone), 0);
  EXPECT_EQ(sales.lines().size(), 5U);  // the first one has not changed
  EXPECT_EQ(iso_date(before.last_day()), "2024-02-02");
  const Sales later = sales.as_of_day(parse_date("2025-01-01"));
  EXPECT_EQ(later.lines().size(), 5U);
  EXPECT_EQ(iso_date(later.last_day()), "2025-01-01");
  const Sales nothing = sales.as_of_day(parse_date("2023-01-01"));
  EXPECT_EQ(nothing.lines().size(), 0U);
  EXPECT_EQ(nothing.first_day(), kNoDay);
  EXPECT_EQ(count_of(nothing.quality(), "nothing_known"), 0);
  EXPECT_NE(message_of(nothing.quality(), "nothing_known"), "");
  // An instant is inclusive.
  const std::int64_t second = sales.as_of_day(parse_date("2024-01-05")).moment();
  EXPECT_EQ(sales.as_of(second).lines().size(), 3U);
  const std::int64_t midnight = std::int64_t{parse_date("2024-01-05")} * 86'400'000'000;
  EXPECT_EQ(sales.as_of(midnight).lines().size(), 3U);
  EXPECT_EQ(sales.as_of(midnight - 1).lines().size(), 2U);
}

TEST(Sales, ReturnsUndoTheLatestEarlierPurchase) {
  const Sales sales = sales_from(kSmall);
  const Lines& lines = sales.lines();
  // Customer 7: A on 01-01 (2 pieces), B, A on 02-01 (1), return of 2 on 02-03.
  EXPECT_EQ(lines.flags[0], kPartlyUndone);
  EXPECT_EQ(lines.flags[1], 0);
  EXPECT_EQ(lines.flags[2], kUndone);
  EXPECT_EQ(lines.flags[3], kReturn);
  EXPECT_EQ(lines.flags[4], 0);
  EXPECT_TRUE(lines.is_purchase(0));
  EXPECT_FALSE(lines.is_purchase(2));
  EXPECT_DOUBLE_EQ(sales.behaviour_coverage().revenue_used, 2.5 + 10 + 2.5);
}

std::vector<std::vector<std::string>> random_rows(std::uint32_t seed, int n) {
  std::mt19937 random(seed);
  const auto draw = [&](int below) {
    return static_cast<int>(random() % static_cast<std::uint32_t>(below));
  };
  std::vector<std::vector<std::string>> rows;
  for (int i = 0; i < n; ++i) {
    const int day = 1 + draw(28), month = 1 + draw(6);
    const std::string date =
        "2024-0" + std::to_string(month) + (day < 10 ? "-0" : "-") + std::to_string(day);
    rows.push_back({std::to_string(draw(60)), draw(9) == 0 ? "" : "c" + std::to_string(draw(12)),
                    "p" + std::to_string(draw(6)), date, std::to_string(draw(7) - 2),
                    draw(2) == 0 ? "2.50" : "3", draw(3) == 0 ? "postage" : "thing",
                    draw(2) == 0 ? "North" : "South"});
  }
  return rows;
}

std::string csv_of(const std::vector<std::vector<std::string>>& rows) {
  std::string out = "order,customer,product,date,quantity,price,description,region\n";
  for (const auto& row : rows) {
    for (std::size_t f = 0; f < row.size(); ++f) out += (f == 0 ? "" : ",") + row[f];
    out += '\n';
  }
  return out;
}

TEST(Sales, TheOrderOfRowsShowsInRowAlone) {
  for (std::uint32_t seed = 1; seed <= 10; ++seed) {
    auto rows = random_rows(seed, 400);
    const std::string before = written(sales_from(csv_of(rows)));
    std::shuffle(rows.begin(), rows.end(), std::mt19937(seed));
    const Sales sales = sales_from(csv_of(rows));
    EXPECT_EQ(before, written(sales)) << seed;
    for (std::size_t i = 0; i < sales.lines().size(); ++i) {
      const auto& row = rows[static_cast<std::size_t>(sales.lines().row[i])];
      ASSERT_EQ(row[2], sales.products().ids->text(sales.lines().product[i]));
      ASSERT_EQ(std::stod(row[4]), sales.lines().quantity[i]);
    }
  }
}

TEST(Sales, NothingAfterTheMomentShows) {
  for (std::uint32_t seed = 1; seed <= 10; ++seed) {
    auto rows = random_rows(seed, 400);
    const Day day = parse_date("2024-04-02");
    const std::string before = written(sales_from(csv_of(rows)).as_of_day(day));
    // The fields of later rows change places, each column by itself.
    std::vector<std::size_t> later;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (rows[i][3] > "2024-04-02") later.push_back(i);
    }
    ASSERT_GT(later.size(), 50U);
    std::mt19937 random(seed);
    for (std::size_t f = 0; f < rows[0].size(); ++f) {
      std::vector<std::string> values;
      for (const std::size_t i : later) values.push_back(rows[i][f]);
      std::shuffle(values.begin(), values.end(), random);
      for (std::size_t i = 0; i < later.size(); ++i) rows[later[i]][f] = values[i];
    }
    const Sales changed = sales_from(csv_of(rows));
    EXPECT_EQ(before, written(changed.as_of_day(day))) << seed;
    EXPECT_NE(written(sales_from(csv_of(random_rows(seed, 400)))), written(changed)) << seed;
  }
}

TEST(Sales, ThreadsChangeNothing) {
  const std::string csv = csv_of(random_rows(5, 3000));
  Context one;
  one.threads = 1;
  const std::string expected = written(sales_from(csv, {}, one));
  for (const int threads : {2, 3, 8}) {
    Context many;
    many.threads = threads;
    EXPECT_EQ(expected, written(sales_from(csv, {}, many))) << threads;
  }
}

TEST(Sales, RecordedAtHidesWhatWasNotYetKnown) {
  const std::string csv =
      "order,customer,date,amount,recorded_at\n"
      "1,7,2024-01-01,5,2024-01-09\n"
      "2,7,2024-01-02,6,\n"
      "3,7,2024-01-12,7,2024-01-03\n";
  const Sales sales = sales_from(csv);
  EXPECT_EQ(sales.lines().size(), 3U);
  EXPECT_EQ(sales.as_of_day(parse_date("2024-01-05")).lines().size(), 1U);
  EXPECT_EQ(sales.as_of_day(parse_date("2024-01-09")).lines().size(), 2U);
  EXPECT_EQ(iso_date(sales.as_of_day(parse_date("2024-01-05")).first_day()), "2024-01-02");
}

TEST(Sales, AttributesAreFoundByName) {
  Tables tables;
  tables.orders = parse_csv(kSmall, "orders.csv");
  tables.customers = parse_csv("customer,name,segment\n7,Ada,gold\n9,Bob,tin\n", "customers.csv");
  const Sales sales(tables);
  EXPECT_EQ(sales.customers().ids->size(), 3);
  EXPECT_EQ(sales.customers().label(0), "Ada");
  EXPECT_EQ(sales.customers().label(1), "8");
  EXPECT_EQ(sales.customers().label(-1), "");
  const Attribute segment = sales.line_attribute("segment", "test");
  EXPECT_EQ(segment.values->to_string(segment.code[0]), "gold");
  EXPECT_EQ(segment.code[4], -1);
  EXPECT_EQ(sales.line_attribute("Country", "test").values->size(), 2);
  EXPECT_EQ(sales.line_attribute("product", "test").values->size(), 2);
  try {
    (void)sales.line_attribute("contry", "kpis");
    FAIL();
  } catch (const DataError& error) {
    EXPECT_STREQ(error.what(),
                 "kpis: no column 'contry' in orders, customers or products; did you mean "
                 "\"country\"? There are \"customer\", \"product\", \"order\", \"country\" and "
                 "\"segment\"; others come with columns={\"name\": \"its column\"}");
  }
}

TEST(Sales, WithoutTablesIsEmpty) {
  const Sales sales;
  EXPECT_FALSE(sales.has_orders());
  EXPECT_EQ(sales.last_day(), kNoDay);
  EXPECT_EQ(sales.first_day(), kNoDay);
  EXPECT_TRUE(std::isnan(sales.customer_coverage().share()));
  EXPECT_TRUE(sales.quality().n.empty());
  try {
    (void)sales.lines("rfm");
    FAIL();
  } catch (const DataError& error) {
    EXPECT_STREQ(error.what(), "rfm needs the table orders, and these sales have none");
  }
}

}  // namespace
}  // namespace emptor::data
