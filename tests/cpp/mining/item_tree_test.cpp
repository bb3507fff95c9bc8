// Item sets and rules of items that belong to each other, by their definitions.

#include "mining/item_tree.hpp"

#include "emptor/core/error.hpp"
#include "emptor/mining/bought_together.hpp"
#include "emptor/mining/itemsets.hpp"

#include "mining/itemset_cases.hpp"
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
