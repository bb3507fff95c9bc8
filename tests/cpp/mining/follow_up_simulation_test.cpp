// Coverage of the interval of p_within under right censoring.
#include "core/random.hpp"
#include "mining/follow_up.hpp"
#include "mining/planted_shop.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>

namespace emptor::mining::next {
namespace {

// People buy at a constant rate; `share` do within 90 days. Follow-up ends at random between 0 and
// 300 days after, as it does at the edge of data.
double coverage(int people, double share, int runs, std::uint64_t seed) {
  const double rate = -std::log1p(-share) / 90;
  int covered = 0;
  for (int run = 0; run < runs; ++run) {
    core::Random random(seed, static_cast<std::uint64_t>(run));
    std::vector<Followed> all;
    for (int i = 0; i < people; ++i) {
      const double buys = random.exponential() / rate;
      const double follow = 300 * random.uniform();
      // Days are whole: bought on the day that ends at ceil, as the true share at day 90 asks.
      const bool event = buys <= std::min(90.0, std::floor(follow));
      const double days = event ? std::ceil(buys) : std::min(90.0, std::floor(follow));
      all.push_back({0, static_cast<std::int32_t>(days), event});
    }
    const auto within = kaplan_meier(all, 90, 0.95).share;
    covered += within.low <= share && share <= within.high ? 1 : 0;
  }
  return static_cast<double>(covered) / runs;
}

TEST(KaplanMeierSimulation, NominalIntervalsCoverNominally) {
  const int runs = 1000 * emptor::testing::simulation_scale();
  double log_log = 0, exact = 0;
  int n_log_log = 0, n_exact = 0;
  std::uint64_t seed = 1;
  std::printf("people  share  coverage of 95 %%\n");
  for (const int people : {50, 150, 500})
    for (const double share : {0.05, 0.2, 0.5}) {
      const double c = coverage(people, share, runs, ++seed);
      // About three quarters are followed far enough to be seen buying.
      const bool few = people * share * 0.8 < 30;
      std::printf("%6d  %5.2f  %.3f  %s\n", people, share, c, few ? "beta product" : "log-log");
      EXPECT_GE(c, 0.925);
      (few ? exact : log_log) += c;
      ++(few ? n_exact : n_log_log);
    }
  EXPECT_GE(log_log / n_log_log, 0.93);
  EXPECT_LE(log_log / n_log_log, 0.97);
  // The beta product covers at least nominally, and more.
  EXPECT_GE(exact / n_exact, 0.945);
}

}  // namespace
}  // namespace emptor::mining::next
