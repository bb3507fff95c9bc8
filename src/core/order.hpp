#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace emptor::core {

/// Positions of fewer than 2^32 numbers (none NaN), smallest first, equal ones in order. Radix
/// sort: one pass counts all digits, then one pass for every digit in which the numbers differ; 2
/// to 4 times faster than comparing.
inline std::vector<std::uint32_t> ascending_order(std::span<const double> x) {
  constexpr std::size_t kBits = 11;
  constexpr std::size_t kDigits = 6;  // of 64 bits
  constexpr std::size_t kValues = std::size_t{1} << kBits;
  struct Keyed {
    std::uint64_t key;
    std::uint32_t position;
  };
  const auto digit = [](std::uint64_t key, std::size_t d) {
    return static_cast<std::size_t>(key >> (kBits * d)) & (kValues - 1);
  };
  std::vector<std::array<std::uint32_t, kValues>> count(kDigits);
  std::vector<Keyed> keyed(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    // Adding 0 makes -0 a 0. Bits of positive numbers are ordered as the numbers are, above those
    // of negative ones once the sign is turned; negative ones need all bits turned.
    const auto bits = std::bit_cast<std::uint64_t>(x[i] + 0.0);
    const std::uint64_t sign = std::uint64_t{1} << 63U;
    const std::uint64_t key = (bits & sign) != 0 ? ~bits : bits | sign;
    keyed[i] = {key, static_cast<std::uint32_t>(i)};
    for (std::size_t d = 0; d < kDigits; ++d) ++count[d][digit(key, d)];
  }
  std::vector<Keyed> other(x.size());
  for (std::size_t d = 0; d < kDigits && !keyed.empty(); ++d) {
    if (count[d][digit(keyed.front().key, d)] == keyed.size()) continue;
    std::uint32_t before = 0;
    for (std::uint32_t& n : count[d]) before += std::exchange(n, before);
    for (const Keyed& k : keyed) other[count[d][digit(k.key, d)]++] = k;
    keyed.swap(other);
  }
  std::vector<std::uint32_t> order(x.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = keyed[i].position;
  return order;
}

}  // namespace emptor::core
