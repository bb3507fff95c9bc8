#include "mining/itemset_bits.hpp"

#include <bit>

#if defined(__x86_64__) && defined(__GNUC__)
#define EMPTOR_X86 1
#ifndef __clang__
// GCC 12 takes the "undefined" operand of its own intrinsics for a mistake (GCC
// bug 105593).
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
#include <immintrin.h>
#endif

namespace emptor::mining::sets {
namespace {

bool chosen_at(const std::uint8_t* chosen, std::uint32_t c) {
  return (chosen[c / 8] >> (c % 8) & 1) != 0;
}

// Sorts one column into what it is to the set. `n` is the count of the set
// itself.
inline void classify(const Bits& bits, std::uint32_t c, std::uint32_t j, std::uint64_t count,
                     std::uint64_t n, std::uint64_t min_count, const CandidateRoom& room,
                     Candidates& found) {
  if (count < min_count || c == j) return;
  if (count == n) {
    if (c < j) found.covered = true;
    if (c > j) room.perfect[found.n_perfect++] = bits.item[c];
    return;
  }
  room.chosen[c / 8] = static_cast<std::uint8_t>(room.chosen[c / 8] | 1U << (c % 8));
  room.count[found.n] = count;
  room.item[found.n++] = bits.item[c];
  if (c < j) ++found.n_before;
}

Candidates count_plain(const Bits& bits, std::uint32_t from, std::uint32_t j,
                       const std::uint64_t* t, std::uint64_t min_count, const CandidateRoom& room) {
  Candidates found;
  for (std::uint32_t b = from / 8; b * 8 < bits.columns; ++b) room.chosen[b] = 0;
  for (std::uint32_t c = from; c < bits.columns; ++c) {
    std::uint64_t count = 0;
    for (std::uint32_t w = 0; w < bits.words; ++w) {
      const auto ones = static_cast<std::uint64_t>(
          std::popcount(bits.plane[std::size_t{w} * bits.stride + c] & t[w]));
      count += bits.shift == nullptr ? ones : ones << bits.shift[w];
    }
    classify(bits, c, j, count, bits.count[j], min_count, room, found);
    if (found.covered) return found;
  }
  return found;
}

void copy_plain(const Bits& bits, std::uint32_t from, const std::uint64_t* t,
                const std::uint8_t* chosen, const Bits& to) {
  std::uint32_t m = 0;
  for (std::uint32_t c = from; c < bits.columns; ++c) {
    if (!chosen_at(chosen, c)) continue;
    for (std::uint32_t w = 0; w < bits.words; ++w)
      to.plane[std::size_t{w} * to.stride + m] =
          bits.plane[std::size_t{w} * bits.stride + c] & t[w];
    ++m;
  }
}

// Whether words w - 1 and w may be joined.
inline bool alike(const Bits& bits, std::uint32_t w) {
  return (bits.shift == nullptr || bits.shift[w] == bits.shift[w - 1]) &&
         (bits.cell == nullptr || bits.cell[w] == bits.cell[w - 1]);
}

[[maybe_unused]] inline std::uint32_t packed_words_of(const Bits& bits, const std::uint64_t* t,
                                                      std::uint8_t* shift, std::uint16_t* cell) {
  std::uint32_t words = 0;
  std::uint64_t ones = 0;
  for (std::uint32_t w = 0; w < bits.words; ++w) {
    ones += static_cast<std::uint64_t>(std::popcount(t[w]));
    if (w + 1 < bits.words && alike(bits, w + 1)) continue;
    for (; ones > 0; ones -= ones < 64 ? ones : 64) {
      if (shift != nullptr) shift[words] = bits.shift == nullptr ? 0 : bits.shift[w];
      if (cell != nullptr) cell[words] = bits.cell == nullptr ? std::uint16_t{0} : bits.cell[w];
      ++words;
    }
  }
  return words;
}

void combine_plain(const Bits& bits, const std::uint64_t* t, unsigned n_items,
                   std::uint32_t* counts) {
  const std::uint32_t size = 1U << n_items;
  for (std::uint32_t m = 0; m < size; ++m) counts[m] = 0;
  for (std::uint32_t w = 0; w < bits.words; ++w)
    counts[bits.cell[w]] += static_cast<std::uint32_t>(std::popcount(t[w]));
  for (std::uint32_t bit = 1; bit < size; bit *= 2)
    for (std::uint32_t m = 0; m < size; ++m)
      if ((m & bit) == 0) counts[m] += counts[m | bit];
}

void tally_plain(const std::uint32_t* counts, unsigned n_items, std::uint32_t min_count,
                 std::uint32_t* n_of_size) {
  for (std::uint32_t m = 0; m < 1U << n_items; ++m)
    n_of_size[std::popcount(m)] += counts[m] >= min_count ? 1U : 0U;
}

constexpr BitKernel kPlain{"plain", count_plain,   copy_plain, nullptr,
                           nullptr, combine_plain, tally_plain};

#ifdef EMPTOR_X86

#define EMPTOR_AVX2 __attribute__((target("avx2,bmi,bmi2,popcnt")))
#define EMPTOR_AVX512 \
  __attribute__((target("avx512f,avx512bw,avx512vl,avx512vpopcntdq,bmi,bmi2,popcnt")))

EMPTOR_AVX2 std::uint32_t packed_words_bmi2(const Bits& bits, const std::uint64_t* t,
                                            std::uint8_t* shift, std::uint16_t* cell) {
  return packed_words_of(bits, t, shift, cell);
}

EMPTOR_AVX2 void pack_bmi2(const Bits& bits, std::uint32_t from, const std::uint64_t* t,
                           const std::uint8_t* chosen, const Bits& to) {
  std::uint32_t out = 0;
  std::uint32_t offset = 0;
  for (std::uint32_t w = 0; w < bits.words; ++w) {
    if (offset == 64 || (offset > 0 && !alike(bits, w))) {
      ++out;
      offset = 0;
    }
    const std::uint64_t mask = t[w];
    if (mask == 0) continue;
    const auto ones = static_cast<std::uint32_t>(std::popcount(mask));
    const std::uint64_t* from_plane = bits.plane + std::size_t{w} * bits.stride;
    std::uint64_t* here = to.plane + std::size_t{out} * to.stride;
    const bool spills = offset + ones > 64;
    std::uint32_t m = 0;
    for (std::uint32_t b = from / 8; b * 8 < bits.columns; ++b) {
      for (std::uint32_t left = chosen[b]; left != 0; left &= left - 1) {
        const std::uint64_t packed =
            _pext_u64(from_plane[b * 8 + static_cast<std::uint32_t>(std::countr_zero(left))], mask);
        here[m] |= packed << offset;
        if (spills) here[to.stride + m] |= packed >> (64 - offset);
        ++m;
      }
    }
    offset += ones;
    if (offset > 64) {
      offset -= 64;
      ++out;
    }
  }
}

// Bits set in each of four words (Mula's table of nibbles).
EMPTOR_AVX2 inline __m256i popcount4(__m256i x) {
  const __m256i table = _mm256_setr_epi8(0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4, 0, 1, 1, 2,
                                         1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4);
  const __m256i nibble = _mm256_set1_epi8(15);
  const __m256i low = _mm256_shuffle_epi8(table, _mm256_and_si256(x, nibble));
  const __m256i high =
      _mm256_shuffle_epi8(table, _mm256_and_si256(_mm256_srli_epi16(x, 4), nibble));
  return _mm256_sad_epu8(_mm256_add_epi8(low, high), _mm256_setzero_si256());
}

EMPTOR_AVX2 Candidates count_avx2(const Bits& bits, std::uint32_t from, std::uint32_t j,
                                  const std::uint64_t* t, std::uint64_t min_count,
                                  const CandidateRoom& room) {
  Candidates found;
  const std::uint64_t n = bits.count[j];
  alignas(32) std::uint64_t count[8];
  for (std::uint32_t b = from / 8; b * 8 < bits.columns; ++b) {
    __m256i low = _mm256_setzero_si256();
    __m256i high = low;
    for (std::uint32_t w = 0; w < bits.words; ++w) {
      const __m256i mask = _mm256_set1_epi64x(static_cast<long long>(t[w]));
      const auto* x = reinterpret_cast<const __m256i*>(bits.plane + std::size_t{w} * bits.stride +
                                                       std::size_t{b} * 8);
      __m256i a = popcount4(_mm256_and_si256(_mm256_loadu_si256(x), mask));
      __m256i c = popcount4(_mm256_and_si256(_mm256_loadu_si256(x + 1), mask));
      if (bits.shift != nullptr) {
        const __m128i shift = _mm_cvtsi32_si128(bits.shift[w]);
        a = _mm256_sll_epi64(a, shift);
        c = _mm256_sll_epi64(c, shift);
      }
      low = _mm256_add_epi64(low, a);
      high = _mm256_add_epi64(high, c);
    }
    _mm256_store_si256(reinterpret_cast<__m256i*>(count), low);
    _mm256_store_si256(reinterpret_cast<__m256i*>(count + 4), high);
    room.chosen[b] = 0;
    const std::uint32_t end = bits.columns < b * 8 + 8 ? bits.columns : b * 8 + 8;
    for (std::uint32_t c = from > b * 8 ? from : b * 8; c < end; ++c)
      classify(bits, c, j, count[c % 8], n, min_count, room, found);
    if (found.covered) return found;
  }
  return found;
}

EMPTOR_AVX2 void combine_avx2(const Bits& bits, const std::uint64_t* t, unsigned n_items,
                              std::uint32_t* counts) {
  const std::uint32_t size = 1U << n_items;
  for (std::uint32_t m = 0; m < size; ++m) counts[m] = 0;
  for (std::uint32_t w = 0; w < bits.words; ++w)
    counts[bits.cell[w]] += static_cast<std::uint32_t>(std::popcount(t[w]));
  for (std::uint32_t m = 0; m < size; m += 2) counts[m] += counts[m + 1];
  for (std::uint32_t m = 0; m < size; m += 4) {
    counts[m] += counts[m + 2];
    counts[m + 1] += counts[m + 3];
  }
  for (std::uint32_t bit = 4; bit < size; bit *= 2)
    for (std::uint32_t m = 0; m < size; m += 2 * bit)
      for (std::uint32_t i = m; i < m + bit; ++i) counts[i] += counts[i + bit];
}

constexpr BitKernel kAvx2{"avx2",    count_avx2,   copy_plain, packed_words_bmi2,
                          pack_bmi2, combine_avx2, tally_plain};

template <int kWords>
EMPTOR_AVX512 inline __m512i count8(const std::uint64_t* x, std::size_t stride,
                                    const std::uint64_t* t, const std::uint8_t* shift,
                                    std::uint32_t words) {
  __m512i sum = _mm512_setzero_si512();
  if constexpr (kWords > 0) {
#pragma GCC unroll 8
    for (int w = 0; w < kWords; ++w) {
      const __m512i mask = _mm512_set1_epi64(static_cast<long long>(t[w]));
      sum =
          _mm512_add_epi64(sum, _mm512_popcnt_epi64(_mm512_and_si512(_mm512_loadu_si512(x), mask)));
      x += stride;
    }
  } else {
    for (std::uint32_t w = 0; w < words; ++w) {
      const __m512i mask = _mm512_set1_epi64(static_cast<long long>(t[w]));
      __m512i ones = _mm512_popcnt_epi64(_mm512_and_si512(_mm512_loadu_si512(x), mask));
      if (shift != nullptr) ones = _mm512_sll_epi64(ones, _mm_cvtsi32_si128(shift[w]));
      sum = _mm512_add_epi64(sum, ones);
      x += stride;
    }
  }
  return sum;
}

template <int kWords>
EMPTOR_AVX512 Candidates count_avx512_words(const Bits& bits, std::uint32_t from, std::uint32_t j,
                                            const std::uint64_t* t, std::uint64_t min_count,
                                            const CandidateRoom& room) {
  Candidates found;
  const __m512i least = _mm512_set1_epi64(static_cast<long long>(min_count));
  const __m512i all = _mm512_set1_epi64(static_cast<long long>(bits.count[j]));
  std::uint32_t valid = 0xFFU << (from % 8);
  for (std::uint32_t c = from / 8 * 8; c < bits.columns; c += 8, valid = 0xFFU) {
    if (bits.columns - c < 8) valid &= 0xFFU >> (8 - (bits.columns - c));
    std::uint32_t before = 0;
    if (c + 8 <= j) {
      before = 0xFFU;
    } else if (c <= j) {
      before = (1U << (j - c)) - 1;
      valid &= ~(1U << (j - c));
    }
    const __m512i count = count8<kWords>(bits.plane + c, bits.stride, t, bits.shift, bits.words);
    const std::uint32_t enough =
        _mm512_mask_cmpge_epu64_mask(static_cast<__mmask8>(valid), count, least);
    const std::uint32_t same =
        _mm512_mask_cmpeq_epi64_mask(static_cast<__mmask8>(enough), count, all);
    const std::uint32_t chosen = enough & ~same;
    room.chosen[c / 8] = static_cast<std::uint8_t>(chosen);
    const __m256i item = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(bits.item + c));
    if (same != 0) {
      if ((same & before) != 0) {
        found.covered = true;
        return found;
      }
      _mm256_storeu_si256(reinterpret_cast<__m256i*>(room.perfect + found.n_perfect),
                          _mm256_maskz_compress_epi32(static_cast<__mmask8>(same), item));
      found.n_perfect += static_cast<std::uint32_t>(std::popcount(same));
    }
    _mm512_storeu_si512(room.count + found.n,
                        _mm512_maskz_compress_epi64(static_cast<__mmask8>(chosen), count));
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(room.item + found.n),
                        _mm256_maskz_compress_epi32(static_cast<__mmask8>(chosen), item));
    found.n += static_cast<std::uint32_t>(std::popcount(chosen));
    found.n_before += static_cast<std::uint32_t>(std::popcount(chosen & before));
  }
  return found;
}

EMPTOR_AVX512 Candidates count_avx512(const Bits& bits, std::uint32_t from, std::uint32_t j,
                                      const std::uint64_t* t, std::uint64_t min_count,
                                      const CandidateRoom& room) {
  if (bits.shift == nullptr) {
    switch (bits.words) {
      case 1:
        return count_avx512_words<1>(bits, from, j, t, min_count, room);
      case 2:
        return count_avx512_words<2>(bits, from, j, t, min_count, room);
      case 3:
        return count_avx512_words<3>(bits, from, j, t, min_count, room);
      case 4:
        return count_avx512_words<4>(bits, from, j, t, min_count, room);
      default:
        break;
    }
  }
  return count_avx512_words<0>(bits, from, j, t, min_count, room);
}

EMPTOR_AVX512 void copy_avx512(const Bits& bits, std::uint32_t from, const std::uint64_t* t,
                               const std::uint8_t* chosen, const Bits& to) {
  for (std::uint32_t w = 0; w < bits.words; ++w) {
    const __m512i mask = _mm512_set1_epi64(static_cast<long long>(t[w]));
    const std::uint64_t* x = bits.plane + std::size_t{w} * bits.stride;
    std::uint64_t* out = to.plane + std::size_t{w} * to.stride;
    for (std::uint32_t b = from / 8; b * 8 < bits.columns; ++b) {
      if (chosen[b] == 0) continue;
      const __m512i cut = _mm512_and_si512(_mm512_loadu_si512(x + std::size_t{b} * 8), mask);
      _mm512_storeu_si512(out, _mm512_maskz_compress_epi64(chosen[b], cut));
      out += std::popcount(chosen[b]);
    }
  }
}

EMPTOR_AVX512 void combine_avx512(const Bits& bits, const std::uint64_t* t, unsigned n_items,
                                  std::uint32_t* counts) {
  const std::uint32_t size = 1U << n_items;
  for (std::uint32_t m = 0; m < size; m += 16)
    _mm512_storeu_si512(counts + m, _mm512_setzero_si512());
  for (std::uint32_t w = 0; w < bits.words; ++w)
    counts[bits.cell[w]] += static_cast<std::uint32_t>(_mm_popcnt_u64(t[w]));
  // The four lowest items lie within a vector, then those of higher items
  // follow.
  for (std::uint32_t m = 0; m < size; m += 16) {
    __m512i x = _mm512_loadu_si512(counts + m);
    x = _mm512_mask_add_epi32(x, 0x5555, x, _mm512_shuffle_epi32(x, _MM_PERM_CDAB));
    x = _mm512_mask_add_epi32(x, 0x3333, x, _mm512_shuffle_epi32(x, _MM_PERM_BADC));
    x = _mm512_mask_add_epi32(x, 0x0F0F, x, _mm512_shuffle_i64x2(x, x, 0xB1));
    x = _mm512_mask_add_epi32(x, 0x00FF, x, _mm512_shuffle_i64x2(x, x, 0x4E));
    _mm512_storeu_si512(counts + m, x);
  }
  for (std::uint32_t bit = 16; bit < size; bit *= 2) {
    for (std::uint32_t m = 0; m < size; m += 2 * bit) {
      for (std::uint32_t i = m; i < m + bit; i += 16) {
        _mm512_storeu_si512(counts + i, _mm512_add_epi32(_mm512_loadu_si512(counts + i),
                                                         _mm512_loadu_si512(counts + i + bit)));
      }
    }
  }
}

// Which of 64 combinations have s of the six lowest items.
constexpr std::uint64_t low_of_size(unsigned s) {
  std::uint64_t mask = 0;
  for (unsigned m = 0; m < 64; ++m)
    if (static_cast<unsigned>(std::popcount(m)) == s) mask |= std::uint64_t{1} << m;
  return mask;
}

EMPTOR_AVX512 void tally_avx512(const std::uint32_t* counts, unsigned n_items,
                                std::uint32_t min_count, std::uint32_t* n_of_size) {
  const __m512i least = _mm512_set1_epi32(static_cast<int>(min_count));
  for (std::uint32_t m = 0; m < 1U << n_items; m += 64) {
    std::uint64_t enough = 0;
    for (unsigned part = 0; part < 4; ++part) {
      enough |=
          std::uint64_t{_mm512_cmpge_epu32_mask(_mm512_loadu_si512(counts + m + part * 16), least)}
          << (part * 16);
    }
    if (enough == 0) continue;
    std::uint32_t* n = n_of_size + _mm_popcnt_u32(m);
    n[0] += static_cast<std::uint32_t>(enough & 1);
    n[1] += static_cast<std::uint32_t>(_mm_popcnt_u64(enough & low_of_size(1)));
    n[2] += static_cast<std::uint32_t>(_mm_popcnt_u64(enough & low_of_size(2)));
    n[3] += static_cast<std::uint32_t>(_mm_popcnt_u64(enough & low_of_size(3)));
    n[4] += static_cast<std::uint32_t>(_mm_popcnt_u64(enough & low_of_size(4)));
    n[5] += static_cast<std::uint32_t>(_mm_popcnt_u64(enough & low_of_size(5)));
    n[6] += static_cast<std::uint32_t>(enough >> 63);
  }
}

constexpr BitKernel kAvx512{"avx512",  count_avx512,   copy_avx512, packed_words_bmi2,
                            pack_bmi2, combine_avx512, tally_avx512};

#endif

}  // namespace

const std::vector<const BitKernel*>& bit_kernels() {
  static const std::vector<const BitKernel*> kernels = [] {
    std::vector<const BitKernel*> list;
#ifdef EMPTOR_X86
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512vpopcntdq") &&
        __builtin_cpu_supports("bmi2"))
      list.push_back(&kAvx512);
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2")) list.push_back(&kAvx2);
#endif
    list.push_back(&kPlain);
    return list;
  }();
  return kernels;
}

}  // namespace emptor::mining::sets
