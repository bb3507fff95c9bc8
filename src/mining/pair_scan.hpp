#pragma once

#include "emptor/mining/bought_next.hpp"

#include "mining/rates.hpp"
#include "mining/visits.hpp"

#include <cstdint>
#include <vector>

namespace emptor::mining::next {

/// What is asked: which items, and how the pairs are tested.
struct ScanPlan {
  std::vector<std::int32_t> antecedents{};  ///< items, each with its index visits
  std::vector<std::vector<std::int32_t>> index{};
  std::vector<std::vector<std::int32_t>> placebo{};  ///< empty: no placebo
  std::vector<std::int32_t> consequents{};           ///< items; rates number them 0, 1, ...
  int min_events = 20;
  double min_expected = 5;
  double max_customer_share = 1;
  Evidence evidence = Evidence::affinity;
  bool list = true;  ///< false: p-values only, no candidates
};

/// A pair that may be listed: its sums over the antecedent's buyers.
struct Candidate {
  std::int32_t antecedent = 0;  ///< number in ScanPlan::antecedents
  std::int32_t consequent = 0;  ///< number in ScanPlan::consequents
  std::int64_t at_risk = 0, events = 0, same_day = 0, naive_buyers = 0;
  std::int64_t visits = 0;  ///< of A-buyers in the window with B
  double expected_visits = 0;
  double p = 0;            ///< affinity; NaN: not testable
  double timing_p = 0;     ///< NaN: not testable
  double information = 0;  ///< on timing
  double customer_share = 0;
  double expected_buyers = 0;  ///< of those at risk, as far as they were followed
  double excess_variance = 0;  ///< of events - expected_buyers, by customer
};

struct Scan {
  std::vector<Candidate> candidates{};
  /// p-values of testable pairs, listed or not; those above kKeptP are left out.
  std::vector<double> p{}, timing_p{}, placebo_p{};
  std::int64_t n_testable = 0, n_timing_testable = 0, n_placebo_testable = 0;
  std::int64_t n_below_05 = 0;
  std::int64_t n_hanging_on_one_customer = 0;
  double observed = 0, expected = 0;  ///< visits, over testable pairs
};

/// p-values above this are not kept: they cannot be discoveries, and count as 1.
inline constexpr double kKeptP = 0.5;
/// Below this information (variance of the score) timing is not testable.
inline constexpr double kMinInformation = 1;
/// Below this information the exact law is used too.
inline constexpr double kExactInformation = 5;

/// Tests every pair of the plan, item != item, in tiles of consequents: O((visits + antecedents) *
/// tile) memory per thread, O(sum over customers of items squared) work. Candidates come sorted by
/// (consequent tile, antecedent, consequent). @throws Cancelled, MemoryLimit
Scan scan_pairs(const Visits& visits, const Rates& rates, const ScanPlan& plan,
                const Context& context);

/// One-sided p-value of affinity: z = (observed - expected - 1/2) / sqrt(variance).
double affinity_p(double observed, double expected, double variance);

/// Observed and expected visits of one customer in his window.
struct CustomerVisits {
  std::int32_t customer = 0;
  double observed = 0, expected = 0;
};
/// The sums behind one pair, for those who check a few pairs.
std::vector<CustomerVisits> customer_visits(const Visits& visits, const Rates& rates, std::size_t b,
                                            std::int32_t consequent,
                                            const std::vector<std::int32_t>& index);

}  // namespace emptor::mining::next
