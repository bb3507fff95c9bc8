#pragma once

#include "emptor/core/interval.hpp"

#include "core/special.hpp"

#include <algorithm>
#include <limits>

namespace emptor::mining {

/// P(as many or more) of counts with the given mean and variance: the Poisson law stretched to
/// both, so that small counts keep their skewness. Where the stretch is below 1 the half of a whole
/// count is kept as continuity correction. Not 0.
inline double stretched_upper_tail(double n, double expected, double variance) {
  if (n <= 0) return 1;
  if (expected <= 0) return std::numeric_limits<double>::min();
  const double stretch = variance > 0 ? variance / expected : 1;
  const double shape = std::min(n / stretch, (n - 0.5) / stretch + 0.5);
  if (shape <= 0) return 1;
  return std::max(core::gamma_cdf(expected / stretch, shape), std::numeric_limits<double>::min());
}

/// P(as many or fewer) of the same law.
inline double stretched_lower_tail(double n, double expected, double variance) {
  if (expected <= 0) return 1;
  const double stretch = variance > 0 ? variance / expected : 1;
  const double shape = std::max(n / stretch + 1, (n + 0.5) / stretch + 0.5);
  // Q(shape, x) is the chance of fewer than `shape` events: of chi-squared with twice the shape.
  return std::max(core::chi_squared_sf(2 * expected / stretch, 2 * shape),
                  std::numeric_limits<double>::min());
}

/// Interval of the ratio of such a count to its expectation: Garwood's, stretched.
inline Interval stretched_ratio(double n, double expected, double variance, double level) {
  const double stretch = variance > 0 ? variance / expected : 1;
  const double tail = (1 - level) / 2;
  const double unit = stretch / expected;
  return {n > 0 ? core::gamma_quantile(tail, n / stretch) * unit : 0,
          core::gamma_quantile(1 - tail, n / stretch + 1) * unit};
}

}  // namespace emptor::mining
