#include "forecasting/arima_minimise.hpp"

#include <algorithm>
#include <cmath>

namespace emptor::forecasting::arma {
namespace {

/// Partial autocorrelations of a first guess stay that far inside.
constexpr double kMostOfGuess = 0.95;

std::size_t places(int count) { return static_cast<std::size_t>(count); }

/// Errors of an autoregression of this order by Yule and Walker's equations, which are stationary.
std::vector<double> long_errors(std::span<const double> w, std::size_t order) {
  std::vector<double> covariance(order + 1, 0.0);
  for (std::size_t k = 0; k <= order; ++k) {
    for (std::size_t t = k; t < w.size(); ++t) covariance[k] += w[t] * w[t - k];
  }
  std::vector<double> a(order), before(order);
  double left = covariance[0];
  for (std::size_t k = 0; k < order && left > 0; ++k) {
    double sum = covariance[k + 1];
    for (std::size_t j = 0; j < k; ++j) sum -= a[j] * covariance[k - j];
    const double r = sum / left;
    std::copy_n(a.begin(), k, before.begin());
    a[k] = r;
    for (std::size_t j = 0; j < k; ++j) a[j] = before[j] - r * before[k - 1 - j];
    left *= (1 - r) * (1 + r);
  }
  std::vector<double> out(w.begin(), w.end());
  for (std::size_t t = 0; t < w.size(); ++t) {
    for (std::size_t j = 0; j < std::min(order, t); ++j) out[t] -= a[j] * w[t - 1 - j];
  }
  return out;
}

/// Smaller by ever larger powers until all roots are outside the circle.
void draw_in(std::span<double> c, std::span<double> partial) {
  for (int tries = 0; tries < 40; ++tries) {
    if (to_partial(c, partial) && std::all_of(partial.begin(), partial.end(), [](double r) {
          return std::abs(r) <= kMostOfGuess;
        })) {
      return;
    }
    double power = 1;
    for (double& v : c) v *= power *= 0.9;
  }
  std::fill(partial.begin(), partial.end(), 0.0);
}

}  // namespace

std::vector<double> first_guess(std::span<const double> w, const Shape& shape) {
  std::vector<double> out(shape.size(), 0.0);
  const std::size_t k = shape.size();
  const std::size_t n = w.size();
  const auto m = places(shape.season_length);
  const auto longest = places(shape.reach());
  const bool errors = shape.ma > 0 || shape.seasonal_ma > 0;
  const std::size_t order =
      errors ? std::min(n / 4, std::max(longest + 2, static_cast<std::size_t>(
                                                         10 * std::log10(static_cast<double>(n)))))
             : 0;
  const std::size_t from = longest + (errors ? std::min(order, n / 8) : 0);
  if (k == 0 || n < from + 2 * k + 2) return out;
  const std::vector<double> e = errors ? long_errors(w, order) : std::vector<double>(n, 0.0);
  std::vector<double> a(k * k, 0.0), b(k, 0.0), row(k);
  for (std::size_t t = from; t < n; ++t) {
    std::size_t at = 0;
    for (std::size_t i = 1; i <= places(shape.ar); ++i) row[at++] = w[t - i];
    for (std::size_t i = 1; i <= places(shape.ma); ++i) row[at++] = e[t - i];
    for (std::size_t i = 1; i <= places(shape.seasonal_ar); ++i) row[at++] = w[t - i * m];
    for (std::size_t i = 1; i <= places(shape.seasonal_ma); ++i) row[at++] = e[t - i * m];
    for (std::size_t i = 0; i < k; ++i) {
      b[i] += row[i] * w[t];
      for (std::size_t j = 0; j <= i; ++j) a[i * k + j] += row[i] * row[j];
    }
  }
  for (std::size_t i = 0; i < k; ++i) {
    a[i * k + i] *= 1 + 1e-8;
    for (std::size_t j = 0; j < i; ++j) a[j * k + i] = a[i * k + j];
  }
  if (!solve_definite(a, b)) return out;
  std::size_t at = 0;
  const auto next = [&](int count, double sign) {
    const auto part = std::span(b).subspan(at, places(count));
    for (double& v : part) v *= sign;
    draw_in(part, std::span(out).subspan(at, places(count)));
    at += places(count);
  };
  next(shape.ar, 1);
  next(shape.ma, -1);
  next(shape.seasonal_ar, 1);
  next(shape.seasonal_ma, -1);
  return out;
}

}  // namespace emptor::forecasting::arma
