#pragma once

#include "mining/sequence_rule_scan.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace emptor::mining::timed {

/// Per item whether it may be in a set, and whether it may be B; empty: all may.
struct RuleChoice {
  std::vector<std::uint8_t> antecedent{}, consequent{};
};

/// Searches, tests, grades and lists: everything but who the items are. `names` is what people
/// read, per code; empty: the codes.
SequenceRules list_rules(const PurchasesView& purchases, const RuleChoice& choice,
                         const std::vector<std::string>& names, const SequenceRulesOptions& options,
                         const Context& context);

/// @throws InvalidArgument naming the option.
void check_options(const SequenceRulesOptions& options);

}  // namespace emptor::mining::timed
