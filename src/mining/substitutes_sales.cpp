#include "emptor/core/error.hpp"
#include "emptor/data/items.hpp"
#include "emptor/mining/substitutes.hpp"

#include "mining/substitutes_list.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace emptor::mining {
namespace {

std::size_t at(std::int64_t i) noexcept { return static_cast<std::size_t>(i); }

// Purchases of one place as owned columns.
struct Purchases {
  std::vector<std::int32_t> customer{}, item{};
  std::vector<data::Day> day{};
};

// Purchases of goods by known customers, by code of `place` (one place without it).
std::vector<Purchases> collect(const data::Lines& lines, const data::Items& items,
                               const data::Attribute* place, data::Coverage& coverage) {
  using Entry = std::tuple<std::int32_t, std::int32_t, data::Day, std::int32_t>;
  std::vector<Entry> entries;  // (place, customer, day, item)
  data::Money revenue = 0, used = 0;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    revenue += lines.amount[i];
    const auto where = place == nullptr ? 0 : place->code[i];
    if (lines.customer[i] < 0 || where < 0 || lines.product[i] < 0 || !lines.is_purchase(i))
      continue;
    const auto item = items.of_product[at(lines.product[i])];
    if (item < 0) continue;
    entries.emplace_back(where, lines.customer[i], lines.day[i], item);
    used += lines.amount[i];
  }
  coverage = {static_cast<std::int64_t>(lines.size()), static_cast<std::int64_t>(entries.size()),
              data::to_double(revenue), data::to_double(used)};
  std::sort(entries.begin(), entries.end());
  entries.erase(std::unique(entries.begin(), entries.end()), entries.end());
  std::vector<Purchases> places;
  std::int32_t last = -1;
  for (const auto& [where, customer, day, item] : entries) {
    if (where != std::exchange(last, where)) places.emplace_back();
    places.back().customer.push_back(customer);
    places.back().day.push_back(day);
    places.back().item.push_back(item);
  }
  return places;
}

// The value of a product column per item: the most frequent one of its products, -1 where none has
// one.
std::vector<std::int32_t> group_of_items(const data::Sales& sales, const data::Items& items,
                                         const std::string& column) {
  const auto& attributes = sales.products().attributes;
  const auto found = std::find_if(attributes.begin(), attributes.end(),
                                  [&](const data::Attribute& a) { return a.name == column; });
  if (found == attributes.end()) {
    std::string names;
    for (const auto& attribute : attributes) names += (names.empty() ? "" : ", ") + attribute.name;
    throw DataError("substitutes: within: no column '" + column.substr(0, 40) + "' of products; " +
                    (names.empty() ? "products have no columns" : "there are " + names));
  }
  std::vector<std::pair<std::int32_t, std::int32_t>> values;  // (item, value)
  for (std::size_t k = 0; k < items.of_product.size(); ++k) {
    if (items.of_product[k] >= 0 && found->code[k] >= 0) {
      values.emplace_back(items.of_product[k], found->code[k]);
    }
  }
  std::sort(values.begin(), values.end());
  std::vector<std::int32_t> group(items.names.size(), -1);
  std::vector<std::size_t> most(items.names.size(), 0);
  for (std::size_t i = 0; i < values.size();) {
    std::size_t end = i;
    while (end < values.size() && values[end] == values[i]) ++end;
    const auto item = at(values[i].first);
    if (end - i > most[item]) {
      most[item] = end - i;
      group[item] = values[i].second;
    }
    i = end;
  }
  return group;
}

}  // namespace

Substitutes substitutes(const data::Sales& sales, const SubstitutesOptions& options,
                        const Context& context) {
  const auto& lines = sales.lines("substitutes");
  const auto items = data::items(sales, options.item, true, "substitutes");
  std::optional<data::Attribute> place;
  if (!options.place.empty()) place = sales.line_attribute(options.place, "substitutes");
  data::Coverage coverage;
  const auto places = collect(lines, items, place ? &*place : nullptr, coverage);
  std::vector<PurchasesView> parts;
  for (const Purchases& part : places) {
    parts.push_back({part.customer,
                     part.day,
                     part.item,
                     static_cast<std::int32_t>(items.names.size()),
                     sales.first_day(),
                     sales.last_day(),
                     {},
                     {}});
  }
  std::vector<std::int32_t> group;
  if (!options.within.empty()) group = group_of_items(sales, items, options.within);
  Substitutes result = find_substitutes(parts, group, options, context);
  const data::NameFamilies families(items.names);
  for (std::size_t i = 0; i < result.size(); ++i) {
    result.name_a.push_back(items.names[at(result.item_a[i])]);
    result.name_b.push_back(items.names[at(result.item_b[i])]);
    result.same_family[i] = families.same(result.item_a[i], result.item_b[i]) ? 1 : 0;
  }
  result.items = items.ids;
  result.item_level = items.level;
  result.coverage = coverage;
  return result;
}

}  // namespace emptor::mining
