#include "emptor/metrics/movers.hpp"

#include "core/random.hpp"
#include "simulation.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <vector>

namespace emptor::metrics {
namespace {

/// Shops in which nothing changes but who happens to come: customers with gamma rates and
/// log-normal baskets buy as often in both windows. Returns the share of items whose interval
/// covers the true change of zero.
double coverage(int customers, double visits, double spread, std::uint64_t seed, int items) {
  core::Random random(seed);
  std::vector<std::int32_t> item;
  std::vector<double> now;
  std::vector<double> before;
  for (std::int32_t i = 0; i < items; ++i) {
    for (int c = 0; c < customers; ++c) {
      const double rate = visits * random.gamma(0.7) / 0.7;
      double sums[2] = {0, 0};
      for (double& sum : sums) {
        const auto count = random.poisson(rate);
        for (std::int64_t k = 0; k < count; ++k) sum += std::exp(spread * random.normal());
      }
      if (sums[0] == 0 && sums[1] == 0) continue;
      item.push_back(i);
      now.push_back(sums[0]);
      before.push_back(sums[1]);
    }
  }
  const auto result = movers({item, now, before, items});
  int covered = 0;
  int tested = 0;
  for (std::size_t i = 0; i < result.item.size(); ++i) {
    if (result.status[i] == Status::not_enough_data) continue;
    ++tested;
    covered += result.change_low[i] <= 0 && result.change_high[i] >= 0 ? 1 : 0;
  }
  return static_cast<double>(covered) / tested;
}

TEST(MoversSimulation, IntervalsCoverWhatTheySayOnAverage) {
  const int items = 400 * testing::simulation_scale();
  double sum = 0;
  int settings = 0;
  std::printf("customers  visits  spread  coverage of 95 %%\n");
  for (const int customers : {30, 100, 400, 1500})
    for (const double visits : {0.5, 2.0})
      for (const double spread : {0.3, 1.0}) {
        const double share = coverage(customers, visits, spread, 11, items);
        std::printf("%9d  %6.1f  %6.1f  %.3f\n", customers, visits, spread, share);
        sum += share;
        ++settings;
        EXPECT_GT(share, 0.92) << customers << ' ' << visits << ' ' << spread;
      }
  EXPECT_GT(sum / settings, 0.93);
  EXPECT_LT(sum / settings, 0.97);
}

}  // namespace
}  // namespace emptor::metrics
