#include "emptor/mining/substitutes.hpp"

#include "emptor/core/error.hpp"

#include "core/random.hpp"
#include "mining/availability.hpp"
#include "mining/choice_shop.hpp"
#include "mining/random_table.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace emptor::mining {
namespace {

test::ChoiceShop small_shop() {
  return {.customers = 150,
          .items = 20,
          .days = 200,
          .visits = 60,
          .basket_spread = 0.8,
          .visit_shape = 0.7,
          .taste = 1,
          .launches = true,
          .stock_outs = true,
          .moods = 1,
          .planted = 3};
}

SubstitutesOptions every_pair() {
  SubstitutesOptions options;
  options.period = {60, data::Span::Unit::days};
  options.min_customers = 5;
  options.min_expected = 1;
  options.all_pairs = true;
  return options;
}

// One pair over all strata, by sets.
struct ByHand {
  double together = 0, expected = 0, variance = 0, clustered = 0;
  std::int64_t customers = 0, n_a = 0, n_b = 0;
};

using Pairs = std::map<std::pair<std::int32_t, std::int32_t>, ByHand>;

// (customer, period) -> day -> items
using Strata = std::map<std::pair<std::int32_t, int>, std::map<data::Day, std::set<std::int32_t>>>;

void add_stratum(const std::map<data::Day, std::set<std::int32_t>>& all,
                 const Availability& availability, Pairs& of_customer) {
  if (all.size() < 2) return;
  std::map<std::int32_t, std::set<data::Day>> days;
  std::map<data::Day, int> size;
  for (const auto& [day, items] : all) {
    size[day] = 0;
    for (const auto item : items) {
      if (!availability.on_sale(item, all.begin()->first, all.rbegin()->first)) continue;
      days[item].insert(day);
      ++size[day];
    }
  }
  std::map<int, int> kinds, visits;
  for (const auto& [item, own] : days) ++kinds[static_cast<int>(own.size())];
  for (const auto& [day, s] : size) ++visits[s];
  std::vector<RandomTable::Items> rows;
  std::vector<RandomTable::Visits> columns;
  std::map<int, std::size_t> kind_of;
  for (const auto& [k, n] : kinds) {
    kind_of[k] = rows.size();
    rows.push_back({k, static_cast<double>(n)});
  }
  for (const auto& [s, n] : visits) columns.push_back({s, static_cast<double>(n)});
  const RandomTable table(rows, columns);
  for (const auto& [a, days_a] : days) {
    for (const auto& [b, days_b] : days) {
      if (a >= b || days_a.size() == all.size() || days_b.size() == all.size()) continue;
      const auto i = kind_of[static_cast<int>(days_a.size())];
      const auto j = kind_of[static_cast<int>(days_b.size())];
      if (table.variance(i, j) <= 1e-6) continue;
      ByHand& pair = of_customer[{a, b}];
      for (const auto day : days_a) pair.together += days_b.count(day) > 0 ? 1 : 0;
      pair.expected += table.expected(i, j);
      pair.variance += table.variance(i, j);
      pair.n_a += static_cast<std::int64_t>(days_a.size());
      pair.n_b += static_cast<std::int64_t>(days_b.size());
    }
  }
}

Pairs by_hand(const PurchasesView& view, int period) {
  Strata strata;
  for (std::size_t i = 0; i < view.customer.size(); ++i) {
    strata[{view.customer[i], (view.day[i] - view.first_day) / period}][view.day[i]].insert(
        view.item[i]);
  }
  const Availability availability(view);
  Pairs all;
  for (auto s = strata.begin(); s != strata.end();) {
    const auto customer = s->first.first;
    Pairs own;
    for (; s != strata.end() && s->first.first == customer; ++s) {
      add_stratum(s->second, availability, own);
    }
    for (const auto& [key, x] : own) {
      ByHand& sum = all[key];
      sum.together += x.together;
      sum.expected += x.expected;
      sum.variance += x.variance;
      sum.clustered += (x.together - x.expected) * (x.together - x.expected);
      sum.n_a += x.n_a;
      sum.n_b += x.n_b;
      ++sum.customers;
    }
  }
  return all;
}

TEST(Substitutes, EveryPairIsThatOfACountingByHand) {
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    const auto shop = test::choices_of(small_shop(), seed);
    const Substitutes result = substitutes(shop.view(), every_pair());
    const Pairs pairs = by_hand(shop.view(), 60);
    std::size_t testable = 0;
    for (const auto& [key, pair] : pairs) {
      testable += pair.customers >= 5 && pair.expected >= 1 ? 1 : 0;
    }
    ASSERT_GT(testable, 100U);
    ASSERT_EQ(result.size(), testable);
    EXPECT_EQ(result.n_testable, static_cast<std::int64_t>(testable));
    EXPECT_EQ(result.n_untestable, static_cast<std::int64_t>(pairs.size() - testable));
    for (std::size_t i = 0; i < result.size(); ++i) {
      const ByHand& pair = pairs.at({result.item_a[i], result.item_b[i]});
      EXPECT_EQ(static_cast<double>(result.n_together[i]), pair.together);
      EXPECT_NEAR(result.expected[i], pair.expected, 1e-9 * pair.expected);
      EXPECT_EQ(result.n[i], pair.customers);
      EXPECT_EQ(result.n_a[i], pair.n_a);
      EXPECT_EQ(result.n_b[i], pair.n_b);
      EXPECT_NEAR(result.ratio[i], pair.together / pair.expected, 1e-9);
      EXPECT_LE(result.ratio_low[i], result.ratio[i]);
      EXPECT_GE(result.ratio_high[i], result.ratio[i]);
    }
  }
}

TEST(Substitutes, SameBitsOnAnyNumberOfThreads) {
  const auto shop = test::choices_of(small_shop(), 4);
  const auto run = [&](int threads) {
    Context context;
    context.threads = threads;
    return substitutes(shop.view(), every_pair(), context);
  };
  const Substitutes one = run(1);
  ASSERT_GT(one.size(), 100U);
  for (const int threads : {2, 3, 8}) {
    const Substitutes many = run(threads);
    EXPECT_EQ(one.item_a, many.item_a);
    EXPECT_EQ(one.item_b, many.item_b);
    EXPECT_EQ(one.expected, many.expected);
    EXPECT_EQ(one.p_value, many.p_value);
    EXPECT_EQ(one.q_value, many.q_value);
    EXPECT_EQ(one.ratio_high, many.ratio_high);
    EXPECT_EQ(one.companions_n, many.companions_n);
    EXPECT_EQ(one.switched_n, many.switched_n);
    EXPECT_EQ(one.grade, many.grade);
  }
}

// What a customer's code is does not matter, nor in which order items are numbered.
TEST(Substitutes, CodesDoNotMatter) {
  const auto shop = test::choices_of(small_shop(), 5);
  auto other = shop;
  for (auto& c : other.customer) c = 2 * c + 7;
  std::vector<std::size_t> order(shop.item.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  for (auto& item : other.item) item = other.n_items - 1 - item;
  std::sort(order.begin(), order.end(), [&](std::size_t x, std::size_t y) {
    return std::tuple(other.customer[x], other.day[x], other.item[x]) <
           std::tuple(other.customer[y], other.day[y], other.item[y]);
  });
  auto sorted = other;
  for (std::size_t i = 0; i < order.size(); ++i) {
    sorted.customer[i] = other.customer[order[i]];
    sorted.day[i] = other.day[order[i]];
    sorted.item[i] = other.item[order[i]];
  }
  const Substitutes x = substitutes(shop.view(), every_pair());
  const Substitutes y = substitutes(sorted.view(), every_pair());
  ASSERT_EQ(x.size(), y.size());
  std::map<std::pair<std::int32_t, std::int32_t>, std::size_t> row;
  for (std::size_t i = 0; i < y.size(); ++i) {
    row[{shop.n_items - 1 - y.item_b[i], shop.n_items - 1 - y.item_a[i]}] = i;
  }
  for (std::size_t i = 0; i < x.size(); ++i) {
    const std::size_t k = row.at({x.item_a[i], x.item_b[i]});
    EXPECT_EQ(x.n_together[i], y.n_together[k]);
    EXPECT_EQ(x.n_a[i], y.n_b[k]);
    EXPECT_EQ(x.companions_n[i], y.companions_n[k]);
    EXPECT_EQ(x.occasion[i], y.occasion[k]);
    EXPECT_EQ(x.switched_n[i], y.switched_n[k]);
    EXPECT_NEAR(x.expected[i], y.expected[k], 1e-9 * x.expected[i]);
    EXPECT_NEAR(x.p_value[i], y.p_value[k], 1e-9 * x.p_value[i] + 1e-300);
  }
}

// Fifty customers who come every day and always take one of two items, A until day 100 and B from
// day 101 on: the shop replaced A by B.
TEST(Substitutes, WhatIsNeverOnSaleTogetherIsNoPair) {
  core::Random random(1, 1);
  test::Choices shop;
  shop.n_items = 8;
  for (std::int32_t c = 0; c < 50; ++c) {
    for (data::Day day = 60; day < 140; ++day) {
      for (std::int32_t item = 0; item < 8; ++item) {
        const bool sold = item == 0 ? day <= 100 : item == 1 ? day > 100 : true;
        if (!sold || random.uniform() > 0.4) continue;
        shop.customer.push_back(c);
        shop.day.push_back(day);
        shop.item.push_back(item);
      }
    }
  }
  SubstitutesOptions options = every_pair();
  options.period = {90, data::Span::Unit::days};
  const Substitutes result = substitutes(shop.view(), options);
  EXPECT_EQ(result.n_testable, 15);  // of the other six
  EXPECT_EQ(result.n_items_partly_on_sale, 2);
  for (std::size_t i = 0; i < result.size(); ++i) {
    EXPECT_GT(result.item_a[i], 1);
    EXPECT_GT(result.p_value[i], 1e-4);
  }
}

TEST(Substitutes, FindsWhatIsPlantedAndItsSwitching) {
  test::ChoiceShop options{.customers = 800,
                           .items = 60,
                           .basket_spread = 0.8,
                           .customer_spread = 0.5,
                           .taste = 1,
                           .stock_outs = true,
                           .moods = 1,
                           .planted = 6,
                           .both = 0.1};
  const auto shop = test::choices_of(options, 7);
  const Substitutes result = substitutes(shop.view());
  ASSERT_GT(result.n_proven, 0);
  std::size_t right = 0;
  for (std::size_t i = 0; i < result.size(); ++i) {
    if (result.grade[i] != Grade::proven) continue;
    const bool planted = result.item_b[i] == result.item_a[i] + 1 && result.item_a[i] % 2 == 0 &&
                         result.item_a[i] < 12;
    EXPECT_TRUE(planted) << result.item_a[i] << ' ' << result.item_b[i];
    EXPECT_EQ(result.occasion[i], Occasion::same);
    EXPECT_EQ(result.availability_seen[i], 1);
    EXPECT_LT(result.ratio_high[i], 0.9);
    // Every item is away for a month once; who would have taken both now takes the other.
    EXPECT_NE(result.switched_status[i], Status::not_enough_data);
    EXPECT_GT(result.switched[i], 1) << result.item_a[i];
    ++right;
  }
  EXPECT_GE(right, 5U);
}

TEST(Substitutes, ComplementsAreTheOtherSide) {
  const auto shop = test::choices_of({.customers = 500, .items = 20, .moods = 1.5}, 8);
  SubstitutesOptions options;
  options.relation = Relation::complements;
  const Substitutes result = substitutes(shop.view(), options);
  ASSERT_GT(result.n_proven, 0);
  for (std::size_t i = 0; i < result.size(); ++i) {
    if (result.grade[i] != Grade::proven) continue;
    EXPECT_GT(result.ratio_low[i], 1);
    EXPECT_EQ(result.item_a[i] / 2 % 5, result.item_b[i] / 2 % 5);  // of one mood
  }
}

TEST(Substitutes, NothingToFindIsAnEmptyList) {
  const Substitutes none = substitutes(PurchasesView{});
  EXPECT_EQ(none.size(), 0U);
  EXPECT_EQ(none.n_testable, 0);
  EXPECT_TRUE(std::isnan(none.ratio_all));
  test::Choices once;
  once.n_items = 2;
  once.customer = {0, 0, 1};
  once.day = {10, 10, 11};
  once.item = {0, 1, 0};
  const Substitutes single = substitutes(once.view());
  EXPECT_EQ(single.n_customers, 2);
  EXPECT_EQ(single.n_visits, 2);
  EXPECT_EQ(single.n_visits_compared, 0);
  EXPECT_EQ(single.size(), 0U);
}

std::string message(const PurchasesView& view, const SubstitutesOptions& options = {}) {
  try {
    substitutes(view, options);
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(Substitutes, WrongInputIsNamed) {
  test::Choices shop;
  shop.n_items = 3;
  shop.customer = {0, 0, 1};
  shop.day = {10, 11, 10};
  shop.item = {0, 1, 2};
  const auto with = [&](auto change) {
    SubstitutesOptions options;
    change(options);
    return message(shop.view(), options);
  };
  EXPECT_EQ(with([](auto& o) { o.period.count = 0; }),
            "substitutes: period must be at least a day, got 0 days");
  EXPECT_EQ(with([](auto& o) { o.min_customers = 1; }),
            "substitutes: min_customers must be at least 2, got 1");
  EXPECT_EQ(with([](auto& o) { o.min_expected = 0; }),
            "substitutes: min_expected must be above 0, got 0");
  EXPECT_EQ(with([](auto& o) { o.min_effect = 1; }),
            "substitutes: min_effect must be a share from 0 to below 1, got 1");
  EXPECT_EQ(with([](auto& o) { o.fdr = 0; }), "substitutes: fdr must lie between 0 and 1, got 0");
  EXPECT_EQ(with([](auto& o) { o.likely_fdr = 0.01; }),
            "substitutes: likely_fdr must lie between fdr and 1, got 0.01");
  EXPECT_EQ(with([](auto& o) { o.watch = -1; }), "substitutes: watch must not be negative, got -1");
  EXPECT_EQ(with([](auto& o) { o.level = 95; }),
            "substitutes: level must lie between 0 and 1, got 95");
  EXPECT_EQ(with([](auto& o) { o.top = -1; }), "substitutes: top must not be negative, got -1");
  shop.item[1] = 3;
  EXPECT_EQ(message(shop.view()),
            "substitutes: purchase 1: item code 3 is outside 0 to n_items - 1");
  shop.item[1] = 1;
  shop.day[1] = 9;
  EXPECT_EQ(message(shop.view()),
            "substitutes: purchase 1: purchases must be sorted by customer, day and item, each "
            "once");
  EXPECT_THROW(parse_relation("rivals"), InvalidArgument);
}

TEST(Substitutes, HonoursTheStopToken) {
  const auto shop = test::choices_of(small_shop(), 6);
  Context stopped;
  stopped.stop.request_stop();
  EXPECT_THROW(substitutes(shop.view(), {}, stopped), Cancelled);
}

TEST(Substitutes, HonoursTheMemoryLimit) {
  const auto shop = test::choices_of(small_shop(), 6);
  Context context;
  context.memory_limit = 10'000;
  try {
    (void)substitutes(shop.view(), {}, context);
    FAIL() << "10 kB are not enough";
  } catch (const MemoryLimit& error) {
    EXPECT_STREQ(error.what(),
                 "substitutes: more than memory_limit, 0 MB, would be held; raise it or "
                 "min_customers, or take a coarser item");
  }
  context.memory_limit = std::size_t{1} << 30;
  EXPECT_EQ(substitutes(shop.view(), every_pair(), context).p_value,
            substitutes(shop.view(), every_pair()).p_value);
}

TEST(Substitutes, ColumnsAndInfoAgreeWithTheFields) {
  const auto shop = test::choices_of(small_shop(), 6);
  const Substitutes result = substitutes(shop.view(), every_pair());
  std::set<std::string_view> names;
  for (const Column& column : result.columns()) {
    EXPECT_EQ(column.size, result.size()) << column.name;
    EXPECT_TRUE(names.insert(column.name).second) << column.name;
    EXPECT_FALSE(column.doc.empty()) << column.name;
  }
  EXPECT_EQ(names.count("switched_status"), 1U);
  for (const Scalar& scalar : result.info()) EXPECT_FALSE(scalar.doc.empty()) << scalar.name;
  SubstitutesOptions few = every_pair();
  few.top = 3;
  EXPECT_EQ(substitutes(shop.view(), few).size(), 3U);
  EXPECT_TRUE(substitutes(shop.view(), few).truncated);
}

}  // namespace
}  // namespace emptor::mining
