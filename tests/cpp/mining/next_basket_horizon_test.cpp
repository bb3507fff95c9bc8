// Probabilities that an item is bought within a horizon.
#include "emptor/core/error.hpp"
#include "emptor/mining/evaluate_next_basket.hpp"
#include "emptor/mining/next_basket.hpp"

#include "core/random.hpp"
#include "mining/planted_shop.hpp"
#include "simulation.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <set>
#include <string>
#include <tuple>

namespace emptor::mining {
namespace {

using test::Shop;

/// Customers with likings who come in their own rhythm, from some day on and until some day, as
/// many new ones as leave.
Shop leaving_regulars(std::uint64_t seed, int customers, int days) {
  Shop shop;
  shop.n_items = 60;
  shop.first_day = 0;
  shop.last_day = days;
  for (int c = 0; c < customers; ++c) {
    core::Random random(seed, static_cast<std::uint64_t>(c) + 1);
    std::map<std::int32_t, double> likes;
    for (std::int32_t i = 0; i < shop.n_items; ++i)
      if (random.uniform() < 0.15) likes[i] = random.uniform();
    const double gap = 4 + 20 * random.uniform();
    const double start = days * (3 * random.uniform() - 2);
    const double end = std::min<double>(days, start + 250 * random.exponential());
    for (double t = start; t < end; t += 1 + gap * random.exponential()) {
      if (t < 0) continue;
      for (std::int32_t i = 0; i < shop.n_items; ++i) {
        const auto own = likes.find(i);
        const double p = 0.2 / (10 + i) + (own == likes.end() ? 0 : 0.6 * own->second);
        if (random.uniform() >= p) continue;
        shop.customer.push_back(c);
        shop.day.push_back(static_cast<data::Day>(t));
        shop.item.push_back(i);
      }
    }
  }
  return shop;
}

Shop until(const Shop& all, data::Day day) {
  Shop known = all;
  known.customer.clear();
  known.day.clear();
  known.item.clear();
  known.last_day = day;
  for (std::size_t i = 0; i < all.item.size(); ++i) {
    if (all.day[i] > day) continue;
    known.customer.push_back(all.customer[i]);
    known.day.push_back(all.day[i]);
    known.item.push_back(all.item[i]);
  }
  return known;
}

std::set<std::pair<std::int32_t, std::int32_t>> bought_between(const Shop& shop, data::Day from,
                                                               data::Day to) {
  std::set<std::pair<std::int32_t, std::int32_t>> bought;
  for (std::size_t i = 0; i < shop.item.size(); ++i)
    if (shop.day[i] > from && shop.day[i] <= to) bought.insert({shop.customer[i], shop.item[i]});
  return bought;
}

NextBasketOptions within(int days) {
  NextBasketOptions options;
  options.model = NextBasketModel::gp_topfreq;
  options.horizon = data::Span{days, data::Span::Unit::days};
  return options;
}

// Of those who are away for long against their rhythm as of those who were here lately.
TEST(NextBasketHorizon, ProbabilitiesHoldForThoseWhoComeAndThoseWhoLeft) {
  struct Sums {
    double foretold = 0, bought = 0, variance = 0, n = 0;
  };
  std::map<int, Sums> groups;
  for (std::uint64_t seed = 1; seed <= 4 * static_cast<std::uint64_t>(testing::simulation_scale());
       ++seed) {
    const Shop all = leaving_regulars(200 + seed, 2500, 300);
    const auto result = next_basket(until(all, 270).view(), within(30));
    const auto bought = bought_between(all, 270, 300);
    std::map<std::int32_t, data::Day> last;
    for (std::size_t i = 0; i < all.item.size(); ++i)
      if (all.day[i] <= 270) last[all.customer[i]] = all.day[i];
    for (std::size_t i = 0; i < result.size(); ++i) {
      const int away = 270 - last[result.customer[i]];
      Sums& sums = groups[away <= 15 ? 0 : away <= 60 ? 1 : 2];
      sums.foretold += result.p_within[i];
      sums.variance += result.p_within[i] * (1 - result.p_within[i]);
      sums.bought += bought.count({result.customer[i], result.item[i]}) > 0 ? 1 : 0;
      sums.n += 1;
    }
  }
  for (const auto& [group, sums] : groups) {
    std::printf("away %-10s foretold %.4f, bought %.4f of %.0f\n",
                group == 0   ? "<= 15 days"
                : group == 1 ? "<= 60 days"
                             : "longer",
                sums.foretold / sums.n, sums.bought / sums.n, sums.n);
    ASSERT_GT(sums.n, 2000);
    // The earlier moment and the customers move the truth as well, and a bin holds many kinds of
    // customers: a percentage point and a twentieth, beside four times the binomial spread.
    EXPECT_NEAR(sums.bought / sums.n, sums.foretold / sums.n,
                0.01 + 0.05 * sums.foretold / sums.n + 4 * std::sqrt(sums.variance) / sums.n);
  }
  EXPECT_GT(groups[0].foretold / groups[0].n, 5 * groups[2].foretold / groups[2].n);
}

TEST(NextBasketHorizon, BesideTheNextPurchaseAndTheSameOnAnyNumberOfThreads) {
  const Shop shop = leaving_regulars(1, 1000, 300);
  for (const auto model : {NextBasketModel::automatic, NextBasketModel::timed_rules}) {
    auto options = within(30);
    options.model = model;
    const auto one = next_basket(shop.view(), options, {.threads = 1});
    ASSERT_GT(one.size(), 1000U);
    EXPECT_EQ(one.horizon_calibrated_on, 270);
    EXPECT_GT(one.n_horizon_calibration, 300);
    for (std::size_t i = 0; i < one.size(); ++i) {
      EXPECT_LE(one.p_within_low[i], one.p_within[i]);
      EXPECT_GE(one.p_within_high[i], one.p_within[i]);
      EXPECT_EQ(one.p_within_status[i], Status::ok);
      EXPECT_GE(one.p_within_n[i], 100);
    }
    for (const int threads : {2, 3, 8}) {
      const auto many = next_basket(shop.view(), options, {.threads = threads});
      EXPECT_EQ(one.p_within, many.p_within);
      EXPECT_EQ(one.p_within_high, many.p_within_high);
    }
    // Nothing else changes by asking for it.
    options.horizon.reset();
    const auto without = next_basket(shop.view(), options);
    EXPECT_EQ(without.item, one.item);
    EXPECT_EQ(without.probability, one.probability);
    EXPECT_TRUE(without.p_within.empty());
    EXPECT_EQ(without.columns().size() + 5, one.columns().size());
  }
}

TEST(NextBasketHorizon, TwoHorizonsOfDataAreNeeded) {
  const Shop shop = leaving_regulars(2, 900, 100);
  const auto enough = next_basket(shop.view(), within(50));
  EXPECT_EQ(enough.horizon_calibrated_on, 50);
  const auto short_of = next_basket(shop.view(), within(51));
  ASSERT_GT(short_of.size(), 0U);
  EXPECT_EQ(short_of.horizon_calibrated_on, data::kNoDay);
  for (std::size_t i = 0; i < short_of.size(); ++i) {
    EXPECT_TRUE(std::isnan(short_of.p_within[i]));
    EXPECT_EQ(short_of.p_within_status[i], Status::not_enough_data);
  }
}

// What an evaluation says is what next_basket would have said then, against what was bought.
TEST(NextBasketHorizon, EvaluationIsOfWhatWasSaidThen) {
  const Shop shop = leaving_regulars(3, 900, 300);
  EvaluateNextBasketOptions asked;
  asked.horizon = data::Span{30, data::Span::Unit::days};
  asked.models = {NextBasketModel::gp_topfreq};
  const auto result = evaluate_next_basket(shop.view(), asked);
  EXPECT_EQ(result.from, 270);
  ASSERT_EQ(result.within_foretold.size(), result.size());
  const Shop known = until(shop, 270);
  std::map<std::int32_t, std::set<data::Day>> visits;
  for (std::size_t i = 0; i < known.item.size(); ++i)
    visits[known.customer[i]].insert(known.day[i]);
  const auto bought = bought_between(shop, 270, 300);
  for (std::size_t row = 0; row < result.size(); ++row) {
    if (result.model[row] != NextBasketModel::gp_topfreq) continue;
    auto options = within(30);
    options.repeat = result.part[row];
    const auto said = next_basket(known.view(), options);
    double n = 0, foretold = 0, hits = 0, squares = 0;
    for (std::size_t i = 0; i < said.size(); ++i) {
      if (visits[said.customer[i]].size() < 3) continue;
      const double hit = bought.count({said.customer[i], said.item[i]}) > 0 ? 1 : 0;
      n += 1;
      foretold += said.p_within[i];
      hits += hit;
      squares += (hit - said.p_within[i]) * (hit - said.p_within[i]);
    }
    ASSERT_GT(n, 1000);
    EXPECT_NEAR(result.within_foretold[row], foretold / n, 1e-12);
    EXPECT_NEAR(result.within_bought[row], hits / n, 1e-12);
    EXPECT_NEAR(result.within_ratio[row], hits / foretold, 1e-9);
    EXPECT_NEAR(result.within_brier[row], squares / n, 1e-12);
    EXPECT_LT(result.within_bought_low[row], result.within_bought[row]);
    EXPECT_LT(result.within_brier[row], result.within_brier_usual[row]);
  }
}

TEST(NextBasketHorizon, NothingAfterTheDayIsSeen) {
  const Shop shop = leaving_regulars(4, 900, 300);
  Shop other = until(shop, 240);
  other.last_day = shop.last_day;  // nobody comes any more
  EvaluateNextBasketOptions asked;
  asked.horizon = data::Span{1, data::Span::Unit::months};
  asked.from_date = data::iso_date(240);
  const auto x = evaluate_next_basket(shop.view(), asked);
  const auto y = evaluate_next_basket(other.view(), asked);
  ASSERT_EQ(x.size(), y.size());
  for (std::size_t i = 0; i < x.size(); ++i)
    EXPECT_TRUE(x.within_foretold[i] == y.within_foretold[i] || std::isnan(x.within_foretold[i]));
  EXPECT_GT(x.within_bought[0], 0);
  EXPECT_EQ(y.within_bought[0], 0);
}

std::string message_of(const EvaluateNextBasketOptions& options) {
  const Shop shop = leaving_regulars(5, 60, 60);
  try {
    evaluate_next_basket(shop.view(), options);
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(NextBasketHorizon, Messages) {
  EvaluateNextBasketOptions options;
  options.horizon = data::Span{0, data::Span::Unit::days};
  EXPECT_EQ(message_of(options),
            "evaluate_next_basket: horizon is 0 days; write a day or more, as \"30 days\"");
  options.horizon = data::Span{90, data::Span::Unit::days};
  EXPECT_EQ(message_of(options),
            "evaluate_next_basket: horizon is 90 days, but purchases are known from 1970-01-01 to "
            "1970-03-02 only");
  options.from_date = "1970-02-01";
  EXPECT_EQ(message_of(options),
            "evaluate_next_basket: horizon reaches to 1970-05-02, but purchases are known to "
            "1970-03-02; write an earlier from_date");
  try {
    next_basket(leaving_regulars(5, 60, 60).view(), within(0));
    FAIL();
  } catch (const InvalidArgument& error) {
    EXPECT_STREQ(error.what(),
                 "next_basket: horizon is 0 days; write a day or more, as \"30 days\"");
  }
}

}  // namespace
}  // namespace emptor::mining
