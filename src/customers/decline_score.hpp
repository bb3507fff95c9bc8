#pragma once

#include "emptor/core/context.hpp"

#include "customers/decline_cohort.hpp"
#include "customers/rate_prior.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace emptor::customers {

/// The law of a customer's rate after his baseline, as shares of gamma laws of counts over phi.
class RateAfterBaseline {
 public:
  /// `phi` is that of the laws; `own_phi`, at least as great, that of the customer's own counts.
  RateAfterBaseline(const DeclineCandidate& candidate, std::span<const RateLaw> laws, double phi,
                    double own_phi);
  [[nodiscard]] double mean() const;  ///< occasions a day of average activity
  /// P(fewer occasions than n) + P(n) / 2 in `exposure` more days at the same rate: uniform where
  /// nothing changed, but for the steps of a count.
  [[nodiscard]] double mid_p(int n, double exposure) const;
  /// P(no occasion in `exposure` more days).
  [[nodiscard]] double p_none(double exposure) const;

 private:
  static constexpr std::size_t kMostLaws = 2;
  std::size_t count_ = 0;
  double phi_ = 1;
  std::array<double, kMostLaws> share_{}, size_{}, exposure_{};
};

/// What a snapshot says of its customers, one value a candidate: what the score learns from.
struct DeclineSigns {
  std::vector<double> fewer;         ///< ln of the rate in the window over that in the baseline
  std::vector<double> days_since;    ///< ln(1 + days since the last occasion)
  std::vector<double> tail;          ///< log-odds of so few occasions, had nothing changed
  std::vector<double> p_alive;       ///< log-odds that he still buys at all; NaN where not defined
  std::vector<double> silence;       ///< ln of the chance of so long a silence at his old rate
  std::vector<double> rate;          ///< ln of his old rate
  std::vector<double> missed;        ///< occasions expected in the window that did not come
  std::vector<double> expected_day;  ///< occasions a day to be expected had nothing changed
};
inline constexpr std::array<std::string_view, 7> kDeclineSigns{
    "fewer", "days_since", "tail", "p_alive", "silence", "rate", "missed"};

/// Signs at the end of the window.
DeclineSigns decline_signs(const DecliningView& view, const DeclineWindows& w,
                           const DeclineCohort& cohort, const DeclineActivity& activity,
                           const RatePrior& prior, double phi, RelativeTo relative_to,
                           const Context& context);

/// Chances that customers buy at most (1 - min_drop) of their old rate in the time after the window
/// that is as long as it.
struct DeclineScores {
  std::vector<double> score;  ///< per candidate; NaN unless the status is ok or small_sample
  Status status = Status::not_enough_data;
  DayRange learnt_window{};  ///< the window of the snapshot it was learnt on
  std::int64_t n = 0;        ///< customers it was learnt on
  double share = 0;          ///< of them whose rate had fallen
};

/// Logistic regression on the signs of the snapshot one window earlier, whose outcome is what was
/// bought in the window. Nothing after the window is looked at.
DeclineScores decline_scores(const DecliningView& view, const DeclineWindows& w,
                             const DeclineCohort& cohort, const DeclineActivity& activity,
                             const RatePrior& prior, double phi, const DecliningOptions& options,
                             const Context& context);

}  // namespace emptor::customers
