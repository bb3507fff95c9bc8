#pragma once

#include <array>
#include <cmath>
#include <cstddef>

namespace emptor::mining {

/// A number with its derivatives by the counts x, a, b, n of a rule: formulas written once give
/// their value and, evaluated with these, their gradient.
struct Dual {
  double v = 0;
  std::array<double, 4> d{};
  Dual() = default;
  Dual(double value) : v(value) {}  // NOLINT: numbers in formulas
  static Dual variable(double value, std::size_t i) {
    Dual x(value);
    x.d[i] = 1;
    return x;
  }
};

namespace detail {
inline Dual chain(double value, const Dual& x, double dx, const Dual& y, double dy) {
  Dual r(value);
  for (std::size_t i = 0; i < 4; ++i) r.d[i] = dx * x.d[i] + dy * y.d[i];
  return r;
}
inline Dual chain(double value, const Dual& x, double dx) {
  Dual r(value);
  for (std::size_t i = 0; i < 4; ++i) r.d[i] = dx * x.d[i];
  return r;
}
}  // namespace detail

inline Dual operator+(const Dual& x, const Dual& y) { return detail::chain(x.v + y.v, x, 1, y, 1); }
inline Dual operator-(const Dual& x, const Dual& y) {
  return detail::chain(x.v - y.v, x, 1, y, -1);
}
inline Dual operator*(const Dual& x, const Dual& y) {
  return detail::chain(x.v * y.v, x, y.v, y, x.v);
}
inline Dual operator/(const Dual& x, const Dual& y) {
  return detail::chain(x.v / y.v, x, 1 / y.v, y, -x.v / (y.v * y.v));
}
inline bool operator<(const Dual& x, const Dual& y) { return x.v < y.v; }
inline bool operator>(const Dual& x, const Dual& y) { return x.v > y.v; }

inline double root(double x) { return std::sqrt(x); }
inline Dual root(const Dual& x) {
  const double r = std::sqrt(x.v);
  return detail::chain(r, x, 0.5 / r);
}
inline double log_of(double x) { return std::log(x); }
inline Dual log_of(const Dual& x) { return detail::chain(std::log(x.v), x, 1 / x.v); }

template <typename T>
T larger(const T& x, const T& y) {
  return x < y ? y : x;
}
template <typename T>
T smaller(const T& x, const T& y) {
  return y < x ? y : x;
}

}  // namespace emptor::mining
