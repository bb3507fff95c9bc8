#include "mining/stretched_poisson.hpp"

#include "core/special.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace emptor::mining {
namespace {

TEST(StretchedPoisson, UnstretchedItIsPoissonsLaw) {
  for (const double mean : {0.3, 2.0, 11.5}) {
    for (int n = 0; n < 20; ++n) {
      EXPECT_NEAR(stretched_lower_tail(n, mean, mean), core::poisson_cdf(n, mean), 1e-13);
      EXPECT_NEAR(stretched_upper_tail(n, mean, mean), 1 - core::poisson_cdf(n - 1, mean), 1e-12);
    }
    // Garwood's limits.
    const Interval exact = garwood(7, 0.9);
    const Interval ratio = stretched_ratio(7, mean, mean, 0.9);
    EXPECT_NEAR(ratio.low * mean, exact.low, 1e-9);
    EXPECT_NEAR(ratio.high * mean, exact.high, 1e-9);
  }
  EXPECT_EQ(stretched_ratio(0, 4, 4, 0.95).low, 0);
}

TEST(StretchedPoisson, MoreVarianceIsLessEvidence) {
  EXPECT_LT(stretched_lower_tail(3, 12, 6), stretched_lower_tail(3, 12, 12));
  EXPECT_LT(stretched_lower_tail(3, 12, 12), stretched_lower_tail(3, 12, 24));
  EXPECT_LT(stretched_upper_tail(25, 12, 6), stretched_upper_tail(25, 12, 12));
  EXPECT_LT(stretched_upper_tail(25, 12, 12), stretched_upper_tail(25, 12, 24));
  // None at all with a mean of a single, twice stretched, event: never below its chance of nothing.
  EXPECT_NEAR(stretched_lower_tail(0, 6, 12), std::exp(-3.0), 1e-12);
}

TEST(StretchedPoisson, NothingExpectedIsNoEvidenceOfLess) {
  EXPECT_EQ(stretched_lower_tail(0, 0, 0), 1);
  EXPECT_EQ(stretched_upper_tail(0, 0, 0), 1);
  EXPECT_GT(stretched_lower_tail(0, 1e6, 1e6), 0);
}

}  // namespace
}  // namespace emptor::mining
