#include "emptor/mining/itemset_chunks.hpp"

#include "emptor/core/error.hpp"
#include "emptor/data/make_baskets.hpp"

#include "mining/itemset_cases.hpp"

#include <gtest/gtest.h>

#include <numeric>
#include <vector>

namespace emptor::mining {
namespace {

TEST(ItemsetChunks, HoldEverySetOnceInPartsOfAnySize) {
  core::Random rng(61);
  for (int round = 0; round < 400; ++round) {
    const cases::Shop shop = cases::random_shop(rng);
    FrequentItemsetsOptions options;
    options.min_count = static_cast<std::int64_t>(1 + rng.below(8));
    options.max_items = static_cast<int>(rng.below(5));
    options.min_items = options.max_items == 1 ? 1 : static_cast<int>(1 + rng.below(2));
    options.kind = rng.uniform() < 0.7 ? ItemsetKind::all : ItemsetKind::closed;
    const auto all = cases::table(frequent_itemsets(shop.view(), options));
    const std::size_t rows = 1 + rng.below(7);
    ItemsetChunks chunks(frequent_itemset_groups(shop.view(), options));
    cases::Table found;
    for (bool last = false; !last;) {
      const Itemsets part = chunks.next(rows);
      last = part.size() < rows;
      ASSERT_LE(part.size(), rows);
      for (std::size_t i = 0; i < part.size(); ++i) {
        const auto set = cases::set_of(part, i);
        ASSERT_TRUE(found.emplace(set, part.count[i]).second);
        ASSERT_EQ(part.size_of[i], static_cast<std::int64_t>(set.size()));
      }
    }
    ASSERT_EQ(found, all) << round;
    ASSERT_EQ(chunks.next(rows).size(), 0U);
  }
}

TEST(ItemsetChunks, GiveAFewOfMoreSetsThanAnybodyCouldWriteDown) {
  cases::Shop shop;
  std::vector<std::int32_t> items(200);
  std::iota(items.begin(), items.end(), 0);
  shop.add(items);
  ItemsetChunks chunks(frequent_itemset_groups(shop.view(), {.min_count = 1, .max_items = 0}));
  EXPECT_EQ(chunks.next(1000).size(), 1000U);
  const Itemsets part = chunks.next(1000);
  EXPECT_EQ(part.size_of.front(), 2);
  Context context;
  context.stop.request_stop();
  ItemsetChunks other = chunks;
  EXPECT_THROW((void)chunks.next(1000000, context), Cancelled);
  EXPECT_EQ(chunks.next(10).item, other.next(10).item);  // as if it had not been asked
  EXPECT_THROW((void)chunks.next(0), InvalidArgument);
}

TEST(ItemsetChunks, OfBasketsHaveTheirItems) {
  const auto baskets = data::parse_baskets("tea, milk\ntea\nmilk, tea\n");
  const auto groups = frequent_itemset_groups(baskets, {.min_count = 2, .must_contain = {"tea"}});
  EXPECT_EQ(groups.n_itemsets, 2);
  ItemsetChunks chunks(groups);
  const Itemsets part = chunks.next(10);
  ASSERT_EQ(part.size(), 2U);
  const std::size_t alone = part.size_of[0] == 1 ? 0 : 1;
  const auto item = part.item[static_cast<std::size_t>(part.offset[alone])];
  EXPECT_EQ(part.about.items->to_string(item), "tea");
}

}  // namespace
}  // namespace emptor::mining
