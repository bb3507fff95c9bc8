#include "emptor/mining/bought_next.hpp"

#include "emptor/core/error.hpp"

#include "mining/pair_search.hpp"

#include <algorithm>
#include <charconv>
#include <string>
#include <vector>

namespace emptor::mining {
namespace {

using next::ItemChoice;

std::size_t at(std::int64_t i) noexcept { return static_cast<std::size_t>(i); }

ItemChoice choice_by_code(const BoughtNextOptions& options, std::int32_t n_items) {
  const auto mask = [&](const std::vector<std::string>& codes, const char* argument) {
    std::vector<std::uint8_t> chosen(codes.empty() ? 0 : at(n_items), 0);
    for (const auto& text : codes) {
      std::int32_t code = -1;
      const char* end = text.data() + text.size();
      const auto [stop, error] = std::from_chars(text.data(), end, code);
      if (error != std::errc() || stop != end || code < 0 || code >= n_items)
        throw InvalidArgument(std::string("bought_next: ") + argument + " '" + text.substr(0, 40) +
                              "' is no item code from 0 to " + std::to_string(n_items - 1));
      chosen[at(code)] = 1;
    }
    return chosen;
  };
  return {mask(options.antecedents, "antecedents"), mask(options.consequents, "consequents")};
}

}  // namespace

BoughtNext bought_next(const PurchasesView& purchases, const BoughtNextOptions& options,
                       const Context& context) {
  if (!options.by.empty() || !options.item.empty())
    throw InvalidArgument("bought_next: item and by need a Sales; purchases have item codes only");
  PurchasesView view = purchases;
  if (!view.day.empty()) {
    const auto [low, high] = std::minmax_element(view.day.begin(), view.day.end());
    if (view.first_day == data::kNoDay) view.first_day = *low;
    if (view.last_day == data::kNoDay) view.last_day = *high;
  }
  BoughtNext result = next::search_and_list({view}, {}, choice_by_code(options, purchases.n_items),
                                            options, context);
  result.first_day = view.first_day;
  result.last_day = view.last_day;
  return result;
}

}  // namespace emptor::mining
