#include "emptor/customers/purchase_summary.hpp"

#include "emptor/core/error.hpp"

#include "core/random.hpp"
#include "customers/cdnow.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <set>
#include <string>
#include <vector>

namespace emptor::customers {
namespace {

using testing::Summary;
using Unit = data::Span::Unit;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

struct Shop {
  std::vector<std::int64_t> begin{0};
  std::vector<data::Day> day{};
  std::vector<double> spend{};
  void customer(const std::vector<std::pair<data::Day, double>>& bought) {
    for (const auto& [d, s] : bought) {
      day.push_back(d);
      spend.push_back(s);
    }
    begin.push_back(static_cast<std::int64_t>(day.size()));
  }
  [[nodiscard]] OccasionsView view() const { return {begin, day, spend}; }
};

std::string message(const auto& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

std::string row_message(std::int64_t x, double last, double T) {
  Summary s;
  s.add(0, 0, 10);
  s.add(x, last, T);
  return message([&] { check(s.view(), "fit_purchases"); });
}

}  // namespace

TEST(PurchaseSummary, ByHand) {
  Shop shop;
  shop.customer({{100, 50}, {107, 20}, {121, 40}});
  shop.customer({});
  shop.customer({{128, 9}});
  const auto s =
      purchase_summary(PurchaseHistories{shop.view(), 135}, {.holdout = {}, .unit = Unit::weeks});
  EXPECT_EQ(s.customer, (std::vector<std::int32_t>{0, 2}));
  EXPECT_EQ(s.frequency, (std::vector<std::int64_t>{2, 0}));
  EXPECT_EQ(s.recency, (std::vector<double>{3, 0}));
  EXPECT_EQ(s.T, (std::vector<double>{5, 1}));
  EXPECT_EQ(s.monetary_value[0], 30);
  EXPECT_TRUE(std::isnan(s.monetary_value[1]));
  EXPECT_DOUBLE_EQ(s.log_gaps[0], std::log(2.0));  // gaps of 1 and 2 weeks
  EXPECT_EQ(s.n_repeat, 1);
  EXPECT_EQ(s.n_without_purchase, 1);
  const auto days = purchase_summary(PurchaseHistories{shop.view(), 135}, {.unit = Unit::days});
  EXPECT_EQ(days.T, (std::vector<double>{35, 7}));
}

TEST(PurchaseSummary, HoldoutStandsBeside) {
  Shop shop, later;
  shop.customer({{100, 50}, {107, 20}});
  shop.customer({});
  later.customer({{100, 50}, {107, 20}, {130, 5}, {149, 6}, {151, 7}});
  later.customer({{120, 1}});
  const auto s = purchase_summary(PurchaseHistories{shop.view(), 114, later.view(), 149});
  EXPECT_EQ(s.customer, (std::vector<std::int32_t>{0}));
  EXPECT_EQ(s.frequency[0], 1);
  EXPECT_EQ(s.T[0], 2);
  EXPECT_EQ(s.holdout_frequency[0], 2);
  EXPECT_EQ(s.holdout_spend[0], 11);
  EXPECT_EQ(s.holdout_T, 5);
}

// The published summary of CDNOW's sample was made by other people from the same orders; it rounds
// weeks to two digits.
TEST(PurchaseSummary, CdnowAsPublished) {
  const Summary published = testing::cdnow_sample();
  if (published.x.empty()) GTEST_SKIP() << "no shared data cdnow";
  const data::Day cut = data::from_civil(1997, 9, 30);
  const Occasions all = testing::cdnow_occasions(cut);
  const auto s = purchase_summary(PurchaseHistories{all.view(), cut});
  std::multiset<std::pair<std::int64_t, std::int64_t>> full;
  for (std::size_t i = 0; i < s.frequency.size(); ++i)
    full.emplace(s.frequency[i],
                 std::llround(100 * s.recency[i]) * 10000 + std::llround(100 * s.T[i]));
  for (std::size_t i = 0; i < published.x.size(); ++i) {
    const auto found = full.find({published.x[i], std::llround(100 * published.last[i]) * 10000 +
                                                      std::llround(100 * published.T[i])});
    ASSERT_NE(found, full.end()) << i;
    full.erase(found);
  }
}

TEST(PurchaseSummary, RowsThatCannotBe) {
  EXPECT_EQ(row_message(1, 3, 10), "no error");
  EXPECT_EQ(row_message(0, 0, 0), "no error");
  EXPECT_EQ(row_message(1, 11, 10),
            "fit_purchases: recency 11 is greater than T 10 in row 1; both count from the first "
            "purchase");
  EXPECT_EQ(row_message(0, 2.5, 10),
            "fit_purchases: recency is 2.5 in row 1 where frequency is 0; without a repeat "
            "purchase it is 0 (recency counts from the first purchase, not back from today)");
  EXPECT_EQ(row_message(3, 0, 10),
            "fit_purchases: recency is 0 in row 1 where frequency is 3; repeat purchases come "
            "after the first");
  EXPECT_EQ(row_message(-1, 0, 10),
            "fit_purchases: frequency is -1 in row 1; it counts repeat purchases");
  EXPECT_EQ(row_message(0, 0, -4),
            "fit_purchases: T is -4 in row 1; it counts from the first purchase");
  EXPECT_EQ(row_message(1, -2, 4),
            "fit_purchases: recency is -2 in row 1; it counts from the first purchase");
  EXPECT_EQ(row_message(1, kNaN, 10), "fit_purchases: recency is missing in row 1");
  EXPECT_EQ(row_message(1, 2, kNaN), "fit_purchases: T is missing in row 1");
  EXPECT_EQ(row_message(1, 2, std::numeric_limits<double>::infinity()),
            "fit_purchases: T is missing in row 1");
  Summary s;
  s.add(1, 2, 3);
  s.T.push_back(4);
  EXPECT_EQ(message([&] { check(s.view(), "p_alive"); }), "p_alive: T has 2 rows, frequency 1");
}

TEST(PurchaseSummary, Arguments) {
  Shop shop;
  shop.customer({{100, 50}});
  EXPECT_EQ(message([&] {
              purchase_summary(PurchaseHistories{shop.view(), 99});
            }),
            "purchase_summary: occasion 0 lies after last_day, 1970-04-10");
  EXPECT_EQ(message([&] {
              purchase_summary(PurchaseHistories{shop.view(), 100, shop.view(), 100});
            }),
            "purchase_summary: later_last_day must lie after last_day");
  EXPECT_EQ(message([] { parse_time_unit("week"); }),
            "unit must be \"days\", \"weeks\", \"months\" or \"years\", got 'week'");
}

TEST(PurchaseSummary, SpansInUnits) {
  EXPECT_EQ(in_units({78, Unit::weeks}, Unit::days), 546);
  EXPECT_EQ(in_units({39, Unit::weeks}, Unit::weeks), 39);
  EXPECT_DOUBLE_EQ(in_units({1, Unit::years}, Unit::months), 12);
  EXPECT_DOUBLE_EQ(in_units({1, Unit::days}, Unit::weeks), 1.0 / 7);
}

// The bits do not depend on threads; and by a second, slower way.
TEST(PurchaseSummary, RandomShopsOnAnyThreads) {
  core::Random random(3);
  Shop shop;
  for (int c = 0; c < 20000; ++c) {
    std::set<data::Day> days;
    const auto n = random.poisson(3 * random.exponential());
    for (std::int64_t i = 0; i < n; ++i) days.insert(static_cast<data::Day>(random.below(400)));
    std::vector<std::pair<data::Day, double>> bought;
    for (const data::Day d : days) bought.emplace_back(d, 1 + std::floor(90 * random.uniform()));
    shop.customer(bought);
  }
  const auto one = purchase_summary(PurchaseHistories{shop.view(), 400}, {}, {.threads = 1});
  for (const int threads : {2, 3, 8}) {
    const auto many =
        purchase_summary(PurchaseHistories{shop.view(), 400}, {}, {.threads = threads});
    EXPECT_EQ(one.recency, many.recency);
    EXPECT_EQ(one.log_gaps, many.log_gaps);
  }
  for (std::size_t i = 0; i < one.customer.size(); ++i) {
    const auto c = static_cast<std::size_t>(one.customer[i]);
    const auto first = shop.day.begin() + shop.begin[c], end = shop.day.begin() + shop.begin[c + 1];
    EXPECT_EQ(one.frequency[i], end - first - 1);
    EXPECT_DOUBLE_EQ(one.recency[i] * 7, *(end - 1) - *first);
    EXPECT_DOUBLE_EQ(one.T[i] * 7, 400 - *first);
  }
  EXPECT_NO_THROW(check(one.view(), "test"));
}

}  // namespace emptor::customers
