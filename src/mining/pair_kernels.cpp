#include "mining/pair_kernels.hpp"

#include <algorithm>
#include <cstring>

#if defined(__x86_64__)
#define EMPTOR_X86_VARIANTS 1
#else
#define EMPTOR_X86_VARIANTS 0
#endif
#define EMPTOR_INLINE inline __attribute__((always_inline))

namespace emptor::mining::next {
namespace {

constexpr std::size_t kColumns = 16;
constexpr std::size_t kRun = 32;
constexpr std::size_t kAhead = 8;

/// Vectors as wide as a target's: compilers would keep wider ones in memory.
struct By4 {
  using Vector = float __attribute__((vector_size(16)));
};
struct By8 {
  using Vector = float __attribute__((vector_size(32)));
};
struct By16 {
  using Vector = float __attribute__((vector_size(64)));
};

template <typename Width>
EMPTOR_INLINE void sum_rows_by(const float* table, const std::int32_t* rows, std::size_t n,
                               Sixteen& total) {
  using Vector = typename Width::Vector;
  constexpr std::size_t kLanes = sizeof(Vector) / sizeof(float);
  constexpr std::size_t kVectors = kColumns / kLanes;
  double sum[kColumns] = {}, squares[kColumns] = {};
  for (std::size_t begin = 0; begin < n; begin += kRun) {
    Vector s[kVectors] = {}, q[kVectors] = {};
    const std::size_t end = std::min(n, begin + kRun);
    for (std::size_t i = begin; i < end; ++i) {
      if (i + kAhead < n)
        __builtin_prefetch(table + static_cast<std::size_t>(rows[i + kAhead]) * kColumns);
      const float* row = table + static_cast<std::size_t>(rows[i]) * kColumns;
      for (std::size_t k = 0; k < kVectors; ++k) {
        Vector x;
        std::memcpy(&x, row + k * kLanes, sizeof(x));
        s[k] += x;
        q[k] += x * x;
      }
    }
    float run_sum[kColumns], run_squares[kColumns];
    std::memcpy(run_sum, s, sizeof(run_sum));
    std::memcpy(run_squares, q, sizeof(run_squares));
    for (std::size_t k = 0; k < kColumns; ++k) sum[k] += static_cast<double>(run_sum[k]);
    for (std::size_t k = 0; k < kColumns; ++k) squares[k] += static_cast<double>(run_squares[k]);
  }
  for (std::size_t k = 0; k < kColumns; ++k) total.sum[k] = static_cast<float>(sum[k]);
  for (std::size_t k = 0; k < kColumns; ++k) total.squares[k] = static_cast<float>(squares[k]);
}

EMPTOR_INLINE void add_levels_by(const double* before, const float* row, const std::uint32_t* level,
                                 double* after) {
  float p[kColumns];
  for (std::size_t k = 0; k < kColumns; ++k) p[k] = row[level[k]];
  for (std::size_t k = 0; k < kColumns; ++k) after[k] = before[k] + static_cast<double>(p[k]);
}

EMPTOR_INLINE void subtract_by(const double* to, const double* from, float* out) {
  for (std::size_t k = 0; k < kColumns; ++k) out[k] = static_cast<float>(to[k] - from[k]);
}

#define EMPTOR_VARIANT(suffix, Width, attribute)                                                \
  attribute void sum_rows_##suffix(const float* table, const std::int32_t* rows, std::size_t n, \
                                   Sixteen& total) {                                            \
    sum_rows_by<Width>(table, rows, n, total);                                                  \
  }                                                                                             \
  attribute void add_levels_##suffix(const double* before, const float* row,                    \
                                     const std::uint32_t* level, double* after) {               \
    add_levels_by(before, row, level, after);                                                   \
  }                                                                                             \
  attribute void subtract_##suffix(const double* to, const double* from, float* out) {          \
    subtract_by(to, from, out);                                                                 \
  }

EMPTOR_VARIANT(plain, By4, )
#if EMPTOR_X86_VARIANTS
EMPTOR_VARIANT(avx2, By8, __attribute__((target("avx2"))))
// GCC would use half of a register; Clang knows no such wish.
#if defined(__clang__)
#define EMPTOR_AVX512 "avx512f,avx512vl,avx512dq"
#else
#define EMPTOR_AVX512 "avx512f,avx512vl,avx512dq,prefer-vector-width=512"
#endif
EMPTOR_VARIANT(avx512, By16, __attribute__((target(EMPTOR_AVX512))))
#undef EMPTOR_AVX512
#endif
#undef EMPTOR_VARIANT

constexpr Kernels kAll[] = {
    {"plain", sum_rows_plain, add_levels_plain, subtract_plain},
#if EMPTOR_X86_VARIANTS
    {"avx2", sum_rows_avx2, add_levels_avx2, subtract_avx2},
    {"avx512", sum_rows_avx512, add_levels_avx512, subtract_avx512},
#endif
};

std::size_t count_usable() noexcept {
#if EMPTOR_X86_VARIANTS
  __builtin_cpu_init();
  if (!__builtin_cpu_supports("avx2")) return 1;
  const bool wide = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
                    __builtin_cpu_supports("avx512dq");
  return wide ? 3 : 2;
#else
  return 1;
#endif
}

}  // namespace

std::span<const Kernels> usable_kernels() noexcept {
  static const std::size_t usable = count_usable();
  return {kAll, usable};
}

const Kernels& kernels() noexcept { return usable_kernels().back(); }

}  // namespace emptor::mining::next
