#pragma once

#include "mining/rates.hpp"
#include "mining/sequence_rule_sets.hpp"

#include <cstdint>
#include <limits>
#include <vector>

namespace emptor::mining::timed {

using next::Rates;

/// A rule that may be listed.
struct Rule {
  std::int32_t set = 0;  ///< number in RuleSets
  std::int32_t b = 0;    ///< number of the consequent in Rates
  std::int64_t events = 0, naive_buyers = 0, visits = 0;
  double expected_visits = 0;
  double p = 0;  ///< affinity; NaN: not testable
  double customer_share = 0;
  double excess = 0, excess_variance = 0;
  double part_p = std::numeric_limits<double>::quiet_NaN();
  std::int32_t part = 0;  ///< bit mask over the set's items
  double rule_p = 0, q = 1;
};

struct RuleScan {
  std::vector<Rule> rules{};  ///< sorted by set and consequent
  /// Affinity p-values of testable rules of one item that are not among `rules`, up to kept_p: the
  /// others count as 1.
  std::vector<double> p{};
  std::int64_t n_possible = 0, n_testable = 0, n_below_05 = 0;
  std::int64_t n_hanging_on_one_customer = 0;
};

/// Tests every set against every consequent outside of it. @throws Cancelled
RuleScan scan_rules(const Visits& visits, const Rates& rates,
                    const std::vector<std::int32_t>& consequents, std::int64_t n_consequents,
                    const std::vector<std::uint8_t>& wanted, const RuleSets& sets,
                    const SequenceRulesOptions& options, const Context& context);

}  // namespace emptor::mining::timed
