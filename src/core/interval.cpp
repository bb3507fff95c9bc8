#include "emptor/core/interval.hpp"

#include "emptor/core/error.hpp"

#include "core/special.hpp"
#include "core/wilson.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

namespace emptor {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

std::string text(double x) {
  std::string s = std::to_string(x);
  s.erase(s.find_last_not_of('0') + 1);
  if (s.back() == '.') s.pop_back();
  return s;
}

void check_level(const char* function, double level) {
  if (!(level > 0 && level < 1)) {
    throw InvalidArgument(std::string(function) +
                          ": level must lie between 0 and 1, as 0.95; found " + text(level));
  }
}

void check_share(const char* function, double successes, double n) {
  // Sums of weights may pass n by their rounding.
  if (!(successes >= 0 && successes <= n * (1 + 1e-9) && std::isfinite(n))) {
    throw InvalidArgument(std::string(function) + ": successes must lie in [0, n]; found " +
                          text(successes) + " of " + text(n));
  }
}

}  // namespace

double normal_half_width(double level) {
  check_level("normal_half_width", level);
  return -core::normal_quantile(0.5 * (1 - level));
}

Interval wilson(double successes, double n, double level) {
  check_level("wilson", level);
  check_share("wilson", successes, n);
  if (n == 0) return {kNaN, kNaN};
  return core::wilson_at(successes, n, normal_half_width(level));
}

Interval clopper_pearson(std::int64_t successes, std::int64_t n, double level) {
  check_level("clopper_pearson", level);
  check_share("clopper_pearson", static_cast<double>(successes), static_cast<double>(n));
  if (n == 0) return {kNaN, kNaN};
  const auto x = static_cast<double>(successes);
  const auto rest = static_cast<double>(n - successes);
  const double tail = 0.5 * (1 - level);
  // The upper end is one minus the lower end of the failures, which keeps its digits near 1.
  return {successes == 0 ? 0 : core::beta_quantile(tail, x, rest + 1),
          successes == n ? 1 : 1 - core::beta_quantile(tail, rest, x + 1)};
}

Interval garwood(std::int64_t count, double level) {
  check_level("garwood", level);
  if (count < 0) {
    throw InvalidArgument("garwood: count must be 0 or more; found " + std::to_string(count));
  }
  const auto k = static_cast<double>(count);
  const double tail = 0.5 * (1 - level);
  return {count == 0 ? 0 : core::gamma_quantile(tail, k), core::gamma_quantile(1 - tail, k + 1)};
}

Interval byar(double count, double level) {
  check_level("byar", level);
  if (!(count >= 0 && std::isfinite(count))) {
    throw InvalidArgument("byar: count must be 0 or more; found " + text(count));
  }
  const double z = normal_half_width(level);
  const double up = count + 1;
  const double low = count > 0 ? 1 - 1 / (9 * count) - z / (3 * std::sqrt(count)) : 0;
  const double high = 1 - 1 / (9 * up) + z / (3 * std::sqrt(up));
  return {low > 0 ? count * low * low * low : 0, up * high * high * high};
}

Interval newcombe(double successes1, double n1, double successes2, double n2, double level) {
  check_level("newcombe", level);
  check_share("newcombe", successes1, n1);
  check_share("newcombe", successes2, n2);
  if (n1 == 0 || n2 == 0) return {kNaN, kNaN};
  const double p1 = std::min(1.0, successes1 / n1);
  const double p2 = std::min(1.0, successes2 / n2);
  const Interval one = wilson(successes1, n1, level);
  const Interval two = wilson(successes2, n2, level);
  return {p1 - p2 - std::hypot(p1 - one.low, two.high - p2),
          p1 - p2 + std::hypot(one.high - p1, p2 - two.low)};
}

Interval log_delta(double log_value, double variance, double level) {
  check_level("log_delta", level);
  if (variance < 0) {
    throw InvalidArgument("log_delta: variance must be 0 or more; found " + text(variance));
  }
  const double half = normal_half_width(level) * std::sqrt(variance);
  return {std::exp(log_value - half), std::exp(log_value + half)};
}

}  // namespace emptor
