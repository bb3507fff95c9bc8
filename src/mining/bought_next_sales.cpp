#include "emptor/data/items.hpp"
#include "emptor/mining/bought_next.hpp"

#include "mining/open_buyers.hpp"
#include "mining/pair_search.hpp"
#include "mining/purchase_groups.hpp"

#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace emptor::mining {
namespace {

std::size_t at(std::int64_t i) noexcept { return static_cast<std::size_t>(i); }

void name_rows(BoughtNext& result, const data::Items& items, const ItemVariants& variants) {
  for (std::size_t i = 0; i < result.size(); ++i) {
    result.antecedent_name.push_back(items.names[at(result.antecedent[i])]);
    result.consequent_name.push_back(items.names[at(result.consequent[i])]);
    result.same_family[i] = variants.same(result.antecedent[i], result.consequent[i]) ? 1 : 0;
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
  const PurchaseGroups groups(sales, lines, items, by ? &*by : nullptr);
  const auto chosen = [&](const std::vector<std::string>& wanted, const char* argument) {
    return choice_by_name(items, wanted, "bought_next", argument);
  };
  const ItemVariants variants(items.names);
  const next::ItemChoice choice{chosen(options.antecedents, "antecedents"),
                                chosen(options.consequents, "consequents"),
                                options.same_family ? nullptr : &variants};
  BoughtNext result =
      next::search_and_list(groups.parts(), groups.codes(), choice, options, context).result;
  name_rows(result, items, variants);
  next::count_open_buyers(groups.parts(), groups.codes(), options.window, result);
  const auto spend = spend_per_visit(lines, items);
  for (const auto consequent : result.consequent) result.spend.push_back(spend[at(consequent)]);
  result.items = items.ids;
  if (by) result.groups = by->values;
  result.first_day = sales.first_day();
  result.last_day = sales.last_day();
  result.moment = sales.moment();
  result.item_level = items.level;
  result.coverage = groups.coverage();
  return result;
}

}  // namespace emptor::mining
