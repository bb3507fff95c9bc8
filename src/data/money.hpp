#pragma once

#include "emptor/data/sales.hpp"

#include <cmath>
#include <cstdint>
#include <optional>

namespace emptor::data {

/// Half to even. Processors of the first x86-64 have no instruction for it and std::nearbyint is a
/// call; a number whose last bit is worth one leaves no fraction. For |x| < 2^51.
inline double round_half_even(double x) noexcept {
  constexpr double kOneAndAHalf = 6755399441055744.0;  // 1.5 * 2^52
  return (x + kOneAndAHalf) - kOneAndAHalf;
}

/// Money from a number of currency units, half to even; nothing beyond int64. `rounded` is set if
/// the number had more than four decimals.
inline std::optional<Money> to_money(double value, bool& rounded) noexcept {
  const double scaled = value * kMoneyUnit;
  const double size = std::abs(scaled);
  double whole = 0;
  if (size < 1e12) {
    const auto toward_zero = static_cast<double>(static_cast<std::int64_t>(scaled));
    const double below = toward_zero - (scaled < toward_zero ? 1 : 0);
    // .00015 is a half of a ten-thousandth as people write it, though not as a double.
    const bool half = std::abs(scaled - below - 0.5) < 1e-9 + size * 1e-15;
    whole = half ? 2 * round_half_even((below + 0.5) / 2) : round_half_even(scaled);
  } else if (size < 9.2e18) {
    whole = std::nearbyint(scaled);
  } else {
    return std::nullopt;
  }
  rounded |= std::abs(scaled - whole) > 1e-6 + size * 1e-15;
  return static_cast<Money>(whole);
}

/// Money of `quantity` at `price` each, rounded once.
inline std::optional<Money> to_money(double quantity, double price, bool& rounded) noexcept {
  bool price_rounded = false;
  const std::optional<Money> one = to_money(price, price_rounded);
  if (!one) return std::nullopt;
  if (!price_rounded && std::abs(quantity) < 9e15) {
    const auto pieces = static_cast<std::int64_t>(quantity);
    if (static_cast<double>(pieces) == quantity) {
      Money out = 0;
      if (__builtin_mul_overflow(*one, pieces, &out)) return std::nullopt;
      return out;
    }
  }
  return to_money(quantity * price, rounded);
}

}  // namespace emptor::data
