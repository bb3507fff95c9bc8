#pragma once

#include <cstdint>
#include <vector>

namespace emptor::mining::sets {

/// Baskets as a bit matrix: one column per item, one bit per basket. Words of
/// the same baskets lie together (word w of column c is plane[w * stride + c]),
/// so that one instruction works on the same baskets of many items.
struct Bits {
  std::uint64_t* plane = nullptr;
  std::uint64_t* count = nullptr;       ///< per column
  std::uint32_t* item = nullptr;        ///< per column: its number in the Database
  const std::uint8_t* shift = nullptr;  ///< a bit of word w counts 2^shift[w]; null: 1
  /// Of a matrix whose baskets are sorted by a few items that are no columns:
  /// which of those the baskets of a word hold, a bit each. Null: there are
  /// none.
  const std::uint16_t* cell = nullptr;
  std::uint32_t columns = 0;
  std::uint32_t first = 0;  ///< columns before it may not be added to a set, only looked at
  std::uint32_t words = 0, stride = 0;
};

/// What may be added to a set that has just taken in column j. Columns in all
/// of its baskets are taken out of the others: before j they are `covered`,
/// behind it `perfect`.
struct Candidates {
  std::uint32_t n = 0;          ///< columns in enough of its baskets
  std::uint32_t n_before = 0;   ///< ... of them before j
  std::uint32_t n_perfect = 0;  ///< columns behind j that are in all of them
  bool covered = false;         ///< a column before j is; the others are not filled then
};

/// Where count() writes: room for columns + 8 of each.
struct CandidateRoom {
  std::uint8_t* chosen;    ///< a bit per column of the old matrix
  std::uint64_t* count;    ///< per chosen column
  std::uint32_t* item;     ///< per chosen column
  std::uint32_t* perfect;  ///< items
};

/// One implementation per instruction set; all give the same results.
struct BitKernel {
  const char* name;
  /// Counts the columns [from, columns) but j in the baskets `t` of column j.
  Candidates (*count)(const Bits& bits, std::uint32_t from, std::uint32_t j, const std::uint64_t* t,
                      std::uint64_t min_count, const CandidateRoom& room);
  /// Writes the chosen columns, cut down to the baskets `t`, to the planes of
  /// `to`; all its other fields are set. Rows of planes need 8 words more than
  /// columns.
  void (*copy)(const Bits& bits, std::uint32_t from, const std::uint64_t* t,
               const std::uint8_t* chosen, const Bits& to);
  /// Words that the baskets `t` need for themselves; words of different shift or cell are not
  /// joined. `shift` and `cell` (may be null) get the new words' values.
  std::uint32_t (*packed_words)(const Bits& bits, const std::uint64_t* t, std::uint8_t* shift,
                                std::uint16_t* cell);
  /// The same with the baskets that are not in `t` squeezed out; null where
  /// that is slow. `to` has packed_words() words and its own shift, and its
  /// planes are zero.
  void (*pack)(const Bits& bits, std::uint32_t from, const std::uint64_t* t,
               const std::uint8_t* chosen, const Bits& to);
  /// In how many of the baskets `t` every combination of the n_items items of
  /// Bits::cell is: counts[m], m of 2^n_items, for all items of m. Needs
  /// bits.shift to be null.
  void (*combine)(const Bits& bits, const std::uint64_t* t, unsigned n_items,
                  std::uint32_t* counts);
  /// Adds to n_of_size[s] how many combinations of s items have a count of at
  /// least min_count.
  void (*tally)(const std::uint32_t* counts, unsigned n_items, std::uint32_t min_count,
                std::uint32_t* n_of_size);
};

/// Bits::cell has at most so many items, and at least so many: tally() looks at
/// 64 at once.
inline constexpr unsigned kMostCellItems = 10;
inline constexpr unsigned kLeastCellItems = 6;

/// The implementations this machine can run, the fastest first; the last is
/// plain C++.
const std::vector<const BitKernel*>& bit_kernels();

}  // namespace emptor::mining::sets
