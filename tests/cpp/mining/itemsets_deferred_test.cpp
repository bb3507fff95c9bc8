// Sets whose rows and columns are written when they are asked for.
#include "emptor/core/error.hpp"
#include "emptor/mining/itemsets.hpp"

#include "mining/itemset_cases.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace emptor::mining {
namespace {

using cases::random_shop;
using cases::set_of;
using cases::Shop;

template <typename T>
bool same(const std::vector<T>& part, const std::vector<T>& all, std::size_t begin) {
  return std::equal(part.begin(), part.end(), all.begin() + static_cast<std::ptrdiff_t>(begin));
}

// Rows [begin, end) of every column are those of the whole result.
void check_part(const DeferredItemsets& found, const Itemsets& all, std::size_t begin,
                std::size_t end, const Context& context) {
  const std::size_t n = end - begin;
  const Itemsets items = found.writer("items")(begin, end, context);
  ASSERT_EQ(items.offset.size(), n + 1);
  for (std::size_t i = 0; i < n; ++i) ASSERT_EQ(set_of(items, i), set_of(all, begin + i));
  EXPECT_TRUE(items.count.empty());
  const Itemsets sizes = found.writer("n_items")(begin, end, context);
  ASSERT_EQ(sizes.size_of.size(), n);
  EXPECT_TRUE(same(sizes.size_of, all.size_of, begin));
  EXPECT_TRUE(sizes.item.empty());
  const Itemsets counts = found.writer("count")(begin, end, context);
  ASSERT_EQ(counts.count.size(), n);
  EXPECT_TRUE(same(counts.count, all.count, begin));
  const Itemsets support = found.writer("support")(begin, end, context);
  ASSERT_EQ(support.support.size(), n);
  EXPECT_TRUE(same(support.support, all.support, begin));
}

void check_parts(const data::BasketsView& view, const FrequentItemsetsOptions& options,
                 core::Random& rng) {
  const Itemsets all = frequent_itemsets(view, options, {.threads = 1});
  const int threads = 1 + static_cast<int>(rng.below(3));
  const DeferredItemsets found = deferred_itemsets(view, options, {.threads = threads});
  ASSERT_EQ(found.size(), all.size());
  EXPECT_EQ(found.about.truncated, all.about.truncated);
  EXPECT_EQ(found.info().size(), all.info().size());
  EXPECT_EQ(found.none().size(), 0U);
  check_part(found, all, 0, all.size(), {.threads = threads});
  for (int look = 0; look < 6; ++look) {
    const auto begin = static_cast<std::size_t>(rng.below(all.size() + 1));
    const auto end = begin + static_cast<std::size_t>(rng.below(all.size() - begin + 1));
    check_part(found, all, begin, end, {.threads = threads});
  }
}

TEST(DeferredItemsets, HaveTheRowsOfTheResultWhateverIsAskedFor) {
  core::Random rng(7);
  for (int round = 0; round < 300; ++round) {
    const Shop shop = random_shop(rng);
    FrequentItemsetsOptions options;
    options.min_count = 1 + static_cast<std::int64_t>(rng.below(6));
    options.max_items = static_cast<int>(rng.below(4));
    options.kind = static_cast<ItemsetKind>(rng.below(4));
    if (round % 3 == 0) options.top = 1 + static_cast<std::int64_t>(rng.below(20));
    check_parts(shop.view(), options, rng);
  }
}

// A bit per item in one word or in two, items packed, and sets that are too large for that.
TEST(DeferredItemsets, HaveTheSameRowsHoweverManyItemsThereAre) {
  core::Random rng(8);
  for (const std::int32_t n_items : {40, 100, 300, 3000}) {
    Shop shop;
    for (int b = 0; b < 40; ++b) {
      std::vector<std::int32_t> items;
      for (std::int32_t i = 0; i < n_items; ++i)
        if (i < 12 || rng.uniform() < 0.02 + 3.0 / n_items) items.push_back(i);
      shop.add(items);
    }
    check_parts(shop.view(), {.min_count = 2, .max_items = 0, .top = 9000}, rng);
    check_parts(shop.view(), {.min_count = 2, .min_items = 9, .max_items = 13, .top = 5000}, rng);
  }
}

TEST(DeferredItemsets, OfLargeCountsHaveTheSameRows) {
  core::Random rng(9);
  for (int round = 0; round < 30; ++round) {
    Shop shop = random_shop(rng);
    shop.weight.assign(shop.offset.size() - 1, 0);
    for (std::int64_t& weight : shop.weight)
      weight = 3'000'000 * (1 + static_cast<int>(rng.below(3)));
    check_parts(shop.view(), {.min_count = 5'000'000, .max_items = 0}, rng);
  }
}

// Baskets are taken in by blocks; here there are several, and some hold nothing that is frequent.
TEST(DeferredItemsets, OfManyBasketsAreTheSameOnAnyNumberOfThreads) {
  core::Random rng(10);
  Shop shop;
  for (int b = 0; b < 70'000; ++b) {
    std::vector<std::int32_t> items;
    if (b < 40'000 || b > 55'000) {
      const auto n = rng.below(12);
      for (std::uint64_t k = 0; k < n; ++k)
        items.push_back(static_cast<std::int32_t>(rng.below(rng.below(200) + 1)));
    }
    std::sort(items.begin(), items.end());
    items.erase(std::unique(items.begin(), items.end()), items.end());
    shop.add(items);
  }
  std::vector<std::int64_t> alone(200, 0);
  for (const std::int32_t i : shop.item) ++alone[static_cast<std::size_t>(i)];
  const auto one = frequent_itemsets(shop.view(), {.min_count = 100}, {.threads = 1});
  std::size_t singles = 0;
  for (std::size_t i = 0; i < one.size(); ++i) {
    if (one.size_of[i] > 1) continue;
    ++singles;
    EXPECT_EQ(one.count[i], alone[static_cast<std::size_t>(set_of(one, i)[0])]);
  }
  EXPECT_EQ(singles, static_cast<std::size_t>(std::count_if(
                         alone.begin(), alone.end(), [](std::int64_t n) { return n >= 100; })));
  const auto pairs = static_cast<std::size_t>(std::find(one.size_of.begin(), one.size_of.end(), 2) -
                                              one.size_of.begin());
  ASSERT_LT(pairs, one.size());
  const auto pair = set_of(one, pairs);
  std::int64_t both = 0;
  for (std::size_t b = 0; b + 1 < shop.offset.size(); ++b)
    both += std::includes(shop.item.begin() + shop.offset[b],
                          shop.item.begin() + shop.offset[b + 1], pair.begin(), pair.end());
  EXPECT_EQ(one.count[pairs], both);
  for (const int threads : {2, 3, 8}) {
    const auto more = frequent_itemsets(shop.view(), {.min_count = 100}, {.threads = threads});
    EXPECT_EQ(more.item, one.item);
    EXPECT_EQ(more.count, one.count);
  }
}

TEST(DeferredItemsets, AreRefusedBeforeAnyIsWrittenWhereTheyAreTooMany) {
  Shop shop;
  std::vector<std::int32_t> items(22);
  for (std::size_t i = 0; i < items.size(); ++i) items[i] = static_cast<std::int32_t>(i);
  shop.add(items);
  Context context;
  context.memory_limit = 50'000'000;
  EXPECT_THROW(deferred_itemsets(shop.view(), {.min_count = 1, .max_items = 0}, context),
               MemoryLimit);
}

TEST(DeferredItemsets, OfNothingAreNone) {
  const DeferredItemsets found = deferred_itemsets(data::BasketsView{}, {.min_count = 1});
  EXPECT_EQ(found.size(), 0U);
  EXPECT_EQ(found.writer("items")(0, 0, {}).offset, std::vector<std::int64_t>{0});
  EXPECT_EQ(DeferredItemsets{}.write().size(), 0U);
}

}  // namespace
}  // namespace emptor::mining
