#pragma once

#include "emptor/mining/itemsets.hpp"

#include "core/random.hpp"
#include "files.hpp"

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace emptor::mining::cases {

/// Baskets by hand.
struct Shop {
  std::vector<std::int64_t> offset{0};
  std::vector<std::int32_t> item{};
  std::vector<std::int64_t> weight{};
  std::int32_t n_items = 0;
  void add(const std::vector<std::int32_t>& items) {
    for (const std::int32_t i : items) n_items = std::max(n_items, i + 1);
    item.insert(item.end(), items.begin(), items.end());
    offset.push_back(static_cast<std::int64_t>(item.size()));
  }
  [[nodiscard]] data::BasketsView view() const { return {offset, item, {}, n_items, weight}; }
};

/// The sets of a result with their counts.
using Table = std::map<std::vector<std::int32_t>, std::int64_t>;

inline std::vector<std::int32_t> set_of(const Itemsets& sets, std::size_t row) {
  return {sets.item.begin() + sets.offset[row], sets.item.begin() + sets.offset[row + 1]};
}

inline Table table(const Itemsets& sets) {
  Table all;
  for (std::size_t i = 0; i < sets.size(); ++i) all[set_of(sets, i)] = sets.count[i];
  return all;
}

/// Every set by counting, as the definitions say. For at most 16 items.
inline Table by_hand(const Shop& shop, std::int64_t min_count, ItemsetKind kind, int min_items = 1,
                     int max_items = 0, const std::vector<std::int32_t>& must = {},
                     const std::vector<std::int32_t>& exclude = {}) {
  const auto n = static_cast<std::uint32_t>(shop.n_items);
  std::vector<std::int64_t> count(std::size_t{1} << n, 0);
  const auto mask_of = [](const auto& items) {
    std::uint32_t mask = 0;
    for (const std::int32_t i : items) mask |= 1U << i;
    return mask;
  };
  const std::uint32_t hidden = mask_of(exclude);
  for (std::size_t b = 0; b + 1 < shop.offset.size(); ++b) {
    const std::vector<std::int32_t> items(shop.item.begin() + shop.offset[b],
                                          shop.item.begin() + shop.offset[b + 1]);
    const std::uint32_t mask = mask_of(items) & ~hidden;
    const std::int64_t weight = shop.weight.empty() ? 1 : shop.weight[b];
    for (std::uint32_t part = mask;; part = (part - 1) & mask) {
      count[part] += weight;
      if (part == 0) break;
    }
  }
  Table found;
  for (std::uint32_t set = 1; set < count.size(); ++set) {
    if (count[set] < min_count || (set & hidden) != 0) continue;
    bool closed = true;
    bool maximal = true;
    bool generator = true;
    std::vector<std::int32_t> items;
    for (std::uint32_t i = 0; i < n; ++i) {
      const std::uint32_t bit = 1U << i;
      if ((set & bit) != 0) {
        items.push_back(static_cast<std::int32_t>(i));
        generator = generator && count[set & ~bit] > count[set];
      } else {
        closed = closed && count[set | bit] < count[set];
        maximal = maximal && count[set | bit] < min_count;
      }
    }
    if ((kind == ItemsetKind::closed && !closed) || (kind == ItemsetKind::maximal && !maximal) ||
        (kind == ItemsetKind::generators && !generator))
      continue;
    const auto size = static_cast<int>(items.size());
    if (size < min_items || (max_items > 0 && size > max_items)) continue;
    if ((set & mask_of(must)) != mask_of(must)) continue;
    found[items] = count[set];
  }
  return found;
}

/// A few items, a few baskets: sparse or dense, alike or not, weighted or not.
inline Shop random_shop(core::Random& rng) {
  Shop shop;
  const auto n_items = static_cast<std::int32_t>(1 + rng.below(10));
  const auto n_baskets = static_cast<int>(rng.below(90));
  std::vector<double> share;
  const double most = rng.uniform();
  for (std::int32_t i = 0; i < n_items; ++i) {
    const double kind = rng.uniform();
    share.push_back(kind < 0.1 ? 1.0 : kind < 0.2 ? 0.97 : most * rng.uniform());
  }
  const bool weighted = rng.uniform() < 0.3;
  const bool untidy = rng.uniform() < 0.3;
  for (int b = 0; b < n_baskets; ++b) {
    std::vector<std::int32_t> items;
    for (std::int32_t i = 0; i < n_items; ++i) {
      if (rng.uniform() >= share[static_cast<std::size_t>(i)]) continue;
      items.push_back(i);
      if (untidy && rng.uniform() < 0.3) items.insert(items.begin(), i);
    }
    shop.add(items);
    if (weighted) shop.weight.push_back(static_cast<std::int64_t>(rng.below(6)));
  }
  shop.n_items = n_items;
  return shop;
}

/// A file of the FIMI repository; false without it.
inline bool read_fimi(const std::string& file, Shop& shop) {
  std::ifstream in(emptor::testing::shared_data("baskets/") + file);
  if (!in) return false;
  std::string line;
  while (std::getline(in, line)) {
    std::istringstream fields(line);
    std::set<std::int32_t> items;
    for (std::int32_t item = 0; fields >> item;) items.insert(item);
    shop.add({items.begin(), items.end()});
  }
  return true;
}

}  // namespace emptor::mining::cases
