#pragma once

#include "core/optimize.hpp"

#include <span>
#include <vector>

namespace emptor::customers {

/// Whether a search ended at a bound.
inline bool at_bound(double x, double low, double high) {
  return x <= low + 1e-6 || x >= high - 1e-6;
}

/// The covariance of the parameters of a maximum of likelihood: the inverse of the curvature over
/// those inside their bounds, row by row; 0 for one at a bound, NaN where the curvature is not that
/// of a maximum.
std::vector<double> covariance_at(const core::BoundedMinimum& at, std::span<const double> low,
                                  std::span<const double> high);

}  // namespace emptor::customers
