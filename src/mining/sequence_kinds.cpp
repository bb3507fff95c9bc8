#include "mining/sequence_kinds.hpp"

#include "emptor/core/error.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <tuple>
#include <vector>

namespace emptor::mining::seq {
namespace {

/// End of the element that begins at `i`.
std::size_t element_end(std::span<const std::int32_t> row, std::size_t i) {
  ++i;
  while (i < row.size() && row[i] % 2 == 0) ++i;
  return i;
}

bool inside(std::span<const std::int32_t> small, std::span<const std::int32_t> large) {
  std::size_t j = 0;
  for (const auto place : small) {
    while (j < large.size() && large[j] / 2 < place / 2) ++j;
    if (j == large.size() || large[j] / 2 != place / 2) return false;
    ++j;
  }
  return true;
}

/// One bit per item modulo 64: a row can hold another only if it has its bits.
std::vector<std::uint64_t> signatures(const Patterns& patterns) {
  std::vector<std::uint64_t> bits(patterns.size(), 0);
  for (std::size_t i = 0; i < patterns.size(); ++i)
    for (const auto place : patterns.row(i)) bits[i] |= std::uint64_t{1} << (place / 2 % 64);
  return bits;
}

/// Rows of the kept ones, in their order.
Patterns pick(const Patterns& patterns, const std::vector<std::uint8_t>& kept) {
  Patterns picked;
  for (std::size_t i = 0; i < patterns.size(); ++i)
    if (kept[i] != 0) picked.append(patterns, i);
  return picked;
}

std::vector<std::size_t> in_order(std::size_t n) {
  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), std::size_t{0});
  return order;
}

void check_stop(const Context& context, std::size_t step) {
  if (step % 1024 == 0 && context.stop.stop_requested()) throw Cancelled();
}

}  // namespace

bool holds(std::span<const std::int32_t> longer, std::span<const std::int32_t> shorter) {
  std::size_t j = 0;
  for (std::size_t i = 0; i < shorter.size();) {
    const auto end = element_end(shorter, i);
    bool found = false;
    while (!found && j < longer.size()) {
      const auto next = element_end(longer, j);
      found = inside(shorter.subspan(i, end - i), longer.subspan(j, next - j));
      j = next;
    }
    if (!found) return false;
    i = end;
  }
  return true;
}

Patterns closed_of(const Patterns& patterns, const Context& context) {
  const auto bits = signatures(patterns);
  // Rows with the same customers side by side, the longest first. What a row that is not kept
  // holds, the row that holds it holds too, so only kept rows need be looked at.
  auto order = in_order(patterns.size());
  const auto key = [&](std::size_t i) {
    return std::tuple(patterns.count[i], patterns.customers[i]);
  };
  std::sort(order.begin(), order.end(), [&](std::size_t x, std::size_t y) {
    const auto size_x = patterns.row(x).size(), size_y = patterns.row(y).size();
    return std::tuple(key(x), size_y, x) < std::tuple(key(y), size_x, y);
  });
  std::vector<std::uint8_t> kept(patterns.size(), 0);
  std::vector<std::size_t> group;
  for (std::size_t k = 0; k < order.size(); ++k) {
    check_stop(context, k);
    const auto i = order[k];
    if (!group.empty() && key(group.front()) != key(i)) group.clear();
    const bool open = std::none_of(group.begin(), group.end(), [&](std::size_t j) {
      return (bits[i] & ~bits[j]) == 0 && patterns.row(j).size() > patterns.row(i).size() &&
             holds(patterns.row(j), patterns.row(i));
    });
    if (!open) continue;
    kept[i] = 1;
    group.push_back(i);
  }
  return pick(patterns, kept);
}

Patterns maximal_of(const Patterns& patterns, const Context& context) {
  const auto bits = signatures(patterns);
  std::int32_t n_items = 0;
  for (const auto place : patterns.place) n_items = std::max(n_items, place / 2 + 1);
  auto order = in_order(patterns.size());
  std::stable_sort(order.begin(), order.end(), [&](std::size_t x, std::size_t y) {
    return patterns.row(x).size() > patterns.row(y).size();
  });
  std::vector<std::uint8_t> kept(patterns.size(), 0);
  std::vector<std::vector<std::size_t>> with(static_cast<std::size_t>(n_items));
  const auto item_of = [](std::int32_t place) { return static_cast<std::size_t>(place / 2); };
  for (std::size_t k = 0; k < order.size(); ++k) {
    check_stop(context, k);
    const auto i = order[k];
    const auto row = patterns.row(i);
    // Kept rows with the item that the fewest of them have.
    const auto rarest =
        item_of(*std::min_element(row.begin(), row.end(), [&](std::int32_t x, std::int32_t y) {
          return with[item_of(x)].size() < with[item_of(y)].size();
        }));
    const bool open = std::none_of(with[rarest].begin(), with[rarest].end(), [&](std::size_t j) {
      return (bits[i] & ~bits[j]) == 0 && patterns.row(j).size() > row.size() &&
             holds(patterns.row(j), row);
    });
    if (!open) continue;
    kept[i] = 1;
    for (std::size_t p = 0; p < row.size(); ++p)
      if (with[item_of(row[p])].empty() || with[item_of(row[p])].back() != i)
        with[item_of(row[p])].push_back(i);
  }
  return pick(patterns, kept);
}

}  // namespace emptor::mining::seq
