#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

/// Looks at 64 bytes of a CSV file at a time: one bit per byte for each kind of byte that matters.
namespace emptor::data::csv {

inline constexpr std::size_t kWord = 64;

struct Masks {
  std::uint64_t quote = 0;
  std::uint64_t delimiter = 0;
  std::uint64_t newline = 0;   ///< LF
  std::uint64_t carriage = 0;  ///< CR
  std::uint64_t high = 0;      ///< not ASCII
  std::uint64_t zero = 0;      ///< NUL
  [[nodiscard]] std::uint64_t structural() const noexcept { return delimiter | newline | carriage; }
};

/// The portable form, and what the other one is tested against.
inline Masks masks_scalar(const char* bytes, char delimiter) noexcept {
  Masks m;
  for (std::size_t i = 0; i < kWord; ++i) {
    const std::uint64_t bit = std::uint64_t{1} << i;
    const char c = bytes[i];
    m.quote |= c == '"' ? bit : 0;
    m.delimiter |= c == delimiter ? bit : 0;
    m.newline |= c == '\n' ? bit : 0;
    m.carriage |= c == '\r' ? bit : 0;
    m.high |= (static_cast<unsigned char>(c) & 0x80U) != 0 ? bit : 0;
    m.zero |= c == '\0' ? bit : 0;
  }
  return m;
}

#if defined(__SSE2__)
// SSE2 belongs to every x86-64 processor, so there is nothing to find out at run time.
inline Masks masks(const char* bytes, char delimiter) noexcept {
  const auto put = [](std::uint64_t& mask, __m128i hit, int lane) {
    mask |= static_cast<std::uint64_t>(static_cast<std::uint32_t>(_mm_movemask_epi8(hit)))
            << (16 * lane);
  };
  Masks m;
  for (int lane = 0; lane < 4; ++lane) {
    __m128i v;
    std::memcpy(&v, bytes + 16 * lane, sizeof v);
    put(m.quote, _mm_cmpeq_epi8(v, _mm_set1_epi8('"')), lane);
    put(m.delimiter, _mm_cmpeq_epi8(v, _mm_set1_epi8(delimiter)), lane);
    put(m.newline, _mm_cmpeq_epi8(v, _mm_set1_epi8('\n')), lane);
    put(m.carriage, _mm_cmpeq_epi8(v, _mm_set1_epi8('\r')), lane);
    put(m.high, v, lane);
    put(m.zero, _mm_cmpeq_epi8(v, _mm_setzero_si128()), lane);
  }
  return m;
}
#else
inline Masks masks(const char* bytes, char delimiter) noexcept {
  return masks_scalar(bytes, delimiter);
}
#endif

/// Bit i is the parity of bits 0..i: inside quotes from an opening quote up to its closing one.
inline std::uint64_t prefix_xor(std::uint64_t bits) noexcept {
  for (int shift = 1; shift < 64; shift *= 2) bits ^= bits << shift;
  return bits;
}

/// Calls `word(masks, offset)` for [begin, end) in steps of 64 bytes; what lies past `end` in the
/// last step counts as none of the kinds.
template <typename Word>
void for_each_word(const char* begin, const char* end, char delimiter, Word&& word) {
  const auto size = static_cast<std::size_t>(end - begin);
  std::size_t i = 0;
  for (; i + kWord <= size; i += kWord) word(masks(begin + i, delimiter), i);
  if (i < size) {
    char tail[kWord];
    std::memset(tail, 'x', kWord);
    std::memcpy(tail, begin + i, size - i);
    word(masks(tail, delimiter), i);
  }
}

/// How often a line ends in [begin, end): LF, CR, or CR LF together. `previous` is the byte before.
inline std::int64_t count_lines(const char* begin, const char* end, char previous) noexcept {
  std::int64_t lines = 0;
  std::uint64_t after_carriage = previous == '\r' ? 1 : 0;
  for_each_word(begin, end, '\n', [&](const Masks& m, std::size_t) {
    const std::uint64_t pairs = m.newline & ((m.carriage << 1) | after_carriage);
    lines += std::popcount(m.carriage) + std::popcount(m.newline) - std::popcount(pairs);
    after_carriage = m.carriage >> 63;
  });
  return lines;
}

}  // namespace emptor::data::csv
