#pragma once

#include "emptor/data/baskets.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace emptor::mining {

/// What items belong to: a forest.
class ItemTree {
 public:
  ItemTree() = default;
  /// `parent` per item, -1 none; without cycles.
  explicit ItemTree(std::vector<std::int32_t> parent);

  [[nodiscard]] bool empty() const noexcept { return parent_.empty(); }
  [[nodiscard]] std::size_t size() const noexcept { return parent_.size(); }
  [[nodiscard]] std::int32_t parent(std::int32_t item) const noexcept { return parent_[at(item)]; }
  /// Whether `above` is the item or an ancestor of it.
  [[nodiscard]] bool covers(std::int32_t above, std::int32_t item) const noexcept {
    return begin_[at(above)] <= begin_[at(item)] && begin_[at(item)] < end_[at(above)];
  }
  /// Whether two items are the same or one belongs to the other.
  [[nodiscard]] bool related(std::int32_t a, std::int32_t b) const noexcept {
    return covers(a, b) || covers(b, a);
  }
  [[nodiscard]] bool related(std::span<const std::int32_t> items, std::int32_t b) const noexcept {
    return std::any_of(items.begin(), items.end(), [&](auto a) { return related(a, b); });
  }
  /// Whether anything belongs to the item.
  [[nodiscard]] bool is_group(std::int32_t item) const noexcept {
    return end_[at(item)] - begin_[at(item)] > 1;
  }
  /// Items of the longest way up.
  [[nodiscard]] std::uint32_t depth() const noexcept { return depth_; }
  /// An item and all that belongs to it stand in [begin, end) of an order of the items.
  [[nodiscard]] std::size_t begin(std::int32_t item) const noexcept { return begin_[at(item)]; }
  [[nodiscard]] std::size_t end(std::int32_t item) const noexcept { return end_[at(item)]; }

 private:
  static std::size_t at(std::int32_t i) noexcept { return static_cast<std::size_t>(i); }
  std::vector<std::int32_t> parent_{};
  std::vector<std::uint32_t> begin_{}, end_{};
  std::uint32_t depth_ = 0;
};

/// @throws InvalidArgument that begins with `function` for parents that are no items or their own
/// ancestors, or a basket that holds an item without its parent
void check_parents(const char* function, const data::BasketsView& view);

/// The items of each basket that nothing else in it belongs to: all, without a hierarchy.
std::vector<std::uint32_t> basket_sizes(const data::BasketsView& view);

/// Calls use(general, left_out) for every set that says less than `items`: some items replaced by
/// an ancestor, and others left out where `may_leave_out`; `left_out` are these. Sets that only
/// leave out are not among them, nor sets with an item related to one of `apart`, or two related
/// ones.
template <typename Use>
void for_each_general(const ItemTree& tree, std::span<const std::int32_t> items,
                      std::span<const std::int32_t> apart, bool may_leave_out, Use use) {
  std::vector<std::int32_t> at(items.begin(), items.end());  // -1: left out
  std::vector<std::int32_t> general;
  std::vector<std::int32_t> left_out;
  for (;;) {
    std::size_t k = 0;  // the next choice: one more step up for the first that can
    for (; k < at.size(); ++k) {
      if (at[k] >= 0) {
        at[k] = tree.parent(at[k]);
        if (at[k] >= 0 || may_leave_out) break;
      }
      at[k] = items[k];
    }
    if (k == at.size()) return;
    general.clear();
    left_out.clear();
    bool replaced = false;
    bool allowed = true;
    for (std::size_t i = 0; i < at.size() && allowed; ++i) {
      if (at[i] < 0) {
        left_out.push_back(items[i]);
        continue;
      }
      replaced = replaced || at[i] != items[i];
      // Several items may have the same ancestor.
      if (std::find(general.begin(), general.end(), at[i]) != general.end()) continue;
      allowed = !tree.related(general, at[i]) && (at[i] == items[i] || !tree.related(apart, at[i]));
      general.push_back(at[i]);
    }
    for (std::size_t i = 0; i < left_out.size() && allowed; ++i) {  // else come as replaced
      allowed = std::none_of(general.begin(), general.end(),
                             [&](std::int32_t g) { return tree.covers(g, left_out[i]); });
    }
    if (!replaced || !allowed) continue;
    std::sort(general.begin(), general.end());
    use(std::span<const std::int32_t>(general), std::span<const std::int32_t>(left_out));
  }
}

}  // namespace emptor::mining
