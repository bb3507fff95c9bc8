#pragma once

#include "emptor/core/context.hpp"

#include "customers/activity_clock.hpp"
#include "customers/rate_prior.hpp"

#include <array>
#include <cstddef>
#include <span>
#include <vector>

namespace emptor::customers {

/// Shapes of the gamma law of the gaps between a customer's purchases: 1 buys at random, above it
/// the gaps are the more alike, below it purchases come in clumps.
inline constexpr std::array kGapShapes{1.0, 0.4, 0.7, 1.5, 2.0, 3.0, 5.0, 8.0};
using GapShapeWeights = std::array<double, kGapShapes.size()>;

/// The gaps of one customer, in days of average activity.
struct GapRow {
  int gaps = 0;           ///< that are over
  double total = 0;       ///< their sum
  double log_shares = 0;  ///< sum of ln(gap / sum of gaps), each gap half a day shorter
  double open = 0;        ///< from the last purchase to the moment
};
GapRow gap_row(std::span<const data::Day> days, const ActivityClock& clock);

/// What his gaps say of one customer.
struct GapRhythm {
  double shape = 1;  ///< posterior mean of the shape
  /// Share of his gaps that get as long as the one open now, his rhythm unchanged.
  double p_gap = 1;
};

/// How the shapes spread over customers, by maximum likelihood, and what that says of each. Given
/// their number and sum, the gaps' shares of the sum follow Dirichlet(k, ..., k) whatever the
/// customer's rate, and whatever the gap that was still open when the data ended.
class GapShapes {
 public:
  GapShapes(std::span<const GapRow> rows, const Context& context);
  [[nodiscard]] const GapShapeWeights& weights() const noexcept { return weights_; }
  /// With gap ~ Gamma(k, mu) and mu ~ Gamma(R, A) after his gaps, A / (A + gap) ~ Beta(R, k).
  /// `laws` are those of rates of counts divided by phi. `row` must be one of those fitted.
  [[nodiscard]] GapRhythm rhythm(const GapRow& row, std::span<const RateLaw> laws,
                                 double phi) const;

 private:
  [[nodiscard]] GapShapeWeights likelihoods(const GapRow& row) const;
  GapShapeWeights weights_{};
  /// ln Gamma(k n) - n ln Gamma(k), by shape and number of gaps.
  std::array<std::vector<double>, kGapShapes.size()> constant_{};
};

}  // namespace emptor::customers
