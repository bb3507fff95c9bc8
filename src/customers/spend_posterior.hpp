#pragma once

#include "emptor/customers/fit_spend.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace emptor::customers {

/// What a fit of spend says of a customer with x orders after the first that brought y together:
/// his mean spend is p / Gamma(shape, rate).
struct SpendPosterior {
  double shape = 0;      ///< p x + q
  double rate = 0;       ///< v + y
  double mean = 0;       ///< p rate / (shape - 1)
  double log_error = 0;  ///< standard error of ln mean, from the parameters
};

/// Slopes of ln mean, which is ln p + ln(v + y) - ln(p x + q - 1), by ln p, ln(q - 1) and ln v.
inline std::array<double, 3> log_mean_slopes(const SpendFit& fit, double x, double y) {
  const double px = fit.p * x, left = px + fit.q - 1;
  return {1 - px / left, -(fit.q - 1) / left, fit.v / (fit.v + y)};
}

inline SpendPosterior spend_posterior(const SpendFit& fit, double x, double y) {
  const double left = fit.p * x + fit.q - 1;
  SpendPosterior out{left + 1, fit.v + y, fit.p * (fit.v + y) / left};
  const auto g = log_mean_slopes(fit, x, y);
  const auto& c = fit.log_covariance;
  const double variance = g[0] * g[0] * c[0] + g[1] * g[1] * c[4] + g[2] * g[2] * c[8] +
                          2 * (g[0] * g[1] * c[1] + g[0] * g[2] * c[2] + g[1] * g[2] * c[5]);
  out.log_error = std::sqrt(std::max(0.0, variance));
  return out;
}

}  // namespace emptor::customers
