#pragma once

#include "core/sort_by_word.hpp"
#include "mining/itemset_expand.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace emptor::mining::sets {

// A set on its way to its row is a key: keys of sets of one size are in the order of the sets.
// Three forms of them, by how many items there are. Items are indices into the ascending codes.

/// 128 bits, the first ones highest.
struct TwoWords {
  std::uint64_t first, rest;
};

/// A bit per item, the first item highest, all of them turned over: of two sets of one size that
/// one comes first which has the first item they do not share. Up to 64 items, or 128 in two words.
template <typename K>
class MaskKeys {
 public:
  using Key = K;
  static constexpr std::size_t kMostItems = sizeof(Key) * 8;

  explicit MaskKeys(const CodeOrder& order) : code_(order.code) {
    for (const std::uint32_t i : order.index_of) bit_.push_back(bit(i));
  }
  [[nodiscard]] bool holds(std::size_t) const noexcept { return true; }
  [[nodiscard]] static std::uint64_t word(const Key& key) noexcept {
    if constexpr (kMostItems == 64) {
      return key;
    } else {
      return key.first;
    }
  }
  /// Of keys with the same word.
  [[nodiscard]] bool less(const Key& a, const Key& b, std::uint32_t) const noexcept {
    if constexpr (kMostItems == 64) {
      return a < b;
    } else {
      return a.rest < b.rest;
    }
  }
  void write(const Key& key, std::uint32_t size, std::int32_t* to) const noexcept {
    std::int32_t* end = to + size;
    if constexpr (kMostItems == 64) {
      write_word(~key, code_.data(), end);
    } else {
      end = write_word(~key.rest, code_.data() + 64, end);
      write_word(~key.first, code_.data(), end);
    }
  }
  [[nodiscard]] Key key(std::span<const std::uint32_t> set) const noexcept {
    Key mask{};
    for (const std::uint32_t i : set) mask = either(mask, bit(i));
    return turned(mask);
  }
  /// Of the set of all items of a group.
  [[nodiscard]] Key key_of(const Group& group) const noexcept {
    Key mask{};
    for (const std::uint32_t item : group.base) mask = either(mask, bit_[item]);
    for (const std::uint32_t item : group.free) mask = either(mask, bit_[item]);
    return turned(mask);
  }
  /// room(size) gives the place of the next set of that size, or null. Writes all sets of the
  /// group; false, and nothing, where they are too many to try all of them.
  template <typename Room>
  [[nodiscard]] bool write_all(const Group& group, SetsOfGroup&, Room room) const {
    if (group.free.size() > SetsOfGroup::kMostFree) return false;
    Key fixed{};
    for (const std::uint32_t item : group.base) fixed = either(fixed, bit_[item]);
    Key free{};
    for (const std::uint32_t item : group.free) free = either(free, bit_[item]);
    Key part{};
    const std::uint32_t parts = 1U << group.free.size();
    for (std::uint32_t k = 0; k < parts; ++k, part = next_part(part, free)) {
      const std::size_t n_free = std::size_t{kOnes[k & 0xFFU]} + kOnes[k >> 8];
      if (Key* const to = room(group.base.size() + n_free)) *to = turned(either(fixed, part));
    }
    return true;
  }

 private:
  static_assert(SetsOfGroup::kMostFree <= 16);
  // Bits in a byte; the instruction for it is not in every machine.
  static constexpr std::array<std::uint8_t, 256> kOnes = [] {
    std::array<std::uint8_t, 256> ones{};
    for (std::size_t i = 0; i < ones.size(); ++i) {
      ones[i] = static_cast<std::uint8_t>(std::popcount(i));
    }
    return ones;
  }();

  static Key bit(std::uint32_t i) noexcept {
    constexpr std::uint64_t kTop = std::uint64_t{1} << 63;
    if constexpr (kMostItems == 64) {
      return kTop >> i;
    } else {
      return i < 64 ? TwoWords{kTop >> i, 0} : TwoWords{0, kTop >> (i - 64)};
    }
  }
  static Key either(const Key& a, const Key& b) noexcept {
    if constexpr (kMostItems == 64) {
      return a | b;
    } else {
      return {a.first | b.first, a.rest | b.rest};
    }
  }
  static Key turned(const Key& mask) noexcept {
    if constexpr (kMostItems == 64) {
      return ~mask;
    } else {
      return {~mask.first, ~mask.rest};
    }
  }
  // The k + 1st part of the free items has those of which k has the bits.
  static Key next_part(const Key& part, const Key& free) noexcept {
    if constexpr (kMostItems == 64) {
      return (part - free) & free;
    } else {
      const std::uint64_t rest = (part.rest - free.rest) & free.rest;
      return {rest == 0 ? (part.first - free.first) & free.first : part.first, rest};
    }
  }
  // The items of a word up to `end`, the last one first; returns where they begin.
  static std::int32_t* write_word(std::uint64_t mask, const std::int32_t* code,
                                  std::int32_t* end) noexcept {
    for (; mask != 0; mask &= mask - 1) *--end = code[63 - std::countr_zero(mask)];
    return end;
  }
  const std::vector<std::int32_t>& code_;
  std::vector<Key> bit_{};  // per item of the groups
};

/// The items themselves packed into 128 bits, whatever their number. Of a set too large for that
/// only the items that fit 64 bits, and where all of them lie.
class PackedKeys {
 public:
  using Key = TwoWords;

  explicit PackedKeys(const CodeOrder& order)
      : code_(order.code),
        bits_(std::max(1U, static_cast<unsigned>(std::bit_width(order.code.size())))),
        in_word_(64 / bits_),
        mask_((std::uint64_t{1} << bits_) - 1) {}
  /// The items of the sets that are too large.
  void set_large(const std::uint32_t* items) noexcept { large_ = items; }
  [[nodiscard]] bool holds(std::size_t size) const noexcept {
    return size <= std::size_t{in_word_} * 2;
  }
  [[nodiscard]] static std::uint64_t word(const Key& key) noexcept { return key.first; }
  [[nodiscard]] bool less(const Key& a, const Key& b, std::uint32_t size) const {
    if (holds(size)) return a.rest < b.rest;
    const std::uint32_t* const x = large_ + a.rest;
    const std::uint32_t* const y = large_ + b.rest;
    return std::lexicographical_compare(x + in_word_, x + size, y + in_word_, y + size);
  }
  void write(const Key& key, std::uint32_t size, std::int32_t* to) const noexcept {
    if (!holds(size)) {
      for (std::uint32_t i = 0; i < size; ++i) to[i] = code_[large_[key.rest + i]];
      return;
    }
    const std::uint32_t n = std::min(size, in_word_);
    unpack(key.first, n, to);
    unpack(key.rest, size - n, to + n);
  }
  /// Of a set that is too large: `rest` is left to the caller.
  [[nodiscard]] Key key(std::span<const std::uint32_t> set) const noexcept {
    const std::size_t n = std::min<std::size_t>(set.size(), in_word_);
    return {pack(set.first(n)), holds(set.size()) ? pack(set.subspan(n)) : 0};
  }
  template <typename Room>
  [[nodiscard]] bool write_all(const Group& group, SetsOfGroup& sets, Room room) const {
    if (!holds(group.base.size() + group.free.size())) return false;
    return sets.for_each_part(group, [&](const std::uint32_t* items, std::uint64_t part) {
      Key one{0, 0};
      std::uint64_t word = 0;
      std::uint32_t size = 0;
      for (; part != 0; part &= part - 1) {
        if (size == in_word_) one.first = std::exchange(word, 0);
        word = word << bits_ | items[std::countr_zero(part)];
        ++size;
      }
      (size > in_word_ ? one.rest : one.first) = word;
      if (Key* const to = room(size)) *to = one;
    });
  }

 private:
  [[nodiscard]] std::uint64_t pack(std::span<const std::uint32_t> items) const noexcept {
    std::uint64_t word = 0;
    for (const std::uint32_t i : items) word = word << bits_ | i;
    return word;
  }
  void unpack(std::uint64_t word, std::uint32_t n, std::int32_t* to) const noexcept {
    for (std::uint32_t k = n; k > 0; --k, word >>= bits_) to[k - 1] = code_[word & mask_];
  }
  const std::vector<std::int32_t>& code_;
  unsigned bits_;
  std::uint32_t in_word_;
  std::uint64_t mask_;
  const std::uint32_t* large_ = nullptr;
};

/// Sorts the keys of sets of one size; `spare` has room for as many.
template <typename Keys>
void sort_keys(const Keys& keys, typename Keys::Key* first, std::size_t n, std::uint32_t size,
               typename Keys::Key* spare) {
  using Key = typename Keys::Key;
  core::sort_by_word(
      first, n, spare, [&](const Key& key) { return keys.word(key); },
      [&](const Key& a, const Key& b) { return keys.less(a, b, size); });
}

}  // namespace emptor::mining::sets
