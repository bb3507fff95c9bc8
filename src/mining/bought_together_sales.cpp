#include "emptor/data/baskets.hpp"
#include "emptor/data/items.hpp"
#include "emptor/mining/bought_together.hpp"

#include "mining/together_list.hpp"

#include <cstddef>
#include <string_view>
#include <utility>
#include <vector>

namespace emptor::mining {
namespace {

std::size_t index(std::int64_t i) { return static_cast<std::size_t>(i); }

// The baskets of one group, with offsets of their own.
struct Part {
  std::int32_t group = -1;
  std::vector<std::int64_t> offset{};
  std::size_t first = 0;  // basket
};

std::vector<Part> parts_of(const data::Baskets& baskets) {
  std::vector<Part> parts;
  for (std::size_t b = 0; b < baskets.group.size(); ++b) {
    if (parts.empty() || parts.back().group != baskets.group[b]) {
      parts.push_back({baskets.group[b], {0}, b});
    }
    const std::int64_t begin = baskets.offset[parts.back().first];
    parts.back().offset.push_back(baskets.offset[b + 1] - begin);
  }
  return parts;
}

BoughtTogether search_groups(const data::Baskets& baskets, const BoughtTogetherOptions& options,
                             const ItemVariants* left_out, const Context& context) {
  if (!baskets.groups) {
    const data::BasketsView view = baskets.view();
    return search_together({&view, 1}, {}, options, left_out, context);
  }
  const std::vector<Part> parts = parts_of(baskets);
  std::vector<data::BasketsView> views;
  std::vector<std::int32_t> groups;
  const data::BasketsView all = baskets.view();
  for (const Part& part : parts) {
    const std::size_t n = part.offset.size() - 1;
    views.push_back({part.offset,
                     all.item.subspan(index(all.offset[part.first]), index(part.offset.back())),
                     all.customer.subspan(part.first, n),
                     all.n_items,
                     {}});
    groups.push_back(part.group);
  }
  BoughtTogether result = search_together(views, groups, options, left_out, context);
  result.groups = baskets.groups;
  return result;
}

void name_rows(const data::Baskets& baskets, const ItemVariants& variants, BoughtTogether& result) {
  result.names = Dictionary::from_texts(baskets.item_names);
  std::vector<std::int32_t> name_of(baskets.item_names.size());
  for (std::size_t i = 0; i < name_of.size(); ++i) {
    name_of[i] = result.names->find(std::string_view(baskets.item_names[i]));
  }
  for (std::size_t i = 0; i < result.size(); ++i) {
    result.name_a.push_back(name_of[index(result.item_a[i])]);
    result.name_b.push_back(name_of[index(result.item_b[i])]);
    result.same_family[i] = variants.same(result.item_a[i], result.item_b[i]) ? 1 : 0;
    result.n_same_family += result.same_family[i];
  }
}

}  // namespace

BoughtTogether bought_together(const data::Sales& sales, const BoughtTogetherOptions& options,
                               const Context& context) {
  if (!options.by.empty()) (void)sales.line_attribute(options.by, "bought_together");
  const data::Baskets baskets =
      data::baskets(sales, {options.unit, options.item, options.goods_only, options.by});
  const ItemVariants variants(baskets.item_names);
  BoughtTogether result =
      search_groups(baskets, options, options.same_family ? nullptr : &variants, context);
  name_rows(baskets, variants, result);
  result.items = baskets.items;
  result.item_level = baskets.level;
  result.coverage = baskets.coverage;
  return result;
}

}  // namespace emptor::mining
