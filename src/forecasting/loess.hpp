#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace emptor::forecasting {

/// Local regression of values at 1, 2, ..., n by tricube weights, of degree 0 or 1.
class Loess {
 public:
  /// The nearest `window` values are used, at every `jump`-th place; between them are straight
  /// lines.
  Loess(std::size_t window, int degree, std::size_t jump)
      : window_(window), degree_(degree), jump_(jump) {}

  /// `weight` may be empty. Where all weights are 0 the value itself stands.
  void smooth(std::span<const double> y, std::span<const double> weight, std::span<double> out);

  /// The smooth at place `at` (0 is one before the first value, n + 1 one after the last), from the
  /// values first ... last (counted from 0); `otherwise` where all weights are 0.
  double at(double at, std::size_t first, std::size_t last, std::span<const double> y,
            std::span<const double> weight, double otherwise);

 private:
  void set_kernel(double reach, std::size_t extent);

  std::size_t window_;
  int degree_;
  std::size_t jump_;
  double reach_ = -1;
  std::vector<double> kernel_{};  ///< tricube at whole distances
  std::vector<double> w_{};
};

}  // namespace emptor::forecasting
