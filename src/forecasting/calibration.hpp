#pragma once

#include "forecasting/rolling.hpp"

#include <array>
#include <cstdint>
#include <vector>

namespace emptor::forecasting {

/// The widths of one series' intervals and how its past errors compare with them.
struct Calibrated {
  /// Per step, last of the sum: what the quantile of t is multiplied with; 0 without noise.
  std::vector<double> unit{};
  /// |error| over the unit it would have had then, of every past error of a step and of a sum.
  std::vector<float> step_ratio{};
  std::vector<float> total_ratio{};
};

/// Every window, the present one too, sees only errors whose actual value was known at its origin.
Calibrated calibrate(std::span<const Window> windows, bool seasonal);

/// The quantile half-widths are made of: Student's t with the tails of M1 and Tourism.
double tail_quantile(double level);

/// Ratios of many series, each of the same total weight, in bins of equal width on the log scale.
/// partial -> merge -> quantile: the same whatever series were binned together.
class RatioHistogram {
 public:
  void add(std::span<const float> ratios);
  void merge(const RatioHistogram& other);
  [[nodiscard]] double quantile(double p) const;
  [[nodiscard]] double series() const noexcept { return series_; }

 private:
  static constexpr int kBinsPerOctave = 64;
  static constexpr int kOctaves = 24;  // 2^-12 ... 2^12
  std::vector<double> weight_ = std::vector<double>(kBinsPerOctave * kOctaves, 0.0);
  double series_ = 0;
};

/// What all half-widths of a level are multiplied with so that past intervals would have covered
/// it, of which a part is believed: exp(.6 S / (S + 50) log(observed quantile / t)) over S series.
double pooled_factor(const RatioHistogram& ratios, double level);

}  // namespace emptor::forecasting
