#pragma once

#include "emptor/mining/association_rules.hpp"

#include "mining/rule_screen.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace emptor::mining {

/// The declared space of rules: all X => y of these antecedents and consequents, y not in X.
struct RuleSpace {
  std::vector<std::int32_t> antecedents{};  ///< rows of sets
  std::vector<std::uint8_t> consequent{};   ///< per rank: 1 if it is one
  std::int64_t min_count = 0;
  std::int64_t rules = 0;  ///< how many
};

/// How many tests alpha must be divided by, after Tarone (1990): the largest share delta = alpha /
/// tests for which no more than `tests` rules could have a p-value of at most delta, were X and y
/// together as often as their counts in every stratum allow. Design effects only make p-values
/// larger, and a rule of many parts has the largest of many, so the bound holds for both.
double tarone_tests(const RuleData& data, const RuleScreen& screen, const RuleSpace& space,
                    double alpha, const Context& context);

/// The smallest p-value over all rules of the space in each of `permutations`, sorted: which X
/// meets which y is drawn anew among the baskets of every stratum (Westfall and Young 1993; minimum
/// p). Mean and variance are those of this permutation, without places and customers.
std::vector<double> smallest_p_values(const RuleData& data, const RuleScreen& screen,
                                      const RuleSpace& space, int permutations, std::uint64_t seed,
                                      const Context& context);

}  // namespace emptor::mining
