#pragma once

#include <span>

namespace emptor::customers {

/// Occasions are days, so purchases that fall on one day count once, the more often the denser a
/// customer buys: if all purchases fall by a fifth, the days of a daily buyer fall by less. These
/// functions go from the one to the other, for purchases at random (a Poisson process).

/// The ratio of a customer's days with a purchase if his purchases change by `factor` and before
/// there was one on a share `days` of all days: (1 - (1 - days)^factor) / days; `factor` itself for
/// days = 0.
double day_ratio(double factor, double days);

/// The factor on everybody's purchases that changes the days of all customers together by
/// `change`: the root of sum(count days day_ratio(factor, days)) = change sum(count days).
double purchase_factor(std::span<const double> days, std::span<const double> count, double change);

}  // namespace emptor::customers
