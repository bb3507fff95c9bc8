// Calibration and power under planted truth; the setting is described in planted_shop.hpp.
#include "core/special.hpp"
#include "mining/follow_up.hpp"
#include "mining/pair_q.hpp"
#include "mining/planted_shop.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>

namespace emptor::mining::test {
namespace {

struct Rates {
  std::int64_t nulls = 0, at_05 = 0, at_001 = 0, planted = 0, found = 0;
  void add_null(double p) {
    if (std::isnan(p)) return;
    ++nulls;
    at_05 += p < 0.05 ? 1 : 0;
    at_001 += p < 0.001 ? 1 : 0;
  }
  [[nodiscard]] double share_05() const {
    return static_cast<double>(at_05) / static_cast<double>(nulls);
  }
  [[nodiscard]] double share_001() const {
    return static_cast<double>(at_001) / static_cast<double>(nulls);
  }
  [[nodiscard]] double power() const {
    return static_cast<double>(found) / static_cast<double>(planted);
  }
};

struct Outcome {
  Rates affinity, timing;
};

Outcome simulate(const char* name, ShopOptions shop_options, std::uint64_t seed) {
  Outcome outcome;
  for (int run = 0; run < emptor::testing::simulation_scale(); ++run) {
    shop_options.seed = seed + static_cast<std::uint64_t>(run);
    const auto shop = planted_shop(shop_options);
    BoughtNextOptions options;
    options.window = {180, data::Span::Unit::days};
    options.washout = data::Span{0, data::Span::Unit::days};
    options.min_events = 0;
    options.max_customer_share = 1;
    const auto search = next::search_pairs(shop.view(), options, {}, {.placebo = false}, {});
    for (const auto& pair : search.scan.candidates) {
      const double affinity_p = core::normal_sf(pair.z);
      const double timing_p = next::timing_p(search, pair);
      const auto a = search.plan.antecedents[static_cast<std::size_t>(pair.antecedent)];
      const auto b = search.plan.consequents[static_cast<std::size_t>(pair.consequent)];
      const auto planted_items = 2 * shop_options.planted;
      if (a < planted_items && b == a + 1 && a % 2 == 0) {
        ++outcome.affinity.planted;
        ++outcome.timing.planted;
        outcome.affinity.found += affinity_p < 0.001 ? 1 : 0;
        outcome.timing.found += timing_p < 0.001 ? 1 : 0;
      } else if (a >= planted_items && b >= planted_items) {
        outcome.affinity.add_null(affinity_p);
        outcome.timing.add_null(timing_p);
      }
    }
  }
  for (const auto& [test, r] :
       {std::pair{"affinity", outcome.affinity}, std::pair{"timing", outcome.timing}})
    std::printf(
        "%-28s %-9s %6lld nulls: %.2f %% below 5 %%, %.3f %% below .1 %%; %lld of %lld doubled "
        "effects at p < .001\n",
        name, test, static_cast<long long>(r.nulls), 100 * r.share_05(), 100 * r.share_001(),
        static_cast<long long>(r.found), static_cast<long long>(r.planted));
  return outcome;
}

void expect_calibrated(const Outcome& outcome) {
  EXPECT_GT(outcome.affinity.nulls, 1000);
  EXPECT_GT(outcome.timing.nulls, 1000);
  EXPECT_LE(outcome.affinity.share_05(), 0.06);
  EXPECT_LE(outcome.timing.share_05(), 0.06);
  EXPECT_LE(outcome.affinity.share_001(), 0.002);
  EXPECT_LE(outcome.timing.share_001(), 0.002);
  EXPECT_GE(outcome.affinity.power(), 0.85);
  EXPECT_GE(outcome.timing.power(), 0.85);
}

TEST(BoughtNextSimulation, HardestSetting) {
  expect_calibrated(simulate("hardest setting", {}, 100));
}

TEST(BoughtNextSimulation, CustomersWhoBuyInRuns) {
  ShopOptions options;
  options.runs = true;
  expect_calibrated(simulate("... and buying in runs", options, 200));
}

}  // namespace
}  // namespace emptor::mining::test
