#include "emptor/learn/incidence.hpp"

#include "learn/survival_sample.hpp"
#include "simulation.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <map>
#include <set>

namespace emptor::learn {
namespace {

using testing::message;
using testing::numbered;
using testing::random_sample;
using testing::Sample;

// Incidence of a cause and its variance from the textbook's double sum, all rows each time.
struct ByHand {
  double incidence = 0, variance = 0;
};

ByHand by_hand(const Sample& sample, std::int32_t cause, double until) {
  struct Time {
    double n, d, d1, before, f;
  };
  std::set<double> times;
  for (std::size_t i = 0; i < sample.duration.size(); ++i)
    if (sample.event[i] > 0 && sample.duration[i] <= until) times.insert(sample.duration[i]);
  std::vector<Time> steps;
  double survival = 1, f = 0;
  for (const double time : times) {
    Time step{0, 0, 0, survival, 0};
    for (std::size_t i = 0; i < sample.duration.size(); ++i) {
      step.n += sample.duration[i] >= time && (sample.entry.empty() || sample.entry[i] < time);
      step.d += sample.duration[i] == time && sample.event[i] > 0;
      step.d1 += sample.duration[i] == time && sample.event[i] == cause;
    }
    f += survival * step.d1 / step.n;
    survival *= 1 - step.d / step.n;
    step.f = f;
    steps.push_back(step);
  }
  ByHand out{f, 0};
  for (const auto& [n, d, d1, before, at] : steps) {
    const double rest = f - at;
    out.variance += before * before * d1 * (n - d1) / (n * n * n);
    if (n > d) out.variance += rest * rest * d / (n * (n - d)) - 2 * rest * before * d1 / (n * n);
  }
  return out;
}

}  // namespace

// lifelines 0.30.3, AalenJohansenFitter: cumulative_density_ and variance_, six digits.
TEST(Incidence, TenRowsOfTwoCauses) {
  Sample sample;
  sample.duration = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
  sample.event = {1, 2, 0, 1, 2, 1, 0, 2, 1, 0};
  const auto found = cumulative_incidence(sample.view(), numbered(2));
  ASSERT_EQ(found.time.size(), 22u);
  constexpr std::array<double, 11> first{0,       .1,      .1,      .1,      .214286, .214286,
                                         .328571, .328571, .328571, .480952, .480952};
  constexpr std::array<double, 11> variance{0,       .009,    .009,    .009,    .018236, .018236,
                                            .024394, .024394, .024394, .031684, .031684};
  constexpr std::array<double, 11> second_variance{
      0, 0, .009, .009, .009, .018236, .018236, .018236, .029632, .029632, .029632};
  for (std::size_t i = 0; i < 11; ++i) {
    EXPECT_NEAR(found.incidence[i], first[i], 1e-6);
    EXPECT_NEAR(found.standard_error[i] * found.standard_error[i], variance[i], 1e-6);
    EXPECT_NEAR(found.standard_error[11 + i] * found.standard_error[11 + i], second_variance[i],
                1e-6);
  }
  EXPECT_NEAR(found.incidence[21], 0.366667, 1e-6);
}

TEST(Incidence, EqualsItsDefinition) {
  core::Random random(1);
  for (int run = 0; run < 1500; ++run) {
    const Sample sample =
        random_sample(random, 1 + random.below(25), 3, run % 2 == 0, run % 3 == 0);
    const auto found = cumulative_incidence(sample.view(), numbered(3));
    const SurvivalCurve curve = survival_curve(sample.view());
    const std::size_t rows = curve.time.size();
    ASSERT_EQ(found.time.size(), 3 * rows);
    for (std::size_t i = 0; i < rows; ++i) {
      double sum = curve.survival[i];
      for (std::size_t c = 0; c < 3; ++c) {
        const std::size_t row = c * rows + i;
        ASSERT_EQ(found.time[row], curve.time[i]);
        const ByHand hand = by_hand(sample, static_cast<std::int32_t>(c) + 1, curve.time[i]);
        ASSERT_NEAR(found.incidence[row], hand.incidence, 1e-13);
        ASSERT_NEAR(found.standard_error[row] * found.standard_error[row], hand.variance, 1e-12);
        ASSERT_LE(found.incidence_low[row], found.incidence[row] + 1e-12);
        ASSERT_GE(found.incidence_high[row], found.incidence[row] - 1e-12);
        sum += found.incidence[row];
      }
      ASSERT_NEAR(sum, 1, 1e-12);  // every row has had one of the events, or none yet
    }
  }
}

TEST(Incidence, OneCauseIsKaplanAndMeier) {
  core::Random random(2);
  for (int run = 0; run < 300; ++run) {
    const Sample sample = random_sample(random, 2 + random.below(60), 1, run % 2 == 0, false);
    const auto found = cumulative_incidence(sample.view(), numbered(1));
    const SurvivalCurve curve = survival_curve(sample.view());
    for (std::size_t i = 0; i < curve.time.size(); ++i) {
      ASSERT_NEAR(found.incidence[i], 1 - curve.survival[i], 1e-12);
      if (curve.survival[i] < 1e-9) continue;
      ASSERT_NEAR(found.standard_error[i], curve.standard_error[i], 1e-8);
      ASSERT_NEAR(found.incidence_low[i], 1 - curve.survival_high[i], 1e-6);
      ASSERT_NEAR(found.incidence_high[i], 1 - curve.survival_low[i], 1e-6);
    }
  }
}

TEST(Incidence, SaysWhatIsWrong) {
  Sample sample;
  sample.duration = {1, 2};
  sample.event = {1, 3};
  EXPECT_EQ(message([&] { (void)cumulative_incidence(sample.view(), numbered(2)); }),
            "incidence: event of row 1 is 3, but there are 2 causes");
  EXPECT_EQ(message([&] { (void)cumulative_incidence(sample.view(), numbered(0)); }),
            "incidence: there are no causes: every row is censored");
  EXPECT_EQ(message([&] { (void)cumulative_incidence(sample.view(), numbered(300)); }),
            "incidence: 300 causes; tell at most 256 apart");
  EXPECT_EQ(message([&] { (void)cumulative_incidence(sample.view(), numbered(3), {.level = 0}); }),
            "incidence: level must lie between 0 and 1, found 0");
}

TEST(Incidence, EdgesHaveIntervals) {
  Sample sample;
  sample.duration = {1, 2, 2, 3, 3};
  sample.event = {2, 2, 2, 1, 1};
  const auto found = cumulative_incidence(sample.view(), numbered(2));
  EXPECT_EQ(found.incidence[0], 0);
  EXPECT_NEAR(found.incidence_high[0], 1 - std::pow(0.025, 0.2), 1e-12);  // none of five
  EXPECT_EQ(found.status[1], Status::small_sample);
  sample.event.assign(5, 1);
  const auto all = cumulative_incidence(sample.view(), numbered(1));
  EXPECT_EQ(all.incidence.back(), 1);
  EXPECT_EQ(all.incidence_high.back(), 1);
  EXPECT_LT(all.incidence_low.back(), 1);
}

TEST(Incidence, SameBitsOnAnyNumberOfThreads) {
  core::Random random(5);
  const Sample sample = random_sample(random, 20000, 3, false, false, 4);
  CumulativeIncidence first;
  for (const int threads : {1, 2, 3, 8}) {
    Context context;
    context.threads = threads;
    const auto found = cumulative_incidence(sample.view(), numbered(3), {}, context);
    if (threads == 1) first = found;
    EXPECT_EQ(found.incidence, first.incidence);
    EXPECT_EQ(found.standard_error, first.standard_error);
    EXPECT_EQ(found.incidence_high, first.incidence_high);
  }
}

TEST(Incidence, SimulationCoverage) {
  const int runs = 1000 * emptor::testing::simulation_scale();
  std::array<int, 4> inside{};
  for (int run = 0; run < runs; ++run) {
    core::Random random(200, static_cast<std::uint64_t>(run));
    Sample sample;
    for (int i = 0; i < 200; ++i) {
      // Hazards .06 and .03: cause 1 takes two thirds of those who leave.
      const double time = random.exponential() / 0.09, end = 25 * random.exponential();
      sample.duration.push_back(std::min(time, end));
      sample.event.push_back(time > end ? 0 : random.uniform() < 2.0 / 3 ? 1 : 2);
    }
    const auto found = cumulative_incidence(sample.view(), numbered(2));
    const std::size_t rows = found.time.size() / 2;
    for (std::size_t k = 0; k < 4; ++k) {
      const double time = k % 2 == 0 ? 4 : 12;
      const auto begin = found.time.begin() + static_cast<std::ptrdiff_t>(k / 2 * rows);
      const auto after = std::upper_bound(begin, begin + static_cast<std::ptrdiff_t>(rows), time);
      const auto i = static_cast<std::size_t>(after - found.time.begin()) - 1;
      const double truth = (k < 2 ? 2.0 / 3 : 1.0 / 3) * -std::expm1(-0.09 * time);
      inside[k] += found.incidence_low[i] <= truth && truth <= found.incidence_high[i];
    }
  }
  const double error = 3 * std::sqrt(0.05 * 0.95 / runs);
  for (std::size_t k = 0; k < 4; ++k) {
    const double coverage = static_cast<double>(inside[k]) / runs;
    std::printf("  cause %zu at %d: coverage %.3f\n", k / 2 + 1, k % 2 == 0 ? 4 : 12, coverage);
    EXPECT_GT(coverage, 0.93 - error);
    EXPECT_LT(coverage, 0.97 + error);
  }
}

}  // namespace emptor::learn
