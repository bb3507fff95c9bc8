#include "emptor/mining/itemsets.hpp"

#include "emptor/core/error.hpp"

#include "mining/itemset_cases.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <map>
#include <numeric>
#include <string>
#include <thread>
#include <tuple>
#include <vector>

namespace emptor::mining {
namespace {

using cases::by_hand;
using cases::random_shop;
using cases::read_fimi;
using cases::set_of;
using cases::Shop;
using cases::table;

constexpr std::array kKinds{ItemsetKind::all, ItemsetKind::closed, ItemsetKind::maximal,
                            ItemsetKind::generators};

TEST(Itemsets, OfASmallShopAreAsInTheTextbook) {
  // Zaki and Meira, Data Mining and Analysis (2014), figure 8.1: ABDE BCE ABDE ABCE ABCDE BCD.
  Shop shop;
  for (const auto& basket : std::vector<std::vector<std::int32_t>>{
           {0, 1, 3, 4}, {1, 2, 4}, {0, 1, 3, 4}, {0, 1, 2, 4}, {0, 1, 2, 3, 4}, {1, 2, 3}})
    shop.add(basket);
  const auto all = frequent_itemsets(shop.view(), {.min_count = 3, .max_items = 0});
  EXPECT_EQ(all.size(), 19U);  // their table 8.1
  EXPECT_EQ(set_of(all, 0), std::vector<std::int32_t>{1});
  EXPECT_EQ(all.count[0], 6);
  EXPECT_DOUBLE_EQ(all.support[0], 1.0);
  const auto maximal = frequent_itemsets(
      shop.view(), {.min_count = 3, .kind = ItemsetKind::maximal, .max_items = 0});
  EXPECT_EQ(table(maximal), (cases::Table{{{0, 1, 3, 4}, 3}, {{1, 2, 4}, 3}}));
  const auto closed =
      frequent_itemsets(shop.view(), {.min_count = 3, .kind = ItemsetKind::closed, .max_items = 0});
  EXPECT_EQ(table(closed), (cases::Table{{{1}, 6},
                                         {{1, 4}, 5},
                                         {{0, 1, 4}, 4},
                                         {{1, 2}, 4},
                                         {{1, 3}, 4},
                                         {{0, 1, 3, 4}, 3},
                                         {{1, 2, 4}, 3}}));
}

TEST(Itemsets, EqualCountingByHandForEveryKindAndOption) {
  core::Random rng(41);
  for (int round = 0; round < 500; ++round) {
    const Shop shop = random_shop(rng);
    FrequentItemsetsOptions options;
    options.min_count = static_cast<std::int64_t>(1 + rng.below(12));
    options.max_items = static_cast<int>(rng.below(5));
    options.min_items = options.max_items == 1 || rng.uniform() < 0.6
                            ? 1
                            : static_cast<int>(1 + rng.below(options.max_items == 0 ? 3 : 2));
    std::vector<std::int32_t> must;
    std::vector<std::int32_t> exclude;
    for (std::int32_t i = 0; i < shop.n_items; ++i) {
      if (rng.uniform() < 0.05) {
        must.push_back(i);
      } else if (rng.uniform() < 0.05) {
        exclude.push_back(i);
      }
    }
    if (options.max_items > 0 && must.size() > static_cast<std::size_t>(options.max_items))
      must.clear();
    for (const std::int32_t i : must) options.must_contain.push_back(std::to_string(i));
    for (const std::int32_t i : exclude) options.exclude.push_back(std::to_string(i));
    for (const ItemsetKind kind : kKinds) {
      options.kind = kind;
      const auto expected = by_hand(shop, options.min_count, kind, options.min_items,
                                    options.max_items, must, exclude);
      const auto found = frequent_itemsets(shop.view(), options);
      ASSERT_EQ(found.size(), expected.size()) << round << ' ' << to_string(kind);
      ASSERT_EQ(table(found), expected) << round << ' ' << to_string(kind);
      const auto groups = frequent_itemset_groups(shop.view(), options);
      ASSERT_EQ(groups.n_itemsets, static_cast<std::int64_t>(expected.size()));
      const auto written = expand(groups);
      ASSERT_EQ(written.item, found.item);
      ASSERT_EQ(written.count, found.count);
      cases::Table streamed;
      for_each_chunk(groups, 3, [&](const Itemsets& part) {
        ASSERT_LE(part.size(), 3U);
        streamed.merge(table(part));
      });
      ASSERT_EQ(streamed, expected);
      const auto counts = count_itemsets(shop.view(), options);
      ASSERT_EQ(counts.total, static_cast<std::int64_t>(expected.size()));
      std::map<std::int64_t, std::int64_t> by_size;
      for (const auto& [set, count] : expected) ++by_size[static_cast<std::int64_t>(set.size())];
      ASSERT_EQ(counts.size(), by_size.size());
      for (std::size_t i = 0; i < counts.size(); ++i)
        ASSERT_EQ(counts.n_itemsets[i], by_size[counts.n_items[i]]);
    }
  }
}

TEST(Itemsets, ComeWithTheLargestCountFirstThenTheSmallerSetThenByIds) {
  core::Random rng(7);
  for (int round = 0; round < 50; ++round) {
    const Shop shop = random_shop(rng);
    const auto sets = frequent_itemsets(shop.view(), {.min_count = 2, .max_items = 0});
    for (std::size_t i = 1; i < sets.size(); ++i) {
      const auto key = [&](std::size_t row) {
        return std::tuple(-sets.count[row], sets.size_of[row], set_of(sets, row));
      };
      ASSERT_LT(key(i - 1), key(i));
      ASSERT_EQ(sets.size_of[i], static_cast<std::int64_t>(set_of(sets, i).size()));
    }
  }
}

void expect_sorted(const Itemsets& sets) {
  for (std::size_t i = 1; i < sets.size(); ++i) {
    const auto key = [&](std::size_t row) {
      return std::tuple(-sets.count[row], sets.size_of[row], set_of(sets, row));
    };
    ASSERT_LT(key(i - 1), key(i));
  }
}

// More sets of one count and size than are sorted at once, sets longer than fit two words, and
// items too many for a bit each.
TEST(Itemsets, AreSortedWhateverTheirNumberAndSize) {
  core::Random rng(9);
  Shop wide;
  for (int b = 0; b < 4000; ++b) {
    std::vector<std::int32_t> items;
    for (int k = 0; k < 9; ++k) items.push_back(static_cast<std::int32_t>(rng.below(300)) * 7);
    wide.add(items);
  }
  const auto pairs = frequent_itemsets(wide.view(), {.min_count = 2, .max_items = 0});
  EXPECT_GT(pairs.size(), 20000U);
  expect_sorted(pairs);

  Shop deep;
  std::vector<std::int32_t> common;
  for (std::int32_t i = 0; i < 16; ++i) common.push_back(i * 37);
  for (std::int32_t b = 0; b < 300; ++b) {
    deep.add({static_cast<std::int32_t>(601 + b % 100)});
    if (b < 8) deep.add(common);
    common[static_cast<std::size_t>(b % 16)] ^= 1;
  }
  const auto sets = frequent_itemsets(deep.view(), {.min_count = 1, .max_items = 0});
  EXPECT_GT(sets.size(), 65000U);
  EXPECT_EQ(*std::max_element(sets.size_of.begin(), sets.size_of.end()), 16);
  expect_sorted(sets);
  EXPECT_EQ(static_cast<std::int64_t>(sets.size()),
            count_itemsets(deep.view(), {.min_count = 1, .max_items = 0}).total);

  Shop group;  // more items in a group than a word has bits
  std::vector<std::int32_t> all(80);
  std::iota(all.begin(), all.end(), 0);
  group.add(all);
  group.add({1, 3});
  const auto two = frequent_itemsets(group.view(), {.min_count = 1, .max_items = 2});
  EXPECT_EQ(two.size(), 80U + 80 * 79 / 2);
  expect_sorted(two);
}

// Up to 64 items a set is a word of bits, up to 128 two words, beyond that its items packed.
TEST(Itemsets, AreTheSameHoweverManyItemsThereAre) {
  core::Random rng(10);
  for (const std::int32_t n_items : {62, 63, 64, 65, 66, 126, 127, 128, 129, 130}) {
    Shop shop;
    std::map<std::vector<std::int32_t>, std::int64_t> count;
    for (std::int32_t i = 0; i < n_items; ++i) {
      shop.add({i});
      ++count[{i}];
    }
    for (std::int64_t b = 0; b < 60; ++b) {
      std::vector<std::int32_t> items;
      while (items.size() < 7) {
        const auto item = static_cast<std::int32_t>(rng.below(static_cast<std::uint64_t>(n_items)));
        if (std::find(items.begin(), items.end(), item) == items.end()) items.push_back(item);
      }
      std::sort(items.begin(), items.end());
      for (std::int64_t times = 0; times < 1 + b % 3; ++times) shop.add(items);
      for (unsigned part = 1; part < 128; ++part) {
        std::vector<std::int32_t> set;
        for (unsigned k = 0; k < 7; ++k)
          if ((part >> k & 1U) != 0) set.push_back(items[k]);
        count[set] += 1 + b % 3;
      }
    }
    for (const int threads : {1, 3}) {
      const auto sets =
          frequent_itemsets(shop.view(), {.min_count = 1, .max_items = 0}, {.threads = threads});
      EXPECT_EQ(table(sets), cases::Table(count.begin(), count.end())) << n_items;
      expect_sorted(sets);
    }
  }
}

TEST(Itemsets, TopAreTheFirstRowsAndMaxSetsEndsWithAWholeCount) {
  core::Random rng(8);
  for (int round = 0; round < 300; ++round) {
    const Shop shop = random_shop(rng);
    for (const ItemsetKind kind : kKinds) {
      FrequentItemsetsOptions options{.min_count = 2, .kind = kind, .max_items = 0};
      const auto all = frequent_itemsets(shop.view(), options);
      const auto wanted = static_cast<std::int64_t>(1 + rng.below(40));
      options.top = wanted;
      const auto top = frequent_itemsets(shop.view(), options);
      const std::size_t n = std::min(all.size(), static_cast<std::size_t>(wanted));
      ASSERT_EQ(top.size(), n);
      ASSERT_EQ(top.about.truncated, all.size() > n);
      ASSERT_TRUE(std::equal(top.item.begin(), top.item.end(), all.item.begin()));
      ASSERT_TRUE(std::equal(top.count.begin(), top.count.end(), all.count.begin()));
      options.top = 0;
      options.max_sets = wanted;
      const auto most = frequent_itemsets(shop.view(), options);
      ASSERT_LE(most.size(), static_cast<std::size_t>(wanted));
      ASSERT_EQ(most.about.truncated, all.size() > n);
      ASSERT_TRUE(std::equal(most.item.begin(), most.item.end(), all.item.begin()));
      if (!most.about.truncated) {
        ASSERT_EQ(most.size(), all.size());
        continue;
      }
      const std::size_t next = most.size();  // the first left out, with a count of its own
      ASSERT_TRUE(next == 0 || all.count[next - 1] > all.count[next]);
      ASSERT_EQ(all.count[next], all.count[static_cast<std::size_t>(wanted)]);
      if (kind == ItemsetKind::maximal) continue;
      ASSERT_EQ(most.about.min_count, all.count[next] + 1);
      ASSERT_EQ(table(most), by_hand(shop, most.about.min_count, kind));
    }
  }
}

struct Oracle {
  const char* file;
  std::int64_t min_count, all, closed, maximal;
};

// Counts on which three or more programs of FIMI'04 agree, without the empty set.
TEST(Itemsets, HaveTheCountsOfTheFimiWorkshop) {
  std::string file;
  Shop shop;
  for (const Oracle& oracle : {Oracle{"T10I4D100K.dat", 1000, 385, 385, 370},
                               {"T10I4D100K.dat", 100, 27532, 26806, 4054},
                               {"T10I4D100K.dat", 10, 411365, 283397, 127264},
                               {"retail.dat", 100, 6451, 6438, 2962},
                               {"retail.dat", 10, 189400, 159396, 62996},
                               {"retail.dat", 5, 1506775, 504142, 212923},
                               {"mushroom.dat", 2000, 6623, 728, 98},
                               {"mushroom.dat", 500, 1442503, 9864, 1234},
                               {"mushroom.dat", 100, 66076585, 45944, 5776},
                               {"chess.dat", 2000, 166580, 68967, 2419},
                               {"chess.dat", 1500, 2076329, 549872, 16303}}) {
    if (file != oracle.file) {
      file = oracle.file;
      shop = {};
      if (!read_fimi(file, shop)) GTEST_SKIP() << "no ../shared/data/baskets";
    }
    FrequentItemsetsOptions options{.min_count = oracle.min_count, .max_items = 0};
    EXPECT_EQ(count_itemsets(shop.view(), options).total, oracle.all) << oracle.file;
    options.kind = ItemsetKind::closed;
    EXPECT_EQ(count_itemsets(shop.view(), options).total, oracle.closed) << oracle.file;
    options.kind = ItemsetKind::maximal;
    EXPECT_EQ(count_itemsets(shop.view(), options).total, oracle.maximal) << oracle.file;
  }
}

TEST(Itemsets, AnItemInEveryBasketIsASetAndPartOfSets) {
  Shop shop;  // item 85 of mushroom.dat, which PyFIM loses
  if (!read_fimi("mushroom.dat", shop)) GTEST_SKIP() << "no ../shared/data/baskets";
  const auto sets = frequent_itemsets(shop.view(), {.min_count = 8124, .max_items = 0});
  ASSERT_EQ(sets.size(), 1U);
  EXPECT_EQ(set_of(sets, 0), std::vector<std::int32_t>{85});
  EXPECT_EQ(frequent_itemsets(shop.view(), {.min_count = 1000, .max_items = 0}).size(), 123277U);
}

// Baskets with nothing but what every set must contain, and what is left out.
TEST(Itemsets, MustContainCountsBasketsThatHoldNothingElse) {
  core::Random rng(8);
  Shop shop;
  for (int b = 0; b < 60; ++b) {
    std::vector<std::int32_t> items;
    for (std::int32_t i = 0; b % 6 > 0 && i < 8; ++i) {
      if (rng.uniform() < 0.5) items.push_back(i);
    }
    if (b % 3 == 0) items.push_back(8);
    items.push_back(9);
    shop.add(items);
  }
  for (const int max_items : {0, 3}) {
    const auto sets = frequent_itemsets(
        shop.view(),
        {.min_count = 5, .max_items = max_items, .must_contain = {"9"}, .exclude = {"8"}});
    EXPECT_EQ(table(sets), by_hand(shop, 5, ItemsetKind::all, 1, max_items, {9}, {8}));
    EXPECT_EQ(count_itemsets(
                  shop.view(),
                  {.min_count = 5, .max_items = max_items, .must_contain = {"9"}, .exclude = {"8"}})
                  .total,
              static_cast<std::int64_t>(sets.size()));
  }
}

TEST(Itemsets, DoNotDependOnTheOrderOfRowsOrTheNumberOfThreads) {
  Shop shop;
  core::Random rng(3);
  for (int b = 0; b < 3000; ++b) {
    std::vector<std::int32_t> items;
    for (std::int32_t i = 0; i < 60; ++i)
      if (rng.uniform() < 0.25 / (1 + i % 7)) items.push_back(i);
    shop.add(items);
  }
  Shop turned;
  for (std::size_t b = shop.offset.size() - 1; b > 0; --b) {
    std::vector<std::int32_t> items(shop.item.begin() + shop.offset[b - 1],
                                    shop.item.begin() + shop.offset[b]);
    std::reverse(items.begin(), items.end());
    turned.add(items);
  }
  for (const ItemsetKind kind : kKinds) {
    for (const std::int64_t top : {0, 100}) {
      const FrequentItemsetsOptions options{
          .min_count = 8, .kind = kind, .max_items = 0, .top = top};
      const auto one = frequent_itemsets(shop.view(), options, {.threads = 1});
      EXPECT_GT(one.size(), 90U);
      for (const int threads : {2, 3, 8}) {
        for (const auto& view : {shop.view(), turned.view()}) {
          const auto many = frequent_itemsets(view, options, {.threads = threads});
          EXPECT_EQ(one.item, many.item);
          EXPECT_EQ(one.offset, many.offset);
          EXPECT_EQ(one.count, many.count);
        }
      }
    }
    const FrequentItemsetsOptions options{.min_count = 8, .kind = kind, .max_items = 0};
    const auto one = frequent_itemset_groups(shop.view(), options, {.threads = 1});
    const auto many = frequent_itemset_groups(shop.view(), options, {.threads = 8});
    EXPECT_EQ(one.item, many.item);
    EXPECT_EQ(one.n_free, many.n_free);
  }
}

TEST(Itemsets, NumbersOfItemsChangeNothingButTheCodes) {
  core::Random rng(4);
  for (int round = 0; round < 100; ++round) {
    const Shop shop = random_shop(rng);
    Shop other = shop;
    for (std::int32_t& item : other.item) item = shop.n_items - 1 - item;
    for (const ItemsetKind kind : kKinds) {
      const FrequentItemsetsOptions options{.min_count = 3, .kind = kind, .max_items = 0};
      cases::Table renamed;
      for (const auto& [set, count] : table(frequent_itemsets(other.view(), options))) {
        std::vector<std::int32_t> items;
        for (const std::int32_t item : set) items.insert(items.begin(), shop.n_items - 1 - item);
        renamed[items] = count;
      }
      ASSERT_EQ(renamed, table(frequent_itemsets(shop.view(), options)));
    }
  }
}

TEST(Itemsets, LargeWeightsAreCounted) {
  Shop shop;
  shop.add({0, 1});
  shop.add({0, 1, 2});
  shop.add({1, 2});
  shop.weight = {std::int64_t{1} << 40, (std::int64_t{1} << 50) + 3, 7};
  const auto sets = frequent_itemsets(shop.view(), {.min_count = 1, .max_items = 0});
  const std::int64_t both = shop.weight[0] + shop.weight[1];
  EXPECT_EQ(table(sets), (cases::Table{{{0}, both},
                                       {{1}, both + 7},
                                       {{2}, shop.weight[1] + 7},
                                       {{0, 1}, both},
                                       {{0, 2}, shop.weight[1]},
                                       {{1, 2}, shop.weight[1] + 7},
                                       {{0, 1, 2}, shop.weight[1]}}));
  EXPECT_EQ(sets.about.baskets, both + 7);
}

TEST(Itemsets, ABasketOfAHundredThousandItemsIsOneGroup) {
  Shop shop;
  std::vector<std::int32_t> items(100000);
  for (std::size_t i = 0; i < items.size(); ++i) items[i] = static_cast<std::int32_t>(i);
  shop.add(items);
  shop.add(items);
  const auto counts = count_itemsets(shop.view(), {.min_count = 2, .max_items = 0});
  EXPECT_EQ(counts.total, std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(counts.n_itemsets[1], 4999950000);
  const auto groups = frequent_itemset_groups(shop.view(), {.min_count = 2, .max_items = 0});
  EXPECT_EQ(groups.size(), 1U);
  EXPECT_EQ(frequent_itemsets(shop.view(), {.min_count = 2, .max_items = 1}).size(), 100000U);
  const auto closed =
      frequent_itemsets(shop.view(), {.min_count = 2, .kind = ItemsetKind::closed, .max_items = 0});
  ASSERT_EQ(closed.size(), 1U);
  EXPECT_EQ(closed.item, items);
  EXPECT_THROW(frequent_itemsets(shop.view(), {.min_count = 2, .max_items = 0}), MemoryLimit);
}

Shop dense_shop() {
  Shop shop;
  core::Random rng(5);
  for (int b = 0; b < 2000; ++b) {
    std::vector<std::int32_t> items;
    for (std::int32_t i = 0; i < 60; ++i)
      if (rng.uniform() < 0.8) items.push_back(i);
    shop.add(items);
  }
  return shop;
}

TEST(Itemsets, AMemoryLimitEndsTheSearchSoon) {
  const Shop shop = dense_shop();
  const auto begin = std::chrono::steady_clock::now();
  for (const ItemsetKind kind : {ItemsetKind::all, ItemsetKind::closed, ItemsetKind::generators}) {
    try {
      frequent_itemsets(shop.view(), {.min_count = 2, .kind = kind, .max_items = 0},
                        {.memory_limit = 50'000'000});
      FAIL();
    } catch (const MemoryLimit& error) {
      EXPECT_NE(std::string(error.what()).find("MB, the limit is 50 MB; raise min_count"),
                std::string::npos)
          << error.what();
    }
  }
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(60));
}

TEST(Itemsets, AllOfMushroomIsTooMuchForAGigabyte) {
  Shop shop;
  if (!read_fimi("mushroom.dat", shop)) GTEST_SKIP() << "no ../shared/data/baskets";
  const auto begin = std::chrono::steady_clock::now();
  try {
    frequent_itemsets(shop.view(), {.min_count = 1, .max_items = 0},
                      {.memory_limit = 1'000'000'000});
    FAIL();
  } catch (const MemoryLimit& error) {
    const std::string text = error.what();
    EXPECT_NE(text.find("5574930437 sets were found; writing them down takes about"),
              std::string::npos)
        << text;
    EXPECT_NE(text.find("the limit is 1000 MB; raise min_count or memory_limit, lower max_items, "
                        "ask for kind \"closed\", or count them with count_itemsets"),
              std::string::npos)
        << text;
  }
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(30));
}

TEST(Itemsets, ARequestToStopIsHeard) {
  const Shop shop = dense_shop();
  Context context;
  std::jthread later([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    context.stop.request_stop();
  });
  EXPECT_THROW(count_itemsets(shop.view(), {.min_count = 2, .max_items = 0}, context), Cancelled);
}

TEST(Itemsets, TopIsFastWhateverMinCount) {
  Shop shop;
  if (!read_fimi("mushroom.dat", shop)) GTEST_SKIP() << "no ../shared/data/baskets";
  FrequentItemsetsOptions options{.min_count = 1, .max_items = 0, .top = 1000};
  const auto top = frequent_itemsets(shop.view(), options);
  options.min_count = 2000;
  EXPECT_EQ(table(top), table(frequent_itemsets(shop.view(), options)));
  options.min_count = 1;
  options.kind = ItemsetKind::closed;
  EXPECT_EQ(frequent_itemsets(shop.view(), options).size(), 1000U);
  options.kind = ItemsetKind::generators;  // of which there are too many to find them all
  EXPECT_EQ(frequent_itemsets(shop.view(), options).size(), 1000U);
}

TEST(Itemsets, OfNothingAreNone) {
  const Shop none;
  for (const ItemsetKind kind : kKinds) {
    EXPECT_EQ(frequent_itemsets(none.view(), {.kind = kind}).size(), 0U);
    EXPECT_EQ(frequent_itemsets(data::BasketsView{}, {.kind = kind}).size(), 0U);
    Shop empty;
    empty.add({});
    empty.add({});
    EXPECT_EQ(frequent_itemsets(empty.view(), {.min_count = 1, .kind = kind}).size(), 0U);
    Shop one;
    one.add({0});
    const auto sets = frequent_itemsets(one.view(), {.min_count = 1, .kind = kind});
    EXPECT_EQ(sets.size(), kind == ItemsetKind::generators ? 0U : 1U);
  }
}

TEST(Itemsets, WithoutAThresholdAskForAThousandthOfTheBasketsAndTwentyAtLeast) {
  Shop shop;
  for (int b = 0; b < 30000; ++b) shop.add({0});
  EXPECT_EQ(frequent_itemsets(shop.view()).about.min_count, 30);
  EXPECT_EQ(frequent_itemsets(shop.view(), {.min_support = 0.07}).about.min_count, 2100);
  Shop small;
  small.add({0});
  EXPECT_EQ(frequent_itemsets(small.view()).about.min_count, 20);
}

template <typename Call>
std::string message(Call call) {
  try {
    call();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(Itemsets, BadInputIsNamed) {
  Shop shop;
  shop.add({0, 1});
  const auto ask = [&](const FrequentItemsetsOptions& options) {
    return message([&] { frequent_itemsets(shop.view(), options); });
  };
  EXPECT_EQ(ask({.min_count = -1}),
            "frequent_itemsets: min_count is -1; write 1 or more, or nothing for 0.1 % of the "
            "baskets");
  EXPECT_EQ(ask({.min_support = 1.5}),
            "frequent_itemsets: min_support is 1.5; write a share of the baskets above 0 and "
            "up to 1, as 0.01");
  EXPECT_EQ(ask({.min_count = 2, .min_support = 0.1}),
            "frequent_itemsets: min_count and min_support are both given; write one of them");
  EXPECT_EQ(ask({.min_items = 0}),
            "frequent_itemsets: min_items is 0; write 1 or more: the empty set is never listed");
  EXPECT_EQ(ask({.max_items = -1}),
            "frequent_itemsets: max_items is -1; write how many items a set may have, 0 for no "
            "limit");
  EXPECT_EQ(ask({.min_items = 4}),
            "frequent_itemsets: min_items is 4 and max_items 3; no set can have both");
  EXPECT_EQ(ask({.top = -1}),
            "frequent_itemsets: top is -1; write how many sets to list, 0 for all");
  EXPECT_EQ(ask({.max_sets = -1}),
            "frequent_itemsets: max_sets is -1; write how many sets may be listed at most, 0 for "
            "no bound");
  EXPECT_EQ(ask({.must_contain = {"7"}}),
            "frequent_itemsets: must_contain '7' is not an item; items are 0 to n_items - 1 = 1");
  EXPECT_EQ(ask({.must_contain = {"1"}, .exclude = {"1"}}),
            "frequent_itemsets: an item is in must_contain and in exclude; write it in one of "
            "them");
  EXPECT_EQ(ask({.max_items = 1, .must_contain = {"0", "1"}}),
            "frequent_itemsets: must_contain holds 2 items, but max_items is 1; raise max_items");
  EXPECT_EQ(message([] { parse_itemset_kind("clsoed"); }),
            "kind: 'clsoed' is not a kind of item set; write \"all\", \"closed\" (no larger set "
            "has the same count), \"maximal\" (no larger set is frequent) or \"generators\" "
            "(every smaller set has a larger count)");
  const std::vector<std::int64_t> offset{0, 2};
  const std::vector<std::int32_t> item{0, 5};
  const auto view = [&](const data::BasketsView& baskets) {
    return message([&] { frequent_itemsets(baskets); });
  };
  EXPECT_EQ(view({offset, item, {}, 3}),
            "frequent_itemsets: basket 0 holds item 5; items are 0 to n_items - 1 = 2");
  EXPECT_EQ(view({std::span(offset).first(1), item}),
            "frequent_itemsets: offset must begin with 0 and end with the number of items, 2");
  const std::vector<std::int64_t> falling{0, 3, 2};
  EXPECT_EQ(view({falling, item}), "frequent_itemsets: offset falls after basket 1");
  const std::vector<std::int64_t> weight{-2};
  EXPECT_EQ(view({offset, item, {}, 0, weight}),
            "frequent_itemsets: basket 0 has the weight -2; write how often the basket was seen, "
            "0 or more");
  const std::vector<std::int64_t> two{1, 2};
  EXPECT_EQ(view({offset, item, {}, 0, two}),
            "frequent_itemsets: weight has 2 entries for 1 baskets; write one per basket, or none "
            "at all");
  EXPECT_EQ(message([&] { frequent_itemset_groups(shop.view(), {.top = 3}); }),
            "frequent_itemsets: top is not for groups, which come unsorted; write max_sets, or "
            "take frequent_itemsets");
  EXPECT_EQ(message([&] { for_each_chunk({}, 0, [](const Itemsets&) {}); }),
            "for_each_chunk: rows is 0; write 1 or more sets per part");
}

}  // namespace
}  // namespace emptor::mining
