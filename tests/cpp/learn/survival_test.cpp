#include "emptor/learn/survival.hpp"

#include "core/special.hpp"
#include "learn/survival_sample.hpp"
#include "simulation.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <limits>
#include <map>

namespace emptor::learn {
namespace {

using testing::message;
using testing::random_sample;
using testing::Sample;

// Weeks in remission of Freireich et al. (1963), as in Kleinbaum and Klein, Survival Analysis.
Sample leukaemia() {
  Sample sample;
  sample.duration = {6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35,
                     1, 1, 2, 2, 3, 4, 4,  5,  5,  8,  8,  8,  8,  11, 11, 12, 12, 15, 17, 22, 23};
  sample.event = {1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0};
  sample.event.resize(42, 1);
  sample.group.assign(21, 0);
  sample.group.resize(42, 1);
  sample.groups = Dictionary::from_texts(std::vector<std::string>{"6-MP", "placebo"});
  return sample;
}

std::size_t row_at(const SurvivalCurve& curve, std::int32_t group, double time) {
  for (std::size_t i = 0; i < curve.time.size(); ++i)
    if (curve.group[i] == group && curve.time[i] == time) return i;
  ADD_FAILURE() << "no row at " << time;
  return 0;
}

// Share and sums by definition, at one time, from all rows each time.
struct ByHand {
  double survival = 1, greenwood = 0, hazard = 0, hazard_variance = 0;
};

ByHand by_hand(const Sample& sample, std::int32_t group, double until) {
  std::map<double, std::int64_t> events;
  const auto inside = [&](std::size_t i) {
    return sample.group.empty() || sample.group[i] == group;
  };
  for (std::size_t i = 0; i < sample.duration.size(); ++i)
    if (inside(i) && sample.event[i] > 0 && sample.duration[i] <= until)
      ++events[sample.duration[i]];
  ByHand out;
  for (const auto& [time, count] : events) {
    double n = 0;
    for (std::size_t i = 0; i < sample.duration.size(); ++i)
      n += inside(i) && sample.duration[i] >= time &&
           (sample.entry.empty() || sample.entry[i] < time);
    const auto d = static_cast<double>(count);
    out.survival *= 1 - d / n;
    out.greenwood += n > d ? d / (n * (n - d)) : 0;
    out.hazard += d / n;
    out.hazard_variance += d / (n * n);
  }
  return out;
}

}  // namespace

// Shares and standard errors of Kleinbaum and Klein, table 2.1 (three digits); intervals of
// lifelines 0.30.3, KaplanMeierFitter (six).
TEST(Survival, LeukaemiaByTheBook) {
  const SurvivalCurve curve = survival_curve(leukaemia().view());
  constexpr std::array<std::array<double, 3>, 7> book{{{6, .857, .0764},
                                                       {7, .807, .0869},
                                                       {10, .753, .0963},
                                                       {13, .690, .1068},
                                                       {16, .627, .1141},
                                                       {22, .538, .1282},
                                                       {23, .448, .1346}}};
  for (const auto& [time, survival, error] : book) {
    const std::size_t i = row_at(curve, 0, time);
    EXPECT_NEAR(curve.survival[i], survival, 6e-4);
    EXPECT_NEAR(curve.standard_error[i], error, 6e-5);
  }
  const auto ends = [&](std::int32_t group, double time, double low, double high) {
    const std::size_t i = row_at(curve, group, time);
    EXPECT_NEAR(curve.survival_low[i], low, 1e-6);
    EXPECT_NEAR(curve.survival_high[i], high, 1e-6);
  };
  ends(0, 6, 0.619718, 0.951552);
  ends(0, 10, 0.503200, 0.889362);
  ends(0, 23, 0.188052, 0.680143);
  ends(1, 4, 0.425350, 0.825044);
  ends(1, 12, 0.059482, 0.377435);
  const std::size_t ten = row_at(curve, 0, 10);
  EXPECT_NEAR(curve.cumulative_hazard[ten], 3.0 / 21 + 1.0 / 17 + 1.0 / 15, 1e-14);
  const double relative =
      std::sqrt(3.0 / 441 + 1.0 / 289 + 1.0 / 225) / curve.cumulative_hazard[ten];
  EXPECT_NEAR(curve.cumulative_hazard_high[ten],
              curve.cumulative_hazard[ten] * std::exp(core::normal_quantile(0.975) * relative),
              1e-14);
  EXPECT_EQ(curve.n[ten], 15);
  EXPECT_EQ(curve.events[ten], 1);
  EXPECT_EQ(curve.censored[ten], 1);
}

// lifelines 0.30.3: median_survival_times, restricted_mean_survival_time, logrank_test. Expected
// events 19.25 and 10.75: Kleinbaum and Klein, 2.IV.
TEST(Survival, LeukaemiaSummary) {
  const Sample sample = leukaemia();
  const SurvivalCurve curve = survival_curve(sample.view());
  const SurvivalSummary summary = survival_summary(curve, {.horizon = 20});
  EXPECT_EQ(summary.median, (std::vector<double>{23, 8}));
  EXPECT_EQ(summary.median_low, (std::vector<double>{13, 4}));
  EXPECT_TRUE(std::isnan(summary.median_high[0]));
  EXPECT_EQ(summary.median_high[1], 11);
  EXPECT_NEAR(summary.restricted_mean[0], 16.116526610644254, 1e-12);
  EXPECT_NEAR(summary.restricted_mean[1], 8.428571428571429, 1e-12);
  EXPECT_EQ(summary.status[0], Status::small_sample);
  EXPECT_EQ(summary.status[1], Status::ok);
  const LogRank test = log_rank(sample.view());
  EXPECT_NEAR(test.statistic, 16.792940989216547, 1e-10);
  EXPECT_NEAR(test.p_value, 4.168809109334511e-05, 1e-14);
  EXPECT_EQ(test.df, 1);
  EXPECT_NEAR(test.expected[0], 19.25, 5e-3);
  EXPECT_NEAR(test.expected[1], 10.75, 5e-3);
}

TEST(Survival, EqualsItsDefinition) {
  core::Random random(1);
  for (int run = 0; run < 3000; ++run) {
    const bool late = run % 3 == 0;
    const int groups = run % 4 == 0 ? 3 : 0;
    const Sample sample =
        random_sample(random, 1 + random.below(30), 1, run % 2 == 0, late, groups);
    const SurvivalCurve curve = survival_curve(sample.view());
    const double z = core::normal_quantile(0.975);
    std::int64_t left = 0, events = 0;
    for (std::size_t i = 0; i < curve.time.size(); ++i) {
      if (curve.n[i] == 0) continue;
      const ByHand hand = by_hand(sample, curve.group[i], curve.time[i]);
      ASSERT_NEAR(curve.survival[i], hand.survival, 1e-13);
      ASSERT_NEAR(curve.cumulative_hazard[i], hand.hazard, 1e-13);
      left += curve.events[i] + curve.censored[i];
      events += curve.events[i];
      if (hand.survival <= 1e-12 || hand.survival == 1) continue;
      const double step = z * std::sqrt(hand.greenwood) / std::log(hand.survival);
      ASSERT_NEAR(curve.survival_low[i], std::pow(hand.survival, std::exp(-step)), 1e-12);
      ASSERT_NEAR(curve.survival_high[i], std::pow(hand.survival, std::exp(step)), 1e-12);
      const double spread = std::exp(z * std::sqrt(hand.hazard_variance) / hand.hazard);
      ASSERT_NEAR(curve.cumulative_hazard_high[i], hand.hazard * spread, 1e-10 * spread);
    }
    ASSERT_EQ(left, curve.n_rows);
    ASSERT_EQ(events, curve.n_events);
  }
}

// Counting whole numbers and sorting any numbers must give the same curve.
TEST(Survival, UnitsChangeNothingButTheTimes) {
  core::Random random(2);
  for (int run = 0; run < 50; ++run) {
    Sample sample = random_sample(random, 3000, 1, true, run % 2 == 0, 0);
    const SurvivalCurve days = survival_curve(sample.view());
    for (auto& time : sample.duration) time /= 7;
    for (auto& time : sample.entry) time /= 7;
    const SurvivalCurve weeks = survival_curve(sample.view());
    ASSERT_EQ(days.survival, weeks.survival);
    ASSERT_EQ(days.survival_low, weeks.survival_low);
    ASSERT_EQ(days.n, weeks.n);
    const auto a = survival_summary(days), b = survival_summary(weeks);
    EXPECT_NEAR(a.restricted_mean[0], 7 * b.restricted_mean[0], 1e-9);
    EXPECT_NEAR(a.restricted_mean_low[0], 7 * b.restricted_mean_low[0], 1e-9);
    EXPECT_NEAR(a.median[0], 7 * b.median[0], 1e-9);
  }
}

// With nobody censored the restricted mean to the end is the mean, its variance that of a mean.
TEST(Survival, WithoutCensoringTheRestrictedMeanIsTheMean) {
  core::Random random(3);
  Sample sample;
  double sum = 0, squares = 0;
  constexpr int kRows = 200;
  for (int i = 0; i < kRows; ++i) {
    const double time = random.exponential();
    sample.duration.push_back(time);
    sample.event.push_back(1);
    sum += time;
    squares += time * time;
  }
  const auto summary = survival_summary(survival_curve(sample.view()), {.horizon = 1e6});
  const double mean = sum / kRows;
  EXPECT_NEAR(summary.restricted_mean[0], mean, 1e-12);
  EXPECT_EQ(summary.restricted_mean_status[0], Status::ok);
  const double half =
      core::normal_quantile(0.975) * std::sqrt((squares / kRows - mean * mean) / kRows);
  EXPECT_NEAR(summary.restricted_mean_high[0] - mean, half, 1e-9);
}

// Quantiles are where the share of those with the event, counted, gets there.
TEST(Survival, QuantilesOfFullyObservedRows) {
  Sample sample;
  for (int i = 1; i <= 40; ++i) {
    sample.duration.push_back(i);
    sample.event.push_back(1);
  }
  const std::array<double, 4> probabilities{0.25, 0.5, 0.75, 0.999};
  const auto found = survival_quantiles(survival_curve(sample.view()), probabilities);
  EXPECT_EQ(found.time, (std::vector<double>{10, 20, 30, 40}));
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_LT(found.time_low[i], found.time[i]);
    EXPECT_GT(found.time_high[i], found.time[i]);
  }
}

// Two groups without ties: Mantel's statistic from its definition, table by table.
TEST(Survival, LogRankEqualsItsDefinition) {
  core::Random random(4);
  for (int run = 0; run < 500; ++run) {
    const bool late = run % 3 == 0;
    Sample sample = random_sample(random, 5 + random.below(30), 1, run % 2 == 0, late, 2);
    std::map<double, std::array<double, 4>> tables;  // time: at risk and events of both
    for (std::size_t i = 0; i < sample.duration.size(); ++i)
      if (sample.event[i] > 0 && sample.group[i] >= 0) tables[sample.duration[i]];
    double difference = 0, variance = 0;
    for (auto& [time, table] : tables) {
      for (std::size_t i = 0; i < sample.duration.size(); ++i) {
        if (sample.group[i] < 0) continue;
        const auto g = static_cast<std::size_t>(sample.group[i]);
        table[g] += sample.duration[i] >= time && (!late || sample.entry[i] < time);
        table[2 + g] += sample.duration[i] == time && sample.event[i] > 0;
      }
      const double n = table[0] + table[1], d = table[2] + table[3];
      difference += table[2] - d * table[0] / n;
      if (n > 1) variance += d * table[0] * table[1] * (n - d) / (n * n * (n - 1));
    }
    const LogRank test = log_rank(sample.view());
    if (variance < 1e-12) {
      ASSERT_TRUE(std::isnan(test.p_value));
      ASSERT_EQ(test.status, Status::not_enough_data);
      continue;
    }
    ASSERT_NEAR(test.statistic, difference * difference / variance, 1e-9);
    ASSERT_NEAR(static_cast<double>(test.events[0] + test.events[1]),
                test.expected[0] + test.expected[1], 1e-9);
  }
}

TEST(Survival, LittleDataIsAStatus) {
  Sample sample;
  sample.duration = {3, 5};
  sample.event = {0, 0};
  const SurvivalCurve curve = survival_curve(sample.view());
  EXPECT_EQ(curve.survival.back(), 1);
  EXPECT_NEAR(curve.survival_low.back(), 0.025, 1e-12);  // one watched to the end: (alpha/2)^(1/1)
  EXPECT_EQ(curve.status.back(), Status::small_sample);
  const auto summary = survival_summary(curve);
  EXPECT_TRUE(std::isnan(summary.median[0]));
  EXPECT_EQ(summary.status[0], Status::extrapolated);
  EXPECT_EQ(summary.horizon, 5);
  EXPECT_EQ(summary.restricted_mean[0], 5);
  EXPECT_TRUE(std::isnan(summary.restricted_mean_low[0]));
  const auto beyond = survival_summary(curve, {.horizon = 6});
  EXPECT_EQ(beyond.restricted_mean_status[0], Status::extrapolated);
  EXPECT_TRUE(std::isnan(beyond.restricted_mean[0]));

  sample.group = {1, 1};
  sample.groups = testing::numbered(2);
  const SurvivalCurve grouped = survival_curve(sample.view());
  EXPECT_EQ(grouped.status[0], Status::not_enough_data);  // the group without rows
  EXPECT_TRUE(std::isnan(grouped.survival[0]));
  EXPECT_EQ(survival_summary(grouped).status[0], Status::not_enough_data);
  EXPECT_EQ(log_rank(sample.view()).status, Status::not_enough_data);
  EXPECT_EQ(survival_curve({}).status[0], Status::not_enough_data);
}

TEST(Survival, AllGoneKeepsAnInterval) {
  Sample sample;
  sample.duration = {1, 2, 3};
  sample.event = {1, 1, 1};
  const SurvivalCurve curve = survival_curve(sample.view());
  EXPECT_EQ(curve.survival.back(), 0);
  EXPECT_EQ(curve.survival_low.back(), 0);
  EXPECT_EQ(curve.survival_high.back(), curve.survival_high[2]);
  EXPECT_GT(curve.survival_high.back(), 0.3);
  sample.duration = {2, 2, 2};
  const SurvivalCurve at_once = survival_curve(sample.view());
  EXPECT_EQ(at_once.survival.back(), 0);
  EXPECT_EQ(at_once.survival_high.back(), at_once.survival_high[0]);
  sample.duration = {0, 0, 0};
  const SurvivalCurve at_zero = survival_curve(sample.view());
  EXPECT_EQ(at_zero.time.size(), 1u);
  EXPECT_NEAR(at_zero.survival_high[0], 1 - std::pow(0.025, 1.0 / 3), 1e-12);
}

TEST(Survival, SaysWhatIsWrong) {
  Sample sample;
  sample.duration = {1, 2};
  sample.event = {1};
  const auto curve = [&] { (void)survival_curve(sample.view()); };
  EXPECT_EQ(message(curve),
            "survival: event has 1 values and duration 2; give one of each per row");
  sample.event = {1, -1};
  EXPECT_EQ(message(curve), "survival: events must be 0 (censored) or above; row 1 is -1");
  sample.event = {1, 0};
  for (const double bad :
       {-1.0, std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN()}) {
    sample.duration[1] = bad;
    EXPECT_EQ(message(curve), "survival: durations must be finite and not negative; row 1 is " +
                                  std::to_string(bad) + "; drop it or mend it first");
  }
  sample.duration[1] = 2;
  sample.entry = {0, 2};
  EXPECT_EQ(message(curve),
            "survival: entry must lie from 0 to below the duration; row 1 enters at 2.000000 and "
            "leaves at 2.000000");
  sample.entry.clear();
  sample.group = {0, 2};
  EXPECT_EQ(message(curve), "survival: group is given without what its codes mean");
  sample.groups = testing::numbered(2);
  EXPECT_EQ(message(curve), "survival: group must be -1 or a code below 2; row 1 is 2");
  sample.group.clear();
  EXPECT_EQ(message([&] { (void)survival_curve(sample.view(), {.level = 1}); }),
            "survival: level must lie between 0 and 1, found 1");
  EXPECT_EQ(
      message([&] { (void)survival_quantiles(survival_curve(sample.view()), std::array{1.0}); }),
      "survival_quantiles: probabilities must lie between 0 and 1, found 1");
  EXPECT_EQ(
      message([&] { (void)survival_summary(survival_curve(sample.view()), {.horizon = -1}); }),
      "survival_summary: horizon must be finite and not negative, found -1");
  EXPECT_EQ(message([&] { (void)log_rank(sample.view()); }),
            "log_rank: there are no groups to compare; give group");
  Context context;
  context.memory_limit = 10;
  EXPECT_EQ(message([&] { (void)survival_curve(sample.view(), {}, context); }),
            "survival: 2 rows need about 144 bytes, more than memory_limit, 10");
  context.memory_limit = 0;
  context.stop.request_stop();
  EXPECT_THROW((void)survival_curve(sample.view(), {}, context), Cancelled);
}

TEST(Survival, SameBitsOnAnyNumberOfThreads) {
  core::Random random(5);
  const Sample sample = random_sample(random, 30000, 1, false, true, 4);
  SurvivalCurve first;
  for (const int threads : {1, 2, 3, 8}) {
    Context context;
    context.threads = threads;
    const SurvivalCurve curve = survival_curve(sample.view(), {}, context);
    if (threads == 1) first = curve;
    EXPECT_EQ(curve.survival_low.size(), first.survival_low.size());
    for (std::size_t i = 0; i < first.time.size(); ++i) {
      ASSERT_EQ(curve.survival[i], first.survival[i]);
      ASSERT_EQ(curve.survival_low[i], first.survival_low[i]);
      ASSERT_EQ(curve.cumulative_hazard_high[i], first.cumulative_hazard_high[i]);
    }
  }
}

// 95 % intervals of the share, the median and the restricted mean, with a third censored; and how
// often the log-rank test at 5 % sees a difference where there is none.
TEST(Survival, SimulationCoverage) {
  const int runs = 1500 * emptor::testing::simulation_scale();
  constexpr std::size_t kRows = 150;
  std::array<int, 6> inside{};
  int rejected = 0;
  for (int run = 0; run < runs; ++run) {
    core::Random random(100, static_cast<std::uint64_t>(run));
    Sample sample;
    for (std::size_t i = 0; i < kRows; ++i) {
      const double time = 10 * random.exponential(), end = 20 * random.exponential();
      sample.duration.push_back(std::min(time, end));
      sample.event.push_back(time <= end);
      sample.group.push_back(static_cast<std::int32_t>(i % 3));
    }
    const LogRank test = [&] {
      sample.groups = testing::numbered(3);
      return log_rank(sample.view());
    }();
    rejected += test.p_value < 0.05;
    sample.group.clear();
    const SurvivalCurve curve = survival_curve(sample.view());
    const auto counts = [&](std::size_t place, double low, double high, double truth) {
      inside[place] += low <= truth && truth <= high;
    };
    for (std::size_t k = 0; k < 3; ++k) {
      constexpr std::array<double, 3> times{2, 7, 15};
      const auto after = std::upper_bound(curve.time.begin(), curve.time.end(), times[k]);
      const auto i = static_cast<std::size_t>(after - curve.time.begin()) - 1;
      const double truth = std::exp(-times[k] / 10);
      counts(k, curve.survival_low[i], curve.survival_high[i], truth);
      if (k == 1)
        counts(3, curve.cumulative_hazard_low[i], curve.cumulative_hazard_high[i], times[k] / 10);
    }
    const auto summary = survival_summary(curve, {.horizon = 12});
    counts(4, summary.median_low[0], summary.median_high[0], 10 * std::log(2.0));
    counts(5, summary.restricted_mean_low[0], summary.restricted_mean_high[0],
           10 * (1 - std::exp(-1.2)));
  }
  const double error = 3 * std::sqrt(0.05 * 0.95 / runs);
  const std::array names{"survival at 2", "at 7", "at 15", "hazard at 7", "median", "mean to 12"};
  for (std::size_t k = 0; k < names.size(); ++k) {
    const double coverage = static_cast<double>(inside[k]) / runs;
    std::printf("  %-14s coverage %.3f\n", names[k], coverage);
    EXPECT_GT(coverage, 0.93 - error);
    EXPECT_LT(coverage, 0.97 + error);
  }
  std::printf("  log-rank rejects %.3f\n", static_cast<double>(rejected) / runs);
  EXPECT_NEAR(static_cast<double>(rejected) / runs, 0.05, error + 0.01);
}

}  // namespace emptor::learn
