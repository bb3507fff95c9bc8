#pragma once

#include "mining/sequence_miner.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace emptor::mining::seq {

/// Mines, keeps the kind asked for, sorts and cuts: everything but who the items are. `names` is
/// what people read, per code; empty: the codes.
Sequences list_sequences(const PurchasesView& purchases, const ItemFilter& filter,
                         const std::vector<std::string>& names, const SequencesOptions& options,
                         const Context& context);

}  // namespace emptor::mining::seq
