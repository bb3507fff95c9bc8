#pragma once

#include "emptor/mining/sequence_rules.hpp"

#include "mining/pair_search.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace emptor::mining::timed {

/// Searches, tests, grades and lists: everything but who the items are. `choice` says which items
/// may be in a set and which may be B, `parts` and `group` are as in next::search_and_list, `names`
/// are what people read, per code; empty: the codes.
SequenceRules list_rules(const std::vector<PurchasesView>& parts,
                         const std::vector<std::int32_t>& group, next::ItemChoice choice,
                         const std::vector<std::string>& names, const SequenceRulesOptions& options,
                         const Context& context);

/// @throws InvalidArgument naming the option.
void check_options(const SequenceRulesOptions& options);

}  // namespace emptor::mining::timed
