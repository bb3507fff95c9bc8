#include "emptor/forecasting/explain.hpp"

#include "emptor/core/error.hpp"

#include "core/random.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace emptor::forecasting {
namespace {

using data::Day;
using data::Period;
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

struct Months {
  std::vector<double> y{};
  std::vector<Day> start{};
  std::vector<std::int64_t> offset{0};
  std::vector<std::int32_t> group{};
  std::vector<std::string> names{};
  std::shared_ptr<const Dictionary> groups{};
  void add(const std::string& name, int from, const std::vector<double>& values) {
    for (std::size_t i = 0; i < values.size(); ++i) {
      start.push_back(data::next_period(data::from_civil(2015, 1, 1), Period::month,
                                        from + static_cast<int>(i)));
    }
    y.insert(y.end(), values.begin(), values.end());
    offset.push_back(static_cast<std::int64_t>(y.size()));
    names.push_back(name);
    groups = Dictionary::from_texts(names);
    group.clear();
    for (const auto& one : names) group.push_back(groups->find(one));
  }
  [[nodiscard]] SeriesView view() const {
    SeriesView v;
    v.y = y;
    v.start = start;
    v.offset = offset;
    v.period = Period::month;
    v.groups = groups;
    v.group = group;
    v.by = "shop";
    return v;
  }
};

std::vector<double> seasonal(std::uint64_t seed, std::size_t n) {
  core::Random random(seed);
  std::vector<double> y;
  for (std::size_t i = 0; i < n; ++i) {
    const double month = static_cast<double>(i);
    y.push_back(200 + month + 40 * std::sin(month * 0.5236) + 5 * random.normal());
  }
  return y;
}

template <typename T>
std::vector<T> head(const std::vector<T>& all, std::size_t n) {
  return {all.begin(), all.begin() + static_cast<std::ptrdiff_t>(n)};
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

/// Rows of one series and step.
std::vector<std::size_t> rows_of(const ForecastChange& c, const std::string& name, int step) {
  std::vector<std::size_t> rows;
  for (std::size_t i = 0; i < c.cause.size(); ++i) {
    if (c.groups->to_string(c.series[i]) == name && c.step[i] == step) rows.push_back(i);
  }
  return rows;
}

TEST(Explain, StepsAddUpFromTheOldForecastToTheNew) {
  const auto all = seasonal(1, 60);
  Months before, now;
  before.add("a", 0, head(all, 57));
  auto restated = all;
  restated[50] -= 30;  // a late return
  now.add("a", 0, restated);
  const ForecastChange c = explain(now.view(), before.view(), {.horizon = 3});
  const Forecast old = forecast(before.view(), {.horizon = 6});
  const Forecast made = forecast(now.view(), {.horizon = 3});
  for (int step = 1; step <= 3; ++step) {
    const auto rows = rows_of(c, "a", step);
    ASSERT_EQ(rows.size(), 6u);  // before, restated, three new months, now
    EXPECT_EQ(c.cause[rows[0]], ForecastCause::before);
    EXPECT_EQ(c.cause[rows[1]], ForecastCause::restated);
    EXPECT_EQ(c.cause[rows[5]], ForecastCause::now);
    EXPECT_EQ(c.amount[rows[0]], old.forecast[static_cast<std::size_t>(step) + 2]);
    EXPECT_EQ(c.amount[rows[5]], made.forecast[static_cast<std::size_t>(step) - 1]);
    double sum = c.amount[rows[0]];
    for (std::size_t k = 1; k < 5; ++k) sum += c.amount[rows[k]];
    EXPECT_NEAR(sum, c.amount[rows[5]], 1e-9);
    EXPECT_NE(c.amount[rows[1]], 0);
    EXPECT_EQ(c.start[rows[0]], made.start[static_cast<std::size_t>(step) - 1]);
    for (std::size_t k = 2; k < 5; ++k) {
      const std::size_t place = 57 + k - 2;
      EXPECT_EQ(c.cause[rows[k]], ForecastCause::new_period);
      EXPECT_EQ(c.learnt[rows[k]], now.start[place]);
      EXPECT_EQ(c.actual[rows[k]], restated[place]);
      Months known;
      known.add("a", 0, head(restated, place));
      const int ahead = static_cast<int>(60 - place) + 3;
      EXPECT_EQ(c.expected[rows[k]], forecast(known.view(), {.horizon = ahead}).forecast[0]);
    }
  }
}

// What is learnt of a surprise of 40 is known without a computer for two models: all of it, and one
// part in 41 of it.
TEST(Explain, WhatIsLearntOfASurprise) {
  std::vector<double> y(40, 100);
  Months before, now;
  before.add("a", 0, y);
  y.push_back(140);
  now.add("a", 0, y);
  const auto learnt = [&](ForecastModel model) {
    const ForecastChange c = explain(now.view(), before.view(), {.horizon = 1, .model = model});
    EXPECT_EQ(c.cause[2], ForecastCause::new_period);
    EXPECT_EQ(c.actual[2], 140);
    EXPECT_DOUBLE_EQ(c.expected[2], 100);
    return c.amount[2];
  };
  EXPECT_DOUBLE_EQ(learnt(ForecastModel::naive), 40);
  EXPECT_NEAR(learnt(ForecastModel::mean), 40.0 / 41, 1e-12);
}

TEST(Explain, SeriesThatAreNewOrGoneStillAddUp) {
  Months before, now;
  before.add("gone", 0, seasonal(2, 40));
  before.add("kept", 0, seasonal(3, 40));
  now.add("kept", 0, seasonal(3, 41));
  now.add("new", 20, seasonal(4, 21));
  const ForecastChange c = explain(now.view(), before.view(), {.horizon = 2});
  const auto made = rows_of(c, "new", 1), gone = rows_of(c, "gone", 2);
  ASSERT_EQ(made.size(), 3u);
  EXPECT_EQ(c.cause[made[1]], ForecastCause::new_series);
  EXPECT_EQ(c.amount[made[0]], 0);
  EXPECT_EQ(c.amount[made[1]], c.amount[made[2]]);
  ASSERT_EQ(gone.size(), 3u);
  EXPECT_EQ(c.cause[gone[1]], ForecastCause::gone_series);
  EXPECT_EQ(c.amount[gone[0]] + c.amount[gone[1]], 0);
  EXPECT_EQ(c.amount[gone[2]], 0);
  EXPECT_EQ(rows_of(c, "kept", 1).size(), 4u);
}

TEST(Explain, NothingNewIsNoChange) {
  Months m;
  m.add("a", 0, seasonal(5, 50));
  const ForecastChange c = explain(m.view(), m.view(), {.horizon = 2});
  ASSERT_EQ(c.amount.size(), 6u);
  EXPECT_EQ(c.amount[1], 0);
  EXPECT_EQ(c.amount[0], c.amount[2]);
}

TEST(Explain, MissingAndCutPeriodsAreNotLearnt) {
  auto all = seasonal(6, 50);
  Months before, now;
  before.add("a", 0, head(all, 46));
  all[46] = kNaN;  // skipped
  now.add("a", 0, all);
  std::vector<std::uint8_t> complete(50, 1);
  complete[49] = 0;  // the month under way
  SeriesView v = now.view();
  v.complete = complete;
  const ForecastChange c = explain(v, before.view(), {.horizon = 1});
  ASSERT_EQ(c.cause.size(), 5u);  // before, restated, the 48th and 49th month, now
  EXPECT_EQ(c.learnt[2], now.start[47]);
  EXPECT_EQ(c.learnt[3], now.start[48]);
  EXPECT_EQ(c.start[0], now.start[49]);
}

TEST(Explain, ShortAndEmptySeriesSaySo) {
  Months before, now;
  before.add("few", 0, {3, 4});
  before.add("none", 0, {});
  now.add("few", 0, {3, 4, 5});
  now.add("none", 0, {});
  const ForecastChange c = explain(now.view(), before.view(), {.horizon = 1});
  EXPECT_TRUE(rows_of(c, "none", 1).empty());
  EXPECT_FALSE(rows_of(c, "few", 1).empty());
  EXPECT_NO_THROW(explain(SeriesView{}, SeriesView{}));
}

TEST(Explain, Input) {
  Months before, now;
  before.add("a", 0, seasonal(7, 30));
  now.add("a", 0, seasonal(7, 32));
  EXPECT_EQ(message([&] { explain(before.view(), now.view()); }),
            "explain: before knows 'a' longer than now does; are the two exchanged?");
  SeriesView undated = before.view();
  undated.start = {};
  EXPECT_EQ(message([&] { explain(now.view(), undated); }),
            "explain: one of the two has dates and the other not; give both alike");
  SeriesView quarters = before.view();
  quarters.start = {};
  quarters.period = Period::quarter;
  SeriesView months = now.view();
  months.start = {};
  EXPECT_EQ(message([&] { explain(months, quarters); }),
            "explain: the two are of other periods, month and quarter");
  EXPECT_EQ(message([&] { explain(now.view(), before.view(), {.horizon = -1}); }),
            "explain: horizon is -1; write periods, as 3");
}

TEST(Explain, SameBitsOnAnyNumberOfThreads) {
  Months before, now;
  for (std::uint64_t s = 0; s < 7; ++s) {
    const auto all = seasonal(30 + s, 48);
    before.add("shop " + std::to_string(s), 0, head(all, 46));
    now.add("shop " + std::to_string(s), 0, all);
  }
  Context one;
  one.threads = 1;
  const ForecastChange first = explain(now.view(), before.view(), {}, one);
  for (const int threads : {2, 3, 8}) {
    Context context;
    context.threads = threads;
    const ForecastChange other = explain(now.view(), before.view(), {}, context);
    ASSERT_EQ(first.amount.size(), other.amount.size());
    EXPECT_EQ(
        std::memcmp(first.amount.data(), other.amount.data(), first.amount.size() * sizeof(double)),
        0);
  }
}

}  // namespace
}  // namespace emptor::forecasting
