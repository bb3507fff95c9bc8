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

// 60 customers: one more buys A on each of the days 0 to 59, and B five days later.
test::Shop one_buyer_a_day() {
  test::Shop shop;
  shop.n_items = 2;
  shop.first_day = 0;
  for (std::int32_t c = 0; c < 60; ++c) {
    shop.customer.insert(shop.customer.end(), {c, c});
    shop.day.insert(shop.day.end(), {c, c + 5});
    shop.item.insert(shop.item.end(), {0, 1});
  }
  return shop;
}

TEST(BoughtNext, SaysWhetherTheDataAreLongEnoughForTheWindow) {
  const auto with = [](Day last_day, int window, int washout) {
    auto shop = one_buyer_a_day();
    shop.last_day = last_day;
    auto options = every_pair();
    options.window = {window, data::Span::Unit::days};
    options.washout = data::Span{washout, data::Span::Unit::days};
    options.antecedents = {"0"};
    return bought_next(shop.view(), options);
  };
  const auto long_enough = with(99, 40, 0);
  EXPECT_EQ(long_enough.window_status, Status::ok);
  EXPECT_EQ(long_enough.n_first_purchases, 60);
  EXPECT_EQ(long_enough.n_first_purchases_followed, 60);
  EXPECT_EQ(with(69, 40, 0).window_status, Status::ok);  // 30 of 60
  const auto short_data = with(68, 40, 0);               // 29 of 60
  EXPECT_EQ(short_data.window_status, Status::small_sample);
  EXPECT_EQ(short_data.n_first_purchases_followed, 29);
  EXPECT_EQ(short_data.size(), 1U);  // answered all the same
  EXPECT_EQ(with(68, 70, 0).window_status, Status::extrapolated);
  EXPECT_EQ(with(68, 40, 65).window_status, Status::not_enough_data);
}

}  // namespace
}  // namespace emptor::mining
