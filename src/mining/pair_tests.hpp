#pragma once

#include "emptor/core/context.hpp"

#include "mining/pair_counts.hpp"

#include <cstdint>
#include <vector>

namespace emptor::mining {

/// Pairs with what their tests found; the measures follow for those that are listed.
struct TestedPairs {
  struct Pair {
    std::int32_t a = 0, b = 0;  ///< ranks
    std::int64_t n = 0;
    double expected = 0;
    double p_value = 1;
  };
  std::vector<Pair> pair{};
  std::vector<PairSums> sums{};  ///< per pair; empty where no customer has several baskets
  std::int64_t n_counted = 0;    ///< how many pairs share min_count baskets, listed or not
};

/// The pairs that can be listed with q-values up to `fdr`, in the order of their blocks; see
/// bought_together() for the test. @throws Cancelled, MemoryLimit
TestedPairs test_pairs(const PairIndex& pairs, double fdr, const Context& context);

}  // namespace emptor::mining
