#include "emptor/customers/declining.hpp"

#include "emptor/core/error.hpp"

#include "core/random.hpp"
#include "customers/simulated_cohort.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <vector>

namespace emptor::customers {
namespace {

using testing::Cohort;
using testing::CohortPlan;
using testing::simulate;

Cohort cohort(double falls, int customers = 1500, double rate = 0.1) {
  CohortPlan plan;
  plan.customers = customers;
  plan.falls = falls;
  plan.mean_rate = rate;
  return simulate(plan, 42);
}

std::string message(const DecliningView& view, const DecliningOptions& options) {
  try {
    declining(view, options);
  } catch (const InvalidArgument& error) {
    return error.what();
  }
  return "no error";
}

void expect_equal(const DecliningResult& a, const DecliningResult& b) {
  EXPECT_EQ(a.customer, b.customer);
  EXPECT_EQ(a.list, b.list);
  EXPECT_EQ(a.drop, b.drop);
  EXPECT_EQ(a.drop_low, b.drop_low);
  EXPECT_EQ(a.drop_high, b.drop_high);
  EXPECT_EQ(a.probability, b.probability);
  EXPECT_EQ(a.local_fdr, b.local_fdr);
  EXPECT_EQ(a.expected_lost_revenue, b.expected_lost_revenue);
  EXPECT_EQ(a.expected_lost_revenue_high, b.expected_lost_revenue_high);
  EXPECT_EQ(a.usual_gap_days, b.usual_gap_days);
  EXPECT_EQ(a.p_gap, b.p_gap);
  EXPECT_EQ(a.q_value, b.q_value);
  EXPECT_EQ(a.change_date, b.change_date);
  EXPECT_EQ(a.score, b.score);
  EXPECT_EQ(a.weights, b.weights);
  EXPECT_EQ(a.market_change.value, b.market_change.value);
}

/// The occasions of some customers, in the order given, as a cohort of its own.
Cohort take(const Cohort& from, const std::vector<std::size_t>& customers) {
  Cohort result;
  result.first_day = from.first_day;
  result.last_day = from.last_day;
  for (const std::size_t c : customers) {
    for (auto i = static_cast<std::size_t>(from.occasions.customer_begin[c]);
         i < static_cast<std::size_t>(from.occasions.customer_begin[c + 1]); ++i) {
      result.occasions.day.push_back(from.occasions.day[i]);
      result.occasions.spend.push_back(from.occasions.spend[i]);
    }
    result.occasions.customer_begin.push_back(
        static_cast<std::int64_t>(result.occasions.day.size()));
  }
  return result;
}

}  // namespace

TEST(Declining, SameBitsOnAnyNumberOfThreads) {
  const Cohort c = cohort(0.2);
  DecliningResult first;
  for (const int threads : {1, 2, 3, 8}) {
    Context context;
    context.threads = threads;
    DecliningResult result = declining(c.view(), {}, context);
    if (threads == 1) first = result;
    ASSERT_GT(result.listed[0], 10);
    expect_equal(result, first);
  }
}

TEST(Declining, WhatComesAfterTheMomentChangesNothing) {
  Cohort c = cohort(0.2);
  c.last_day -= 60;
  const DecliningResult before = declining(c.view());
  // The later occasions are moved to other days and to other customers.
  Cohort changed;
  changed.first_day = c.first_day;
  changed.last_day = c.last_day;
  core::Random random(1);
  for (std::size_t k = 0; k + 1 < c.occasions.customer_begin.size(); ++k) {
    for (auto i = static_cast<std::size_t>(c.occasions.customer_begin[k]);
         i < static_cast<std::size_t>(c.occasions.customer_begin[k + 1]) &&
         c.occasions.day[i] <= c.last_day;
         ++i) {
      changed.occasions.day.push_back(c.occasions.day[i]);
      changed.occasions.spend.push_back(c.occasions.spend[i]);
    }
    data::Day day = c.last_day;
    for (std::uint64_t extra = random.below(5); extra > 0; --extra) {
      changed.occasions.day.push_back(day += 1 + static_cast<data::Day>(random.below(9)));
      changed.occasions.spend.push_back(1e6);
    }
    changed.occasions.customer_begin.push_back(
        static_cast<std::int64_t>(changed.occasions.day.size()));
  }
  const DecliningResult after = declining(changed.view());
  expect_equal(before, after);
  EXPECT_EQ(before.last_order, after.last_order);
}

TEST(Declining, TheOrderOfCustomersDoesNotMatter) {
  const Cohort c = cohort(0.2, 800);
  std::vector<std::size_t> order(800);
  std::iota(order.rbegin(), order.rend(), std::size_t{0});
  const DecliningResult a = declining(c.view());
  const DecliningResult b = declining(take(c, order).view());
  ASSERT_EQ(a.customer.size(), b.customer.size());
  ASSERT_GT(a.customer.size(), 20U);
  for (std::size_t i = 0; i < a.customer.size(); ++i) {
    EXPECT_EQ(a.list[i], b.list[i]);
    EXPECT_NEAR(a.expected_lost_revenue_high[i], b.expected_lost_revenue_high[i],
                1e-6 * a.expected_lost_revenue_high[i]);
  }
}

TEST(Declining, ListsAreRankedAndAddUp) {
  const Cohort c = cohort(0.2);
  DecliningOptions options;
  options.all = true;
  const DecliningResult r = declining(c.view(), options);
  EXPECT_EQ(static_cast<std::int64_t>(r.customer.size()), r.n_eligible);
  EXPECT_EQ(r.listed[2], 50);
  double proven = 0, likely = 0;
  for (std::size_t i = 0; i < r.customer.size(); ++i) {
    if (r.list[i] == DeclineList::proven) proven += r.local_fdr[i];
    if (r.list[i] == DeclineList::likely) likely += r.local_fdr[i];
    if (i > 0 && r.list[i] == r.list[i - 1]) {
      const auto& by =
          r.list[i] < DeclineList::watch ? r.expected_lost_revenue : r.expected_lost_revenue_high;
      EXPECT_GE(by[i - 1], by[i]);
    }
    EXPECT_LE(r.expected_lost_revenue_low[i], r.expected_lost_revenue[i]);
    EXPECT_LE(r.expected_lost_revenue[i], r.expected_lost_revenue_high[i]);
  }
  EXPECT_LE(proven, 0.05 * static_cast<double>(r.listed[0]));
  EXPECT_LE(likely, 0.20 * static_cast<double>(r.listed[1]));
  EXPECT_GT(r.listed[1], 5);
  EXPECT_DOUBLE_EQ(likely, r.expected_false_alarms[1]);
  EXPECT_DOUBLE_EQ(proven, r.expected_false_alarms[0]);
  EXPECT_EQ(r.headline, "proven");
  EXPECT_LT(r.certificate, 1e-5);
  EXPECT_NEAR(std::accumulate(r.weights.begin(), r.weights.end(), 0.0), 1, 1e-9);
}

TEST(Declining, SortedByWhatIsAsked) {
  const Cohort c = cohort(0.2);
  DecliningOptions options;
  options.all = true;
  const auto rises = [&](DeclineSort sort, auto&& by) {
    options.sort = sort;
    const DecliningResult r = declining(c.view(), options);
    EXPECT_EQ(r.listed[2], 50);
    for (std::size_t i = 1; i < r.customer.size(); ++i)
      if (r.list[i] == r.list[i - 1]) {
        EXPECT_GE(by(r, i - 1), by(r, i)) << i;
      }
    return r;
  };
  rises(DeclineSort::probability, [](const DecliningResult& r, std::size_t i) {
    return r.list[i] < DeclineList::watch ? r.probability[i] : r.probability_high[i];
  });
  const DecliningResult scored =
      rises(DeclineSort::score, [](const DecliningResult& r, std::size_t i) { return r.score[i]; });
  options.sort = DeclineSort::expected_loss;
  const DecliningResult plain = declining(c.view(), options);
  EXPECT_EQ(plain.listed[0], scored.listed[0]) << "the order does not change who is proven";
  EXPECT_NE(plain.customer, scored.customer);
  EXPECT_EQ(parse_decline_sort("score"), DeclineSort::score);
  EXPECT_EQ(parse_decline_sort("probability"), DeclineSort::probability);
  EXPECT_EQ(parse_decline_sort("expected_loss"), DeclineSort::expected_loss);
  try {
    parse_decline_sort("money");
    FAIL();
  } catch (const InvalidArgument& error) {
    EXPECT_STREQ(error.what(),
                 "declining: sort must be \"expected_loss\", \"probability\" or \"score\", found "
                 "'money'");
  }
}

// Customers who stop for good: the score, learnt a window earlier, tells them from the others.
TEST(Declining, TheScoreTellsWhoStaysAway) {
  CohortPlan plan;
  plan.customers = 2500;
  plan.mean_rate = 0.05;
  plan.death = 1.0 / 400;
  plan.market = 1;
  plan.history = 630;
  Cohort c = simulate(plan, 9);
  c.last_day -= 90;  // what follows is the test
  DecliningOptions options;
  options.all = true;
  const DecliningResult r = declining(c.view(), options);
  ASSERT_EQ(r.score_status, Status::ok);
  EXPECT_EQ(r.score_window.last, r.window.first - 1);
  EXPECT_EQ(r.score_window.first, r.window.first - 90);
  double stayed = 0, all = 0, said = 0, pairs = 0, right = 0;
  std::vector<double> none, some;
  for (std::size_t i = 0; i < r.customer.size(); ++i) {
    const auto k = static_cast<std::size_t>(r.customer[i]);
    const bool came =
        c.occasions.day[static_cast<std::size_t>(c.occasions.customer_begin[k + 1]) - 1] >
        c.last_day;
    stayed += came ? 0 : 1;
    all += 1;
    said += r.score[i];
    (came ? some : none).push_back(r.score[i]);
  }
  for (const double a : none)
    for (const double b : some) {
      pairs += 1;
      right += a > b ? 1 : 0;
    }
  EXPECT_GT(right / pairs, 0.85);
  EXPECT_NEAR(said / all, stayed / all, 0.15)
      << "low buyers are also counted, so more than stay away";
  EXPECT_GE(said / all, stayed / all - 0.02);
}

TEST(Declining, WithoutAnEarlierSnapshotThereIsNoScore) {
  Cohort c = cohort(0.2);
  c.first_day = c.last_day - 190;  // ten days of baseline a window earlier
  DecliningOptions options;
  const DecliningResult r = declining(c.view(), options);
  EXPECT_EQ(r.score_status, Status::not_enough_data);
  ASSERT_FALSE(r.score.empty());
  for (const double score : r.score) EXPECT_TRUE(std::isnan(score));
  options.sort = DeclineSort::score;  // falls back on the probability
  EXPECT_EQ(declining(c.view(), options).listed[2], 50);
}

TEST(Declining, NobodyFellAndItSaysSo) {
  const Cohort c = cohort(0);
  const DecliningResult r = declining(c.view());
  EXPECT_EQ(r.headline, "none_proven");
  EXPECT_EQ(r.listed[0] + r.listed[1], 0);
  EXPECT_EQ(r.listed[2], 50) << "there is work even when nothing is proven";
  EXPECT_GT(r.weights[0], 0.95);
}

// A customer who comes four times and stops, put among regulars, is the first of the lists.
TEST(Declining, CountsAreThoseOfTheWindows) {
  Cohort c = cohort(0.2, 600);
  const data::Day last = c.last_day;
  for (const data::Day day : {last - 269, last - 200, last - 150, last - 90, last - 89, last})
    c.occasions.day.push_back(day);
  c.occasions.spend.insert(c.occasions.spend.end(), 6, 10.0);
  c.occasions.customer_begin.push_back(static_cast<std::int64_t>(c.occasions.day.size()));
  DecliningOptions options;
  options.all = true;
  const DecliningResult r = declining(c.view(), options);
  const auto at = static_cast<std::size_t>(std::find(r.customer.begin(), r.customer.end(), 600) -
                                           r.customer.begin());
  ASSERT_LT(at, r.customer.size());
  EXPECT_EQ(r.baseline_orders[at], 4);  // the first one opens the account, and is shown
  EXPECT_EQ(r.window_orders[at], 2);
  EXPECT_EQ(r.baseline_spend[at], 40);
  EXPECT_EQ(r.usual_gap_days[at], 60);
  EXPECT_EQ(r.last_order[at], last);
  EXPECT_EQ(r.n[at], 6);
  EXPECT_EQ(r.window.first, last - 89);
  EXPECT_EQ(r.baseline.last, last - 90);
  EXPECT_EQ(r.baseline.first, last - 269);
}

// Who first bought half-way through the baseline is exposed from then on: as many orders in half
// the time are twice the rate, so more is expected of him.
TEST(Declining, EntryInsideTheBaselineShortensExposure) {
  Cohort c = cohort(0, 600);
  const data::Day last = c.last_day;
  const auto add = [&](std::vector<data::Day> days) {
    for (const data::Day day : days) c.occasions.day.push_back(day);
    c.occasions.spend.resize(c.occasions.day.size(), 10.0);
    c.occasions.customer_begin.push_back(static_cast<std::int64_t>(c.occasions.day.size()));
  };
  // Three orders that count for both, the newcomer's first one conditions.
  add({last - 400, last - 170, last - 140, last - 110, last - 100, last - 95});
  add({last - 180, last - 170, last - 140, last - 110, last - 100, last - 95});
  DecliningOptions options;
  options.all = true;
  const DecliningResult r = declining(c.view(), options);
  const auto expected = [&](std::int32_t customer) {
    return r.expected_orders[static_cast<std::size_t>(
        std::find(r.customer.begin(), r.customer.end(), customer) - r.customer.begin())];
  };
  EXPECT_GT(expected(601), 1.3 * expected(600));
}

TEST(Declining, PeersTakeTheMarketOutAndOwnDoesNot) {
  CohortPlan plan;
  plan.customers = 1500;
  plan.mean_rate = 0.1;
  plan.market = 0.3;
  const Cohort c = simulate(plan, 5);
  DecliningOptions options;
  EXPECT_EQ(declining(c.view(), options).headline, "none_proven");
  options.relative_to = RelativeTo::own;
  const DecliningResult own = declining(c.view(), options);
  EXPECT_GT(own.listed[0] + own.listed[1], 0.95 * static_cast<double>(own.n_eligible));
  EXPECT_NEAR(own.market_change.value, 0.31, 0.02);
  EXPECT_LT(own.market_change.low, own.market_change.value);
  EXPECT_GT(own.market_change.high, own.market_change.value);
}

TEST(Declining, WindowsMayLieAnywhere) {
  const Cohort c = cohort(0.2);
  const data::Day last = c.last_day;
  DecliningOptions options;
  const DecliningResult spans = declining(c.view(), options);
  options.window_days = DayRange{last - 89, last};
  options.baseline_days = DayRange{last - 269, last - 90};
  expect_equal(declining(c.view(), options), spans);
  options.window_days = DayRange{last - 150, last - 100};
  options.baseline_days.reset();
  const DecliningResult history = declining(c.view(), options);
  EXPECT_EQ(history.baseline.last, last - 151);
  EXPECT_EQ(history.baseline.first, last - 330);
}

TEST(Declining, TooFewCustomersAreNotJudged) {
  const Cohort c = cohort(0.2, 8, 0.02);
  const DecliningResult r = declining(c.view());
  EXPECT_LT(r.n_eligible, 10);
  EXPECT_EQ(r.headline, "not_enough_data");
  EXPECT_EQ(r.fit_status, Status::not_enough_data);
  EXPECT_TRUE(r.customer.empty());
  EXPECT_TRUE(std::isnan(r.market_change.value));
  const DecliningResult none = declining({{}, 0, 400});
  EXPECT_EQ(none.headline, "not_enough_data");
  EXPECT_EQ(declining(cohort(0.2, 80).view()).fit_status, Status::small_sample);
}

TEST(Declining, ACutBaselineIsSaid) {
  const Cohort c = cohort(0.2);
  DecliningOptions options;
  options.baseline = {10, data::Span::Unit::years};
  const DecliningResult r = declining(c.view(), options);
  EXPECT_TRUE(r.baseline_cut);
  EXPECT_EQ(r.baseline.first, c.first_day);
  EXPECT_FALSE(declining(c.view()).baseline_cut);
}

TEST(Declining, SaysWhatIsWrong) {
  const Cohort c = cohort(0, 20);
  const auto with = [&](auto&& change) {
    DecliningOptions options;
    change(options);
    return message(c.view(), options);
  };
  EXPECT_EQ(with([](auto& o) { o.min_drop = 1.5; }),
            "declining: min_drop must lie between 0 and 1, found 1.5");
  EXPECT_EQ(with([](auto& o) { o.fdr = 0; }), "declining: fdr must lie between 0 and 1, found 0");
  EXPECT_EQ(with([](auto& o) { o.min_baseline_orders = 0; }),
            "declining: min_baseline_orders must be at least 1, found 0");
  EXPECT_EQ(with([](auto& o) { o.watch = -1; }), "declining: watch must be 0 or more, found -1");
  EXPECT_EQ(with([](auto& o) { o.window.count = 0; }),
            "declining: window must be longer than 0 days");
  EXPECT_EQ(with([&](auto& o) {
              o.window_days = DayRange{c.last_day - 9, c.last_day};
              o.baseline_days = DayRange{c.last_day - 99, c.last_day - 9};
            }),
            "declining: baseline ends on 2012-07-09, but must end before the window begins on "
            "2012-07-09");
  EXPECT_EQ(with([&](auto& o) {
              o.window_days = DayRange{c.last_day - 9, c.last_day + 1};
            }),
            "declining: window ends on 2012-07-19, after the last day known, 2012-07-18");
  EXPECT_EQ(
      with([&](auto& o) {
        o.window_days = DayRange{9, 5};
      }),
      "declining: window must be two days, the first not after the second; found 1970-01-10 and "
      "1970-01-06");
  EXPECT_EQ(message({c.occasions.view(), 0, data::kNoDay}, {}),
            "declining: last_day is not set; give the last day observed");
  EXPECT_THROW(parse_relative_to("market"), InvalidArgument);
  try {
    parse_relative_to("market");
  } catch (const InvalidArgument& error) {
    EXPECT_STREQ(error.what(),
                 "declining: relative_to must be \"peers\" or \"own\", found 'market'");
  }
}

// The market's change, .8, is read too low where buyers are regular; its interval must know.
TEST(Declining, RegularBuyersWidenTheMarketsChange) {
  testing::CohortPlan plan;
  plan.customers = 3000;
  plan.falls = 0.2;
  plan.erlang = 3;
  const testing::Cohort cohort = testing::simulate(plan, 31);
  DecliningOptions options;
  options.relative_to = RelativeTo::own;
  const DecliningResult found = declining(cohort.view(), options);
  EXPECT_LT(found.market_change.value, 0.79);
  EXPECT_GT(found.market_change.high, 0.8);
  EXPECT_LT(found.market_change.low, found.market_change.value);
}

}  // namespace emptor::customers
