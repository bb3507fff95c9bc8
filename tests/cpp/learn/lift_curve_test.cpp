#include "emptor/learn/lift_curve.hpp"

#include "emptor/core/error.hpp"
#include "emptor/core/interval.hpp"

#include "core/random.hpp"
#include "simulation.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numeric>
#include <string>
#include <vector>

namespace emptor::learn {
namespace {

TEST(LiftCurve, CountsByHand) {
  // By falling probability: 1 1 0 1 0 0 0 1 0 0; 4 events of 10.
  const std::vector<std::uint8_t> y{1, 1, 0, 1, 0, 0, 0, 1, 0, 0};
  const std::vector<double> p{.95, .9, .8, .7, .6, .5, .4, .3, .2, .1};
  const LiftCurve c = lift_curve({y, p, {}, {}}, 5);
  EXPECT_EQ(c.n, (std::vector<std::int64_t>{2, 4, 6, 8, 10}));
  EXPECT_EQ(c.caught, (std::vector<double>{.5, .75, .75, 1, 1}));
  const std::vector<double> top{.2, .4, .6, .8, 1}, lift{2.5, 1.875, 1.25, 1.25, 1};
  for (std::size_t k = 0; k < 5; ++k) {
    EXPECT_DOUBLE_EQ(c.top[k], top[k]);
    EXPECT_DOUBLE_EQ(c.lift[k], lift[k]);
    EXPECT_LE(c.caught_low[k], c.caught[k]);
    EXPECT_GE(c.caught_high[k], c.caught[k]);
    EXPECT_DOUBLE_EQ(c.lift_low[k], c.caught_low[k] / top[k]);
    EXPECT_DOUBLE_EQ(c.lift_high[k], c.caught_high[k] / top[k]);
    EXPECT_EQ(c.status[k], Status::small_sample);
  }
  EXPECT_EQ(c.probability, (std::vector<double>{.9, .7, .5, .3, .1}));
  EXPECT_EQ(c.share, (std::vector<double>{1, .75, .5, .5, .4}));
  EXPECT_EQ(c.n_events, 4);
  EXPECT_DOUBLE_EQ(c.caught_low[4], wilson(4, 4).low);
}

// Of ties at the edge a part counts: the mean over all orders of the tied cases.
TEST(LiftCurve, TiesCountInPart) {
  core::Random random(1);
  for (int trial = 0; trial < 200; ++trial) {
    const std::size_t n = 4 + random.below(8);
    std::vector<std::uint8_t> y(n);
    std::vector<double> p(n);
    for (std::size_t i = 0; i < n; ++i) {
      y[i] = random.below(2) == 1;
      p[i] = static_cast<double>(random.below(3)) / 4;
    }
    y[0] = 1;
    const double events = std::accumulate(y.begin(), y.end(), 0.0);
    const LiftCurve c = lift_curve({y, p, {}, {}}, static_cast<int>(n));
    for (std::size_t k = 0; k < c.top.size(); ++k) {
      double sum = 0;  // over cases: P(among the first k + 1) under a random order of ties
      for (std::size_t i = 0; i < n; ++i) {
        const auto above = std::count_if(p.begin(), p.end(), [&](double q) { return q > p[i]; });
        const auto tied = std::count(p.begin(), p.end(), p[i]);
        const double in = static_cast<double>(k + 1) - static_cast<double>(above);
        sum += y[i] * std::clamp(in / static_cast<double>(tied), 0.0, 1.0);
      }
      ASSERT_NEAR(c.caught[k], sum / events, 1e-12);
    }
  }
}

TEST(LiftCurve, FewerCasesThanSteps) {
  const LiftCurve c =
      lift_curve({std::vector<std::uint8_t>{1, 0, 1}, std::vector<double>{.5, .4, .3}, {}, {}}, 20);
  EXPECT_EQ(c.n, (std::vector<std::int64_t>{1, 2, 3}));
  EXPECT_EQ(c.caught, (std::vector<double>{.5, .5, 1}));
}

TEST(LiftCurve, WithoutEventsThereAreNoRows) {
  const std::vector<std::uint8_t> none(5, 0);
  const std::vector<double> p(5, .2);
  EXPECT_TRUE(lift_curve({none, p, {}, {}}).top.empty());
  EXPECT_TRUE(lift_curve({}).top.empty());
}

// Copies of a customer's rows say nothing new: with clusters the interval is that of the customers.
TEST(LiftCurve, CopiesOfACustomerDoNotNarrowTheInterval) {
  core::Random random(2);
  std::vector<std::uint8_t> y, copied_y;
  std::vector<double> p, copied_p;
  std::vector<std::int32_t> cluster;
  for (std::int32_t i = 0; i < 800; ++i) {
    p.push_back(random.uniform());
    y.push_back(random.uniform() < p.back() ? 1 : 0);
    for (int k = 0; k < 4; ++k) {
      copied_p.push_back(p.back());
      copied_y.push_back(y.back());
      cluster.push_back(i);
    }
  }
  const LiftCurve once = lift_curve({y, p, {}, {}}, 10);
  const LiftCurve clustered = lift_curve({copied_y, copied_p, cluster, {}}, 10);
  for (std::size_t k = 0; k < 10; ++k) {
    EXPECT_NEAR(clustered.caught[k], once.caught[k], 1e-12);
    EXPECT_NEAR(clustered.caught_low[k], once.caught_low[k], 1e-3);
    EXPECT_NEAR(clustered.caught_high[k], once.caught_high[k], 1e-3);
  }
}

// Customers with two to five rows of one fate; the truth is the share caught by the same edge.
TEST(LiftCurve, IntervalsCover) {
  const int runs = 400 * testing::simulation_scale();
  int covered = 0, blind = 0;
  const double truth = (1 - 0.7 * 0.7) / 1;  // P(p > .7 | event) with p uniform
  for (int run = 0; run < runs; ++run) {
    core::Random random(7, static_cast<std::uint64_t>(run));
    std::vector<std::uint8_t> y;
    std::vector<double> p;
    std::vector<std::int32_t> cluster;
    for (std::int32_t c = 0; c < 400; ++c) {
      const double own = random.uniform();
      const std::uint8_t event = random.uniform() < own ? 1 : 0;
      const auto rows = 2 + random.below(4);
      for (std::uint64_t k = 0; k < rows; ++k) {
        p.push_back(own);
        y.push_back(event);
        cluster.push_back(c);
      }
    }
    const LiftCurve with = lift_curve({y, p, cluster, {}}, 10);
    const LiftCurve without = lift_curve({y, p, {}, {}}, 10);
    covered += with.caught_low[2] <= truth && truth <= with.caught_high[2];
    blind += without.caught_low[2] <= truth && truth <= without.caught_high[2];
  }
  std::printf("  by customer %.3f, by row %.3f of %d intervals cover\n",
              static_cast<double>(covered) / runs, static_cast<double>(blind) / runs, runs);
  EXPECT_GT(covered, 0.93 * runs);
  EXPECT_LT(covered, 0.98 * runs);
  EXPECT_LT(blind, 0.75 * runs);
}

TEST(LiftCurve, RefusesWhatCannotBe) {
  const std::vector<std::uint8_t> y{0, 1};
  const std::vector<double> p{.2, 1.4};
  try {
    lift_curve({y, p, {}, {}});
    FAIL();
  } catch (const InvalidArgument& error) {
    EXPECT_EQ(std::string(error.what()),
              "lift_curve: probability must lie in 0 to 1; row 1 has 1.4");
  }
  try {
    lift_curve({}, 0);
    FAIL();
  } catch (const InvalidArgument& error) {
    EXPECT_EQ(std::string(error.what()), "lift_curve: steps must be 1 or more, found 0");
  }
}

}  // namespace
}  // namespace emptor::learn
