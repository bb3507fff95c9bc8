#include "forecasting/ets_minimise.hpp"

#include "forecasting/ets_fit.hpp"
#include "forecasting/known_series.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

namespace emptor::forecasting::smoothing {
namespace {

std::vector<EtsModel> every_form() {
  std::vector<EtsModel> out;
  for (const auto error : {EtsError::additive, EtsError::multiplicative}) {
    for (int trend = 0; trend < 3; ++trend) {
      for (int season = 0; season < 3; ++season) {
        for (const bool damped : {false, true}) {
          if (damped && trend == 0) continue;
          out.push_back(
              {error, static_cast<EtsTrend>(trend), damped, static_cast<EtsSeason>(season)});
        }
      }
    }
  }
  return out;
}

/// A point in the interior, for UKgas over its largest value.
EtsParameters point(const EtsModel& model) {
  EtsParameters p;
  p.model = model;
  p.season_length = 4;
  p.alpha = 0.3;
  p.level = 0.11;
  if (model.trend != EtsTrend::none) p.beta = 0.1;
  if (model.trend == EtsTrend::additive) p.slope = 0.002;
  if (model.trend == EtsTrend::multiplicative) p.slope = 1.01;
  if (model.damped) p.phi = 0.93;
  if (model.season != EtsSeason::none) p.gamma = 0.2;
  if (model.season == EtsSeason::additive) p.season = {0.02, 0.01, -0.02, -0.01};
  if (model.season == EtsSeason::multiplicative) p.season = {1.2, 1.1, 0.8, 0.9};
  return p;
}

std::vector<double> gas() {
  std::vector<double> y(kUkGas);
  for (double& v : y) v /= 1163.9;
  y[17] = y[60] = std::numeric_limits<double>::quiet_NaN();
  return y;
}

TEST(EtsMinimise, GradientIsThatOfDifferences) {
  const std::vector<double> y = gas();
  ASSERT_EQ(every_form().size(), 30U);
  for (const auto bounds : {EtsBounds::usual, EtsBounds::admissible}) {
    for (const EtsModel& model : every_form()) {
      Problem problem;
      problem.y = y;
      problem.bounds = bounds;
      problem.prior = {7, 3};
      const EtsParameters at = point(model);
      std::vector<double> slope;
      const double loss = loss_and_gradient(problem, at, slope);
      EXPECT_NEAR(loss, loss_at(problem, at), 1e-9 * std::abs(loss)) << to_string(model);
      for (int c = 0; c < columns_of(problem, at).count; ++c) {
        const double step = 1e-6;
        const double difference = (loss_at(problem, moved(problem, at, c, step)) -
                                   loss_at(problem, moved(problem, at, c, -step))) /
                                  (2 * step);
        const double gradient = slope[static_cast<std::size_t>(c)];
        EXPECT_NEAR(gradient, difference, 2e-6 * (std::abs(difference) + 100))
            << to_string(model) << " column " << c;
      }
    }
  }
}

TEST(EtsMinimise, EveryKernelGivesTheSameBits) {
  const std::vector<double> y = gas();
  for (const EtsModel& model : every_form()) {
    Problem problem;
    problem.y = y;
    const EtsParameters at = point(model);
    const Columns columns = columns_of(problem, at);
    Workspace plain;
    const Sums first = usable_kernels().front().run(at, y, columns, plain);
    for (const Kernel& kernel : usable_kernels()) {
      Workspace other;
      const Sums sums = kernel.run(at, y, columns, other);
      EXPECT_EQ(sums.squares, first.squares) << kernel.name;
      EXPECT_EQ(sums.log_mean, first.log_mean) << kernel.name;
      EXPECT_EQ(other.normal, plain.normal) << kernel.name << " " << to_string(model);
      EXPECT_EQ(other.log_slope, plain.log_slope) << kernel.name << " " << to_string(model);
    }
  }
}

// Least squares' own curvature: that of the sum of squares where the errors are small.
TEST(EtsMinimise, EndsWhereTheGradientVanishes) {
  const std::vector<double> y = gas();
  for (const EtsModel& model : every_form()) {
    Problem problem;
    problem.y = y;
    Buffers buffers;
    const Optimum found = minimise(problem, point(model), buffers);
    EXPECT_TRUE(found.converged) << to_string(model);
    EXPECT_LT(found.loss, loss_at(problem, point(model))) << to_string(model);
    std::vector<double> slope;
    loss_and_gradient(problem, found.at, slope);
    for (int c = 0; c < columns_of(problem, found.at).count; ++c) {
      // Moving on by a little gains nothing, unless a bound forbids it.
      const double step = slope[static_cast<std::size_t>(c)] > 0 ? -1e-4 : 1e-4;
      const EtsParameters next = moved(problem, found.at, c, step);
      if (next.alpha < kLeastWeight || next.alpha > kMostWeight || next.beta > next.alpha ||
          next.beta < kLeastWeight * next.alpha || next.gamma > 1 - next.alpha ||
          next.gamma < kLeastWeight * (1 - next.alpha) || next.phi > kMostPhi ||
          next.phi < kLeastPhi) {
        continue;
      }
      EXPECT_GT(loss_at(problem, next), found.loss - 1e-5) << to_string(model) << c;
    }
  }
}

// Hyndman et al. (2008), 10.1: A,N,N needs 0 < alpha < 2; A,A,N also 0 < beta < 4 - 2 alpha.
TEST(EtsMinimise, AdmissibleRegionOfTheBook) {
  EtsParameters p;
  p.model = {EtsError::additive, EtsTrend::none, false, EtsSeason::none};
  for (const double alpha : {0.01, 0.5, 1.5, 1.99}) {
    p.alpha = alpha;
    EXPECT_TRUE(is_admissible(p));
  }
  p.alpha = 2.01;
  EXPECT_FALSE(is_admissible(p));
  p.model.trend = EtsTrend::additive;
  for (const double alpha : {0.1, 0.9, 1.7}) {
    p.alpha = alpha;
    p.beta = 4 - 2 * alpha - 0.01;
    EXPECT_TRUE(is_admissible(p)) << alpha;
    p.beta = 4 - 2 * alpha + 0.01;
    EXPECT_FALSE(is_admissible(p)) << alpha;
  }
  // Usual bounds lie within, but for corners of seasons with a trend.
  p = point({EtsError::additive, EtsTrend::none, false, EtsSeason::additive});
  for (int i = 1; i < 10; ++i) {
    for (int k = 0; k <= 10; ++k) {
      p.alpha = 0.1 * i;
      p.gamma = (1 - p.alpha) * 0.1 * k;
      EXPECT_TRUE(is_admissible(p)) << p.alpha << " " << p.gamma;
    }
  }
}

}  // namespace
}  // namespace emptor::forecasting::smoothing
