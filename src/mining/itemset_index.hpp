#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace emptor::mining {

/// Finds item sets by their items. A set's key is the exclusive or of its items' keys, so that the
/// keys of all parts of a set follow from each other by one operation.
class ItemsetIndex {
 public:
  /// Set s holds item[offset[s]] .. item[offset[s + 1]), all in [0, n_items).
  ItemsetIndex(std::span<const std::int64_t> offset, std::span<const std::int32_t> item,
               std::int32_t n_items);

  [[nodiscard]] std::uint64_t key(std::int32_t item) const noexcept {
    return item_key_[static_cast<std::size_t>(item)];
  }
  [[nodiscard]] std::uint64_t key(std::span<const std::int32_t> items) const noexcept {
    std::uint64_t sum = 0;
    for (const std::int32_t item : items) sum ^= key(item);
    return sum;
  }
  /// The row of the set with that key, or -1. Keys of all stored sets differ.
  [[nodiscard]] std::int64_t find(std::uint64_t key) const noexcept {
    for (std::size_t at = static_cast<std::size_t>(key) & mask_;; at = (at + 1) & mask_) {
      const Slot& slot = slots_[at];
      if (slot.row < 0) return -1;
      if (slot.key == key) return slot.row;
    }
  }
  [[nodiscard]] std::size_t bytes() const noexcept { return slots_.size() * sizeof(Slot); }

 private:
  struct Slot {
    std::uint64_t key = 0;
    std::int32_t row = -1;
  };
  bool fill(std::span<const std::int64_t> offset, std::span<const std::int32_t> item);
  std::vector<std::uint64_t> item_key_{};
  std::vector<Slot> slots_{};
  std::size_t mask_ = 0;
};

}  // namespace emptor::mining
