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
  double kept_p = 0.25;  ///< p-values above are not kept, see Scan
  /// ... of the placebo, of which only the discoveries are counted.
  double placebo_kept_p = 0.25;
  bool list = true;  ///< false: p-values only, no candidates
};

/// The sums of a pair's timing test over the antecedent's buyers.
struct TimingSums {
  float score = 0, information = 0, score_squares = 0;
  /// One-sided p-value by the larger of the model's and the clustered variance; NaN if the
  /// information is below kMinInformation.
  [[nodiscard]] double p() const;
  /// Too little for a normal law alone: the exact one is used too.
  [[nodiscard]] bool needs_exact() const;
};

/// A pair that may be listed.
struct Candidate {
  std::int32_t antecedent = 0;  ///< number in ScanPlan::antecedents
  std::int32_t consequent = 0;  ///< number in ScanPlan::consequents
  double expected_visits = 0;   ///< of A-buyers in the window with B
  double p = 0;                 ///< affinity; NaN: not testable
  TimingSums timing{};
  double customer_share = 0;
  std::int64_t events = 0;  ///< customers whose first B of all lies in their window
};

/// A p-value of timing that the exact law can only raise.
struct PendingTiming {
  std::int32_t antecedent = 0, consequent = 0;  ///< numbers in ScanPlan
  double p = 0;
};

/// p-values of one timing test over all pairs.
struct TimingScan {
  std::int64_t n_testable = 0;
  std::vector<double> p{};  ///< final ones up to kept_p
  std::vector<PendingTiming> pending{};
};

struct Scan {
  std::vector<Candidate> candidates{};  ///< sorted by (antecedent, consequent) item
  /// Affinity p-values of testable pairs, listed or not, up to kept_p: the others cannot be
  /// discoveries, and count as 1.
  std::vector<double> p{};
  TimingScan timing{}, placebo{};
  std::int64_t n_testable = 0;
  std::int64_t n_below_05 = 0;
  std::int64_t n_hanging_on_one_customer = 0;
  double observed = 0, expected = 0;  ///< visits, over testable pairs
};

/// Below this information (variance of the score) timing is not testable.
inline constexpr float kMinInformation = 1;
/// Below this information the exact law is used too.
inline constexpr float kExactInformation = 5;

/// Tests every pair of the plan, item != item, in blocks of consequents: bounded memory per thread,
///  O(sum over customers of items squared) work.
/// @throws Cancelled, MemoryLimit
Scan scan_pairs(const Visits& visits, const Rates& rates, const ScanPlan& plan,
                const Context& context);

/// One-sided p-value of affinity: z = (observed - expected - 1/2) / sqrt(variance).
double affinity_p(double observed, double expected, double variance);

/// Observed and expected visits of one customer in his window.
struct CustomerVisits {
  std::int32_t customer = 0;
  double observed = 0, expected = 0;
};
/// The sums behind one pair, for those who look at a few pairs.
std::vector<CustomerVisits> customer_visits(const Visits& visits, const Rates& rates, std::size_t b,
                                            std::int32_t consequent,
                                            const std::vector<std::int32_t>& index);

}  // namespace emptor::mining::next
