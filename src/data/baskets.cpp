#include "emptor/data/baskets.hpp"

#include "emptor/core/error.hpp"
#include "emptor/data/items.hpp"

#include "data/item_levels.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <string>
#include <utility>

namespace emptor::data {
namespace {

// A purchase line on its way into a basket.
struct Entry {
  std::int32_t basket;
  std::int32_t item;
};

// What one basket is per line, as a code; -1 leaves the line out. Lines are sorted by (customer,
// time), so days and customers are numbered as they come.
std::vector<std::int32_t> basket_of_line(const Lines& lines, BasketUnit unit, std::int32_t n_orders,
                                         std::int32_t& n_baskets) {
  std::vector<std::int32_t> basket(lines.size(), -1);
  if (unit == BasketUnit::order) {
    n_baskets = n_orders;
    std::copy(lines.order.begin(), lines.order.end(), basket.begin());
    return basket;
  }
  n_baskets = 0;
  std::int32_t customer = -1;
  Day day = kNoDay;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (lines.customer[i] < 0) continue;
    const bool same = n_baskets > 0 && lines.customer[i] == customer &&
                      (unit == BasketUnit::customer || lines.day[i] == day);
    if (!same) ++n_baskets;
    customer = lines.customer[i];
    day = lines.day[i];
    basket[i] = n_baskets - 1;
  }
  return basket;
}

// Counting sort by a code in [0, n).
template <typename Code>
std::vector<Entry> sorted_by(const std::vector<Entry>& entries, std::int32_t n, Code code) {
  std::vector<std::size_t> begin(static_cast<std::size_t>(n) + 1, 0);
  for (const Entry& entry : entries) ++begin[static_cast<std::size_t>(code(entry)) + 1];
  for (std::size_t i = 1; i < begin.size(); ++i) begin[i] += begin[i - 1];
  std::vector<Entry> sorted(entries.size());
  for (const Entry& entry : entries) sorted[begin[static_cast<std::size_t>(code(entry))]++] = entry;
  return sorted;
}

// Splits baskets by the group of each line: from then on a basket is a (group, basket), numbered in
// that order. Tells the group of every basket.
std::vector<std::int32_t> split_by_group(const Attribute& by, std::vector<std::int32_t>& basket,
                                         std::int32_t& n_baskets) {
  std::vector<std::pair<std::int32_t, std::int32_t>> all;
  for (std::size_t i = 0; i < basket.size(); ++i) {
    if (by.code[i] < 0) basket[i] = -1;
    if (basket[i] >= 0) all.emplace_back(by.code[i], basket[i]);
  }
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  if (all.size() > static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max())) {
    throw InvalidArgument("baskets: more than 2,147,483,647 baskets once split by '" + by.name +
                          "'; split by a column with fewer values");
  }
  for (std::size_t i = 0; i < basket.size(); ++i) {
    if (basket[i] < 0) continue;
    const auto at = std::lower_bound(all.begin(), all.end(), std::pair(by.code[i], basket[i]));
    basket[i] = static_cast<std::int32_t>(at - all.begin());
  }
  n_baskets = static_cast<std::int32_t>(all.size());
  std::vector<std::int32_t> group;
  for (const auto& [code, unused] : all) group.push_back(code);
  return group;
}

}  // namespace

BasketUnit parse_basket_unit(std::string_view text) {
  if (text == "order") return BasketUnit::order;
  if (text == "day") return BasketUnit::day;
  if (text == "customer") return BasketUnit::customer;
  throw InvalidArgument("unit: '" + std::string(text.substr(0, 40)) +
                        "' is not a kind of basket; write \"order\", \"day\" (all a customer buys "
                        "on one day) or \"customer\" (all a customer ever bought)");
}

Baskets baskets(const Sales& sales, const BasketsOptions& options) {
  const Items level = items(sales, options.item, options.goods_only, "baskets");
  const Lines& lines = sales.lines("baskets");
  const std::int32_t n_orders = sales.order_ids() ? sales.order_ids()->size() : 0;
  std::int32_t n_baskets = 0;
  std::vector<std::int32_t> basket = basket_of_line(lines, options.unit, n_orders, n_baskets);
  std::vector<std::int32_t> group;
  std::optional<Attribute> by;
  if (!options.by.empty()) {
    by = sales.line_attribute(options.by, "baskets");
    group = split_by_group(*by, basket, n_baskets);
  }

  std::vector<Entry> entries;
  std::vector<std::int32_t> customer(static_cast<std::size_t>(n_baskets), -1);
  std::vector<Day> day(static_cast<std::size_t>(n_baskets), std::numeric_limits<Day>::max());
  Baskets result;
  Money revenue = 0;
  Money revenue_used = 0;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    revenue += lines.amount[i];
    if (basket[i] < 0 || lines.product[i] < 0) continue;
    const std::int32_t item = level.of_product[static_cast<std::size_t>(lines.product[i])];
    if (item < 0) continue;
    revenue_used += lines.amount[i];  // net: what came back counts against it
    if (!lines.is_purchase(i)) continue;
    const auto b = static_cast<std::size_t>(basket[i]);
    if (customer[b] < 0) customer[b] = lines.customer[i];
    day[b] = std::min(day[b], lines.day[i]);
    entries.push_back({basket[i], item});
  }
  result.coverage = {static_cast<std::int64_t>(lines.size()),
                     static_cast<std::int64_t>(entries.size()), to_double(revenue),
                     to_double(revenue_used)};

  // By item, then stably by basket: the items of a basket come out ascending.
  const std::int32_t n_items = level.ids ? level.ids->size() : 0;
  entries = sorted_by(entries, n_items, [](const Entry& entry) { return entry.item; });
  entries = sorted_by(entries, n_baskets, [](const Entry& entry) { return entry.basket; });
  result.item.reserve(entries.size());
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const bool first = i == 0 || entries[i].basket != entries[i - 1].basket;
    if (first) {
      if (i > 0) result.offset.push_back(static_cast<std::int64_t>(result.item.size()));
      const auto b = static_cast<std::size_t>(entries[i].basket);
      result.customer.push_back(customer[b]);
      result.day.push_back(day[b]);
      if (by) result.group.push_back(group[b]);
    }
    if (first || entries[i].item != entries[i - 1].item) result.item.push_back(entries[i].item);
  }
  if (!entries.empty()) result.offset.push_back(static_cast<std::int64_t>(result.item.size()));
  result.items = level.ids;
  result.item_names = level.names;
  result.level = level.level;
  if (by) result.groups = by->values;
  return options.levels.empty() ? result : with_levels(sales, level, options, result);
}

}  // namespace emptor::data
