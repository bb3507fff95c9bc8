#include "emptor/mining/bought_together.hpp"

#include "emptor/core/error.hpp"

#include "core/shortest.hpp"
#include "mining/pair_counts.hpp"
#include "mining/pair_tests.hpp"
#include "mining/together_list.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <string>
#include <utility>

namespace emptor::mining {
namespace {

std::size_t index(std::int64_t i) { return static_cast<std::size_t>(i); }

void check(const BoughtTogetherOptions& options) {
  const auto fail = [](const std::string& what) {
    throw InvalidArgument("bought_together: " + what);
  };
  if (options.min_count < 1) {
    fail("min_count is " + std::to_string(options.min_count) + "; write 1 or more");
  }
  if (!(options.fdr > 0 && options.fdr <= 1)) {
    fail("fdr is " + core::shortest(options.fdr) + "; write a share above 0 and up to 1, as 0.05");
  }
  if (!(options.level > 0 && options.level < 1)) {
    fail("level is " + core::shortest(options.level) + "; write a share between 0 and 1, as 0.95");
  }
  if (options.top < 0) {
    fail("top is " + std::to_string(options.top) + "; write how many pairs to list, 0 for all");
  }
}

void check(const data::BasketsView& view) {
  const auto fail = [](const std::string& what) {
    throw InvalidArgument("bought_together: " + what);
  };
  const std::size_t n = view.size();
  if (view.n_items < 0) fail("n_items is negative");
  if (!view.parent.empty()) {
    fail("takes no hierarchy; write association_rules with max_items = 2");
  }
  if (!view.customer.empty() && view.customer.size() != n) {
    fail("customer has " + std::to_string(view.customer.size()) + " entries for " +
         std::to_string(n) + " baskets; write one per basket, -1 for unknown, or none at all");
  }
  if (view.offset.empty()) {
    if (!view.item.empty()) fail("offset is empty, but there are items; write baskets + 1 offsets");
    return;
  }
  if (view.offset.front() != 0 ||
      view.offset.back() != static_cast<std::int64_t>(view.item.size())) {
    fail("offset must begin with 0 and end with the number of items, " +
         std::to_string(view.item.size()));
  }
  for (std::size_t i = 0; i < n; ++i) {
    if (view.offset[i + 1] < view.offset[i]) {
      fail("offset falls after basket " + std::to_string(i));
    }
  }
  for (std::size_t i = 0; i < n; ++i) {
    std::int32_t before = -1;
    for (std::int64_t k = view.offset[i]; k < view.offset[i + 1]; ++k) {
      const std::int32_t item = view.item[index(k)];
      if (item < 0 || item >= view.n_items) {
        fail("basket " + std::to_string(i) + " holds item " + std::to_string(item) +
             "; items are 0 to n_items - 1 = " + std::to_string(view.n_items - 1));
      }
      if (item <= before) {
        fail("the items of basket " + std::to_string(i) + " must be distinct and ascending");
      }
      before = item;
    }
  }
}

}  // namespace

BoughtTogether search_together(std::span<const data::BasketsView> parts,
                               std::span<const std::int32_t> groups,
                               const BoughtTogetherOptions& options, const ItemVariants* left_out,
                               const Context& context) {
  check(options);
  std::vector<TogetherSearch> searches;
  searches.reserve(parts.size());
  for (std::size_t g = 0; g < parts.size(); ++g) {
    check(parts[g]);
    searches.push_back(
        {groups.empty() ? -1 : groups[g], PairIndex(parts[g], options.min_count, context)});
    TogetherSearch& search = searches.back();
    search.tested = test_pairs(search.pairs, options.fdr, context);
  }
  return list_together(searches, options, left_out, context);
}

BoughtTogether bought_together(const data::BasketsView& given, const BoughtTogetherOptions& options,
                               const Context& context) {
  if (!options.same_family) {
    throw InvalidArgument(
        "bought_together: same_family = False needs a Sales: variants have names");
  }
  data::BasketsView baskets = given;
  if (baskets.n_items == 0 && !baskets.item.empty()) {
    const std::int32_t largest = *std::max_element(baskets.item.begin(), baskets.item.end());
    baskets.n_items = std::max(0, largest) + (largest < std::numeric_limits<std::int32_t>::max());
  }
  BoughtTogether result = search_together({&baskets, 1}, {}, options, nullptr, context);
  std::vector<std::int64_t> ids(index(baskets.n_items));
  std::iota(ids.begin(), ids.end(), std::int64_t{0});
  result.items = Dictionary::from_integers(std::move(ids));
  return result;
}

}  // namespace emptor::mining
