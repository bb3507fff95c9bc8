#pragma once

#include "emptor/core/error.hpp"

#include "mining/arena.hpp"
#include "mining/itemset_bits.hpp"
#include "mining/itemset_found.hpp"
#include "mining/itemset_lists.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace emptor::mining::sets {

// What the threads of one search share.
struct Shared {
  const Database& db;
  const Plan& plan;
  const Context& context;
  const BitKernel& kernel;
  Best best;
  std::atomic<std::size_t> memory{0};
  /// The items of Bits::cell, the most frequent first.
  std::vector<std::uint32_t> cell_items{};
};

// Costs in about nanoseconds, of the choice between the two forms.
constexpr double kBitCost = 0.17;   // one word of one pair of columns
constexpr double kSweepCost = 1.5;  // one pair of items in one row
constexpr double kColumnCost = 60;  // one more item in rows

/// The search for frequent sets of one kind, by one thread. A set grows by
/// items that are more frequent than those it has. Two forms of the baskets
/// that hold it take turns: rows of items (Uno, Kiyomi, Arimura 2004: the
/// counts of all that may follow in one sweep) while they are many and sparse,
/// a bit matrix once counting pair by pair is cheaper.
template <ItemsetKind kind>
class Search {
 public:
  explicit Search(Shared& shared)
      : shared_(shared),
        count_(shared.db.code.size() + 1, 0),
        local_(shared.db.code.size() + 1, 0),
        touched_(shared.db.code.size() + 1) {
    prefix_.reserve(64);
    free_.reserve(64);
  }

  void begin(Chunk& chunk) {
    chunk_ = &chunk;
    prefix_.clear();
    free_.clear();  // root() may have left some, and is not always the last block
    for (std::size_t i = 0; i < shared_.db.base.size(); ++i)
      prefix_.push_back(static_cast<std::uint32_t>(shared_.db.code.size() + i));
    least_ = shared_.best.least();
  }
  void end() {
    if (!found_.empty()) shared_.best.add(found_);
    chunk_ = nullptr;
  }

  // The set of what is in all baskets.
  void root(std::uint32_t n_perfect) {
    const auto& db = shared_.db;
    for (std::uint32_t r = 0; r < n_perfect; ++r) (kMerges ? prefix_ : free_).push_back(r);
    if (!shared_.cell_items.empty()) return;  // emit_cells() has it
    const bool wanted = kind != ItemsetKind::maximal || n_perfect == db.code.size();
    if (kind != ItemsetKind::generators && wanted && db.base_count >= shared_.plan.min_count &&
        prefix_.size() + free_.size() > 0)
      emit(db.base_count);
    free_.clear();
  }

  void extend(const Lists& db, std::uint32_t i);
  void extend(const Bits& bits, std::uint32_t j);
  // With Bits::cell.
  void extend_cells(const Bits& bits, std::uint32_t j);
  void emit_cells(const Bits& bits, const std::uint64_t* t, std::uint64_t n_all = 0);

 private:
  // Items that are in all baskets of a set become part of it.
  static constexpr bool kMerges = kind == ItemsetKind::closed || kind == ItemsetKind::maximal;

  struct Counted {
    std::uint32_t item;  // in the Lists
    std::uint64_t count;
  };

  void tick() {
    if ((++ticks_ & 1023U) == 0 && shared_.context.stop.stop_requested()) throw Cancelled();
  }
  [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(prefix_.size()); }
  // What a set may be extended by. Whether it is maximal depends on all that is frequent; sets
  // below least_ themselves are not wanted, and neither are larger ones.
  [[nodiscard]] std::uint64_t frequent() const {
    return kind == ItemsetKind::maximal ? shared_.plan.min_count : least_;
  }
  [[nodiscard]] bool full() const { return size() >= shared_.plan.max_items; }

  void emit(std::uint64_t count) { emit(count, prefix_.size(), free_.size()); }
  void emit(std::uint64_t count, std::size_t n_base, std::size_t n_free);
  void emit_with(std::uint32_t item, std::uint64_t count) {
    prefix_.push_back(item);
    emit(count);
    prefix_.pop_back();
  }

  struct Swept {
    Counted* tail = nullptr;
    Counted* others = nullptr;
    std::uint32_t n_tail = 0, n_others = 0;
    bool covered = false;
  };
  template <bool touches>
  void sweep(const Lists& db, std::uint32_t i);
  Swept swept(const Lists& db, std::uint32_t i);
  void grow(const Lists& db, std::uint32_t i, Counted* tail, std::uint32_t n_tail,
            const Counted* others, std::uint32_t n_others);
  [[nodiscard]] bool bits_are_cheaper(const Lists& db, std::uint32_t i, const Counted* tail,
                                      std::uint32_t n_tail, const Counted* others,
                                      std::uint32_t n_others) const;
  void grow_bits(const Lists& db, std::uint32_t i, Counted* tail, std::uint32_t n_tail,
                 const Counted* others, std::uint32_t n_others);
  void grow_lists(const Lists& db, std::uint32_t i, Counted* tail, std::uint32_t n_tail,
                  const Counted* others, std::uint32_t n_others);
  void fill_bits(const Lists& db, std::uint32_t i, Bits& bits);
  void grow(const Bits& bits, std::uint32_t from, const std::uint64_t* t, const Candidates& found,
            const CandidateRoom& room);
  bool add_all(const Bits& bits);
  void emit_cell(std::uint32_t cell, const unsigned* tail, unsigned n_tail);
  Bits cut(const Bits& bits, std::uint32_t from, const std::uint64_t* t, const Candidates& found,
           const CandidateRoom& room);

  Shared& shared_;
  Chunk* chunk_ = nullptr;
  std::uint64_t least_ = 1;
  std::uint32_t ticks_ = 0;
  std::vector<std::uint32_t> prefix_{}, free_{};
  std::vector<std::uint64_t> count_;  // per item; 0 between sweeps
  std::vector<std::uint32_t> local_;  // per item: 1 + its new number; 0 between uses
  std::vector<std::uint32_t> touched_;
  std::uint32_t n_touched_ = 0;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> found_{};           // for Best
  std::array<std::uint32_t, (std::size_t{1} << kMostCellItems)> cells_{};  // by combination
  Arena arena_{};
};

template <ItemsetKind kind>
void Search<kind>::emit(std::uint64_t count, std::size_t n_base, std::size_t n_free) {
  const Plan& plan = shared_.plan;
  Chunk& chunk = *chunk_;
  const std::uint64_t sets = chunk.count_sizes(n_base, n_free, plan.min_items, plan.max_items);
  if (sets == 0) return;
  if (plan.best > 0) {
    found_.emplace_back(count, sets);
    if (found_.size() >= 4096) {
      shared_.best.add(found_);
      least_ = std::max(least_, shared_.best.least());
    }
  }
  if (plan.keep) {
    chunk.push(count, {prefix_.data(), n_base}, {free_.data(), n_free}, shared_.memory,
               shared_.context.memory_limit);
  }
}

}  // namespace emptor::mining::sets
