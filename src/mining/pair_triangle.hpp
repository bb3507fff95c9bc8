#pragma once

#include "emptor/core/context.hpp"
#include "emptor/data/baskets.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace emptor::mining {

/// How many baskets hold both of two ranked items, for all pairs at once: one counter a pair, and
/// one pass over the baskets. The fastest way while the counters fit into a core's own cache.
class PairTriangle {
 public:
  static constexpr std::size_t kMaxRanks = 1024;

  PairTriangle() = default;
  /// `rank_of` gives items ranks in the order of their codes, -1 for items to leave out.
  PairTriangle(const data::BasketsView& view, std::span<const std::int32_t> rank_of,
               std::size_t n_ranks, const Context& context);

  [[nodiscard]] bool empty() const noexcept { return n_ranks_ == 0; }
  /// Counts of the pairs (a, a + 1), (a, a + 2) ... of ranks.
  [[nodiscard]] std::span<const std::uint32_t> row(std::size_t a) const noexcept {
    return {count_.data() + first(a), n_ranks_ - a - 1};
  }

 private:
  [[nodiscard]] std::size_t first(std::size_t a) const noexcept {
    return a * (2 * n_ranks_ - a - 1) / 2;
  }
  std::size_t n_ranks_ = 0;
  std::vector<std::uint32_t> count_{};
};

}  // namespace emptor::mining
