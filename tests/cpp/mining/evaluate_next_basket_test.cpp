#include "emptor/mining/evaluate_next_basket.hpp"

#include "emptor/core/error.hpp"

#include "core/random.hpp"
#include "mining/basket_learn.hpp"
#include "mining/planted_shop.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace emptor::mining {
namespace {

using basket::Candidate;
using test::Shop;

std::string message_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.what();
  }
  return "(nothing thrown)";
}

// Tastes that drift: what was bought lately says more than what was bought most often.
Shop drifting(std::uint64_t seed, int customers = 400) {
  Shop shop;
  shop.n_items = 60;
  for (int c = 0; c < customers; ++c) {
    core::Random random(seed, static_cast<std::uint64_t>(c) + 1);
    std::vector<std::int32_t> likes;
    while (likes.size() < 8) likes.push_back(static_cast<std::int32_t>(random.below(60)));
    for (data::Day day = static_cast<data::Day>(random.below(7)); day < 280;
         day += 1 + static_cast<data::Day>(random.below(14))) {
      if (random.uniform() < 0.3)
        likes[random.below(8)] = static_cast<std::int32_t>(random.below(60));
      std::vector<std::int32_t> items;
      for (const auto item : likes)
        if (random.uniform() < 0.5) items.push_back(item);
      std::sort(items.begin(), items.end());
      items.erase(std::unique(items.begin(), items.end()), items.end());
      for (const auto item : items) {
        shop.customer.push_back(c);
        shop.day.push_back(day);
        shop.item.push_back(item);
      }
    }
  }
  return shop;
}

std::size_t row_of(const NextBasketEvaluation& result, NextBasketModel model, RepeatPart part) {
  for (std::size_t i = 0; i < result.size(); ++i)
    if (result.model[i] == model && result.part[i] == part) return i;
  return result.size();
}

TEST(EvaluateNextBasket, MeasuresByHand) {
  const std::vector<Candidate> list{{4, 9, true}, {7, 8, true}, {1, 7, true}, {2, 6, true}};
  const std::vector<std::int32_t> target{1, 4, 9};
  const auto q = basket::quality(list, target, 3);
  EXPECT_NEAR(q.recall, 2.0 / 3, 1e-15);
  // Gains at ranks 1 and 3: 1 + 1/2; the ideal is 1 + 1/log2(3) + 1/2.
  EXPECT_NEAR(q.ndcg, 1.5 / (1.5 + 1 / std::log2(3.0)), 1e-15);
  EXPECT_EQ(q.hit, 1);
  EXPECT_EQ(basket::quality({}, target, 3).hit, 0);
  EXPECT_TRUE(std::isnan(basket::quality(list, {}, 3).recall));
  // A list shorter than the target cannot do better than its length.
  EXPECT_NEAR(basket::quality(list, std::vector<std::int32_t>{1, 2, 4, 7, 8}, 4).ndcg, 1, 1e-15);
}

TEST(EvaluateNextBasket, CalibrationPoolsViolatorsAndShrinks) {
  std::vector<basket::Listed> rows;
  core::Random random(1, 1);
  for (std::int32_t i = 0; i < 8000; ++i) {
    const double score = random.uniform();
    rows.push_back({i % 400, score, static_cast<std::uint8_t>(random.uniform() < score ? 1 : 0)});
  }
  const auto bins = basket::calibrate(rows, 0.95);
  ASSERT_GT(bins.size(), 10U);
  std::int64_t n = 0;
  double inside = 0, worst = 0;
  for (std::size_t i = 0; i < bins.size(); ++i) {
    n += bins[i].n;
    if (i > 0) {
      EXPECT_LT(bins[i].from, bins[i - 1].from);
      EXPECT_LT(bins[i].p, bins[i - 1].p);
    }
    const double above = i == 0 ? 1.0 : bins[i - 1].from;
    const double truth = (bins[i].from + above) / 2;
    inside += bins[i].low <= truth && truth <= bins[i].high ? 1 : 0;
    worst = std::max(worst, std::abs(bins[i].p - truth));
    EXPECT_EQ(bins[i].status, Status::ok);
  }
  EXPECT_EQ(n, 8000);
  EXPECT_GT(inside / static_cast<double>(bins.size()), 0.85);
  EXPECT_LT(worst, 0.12);
  rows.resize(20);
  EXPECT_TRUE(basket::calibrate(rows, 0.95).empty());  // 20 customers
}

// gp_topfreq and g_topfreq from their definitions, the last visit held back.
TEST(EvaluateNextBasket, TopFreqEqualsBruteForce) {
  const Shop shop = drifting(7, 60);
  EvaluateNextBasketOptions options;
  options.models = {NextBasketModel::gp_topfreq};
  options.k = 5;
  const auto result = evaluate_next_basket(shop.view(), options);
  std::map<std::int32_t, std::map<data::Day, std::vector<std::int32_t>>> visits;
  for (std::size_t i = 0; i < shop.item.size(); ++i)
    visits[shop.customer[i]][shop.day[i]].push_back(shop.item[i]);
  std::map<std::int32_t, std::vector<std::int32_t>> target;
  std::map<std::int32_t, double> everybody;
  for (auto& [c, days] : visits) {
    if (days.size() >= 4) {
      target[c] = days.rbegin()->second;
      days.erase(std::prev(days.end()));
    }
    for (const auto& [day, items] : days)
      for (const auto item : items) ++everybody[item];
  }
  double gp_recall = 0, g_hit = 0;
  for (const auto& [c, items] : target) {
    std::map<std::int32_t, double> own;
    for (const auto& [day, bought] : visits[c])
      for (const auto item : bought) ++own[item];
    const auto hits = [&](auto key) {
      std::vector<std::int32_t> order;
      for (const auto& [item, n] : everybody) order.push_back(item);
      std::stable_sort(order.begin(), order.end(),
                       [&](std::int32_t a, std::int32_t b) { return key(a) > key(b); });
      double n = 0;
      for (std::size_t i = 0; i < 5; ++i)
        if (std::count(items.begin(), items.end(), order[i]) > 0) ++n;
      return n;
    };
    gp_recall += hits([&](std::int32_t i) { return 1e6 * own[i] + everybody[i]; }) /
                 static_cast<double>(items.size());
    g_hit += hits([&](std::int32_t i) { return everybody[i]; }) > 0 ? 1 : 0;
  }
  const auto n = static_cast<double>(target.size());
  const auto gp = row_of(result, NextBasketModel::gp_topfreq, RepeatPart::both);
  const auto g = row_of(result, NextBasketModel::g_topfreq, RepeatPart::both);
  ASSERT_LT(std::max(gp, g), result.size());
  EXPECT_EQ(result.n_customers, static_cast<std::int64_t>(target.size()));
  EXPECT_EQ(result.n[gp], result.n_customers);
  EXPECT_NEAR(result.recall[gp], gp_recall / n, 1e-12);
  EXPECT_NEAR(result.hit_rate[g], g_hit / n, 1e-12);
  EXPECT_LT(result.recall_low[gp], result.recall[gp]);
  EXPECT_GT(result.recall_high[gp], result.recall[gp]);
  EXPECT_TRUE(std::isnan(result.recall_gain[gp]));
}

TEST(EvaluateNextBasket, AutoFindsWhatIsBetterAndNeverFallsBehind) {
  const auto result = evaluate_next_basket(drifting(1).view());
  EXPECT_NE(result.automatic, NextBasketModel::gp_topfreq);
  EXPECT_NE(result.automatic, NextBasketModel::automatic);
  const auto i = row_of(result, NextBasketModel::automatic, RepeatPart::both);
  ASSERT_LT(i, result.size());
  EXPECT_GT(result.recall_gain_low[i], 0);
  EXPECT_GT(result.ndcg_gain_low[i], 0);
  EXPECT_GE(result.hit_rate_gain_high[i], 0);
  EXPECT_GT(result.repeat_share, 0.3);
}

TEST(EvaluateNextBasket, SameBitsOnAnyNumberOfThreads) {
  const Shop shop = drifting(2, 150);
  EvaluateNextBasketOptions options;
  options.models = {NextBasketModel::automatic, NextBasketModel::item_knn, NextBasketModel::blend};
  options.replicates = 199;
  Context one;
  one.threads = 1;
  const auto x = evaluate_next_basket(shop.view(), options, one);
  for (const int threads : {2, 3, 8}) {
    Context context;
    context.threads = threads;
    const auto y = evaluate_next_basket(shop.view(), options, context);
    EXPECT_EQ(x.recall, y.recall);
    EXPECT_EQ(x.ndcg_low, y.ndcg_low);
    EXPECT_EQ(x.hit_rate_high, y.hit_rate_high);
    EXPECT_EQ(x.automatic, y.automatic);
  }
}

// Of what comes after the date only each customer's first purchase counts, and only as the answer.
TEST(EvaluateNextBasket, NothingAfterTheDateIsSeen) {
  Shop shop = drifting(3, 200);
  shop.first_day = 0;
  shop.last_day = 300;
  EvaluateNextBasketOptions options;
  options.models = {NextBasketModel::automatic, NextBasketModel::up_cf,
                    NextBasketModel::timed_rules};
  options.from_date = "1970-08-01";  // day 212
  options.replicates = 199;
  const auto before = evaluate_next_basket(shop.view(), options);
  ASSERT_GT(before.n_customers, 100);
  std::map<std::int32_t, data::Day> first;
  for (std::size_t i = 0; i < shop.item.size(); ++i)
    if (shop.day[i] > 212) first.emplace(shop.customer[i], shop.day[i]);
  Shop other = shop;
  other.customer.clear();
  other.day.clear();
  other.item.clear();
  for (std::size_t i = 0; i < shop.item.size(); ++i) {
    const bool later = shop.day[i] > 212 && shop.day[i] > first.at(shop.customer[i]);
    if (later) continue;
    other.customer.push_back(shop.customer[i]);
    other.day.push_back(shop.day[i]);
    other.item.push_back(shop.item[i]);
  }
  ASSERT_LT(other.item.size(), shop.item.size());
  const auto after = evaluate_next_basket(other.view(), options);
  EXPECT_EQ(before.recall, after.recall);
  EXPECT_EQ(before.ndcg, after.ndcg);
  EXPECT_EQ(before.automatic, after.automatic);
}

TEST(EvaluateNextBasket, Messages) {
  const Shop shop = drifting(4, 20);
  const auto with = [&](auto change) {
    EvaluateNextBasketOptions options;
    change(options);
    return message_of([&] { evaluate_next_basket(shop.view(), options); });
  };
  EXPECT_EQ(with([](auto& o) { o.k = 0; }), "evaluate_next_basket: k is 0; write 1 or more");
  EXPECT_EQ(with([](auto& o) { o.min_visits = 1; }),
            "evaluate_next_basket: min_visits is 1; write 2 or more: one to know, one to foretell");
  EXPECT_EQ(with([](auto& o) { o.replicates = 99; }),
            "evaluate_next_basket: replicates is 99; write 100 or more");
  EXPECT_EQ(with([](auto& o) { o.from_date = "2011-01-01"; }).substr(0, 58),
            "evaluate_next_basket: from_date is 2011-01-01, but purchas");
  EXPECT_EQ(with([](auto& o) { o.model_options.recency = 0; }),
            "evaluate_next_basket: recency is 0; write 1 or more");
  // Nobody with enough purchases: rows without numbers, not an error.
  Shop small;
  small.n_items = 1;
  small.customer = {0};
  small.day = {1};
  small.item = {0};
  const auto none = evaluate_next_basket(small.view());
  EXPECT_EQ(none.n_customers, 0);
  EXPECT_EQ(none.status[0], Status::not_enough_data);
}

}  // namespace
}  // namespace emptor::mining
