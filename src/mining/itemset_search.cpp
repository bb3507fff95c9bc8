// The search for frequent sets. A set grows by items that are more frequent than those it has. Two
// forms of the baskets that hold it take turns: rows of items (Uno, Kiyomi, Arimura 2004: the
// counts of all that may follow in one sweep) while they are many and sparse, a bit matrix once
// counting pair by pair is cheaper.
#include "emptor/core/error.hpp"

#include "core/parallel.hpp"
#include "mining/arena.hpp"
#include "mining/itemset_bits.hpp"
#include "mining/itemset_found.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <limits>
#include <mutex>
#include <utility>

namespace emptor::mining::sets {
namespace {

// What the threads of one search share.
struct Shared {
  const Database& db;
  const Plan& plan;
  const Context& context;
  const BitKernel& kernel;
  Best best;
  std::atomic<std::size_t> memory{0};
};

// Costs in about nanoseconds, of the choice between the two forms.
constexpr double kBitCost = 0.17;   // one word of one pair of columns
constexpr double kSweepCost = 1.5;  // one pair of items in one row
constexpr double kColumnCost = 60;  // one more item in rows

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
    const bool wanted = kind != ItemsetKind::maximal || n_perfect == db.code.size();
    if (kind != ItemsetKind::generators && wanted && db.base_count >= shared_.plan.min_count &&
        prefix_.size() + free_.size() > 0)
      emit(db.base_count);
    free_.clear();
  }

  void extend(const Lists& db, std::uint32_t i);
  void extend(const Bits& bits, std::uint32_t j);

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
  [[nodiscard]] bool full() const { return size() >= shared_.plan.max_items; }

  void emit(std::uint64_t count) { emit(count, prefix_.size(), free_.size()); }
  void emit(std::uint64_t count, std::size_t n_base, std::size_t n_free);
  void emit_with(std::uint32_t item, std::uint64_t count) {
    prefix_.push_back(item);
    emit(count);
    prefix_.pop_back();
  }

  void sweep(const Lists& db, std::uint32_t i);
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

  Shared& shared_;
  Chunk* chunk_ = nullptr;
  std::uint64_t least_ = 1;
  std::uint32_t ticks_ = 0;
  std::vector<std::uint32_t> prefix_{}, free_{};
  std::vector<std::uint64_t> count_;  // per item; 0 between sweeps
  std::vector<std::uint32_t> local_;  // per item: 1 + its new number; 0 between uses
  std::vector<std::uint32_t> touched_;
  std::uint32_t n_touched_ = 0;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> found_{};  // for Best
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

// ---- rows of items ----------------------------------------------------------------------------

// Counts the items that rows with item i hold, before it and, where others matter, behind it.
template <ItemsetKind kind>
void Search<kind>::sweep(const Lists& db, std::uint32_t i) {
  std::uint64_t* count = count_.data();
  std::uint32_t* touched = touched_.data();
  std::uint32_t n = 0;
  for (std::uint32_t k = db.begin[i]; k < db.begin[i + 1]; ++k) {
    const Occurrence place = db.occurrence[k];
    const std::uint64_t weight = db.weight == nullptr ? 1 : db.weight[k];
    const std::uint32_t* end = db.item + place.at;
    for (const std::uint32_t* p = db.item + place.start; p != end; ++p) {
      const std::uint32_t item = *p;
      touched[n] = item;
      n += count[item] == 0 ? 1 : 0;
      count[item] += weight;
    }
    if constexpr (kMerges) {
      for (const std::uint32_t* p = end + 1; *p != kRowEnd; ++p) {
        const std::uint32_t item = *p;
        touched[n] = item;
        n += count[item] == 0 ? 1 : 0;
        count[item] += weight;
      }
    }
  }
  n_touched_ = n;
}

template <ItemsetKind kind>
void Search<kind>::extend(const Lists& db, std::uint32_t i) {
  tick();
  const std::uint64_t n = db.count[i];
  if (shared_.plan.best > 0) least_ = std::max(least_, shared_.best.least());
  if (n < least_) return;
  prefix_.push_back(db.rank[i]);
  if (!kMerges && full()) {
    emit(n);
    prefix_.pop_back();
    return;
  }
  const Arena::Mark mark = arena_.mark();
  const std::size_t n_prefix = prefix_.size();
  const std::size_t n_free = free_.size();
  sweep(db, i);
  auto* tail = arena_.take<Counted>(n_touched_);
  auto* others = arena_.take<Counted>(kMerges ? n_touched_ : 0);
  std::uint32_t n_tail = 0;
  std::uint32_t n_others = 0;
  bool covered = false;
  for (std::uint32_t k = 0; k < n_touched_; ++k) {
    const std::uint32_t item = touched_[k];
    const std::uint64_t count = std::exchange(count_[item], 0);
    if (count < least_) continue;
    if (item > i) {
      covered = covered || count == n;
      if constexpr (kMerges) others[n_others++] = {item, count};
    } else if (count == n) {
      if (kMerges) prefix_.push_back(db.rank[item]);
      if (kind == ItemsetKind::all) free_.push_back(db.rank[item]);
    } else {
      tail[n_tail++] = {item, count};
    }
  }
  if (!covered && size() <= shared_.plan.max_items) {
    if (kind != ItemsetKind::maximal || n_tail + n_others == 0) emit(n);
    if (n_tail > 0 && !full()) grow(db, i, tail, n_tail, others, n_others);
  }
  prefix_.resize(n_prefix - 1);
  free_.resize(n_free);
  arena_.release(mark);
}

template <ItemsetKind kind>
void Search<kind>::grow(const Lists& db, std::uint32_t i, Counted* tail, std::uint32_t n_tail,
                        const Counted* others, std::uint32_t n_others) {
  const bool last = !kMerges && (size() + 1 >= shared_.plan.max_items || n_tail == 1);
  if (last || (n_tail == 1 && n_others == 0)) {
    for (std::uint32_t k = 0; k < n_tail; ++k) emit_with(db.rank[tail[k].item], tail[k].count);
    return;
  }
  if (bits_are_cheaper(db, i, tail, n_tail, others, n_others)) {
    grow_bits(db, i, tail, n_tail, others, n_others);
  } else {
    grow_lists(db, i, tail, n_tail, others, n_others);
  }
}

template <ItemsetKind kind>
bool Search<kind>::bits_are_cheaper(const Lists& db, std::uint32_t i, const Counted* tail,
                                    std::uint32_t n_tail, const Counted* others,
                                    std::uint32_t n_others) const {
  if (shared_.plan.form != Form::cheaper) return shared_.plan.form == Form::bits;
  const double rows = db.begin[i + 1] - db.begin[i];
  double held = 0;
  const double weight = static_cast<double>(db.count[i]) / rows;
  for (std::uint32_t k = 0; k < n_tail; ++k) held += static_cast<double>(tail[k].count) / weight;
  for (std::uint32_t k = 0; k < n_others; ++k)
    held += static_cast<double>(others[k].count) / weight;
  const double columns = n_tail + n_others;
  const double pairs = n_others == 0 ? columns * columns / 2 : n_tail * columns;
  const double length = held / rows;
  const double words = (rows + 63) / 64;
  const double by_bits = pairs * words * kBitCost;
  const double by_rows = rows * length * (length + 1) * kSweepCost + n_tail * kColumnCost;
  return by_bits <= by_rows && columns * words < 4e6;
}

// Marks in a matrix which rows with item i hold which of the chosen items (local_).
template <ItemsetKind kind>
void Search<kind>::fill_bits(const Lists& db, std::uint32_t i, Bits& bits) {
  const std::uint32_t begin = db.begin[i];
  const std::uint32_t end = db.begin[i + 1];
  std::array<std::uint32_t, 64> next{};  // per bit of a weight: the next place
  if (db.weight == nullptr) {
    bits.words = (end - begin + 63) / 64;
  } else {
    std::array<std::uint32_t, 64> rows{};
    for (std::uint32_t k = begin; k < end; ++k)
      for (std::uint64_t w = db.weight[k]; w != 0; w &= w - 1)
        ++rows[static_cast<std::size_t>(std::countr_zero(w))];
    auto* shift = arena_.take<std::uint8_t>(std::size_t{end - begin} + 64);
    std::uint32_t words = 0;
    for (std::uint32_t b = 0; b < 64; ++b) {
      next[b] = words * 64;
      const std::uint32_t more = (rows[b] + 63) / 64;
      std::fill(shift + words, shift + words + more, static_cast<std::uint8_t>(b));
      words += more;
    }
    bits.words = words;
    bits.shift = shift;
  }
  bits.plane = arena_.take<std::uint64_t>(std::size_t{bits.words} * bits.stride + 8);
  std::memset(bits.plane, 0, (std::size_t{bits.words} * bits.stride + 8) * 8);
  // Items that are not chosen have the local number 0: a column before the first.
  std::uint64_t* plane = bits.plane;
  const auto mark = [&](Occurrence place, std::uint32_t at) {
    std::uint64_t* word = plane + std::size_t{at / 64} * bits.stride;
    const std::uint64_t bit = std::uint64_t{1} << (at % 64);
    const std::uint32_t* p = db.item + place.start;
    const std::uint32_t* stop = db.item + place.at;
    for (; p != stop; ++p) {
      const std::uint32_t column = local_[*p];
      if (column != 0) word[column - 1] |= bit;
    }
    if constexpr (kMerges) {
      for (++p; *p != kRowEnd; ++p) {
        const std::uint32_t column = local_[*p];
        if (column != 0) word[column - 1] |= bit;
      }
    }
  };
  for (std::uint32_t k = begin; k < end; ++k) {
    if (db.weight == nullptr) {
      mark(db.occurrence[k], k - begin);
      continue;
    }
    for (std::uint64_t w = db.weight[k]; w != 0; w &= w - 1)
      mark(db.occurrence[k], next[static_cast<std::size_t>(std::countr_zero(w))]++);
  }
}

template <ItemsetKind kind>
void Search<kind>::grow_bits(const Lists& db, std::uint32_t i, Counted* tail, std::uint32_t n_tail,
                             const Counted* others, std::uint32_t n_others) {
  // The rarest first: their sets are small, and what is left of the others is long.
  std::sort(tail, tail + n_tail, [](const Counted& a, const Counted& b) {
    return a.count != b.count ? a.count < b.count : a.item > b.item;
  });
  Bits bits;
  bits.columns = n_tail + n_others;
  bits.first = n_others;
  bits.stride = (bits.columns + 7) / 8 * 8;
  bits.count = arena_.take<std::uint64_t>(bits.columns);
  bits.item = arena_.take<std::uint32_t>(bits.columns);
  std::uint32_t c = 0;
  const auto add = [&](const Counted& one) {
    bits.count[c] = one.count;
    bits.item[c] = db.rank[one.item];
    local_[one.item] = ++c;
  };
  std::for_each(others, others + n_others, add);
  std::for_each(tail, tail + n_tail, add);
  fill_bits(db, i, bits);
  for (std::uint32_t k = 0; k < n_others; ++k) local_[others[k].item] = 0;
  for (std::uint32_t k = 0; k < n_tail; ++k) local_[tail[k].item] = 0;
  if (kind == ItemsetKind::maximal && add_all(bits)) return;
  for (std::uint32_t j = bits.first; j < bits.columns; ++j) extend(bits, j);
}

template <ItemsetKind kind>
void Search<kind>::grow_lists(const Lists& db, std::uint32_t i, Counted* tail, std::uint32_t n_tail,
                              const Counted* others, std::uint32_t n_others) {
  const auto by_item = [](const Counted& a, const Counted& b) { return a.item < b.item; };
  std::sort(tail, tail + n_tail, by_item);  // rows stay ascending
  auto* behind = arena_.take<Counted>(n_others);
  std::copy(others, others + n_others, behind);
  std::sort(behind, behind + n_others, by_item);
  Lists cut;
  cut.n_tail = n_tail;
  cut.n_items = n_tail + n_others;
  auto* count = arena_.take<std::uint64_t>(cut.n_items);
  auto* rank = arena_.take<std::uint32_t>(cut.n_items);
  auto* begin = arena_.take<std::uint32_t>(std::size_t{cut.n_items} + 1);
  std::uint32_t c = 0;
  const auto add = [&](const Counted& one) {
    count[c] = one.count;
    rank[c] = db.rank[one.item];
    begin[c] = 0;
    local_[one.item] = ++c;
  };
  std::for_each(tail, tail + n_tail, add);
  std::for_each(behind, behind + n_others, add);
  begin[cut.n_items] = 0;

  const std::uint32_t n_rows = db.begin[i + 1] - db.begin[i];
  std::size_t room = n_rows;  // at most: every item of every row, and its end
  for (std::uint32_t k = db.begin[i]; k < db.begin[i + 1]; ++k) {
    const Occurrence place = db.occurrence[k];
    room += place.at - place.start;
    if constexpr (kMerges)
      for (const std::uint32_t* p = db.item + place.at; *p != kRowEnd; ++p) ++room;
  }
  auto* item = arena_.take<std::uint32_t>(room + 1);
  auto* row = arena_.take<std::uint32_t>(std::size_t{n_rows} + 1);
  std::uint64_t* row_weight = db.weight == nullptr ? nullptr : arena_.take<std::uint64_t>(n_rows);
  std::uint32_t out = 0;
  std::uint32_t rows = 0;
  for (std::uint32_t k = db.begin[i]; k < db.begin[i + 1]; ++k) {
    const Occurrence place = db.occurrence[k];
    const std::uint32_t start = out;
    const std::uint32_t* p = db.item + place.start;
    for (const std::uint32_t* end = db.item + place.at; p != end; ++p) {
      item[out] = local_[*p] - 1;
      out += local_[*p] != 0 ? 1 : 0;
    }
    if constexpr (kMerges) {
      for (++p; *p != kRowEnd; ++p) {
        item[out] = local_[*p] - 1;
        out += local_[*p] != 0 ? 1 : 0;
      }
    }
    if (out < start + 2) {  // nothing to count in a row of one item
      out = start;
      continue;
    }
    for (std::uint32_t at = start; at < out; ++at) ++begin[item[at]];
    item[out++] = kRowEnd;
    if (row_weight != nullptr) row_weight[rows] = db.weight[k];
    row[rows++] = start;
  }
  for (std::uint32_t k = 0; k < n_others; ++k) local_[behind[k].item] = 0;
  for (std::uint32_t k = 0; k < n_tail; ++k) local_[tail[k].item] = 0;

  std::uint32_t total = 0;
  for (std::uint32_t k = 0; k < cut.n_items; ++k) total += std::exchange(begin[k], total);
  begin[cut.n_items] = total;
  auto* occurrence = arena_.take<Occurrence>(total);
  std::uint64_t* weight = row_weight == nullptr ? nullptr : arena_.take<std::uint64_t>(total);
  for (std::uint32_t r = 0; r < rows; ++r) {
    for (std::uint32_t at = row[r]; item[at] != kRowEnd; ++at) {
      const std::uint32_t place = begin[item[at]]++;
      occurrence[place] = {row[r], at};
      if (weight != nullptr) weight[place] = row_weight[r];
    }
  }
  for (std::uint32_t k = cut.n_items; k > 0; --k) begin[k] = begin[k - 1];
  begin[0] = 0;
  cut.item = item;
  cut.begin = begin;
  cut.occurrence = occurrence;
  cut.weight = weight;
  cut.count = count;
  cut.rank = rank;
  for (std::uint32_t k = 0; k < n_tail; ++k) extend(cut, k);
}

// ---- bit matrices -----------------------------------------------------------------------------

template <ItemsetKind kind>
void Search<kind>::extend(const Bits& bits, std::uint32_t j) {
  tick();
  const std::uint64_t n = bits.count[j];
  if (n < least_) return;
  prefix_.push_back(bits.item[j]);
  const std::uint32_t from = kMerges ? 0 : j + 1;
  if (from >= bits.columns || (!kMerges && full())) {
    emit(n);
    prefix_.pop_back();
    return;
  }
  const Arena::Mark mark = arena_.mark();
  const std::size_t n_prefix = prefix_.size();
  const std::size_t n_free = free_.size();
  auto* t = arena_.take<std::uint64_t>(bits.words);
  for (std::uint32_t w = 0; w < bits.words; ++w)
    t[w] = bits.plane[std::size_t{w} * bits.stride + j];
  const CandidateRoom room{
      arena_.take<std::uint8_t>(bits.columns / 8 + 1), arena_.take<std::uint64_t>(bits.columns),
      arena_.take<std::uint32_t>(bits.columns), arena_.take<std::uint32_t>(bits.columns)};
  const Candidates found = shared_.kernel.count(bits, from, j, t, least_, room);
  if (!found.covered) {
    auto& joined = kMerges ? prefix_ : free_;
    if (kind != ItemsetKind::generators)
      joined.insert(joined.end(), room.perfect, room.perfect + found.n_perfect);
    if (size() <= shared_.plan.max_items) {
      if (kind != ItemsetKind::maximal || found.n == 0) emit(n);
      if (found.n > found.n_before && !full()) grow(bits, from, t, found, room);
    }
  }
  prefix_.resize(n_prefix - 1);
  free_.resize(n_free);
  arena_.release(mark);
}

// The sets with column j and one more of the candidates, and all that follow from them.
template <ItemsetKind kind>
void Search<kind>::grow(const Bits& bits, std::uint32_t from, const std::uint64_t* t,
                        const Candidates& found, const CandidateRoom& room) {
  const std::uint32_t n_tail = found.n - found.n_before;
  if ((!kMerges && size() + 1 >= shared_.plan.max_items) || (n_tail == 1 && found.n_before == 0)) {
    for (std::uint32_t k = found.n_before; k < found.n; ++k) emit_with(room.item[k], room.count[k]);
    return;
  }
  Bits next;
  next.columns = found.n;
  next.first = found.n_before;
  next.count = room.count;
  next.item = room.item;
  next.stride = (found.n + 7) / 8 * 8;
  next.words = bits.words;
  next.shift = bits.shift;
  bool packs = false;
  if (bits.words > 1 && shared_.kernel.pack != nullptr) {
    std::uint8_t* shift = bits.shift == nullptr ? nullptr : arena_.take<std::uint8_t>(bits.words);
    const std::uint32_t words = packed_words(bits, t, shift);
    if (words * 2 <= bits.words) {
      packs = true;
      next.words = words;
      next.shift = shift;
    }
  }
  const std::size_t room_words = std::size_t{next.words} * next.stride + 8;
  next.plane = arena_.take<std::uint64_t>(room_words);
  if (packs) {
    std::memset(next.plane, 0, room_words * 8);
    shared_.kernel.pack(bits, from, t, room.chosen, next);
  } else {
    shared_.kernel.copy(bits, from, t, room.chosen, next);
  }
  if (kind == ItemsetKind::maximal && add_all(next)) return;
  for (std::uint32_t k = next.first; k < next.columns; ++k) extend(next, k);
}

// Whether all that may be added can be added at once: then nothing else is maximal.
template <ItemsetKind kind>
bool Search<kind>::add_all(const Bits& bits) {
  const Arena::Mark mark = arena_.mark();
  auto* t = arena_.take<std::uint64_t>(bits.words);
  std::uint64_t n = 0;
  const auto ones = [&](std::uint32_t w, std::uint64_t x) {
    const auto count = static_cast<std::uint64_t>(std::popcount(x));
    return bits.shift == nullptr ? count : count << bits.shift[w];
  };
  for (std::uint32_t w = 0; w < bits.words; ++w) {
    std::uint64_t all = ~std::uint64_t{0};
    const std::uint64_t* row = bits.plane + std::size_t{w} * bits.stride;
    for (std::uint32_t c = bits.first; c < bits.columns; ++c) all &= row[c];
    t[w] = all;
    n += ones(w, all);
  }
  bool enough = n >= least_;
  bool maximal = enough;
  for (std::uint32_t c = 0; maximal && c < bits.first; ++c) {
    std::uint64_t with = 0;
    for (std::uint32_t w = 0; w < bits.words; ++w)
      with += ones(w, t[w] & bits.plane[std::size_t{w} * bits.stride + c]);
    maximal = with < least_;
  }
  if (maximal) {
    const std::size_t n_prefix = prefix_.size();
    prefix_.insert(prefix_.end(), bits.item + bits.first, bits.item + bits.columns);
    emit(n);
    prefix_.resize(n_prefix);
  }
  arena_.release(mark);
  return enough;
}

// ---- all of it --------------------------------------------------------------------------------

// The whole database as one matrix, where that is cheaper than rows.
struct RootBits {
  std::vector<std::uint64_t> plane{}, count{};
  std::vector<std::uint32_t> item{};
  std::vector<std::uint8_t> shift{};
  Bits bits{};
};

bool root_bits_are_cheaper(const Database& db, std::size_t limit) {
  const auto columns = static_cast<double>(db.code.size());
  double held = static_cast<double>(db.row.size());
  const double rows = std::max(1.0, static_cast<double>(db.n_rows));
  const double words = (rows + 63) / 64;
  const double length = held / rows;
  const double bytes = columns * words * 8;
  return db.row_weight.empty() &&
         columns * columns / 2 * words * kBitCost <=
             rows * length * length * kSweepCost + columns * kColumnCost &&
         bytes <= 64e6 && (limit == 0 || bytes < static_cast<double>(limit) / 2);
}

void fill_root_bits(const Database& db, RootBits& root) {
  const auto n = static_cast<std::uint32_t>(db.code.size());
  Bits& bits = root.bits;
  bits.columns = n;
  bits.words = (db.n_rows + 63) / 64;
  bits.stride = (n + 7) / 8 * 8;
  root.plane.assign(std::size_t{bits.words} * bits.stride + 8, 0);
  root.count.resize(n + 8U);
  root.item.resize(n + 8U);
  for (std::uint32_t rank = 0; rank < n; ++rank) {
    const std::uint32_t c = n - 1 - rank;  // the rarest first
    root.count[c] = db.count[rank];
    root.item[c] = rank;
    for (std::uint32_t k = db.begin[rank]; k < db.begin[rank + 1]; ++k) {
      const std::uint32_t r = db.row[k];
      root.plane[std::size_t{r / 64} * bits.stride + c] |= std::uint64_t{1} << (r % 64);
    }
  }
  bits.plane = root.plane.data();
  bits.count = root.count.data();
  bits.item = root.item.data();
}

// Ranges of items of about the same work, whatever the number of threads.
std::vector<std::uint32_t> blocks_of(const Database& db, std::uint32_t first) {
  constexpr std::uint64_t kBlocks = 256;
  const auto n = static_cast<std::uint32_t>(db.code.size());
  std::vector<std::uint64_t> work(n, 0);
  std::uint64_t total = 0;
  for (std::uint32_t i = first; i < n; ++i) {
    work[i] = 64;
    for (std::uint32_t k = db.begin[i]; k < db.begin[i + 1]; ++k)
      work[i] += db.occurrence[k].at - db.occurrence[k].start;
    total += work[i];
  }
  std::vector<std::uint32_t> begin{first};
  std::uint64_t sum = 0;
  for (std::uint32_t i = first; i < n; ++i) {
    sum += work[i];
    if (sum >= total / kBlocks + 1 || i + 1 == n) {
      begin.push_back(i + 1);
      sum = 0;
    }
  }
  return begin;
}

template <ItemsetKind kind>
std::vector<Chunk> search_kind(Shared& shared) {
  const Database& db = shared.db;
  const auto n = static_cast<std::uint32_t>(db.code.size());
  std::uint32_t n_perfect = 0;
  while (n_perfect < n && db.count[n_perfect] == db.base_count) ++n_perfect;
  RootBits root;
  const bool dense =
      n > 1 && shared.plan.form != Form::rows && db.row_weight.empty() &&
      (shared.plan.form == Form::bits || root_bits_are_cheaper(db, shared.context.memory_limit));
  std::vector<std::uint32_t> begin;
  if (dense) {
    fill_root_bits(db, root);
    shared.memory += root.plane.size() * 8;
    for (std::uint32_t i = 0; i <= n - n_perfect; ++i) begin.push_back(i);
  } else {
    begin = blocks_of(db, n_perfect);
  }
  const Lists lists = db.lists();
  std::vector<Chunk> chunks(begin.size());  // the last is the root's
  std::mutex mutex;
  std::vector<std::unique_ptr<Search<kind>>> idle;
  const auto take = [&] {
    const std::lock_guard lock(mutex);
    if (idle.empty()) return std::make_unique<Search<kind>>(shared);
    auto one = std::move(idle.back());
    idle.pop_back();
    return one;
  };
  core::parallel_for(shared.context, begin.size(), [&](std::size_t block) {
    auto one = take();
    // Frequent items come first where only the best sets are wanted: they raise what is enough.
    if (dense && shared.plan.best > 0) block = begin.size() - 1 - block;
    one->begin(chunks[block]);
    if (block + 1 == begin.size()) {
      one->root(n_perfect);
    } else {
      for (std::uint32_t i = begin[block]; i < begin[block + 1]; ++i) {
        if (dense) {
          one->extend(root.bits, i);
        } else {
          one->extend(lists, i);
        }
      }
    }
    one->end();
    const std::lock_guard lock(mutex);
    idle.push_back(std::move(one));
  });
  return chunks;
}

}  // namespace

std::vector<Chunk> search(const Database& db, const Plan& plan, const Context& context) {
  const BitKernel& kernel = plan.kernel != nullptr ? *plan.kernel : *bit_kernels().front();
  Shared shared{db, plan, context, kernel, {plan.best > 0 ? plan.best : kMany, plan.min_count}};
  switch (plan.kind) {
    case ItemsetKind::closed:
      return search_kind<ItemsetKind::closed>(shared);
    case ItemsetKind::maximal:
      return search_kind<ItemsetKind::maximal>(shared);
    case ItemsetKind::generators:
      return search_kind<ItemsetKind::generators>(shared);
    case ItemsetKind::all:
      break;
  }
  return search_kind<ItemsetKind::all>(shared);
}

}  // namespace emptor::mining::sets
