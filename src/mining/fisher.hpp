#pragma once

#include "core/special.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace emptor::mining {

/// Fisher's one-sided test for many tables of the same total, with the logarithms of factorials at
/// hand.
class Fisher {
 public:
  explicit Fisher(std::int64_t total)
      : total_(total), log_factorial_(static_cast<std::size_t>(total) + 1) {
    for (std::size_t i = 0; i < log_factorial_.size(); ++i) {
      log_factorial_[i] = core::log_gamma(static_cast<double>(i) + 1);
    }
  }
  /// P(X >= n) for the hypergeometric X: of `a` drawn, how many are among `b`. Sums the tail that
  /// is shorter, from its largest term outwards.
  [[nodiscard]] double upper_tail(std::int64_t n, std::int64_t a, std::int64_t b) const {
    const std::int64_t least = std::max<std::int64_t>(0, a + b - total_);
    if (n <= least) return 1;
    const double mean =
        static_cast<double>(a) * static_cast<double>(b) / static_cast<double>(total_);
    const bool upwards = static_cast<double>(n) > mean;
    const std::int64_t k = upwards ? n : n - 1;
    double term = 1;
    double sum = 0;
    // Whole numbers in doubles, so exact.
    auto both = static_cast<double>(k);
    auto only_a = static_cast<double>(a - k);
    auto only_b = static_cast<double>(b - k);
    auto neither = static_cast<double>(total_ - a - b + k);
    const double step = upwards ? 1 : -1;
    const double first = probability(k, a, b);
    while (term > 1e-17 * sum) {
      sum += term;
      term *= upwards ? only_a * only_b / ((both + 1) * (neither + 1))
                      : both * neither / ((only_a + 1) * (only_b + 1));
      both += step;
      neither += step;
      only_a -= step;
      only_b -= step;
    }
    return upwards ? std::min(1.0, first * sum) : std::max(0.0, 1 - first * sum);
  }

 private:
  [[nodiscard]] double probability(std::int64_t k, std::int64_t a, std::int64_t b) const {
    const auto f = [this](std::int64_t i) { return log_factorial_[static_cast<std::size_t>(i)]; };
    return std::exp(f(a) + f(total_ - a) + f(b) + f(total_ - b) - f(total_) - f(k) - f(a - k) -
                    f(b - k) - f(total_ - a - b + k));
  }
  std::int64_t total_;
  std::vector<double> log_factorial_;
};

}  // namespace emptor::mining
