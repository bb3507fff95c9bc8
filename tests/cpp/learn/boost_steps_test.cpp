#include "learn/boost_steps.hpp"

#include "core/random.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <vector>

namespace emptor::learn {
namespace {

std::vector<double> random_sums(core::Random& random, std::size_t bins) {
  std::vector<double> sums;
  for (std::size_t b = 0; b < bins; ++b) {
    sums.push_back(6 * random.normal());
    sums.push_back(random.below(4) == 0 ? 0 : 10 * random.uniform());
  }
  return sums;
}

double gain_of(double g, double h, double penalty) { return g * g / (h + penalty); }

TEST(ColumnStep, IsTheBestCutOfAll) {
  core::Random random(3);
  const StepRule rule{1, 2, 1, 2, 4};
  for (int trial = 0; trial < 3000; ++trial) {
    const std::size_t bins = 2 + random.below(12);
    const auto sums = random_sums(random, bins);
    double total_g = 0, total_h = 0, best = rule.min_gain;
    for (std::size_t b = 1; b < bins; ++b) {
      total_g += sums[2 * b];
      total_h += sums[2 * b + 1];
    }
    std::size_t cut = 0;
    double g = 0, h = 0;
    for (std::size_t b = 1; b + 1 < bins; ++b) {
      g += sums[2 * b];
      h += sums[2 * b + 1];
      const double gain =
          gain_of(g, h, 1) + gain_of(total_g - g, total_h - h, 1) - gain_of(total_g, total_h, 1);
      if (h >= 2 && total_h - h >= 2 && gain > best + 1e-12) {
        best = gain;
        cut = b;
      }
    }
    std::vector<float> step(bins);
    const bool found = column_step(sums, false, 0, rule, step);
    const bool missing = gain_of(sums[0], sums[1], 1) > rule.min_gain;
    EXPECT_EQ(found, cut > 0 || missing);
    if (cut == 0) continue;
    g = h = 0;
    for (std::size_t b = 1; b <= cut; ++b) {
      g += sums[2 * b];
      h += sums[2 * b + 1];
    }
    EXPECT_NEAR(step[1], g / (h + 1), 1e-5);
    EXPECT_NEAR(step[bins - 1], (total_g - g) / (total_h - h + 1), 1e-5);
    EXPECT_EQ(step[cut], step[1]);
    EXPECT_EQ(step[cut + 1], step[bins - 1]);
  }
}

TEST(ColumnStep, GoesOneWayWhereBound) {
  core::Random random(4);
  const StepRule rule{1, 0, 1, 6, 0};
  for (int trial = 0; trial < 2000; ++trial) {
    const auto sums = random_sums(random, 20);
    for (const int direction : {1, -1}) {
      std::vector<float> step(20);
      column_step(sums, false, direction, rule, step);
      for (std::size_t b = 2; b < 20; ++b)
        EXPECT_GE(static_cast<float>(direction) * (step[b] - step[b - 1]), 0);
    }
  }
}

TEST(ColumnStep, CategoriesDoNotDependOnTheirOrder) {
  core::Random random(5);
  const StepRule rule{1, 0, 1, 3, 0};
  for (int trial = 0; trial < 500; ++trial) {
    auto sums = random_sums(random, 9);
    std::vector<float> step(9), swapped(9);
    column_step(sums, true, 0, rule, step);
    std::swap(sums[2], sums[14]);
    std::swap(sums[3], sums[15]);
    column_step(sums, true, 0, rule, swapped);
    std::swap(swapped[1], swapped[7]);
    for (std::size_t b = 0; b < 9; ++b) EXPECT_NEAR(step[b], swapped[b], 1e-6);
  }
}

// All cuts of one side, and on either side of it all cuts of the other, by adding up cells.
TEST(PairStep, IsTheBestPairOfCuts) {
  core::Random random(6);
  const StepRule rule{1, 1, 1, 2, 4};
  for (int trial = 0; trial < 40; ++trial) {
    const auto sums = random_sums(random, 256);
    const auto box = [&](bool turned, std::size_t o0, std::size_t o1, std::size_t i0,
                         std::size_t i1) {
      std::array<double, 2> total{0, 0};
      for (std::size_t o = o0; o < o1; ++o)
        for (std::size_t i = i0; i < i1; ++i) {
          const std::size_t c = turned ? 16 * i + o : 16 * o + i;
          total[0] += sums[2 * c];
          total[1] += sums[2 * c + 1];
        }
      return total;
    };
    const auto side = [&](bool turned, std::size_t o0, std::size_t o1) {
      double best = -1;
      for (std::size_t i = 1; i < 16; ++i) {
        const auto l = box(turned, o0, o1, 0, i), r = box(turned, o0, o1, i, 16);
        if (l[1] >= 1 && r[1] >= 1)
          best = std::max(best, gain_of(l[0], l[1], 1) + gain_of(r[0], r[1], 1));
      }
      return best;
    };
    const auto all = box(false, 0, 16, 0, 16);
    double best = 0;
    for (const bool turned : {false, true})
      for (std::size_t o = 1; o < 16; ++o) {
        const double low = side(turned, 0, o), high = side(turned, o, 16);
        if (low >= 0 && high >= 0) best = std::max(best, low + high - gain_of(all[0], all[1], 1));
      }
    std::vector<float> step(256);
    EXPECT_NEAR(pair_step(sums, false, false, rule, step), best, 1e-8 * best);
    EXPECT_NEAR(pair_step(sums, false, false, rule, {}), best, 1e-8 * best);
    std::sort(step.begin(), step.end());
    EXPECT_LE(std::unique(step.begin(), step.end()) - step.begin(), 4);
  }
}

}  // namespace
}  // namespace emptor::learn
