#include "emptor/data/series.hpp"

#include "data/make_sales.hpp"

#include <gtest/gtest.h>

#include <numeric>
#include <string>
#include <vector>

namespace emptor::data {
namespace {

// Two shops. January 2 to March 31, so that January is cut and March is whole; nothing in February.
const char* const kOrders =
    "order,customer,product,date,quantity,amount,shop\n"
    "1,ann,tea,2024-01-02,2,10.00,north\n"
    "1,ann,jam,2024-01-02,1,4.50,north\n"
    "2,ben,tea,2024-01-31,1,5.00,south\n"
    "3,ann,tea,2024-03-01,3,15.00,north\n"
    "4,,jam,2024-03-31,2,9.00,\n"
    "5,ben,tea,2024-03-31,-1,-5.00,south\n";

std::vector<std::string> dates(const Series& s) {
  std::vector<std::string> out;
  for (Day day : s.start) out.push_back(iso_date(day));
  return out;
}

using Values = std::vector<double>;

TEST(Series, SumsByMonthWithZerosFilledIn) {
  const Series s = series(sales_from(kOrders));
  EXPECT_EQ(dates(s), (std::vector<std::string>{"2024-01-01", "2024-02-01", "2024-03-01"}));
  EXPECT_EQ(s.y, (Values{19.5, 0, 19}));
  EXPECT_EQ(s.complete, (std::vector<std::uint8_t>{0, 1, 1}));
  EXPECT_EQ(s.offset, (std::vector<std::int64_t>{0, 3}));
  EXPECT_EQ(s.coverage.lines_used, 6);
  EXPECT_DOUBLE_EQ(s.coverage.share(), 1);
}

TEST(Series, EveryMeasure) {
  const Sales sales = sales_from(kOrders);
  const auto of = [&](const char* value) { return series(sales, {.value = value}).y; };
  EXPECT_EQ(of("quantity"), (Values{4, 0, 4}));
  // The return of March undoes the purchase of January 31, so ben bought nothing.
  EXPECT_EQ(of("orders"), (Values{1, 0, 2}));
  EXPECT_EQ(of("customers"), (Values{1, 0, 1}));
  EXPECT_EQ(series(sales, {.value = "customers"}).coverage.lines_used, 5);
}

TEST(Series, ByAColumn) {
  const Series s = series(sales_from(kOrders), {.by = "shop"});
  EXPECT_EQ(s.offset, (std::vector<std::int64_t>{0, 3, 6}));
  EXPECT_EQ(s.groups->to_string(s.group[0]), "north");
  EXPECT_EQ(s.y, (Values{14.5, 0, 15, 5, 0, -5}));
  EXPECT_EQ(s.coverage.lines_used, 5);  // one line names no shop
  EXPECT_DOUBLE_EQ(s.coverage.revenue_used, 29.5);
  EXPECT_EQ(s.columns().front().name, "shop");
}

TEST(Series, WeeksBeginOnMonday) {
  const Series s = series(sales_from(kOrders), {.period = Period::week});
  EXPECT_EQ(iso_date(s.start[0]), "2024-01-01");
  EXPECT_EQ(iso_date(s.start.back()), "2024-03-25");
  EXPECT_EQ(s.start.size(), 13u);
  EXPECT_EQ(s.complete.front(), 0);  // the data begin on the Tuesday
  EXPECT_EQ(s.complete.back(), 1);   // and end on a Sunday
  EXPECT_DOUBLE_EQ(std::accumulate(s.y.begin(), s.y.end(), 0.0), 38.5);
}

TEST(Series, GoesToTheMomentAndNotBeyond) {
  const Sales sales = sales_from(kOrders);
  const Series early = series(sales.as_of_day(from_civil(2024, 2, 10)));
  EXPECT_EQ(early.y, (Values{19.5, 0}));
  EXPECT_EQ(early.complete, (std::vector<std::uint8_t>{0, 0}));
  // A moment after the data is a longer observation: nothing was sold in April.
  const Series late = series(sales.as_of_day(from_civil(2024, 4, 30)));
  EXPECT_EQ(late.y, (Values{19.5, 0, 19, 0}));
  EXPECT_EQ(late.complete.back(), 1);
}

std::string message(const Sales& sales, const SeriesOptions& options) {
  try {
    series(sales, options);
    return "";
  } catch (const Error& e) {
    return e.what();
  }
}

TEST(Series, Input) {
  const Sales sales = sales_from(kOrders);
  EXPECT_EQ(message(sales, {.value = "revenue"}),
            "series: value is 'revenue'; write 'amount', 'quantity', 'orders' or 'customers'");
  EXPECT_NE(message(sales, {.by = "shpo"}).find("shop"), std::string::npos);
  EXPECT_NE(message(Sales(), {}).find("series"), std::string::npos);
}

}  // namespace
}  // namespace emptor::data
