#include "emptor/mining/next_basket.hpp"

#include "emptor/core/error.hpp"
#include "emptor/data/sales.hpp"

#include "core/random.hpp"
#include "data/make_sales.hpp"
#include "mining/basket_models.hpp"
#include "mining/planted_shop.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <numeric>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace emptor::mining {
namespace {

using test::Shop;

/// Customers' visits as sets of items, a day each.
using History = std::vector<std::vector<std::set<std::int32_t>>>;

Shop shop_of(const History& history, std::int32_t n_items) {
  Shop shop;
  shop.n_items = n_items;
  for (std::size_t c = 0; c < history.size(); ++c)
    for (std::size_t v = 0; v < history[c].size(); ++v)
      for (const auto item : history[c][v]) {
        shop.customer.push_back(static_cast<std::int32_t>(c));
        shop.day.push_back(static_cast<data::Day>(v));
        shop.item.push_back(item);
      }
  return shop;
}

History random_history(std::uint64_t seed, int customers, int items, int most_visits) {
  core::Random random(seed, 3);
  History history(static_cast<std::size_t>(customers));
  for (auto& visits : history) {
    const auto n = 1 + random.below(static_cast<std::uint64_t>(most_visits));
    for (std::uint64_t v = 0; v < n; ++v) {
      std::set<std::int32_t> visit;
      const auto size = 1 + random.below(4);
      while (visit.size() < size)
        visit.insert(static_cast<std::int32_t>(random.below(static_cast<std::uint64_t>(items))));
      visits.push_back(std::move(visit));
    }
  }
  return history;
}

using Scores = std::map<std::pair<std::int32_t, std::int32_t>, double>;

Scores scores_of(const NextBasket& result) {
  Scores scores;
  for (std::size_t i = 0; i < result.size(); ++i)
    scores[{result.customer[i], result.item[i]}] = result.score[i];
  return scores;
}

std::string message_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.what();
  }
  return "(nothing thrown)";
}

// Hu et al. 2020, 4.1: five visits in two groups of two and three, r_b = .9, r_g = .7.
TEST(NextBasket, WeightsOfTifuKnnByHand) {
  const auto weight =
      basket::tifu_weights(5, {.groups = 2, .within_decay = 0.9, .group_decay = 0.7});
  const std::vector<double> expected{0.7 * 0.9 / 4, 0.7 / 4, 0.81 / 6, 0.9 / 6, 1.0 / 6};
  ASSERT_EQ(weight.size(), expected.size());
  for (std::size_t i = 0; i < weight.size(); ++i) EXPECT_NEAR(weight[i], expected[i], 1e-15);
  // Fewer visits than groups: a group each.
  EXPECT_EQ(basket::tifu_weights(1, {}), (std::vector<double>{1}));
  EXPECT_TRUE(basket::tifu_weights(0, {}).empty());
  const auto two = basket::tifu_weights(2, {.groups = 7, .within_decay = 0.9, .group_decay = 0.7});
  EXPECT_NEAR(two[0], 0.35, 1e-15);
  EXPECT_NEAR(two[1], 0.5, 1e-15);
}

// Three customers, four items; worked out by hand.
TEST(NextBasket, ScoresByHand) {
  const Shop shop = shop_of({{{0, 1}, {0}}, {{0, 2}}, {{3}}}, 4);
  NextBasketOptions options;
  options.top = 4;
  options.neighbors = 1;
  options.model = NextBasketModel::tifu_knn;
  // Vectors: (.85, .35, 0, 0), (1, 0, 1, 0), (0, 0, 0, 1). Nearest to 0 is 1 (distance^2 .0225 +
  // .1225 + 1 = 1.145, against 1.845), to 1 is 0, to 2 is 0 (1.845 against 3).
  const auto tifu = scores_of(next_basket(shop.view(), options));
  EXPECT_NEAR(tifu.at({0, 0}), 0.7 * 0.85 + 0.3 * 1, 1e-15);
  EXPECT_NEAR(tifu.at({0, 1}), 0.7 * 0.35, 1e-15);
  EXPECT_NEAR(tifu.at({0, 2}), 0.3, 1e-15);
  EXPECT_NEAR(tifu.at({2, 0}), 0.3 * 0.85, 1e-15);
  EXPECT_EQ(tifu.count({0, 3}), 0U);
  // UP-CF: item sets {0, 1}, {0, 2}, {3}; customers 0 and 1 share one of two items:
  // 1 / (2^.75 2^.25) = .5, to the power 5 1/32. Popularity of 0: (1, .5, 0, 0), of 1: (1, 0, 1,
  // 0).
  options.model = NextBasketModel::up_cf;
  const auto up = scores_of(next_basket(shop.view(), options));
  EXPECT_NEAR(up.at({0, 0}), 1, 1e-15);
  EXPECT_NEAR(up.at({0, 1}), 0.5 / (1 + 1.0 / 32), 1e-15);
  EXPECT_NEAR(up.at({0, 2}), 1.0 / 32 / (1 + 1.0 / 32), 1e-15);
  EXPECT_NEAR(up.at({2, 3}), 1, 1e-15);
  EXPECT_EQ(up.count({2, 0}), 0U);
  // GP-TopFreq: own items by how often, then the most popular one (0, in 3 of 4 visits).
  options.model = NextBasketModel::gp_topfreq;
  const auto gp = next_basket(shop.view(), options);
  EXPECT_EQ(std::vector<std::int32_t>(gp.item.begin(), gp.item.begin() + 4),
            (std::vector<std::int32_t>{0, 1, 2, 3}));
  EXPECT_EQ(gp.reason_code[0], BasketReason::again);
  EXPECT_EQ(gp.times_bought[0], 2);
  EXPECT_EQ(gp.visits[0], 2);
  EXPECT_EQ(gp.reason_code[2], BasketReason::popular);
  EXPECT_DOUBLE_EQ(gp.reason_share[2], 0.25);
  EXPECT_EQ(gp.reason_n[2], 4);
  EXPECT_EQ(gp.status[0], Status::not_enough_data);
  EXPECT_TRUE(std::isnan(gp.probability[0]));
}

/// Dense vectors of Hu et al. 2020 from their formulas: groups first, then visits inside.
std::vector<double> dense_vector(const std::vector<std::set<std::int32_t>>& visits, int items,
                                 int m, double rb, double rg) {
  const int n = static_cast<int>(visits.size());
  const int groups = std::min(n, m);
  std::vector<double> u(static_cast<std::size_t>(items), 0);
  int from = 0;
  for (int g = 0; g < groups; ++g) {
    const int left = groups - g;
    const int size = (n - from) / left;  // the rest is left for later groups
    for (int i = 0; i < size; ++i)
      for (const auto item : visits[static_cast<std::size_t>(from + i)])
        u[static_cast<std::size_t>(item)] +=
            std::pow(rb, size - 1 - i) / size * std::pow(rg, groups - 1 - g) / groups;
    from += size;
  }
  return u;
}

TEST(NextBasket, TifuKnnEqualsBruteForce) {
  int compared = 0;
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    const int customers = 4 + static_cast<int>(seed % 9);
    const int items = 12;
    const auto history = random_history(seed, customers, items, 12);
    const Shop shop = shop_of(history, items);
    NextBasketOptions options;
    options.model = NextBasketModel::tifu_knn;
    options.top = items;
    options.neighbors = 1 + static_cast<int>(seed % 5);
    options.groups = 1 + static_cast<int>(seed % 4);
    const auto found = scores_of(next_basket(shop.view(), options));
    std::vector<std::vector<double>> u;
    for (const auto& visits : history)
      u.push_back(dense_vector(visits, items, options.groups, 0.9, 0.7));
    for (std::size_t c = 0; c < u.size(); ++c) {
      std::vector<std::pair<double, std::size_t>> near;
      for (std::size_t o = 0; o < u.size(); ++o) {
        double d = 0;
        for (std::size_t i = 0; i < u[c].size(); ++i)
          d += (u[c][i] - u[o][i]) * (u[c][i] - u[o][i]);
        if (o != c) near.emplace_back(d, o);
      }
      std::sort(near.begin(), near.end());
      const auto k = std::min(near.size(), static_cast<std::size_t>(options.neighbors));
      if (k < near.size() && near[k].first - near[k - 1].first < 1e-9) continue;  // a tie
      for (std::size_t i = 0; i < u[c].size(); ++i) {
        double mean = 0;
        for (std::size_t j = 0; j < k; ++j) mean += u[near[j].second][i] / static_cast<double>(k);
        const double expected = 0.7 * u[c][i] + 0.3 * mean;
        const auto it = found.find({static_cast<std::int32_t>(c), static_cast<std::int32_t>(i)});
        ASSERT_EQ(it != found.end(), expected > 0) << seed << ' ' << c << ' ' << i;
        if (expected > 0) {
          ASSERT_NEAR(it->second, expected, 1e-12);
        }
        ++compared;
      }
    }
  }
  EXPECT_GT(compared, 10000);
}

TEST(NextBasket, UpCfEqualsBruteForce) {
  int compared = 0;
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    const int items = 10;
    const auto history = random_history(seed, 3 + static_cast<int>(seed % 8), items, 9);
    const Shop shop = shop_of(history, items);
    NextBasketOptions options;
    options.model = NextBasketModel::up_cf;
    options.top = items;
    options.recency = 1 + static_cast<int>(seed % 6);
    options.asymmetry = 0.25 * static_cast<double>(seed % 5);
    options.locality = 1 + static_cast<double>(seed % 7);
    const auto found = scores_of(next_basket(shop.view(), options));
    // Faggioli et al. 2020: popularity over the last r baskets, asymmetric cosine of what they
    // hold.
    std::vector<std::vector<double>> share;
    for (const auto& visits : history) {
      const auto r = std::min(visits.size(), static_cast<std::size_t>(options.recency));
      share.emplace_back(items, 0.0);
      for (auto v = visits.size() - r; v < visits.size(); ++v)
        for (const auto item : visits[v])
          share.back()[static_cast<std::size_t>(item)] += 1 / static_cast<double>(r);
    }
    const auto size = [&](std::size_t c) {
      return static_cast<double>(
          std::count_if(share[c].begin(), share[c].end(), [](double x) { return x > 0; }));
    };
    for (std::size_t c = 0; c < share.size(); ++c) {
      std::vector<double> expected(static_cast<std::size_t>(items), 0);
      double total = 0;
      for (std::size_t o = 0; o < share.size(); ++o) {
        double both = 0;
        for (std::size_t i = 0; i < expected.size(); ++i)
          both += share[c][i] > 0 && share[o][i] > 0 ? 1 : 0;
        const double w = std::pow(both / (std::pow(size(c), options.asymmetry) *
                                          std::pow(size(o), 1 - options.asymmetry)),
                                  options.locality);
        total += w;
        for (std::size_t i = 0; i < expected.size(); ++i) expected[i] += w * share[o][i];
      }
      for (std::size_t i = 0; i < expected.size(); ++i) {
        const auto it = found.find({static_cast<std::int32_t>(c), static_cast<std::int32_t>(i)});
        const bool bought = std::any_of(history[c].begin(), history[c].end(), [&](const auto& v) {
          return v.count(static_cast<std::int32_t>(i)) > 0;
        });
        if (expected[i] == 0 && !bought) {
          ASSERT_EQ(it, found.end());
          continue;
        }
        ASSERT_NE(it, found.end());
        ASSERT_NEAR(it->second, expected[i] / total, 1e-12);
        ++compared;
      }
    }
  }
  EXPECT_GT(compared, 5000);
}

TEST(NextBasket, ItemKnnEqualsBruteForce) {
  const int items = 9;
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    const auto history = random_history(seed, 25, items, 6);
    const Shop shop = shop_of(history, items);
    NextBasketOptions options;
    options.model = NextBasketModel::item_knn;
    options.top = items;
    const auto found = scores_of(next_basket(shop.view(), options));
    std::vector<std::set<std::size_t>> buyers(items);
    for (std::size_t c = 0; c < history.size(); ++c)
      for (const auto& visit : history[c])
        for (const auto item : visit) buyers[static_cast<std::size_t>(item)].insert(c);
    for (std::size_t c = 0; c < history.size(); ++c)
      for (std::size_t j = 0; j < items; ++j) {
        double expected = 0;
        for (std::size_t i = 0; i < items; ++i) {
          double share = 0;
          for (const auto& visit : history[c])
            share += static_cast<double>(visit.count(static_cast<std::int32_t>(i))) /
                     static_cast<double>(history[c].size());
          std::vector<std::size_t> both;
          std::set_intersection(buyers[i].begin(), buyers[i].end(), buyers[j].begin(),
                                buyers[j].end(), std::back_inserter(both));
          const bool enough = buyers[i].size() >= 5 && buyers[j].size() >= 5;
          const double like = i == j   ? 1
                              : enough ? static_cast<double>(both.size()) /
                                             std::sqrt(static_cast<double>(buyers[i].size()) *
                                                       static_cast<double>(buyers[j].size()))
                                       : 0;
          expected += share * like;
        }
        const auto it = found.find({static_cast<std::int32_t>(c), static_cast<std::int32_t>(j)});
        ASSERT_NEAR(it == found.end() ? 0 : it->second, expected, 1e-12) << seed;
      }
  }
}

// Customers who come back to their favourites: enough of them for probabilities and the blend.
Shop regulars(std::uint64_t seed, int customers = 400, int days = 300) {
  Shop shop;
  shop.n_items = 80;
  shop.first_day = 0;
  shop.last_day = days;
  for (int c = 0; c < customers; ++c) {
    core::Random random(seed, static_cast<std::uint64_t>(c) + 1);
    std::vector<std::pair<std::int32_t, double>> likes;
    for (std::int32_t i = 0; i < shop.n_items; ++i)
      if (random.uniform() < 0.15) likes.emplace_back(i, random.uniform());
    const double gap = 4 + 20 * random.uniform();
    for (double t = gap * random.uniform(); t < days; t += 1 + gap * random.exponential()) {
      for (std::int32_t i = 0; i < shop.n_items; ++i) {
        double p = 0.2 / (10 + i);
        for (const auto& [item, strength] : likes)
          if (item == i) p += 0.6 * strength;
        if (random.uniform() >= p) continue;
        shop.customer.push_back(c);
        shop.day.push_back(static_cast<data::Day>(t));
        shop.item.push_back(i);
      }
    }
  }
  return shop;
}

constexpr NextBasketModel kAll[] = {
    NextBasketModel::automatic, NextBasketModel::gp_topfreq,  NextBasketModel::p_topfreq,
    NextBasketModel::g_topfreq, NextBasketModel::up_cf,       NextBasketModel::tifu_knn,
    NextBasketModel::item_knn,  NextBasketModel::timed_rules, NextBasketModel::blend};

void expect_same(const NextBasket& x, const NextBasket& y) {
  EXPECT_EQ(x.customer, y.customer);
  EXPECT_EQ(x.item, y.item);
  EXPECT_EQ(x.score, y.score);
  EXPECT_EQ(x.probability, y.probability);
  EXPECT_EQ(x.probability_low, y.probability_low);
  EXPECT_EQ(x.probability_high, y.probability_high);
  EXPECT_EQ(x.reason_code, y.reason_code);
  EXPECT_EQ(x.reason_n, y.reason_n);
}

TEST(NextBasket, SameBitsOnAnyNumberOfThreads) {
  const Shop shop = regulars(1);
  for (const auto model : kAll) {
    NextBasketOptions options;
    options.model = model;
    Context one;
    one.threads = 1;
    const auto expected = next_basket(shop.view(), options, one);
    ASSERT_GT(expected.size(), 1000U);
    ASSERT_FALSE(std::isnan(expected.probability[0]));
    for (const int threads : {2, 3, 8}) {
      Context context;
      context.threads = threads;
      expect_same(expected, next_basket(shop.view(), options, context));
    }
  }
}

TEST(NextBasket, RowsAreListsOfDistinctItemsInOrder) {
  const Shop shop = regulars(2);
  std::set<std::tuple<std::int32_t, data::Day, std::int32_t>> bought;
  std::set<std::pair<std::int32_t, std::int32_t>> ever;
  for (std::size_t i = 0; i < shop.item.size(); ++i) ever.insert({shop.customer[i], shop.item[i]});
  for (const auto model : kAll)
    for (const auto part : {RepeatPart::both, RepeatPart::repeat, RepeatPart::new_item}) {
      NextBasketOptions options;
      options.model = model;
      options.repeat = part;
      options.top = 7;
      const auto result = next_basket(shop.view(), options);
      std::set<std::pair<std::int32_t, std::int32_t>> seen;
      for (std::size_t i = 0; i < result.size(); ++i) {
        ASSERT_TRUE(seen.insert({result.customer[i], result.item[i]}).second);
        ASSERT_EQ(result.repeat[i] != 0, ever.count({result.customer[i], result.item[i]}) > 0);
        if (part != RepeatPart::both) {
          ASSERT_EQ(result.repeat[i] != 0, part == RepeatPart::repeat);
        }
        ASSERT_LE(result.probability_low[i], result.probability[i]);
        ASSERT_GE(result.probability_high[i], result.probability[i]);
        ASSERT_LE(result.rank[i], 7);
        if (result.rank[i] == 1) continue;
        ASSERT_EQ(result.customer[i], result.customer[i - 1]);
        ASSERT_EQ(result.rank[i], result.rank[i - 1] + 1);
        ASSERT_GE(result.score[i - 1], result.score[i]);
        if (result.repeat[i] == result.repeat[i - 1]) {
          ASSERT_GE(result.probability[i - 1], result.probability[i]);
        }
      }
      if (model == NextBasketModel::p_topfreq && part == RepeatPart::new_item) {
        EXPECT_EQ(result.size(), 0U);
      } else {
        EXPECT_GT(result.size(), 500U);
      }
    }
}

// Probabilities as of a moment against the purchases that came after it.
TEST(NextBasket, ProbabilitiesHoldForWhatComesNext) {
  for (const auto model : {NextBasketModel::automatic, NextBasketModel::gp_topfreq}) {
    double listed = 0, hits = 0, rows = 0, variance = 0;
    for (std::uint64_t seed = 1;
         seed <= 4 * static_cast<std::uint64_t>(testing::simulation_scale()); ++seed) {
      const Shop all = regulars(100 + seed, 500, 330);
      Shop known = all;
      known.customer.clear();
      known.day.clear();
      known.item.clear();
      known.last_day = 290;
      std::map<std::int32_t, data::Day> next;
      std::set<std::tuple<std::int32_t, data::Day, std::int32_t>> later;
      for (std::size_t i = 0; i < all.item.size(); ++i) {
        if (all.day[i] <= 290) {
          known.customer.push_back(all.customer[i]);
          known.day.push_back(all.day[i]);
          known.item.push_back(all.item[i]);
        } else {
          next.emplace(all.customer[i], all.day[i]);
          later.insert({all.customer[i], all.day[i], all.item[i]});
        }
      }
      NextBasketOptions options;
      options.model = model;
      const auto result = next_basket(known.view(), options);
      for (std::size_t i = 0; i < result.size(); ++i) {
        const auto day = next.find(result.customer[i]);
        if (day == next.end()) continue;
        listed += result.probability[i];
        variance += result.probability[i] * (1 - result.probability[i]);
        hits += later.count({result.customer[i], day->second, result.item[i]}) > 0 ? 1 : 0;
        ++rows;
      }
    }
    ASSERT_GT(rows, 10000);
    // The moment itself and the customers move the truth as well: five times the binomial spread.
    EXPECT_NEAR(hits / rows, listed / rows, 5 * std::sqrt(variance) / rows);
    EXPECT_GT(hits / rows, 0.1);
  }
}

TEST(NextBasket, ReasonsSayWhatTheColumnsShow) {
  const Shop shop = regulars(3);
  NextBasketOptions options;
  options.model = NextBasketModel::up_cf;
  options.top = 40;
  const auto result = next_basket(shop.view(), options);
  std::set<BasketReason> seen;
  for (std::size_t i = 0; i < result.size(); ++i) {
    seen.insert(result.reason_code[i]);
    const bool repeat = result.repeat[i] != 0;
    EXPECT_EQ(repeat, result.times_bought[i] > 0);
    EXPECT_EQ(result.reason_code[i] == BasketReason::rhythm, result.times_bought[i] >= 3);
    EXPECT_EQ(std::isnan(result.usual_days[i]), result.times_bought[i] < 3);
    if (repeat) {
      EXPECT_EQ(result.days_since[i], shop.last_day - result.last_bought[i]);
    }
    if (result.reason_code[i] == BasketReason::alike) {
      EXPECT_GT(result.reason_share[i], 0);
      EXPECT_LE(result.reason_share[i], 1);
      EXPECT_LE(result.reason_n[i], options.neighbors);
    }
  }
  EXPECT_TRUE(seen.count(BasketReason::rhythm) > 0 && seen.count(BasketReason::again) > 0 &&
              seen.count(BasketReason::alike) > 0);
}

TEST(NextBasket, TimedRulesNameTheirAntecedent) {
  // Item 1 follows item 0 within a few weeks, for new customers all the time.
  Shop shop;
  shop.n_items = 12;
  shop.first_day = 0;
  shop.last_day = 400;
  for (std::int32_t c = 0; c < 600; ++c) {
    core::Random random(5, static_cast<std::uint64_t>(c));
    const auto start = static_cast<data::Day>(random.below(330) + 61);
    const bool follows = random.uniform() < 0.7;
    for (data::Day day = static_cast<data::Day>(random.below(20)); day <= 400; day += 20) {
      std::set<std::int32_t> items{static_cast<std::int32_t>(2 + random.below(10))};
      if (day >= start && day < start + 20) items.insert(0);
      if (follows && day >= start + 20 && day < start + 40) items.insert(1);
      for (const auto item : items) {
        shop.customer.push_back(c);
        shop.day.push_back(day);
        shop.item.push_back(item);
      }
    }
  }
  NextBasketOptions options;
  options.model = NextBasketModel::timed_rules;
  options.repeat = RepeatPart::new_item;
  options.top = 1;
  const auto result = next_basket(shop.view(), options);
  int named = 0;
  for (std::size_t i = 0; i < result.size(); ++i) {
    if (result.reason_code[i] != BasketReason::timed) continue;
    ++named;
    EXPECT_EQ(result.item[i], 1);
    EXPECT_EQ(result.reason_item[i], 0);
    EXPECT_NEAR(result.reason_share[i], 0.7, 0.1);
    EXPECT_GT(result.reason_n[i], 100);
  }
  EXPECT_GT(named, 20);
}

TEST(NextBasket, PoolIsASampleByHash) {
  const Shop shop = regulars(4);
  NextBasketOptions options;
  options.model = NextBasketModel::up_cf;
  const auto whole = next_basket(shop.view(), options);
  options.pool = 400;
  expect_same(whole, next_basket(shop.view(), options));
  options.pool = 50;
  const auto sample = next_basket(shop.view(), options);
  EXPECT_NE(sample.score, whole.score);
  EXPECT_EQ(sample.size(), whole.size());
}

TEST(NextBasket, EmptyAndTinyShops) {
  EXPECT_EQ(next_basket(PurchasesView{}).size(), 0U);
  const Shop one = shop_of({{{0}}}, 1);
  for (const auto model : kAll) {
    NextBasketOptions options;
    options.model = model;
    const auto result = next_basket(one.view(), options);
    ASSERT_EQ(result.size(), 1U) << static_cast<int>(model);
    EXPECT_EQ(result.status[0], Status::not_enough_data);
  }
}

TEST(NextBasket, Messages) {
  const Shop shop = shop_of({{{0, 1}}}, 2);
  const auto with = [&](auto change) {
    NextBasketOptions options;
    change(options);
    return message_of([&] { next_basket(shop.view(), options); });
  };
  EXPECT_EQ(with([](auto& o) { o.top = 0; }), "next_basket: top is 0; write 1 or more");
  EXPECT_EQ(with([](auto& o) { o.group_decay = 1.5; }),
            "next_basket: group_decay is 1.5; write a share above 0 and up to 1");
  EXPECT_EQ(with([](auto& o) { o.own_weight = -0.25; }),
            "next_basket: own_weight is -0.25; write a share from 0 to 1");
  EXPECT_EQ(with([](auto& o) { o.level = 95; }),
            "next_basket: level is 95; write a share between 0 and 1, as 0.95");
  EXPECT_EQ(with([](auto& o) { o.item = "department"; }),
            "next_basket: item needs a Sales; purchases have item codes only");
  EXPECT_EQ(message_of([] { parse_next_basket_model("tifu"); }),
            "model: 'tifu' is not known; write \"auto\", \"gp_topfreq\", \"p_topfreq\", "
            "\"g_topfreq\", \"up_cf\", \"tifu_knn\", \"item_knn\", \"timed_rules\" or \"blend\"");
  EXPECT_EQ(message_of([] { parse_repeat_part("old"); }),
            "repeat: 'old' is not known; write \"both\", \"repeat\" or \"new\"");
  Shop bad = shop;
  std::swap(bad.item[0], bad.item[1]);
  EXPECT_EQ(message_of([&] { next_basket(bad.view()); }),
            "next_basket: purchase 1: purchases must be sorted by customer, day and item, each "
            "once");
  Context context;
  context.memory_limit = 100;
  EXPECT_EQ(message_of([&] { next_basket(shop.view(), {}, context); }).substr(0, 30),
            "next_basket: about 1 MB are ne");
  context = {};
  context.stop.request_stop();
  EXPECT_THROW(next_basket(shop.view(), {}, context), Cancelled);
}

}  // namespace
}  // namespace emptor::mining
