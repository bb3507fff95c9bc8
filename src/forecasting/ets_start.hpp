#pragma once

#include "emptor/forecasting/ets.hpp"

#include <optional>
#include <span>
#include <vector>

namespace emptor::forecasting::smoothing {

/// States to begin with, as R's heuristic: a classical decomposition, and a line through the first
/// ten values (two seasons) of what it leaves.
class Starts {
 public:
  /// y begins and ends with a known value; NaN is missing.
  Starts(std::span<const double> y, int season_length);

  /// Level, slope and season; nothing where the data show no such season: under two full ones, or a
  /// place without a value. Weights are left alone.
  /// `early`: the season of the first years alone, where it added to less.
  [[nodiscard]] std::optional<EtsParameters> states(const EtsModel& model,
                                                    bool early = false) const;

 private:
  struct Line {
    double level, slope, mean;
  };
  [[nodiscard]] Line line(std::span<const double> index, bool multiplicative) const;

  std::vector<double> y_{};  ///< gaps filled
  std::vector<std::uint8_t> known_{};
  int season_length_;
  std::vector<double> added_{}, multiplied_{},
      early_{};  ///< the seasons' indices by place; empty: none
};

}  // namespace emptor::forecasting::smoothing
