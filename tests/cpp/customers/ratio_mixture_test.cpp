#include "customers/ratio_mixture.hpp"

#include "core/random.hpp"
#include "customers/mixture_weights.hpp"

#include <boost/math/special_functions/beta.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <vector>

namespace emptor::customers {
namespace {

/// The same integral in closed form: with t = rho mean / (size + rho mean) it is an incomplete beta
/// function, divided by the likelihood at its peak.
double uniform_likelihood(double size, double mean, double y, double low, double high) {
  const auto t = [&](double rho) { return rho * mean / (size + rho * mean); };
  const double a = y + 1, b = size - 1;
  const double integral = size / mean *
                          (boost::math::beta(a, b, t(high)) - boost::math::beta(a, b, t(low))) /
                          (high - low);
  const double peak = t(std::min(y / mean, 6.0));
  return integral / (std::pow(peak, y) * std::pow(1 - peak, size));
}

MixtureLikelihood random_likelihood(std::size_t rows, std::size_t components) {
  MixtureLikelihood data;
  data.components = components;
  core::Random random(3);
  for (std::size_t i = 0; i < rows; ++i) {
    for (std::size_t k = 0; k < components; ++k)
      data.likelihood.push_back(std::exp(-3 * random.exponential()));
    data.count.push_back(1 + static_cast<double>(random.below(4)));
    data.log_scale.push_back(0);
  }
  return data;
}

double penalised(const MixtureLikelihood& data, double penalty, const std::vector<double>& w) {
  double value = penalty * std::log(w[0]);
  for (std::size_t i = 0; i < data.count.size(); ++i) {
    double mix = 0;
    for (std::size_t k = 0; k < w.size(); ++k)
      mix += w[k] * data.likelihood[i * data.components + k];
    value += data.count[i] * std::log(mix);
  }
  return value;
}

}  // namespace

TEST(RatioMixture, LawsMatchIncompleteBeta) {
  struct Case {
    double size, mean, y;
  };
  for (const Case c : {Case{4.5, 2.1, 0}, Case{4.5, 2.1, 1}, Case{12, 6, 9}, Case{60, 30, 12},
                       Case{60, 30, 45}, Case{160, 80, 2}, Case{365, 180, 170}}) {
    const RatioWeights laws = law_likelihoods(c.size, c.mean, c.y);
    for (std::size_t k = 2; k < kRatioLaws; ++k) {
      const double expected =
          uniform_likelihood(c.size, c.mean, c.y, kRatioLawTable[k].low, kRatioLawTable[k].high);
      EXPECT_NEAR(laws[k], expected, 2e-6 + 1e-4 * expected)
          << c.size << " " << c.y << " law " << k;
    }
    EXPECT_EQ(laws[kStopped], c.y == 0 ? 1 : 0);
  }
}

TEST(RatioMixture, CdfAndMedian) {
  RatioWeights weights{};
  weights[kUnchanged] = 0.6;
  weights[kStopped] = 0.1;
  weights[3] = 0.3;  // uniform on (0, 0.5)
  EXPECT_DOUBLE_EQ(ratio_cdf(weights, 0), 0.1);
  EXPECT_DOUBLE_EQ(ratio_cdf(weights, 0.25), 0.25);
  EXPECT_DOUBLE_EQ(ratio_cdf(weights, 0.999), 0.4);
  EXPECT_DOUBLE_EQ(ratio_cdf(weights, 1), 1);
  EXPECT_EQ(ratio_median(weights), 1);
  weights[kUnchanged] = 0.3;
  weights[3] = 0.6;
  EXPECT_NEAR(ratio_median(weights), 0.5 * 0.4 / 0.6, 1e-9);
}

TEST(MixtureWeights, ReachesWhatExpectationMaximisationReaches) {
  const MixtureLikelihood data = random_likelihood(400, 6);
  const std::vector<double> none(6, 0.0);
  const MixtureWeights fit = fit_weights(data, 9, none, 0, {});
  ASSERT_TRUE(fit.converged);
  EXPECT_LT(fit.gap, 1e-6);
  std::vector<double> w(6, 1.0 / 6);
  for (int step = 0; step < 20000; ++step) {
    std::vector<double> next(6, 0.0);
    next[0] = 9;
    for (std::size_t i = 0; i < data.count.size(); ++i) {
      double mix = 0;
      for (std::size_t k = 0; k < 6; ++k) mix += w[k] * data.likelihood[i * 6 + k];
      for (std::size_t k = 0; k < 6; ++k)
        next[k] += data.count[i] * w[k] * data.likelihood[i * 6 + k] / mix;
    }
    const double sum = std::accumulate(next.begin(), next.end(), 0.0);
    for (std::size_t k = 0; k < 6; ++k) w[k] = next[k] / sum;
  }
  EXPECT_NEAR(fit.value, penalised(data, 9, w), 1e-5);
  EXPECT_GE(fit.value, penalised(data, 9, w) - 1e-6);
  EXPECT_NEAR(fit.value, penalised(data, 9, fit.weights), 1e-9);
}

TEST(MixtureWeights, TheGapBoundsWhatIsLeft) {
  const MixtureLikelihood data = random_likelihood(300, 5);
  const std::vector<double> none(5, 0.0);
  const double best = fit_weights(data, 9, none, 0, {}).value;
  const MixtureWeights early = fit_weights(data, 9, none, 0, {}, 5.0);
  EXPECT_GT(early.gap, 1e-6);
  EXPECT_LE(best - early.value, early.gap);
}

TEST(MixtureWeights, LeastCostStaysWithinTheDrop) {
  const MixtureLikelihood data = random_likelihood(400, 5);
  const std::vector<double> none(5, 0.0), cost{0, 0, 1, 0, 0.5}, gain{0, 0, -1, 0, -0.5};
  const MixtureWeights best = fit_weights(data, 9, none, 0, {});
  const auto price = [&](const MixtureWeights& w) {
    return std::inner_product(cost.begin(), cost.end(), w.weights.begin(), 0.0);
  };
  const MixtureWeights low = least_cost_weights(data, 9, cost, best, 2, {});
  const MixtureWeights high = least_cost_weights(data, 9, gain, best, 2, {});
  EXPECT_LE(best.value - low.value, 2);
  EXPECT_GT(best.value - low.value, 1.8);
  EXPECT_LE(best.value - high.value, 2);
  EXPECT_LT(price(low), price(best) - 0.005);
  EXPECT_GT(price(high), price(best) + 0.005);
}

TEST(MixtureWeights, TheLeastCostMayLoseNextToNothing) {
  MixtureLikelihood data;
  data.components = 2;
  data.likelihood = {1, 0.999};
  data.count = {1};
  data.log_scale = {0};
  const std::vector<double> none(2, 0.0), cost{0, 1};
  const MixtureWeights best = fit_weights(data, 0, none, 0, {});
  EXPECT_NEAR(least_cost_weights(data, 0, cost, best, 2, {}).weights[1], 0, 1e-4);
}

// Planted: 700 customers unchanged, 300 at a fifth of their rate, the market down 20 %, many
// orders.
TEST(RatioMixture, FindsThePlantedShare) {
  std::vector<RatioRow> rows;
  core::Random random(11);
  for (int i = 0; i < 1000; ++i) {
    const double rate = 0.3 * random.gamma(3) / 3;
    const double ratio = i < 700 ? 1 : 0.2;
    const auto n1 = static_cast<int>(random.poisson(180 * rate));
    const auto n2 = static_cast<int>(random.poisson(90 * 0.8 * ratio * rate));
    rows.push_back({n1, 180, n2, 90, 0, 1});
  }
  const RatePrior prior = fit_rate_prior(rows, 1, 1000);
  EXPECT_NEAR(prior.shape, 3, 0.4);
  EXPECT_NEAR(prior.shape / prior.rate, 0.3, 0.02);
  const RatioMixtureOptions options;
  const RatioMixture fit = fit_ratio_mixture(rows, prior, 1, options, {});
  EXPECT_TRUE(fit.converged);
  EXPECT_NEAR(fit.g, 0.8, 0.02);
  EXPECT_LT(fit.g_low, 0.8);
  EXPECT_GT(fit.g_high, 0.8);
  EXPECT_NEAR(ratio_cdf(fit.weights, 0.5), 0.3, 0.04);
  EXPECT_LE(ratio_cdf(fit.guard, 0.5), ratio_cdf(fit.weights, 0.5));
  EXPECT_GE(ratio_cdf(fit.mirror, 0.5), ratio_cdf(fit.weights, 0.5));
  const auto posteriors = ratio_posteriors(rows, fit, options, {});
  for (const RatioPosterior& p : posteriors) {
    EXPECT_LE(p.probability_low, p.probability);
    EXPECT_LE(p.probability, p.probability_high);
    EXPECT_LE(p.drop_low, p.drop);
    EXPECT_LE(p.drop, p.drop_high);
    EXPECT_LE(p.loss_low, p.loss);
    EXPECT_LE(p.loss, p.loss_high);
    EXPECT_GE(p.loss_low, 0);
  }
}

// Two equal laws are one: every number stays what it was.
TEST(RatioMixture, TwoEqualLawsOfRatesAreOne) {
  std::vector<RatioRow> rows;
  core::Random random(12);
  for (int i = 0; i < 400; ++i) {
    const double rate = 0.05 * random.gamma(2) / 2;
    rows.push_back({static_cast<int>(random.poisson(180 * rate)), 180,
                    static_cast<int>(random.poisson(60 * rate)), 90, 0, 1});
  }
  RatePrior one = fit_rate_prior(rows, 1, 180);
  one.laws = {{1, one.shape, one.rate}};
  RatePrior two = one;
  two.laws = {{0.3, one.shape, one.rate}, {0.7, one.shape, one.rate}};
  const RatioMixtureOptions options;
  const RatioMixture a = fit_ratio_mixture(rows, one, 1, options, {});
  const RatioMixture b = fit_ratio_mixture(rows, two, 1, options, {});
  EXPECT_NEAR(a.g, b.g, 1e-4);
  const auto x = ratio_posteriors(rows, a, options, {});
  const auto y = ratio_posteriors(rows, b, options, {});
  for (std::size_t i = 0; i < x.size(); ++i) {
    EXPECT_NEAR(x[i].probability, y[i].probability, 1e-3);
    EXPECT_NEAR(x[i].drop, y[i].drop, 1e-3);
    EXPECT_NEAR(x[i].loss, y[i].loss, 1e-3 * x[i].loss + 1e-6);
    EXPECT_NEAR(x[i].loss_high, y[i].loss_high, 1e-2 * x[i].loss_high + 1e-6);
    EXPECT_NEAR(x[i].expected, y[i].expected, 1e-3 * x[i].expected);
  }
}

}  // namespace emptor::customers
