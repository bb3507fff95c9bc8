#include "mining/rule_room.hpp"

#include <algorithm>
#include <span>

namespace emptor::mining {
namespace {

std::size_t index_of(std::int64_t i) { return static_cast<std::size_t>(i); }

// Every set of up to `most` unrelated items that has each of some items or an ancestor of it.
class Covers {
 public:
  Covers(const ItemTree& tree, const ItemsetIndex& index, std::size_t most)
      : tree_(tree), index_(index), most_(most) {}
  template <typename Use>
  void for_each(std::span<const std::int32_t> items, Use use) {
    chosen_.clear();
    choose(items, 0, use);
  }

 private:
  template <typename Use>
  void choose(std::span<const std::int32_t> items, std::uint64_t key, Use& use) {
    while (!items.empty() && std::any_of(chosen_.begin(), chosen_.end(), [&](std::int32_t above) {
      return tree_.covers(above, items.front());
    })) {
      items = items.subspan(1);
    }
    if (items.empty()) {
      if (const std::int64_t row = index_.find(key); row >= 0) use(row);
      return;
    }
    if (chosen_.size() == most_) return;
    for (std::int32_t up = items.front(); up >= 0; up = tree_.parent(up)) {
      if (tree_.related(chosen_, up)) return;  // and so is all above
      chosen_.push_back(up);
      choose(items, key ^ index_.key(up), use);
      chosen_.pop_back();
    }
  }
  const ItemTree& tree_;
  const ItemsetIndex& index_;
  std::size_t most_;
  std::vector<std::int32_t> chosen_{};
};

}  // namespace

std::vector<std::int64_t> baskets_without_room(const data::BasketsView& view, const RuleData& data,
                                               const ItemsetIndex& index, std::size_t antecedents,
                                               int max_items) {
  std::vector<std::int64_t> full(antecedents, 0);
  Covers covers(data.tree, index, static_cast<std::size_t>(max_items) - 1);
  std::vector<std::size_t> above(view.parent.size(), 0);  // the last basket, from 1 on
  std::vector<std::int32_t> ranks;
  for (std::size_t i = 0; i < view.size(); ++i) {
    const auto items =
        view.item.subspan(index_of(view.offset[i]), index_of(view.offset[i + 1] - view.offset[i]));
    const std::int64_t times = view.weight.empty() ? 1 : view.weight[i];
    ranks.clear();
    if (data.tree.empty()) {
      if (items.empty() || items.size() >= index_of(max_items)) continue;
      for (const std::int32_t item : items) ranks.push_back(data.rank_of[index_of(item)]);
      if (std::any_of(ranks.begin(), ranks.end(), [](auto r) { return r < 0; })) continue;
      if (const std::int64_t row = index.find(index.key(ranks)); row >= 0) {
        full[index_of(row)] += times;
      }
      continue;
    }
    for (const std::int32_t item : items) {
      const std::int32_t up = view.parent[index_of(item)];
      if (up >= 0) above[index_of(up)] = i + 1;
    }
    // Of the items that nothing else belongs to: the first on the way up that is frequent.
    bool ranked = !items.empty();
    for (const std::int32_t item : items) {
      if (above[index_of(item)] == i + 1) continue;
      std::int32_t up = item;
      while (up >= 0 && data.rank_of[index_of(up)] < 0) up = view.parent[index_of(up)];
      ranked = ranked && up >= 0;
      if (ranked) ranks.push_back(data.rank_of[index_of(up)]);
    }
    if (ranked) covers.for_each(ranks, [&](std::int64_t row) { full[index_of(row)] += times; });
  }
  return full;
}

}  // namespace emptor::mining
