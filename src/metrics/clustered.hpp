#pragma once

#include "emptor/core/interval.hpp"

#include "core/special.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace emptor::metrics {

/// Variance of an estimate from what each cluster (customer) contributes to its linearisation:
/// the sum of the squared contributions ("sandwich"; Cochran 1977, 6.3 for ratios).
class Clustered {
 public:
  void add(double contribution) noexcept {
    const double square = contribution * contribution;
    squares_ += square;
    fourths_ += square * square;
  }
  /// Half the width of the interval: Student's t with Satterthwaite's degrees of freedom of a sum
  /// of squares, which are few where few customers decide, and at most `most`. 0 without any
  /// variance.
  [[nodiscard]] double half_width(double level,
                                  double most = std::numeric_limits<double>::infinity()) const {
    if (!(squares_ > 0)) return 0;
    const double df = std::max(1.0, std::min(most, squares_ * squares_ / fourths_ - 1));
    return core::student_quantile(0.5 * (1 + level), df) * std::sqrt(squares_);
  }

 private:
  double squares_ = 0;
  double fourths_ = 0;
};

}  // namespace emptor::metrics
