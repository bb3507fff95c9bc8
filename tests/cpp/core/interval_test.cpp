#include "emptor/core/interval.hpp"

#include "emptor/core/error.hpp"

#include "core/special.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

namespace emptor {
namespace {

void expect(Interval found, double low, double high, double tolerance) {
  EXPECT_NEAR(found.low, low, tolerance);
  EXPECT_NEAR(found.high, high, tolerance);
}

// Wilson (1927) worked out by hand in doubles; 81/263 and 15/148 are also the examples of Newcombe
// (1998, Statistics in Medicine 17:857-872, table I): .2553 to .3662 and .0624 to .1605.
TEST(Interval, Wilson) {
  expect(wilson(81, 263), .255289, .366210, 5e-7);
  expect(wilson(15, 148), .062386, .160487, 5e-7);
  expect(wilson(0, 20), 0, .161125, 5e-7);
  expect(wilson(1, 29), .006113, .171755, 5e-7);
  expect(wilson(29, 29), .883030, 1, 5e-7);
  expect(wilson(1, 1), .206549, 1, 5e-7);
  EXPECT_EQ(wilson(0, 20).low, 0);
  EXPECT_EQ(wilson(29, 29).high, 1);
  EXPECT_TRUE(std::isnan(wilson(0, 0).low));
  EXPECT_TRUE(std::isnan(wilson(0, 0).high));
  // The ends solve (p - phat)^2 = z^2 p (1 - p) / n.
  const double z = normal_half_width(0.8);
  for (const double p : {wilson(7.5, 31, 0.8).low, wilson(7.5, 31, 0.8).high}) {
    EXPECT_NEAR(std::fabs(7.5 / 31 - p), z * std::sqrt(p * (1 - p) / 31), 1e-14);
  }
}

// Newcombe (1998), table I, method 5, the same examples.
TEST(Interval, ClopperPearson) {
  expect(clopper_pearson(81, 263), .2527, .3676, 5e-5);
  expect(clopper_pearson(15, 148), .0578, .1617, 5e-5);
  expect(clopper_pearson(0, 20), 0, .1684, 5e-5);
  expect(clopper_pearson(1, 29), .0009, .1776, 5e-5);
  // 1 - (alpha / 2)^(1 / n) in closed form.
  EXPECT_NEAR(clopper_pearson(0, 20).high, 1 - std::pow(0.025, 1.0 / 20), 1e-14);
  EXPECT_NEAR(clopper_pearson(20, 20).low, std::pow(0.025, 1.0 / 20), 1e-14);
  EXPECT_EQ(clopper_pearson(20, 20).high, 1);
  EXPECT_TRUE(std::isnan(clopper_pearson(0, 0).low));
}

// scipy.stats.chi2.ppf(.025, 2 k) / 2 and chi2.ppf(.975, 2 k + 2) / 2.
TEST(Interval, Garwood) {
  expect(garwood(0), 0, 3.6888794541139354, 1e-12);
  expect(garwood(1), 0.025317807984289786, 5.571643390938898, 1e-12);
  expect(garwood(10), 4.7953886961324335, 18.39035604201778, 1e-11);
  expect(garwood(100), 81.36399125092314, 121.62679379242638, 1e-9);
  EXPECT_NEAR(garwood(0).high, -std::log(0.025), 1e-14);
}

TEST(Interval, ByarIsCloseToGarwood) {
  for (const std::int64_t count : {5, 20, 100, 5000}) {
    const Interval exact = garwood(count);
    const Interval approximate = byar(static_cast<double>(count));
    EXPECT_NEAR(approximate.low / exact.low, 1, 0.01);
    EXPECT_NEAR(approximate.high / exact.high, 1, 0.002);
  }
  EXPECT_EQ(byar(0).low, 0);
  EXPECT_GE(byar(0.05).low, 0);
}

// Newcombe (1998, Statistics in Medicine 17:873-890), table II, method 10.
TEST(Interval, Newcombe) {
  expect(newcombe(56, 70, 48, 80), .0524, .3339, 5e-5);
  expect(newcombe(9, 10, 3, 10), .1705, .8090, 5e-5);
  expect(newcombe(6, 7, 2, 7), .0582, .8062, 5e-5);
  expect(newcombe(5, 56, 0, 29), -.0381, .1926, 5e-5);
  expect(newcombe(0, 10, 0, 20), -.1611, .2775, 5e-5);
  expect(newcombe(0, 10, 0, 10), -.2775, .2775, 5e-5);
  expect(newcombe(10, 10, 0, 20), .6791, 1, 5e-5);
  expect(newcombe(10, 10, 0, 10), .6075, 1, 5e-5);
  const Interval swapped = newcombe(48, 80, 56, 70);
  expect(newcombe(56, 70, 48, 80), -swapped.high, -swapped.low, 1e-15);
  EXPECT_TRUE(std::isnan(newcombe(0, 0, 1, 2).low));
}

TEST(Interval, LogDeltaAndHalfWidth) {
  EXPECT_NEAR(normal_half_width(0.95), 1.95996398454005421, 1e-14);
  EXPECT_NEAR(normal_half_width(0.8), 1.28155156554460046, 1e-14);
  const Interval found = log_delta(std::log(2.0), 0.04);
  EXPECT_NEAR(found.low * found.high, 4, 1e-13);
  EXPECT_NEAR(found.high, 2 * std::exp(1.95996398454005421 * 0.2), 1e-13);
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

TEST(Interval, Messages) {
  EXPECT_EQ(message([] { wilson(1, 2, 95); }),
            "wilson: level must lie between 0 and 1, as 0.95; found 95");
  EXPECT_EQ(message([] { wilson(3, 2); }), "wilson: successes must lie in [0, n]; found 3 of 2");
  EXPECT_EQ(message([] { wilson(std::nan(""), 2); }),
            "wilson: successes must lie in [0, n]; found nan of 2");
  EXPECT_EQ(message([] { clopper_pearson(-1, 2); }),
            "clopper_pearson: successes must lie in [0, n]; found -1 of 2");
  EXPECT_EQ(message([] { garwood(-5); }), "garwood: count must be 0 or more; found -5");
  EXPECT_EQ(message([] { byar(-0.5); }), "byar: count must be 0 or more; found -0.5");
  EXPECT_EQ(message([] { log_delta(0, -1); }), "log_delta: variance must be 0 or more; found -1");
  // Sums of weights may pass n by their rounding.
  EXPECT_EQ(wilson(std::nextafter(2.0, 3.0), 2).high, 1);
}

// Coverage computed exactly, by summing the probabilities of the outcomes whose interval holds the
// truth: nothing is simulated.
double binomial_coverage(int n, double p, const std::vector<Interval>& intervals) {
  double coverage = 0;
  for (int x = 0; x <= n; ++x) {
    const Interval& i = intervals[static_cast<std::size_t>(x)];
    if (i.low <= p && p <= i.high) {
      coverage += std::exp(core::log_choose(n, x) + x * std::log(p) + (n - x) * std::log1p(-p));
    }
  }
  return coverage;
}

TEST(Interval, ExactCoverageOfProportions) {
  std::printf("%6s %22s %22s\n", "n", "Clopper-Pearson least", "Wilson mean (least)");
  for (const int n : {1, 5, 10, 29, 50, 100, 263}) {
    std::vector<Interval> exact;
    std::vector<Interval> score;
    for (int x = 0; x <= n; ++x) {
      exact.push_back(clopper_pearson(x, n));
      score.push_back(wilson(x, n));
    }
    double least = 1;
    double least_score = 1;
    double sum = 0;
    constexpr int kGrid = 999;
    for (int i = 1; i <= kGrid; ++i) {
      const double p = i / (kGrid + 1.0);
      least = std::fmin(least, binomial_coverage(n, p, exact));
      const double covered = binomial_coverage(n, p, score);
      least_score = std::fmin(least_score, covered);
      sum += covered;
    }
    std::printf("%6d %22.4f %13.4f (%.4f)\n", n, least, sum / kGrid, least_score);
    EXPECT_GE(least, 0.95 - 1e-9) << n;
    if (n >= 5) {
      EXPECT_GE(sum / kGrid, 0.93) << n;
      EXPECT_LE(sum / kGrid, 0.97) << n;
    }
  }
}

TEST(Interval, ExactCoverageOfPoissonMeans) {
  std::vector<Interval> exact;
  std::vector<Interval> approximate;
  for (int k = 0; k < 400; ++k) {
    exact.push_back(garwood(k));
    approximate.push_back(byar(k));
  }
  double least = 1;
  double sum = 0;
  int means = 0;
  for (double mean = 0.05; mean < 200; mean *= 1.01) {
    double covered = 0;
    double covered_byar = 0;
    for (std::size_t k = 0; k < exact.size(); ++k) {
      const auto x = static_cast<double>(k);
      const double probability = std::exp(x * std::log(mean) - mean - core::log_gamma(x + 1));
      if (exact[k].low <= mean && mean <= exact[k].high) covered += probability;
      if (approximate[k].low <= mean && mean <= approximate[k].high) covered_byar += probability;
    }
    least = std::fmin(least, covered);
    sum += covered_byar;
    ++means;
  }
  std::printf("Garwood least %.4f, Byar mean %.4f over %d means\n", least, sum / means, means);
  EXPECT_GE(least, 0.95 - 1e-9);
  EXPECT_GE(sum / means, 0.95);
  EXPECT_LE(sum / means, 0.99);
}

}  // namespace
}  // namespace emptor
