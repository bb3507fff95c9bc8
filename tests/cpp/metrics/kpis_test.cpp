#include "emptor/metrics/kpis.hpp"

#include "emptor/core/error.hpp"

#include "metrics/shop.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace emptor::metrics {
namespace {

using data::Day;
using data::Money;
using test::day_of;
using test::Line;
using test::random_shop;
using test::Shop;

double value(const Kpis& found, Kpi kpi, std::size_t row) { return found[kpi].value[row]; }

// Two months by hand. January: order 0 of customer 0 (tea 3 for 5.50 after .50 off, cup 4.00,
// postage 3.00), order 1 without a customer (tea 5.00). February: customer 0 on two days (orders 2
// and 3), customer 1 (order 4) who gives all of it back (order 5), customer 0 gives one tea of
// January back (order 6).
Shop by_hand() {
  const Day jan = day_of("2011-01-03");
  const Day feb = day_of("2011-02-01");
  return Shop({{0, 0, 0, jan, 3, 5.5, data::kPartlyUndone, 0.5},
               {0, 0, 1, jan, 1, 4.0},
               {0, 0, 2, jan, 1, 3.0, data::kNotGoods},
               {-1, 1, 0, jan + 9, 2, 5.0},
               {0, 2, 1, feb, 2, 8.0},
               {0, 3, 1, feb + 5, 1, 4.0},
               {0, 3, 3, feb + 5, 1, 0.0, data::kFree},
               {1, 4, 1, feb + 1, 1, 4.0, data::kUndone},
               {1, 5, 1, feb + 2, -1, -4.0, data::kReturn},
               {0, 6, 0, feb + 6, -1, -2.0, data::kReturn}},
              day_of("2011-01-01"), day_of("2011-02-28"));
}

TEST(Kpis, ByHand) {
  const Shop shop = by_hand();
  const Kpis found = kpis(shop.view, {.new_after = {1, data::Span::Unit::months}});
  ASSERT_EQ(found.start.size(), 2U);
  EXPECT_EQ(found.start[1], day_of("2011-02-01"));
  EXPECT_EQ(found.complete, (std::vector<std::uint8_t>{1, 1}));
  EXPECT_EQ(found.trading_days, (std::vector<std::int64_t>{2, 2}));
  EXPECT_EQ(found.n, (std::vector<std::int64_t>{4, 6}));
  EXPECT_EQ(value(found, Kpi::gross_revenue, 0), 15.0);
  EXPECT_EQ(value(found, Kpi::discounts, 0), 0.5);
  EXPECT_EQ(value(found, Kpi::returned, 0), 0);
  EXPECT_EQ(value(found, Kpi::other_revenue, 0), 3);
  EXPECT_EQ(value(found, Kpi::revenue, 0), 17.5);
  EXPECT_EQ(value(found, Kpi::gross_revenue, 1), 16);
  EXPECT_EQ(value(found, Kpi::returned, 1), 6);
  EXPECT_EQ(value(found, Kpi::revenue, 1), 10);
  EXPECT_EQ(found[Kpi::orders].count, (std::vector<std::int64_t>{2, 2}));
  EXPECT_EQ(found[Kpi::customers].count, (std::vector<std::int64_t>{1, 1}));
  const std::int64_t missing = std::numeric_limits<std::int64_t>::min();
  EXPECT_EQ(found[Kpi::new_customers].count, (std::vector<std::int64_t>{missing, 0}));
  EXPECT_EQ(found[Kpi::returning_customers].count, (std::vector<std::int64_t>{missing, 1}));
  EXPECT_EQ(found[Kpi::new_customers].status[0], Status::undefined);
  // Two orders are too few for a mean, and say so.
  EXPECT_EQ(found[Kpi::average_order_value].status[0], Status::not_enough_data);
  EXPECT_TRUE(std::isnan(value(found, Kpi::average_order_value, 0)));
  EXPECT_EQ(found[Kpi::average_order_value].n[0], 2);
}

// The same shop forty times over, each time with customers and orders of its own.
TEST(Kpis, RatiosByHand) {
  const Shop one = by_hand();
  std::vector<Line> lines;
  for (std::int32_t copy = 0; copy < 40; ++copy) {
    for (std::size_t i = 0; i < one.order.size(); ++i) {
      lines.push_back({one.customer[i] < 0 ? -1 : one.customer[i] + 2 * copy,
                       one.order[i] + 7 * copy, one.product[i], one.day[i], one.quantity[i],
                       data::to_double(one.amount[i]), one.flags[i],
                       data::to_double(one.discount[i])});
    }
  }
  const Shop shop(std::move(lines), one.view.first_day, one.view.last_day);
  const Kpis found = kpis(shop.view);
  EXPECT_NEAR(value(found, Kpi::average_order_value, 0), (9.5 + 5) / 2, 1e-12);
  EXPECT_NEAR(value(found, Kpi::median_order_value, 0), (9.5 + 5) / 2, 1e-12);
  EXPECT_NEAR(value(found, Kpi::median_order_value, 1), 6, 1e-12);
  EXPECT_NEAR(value(found, Kpi::items_per_order, 0), 1.5, 1e-12);
  EXPECT_NEAR(value(found, Kpi::units_per_order, 0), 3, 1e-12);
  EXPECT_EQ(value(found, Kpi::repeat_rate, 0), 0);
  EXPECT_EQ(value(found, Kpi::repeat_rate, 1), 1);
  EXPECT_NEAR(value(found, Kpi::return_share, 1), 6.0 / 16, 1e-12);
  EXPECT_NEAR(value(found, Kpi::top_tenth_share, 1), 0.1, 1e-12);  // all paid the same
  EXPECT_EQ(found[Kpi::average_order_value].n[0], 80);
  EXPECT_EQ(found[Kpi::average_order_value].status[0], Status::ok);
  EXPECT_EQ(found[Kpi::average_order_value].status[1], Status::boundary);  // all customers alike
  // No return was seen: the share is 0, how high it may be is not known.
  EXPECT_EQ(found[Kpi::return_share].value[0], 0);
  EXPECT_TRUE(std::isnan(found[Kpi::return_share].high[0]));
  EXPECT_EQ(found[Kpi::return_share].status[0], Status::boundary);
  const KpiChange& change = found[Kpi::revenue].previous;
  EXPECT_EQ(change.status[0], Status::undefined);
  EXPECT_NEAR(change.change[1], 10.0 / 17.5 - 1, 1e-12);
  EXPECT_LT(change.low[1], change.change[1]);
  EXPECT_GT(change.high[1], change.change[1]);
  EXPECT_EQ(found.change_days, (std::vector<std::int64_t>{0, 2}));
}

// The definitions once more, as plainly as sets and maps allow.
struct Plain {
  std::map<std::int32_t, std::set<std::int32_t>> items;
  std::map<std::int32_t, Money> order_value;
  std::map<std::int32_t, std::set<Day>> customer_days;
  std::map<std::int32_t, Money> customer_value;
  Money gross = 0, discount = 0, returned = 0, other = 0;
  double units = 0;
};

Plain plain(const Shop& shop, Day first, Day last, std::int32_t group) {
  const auto counts = [&](std::size_t i) {
    return shop.flags[i] == 0 || shop.flags[i] == data::kPartlyUndone;
  };
  Plain p;
  for (std::size_t i = 0; i < shop.order.size(); ++i) {
    if (!shop.view.group.empty() && shop.group[i] != group) continue;
    if (shop.day[i] < first || shop.day[i] > last) continue;  // all lines of an order on one day
    if ((shop.flags[i] & data::kNotGoods) != 0) {
      p.other += shop.amount[i];
    } else if ((shop.flags[i] & data::kReturn) != 0) {
      p.returned -= shop.amount[i];
    } else {
      p.gross += shop.amount[i] + shop.discount[i];
      p.discount += shop.discount[i];
    }
    if (!counts(i)) continue;
    p.items[shop.order[i]].insert(shop.product[i]);
    p.order_value[shop.order[i]] += shop.amount[i];
    p.units += shop.quantity[i];
    if (shop.customer[i] < 0) continue;
    p.customer_days[shop.customer[i]].insert(shop.day[i]);
    p.customer_value[shop.customer[i]] += shop.amount[i];
  }
  return p;
}

void expect_ratios(const Kpis& found, std::size_t row, const Plain& p) {
  const auto orders = static_cast<double>(p.order_value.size());
  double items = 0;
  Money sum = 0;
  std::vector<Money> values;
  for (const auto& [order, set] : p.items) items += static_cast<double>(set.size());
  for (const auto& [order, paid] : p.order_value) {
    sum += paid;
    values.push_back(paid);
  }
  std::sort(values.begin(), values.end());
  const std::size_t n = values.size();
  const double median = static_cast<double>(values[(n - 1) / 2] + values[n / 2]) / 2;
  EXPECT_NEAR(value(found, Kpi::average_order_value, row), data::to_double(sum) / orders, 1e-12);
  EXPECT_NEAR(value(found, Kpi::median_order_value, row), median / data::kMoneyUnit, 1e-12);
  EXPECT_NEAR(value(found, Kpi::items_per_order, row), items / orders, 1e-12);
  EXPECT_NEAR(value(found, Kpi::units_per_order, row), p.units / orders, 1e-12);
  EXPECT_NEAR(value(found, Kpi::return_share, row),
              static_cast<double>(p.returned) / static_cast<double>(p.gross - p.discount), 1e-12);
  if (found[Kpi::repeat_rate].status[row] == Status::not_enough_data) return;
  const auto customers = static_cast<double>(p.customer_days.size());
  double repeaters = 0;
  for (const auto& [customer, days] : p.customer_days) repeaters += days.size() > 1 ? 1 : 0;
  EXPECT_NEAR(value(found, Kpi::repeat_rate, row), repeaters / customers, 1e-12);
  if (found[Kpi::top_tenth_share].status[row] == Status::not_enough_data) {
    EXPECT_LT(customers, 30);
    return;
  }
  std::vector<double> paid;
  double all = 0;
  for (const auto& [customer, x] : p.customer_value) {
    paid.push_back(static_cast<double>(x));
    all += paid.back();
  }
  std::sort(paid.rbegin(), paid.rend());
  double left = 0.1 * customers;
  double top = 0;
  for (const double x : paid) {
    top += std::min(left, 1.0) * x;
    left -= std::min(left, 1.0);
  }
  EXPECT_NEAR(value(found, Kpi::top_tenth_share, row), top / all, 1e-12);
}

TEST(Kpis, EqualPlainCounting) {
  int compared = 0;
  for (const std::int32_t groups : {0, 3}) {
    for (const auto period : {data::Period::month, data::Period::quarter}) {
      const Shop shop = random_shop(5, groups);
      const Kpis found = kpis(shop.view, {.period = period});
      const std::size_t periods = period == data::Period::month ? 15 : 6;
      ASSERT_EQ(found.start.size(), periods * (groups == 0 ? 1 : 4));
      for (std::size_t row = 0; row < found.start.size(); ++row) {
        const Day last = data::next_period(found.start[row], period) - 1;
        const Plain p = plain(shop, found.start[row], last, found.group[row]);
        EXPECT_EQ(value(found, Kpi::gross_revenue, row), data::to_double(p.gross));
        EXPECT_EQ(value(found, Kpi::revenue, row),
                  data::to_double(p.gross - p.discount - p.returned + p.other));
        EXPECT_EQ(value(found, Kpi::other_revenue, row), data::to_double(p.other));
        EXPECT_EQ(value(found, Kpi::orders, row), static_cast<double>(p.order_value.size()));
        EXPECT_EQ(value(found, Kpi::customers, row), static_cast<double>(p.customer_days.size()));
        if (found[Kpi::average_order_value].status[row] == Status::not_enough_data) continue;
        expect_ratios(found, row, p);
        ++compared;
      }
    }
  }
  EXPECT_GT(compared, 60);
}

TEST(Kpis, PartsAddUp) {
  const Shop shop = random_shop(6);
  const data::Span day{1, data::Span::Unit::days};
  const Kpis months = kpis(shop.view, {.new_after = day});
  const Kpis years = kpis(shop.view, {.period = data::Period::year, .new_after = day});
  double revenue = 0;
  std::int64_t orders = 0;
  std::int64_t fresh = 0;
  for (std::size_t row = 0; row < months.start.size(); ++row) {
    revenue += value(months, Kpi::revenue, row);
    orders += months[Kpi::orders].count[row];
    if (row == 0) continue;
    fresh += months[Kpi::new_customers].count[row];
    EXPECT_EQ(months[Kpi::new_customers].count[row] + months[Kpi::returning_customers].count[row],
              months[Kpi::customers].count[row]);
  }
  double yearly = 0;
  std::int64_t yearly_orders = 0;
  for (std::size_t row = 0; row < years.start.size(); ++row) {
    yearly += value(years, Kpi::revenue, row);
    yearly_orders += years[Kpi::orders].count[row];
  }
  EXPECT_NEAR(revenue, yearly, 1e-9);
  EXPECT_EQ(orders, yearly_orders);
  // Everybody is new once: first seen in the first, incomplete month, or new in a later one.
  const Plain all = plain(shop, shop.view.first_day, shop.view.last_day, 0);
  EXPECT_EQ(months[Kpi::customers].count[0] + fresh,
            static_cast<std::int64_t>(all.customer_days.size()));
}

TEST(Kpis, DoNotDependOnThreads) {
  const Shop shop = random_shop(7, 3);
  const auto run = [&](int threads) {
    Context context;
    context.threads = threads;
    return kpis(shop.view, {}, context);
  };
  const auto same = [](const std::vector<double>& a, const std::vector<double>& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](double x, double y) {
      return x == y || (std::isnan(x) && std::isnan(y));
    });
  };
  const Kpis one = run(1);
  for (const int threads : {2, 3, 8}) {
    const Kpis other = run(threads);
    for (std::size_t k = 0; k < kKpis; ++k) {
      EXPECT_TRUE(same(one.figures[k].value, other.figures[k].value));
      EXPECT_TRUE(same(one.figures[k].low, other.figures[k].low));
      EXPECT_TRUE(same(one.figures[k].previous.high, other.figures[k].previous.high));
      EXPECT_TRUE(same(one.figures[k].year.change, other.figures[k].year.change));
    }
  }
}

TEST(Kpis, IncompletePeriodsStandApart) {
  const Shop shop = random_shop(8);  // 2010-11-20 to 2012-01-26
  const Kpis found = kpis(shop.view);
  const std::size_t last = found.start.size() - 1;
  EXPECT_EQ(found.complete[0], 0);
  EXPECT_EQ(found.complete[1], 1);
  EXPECT_EQ(found.complete[last], 0);
  const KpiChange& change = found[Kpi::orders].previous;
  for (const std::size_t row : {std::size_t{0}, std::size_t{1}, last}) {
    EXPECT_TRUE(std::isnan(change.change[row]));
    EXPECT_EQ(change.status[row], Status::undefined);
  }
  EXPECT_EQ(change.status[2], Status::ok);
  const KpiChange& year = found[Kpi::orders].year;
  EXPECT_EQ(year.status[12], Status::undefined);  // November 2011 against a cut November
  EXPECT_EQ(year.status[13], Status::ok);         // December 2011 against December 2010
  // A moment at the end of a month completes it, whether or not anybody bought on its last day.
  const Shop whole({{0, 0, 0, day_of("2011-01-05"), 1, 1}}, day_of("2011-01-01"),
                   day_of("2011-01-31"));
  EXPECT_EQ(kpis(whole.view).complete[0], 1);
}

// January has four trading days and February two: only the first two of January are compared, so
// that a rush on the other two changes nothing.
TEST(Kpis, ChangesCompareEqualTradingDays) {
  const auto shop = [](double rush) {
    std::vector<Line> lines;
    std::int32_t order = 0;
    const Day jan = day_of("2011-01-03");
    const Day feb = day_of("2011-02-14");
    for (std::int32_t c = 0; c < 40; ++c) {
      const double weight = 1 + 0.1 * (c % 7);
      lines.push_back({c, order++, 0, jan, 1, 10 * weight});
      lines.push_back({c, order++, 0, jan + 1, 1, 10});
      lines.push_back({c, order++, 0, jan + 20, 1, rush});
      lines.push_back({c, order++, 0, jan + 25, 1, rush});
      lines.push_back({c, order++, 0, feb, 1, 12});
      lines.push_back({c, order++, 0, feb + 3, 1, 12 * weight});
    }
    return Shop(std::move(lines), day_of("2011-01-01"), day_of("2011-02-28"));
  };
  const Shop calm_shop = shop(10);
  const Shop busy_shop = shop(1000);
  const Kpis calm = kpis(calm_shop.view);
  const Kpis busy = kpis(busy_shop.view);
  EXPECT_EQ(calm.change_days[1], 2);
  EXPECT_EQ(calm.trading_days, (std::vector<std::int64_t>{4, 2}));
  EXPECT_NEAR(calm[Kpi::revenue].previous.change[1], 0.2, 1e-12);
  EXPECT_NEAR(busy[Kpi::revenue].previous.change[1], 0.2, 1e-12);
  EXPECT_NEAR(busy[Kpi::orders].previous.change[1], 0, 1e-12);
  EXPECT_GT(value(busy, Kpi::revenue, 0), value(calm, Kpi::revenue, 0));
}

TEST(Kpis, WeeksCompareWithFiftyTwoWeeksBefore) {
  std::vector<Line> lines;
  const Day monday = day_of("2010-01-04");
  std::int32_t order = 0;
  for (int week = 0; week < 60; ++week) {
    for (std::int32_t c = 0; c < 12; ++c) {
      lines.push_back(
          {c, order++, 0, monday + 7 * week + c % 3, 1, week == 52 ? 3.0 + c : 2.0 + c});
    }
  }
  const Shop shop(std::move(lines), monday, monday + 7 * 60 - 1);
  const Kpis found = kpis(shop.view, {.period = data::Period::week});
  EXPECT_NEAR(found[Kpi::revenue].year.change[52], 12.0 / 90, 1e-12);
  EXPECT_EQ(found[Kpi::revenue].year.change[53], 0);
  EXPECT_EQ(found[Kpi::revenue].year.status[51], Status::undefined);
}

// An order whose lines fall on both sides of midnight counts once, where it began; its money where
// it was paid.
TEST(Kpis, AnOrderOverMidnightCountsOnce) {
  const Day last = day_of("2011-01-31");
  const Shop shop({{0, 0, 0, last, 1, 2.0}, {0, 0, 1, last + 1, 1, 3.0}}, day_of("2011-01-01"),
                  day_of("2011-02-28"));
  const Kpis found = kpis(shop.view);
  EXPECT_EQ(found[Kpi::orders].count, (std::vector<std::int64_t>{1, 0}));
  EXPECT_EQ(value(found, Kpi::revenue, 0), 2);
  EXPECT_EQ(value(found, Kpi::revenue, 1), 3);
  EXPECT_EQ(found.trading_days, (std::vector<std::int64_t>{1, 0}));
}

// Orders without a customer are told apart by their number even where their lines interleave.
TEST(Kpis, InterleavedOrdersWithoutACustomer) {
  const Day day = day_of("2011-01-05");
  const Shop shop({{-1, 0, 0, day, 1, 2.0},
                   {-1, 1, 0, day + 1, 1, 3.0},
                   {-1, 0, 0, day + 2, 1, 4.0},
                   {-1, 1, 1, day + 3, 1, 5.0}},
                  day_of("2011-01-01"), day_of("2011-01-31"));
  const Kpis found = kpis(shop.view);
  EXPECT_EQ(found[Kpi::orders].count[0], 2);
  EXPECT_EQ(found[Kpi::average_order_value].n[0], 2);
  EXPECT_EQ(value(found, Kpi::revenue, 0), 14);
  EXPECT_EQ(found[Kpi::customers].count[0], 0);
  EXPECT_EQ(found[Kpi::return_share].n[0], 2);
}

TEST(Kpis, LittleComesOutOfLittle) {
  const Shop none({}, data::kNoDay, data::kNoDay);
  EXPECT_EQ(kpis(none.view).start.size(), 0U);
  // Only a return of something bought before the data begin.
  const Day day = day_of("2011-01-05");
  const Shop odd({{0, 0, 0, day, -1, -7.0, data::kReturn}}, day, day);
  const Kpis found = kpis(odd.view);
  EXPECT_EQ(value(found, Kpi::revenue, 0), -7);
  EXPECT_EQ(value(found, Kpi::orders, 0), 0);
  EXPECT_EQ(found.complete[0], 0);
  EXPECT_EQ(found[Kpi::return_share].status[0], Status::not_enough_data);
}

// The same orders, once by 400 customers and once by 40 of ten orders of one level each.
TEST(Kpis, IntervalsWidenWithClustering) {
  const auto shop = [](int each) {
    std::vector<Line> lines;
    for (std::int32_t i = 0; i < 400; ++i) {
      const double level = core::Random(4, static_cast<std::uint64_t>(i / 10)).gamma(1);
      lines.push_back(
          {i / each, i, 0, day_of("2011-01-02") + i % 20, 1, std::ceil(1000 * level) / 100 + 1});
    }
    return Shop(std::move(lines), day_of("2011-01-01"), day_of("2011-01-31"));
  };
  const Shop apart = shop(1);
  const Shop together = shop(10);
  const Kpis a = kpis(apart.view);
  const Kpis b = kpis(together.view);
  const auto width = [](const KpiColumn& c) { return std::log(c.high[0] / c.low[0]); };
  EXPECT_EQ(value(a, Kpi::average_order_value, 0), value(b, Kpi::average_order_value, 0));
  EXPECT_GT(width(b[Kpi::average_order_value]), 2.5 * width(a[Kpi::average_order_value]));
  EXPECT_GT(width(b[Kpi::median_order_value]), 1.5 * width(a[Kpi::median_order_value]));
}

template <typename Call>
std::string message(Call call) {
  try {
    call();
  } catch (const InvalidArgument& e) {
    return e.what();
  }
  return "no error";
}

TEST(Kpis, Messages) {
  const Shop shop = by_hand();
  const auto with = [&](auto change) {
    KpisView view = shop.view;
    change(view);
    return message([&] { kpis(view); });
  };
  EXPECT_EQ(with([](KpisView& v) { v.day = v.day.first(3); }),
            "kpis: day has 3 values, order has 10");
  EXPECT_EQ(with([](KpisView& v) { v.n_orders = 1; }),
            "kpis: row 0: order lies outside [0, n_orders)");
  EXPECT_EQ(with([](KpisView& v) { v.last_day = v.first_day; }),
            "kpis: row 0: day lies outside [first_day, last_day]");
  const std::vector<std::int32_t> threes(10, 3);
  std::vector<std::int32_t> falling = threes;
  falling[4] = 1;
  EXPECT_EQ(with([&](KpisView& v) { v.customer = falling; }),
            "kpis: row 4: lines must be sorted by customer");
  EXPECT_EQ(with([&](KpisView& v) { v.group = threes; }),
            "kpis: row 0: group is not a code of groups");
  EXPECT_EQ(message([&] { kpis(shop.view, {.level = 95}); }),
            "kpis: level must lie between 0 and 1, as 0.95; found 95");
  Context tight;
  tight.memory_limit = 10;
  EXPECT_THROW(kpis(shop.view, {}, tight), MemoryLimit);
  Context stopped;
  stopped.stop.request_stop();
  EXPECT_THROW(kpis(shop.view, {}, stopped), Cancelled);
}

}  // namespace
}  // namespace emptor::metrics
