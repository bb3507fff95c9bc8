#include "emptor/mining/bought_next.hpp"

#include "mining/planted_shop.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdio>

namespace emptor::mining {
namespace {

constexpr int kWindow = 90, kDays = 400;

/// Customers come every `pause` days on average and may buy B (item 1) at any visit with
/// probability p of their own. Every third buys A (item 0) at one visit, after which the odds of B
/// are multiplied by `ratio` (of his own, where `spread` is above 0) for the window. Item 2 is in
/// every visit.
struct Setting {
  const char* name;
  int customers;
  double pause, p, frailty, ratio, spread;
};

struct Truth {
  test::Shop shop;
  double excess = 0;  ///< of those at risk, expected of the way they buy
};

double with_odds(double p, double ratio) { return p * ratio / (1 - p + p * ratio); }

Truth simulate(const Setting& s, std::uint64_t seed) {
  Truth truth;
  test::Shop& shop = truth.shop;
  shop.n_items = 3;
  shop.first_day = 0;
  shop.last_day = kDays - 1;
  core::Random random(seed, 77);
  for (std::int32_t c = 0; c < s.customers; ++c) {
    std::vector<int> days;
    for (double t = random.exponential() * s.pause; t < kDays; t += random.exponential() * s.pause)
      if (days.empty() || static_cast<int>(t) > days.back()) days.push_back(static_cast<int>(t));
    const double p =
        s.frailty > 0 ? std::min(0.9, s.p * random.gamma(1 / s.frailty) * s.frailty) : s.p;
    const double ratio = s.spread > 0 ? s.ratio * random.gamma(1 / s.spread) * s.spread : s.ratio;
    const bool buys_a = c % 3 == 0 && !days.empty();
    const int a = buys_a ? days[static_cast<std::size_t>(random.below(days.size()))] : 2 * kDays;
    bool had = false;
    double stays = 1, usually_stays = 1;
    for (const int day : days) {
      const bool inside = day > a && day <= a + kWindow;
      const double now = inside ? with_odds(p, ratio) : p;
      if (inside && !had) {
        stays *= 1 - now;
        usually_stays *= 1 - s.p;
      }
      const bool buys = random.uniform() < now;
      had = had || (buys && day <= a);
      const auto add = [&](std::int32_t item) {
        shop.customer.push_back(c);
        shop.day.push_back(day);
        shop.item.push_back(item);
      };
      if (day == a) add(0);
      if (buys) add(1);
      add(2);
    }
    truth.excess += usually_stays - stays;
  }
  return truth;
}

struct Coverage {
  int runs = 0, excess_in = 0, ratio_in = 0;
  double excess = 0, truth = 0, log_ratio = 0;
};

Coverage run(const Setting& setting, std::uint64_t seed) {
  Coverage coverage;
  const int runs = 200 * emptor::testing::simulation_scale();
  for (int i = 0; i < runs; ++i) {
    const Truth truth = simulate(setting, seed + static_cast<std::uint64_t>(i));
    auto options = test::every_pair();
    options.window = {kWindow, data::Span::Unit::days};
    options.washout = data::Span{0, data::Span::Unit::days};
    options.min_events = 0;
    options.antecedents = {"0"};
    options.consequents = {"1"};
    const auto result = bought_next(truth.shop.view(), options);
    if (result.size() != 1) continue;
    ++coverage.runs;
    coverage.excess += result.excess[0];
    coverage.truth += truth.excess;
    coverage.log_ratio += std::log(result.odds_ratio[0]);
    coverage.excess_in +=
        result.excess_low[0] <= truth.excess && truth.excess <= result.excess_high[0] ? 1 : 0;
    coverage.ratio_in +=
        result.odds_ratio_low[0] <= setting.ratio && setting.ratio <= result.odds_ratio_high[0] ? 1
                                                                                                : 0;
  }
  const double n = coverage.runs;
  std::printf(
      "%-34s excess covered %.1f %% (mean %.1f, truth %.1f)   odds ratio covered %.1f %% "
      "(median-like %.2f, truth %.2f)\n",
      setting.name, 100 * coverage.excess_in / n, coverage.excess / n, coverage.truth / n,
      100 * coverage.ratio_in / n, std::exp(coverage.log_ratio / n), setting.ratio);
  return coverage;
}

TEST(BoughtNextIntervalSimulation, ExcessAndOddsRatioCoverWhatWasPlanted) {
  constexpr std::array<Setting, 6> settings{{
      {"no effect", 600, 20, 0.08, 0, 1, 0},
      {"doubled odds", 600, 20, 0.08, 0, 2, 0},
      {"fourfold odds, rare", 600, 20, 0.03, 0, 4, 0},
      {"doubled odds, many customers", 2400, 20, 0.05, 0, 2, 0},
      {"doubled odds, common", 600, 30, 0.25, 0, 2, 0},
      {"doubled odds, customers differ", 600, 20, 0.08, 0.5, 2, 0},
  }};
  double excess = 0, ratio = 0;
  for (std::size_t i = 0; i < settings.size(); ++i) {
    const auto coverage = run(settings[i], 1000 * (i + 1));
    EXPECT_EQ(coverage.runs, 200 * emptor::testing::simulation_scale());
    excess += static_cast<double>(coverage.excess_in) / coverage.runs / settings.size();
    ratio += static_cast<double>(coverage.ratio_in) / coverage.runs / settings.size();
  }
  std::printf("mean coverage: excess %.1f %%, odds ratio %.1f %%\n", 100 * excess, 100 * ratio);
  EXPECT_GE(excess, 0.93);
  EXPECT_LE(excess, 0.97);
  EXPECT_GE(ratio, 0.93);
  EXPECT_LE(ratio, 0.97);
}

}  // namespace
}  // namespace emptor::mining
