#pragma once

#include <array>
#include <cmath>
#include <cstddef>

namespace emptor::core {

/// A number with its derivatives by N parameters (forward-mode automatic differentiation): formulas
/// written for any scalar give exact gradients when they are handed jets.
template <std::size_t N>
struct Jet {
  double v = 0;
  std::array<double, N> d{};

  Jet() = default;
  Jet(double value) : v(value) {}  // NOLINT: a constant is a jet without slope
  /// The i-th parameter itself.
  static Jet variable(double value, std::size_t i) {
    Jet jet(value);
    jet.d[i] = 1;
    return jet;
  }
  /// f(*this) of value f and slope f'.
  [[nodiscard]] Jet chain(double f, double slope) const {
    Jet out(f);
    for (std::size_t i = 0; i < N; ++i) out.d[i] = slope * d[i];
    return out;
  }

  Jet operator-() const { return chain(-v, -1); }
  Jet& operator+=(const Jet& o) {
    v += o.v;
    for (std::size_t i = 0; i < N; ++i) d[i] += o.d[i];
    return *this;
  }
  Jet& operator-=(const Jet& o) {
    v -= o.v;
    for (std::size_t i = 0; i < N; ++i) d[i] -= o.d[i];
    return *this;
  }
  Jet& operator*=(const Jet& o) {
    for (std::size_t i = 0; i < N; ++i) d[i] = d[i] * o.v + v * o.d[i];
    v *= o.v;
    return *this;
  }
  Jet& operator/=(const Jet& o) {
    const double inverse = 1 / o.v;
    v *= inverse;
    for (std::size_t i = 0; i < N; ++i) d[i] = (d[i] - v * o.d[i]) * inverse;
    return *this;
  }
  friend Jet operator+(Jet a, const Jet& b) { return a += b; }
  friend Jet operator-(Jet a, const Jet& b) { return a -= b; }
  friend Jet operator*(Jet a, const Jet& b) { return a *= b; }
  friend Jet operator/(Jet a, const Jet& b) { return a /= b; }

  // Found by argument, as the standard functions are for double and std::complex.
  friend Jet exp(const Jet& a) {
    const double e = std::exp(a.v);
    return a.chain(e, e);
  }
  friend Jet expm1(const Jet& a) { return a.chain(std::expm1(a.v), std::exp(a.v)); }
  friend Jet log(const Jet& a) { return a.chain(std::log(a.v), 1 / a.v); }
  friend Jet log1p(const Jet& a) { return a.chain(std::log1p(a.v), 1 / (1 + a.v)); }
};

/// The plain value behind a scalar.
inline double value_of(double x) noexcept { return x; }
template <std::size_t N>
double value_of(const Jet<N>& x) noexcept {
  return x.v;
}

/// expm1(x) / x, 1 at 0.
inline double expm1_over(double x) noexcept {
  return std::fabs(x) < 1e-5 ? 1 + x * (0.5 + x / 6) : std::expm1(x) / x;
}
template <std::size_t N>
Jet<N> expm1_over(const Jet<N>& x) {
  const double value = expm1_over(x.v);
  const double slope = std::fabs(x.v) < 1e-3 ? 0.5 + x.v * (1.0 / 3 + x.v * (0.125 + x.v / 30))
                                             : (std::exp(x.v) - value) / x.v;
  return x.chain(value, slope);
}

}  // namespace emptor::core
