#pragma once

#include <cstdint>

namespace emptor::data {

/// std::popcount would be a call into a table: the least x86-64 processors have no instruction.
inline std::int64_t count_bits(std::uint64_t bits) noexcept {
  bits -= bits >> 1 & 0x5555555555555555U;
  bits = (bits & 0x3333333333333333U) + (bits >> 2 & 0x3333333333333333U);
  bits = (bits + (bits >> 4)) & 0x0F0F0F0F0F0F0F0FU;
  return static_cast<std::int64_t>((bits * 0x0101010101010101U) >> 56);
}

}  // namespace emptor::data
