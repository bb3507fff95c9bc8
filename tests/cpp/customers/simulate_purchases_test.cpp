#include "emptor/customers/simulate_purchases.hpp"

#include "emptor/core/error.hpp"
#include "emptor/customers/expected_purchases.hpp"
#include "emptor/customers/p_alive.hpp"

#include "customers/purchase_law.hpp"
#include "simulation.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdio>
#include <numeric>
#include <string>
#include <vector>

namespace emptor::customers {
namespace {

using Unit = data::Span::Unit;

PurchaseFit truth(PurchaseModel model) {
  switch (model) {
    case PurchaseModel::nbd:
      return purchase_fit(model, std::array{.4, 12.0}, Unit::weeks);
    case PurchaseModel::pnbd:
      return purchase_fit(model, std::array{.55, 10.6, .8, 11.7}, Unit::weeks);
    case PurchaseModel::mbgcnbd:
      return purchase_fit(model, std::array{.8, 4.0, .9, 2.4}, Unit::weeks, 2);
    default:
      return purchase_fit(model, std::array{.55, 6.2, .9, 2.4}, Unit::weeks);
  }
}

}  // namespace

TEST(SimulatePurchases, AsTheModelSays) {
  for (const auto model : {PurchaseModel::mbgnbd, PurchaseModel::bgnbd, PurchaseModel::pnbd,
                           PurchaseModel::nbd, PurchaseModel::mbgcnbd}) {
    const auto fit = truth(model);
    const SimulatePurchasesOptions options{.customers = 200000,
                                           .T = {52, Unit::weeks},
                                           .entry = data::Span{13, Unit::weeks},
                                           .holdout = data::Span{26, Unit::weeks},
                                           .seed = 5};
    const auto s = simulate_purchases(fit, options);
    EXPECT_NO_THROW(check(s.summary.view(), "simulated"));
    const auto n = static_cast<double>(options.customers);
    double expected = 0, bought = 0, square = 0;
    const auto fresh = outlook_new(law_of(fit));
    for (std::size_t i = 0; i < s.summary.T.size(); ++i) {
      if (i % 1000 == 0) expected += 1000 * expected_purchases_of(fresh, s.summary.T[i]);
      const auto x = static_cast<double>(s.summary.frequency[i]);
      bought += x;
      square += x * x;
    }
    const double error = std::sqrt(square / n - bought * bought / n / n) / std::sqrt(n);
    EXPECT_NEAR(bought / n, expected / n, 5 * error) << to_string(model);
    // Given their histories: who is still there, and what they go on to buy.
    double later = 0;
    for (const std::int64_t x : s.summary.holdout_frequency) later += static_cast<double>(x);
    const auto ahead = expected_purchases(fit, s.summary.view(), {{26, Unit::weeks}});
    const double predicted =
        std::accumulate(ahead.expected_purchases.begin(), ahead.expected_purchases.end(), 0.0);
    EXPECT_NEAR(later / predicted, 1, .03) << to_string(model);
    if (model == PurchaseModel::nbd) continue;
    const auto chance = p_alive(fit, s.summary.view()).p_alive;
    const double alive = std::accumulate(s.alive.begin(), s.alive.end(), 0.0);
    EXPECT_NEAR(alive / n, std::accumulate(chance.begin(), chance.end(), 0.0) / n, .005)
        << to_string(model);
  }
}

TEST(SimulatePurchases, SameOnAnyThreads) {
  const auto fit = truth(PurchaseModel::mbgnbd);
  const auto one = simulate_purchases(fit, {.customers = 5000}, {.threads = 1});
  for (const int threads : {2, 3, 8}) {
    const auto many = simulate_purchases(fit, {.customers = 5000}, {.threads = threads});
    EXPECT_EQ(one.summary.recency, many.summary.recency);
    EXPECT_EQ(one.alive, many.alive);
  }
  const auto other = simulate_purchases(fit, {.customers = 5000, .seed = 2});
  EXPECT_NE(one.summary.recency, other.summary.recency);
}

// Intervals of parameters, of expected purchases and of counts, over simulated cohorts.
TEST(SimulatePurchases, IntervalsCover) {
  const int runs = 40 * testing::simulation_scale();
  for (const auto model :
       {PurchaseModel::bgnbd, PurchaseModel::mbgnbd, PurchaseModel::pnbd, PurchaseModel::mbgcnbd}) {
    const auto real = truth(model);
    const data::Span horizon{39, Unit::weeks};
    int parameters = 0, covered = 0, means = 0, means_in = 0, counts = 0, counts_in = 0, fits = 0;
    for (int run = 0; run < runs; ++run) {
      const auto s = simulate_purchases(real, {.customers = 3000,
                                               .T = {78, Unit::weeks},
                                               .entry = data::Span{26, Unit::weeks},
                                               .holdout = horizon,
                                               .seed = 100 + static_cast<std::uint64_t>(run)});
      const auto fit = fit_purchases(s.summary.view(), {.model = model, .k = real.k > 1 ? 2 : 0});
      if (fit.model != model || fit.status != Status::ok) continue;
      ++fits;
      for (std::size_t i = 0; i < 4; ++i) {
        ++parameters;
        covered += fit.low[i] <= real.parameters[i] && real.parameters[i] <= fit.high[i];
      }
      const auto ahead = expected_purchases(fit, s.summary.view(), {horizon});
      const auto exact = expected_purchases(real, s.summary.view(), {horizon});
      for (std::size_t i = 0; i < s.summary.T.size(); i += 50) {
        ++means;
        means_in += ahead.expected_purchases_low[i] <= exact.expected_purchases[i] &&
                    exact.expected_purchases[i] <= ahead.expected_purchases_high[i];
      }
      for (std::size_t i = 0; i < s.summary.T.size(); ++i) {
        ++counts;
        counts_in += ahead.purchases_low[i] <= s.summary.holdout_frequency[i] &&
                     s.summary.holdout_frequency[i] <= ahead.purchases_high[i];
      }
    }
    EXPECT_GE(fits, 0.9 * runs);
    const auto share = [](int in, int all) { return static_cast<double>(in) / all; };
    std::printf("%-8s %d fits: parameters %.3f, expected purchases %.3f, counts %.3f\n",
                std::string(to_string(model)).c_str(), fits, share(covered, parameters),
                share(means_in, means), share(counts_in, counts));
    // 40 runs of four correlated parameters: two standard errors are about .04.
    EXPECT_GE(share(covered, parameters), .90) << to_string(model);
    EXPECT_GE(share(means_in, means), .88) << to_string(model);
    EXPECT_GE(share(counts_in, counts), .95) << to_string(model);
  }
}

TEST(SimulatePurchases, FindsTheShapeOfGaps) {
  const auto s = simulate_purchases(truth(PurchaseModel::mbgcnbd),
                                    {.customers = 4000, .T = {104, Unit::weeks}});
  const auto fit = fit_purchases(s.summary.view(), {.model = PurchaseModel::mbgcnbd});
  EXPECT_EQ(fit.k, 2);
  EXPECT_LT(fit.aic, fit_purchases(s.summary.view()).aic);
}

TEST(SimulatePurchases, Arguments) {
  const auto fit = truth(PurchaseModel::mbgnbd);
  EXPECT_THROW(simulate_purchases(fit, {.customers = 0}), InvalidArgument);
  EXPECT_THROW(simulate_purchases(fit, {.T = {0, Unit::weeks}}), InvalidArgument);
  EXPECT_THROW(
      simulate_purchases(fit, {.T = {2, Unit::weeks}, .entry = data::Span{2, Unit::weeks}}),
      InvalidArgument);
}

}  // namespace emptor::customers
