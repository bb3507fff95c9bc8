#include "emptor/forecasting/arima.hpp"

#include "forecasting/known_series.hpp"

#include <Eigen/Dense>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <random>
#include <string>
#include <vector>

namespace emptor::forecasting {
namespace {

using Matrix = Eigen::MatrixXd;
using Vector = Eigen::VectorXd;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// Percent who approved of the president of the United States, quarterly 1945-1974 (McNeil 1977).
const std::vector<double> kPresidents{
    kNaN, 87, 82, 75, 63, 50, 43, 32, 35, 60, 54,   55,   36, 39, kNaN, kNaN, 69, 57, 57, 51,
    45,   37, 46, 39, 36, 24, 32, 23, 25, 32, kNaN, 32,   59, 74, 75,   60,   71, 61, 71, 57,
    71,   68, 79, 73, 76, 71, 67, 75, 79, 62, 63,   57,   60, 49, 48,   52,   57, 62, 61, 66,
    71,   62, 61, 57, 72, 83, 71, 78, 79, 71, 62,   74,   76, 64, 62,   57,   80, 73, 69, 69,
    71,   64, 69, 62, 63, 46, 56, 44, 44, 52, 38,   46,   36, 49, 35,   44,   59, 65, 65, 56,
    66,   53, 61, 52, 51, 48, 54, 49, 49, 61, kNaN, kNaN, 68, 44, 40,   27,   28, 25, 24, 24};

std::vector<double> mapped(std::vector<double> y, double (*f)(double)) {
  for (double& v : y) v = f(v);
  return y;
}

ArimaParameters model(ArimaOrder order, std::vector<double> ar, std::vector<double> ma,
                      std::vector<double> seasonal_ar = {}, std::vector<double> seasonal_ma = {},
                      double constant = 0, std::vector<double> drivers = {}) {
  return {
      order,    std::move(ar),     std::move(ma), std::move(seasonal_ar), std::move(seasonal_ma),
      constant, std::move(drivers)};
}

/// Autocovariances by the sum over 4,000 weights of past errors.
std::vector<double> covariances_of(const ArimaParameters& p, std::size_t most) {
  const auto m = static_cast<std::size_t>(p.order.season_length);
  const auto product = [&](const std::vector<double>& a, const std::vector<double>& b,
                           double sign) {
    std::vector<double> out(1 + a.size() + b.size() * m, 0.0);
    for (std::size_t i = 0; i <= a.size(); ++i) {
      for (std::size_t j = 0; j <= b.size(); ++j) {
        out[i + j * m] += (i > 0 ? sign * a[i - 1] : 1) * (j > 0 ? sign * b[j - 1] : 1);
      }
    }
    return out;
  };
  const auto ar = product(p.ar, p.seasonal_ar, -1);
  const auto ma = product(p.ma, p.seasonal_ma, 1);
  std::vector<double> psi(4000, 0.0);
  for (std::size_t k = 0; k < psi.size(); ++k) {
    psi[k] = k < ma.size() ? ma[k] : 0;
    for (std::size_t i = 1; i < ar.size() && i <= k; ++i) psi[k] -= ar[i] * psi[k - i];
  }
  std::vector<double> out(most + 1, 0.0);
  for (std::size_t h = 0; h <= most; ++h) {
    for (std::size_t k = 0; k + h < psi.size(); ++k) out[h] += psi[k] * psi[k + h];
  }
  return out;
}

/// The differencing matrix, rows by rows of the series left.
Matrix differencing(const ArimaOrder& o, Eigen::Index n) {
  Matrix a = Matrix::Identity(n, n);
  const auto once = [&](Eigen::Index lag) {
    const Eigen::Index rows = a.rows() - lag;
    a = (a.bottomRows(rows) - a.topRows(rows)).eval();
  };
  for (int k = 0; k < o.seasonal_differences; ++k) once(o.season_length);
  for (int k = 0; k < o.differences; ++k) once(1);
  return a;
}

/// The log likelihood of the known values by dense matrices: missing ones are integrated out of the
/// differences' density. Sigma squared is at its optimum.
double dense(const std::vector<double>& y, const ArimaParameters& p, std::vector<double> x = {}) {
  const auto n = static_cast<Eigen::Index>(y.size());
  const Matrix a = differencing(p.order, n);
  const auto covariance = covariances_of(p, y.size());
  Matrix sigma(a.rows(), a.rows());
  for (Eigen::Index i = 0; i < a.rows(); ++i) {
    for (Eigen::Index j = 0; j < a.rows(); ++j) {
      sigma(i, j) = covariance[static_cast<std::size_t>(std::abs(i - j))];
    }
  }
  const Matrix precision = a.transpose() * sigma.ldlt().solve(a);
  std::vector<Eigen::Index> known, missing;
  for (Eigen::Index i = 0; i < n; ++i) {
    (std::isnan(y[static_cast<std::size_t>(i)]) ? missing : known).push_back(i);
  }
  Vector values(static_cast<Eigen::Index>(known.size()));
  for (std::size_t i = 0; i < known.size(); ++i) {
    const auto t = static_cast<std::size_t>(known[i]);
    const bool drift = p.order.differences + p.order.seasonal_differences > 0;
    const double mean =
        p.order.constant ? p.constant * (drift ? static_cast<double>(t + 1) : 1) : 0;
    const double driven = x.empty() ? 0 : p.drivers[0] * x[t];
    values[static_cast<Eigen::Index>(i)] = y[t] - mean - driven;
  }
  Matrix left = precision(known, known);
  double log_determinant = sigma.ldlt().vectorD().array().log().sum();
  if (!missing.empty()) {
    const Matrix inner = precision(missing, missing);
    const Matrix outer = precision(missing, known);
    left -= outer.transpose() * inner.ldlt().solve(outer);
    log_determinant += inner.ldlt().vectorD().array().log().sum();
  }
  const double squares = values.dot(left * values);
  const auto used = static_cast<double>(a.rows() - static_cast<Eigen::Index>(missing.size()));
  return -0.5 * (used * (std::log(2 * std::numbers::pi * squares / used) + 1) + log_determinant);
}

/// R's likelihood of a model with differences: values before the series are normal with variance
/// 1e6 sigma squared, and values whose variance is above 1e4 are not counted. By a plain Kalman
/// filter on the whole state, as R's arima.
double diffuse(const std::vector<double>& y, const ArimaParameters& p) {
  const auto m = static_cast<std::size_t>(p.order.season_length);
  std::vector<double> phi(p.ar.size() + p.seasonal_ar.size() * m, 0.0);
  std::vector<double> theta(p.ma.size() + p.seasonal_ma.size() * m, 0.0);
  const auto fill = [&](std::vector<double>& to, const auto& plain, const auto& seasonal,
                        double s) {
    for (std::size_t i = 0; i < plain.size(); ++i) to[i] += plain[i];
    for (std::size_t j = 0; j < seasonal.size(); ++j) {
      to[(j + 1) * m - 1] += seasonal[j];
      for (std::size_t i = 0; i < plain.size(); ++i)
        to[(j + 1) * m + i] += s * plain[i] * seasonal[j];
    }
  };
  fill(phi, p.ar, p.seasonal_ar, -1);
  fill(theta, p.ma, p.seasonal_ma, 1);
  const auto r = static_cast<Eigen::Index>(std::max(phi.size(), theta.size() + 1));
  const Matrix row = differencing(p.order, static_cast<Eigen::Index>(1 + m * 1 + 2));
  std::vector<double> back(static_cast<std::size_t>(p.order.differences) +
                               static_cast<std::size_t>(p.order.seasonal_differences) * m,
                           0.0);
  for (std::size_t j = 0; j < back.size(); ++j) {
    back[j] = -row(0, static_cast<Eigen::Index>(back.size() - 1 - j));
  }
  const auto d = static_cast<Eigen::Index>(back.size());
  Matrix t = Matrix::Zero(r + d, r + d);
  for (std::size_t i = 0; i < phi.size(); ++i) t(static_cast<Eigen::Index>(i), 0) = phi[i];
  for (Eigen::Index i = 0; i + 1 < r; ++i) t(i, i + 1) = 1;
  Vector z = Vector::Zero(r + d);
  z[0] = 1;
  for (Eigen::Index j = 0; j < d; ++j) z[r + j] = back[static_cast<std::size_t>(j)];
  if (d > 0) t.row(r) = z.transpose();
  for (Eigen::Index j = 1; j < d; ++j) t(r + j, r + j - 1) = 1;
  Vector g = Vector::Zero(r + d);
  g[0] = 1;
  for (std::size_t i = 0; i < theta.size(); ++i) g[static_cast<Eigen::Index>(i) + 1] = theta[i];
  Matrix covariance = Matrix::Zero(r + d, r + d);
  Matrix power = g * g.transpose();
  Matrix step = t;
  step.bottomRows(d).setZero();
  for (int k = 0; k < 3000; ++k) {
    covariance += power;
    power = step * power * step.transpose();
  }
  for (Eigen::Index j = 0; j < d; ++j) covariance(r + j, r + j) = 1e6;
  Vector state = Vector::Zero(r + d);
  double squares = 0, logs = 0, used = 0;
  for (double v : y) {
    const double f = z.dot(covariance * z);
    const double error = v - z.dot(state);
    if (f < 1e4) {
      squares += error * error / f;
      logs += std::log(f);
      ++used;
    }
    const Vector gain = covariance * z / f;
    state = t * (state + gain * error);
    covariance =
        t * (covariance - gain * (covariance * z).transpose()) * t.transpose() + g * g.transpose();
  }
  return -0.5 * (used * (std::log(2 * std::numbers::pi * squares / used) + 1) + logs);
}

// R 4.2.2, Arima() of forecast 8.20; coefficients to 6 places.
TEST(Arima, LikelihoodOfR) {
  std::vector<double> years;
  for (int i = 0; i < 98; ++i) years.push_back(1875 + i - 1920);
  const auto lake = evaluate_arima(
      kLakeHuron,
      model({.ar = 2, .constant = true}, {1.004804, -.291320}, {}, {}, {}, 579.099345, {-.021569}),
      {years, 1});
  EXPECT_NEAR(lake.log_likelihood, -101.198267, 1e-6);
  const auto approval = evaluate_arima(
      kPresidents, model({.ar = 1, .seasonal_ma = 1, .season_length = 4, .constant = true},
                         {.803328}, {}, {}, {.176198}, 56.396839));
  EXPECT_NEAR(approval.log_likelihood, -415.488756, 1e-6);
}

// Where there are differences R takes what was before the series as normal with a large variance.
// Its number is that of this likelihood; ours is the one it approximates.
TEST(Arima, LikelihoodOfRWithDifferences) {
  struct Case {
    std::vector<double> y;
    ArimaParameters p;
    double r;
  };
  const std::vector<Case> cases{
      {kAirPassengers,
       model({.ar = 2, .differences = 1, .ma = 1, .seasonal_differences = 1, .season_length = 12},
             {.595981, .214275}, {-.981877}),
       -504.923853},
      {mapped(kAirPassengers, std::log),
       model({.differences = 1,
              .ma = 1,
              .seasonal_differences = 1,
              .seasonal_ma = 1,
              .season_length = 12},
             {}, {-.401828}, {}, {-.556945}),
       244.699531},
      {kUkGas,
       model({.differences = 1, .ma = 1, .seasonal_differences = 1, .season_length = 4}, {},
             {-.929676}),
       -513.337390},
      {kWwwUsage, model({.ar = 1, .differences = 1, .ma = 1}, {.650376}, {.525596}), -254.149736},
      {kLakeHuron, model({.differences = 1}, {}, {}), -109.107880},
  };
  for (const Case& c : cases) {
    const double exact = evaluate_arima(c.y, c.p).log_likelihood;
    EXPECT_NEAR(diffuse(c.y, c.p), c.r, 2e-6) << to_string(c.p.order);
    EXPECT_NEAR(exact, dense(c.y, c.p), 1e-8 * std::abs(exact)) << to_string(c.p.order);
    EXPECT_NEAR(exact, c.r, 4e-3) << to_string(c.p.order);
  }
}

// Optima: at least R's likelihood for the same orders, its coefficients and forecasts.
TEST(Arima, OptimaOfR) {
  const ArimaFit air = fit_arima(
      kAirPassengers, {.order = {{2, 1, 1}}, .seasonal_order = {{0, 1, 0}}, .season_length = 12});
  EXPECT_NEAR(air.parameters.ar[0], .595981, 2e-5);
  EXPECT_NEAR(air.parameters.ma[0], -.981877, 2e-5);
  EXPECT_NEAR(air.sigma * air.sigma, 132.34475, 2e-3);
  EXPECT_NEAR(air.aicc, 1018.165165, 1e-3);
  const auto mean = forecast(air, 12);
  const auto error = standard_errors(air, 12);
  EXPECT_NEAR(mean[0], 445.63490, 1e-3);
  EXPECT_NEAR(mean[1], 420.39500, 1e-3);
  EXPECT_NEAR(mean[11] - 1.959963985 * error[11], 427.75556, 2e-3);
  EXPECT_NEAR(mean[11] + 1.959963985 * error[11], 503.25961, 2e-3);
  const ArimaFit www = fit_arima(kWwwUsage, {.order = {{1, 1, 1}}});
  EXPECT_NEAR(forecast(www, 2)[0], 218.88050, 1e-4);
  EXPECT_NEAR(forecast(www, 2)[1], 218.15240, 1e-4);
  std::vector<double> years;
  for (int i = 0; i < 98; ++i) years.push_back(1875 + i - 1920);
  const ArimaFit lake = fit_arima(kLakeHuron, {.order = {{2, 0, 0}}}, {years, 1});
  EXPECT_GE(lake.log_likelihood, -101.198267 - 1e-6);
  EXPECT_NEAR(lake.sigma * lake.sigma, .47604922, 1e-5);
  EXPECT_NEAR(lake.parameters.drivers[0], -.021569, 1e-5);
  const ArimaFit approval = fit_arima(
      kPresidents, {.order = {{1, 0, 0}}, .seasonal_order = {{0, 0, 1}}, .season_length = 4});
  EXPECT_GE(approval.log_likelihood, -415.488756 - 1e-6);
}

ArimaParameters random_model(std::mt19937& random, bool differences) {
  std::uniform_int_distribution<int> few(0, 2), bit(0, 1);
  std::uniform_real_distribution<double> weight(-0.6, 0.6);
  ArimaParameters p;
  p.order.season_length = bit(random) != 0 ? 4 : 1;
  p.order.ar = few(random);
  p.order.ma = few(random);
  if (p.order.season_length > 1) {
    p.order.seasonal_ar = bit(random);
    p.order.seasonal_ma = bit(random);
    if (differences) p.order.seasonal_differences = bit(random);
  }
  if (differences) p.order.differences = few(random);
  p.order.constant = p.order.differences + p.order.seasonal_differences < 2 && bit(random) != 0;
  const auto fill = [&](std::vector<double>& to, int count, double most) {
    for (int i = 0; i < count; ++i) to.push_back(most * weight(random));
  };
  fill(p.ar, p.order.ar, 0.8);
  fill(p.ma, p.order.ma, 1);
  fill(p.seasonal_ar, p.order.seasonal_ar, 1);
  fill(p.seasonal_ma, p.order.seasonal_ma, 1.6);
  if (p.order.constant) p.constant = weight(random);
  return p;
}

std::vector<double> noise(std::mt19937& random, std::size_t n) {
  std::normal_distribution<double> normal;
  std::vector<double> out(n);
  for (double& v : out) v = normal(random);
  return out;
}

// Random models of random short series with gaps: the filter against dense matrices.
TEST(Arima, LikelihoodOfDenseMatrices) {
  std::mt19937 random(7);
  for (int k = 0; k < 2000; ++k) {
    ArimaParameters p = random_model(random, true);
    std::vector<double> y = noise(random, 14 + static_cast<std::size_t>(k) % 9);
    std::vector<double> x;
    if (k % 3 == 0) {
      x = noise(random, y.size());
      p.drivers = {0.7};
    }
    for (int gaps = k % 4; gaps > 0; --gaps) y[1 + random() % (y.size() - 2)] = kNaN;
    const ArimaDrivers drivers{x, x.empty() ? 0U : 1U};
    const double expected = dense(y, p, x);
    EXPECT_NEAR(evaluate_arima(y, p, drivers).log_likelihood, expected,
                1e-8 * std::max(1.0, std::abs(expected)))
        << k << " " << to_string(p.order);
  }
}

// A long series reaches the constant weights, a nearly non-invertible one never does.
TEST(Arima, LongSeries) {
  std::mt19937 random(8);
  const std::vector<double> y = noise(random, 400);
  for (const double theta : {0.0, 0.3, -0.9, 0.9999, -1.0}) {
    const auto p = model({.ar = 1, .ma = 1}, {0.5}, {theta});
    EXPECT_NEAR(evaluate_arima(y, p).log_likelihood, dense(y, p), 1e-7) << theta;
  }
}

// What forecasts mean: the regression of the future on the past under the model, by dense matrices.
TEST(Arima, ForecastsOfDenseMatrices) {
  std::mt19937 random(9);
  for (int k = 0; k < 300; ++k) {
    const ArimaParameters p = random_model(random, true);
    std::vector<double> y = noise(random, 20);
    for (int gaps = k % 5; gaps > 0; --gaps) y[1 + random() % (y.size() - 2)] = kNaN;
    const ArimaFit fit = evaluate_arima(y, p);
    const int horizon = 6;
    // The mean of what is not known, gaps and future, minimises the quadratic form of all.
    const Matrix a = differencing(p.order, 26);
    const auto covariance = covariances_of(p, 26);
    Matrix sigma(a.rows(), a.rows());
    for (Eigen::Index i = 0; i < a.rows(); ++i) {
      for (Eigen::Index j = 0; j < a.rows(); ++j) {
        sigma(i, j) = covariance[static_cast<std::size_t>(std::abs(i - j))];
      }
    }
    const Matrix precision = a.transpose() * sigma.ldlt().solve(a);
    const bool drift = p.order.differences + p.order.seasonal_differences > 0;
    const auto mean = [&](Eigen::Index t) {
      return p.order.constant ? p.constant * (drift ? static_cast<double>(t + 1) : 1) : 0;
    };
    std::vector<Eigen::Index> known, unknown;
    for (Eigen::Index t = 0; t < 26; ++t) {
      (t < 20 && !std::isnan(y[static_cast<std::size_t>(t)]) ? known : unknown).push_back(t);
    }
    Vector values(static_cast<Eigen::Index>(known.size()));
    for (std::size_t i = 0; i < known.size(); ++i) {
      values[static_cast<Eigen::Index>(i)] = y[static_cast<std::size_t>(known[i])] - mean(known[i]);
    }
    const Matrix inverse = precision(unknown, unknown).inverse();
    const Vector ahead = -inverse * precision(unknown, known) * values;
    const auto told = forecast(fit, horizon);
    const auto error = standard_errors(fit, horizon);
    for (int h = 0; h < horizon; ++h) {
      const Eigen::Index i = ahead.size() - horizon + h;
      EXPECT_NEAR(told[static_cast<std::size_t>(h)], ahead[i] + mean(20 + h),
                  1e-7 * (1 + std::abs(ahead[i])))
          << k << " " << to_string(p.order);
      EXPECT_NEAR(error[static_cast<std::size_t>(h)], fit.sigma * std::sqrt(inverse(i, i)),
                  1e-7 * (1 + fit.sigma * std::sqrt(inverse(i, i))))
          << k << " " << to_string(p.order);
    }
  }
}

// update() continues where evaluate_arima() of all values ends, gaps and drivers included.
TEST(Arima, UpdateIsEvaluationOfAll) {
  std::mt19937 random(10);
  for (int k = 0; k < 300; ++k) {
    ArimaParameters p = random_model(random, true);
    p.drivers = {0.4};
    std::vector<double> y = noise(random, 40), x = noise(random, 44);
    for (int gaps = k % 5; gaps > 0; --gaps) y[1 + random() % 38] = kNaN;
    const std::span<const double> all(y), beside(x);
    const ArimaFit first = evaluate_arima(all.first(25), p, {beside.first(25), 1}, true);
    if (std::isnan(y[24])) continue;  // it ends with the last known value
    const ArimaFit later = update(first, all.subspan(25), {beside.subspan(25, 15), 1});
    const ArimaFit whole = evaluate_arima(all, p, {beside.first(40), 1}, true);
    EXPECT_NEAR(later.log_likelihood, whole.log_likelihood,
                1e-8 * (1 + std::abs(whole.log_likelihood)))
        << k << to_string(p.order);
    EXPECT_EQ(later.n_known, whole.n_known);
    EXPECT_EQ(later.residual.size(), 15U);
    if (std::isnan(y[39])) continue;
    const auto a = forecast(later, 4, {beside.last(4), 1}),
               b = forecast(whole, 4, {beside.last(4), 1});
    for (std::size_t h = 0; h < 4; ++h) {
      EXPECT_NEAR(a[h], b[h], 1e-7 * (1 + std::abs(b[h]))) << k << to_string(p.order);
    }
  }
}

TEST(Arima, KeepsErrors) {
  const ArimaFit fit = fit_arima(kWwwUsage, {.order = {{1, 1, 1}}, .keep = true});
  ASSERT_EQ(fit.residual.size(), kWwwUsage.size());
  EXPECT_TRUE(std::isnan(fit.residual[0]));
  // The last error is that of the forecast made before the last value, weights held.
  const std::vector<double> before(kWwwUsage.begin(), kWwwUsage.end() - 1);
  const ArimaFit then = evaluate_arima(before, fit.parameters);
  EXPECT_NEAR(fit.fitted.back(), forecast(then, 1)[0], 1e-9);
  EXPECT_NEAR(fit.residual.back(), kWwwUsage.back() - fit.fitted.back(), 1e-12);
}

// A scale by a power of two scales every number exactly.
TEST(Arima, Scale) {
  std::vector<double> large(kAirPassengers);
  for (double& v : large) v *= 1024;
  const ArimaFit one = fit_arima(kAirPassengers, {.season_length = 12});
  const ArimaFit other = fit_arima(large, {.season_length = 12});
  EXPECT_EQ(one.parameters.order, other.parameters.order);
  EXPECT_EQ(one.parameters.ar, other.parameters.ar);
  EXPECT_EQ(one.sigma * 1024, other.sigma);
  EXPECT_EQ(forecast(one, 3)[2] * 1024, forecast(other, 3)[2]);
}

}  // namespace
}  // namespace emptor::forecasting
