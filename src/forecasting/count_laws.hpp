#pragma once

#include "forecasting/rolling.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace emptor::forecasting {

/// The laws of a series of counts: around each forecast, with a spread learned from what past
/// forecasts of all steps, and past sums, missed by.
struct CountLaws {
  std::vector<double> mean{};  ///< of the laws of the open steps ahead
  double least_mean = 0;       ///< of a law: 0 sold so far is not 0 for ever
  double size = 0;             ///< of the law of a step, see CountLaw
  double total_size = 0;       ///< of the law of the sum of all steps
  /// Of past counts and sums: the level from which on the interval they would have had, from
  /// earlier windows alone, holds them.
  std::vector<float> needed_level{}, needed_total_level{};

  [[nodiscard]] CountLaw step(double m) const;
  [[nodiscard]] CountLaw total(double m) const;
};

CountLaws count_laws(std::span<const Window> windows, std::span<const double> y);

}  // namespace emptor::forecasting
