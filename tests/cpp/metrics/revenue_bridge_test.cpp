#include "emptor/metrics/revenue_bridge.hpp"

#include "emptor/core/error.hpp"

#include "metrics/shop.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <string>
#include <vector>

namespace emptor::metrics {
namespace {

using data::Day;
using test::day_of;
using test::Line;
using test::random_shop;
using test::Shop;

double amount(const RevenueBridge& b, BridgeStep step) {
  return b.amount[static_cast<std::size_t>(step)];
}
std::int64_t n(const RevenueBridge& b, BridgeStep step) {
  return b.n[static_cast<std::size_t>(step)];
}

// Ten-day windows: 1 to 10 June is the baseline, 11 to 20 June the window. One customer per step.
TEST(RevenueBridge, ByHand) {
  const Day start = day_of("2011-06-01");
  const Day may = day_of("2011-05-20");
  const Shop shop({{0, 0, 0, start + 12, 1, 7.0},                     // new
                   {1, 1, 0, may, 1, 1.0},                            // came back
                   {1, 2, 0, start + 19, 1, 5.5},                     //
                   {2, 3, 0, start, 1, 2.0},                          // grown
                   {2, 4, 0, start + 10, 1, 3.25},                    //
                   {3, 5, 0, start + 9, 2, 9.0},                      // shrunk
                   {3, 6, 0, start + 15, 1, 4.5},                     //
                   {4, 7, 0, start + 5, 1, 6.0},                      // lost
                   {4, 8, 0, start + 14, 1, 0.0, data::kFree},        // a gift is no purchase
                   {-1, 9, 0, start + 3, 1, 10.0},                    // no customer
                   {-1, 10, 0, start + 13, 1, 12.0},                  //
                   {3, 11, 0, start + 16, -1, -4.5, data::kReturn},   // returned
                   {2, 12, 1, start + 11, 1, 2.5, data::kNotGoods}},  // postage
                  day_of("2011-05-01"), start + 19);
  const RevenueBridge b = revenue_bridge(shop.view, {.window = {10, data::Span::Unit::days},
                                                     .new_after = {30, data::Span::Unit::days}});
  EXPECT_EQ(b.first_day, start + 10);
  EXPECT_EQ(b.baseline_first_day, start);
  EXPECT_EQ(b.baseline_last_day, start + 9);
  EXPECT_EQ(data::to_double(b.baseline_revenue), 27);
  EXPECT_EQ(data::to_double(b.revenue), 30.25);
  EXPECT_EQ(amount(b, BridgeStep::new_customers), 7);
  EXPECT_EQ(amount(b, BridgeStep::returning), 5.5);
  EXPECT_EQ(amount(b, BridgeStep::grown), 1.25);
  EXPECT_EQ(amount(b, BridgeStep::shrunk), -4.5);
  EXPECT_EQ(amount(b, BridgeStep::lost), -6);
  EXPECT_EQ(amount(b, BridgeStep::without_customer), 2);
  EXPECT_EQ(amount(b, BridgeStep::returned), -4.5);
  EXPECT_EQ(amount(b, BridgeStep::other), 2.5);
  for (const BridgeStep step : {BridgeStep::new_customers, BridgeStep::returning, BridgeStep::grown,
                                BridgeStep::shrunk, BridgeStep::lost, BridgeStep::returned}) {
    EXPECT_EQ(n(b, step), 1);
  }
  EXPECT_NEAR(b.share[0], 7.0 / 27, 1e-15);
  EXPECT_EQ(b.trading_days, 5);
  EXPECT_EQ(b.baseline_trading_days, 4);
  EXPECT_EQ(b.status[0], Status::ok);
  // With the default of 180 days nobody knows who is new in June.
  const RevenueBridge unknown = revenue_bridge(shop.view, {.window = {10, data::Span::Unit::days}});
  EXPECT_EQ(unknown.status[0], Status::extrapolated);
  EXPECT_EQ(unknown.status[2], Status::ok);
}

TEST(RevenueBridge, AddsUpExactly) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const Shop shop = random_shop(seed);
    for (const auto baseline : {Baseline::before, Baseline::year}) {
      const data::Span window{2, data::Span::Unit::months};
      const RevenueBridge b = revenue_bridge(shop.view, {.window = window, .baseline = baseline});
      EXPECT_EQ(
          b.baseline_revenue + std::accumulate(b.exact.begin(), b.exact.end(), data::Money{0}),
          b.revenue);
      data::Money now = 0;
      data::Money before = 0;
      for (std::size_t i = 0; i < shop.day.size(); ++i) {
        if (shop.day[i] >= b.first_day && shop.day[i] <= b.last_day) now += shop.amount[i];
        if (shop.day[i] >= b.baseline_first_day && shop.day[i] <= b.baseline_last_day) {
          before += shop.amount[i];
        }
      }
      EXPECT_EQ(b.revenue, now);
      EXPECT_EQ(b.baseline_revenue, before);
      EXPECT_EQ(b.step.size(), 8U);
    }
  }
}

TEST(RevenueBridge, Windows) {
  const Shop shop = random_shop(1);  // ends 2012-01-26
  const auto days = [&](data::Span window, Baseline baseline) {
    const RevenueBridge b = revenue_bridge(shop.view, {.window = window, .baseline = baseline});
    return data::iso_date(b.baseline_first_day) + " " + data::iso_date(b.baseline_last_day) + " " +
           data::iso_date(b.first_day) + " " + data::iso_date(b.last_day);
  };
  EXPECT_EQ(days({1, data::Span::Unit::months}, Baseline::before),
            "2011-11-27 2011-12-26 2011-12-27 2012-01-26");
  EXPECT_EQ(days({1, data::Span::Unit::months}, Baseline::year),
            "2010-12-27 2011-01-26 2011-12-27 2012-01-26");
  EXPECT_EQ(days({1, data::Span::Unit::weeks}, Baseline::before),
            "2012-01-13 2012-01-19 2012-01-20 2012-01-26");
}

template <typename Call>
std::string message(Call call) {
  try {
    call();
  } catch (const Error& e) {
    return e.what();
  }
  return "no error";
}

TEST(RevenueBridge, Messages) {
  const Shop shop = random_shop(1);
  EXPECT_EQ(message([&] {
              revenue_bridge(shop.view, {.window = {1, data::Span::Unit::years}});
            }),
            "revenue_bridge: the data begin on 2010-11-20, the baseline would begin on 2010-01-27; "
            "write a shorter window");
  EXPECT_EQ(message([&] {
              revenue_bridge(shop.view, {.window = {0, data::Span::Unit::days}});
            }),
            "revenue_bridge: window must be at least one day");
  EXPECT_EQ(message([&] { revenue_bridge(KpisView{}); }),
            "revenue_bridge: there are no order lines by the moment");
  EXPECT_EQ(message([] { parse_baseline("last", "revenue_bridge"); }),
            "revenue_bridge: baseline must be \"before\" or \"year\"; found 'last'");
  KpisView cut = shop.view;
  cut.amount = cut.amount.first(3);
  EXPECT_EQ(message([&] { revenue_bridge(cut); }),
            "revenue_bridge: order, customer, day, amount and flags must be equally long");
}

}  // namespace
}  // namespace emptor::metrics
