#pragma once

#include "emptor/mining/bought_next.hpp"

#include "mining/rates.hpp"
#include "mining/visits.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace emptor::mining::next {

/// What is asked: which items, and how the pairs are tested.
struct ScanPlan {
  std::vector<std::int32_t> antecedents{};  ///< items, or numbers of `sets`; with index visits
  std::vector<std::vector<std::int32_t>> index{};
  /// Antecedents that are sets of items, ascending; empty: each is an item.
  std::vector<std::vector<std::int32_t>> sets{};
  std::vector<std::vector<std::int32_t>> placebo{};  ///< empty: no placebo
  std::vector<std::int32_t> consequents{};           ///< items; rates number them 0, 1, ...
  int min_events = 20;
  double min_expected = 5;
  double max_customer_share = 1;
  Evidence evidence = Evidence::affinity;
  double kept_p = 0.25;  ///< p-values above are not kept, see Scan
  /// ... of the placebo, of which only the discoveries are counted.
  double placebo_kept_p = 0.25;
  bool list = true;                      ///< false: p-values only, no candidates
  const char* function = "bought_next";  ///< for messages

  /// Items of an antecedent, ascending.
  [[nodiscard]] std::span<const std::int32_t> items_of(std::int32_t antecedent) const noexcept {
    const auto a = static_cast<std::size_t>(antecedent);
    return sets.empty() ? std::span(&antecedents[a], 1) : std::span<const std::int32_t>(sets[a]);
  }
};

/// Below this information (variance of the score) timing is not testable.
inline constexpr float kMinInformation = 1;
/// Below this information the exact law is used too.
inline constexpr float kExactInformation = 5;

/// The sums of a pair's timing test over the antecedent's buyers.
struct TimingSums {
  float score = 0, information = 0, score_squares = 0;
  /// Normal score by the larger of the model's and the clustered variance; NaN if the information
  /// is below kMinInformation.
  [[nodiscard]] double z() const {
    if (information < kMinInformation) return std::numeric_limits<double>::quiet_NaN();
    const double variance = static_cast<double>(std::max(information, score_squares));
    return (static_cast<double>(score) - 0.5) / std::sqrt(variance);
  }
  [[nodiscard]] double p() const;  ///< one-sided
  /// Too little for a normal law alone: the exact one is used too.
  [[nodiscard]] bool needs_exact() const {
    return information >= kMinInformation && information < kExactInformation;
  }
};

/// A pair that may be listed.
struct Candidate {
  std::int32_t antecedent = 0;  ///< number in ScanPlan::antecedents
  std::int32_t consequent = 0;  ///< number in ScanPlan::consequents
  double expected_visits = 0;   ///< of A-buyers in the window with B
  double z = 0;                 ///< normal score of affinity; NaN: not testable
  TimingSums timing{};
  double customer_share = 0;
  std::int64_t events = 0;  ///< customers whose first B of all lies in their window
  /// Of sets of two and more items: p-values against the part that is hardest to beat, by affinity
  /// and by timing (NaN: not tested, see test_parts), and this part as a bit mask over the items.
  double part_p = std::numeric_limits<double>::quiet_NaN();
  double timing_part_p = std::numeric_limits<double>::quiet_NaN();
  std::int32_t part = 0, timing_part = 0;
};

/// A normal score of timing whose p-value the exact law can only raise.
struct PendingTiming {
  std::int32_t antecedent = 0, consequent = 0;  ///< numbers in ScanPlan
  double z = 0;
};

/// Normal scores of one timing test over all pairs.
struct TimingScan {
  std::int64_t n_testable = 0;
  std::vector<double> z{};  ///< final ones with p-values up to kept_p
  std::vector<double> p{};  ///< of sets, see Scan
  std::vector<PendingTiming> pending{};
};

struct Scan {
  std::vector<Candidate> candidates{};  ///< sorted by (antecedent, consequent) item
  /// Affinity's normal scores of testable pairs, listed or not, with p-values up to kept_p: the
  /// others cannot be discoveries, and count as 1. Sets of two and more items are left to
  /// test_parts, here and in `timing`, and have p-values; the placebo has scores of all.
  std::vector<double> z{}, p{};
  TimingScan timing{}, placebo{};
  std::int64_t n_testable = 0;
  std::int64_t n_below_05 = 0;
  std::int64_t n_hanging_on_one_customer = 0;
  double observed = 0, expected = 0;  ///< visits, over testable pairs
};

/// Tests every pair of the plan, item != item, in blocks of consequents: bounded memory per thread,
///  O(sum over customers of items squared) work.
/// @throws Cancelled, MemoryLimit
Scan scan_pairs(const Visits& visits, const Rates& rates, const ScanPlan& plan,
                const Context& context);

/// Normal score of affinity, (observed - expected - 1/2) / sqrt(variance), and its one-sided
/// p-value.
inline double affinity_z(double observed, double expected, double variance) {
  return (observed - expected - 0.5) / std::sqrt(variance);
}
double affinity_p(double observed, double expected, double variance);

/// Tells whether the one-sided p-value of a normal score is at most `p`, next to the limit only by
/// an error function: most scores are told apart by far less.
class TailLimit {
 public:
  explicit TailLimit(double p);
  [[nodiscard]] bool holds(double z) const noexcept {  ///< false for NaN
    constexpr double kClose = 1e-6;                    // far above what rounding does to either
    if (z > z_ + kClose) return true;
    return !(z < z_ - kClose && p_ > 0) && is_in_tail(z);
  }

 private:
  [[nodiscard]] bool is_in_tail(double z) const noexcept;
  double p_, z_;
};

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
