#include "emptor/mining/itemsets.hpp"

#include "detail/analysis.hpp"
#include "mining/mining.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace emptor::bindings {
namespace {

using Ids = std::optional<std::vector<py::object>>;

/// Ids or names; integer ids are known by their digits.
std::vector<std::string> texts_of(const Ids& values) {
  std::vector<std::string> texts;
  if (values) {
    for (const auto& value : *values) texts.push_back(py::str(value));
  }
  return texts;
}

mining::FrequentItemsetsOptions options_of(std::int64_t min_count, double min_support,
                                           const std::string& kind, int min_items, int max_items,
                                           std::int64_t top, const Ids& must_contain,
                                           const Ids& exclude, std::int64_t max_sets) {
  mining::FrequentItemsetsOptions options;
  options.min_count = min_count;
  options.min_support = min_support;
  options.kind = mining::parse_itemset_kind(kind);
  options.min_items = min_items;
  options.max_items = max_items;
  options.top = top;
  options.must_contain = texts_of(must_contain);
  options.exclude = texts_of(exclude);
  options.max_sets = max_sets;
  return options;
}

/// Adds what only Sales ask.
mining::FrequentItemsetsOptions with_level(mining::FrequentItemsetsOptions options,
                                           const std::optional<std::string>& item,
                                           const std::string& unit, bool goods_only) {
  options.item = item.value_or("");
  options.unit = data::parse_basket_unit(unit);
  options.goods_only = goods_only;
  return options;
}

}  // namespace

void bind_itemsets(py::module_& m) {
  const mining::FrequentItemsetsOptions defaults;
  const std::string kind(mining::to_string(defaults.kind));
  analysis(
      m, "frequent_itemsets", doc::mining_frequent_itemsets,
      [](const Call& call, const data::Baskets& baskets, std::int64_t min_count, double min_support,
         const std::string& kind_, int min_items, int max_items, std::int64_t top,
         const Ids& must_contain, const Ids& exclude, std::int64_t max_sets) {
        const auto options = options_of(min_count, min_support, kind_, min_items, max_items, top,
                                        must_contain, exclude, max_sets);
        return frame(run(call, [&](const Context& context) {
          return mining::frequent_itemsets(baskets, options, context);
        }));
      },
      py::arg("baskets"), py::kw_only(), py::arg("min_count") = defaults.min_count,
      py::arg("min_support") = defaults.min_support, py::arg("kind") = kind,
      py::arg("min_items") = defaults.min_items, py::arg("max_items") = defaults.max_items,
      py::arg("top") = defaults.top, py::arg("must_contain") = py::none(),
      py::arg("exclude") = py::none(), py::arg("max_sets") = defaults.max_sets);
  analysis(
      m, "frequent_itemsets", doc::mining_frequent_itemsets,
      [](const Call& call, const data::Sales& sales, std::int64_t min_count, double min_support,
         const std::string& kind_, int min_items, int max_items, std::int64_t top,
         const Ids& must_contain, const Ids& exclude, std::int64_t max_sets,
         const std::optional<std::string>& item, const std::string& unit, bool goods_only) {
        const auto options =
            with_level(options_of(min_count, min_support, kind_, min_items, max_items, top,
                                  must_contain, exclude, max_sets),
                       item, unit, goods_only);
        return frame(run(call, [&](const Context& context) {
          return mining::frequent_itemsets(sales, options, context);
        }));
      },
      py::arg("sales"), py::kw_only(), py::arg("min_count") = defaults.min_count,
      py::arg("min_support") = defaults.min_support, py::arg("kind") = kind,
      py::arg("min_items") = defaults.min_items, py::arg("max_items") = defaults.max_items,
      py::arg("top") = defaults.top, py::arg("must_contain") = py::none(),
      py::arg("exclude") = py::none(), py::arg("max_sets") = defaults.max_sets,
      py::arg("item") = py::none(), py::arg("unit") = "order",
      py::arg("goods_only") = defaults.goods_only);
  analysis(
      m, "count_itemsets", doc::mining_count_itemsets,
      [](const Call& call, const data::Baskets& baskets, std::int64_t min_count, double min_support,
         const std::string& kind_, int min_items, int max_items, const Ids& must_contain,
         const Ids& exclude) {
        const auto options = options_of(min_count, min_support, kind_, min_items, max_items, 0,
                                        must_contain, exclude, 0);
        return frame(run(call, [&](const Context& context) {
          return mining::count_itemsets(baskets, options, context);
        }));
      },
      py::arg("baskets"), py::kw_only(), py::arg("min_count") = defaults.min_count,
      py::arg("min_support") = defaults.min_support, py::arg("kind") = kind,
      py::arg("min_items") = defaults.min_items, py::arg("max_items") = defaults.max_items,
      py::arg("must_contain") = py::none(), py::arg("exclude") = py::none());
  analysis(
      m, "count_itemsets", doc::mining_count_itemsets,
      [](const Call& call, const data::Sales& sales, std::int64_t min_count, double min_support,
         const std::string& kind_, int min_items, int max_items, const Ids& must_contain,
         const Ids& exclude, const std::optional<std::string>& item, const std::string& unit,
         bool goods_only) {
        const auto options =
            with_level(options_of(min_count, min_support, kind_, min_items, max_items, 0,
                                  must_contain, exclude, 0),
                       item, unit, goods_only);
        return frame(run(call, [&](const Context& context) {
          return mining::count_itemsets(sales, options, context);
        }));
      },
      py::arg("sales"), py::kw_only(), py::arg("min_count") = defaults.min_count,
      py::arg("min_support") = defaults.min_support, py::arg("kind") = kind,
      py::arg("min_items") = defaults.min_items, py::arg("max_items") = defaults.max_items,
      py::arg("must_contain") = py::none(), py::arg("exclude") = py::none(),
      py::arg("item") = py::none(), py::arg("unit") = "order",
      py::arg("goods_only") = defaults.goods_only);
}

}  // namespace emptor::bindings
