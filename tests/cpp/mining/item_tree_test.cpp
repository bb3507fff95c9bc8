// Item sets and rules of items that belong to each other, by their definitions.

#include "mining/item_tree.hpp"

#include "emptor/core/error.hpp"
#include "emptor/mining/bought_together.hpp"
#include "emptor/mining/itemsets.hpp"

#include "mining/itemset_ancestors.hpp"
#include "mining/itemset_bits.hpp"
#include "mining/itemset_cases.hpp"
#include "mining/itemset_lists.hpp"
#include "mining/tree_shops.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <set>
#include <string>
#include <vector>

namespace emptor::mining {
namespace {

using cases::Table;
using trees::implies;
using trees::Set;
using trees::TreeShop;

TEST(ItemTree, KnowsWhatBelongsToWhat) {
  core::Random rng(3);
  for (int round = 0; round < 2000; ++round) {
    const TreeShop shop = trees::random_shop(rng, 12, 2);
    const ItemTree tree(shop.parent);
    std::uint32_t depth = 0;
    for (std::int32_t a = 0; a < shop.n_items(); ++a) {
      std::uint32_t steps = 0;
      for (std::int32_t i = a; i >= 0; i = shop.up(i)) ++steps;
      depth = std::max(depth, steps);
      std::size_t below = 0;
      for (std::int32_t b = 0; b < shop.n_items(); ++b) {
        ASSERT_EQ(tree.covers(a, b), shop.below(b, a));
        ASSERT_EQ(tree.related(a, b), shop.related(a, b));
        below += shop.below(b, a) ? 1 : 0;
      }
      ASSERT_EQ(tree.end(a) - tree.begin(a), below);
      ASSERT_EQ(tree.is_group(a), below > 1);
    }
    ASSERT_EQ(tree.depth(), depth);
  }
}

TEST(ItemTree, GeneralSetsAreAllWithAnAncestorInThePlaceOfAnItem) {
  core::Random rng(4);
  for (int round = 0; round < 1000; ++round) {
    const TreeShop shop = trees::random_shop(rng, 8, 2);
    const ItemTree tree(shop.parent);
    const auto sets = trees::unrelated_sets(shop);
    const Set& set = sets[rng.below(sets.size())];
    const Set apart{static_cast<std::int32_t>(rng.below(shop.parent.size()))};
    for (const bool may_leave_out : {true, false}) {
      std::set<Set> found;
      for_each_general(tree, set, apart, may_leave_out, [&](auto general, auto left_out) {
        const Set one(general.begin(), general.end());
        for (const std::int32_t i : set) {  // left out is what nothing of the general set covers
          const bool covered =
              std::any_of(one.begin(), one.end(), [&](std::int32_t g) { return shop.below(i, g); });
          ASSERT_EQ(std::count(left_out.begin(), left_out.end(), i), covered ? 0 : 1);
        }
        ASSERT_TRUE(found.insert(one).second);
      });
      std::set<Set> expected;
      for (const Set& other : sets) {
        if (!implies(shop, set, other)) continue;
        const bool part = std::includes(set.begin(), set.end(), other.begin(), other.end());
        const bool all = std::all_of(set.begin(), set.end(), [&](std::int32_t i) {
          return std::any_of(other.begin(), other.end(), [&](auto g) { return shop.below(i, g); });
        });
        const bool near = std::any_of(other.begin(), other.end(), [&](std::int32_t g) {
          return std::find(set.begin(), set.end(), g) == set.end() && shop.related(g, apart[0]);
        });
        if (!part && !near && (may_leave_out || all)) expected.insert(other);
      }
      ASSERT_EQ(found, expected) << round;
    }
  }
}

// The sets of a kind, as the definitions say.
Table by_hand(const TreeShop& shop, const FrequentItemsetsOptions& options, const Set& must,
              const Set& exclude) {
  const auto has = [](const Set& set, std::int32_t i) {
    return std::find(set.begin(), set.end(), i) != set.end();
  };
  std::vector<Set> sets;
  std::vector<std::int64_t> count;
  for (const Set& set : trees::unrelated_sets(shop)) {
    if (std::any_of(set.begin(), set.end(), [&](auto i) { return has(exclude, i); })) continue;
    sets.push_back(set);
    count.push_back(shop.count(set));
  }
  const std::int64_t all = shop.count({});
  Table found;
  for (std::size_t s = 0; s < sets.size(); ++s) {
    if (count[s] < options.min_count) continue;
    bool wanted = true;
    for (std::size_t t = 0; t < sets.size(); ++t) {
      if (t == s) continue;
      const bool more_specific = implies(shop, sets[t], sets[s]);
      if (more_specific && options.kind == ItemsetKind::closed) {
        wanted = wanted && count[t] < count[s];
      }
      if (more_specific && options.kind == ItemsetKind::maximal) {
        wanted = wanted && count[t] < options.min_count;
      }
      if (options.kind == ItemsetKind::generators &&
          std::includes(sets[s].begin(), sets[s].end(), sets[t].begin(), sets[t].end())) {
        wanted = wanted && count[t] > count[s];
      }
    }
    if (options.kind == ItemsetKind::generators) wanted = wanted && all > count[s];
    const auto size = static_cast<int>(sets[s].size());
    if (size < options.min_items || (options.max_items > 0 && size > options.max_items)) continue;
    if (!std::all_of(must.begin(), must.end(), [&](auto i) { return has(sets[s], i); })) continue;
    if (wanted) found[sets[s]] = count[s];
  }
  return found;
}

TEST(ItemTree, ItemSetsEqualCountingByHandForEveryKindAndOption) {
  core::Random rng(5);
  std::size_t listed = 0;
  for (int round = 0; round < 1500; ++round) {
    const TreeShop shop = trees::random_shop(rng, 8, 40);
    FrequentItemsetsOptions options;
    options.min_count = static_cast<std::int64_t>(1 + rng.below(8));
    options.max_items = static_cast<int>(rng.below(4));
    options.min_items = options.max_items == 1 ? 1 : static_cast<int>(1 + rng.below(2));
    Set must;
    Set exclude;
    for (std::int32_t i = 0; i < shop.n_items(); ++i) {
      if (rng.uniform() < 0.04) {
        must.push_back(i);
      } else if (rng.uniform() < 0.04) {
        exclude.push_back(i);
      }
    }
    if (!shop.unrelated(must) ||
        (options.max_items > 0 && must.size() > static_cast<std::size_t>(options.max_items))) {
      must.clear();
    }
    for (const std::int32_t i : must) options.must_contain.push_back(std::to_string(i));
    for (const std::int32_t i : exclude) options.exclude.push_back(std::to_string(i));
    for (const ItemsetKind kind :
         {ItemsetKind::all, ItemsetKind::closed, ItemsetKind::maximal, ItemsetKind::generators}) {
      options.kind = kind;
      options.top = 0;
      const Table expected = by_hand(shop, options, must, exclude);
      const auto found = frequent_itemsets(shop.view(), options);
      ASSERT_EQ(cases::table(found), expected) << round << ' ' << to_string(kind);
      ASSERT_EQ(count_itemsets(shop.view(), options).total,
                static_cast<std::int64_t>(expected.size()));
      const auto groups = frequent_itemset_groups(shop.view(), options);
      ASSERT_EQ(groups.n_itemsets, static_cast<std::int64_t>(expected.size()));
      ASSERT_EQ(expand(groups).item, found.item);
      listed += found.size();
      if (found.size() == 0) continue;
      options.top = static_cast<std::int64_t>(1 + rng.below(found.size()));
      const auto top = frequent_itemsets(shop.view(), options);
      ASSERT_EQ(top.size(), static_cast<std::size_t>(options.top));
      ASSERT_EQ(top.about.truncated, top.size() < found.size());
      ASSERT_TRUE(std::equal(top.item.begin(), top.item.end(), found.item.begin())) << round;
    }
  }
  EXPECT_GT(listed, 15000U);
}

TEST(ItemTree, ItemSetsAreTheSameOnAnyNumberOfThreads) {
  core::Random rng(6);
  TreeShop shop;
  for (std::int32_t i = 0; i < 60; ++i) shop.parent.push_back(i < 5 ? -1 : i < 20 ? i % 5 : i % 20);
  for (int b = 0; b < 3000; ++b) {
    Set items;
    for (std::int32_t i = 20; i < 60; ++i) {
      if (rng.uniform() < 0.12) items.push_back(i);
    }
    shop.add(items);
  }
  for (const ItemsetKind kind : {ItemsetKind::all, ItemsetKind::closed, ItemsetKind::maximal}) {
    const FrequentItemsetsOptions options{.min_count = 40, .kind = kind, .max_items = 3};
    const auto one = frequent_itemsets(shop.view(), options, {.threads = 1});
    EXPECT_GT(one.size(), 1000U);
    for (const int threads : {2, 3, 8}) {
      const auto many = frequent_itemsets(shop.view(), options, {.threads = threads});
      EXPECT_EQ(many.item, one.item);
      EXPECT_EQ(many.count, one.count);
    }
  }
}

// Sets of unrelated items by a form of the baskets and an instruction set; `best`: of the largest
// counts, 0 for all.
Table mined(const TreeShop& shop, const sets::Plan& plan) {
  const sets::Database db =
      sets::make_database(sets::Rows(shop.view()), plan.min_count, {}, {}, {});
  const ItemTree tree(shop.parent);
  const auto chunks = sets::search_unrelated(db, plan, {tree, db.code, {}}, {.threads = 1});
  Table found;
  for (const sets::Chunk& chunk : chunks) {
    chunk.for_each([&](const sets::Group& group) {
      for (std::uint32_t some = 0; some < 1U << group.free.size(); ++some) {
        Set items;
        for (const auto i : group.base) items.push_back(db.code[i]);
        for (std::size_t k = 0; k < group.free.size(); ++k)
          if ((some >> k & 1U) != 0) items.push_back(db.code[group.free[k]]);
        std::sort(items.begin(), items.end());
        if (items.empty() || items.size() > plan.max_items) continue;
        EXPECT_TRUE(found.emplace(items, static_cast<std::int64_t>(group.count)).second);
      }
    });
  }
  return found;
}

// The `n` sets of the largest counts, and all of the least of these counts.
Table best_of(const Table& all, std::size_t n) {
  std::vector<std::int64_t> counts;
  for (const auto& [set, count] : all) counts.push_back(count);
  std::sort(counts.rbegin(), counts.rend());
  Table best;
  for (const auto& [set, count] : all)
    if (n > 0 && !counts.empty() && count >= counts[std::min(n, counts.size()) - 1])
      best[set] = count;
  return best;
}

TEST(ItemTree, ItemSetsAreTheSameInRowsAndInBitsOfEveryInstructionSet) {
  core::Random rng(7);
  for (int round = 0; round < 150; ++round) {
    const TreeShop shop = trees::random_shop(rng, 9, 200);
    sets::Plan plan;
    plan.min_count = 1 + rng.below(9);
    if (rng.uniform() < 0.5) plan.max_items = static_cast<std::uint32_t>(1 + rng.below(3));
    const FrequentItemsetsOptions options{
        .min_count = static_cast<std::int64_t>(plan.min_count),
        .max_items = plan.max_items > 100 ? 0 : static_cast<int>(plan.max_items)};
    for (const auto kind : {ItemsetKind::all, ItemsetKind::closed, ItemsetKind::maximal}) {
      plan.kind = kind;
      auto asked = options;
      asked.kind = kind;
      const Table expected = by_hand(shop, asked, {}, {});
      for (const std::uint64_t best : {std::uint64_t{0}, 1 + rng.below(20)}) {
        plan.best = best;
        const auto agrees = [&](sets::Form form, const sets::BitKernel* kernel) {
          plan.form = form;
          plan.kernel = kernel;
          const Table found = mined(shop, plan);
          if (best == 0) return found == expected;
          return best_of(found, best) == best_of(expected, best);
        };
        ASSERT_TRUE(agrees(sets::Form::rows, nullptr)) << round << ' ' << to_string(kind);
        for (const sets::BitKernel* kernel : sets::bit_kernels())
          ASSERT_TRUE(agrees(sets::Form::bits, kernel)) << kernel->name << ' ' << to_string(kind);
      }
    }
  }
}

// Many baskets, so that matrices have many words and are packed.
TEST(ItemTree, InstructionSetsAgreeOnManyBaskets) {
  core::Random rng(8);
  TreeShop shop;
  for (std::int32_t i = 0; i < 18; ++i)
    shop.parent.push_back(i < 2 ? -1 : i < 6 ? i % 2 : 2 + i % 4);
  for (int b = 0; b < 3000; ++b) {
    Set items;
    for (std::int32_t i = 6; i < 18; ++i)
      if (rng.uniform() < 0.1 + 0.02 * i) items.push_back(i);
    shop.add(items);
  }
  for (const auto kind : {ItemsetKind::all, ItemsetKind::closed, ItemsetKind::maximal}) {
    sets::Plan plan;
    plan.kind = kind;
    plan.min_count = 60;
    plan.max_items = 4;
    plan.form = sets::Form::rows;
    const Table expected = mined(shop, plan);
    EXPECT_GT(expected.size(), 100U);
    plan.form = sets::Form::bits;
    for (const sets::BitKernel* kernel : sets::bit_kernels()) {
      plan.kernel = kernel;
      plan.best = 0;
      EXPECT_EQ(mined(shop, plan), expected) << kernel->name;
      plan.best = 30;
      EXPECT_EQ(best_of(mined(shop, plan), 30), best_of(expected, 30)) << kernel->name;
    }
  }
}

std::string refusal(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST(ItemTree, BadInputIsAnswered) {
  TreeShop shop;
  shop.parent = {1, -1, -1};
  shop.add({0});
  shop.add({2});
  data::BasketsView view = shop.view();
  const auto says = [&](const std::vector<std::int32_t>& parent) {
    view.parent = parent;
    return refusal([&] { (void)frequent_itemsets(view, {.min_count = 1}); });
  };
  EXPECT_EQ(says({1, -1}),
            "frequent_itemsets: parent has 2 entries for 3 items; write one per item, -1 for none");
  EXPECT_EQ(says({3, -1, -1}),
            "frequent_itemsets: a parent is 3; items are 0 to n_items - 1 = 2, -1 is none");
  EXPECT_EQ(says({1, 0, -1}), "frequent_itemsets: item 0 is its own ancestor");
  EXPECT_EQ(says({1, -1, 1}),
            "frequent_itemsets: basket 1 holds item 2 but not its parent 1; make baskets by "
            "with_ancestors()");
  view = shop.view();
  EXPECT_EQ(refusal([&] {
              (void)frequent_itemsets(view, {.min_count = 1, .must_contain = {"0", "1"}});
            }),
            "frequent_itemsets: an item of must_contain belongs to another one; no set holds an "
            "item and its ancestor");
  EXPECT_EQ(refusal([&] { (void)bought_together(view, {}); }),
            "bought_together: takes no hierarchy; write association_rules with max_items = 2");
}

}  // namespace
}  // namespace emptor::mining
