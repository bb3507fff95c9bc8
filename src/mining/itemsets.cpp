#include "emptor/mining/itemsets.hpp"

#include "emptor/core/error.hpp"
#include "emptor/data/items.hpp"

#include "core/shortest.hpp"
#include "data/words.hpp"
#include "mining/item_tree.hpp"
#include "mining/itemset_ancestors.hpp"
#include "mining/itemset_best.hpp"
#include "mining/itemset_expand.hpp"
#include "mining/itemset_found.hpp"
#include "mining/itemset_lists.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

namespace emptor::mining {
namespace {

std::size_t at(std::int64_t i) noexcept { return static_cast<std::size_t>(i); }

[[noreturn]] void fail(const std::string& what) {
  throw InvalidArgument("frequent_itemsets: " + what);
}

void check(const FrequentItemsetsOptions& options) {
  if (options.min_count < 0) {
    fail("min_count is " + std::to_string(options.min_count) +
         "; write 1 or more, or nothing for 0.1 % of the baskets");
  }
  if (!(options.min_support >= 0 && options.min_support <= 1)) {
    fail("min_support is " + core::shortest(options.min_support) +
         "; write a share of the baskets above 0 and up to 1, as 0.01");
  }
  if (options.min_count > 0 && options.min_support > 0)
    fail("min_count and min_support are both given; write one of them");
  if (options.min_items < 1) {
    fail("min_items is " + std::to_string(options.min_items) +
         "; write 1 or more: the empty set is never listed");
  }
  if (options.max_items < 0) {
    fail("max_items is " + std::to_string(options.max_items) +
         "; write how many items a set may have, 0 for no limit");
  }
  if (options.max_items > 0 && options.max_items < options.min_items) {
    fail("min_items is " + std::to_string(options.min_items) + " and max_items " +
         std::to_string(options.max_items) + "; no set can have both");
  }
  if (options.top < 0) {
    fail("top is " + std::to_string(options.top) + "; write how many sets to list, 0 for all");
  }
  if (options.max_sets < 0) {
    fail("max_sets is " + std::to_string(options.max_sets) +
         "; write how many sets may be listed at most, 0 for no bound");
  }
}

// How items are called by who asks.
struct Vocabulary {
  std::int32_t n_items = 0;
  const Dictionary* ids = nullptr;  // null: items are numbers
  const std::vector<std::string>* names = nullptr;
};

std::vector<std::int32_t> codes_of(const std::vector<std::string>& texts, const char* argument,
                                   const Vocabulary& words) {
  std::vector<std::int32_t> codes;
  for (const std::string& text : texts) {
    const std::size_t before = codes.size();
    if (words.ids == nullptr) {
      std::int32_t code = -1;
      const auto end = std::from_chars(text.data(), text.data() + text.size(), code).ptr;
      if (end == text.data() + text.size() && code >= 0 && code < words.n_items)
        codes.push_back(code);
    } else if (const std::int32_t code = words.ids->find(std::string_view(text)); code >= 0) {
      codes.push_back(code);
    }
    for (std::size_t i = 0; words.names != nullptr && i < words.names->size(); ++i)
      if ((*words.names)[i] == text) codes.push_back(static_cast<std::int32_t>(i));
    if (codes.size() > before) continue;
    const std::string what = std::string("frequent_itemsets: ") + argument + " '" +
                             text.substr(0, 40) + "' is not an item";
    if (words.ids == nullptr) {
      throw DataError(what + "; items are 0 to n_items - 1" +
                      (words.n_items > 0 ? " = " + std::to_string(words.n_items - 1) : ""));
    }
    std::vector<std::string> known;
    if (words.names != nullptr && !words.names->empty()) {
      known = *words.names;
    } else {
      for (std::int32_t c = 0; c < words.ids->size(); ++c) known.push_back(words.ids->to_string(c));
    }
    const std::string nearest = data::nearest(text, known);
    throw DataError(what + (nearest.empty() ? "; write its id or its name"
                                            : "; the nearest is '" + nearest.substr(0, 60) + "'"));
  }
  std::sort(codes.begin(), codes.end());
  codes.erase(std::unique(codes.begin(), codes.end()), codes.end());
  return codes;
}

std::uint64_t least_count(const FrequentItemsetsOptions& options, std::uint64_t baskets) {
  if (options.min_count > 0) return static_cast<std::uint64_t>(options.min_count);
  const double share = options.min_support > 0 ? options.min_support : 0.001;
  // The least whole number c with c / baskets >= share, as far as doubles can
  // tell.
  const double exact = share * static_cast<double>(baskets);
  const double count = std::ceil(exact - 1e-9 * std::max(1.0, exact));
  const double least = options.min_support > 0 ? 1 : 20;
  return static_cast<std::uint64_t>(std::max(least, count));
}

// What the search found, whatever form it is wanted in.
struct Found {
  sets::Plan plan{};
  std::vector<std::int32_t> code{};  // per item of the groups
  std::vector<sets::Chunk> chunks{};
  ItemsetsInfo about{};
};

bool holds_all(const sets::Group& group, const std::vector<std::int32_t>& code,
               const std::vector<std::int32_t>& wanted) {
  return std::all_of(wanted.begin(), wanted.end(), [&](std::int32_t item) {
    return std::any_of(group.base.begin(), group.base.end(),
                       [&](std::uint32_t rank) { return code[rank] == item; });
  });
}

// The groups for which keep(group) holds.
template <typename Keep>
std::vector<sets::Chunk> filtered(const std::vector<sets::Chunk>& chunks, const sets::Plan& plan,
                                  const Context& context, Keep keep) {
  std::vector<sets::Chunk> kept(chunks.size());
  std::atomic<std::size_t> memory{0};
  for (std::size_t c = 0; c < chunks.size(); ++c) {
    chunks[c].for_each([&](const sets::Group& group) {
      if (!keep(group)) return;
      sets::Chunk& chunk = kept[c];
      chunk.count_sizes(group.base.size(), group.free.size(), plan.min_items, plan.max_items);
      chunk.push(group.count, group.base, group.free, memory, context.memory_limit);
    });
  }
  return kept;
}

std::uint64_t number_of_sets(const std::vector<sets::Chunk>& chunks) {
  std::uint64_t n = 0;
  for (const sets::Chunk& chunk : chunks)
    for (const std::uint64_t m : chunk.n_of_size) n = sets::plus(n, m);
  return n;
}

// The count of the wanted-th set, the largest count first; there are as many.
std::uint64_t count_of_rank(const Found& found, std::uint64_t wanted) {
  std::vector<std::pair<std::uint64_t, std::uint64_t>> counts;
  for (const sets::Chunk& chunk : found.chunks) {
    chunk.for_each([&](const sets::Group& group) {
      counts.emplace_back(group.count, sets::sets_of(group.base.size(), group.free.size(),
                                                     found.plan.min_items, found.plan.max_items));
    });
  }
  std::sort(counts.begin(), counts.end(), std::greater<>());
  std::uint64_t seen = 0;
  for (const auto& [count, n] : counts) {
    seen = sets::plus(seen, n);
    if (seen >= wanted) return count;
  }
  return 0;
}

// Leaves out the least counts where max_sets bounds the number of sets.
void bound(Found& found, std::int64_t max_sets, const Context& context) {
  const auto most = static_cast<std::uint64_t>(max_sets);
  if (most == 0 || number_of_sets(found.chunks) <= most) return;
  const std::uint64_t first_left_out = count_of_rank(found, most + 1);
  found.chunks = filtered(found.chunks, found.plan, context,
                          [&](const sets::Group& group) { return group.count > first_left_out; });
  found.about.truncated = true;
  // Which sets are maximal depends on min_count itself.
  if (found.about.kind != ItemsetKind::maximal)
    found.about.min_count = static_cast<std::int64_t>(first_left_out) + 1;
}

Found find(const data::BasketsView& view, const FrequentItemsetsOptions& options,
           const Vocabulary& given, bool keep, const Context& context) {
  check(options);
  const sets::Rows rows(view);
  check_parents("frequent_itemsets", view);
  const ItemTree tree({view.parent.begin(), view.parent.end()});
  Vocabulary words = given;
  words.n_items = std::max(given.n_items, rows.n_items());
  const auto must = codes_of(options.must_contain, "must_contain", words);
  const auto exclude = codes_of(options.exclude, "exclude", words);
  std::vector<std::uint8_t> left_out(at(rows.n_items()), 0);
  for (const std::int32_t code : exclude)
    if (code < rows.n_items()) left_out[at(code)] = 1;
  for (const std::int32_t code : must) {
    if (std::binary_search(exclude.begin(), exclude.end(), code))
      fail("an item is in must_contain and in exclude; write it in one of them");
  }
  for (std::size_t k = 1; k < must.size() && !tree.empty(); ++k) {
    if (tree.related(std::span(must).first(k), must[k])) {
      fail("an item of must_contain belongs to another one; no set holds an item and its ancestor");
    }
  }
  if (options.max_items > 0 && must.size() > at(options.max_items)) {
    fail("must_contain holds " + std::to_string(must.size()) + " items, but max_items is " +
         std::to_string(options.max_items) + "; raise max_items");
  }

  Found found;
  sets::Plan& plan = found.plan;
  plan.kind = options.kind;
  plan.min_count = least_count(options, rows.total());
  plan.min_items = static_cast<std::uint32_t>(options.min_items);
  if (options.max_items > 0) plan.max_items = static_cast<std::uint32_t>(options.max_items);
  plan.keep = keep;
  found.about.kind = options.kind;
  found.about.baskets = static_cast<std::int64_t>(rows.total());
  found.about.min_count = static_cast<std::int64_t>(plan.min_count);
  found.about.min_items = options.min_items;
  found.about.max_items = options.max_items;
  if (keep) {
    const auto one_more = [](std::int64_t n) {
      return n > 0 ? static_cast<std::uint64_t>(n) + 1 : sets::kMany;
    };
    const std::uint64_t best = std::min(one_more(options.top), one_more(options.max_sets));
    if (best < sets::kMany) plan.best = best;
  }
  const bool generators = options.kind == ItemsetKind::generators;
  // Whether a set is a generator is seen in sets without the items it must
  // contain.
  const auto& base = generators ? std::vector<std::int32_t>{} : must;
  const sets::Database db = sets::make_database(rows, plan.min_count, base, left_out, context);
  found.code = db.code;
  found.code.insert(found.code.end(), db.base.begin(), db.base.end());
  found.about.n_frequent_items = static_cast<std::int64_t>(db.code.size());
  if (db.base_count >= plan.min_count && !db.base.empty())
    found.about.n_frequent_items += static_cast<std::int64_t>(db.base.size());

  if (generators) {
    sets::Plan candidates = plan;
    candidates.min_items = 1;
    candidates.keep = true;
    const auto those = [&](const std::vector<sets::Chunk>& chunks) {
      auto kept = sets::keep_generators(chunks, db.code.size(), plan, context);
      if (must.empty()) return kept;
      return filtered(kept, plan, context,
                      [&](const sets::Group& group) { return holds_all(group, found.code, must); });
    };
    found.chunks = sets::search_best(db, candidates, plan, those, context);
    return found;
  }
  found.chunks = tree.empty() ? sets::search(db, plan, context)
                              : sets::search_unrelated(db, plan, {tree, found.code, must}, context);
  return found;
}

DeferredItemsets deferred(Found&& found, const FrequentItemsetsOptions& options,
                          const Context& context) {
  bound(found, options.max_sets, context);
  DeferredItemsets result;
  result.about = std::move(found.about);
  const auto top = static_cast<std::uint64_t>(options.top);
  if (top > 0 && number_of_sets(found.chunks) > top) result.about.truncated = true;
  const sets::Wanted wanted{found.plan.min_items, found.plan.max_items, 1, top,
                            static_cast<std::uint64_t>(result.about.baskets)};
  result.found = std::make_shared<const sets::SortedSets>(std::move(found.chunks), found.code,
                                                          wanted, context);
  return result;
}

ItemsetGroups grouped(const data::BasketsView& baskets, const FrequentItemsetsOptions& options,
                      const Vocabulary& words, const Context& context) {
  if (options.top > 0)
    fail(
        "top is not for groups, which come unsorted; write max_sets, or take "
        "frequent_itemsets");
  Found found = find(baskets, options, words, true, context);
  bound(found, options.max_sets, context);
  ItemsetGroups result;
  result.n_itemsets = static_cast<std::int64_t>(number_of_sets(found.chunks));
  result.about = std::move(found.about);
  for (const sets::Chunk& chunk : found.chunks) {
    chunk.for_each([&](const sets::Group& group) {
      for (const std::uint32_t item : group.base) result.item.push_back(found.code[item]);
      for (const std::uint32_t item : group.free) result.item.push_back(found.code[item]);
      result.offset.push_back(static_cast<std::int64_t>(result.item.size()));
      result.n_free.push_back(static_cast<std::int32_t>(group.free.size()));
      result.count.push_back(static_cast<std::int64_t>(group.count));
    });
  }
  return result;
}

ItemsetCounts counted(Found&& found) {
  ItemsetCounts result;
  result.about = std::move(found.about);
  std::vector<std::uint64_t> n;
  for (const sets::Chunk& chunk : found.chunks) {
    if (n.size() < chunk.n_of_size.size()) n.resize(chunk.n_of_size.size(), 0);
    for (std::size_t s = 0; s < chunk.n_of_size.size(); ++s)
      n[s] = sets::plus(n[s], chunk.n_of_size[s]);
  }
  std::uint64_t total = 0;
  for (std::size_t s = 0; s < n.size(); ++s) {
    if (n[s] == 0) continue;
    result.n_items.push_back(static_cast<std::int64_t>(s));
    result.n_itemsets.push_back(static_cast<std::int64_t>(n[s]));
    total = sets::plus(total, n[s]);
  }
  result.total = static_cast<std::int64_t>(total);
  return result;
}

std::shared_ptr<const Dictionary> numbers(const data::BasketsView& view) {
  std::int32_t n = view.n_items;
  if (n == 0)
    for (const std::int32_t item : view.item) n = std::max(n, item + 1);
  std::vector<std::int64_t> ids(at(n));
  std::iota(ids.begin(), ids.end(), std::int64_t{0});
  return Dictionary::from_integers(std::move(ids));
}

void describe(ItemsetsInfo& about, const data::Baskets& baskets) {
  about.items = baskets.items ? baskets.items : numbers(baskets.view());
  about.names = baskets.item_names;
  about.level = baskets.level;
  about.coverage = baskets.coverage;
}

// Whether items have names beside their ids.
bool tells_more(const data::Baskets& baskets) {
  const auto& names = baskets.item_names;
  if (!baskets.items) return false;
  for (std::size_t i = 0; i < names.size(); ++i)
    if (names[i] != baskets.items->to_string(static_cast<std::int32_t>(i))) return true;
  return false;
}

Vocabulary vocabulary(const data::Baskets& baskets) {
  if (!baskets.items) return {};
  return {baskets.items->size(), baskets.items.get(),
          baskets.item_names.empty() ? nullptr : &baskets.item_names};
}

data::Baskets baskets_of(const data::Sales& sales, const FrequentItemsetsOptions& options) {
  return data::baskets(sales, {options.unit, options.item, options.goods_only, {}, options.levels});
}

}  // namespace

ItemsetKind parse_itemset_kind(std::string_view text) {
  for (const ItemsetKind kind :
       {ItemsetKind::all, ItemsetKind::closed, ItemsetKind::maximal, ItemsetKind::generators})
    if (text == to_string(kind)) return kind;
  throw InvalidArgument("kind: '" + std::string(text.substr(0, 40)) +
                        "' is not a kind of item set; write \"all\", \"closed\" (no larger set "
                        "has "
                        "the same count), \"maximal\" (no larger set is frequent) or "
                        "\"generators\" (every smaller set has a larger count)");
}

std::string_view to_string(ItemsetKind kind) noexcept {
  switch (kind) {
    case ItemsetKind::closed:
      return "closed";
    case ItemsetKind::maximal:
      return "maximal";
    case ItemsetKind::generators:
      return "generators";
    case ItemsetKind::all:
      break;
  }
  return "all";
}

DeferredItemsets deferred_itemsets(const data::BasketsView& baskets,
                                   const FrequentItemsetsOptions& options, const Context& context) {
  auto result = deferred(find(baskets, options, {}, true, context), options, context);
  result.about.items = numbers(baskets);
  return result;
}

DeferredItemsets deferred_itemsets(const data::Baskets& baskets,
                                   const FrequentItemsetsOptions& options, const Context& context) {
  auto result =
      deferred(find(baskets.view(), options, vocabulary(baskets), true, context), options, context);
  describe(result.about, baskets);
  if (!tells_more(baskets)) return result;
  result.names = Dictionary::from_texts(baskets.item_names);
  for (const std::string& name : baskets.item_names)
    result.name_of.push_back(result.names->find(std::string_view(name)));
  return result;
}

DeferredItemsets deferred_itemsets(const data::Sales& sales, const FrequentItemsetsOptions& options,
                                   const Context& context) {
  check(options);
  auto result = deferred_itemsets(baskets_of(sales, options), options, context);
  result.about.from_sales = true;
  return result;
}

Itemsets frequent_itemsets(const data::BasketsView& baskets, const FrequentItemsetsOptions& options,
                           const Context& context) {
  return deferred_itemsets(baskets, options, context).write(context);
}

Itemsets frequent_itemsets(const data::Baskets& baskets, const FrequentItemsetsOptions& options,
                           const Context& context) {
  return deferred_itemsets(baskets, options, context).write(context);
}

Itemsets frequent_itemsets(const data::Sales& sales, const FrequentItemsetsOptions& options,
                           const Context& context) {
  return deferred_itemsets(sales, options, context).write(context);
}

ItemsetCounts count_itemsets(const data::BasketsView& baskets,
                             const FrequentItemsetsOptions& options, const Context& context) {
  ItemsetCounts result = counted(find(baskets, options, {}, false, context));
  result.about.items = numbers(baskets);
  return result;
}

ItemsetCounts count_itemsets(const data::Baskets& baskets, const FrequentItemsetsOptions& options,
                             const Context& context) {
  ItemsetCounts result =
      counted(find(baskets.view(), options, vocabulary(baskets), false, context));
  describe(result.about, baskets);
  return result;
}

ItemsetCounts count_itemsets(const data::Sales& sales, const FrequentItemsetsOptions& options,
                             const Context& context) {
  check(options);
  ItemsetCounts result = count_itemsets(baskets_of(sales, options), options, context);
  result.about.from_sales = true;
  return result;
}

ItemsetGroups frequent_itemset_groups(const data::BasketsView& baskets,
                                      const FrequentItemsetsOptions& options,
                                      const Context& context) {
  ItemsetGroups result = grouped(baskets, options, {}, context);
  result.about.items = numbers(baskets);
  return result;
}

ItemsetGroups frequent_itemset_groups(const data::Baskets& baskets,
                                      const FrequentItemsetsOptions& options,
                                      const Context& context) {
  ItemsetGroups result = grouped(baskets.view(), options, vocabulary(baskets), context);
  describe(result.about, baskets);
  return result;
}

ItemsetGroups frequent_itemset_groups(const data::Sales& sales,
                                      const FrequentItemsetsOptions& options,
                                      const Context& context) {
  check(options);
  ItemsetGroups result = frequent_itemset_groups(baskets_of(sales, options), options, context);
  result.about.from_sales = true;
  return result;
}

}  // namespace emptor::mining
