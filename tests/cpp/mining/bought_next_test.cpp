#include "emptor/mining/bought_next.hpp"

#include "emptor/core/error.hpp"

#include "mining/planted_shop.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <map>

namespace emptor::mining {
namespace {

using data::Day;
using test::every_pair;
using test::small_shop;

TEST(BoughtNext, SameBitsOnAnyNumberOfThreads) {
  const auto shop = small_shop(5, 130, 300);
  auto options = every_pair();
  options.check = "0.6";
  Context one;
  one.threads = 1;
  const auto reference = bought_next(shop.view(), options, one);
  ASSERT_GT(reference.size(), 100U);
  for (const int threads : {2, 3, 8}) {
    Context context;
    context.threads = threads;
    const auto result = bought_next(shop.view(), options, context);
    ASSERT_EQ(result.size(), reference.size());
    const auto columns = reference.columns(), others = result.columns();
    for (std::size_t k = 0; k < columns.size(); ++k) {
      if (columns[k].kind != ColumnKind::float64) continue;
      EXPECT_EQ(std::memcmp(columns[k].data, others[k].data, columns[k].size * sizeof(double)), 0)
          << columns[k].name;
    }
    EXPECT_EQ(result.antecedent, reference.antecedent);
    EXPECT_EQ(result.placebo_discoveries, reference.placebo_discoveries);
    EXPECT_EQ(result.check->ratio.value, reference.check->ratio.value);
  }
}

TEST(BoughtNext, OtherNamesOfTheSameItemsChangeNothing) {
  // Items and customers numbered backwards: the same pairs, the same numbers.
  const auto shop = small_shop();
  test::Shop mirrored = shop;
  std::vector<std::tuple<std::int32_t, Day, std::int32_t>> rows;
  for (std::size_t i = 0; i < shop.item.size(); ++i)
    rows.emplace_back(1000 - shop.customer[i], shop.day[i], shop.n_items - 1 - shop.item[i]);
  std::sort(rows.begin(), rows.end());
  for (std::size_t i = 0; i < rows.size(); ++i)
    std::tie(mirrored.customer[i], mirrored.day[i], mirrored.item[i]) = rows[i];
  const auto x = bought_next(shop.view(), every_pair());
  const auto y = bought_next(mirrored.view(), every_pair());
  ASSERT_EQ(x.size(), y.size());
  std::map<std::pair<std::int32_t, std::int32_t>, std::size_t> row;
  for (std::size_t i = 0; i < y.size(); ++i)
    row[{shop.n_items - 1 - y.antecedent[i], shop.n_items - 1 - y.consequent[i]}] = i;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const auto j = row.at({x.antecedent[i], x.consequent[i]});
    EXPECT_EQ(x.events[i], y.events[j]);
    EXPECT_NEAR(x.p_within[i], y.p_within[j], 1e-12);
    EXPECT_NEAR(x.expected_visits[i], y.expected_visits[j], 1e-5 * (1 + x.expected_visits[i]));
  }
}

TEST(BoughtNext, NothingToSay) {
  const auto empty = bought_next(PurchasesView{});
  EXPECT_EQ(empty.size(), 0U);
  EXPECT_EQ(empty.n_testable, 0);
  EXPECT_FALSE(empty.info().empty());
  test::Shop one;
  one.n_items = 1;
  one.customer = {0};
  one.day = {17};
  one.item = {0};
  EXPECT_EQ(bought_next(one.view()).size(), 0U);
}

TEST(BoughtNext, StopAndMemoryLimitThrow) {
  const auto shop = small_shop();
  Context stopped;
  stopped.stop.request_stop();
  EXPECT_THROW(bought_next(shop.view(), {}, stopped), Cancelled);
  Context small;
  small.memory_limit = 1000;
  EXPECT_THROW(bought_next(shop.view(), {}, small), MemoryLimit);
}

}  // namespace
}  // namespace emptor::mining
