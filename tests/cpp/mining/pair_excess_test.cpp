#include "mining/pair_excess.hpp"

#include "mining/follow_up.hpp"
#include "mining/planted_shop.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace emptor::mining::next {
namespace {

Search search_of(const test::Shop& shop) {
  return search_pairs(shop.view(), test::every_pair(), {}, {.placebo = false}, {});
}

TEST(PairExcess, ComparesBuyersWithTheirUsualProbability) {
  const auto shop = test::small_shop();
  const Search search = search_of(shop);
  const Visits& visits = search.visits;
  ExcessOf excess(search);
  const auto heaviest = heaviest_first(search, {});
  int surely_less = 0, not_told = 0, positive = 0;
  for (std::size_t b = 0; b < search.plan.consequents.size(); b += 5) {
    const auto item = search.plan.consequents[b];
    excess.choose(static_cast<std::int32_t>(b));
    for (std::size_t a = 0; a < search.plan.antecedents.size(); a += 3) {
      const auto& index = search.plan.index[a];
      double value = 0, clustered = 0, binomial = 0;
      std::int64_t events = 0;
      for (const auto& person : at_risk(visits, BuyersOf(visits, item), index)) {
        double stays = 1;
        for (auto j = person.visit + 1;
             j < visits.window_end[static_cast<std::size_t>(person.visit)]; ++j)
          stays *=
              1 - static_cast<double>(search.rates->probability(static_cast<std::size_t>(j), b));
        const double rest = (person.event ? 1 : 0) - (1 - stays);
        value += rest;
        events += person.event ? 1 : 0;
        clustered += rest * rest;
        binomial += stays * (1 - stays);
      }
      const Excess found = excess(index);
      EXPECT_NEAR(found.value, value, 1e-4);
      EXPECT_NEAR(found.variance, std::max(clustered, binomial), 1e-4);
      ASSERT_TRUE(
          std::is_permutation(index.begin(), index.end(), heaviest[a].begin(), heaviest[a].end()));
      for (const double z : {0.0, 1.96})
        for (const double least : {0.0, 3.0}) {
          const double limit = found.value - z * std::sqrt(found.variance);
          for (const auto& order : {index, heaviest[a]}) {
            if (excess.is_below(order, events, z, least)) {
              EXPECT_LT(limit, least);
              ++surely_less;
            } else {
              not_told += limit < least ? 1 : 0;
            }
          }
        }
      positive += found.value > 0 ? 1 : 0;
    }
  }
  EXPECT_GT(surely_less, 20);
  EXPECT_LT(not_told, surely_less);  // sharp enough to be worth it
  EXPECT_GT(positive, 20);
}

TEST(PairExcess, TalliesTheIndexVisits) {
  const auto shop = test::small_shop();
  const Search search = search_of(shop);
  const Visits& visits = search.visits;
  const auto& index = search.plan.index[0];
  std::int64_t same_day = 0;
  for (std::int32_t item = 1; item < 20; ++item) {
    PairTally expected;
    for (const auto v : index) {
      int inside = 0;
      for (const auto w : visits.visits_of(item)) {
        expected.same_day += w == v ? 1 : 0;
        inside += w > v && w < visits.window_end[static_cast<std::size_t>(v)] ? 1 : 0;
      }
      expected.visits += inside;
      expected.naive_buyers += inside > 0 ? 1 : 0;
    }
    const PairTally found = tally(visits, BuyersOf(visits, item), index);
    EXPECT_EQ(found.same_day, expected.same_day);
    EXPECT_EQ(found.naive_buyers, expected.naive_buyers);
    EXPECT_EQ(found.visits, expected.visits);
    same_day += found.same_day;
  }
  EXPECT_GT(same_day, 0);
}

}  // namespace
}  // namespace emptor::mining::next
