#pragma once

#include "customers/activity_clock.hpp"
#include "customers/rate_prior.hpp"

#include <span>

namespace emptor::customers {

/// When a customer's rate fell, if it fell once: nothing is claimed where the data do not say.
struct ChangeDate {
  /// How much likelier his days are with one fall on an unknown day than with a steady rate; an
  /// upper bound of it where that is under 3.
  double bayes_factor = 1;
  data::Day day = data::kNoDay;  ///< the likeliest first day of the lower rate; kNoDay: no claim
  data::Day low = data::kNoDay;  ///< the shortest range of days that holds `level` of the posterior
  data::Day high = data::kNoDay;
};

/// Compares one fall on each day with none. The rate before is drawn from the law of rates, the one
/// after is a share rho of it, uniform on (0, 1), and every day is as likely beforehand. With n1
/// occasions in E1 days before and n2 in E2 after, the evidence for a fall on a day over none is
/// the integral of rho^n2 ((b + E1 + E2) / (b + E1 + rho E2))^(r + n1 + n2), an incomplete beta
/// function. Counts are multiplied by `regularity` (above 1 for gaps that are alike, below for
/// clumps). `days` are his occasions; the first conditions. A date is claimed if the Bayes factor
/// is 3 or more ("substantial", Jeffreys 1961) and the range covers at most half of the days that
/// come into question.
ChangeDate change_date(std::span<const data::Day> days, const ActivityClock& clock,
                       std::span<const RateLaw> laws, double phi, double regularity, double level);

}  // namespace emptor::customers
