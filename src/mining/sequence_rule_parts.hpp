#pragma once

#include "mining/pair_search.hpp"
#include "mining/rates.hpp"
#include "mining/sequence_rule_sets.hpp"
#include "mining/visits.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace emptor::mining::timed {

using next::Rates;
using next::Visits;

/// Whether visits after a set was complete have B more often than visits after only a part of it
/// was. `whole` and `part` are the index visits of both, one a customer, ascending.
///
/// Exposed are the visits in the windows of `whole`; compared with them are the visits in the
/// windows of `part` before the customer completed the set, and of those who never did. With
/// observed O and expected E (by size and season) of both, and w = E1 / (E1 + E0), the score is
/// U = O1 - w (O1 + O0): 0 on average if both have the same ratio to what is expected. Its variance
/// is the larger of the customers' own, sum of u_c^2, and Poisson's, (O1 + O0) w (1 - w). p is the
/// larger of the normal one and the exact binomial tail of O1 given O1 + O0; 1 if nothing can be
/// compared.
struct PartTest {
  double observed = 0, expected = 0;            ///< exposed
  double part_observed = 0, part_expected = 0;  ///< compared
  double p = 1;
};
PartTest test_part(const Visits& visits, const Rates& rates, std::size_t b, std::int32_t consequent,
                   std::span<const std::int32_t> whole, std::span<const std::int32_t> part);

/// The items of a set that a bit mask chooses.
Items part_of(std::span<const std::int32_t> set, std::int32_t mask);

/// The largest p-value against a part, and this part as a bit mask; the first of equal ones.
struct HardestPart {
  double p = 0;
  std::int32_t mask = 0;
  void add(double own, std::int32_t part) noexcept {
    if (mask != 0 && own <= p) return;
    p = own;
    mask = part;
  }
};
/// `test` gives the p-value against a part from its index visits.
template <typename Test>
HardestPart hardest_part(std::span<const std::int32_t> set, const Completions& completions,
                         Test&& test) {
  HardestPart hardest;
  for (std::int32_t mask = 1; mask < (1 << set.size()) - 1; ++mask)
    hardest.add(test(completions(part_of(set, mask))), mask);
  return hardest;
}

/// Tests the sets among the candidates against all of their parts, by affinity (test_part) and by
/// timing (next::part_timing_customers), and adds their p-values to those that q-values are made
/// from. p-values only rise by this, and with them all q-values: what is no discovery up to
/// `likely_fdr` without it is not tested, unless all pairs are listed, and counts as 1. Candidates
/// that are not to be listed are left out: by the deciding evidence not tested, or no better than a
/// part of them. Returns how many of the latter would else be discoveries.
std::int64_t test_parts(std::vector<next::Search>& groups, const BoughtNextOptions& options,
                        const SequenceRulesOptions& sets, const Context& context);

/// Whether a p-value against a part says that the set is no better than that part.
[[nodiscard]] constexpr bool is_redundant(double part_p) noexcept { return part_p > 0.05; }

}  // namespace emptor::mining::timed
