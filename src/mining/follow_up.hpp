#pragma once

#include "emptor/core/estimate.hpp"

#include "mining/rates.hpp"
#include "mining/visits.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace emptor::mining::next {

/// One customer at risk: how long he was followed and when, if ever, he bought.
struct Followed {
  std::int32_t visit = 0;  ///< index visit
  std::int32_t days = 0;   ///< to the event, or else followed without one
  bool event = false;
};

/// Customers with an index visit and no B before or on its day.
std::vector<Followed> at_risk(const Visits& visits, const BuyersOf& consequent,
                              std::span<const std::int32_t> index);

/// P(event within `horizon`) by Kaplan and Meier (1958) with its interval: log-log (Kalbfleisch and
/// Prentice) from 30 events on, below that the beta product (Fay, Brittain, Proschan 2013), which
/// without censoring is Clopper and Pearson's. Status extrapolated if nobody was followed to the
/// horizon: the value is then a lower bound and `high` is 1; small_sample under 10 events;
/// not_enough_data if nobody is at risk. n counts the people at risk.
struct Within {
  Estimate share{};
  double median_days = 0;  ///< of those who buy within the horizon; NaN without events
};
Within kaplan_meier(std::span<const Followed> people, int horizon, double level);

/// The same share as it would be if each later visit had B with its usual probability (Hakulinen
/// 1982): where all are followed to the end, the mean of 1 - product(1 - p) over their visits.
double usual_share(const Visits& visits, const ItemProbability& probability,
                   std::span<const Followed> people);

}  // namespace emptor::mining::next
