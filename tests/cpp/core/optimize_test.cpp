#include "core/optimize.hpp"

#include "emptor/core/error.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

namespace emptor::core {
namespace {

const double kInfinity = std::numeric_limits<double>::infinity();

double rosenbrock(std::span<const double> x) {
  double sum = 0;
  for (std::size_t i = 0; i + 1 < x.size(); ++i) {
    sum += 100 * std::pow(x[i + 1] - x[i] * x[i], 2) + std::pow(1 - x[i], 2);
  }
  return sum;
}

TEST(Optimize, NelderMeadOnRosenbrock) {
  for (const std::size_t n : {2U, 4U}) {
    const std::vector<double> low(n, -kInfinity);
    const std::vector<double> high(n, kInfinity);
    const auto found =
        nelder_mead(rosenbrock, std::vector<double>(n, -1.2), low, high, 1e-10, 5000);
    EXPECT_TRUE(found.converged);
    for (const double x : found.x) EXPECT_NEAR(x, 1, 1e-4);
  }
}

TEST(Optimize, NelderMeadStopsAtTheBox) {
  const std::vector<double> low{0.2, 0};
  const std::vector<double> high{5, 0.6};
  const auto f = [&](std::span<const double> x) {
    EXPECT_GE(x[0], 0.2);
    EXPECT_LE(x[1], 0.6);
    return std::pow(x[0] + 1, 2) + std::pow(x[1] - 2, 2);
  };
  const auto found = nelder_mead(f, {3, 0.1}, low, high);
  EXPECT_TRUE(found.converged);
  EXPECT_NEAR(found.x[0], 0.2, 1e-6);
  EXPECT_NEAR(found.x[1], 0.6, 1e-6);
}

TEST(Optimize, NelderMeadTellsWhenItDidNotArrive) {
  const std::vector<double> low(2, -10);
  const std::vector<double> high(2, 10);
  EXPECT_FALSE(nelder_mead(rosenbrock, {-1.2, 1}, low, high, 1e-8, 20).converged);
  EXPECT_EQ(nelder_mead(rosenbrock, {-1.2, 1}, low, high, 1e-8, 20).iterations, 20);
  const auto nan = [](std::span<const double>) { return std::nan(""); };
  EXPECT_FALSE(nelder_mead(nan, {1, 1}, low, high).converged);
  EXPECT_THROW(nelder_mead(rosenbrock, {1}, low, high), InvalidArgument);
}

// A cliff of NaN beside the minimum is a wall, not an answer.
TEST(Optimize, NelderMeadAvoidsNaN) {
  const std::vector<double> low(1, -10);
  const std::vector<double> high(1, 10);
  const auto f = [](std::span<const double> x) { return x[0] - std::log(x[0]); };
  const auto found = nelder_mead(f, {3}, low, high, 1e-12);
  EXPECT_NEAR(found.x[0], 1, 1e-5);
}

double rosenbrock_gradient(std::span<const double> x, std::span<double> g) {
  g[0] = -400 * x[0] * (x[1] - x[0] * x[0]) - 2 * (1 - x[0]);
  g[1] = 200 * (x[1] - x[0] * x[0]);
  return rosenbrock(x);
}

TEST(Optimize, NewtonOnRosenbrock) {
  const auto found = newton(rosenbrock_gradient, {-1.2, 1});
  EXPECT_TRUE(found.converged);
  EXPECT_LT(found.iterations, 40);
  EXPECT_NEAR(found.x[0], 1, 1e-6);
  EXPECT_NEAR(found.x[1], 1, 1e-6);
}

// The maximum-likelihood fit of a logistic regression on six points, one of them out of line;
// scipy.optimize.minimize(method="BFGS", gtol=1e-10) on the same negative log-likelihood.
TEST(Optimize, NewtonFitsALogisticRegression) {
  const std::vector<double> x{-2, -1, 0, 1, 2, 3};
  const std::vector<double> y{0, 0, 1, 0, 1, 1};
  const auto f = [&](std::span<const double> b, std::span<double> g) {
    double value = 0;
    g[0] = g[1] = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
      const double eta = b[0] + b[1] * x[i];
      value += std::log1p(std::exp(eta)) - y[i] * eta;
      const double error = 1 / (1 + std::exp(-eta)) - y[i];
      g[0] += error;
      g[1] += error * x[i];
    }
    return value;
  };
  const auto found = newton(f, {0, 0});
  EXPECT_TRUE(found.converged);
  EXPECT_NEAR(found.x[0], -0.607013792914, 1e-6);
  EXPECT_NEAR(found.x[1], 1.21402758584, 1e-6);
  EXPECT_NEAR(found.value, 2.47798683505, 1e-10);
}

TEST(Optimize, NewtonBacktracksOutOfForbiddenPlaces) {
  const auto f = [](std::span<const double> x, std::span<double> g) {
    g[0] = 1 - 1 / x[0];
    return x[0] - std::log(x[0]);
  };
  EXPECT_NEAR(newton(f, {0.01}).x[0], 1, 1e-6);
  EXPECT_NEAR(newton(f, {30}).x[0], 1, 1e-6);
  EXPECT_FALSE(newton(f, {-1}).converged);
}

// Perfectly separated data have no finite maximum: the search must end and say so, or stop where
// the gain is nothing.
TEST(Optimize, NewtonEndsWithoutAMinimum) {
  const auto f = [](std::span<const double> x, std::span<double> g) {
    g[0] = 1;
    return x[0];
  };
  EXPECT_FALSE(newton(f, {0}).converged);
}

TEST(Optimize, Brent) {
  const auto found = brent([](double x) { return std::cosh(x - 0.3); }, -4, 5);
  EXPECT_TRUE(found.converged);
  EXPECT_NEAR(found.x[0], 0.3, 1e-7);
  EXPECT_NEAR(found.value, 1, 1e-14);
  EXPECT_FALSE(brent([](double x) { return x * x; }, -4, 5, 1e-10, 3).converged);
  EXPECT_THROW(brent([](double x) { return x; }, 1, 0), InvalidArgument);
}

}  // namespace
}  // namespace emptor::core
