#include "data/extended_baskets.hpp"

#include "emptor/core/error.hpp"

#include "data/words.hpp"

#include <algorithm>
#include <charconv>
#include <numeric>
#include <optional>
#include <utility>

namespace emptor::data {
namespace {

std::size_t index(std::int64_t i) { return static_cast<std::size_t>(i); }

std::optional<std::int64_t> whole(const std::string& text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return std::to_string(value) == text ? std::optional(value) : std::nullopt;
}

[[noreturn]] void refuse_same(const std::string& id) {
  throw DataError("baskets: an item and a group of items are both called " + in_quotes(id) +
                  "; give one of them another name");
}

// New codes of all nodes, and their ids in that order.
struct Codes {
  std::vector<std::int32_t> of_node{};
  std::shared_ptr<const Dictionary> ids{};
};

// Sorts the ids of all nodes, equal ones being an error.
template <typename Id>
std::vector<std::int32_t> order_of(const std::vector<Id>& ids) {
  std::vector<std::int32_t> order(ids.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(),
            [&](std::int32_t i, std::int32_t j) { return ids[index(i)] < ids[index(j)]; });
  return order;
}

Codes codes_of(const Dictionary& items, const std::vector<std::string>& groups) {
  std::vector<std::int64_t> numbers;
  if (!items.is_text()) numbers = items.integers();
  for (const std::string& group : groups) {
    const auto number = items.is_text() ? std::nullopt : whole(group);
    if (!number) {
      numbers.clear();
      break;
    }
    numbers.push_back(*number);
  }
  std::vector<std::string> texts;
  for (std::int32_t i = 0; i < items.size(); ++i) texts.push_back(items.to_string(i));
  texts.insert(texts.end(), groups.begin(), groups.end());
  const bool as_numbers = numbers.size() == texts.size() && !items.is_text();
  const std::vector<std::int32_t> order = as_numbers ? order_of(numbers) : order_of(texts);
  Codes codes;
  codes.of_node.resize(order.size());
  std::vector<std::int64_t> sorted;
  std::string bytes;
  std::vector<std::int64_t> ends{0};
  for (std::size_t k = 0; k < order.size(); ++k) {
    const std::string& text = texts[index(order[k])];
    if (k > 0 && texts[index(order[k - 1])] == text) refuse_same(text);
    codes.of_node[index(order[k])] = static_cast<std::int32_t>(k);
    if (as_numbers) {
      sorted.push_back(numbers[index(order[k])]);
    } else {
      bytes += text;
      ends.push_back(static_cast<std::int64_t>(bytes.size()));
    }
  }
  codes.ids = as_numbers ? Dictionary::from_integers(std::move(sorted))
                         : Dictionary::from_texts(std::move(bytes), std::move(ends));
  return codes;
}

}  // namespace

Baskets extended(const Baskets& baskets, const ItemNodes& nodes) {
  const auto items = index(baskets.items->size());
  const Codes codes = codes_of(*baskets.items, nodes.group_id);
  Baskets result = baskets;
  result.items = codes.ids;
  result.parent.assign(codes.of_node.size(), -1);
  if (!baskets.item_names.empty()) result.item_names.assign(codes.of_node.size(), "");
  for (std::size_t node = 0; node < codes.of_node.size(); ++node) {
    const std::size_t code = index(codes.of_node[node]);
    const std::int32_t parent = nodes.parent[node];
    if (parent >= 0) result.parent[code] = codes.of_node[index(parent)];
    if (baskets.item_names.empty()) continue;
    result.item_names[code] =
        node < items ? baskets.item_names[node] : nodes.group_name[node - items];
  }
  result.offset = {0};
  result.item.clear();
  std::vector<std::size_t> seen(codes.of_node.size(), 0);  // the last basket with it, from 1 on
  for (std::size_t b = 0; b + 1 < baskets.offset.size(); ++b) {
    const auto begin = static_cast<std::ptrdiff_t>(result.item.size());
    for (std::int64_t k = baskets.offset[b]; k < baskets.offset[b + 1]; ++k) {
      std::int32_t code = codes.of_node[index(baskets.item[index(k)])];
      for (; code >= 0 && seen[index(code)] != b + 1; code = result.parent[index(code)]) {
        seen[index(code)] = b + 1;
        result.item.push_back(code);
      }
    }
    std::sort(result.item.begin() + begin, result.item.end());
    result.offset.push_back(static_cast<std::int64_t>(result.item.size()));
  }
  return result;
}

}  // namespace emptor::data
