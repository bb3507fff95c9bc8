#pragma once

#include "emptor/core/columns.hpp"
#include "emptor/core/context.hpp"
#include "emptor/core/dictionary.hpp"
#include "emptor/core/export.hpp"
#include "emptor/data/baskets.hpp"
#include "emptor/data/sales.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace emptor::mining {
namespace sets {
class SortedSets;  // private
}

/// Which of the frequent sets are wanted.
enum class ItemsetKind : std::uint8_t {
  all,        ///< every set in enough baskets
  closed,     ///< those that no larger set has the same count as
  maximal,    ///< those that no larger set is frequent of
  generators  ///< those whose every smaller set, the empty one too, has a larger count
};
/// @throws InvalidArgument that says which kinds there are.
EMPTOR_EXPORT ItemsetKind parse_itemset_kind(std::string_view text);
EMPTOR_EXPORT std::string_view to_string(ItemsetKind kind) noexcept;

struct FrequentItemsetsOptions {
  /// In how many baskets a set must be; 0: see min_support. Give one of the two, or neither: then
  /// it is 0.1 % of the baskets, and 20 at least.
  std::int64_t min_count = 0;
  double min_support = 0;  ///< in which share of the baskets a set must be; 0: see min_count
  /// "all", "closed" (no larger set has the same count), "maximal" (no larger set is frequent) or
  /// "generators" (every smaller set has a larger count). What a set is does not depend on the
  /// other options: with max_items, a closed set is still compared with sets of any size.
  ItemsetKind kind = ItemsetKind::all;
  int min_items = 1;  ///< sets of so many items or more
  int max_items = 3;  ///< sets of at most so many items; 0 is no limit
  /// At most so many sets, those of the largest counts first; 0 lists all. The search raises
  /// min_count by itself, so a small `top` is fast at any min_count; less so of maximal sets, which
  /// are told by min_count as given: it only passes by those of smaller counts.
  std::int64_t top = 0;
  /// Only sets with all of these items, given by id or name (in arrays: by number).
  std::vector<std::string> must_contain{};
  std::vector<std::string> exclude{};  ///< items to leave out, as if nobody had bought them
  /// Never more than so many sets, whatever the data; 0 is no bound. Beyond it min_count is raised
  /// to the least count that gives no more than these, so that what is listed stays complete.
  std::int64_t max_sets = 0;
  /// Of Sales alone, as what follows: the level of items, empty for products as ordered, a product
  /// column, or "auto" for the finest level whose median item has 30 buyers.
  std::string item{};
  data::BasketUnit unit = data::BasketUnit::order;  ///< what a basket is: order, day or customer
  bool goods_only = true;                           ///< leave out what is not goods, as postage
  /// Columns of products above the items, the coarsest first, as {"department", "category"}: sets
  /// then hold groups beside items, but never an item and a group it belongs to.
  std::vector<std::string> levels{};
};

/// What a result says of the search, whatever form the sets are in.
struct ItemsetsInfo {
  std::shared_ptr<const Dictionary> items{};  ///< what the codes of items stand for
  std::vector<std::string> names{};           ///< per code, of Sales; empty: none
  std::string level{};                        ///< of items: "product" or a column
  data::Coverage coverage{};
  bool from_sales = false;
  ItemsetKind kind = ItemsetKind::all;
  std::int64_t baskets = 0;           ///< by weight where baskets have one
  std::int64_t min_count = 0;         ///< as used; larger than asked for when max_sets raised it
  std::int64_t n_frequent_items = 0;  ///< items that are frequent alone
  int min_items = 1, max_items = 0;   ///< as asked for; 0 is no limit
  bool truncated = false;             ///< `top` or `max_sets` left out some
};

/// Frequent item sets, a row each: the largest count first, then the smaller set, then by ids.
/// The empty set is never among them.
struct Itemsets {
  std::vector<std::int64_t> offset{0};  ///< sets + 1: set s holds item[offset[s] .. offset[s + 1])
  std::vector<std::int32_t> item{};     ///< codes into `about.items`, ascending within a set
  std::vector<std::int64_t> size_of{};  ///< items of the set
  std::vector<std::int64_t> count{};    ///< baskets with all of them, by weight
  std::vector<double> support{};        ///< count over all baskets
  std::vector<std::int32_t> name{};     ///< per item: its code in `names`; empty without names
  std::shared_ptr<const Dictionary> names{};
  ItemsetsInfo about{};

  [[nodiscard]] std::size_t size() const noexcept { return count.size(); }
  [[nodiscard]] EMPTOR_EXPORT std::vector<Column> columns() const;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Scalar> info() const;
};

/// Frequent item sets that are found and counted, but not written down yet: whoever reads only some
/// of their rows or columns need not wait for the others, nor hold them. Copies share what was
/// found.
struct DeferredItemsets {
  /// Rows [begin, end) of Itemsets; columns that were not asked for are empty.
  using Write = std::function<Itemsets(std::size_t begin, std::size_t end, const Context&)>;

  ItemsetsInfo about{};
  std::shared_ptr<const Dictionary> names{};
  std::vector<std::int32_t> name_of{};  ///< per code of an item; empty without names
  std::shared_ptr<const sets::SortedSets> found{};

  [[nodiscard]] EMPTOR_EXPORT std::size_t size() const noexcept;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Scalar> info() const;
  /// Itemsets without a row, which have the same columns.
  [[nodiscard]] EMPTOR_EXPORT Itemsets none() const;
  /// Writes a column, "names" and "items" together; it holds no more than it needs.
  [[nodiscard]] EMPTOR_EXPORT Write writer(std::string_view column) const;
  /// All of it.
  [[nodiscard]] EMPTOR_EXPORT Itemsets write(const Context& context = {}) const;
};

/// Frequent item sets in short: where items change nothing about the count of a set, all 2^k sets
/// with and without them are one group. Of kinds other than "all" every set is its own group.
struct ItemsetGroups {
  /// Group g holds item[offset[g] .. offset[g + 1]): first those every set of it has, then
  /// n_free[g] items each of which a set may have or not.
  std::vector<std::int64_t> offset{0};
  std::vector<std::int32_t> item{};  ///< codes into `about.items`
  std::vector<std::int32_t> n_free{};
  std::vector<std::int64_t> count{};  ///< baskets with any set of the group
  /// Sets of min_items to max_items items in all groups; the largest int64 if there are more.
  std::int64_t n_itemsets = 0;
  ItemsetsInfo about{};

  [[nodiscard]] std::size_t size() const noexcept { return count.size(); }
};

/// How many frequent sets there are of each size.
struct ItemsetCounts {
  std::vector<std::int64_t> n_items{};     ///< the size, ascending
  std::vector<std::int64_t> n_itemsets{};  ///< sets of that size; the largest int64 if more
  std::int64_t total = 0;                  ///< of all sizes; the largest int64 if more
  ItemsetsInfo about{};

  [[nodiscard]] std::size_t size() const noexcept { return n_items.size(); }
  [[nodiscard]] EMPTOR_EXPORT std::vector<Column> columns() const;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Scalar> info() const;
};

/// Which sets of items are in at least min_count baskets together, with their exact counts.
///
/// With a hierarchy (`levels` of Sales, or baskets made by with_ancestors()) a group is in every
/// basket that one of its items is in, and no set holds an item and its own ancestor. Such a set is
/// closed if no more specific one has the same count, and maximal if no more specific one is
/// frequent: more specific by further items, or by an item in the place of its ancestor. Generators
/// are told by the items they leave out, as ever. `exclude` leaves out the item itself, not what it
/// belongs to.
///
/// Purchases known at the moment of `sales` count; items have their ids and names.
/// @throws InvalidArgument, DataError if orders, the column of items or an item are missing,
/// Cancelled, MemoryLimit stating what was needed.
EMPTOR_EXPORT Itemsets frequent_itemsets(const data::Sales& sales,
                                         const FrequentItemsetsOptions& options = {},
                                         const Context& context = {});
/// On baskets with ids.
EMPTOR_EXPORT Itemsets frequent_itemsets(const data::Baskets& baskets,
                                         const FrequentItemsetsOptions& options = {},
                                         const Context& context = {});
/// The kernel; the items of the result are 0 .. n_items - 1. Items of a basket may come in any
/// order and repeated.
EMPTOR_EXPORT Itemsets frequent_itemsets(const data::BasketsView& baskets,
                                         const FrequentItemsetsOptions& options = {},
                                         const Context& context = {});

/// The same, found and counted, and known to fit; rows and columns are written when they are asked
/// for.
EMPTOR_EXPORT DeferredItemsets deferred_itemsets(const data::Sales& sales,
                                                 const FrequentItemsetsOptions& options = {},
                                                 const Context& context = {});
EMPTOR_EXPORT DeferredItemsets deferred_itemsets(const data::Baskets& baskets,
                                                 const FrequentItemsetsOptions& options = {},
                                                 const Context& context = {});
EMPTOR_EXPORT DeferredItemsets deferred_itemsets(const data::BasketsView& baskets,
                                                 const FrequentItemsetsOptions& options = {},
                                                 const Context& context = {});

/// The same sets as groups, which needs neither the time nor the memory to write every set down.
/// They come in the order of the search, the same on any number of threads. `top` is not for
/// groups.
EMPTOR_EXPORT ItemsetGroups frequent_itemset_groups(const data::BasketsView& baskets,
                                                    const FrequentItemsetsOptions& options = {},
                                                    const Context& context = {});
/// On baskets with ids, and on Sales.
EMPTOR_EXPORT ItemsetGroups frequent_itemset_groups(const data::Baskets& baskets,
                                                    const FrequentItemsetsOptions& options = {},
                                                    const Context& context = {});
EMPTOR_EXPORT ItemsetGroups frequent_itemset_groups(const data::Sales& sales,
                                                    const FrequentItemsetsOptions& options = {},
                                                    const Context& context = {});
/// Writes down every set of the groups, sorted. @throws MemoryLimit before it begins.
EMPTOR_EXPORT Itemsets expand(const ItemsetGroups& groups, const Context& context = {});
/// Writes down the sets in the order of the groups, `rows` at a time, and gives each part to
/// `use`: as many sets as there are, in the memory of one part.
EMPTOR_EXPORT void for_each_chunk(const ItemsetGroups& groups, std::size_t rows,
                                  const std::function<void(const Itemsets&)>& use,
                                  const Context& context = {});

/// How many frequent sets there are, by size, without writing any of them down.
EMPTOR_EXPORT ItemsetCounts count_itemsets(const data::Sales& sales,
                                           const FrequentItemsetsOptions& options = {},
                                           const Context& context = {});
EMPTOR_EXPORT ItemsetCounts count_itemsets(const data::Baskets& baskets,
                                           const FrequentItemsetsOptions& options = {},
                                           const Context& context = {});
EMPTOR_EXPORT ItemsetCounts count_itemsets(const data::BasketsView& baskets,
                                           const FrequentItemsetsOptions& options = {},
                                           const Context& context = {});

}  // namespace emptor::mining
