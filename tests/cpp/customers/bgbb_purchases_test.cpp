#include "emptor/customers/bgbb_purchases.hpp"

#include "emptor/core/error.hpp"

#include "customers/bgbb_law.hpp"
#include "customers/donations.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <string>
#include <vector>

namespace emptor::customers {
namespace {

using testing::Donors;

}  // namespace

// Fader, Hardie and Shang (2010), as lifetimes and pymc-marketing have them: expected uses of a new
// donor, the sum of what is to come in five years, and P(alive) of three of them.
TEST(BgbbPurchases, Published) {
  const Donors donors = testing::donations();
  if (donors.x.empty()) GTEST_SKIP() << "no shared data btyd";
  const auto fit = fit_bgbb(donors.view());
  const std::array expected{.4985,  .9233,  1.2969, 1.6323, 1.9381, 2.2202,
                            2.4826, 2.7285, 2.9603, 3.1798, 3.3887};
  Donors fresh;
  fresh.add(0, 0, 0, 1);
  for (int n = 1; n <= 11; ++n)
    EXPECT_NEAR(bgbb_purchases(fit, fresh.view(), {.horizon = n}).expected_purchases[0],
                expected[static_cast<std::size_t>(n - 1)], 6e-5)
        << n;
  Donors three;
  three.add(0, 0, 6, 1);
  three.add(2, 4, 6, 1);
  three.add(6, 6, 6, 1);
  const auto found = bgbb_purchases(fit, three.view());
  const std::array alive{.11, .59, .93};
  for (std::size_t i = 0; i < 3; ++i) EXPECT_NEAR(found.p_alive[i], alive[i], .005) << i;
  const auto ahead = bgbb_purchases(fit, donors.view(), {.horizon = 5});
  double total = 0;
  for (std::size_t i = 0; i < donors.x.size(); ++i)
    total += static_cast<double>(donors.count[i]) * ahead.expected_purchases[i];
  EXPECT_NEAR(total, 12884.2, .1);
}

// Everything a customer may do in the next occasions, path by path: staying or leaving, buying or
// not, with the beta laws by quadrature over a grid of chances.
TEST(BgbbPurchases, BruteForce) {
  const std::array law{2.7, 3.3, 2.4, 4.6};
  const auto fit = bgbb_fit(law);
  constexpr int kGrid = 400, kAhead = 3;
  for (const auto& [x, last, n] : {std::array{0, 0, 0}, {0, 0, 3}, {1, 1, 4}, {2, 4, 4}}) {
    double all = 0, alive = 0, expected = 0, none = 0;
    for (int i = 0; i < kGrid; ++i) {
      const double p = (i + .5) / kGrid;
      const double wp = std::pow(p, law[0] - 1) * std::pow(1 - p, law[1] - 1);
      for (int j = 0; j < kGrid; ++j) {
        const double q = (j + .5) / kGrid;
        const double wq = std::pow(q, law[2] - 1) * std::pow(1 - q, law[3] - 1) * wp;
        const double bought = std::pow(p, x);
        const double there = bought * std::pow(1 - p, n - x) * std::pow(1 - q, n) * wq;
        double gone = 0;
        for (int t = last; t < n; ++t)
          gone += bought * std::pow(1 - p, t - x) * q * std::pow(1 - q, t) * wq;
        all += there + gone;
        alive += there * (1 - q);
        double stay = 1, miss = 0;
        for (int k = 1; k <= kAhead; ++k) {
          miss += stay * q * std::pow(1 - p, k - 1);
          stay *= 1 - q;
          expected += there * stay * p;
        }
        none += gone + there * (miss + stay * std::pow(1 - p, kAhead));
      }
    }
    Donors one;
    one.add(x, last, n, 1);
    const auto found = bgbb_purchases(fit, one.view(), {.horizon = kAhead});
    EXPECT_NEAR(found.p_alive[0], alive / all, 2e-5) << x << last << n;
    EXPECT_NEAR(found.expected_purchases[0], expected / all, 2e-5);
    EXPECT_NEAR(found.p_none[0], none / all, 2e-5);
  }
}

TEST(BgbbPurchases, Gradients) {
  const BgbbHistory at{2, 4, 7};
  const std::array p{1.2, .75, .65, 2.8};
  BgbbLaw<BgbbGradient> law;
  const std::array<BgbbGradient*, 4> all{&law.alpha, &law.beta, &law.gamma, &law.delta};
  for (std::size_t i = 0; i < 4; ++i) *all[i] = BgbbGradient::variable(p[i], i);
  const auto odds = log_odds_left(law, at);
  const auto future = future_of(law, at, 6);
  for (std::size_t i = 0; i < 4; ++i) {
    const double h = 1e-5;
    const auto moved = [&](double step) {
      auto q = p;
      q[i] += step;
      return BgbbLaw<double>{q[0], q[1], q[2], q[3]};
    };
    const auto slope = [&](auto&& of) { return (of(moved(h)) - of(moved(-h))) / (2 * h); };
    EXPECT_NEAR(odds.d[i], slope([&](const auto& l) { return log_odds_left(l, at); }), 1e-7);
    EXPECT_NEAR(future.expected.d[i],
                slope([&](const auto& l) { return future_of(l, at, 6).expected; }), 1e-7);
    EXPECT_NEAR(future.none.d[i], slope([&](const auto& l) { return future_of(l, at, 6).none; }),
                1e-7);
  }
}

TEST(BgbbPurchases, IntervalsStatusesAndThreads) {
  const Donors donors = testing::donations();
  if (donors.x.empty()) GTEST_SKIP() << "no shared data btyd";
  const auto fit = fit_bgbb(donors.view());
  const auto one = bgbb_purchases(fit, donors.view(), {.horizon = 7}, {.threads = 1});
  for (const int threads : {2, 3, 8}) {
    const auto many = bgbb_purchases(fit, donors.view(), {.horizon = 7}, {.threads = threads});
    EXPECT_EQ(one.p_alive_low, many.p_alive_low);
  }
  for (std::size_t i = 0; i < donors.x.size(); ++i) {
    EXPECT_LT(one.expected_purchases_low[i], one.expected_purchases[i]);
    EXPECT_LT(one.p_alive[i], one.p_alive_high[i]);
    EXPECT_LT(one.p_alive_high[i], 1);
    EXPECT_EQ(one.status[i], Status::extrapolated);
    Donors single;
    single.add(donors.x[i], donors.last[i], donors.n[i], 1);
    EXPECT_EQ(bgbb_purchases(fit, single.view(), {.horizon = 7}).expected_purchases_high[0],
              one.expected_purchases_high[i]);
  }
  try {
    bgbb_purchases(fit, donors.view(), {.horizon = 0});
    ADD_FAILURE();
  } catch (const InvalidArgument& error) {
    EXPECT_STREQ(error.what(), "bgbb_purchases: horizon is 0; it counts occasions, 1 to 10000");
  }
  EXPECT_TRUE(std::isnan(bgbb_purchases(fit_bgbb(BgbbView{}), donors.view()).p_alive[0]));
}

}  // namespace emptor::customers
