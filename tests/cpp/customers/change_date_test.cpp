#include "customers/change_date.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <vector>

namespace emptor::customers {
namespace {

ActivityClock plain_clock(int days) {
  DeclineWindows w;
  w.baseline = {1000, 1000 + days / 2 - 1};
  w.window = {1000 + days / 2, 1000 + days - 1};
  DeclineActivity activity;
  activity.baseline.assign(static_cast<std::size_t>(days / 2), 1.0);
  activity.window_days.assign(static_cast<std::size_t>(days - days / 2), 1.0);
  return {w, activity, 1};
}

double density(const std::vector<RateLaw>& laws, double rate) {
  double sum = 0;
  for (const RateLaw& law : laws)
    sum += law.share * std::exp(law.shape * std::log(law.rate) - std::lgamma(law.shape) +
                                (law.shape - 1) * std::log(rate) - law.rate * rate);
  return sum;
}

double poisson(double rate, double n, double exposure) {
  return std::exp(n * std::log(rate) - rate * exposure);
}

/// Mean over days of the evidence of a fall on it, by integrating over the rate and the share of
/// it that is left on a grid.
double bayes_factor(const std::vector<data::Day>& days, data::Day last,
                    const std::vector<RateLaw>& laws) {
  constexpr double kLow = -9, kHigh = 1.5, kStep = 0.02, kShare = 0.005;
  const auto count = static_cast<double>(days.size() - 1);
  double sum = 0, steady = 0;
  int n = 0;
  for (data::Day eve = days[1]; eve < last; ++eve, ++n) {
    double before = 0;
    for (std::size_t i = 1; i < days.size(); ++i) before += days[i] <= eve ? 1 : 0;
    for (double x = kLow; x < kHigh; x += kStep) {
      const double rate = std::exp(x), prior = density(laws, rate) * rate * kStep;
      if (n == 0) steady += prior * poisson(rate, count, last - days[0]);
      for (double share = kShare / 2; share < 1; share += kShare)
        sum += prior * poisson(rate, before, eve - days[0]) *
               poisson(share * rate, count - before, last - eve) * kShare;
    }
  }
  return sum / steady / n;
}

}  // namespace

TEST(ChangeDate, TheBayesFactorIsTheIntegralOverRateAndShare) {
  const ActivityClock clock = plain_clock(100);
  const std::vector<RateLaw> one{{1, 1.5, 30}}, two{{0.6, 2, 40}, {0.4, 3, 12}};
  const std::vector<data::Day> days{1000, 1004, 1007, 1012, 1018, 1021, 1025};
  for (const auto& laws : {one, two}) {
    const ChangeDate found = change_date(days, clock, laws, 1, 1, 0.95);
    ASSERT_GE(found.bayes_factor, 3);
    EXPECT_NEAR(found.bayes_factor, bayes_factor(days, 1099, laws), 0.02 * found.bayes_factor);
  }
}

TEST(ChangeDate, AStopIsDatedRightAfterTheLastOrder) {
  const ActivityClock clock = plain_clock(270);
  const std::vector<RateLaw> laws{{1, 1.5, 30}};
  std::vector<data::Day> days;
  for (data::Day day = 1000; day < 1140; day += 7) days.push_back(day);
  const ChangeDate found = change_date(days, clock, laws, 1, 1, 0.95);
  // 270 days come into question, in steps of three.
  EXPECT_GT(found.day, days.back());
  EXPECT_LE(found.day, days.back() + 4);
  EXPECT_LE(found.low, found.day);
  EXPECT_GE(found.high, found.day);
  EXPECT_LT(found.high - found.low, 60);
  const ChangeDate wider = change_date(days, clock, laws, 1, 1, 0.5);
  EXPECT_LT(wider.high - wider.low, found.high - found.low);
}

TEST(ChangeDate, NothingIsClaimedWithoutEvidence) {
  const ActivityClock clock = plain_clock(270);
  const std::vector<RateLaw> laws{{1, 1.5, 30}};
  std::vector<data::Day> steady, rising;
  for (data::Day day = 1000; day < 1270; day += 9) steady.push_back(day);
  for (data::Day day = 1000; day < 1150; day += 40) rising.push_back(day);
  for (data::Day day = 1151; day < 1270; day += 4) rising.push_back(day);
  EXPECT_EQ(change_date(steady, clock, laws, 1, 1, 0.95).day, data::kNoDay);
  EXPECT_EQ(change_date(rising, clock, laws, 1, 1, 0.95).day, data::kNoDay) << "a rise is no fall";
  EXPECT_EQ(change_date(std::vector<data::Day>{1000, 1100}, clock, laws, 1, 1, 0.95).day,
            data::kNoDay);
  EXPECT_EQ(change_date(std::vector<data::Day>{1000}, clock, laws, 1, 1, 0.95).day, data::kNoDay);
  EXPECT_EQ(change_date({}, clock, laws, 1, 1, 0.95).day, data::kNoDay);
  EXPECT_EQ(change_date(std::vector<data::Day>{1268, 1269}, clock, laws, 1, 1, 0.95).day,
            data::kNoDay);
}

TEST(ChangeDate, ClumpsSpeakLessAndRegularGapsMore) {
  const ActivityClock clock = plain_clock(270);
  const std::vector<RateLaw> laws{{1, 1.5, 30}};
  std::vector<data::Day> days;
  for (data::Day day = 1000; day < 1150; day += 12) days.push_back(day);
  const double random = change_date(days, clock, laws, 1, 1, 0.95).bayes_factor;
  EXPECT_LT(change_date(days, clock, laws, 1, 0.5, 0.95).bayes_factor, random);
  EXPECT_GT(change_date(days, clock, laws, 1, 3, 0.95).bayes_factor, random);
}

}  // namespace emptor::customers
