#include "emptor/mining/bought_next.hpp"

#include "emptor/core/error.hpp"

#include "mining/pair_search.hpp"
#include "mining/purchase_groups.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace emptor::mining {
BoughtNext bought_next(const PurchasesView& purchases, const BoughtNextOptions& options,
                       const Context& context) {
  if (!options.by.empty() || !options.item.empty())
    throw InvalidArgument("bought_next: item and by need a Sales; purchases have item codes only");
  if (!options.same_family)
    throw InvalidArgument("bought_next: same_family = False needs a Sales: variants have names");
  PurchasesView view = purchases;
  if (!view.day.empty()) {
    const auto [low, high] = std::minmax_element(view.day.begin(), view.day.end());
    if (view.first_day == data::kNoDay) view.first_day = *low;
    if (view.last_day == data::kNoDay) view.last_day = *high;
  }
  const auto chosen = [&](const std::vector<std::string>& wanted, const char* argument) {
    return choice_by_code(purchases.n_items, wanted, "bought_next", argument);
  };
  const next::ItemChoice choice{chosen(options.antecedents, "antecedents"),
                                chosen(options.consequents, "consequents")};
  BoughtNext result = next::search_and_list({view}, {}, choice, options, context).result;
  result.first_day = view.first_day;
  result.last_day = view.last_day;
  return result;
}

}  // namespace emptor::mining
