#include "customers/contract_law.hpp"

#include "core/special.hpp"

#include <algorithm>
#include <cmath>

namespace emptor::customers {

LogSurvival log_survival(double alpha, double beta, double c, double t) {
  LogSurvival out;
  if (t == 0) return out;
  const double log_t = std::log(t), u = std::exp(c * log_t), all = alpha + beta;
  out.value = core::log_beta(alpha, beta + u) - core::log_beta(alpha, beta);
  // By alpha, beta and u, and u by ln c.
  const double d0 = core::digamma(all) - core::digamma(all + u);
  const double du = core::digamma(beta + u) - core::digamma(all + u);
  const double db = d0 + core::digamma(beta + u) - core::digamma(beta);
  const double t0 = core::trigamma(all) - core::trigamma(all + u);
  const double tu = core::trigamma(beta + u) - core::trigamma(all + u);
  const double tb = t0 + core::trigamma(beta + u) - core::trigamma(beta);
  const double u1 = u * c * log_t, u2 = u1 * (c * log_t + 1);
  out.slope = {alpha * d0, beta * db, u1 * du};
  auto& h = out.curve;
  h[0][0] = alpha * alpha * t0 + alpha * d0;
  h[0][1] = h[1][0] = alpha * beta * t0;
  h[0][2] = h[2][0] = -alpha * core::trigamma(all + u) * u1;
  h[1][1] = beta * beta * tb + beta * db;
  h[1][2] = h[2][1] = beta * tu * u1;
  h[2][2] = tu * u1 * u1 + du * u2;
  return out;
}

ContractGradient log_survival_of(const ContractFit& fit, double t) {
  const bool shaped = fit.parameters.size() > 2;
  const LogSurvival at =
      log_survival(fit.parameters[0], fit.parameters[1], shaped ? fit.parameters[2] : 1, t);
  ContractGradient out(at.value);
  out.d = at.slope;
  if (!shaped) out.d[2] = 0;
  return out;
}

double standard_error(const ContractGradient& value, const ContractFit& fit) {
  const std::size_t p = fit.parameters.size();
  double variance = 0;
  for (std::size_t i = 0; i < p; ++i)
    for (std::size_t j = 0; j < p; ++j)
      variance += value.d[i] * value.d[j] * fit.log_covariance[i * p + j];
  return std::sqrt(std::max(variance, 0.0));
}

}  // namespace emptor::customers
