#include "emptor/core/error.hpp"
#include "emptor/mining/itemsets.hpp"

#include "mining/itemset_expand.hpp"
#include "mining/itemset_found.hpp"

#include <algorithm>
#include <atomic>
#include <string>
#include <utility>

namespace emptor::mining {
namespace {

// The groups in the form the search gives them, and the codes of their items.
struct Taken {
  std::vector<sets::Chunk> chunks{};
  std::vector<std::int32_t> code{};
  sets::Wanted wanted{};
};

void check(const ItemsetGroups& groups) {
  const auto fail = [](const std::string& what) {
    throw InvalidArgument("expand: the groups are not as frequent_itemset_groups made them: " +
                          what);
  };
  const std::size_t n = groups.size();
  if (groups.offset.size() != n + 1 || groups.n_free.size() != n) fail("columns differ in length");
  if (groups.offset.front() != 0 ||
      groups.offset.back() != static_cast<std::int64_t>(groups.item.size()))
    fail("offset must begin with 0 and end with the number of items");
  for (std::size_t g = 0; g < n; ++g) {
    if (groups.n_free[g] < 0 || groups.offset[g + 1] - groups.offset[g] < groups.n_free[g])
      fail("group " + std::to_string(g) + " has fewer items than free ones");
    if (groups.count[g] < 0) fail("the count of group " + std::to_string(g) + " is negative");
  }
  for (const std::int32_t item : groups.item)
    if (item < 0) fail("an item is negative");
}

Taken take(const ItemsetGroups& groups) {
  check(groups);
  Taken taken;
  for (const std::int32_t item : groups.item) taken.code.push_back(item);
  std::sort(taken.code.begin(), taken.code.end());
  taken.code.erase(std::unique(taken.code.begin(), taken.code.end()), taken.code.end());
  const auto& about = groups.about;
  taken.wanted.min_items = static_cast<std::uint32_t>(std::max(1, about.min_items));
  if (about.max_items > 0) taken.wanted.max_items = static_cast<std::uint32_t>(about.max_items);
  taken.wanted.baskets = static_cast<std::uint64_t>(about.baskets);
  constexpr std::size_t kChunk = 4096;
  taken.chunks.resize(groups.size() / kChunk + 1);
  std::atomic<std::size_t> memory{0};
  std::vector<std::uint32_t> items;
  for (std::size_t g = 0; g < groups.size(); ++g) {
    items.clear();
    for (auto k = groups.offset[g]; k < groups.offset[g + 1]; ++k) {
      const std::int32_t item = groups.item[static_cast<std::size_t>(k)];
      const auto place = std::lower_bound(taken.code.begin(), taken.code.end(), item);
      items.push_back(static_cast<std::uint32_t>(place - taken.code.begin()));
    }
    const auto n_base = items.size() - static_cast<std::size_t>(groups.n_free[g]);
    taken.chunks[g / kChunk].push(static_cast<std::uint64_t>(groups.count[g]),
                                  std::span(items).first(n_base), std::span(items).subspan(n_base),
                                  memory, 0);
  }
  return taken;
}

}  // namespace

Itemsets expand(const ItemsetGroups& groups, const Context& context) {
  Taken taken = take(groups);
  Itemsets result;
  result.about = groups.about;
  const sets::SortedSets sets(std::move(taken.chunks), taken.code, taken.wanted, context);
  sets.write(result, context);
  return result;
}

void for_each_chunk(const ItemsetGroups& groups, std::size_t rows,
                    const std::function<void(const Itemsets&)>& use, const Context& context) {
  if (rows == 0) throw InvalidArgument("for_each_chunk: rows is 0; write 1 or more sets per part");
  const Taken taken = take(groups);
  const sets::CodeOrder order(taken.code);
  sets::SetsOfGroup sets(order.index_of, taken.wanted);
  Itemsets part;
  part.about = groups.about;
  const auto give = [&] {
    if (context.stop.stop_requested()) throw Cancelled();
    use(part);
    part.offset.assign(1, 0);
    part.item.clear();
    part.size_of.clear();
    part.count.clear();
    part.support.clear();
  };
  for (const sets::Chunk& chunk : taken.chunks) {
    chunk.for_each([&](const sets::Group& group) {
      sets.for_each(group, [&](std::span<const std::uint32_t> set) {
        for (const std::uint32_t i : set) part.item.push_back(order.code[i]);
        part.offset.push_back(static_cast<std::int64_t>(part.item.size()));
        part.size_of.push_back(static_cast<std::int64_t>(set.size()));
        part.count.push_back(static_cast<std::int64_t>(group.count));
        part.support.push_back(static_cast<double>(group.count) /
                               static_cast<double>(groups.about.baskets));
        if (part.size() >= rows) give();
      });
    });
  }
  if (part.size() > 0) give();
}

namespace {

std::vector<Scalar> describe(const ItemsetsInfo& about, std::int64_t n_itemsets) {
  std::vector<Scalar> list;
  if (about.from_sales) list.push_back({"item", about.level, "what an item is"});
  list.push_back({"kind", std::string(to_string(about.kind)), "which of the frequent sets"});
  list.push_back({"baskets", about.baskets, "baskets looked at"});
  list.push_back({"min_count", about.min_count, "baskets a set must be in"});
  list.push_back({"n_frequent_items", about.n_frequent_items, "items in min_count baskets"});
  list.push_back({"n_itemsets", n_itemsets, "sets in the result"});
  list.push_back({"truncated", about.truncated, "whether `top` or `max_sets` left out some"});
  if (about.from_sales)
    list.push_back({"coverage", about.coverage.share(), "share of net revenue in these baskets"});
  return list;
}

}  // namespace

std::vector<Column> Itemsets::columns() const {
  std::vector<Column> list;
  if (names) list.push_back(Column::lists("names", offset, name, *names, "names of the items"));
  list.push_back(Column::lists("items", offset, item, *about.items, "ids of the items"));
  if (names) list.back().shown = false;
  list.emplace_back("n_items", size_of, "items of the set");
  list.emplace_back("count", count, "baskets with all of them");
  list.emplace_back("support", support, "count over all baskets");
  return list;
}

std::vector<Scalar> Itemsets::info() const {
  return describe(about, static_cast<std::int64_t>(size()));
}

std::vector<Scalar> DeferredItemsets::info() const {
  return describe(about, static_cast<std::int64_t>(size()));
}

std::vector<Column> ItemsetCounts::columns() const {
  std::vector<Column> list;
  list.emplace_back("n_items", n_items, "items of a set");
  list.emplace_back("n_itemsets", n_itemsets, "sets of so many items");
  return list;
}

std::vector<Scalar> ItemsetCounts::info() const { return describe(about, total); }

}  // namespace emptor::mining
