#include "emptor/mining/itemsets.hpp"

#include "emptor/core/error.hpp"

#include "detail/analysis.hpp"
#include "detail/names.hpp"
#include "mining/mining.hpp"
#include "mining/source.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace emptor::bindings {
namespace {

mining::FrequentItemsetsOptions options_of(std::int64_t min_count, double min_support,
                                           const std::string& kind, int min_items, int max_items,
                                           std::int64_t top, const Names& must_contain,
                                           const Names& exclude, std::int64_t max_sets) {
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

/// Adds what only Sales can be asked.
mining::FrequentItemsetsOptions with_level(mining::FrequentItemsetsOptions options,
                                           const Source& source,
                                           const std::optional<std::string>& item,
                                           const std::optional<std::string>& unit,
                                           const std::optional<bool>& goods_only,
                                           const Names& levels) {
  check_is_sales("frequent_itemsets", source, item || unit || goods_only || levels);
  options.levels = texts_of(levels);
  options.item = item.value_or("");
  if (unit) options.unit = data::parse_basket_unit(*unit);
  options.goods_only = goods_only.value_or(options.goods_only);
  return options;
}

}  // namespace

void bind_itemsets(py::module_& m) {
  const mining::FrequentItemsetsOptions defaults;
  const std::string all(mining::to_string(defaults.kind));
  analysis(
      m, "frequent_itemsets", doc::mining_frequent_itemsets,
      [](const Call& call, const Source& baskets, std::int64_t min_count, double min_support,
         const std::string& kind, int min_items, int max_items, std::int64_t top,
         const Names& must_contain, const Names& exclude, std::int64_t max_sets,
         const std::optional<std::string>& item, const std::optional<std::string>& unit,
         const std::optional<bool>& goods_only, const Names& levels) {
        const auto options = with_level(options_of(min_count, min_support, kind, min_items,
                                                   max_items, top, must_contain, exclude, max_sets),
                                        baskets, item, unit, goods_only, levels);
        return deferred_frame(run(call,
                                  [&](const Context& context) {
                                    return with_source(baskets, [&](const auto& data) {
                                      return mining::deferred_itemsets(data, options, context);
                                    });
                                  }),
                              call.threads);
      },
      py::arg("baskets"), py::kw_only(), py::arg("min_count") = defaults.min_count,
      py::arg("min_support") = defaults.min_support, py::arg("kind") = all,
      py::arg("min_items") = defaults.min_items, py::arg("max_items") = defaults.max_items,
      py::arg("top") = defaults.top, py::arg("must_contain") = py::none(),
      py::arg("exclude") = py::none(), py::arg("max_sets") = defaults.max_sets,
      py::arg("item") = py::none(), py::arg("unit") = py::none(),
      py::arg("goods_only") = py::none(), py::arg("levels") = py::none());
  analysis(
      m, "count_itemsets", doc::mining_count_itemsets,
      [](const Call& call, const Source& baskets, std::int64_t min_count, double min_support,
         const std::string& kind, int min_items, int max_items, const Names& must_contain,
         const Names& exclude, const std::optional<std::string>& item,
         const std::optional<std::string>& unit, const std::optional<bool>& goods_only,
         const Names& levels) {
        const auto options = with_level(options_of(min_count, min_support, kind, min_items,
                                                   max_items, 0, must_contain, exclude, 0),
                                        baskets, item, unit, goods_only, levels);
        return frame(run(call, [&](const Context& context) {
          return with_source(baskets, [&](const auto& data) {
            return mining::count_itemsets(data, options, context);
          });
        }));
      },
      py::arg("baskets"), py::kw_only(), py::arg("min_count") = defaults.min_count,
      py::arg("min_support") = defaults.min_support, py::arg("kind") = all,
      py::arg("min_items") = defaults.min_items, py::arg("max_items") = defaults.max_items,
      py::arg("must_contain") = py::none(), py::arg("exclude") = py::none(),
      py::arg("item") = py::none(), py::arg("unit") = py::none(),
      py::arg("goods_only") = py::none(), py::arg("levels") = py::none());
}

}  // namespace emptor::bindings
