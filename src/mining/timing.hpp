#pragma once

#include "emptor/core/estimate.hpp"

#include "mining/rates.hpp"
#include "mining/visits.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace emptor::mining::next {

/// A customer's contribution to the timing test of a pair: `positives` of his visits (the index
/// visit left out) have B, `observed` of them in the window. `log_weight[k - low]` is, up to a
/// constant, the log-probability of k in the window given `positives` and no effect: products of
/// the visits' odds, summed over the ways to place them (the conditional logistic likelihood).
struct TimingCustomer {
  int low = 0;
  int observed = 0;
  std::vector<double> log_weight{};
};

/// The customers who inform the timing of (A, B): some but not all of their visits have B, some but
/// not all lie in the window. `b` is B's number in `rates`, `index` one visit per customer.
std::vector<TimingCustomer> timing_customers(const Visits& visits, const Rates& rates,
                                             std::size_t b, std::int32_t consequent,
                                             std::span<const std::int32_t> index);

struct TimingTail {
  double p = 1;      ///< P(S >= observed)
  double mid_p = 1;  ///< P(S > observed) + P(S = observed) / 2
};
/// The exact law of the visits with B in windows, given each customer's number of visits with B.
TimingTail timing_tail(std::span<const TimingCustomer> customers);

/// Odds ratio of a visit in the window having B, by conditional logistic regression with the
/// calendar's share as offset; limits by profile likelihood. n counts the customers. Status
/// boundary where the likelihood rises to an end: the value is 0 or infinity, one limit is real.
Estimate timing_odds_ratio(std::span<const TimingCustomer> customers, double level);

}  // namespace emptor::mining::next
