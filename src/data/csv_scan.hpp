#pragma once

#include "data/bits.hpp"

#include <algorithm>
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
    // Each CR, and each LF that does not follow one, ends a line.
    lines += count_bits(m.newline & ~((m.carriage << 1) | after_carriage));
    if (m.carriage != 0) lines += count_bits(m.carriage);
    after_carriage = m.carriage >> 63;
  });
  return lines;
}

/// What is in a stretch of bytes, without where.
struct Content {
  std::int64_t newlines = 0;  ///< LF
  bool carriage = false;      ///< any CR
  bool odd_quotes = false;
  bool high = false;
  bool zero = false;
};

/// The portable form, and what the other one is tested against.
inline Content content_scalar(const char* begin, const char* end) noexcept {
  Content content;
  for (const char* p = begin; p < end; ++p) {
    content.newlines += *p == '\n' ? 1 : 0;
    content.carriage |= *p == '\r';
    content.odd_quotes ^= *p == '"';
    content.high |= (static_cast<unsigned char>(*p) & 0x80U) != 0;
    content.zero |= *p == '\0';
  }
  return content;
}

#if defined(__SSE2__)
// Comparisons are gathered in vectors, sixteen places at a time, and looked at once in the end.
inline Content content(const char* begin, const char* end) noexcept {
  const __m128i none = _mm_setzero_si128();
  __m128i high = none;
  __m128i carriage = none;
  __m128i parity = none;
  __m128i least = _mm_set1_epi8(-1);
  __m128i newlines = none;  // two sums of 64 bits
  const char* p = begin;
  while (end - p >= 16) {
    // A place of eight bits counts to 255.
    const std::ptrdiff_t rounds = std::min<std::ptrdiff_t>((end - p) / 16, 255);
    __m128i count = none;
    for (std::ptrdiff_t i = 0; i < rounds; ++i, p += 16) {
      __m128i v;
      std::memcpy(&v, p, sizeof v);
      parity = _mm_xor_si128(parity, _mm_cmpeq_epi8(v, _mm_set1_epi8('"')));
      carriage = _mm_or_si128(carriage, _mm_cmpeq_epi8(v, _mm_set1_epi8('\r')));
      count = _mm_sub_epi8(count, _mm_cmpeq_epi8(v, _mm_set1_epi8('\n')));
      high = _mm_or_si128(high, v);
      least = _mm_min_epu8(least, v);
    }
    newlines = _mm_add_epi64(newlines, _mm_sad_epu8(count, none));
  }
  const auto bits = [](__m128i v) { return static_cast<std::uint64_t>(_mm_movemask_epi8(v)); };
  std::int64_t sums[2];
  std::memcpy(sums, &newlines, sizeof sums);
  Content content = content_scalar(p, end);
  content.newlines += sums[0] + sums[1];
  content.carriage |= bits(carriage) != 0;
  content.odd_quotes ^= (count_bits(bits(parity)) & 1) != 0;
  content.high |= bits(high) != 0;
  content.zero |= bits(_mm_cmpeq_epi8(least, none)) != 0;
  return content;
}
#else
inline Content content(const char* begin, const char* end) noexcept {
  return content_scalar(begin, end);
}
#endif

}  // namespace emptor::data::csv
