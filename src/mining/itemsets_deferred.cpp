#include "emptor/mining/itemsets.hpp"

#include "core/large_pages.hpp"
#include "core/parallel.hpp"
#include "mining/itemset_expand.hpp"

#include <algorithm>
#include <utility>

namespace emptor::mining {
namespace {

// The names of items, in the place of their codes.
std::vector<std::int32_t> names_of(const std::vector<std::int32_t>& item,
                                   const std::vector<std::int32_t>& name_of,
                                   const Context& context) {
  std::vector<std::int32_t> name;
  core::resize_in_large_pages(name, item.size());
  core::parallel_ranges(context, item.size(), std::size_t{1} << 16,
                        [&](std::size_t begin, std::size_t end) {
                          for (std::size_t i = begin; i < end; ++i)
                            name[i] = name_of[static_cast<std::size_t>(item[i])];
                        });
  return name;
}

}  // namespace

std::size_t DeferredItemsets::size() const noexcept { return found ? found->buckets()->rows() : 0; }

Itemsets DeferredItemsets::none() const {
  Itemsets result;
  result.about = about;
  result.names = names;
  return result;
}

DeferredItemsets::Write DeferredItemsets::writer(std::string_view column) const {
  if (column == "names" || column == "items") {
    return [all = *this](std::size_t begin, std::size_t end, const Context& context) {
      Itemsets part = all.none();
      const auto& buckets = *all.found->buckets();
      const std::uint64_t items = buckets.items_before(end) - buckets.items_before(begin);
      part.offset.clear();
      core::reserve_in_large_pages(part.item, items);
      core::resize_in_large_pages(part.offset, end - begin + 1);
      core::resize_in_large_pages(part.item, items);
      all.found->write_items(begin, end, part.item.data(), context);
      buckets.write_offset(begin, part.offset, context);
      if (all.names) part.name = names_of(part.item, all.name_of, context);
      return part;
    };
  }
  DeferredItemsets rest = *this;
  rest.found = nullptr;
  return [rest = std::move(rest), buckets = found->buckets(), name = std::string(column)](
             std::size_t begin, std::size_t end, const Context& context) {
    Itemsets part = rest.none();
    const auto fill = [&](auto& values, auto how) {
      core::resize_in_large_pages(values, end - begin);
      ((*buckets).*how)(begin, values, context);
    };
    if (name == "n_items") fill(part.size_of, &sets::Buckets::write_sizes);
    if (name == "count") fill(part.count, &sets::Buckets::write_counts);
    if (name == "support") fill(part.support, &sets::Buckets::write_support);
    return part;
  };
}

Itemsets DeferredItemsets::write(const Context& context) const {
  Itemsets result = none();
  if (!found) return result;
  found->write(result, context);
  if (names) result.name = names_of(result.item, name_of, context);
  return result;
}

}  // namespace emptor::mining
