#pragma once

#include "emptor/core/context.hpp"
#include "emptor/mining/itemsets.hpp"

#include "mining/itemset_buckets.hpp"
#include "mining/itemset_found.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace emptor::mining::sets {

/// Numbers of the items by ascending code, and the codes ascending.
struct CodeOrder {
  explicit CodeOrder(const std::vector<std::int32_t>& code);
  std::vector<std::uint32_t> index_of{};
  std::vector<std::int32_t> code{};
};

/// The wanted sets of groups in their order, before they are written down: the largest count
/// first, then the smaller, then by codes.
class SortedSets {
 public:
  /// `code` translates the groups' items. @throws MemoryLimit if all of it takes too much
  SortedSets(std::vector<Chunk> chunks, const std::vector<std::int32_t>& code, const Wanted& wanted,
             const Context& context);
  /// What every row is but its items.
  [[nodiscard]] const std::shared_ptr<const Buckets>& buckets() const noexcept { return buckets_; }
  /// The items of as many rows as `item` has room for, from row `begin` to row `end`.
  void write_items(std::size_t begin, std::size_t end, std::int32_t* item,
                   const Context& context) const;
  /// Every column of all rows.
  void write(Itemsets& to, const Context& context) const;

 private:
  std::vector<Chunk> chunks_;
  CodeOrder order_;
  Wanted wanted_;
  std::shared_ptr<const Buckets> buckets_;
};

/// Gives every wanted set of a group to `use`: its items as indices into the ascending distinct
/// codes, ascending.
class SetsOfGroup {
 public:
  /// `index_of` numbers the groups' items by ascending code.
  SetsOfGroup(const std::vector<std::uint32_t>& index_of, const Wanted& wanted)
      : index_of_(index_of), wanted_(wanted) {
    for (std::uint32_t k = 0; k < kMostInPart; ++k) itself_[k] = k;
  }
  template <typename Use>
  void for_each(const Group& group, Use use);
  /// Calls use(items, part) for every set of the group, wanted or not: it has items[k] for the bits
  /// k of `part`. @return false, and does nothing, where there are too many items for that
  template <typename Use>
  bool for_each_part(const Group& group, Use use);

  /// All parts of so many free items are tried.
  static constexpr std::size_t kMostFree = 16;

 private:
  static constexpr std::size_t kMostInPart = 64;
  void sort(const Group& group);
  template <typename Use>
  void by_choice(std::size_t least, std::size_t most, Use use);
  const std::vector<std::uint32_t>& index_of_;
  const Wanted& wanted_;
  std::array<std::uint32_t, kMostInPart> itself_{};
  std::vector<std::uint64_t> order_{};  // index * 2 + (1 if free), ascending
  std::vector<std::uint32_t> set_{}, fixed_{}, free_{};
  std::vector<std::size_t> choice_{};
};

inline void SetsOfGroup::sort(const Group& group) {
  const std::size_t n = group.base.size() + group.free.size();
  order_.resize(n);
  std::size_t held = 0;
  const auto insert = [&](std::uint64_t key) {
    std::size_t k = held++;
    for (; n <= kMostInPart && k > 0 && order_[k - 1] > key; --k) order_[k] = order_[k - 1];
    order_[k] = key;
  };
  for (const std::uint32_t item : group.base) insert(std::uint64_t{index_of_[item]} * 2);
  for (const std::uint32_t item : group.free) insert(std::uint64_t{index_of_[item]} * 2 + 1);
  if (n > kMostInPart) std::sort(order_.begin(), order_.end());
  set_.resize(n);
}

template <typename Use>
bool SetsOfGroup::for_each_part(const Group& group, Use use) {
  if (group.base.size() + group.free.size() > kMostInPart || group.free.size() > kMostFree)
    return false;
  std::uint64_t fixed = 0;
  std::uint64_t free = 0;
  const std::uint32_t* items = itself_.data();
  if (index_of_.size() <= kMostInPart) {  // so few items that a bit can stand for each
    for (const std::uint32_t item : group.base) fixed |= std::uint64_t{1} << index_of_[item];
    for (const std::uint32_t item : group.free) free |= std::uint64_t{1} << index_of_[item];
  } else {
    sort(group);
    for (std::size_t k = 0; k < order_.size(); ++k) {
      ((order_[k] & 1) != 0 ? free : fixed) |= std::uint64_t{1} << k;
      set_[k] = static_cast<std::uint32_t>(order_[k] >> 1);
    }
    items = set_.data();
  }
  std::uint64_t part = 0;
  do {
    use(items, fixed | part);
    part = (part - free) & free;  // the next part of the free ones
  } while (part != 0);
  return true;
}

template <typename Use>
void SetsOfGroup::for_each(const Group& group, Use use) {
  const std::size_t n_base = group.base.size();
  const std::size_t n = n_base + group.free.size();
  if (n_base > wanted_.max_items || n < wanted_.min_items || n == 0) return;
  const std::size_t least = std::max<std::size_t>({n_base, wanted_.min_items, 1});
  const std::size_t most = std::min<std::size_t>(n, wanted_.max_items);
  std::array<std::uint32_t, kMostInPart> set;
  const bool parted = for_each_part(group, [&](const std::uint32_t* items, std::uint64_t part) {
    std::size_t size = 0;
    for (; part != 0; part &= part - 1)
      set[size++] = items[static_cast<std::size_t>(std::countr_zero(part))];
    if (size >= least && size <= most) use(std::span<const std::uint32_t>(set.data(), size));
  });
  if (parted) return;
  sort(group);
  by_choice(least - n_base, most - n_base, use);
}

template <typename Use>
void SetsOfGroup::by_choice(std::size_t least, std::size_t most, Use use) {
  fixed_.clear();
  free_.clear();
  for (const std::uint64_t key : order_)
    ((key & 1) != 0 ? free_ : fixed_).push_back(static_cast<std::uint32_t>(key >> 1));
  for (std::size_t k = least; k <= most; ++k) {
    choice_.resize(k);
    for (std::size_t c = 0; c < k; ++c) choice_[c] = c;
    for (;;) {
      std::size_t n = 0;
      std::size_t c = 0;
      for (const std::uint32_t item : fixed_) {
        while (c < k && free_[choice_[c]] < item) set_[n++] = free_[choice_[c++]];
        set_[n++] = item;
      }
      while (c < k) set_[n++] = free_[choice_[c++]];
      if (n > 0) use(std::span<const std::uint32_t>(set_.data(), n));
      std::size_t last = k;  // the next choice of k
      while (last > 0 && choice_[last - 1] == free_.size() - k + last - 1) --last;
      if (last == 0) break;
      ++choice_[last - 1];
      for (c = last; c < k; ++c) choice_[c] = choice_[c - 1] + 1;
    }
  }
}

}  // namespace emptor::mining::sets
