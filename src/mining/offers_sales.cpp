#include "emptor/core/error.hpp"
#include "emptor/data/items.hpp"
#include "emptor/mining/bought_next.hpp"
#include "emptor/mining/bought_together.hpp"
#include "emptor/mining/offers.hpp"

#include "data/words.hpp"
#include "mining/basket_history.hpp"
#include "mining/goods_purchases.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <string>
#include <utility>

namespace emptor::mining {
namespace {

std::size_t at(std::int64_t i) noexcept { return static_cast<std::size_t>(i); }

/// Mean net amount of an order's purchases of an item, by item; NaN for items nobody bought.
std::vector<double> amount_per_order(const data::Lines& lines, const data::Items& items) {
  std::vector<data::Money> money(items.names.size(), 0);
  std::vector<std::pair<std::int32_t, std::int32_t>> baskets;  // (item, order)
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (lines.product[i] < 0 || !lines.is_purchase(i)) continue;
    const auto item = items.of_product[at(lines.product[i])];
    if (item < 0) continue;
    money[at(item)] += lines.amount[i];
    baskets.emplace_back(item, lines.order[i]);
  }
  std::sort(baskets.begin(), baskets.end());
  baskets.erase(std::unique(baskets.begin(), baskets.end()), baskets.end());
  std::vector<std::int64_t> n(items.names.size(), 0);
  for (const auto& basket : baskets) ++n[at(basket.first)];
  std::vector<double> amount;
  for (std::size_t k = 0; k < money.size(); ++k)
    amount.push_back(n[k] == 0 ? std::numeric_limits<double>::quiet_NaN()
                               : data::to_double(money[k]) / static_cast<double>(n[k]));
  return amount;
}

std::vector<double> margins_of(const data::Items& items,
                               const std::vector<std::pair<std::string, double>>& margins) {
  std::vector<double> margin;
  if (margins.empty()) return margin;
  margin.assign(items.names.size(), std::numeric_limits<double>::quiet_NaN());
  for (const auto& [id, value] : margins) {
    const std::int32_t code = items.ids->find(id);
    if (code < 0) {
      const std::string nearest = data::nearest(id, items.names);
      throw DataError("offer_table: margins: no item '" + id.substr(0, 40) + "' at level '" +
                      items.level + "'" +
                      (nearest.empty() ? "; write ids as they stand in the data"
                                       : "; the nearest name is '" + nearest.substr(0, 60) + "'"));
    }
    if (!std::isfinite(value))
      throw InvalidArgument("offer_table: the margin of '" + id.substr(0, 40) +
                            "' is not a number");
    margin[at(code)] = value;
  }
  return margin;
}

std::vector<OfferPair> basket_pairs(const data::Sales& sales, const OfferTableOptions& options,
                                    const Context& context) {
  BoughtTogetherOptions together;
  together.min_count = options.min_count;
  together.fdr = options.fdr;
  together.level = options.level;
  together.item = options.item;
  const BoughtTogether found = bought_together(sales, together, context);
  std::vector<OfferPair> pairs;
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (found.same_family[i] != 0 && !options.same_family) continue;
    pairs.push_back(
        {found.item_a[i], found.item_b[i], found.confidence_ab[i], found.confidence_ab_low[i]});
    pairs.push_back(
        {found.item_b[i], found.item_a[i], found.confidence_ba[i], found.confidence_ba_low[i]});
  }
  return pairs;
}

/// Rules of bought_next by antecedent.
std::map<std::int32_t, std::vector<OfferPair>> next_pairs(const data::Sales& sales,
                                                          const OfferTableOptions& options,
                                                          const Context& context) {
  BoughtNextOptions next;
  next.window = *options.window;
  next.fdr = options.fdr;
  next.likely_fdr = options.fdr;
  next.level = options.level;
  next.item = options.item;
  next.watch = 0;
  const BoughtNext found = bought_next(sales, next, context);
  std::map<std::int32_t, std::vector<OfferPair>> rules;
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (found.same_family[i] != 0 && !options.same_family) continue;
    rules[found.antecedent[i]].push_back({found.antecedent[i], found.consequent[i],
                                          found.p_within[i], std::max(0.0, found.p_within_low[i])});
  }
  return rules;
}

void add_customers(const data::Sales& sales, const GoodsPurchases& goods,
                   const OfferTableOptions& options, const Context& context, OfferParts& parts) {
  const auto rules = next_pairs(sales, options, context);
  const basket::Shop shop = basket::make_shop(goods.view(), "offer_table");
  const basket::Moment known = basket::everything(shop);
  const basket::Profiles p = basket::make_profiles(shop, known, {}, context);
  const double usual = basket::usual_gap(shop, known);
  parts.customers = sales.customers().ids;
  for (std::size_t c = 0; c < p.customers(); ++c) {
    const double gap = p.gap[c] > 0 ? p.gap[c] : usual;
    std::map<std::int32_t, OfferPair> best;
    for (auto k = p.begin[c]; k < p.begin[c + 1]; ++k) {
      const auto rule = rules.find(p.item[at(k)]);
      const data::Day end = data::add(p.first[at(k)], *options.window);
      if (rule == rules.end() || end <= sales.last_day()) continue;
      const double visits =
          gap > 0 ? std::max(1.0, static_cast<double>(end - p.first[at(k)]) / gap) : 1.0;
      const auto per_visit = [&](double share) { return 1 - std::pow(1 - share, 1 / visits); };
      for (const OfferPair& pair : rule->second) {
        if (p.find(c, pair.to) >= 0) continue;
        const OfferPair own{pair.from, pair.to, per_visit(pair.probability),
                            per_visit(pair.probability_low)};
        auto& kept = best[pair.to];
        if (kept.to < 0 || kept.probability_low < own.probability_low) kept = own;
      }
    }
    for (const auto& one : best) parts.customer_pairs.emplace_back(shop.code[c], one.second);
  }
}

}  // namespace

OfferTable offer_table(const data::Sales& sales, const OfferTableOptions& options,
                       const Context& context) {
  if (options.neighbors < 1)
    throw InvalidArgument("offer_table: neighbors is " + std::to_string(options.neighbors) +
                          "; write 1 or more");
  // "auto" is settled once, so that all parts speak of the same items.
  OfferTableOptions settled = options;
  const auto level = data::items(sales, options.item, true, "offer_table").level;
  settled.item = level == "product" ? std::string() : level;
  const GoodsPurchases goods = goods_purchases(sales, settled.item, "offer_table");
  OfferParts parts;
  parts.items = goods.items.ids ? goods.items.ids : std::make_shared<const Dictionary>();
  parts.names = goods.items.names;
  parts.amount = amount_per_order(sales.lines("offer_table"), goods.items);
  parts.margin = margins_of(goods.items, options.margins);
  parts.moment = sales.moment();
  parts.pairs = basket_pairs(sales, settled, context);
  if (options.window) add_customers(sales, goods, settled, context, parts);
  return OfferTable(parts, options.neighbors);
}

}  // namespace emptor::mining
