#include "emptor/core/error.hpp"
#include "emptor/data/items.hpp"
#include "emptor/mining/bought_next.hpp"

#include "data/words.hpp"
#include "mining/open_buyers.hpp"
#include "mining/pair_search.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace emptor::mining {
namespace {

std::size_t at(std::int64_t i) noexcept { return static_cast<std::size_t>(i); }

std::vector<std::uint8_t> choice_by_name(const data::Items& items,
                                         const std::vector<std::string>& wanted,
                                         const char* argument) {
  std::vector<std::uint8_t> chosen(wanted.empty() ? 0 : items.names.size(), 0);
  for (const auto& text : wanted) {
    bool found = false;
    if (const auto code = items.ids->find(text); code >= 0) {
      chosen[at(code)] = 1;
      found = true;
    }
    for (std::size_t i = 0; i < items.names.size(); ++i)
      if (items.names[i] == text) {
        chosen[i] = 1;
        found = true;
      }
    if (found) continue;
    const std::string nearest = data::nearest(text, items.names);
    throw DataError(
        std::string("bought_next: ") + argument + " '" + text.substr(0, 40) +
        "' is neither an id nor a name of an item at level '" + items.level + "'" +
        (nearest.empty() ? "" : "; the nearest name is '" + nearest.substr(0, 60) + "'"));
  }
  return chosen;
}

/// Purchases of one group as owned columns.
struct Purchases {
  std::vector<std::int32_t> customer{}, item{};
  std::vector<data::Day> day{};
};

/// Purchases of goods by known customers, by code of `by` (one group without it).
std::vector<Purchases> collect(const data::Lines& lines, const data::Items& items,
                               const data::Attribute* by, data::Coverage& coverage) {
  std::vector<Purchases> groups(by == nullptr ? 1 : at(by->values->size()));
  std::vector<std::pair<std::int32_t, std::int32_t>> visit;  // (group, item)
  data::Money revenue = 0, used = 0;
  for (std::size_t i = 0; i < lines.size();) {
    const auto customer = lines.customer[i];
    const auto day = lines.day[i];
    visit.clear();
    for (; i < lines.size() && lines.customer[i] == customer && lines.day[i] == day; ++i) {
      revenue += lines.amount[i];
      const auto group = by == nullptr ? 0 : by->code[i];
      if (customer < 0 || group < 0 || lines.product[i] < 0 || !lines.is_purchase(i)) continue;
      const auto item = items.of_product[at(lines.product[i])];
      if (item < 0) continue;
      visit.emplace_back(group, item);
      used += lines.amount[i];
      ++coverage.lines_used;
    }
    std::sort(visit.begin(), visit.end());
    visit.erase(std::unique(visit.begin(), visit.end()), visit.end());
    for (const auto& [group, item] : visit) {
      auto& own = groups[at(group)];
      own.customer.push_back(customer);
      own.day.push_back(day);
      own.item.push_back(item);
    }
  }
  coverage.lines = static_cast<std::int64_t>(lines.size());
  coverage.revenue = data::to_double(revenue);
  coverage.revenue_used = data::to_double(used);
  return groups;
}

std::vector<std::uint64_t> hashes(const Dictionary* ids) {
  std::vector<std::uint64_t> all;
  for (std::int32_t code = 0; ids != nullptr && code < ids->size(); ++code)
    all.push_back(ids->hash(code));
  return all;
}

void name_rows(BoughtNext& result, const data::Items& items) {
  const data::NameFamilies families(items.names);
  for (std::size_t i = 0; i < result.size(); ++i) {
    result.antecedent_name.push_back(items.names[at(result.antecedent[i])]);
    result.consequent_name.push_back(items.names[at(result.consequent[i])]);
    result.same_family[i] = families.same(result.antecedent[i], result.consequent[i]) ? 1 : 0;
  }
}

/// Mean net amount of a visit's purchases of an item, by item; NaN for items nobody bought.
std::vector<double> spend_per_visit(const data::Lines& lines, const data::Items& items) {
  std::vector<data::Money> money(items.names.size(), 0);
  std::vector<std::int64_t> visits(items.names.size(), 0);
  std::vector<std::size_t> counted(items.names.size(), 0);  // 1 + first line of the last visit
  for (std::size_t begin = 0, i = 0; i < lines.size(); ++i) {
    if (lines.customer[i] != lines.customer[begin] || lines.day[i] != lines.day[begin]) begin = i;
    if (lines.customer[i] < 0 || lines.product[i] < 0 || !lines.is_purchase(i)) continue;
    const auto item = items.of_product[at(lines.product[i])];
    if (item < 0) continue;
    money[at(item)] += lines.amount[i];
    if (std::exchange(counted[at(item)], begin + 1) != begin + 1) ++visits[at(item)];
  }
  std::vector<double> spend;
  for (std::size_t k = 0; k < money.size(); ++k)
    spend.push_back(visits[k] == 0 ? std::numeric_limits<double>::quiet_NaN()
                                   : data::to_double(money[k]) / static_cast<double>(visits[k]));
  return spend;
}

}  // namespace

BoughtNext bought_next(const data::Sales& sales, const BoughtNextOptions& options,
                       const Context& context) {
  next::check_options(options);
  const auto& lines = sales.lines("bought_next");
  const auto items = data::items(sales, options.item, true, "bought_next");
  std::optional<data::Attribute> by;
  if (!options.by.empty()) by = sales.line_attribute(options.by, "bought_next");
  data::Coverage coverage;
  const auto groups = collect(lines, items, by ? &*by : nullptr, coverage);
  const auto customer_hash = hashes(sales.customers().ids.get());
  const auto item_hash = hashes(items.ids.get());

  std::vector<PurchasesView> parts;
  std::vector<std::int32_t> codes;
  for (std::size_t g = 0; g < groups.size(); ++g) {
    if (by && groups[g].day.empty()) continue;
    parts.push_back({groups[g].customer, groups[g].day, groups[g].item,
                     static_cast<std::int32_t>(items.names.size()), sales.first_day(),
                     sales.last_day(), customer_hash, item_hash});
    if (by) codes.push_back(static_cast<std::int32_t>(g));
  }
  const next::ItemChoice choice{choice_by_name(items, options.antecedents, "antecedents"),
                                choice_by_name(items, options.consequents, "consequents")};
  BoughtNext result = next::search_and_list(parts, codes, choice, options, context);
  name_rows(result, items);
  next::count_open_buyers(parts, codes, options.window, result);
  const auto spend = spend_per_visit(lines, items);
  for (const auto consequent : result.consequent) result.spend.push_back(spend[at(consequent)]);
  result.items = items.ids;
  if (by) result.groups = by->values;
  result.first_day = sales.first_day();
  result.last_day = sales.last_day();
  result.moment = sales.moment();
  result.item_level = items.level;
  result.coverage = coverage;
  return result;
}

}  // namespace emptor::mining
