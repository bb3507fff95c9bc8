#include "emptor/core/bootstrap.hpp"

#include "core/random.hpp"
#include "simulation.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

namespace emptor {
namespace {

int scaled(int runs) { return runs * testing::simulation_scale(); }

// One firm's customers: how many orders each made, and what they came to. Orders of one customer
// share a level (clustering), and the number of orders is correlated with it.
struct Setting {
  const char* name;
  std::size_t customers;
  double order_shape;  // of the gamma law of order rates; small is unequal
  double level_shape;  // of the customers' own levels; small is unequal
};

double cover(const Setting& setting, int runs) {
  // Rates have mean 2 + 2 L, levels L mean 1: E[orders L] / E[orders] from the moments of L.
  const double truth = (2 + 2 * (1 + 1 / setting.level_shape)) / 4;
  int covered = 0;
  for (int run = 0; run < runs; ++run) {
    core::Random random(77, static_cast<std::uint64_t>(run));
    std::vector<double> spent;
    std::vector<double> orders;
    std::vector<std::uint64_t> ids;
    for (std::size_t c = 0; c < setting.customers; ++c) {
      const double level = random.gamma(setting.level_shape) / setting.level_shape;
      const double rate = random.gamma(setting.order_shape) / setting.order_shape * (2 + 2 * level);
      const auto n = random.poisson(rate);
      double sum = 0;
      for (std::int64_t i = 0; i < n; ++i) sum += level * random.gamma(2) / 2;
      spent.push_back(sum);
      orders.push_back(static_cast<double>(n));
      ids.push_back(random.bits());
    }
    const Estimate found = bootstrap_ratio(spent, orders, ids, {.replicates = 399, .seed = 9}, {});
    covered += found.low <= truth && truth <= found.high;
  }
  return static_cast<double>(covered) / runs;
}

// The average value of an order with orders clustered by customer, at nominal 95 %. Mean coverage
// over the settings must lie in 93 to 97 %; the band is widened by three standard errors of the
// number of runs made.
TEST(BootstrapSimulation, CoversClusteredRatios) {
  const std::vector<Setting> settings{
      {"12 customers, even", 12, 5, 5},   {"20 customers, even", 20, 5, 5},
      {"50 customers, even", 50, 5, 5},   {"50 customers, unequal", 50, 1, 1},
      {"200 customers, even", 200, 5, 5}, {"200 customers, unequal", 200, 1, 1}};
  const int runs = scaled(300);
  double sum = 0;
  std::printf("coverage of bootstrap_ratio at nominal 95 %%, %d runs each\n", runs);
  for (const Setting& setting : settings) {
    const double covered = cover(setting, runs);
    std::printf("%-26s %.3f\n", setting.name, covered);
    sum += covered;
  }
  const auto n = static_cast<double>(settings.size());
  const double margin = 3 * std::sqrt(.95 * .05 / (n * runs));
  std::printf("%-26s %.3f\n", "mean", sum / n);
  EXPECT_GE(sum / n, .93 - margin);
  EXPECT_LE(sum / n, .97 + margin);
}

}  // namespace
}  // namespace emptor
