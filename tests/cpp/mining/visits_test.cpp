#include "mining/visits.hpp"

#include "mining/planted_shop.hpp"

#include <gtest/gtest.h>

#include <array>

namespace emptor::mining {
namespace {

using data::Day;
using data::Span;
using test::every_pair;
using test::message;
using test::small_shop;

TEST(Visits, MonthsAreCalendarMonths) {
  // A on 31 August; six months later is 28 February. B on that day counts, on 1 March not.
  const Day a = data::from_civil(2010, 8, 31);
  for (const int late : {0, 1}) {
    test::Shop shop;
    shop.n_items = 2;
    shop.first_day = data::from_civil(2010, 1, 1);
    shop.last_day = data::from_civil(2011, 12, 31);
    for (std::int32_t c = 0; c < 20; ++c) {
      shop.customer.insert(shop.customer.end(), {c, c});
      shop.day.insert(shop.day.end(), {a, data::from_civil(2011, 2, 28) + late});
      shop.item.insert(shop.item.end(), {0, 1});
    }
    BoughtNextOptions options = every_pair();
    options.min_events = 0;
    options.window = {6, Span::Unit::months};
    options.washout = Span{0, Span::Unit::days};
    const auto result = bought_next(shop.view(), options);
    ASSERT_EQ(result.size(), late == 0 ? 1U : 0U);
    if (late == 0) {
      EXPECT_EQ(result.events[0], 20);
      EXPECT_EQ(result.p_within[0], 1);
    }
  }
}

TEST(Visits, BuyersOfAnItemAreLookedUpByCustomer) {
  const auto shop = small_shop(6, 40, 80);
  const auto visits =
      next::make_visits(shop.view(), {90, Span::Unit::days}, {90, Span::Unit::days});
  next::BuyersOf buyers(visits);
  std::size_t n = 0, n_without = 0;
  for (std::int32_t item = 0; item < 40; ++item) {
    buyers.choose(item);  // and forgets the item before
    const auto all = visits.visits_of(item);
    for (std::size_t c = 0; c < visits.code.size(); ++c) {
      std::vector<std::int32_t> expected;
      for (const auto v : all)
        if (visits.customer[static_cast<std::size_t>(v)] == static_cast<std::int32_t>(c))
          expected.push_back(v);
      const auto found = buyers.visits_of(static_cast<std::int32_t>(c));
      EXPECT_EQ(std::vector<std::int32_t>(found.begin(), found.end()), expected);
      n += found.size();
      n_without += found.empty() ? 1 : 0;
    }
  }
  EXPECT_EQ(n, visits.item.size());
  EXPECT_GT(n_without, 100U);
}

TEST(Visits, PlaceboDependsOnTheSeedAlone) {
  const auto shop = small_shop();
  const auto visits =
      next::make_visits(shop.view(), {90, Span::Unit::days}, {90, Span::Unit::days});
  const auto index = next::index_visits(visits, 3);
  const std::array<std::int32_t, 1> item{3};
  const auto one = next::placebo_visits(visits, shop.view(), index, item, 0);
  EXPECT_EQ(one, next::placebo_visits(visits, shop.view(), index, item, 0));
  EXPECT_NE(one, next::placebo_visits(visits, shop.view(), index, item, 1));
  for (std::size_t i = 0; i < index.size(); ++i) {
    const auto v = static_cast<std::size_t>(one[i]);
    EXPECT_EQ(visits.customer[v], visits.customer[static_cast<std::size_t>(index[i])]);
    EXPECT_EQ(visits.eligible[v], 1);
  }
}

TEST(Visits, MessagesOfBadInput) {
  const std::vector<std::int32_t> customer{0, 0, 1}, item{1, 0, 2};
  const std::vector<Day> day{5, 4, 6};
  EXPECT_EQ(
      message({customer, std::span(day).first(2), item, 3}),
      "bought_next: customer, day and item must be equally long, but have 3, 2 and 3 entries");
  EXPECT_EQ(
      message({customer, day, item, 3}),
      "bought_next: purchase 1: purchases must be sorted by customer, day and item, each once");
  EXPECT_EQ(message({customer, std::vector<Day>{4, 5, 6}, item, 2}),
            "bought_next: purchase 2: item code 2 is outside 0 to n_items - 1");
  EXPECT_EQ(message({customer, std::vector<Day>{4, 5, 6}, item, 3, 4, 5}),
            "bought_next: purchase 2: day 1970-01-07 is outside the days observed, 1970-01-05 to "
            "1970-01-06");
  EXPECT_EQ(message({std::vector<std::int32_t>{-1, 0, 1}, std::vector<Day>{4, 5, 6}, item, 3}),
            "bought_next: purchase 0: customer code -1 is negative");
}

}  // namespace
}  // namespace emptor::mining
