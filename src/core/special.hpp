#pragma once

namespace emptor::core {

/// ln Gamma(x), x > 0. Safe from many threads, unlike std::lgamma.
double log_gamma(double x) noexcept;
double digamma(double x) noexcept;   ///< x > 0
double trigamma(double x) noexcept;  ///< x > 0
double log_beta(double a, double b) noexcept;
double log_choose(double n, double k) noexcept;

double normal_cdf(double x) noexcept;
double normal_sf(double x) noexcept;        ///< upper tail, exact far out
double normal_quantile(double p) noexcept;  ///< p in (0, 1)

double beta_cdf(double x, double a, double b);
double beta_quantile(double p, double a, double b);
double gamma_cdf(double x, double shape);       ///< scale 1
double gamma_quantile(double p, double shape);  ///< scale 1
double student_quantile(double p, double df);
double chi_squared_sf(double x, double df);
/// P(X <= k) for counts with mean `mean` and gamma shape `size` (negative binomial).
double negative_binomial_cdf(double k, double size, double mean);
double log_negative_binomial(double k, double size, double mean) noexcept;
double poisson_cdf(double k, double mean);
/// P(X >= k) of the hypergeometric law: k marked among `draws` drawn from `total` with `marked`.
double hypergeometric_sf(double k, double draws, double marked, double total);

}  // namespace emptor::core
