#pragma once

#include "mining/rates.hpp"
#include "mining/visits.hpp"

#include <array>
#include <cstdint>
#include <vector>

namespace emptor::mining::next {

/// How many consequents are worked on together: their sums fit the first-level cache, and rows of
/// entries are long enough to be worth fetching.
inline constexpr std::size_t kTile = 128;
/// Expected visits lie together for so many consequents: a cache line, and few enough for a whole
/// column of visits to stay in the second-level cache.
inline constexpr std::size_t kBlock = 16;
inline constexpr std::size_t kBlocks = kTile / kBlock;

/// What the window of one visit says of one item its customer buys at some time.
struct Entry {
  std::uint8_t b = 0;          ///< in the tile
  std::uint8_t state = 0;      ///< of EntryState
  std::uint16_t observed = 0;  ///< visits in the window with the item: days, so at most 65,535
  float expected = 0;          ///< ... expected
  float score = 0;             ///< timing: visits in the window minus their share of all visits
  float information = 0;       ///< ... its variance; 0 if the customer says nothing
};
enum EntryState : std::uint8_t {
  kBefore = 1,   ///< bought before or on the day of the visit: not at risk
  kSameDay = 2,  ///< bought on that day
  kEvent = 4,    ///< first bought in the window
};

/// The windows of all eligible visits, for one tile of consequents.
class Tile {
 public:
  /// `tile_of[item]` is the item's number in the tile, -1 if it is not there.
  Tile(const Visits& visits, const Rates& rates, std::size_t first, std::size_t width,
       const std::vector<std::int16_t>& tile_of);
  Tile(const Tile&) = delete;  // a copy would lie elsewhere
  Tile& operator=(const Tile&) = delete;

  /// Expected visits in the window of v, per item of the block [block * kBlock, + kBlock).
  [[nodiscard]] const float* expected(std::size_t v, std::size_t block) const noexcept {
    return &expected_[aligned_ + (block * visits_ + v) * kBlock];
  }
  [[nodiscard]] const Entry* begin(std::size_t v) const noexcept { return &entries_[row_[v]]; }
  [[nodiscard]] const Entry* end(std::size_t v) const noexcept { return &entries_[row_[v + 1]]; }
  /// Asks for the entries of the visits that follow index[i] ahead of their use.
  void fetch(const std::vector<std::int32_t>& index, std::size_t i) const noexcept {
#if defined(__GNUC__)
    if (i + 16 < index.size()) {
      __builtin_prefetch(&row_[static_cast<std::size_t>(index[i + 16])]);
      const Entry* soon = begin(static_cast<std::size_t>(index[i + 8]));
      __builtin_prefetch(soon);
      __builtin_prefetch(soon + 4);
    }
#endif
  }

 private:
  struct Scratch;
  void add_expected(const Visits& visits, const Rates& rates, std::size_t customer, Scratch& s);
  void add_entries(const Visits& visits, const Rates& rates, std::size_t customer,
                   const std::vector<std::int16_t>& tile_of, Scratch& s);

  std::size_t first_, width_, visits_;
  std::vector<float> expected_;  // block x visit x item of the block, from aligned_ on
  std::size_t aligned_ = 0;      // so that a row is one cache line
  std::vector<std::size_t> row_;
  std::vector<Entry> entries_;
};

}  // namespace emptor::mining::next
