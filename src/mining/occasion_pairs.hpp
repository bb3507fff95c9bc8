#pragma once

#include "emptor/core/context.hpp"

#include "mining/occasions.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace emptor::mining {

/// A pair of items over all strata that hold both: visits with both against what chance has.
struct OccasionPair {
  std::int32_t a = 0, b = 0;     ///< codes, a < b
  std::int32_t n_customers = 0;  ///< of these strata
  std::int32_t n_together = 0;
  std::int32_t n_a = 0, n_b = 0;  ///< visits with a, with b
  double expected = 0;
  double variance = 0;  ///< the larger of the model's and the one clustered by customer
  /// Together less expected, of the customer where it is least and most.
  double fewest = 0, most = 0;
  /// The same over every other customer, and the model's variance: two halves without a customer in
  /// common.
  double half[2] = {0, 0}, half_variance[2] = {0, 0};
};

struct OccasionPairs {
  std::vector<OccasionPair> pair{};  ///< testable, sorted by (a, b)
  std::int64_t n_untestable = 0;
};

/// All pairs with min_customers customers and min_expected expected visits together. `group` holds
/// a code per item: only pairs of equal, known (not -1) codes are looked at; empty: all pairs.
OccasionPairs scan_occasions(const Occasions& occasions, std::int32_t n_items, int min_customers,
                             double min_expected, std::span<const std::int32_t> group,
                             const Context& context);

}  // namespace emptor::mining
