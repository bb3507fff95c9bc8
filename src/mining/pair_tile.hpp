#pragma once

#include "mining/four.hpp"
#include "mining/pair_windows.hpp"
#include "mining/rates.hpp"
#include "mining/visits.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace emptor::mining::next {

/// Expected visits are worked on for so many consequents together: a cache line.
inline constexpr std::size_t kBlock = 16;

/// A consequent range worked on together: few enough windows to stay near the processor.
struct TileRange {
  std::size_t first = 0, width = 0;  ///< of the consequents; first is a multiple of kBlock
};
/// Cuts the consequents into tiles of about `work` windows of customers who buy the item, each at
/// most `widest` items wide, so that tiles take about equal time and memory.
std::vector<TileRange> tile_ranges(const Visits& visits, const Windows& windows,
                                   std::span<const std::int32_t> consequents, std::size_t work,
                                   std::size_t widest);

/// Terms of sums, one row per window, only the items that add anything.
template <typename Term>
struct SparseRows {
  std::vector<std::size_t> begin{};  ///< rows + 1
  std::vector<std::uint16_t> b{};    ///< number in the tile, ascending within a row
  std::vector<Term> term{};

  /// Asks for what lies in the rows that follow rows[i] ahead of its use: they are scattered.
  void fetch(const std::vector<std::int32_t>& rows, std::size_t i) const noexcept {
    if (i + 16 >= rows.size()) return;
    __builtin_prefetch(&begin[static_cast<std::size_t>(rows[i + 16])]);
    const std::size_t soon = begin[static_cast<std::size_t>(rows[i + 8])];
    if (soon + 8 >= term.size()) return;
    __builtin_prefetch(b.data() + soon);
    __builtin_prefetch(term.data() + soon);
    __builtin_prefetch(term.data() + soon + 8);
  }
};

/// What all windows say of the consequents of one tile.
struct Tile {
  SparseRows<TimingTerm> timing{};  ///< only customers who inform the timing test
  SparseRows<VisitsTerm> visits{};  ///< only windows with the item
};

Tile make_tile(const Visits& visits, const Windows& windows, const Rates& rates,
               std::span<const std::int32_t> consequents, TileRange range);

}  // namespace emptor::mining::next
