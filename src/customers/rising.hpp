#pragma once

#include "core/special.hpp"

#include <cmath>

namespace emptor::customers {

/// ln(c (c + 1) ... (c + n - 1)) with its first two derivatives by c, for rising n: a prefix sum in
/// place of gamma functions, and in full precision for any c.
class Rising {
 public:
  explicit Rising(double c) noexcept : c_(c) {}
  void advance(double n) noexcept {
    if (n - n_ <= kStep) {
      for (; n_ < n; n_ += 1) {
        const double at = c_ + n_, inverse = 1 / at;
        value += std::log(at);
        slope += inverse;
        curve -= inverse * inverse;
      }
      return;
    }
    value = core::log_gamma(n) - core::log_beta(c_, n);
    slope = core::digamma(c_ + n) - core::digamma(c_);
    curve = core::trigamma(c_ + n) - core::trigamma(c_);
    n_ = n;
  }
  double value = 0, slope = 0, curve = 0;

 private:
  static constexpr double kStep = 1024;
  double c_;
  double n_ = 0;
};

}  // namespace emptor::customers
