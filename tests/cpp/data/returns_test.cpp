#include "data/returns.hpp"

#include "data/make_sales.hpp"

#include <gtest/gtest.h>

namespace emptor::data {
namespace {

/// Flags of the lines of kHeader + rows in canonical order, as letters: r return, u undone, p
/// partly undone, x unmatched.
std::string flags_of(const std::string& rows,
                     const std::string& header = "order,customer,product,date,quantity,price\n") {
  const Sales sales = sales_from(header + rows);
  std::string out;
  for (const std::uint16_t flags : sales.lines().flags) {
    if ((flags & kReturn) != 0) out += 'r';
    if ((flags & kUndone) != 0) out += 'u';
    if ((flags & kPartlyUndone) != 0) out += 'p';
    if ((flags & kUnmatchedReturn) != 0) out += 'x';
    out += ' ';
  }
  return out;
}

TEST(Returns, TakeTheLatestEarlierLineWithQuantityLeft) {
  EXPECT_EQ(flags_of("1,7,A,2024-01-01,1,5\n2,7,A,2024-01-02,1,5\n3,7,A,2024-01-03,-1,5\n"),
            " u r ");
  EXPECT_EQ(flags_of("1,7,A,2024-01-01,2,5\n2,7,A,2024-01-02,1,5\n3,7,A,2024-01-03,-2,5\n"),
            "p u r ");
  EXPECT_EQ(flags_of("1,7,A,2024-01-01,1,5\n2,7,A,2024-01-02,-1,5\n3,7,A,2024-01-03,-1,5\n"),
            "u r rx ");
  // Two returns in parts use up one purchase.
  EXPECT_EQ(flags_of("1,7,A,2024-01-01,3,5\n2,7,A,2024-01-02,-1,5\n3,7,A,2024-01-03,-2,5\n"),
            "u r r ");
}

TEST(Returns, MatchCustomerProductAndPrice) {
  EXPECT_EQ(flags_of("1,7,A,2024-01-01,1,5\n2,7,A,2024-01-02,-1,4\n"), " rx ");
  EXPECT_EQ(flags_of("1,7,A,2024-01-01,1,5\n2,7,B,2024-01-02,-1,5\n"), " rx ");
  EXPECT_EQ(flags_of("1,7,A,2024-01-01,1,5\n2,8,A,2024-01-02,-1,5\n"), " rx ");
  EXPECT_EQ(flags_of("2,7,A,2024-01-01,-1,5\n1,7,A,2024-01-02,1,5\n"), "rx  ");  // not a later one
}

TEST(Returns, OfOneInstantComeAfterItsPurchases) {
  EXPECT_EQ(flags_of("1,7,A,2024-01-01,-1,5\n1,7,A,2024-01-01,1,5\n"), "r u ");
  // Among purchases of one instant the last in canonical order is taken: the higher order id.
  EXPECT_EQ(flags_of("1,7,A,2024-01-01,1,5\n2,7,A,2024-01-01,1,5\n3,7,A,2024-01-02,-1,5\n"),
            " u r ");
}

TEST(Returns, WithoutACustomerStayWithinTheirOrder) {
  EXPECT_EQ(flags_of("1,,A,2024-01-01,1,5\n2,,A,2024-01-02,-1,5\n"), " rx ");
  EXPECT_EQ(flags_of("1,,A,2024-01-01,1,5\n1,,A,2024-01-02,-1,5\n"), "u r ");
}

TEST(Returns, FractionsLeaveNoDust) {
  EXPECT_EQ(flags_of("1,7,A,2024-01-01,0.3,5\n2,7,A,2024-01-02,-0.1,5\n3,7,A,2024-01-03,-0.1,5\n"
                     "4,7,A,2024-01-04,-0.1,5\n"),
            "u r r r ");
}

TEST(Returns, TotalsAreComparedByTheHundredthOfOnePiece) {
  const std::string header = "order,customer,product,date,quantity,line total\n";
  EXPECT_EQ(flags_of("1,7,A,2024-01-01,3,10.00\n2,7,A,2024-01-02,-1,-3.33\n", header), "p r ");
  EXPECT_EQ(flags_of("1,7,A,2024-01-01,1,10.00\n2,7,A,2024-01-02,1,-10.00\n", header), "u r ");
  EXPECT_EQ(flags_of("1,7,A,2024-01-01,3,10.00\n2,7,A,2024-01-02,-1,-3.30\n", header), " rx ");
}

TEST(Returns, CountWhatTheyFound) {
  const Quality quality =
      sales_from(
          "order,customer,product,date,quantity,price\n1,7,A,2024-01-01,1,5\n2,7,A,2024-01-02,1,5\n"
          "3,7,A,2024-01-03,-5,5\n4,7,B,2024-01-03,-1,5\n5,,C,2024-01-03,-9,0\n")
          .quality();
  EXPECT_EQ(count_of(quality, "returns"), 3);
  EXPECT_EQ(message_of(quality, "unmatched_return"),
            "1 return finds no purchase to undo. [line 5]");
  EXPECT_EQ(count_of(quality, "stock_adjustment"), 1);
  EXPECT_EQ(count_of(quality, "partly_matched_return"), 1);
  EXPECT_EQ(count_of(quality, "ambiguous_return"), 1);
}

}  // namespace
}  // namespace emptor::data
