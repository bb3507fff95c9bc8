#pragma once

#include "customers/activity_clock.hpp"
#include "customers/rate_prior.hpp"

#include <span>

namespace emptor::customers {

/// When a customer's rate fell, if it fell once: nothing is claimed where the data do not say.
struct ChangeDate {
  /// How much likelier his days are with one fall on an unknown day than with a steady rate; an
  /// upper bound of it where that is under 10.
  double bayes_factor = 1;
  data::Day day = data::kNoDay;  ///< the likeliest first day of the lower rate; kNoDay: no claim
  data::Day low = data::kNoDay;  ///< the shortest range of days that holds `level` of the posterior
  data::Day high = data::kNoDay;
};

/// Compares one fall on each day with none, by the evidence of gamma-Poisson segments
/// m(n, E) = b^r Gamma(r + n) / (Gamma(r) (b + E)^(r + n)): both rates are drawn from the law of
/// rates, the second is below the first, every day is as likely beforehand. Counts are multiplied
/// by `regularity` (above 1 for gaps that are alike, below for clumps). `days` are his occasions;
/// the first conditions. A date is claimed if the Bayes factor is 10 or more ("strong", Jeffreys
/// 1961) and the range covers at most half of the days that come into question.
ChangeDate change_date(std::span<const data::Day> days, const ActivityClock& clock,
                       std::span<const RateLaw> laws, double phi, double regularity, double level);

}  // namespace emptor::customers
