#pragma once

#include "emptor/core/interval.hpp"
#include "emptor/data/sales.hpp"

#include <vector>

namespace emptor::metrics {

/// What the tenth of the customers who bought most paid, of what all paid. Where a tenth is no
/// whole number, the last one counts in part.
struct TopTenth {
  double share = 0;
  double from = 0;  ///< what the last of them paid
};
inline constexpr double kTopTenth = 0.1;

/// `paid` by customer, at least one, with a sum above 0; it is put into another order.
TopTenth top_tenth(std::vector<data::Money>& paid);

/// Interval of the share on the scale of log odds: what leaving out one customer changes gives its
/// variance and its bias, which is towards equality as few samples hold a whole tail (jackknife,
/// Quenouille 1956, Tukey 1958); Student's t with at most as many degrees of freedom as the tenth
/// has customers, k, and wider by sqrt(k / (k - 1)): for k of them the variance left by leaving one
/// out is that of dividing by k. At least 10 customers.
Interval top_tenth_interval(std::vector<data::Money> paid, double level);

}  // namespace emptor::metrics
