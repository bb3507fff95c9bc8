#include "core/special.hpp"

#include <boost/math/distributions/students_t.hpp>
#include <boost/math/special_functions/beta.hpp>
#include <boost/math/special_functions/erf.hpp>
#include <boost/math/special_functions/gamma.hpp>

#include <array>
#include <cmath>
#include <limits>
#include <numbers>

namespace emptor::core {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kHalfLogTwoPi = 0.91893853320467274178;

// What goes wrong comes back as NaN or infinity: callers may sit in a loop of another thread.
namespace bm = boost::math::policies;
using Quiet =
    bm::policy<bm::promote_double<false>, bm::promote_float<false>,
               bm::domain_error<bm::ignore_error>, bm::pole_error<bm::ignore_error>,
               bm::overflow_error<bm::ignore_error>, bm::underflow_error<bm::ignore_error>,
               bm::denorm_error<bm::ignore_error>, bm::evaluation_error<bm::ignore_error>,
               bm::rounding_error<bm::ignore_error>,
               bm::indeterminate_result_error<bm::ignore_error>>;

// Where Stirling's series below has reached double precision.
constexpr double kStirlingFrom = 10;

// ln Gamma(x) - [(x - 1/2) ln x - x + ln(2 pi)/2] for x >= kStirlingFrom: the terms
// B_2k / (2k (2k - 1) x^(2k - 1)) of Stirling's series (Abramowitz and Stegun 6.1.40).
double stirling_tail(double x) noexcept {
  constexpr std::array<double, 8> c{1.0 / 12,   -1.0 / 360,      1.0 / 1260, -1.0 / 1680,
                                    1.0 / 1188, -691.0 / 360360, 1.0 / 156,  -3617.0 / 122400};
  const double r = 1 / (x * x);
  double sum = c.back();
  for (std::size_t i = c.size() - 1; i-- > 0;) sum = sum * r + c[i];
  return sum / x;
}

// ln Gamma(2 + z) for |z| <= 1/2: (1 - gamma) z + sum over k >= 2 of (-1)^k (zeta(k) - 1) z^k / k
// (Abramowitz and Stegun 6.1.33). The coefficients are (-1)^k (zeta(k) - 1) / k from k = 2 on.
double log_gamma_near_two(double z) noexcept {
  constexpr std::array<double, 26> c{
      0.32246703342411321824,    -0.067352301053198095133,   0.020580808427784547879,
      -0.0073855510286739852663, 0.0028905103307415232858,   -0.0011927539117032609771,
      0.00050966952474304242234, -0.00022315475845357937976, 0.000099457512781808533715,
      -0.0000449262367381331417, 0.000020507212775670691553, -9.439488275268395904e-6,
      4.3748667899074878042e-6,  -2.0392157538013662368e-6,  9.5514121304074198329e-7,
      -4.4924691987645660433e-7, 2.1207184805554665869e-7,   -1.0043224823968099609e-7,
      4.7698101693639805658e-8,  -2.271109460894316491e-8,   1.0838659214896954091e-8,
      -5.1834750419700466551e-9, 2.4836745438024783172e-9,   -1.1921401405860912074e-9,
      5.7313672416788620133e-10, -2.7595228851242331452e-10};
  double sum = c.back();
  for (std::size_t i = c.size() - 1; i-- > 0;) sum = sum * z + c[i];
  return z * (1 - std::numbers::egamma + z * sum);
}

// x ln(x / m) + m - x without cancellation where x is near m (Loader 2000, "bd0").
double deviance(double x, double m) noexcept {
  if (x == 0) return m;
  const double v = (x - m) / (x + m);
  if (std::fabs(v) > 0.1) return x * std::log(x / m) + m - x;
  double sum = (x - m) * v;
  double power = 2 * x * v;
  for (int j = 3;; j += 2) {
    power *= v * v;
    const double next = sum + power / j;
    if (next == sum) return sum;
    sum = next;
  }
}

// ln n! minus Stirling's formula sqrt(2 pi n) (n / e)^n, n > 0.
double factorial_error(double n) noexcept {
  if (n >= kStirlingFrom) return stirling_tail(n);
  return log_gamma(n + 1) - (n + 0.5) * std::log(n) + n - kHalfLogTwoPi;
}

// Binomial probability of x in n by Loader's saddle-point form (2000): full relative precision.
double log_binomial(double x, double n, double p) noexcept {
  const double q = 1 - p;
  if (x == 0) return n == 0 ? 0 : n * std::log1p(-p);
  if (x == n) return n * std::log(p);
  return factorial_error(n) - factorial_error(x) - factorial_error(n - x) - deviance(x, n * p) -
         deviance(n - x, n * q) - kHalfLogTwoPi - 0.5 * (std::log(x) + std::log1p(-x / n));
}

}  // namespace

double log_gamma(double x) noexcept {
  if (!(x > 0)) return kNaN;
  if (x >= kStirlingFrom) {
    if (x == kInfinity) return kInfinity;
    return (x - 0.5) * (std::log(x) - 1) + (kHalfLogTwoPi - 0.5) + stirling_tail(x);
  }
  if (x < 0.5) return log_gamma_near_two(x) - std::log1p(x) - std::log(x);
  if (x < 1.5) return log_gamma_near_two(x - 1) - std::log(x);
  double product = 1;
  while (x > 2.5) {
    x -= 1;
    product *= x;
  }
  return log_gamma_near_two(x - 2) + (product == 1 ? 0 : std::log(product));
}

double digamma(double x) noexcept {
  if (!(x > 0)) return kNaN;
  double shift = 0;
  for (; x < kStirlingFrom; x += 1) shift -= 1 / x;
  // Abramowitz and Stegun 6.3.18.
  constexpr std::array<double, 7> c{1.0 / 12,  -1.0 / 120,     1.0 / 252, -1.0 / 240,
                                    1.0 / 132, -691.0 / 32760, 1.0 / 12};
  const double r = 1 / (x * x);
  double sum = c.back();
  for (std::size_t i = c.size() - 1; i-- > 0;) sum = sum * r + c[i];
  return shift + std::log(x) - 0.5 / x - sum * r;
}

double trigamma(double x) noexcept {
  if (!(x > 0)) return kNaN;
  double shift = 0;
  for (; x < kStirlingFrom; x += 1) shift += 1 / (x * x);
  // Abramowitz and Stegun 6.4.12: 1/x + 1/(2 x^2) + sum of B_2k / x^(2k + 1).
  constexpr std::array<double, 7> b{1.0 / 6,  -1.0 / 30,     1.0 / 42, -1.0 / 30,
                                    5.0 / 66, -691.0 / 2730, 7.0 / 6};
  const double r = 1 / (x * x);
  double sum = b.back();
  for (std::size_t i = b.size() - 1; i-- > 0;) sum = sum * r + b[i];
  return shift + 1 / x + 0.5 * r + sum * r / x;
}

// Stirling's formula with its large terms cancelled by hand, since ln Gamma of a large argument
// has lost the digits that their difference needs (DiDonato and Morris 1992, section 5).
double log_beta(double a, double b) noexcept {
  const double p = a < b ? a : b;
  const double q = a < b ? b : a;
  if (!(p > 0)) return kNaN;
  if (q < kStirlingFrom) return log_gamma(p) + log_gamma(q) - log_gamma(p + q);
  const double share = p / (p + q);
  if (p >= kStirlingFrom) {
    return kHalfLogTwoPi - 0.5 * std::log(q) + stirling_tail(p) + stirling_tail(q) -
           stirling_tail(p + q) + (p - 0.5) * std::log(share) + q * std::log1p(-share);
  }
  return log_gamma(p) + stirling_tail(q) - stirling_tail(p + q) + p - p * std::log(p + q) +
         (q - 0.5) * std::log1p(-share);
}

double log_choose(double n, double k) noexcept {
  if (k < 0 || k > n) return -kInfinity;
  if (k == 0 || k == n) return 0;
  return -std::log1p(n) - log_beta(n - k + 1, k + 1);
}

double normal_cdf(double x) noexcept { return 0.5 * std::erfc(-x * (0.5 * std::numbers::sqrt2)); }

double normal_sf(double x) noexcept { return 0.5 * std::erfc(x * (0.5 * std::numbers::sqrt2)); }

double normal_quantile(double p) noexcept {
  if (!(p >= 0 && p <= 1)) return kNaN;
  if (p == 0) return -kInfinity;
  if (p == 1) return kInfinity;
  return -std::numbers::sqrt2 * boost::math::erfc_inv(2 * p, Quiet());
}

double beta_cdf(double x, double a, double b) {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  return boost::math::ibeta(a, b, x, Quiet());
}

double beta_quantile(double p, double a, double b) {
  return boost::math::ibeta_inv(a, b, p, Quiet());
}

double gamma_cdf(double x, double shape) {
  return x <= 0 ? 0 : boost::math::gamma_p(shape, x, Quiet());
}

double gamma_quantile(double p, double shape) {
  return boost::math::gamma_p_inv(shape, p, Quiet());
}

double student_quantile(double p, double df) {
  if (!(p > 0 && p < 1 && df > 0)) return kNaN;
  return boost::math::quantile(boost::math::students_t_distribution<double, Quiet>(df), p);
}

double chi_squared_sf(double x, double df) {
  return x <= 0 ? 1 : boost::math::gamma_q(0.5 * df, 0.5 * x, Quiet());
}

double negative_binomial_cdf(double k, double size, double mean) {
  if (k < 0) return 0;
  if (mean == 0) return 1;
  return boost::math::ibeta(size, std::floor(k) + 1, size / (size + mean), Quiet());
}

double log_negative_binomial(double k, double size, double mean) noexcept {
  if (k < 0) return -kInfinity;
  if (mean == 0) return k == 0 ? 0 : -kInfinity;
  const double at_zero = -size * std::log1p(mean / size);
  if (k == 0) return at_zero;
  // Gamma(k + size) / (Gamma(size) k!) = 1 / (k B(k, size)).
  return at_zero - std::log(k) - log_beta(k, size) - k * std::log1p(size / mean);
}

double poisson_cdf(double k, double mean) {
  if (k < 0) return 0;
  if (mean == 0) return 1;
  return boost::math::gamma_q(std::floor(k) + 1, mean, Quiet());
}

double hypergeometric_sf(double k, double draws, double marked, double total) {
  const double lowest = std::fmax(0, draws + marked - total);
  const double highest = std::fmin(draws, marked);
  k = std::ceil(k);
  if (!(lowest <= highest)) return kNaN;
  if (k <= lowest) return 1;
  if (k > highest) return 0;
  const double unmarked = total - marked;
  // The law is a ratio of three binomial probabilities, whatever p; draws / total keeps them large.
  const auto probability = [&](double x) {
    const double p = draws / total;
    return p >= 1 ? 1.0
                  : std::exp(log_binomial(x, marked, p) + log_binomial(draws - x, unmarked, p) -
                             log_binomial(draws, total, p));
  };
  const double mean = draws * (marked / total);
  double sum = 0;
  if (k > mean) {
    double term = probability(k);
    for (double x = k; x <= highest && term > 1e-17 * sum; ++x) {
      sum += term;
      term *= (marked - x) * (draws - x) / ((x + 1) * (unmarked - draws + x + 1));
    }
    return std::fmin(1, sum);
  }
  double term = probability(k - 1);
  for (double x = k - 1; x >= lowest && term > 1e-17 * sum; --x) {
    sum += term;
    term *= x * (unmarked - draws + x) / ((marked - x + 1) * (draws - x + 1));
  }
  return std::fmax(0, 1 - sum);
}

}  // namespace emptor::core
