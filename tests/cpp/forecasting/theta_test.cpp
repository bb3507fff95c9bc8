#include "emptor/forecasting/theta.hpp"

#include "emptor/core/error.hpp"

#include "forecasting/known_series.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

namespace emptor::forecasting {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

struct Golden {
  const std::vector<double>& y;
  int season_length;
  ThetaModel model;
  std::array<double, 3> steps;  // 1, 2, 12
  double tolerance;             // relative
};

void expect_forecasts(const Golden& golden) {
  const ThetaFit fit =
      fit_theta(golden.y, {.model = golden.model, .season_length = golden.season_length});
  const std::vector<double> found = forecast(fit, 12);
  const std::array<std::size_t, 3> at{0, 1, 11};
  for (std::size_t k = 0; k < at.size(); ++k) {
    EXPECT_NEAR(found[at[k]], golden.steps[k], golden.tolerance * std::abs(golden.steps[k]))
        << to_string(golden.model) << " step " << at[k] + 1;
  }
}

// R 4.2.2, forecast 8.20: thetaf(x, h = 12)$mean. Its alpha comes from a simplex that stops at a
// relative 1e-8 of the likelihood, so the forecasts agree to a few 1e-6.
TEST(Theta, GoldenThetafOfR) {
  const auto model = ThetaModel::thetaf;
  expect_forecasts({kAirPassengers, 12, model, {440.078191, 428.384281, 447.644909}, 1e-5});
  expect_forecasts({kUkGas, 4, model, {999.743917, 660.097642, 741.547844}, 1e-5});
  expect_forecasts({kLakeHuron, 1, model, {579.947891, 579.935791, 579.814785}, 1e-6});
  expect_forecasts({kWwwUsage, 1, model, {220.309628, 220.619025, 223.712994}, 1e-6});
}

// The same run: $model$par["alpha"], $model$drift, $model$sigma (a variance), and the lower end of
// the 95 % interval at step 1, which is the mean less 1.959964 standard errors.
TEST(Theta, GoldenThetafParametersOfR) {
  const ThetaFit ap = fit_theta(kAirPassengers, {ThetaModel::thetaf, 12});
  EXPECT_NEAR(ap.alpha, 0.83775209, 5e-4);
  EXPECT_NEAR(ap.drift, 1.3230696, 1e-7);
  EXPECT_NEAR(ap.sigma * ap.sigma, 115.6926, 1e-4);
  EXPECT_EQ(ap.season, SeasonKind::multiplicative);
  const ThetaFit lake = fit_theta(kLakeHuron, {ThetaModel::thetaf, 1});
  EXPECT_NEAR(lake.sigma * lake.sigma, 0.5611086, 1e-6);
  EXPECT_NEAR(forecast(lake, 1)[0] - 1.959964 * standard_errors(lake, 1)[0], 578.479737, 1e-4);
  EXPECT_NEAR(forecast(lake, 12)[11] - 1.959964 * standard_errors(lake, 12)[11], 574.729418, 2e-3);
  EXPECT_TRUE(lake.at_boundary);  // alpha .9999
}

// R, forecTheta: stm, otm, dstm, dotm, Nelder-Mead optima that are a little above the true ones;
// so their forecasts are met to .1 %, and their loss is never below ours.
TEST(Theta, GoldenForecThetaOfR) {
  expect_forecasts({kAirPassengers, 12, ThetaModel::stm, {440.7886, 429.0739, 448.3464}, 1e-3});
  expect_forecasts({kAirPassengers, 12, ThetaModel::otm, {442.8492, 432.1255, 462.1434}, 1e-3});
  expect_forecasts({kAirPassengers, 12, ThetaModel::dstm, {440.7631, 429.0512, 448.3814}, 1e-3});
  expect_forecasts({kAirPassengers, 12, ThetaModel::dotm, {442.9720, 432.3586, 463.7112}, 1e-3});
  expect_forecasts({kUkGas, 4, ThetaModel::dotm, {991.6767, 657.6453, 770.3524}, 1e-2});
}

/// The loss of Fiorucci et al. written down once more, step by step, with pow().
double loss(const std::vector<double>& y, ThetaModel model, double l0, double alpha,
            double weight) {
  const bool dynamic = model == ThetaModel::dstm || model == ThetaModel::dotm;
  const auto n = static_cast<double>(y.size());
  double sum = 0, moment = 0;
  for (std::size_t i = 0; i < y.size(); ++i) {
    sum += y[i];
    moment += static_cast<double>(i + 1) * y[i];
  }
  double b = 6 / (n * n - 1) * (2 / n * moment - (n + 1) / n * sum);
  double a = sum / n - (n + 1) / 2 * b;
  if (dynamic) {
    a = y[0];
    b = 0;
  }
  double mean = y[0];
  double level = alpha * y[0] + (1 - alpha) * l0;
  double out = 0;
  for (std::size_t i = 1; i < y.size(); ++i) {
    const auto t = static_cast<double>(i);
    const double mu = level + weight * (a * std::pow(1 - alpha, t) +
                                        b * (1 - std::pow(1 - alpha, t + 1)) / alpha);
    if (i >= 2) out += (y[i] - mu) * (y[i] - mu);
    level = alpha * y[i] + (1 - alpha) * level;
    if (dynamic) {
      b = ((t - 1) * b + 6 * (y[i] - mean) / (t + 1)) / (t + 2);
      mean = (t * mean + y[i]) / (t + 1);
      a = mean - b * (t + 2) / 2;
    }
  }
  return out;
}

TEST(Theta, LossIsThatOfThePaper) {
  for (const auto model : {ThetaModel::stm, ThetaModel::otm, ThetaModel::dstm, ThetaModel::dotm}) {
    const ThetaFit fit = fit_theta(kWwwUsage, {model, 1});
    const double expected = loss(kWwwUsage, model, fit.level0, fit.alpha, fit.weight);
    EXPECT_NEAR(fit.sse, expected, 1e-8 * expected) << to_string(model);
  }
}

// No point of a fine lattice over (l0, alpha, weight) is better than the fit.
TEST(Theta, OptimumIsGlobal) {
  for (const auto* y : {&kWwwUsage, &kLakeHuron}) {
    for (const auto model : {ThetaModel::dstm, ThetaModel::dotm}) {
      const ThetaFit fit = fit_theta(*y, {model, 1});
      for (int i = 0; i <= 40; ++i) {
        const double alpha = 0.1 + 0.89 * i / 40;
        for (int j = 0; j <= 20; ++j) {
          const double weight = model == ThetaModel::dstm ? 0.5 : j / 20.0;
          for (int k = -10; k <= 10; ++k) {
            const double l0 = (*y)[0] * (1 + k / 10.0);
            ASSERT_GE(loss(*y, model, l0, alpha, weight), fit.sse * (1 - 1e-9));
          }
        }
      }
    }
  }
}

// The parameters R's forecTheta ends at for AirPassengers (l0, alpha, theta) lose at least as much.
TEST(Theta, BeatsTheSimplexOfR) {
  const ThetaFit dotm = fit_theta(kAirPassengers, {ThetaModel::dotm, 12});
  std::vector<double> adjusted(kAirPassengers);
  for (std::size_t i = 0; i < adjusted.size(); ++i) adjusted[i] /= dotm.index[i % 12];
  const double theirs = loss(adjusted, ThetaModel::dotm, -182.12, 0.723232, 1 - 1 / 257.28);
  EXPECT_LE(dotm.sse, theirs);
  EXPECT_NEAR(dotm.sse, theirs, 1e-3 * theirs);
}

// Hyndman and Billah (2003): with theta = 2 the method is exponential smoothing plus half the slope
// of the line; both forms meet once (1 - alpha)^n has died out.
TEST(Theta, StandardModelIsSmoothingWithDrift) {
  ThetaFit stm;
  stm.model = ThetaModel::stm;
  stm.n = 500;
  stm.alpha = 0.3;
  stm.weight = 0.5;
  stm.level = 70;
  stm.intercept = 12;
  stm.slope = 0.8;
  ThetaFit ses = stm;
  ses.model = ThetaModel::thetaf;
  ses.weight = 0;
  ses.drift = 0.4;
  const auto one = forecast(stm, 20);
  const auto other = forecast(ses, 20);
  for (std::size_t h = 0; h < 20; ++h) EXPECT_NEAR(one[h], other[h], 1e-10);
}

TEST(Theta, ScalesWithTheSeries) {
  const ThetaFit fit = fit_theta(kAirPassengers, {ThetaModel::dotm, 12});
  for (const double scale : {0x1p40, 0x1p-60}) {
    std::vector<double> y(kAirPassengers);
    for (double& v : y) v *= scale;
    const ThetaFit scaled = fit_theta(y, {ThetaModel::dotm, 12});
    EXPECT_EQ(scaled.alpha, fit.alpha);
    EXPECT_EQ(forecast(scaled, 3)[2], forecast(fit, 3)[2] * scale);
  }
  for (const double scale : {1e150, 1e-150, 3.7}) {
    std::vector<double> y(kAirPassengers);
    for (double& v : y) v *= scale;
    EXPECT_NEAR(forecast(fit_theta(y, {ThetaModel::dotm, 12}), 3)[2] / scale, forecast(fit, 3)[2],
                1e-6);
  }
}

TEST(Theta, RepeatsAPureSeason) {
  const std::vector<double> season{80, 90, 130, 100};
  for (const auto kind : {SeasonKind::additive, SeasonKind::multiplicative}) {
    std::vector<double> y;
    for (int i = 0; i < 24; ++i) y.push_back(season[static_cast<std::size_t>(i % 4)]);
    const ThetaFit fit = fit_theta(y, {ThetaModel::dotm, 4, kind});
    EXPECT_EQ(fit.season, kind);
    const auto found = forecast(fit, 6);
    for (std::size_t h = 0; h < 6; ++h) EXPECT_NEAR(found[h], season[h % 4], 1e-9);
  }
}

TEST(Theta, NoSeasonUnderTwoFullOnes) {
  std::vector<double> y;
  for (int i = 0; i < 30; ++i) y.push_back(100 + (i % 12 == 11 ? 80 : 0) + i % 3);
  const std::vector<double> two(y.begin(), y.begin() + 24);
  const std::vector<double> less(y.begin(), y.begin() + 23);
  EXPECT_EQ(fit_theta(y, {ThetaModel::dotm, 12}).season, SeasonKind::multiplicative);
  EXPECT_EQ(fit_theta(less, {ThetaModel::dotm, 12}).season, SeasonKind::none);
  // Asked for without the test, two seasons are enough and less is not.
  EXPECT_EQ(fit_theta(two, {ThetaModel::dotm, 12, SeasonKind::additive}).season,
            SeasonKind::additive);
  EXPECT_EQ(fit_theta(less, {ThetaModel::dotm, 12, SeasonKind::additive}).season, SeasonKind::none);
}

TEST(Theta, AddsTheSeasonWhereValuesAreNotPositive) {
  std::vector<double> y;
  for (int i = 0; i < 48; ++i) y.push_back(i % 4 == 0 ? 50 : i % 4 - 2);
  EXPECT_EQ(fit_theta(y, {ThetaModel::dotm, 4}).season, SeasonKind::additive);
}

TEST(Theta, GapsAreLeftOut) {
  std::vector<double> y(kAirPassengers);
  for (const std::size_t i : {5u, 40u, 41u, 90u, 130u}) y[i] = kNaN;
  const ThetaFit whole = fit_theta(kAirPassengers, {ThetaModel::dotm, 12});
  const ThetaFit gaps = fit_theta(y, {ThetaModel::dotm, 12});
  EXPECT_EQ(gaps.n, 144);
  EXPECT_EQ(gaps.n_known, 139);
  for (std::size_t h = 0; h < 12; ++h) {
    EXPECT_NEAR(forecast(gaps, 12)[h] / forecast(whole, 12)[h], 1, 0.02);
  }
  // Missing ends are no part of the series.
  std::vector<double> ends(kAirPassengers);
  ends.insert(ends.begin(), 7, kNaN);
  ends.insert(ends.end(), 3, kNaN);
  const ThetaFit cut = fit_theta(ends, {ThetaModel::dotm, 12});
  EXPECT_EQ(cut.n, 144);
  EXPECT_EQ(forecast(cut, 12), forecast(whole, 12));
}

TEST(Theta, StandardErrorsGrowWithTheStep) {
  const ThetaFit fit = fit_theta(kWwwUsage, {ThetaModel::dotm, 1});
  const auto se = standard_errors(fit, 5);
  EXPECT_DOUBLE_EQ(se[0], fit.sigma);
  EXPECT_NEAR(se[4], fit.sigma * std::sqrt(1 + 4 * fit.alpha * fit.alpha), 1e-12);
}

std::string message(const std::vector<double>& y, const ThetaOptions& options = {}) {
  try {
    fit_theta(y, options);
  } catch (const InvalidArgument& e) {
    return e.what();
  }
  return "nothing thrown";
}

TEST(Theta, Input) {
  EXPECT_EQ(message({1, 2, std::numeric_limits<double>::infinity()}),
            "forecast: y[2] is infinite; write NaN for a missing value");
  EXPECT_EQ(message({1, kNaN, 2}), "fit_theta: y has 2 known values; at least 3 are needed");
  EXPECT_EQ(message({}), "fit_theta: y has 0 known values; at least 3 are needed");
  EXPECT_EQ(message({1, 2, 3}, {ThetaModel::dotm, 0}),
            "fit_theta: season_length is 0; write 1 for no season, 12 for months of a year");
  // As few as three values, equal values and zeros have a fit.
  for (const auto& y :
       {std::vector<double>{1, 2, 4}, std::vector<double>(9, 5.0), std::vector<double>(9, 0.0)}) {
    for (const auto model : {ThetaModel::stm, ThetaModel::otm, ThetaModel::dstm, ThetaModel::dotm,
                             ThetaModel::thetaf}) {
      for (double v : forecast(fit_theta(y, {model, 1}), 3)) EXPECT_TRUE(std::isfinite(v));
    }
  }
  EXPECT_TRUE(std::isinf(ThetaFit{.weight = 1}.theta()));
}

}  // namespace
}  // namespace emptor::forecasting
