// The parts behind frequent_itemsets: forms of the baskets, instruction sets, numbers.
#include "mining/itemset_search.hpp"

#include "mining/itemset_bits.hpp"
#include "mining/itemset_cases.hpp"
#include "mining/itemset_expand.hpp"
#include "mining/itemset_found.hpp"
#include "mining/itemset_lists.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <utility>
#include <vector>

namespace emptor::mining::sets {
namespace {

using cases::by_hand;
using cases::random_shop;
using cases::Shop;

cases::Table mined(const Shop& shop, std::uint64_t min_count, ItemsetKind kind, Form form,
                   const BitKernel* kernel, std::uint32_t max_items) {
  const Database db = make_database(Rows(shop.view()), min_count, {}, {}, {});
  Plan plan;
  plan.kind = kind;
  plan.min_count = min_count;
  plan.max_items = max_items;
  plan.form = form;
  plan.kernel = kernel;
  auto chunks = search(db, plan, {.threads = 1});
  if (kind == ItemsetKind::generators)
    chunks = keep_generators(chunks, db.code.size(), plan, {.threads = 1});
  Itemsets sets;
  SortedSets(std::move(chunks), db.code, {1, max_items, 1, 0, db.total}, {.threads = 1})
      .write(sets, {.threads = 1});
  return cases::table(sets);
}

TEST(ItemsetSearch, FindsTheSameInRowsAndInBitsOfEveryInstructionSet) {
  core::Random rng(17);
  for (int round = 0; round < 200; ++round) {
    const Shop shop = random_shop(rng);
    const std::uint64_t min_count = 1 + rng.below(9);
    const std::uint32_t max_items =
        rng.uniform() < 0.5 ? static_cast<std::uint32_t>(1 + rng.below(4)) : 0xFFFFFFFFU;
    for (const auto kind :
         {ItemsetKind::all, ItemsetKind::closed, ItemsetKind::maximal, ItemsetKind::generators}) {
      const auto expected = by_hand(shop, static_cast<std::int64_t>(min_count), kind, 1,
                                    max_items > 100 ? 0 : static_cast<int>(max_items));
      ASSERT_EQ(mined(shop, min_count, kind, Form::rows, nullptr, max_items), expected);
      for (const BitKernel* kernel : bit_kernels())
        ASSERT_EQ(mined(shop, min_count, kind, Form::bits, kernel, max_items), expected)
            << kernel->name;
    }
  }
}

// Many baskets, so that matrices have many words and are packed.
TEST(ItemsetSearch, InstructionSetsAgreeOnManyBaskets) {
  core::Random rng(18);
  for (const bool weighted : {false, true}) {
    Shop shop;
    for (int b = 0; b < 3000; ++b) {
      std::vector<std::int32_t> items;
      for (std::int32_t i = 0; i < 12; ++i)
        if (rng.uniform() < 0.15 + 0.05 * i) items.push_back(i);
      shop.add(items);
      if (weighted) shop.weight.push_back(static_cast<std::int64_t>(1 + rng.below(9)));
    }
    for (const auto kind : {ItemsetKind::all, ItemsetKind::closed, ItemsetKind::maximal}) {
      const auto expected = by_hand(shop, 30, kind);
      EXPECT_GT(expected.size(), 50U);
      for (const BitKernel* kernel : bit_kernels()) {
        EXPECT_EQ(mined(shop, 30, kind, Form::bits, kernel, 0xFFFFFFFFU), expected) << kernel->name;
      }
      EXPECT_EQ(mined(shop, 30, kind, Form::rows, nullptr, 0xFFFFFFFFU), expected);
      EXPECT_EQ(mined(shop, 30, kind, Form::cheaper, nullptr, 0xFFFFFFFFU), expected);
    }
  }
}

// Threads take blocks in order, but the root's, which is the last, may end before another begins.
TEST(ItemsetSearch, BlocksDoNotDependOnTheOneBefore) {
  Shop shop;
  for (const auto& basket : std::vector<std::vector<std::int32_t>>{
           {0, 1, 2}, {0, 1, 2, 3}, {0, 2, 3}, {0, 1, 3}, {0, 1, 2, 3}})
    shop.add(basket);
  const Database db = make_database(Rows(shop.view()), 2, {}, {}, {});
  Plan plan;
  plan.min_count = 2;
  plan.keep = false;
  const Context context;
  Shared shared{db, plan, context, *bit_kernels().back(), {kMany, plan.min_count}};
  shared.cell_items = {1, 2};
  const auto sizes_of_last = [&](Search<ItemsetKind::all>& search) {
    Chunk chunk;
    search.begin(chunk);
    search.extend(db.lists(), 3);
    search.end();
    return chunk.n_of_size;
  };
  Search<ItemsetKind::all> fresh(shared);
  Search<ItemsetKind::all> used(shared);
  Chunk chunk;
  used.begin(chunk);
  used.root(1);
  used.end();
  EXPECT_EQ(sizes_of_last(used), sizes_of_last(fresh));
}

TEST(ItemsetSearch, WaysToChooseAreExactOrMany) {
  EXPECT_EQ(choose(5, 2), 10U);
  EXPECT_EQ(choose(5, 6), 0U);
  EXPECT_EQ(choose(0, 0), 1U);
  EXPECT_EQ(choose(62, 31), 465428353255261088U);
  EXPECT_EQ(choose(66, 33), 7219428434016265740U);
  EXPECT_EQ(choose(67, 33), kMany);
  EXPECT_EQ(choose(100000, 50000), kMany);
  EXPECT_EQ(choose(100000, 99998), 4999950000U);
  EXPECT_EQ(sets_of(0, 3, 1, 0xFFFFFFFFU), 7U);
  EXPECT_EQ(sets_of(2, 3, 1, 3), 4U);
}

}  // namespace
}  // namespace emptor::mining::sets
