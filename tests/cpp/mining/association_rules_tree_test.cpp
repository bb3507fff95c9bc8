// Rules between items that belong to each other, by their definitions.

#include "emptor/core/error.hpp"
#include "emptor/mining/association_rules.hpp"

#include "mining/rule_data.hpp"
#include "mining/stretched_poisson.hpp"
#include "mining/tree_shops.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace emptor::mining {
namespace {

using trees::implies;
using trees::Set;
using trees::TreeShop;
using Rule = std::pair<Set, Set>;

std::map<Rule, std::size_t> rows_of(const AssociationRules& rules) {
  std::map<Rule, std::size_t> rows;
  for (std::size_t i = 0; i < rules.size(); ++i) {
    const auto part = [&](const Set& codes, const std::vector<std::int64_t>& offset) {
      return Set(codes.begin() + offset[i], codes.begin() + offset[i + 1]);
    };
    rows[{part(rules.antecedent, rules.antecedent_offset),
          part(rules.consequent, rules.consequent_offset)}] = i;
  }
  EXPECT_EQ(rows.size(), rules.size());
  return rows;
}

Set both(const Set& x, const Set& y) {
  Set all = x;
  all.insert(all.end(), y.begin(), y.end());
  std::sort(all.begin(), all.end());
  return all;
}

bool apart(const TreeShop& shop, const Set& x, const Set& y) {
  return std::none_of(x.begin(), x.end(), [&](auto i) {
    return std::any_of(y.begin(), y.end(), [&](auto j) { return shop.related(i, j); });
  });
}

// All that says less than `set` and may stand beside `other`; the empty set too.
std::vector<Set> more_general(const TreeShop& shop, const std::vector<Set>& sets, const Set& set,
                              const Set& other) {
  std::vector<Set> general{{}};
  for (const Set& one : sets) {
    if (one != set && implies(shop, set, one) && apart(shop, one, other)) general.push_back(one);
  }
  return general;
}

bool covers_all(const TreeShop& shop, const Set& general, const Set& set) {
  return std::all_of(set.begin(), set.end(), [&](std::int32_t i) {
    return std::any_of(general.begin(), general.end(), [&](auto g) { return shop.below(i, g); });
  });
}

TEST(RulesOfATree, EqualCountingByHandOnThousandsOfSmallTrees) {
  core::Random rng(21);
  std::size_t kept = 0;
  std::size_t redundant = 0;
  for (int round = 0; round < 4000; ++round) {
    const TreeShop shop = trees::random_shop(rng, 7, 40);
    const auto sets = trees::unrelated_sets(shop);
    AssociationRulesOptions options;
    options.min_count = static_cast<std::int64_t>(1 + rng.below(6));
    options.max_items = static_cast<int>(2 + rng.below(3));
    options.max_consequent = options.max_items > 2 ? static_cast<int>(1 + rng.below(2)) : 1;
    options.significance = Significance::none;
    options.redundant = rng.uniform() < 0.5 ? Redundancy::none : Redundancy::no_improvement;
    options.top = 0;
    options.measures = {"improvement"};
    const auto rules = association_rules(shop.view(), options);
    const auto rows = rows_of(rules);
    const auto baskets = static_cast<double>(shop.count({}));
    std::size_t expected = 0;
    for (const Set& x : sets) {
      for (const Set& y : sets) {
        const Set all = both(x, y);
        if (!apart(shop, x, y) || static_cast<int>(all.size()) > options.max_items ||
            static_cast<int>(y.size()) > options.max_consequent) {
          continue;
        }
        const auto n = shop.count(all);
        if (n < options.min_count) continue;
        const auto share = [&](const Set& of, const Set& in) {
          return static_cast<double>(shop.count(both(of, in))) /
                 static_cast<double>(shop.count(in));
        };
        const double confidence = share(y, x);
        double other = static_cast<double>(shop.count(y)) / baskets;
        for (const Set& w : more_general(shop, sets, x, y)) {
          if (!w.empty()) other = std::max(other, share(y, w));
        }
        bool improves = confidence > other;
        for (const Set& g : more_general(shop, sets, y, x)) {
          if (g.empty() || !covers_all(shop, g, y)) continue;
          improves = improves && n * shop.count(g) > shop.count(both(x, g)) * shop.count(y);
        }
        redundant += improves ? 0 : 1;
        if (options.redundant == Redundancy::no_improvement && !improves) {
          ASSERT_FALSE(rows.contains({x, y})) << round;
          continue;
        }
        ++expected;
        const auto found = rows.find({x, y});
        ASSERT_NE(found, rows.end()) << round;
        ASSERT_EQ(rules.n_baskets[found->second], n);
        ASSERT_EQ(rules.n_antecedent[found->second], shop.count(x));
        ASSERT_EQ(rules.n_consequent[found->second], shop.count(y));
        ASSERT_NEAR(rules.measures.measures[0].value[found->second], confidence - other, 1e-12);
      }
    }
    ASSERT_EQ(rules.size(), expected) << round;
    kept += expected;
  }
  EXPECT_GT(kept, 20000U);
  EXPECT_GT(redundant, 10000U);
}

TEST(RulesOfATree, CountTheWholeDeclaredSpace) {
  core::Random rng(22);
  for (int round = 0; round < 300; ++round) {
    const TreeShop shop = trees::random_shop(rng, 8, 60);
    const auto sets = trees::unrelated_sets(shop);
    AssociationRulesOptions options;
    options.min_count = static_cast<std::int64_t>(1 + rng.below(5));
    options.max_items = static_cast<int>(2 + rng.below(3));
    const auto rules = association_rules(shop.view(), options);
    std::int64_t space = 0;
    const auto in = [&](const Set& set, auto also) {
      std::int64_t n = 0;
      for (std::size_t b = 0; b < shop.rows.size(); ++b) {
        if (shop.holds(b, set) && also(b)) n += shop.weight.empty() ? 1 : shop.weight[b];
      }
      return n;
    };
    std::vector<Set> consequents;
    for (std::int32_t y = 0; y < shop.n_items(); ++y) {
      const auto several = [&](std::size_t b) { return shop.specific(shop.rows[b]).size() > 1; };
      if (in({y}, several) >= options.min_count) consequents.push_back({y});
    }
    for (const Set& x : sets) {
      if (static_cast<int>(x.size()) >= options.max_items) continue;
      const auto room = [&](std::size_t b) {
        return std::any_of(shop.rows[b].begin(), shop.rows[b].end(),
                           [&](std::int32_t i) { return apart(shop, x, {i}); });
      };
      if (in(x, room) < options.min_count) continue;
      space += std::count_if(consequents.begin(), consequents.end(),
                             [&](const Set& y) { return apart(shop, x, y); });
    }
    ASSERT_EQ(rules.n_testable, space) << round;
  }
}

// A shop of three levels in which items compete for the places of baskets of unequal size.
TreeShop large_shop(std::uint64_t seed, int n_baskets, std::int32_t first = 3) {
  core::Random rng(seed);
  TreeShop shop;
  for (std::int32_t i = 0; i < 17; ++i)
    shop.parent.push_back(i < 2 ? -1 : i < 5 ? i % 2 : 2 + i % 3);
  for (int b = 0; b < n_baskets; ++b) {
    const double take = 0.3 + 1.5 * rng.uniform();
    Set items;
    for (std::int32_t i = first; i < 17; ++i) {  // groups below 5 are also bought as themselves
      if (rng.uniform() < take * 0.25 / (1 + 0.05 * i)) items.push_back(i);
    }
    shop.add(items);
    shop.customer.push_back(static_cast<std::int32_t>(rng.below(80)) - 1);
  }
  return shop;
}

TEST(RulesOfATree, GroupsTakeThePlacesThatLeaveTheOthersTheirs) {
  const TreeShop shop = large_shop(31, 1500, 5);
  int checked = 0;
  const RuleData data(shop.view(), 1, {});
  const std::size_t strata = data.strata.count();
  ASSERT_GT(strata, 3U);
  for (std::size_t h = 0; h < strata; ++h) {
    std::vector<double> own(shop.parent.size(), 0);   // share of baskets, as itself
    std::vector<double> held(shop.parent.size(), 0);  // items of it
    std::vector<double> with(shop.parent.size(), 0);
    for (const auto& row : shop.rows) {
      const Set specific = shop.specific(row);
      if (data.strata.of_size[specific.size()] != static_cast<std::int32_t>(h)) continue;
      for (const std::int32_t i : specific) {
        own[static_cast<std::size_t>(i)] += 1 / data.strata.n[h];
        for (std::int32_t up = i; up >= 0; up = shop.up(up))
          held[static_cast<std::size_t>(up)] += 1;
      }
      for (const std::int32_t i : row) with[static_cast<std::size_t>(i)] += 1;
    }
    for (std::int32_t a = 0; a < shop.n_items(); ++a) {
      const auto at = static_cast<std::size_t>(a);
      if (with[at] == 0) continue;
      const double m = held[at] / with[at];
      EXPECT_NEAR(data.held[at * strata + h], m, 1e-12);
      // Items beside a in the baskets with it, by the model and by counting; k s is their size.
      const double k = data.strata.size_factor[h];
      const double c = data.places[at * strata + h];
      const double p = with[at] / data.strata.n[h];
      if (1 / k - p <= 0) continue;
      double beside = 0;
      for (std::int32_t j = 0; j < shop.n_items(); ++j) {
        const auto b = static_cast<std::size_t>(j);
        if (shop.below(j, a)) continue;
        beside += k * own[b] * (1 - c * data.places[b * strata + h]);
      }
      double sum = 0;
      for (std::int32_t j = 0; j < shop.n_items(); ++j) {
        const auto b = static_cast<std::size_t>(j);
        if (!shop.below(j, a)) sum += own[b] * data.places[b * strata + h];
      }
      if (sum < 0.6) continue;  // the bound against division by nothing
      EXPECT_NEAR(beside, k * data.strata.mean_size[h] - m, 1e-6) << a << ' ' << h;
      ++checked;
    }
  }
  EXPECT_GT(checked, 50);
}

// The test by its definition among the baskets with `given`, scores summed by customer. `of` is a
// more general consequent among `given`, -1 none.
double defined_p(const TreeShop& shop, const RuleData& data, const Set& given, const Set& x,
                 std::int32_t y, std::int32_t of = -1, double* expected_out = nullptr) {
  struct Row {
    std::size_t h;
    double x, y;
    int who;
  };
  const std::size_t strata = data.strata.count();
  std::vector<Row> rows;
  std::vector<double> n(strata), a(strata), b(strata);
  for (std::size_t i = 0; i < shop.rows.size(); ++i) {
    const auto h = data.strata.of_size[shop.specific(shop.rows[i]).size()];
    if (h < 0 || !shop.holds(i, given)) continue;
    const auto at = static_cast<std::size_t>(h);
    const int who = shop.customer[i] >= 0 ? shop.customer[i] : 100000 + static_cast<int>(i);
    rows.push_back({at, shop.holds(i, x) ? 1.0 : 0.0, shop.holds(i, {y}) ? 1.0 : 0.0, who});
    n[at] += 1;
    a[at] += rows.back().x;
    b[at] += rows.back().y;
  }
  double expected = 0;
  double variance = 0;
  for (std::size_t h = 0; h < strata; ++h) {
    if (n[h] == 0) continue;
    const auto of_table = [&](const std::vector<double>& table, std::int32_t i) {
      return table[static_cast<std::size_t>(data.rank_of[static_cast<std::size_t>(i)]) * strata +
                   h];
    };
    double left = data.strata.mean_size[h];
    for (const std::int32_t i : given) left -= of_table(data.held, i);
    const auto leaves = [&](std::int32_t i, std::int32_t j, double scale) {
      return 1 - std::min(1.0, scale * of_table(data.places, i) * of_table(data.places, j));
    };
    double stays = 1;
    bool general = of >= 0;
    for (const std::int32_t i : x) {
      const bool covered = of >= 0 || covers_all(shop, given, {i});
      stays *= leaves(i, y, covered ? 1 : data.strata.mean_size[h] / std::max(0.5, left));
      if (of >= 0) stays /= leaves(i, of, 1);
    }
    for (const std::int32_t g : given) {
      if (of < 0) stays /= leaves(g, y, 1);
      general = general || std::find(x.begin(), x.end(), g) == x.end();
    }
    const double p = a[h] / n[h];
    const double q = b[h] / n[h];
    if (general) stays = std::min(stays, n[h] / std::max(1.0, std::max(a[h], b[h])));
    const double taken = 1 - stays;
    expected += data.strata.size_factor[h] * n[h] * p * q * stays;
    if (n[h] > 1) {
      variance += n[h] * n[h] / (n[h] - 1) * p * q *
                  ((1 - p) * (1 - q) - taken * (1 - 2 * p) * (1 - 2 * q) - p * q * taken * taken);
    }
  }
  std::map<int, double> by_customer;
  double squares = 0;
  double shared = 0;
  for (const Row& row : rows) {
    const double score = (row.x - a[row.h] / n[row.h]) * (row.y - b[row.h] / n[row.h]);
    by_customer[row.who] += score;
    squares += score * score;
    shared += row.x * row.y;
  }
  double clustered = 0;
  for (const auto& [who, score] : by_customer) clustered += score * score;
  const double effect = squares > 0 ? std::max(1.0, clustered / squares) : 1.0;
  if (expected_out != nullptr) *expected_out = expected;
  return stretched_upper_tail(shared, expected, variance * effect);
}

TEST(RulesOfATree, TestsAreTheirDefinition) {
  for (const bool customers : {true, false}) {
    TreeShop shop = large_shop(32, 700);
    if (!customers) std::fill(shop.customer.begin(), shop.customer.end(), -1);
    AssociationRulesOptions options;
    options.min_count = 12;
    options.alpha = 1;
    options.top = 0;
    const auto rules = association_rules(shop.view(), options);
    const RuleData data(shop.view(), 12, {});
    std::vector<Set> small;  // sets of up to two items
    for (const Set& set : trees::unrelated_sets(shop)) {
      if (set.size() < 3) small.push_back(set);
    }
    std::size_t of_two = 0;
    std::size_t by_general = 0;
    for (const auto& [rule, i] : rows_of(rules)) {
      const auto& [x, to] = rule;
      const std::int32_t y = to[0];
      of_two += x.size() > 1 ? 1 : 0;
      double expected = 0;
      const double whole = defined_p(shop, data, {}, x, y, -1, &expected);
      ASSERT_NEAR(rules.expected[i], expected, 1e-9 * expected);
      ASSERT_NEAR(rules.p_association[i], whole, 1e-8 * whole);
      double largest = whole;
      for (const Set& w : more_general(shop, small, x, to)) {
        if (!w.empty()) largest = std::max(largest, defined_p(shop, data, w, x, y));
      }
      for (std::int32_t up = shop.up(y); up >= 0; up = shop.up(up)) {
        if (apart(shop, x, {up}))
          largest = std::max(largest, defined_p(shop, data, {up}, x, y, up));
      }
      ASSERT_NEAR(rules.p_value[i], largest, 1e-8 * largest);
      by_general += largest > whole ? 1 : 0;
    }
    EXPECT_GT(of_two, 20U);
    EXPECT_GT(by_general, 50U);
  }
}

// Rye bread (5) comes with tea (9) as any bread does; white bread (6) comes with jam (10) by
// itself.
TEST(RulesOfATree, ARuleThatRepeatsAMoreGeneralOneIsRedundant) {
  core::Random rng(33);
  TreeShop shop;
  shop.parent = {-1, -1, -1, -1, -1, 0, 0, 0, 0, 1, 2};  // 0 breads 5 to 8; 1 teas; 2 jams
  for (std::int32_t i = 11; i < 30; ++i) shop.parent.push_back(i < 14 ? 1 : i < 17 ? 2 : -1);
  for (int b = 0; b < 6000; ++b) {
    Set items;
    bool bread = false;
    for (std::int32_t i = 5; i < 9; ++i) {
      if (rng.uniform() < 0.12) {
        items.push_back(i);
        bread = true;
      }
    }
    const bool white = std::find(items.begin(), items.end(), 6) != items.end();
    if (rng.uniform() < (bread ? 0.4 : 0.1)) {  // any tea
      const auto tea = static_cast<std::int32_t>(rng.below(4));
      items.push_back(tea == 0 ? 9 : 10 + tea);
    }
    if (rng.uniform() < (white ? 0.5 : 0.1)) items.push_back(10);
    for (std::int32_t i = 14; i < 30; ++i) {
      if (rng.uniform() < 0.1) items.push_back(i);
    }
    shop.add(items);
  }
  AssociationRulesOptions options;
  options.max_items = 2;
  const auto productive = rows_of(association_rules(shop.view(), options));
  EXPECT_TRUE(productive.contains({{0}, {1}}));   // bread => tea
  EXPECT_FALSE(productive.contains({{5}, {1}}));  // rye bread => tea
  EXPECT_FALSE(productive.contains({{0}, {9}}));  // bread => green tea
  EXPECT_FALSE(productive.contains({{5}, {9}}));  // rye bread => green tea
  EXPECT_TRUE(productive.contains({{6}, {10}}));  // white bread => strawberry jam
  EXPECT_TRUE(productive.contains({{10}, {6}}));
  options.redundant = Redundancy::none;
  const auto all = rows_of(association_rules(shop.view(), options));
  EXPECT_TRUE(all.contains({{5}, {1}}));
  EXPECT_TRUE(all.contains({{0}, {9}}));
  for (const auto& [rule, i] : all) EXPECT_TRUE(apart(shop, rule.first, rule.second));
}

TEST(RulesOfATree, EveryCorrectionAndAnyNumberOfThreadsAgree) {
  const TreeShop shop = large_shop(34, 1200);
  for (const Significance significance :
       {Significance::bh, Significance::tarone, Significance::westfall_young, Significance::holdout,
        Significance::none}) {
    AssociationRulesOptions options;
    options.significance = significance;
    options.alpha = 1;
    options.permutations = 50;
    options.top = 0;
    const auto one = association_rules(shop.view(), options, {.threads = 1});
    EXPECT_GT(one.size(), 10U);
    for (const auto& [rule, i] : rows_of(one)) ASSERT_TRUE(apart(shop, rule.first, rule.second));
    for (const int threads : {2, 3, 8}) {
      const auto many = association_rules(shop.view(), options, {.threads = threads});
      EXPECT_EQ(many.antecedent, one.antecedent);
      EXPECT_EQ(many.consequent, one.consequent);
      EXPECT_EQ(many.p_value, one.p_value);
      EXPECT_EQ(many.q_value, one.q_value);
    }
  }
}

TEST(RulesOfATree, BadInputIsAnswered) {
  const TreeShop shop = large_shop(35, 100);
  AssociationRulesOptions options;
  options.max_items = 9;
  try {
    (void)association_rules(shop.view(), options);
    FAIL();
  } catch (const InvalidArgument& error) {
    EXPECT_STREQ(error.what(), "association_rules: max_items is 9; of a hierarchy write 2 to 8");
  }
}

}  // namespace
}  // namespace emptor::mining
