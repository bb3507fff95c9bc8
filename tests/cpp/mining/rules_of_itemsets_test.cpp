// Rules from item sets and their counts alone.
#include "emptor/core/error.hpp"
#include "emptor/mining/association_rules.hpp"
#include "emptor/mining/itemsets.hpp"

#include "core/random.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <numeric>
#include <string>
#include <tuple>
#include <vector>

namespace emptor::mining {
namespace {

using Items = std::vector<std::int32_t>;

Items side(const std::vector<std::int64_t>& offset, const Items& item, std::size_t i) {
  return {item.begin() + offset[i], item.begin() + offset[i + 1]};
}

TEST(RulesOfItemsets, AreAllSplits) {
  // {0}: 6, {1}: 5, {2}: 4, {0,1}: 4, {0,2}: 3, {1,2}: 2, {0,1,2}: 2 of 10.
  const std::vector<std::int64_t> offset{0, 1, 2, 3, 5, 7, 9, 12};
  const std::vector<std::int32_t> item{0, 1, 2, 0, 1, 0, 2, 1, 2, 0, 1, 2};
  const std::vector<std::int64_t> count{6, 5, 4, 4, 3, 2, 2};
  const auto rules = rules_of_itemsets({offset, item, count, {}, 10});
  EXPECT_EQ(rules.size(), 6U + 6U);
  std::size_t i = 0;
  while (i < rules.size() && (side(rules.antecedent_offset, rules.antecedent, i) != Items{1, 2} ||
                              side(rules.consequent_offset, rules.consequent, i) != Items{0}))
    ++i;
  ASSERT_LT(i, rules.size());
  EXPECT_EQ(rules.n_baskets[i], 2);
  EXPECT_EQ(rules.n_antecedent[i], 2);
  EXPECT_NEAR(rules.measures.measures[1].value[i], 1, 1e-15);
  EXPECT_NEAR(rules.expected[i], 1.2, 1e-12);
  EXPECT_EQ(rules_of_itemsets({offset, item, count, {}, 10}, {.min_confidence = 0.6}).size(), 5U);
  EXPECT_EQ(rules_of_itemsets({offset, item, count, {}, 10}, {.max_consequent = 1}).size(), 9U);
  const std::vector<std::int64_t> part{0, 3};
  const std::vector<std::int32_t> alone{0, 1, 2};
  const std::vector<std::int64_t> two{2};
  try {
    rules_of_itemsets({part, alone, two, {}, 10});
    ADD_FAILURE();
  } catch (const InvalidArgument& error) {
    EXPECT_STREQ(error.what(),
                 "rules_of_itemsets: set 0 is there, but not its "
                 "part {0}; give all frequent sets, "
                 "not closed or maximal ones");
  }
}

// The order, and what `top` cuts, by looking at every rule.
TEST(RulesOfItemsets, AreInTheOrderOfExcessThenItemsOnAnyNumberOfThreads) {
  core::Random rng(31);
  for (int round = 0; round < 30; ++round) {
    std::vector<std::int64_t> offset{0};
    std::vector<std::int32_t> item;
    const auto n_items = static_cast<std::int32_t>(4 + rng.below(8));
    const std::int32_t step = round % 2 == 0 ? 1 : 9973;  // few items fit a word
    for (int b = 0; b < 60; ++b) {
      for (std::int32_t i = 0; i < n_items; ++i)
        if (rng.uniform() < 0.5) item.push_back(i * step);
      offset.push_back(static_cast<std::int64_t>(item.size()));
    }
    const auto sets =
        frequent_itemsets(data::BasketsView{offset, item}, {.min_count = 3, .max_items = 0});
    const ItemsetCountsView view{sets.offset, sets.item, sets.count, {}, 60};
    const auto all = rules_of_itemsets(view, {}, {.threads = 1});
    ASSERT_GE(all.size(), 50U);
    const auto key = [&](std::size_t i) {
      return std::tuple(-all.excess[i], side(all.antecedent_offset, all.antecedent, i),
                        side(all.consequent_offset, all.consequent, i));
    };
    std::size_t expected = 0;
    for (const std::int64_t size : sets.size_of) expected += (std::size_t{1} << size) - 2;
    ASSERT_EQ(all.size(), expected);
    for (std::size_t i = 1; i < all.size(); ++i) ASSERT_LT(key(i - 1), key(i));
    for (const int threads : {1, 2, 3, 8}) {
      for (const std::size_t top : {std::size_t{1}, std::size_t{37}, all.size() - 1, all.size()}) {
        const auto some =
            rules_of_itemsets(view, {.top = static_cast<std::int64_t>(top)}, {.threads = threads});
        ASSERT_EQ(some.size(), top);
        EXPECT_EQ(some.truncated, top < all.size());
        EXPECT_EQ(some.n_found, static_cast<std::int64_t>(all.size()));
        EXPECT_TRUE(std::equal(some.excess.begin(), some.excess.end(), all.excess.begin()));
        EXPECT_TRUE(
            std::equal(some.antecedent.begin(), some.antecedent.end(), all.antecedent.begin()));
        EXPECT_TRUE(
            std::equal(some.consequent.begin(), some.consequent.end(), all.consequent.begin()));
        EXPECT_TRUE(std::equal(some.measures.measures[2].low.begin(),
                               some.measures.measures[2].low.end(),
                               all.measures.measures[2].low.begin(),
                               [](double a, double b) { return a == b || (a != a && b != b); }));
      }
    }
  }
}

// Rows and columns that are asked for by themselves are those of the whole.
TEST(RulesOfItemsets, AreWrittenInPartsAsInOnePiece) {
  core::Random rng(32);
  std::vector<std::int64_t> offset{0};
  std::vector<std::int32_t> item;
  for (int b = 0; b < 60; ++b) {
    for (std::int32_t i = 0; i < 9; ++i)
      if (rng.uniform() < 0.5) item.push_back(i);
    offset.push_back(static_cast<std::int64_t>(item.size()));
  }
  const auto sets =
      frequent_itemsets(data::BasketsView{offset, item}, {.min_count = 3, .max_items = 0});
  const ItemsetCountsView view{sets.offset, sets.item, sets.count, {}, 60};
  const RulesOfItemsetsOptions options{.min_confidence = 0.3, .measures = {"lift", "jaccard"}};
  const auto all = rules_of_itemsets(view, options);
  const DeferredRules found = deferred_rules_of_itemsets(view, options);
  ASSERT_EQ(found.size(), all.size());
  ASSERT_EQ(found.none().columns().size(), all.columns().size());
  for (int look = 0; look < 60; ++look) {
    const auto begin = static_cast<std::size_t>(rng.below(all.size()));
    const auto end =
        look % 3 == 0 ? all.size()
                      : begin + static_cast<std::size_t>(rng.below((all.size() - begin) / 3 + 1));
    const auto n = static_cast<std::ptrdiff_t>(end - begin);
    const auto at = static_cast<std::ptrdiff_t>(begin);
    const auto same = [&](const auto& part, const auto& whole) {
      return std::ssize(part) == n && std::equal(part.begin(), part.end(), whole.begin() + at);
    };
    const auto left = found.writer("antecedent")(begin, end, {.threads = 1 + look % 3});
    const auto right = found.writer("consequent")(begin, end, {});
    for (std::size_t i = 0; i < end - begin; ++i) {
      ASSERT_EQ(side(left.antecedent_offset, left.antecedent, i),
                side(all.antecedent_offset, all.antecedent, begin + i));
      ASSERT_EQ(side(right.consequent_offset, right.consequent, i),
                side(all.consequent_offset, all.consequent, begin + i));
    }
    EXPECT_TRUE(left.consequent.empty());
    EXPECT_TRUE(same(found.writer("excess")(begin, end, {}).excess, all.excess));
    EXPECT_TRUE(same(found.writer("n_antecedent")(begin, end, {}).n_antecedent, all.n_antecedent));
    const auto measured = found.writer("lift_high")(begin, end, {}).measures.measures;
    EXPECT_TRUE(same(measured[0].high, all.measures.measures[0].high));
    EXPECT_TRUE(same(measured[1].value, all.measures.measures[1].value));
  }
}

// What cannot be is refused by the search, not by whoever reads.
TEST(RulesOfItemsets, AreRefusedBeforeTheyAreWritten) {
  const std::vector<std::int64_t> offset{0, 1, 2, 4};
  const std::vector<std::int32_t> item{0, 1, 0, 1};
  const auto message = [&](const std::vector<std::int64_t>& count, const char* measure) {
    try {
      static_cast<void>(
          deferred_rules_of_itemsets({offset, item, count, {}, 10}, {.measures = {measure}}));
    } catch (const InvalidArgument& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  EXPECT_EQ(message({6, 5, 4}, "lift"), "");
  EXPECT_EQ(message({6, 5, 6}, "lift"),
            "rule_measures: rule 0 has 6 baskets with both, 6 with the antecedent and 5 with the "
            "consequent of 10; write counts of the same baskets");
  EXPECT_EQ(message({9, 8, 2}, "lift").substr(0, 46),
            "rule_measures: rule 0 has 2 baskets with both,");
  EXPECT_EQ(message({6, 5, 4}, "boost").substr(0, 26), "rule_measures: boost needs");
  EXPECT_EQ(message({6, 5, 4}, "lit").substr(0, 34), "rule_measures: no measure 'lit'; d");
}

TEST(RulesOfItemsets, DoNotExceedAMemoryLimit) {
  std::vector<std::int64_t> offset{0};
  std::vector<std::int32_t> item(16);
  std::iota(item.begin(), item.end(), 0);
  offset.push_back(16);
  const auto sets =
      frequent_itemsets(data::BasketsView{offset, item}, {.min_count = 1, .max_items = 7});
  const ItemsetCountsView view{sets.offset, sets.item, sets.count, {}, 1};
  Context context;
  context.memory_limit = 100'000'000;
  EXPECT_THROW(rules_of_itemsets(view, {}, context), MemoryLimit);
  EXPECT_EQ(rules_of_itemsets(view, {.max_consequent = 1}, context).size(), 159'168U);
}

}  // namespace
}  // namespace emptor::mining
