#include "emptor/data/item_hierarchy.hpp"

#include "emptor/core/error.hpp"

#include "data/extended_baskets.hpp"
#include "data/item_levels.hpp"
#include "data/words.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace emptor::data {
namespace {

std::size_t index(std::int64_t i) { return static_cast<std::size_t>(i); }

using Parents = std::unordered_map<std::string_view, std::string_view>;

[[noreturn]] void refuse_two_parents(std::string_view item, std::string_view one,
                                     std::string_view other) {
  throw DataError("item_hierarchy: " + in_quotes(item) + " has two parents, " + in_quotes(one) +
                  " and " + in_quotes(other) + "; an item belongs to one");
}

[[noreturn]] void refuse_cycle(std::string_view item, std::string_view parent) {
  throw DataError("item_hierarchy: " + in_quotes(item) +
                  " is its own ancestor, by way of its parent " + in_quotes(parent) +
                  "; leave out one of the rows between them");
}

// The rows as a map. @throws DataError for two parents
Parents parents_of(const ItemHierarchy& hierarchy) {
  if (hierarchy.item.size() != hierarchy.parent.size()) {
    throw InvalidArgument("item_hierarchy: " + std::to_string(hierarchy.item.size()) +
                          " items have " + std::to_string(hierarchy.parent.size()) +
                          " parents; write one per item, \"\" for none");
  }
  Parents parents;
  for (std::size_t i = 0; i < hierarchy.item.size(); ++i) {
    if (hierarchy.parent[i].empty()) continue;
    const auto [row, is_new] = parents.emplace(hierarchy.item[i], hierarchy.parent[i]);
    if (is_new || row->second == hierarchy.parent[i]) continue;
    refuse_two_parents(hierarchy.item[i], row->second, hierarchy.parent[i]);
  }
  return parents;
}

// @throws DataError where the way up never ends
void check_ends(const Parents& parents) {
  std::unordered_map<std::string_view, std::size_t> seen;  // on which way up
  std::size_t way = 0;
  for (const auto& [start, unused] : parents) {
    ++way;
    for (std::string_view at = start;;) {
      const auto [row, is_new] = seen.emplace(at, way);
      if (!is_new && row->second < way) break;
      if (!is_new) {
        std::string_view least = at;  // named alike in whatever order the rows come
        for (auto on = parents.at(at); on != at; on = parents.at(on)) least = std::min(least, on);
        refuse_cycle(least, parents.at(least));
      }
      const auto next = parents.find(at);
      if (next == parents.end()) break;
      at = next->second;
    }
  }
}

// Numbers nodes as they are met: items of the baskets first, then groups.
class Numbering {
 public:
  Numbering(const Baskets& baskets, const Parents& parents)
      : baskets_(baskets), parents_(parents), items_(baskets.items->size()) {
    nodes_.parent.assign(index(items_), -1);
    for (std::size_t i = 0; i < baskets.item_names.size(); ++i) {
      by_name_[baskets.item_names[i]].push_back(static_cast<std::int32_t>(i));
    }
  }
  ItemNodes number() {
    std::vector<std::string_view> keys;
    for (const auto& [item, unused] : parents_) keys.push_back(item);
    std::sort(keys.begin(), keys.end());
    for (const std::string_view key : keys) {
      for (const std::int32_t item : items_called(key)) link(item, key);
    }
    check_ends();
    return std::move(nodes_);
  }
  /// Rows about items of the baskets and what they belong to.
  [[nodiscard]] std::size_t used() const noexcept { return used_.size(); }

 private:
  std::vector<std::int32_t> items_called(std::string_view text) const {
    const std::int32_t code = baskets_.items->find(text);
    if (code >= 0) return {code};
    const auto named = by_name_.find(text);
    return named == by_name_.end() ? std::vector<std::int32_t>{} : named->second;
  }
  // The way up from a node.
  void link(std::int32_t node, std::string_view called) {
    for (auto row = parents_.find(called); row != parents_.end(); row = parents_.find(called)) {
      used_.insert(row->first);
      called = row->second;
      const std::int32_t parent = node_called(called);
      const std::int32_t before = std::exchange(nodes_.parent[index(node)], parent);
      if (before == parent) return;
      if (before >= 0) refuse_two_parents(name(node), name(before), name(parent));
      node = parent;
    }
  }
  // Where one item is written by its id here and by its name there.
  void check_ends() const {
    for (std::size_t start = 0; start < nodes_.parent.size(); ++start) {
      std::size_t steps = 0;
      for (auto at = static_cast<std::int32_t>(start); at >= 0; at = nodes_.parent[index(at)]) {
        if (++steps > nodes_.parent.size()) {
          refuse_cycle(name(at), name(nodes_.parent[index(at)]));
        }
      }
    }
  }
  [[nodiscard]] std::string name(std::int32_t node) const {
    return node < items_ ? baskets_.items->to_string(node) : nodes_.group_id[index(node - items_)];
  }
  std::int32_t node_called(std::string_view text) {
    const std::vector<std::int32_t> items = items_called(text);
    if (items.size() > 1) {
      throw DataError("item_hierarchy: " + std::to_string(items.size()) + " items are called " +
                      in_quotes(text) + ", which is a parent; write the id of one");
    }
    if (!items.empty()) return items.front();
    const auto [row, is_new] =
        group_.emplace(text, items_ + static_cast<std::int32_t>(nodes_.group_id.size()));
    if (is_new) {
      nodes_.group_id.emplace_back(text);
      nodes_.group_name.emplace_back(text);
      nodes_.parent.push_back(-1);
    }
    return row->second;
  }
  const Baskets& baskets_;
  const Parents& parents_;
  std::int32_t items_;
  std::unordered_set<std::string_view> used_{};
  ItemNodes nodes_{};
  std::map<std::string_view, std::vector<std::int32_t>> by_name_{};
  std::unordered_map<std::string_view, std::int32_t> group_{};
};

[[noreturn]] void refuse_unknown(const Baskets& baskets, const ItemHierarchy& hierarchy) {
  std::vector<std::string> known = baskets.item_names;
  for (std::int32_t i = 0; known.empty() && i < baskets.items->size(); ++i) {
    known.push_back(baskets.items->to_string(i));
  }
  const std::string& first = hierarchy.item.front();
  const std::string near = nearest(first, known);
  throw DataError("item_hierarchy: no row is about an item of these baskets; the first is about " +
                  in_quotes(first) +
                  (near.empty() ? "" : ", the nearest item is " + in_quotes(near)));
}

std::shared_ptr<const Dictionary> numbers(const Baskets& baskets) {
  std::vector<std::int64_t> ids;
  for (const std::int32_t item : baskets.item) {
    if (item < 0)
      throw InvalidArgument("item_hierarchy: a basket holds item " + std::to_string(item));
    while (ids.size() <= index(item)) ids.push_back(static_cast<std::int64_t>(ids.size()));
  }
  return Dictionary::from_integers(std::move(ids));
}

// ---- levels of Sales --------------------------------------------------------------------------

// A value of a level within a group of the level above.
struct Place {
  std::size_t level;
  std::int32_t value;
  std::int32_t parent;  // group, -1 none
  bool operator<(const Place& other) const {
    return std::tie(level, value, parent) < std::tie(other.level, other.value, other.parent);
  }
};

void check_levels(const std::vector<Items>& levels, const Items& items) {
  for (std::size_t l = 0; l < levels.size(); ++l) {
    bool repeated = levels[l].level == items.level;
    for (std::size_t k = 0; k < l; ++k) repeated = repeated || levels[k].level == levels[l].level;
    if (repeated || levels[l].level == "product") {
      throw InvalidArgument("baskets: levels names \"" + levels[l].level.substr(0, 40) +
                            "\", which is there already; write the columns above the items, the "
                            "coarsest first");
    }
  }
}

// How a group is called: by its column and value, and by its parent too where a value has several.
std::vector<std::string> names_of(const std::vector<Place>& places,
                                  const std::vector<Items>& levels) {
  std::map<std::pair<std::size_t, std::int32_t>, int> times;
  for (const Place& place : places) ++times[{place.level, place.value}];
  std::vector<std::string> names;
  for (const Place& place : places) {
    const Items& level = levels[place.level];
    std::string name = level.level + ": " + level.names[index(place.value)];
    if (times[{place.level, place.value}] > 1) {
      name += place.parent < 0 ? " (in no group)" : " (" + names[index(place.parent)] + ")";
    }
    names.push_back(std::move(name));
  }
  return names;
}

}  // namespace

Baskets with_ancestors(const Baskets& baskets, const ItemHierarchy& hierarchy) {
  if (!baskets.parent.empty()) {
    throw InvalidArgument(
        "item_hierarchy: these baskets have a hierarchy already; give those without it");
  }
  const Parents parents = parents_of(hierarchy);
  check_ends(parents);
  Baskets with_ids = baskets;
  if (!with_ids.items) with_ids.items = numbers(baskets);
  Numbering numbering(with_ids, parents);
  const ItemNodes nodes = numbering.number();
  if (numbering.used() == 0 && !parents.empty()) refuse_unknown(with_ids, hierarchy);
  Baskets result = extended(with_ids, nodes);
  result.unbought = static_cast<std::int64_t>(parents.size() - numbering.used());
  return result;
}

Baskets with_levels(const Sales& sales, const Items& items, const BasketsOptions& options,
                    const Baskets& baskets) {
  std::vector<Items> levels;
  for (const std::string& column : options.levels) {
    levels.push_back(data::items(sales, column, options.goods_only, "baskets"));
  }
  check_levels(levels, items);
  const std::int32_t n = items.ids ? items.ids->size() : 0;
  ItemNodes nodes;
  nodes.parent.assign(index(n), -1);
  std::vector<std::size_t> told_by(index(n), items.of_product.size());  // the first product
  std::map<Place, std::int32_t> group;
  std::vector<Place> places;
  for (std::size_t p = 0; p < items.of_product.size(); ++p) {
    const std::int32_t item = items.of_product[p];
    if (item < 0) continue;
    std::int32_t parent = -1;
    for (std::size_t l = 0; l < levels.size(); ++l) {
      const std::int32_t value = levels[l].of_product[p];
      if (value < 0) continue;
      const Place place{l, value, parent};
      const auto [row, is_new] = group.emplace(place, static_cast<std::int32_t>(places.size()));
      if (is_new) places.push_back(place);
      parent = row->second;
    }
    if (told_by[index(item)] == items.of_product.size()) {
      told_by[index(item)] = p;
      nodes.parent[index(item)] = parent < 0 ? -1 : n + parent;
    } else if (nodes.parent[index(item)] != (parent < 0 ? -1 : n + parent)) {
      const auto names = names_of(places, levels);
      const auto called = [&](std::int32_t node) {
        return node < 0 ? std::string("no group") : in_quotes(names[index(node)]);
      };
      const std::int32_t before = nodes.parent[index(item)];
      throw DataError("baskets: " + items.level + " " + in_quotes(items.names[index(item)]) +
                      " belongs to " + called(before < 0 ? -1 : before - n) + " and to " +
                      called(parent) +
                      "; write levels that hold every item of it, or another item");
    }
  }
  for (const Place& place : places) {
    nodes.parent.push_back(place.parent < 0 ? -1 : n + place.parent);
  }
  nodes.group_id = nodes.group_name = names_of(places, levels);
  Baskets result = extended(baskets, nodes);
  std::string level;
  for (const Items& one : levels) level += one.level + " > ";
  result.level = level + items.level;
  return result;
}

}  // namespace emptor::data
