#include "mining/itemset_index.hpp"

#include "core/random.hpp"

#include <algorithm>
#include <bit>

namespace emptor::mining {

ItemsetIndex::ItemsetIndex(std::span<const std::int64_t> offset, std::span<const std::int32_t> item,
                           std::int32_t n_items) {
  const std::size_t sets = offset.empty() ? 0 : offset.size() - 1;
  slots_.resize(std::bit_ceil(std::max<std::size_t>(16, 2 * sets)));
  mask_ = slots_.size() - 1;
  item_key_.resize(static_cast<std::size_t>(n_items));
  // Two sets of the same key (about one chance in 2^64 for each pair of them) would be mistaken for
  // each other: then other keys are drawn.
  for (std::uint64_t draw = 0;; ++draw) {
    for (std::size_t i = 0; i < item_key_.size(); ++i) {
      item_key_[i] = core::hash_integer(core::hash_integer(i + 1) ^ (draw << 48U));
    }
    if (fill(offset, item)) return;
    std::fill(slots_.begin(), slots_.end(), Slot{});
  }
}

bool ItemsetIndex::fill(std::span<const std::int64_t> offset, std::span<const std::int32_t> item) {
  for (std::size_t s = 0; s + 1 < offset.size(); ++s) {
    const auto begin = static_cast<std::size_t>(offset[s]);
    const auto end = static_cast<std::size_t>(offset[s + 1]);
    const std::uint64_t own = key(item.subspan(begin, end - begin));
    std::size_t at = static_cast<std::size_t>(own) & mask_;
    while (slots_[at].row >= 0) {
      if (slots_[at].key == own) return false;
      at = (at + 1) & mask_;
    }
    slots_[at] = {own, static_cast<std::int32_t>(s)};
  }
  return true;
}

}  // namespace emptor::mining
