#include "emptor/customers/customer_history.hpp"

#include "emptor/customers/rfm.hpp"

#include "data/make_sales.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

namespace emptor::customers {
namespace {

const std::string kHead = "order,customer,date,product,quantity,amount\n";

/// Ann buys on three days, gives one tea back on a fourth, and all of her milk.
const std::string kAnn =
    "1,7,2024-01-01,tea,2,10\n"
    "2,7,2024-01-01,milk,1,2\n"
    "3,7,2024-01-11,tea,1,5\n"
    "4,7,2024-01-31,cake,1,9\n"
    "4,7,2024-01-31,tea,1,5\n"
    "5,7,2024-02-02,milk,-1,-2\n"
    "5,7,2024-02-02,cake,-1,-9\n";
const std::string kOthers =
    "6,8,2024-02-20,tea,1,5\n"
    "7,9,2024-01-05,tea,1,5\n"
    "8,9,2024-01-06,tea,-1,-5\n";

std::string text(const std::vector<double>& values) {
  std::string out;
  for (const double value : values) {
    if (!out.empty()) out += ' ';
    out += std::isnan(value) ? "-" : std::to_string(std::lround(value));
  }
  return out;
}

template <typename Call>
std::string message(Call call) {
  try {
    call();
  } catch (const InvalidArgument& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST(CustomerHistory, DaysByHand) {
  const data::Sales sales = data::sales_from(kHead + kAnn + kOthers);
  const CustomerHistory found = customer_history(sales, "7");
  ASSERT_EQ(found.day.size(), 4u);
  EXPECT_EQ(data::iso_date(found.day[3]), "2024-02-02");
  // The milk and the cake came back in full: what is kept is tea.
  EXPECT_EQ(found.orders, (std::vector<std::int64_t>{1, 1, 1, 0}));
  EXPECT_EQ(found.products, (std::vector<std::int64_t>{1, 1, 1, 0}));
  EXPECT_EQ(text(found.quantity), "2 1 1 0");
  EXPECT_EQ(text(found.amount), "12 5 14 -11");
  EXPECT_EQ(text(found.returned), "0 0 0 11");
  EXPECT_EQ(text(found.gap_days), "- 10 20 -");
  EXPECT_EQ(found.purchase, (std::vector<std::uint8_t>{1, 1, 1, 0}));
  EXPECT_EQ(found.purchases, 3);
  EXPECT_EQ(found.usual_gap_days, 15);
  EXPECT_EQ(found.days_since, 20);  // 31 January to the last day of the data, 20 February
  EXPECT_EQ(found.share_of_gaps_exceeded, 0.5);
  EXPECT_EQ(found.revenue, 20);
  EXPECT_EQ(found.returned_total, 11);
}

TEST(CustomerHistory, ProductsByHand) {
  const data::Sales sales = data::sales_from(kHead + kAnn + kOthers);
  const CustomerProducts found = customer_products(sales, "7");
  ASSERT_EQ(found.name, std::vector<std::string>{"tea"});
  EXPECT_EQ(found.days[0], 3);
  EXPECT_EQ(found.quantity[0], 4);
  EXPECT_EQ(found.amount[0], 20);
  EXPECT_EQ(found.usual_gap_days[0], 15);
  EXPECT_EQ(found.days_since[0], 20);
  // Before anything came back, the cake and the milk are there as well, the dearer one first.
  const CustomerProducts before =
      customer_products(sales.as_of_day(data::parse_date("2024-02-01")), "7");
  EXPECT_EQ(before.name, (std::vector<std::string>{"tea", "cake", "milk"}));
  EXPECT_TRUE(std::isnan(before.usual_gap_days[1]));
}

TEST(CustomerHistory, WhoKeptNothingHasNoRhythm) {
  const data::Sales sales = data::sales_from(kHead + kAnn + kOthers);
  const CustomerHistory found = customer_history(sales, "9");
  EXPECT_EQ(found.purchases, 0);
  EXPECT_EQ(found.first_purchase, data::kNoDay);
  EXPECT_EQ(found.day.size(), 2u);
  EXPECT_TRUE(std::isnan(found.days_since));
  EXPECT_TRUE(std::isnan(found.share_of_gaps_exceeded));
  EXPECT_EQ(found.revenue, 0);
  EXPECT_TRUE(customer_products(sales, "9").product.empty());
  const CustomerHistory one = customer_history(sales, "8");
  EXPECT_TRUE(std::isnan(one.usual_gap_days));
  EXPECT_EQ(one.days_since, 0);
}

TEST(CustomerHistory, AgreesWithRfmOfEveryCustomer) {
  const data::Sales sales = data::sales_from(kHead + kAnn + kOthers);
  const RfmResult all = rfm(sales);
  for (std::size_t i = 0; i < all.customer.size(); ++i) {
    const CustomerHistory one = customer_history(sales, all.ids->to_string(all.customer[i]));
    EXPECT_EQ(one.purchases, all.frequency[i]);
    EXPECT_EQ(one.revenue, all.monetary[i]);
    EXPECT_EQ(one.days_since, static_cast<double>(all.recency_days[i]));
    EXPECT_EQ(one.first_purchase, all.first_order[i]);
  }
}

TEST(CustomerHistory, TheFutureChangesNothing) {
  const std::string early = kHead + kAnn;
  const std::string late = early + "9,7,2024-03-01,tea,-4,-20\n10,7,2024-03-02,milk,3,6\n";
  const data::Day day = data::parse_date("2024-02-10");
  const CustomerHistory one = customer_history(data::sales_from(early).as_of_day(day), "7");
  const CustomerHistory two = customer_history(data::sales_from(late).as_of_day(day), "7");
  EXPECT_EQ(one.day, two.day);
  EXPECT_EQ(one.quantity, two.quantity);
  EXPECT_EQ(one.amount, two.amount);
  EXPECT_EQ(one.days_since, two.days_since);
}

TEST(CustomerHistory, NamesAreFoundAndUnknownOnesTold) {
  data::Tables tables;
  tables.orders = data::parse_csv(kHead + kAnn + kOthers, "orders.csv");
  tables.customers = data::parse_csv("customer,name\n7,Ann\n8,Bob\n9,Bob\n", "customers.csv");
  const data::Sales sales(tables);
  EXPECT_EQ(customer_history(sales, "Ann").id, "7");
  EXPECT_EQ(customer_history(sales, "7").name, "Ann");
  EXPECT_EQ(message([&] { customer_products(sales, "Bob"); }),
            "customer_products: several customers have the name 'Bob', as 8 and 9; give the id");
  EXPECT_EQ(message([&] { customer_history(sales, "10"); }),
            "customer_history: there is no customer '10'; there are 3, from 7 to 9");
  const data::Sales nobody = data::sales_from("order,date,product,amount\n1,2024-01-01,tea,5\n",
                                              {.columns = {{"customer", ""}}});
  EXPECT_EQ(message([&] { customer_history(nobody, "7"); }),
            "customer_history: there is no customer '7'; the data name no customers");
}

}  // namespace emptor::customers
