#include "mining/open_buyers.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

namespace emptor::mining::next {
namespace {

// Items 0 and 1, days 0 to 100, a window of 40 days. Customer 0 bought 0 on day 80: open, half of
// the window is left. Customer 1 bought 0 on day 50: closed. Customer 2 bought 0 on days 20 and 90,
// and 1 on day 10: has the consequent. Customer 3 bought 0 on days 20 and 90: open by the later
// one, 30 of 40 days are left.
TEST(OpenBuyers, CountsWhoseWindowIsStillOpenWithoutTheConsequent) {
  const std::vector<std::int32_t> customer{0, 1, 2, 2, 2, 3, 3};
  const std::vector<data::Day> day{80, 50, 10, 20, 90, 20, 90};
  const std::vector<std::int32_t> item{0, 0, 1, 0, 0, 0, 0};
  const PurchasesView view{customer, day, item, 2, 0, 100, {}, {}};
  BoughtNext result;
  result.antecedent = {0, 1};
  result.consequent = {1, 0};
  result.p_within = {0.4, 0.9};
  const std::vector<PurchasesView> parts{view};
  count_open_buyers(parts, {}, {40, data::Span::Unit::days}, result);
  EXPECT_EQ(result.n_open, (std::vector<std::int64_t>{2, 0}));
  EXPECT_DOUBLE_EQ(result.expected_open[0], 0.4 * 0.5 + 0.4 * 0.75);
  EXPECT_DOUBLE_EQ(result.expected_open[1], 0);
}

// The same purchases split into two groups: rows count their own group's customers only.
TEST(OpenBuyers, KeepsGroupsApart) {
  const std::vector<std::int32_t> customer{0, 1};
  const std::vector<data::Day> day{90, 95};
  const std::vector<std::int32_t> item{0, 0};
  const PurchasesView first{
      {customer.data(), 1}, {day.data(), 1}, {item.data(), 1}, 2, 0, 100, {}, {}};
  const PurchasesView both{customer, day, item, 2, 0, 100, {}, {}};
  BoughtNext result;
  result.group = {7, 9};
  result.antecedent = {0, 0};
  result.consequent = {1, 1};
  result.p_within = {1, 1};
  const std::vector<PurchasesView> parts{first, both};
  const std::vector<std::int32_t> codes{7, 9};
  count_open_buyers(parts, codes, {40, data::Span::Unit::days}, result);
  EXPECT_EQ(result.n_open, (std::vector<std::int64_t>{1, 2}));
}

}  // namespace
}  // namespace emptor::mining::next
