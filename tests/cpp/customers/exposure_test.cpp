#include "customers/exposure.hpp"

#include "core/random.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace emptor::customers {
namespace {

struct Histories {
  std::vector<std::vector<data::Day>> days;
  std::vector<int> entry;
  [[nodiscard]] std::vector<BaselineHistory> view() const {
    std::vector<BaselineHistory> result;
    for (std::size_t i = 0; i < days.size(); ++i) result.push_back({entry[i], days[i]});
    return result;
  }
};

constexpr int kLength = 182;
constexpr data::Day kStart = 15000;

/// Customers with gamma rates; a third enters within the baseline. `clump` days in a row per visit.
template <typename Activity>
Histories histories(int customers, int clump, Activity&& activity) {
  Histories result;
  core::Random random(21);
  for (int c = 0; c < customers; ++c) {
    const int entry = c % 3 == 0 ? static_cast<int>(random.below(120)) : -1;
    const double rate = 0.02 * random.gamma(2) / 2;
    std::vector<data::Day> days;
    int left = 0;
    for (int d = entry + 1; d < kLength; ++d) {
      if (random.uniform() < rate * activity(d) / clump) left = clump;
      if (left-- > 0) days.push_back(kStart + d);
    }
    result.days.push_back(days);
    result.entry.push_back(entry);
  }
  return result;
}

}  // namespace

TEST(MarketProfile, FindsThePlantedActivity) {
  const auto planted = [](int d) { return 1 + 0.5 * std::sin(2 * M_PI * d / kLength); };
  const Histories h = histories(20000, 1, planted);
  const auto profile = market_profile(h.view(), kStart, kLength);
  double mean = 0;
  for (int d = 0; d < kLength; ++d) {
    EXPECT_NEAR(profile[static_cast<std::size_t>(d)], planted(d), 0.08) << d;
    mean += profile[static_cast<std::size_t>(d)] / kLength;
  }
  EXPECT_NEAR(mean, 1, 1e-12);
}

TEST(MarketProfile, IsFlatWithoutOccasions) {
  for (const double value : market_profile({}, kStart, 10)) EXPECT_DOUBLE_EQ(value, 1);
}

TEST(Season, NeedsTwoYears) {
  const std::vector<double> short_history(729, 20.0), long_history(730, 20.0);
  EXPECT_FALSE(Season(kStart, short_history).known());
  EXPECT_EQ(Season(kStart, short_history).at(kStart), 1);
  EXPECT_TRUE(Season(kStart, long_history).known());
}

TEST(Season, TellsSeasonFromTrend) {
  std::vector<double> per_day;
  core::Random random(4);
  const auto season = [](int d) {
    const data::CivilDate date = data::civil(kStart + d);
    const int of_year = kStart + d - data::from_civil(date.year, 1, 1);
    return (1 + 0.4 * std::cos(2 * M_PI * of_year / 365.2425)) *
           (data::weekday(kStart + d) == 6 ? 0.5 : 1);
  };
  for (int d = 0; d < 1000; ++d)
    per_day.push_back(static_cast<double>(random.poisson(100 * season(d) * (1 + 0.001 * d))));
  const Season fit(kStart, per_day);
  // The ratio of two days 100 days apart on the same weekday, beyond the data too.
  for (const int d : {0, 200, 650, 990, 1050}) {
    const double ratio = fit.at(kStart + d + 98) / fit.at(kStart + d);
    EXPECT_NEAR(std::log(ratio), std::log(season(d + 98) / season(d)), 0.1) << d;
  }
}

TEST(Dispersion, IsOneForPoissonAndGrowsWithClumps) {
  const auto flat = [](int) { return 1.0; };
  const std::vector<double> activity(kLength, 1.0);
  const auto phi = [&](int clump, double min_exposure) {
    const Histories h = histories(20000, clump, flat);
    return dispersion(h.view(), kStart, activity, 2, min_exposure);
  };
  EXPECT_NEAR(phi(1, 90).raw, 1, 0.04);
  EXPECT_GE(phi(1, 90).phi, 1);
  EXPECT_NEAR(phi(3, 90).raw, 3, 0.35);  // a visit is three days in a row
  EXPECT_LT(phi(1, 150).n, phi(1, 0).n);
}

TEST(Dispersion, TakesTheSeasonOut) {
  const auto planted = [](int d) { return d < 91 ? 0.2 : 1.8; };
  const Histories h = histories(20000, 1, planted);
  std::vector<double> activity;
  for (int d = 0; d < kLength; ++d) activity.push_back(planted(d));
  EXPECT_NEAR(dispersion(h.view(), kStart, activity, 2, 0).raw, 1, 0.05);
  const std::vector<double> flat(kLength, 1.0);
  EXPECT_GT(dispersion(h.view(), kStart, flat, 2, 0).raw, 2);
}

}  // namespace emptor::customers
