// Growing sets whose baskets are rows of items.
#include "mining/itemset_search.hpp"

#include <array>
#include <bit>
#include <cstring>

namespace emptor::mining::sets {

// Rows lie apart: asks for one that is needed soon.
inline void fetch(const Lists& db, std::uint32_t k) {
#if defined(__GNUC__)
  constexpr std::uint32_t kAhead = 8;
  const Occurrence* soon = db.occurrence + k + kAhead;  // past the end of the last item at most
  if (k + kAhead < db.begin[db.n_items]) __builtin_prefetch(db.item + soon->start);
#else
  static_cast<void>(db);
  static_cast<void>(k);
#endif
}

// Counts the items that rows with item i hold, before it and, where others matter, behind it.
// `touches` lists each of them; otherwise all of count_ must be looked at.
template <ItemsetKind kind>
template <bool touches>
void Search<kind>::sweep(const Lists& db, std::uint32_t i) {
  std::uint64_t* count = count_.data();
  std::uint32_t* touched = touched_.data();
  std::uint32_t n = 0;
  const auto add = [&](std::uint32_t item, std::uint64_t weight) {
    if constexpr (touches) {
      touched[n] = item;
      n += count[item] == 0 ? 1 : 0;
    }
    count[item] += weight;
  };
  for (std::uint32_t k = db.begin[i]; k < db.begin[i + 1]; ++k) {
    fetch(db, k);
    const Occurrence place = db.occurrence[k];
    const std::uint64_t weight = db.weight == nullptr ? 1 : db.weight[k];
    const std::uint32_t* end = db.item + place.at;
    for (const std::uint32_t* p = db.item + place.start; p != end; ++p) add(*p, weight);
    if constexpr (kMerges)
      for (const std::uint32_t* p = end + 1; *p != kRowEnd; ++p) add(*p, weight);
  }
  n_touched_ = n;
}

// What a sweep counted in enough rows: before item i, and behind it.
template <ItemsetKind kind>
typename Search<kind>::Swept Search<kind>::swept(const Lists& db, std::uint32_t i) {
  const std::uint32_t looked_at = kMerges ? db.n_items : i;
  const std::uint64_t n = db.count[i];
  Swept found;
  const auto take = [&](std::uint32_t item, std::uint64_t count) {
    if (item > i) {
      found.covered = found.covered || count == n;
      if constexpr (kMerges) found.others[found.n_others++] = {item, count};
    } else if (count == n) {
      if (kMerges) prefix_.push_back(db.rank[item]);
      if (kind == ItemsetKind::all) free_.push_back(db.rank[item]);
    } else {
      found.tail[found.n_tail++] = {item, count};
    }
  };
  const std::uint64_t rows = db.begin[i + 1] - db.begin[i];
  const std::uint64_t least = frequent();
  if (rows * 4 < looked_at) {
    sweep<true>(db, i);
    found.tail = arena_.take<Counted>(n_touched_);
    found.others = arena_.take<Counted>(kMerges ? n_touched_ : 0);
    for (std::uint32_t k = 0; k < n_touched_; ++k) {
      const std::uint64_t count = std::exchange(count_[touched_[k]], 0);
      if (count >= least) take(touched_[k], count);
    }
    return found;
  }
  sweep<false>(db, i);
  found.tail = arena_.take<Counted>(i);
  found.others = arena_.take<Counted>(kMerges ? db.n_items : 0);
  for (std::uint32_t item = 0; item < looked_at; ++item)
    if (count_[item] >= least) take(item, count_[item]);
  std::fill_n(count_.begin(), looked_at, std::uint64_t{0});
  return found;
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
  Swept found = swept(db, i);
  if (!found.covered && size() <= shared_.plan.max_items) {
    if (kind != ItemsetKind::maximal || found.n_tail + found.n_others == 0) emit(n);
    if (found.n_tail > 0 && !full())
      grow(db, i, found.tail, found.n_tail, found.others, found.n_others);
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

// Marks in a matrix which rows with item i hold which of the chosen items
// (local_).
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
  std::uint64_t* plane = bits.plane;
  std::uint32_t* columns = touched_.data();  // 1 + column of the chosen items of one row
  const auto mark = [&](Occurrence place, std::uint32_t at) {
    std::uint64_t* word = plane + std::size_t{at / 64} * bits.stride;
    const std::uint64_t bit = std::uint64_t{1} << (at % 64);
    const std::uint32_t* p = db.item + place.start;
    const std::uint32_t* stop = db.item + place.at;
    std::uint32_t n = 0;
    for (; p != stop; ++p) {
      columns[n] = local_[*p];
      n += columns[n] != 0 ? 1 : 0;
    }
    if constexpr (kMerges) {
      for (++p; *p != kRowEnd; ++p) {
        columns[n] = local_[*p];
        n += columns[n] != 0 ? 1 : 0;
      }
    }
    for (std::uint32_t k = 0; k < n; ++k) word[columns[k] - 1] |= bit;
  };
  for (std::uint32_t k = begin; k < end; ++k) {
    fetch(db, k);
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
  // The rarest first: their sets are small, and what is left of the others is
  // long.
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
    fetch(db, k);
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

template void Search<ItemsetKind::all>::extend(const Lists& db, std::uint32_t i);
template void Search<ItemsetKind::closed>::extend(const Lists& db, std::uint32_t i);
template void Search<ItemsetKind::maximal>::extend(const Lists& db, std::uint32_t i);
template void Search<ItemsetKind::generators>::extend(const Lists& db, std::uint32_t i);

}  // namespace emptor::mining::sets
