// Planted truth: shops whose items are independent given how much a customer puts into a basket, so
// that every rule is false; and shops where some pairs and triples belong together.
// EMPTOR_SIMULATION_SCALE multiplies the number of shops.

#include "emptor/mining/association_rules.hpp"

#include "core/random.hpp"
#include "simulation.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <set>
#include <string>
#include <vector>

namespace emptor::mining {
namespace {

using testing::simulation_scale;

struct Shop {
  const char* name;
  double basket_spread = 0;    // sd of the log of what a basket takes, from basket to basket
  double customer_spread = 0;  // ... from customer to customer
  double visit_shape = 0;      // gamma shape of visits per customer; 0: all the same
  double habit_share = 0;      // share of (customer, item) with a habit
  double habit = 0;            // probability of a habitual item in a basket
  bool places = false;         // a basket has so many places; items are drawn into them
  bool planted = false;        // pairs (0,1), (2,3), ... and triples {12,13} => 14, ...
};

constexpr int kItems = 40;
constexpr int kPairs = 6;
constexpr int kTriples = 4;

struct Data {
  std::vector<std::int64_t> offset{0};
  std::vector<std::int32_t> item;
  std::vector<std::int32_t> customer;
  [[nodiscard]] data::BasketsView view() const { return {offset, item, customer, kItems, {}}; }
};

double popularity(int item) { return 0.02 + 0.3 * std::pow((item * 37 % kItems) / 40.0, 4); }

void draw_places(core::Random& random, double take, std::vector<std::uint8_t>& in) {
  double total = 0;
  for (int i = 0; i < kItems; ++i) total += popularity(i);
  const auto size = std::min<std::int64_t>(1 + random.poisson(total * take), kItems / 2);
  for (std::int64_t k = 0; k < size;) {
    double u = random.uniform() * total;
    int i = 0;
    while (i + 1 < kItems && u > popularity(i)) u -= popularity(i++);
    if (in[static_cast<std::size_t>(i)] == 0) ++k;
    in[static_cast<std::size_t>(i)] = 1;
  }
}

void plant(core::Random& random, std::vector<std::uint8_t>& in) {
  for (int k = 0; k < kPairs; ++k) {
    const auto a = static_cast<std::size_t>(2 * k);
    if (in[a] != 0 && random.uniform() < 0.15) in[a + 1] = 1;
  }
  for (int k = 0; k < kTriples; ++k) {
    const auto a = static_cast<std::size_t>(2 * kPairs + 3 * k);
    if (in[a] != 0 && in[a + 1] != 0 && random.uniform() < 0.5) in[a + 2] = 1;
  }
}

Data simulate(const Shop& shop, std::uint64_t seed) {
  constexpr int kCustomers = 500;
  constexpr double kVisits = 8;
  core::Random random(seed, 1);
  Data data;
  std::vector<double> habit(kItems);
  for (int c = 0; c < kCustomers; ++c) {
    double visits = kVisits;
    if (shop.visit_shape > 0) visits *= random.gamma(shop.visit_shape) / shop.visit_shape;
    const double customer_take = std::exp(shop.customer_spread * random.normal());
    for (double& h : habit) h = random.uniform() < shop.habit_share ? shop.habit : 0;
    for (std::int64_t v = random.poisson(visits); v > 0; --v) {
      const double take = customer_take * std::exp(shop.basket_spread * random.normal());
      std::vector<std::uint8_t> in(kItems, 0);
      if (shop.places) draw_places(random, take, in);
      for (int i = 0; i < kItems && !shop.places; ++i) {
        double p = popularity(i);
        p = p * take / (1 - p + p * take);  // the odds are multiplied
        if (habit[static_cast<std::size_t>(i)] > 0) p = habit[static_cast<std::size_t>(i)];
        if (random.uniform() < p) in[static_cast<std::size_t>(i)] = 1;
      }
      if (shop.planted) plant(random, in);
      for (int i = 0; i < kItems; ++i) {
        if (in[static_cast<std::size_t>(i)] != 0) data.item.push_back(i);
      }
      data.offset.push_back(static_cast<std::int64_t>(data.item.size()));
      data.customer.push_back(c);
    }
  }
  return data;
}

// Planted are both directions of a pair, and of a triple every item after the other two and, since
// the third comes with the first two alone, every pair in it.
bool is_true(std::vector<std::int32_t> x, std::int32_t y) {
  x.push_back(y);
  std::sort(x.begin(), x.end());
  if (x.size() == 2 && x[1] < 2 * kPairs) return x[0] % 2 == 0 && x[1] == x[0] + 1;
  const int first = 2 * kPairs;
  return x[0] >= first && x.back() < first + 3 * kTriples &&
         (x[0] - first) / 3 == (x.back() - first) / 3;
}

struct Rates {
  double any = 0;    // shops with a false rule
  double share = 0;  // mean share of false rules among those listed
  double listed = 0;
  double pairs = 0, triples = 0;  // planted ones found, of 2 kPairs and kTriples
};

Rates rates(const Shop& shop, Significance significance, int shops, std::int64_t min_count) {
  Rates sum;
  for (int s = 0; s < shops; ++s) {
    const Data data = simulate(shop, 100 + static_cast<std::uint64_t>(s));
    AssociationRulesOptions options;
    options.significance = significance;
    options.min_count = min_count;
    options.top = 0;
    options.permutations = 200;
    const auto rules = association_rules(data.view(), options);
    double wrong = 0;
    for (std::size_t i = 0; i < rules.size(); ++i) {
      const std::vector<std::int32_t> x(rules.antecedent.begin() + rules.antecedent_offset[i],
                                        rules.antecedent.begin() + rules.antecedent_offset[i + 1]);
      const std::int32_t y = rules.consequent[i];
      const bool real = shop.planted && is_true(x, y);
      wrong += real ? 0 : 1;
      if (real && x.size() == 1 && std::max(x[0], y) < 2 * kPairs) sum.pairs += 0.5 / kPairs;
      if (real && x.size() == 2 && y % 3 == 2) sum.triples += 1.0 / kTriples;
    }
    sum.any += wrong > 0 ? 1 : 0;
    sum.share += rules.size() > 0 ? wrong / static_cast<double>(rules.size()) : 0;
    sum.listed += static_cast<double>(rules.size());
  }
  for (double* x : {&sum.any, &sum.share, &sum.listed, &sum.pairs, &sum.triples}) *x /= shops;
  return sum;
}

constexpr struct {
  Significance significance;
  const char* name;
  bool family;  // bounds the chance of any false rule
} kProcedures[] = {{Significance::bh, "bh", false},
                   {Significance::holm, "holm", true},
                   {Significance::tarone, "tarone", true},
                   {Significance::westfall_young, "westfall_young", true},
                   {Significance::holdout, "holdout", false}};

const Shop kShops[] = {
    {.name = "unequal baskets", .basket_spread = 0.8},
    {.name = "unequal baskets with places", .basket_spread = 0.8, .places = true},
    {.name = "+ unequal customers, habits",
     .basket_spread = 0.8,
     .customer_spread = 0.8,
     .visit_shape = 0.5,
     .habit_share = 0.02,
     .habit = 0.7},
    {.name = "+ stronger habits",
     .basket_spread = 0.8,
     .customer_spread = 0.8,
     .visit_shape = 0.3,
     .habit_share = 0.05,
     .habit = 0.95},
};

// Permutations take their time: a fifth of the shops.
int shops_for(Significance significance, int shops) {
  return significance == Significance::westfall_young ? shops / 5 : shops;
}

// Nothing is planted: a shop with any rule has a false one, and the false-discovery rate is the
// share of such shops too.
TEST(AssociationRulesSimulation, ListsNothingWhereThereIsNothing) {
  const int shops = 10 * simulation_scale();
  std::printf("%-32s %5s", "shops with a false rule, alpha 5 %", "least");
  for (const auto& procedure : kProcedures) std::printf(" %15s", procedure.name);
  std::printf("\n");
  for (const Shop& shop : kShops) {
    for (const std::int64_t min_count : {20, 5}) {
      std::printf("%-32s %5d", shop.name, static_cast<int>(min_count));
      for (const auto& procedure : kProcedures) {
        const int n = shops_for(procedure.significance, shops);
        const Rates r = rates(shop, procedure.significance, n, min_count);
        std::printf(" %13.1f %%", 100 * r.any);
        std::fflush(stdout);
        EXPECT_LE(r.any, 0.05 + 2.5 * std::sqrt(0.05 * 0.95 / n))
            << shop.name << ", " << procedure.name << ", min_count " << min_count;
      }
      std::printf("\n");
    }
  }
}

TEST(AssociationRulesSimulation, FindsWhatIsPlantedAndLittleElse) {
  const int shops = 5 * simulation_scale();
  std::printf("%-32s %-15s %8s %8s %8s %8s %8s\n", "planted pairs and triples", "by", "listed",
              "false", "any", "pairs", "triples");
  for (Shop shop : kShops) {
    shop.planted = true;
    for (const auto& procedure : kProcedures) {
      const int n = shops_for(procedure.significance, shops);
      const Rates r = rates(shop, procedure.significance, n, 20);
      std::printf("%-32s %-15s %8.1f %7.2f%% %7.1f%% %7.1f%% %7.1f%%\n", shop.name, procedure.name,
                  r.listed, 100 * r.share, 100 * r.any, 100 * r.pairs, 100 * r.triples);
      EXPECT_LE(procedure.family ? r.any : r.share, 0.05 + 2.5 * std::sqrt(0.05 * 0.95 / n))
          << shop.name << ", " << procedure.name;
    }
  }
}

// The items, eight categories of five items each (codes 40 to 47) and two departments (48, 49).
constexpr int kCategory = kItems;
constexpr int kDepartment = kItems + 8;

std::int32_t parent_of(std::int32_t i) {
  if (i < kCategory) return kCategory + i % 8;
  return i < kDepartment ? kDepartment + i % 2 : -1;
}

struct TreeData {
  Data data;
  std::vector<std::int32_t> parent;
  [[nodiscard]] data::BasketsView view() const {
    return {data.offset, data.item, data.customer, kDepartment + 2, {}, parent};
  }
};

// An item of category 1, each as often as it is bought anyway.
std::int32_t draw_of_second(core::Random& random) {
  double total = 0;
  for (int k = 0; k < 5; ++k) total += popularity(1 + 8 * k);
  double u = random.uniform() * total;
  int k = 0;
  while (k < 4 && u > popularity(1 + 8 * k)) u -= popularity(1 + 8 * k++);
  return 1 + 8 * k;
}

// With the groups of every item; planted is that a quarter of the baskets with category 0 get an
// item of category 1, whichever items of category 0 they hold.
TreeData with_groups(const Data& flat, bool planted, std::uint64_t seed) {
  core::Random random(seed, 2);
  TreeData tree;
  tree.data.customer = flat.customer;
  for (std::int32_t i = 0; i < kDepartment + 2; ++i) tree.parent.push_back(parent_of(i));
  for (std::size_t b = 0; b + 1 < flat.offset.size(); ++b) {
    std::set<std::int32_t> items(flat.item.begin() + flat.offset[b],
                                 flat.item.begin() + flat.offset[b + 1]);
    const bool has = std::any_of(items.begin(), items.end(), [](auto i) { return i % 8 == 0; });
    if (planted && has && random.uniform() < 0.25) {
      items.insert(draw_of_second(random));
    }
    for (const std::int32_t i : std::set<std::int32_t>(items)) {
      for (std::int32_t up = i; up >= 0; up = parent_of(up)) items.insert(up);
    }
    tree.data.item.insert(tree.data.item.end(), items.begin(), items.end());
    tree.data.offset.push_back(static_cast<std::int64_t>(tree.data.item.size()));
  }
  return tree;
}

// Between the two categories or their departments, either way.
bool is_true_of_tree(const std::vector<std::int32_t>& x, std::int32_t y) {
  if (x.size() != 1 || std::min(x[0], y) < kCategory) return false;
  const auto first = [](std::int32_t i) { return i == kCategory || i == kDepartment; };
  const auto second = [](std::int32_t i) { return i == kCategory + 1 || i == kDepartment + 1; };
  return (first(x[0]) && second(y)) || (second(x[0]) && first(y));
}

TEST(AssociationRulesSimulation, OfAHierarchyListsWhatIsPlantedAndLittleElse) {
  const int shops = 10 * simulation_scale();
  std::printf("%-32s %8s %8s %8s %8s %8s\n", "items, categories, departments; bh", "planted",
              "listed", "false", "any", "found");
  for (const Shop& shop : kShops) {
    for (const bool planted : {false, true}) {
      double any = 0;
      double share = 0;
      double listed = 0;
      double found = 0;
      for (int s = 0; s < shops; ++s) {
        const auto seed = 100 + static_cast<std::uint64_t>(s);
        const TreeData tree = with_groups(simulate(shop, seed), planted, seed);
        AssociationRulesOptions options;
        options.top = 0;
        const auto rules = association_rules(tree.view(), options);
        double wrong = 0;
        for (std::size_t i = 0; i < rules.size(); ++i) {
          const std::vector<std::int32_t> x(
              rules.antecedent.begin() + rules.antecedent_offset[i],
              rules.antecedent.begin() + rules.antecedent_offset[i + 1]);
          const bool real = planted && is_true_of_tree(x, rules.consequent[i]);
          wrong += real ? 0 : 1;
          if (x[0] == kCategory && rules.consequent[i] == kCategory + 1 && real) found += 1;
        }
        any += wrong > 0 ? 1 : 0;
        share += rules.size() > 0 ? wrong / static_cast<double>(rules.size()) : 0;
        listed += static_cast<double>(rules.size());
      }
      for (double* x : {&any, &share, &listed, &found}) *x /= shops;
      std::printf("%-32s %8s %8.1f %7.2f%% %7.1f%% %7.1f%%\n", shop.name, planted ? "yes" : "no",
                  listed, 100 * share, 100 * any, 100 * found);
      std::fflush(stdout);
      EXPECT_LE(share, 0.05 + 2.5 * std::sqrt(0.05 * 0.95 / shops)) << shop.name << planted;
      if (planted && shop.habit < 0.9) {  // strong habits of few customers hide it
        EXPECT_GT(found, 0.5) << shop.name;
      }
    }
  }
}

}  // namespace
}  // namespace emptor::mining
