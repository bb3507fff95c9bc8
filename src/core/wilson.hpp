#pragma once

#include "emptor/core/interval.hpp"

#include <algorithm>
#include <cmath>

namespace emptor::core {

/// wilson() for many shares at one level: `z` is normal_half_width(level); 0 <= successes <= n up
/// to rounding, 0 < n.
inline Interval wilson_at(double successes, double n, double z) noexcept {
  const double p = std::min(1.0, successes / n);
  const double centre = p + z * z / (2 * n);
  const double half = z * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n));
  const double scale = 1 + z * z / n;
  // At the edges the formula is exact but its rounding is not.
  return {p == 0 ? 0 : std::max(0.0, (centre - half) / scale),
          p == 1 ? 1 : std::min(1.0, (centre + half) / scale)};
}

}  // namespace emptor::core
