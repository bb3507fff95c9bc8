#include "emptor/forecasting/ets.hpp"

#include "forecasting/known_series.hpp"
#include "simulation.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

namespace emptor::forecasting {
namespace {

const std::vector<std::string> kStandard{"ANN",  "AAN", "AAdN", "MNN",  "MAN", "MAdN", "ANA", "AAA",
                                         "AAdA", "MNA", "MAA",  "MAdA", "MNM", "MAM",  "MAdM"};

EtsFit fitted(const std::string& model) {
  return fit_ets(kUkGas, {.model = model, .season_length = 4});
}

// The closed forms of the variances and the means against what the models themselves do.
TEST(EtsSimulation, StandardErrorsAreThoseOfThePaths) {
  const int paths = 20000 * testing::simulation_scale();
  const int horizon = 10;
  for (const std::string& model : kStandard) {
    EtsFit fit = fitted(model);
    // Small enough that no path comes near 0, where errors would be cut.
    fit.sigma = fit.start.model.error == EtsError::multiplicative ? 0.05 : 5;
    const std::vector<double> mean = forecast(fit, horizon);
    const std::vector<double> error = standard_errors(fit, horizon);
    const std::vector<double> y = simulate(fit, horizon, paths, 7);
    for (std::size_t h = 0; h < static_cast<std::size_t>(horizon); ++h) {
      double sum = 0, squares = 0;
      for (std::size_t k = 0; k < static_cast<std::size_t>(paths); ++k) {
        const double e = y[k * static_cast<std::size_t>(horizon) + h] - mean[h];
        sum += e;
        squares += e * e;
      }
      const double n = paths;
      // Four standard errors of either; class 3 after a season is right to the order of
      // sigma^2.
      EXPECT_NEAR(sum / n, 0, 4 * error[h] / std::sqrt(n) + (h >= 4 ? 0.002 * mean[h] : 0))
          << model << " step " << h + 1;
      const double about = model.back() == 'M' && h >= 4 ? 0.01 : 0;
      EXPECT_NEAR(std::sqrt(squares / n) / error[h], 1, 4 / std::sqrt(2 * n) + about)
          << model << " step " << h + 1;
    }
  }
}

TEST(EtsSimulation, PathsAreDrawnByCounter) {
  const EtsFit fit = fitted("MAM");
  const auto one = simulate(fit, 6, 50, 3, 11);
  EXPECT_EQ(one, simulate(fit, 6, 50, 3, 11));
  EXPECT_NE(one, simulate(fit, 6, 50, 4, 11));
  EXPECT_NE(one, simulate(fit, 6, 50, 3, 12));
  // More paths only add to those there are.
  const auto more = simulate(fit, 6, 80, 3, 11);
  EXPECT_TRUE(std::equal(one.begin(), one.end(), more.begin()));
}

// Models with a multiplicative trend or error-free factors have no closed form; what is simulated
// is finite and grows.
TEST(EtsSimulation, FormsWithoutClosedForm) {
  for (const std::string model : {"MMN", "MMdM", "AMN", "ANM", "AAM"}) {
    const EtsFit fit = fitted(model);
    const auto error = standard_errors(fit, 8);
    EXPECT_NEAR(
        error[0] / (fit.start.model.error == EtsError::additive ? fit.sigma
                                                                : fit.sigma * forecast(fit, 1)[0]),
        1, 0.1)
        << model;
    EXPECT_GT(error[7], error[0]) << model;
  }
}

// Intervals of mean +- 1.96 standard errors cover the value they were made for: the right form,
// parameters estimated from 200 values.
TEST(EtsSimulation, IntervalsCover) {
  const int series = 300 * testing::simulation_scale();
  std::printf("model   coverage of 95 %% at steps 1, 4, 8\n");
  for (const std::string model : {"ANN", "AAdN", "MAN", "ANA", "MNM"}) {
    EtsFit truth = fitted(model);
    truth.sigma = truth.start.model.error == EtsError::multiplicative ? 0.04 : 8;
    truth.end = truth.start;
    truth.end.alpha = 0.3;
    if (truth.end.model.trend != EtsTrend::none) truth.end.beta = 0.05;
    if (truth.end.model.season != EtsSeason::none) truth.end.gamma = 0.1;
    std::vector<double> covered(3, 0.0);
    for (int s = 0; s < series; ++s) {
      const auto y = simulate(truth, 208, 1, 1, static_cast<std::uint64_t>(s));
      const EtsFit fit = fit_ets(std::span(y).first(200), {.model = model, .season_length = 4});
      const auto mean = forecast(fit, 8);
      const auto error = standard_errors(fit, 8);
      std::size_t i = 0;
      for (const std::size_t h : {0U, 3U, 7U}) {
        covered[i++] += std::abs(y[200 + h] - mean[h]) <= 1.959964 * error[h] ? 1 : 0;
      }
    }
    double total = 0;
    for (double& c : covered) total += (c /= series) / 3;
    std::printf("%-6s  %.3f  %.3f  %.3f\n", model.c_str(), covered[0], covered[1], covered[2]);
    EXPECT_NEAR(total, 0.95, 0.03) << model;
  }
}

}  // namespace
}  // namespace emptor::forecasting
