#pragma once

#include "emptor/core/context.hpp"

#include "customers/change_date.hpp"
#include "customers/decline_cohort.hpp"
#include "customers/gap_rhythm.hpp"

#include <vector>

namespace emptor::customers {

/// What speaks for a fall of one customer beside the mixture of ratios.
struct DeclineEvidence {
  GapRhythm rhythm{};
  ChangeDate change{};
  double p_steady = 1;  ///< of so few occasions and so long a silence, had nothing changed
  double q_value = 1;   ///< of p_steady, Benjamini-Hochberg over all candidates
};

/// Per candidate. `market` is the level of the window, the baseline being 1 on average. p_steady
/// combines the mid-p-value of the window's count with p_gap by Cauchy's rule (Liu, Xie 2020),
/// which holds however the two depend on each other.
std::vector<DeclineEvidence> decline_evidence(const DecliningView& view, const DeclineWindows& w,
                                              const DeclineCohort& cohort,
                                              const DeclineActivity& activity,
                                              const RatePrior& prior, double phi, double market,
                                              double level, const Context& context);

/// Combines two p-values; at most 1.
double cauchy_combined(double a, double b);

}  // namespace emptor::customers
