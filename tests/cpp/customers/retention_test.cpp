#include "emptor/customers/retention.hpp"

#include "emptor/core/error.hpp"
#include "emptor/core/interval.hpp"

#include "core/random.hpp"
#include "data/make_sales.hpp"
#include "simulation.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <map>
#include <set>

namespace emptor::customers {
namespace {

struct Shop {
  std::vector<std::int64_t> begin{0}, line_begin{0};
  std::vector<data::Day> day{}, line_day{};
  std::vector<double> spend{};
  std::vector<data::Money> amount{};
  data::Day first_day = data::from_civil(2024, 1, 1), last_day = data::from_civil(2024, 12, 15);
  /// Days with a purchase, each worth so much, and what was given back on other days.
  void customer(const std::map<data::Day, double>& days,
                const std::map<data::Day, double>& returned = {}) {
    for (const auto& [d, s] : days) {
      day.push_back(d);
      spend.push_back(s);
      line_day.push_back(d);
      amount.push_back(static_cast<data::Money>(std::llround(s * data::kMoneyUnit)));
    }
    for (const auto& [d, s] : returned) {
      line_day.push_back(d);
      amount.push_back(-static_cast<data::Money>(std::llround(s * data::kMoneyUnit)));
    }
    begin.push_back(static_cast<std::int64_t>(day.size()));
    line_begin.push_back(static_cast<std::int64_t>(line_day.size()));
  }
  [[nodiscard]] RetentionView view() const {
    return {{begin, day, spend}, line_begin, line_day, amount, first_day, last_day};
  }
};

std::string message(const auto& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

std::size_t row(const RetentionResult& found, data::Day cohort, std::int64_t periods) {
  for (std::size_t i = 0; i < found.cohort.size(); ++i)
    if (found.cohort[i] == cohort && found.periods[i] == periods) return i;
  ADD_FAILURE() << data::iso_date(cohort) << " + " << periods << " has no row";
  return 0;
}

Shop random_shop(int customers, std::uint64_t seed) {
  Shop shop;
  core::Random random(seed);
  for (int c = 0; c < customers; ++c) {
    std::map<data::Day, double> days, returned;
    const auto n = 1 + random.poisson(4 * random.exponential());
    const auto from = static_cast<data::Day>(random.below(340));
    for (int i = 0; i < n; ++i) {
      const auto at = from + static_cast<data::Day>(random.below(200));
      days[shop.first_day + at] = 1 + std::floor(50 * random.uniform());
    }
    if (random.uniform() < 0.3) returned[shop.first_day + from + 210] = 5;
    shop.customer(days, returned);
  }
  return shop;
}

// The definitions, from sets of periods, one customer after the other.
void expect_definition(const Shop& shop, const RetentionOptions& options) {
  const RetentionResult found = retention(shop.view(), options);
  struct Who {
    std::set<int> active;
    std::map<int, double> money;
  };
  std::map<data::Day, std::vector<Who>> cohorts;
  for (std::size_t c = 0; c + 1 < shop.begin.size(); ++c) {
    std::set<data::Day> starts;
    for (auto i = shop.begin[c]; i < shop.begin[c + 1]; ++i) {
      const data::Day d = shop.day[static_cast<std::size_t>(i)];
      if (d <= shop.last_day) starts.insert(data::period_start(d, options.period));
    }
    if (starts.empty() || *starts.begin() < found.new_from) continue;
    Who who;
    for (const data::Day s : starts)
      who.active.insert(data::periods_between(*starts.begin(), s, options.period));
    for (auto i = shop.line_begin[c]; i < shop.line_begin[c + 1]; ++i) {
      const auto at = static_cast<std::size_t>(i);
      if (shop.line_day[at] > shop.last_day) continue;
      const data::Day s = data::period_start(shop.line_day[at], options.period);
      who.money[data::periods_between(*starts.begin(), s, options.period)] +=
          data::to_double(shop.amount[at]);
    }
    cohorts[*starts.begin()].push_back(who);
  }
  std::size_t rows = 0;
  for (const auto& [cohort, people] : cohorts) {
    const int last = data::periods_between(
        cohort, data::period_start(shop.last_day, options.period), options.period);
    for (int k = 0; k <= last; ++k, ++rows) {
      const std::size_t i = row(found, cohort, k);
      std::int64_t active = 0, rolling = 0, unbounded = 0;
      double net = 0, base = 0, gross = 0, gross_base = 0, squares = 0;
      for (const Who& who : people) {
        active += static_cast<std::int64_t>(who.active.count(k));
        rolling += std::any_of(who.active.begin(), who.active.end(),
                               [&](int a) { return a <= k && a > k - options.rolling; });
        unbounded += *who.active.rbegin() >= k;
        const auto money = [&](int period) {
          const auto at = who.money.find(period);
          return at == who.money.end() ? 0 : at->second;
        };
        net += money(k);
        base += money(0);
        gross += std::min(std::max(0.0, money(k)), std::max(0.0, money(0)));
        gross_base += std::max(0.0, money(0));
      }
      const auto n = static_cast<std::int64_t>(people.size());
      ASSERT_EQ(found.n[i], n);
      ASSERT_EQ(found.active[i], active);
      ASSERT_NEAR(found.revenue[i], net, 1e-9);
      if (n < 10) {
        ASSERT_TRUE(std::isnan(found.retained[i]));
        ASSERT_EQ(found.status[i], Status::not_enough_data);
        continue;
      }
      const auto size = static_cast<double>(n);
      ASSERT_NEAR(found.retained[i], static_cast<double>(active) / size, 1e-12);
      ASSERT_NEAR(found.unbounded[i], static_cast<double>(unbounded) / size, 1e-12);
      if (k >= options.rolling) {
        ASSERT_NEAR(found.rolling[i], static_cast<double>(rolling) / size, 1e-12);
      } else {
        ASSERT_EQ(found.rolling_status[i], Status::undefined);
      }
      if (k > 0) {
        ASSERT_NEAR(found.retained_high[i], wilson(static_cast<double>(active), size).high, 1e-12);
      }
      if (active < 10) {
        ASSERT_TRUE(std::isnan(found.net_revenue_retention[i]));
        continue;
      }
      ASSERT_NEAR(found.net_revenue_retention[i], net / base, 1e-12);
      ASSERT_NEAR(found.gross_revenue_retention[i], gross / gross_base, 1e-12);
      // The half-width in logarithms from contributions; the degrees of freedom from them too.
      double fourths = 0;
      for (const Who& who : people) {
        const auto a = who.money.count(k) ? who.money.at(k) : 0;
        const double u = a - net / base * (who.money.count(0) ? who.money.at(0) : 0);
        squares += u * u;
        fourths += u * u * u * u;
      }
      if (k == 0) continue;
      const double half = std::log(found.net_revenue_retention_high[i] / (net / base));
      const double error = std::sqrt(squares) / base / (net / base);
      ASSERT_GT(half, 1.959 * error);  // Student's t is wider than the normal law
      ASSERT_LT(half, 12.8 * error);
    }
  }
  ASSERT_EQ(rows, found.cohort.size());
}

}  // namespace

TEST(Retention, ByHand) {
  Shop shop;
  const auto day = [](int month, int d) { return data::from_civil(2024, month, d); };
  for (int c = 0; c < 10; ++c) {
    // Won in July, all for 10; seven back in August for 20, two of them in October.
    std::map<data::Day, double> days{{day(7, 1 + c), 10}};
    if (c < 7) days[day(8, 5)] = 20;
    if (c < 2) days[day(10, 9)] = 10;
    shop.customer(days);
  }
  shop.customer({{day(2, 1), 5}, {day(7, 2), 5}});  // may have bought before the data begin
  const RetentionResult found = retention(shop.view());
  EXPECT_EQ(data::iso_date(found.new_from), "2024-07-01");  // 29 June and up to a whole month
  EXPECT_EQ(found.n_left_out, 1);
  EXPECT_EQ(found.n_customers, 10);
  EXPECT_EQ(found.cohort.size(), 6u);  // July to December
  EXPECT_EQ(found.retained, (std::vector<double>{1, .7, 0, .2, 0, 0}));
  EXPECT_EQ(found.unbounded, (std::vector<double>{1, .7, .2, .2, 0, 0}));
  EXPECT_EQ(found.rolling[3], 0.7);  // August to October
  EXPECT_EQ(found.rolling[4], 0.2);
  EXPECT_TRUE(std::isnan(found.rolling[2]));
  EXPECT_EQ(found.revenue[1], 140);
  EXPECT_TRUE(std::isnan(found.net_revenue_retention[1]));  // seven bought: too few for money
  EXPECT_EQ(found.complete, (std::vector<std::uint8_t>{1, 1, 1, 1, 1, 0}));
  EXPECT_EQ(found.status[5], Status::extrapolated);
  EXPECT_EQ(found.status[1], Status::small_sample);
  EXPECT_EQ(found.retained_low[0], 1);
  EXPECT_NEAR(found.retained_low[1], wilson(7, 10).low, 1e-14);
  EXPECT_EQ(found.unbounded_status[1], Status::extrapolated);
}

TEST(Retention, EqualsItsDefinition) {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    const Shop shop = random_shop(60, seed);
    for (const data::Period period :
         {data::Period::week, data::Period::month, data::Period::quarter}) {
      RetentionOptions options;
      options.period = period;
      options.rolling = 1 + static_cast<int>(seed % 4);
      options.new_after = {1 + static_cast<int>(seed % 90), data::Span::Unit::days};
      expect_definition(shop, options);
    }
  }
  RetentionOptions wide;
  wide.period = data::Period::year;
  wide.new_after = {1, data::Span::Unit::days};
  expect_definition(random_shop(900, 99), {.new_after = {1, data::Span::Unit::days}});
  EXPECT_EQ(retention(random_shop(50, 1).view(), wide).cohort.size(), 0u);  // no whole year begins
}

TEST(Retention, IdentitiesOfMoney) {
  const RetentionResult found =
      retention(random_shop(3000, 5).view(), {.new_after = {1, data::Span::Unit::days}});
  int seen = 0;
  for (std::size_t i = 0; i < found.cohort.size(); ++i) {
    if (found.status[i] == Status::not_enough_data) continue;
    EXPECT_LE(found.retained[i], found.unbounded[i]);
    if (found.rolling_status[i] != Status::undefined) {
      EXPECT_LE(found.retained[i], found.rolling[i]);
    }
    if (std::isnan(found.net_revenue_retention[i])) continue;
    ++seen;
    EXPECT_LE(found.gross_revenue_retention[i], 1);
    EXPECT_LE(found.gross_revenue_retention[i], found.net_revenue_retention[i] + 0.05);
    EXPECT_LE(found.gross_revenue_retention_low[i], found.gross_revenue_retention[i]);
    EXPECT_GE(found.net_revenue_retention_high[i], found.net_revenue_retention[i]);
  }
  EXPECT_GT(seen, 30);
}

TEST(Retention, WhatComesAfterTheMomentChangesNothing) {
  Shop shop = random_shop(400, 7);
  shop.last_day = data::from_civil(2024, 10, 20);
  const RetentionResult before = retention(shop.view(), {.new_after = {1, data::Span::Unit::days}});
  for (std::size_t i = 0; i < shop.day.size(); ++i)
    if (shop.day[i] > shop.last_day) shop.spend[i] = 1e6;
  for (std::size_t i = 0; i < shop.line_day.size(); ++i)
    if (shop.line_day[i] > shop.last_day) shop.amount[i] = 77;
  const RetentionResult after = retention(shop.view(), {.new_after = {1, data::Span::Unit::days}});
  EXPECT_EQ(before.revenue, after.revenue);
  EXPECT_EQ(before.active, after.active);
  EXPECT_EQ(before.start.back(), data::from_civil(2024, 10, 1));
}

TEST(Retention, OfASalesReturnsAreMoneyBack) {
  std::string csv = "order,customer,date,product,amount\n0,old,2024-01-01,tea,1\n";
  for (int c = 0; c < 12; ++c) {
    const std::string who = "c" + std::to_string(c), number = std::to_string(10 * c + 1);
    csv +=
        number + "," + who + ",2024-07-05,tea,10\n" + number + "1," + who + ",2024-08-05,tea,8\n";
    if (c == 0) csv += number + "2," + who + ",2024-08-20,fee,-4\n";
  }
  const auto found = retention(data::sales_from(csv).as_of_day(data::from_civil(2024, 9, 30)));
  ASSERT_EQ(found.cohort.size(), 3u);
  EXPECT_EQ(found.revenue[1], 92);
  EXPECT_NEAR(found.net_revenue_retention[1], 92.0 / 120, 1e-12);
  EXPECT_NEAR(found.gross_revenue_retention[1], 92.0 / 120, 1e-12);
  EXPECT_EQ(found.n_left_out, 1);
}

TEST(Retention, SaysWhatIsWrong) {
  Shop shop;
  shop.customer({{shop.first_day, 1}});
  EXPECT_EQ(message([&] { (void)retention(shop.view(), {.level = 0}); }),
            "retention: level must lie between 0 and 1, found 0");
  EXPECT_EQ(message([&] { (void)retention(shop.view(), {.rolling = 0}); }),
            "retention: rolling must be at least 1 period, found 0");
  RetentionView view = shop.view();
  view.first_day = data::kNoDay;
  EXPECT_EQ(message([&] { (void)retention(view); }),
            "retention: first_day and last_day must be set; give the days observed from and to");
  view = shop.view();
  view.line_amount = {};
  EXPECT_EQ(message([&] { (void)retention(view); }),
            "retention: line_begin must have an entry per customer and one more, line_day and "
            "line_amount one each per line");
  view = shop.view();
  view.last_day = view.first_day + 4000;
  EXPECT_EQ(message([&] { (void)retention(view, {.period = data::Period::day}); }),
            "retention: 3821 cohorts by day, at most 2000; write a longer period");
  EXPECT_EQ(message([] { (void)retention(data::Sales()); }).substr(0, 9), "retention");
  Context context;
  context.stop.request_stop();
  EXPECT_THROW((void)retention(shop.view(), {}, context), Cancelled);
}

// 95 % intervals where the truth is known: customers come back with chance .3 and spend
// independently of what they spent at first.
TEST(Retention, SimulationCoverage) {
  const int runs = 1500 * emptor::testing::simulation_scale();
  constexpr int kCustomers = 150;
  std::array<int, 3> inside{};
  // Gross by simulation at length: E min(second, first) / E first for log-normal spend, and .3.
  double least = 0;
  core::Random long_run(1);
  constexpr int kLong = 2000000;
  for (int i = 0; i < kLong; ++i)
    least += std::exp(0.6 * std::min(long_run.normal(), long_run.normal() + 0.2));
  const double mean = std::exp(0.18), again = 0.3;
  const std::array truth{again, again * std::exp(0.12), again * least / kLong / mean};
  for (int run = 0; run < runs; ++run) {
    core::Random random(500, static_cast<std::uint64_t>(run));
    Shop shop;
    for (int c = 0; c < kCustomers; ++c) {
      const data::Day first = data::from_civil(2024, 8, 1);
      std::map<data::Day, double> days{{first, 20 * std::exp(0.6 * random.normal())}};
      if (random.uniform() < again) days[first + 40] = 20 * std::exp(0.6 * (random.normal() + 0.2));
      shop.customer(days);
    }
    const RetentionResult found = retention(shop.view());
    const std::size_t i = row(found, data::from_civil(2024, 8, 1), 1);
    const auto counts = [&](std::size_t place, double low, double high) {
      inside[place] += low <= truth[place] && truth[place] <= high;
    };
    counts(0, found.retained_low[i], found.retained_high[i]);
    counts(1, found.net_revenue_retention_low[i], found.net_revenue_retention_high[i]);
    counts(2, found.gross_revenue_retention_low[i], found.gross_revenue_retention_high[i]);
  }
  const double error = 3 * std::sqrt(0.05 * 0.95 / runs);
  const std::array names{"retained", "net revenue", "gross revenue"};
  for (std::size_t k = 0; k < 3; ++k) {
    const double coverage = static_cast<double>(inside[k]) / runs;
    std::printf("  %-14s coverage %.3f\n", names[k], coverage);
    EXPECT_GT(coverage, 0.93 - error);
    EXPECT_LT(coverage, 0.97 + error);
  }
}

}  // namespace emptor::customers
