#pragma once

#include "emptor/data/baskets.hpp"

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

namespace emptor::mining::test {

/// Baskets owned by a test.
struct OwnBaskets {
  std::vector<std::int64_t> offset{0};
  std::vector<std::int32_t> item{};
  std::vector<std::int32_t> customer{};
  std::vector<std::int64_t> weight{};
  std::int32_t n_items = 0;
  std::map<std::string, std::int32_t> names{};
  void add(std::vector<std::int32_t> items, std::int32_t who = -1) {
    std::sort(items.begin(), items.end());
    for (const std::int32_t i : items) n_items = std::max(n_items, i + 1);
    item.insert(item.end(), items.begin(), items.end());
    offset.push_back(static_cast<std::int64_t>(item.size()));
    customer.push_back(who);
  }
  [[nodiscard]] data::BasketsView view() const { return {offset, item, customer, n_items, weight}; }
};

/// A line a basket, items apart by `separator`; names are numbered in their order.
inline bool read_lines(const std::string& file, char separator, OwnBaskets& baskets) {
  std::ifstream in(emptor::testing::shared_data("baskets/") + file);
  if (!in) return false;
  std::vector<std::set<std::string>> lines;
  std::string line;
  while (std::getline(in, line)) {
    std::set<std::string> items;
    std::stringstream fields(line);
    for (std::string field; std::getline(fields, field, separator);) {
      if (!field.empty() && field != "\r") items.insert(field);
    }
    for (const std::string& name : items) baskets.names.emplace(name, 0);
    lines.push_back(std::move(items));
  }
  std::int32_t code = 0;
  for (auto& [name, c] : baskets.names) c = code++;
  for (const auto& items : lines) {
    std::vector<std::int32_t> codes;
    for (const std::string& name : items) codes.push_back(baskets.names[name]);
    baskets.add(std::move(codes));
  }
  return true;
}

/// Customers with a random number of baskets each, some unknown; items of unequal popularity.
inline OwnBaskets random_baskets(std::uint64_t seed, int n_baskets, int n_items, int n_customers) {
  core::Random random(seed, 7);
  OwnBaskets baskets;
  for (int i = 0; i < n_baskets; ++i) {
    const double take = 0.3 + 1.5 * random.uniform();
    std::vector<std::int32_t> items;
    for (int k = 0; k < n_items; ++k) {
      if (random.uniform() < take * 0.35 / (1 + 0.1 * k)) items.push_back(k);
    }
    const auto who =
        static_cast<std::int32_t>(random.below(static_cast<std::uint64_t>(n_customers) + 1));
    baskets.add(std::move(items), who - 1);
  }
  baskets.n_items = n_items;
  return baskets;
}

}  // namespace emptor::mining::test
