#include "emptor/mining/purchases.hpp"

#include "emptor/core/error.hpp"

#include "mining/purchases.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace emptor::mining {
namespace {

std::string message_of(const PurchasesView& view) {
  try {
    check_purchases(view, view.first_day, view.last_day, "question");
  } catch (const InvalidArgument& error) {
    return error.what();
  }
  return "no error";
}

TEST(Purchases, AreSortedEachOnceAndWithinTheDaysObserved) {
  const std::vector<std::int32_t> customer{0, 0, 1}, item{1, 0, 2};
  const std::vector<data::Day> day{4, 5, 6};
  EXPECT_EQ(message_of({customer, day, item, 3}), "no error");
  EXPECT_EQ(message_of({}), "no error");
  EXPECT_EQ(message_of({customer, day, item, 3, 4, 6}), "no error");
  EXPECT_EQ(message_of({customer, day, item, 3, 4, 5}),
            "question: purchase 2: day 1970-01-07 is outside the days observed, 1970-01-05 to "
            "1970-01-06");
  EXPECT_EQ(message_of({customer, day, item, 2}),
            "question: purchase 2: item code 2 is outside 0 to n_items - 1");
  const std::vector<data::Day> same{4, 4, 4};
  EXPECT_EQ(message_of({customer, same, item, 3}),
            "question: purchase 1: purchases must be sorted by customer, day and item, each once");
}

}  // namespace
}  // namespace emptor::mining
