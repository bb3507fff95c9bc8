#pragma once

#include "emptor/forecasting/backtest.hpp"

#include <array>
#include <cstddef>
#include <span>
#include <vector>

namespace emptor::forecasting {

/// What a forecast of one value is judged by.
struct Judged {
  double actual = 0;
  double forecast = 0;
  double scale = 0;                       ///< mean absolute change in sample; NaN if there is none
  double square = 0;                      ///< mean squared change in sample; NaN if there is none
  std::span<const double> low{}, high{};  ///< of the levels that are judged
  std::span<const double> decile_low{}, decile_high{};  ///< of kDecileLevels
};

/// Intervals whose ends are the deciles; the first is as good as without width, its middle the
/// median.
inline constexpr std::array<double, 5> kDecileLevels{1e-6, 0.2, 0.4, 0.6, 0.8};

/// Sums of losses by model, unit (a series, or a window of a lone one) and step. Scores are made of
/// them at the end: sums of units and of steps are sums.
class Losses {
 public:
  Losses(std::size_t models, std::size_t units, std::size_t steps, std::vector<double> level);
  void add(std::size_t model, std::size_t unit, std::size_t step, const Judged& judged);
  [[nodiscard]] static std::size_t bytes(std::size_t models, std::size_t units, std::size_t steps,
                                         std::size_t levels);

  /// Appends a row of scores of a model over units, at one step or (step = steps) over all.
  /// `lone`: the units are the windows of one series, `intervals` whether they give intervals.
  void score(BacktestScores& out, std::size_t model, std::size_t naive, std::size_t step, bool lone,
             bool intervals) const;
  /// Appends the row of one unit.
  void score_unit(BacktestScores& out, std::size_t model, std::size_t naive,
                  std::size_t unit) const;
  /// How many units have a value there.
  [[nodiscard]] std::int64_t units_with_values(std::size_t model, std::size_t step) const;

 private:
  using Sums = std::vector<double>;
  [[nodiscard]] Sums sums(std::size_t model, std::size_t unit, std::size_t step) const;
  void append(BacktestScores& out, std::span<const Sums> model, std::span<const Sums> naive,
              bool lone, bool intervals) const;

  std::size_t units_, steps_, width_;
  std::vector<double> level_, sums_;
};

}  // namespace emptor::forecasting
