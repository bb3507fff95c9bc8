#include "data/money.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace emptor::data {
namespace {

TEST(Money, IsRoundedHalfToEven) {
  bool rounded = false;
  EXPECT_EQ(to_money(2.55, rounded), 25500);
  EXPECT_EQ(to_money(-0.07, rounded), -700);
  EXPECT_FALSE(rounded);
  EXPECT_EQ(to_money(0.00015, rounded), 2);
  EXPECT_TRUE(rounded);
  EXPECT_EQ(to_money(0.00025, rounded), 2);
  EXPECT_EQ(to_money(-0.00035, rounded), -4);
  EXPECT_EQ(to_money(9.3e14, rounded), std::nullopt);
  EXPECT_EQ(to_money(std::nan(""), rounded), std::nullopt);
  rounded = false;
  EXPECT_EQ(to_money(1e6, 0.1, rounded), 1'000'000'000);
  EXPECT_EQ(to_money(0.5, 0.3, rounded), 1500);
  EXPECT_FALSE(rounded);
  EXPECT_EQ(to_money(1e15, 1.0, rounded), std::nullopt);
}

/// The rule in the words of the standard library.
std::optional<Money> plainly(double value, bool& rounded) {
  const double scaled = value * kMoneyUnit;
  if (!(std::abs(scaled) < 9.2e18)) return std::nullopt;
  const double below = std::floor(scaled);
  const bool half =
      std::abs(scaled) < 1e12 && std::abs(scaled - below - 0.5) < 1e-9 + std::abs(scaled) * 1e-15;
  const double whole = half ? 2 * std::nearbyint((below + 0.5) / 2) : std::nearbyint(scaled);
  rounded |= std::abs(scaled - whole) > 1e-6 + std::abs(scaled) * 1e-15;
  return static_cast<Money>(whole);
}

TEST(Money, IsThatOfTheStandardRoundingFunctions) {
  std::mt19937_64 random(3);
  const auto check = [](double value) {
    bool rounded = false, expected_rounded = false;
    const auto money = to_money(value, rounded);
    ASSERT_EQ(money, plainly(value, expected_rounded)) << value;
    ASSERT_EQ(rounded, expected_rounded) << value;
  };
  for (int i = 0; i < 200000; ++i) {
    const double sign = random() % 2 == 0 ? 1 : -1;
    const double size = std::pow(10.0, static_cast<double>(random() % 20));
    check(sign * static_cast<double>(random() % 2000000) / 200000.0 * size);
    check(sign * (static_cast<double>(random() % 100000) + 0.5) / kMoneyUnit);
    check(sign * static_cast<double>(random() % 100000000) / 100.0);
  }
  for (const double value : {0.0, -0.0, 0.00005, -0.00005, 1e8, 9.9999999e7, 1e300, 9.2e14}) {
    check(value);
    check(-value);
  }
}

}  // namespace
}  // namespace emptor::data
