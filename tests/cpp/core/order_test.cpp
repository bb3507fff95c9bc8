#include "core/order.hpp"

#include "core/random.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>
#include <vector>

namespace emptor::core {
namespace {

std::vector<std::uint32_t> compared(const std::vector<double>& x) {
  std::vector<std::uint32_t> order(x.size());
  std::iota(order.begin(), order.end(), 0U);
  std::stable_sort(order.begin(), order.end(), [&](auto i, auto j) { return x[i] < x[j]; });
  return order;
}

TEST(Order, OrdersSignsZerosAndInfinitiesAndKeepsEqualOnesInOrder) {
  const double infinity = std::numeric_limits<double>::infinity();
  const double tiny = std::numeric_limits<double>::denorm_min();
  const std::vector<double> x{0.0,  3,      -infinity, -0.0, 2,        -tiny, 3,    tiny, -1.5, 0.0,
                              1e-9, -1e300, 1e300,     -1.5, infinity, 3,     -0.0, 1,    -2};
  EXPECT_EQ(ascending_order(x), compared(x));
}

TEST(Order, OrdersAsComparingDoes) {
  Random random(7);
  for (const std::size_t n : {0U, 1U, 2U, 3U, 100U, 5000U}) {
    std::vector<double> wide(n), ties(n);
    for (std::size_t i = 0; i < n; ++i) {
      wide[i] = (random.uniform() - 0.5) * std::exp(100 * (random.uniform() - 0.5));
      ties[i] = std::floor(10 * random.uniform());
    }
    EXPECT_EQ(ascending_order(wide), compared(wide)) << n;
    EXPECT_EQ(ascending_order(ties), compared(ties)) << n;
  }
}

}  // namespace
}  // namespace emptor::core
