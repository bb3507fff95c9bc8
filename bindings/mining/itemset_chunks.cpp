#include "emptor/mining/itemset_chunks.hpp"

#include "emptor/core/error.hpp"

#include "detail/analysis.hpp"
#include "detail/names.hpp"
#include "mining/mining.hpp"
#include "mining/source.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

namespace emptor::bindings {
namespace {

/// What is asked for part by part.
struct Parts {
  mining::ItemsetChunks chunks{};
  std::size_t rows = 0;
};

}  // namespace

void bind_itemset_chunks(py::module_& m) {
  py::class_<Parts>(m, "_ItemsetParts");
  const mining::FrequentItemsetsOptions defaults;
  analysis(
      m, "itemset_chunks",
      "frequent_itemsets part by part: an iterator over frames of `rows` sets each, of as many "
      "sets "
      "as there are, in the memory of the search and one part.\n\n"
      "The search is done when this returns; sets are written down as they are asked for, and no "
      "further than that. They come in the order of the search, not sorted; the arguments are "
      "those "
      "of frequent_itemsets, without top.",
      [](const Call& call, const Source& baskets, std::int64_t rows, std::int64_t min_count,
         double min_support, const std::string& kind, int min_items, int max_items,
         const Names& must_contain, const Names& exclude, std::int64_t max_sets,
         const std::optional<std::string>& item, const std::optional<std::string>& unit,
         const std::optional<bool>& goods_only, const Names& levels) {
        if (rows < 1) {
          throw InvalidArgument("itemset_chunks: rows is " + std::to_string(rows) +
                                "; write how many sets a part has");
        }
        check_is_sales("itemset_chunks", baskets, item || unit || goods_only || levels);
        mining::FrequentItemsetsOptions options;
        options.min_count = min_count;
        options.min_support = min_support;
        options.kind = mining::parse_itemset_kind(kind);
        options.min_items = min_items;
        options.max_items = max_items;
        options.must_contain = texts_of(must_contain);
        options.exclude = texts_of(exclude);
        options.max_sets = max_sets;
        options.item = item.value_or("");
        if (unit) options.unit = data::parse_basket_unit(*unit);
        options.goods_only = goods_only.value_or(options.goods_only);
        options.levels = texts_of(levels);
        auto groups = run(call, [&](const Context& context) {
          return with_source(baskets, [&](const auto& data) {
            return mining::frequent_itemset_groups(data, options, context);
          });
        });
        return Parts{mining::ItemsetChunks(std::move(groups)), static_cast<std::size_t>(rows)};
      },
      py::arg("baskets"), py::kw_only(), py::arg("rows") = 100000,
      py::arg("min_count") = defaults.min_count, py::arg("min_support") = defaults.min_support,
      py::arg("kind") = std::string(mining::to_string(defaults.kind)),
      py::arg("min_items") = defaults.min_items, py::arg("max_items") = defaults.max_items,
      py::arg("must_contain") = py::none(), py::arg("exclude") = py::none(),
      py::arg("max_sets") = defaults.max_sets, py::arg("item") = py::none(),
      py::arg("unit") = py::none(), py::arg("goods_only") = py::none(),
      py::arg("levels") = py::none());
  analysis(
      m, "_next_itemsets", "The next part; an empty one at the end.",
      [](const Call& call, Parts& parts) {
        return frame(run(
            call, [&](const Context& context) { return parts.chunks.next(parts.rows, context); }));
      },
      py::arg("parts"));
}

}  // namespace emptor::bindings
