#include "data/facts.hpp"
#include "data/make_sales.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace emptor::data {
namespace {

const std::string kOrders =
    "order,customer,product,date,quantity,price,region\n"
    "1,7,A,2024-01-01,1,5,N\n"
    "2,,A,2024-01-02,2,5,S\n"
    "3,8,A,2024-01-03,1,5,N\n"
    "4,7,A,2024-01-04,-1,5,N\n";

TEST(Resolve, EarlierMomentsHoldTheLinesOfTheirTime) {
  const Sales sales = sales_from(kOrders).as_of_day(parse_date("2024-01-03"));
  const Lines& lines = sales.lines();
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_EQ(std::vector<std::int64_t>(lines.customer_begin.begin(), lines.customer_begin.end()),
            (std::vector<std::int64_t>{1, 2, 3}));
  EXPECT_EQ(lines.customer[0], -1);
  EXPECT_EQ(sales.line_attributes()[0].code.size(), 3U);
  EXPECT_EQ(lines.flags[1], 0);
  EXPECT_EQ(sales.customer_coverage().lines, 3);
  EXPECT_DOUBLE_EQ(sales.customer_coverage().share(), 0.5);
}

TEST(Resolve, CopiesShareOneResolutionEvenFromManyThreads) {
  const Sales sales = sales_from(kOrders);
  std::vector<const Lines*> seen(8);
  std::vector<std::thread> threads;
  for (const Lines*& one : seen) {
    threads.emplace_back([copy = sales, &one] { one = &copy.lines(); });
  }
  for (std::thread& thread : threads) thread.join();
  for (const Lines* one : seen) EXPECT_EQ(one, seen[0]);
  EXPECT_EQ(&sales.as_of(sales.moment()).lines(), seen[0]);
}

TEST(Resolve, CoverageIsNetOfWhatWasGivenBack) {
  const Sales sales = sales_from(kOrders);
  EXPECT_DOUBLE_EQ(sales.customer_coverage().revenue, 15);
  EXPECT_DOUBLE_EQ(sales.customer_coverage().revenue_used, 5);
  EXPECT_DOUBLE_EQ(sales.behaviour_coverage().revenue_used, 5);
  EXPECT_EQ(sales.behaviour_coverage().lines_used, 1);
}

}  // namespace
}  // namespace emptor::data
