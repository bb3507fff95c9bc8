#pragma once

#include "mining/sequence_miner.hpp"

#include <cstdint>
#include <span>

namespace emptor::mining::seq {

/// Whether `longer` holds `shorter`: elements in the same order, each inside its own, not
/// necessarily neighbours. Rows of Patterns.
bool holds(std::span<const std::int32_t> longer, std::span<const std::int32_t> shorter);

/// The rows no other row holds that has the same customers, in order. Needs fingerprints.
Patterns closed_of(const Patterns& patterns, const Context& context);

/// The rows no other row holds, in order.
Patterns maximal_of(const Patterns& patterns, const Context& context);

}  // namespace emptor::mining::seq
