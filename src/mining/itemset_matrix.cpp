// Growing sets whose baskets are a bit matrix.
#include "mining/itemset_search.hpp"

#include <bit>
#include <cstring>

namespace emptor::mining::sets {

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
  const Candidates found = shared_.kernel.count(bits, from, j, t, frequent(), room);
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

// The sets with column j and one more of the candidates, and all that follow
// from them.
template <ItemsetKind kind>
void Search<kind>::grow(const Bits& bits, std::uint32_t from, const std::uint64_t* t,
                        const Candidates& found, const CandidateRoom& room) {
  const std::uint32_t n_tail = found.n - found.n_before;
  if ((!kMerges && size() + 1 >= shared_.plan.max_items) || (n_tail == 1 && found.n_before == 0)) {
    for (std::uint32_t k = found.n_before; k < found.n; ++k) emit_with(room.item[k], room.count[k]);
    return;
  }
  const Bits next = cut(bits, from, t, found, room);
  if (kind == ItemsetKind::maximal && add_all(next)) return;
  for (std::uint32_t k = next.first; k < next.columns; ++k) extend(next, k);
}

// The chosen columns of the baskets `t`.
template <ItemsetKind kind>
Bits Search<kind>::cut(const Bits& bits, std::uint32_t from, const std::uint64_t* t,
                       const Candidates& found, const CandidateRoom& room) {
  Bits next;
  next.columns = found.n;
  next.first = found.n_before;
  next.count = room.count;
  next.item = room.item;
  next.stride = (found.n + 7) / 8 * 8;
  next.words = bits.words;
  next.shift = bits.shift;
  next.cell = bits.cell;
  bool packs = false;
  if (bits.words > 1 && shared_.kernel.pack != nullptr) {
    std::uint8_t* shift = bits.shift == nullptr ? nullptr : arena_.take<std::uint8_t>(bits.words);
    std::uint16_t* cell = bits.cell == nullptr ? nullptr : arena_.take<std::uint16_t>(bits.words);
    const std::uint32_t words = shared_.kernel.packed_words(bits, t, shift, cell);
    if (words * 2 <= bits.words || (bits.cell != nullptr && words * 4 <= bits.words * 3)) {
      packs = true;
      next.words = words;
      next.shift = shift;
      next.cell = cell;
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
  return next;
}

// ---- baskets sorted by their most frequent items
// -----------------------------------------------

// The set of column j with every combination of the items of Bits::cell, and
// what follows.
template <ItemsetKind kind>
void Search<kind>::extend_cells(const Bits& bits, std::uint32_t j) {
  tick();
  prefix_.push_back(bits.item[j]);
  const Arena::Mark mark = arena_.mark();
  const std::size_t n_free = free_.size();
  auto* t = arena_.take<std::uint64_t>(bits.words);
  for (std::uint32_t w = 0; w < bits.words; ++w)
    t[w] = bits.plane[std::size_t{w} * bits.stride + j];
  if (j + 1 < bits.columns) {
    const CandidateRoom room{
        arena_.take<std::uint8_t>(bits.columns / 8 + 1), arena_.take<std::uint64_t>(bits.columns),
        arena_.take<std::uint32_t>(bits.columns), arena_.take<std::uint32_t>(bits.columns)};
    const Candidates found = shared_.kernel.count(bits, j + 1, j, t, least_, room);
    free_.insert(free_.end(), room.perfect, room.perfect + found.n_perfect);
    emit_cells(bits, t);
    if (found.n > 0 && !full()) {
      const Bits next = cut(bits, j + 1, t, found, room);
      for (std::uint32_t k = 0; k < next.columns; ++k) extend_cells(next, k);
    }
  } else {
    emit_cells(bits, t);
  }
  prefix_.pop_back();
  free_.resize(n_free);
  arena_.release(mark);
}

// The set so far with every combination of the items of Bits::cell, in the
// baskets `t`; `n_all` of them hold the set where some have no row, 0 if all do.
template <ItemsetKind kind>
void Search<kind>::emit_cells(const Bits& bits, const std::uint64_t* t, std::uint64_t n_all) {
  const auto n_items = static_cast<unsigned>(shared_.cell_items.size());
  shared_.kernel.combine(bits, t, n_items, cells_.data());
  if (n_all > 0) cells_[0] = static_cast<std::uint32_t>(n_all);
  if (shared_.plan.keep) {
    std::array<unsigned, kMostCellItems> tail{};
    for (unsigned i = 0; i < n_items; ++i) tail[i] = n_items - 1 - i;
    emit_cell(0, tail.data(), n_items);
    return;
  }
  std::array<std::uint32_t, kMostCellItems + 7> n_of_size{};
  shared_.kernel.tally(cells_.data(), n_items, static_cast<std::uint32_t>(least_),
                       n_of_size.data());
  for (unsigned s = 0; s <= n_items; ++s) {
    if (n_of_size[s] > 0)
      chunk_->count_sizes(prefix_.size() + s, free_.size(), shared_.plan.min_items,
                          shared_.plan.max_items, n_of_size[s]);
  }
}

// The set so far with the items of `cell`, and with those of `tail` and more.
template <ItemsetKind kind>
void Search<kind>::emit_cell(std::uint32_t cell, const unsigned* tail, unsigned n_tail) {
  const std::uint32_t n = cells_[cell];
  const std::size_t n_free = free_.size();
  std::array<unsigned, kMostCellItems> next;
  unsigned n_next = 0;
  for (unsigned k = 0; k < n_tail; ++k) {
    const std::uint32_t count = cells_[cell | 1U << tail[k]];
    if (count == n) {
      free_.push_back(shared_.cell_items[tail[k]]);
    } else if (count >= least_) {
      next[n_next++] = tail[k];
    }
  }
  emit(n);
  if (!full()) {
    for (unsigned k = 0; k < n_next; ++k) {
      prefix_.push_back(shared_.cell_items[next[k]]);
      emit_cell(cell | 1U << next[k], next.data() + k + 1, n_next - k - 1);
      prefix_.pop_back();
    }
  }
  free_.resize(n_free);
}

// Whether all that may be added can be added at once: then nothing else is
// maximal.
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
  const bool enough = n >= frequent();
  bool maximal = enough && n >= least_;
  for (std::uint32_t c = 0; maximal && c < bits.first; ++c) {
    std::uint64_t with = 0;
    for (std::uint32_t w = 0; w < bits.words; ++w)
      with += ones(w, t[w] & bits.plane[std::size_t{w} * bits.stride + c]);
    maximal = with < frequent();
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

template void Search<ItemsetKind::all>::extend_cells(const Bits& bits, std::uint32_t j);
template void Search<ItemsetKind::all>::emit_cells(const Bits& bits, const std::uint64_t* t,
                                                   std::uint64_t n_all);

template void Search<ItemsetKind::all>::extend(const Bits& bits, std::uint32_t j);
template bool Search<ItemsetKind::all>::add_all(const Bits& bits);
template void Search<ItemsetKind::closed>::extend(const Bits& bits, std::uint32_t j);
template bool Search<ItemsetKind::closed>::add_all(const Bits& bits);
template void Search<ItemsetKind::maximal>::extend(const Bits& bits, std::uint32_t j);
template bool Search<ItemsetKind::maximal>::add_all(const Bits& bits);
template void Search<ItemsetKind::generators>::extend(const Bits& bits, std::uint32_t j);
template bool Search<ItemsetKind::generators>::add_all(const Bits& bits);

}  // namespace emptor::mining::sets
