#pragma once

#include "emptor/data/baskets.hpp"

#include "core/random.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <set>
#include <utility>
#include <vector>

namespace emptor::mining::trees {

using Set = std::vector<std::int32_t>;

/// Baskets of items that belong to each other, with all ancestors in them.
struct TreeShop {
  std::vector<std::int32_t> parent{};
  std::vector<std::int64_t> offset{0};
  std::vector<std::int32_t> item{};
  std::vector<std::int32_t> customer{};
  std::vector<std::int64_t> weight{};
  std::vector<std::set<std::int32_t>> rows{};

  [[nodiscard]] std::int32_t n_items() const { return static_cast<std::int32_t>(parent.size()); }
  [[nodiscard]] std::int32_t up(std::int32_t i) const {
    return parent[static_cast<std::size_t>(i)];
  }
  [[nodiscard]] bool below(std::int32_t i, std::int32_t ancestor) const {
    for (; i >= 0; i = up(i)) {
      if (i == ancestor) return true;
    }
    return false;
  }
  [[nodiscard]] bool related(std::int32_t a, std::int32_t b) const {
    return below(a, b) || below(b, a);
  }
  [[nodiscard]] bool unrelated(const Set& set) const {
    for (std::size_t i = 0; i < set.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        if (related(set[i], set[j])) return false;
      }
    }
    return true;
  }
  void add(const Set& items) {
    std::set<std::int32_t> row;
    for (std::int32_t i : items) {
      for (; i >= 0; i = up(i)) row.insert(i);
    }
    item.insert(item.end(), row.begin(), row.end());
    offset.push_back(static_cast<std::int64_t>(item.size()));
    rows.push_back(std::move(row));
  }
  /// Items of a row that nothing else in it belongs to.
  [[nodiscard]] Set specific(const std::set<std::int32_t>& row) const {
    Set items;
    for (const std::int32_t i : row) {
      if (std::none_of(row.begin(), row.end(), [&](auto j) { return j != i && below(j, i); })) {
        items.push_back(i);
      }
    }
    return items;
  }
  [[nodiscard]] std::int64_t count(const Set& set) const {
    std::int64_t n = 0;
    for (std::size_t b = 0; b < rows.size(); ++b) {
      if (holds(b, set)) n += weight.empty() ? 1 : weight[b];
    }
    return n;
  }
  [[nodiscard]] bool holds(std::size_t b, const Set& set) const {
    return std::all_of(set.begin(), set.end(), [&](auto i) { return rows[b].contains(i); });
  }
  [[nodiscard]] data::BasketsView view() const {
    return {offset, item, customer, n_items(), weight, parent};
  }
};

inline TreeShop random_shop(core::Random& rng, std::int32_t most_items, int most_baskets) {
  TreeShop shop;
  const auto n = static_cast<std::size_t>(1 + rng.below(static_cast<std::uint64_t>(most_items)));
  std::vector<std::int32_t> order(n);
  std::iota(order.begin(), order.end(), 0);
  for (std::size_t i = n; i > 1; --i) std::swap(order[i - 1], order[rng.below(i)]);
  shop.parent.assign(n, -1);
  const double roots = rng.uniform();
  for (std::size_t k = 1; k < n; ++k) {
    if (rng.uniform() > roots) {
      shop.parent[static_cast<std::size_t>(order[k])] = order[rng.below(k)];
    }
  }
  const double share = 0.1 + 0.5 * rng.uniform();
  const bool weighted = rng.uniform() < 0.2;
  for (auto b = rng.below(static_cast<std::uint64_t>(most_baskets)); b > 0; --b) {
    Set items;
    for (std::int32_t i = 0; i < shop.n_items(); ++i) {
      if (rng.uniform() < share) items.push_back(i);
    }
    shop.add(items);
    if (weighted) shop.weight.push_back(static_cast<std::int64_t>(rng.below(4)));
  }
  return shop;
}

/// Every set of unrelated items, none left out.
inline std::vector<Set> unrelated_sets(const TreeShop& shop) {
  std::vector<Set> sets;
  for (std::uint32_t mask = 1; mask < 1U << shop.n_items(); ++mask) {
    Set set;
    for (std::int32_t i = 0; i < shop.n_items(); ++i) {
      if ((mask >> i & 1U) != 0) set.push_back(i);
    }
    if (shop.unrelated(set)) sets.push_back(std::move(set));
  }
  return sets;
}

/// Whether whoever holds `special` holds `general` by what belongs to what alone.
inline bool implies(const TreeShop& shop, const Set& special, const Set& general) {
  return std::all_of(general.begin(), general.end(), [&](std::int32_t g) {
    return std::any_of(special.begin(), special.end(), [&](auto s) { return shop.below(s, g); });
  });
}

}  // namespace emptor::mining::trees
