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

template void Search<ItemsetKind::all>::extend(const Bits& bits, std::uint32_t j);
template bool Search<ItemsetKind::all>::add_all(const Bits& bits);
template void Search<ItemsetKind::closed>::extend(const Bits& bits, std::uint32_t j);
template bool Search<ItemsetKind::closed>::add_all(const Bits& bits);
template void Search<ItemsetKind::maximal>::extend(const Bits& bits, std::uint32_t j);
template bool Search<ItemsetKind::maximal>::add_all(const Bits& bits);
template void Search<ItemsetKind::generators>::extend(const Bits& bits, std::uint32_t j);
template bool Search<ItemsetKind::generators>::add_all(const Bits& bits);

}  // namespace emptor::mining::sets
