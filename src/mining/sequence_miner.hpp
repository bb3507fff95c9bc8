#pragma once

#include "emptor/core/context.hpp"

#include "mining/sequence_data.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace emptor::mining::seq {

/// Sequences in one array: row i is place[offset[i]] .. place[offset[i + 1]), an entry being
/// 2 * item, plus 1 where an element begins. Items of an element ascend.
struct Patterns {
  std::vector<std::size_t> offset{0};
  std::vector<std::int32_t> place{};
  std::vector<std::int64_t> count{};
  /// A fingerprint of the customers: of two rows it is equal if the customers are (and otherwise
  /// with probability 2^-128). Only where it was asked for.
  std::vector<std::array<std::uint64_t, 2>> customers{};

  [[nodiscard]] std::size_t size() const noexcept { return count.size(); }
  [[nodiscard]] std::span<const std::int32_t> row(std::size_t i) const noexcept {
    return std::span(place).subspan(offset[i], offset[i + 1] - offset[i]);
  }
  /// Appends row i of `from`.
  void append(const Patterns& from, std::size_t i);
};

/// What mine() is asked for beside the options of the data.
struct MinePlan {
  int min_length = 1, max_length = 0, max_items = 0;
  bool repeats = true, first_end_only = false, fingerprints = false;
  std::int64_t top = 0;  ///< 0: all. Rows at least as frequent as the top-th may all be there.
};
/// Without `top`, which depends on the kind.
MinePlan plan_of(const SequencesOptions& options, const SequenceData& data);

struct Mined {
  Patterns patterns{};
  std::int64_t lowest_count = 0;  ///< all with at least so many customers are there
};

/// All sequences with enough customers, in depth-first order of their items: a sequence before
/// what it is the beginning of. Work is what an occurrence's allowed continuations hold, summed
/// over occurrences; memory is one list of occurrences per level. @throws Cancelled, MemoryLimit
Mined mine(const SequenceData& data, const MinePlan& plan, const Context& context);

}  // namespace emptor::mining::seq
