#pragma once

#include "emptor/core/estimate.hpp"

#include "mining/rates.hpp"
#include "mining/visits.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace emptor::mining::next {

/// The customers who inform the timing of a pair (A, B): some but not all of their visits (the
/// index visit left out) have B, some but not all lie in the window. Each has a law of how many of
/// his visits with B lie in the window given how many there are, if there is no effect: products of
/// the visits' odds, summed over the ways to place them (the conditional logistic likelihood).
struct TimingCustomers {
  struct Customer {
    int low = 0;            ///< smallest possible number of visits with B in the window
    int observed = 0;       ///< the one found
    std::size_t begin = 0;  ///< weight[begin + k - low] is the probability of k up to a constant
  };
  std::vector<Customer> customer{};
  std::vector<double> weight{};  ///< the largest of each customer is 1

  [[nodiscard]] std::size_t size() const noexcept { return customer.size(); }
  [[nodiscard]] std::span<const double> weights(std::size_t i) const noexcept {
    const std::size_t end = i + 1 < customer.size() ? customer[i + 1].begin : weight.size();
    return std::span(weight).subspan(customer[i].begin, end - customer[i].begin);
  }
};

/// `b` is B's number in `rates`, `index` one visit per customer.
TimingCustomers timing_customers(const Visits& visits, const Rates& rates, std::size_t b,
                                 const BuyersOf& consequent, std::span<const std::int32_t> index);

/// The same of a set against a part of it: visits in the window that begins when the set was
/// complete (`whole`), against those of the same customer in the window that began when he had the
/// part alone (`part`) and before he had the set. One index visit a customer, ascending.
TimingCustomers part_timing_customers(const Visits& visits, const Rates& rates, std::size_t b,
                                      std::int32_t consequent, std::span<const std::int32_t> whole,
                                      std::span<const std::int32_t> part);

struct TimingTail {
  double p = 1;      ///< P(S >= observed)
  double mid_p = 1;  ///< P(S > observed) + P(S = observed) / 2
};
/// The exact law of the visits with B in windows, given each customer's number of visits with B.
TimingTail timing_tail(const TimingCustomers& customers);

/// One-sided p-value of these customers, as TimingSums::p of their scores; the larger of it and the
/// exact one where there is little information. NaN: too little to be tested.
double timing_p(const TimingCustomers& customers);

/// Odds ratio of a visit in the window having B, by conditional logistic regression with the
/// calendar's share as offset; limits by profile likelihood. n counts the customers. Status
/// boundary where the likelihood rises to an end: the value is 0 or infinity, one limit is real.
Estimate timing_odds_ratio(const TimingCustomers& customers, double level);

}  // namespace emptor::mining::next
