#include "core/gauss.hpp"

#include "emptor/core/error.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace emptor::core {

// n nodes are exact for all powers up to 2n - 1, and for no more.
TEST(Gauss, ExactForPolynomials) {
  for (int n = 1; n <= kMostGaussNodes; ++n) {
    const QuadratureRule& rule = gauss_legendre(n);
    ASSERT_EQ(rule.node.size(), static_cast<std::size_t>(n));
    for (int power = 0; power <= 2 * n; ++power) {
      double sum = 0;
      for (std::size_t i = 0; i < rule.node.size(); ++i)
        sum += rule.weight[i] * std::pow(rule.node[i], power);
      if (power < 2 * n) {
        EXPECT_NEAR(sum * (power + 1), 1, 1e-13) << n << " " << power;
      } else if (n < 8) {
        EXPECT_GT(std::fabs(sum * (power + 1) - 1), 1e-11) << n;
      }
    }
    for (std::size_t i = 1; i < rule.node.size(); ++i) EXPECT_GT(rule.node[i], rule.node[i - 1]);
  }
}

TEST(Gauss, OtherSizesAreRefused) {
  EXPECT_THROW(gauss_legendre(0), InvalidArgument);
  EXPECT_THROW(gauss_legendre(33), InvalidArgument);
}

}  // namespace emptor::core
