#include "emptor/forecasting/ces.hpp"

#include "emptor/core/error.hpp"

#include "core/random.hpp"
#include "forecasting/ces_states.hpp"
#include "forecasting/known_series.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numeric>
#include <string>
#include <vector>

namespace emptor::forecasting {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

template <typename Call>
std::string message(Call call) {
  try {
    call();
  } catch (const InvalidArgument& e) {
    return e.what();
  }
  return "no error";
}

/// The season's additive indices by their definition: means by place of what is beyond the centred
/// moving mean of a season, themselves centred. For an even season.
std::vector<double> indices(const std::vector<double>& y, std::size_t m) {
  std::vector<double> sum(m, 0.0), count(m, 0.0);
  for (std::size_t t = m / 2; t + m / 2 < y.size(); ++t) {
    double mean = (y[t - m / 2] + y[t + m / 2]) / 2;
    for (std::size_t k = t - m / 2 + 1; k < t + m / 2; ++k) mean += y[k];
    sum[t % m] += y[t] - mean / static_cast<double>(m);
    ++count[t % m];
  }
  double all = 0;
  for (std::size_t k = 0; k < m; ++k) all += (sum[k] /= count[k]) / static_cast<double>(m);
  for (double& one : sum) one -= all;
  return sum;
}

/// The definition, written out on complex numbers' parts: there, back and there again from the
/// first guess. Returns the sum of squares.
double by_definition(const std::vector<double>& y, std::size_t m, const std::vector<double>& w,
                     bool full) {
  std::vector<double> s = indices(y, m), p(m);
  double first = 0;
  const std::size_t count = std::min(y.size(), std::max<std::size_t>(10, m));
  for (std::size_t i = 0; i < count; ++i) first += (y[i] - s[i % m]) / static_cast<double>(count);
  double l = first, c = first / 1.1, sum = 0;
  for (std::size_t i = 0; i < m; ++i) p[i] = s[i] / 1.1;
  for (int way = 0; way < 3; ++way) {
    sum = 0;
    for (std::size_t k = 0; k < y.size(); ++k) {
      const std::size_t t = way == 1 ? y.size() - 1 - k : k;
      const double e = y[t] - l - s[t % m];
      const double next = l - c + w[1] * c + w[0] * e - w[1] * e;
      c = l + c - w[0] * c + w[0] * e + w[1] * e;
      l = next;
      if (full) {
        const double turned = s[t % m] - p[t % m] + w[3] * p[t % m] + w[2] * e - w[3] * e;
        p[t % m] = s[t % m] + p[t % m] - w[2] * p[t % m] + w[2] * e + w[3] * e;
        s[t % m] = turned;
      } else {
        s[t % m] += w[2] * e;
      }
      sum += e * e;
    }
  }
  return sum;
}

TEST(Ces, FitsTheDefinitionAndBetterThanThePeer) {
  const CesFit partial = fit_ces(kAirPassengers, {12, CesForm::partial});
  const CesFit full = fit_ces(kAirPassengers, {12, CesForm::full});
  EXPECT_NEAR(partial.sse,
              by_definition(kAirPassengers, 12,
                            {partial.alpha[0], partial.alpha[1], partial.beta[0]}, false),
              1e-8 * partial.sse);
  EXPECT_NEAR(full.sse,
              by_definition(kAirPassengers, 12,
                            {full.alpha[0], full.alpha[1], full.beta[0], full.beta[1]}, true),
              1e-8 * full.sse);
  // The weights statsforecast 2.1.1 finds, under the same criterion.
  EXPECT_LT(partial.sse, by_definition(kAirPassengers, 12, {1.8, 1.0078683, 0.7258207}, false));
  EXPECT_LT(full.sse,
            by_definition(kAirPassengers, 12, {1.2734237, 1.0094041, 1.4996704, 1.1318821}, true));
  // No weights nearby are better.
  for (int k = 0; k < 4; ++k) {
    for (const double by : {-1e-3, 1e-3}) {
      std::vector<double> w{full.alpha[0], full.alpha[1], full.beta[0], full.beta[1]};
      w[static_cast<std::size_t>(k)] += by;
      EXPECT_GT(by_definition(kAirPassengers, 12, w, true), full.sse) << k << " " << by;
    }
  }
  const CesFit best = fit_ces(kAirPassengers, {12});
  EXPECT_EQ(best.form, CesForm::full);
  EXPECT_EQ(best.aicc, full.aicc);
  // statsforecast's forecasts of the next year for the full form, whose weights differ a little.
  const std::vector<double> peer{453.02, 429.32, 488.63, 500.28, 519.78, 586.46,
                                 677.02, 676.17, 563.64, 501.25, 435.95, 481.61};
  const auto ours = forecast(best, 12);
  for (std::size_t h = 0; h < 12; ++h) EXPECT_NEAR(ours[h], peer[h], 0.03 * peer[h]);
}

TEST(Ces, LikelihoodAndSigmaFollowFromTheErrors) {
  const CesFit fit = fit_ces(kUkGas, {4, CesForm::partial});
  double sum = 0;
  for (const double e : fit.residual) sum += e * e;
  EXPECT_NEAR(fit.sse, sum, 1e-9 * sum);
  const double n = 108;
  EXPECT_NEAR(fit.sigma, std::sqrt(sum / (n - 3)), 1e-9);
  EXPECT_NEAR(fit.log_likelihood, -n / 2 * (std::log(2 * M_PI * sum / n) + 1), 1e-8);
  EXPECT_NEAR(fit.aicc, -2 * fit.log_likelihood + 8 + 2.0 * 4 * 5 / (n - 5), 1e-8);
  EXPECT_EQ(fit.parameters, 4);
}

// With a1 = 1 the potential drops out: simple exponential smoothing with alpha = a0 - 1.
TEST(Ces, HoldsSimpleExponentialSmoothing) {
  CesFit fit;
  fit.alpha = {1.3, 1.0};
  fit.level = 100;
  fit.potential = 17;
  fit.sigma = 1;
  std::vector<double> y{103, 98, 110, 95, 130, 90};
  double level = 100;
  for (const double value : y) level += 0.3 * (value - level);
  const CesFit after = update(fit, y);
  EXPECT_NEAR(after.level, level, 1e-12);
  for (const double ahead : forecast(after, 5)) EXPECT_NEAR(ahead, level, 1e-12);
  const auto errors = standard_errors(after, 4);
  for (int h = 1; h <= 4; ++h) {
    EXPECT_NEAR(errors[static_cast<std::size_t>(h) - 1], std::sqrt(1 + (h - 1) * 0.09), 1e-12);
  }
  EXPECT_NEAR(ces_total_error(after, 3), std::sqrt(1.6 * 1.6 + 1.3 * 1.3 + 1), 1e-12);
}

TEST(Ces, TheSimpleFormIsOneSeriesPerPlaceOfTheSeason) {
  CesFit both, one;
  both.form = CesForm::simple;
  both.season_length = 2;
  both.alpha = one.alpha = {1.4, 0.9};
  both.season = {10, 50};
  both.season_potential = {9, 45};
  one.level = 50;
  one.potential = 45;
  const CesFit after = update(both, std::vector<double>{11, 48, 12, 53, 13});
  const CesFit second = update(one, std::vector<double>{48, 53});
  const auto ahead = forecast(after, 4), alone = forecast(second, 2);
  EXPECT_DOUBLE_EQ(ahead[0], alone[0]);  // the next place is the second one
  EXPECT_DOUBLE_EQ(ahead[2], alone[1]);
}

TEST(Ces, UpdateGoesOnWhereTheFitEnded) {
  const std::vector<double> first(kAirPassengers.begin(), kAirPassengers.end() - 20);
  const std::vector<double> rest(kAirPassengers.end() - 20, kAirPassengers.end());
  for (const CesForm form : {CesForm::none, CesForm::simple, CesForm::partial, CesForm::full}) {
    const CesFit fit = fit_ces(first, {12, form});
    CesFit slow = fit;
    for (const double value : rest) {
      EXPECT_NEAR(forecast(slow, 1)[0], value - update(slow, std::vector{value}).residual[0], 1e-9);
      slow = update(slow, std::vector{value});
    }
    const CesFit fast = update(fit, rest);
    EXPECT_EQ(forecast(slow, 15), forecast(fast, 15));
    EXPECT_EQ(fast.n, 144);
  }
}

TEST(Ces, StandardErrorsAreThoseOfDrawnPaths) {
  const CesFit fit = fit_ces(kAirPassengers, {12, CesForm::full});
  constexpr int kHorizon = 15, kPaths = 20000;
  std::vector<double> square(kHorizon, 0.0);
  double total = 0;
  const auto mean = forecast(fit, kHorizon);
  core::Random random(5);
  const CesWeights<double> w(fit.alpha[0], fit.alpha[1], fit.beta[0], fit.beta[1]);
  for (int path = 0; path < kPaths; ++path) {
    CesStates<double> states(fit);
    double sum = 0;
    for (std::size_t h = 0; h < kHorizon; ++h) {
      const double value = states.expected() + fit.sigma * random.normal();
      states.step(value, w);
      square[h] += (value - mean[h]) * (value - mean[h]) / kPaths;
      sum += value - mean[h];
    }
    total += sum * sum / kPaths;
  }
  const auto errors = standard_errors(fit, kHorizon);
  for (std::size_t h = 0; h < kHorizon; ++h)
    EXPECT_NEAR(std::sqrt(square[h]), errors[h], 0.03 * errors[h]);
  EXPECT_NEAR(std::sqrt(total), ces_total_error(fit, kHorizon), 0.03 * std::sqrt(total));
}

TEST(Ces, FollowsATrendAndASeasonThatGrows) {
  std::vector<double> y;
  for (int i = 0; i < 80; ++i) y.push_back((100 + 5 * i) * (i % 4 == 1 ? 1.5 : 1));
  const auto ahead = forecast(fit_ces(y, {4}), 4);
  for (int h = 0; h < 4; ++h) {
    const double truth = (100 + 5 * (80 + h)) * ((80 + h) % 4 == 1 ? 1.5 : 1);
    EXPECT_NEAR(ahead[static_cast<std::size_t>(h)], truth, 0.04 * truth);
  }
}

TEST(Ces, MissingValuesTeachNothing) {
  auto y = kAirPassengers;
  y.insert(y.begin(), {kNaN, kNaN});
  y.push_back(kNaN);
  const CesFit ends = fit_ces(y, {12, CesForm::full});
  const CesFit whole = fit_ces(kAirPassengers, {12, CesForm::full});
  EXPECT_EQ(ends.sse, whole.sse);
  EXPECT_EQ(ends.n, 144);
  y[50] = y[51] = kNaN;
  const CesFit gap = fit_ces(y, {12, CesForm::full});
  EXPECT_EQ(gap.n_known, 142);
  EXPECT_TRUE(std::isnan(gap.residual[48]));
  EXPECT_NEAR(forecast(gap, 1)[0], forecast(whole, 1)[0], 20);
}

TEST(Ces, EveryKindOfSeriesHasAFit) {
  const std::vector<std::vector<double>> all{
      std::vector<double>(30, 7.0),
      std::vector<double>(30, 0.0),
      {1, 2, 3, 4},
      {4, 3, 2, 1, 0, -1},
      {0, 0, 0, 0, 0, 1e12, 0, 0},
      {1e-12, 2e-12, 1e-12, 3e-12, 1e-12},
  };
  for (const auto& y : all) {
    const CesFit fit = fit_ces(y, {3});
    for (const double ahead : forecast(fit, 6)) EXPECT_TRUE(std::isfinite(ahead));
    EXPECT_GE(fit.sse, 0);
  }
  EXPECT_EQ(fit_ces(all[0], {1}).status, Status::boundary);
  EXPECT_EQ(forecast(fit_ces(all[0], {1}), 1)[0], 7);
  EXPECT_EQ(fit_ces(std::vector<double>{1, 3, 2, 5, 4}, {12}).status, Status::small_sample);
}

TEST(Ces, Input) {
  const std::vector<double> y{1, 2, 3, 4, 5, 6, 7, 8};
  EXPECT_EQ(message([&] {
              fit_ces(std::vector<double>{1, kNaN, 3});
            }),
            "fit_ces: 2 known values; 4 are needed");
  EXPECT_EQ(message([&] { fit_ces(y, {0}); }),
            "fit_ces: season_length is 0; write periods per season, as 12, or 1 for none");
  EXPECT_EQ(
      message([&] {
        fit_ces(y, {5, CesForm::full});
      }),
      "fit_ces: form 'full' needs two full seasons; there are 8 periods and season_length is 5");
  EXPECT_EQ(message([&] {
              fit_ces(std::vector<double>{1, 2, 3, INFINITY});
            }),
            "fit_ces: y is infinite; write NaN for a missing value");
}

}  // namespace
}  // namespace emptor::forecasting
