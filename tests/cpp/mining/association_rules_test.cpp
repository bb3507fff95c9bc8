#include "emptor/mining/association_rules.hpp"

#include "emptor/core/error.hpp"
#include "emptor/mining/bought_together.hpp"

#include "mining/rule_baskets.hpp"
#include "mining/strata.hpp"
#include "mining/stretched_poisson.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace emptor::mining {
namespace {

using test::OwnBaskets;
using test::random_baskets;
using test::read_lines;
using Rule = std::pair<std::vector<std::int32_t>, std::vector<std::int32_t>>;

Rule rule_of(const AssociationRules& rules, std::size_t i) {
  const auto part = [&](const std::vector<std::int32_t>& codes,
                        const std::vector<std::int64_t>& offset) {
    return std::vector<std::int32_t>(codes.begin() + offset[i], codes.begin() + offset[i + 1]);
  };
  return {part(rules.antecedent, rules.antecedent_offset),
          part(rules.consequent, rules.consequent_offset)};
}

std::map<Rule, std::size_t> rows_of(const AssociationRules& rules) {
  std::map<Rule, std::size_t> rows;
  for (std::size_t i = 0; i < rules.size(); ++i) rows[rule_of(rules, i)] = i;
  EXPECT_EQ(rows.size(), rules.size());
  return rows;
}

AssociationRulesOptions untested(std::int64_t min_count, double min_confidence) {
  AssociationRulesOptions options;
  options.min_count = min_count;
  options.min_confidence = min_confidence;
  options.max_items = 10;
  options.significance = Significance::none;
  options.redundant = Redundancy::none;
  options.top = 0;
  return options;
}

// Counts of arules 1.7-11 (maxlen 10).
TEST(AssociationRules, GroceriesHasThePublishedNumbersOfRules) {
  OwnBaskets baskets;
  if (!read_lines("groceries.csv", ',', baskets)) GTEST_SKIP() << "no baskets/groceries.csv";
  const auto count = [&](std::int64_t min_count, double min_confidence, Redundancy redundant) {
    AssociationRulesOptions options = untested(min_count, min_confidence);
    options.redundant = redundant;
    const auto rules = association_rules(baskets.view(), options);
    EXPECT_EQ(rules.n_found, static_cast<std::int64_t>(rules.size()));
    return rules.size();
  };
  EXPECT_EQ(count(10, 0.8, Redundancy::none), 410U);
  EXPECT_EQ(count(10, 0.8, Redundancy::no_improvement), 410U - 18U);
  EXPECT_EQ(count(10, 0.5, Redundancy::none), 5668U);
  EXPECT_EQ(count(10, 0.5, Redundancy::no_improvement), 5668U - 572U);
  EXPECT_EQ(count(50, 0.5, Redundancy::none), 120U);
}

TEST(AssociationRules, GroceriesRuleHasItsCountsMeasuresAndPartConfidence) {
  OwnBaskets baskets;
  if (!read_lines("groceries.csv", ',', baskets)) GTEST_SKIP() << "no baskets/groceries.csv";
  AssociationRulesOptions options = untested(10, 0);
  options.max_items = 3;
  options.measures = {"lift", "improvement", "fisher_p"};
  const auto rules = association_rules(baskets.view(), options);
  const auto rows = rows_of(rules);
  auto& names = baskets.names;
  std::vector<std::int32_t> x{names["liquor"], names["red/blush wine"]};
  std::sort(x.begin(), x.end());
  const std::size_t i = rows.at({x, {names["bottled beer"]}});
  EXPECT_EQ(rules.n_baskets[i], 19);
  EXPECT_EQ(rules.n_antecedent[i], 21);
  EXPECT_EQ(rules.n_consequent[i], 19 + 773);
  EXPECT_NEAR(rules.measures.measures[0].value[i], 11.235269, 5e-7);
  EXPECT_NEAR(rules.measures.measures[2].value[i] / 2.403244e-19, 1, 5e-7);
  const auto confidence = [&](const char* item) {
    const std::size_t row = rows.at({{names[item]}, {names["bottled beer"]}});
    return static_cast<double>(rules.n_baskets[row]) / static_cast<double>(rules.n_antecedent[row]);
  };
  EXPECT_NEAR(rules.measures.measures[1].value[i],
              19.0 / 21 - std::max(confidence("liquor"), confidence("red/blush wine")), 1e-12);
}

// Rules of one item to one are the pairs of bought_together, tested alike.
TEST(AssociationRules, PairsAreThoseOfBoughtTogether) {
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    for (const int customers : {0, 40}) {
      OwnBaskets baskets = random_baskets(seed, 800, 25, customers);
      AssociationRulesOptions options;
      options.min_count = 5;
      options.max_items = 2;
      options.alpha = 1;
      options.top = 0;
      const auto rules = association_rules(baskets.view(), options);
      const auto pairs =
          bought_together(baskets.view(), {.min_count = 5, .fdr = 1, .fisher = true});
      EXPECT_EQ(rules.n_testable, 2 * pairs.n_testable);
      ASSERT_EQ(rules.size(), 2 * pairs.size());
      const auto rows = rows_of(rules);
      for (std::size_t i = 0; i < pairs.size(); ++i) {
        for (const bool turned : {false, true}) {
          const std::int32_t a = turned ? pairs.item_b[i] : pairs.item_a[i];
          const std::int32_t b = turned ? pairs.item_a[i] : pairs.item_b[i];
          const std::size_t k = rows.at({{a}, {b}});
          EXPECT_EQ(rules.n_baskets[k], pairs.n_baskets[i]);
          EXPECT_NEAR(rules.expected[k], pairs.expected[i], 1e-9 * pairs.expected[i]);
          // By customer bought_together takes the shares from two profiles: not quite the same.
          if (customers == 0) {
            EXPECT_NEAR(rules.p_value[k], pairs.p_value[i], 1e-9);
          }
          EXPECT_NEAR(rules.fisher_p[k], pairs.fisher_p[i], 1e-12);
          EXPECT_EQ(rules.n_customers[k], pairs.n_customers[i]);
          EXPECT_NEAR(rules.max_customer_share[k], pairs.max_customer_share[i], 1e-12);
          EXPECT_EQ(rules.status[k], pairs.status[i]);
          const auto& lift = rules.measures.measures[2];
          if (pairs.status[i] == Status::not_enough_data) continue;
          EXPECT_NEAR(lift.value[k], pairs.lift[i], 1e-12 * pairs.lift[i]);
          EXPECT_NEAR(lift.low[k], pairs.lift_low[i], 1e-9);
          EXPECT_NEAR(lift.high[k], pairs.lift_high[i], 1e-9);
        }
      }
    }
  }
}

// Everything by its definition, on lists of baskets.
struct Slow {
  const OwnBaskets& baskets;
  std::vector<std::set<std::int32_t>> rows{};
  explicit Slow(const OwnBaskets& b) : baskets(b) {
    for (std::size_t i = 0; i + 1 < b.offset.size(); ++i) {
      const auto at = [&](std::size_t k) { return b.item.begin() + b.offset[k]; };
      const std::int64_t times = b.weight.empty() ? 1 : b.weight[i];
      for (std::int64_t w = 0; w < times; ++w) rows.emplace_back(at(i), at(i + 1));
    }
  }
  [[nodiscard]] std::int64_t count(const std::vector<std::int32_t>& items) const {
    return std::count_if(rows.begin(), rows.end(), [&](const auto& row) {
      return std::all_of(items.begin(), items.end(), [&](auto i) { return row.contains(i); });
    });
  }
};

std::vector<std::int32_t> items_of_mask(std::size_t mask) {
  std::vector<std::int32_t> items;
  for (std::int32_t i = 0; mask >> i != 0; ++i) {
    if ((mask >> i & 1U) != 0) items.push_back(i);
  }
  return items;
}

TEST(AssociationRules, EqualsBruteForceOnManySmallDatabases) {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    core::Random random(seed, 3);
    const int n_items = 3 + static_cast<int>(random.below(5));
    OwnBaskets baskets =
        random_baskets(seed, 5 + static_cast<int>(random.below(60)), n_items, seed % 2 ? 0 : 9);
    if (seed % 3 == 0) {
      baskets.customer.clear();
      for (std::size_t i = 0; i + 1 < baskets.offset.size(); ++i) {
        baskets.weight.push_back(static_cast<std::int64_t>(random.below(4)));
      }
    }
    const Slow slow(baskets);
    AssociationRulesOptions options = untested(1 + static_cast<std::int64_t>(random.below(6)), 0);
    options.min_confidence = 0.25 * static_cast<double>(random.below(4));
    options.max_items = 2 + static_cast<int>(random.below(4));
    options.max_consequent = options.max_items > 2 ? 1 + static_cast<int>(random.below(2)) : 1;
    const auto rules = association_rules(baskets.view(), options);
    const auto rows = rows_of(rules);
    std::size_t expected = 0;
    for (std::size_t mask = 1; mask < std::size_t{1} << n_items; ++mask) {
      const auto all = items_of_mask(mask);
      if (static_cast<int>(all.size()) > options.max_items || slow.count(all) < options.min_count) {
        continue;
      }
      for (std::size_t y = (mask - 1) & mask; y != 0; y = (y - 1) & mask) {
        const auto x = items_of_mask(mask & ~y);
        const auto to = items_of_mask(y);
        if (static_cast<int>(to.size()) > options.max_consequent) continue;
        const double confidence =
            static_cast<double>(slow.count(all)) / static_cast<double>(slow.count(x));
        if (confidence < options.min_confidence) continue;
        ++expected;
        const auto found = rows.find({x, to});
        ASSERT_NE(found, rows.end()) << seed;
        const std::size_t i = found->second;
        EXPECT_EQ(rules.n_baskets[i], slow.count(all));
        EXPECT_EQ(rules.n_antecedent[i], slow.count(x));
        EXPECT_EQ(rules.n_consequent[i], slow.count(to));
        EXPECT_NEAR(rules.measures.measures[1].value[i], confidence, 1e-12);
      }
    }
    EXPECT_EQ(rules.size(), expected) << seed;
  }
}

// The test by its definition, without any of the sums taken apart: y against Z in the baskets with
// W, scores of every basket summed by customer and squared.
double defined_p(const OwnBaskets& baskets, const Strata& strata, const std::vector<double>& places,
                 const std::vector<std::int32_t>& given, const std::vector<std::int32_t>& added,
                 std::int32_t y) {
  struct Row {
    std::size_t h;
    double z, y;
    int who;
  };
  std::vector<Row> rows;
  const std::size_t n_strata = strata.count();
  std::vector<double> n(n_strata), a(n_strata), b(n_strata);
  for (std::size_t i = 0; i + 1 < baskets.offset.size(); ++i) {
    const auto begin = baskets.item.begin() + baskets.offset[i];
    const auto end = baskets.item.begin() + baskets.offset[i + 1];
    const auto holds = [&](std::int32_t item) { return std::find(begin, end, item) != end; };
    const auto h = strata.of_size[static_cast<std::size_t>(end - begin)];
    if (h < 0 || !std::all_of(given.begin(), given.end(), holds)) continue;
    const auto at = static_cast<std::size_t>(h);
    const double z = std::all_of(added.begin(), added.end(), holds) ? 1 : 0;
    const int who = baskets.customer[i] >= 0 ? baskets.customer[i] : 100000 + static_cast<int>(i);
    rows.push_back({at, z, holds(y) ? 1.0 : 0.0, who});
    n[at] += 1;
    a[at] += z;
    b[at] += rows.back().y;
  }
  double expected = 0;
  double variance = 0;
  for (std::size_t h = 0; h < n_strata; ++h) {
    if (n[h] == 0) continue;
    const double p = a[h] / n[h];
    const double q = b[h] / n[h];
    double taken = 0;
    for (const auto i : added) taken += places[static_cast<std::size_t>(i) * n_strata + h];
    taken *= places[static_cast<std::size_t>(y) * n_strata + h];
    const double size = strata.mean_size[h];
    taken *= size / std::max(0.5, size - static_cast<double>(given.size()));
    taken = std::min(1.0, taken);
    expected += strata.size_factor[h] * n[h] * p * q * (1 - taken);
    if (n[h] > 1) {
      variance += n[h] * n[h] / (n[h] - 1) * p * q *
                  ((1 - p) * (1 - q) - taken * (1 - 2 * p) * (1 - 2 * q) - p * q * taken * taken);
    }
  }
  std::map<int, double> by_customer;
  double squares = 0;
  double shared = 0;
  for (const Row& row : rows) {
    const double score = (row.z - a[row.h] / n[row.h]) * (row.y - b[row.h] / n[row.h]);
    by_customer[row.who] += score;
    squares += score * score;
    shared += row.z * row.y;
  }
  double clustered = 0;
  for (const auto& [who, score] : by_customer) clustered += score * score;
  const double effect = squares > 0 ? std::max(1.0, clustered / squares) : 1.0;
  return stretched_upper_tail(shared, expected, variance * effect);
}

TEST(AssociationRules, TestsAreTheirDefinition) {
  for (const std::uint64_t seed : {5U, 6U}) {
    const OwnBaskets baskets = random_baskets(seed, 600, 8, 60);
    AssociationRulesOptions options;
    options.min_count = 10;
    options.max_items = 4;
    options.alpha = 1;
    options.top = 0;
    options.measures = {"improvement"};
    const auto rules = association_rules(baskets.view(), options);
    std::vector<double> sizes(9, 0);
    for (std::size_t i = 0; i + 1 < baskets.offset.size(); ++i) {
      sizes[static_cast<std::size_t>(baskets.offset[i + 1] - baskets.offset[i])] += 1;
    }
    const Strata strata = make_strata(sizes);
    std::vector<double> share(8 * strata.count(), 0);
    std::vector<double> places(share.size(), 0);
    for (std::size_t i = 0; i + 1 < baskets.offset.size(); ++i) {
      const auto h =
          strata.of_size[static_cast<std::size_t>(baskets.offset[i + 1] - baskets.offset[i])];
      for (auto k = baskets.offset[i]; h >= 0 && k < baskets.offset[i + 1]; ++k) {
        const auto item = static_cast<std::size_t>(baskets.item[static_cast<std::size_t>(k)]);
        share[item * strata.count() + static_cast<std::size_t>(h)] +=
            1 / strata.n[static_cast<std::size_t>(h)];
      }
    }
    for (std::size_t h = 0; h < strata.count(); ++h) places_taken(strata, h, share, places);
    std::vector<std::size_t> sized(4, 0);
    for (std::size_t i = 0; i < rules.size(); ++i) {
      const auto [x, y] = rule_of(rules, i);
      ++sized[x.size()];
      double largest = 0;
      for (std::size_t mask = 0; mask + 1 < std::size_t{1} << x.size(); ++mask) {
        std::vector<std::int32_t> given, added;
        for (std::size_t k = 0; k < x.size(); ++k) {
          ((mask >> k & 1U) != 0 ? given : added).push_back(x[k]);
        }
        const double p = defined_p(baskets, strata, places, given, added, y[0]);
        if (mask == 0) {
          EXPECT_NEAR(rules.p_association[i], p, 1e-8 * p);
        }
        largest = std::max(largest, p);
      }
      EXPECT_NEAR(rules.p_value[i], largest, 1e-8 * largest);
      if (x.size() > 1) {
        EXPECT_GT(rules.measures.measures[0].value[i], 0);
      }
    }
    EXPECT_GT(sized[2], 30U);
    EXPECT_GT(sized[3], 5U);
  }
}

TEST(AssociationRules, CountsTheWholeDeclaredSpace) {
  const OwnBaskets baskets = random_baskets(9, 500, 12, 0);
  const Slow slow(baskets);
  AssociationRulesOptions options;
  options.min_count = 30;
  const auto rules = association_rules(baskets.view(), options);
  std::int64_t space = 0;
  std::vector<std::int32_t> frequent;
  for (std::int32_t i = 0; i < 12; ++i) {
    const auto several = std::count_if(slow.rows.begin(), slow.rows.end(), [&](const auto& row) {
      return row.size() > 1 && row.contains(i);
    });
    if (several >= 30) frequent.push_back(i);
  }
  for (const std::int32_t i : frequent) {
    space += static_cast<std::int64_t>(frequent.size()) - 1;
    for (const std::int32_t j : frequent) {
      if (j <= i) continue;
      const auto room = std::count_if(slow.rows.begin(), slow.rows.end(), [&](const auto& row) {
        return row.size() > 2 && row.contains(i) && row.contains(j);
      });
      if (room >= 30) space += static_cast<std::int64_t>(frequent.size()) - 2;
    }
  }
  EXPECT_EQ(rules.n_testable, space);
  // One consequent alone has fewer tests, so smaller q-values.
  options.consequents = {"3"};
  const auto some = association_rules(baskets.view(), options);
  EXPECT_LT(some.n_testable, space / 8);
  for (std::size_t i = 0; i < some.size(); ++i) EXPECT_EQ(rule_of(some, i).second[0], 3);
}

// c is bought with a alone; b comes along by chance: {a, b} => c says no more than a => c.
TEST(AssociationRules, EveryPartOfTheAntecedentMustEarnItsPlace) {
  core::Random random(4);
  OwnBaskets baskets;
  for (int i = 0; i < 4000; ++i) {
    std::vector<std::int32_t> items;
    const bool a = random.uniform() < 0.3;
    const bool b = random.uniform() < 0.3;
    const bool d = random.uniform() < 0.3;
    if (a) items.push_back(0);
    if (b) items.push_back(1);
    if (random.uniform() < (a ? 0.5 : 0.1)) items.push_back(2);
    if (d) items.push_back(3);
    if (random.uniform() < (a && d ? 0.6 : 0.1)) items.push_back(4);  // both are needed
    for (std::int32_t k = 5; k < 20; ++k) {
      if (random.uniform() < 0.2) items.push_back(k);
    }
    baskets.add(items);
  }
  AssociationRulesOptions options;
  const auto productive = rows_of(association_rules(baskets.view(), options));
  EXPECT_TRUE(productive.contains({{0}, {2}}));
  EXPECT_FALSE(productive.contains({{0, 1}, {2}}));
  EXPECT_TRUE(productive.contains({{0, 3}, {4}}));
  options.redundant = Redundancy::none;
  const auto all = rows_of(association_rules(baskets.view(), options));
  EXPECT_TRUE(all.contains({{0, 1}, {2}}));
  EXPECT_TRUE(all.contains({{0, 3}, {4}}));
}

TEST(AssociationRules, AnyNumberOfThreadsGivesTheSameBits) {
  const OwnBaskets baskets = random_baskets(12, 2000, 20, 200);
  for (const Significance significance :
       {Significance::bh, Significance::tarone, Significance::westfall_young, Significance::holdout,
        Significance::none}) {
    AssociationRulesOptions options;
    options.significance = significance;
    options.alpha = 1;
    options.permutations = 100;
    options.top = 200;
    options.measures = {"all"};
    const auto one = association_rules(baskets.view(), options, {.threads = 1});
    EXPECT_GT(one.size(), 10U);
    for (const int threads : {2, 3, 8}) {
      const auto many = association_rules(baskets.view(), options, {.threads = threads});
      EXPECT_EQ(many.antecedent, one.antecedent);
      EXPECT_EQ(many.consequent, one.consequent);
      EXPECT_EQ(many.p_value, one.p_value);
      EXPECT_EQ(many.q_value, one.q_value);
      EXPECT_EQ(many.excess, one.excess);
      EXPECT_EQ(many.effective_tests, one.effective_tests);
      for (std::size_t m = 0; m < one.measures.measures.size(); ++m) {
        const auto& x = one.measures.measures[m];
        const auto& y = many.measures.measures[m];
        for (std::size_t i = 0; i < x.value.size(); ++i) {
          EXPECT_TRUE(x.value[i] == y.value[i] || std::isnan(x.value[i]));
        }
      }
    }
  }
}

TEST(AssociationRules, OrderOfBasketsChangesNothing) {
  const OwnBaskets baskets = random_baskets(13, 1000, 20, 80);
  OwnBaskets turned;
  for (std::size_t i = baskets.customer.size(); i-- > 0;) {
    turned.add(
        {baskets.item.begin() + baskets.offset[i], baskets.item.begin() + baskets.offset[i + 1]},
        baskets.customer[i]);
  }
  turned.n_items = baskets.n_items;
  AssociationRulesOptions options;
  options.alpha = 1;
  options.top = 0;
  const auto one = association_rules(baskets.view(), options);
  const auto two = association_rules(turned.view(), options);
  ASSERT_GT(one.size(), 10U);
  EXPECT_EQ(one.antecedent, two.antecedent);
  EXPECT_EQ(one.n_baskets, two.n_baskets);
  for (std::size_t i = 0; i < one.size(); ++i) {
    EXPECT_NEAR(one.p_value[i], two.p_value[i], 1e-9 * one.p_value[i]);
  }
}

TEST(AssociationRules, TopCutsAndSaysSo) {
  const OwnBaskets baskets = random_baskets(12, 3000, 30, 0);
  AssociationRulesOptions options;
  options.alpha = 1;
  options.top = 7;
  const auto few = association_rules(baskets.view(), options);
  EXPECT_EQ(few.size(), 7U);
  EXPECT_TRUE(few.truncated);
  EXPECT_GT(few.n_found, 7);
  options.top = 0;
  const auto all = association_rules(baskets.view(), options);
  EXPECT_FALSE(all.truncated);
  EXPECT_TRUE(std::is_sorted(all.excess.rbegin(), all.excess.rend()));
  EXPECT_TRUE(std::equal(few.excess.begin(), few.excess.end(), all.excess.begin()));
}

TEST(AssociationRules, WeightsAreRepeatedBaskets) {
  OwnBaskets weighted = random_baskets(21, 300, 15, 0);
  OwnBaskets repeated;
  weighted.customer.clear();
  core::Random random(2);
  for (std::size_t i = 0; i + 1 < weighted.offset.size(); ++i) {
    weighted.weight.push_back(static_cast<std::int64_t>(random.below(5)));
    for (std::int64_t w = 0; w < weighted.weight.back(); ++w) {
      repeated.add({weighted.item.begin() + weighted.offset[i],
                    weighted.item.begin() + weighted.offset[i + 1]});
    }
  }
  repeated.n_items = weighted.n_items;
  AssociationRulesOptions options;
  options.alpha = 1;
  const auto one = association_rules(weighted.view(), options);
  const auto two = association_rules(repeated.view(), options);
  EXPECT_GT(one.size(), 100U);
  EXPECT_EQ(one.antecedent, two.antecedent);
  EXPECT_EQ(one.p_value, two.p_value);
  EXPECT_EQ(one.n_testable, two.n_testable);
}

std::string message(const data::BasketsView& view, const AssociationRulesOptions& options) {
  try {
    association_rules(view, options);
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(AssociationRules, BadInputIsAnswered) {
  const OwnBaskets baskets = random_baskets(1, 100, 8, 0);
  const auto said = [&](const std::function<void(AssociationRulesOptions&)>& change) {
    AssociationRulesOptions options;
    change(options);
    return message(baskets.view(), options);
  };
  EXPECT_EQ(said([](auto& o) { o.min_count = 5, o.min_support = 0.1; }),
            "association_rules: both min_count and min_support are given; "
            "write one of them");
  EXPECT_EQ(said([](auto& o) { o.min_support = 20; }),
            "association_rules: min_support is 20; write a share of the "
            "baskets, as 0.001");
  EXPECT_EQ(said([](auto& o) { o.max_items = 1; }),
            "association_rules: max_items is 1; write 2 to 16 items of "
            "antecedent and consequent "
            "together");
  EXPECT_EQ(said([](auto& o) { o.max_consequent = 2; }),
            "association_rules: consequents of several items are not tested; write "
            "max_consequent=1, or significance=\"none\"");
  EXPECT_EQ(said([](auto& o) { o.consequents = {"8"}; }),
            "association_rules: no item '8' among consequents; items are 0 to 7");
  EXPECT_EQ(said([](auto& o) { o.alpha = 5; }),
            "association_rules: alpha is 5; write a share above 0 and up to 1, "
            "as 0.05");
  EXPECT_EQ(
      said([](auto& o) { o.significance = Significance::westfall_young, o.permutations = 10; }),
      "association_rules: permutations is 10, too few for alpha = 0.05; "
      "write 400 or more");
  EXPECT_EQ(said([](auto& o) { o.measures = {"lfit"}; }),
            "rule_measures: no measure 'lfit'; did you mean 'lift'? measures() "
            "lists them all");
  OwnBaskets twice;
  twice.add({1, 1});
  EXPECT_EQ(message(twice.view(), {}),
            "association_rules: the items of basket "
            "0 must be distinct and ascending");
}

TEST(AssociationRules, NothingToFindIsAnEmptyList) {
  OwnBaskets none;
  OwnBaskets empty, one;
  for (int i = 0; i < 50; ++i) empty.add({});
  for (int i = 0; i < 50; ++i) one.add({0});
  for (const OwnBaskets* baskets : {&none, &empty, &one}) {
    for (const Significance significance :
         {Significance::bh, Significance::holm, Significance::tarone, Significance::westfall_young,
          Significance::holdout, Significance::none}) {
      AssociationRulesOptions options;
      options.significance = significance;
      const auto rules = association_rules(baskets->view(), options);
      EXPECT_EQ(rules.size(), 0U);
      EXPECT_EQ(rules.n_testable, 0);
      EXPECT_FALSE(rules.columns().empty());
    }
  }
  // Items that are in every basket can be together no more often.
  OwnBaskets always;
  for (int i = 0; i < 50; ++i) always.add({0, 1, 2});
  EXPECT_EQ(association_rules(always.view(), {}).size(), 0U);
}

}  // namespace
}  // namespace emptor::mining
