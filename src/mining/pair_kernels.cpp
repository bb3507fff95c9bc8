#include "mining/pair_kernels.hpp"

#include "mining/pair_windows.hpp"

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

constexpr std::size_t kColumns = kBlock;
constexpr std::size_t kRun = 32;
constexpr std::size_t kAhead = 8;

/// Vectors as wide as a target's: compilers would keep wider ones in memory.
struct By4 {
  using Vector = float __attribute__((vector_size(16)));
  using Doubles = double __attribute__((vector_size(16)));
  using Halves = float __attribute__((vector_size(8)));  // as many floats as Doubles holds
};
struct By8 {
  using Vector = float __attribute__((vector_size(32)));
  using Doubles = double __attribute__((vector_size(32)));
  using Halves = float __attribute__((vector_size(16)));
};
struct By16 {
  using Vector = float __attribute__((vector_size(64)));
  using Doubles = double __attribute__((vector_size(64)));
  using Halves = float __attribute__((vector_size(32)));
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

template <typename Width>
EMPTOR_INLINE void sum_windows_by(const float* probability, const CustomerWindows& customer,
                                  double* before, float* out) {
  using Doubles = typename Width::Doubles;
  using Floats = typename Width::Halves;
  constexpr std::size_t kLanes = sizeof(Doubles) / sizeof(double);
  constexpr std::size_t kVectors = kColumns / kLanes;
  Doubles sum[kVectors] = {};
  for (std::size_t v = 0; v < customer.kind.size(); ++v) {
    std::memcpy(before + v * kColumns, sum, sizeof(sum));
    const float* own = probability + customer.kind[v] * kColumns;
    for (std::size_t k = 0; k < kVectors; ++k) {
      Floats x;
      std::memcpy(&x, own + k * kLanes, sizeof(x));
      sum[k] += __builtin_convertvector(x, Doubles);
    }
  }
  std::memcpy(before + customer.kind.size() * kColumns, sum, sizeof(sum));
  for (const auto visit : customer.visit) {
    const auto end = static_cast<std::size_t>(customer.window_end[visit]) - customer.first_visit;
    const double* from =
        before + (static_cast<std::size_t>(visit) + 1 - customer.first_visit) * kColumns;
    const double* to = before + end * kColumns;
    for (std::size_t k = 0; k < kColumns; k += kLanes, out += kLanes) {
      Doubles x, y;
      std::memcpy(&x, to + k, sizeof(x));
      std::memcpy(&y, from + k, sizeof(y));
      const Floats difference = __builtin_convertvector(x - y, Floats);
      std::memcpy(out, &difference, sizeof(difference));
    }
  }
}

template <typename Width>
EMPTOR_INLINE void add_terms_by(const Start* start, std::size_t n, const Term* terms, Term* sums,
                                TimingTerm* placebo) {
  using Vector = typename Width::Vector;
  constexpr std::size_t kLanes = sizeof(Vector) / sizeof(float);
  for (std::size_t i = 0; i < n; ++i) {
    const auto a = static_cast<std::size_t>(start[i].antecedent);
    const Term& term = terms[start[i].row];
    for (std::size_t k = 0; k < 8; k += kLanes) {
      Vector sum, x;
      std::memcpy(&sum, sums[a].lane.data() + k, sizeof(sum));
      std::memcpy(&x, term.lane.data() + k, sizeof(x));
      const Vector larger = sum > x ? sum : x;
      if constexpr (kLanes == 4)
        sum = __builtin_shufflevector(sum + x, larger, 0, 1, 2, 7);
      else
        sum = __builtin_shufflevector(sum + x, larger, 0, 1, 2, 11, 4, 5, 6, 15);
      std::memcpy(sums[a].lane.data() + k, &sum, sizeof(sum));
    }
    By4::Vector sum, x;
    std::memcpy(&sum, placebo[a].lane.data(), sizeof(sum));
    std::memcpy(&x, terms[start[i].placebo].lane.data(), sizeof(x));
    sum += x;
    std::memcpy(placebo[a].lane.data(), &sum, sizeof(sum));
  }
}

/// Lanes of 16 pairs turned into columns.
template <std::size_t kLanes, typename Sums>
EMPTOR_INLINE void columns_of(const Sums* sums, float (*column)[kColumns]) {
  for (std::size_t i = 0; i < kColumns; i += 4)
    for (std::size_t k = 0; k < kLanes; k += 4) {
      By4::Vector r[4];
      for (std::size_t j = 0; j < 4; ++j)
        std::memcpy(&r[j], sums[i + j].lane.data() + k, sizeof(r[j]));
      const auto low01 = __builtin_shufflevector(r[0], r[1], 0, 4, 1, 5);
      const auto low23 = __builtin_shufflevector(r[2], r[3], 0, 4, 1, 5);
      const auto high01 = __builtin_shufflevector(r[0], r[1], 2, 6, 3, 7);
      const auto high23 = __builtin_shufflevector(r[2], r[3], 2, 6, 3, 7);
      const By4::Vector turned[4] = {__builtin_shufflevector(low01, low23, 0, 1, 4, 5),
                                     __builtin_shufflevector(low01, low23, 2, 3, 6, 7),
                                     __builtin_shufflevector(high01, high23, 0, 1, 4, 5),
                                     __builtin_shufflevector(high01, high23, 2, 3, 6, 7)};
      for (std::size_t j = 0; j < 4; ++j)
        std::memcpy(column[k + j] + i, &turned[j], sizeof(turned[j]));
    }
}

/// Whether the p-value of a normal score may be kept: without a branch, a square root or an error
/// function, since most are not.
EMPTOR_INLINE int kept(float beyond, float variance, float z_squared) {
  return static_cast<int>(beyond > 0) & static_cast<int>(beyond * beyond >= z_squared * variance);
}

EMPTOR_INLINE void screen_pairs(const PairSums& pairs, const Screen& screen, std::uint8_t* findings,
                                Screened& screened) {
  double observed[kColumns] = {}, expected[kColumns] = {};
  for (std::size_t begin = 0; begin < pairs.n; begin += kColumns) {
    float sum[8][kColumns], placebo[4][kColumns];
    columns_of<8>(pairs.sums + begin, sum);
    columns_of<4>(pairs.placebo + begin, placebo);
    const float* e = pairs.expected + begin;
    const float* squares = pairs.expected_squares + begin;
    int found[kColumns], n_affinity = 0, n_timing = 0, n_placebo = 0;
    for (std::size_t i = 0; i < kColumns; ++i) {
      const float o = sum[kVisits][i];
      const int affinity = e[i] >= screen.min_expected;
      const int timing = sum[kInformation][i] >= screen.min_information;
      const int random = placebo[kInformation][i] >= screen.min_information;
      n_affinity += affinity;
      n_timing += timing;
      n_placebo += random;
      const float variance = std::max(squares[i] + sum[kSquares][i], e[i]);
      const int p = affinity & kept(o - e[i] - 0.5F, variance, screen.z_squared);
      const int timing_p =
          timing & kept(sum[kScore][i] - 0.5F,
                        std::max(sum[kInformation][i], sum[kScoreSquares][i]), screen.z_squared);
      const int placebo_p =
          random & kept(placebo[kScore][i] - 0.5F,
                        std::max(placebo[kInformation][i], placebo[kScoreSquares][i]),
                        screen.placebo_z_squared);
      const int listed =
          static_cast<int>(o > 0) & static_cast<int>(sum[kEvents][i] >= screen.min_events);
      found[i] = p * kAffinityP + timing_p * kTimingP + placebo_p * kPlaceboP + listed * kListed;
    }
    for (std::size_t i = 0; i < kColumns; ++i)
      findings[begin + i] = static_cast<std::uint8_t>(found[i]);
    for (std::size_t i = 0; i < kColumns; ++i) {
      const bool testable = e[i] >= screen.min_expected;
      observed[i] += static_cast<double>(testable ? sum[kVisits][i] : 0.0F);
      expected[i] += static_cast<double>(testable ? e[i] : 0.0F);
    }
    screened.n_testable += n_affinity;
    screened.n_timing_testable += n_timing;
    screened.n_placebo_testable += n_placebo;
  }
  for (std::size_t i = 0; i < kColumns; ++i) screened.observed += observed[i];
  for (std::size_t i = 0; i < kColumns; ++i) screened.expected += expected[i];
}

#define EMPTOR_VARIANT(suffix, Width, Half, attribute)                                           \
  attribute void sum_rows_##suffix(const float* table, const std::int32_t* rows, std::size_t n,  \
                                   Sixteen& total) {                                             \
    sum_rows_by<Width>(table, rows, n, total);                                                   \
  }                                                                                              \
  attribute void sum_windows_##suffix(const float* probability, const CustomerWindows& customer, \
                                      double* before, float* out) {                              \
    sum_windows_by<Width>(probability, customer, before, out);                                   \
  }                                                                                              \
  attribute void add_terms_##suffix(const Start* start, std::size_t n, const Term* terms,        \
                                    Term* sums, TimingTerm* placebo) {                           \
    add_terms_by<Half>(start, n, terms, sums, placebo);                                          \
  }                                                                                              \
  attribute void screen_##suffix(const PairSums& pairs, const Screen& screen,                    \
                                 std::uint8_t* findings, Screened& screened) {                   \
    screen_pairs(pairs, screen, findings, screened);                                             \
  }

EMPTOR_VARIANT(plain, By4, By4, )
#if EMPTOR_X86_VARIANTS
EMPTOR_VARIANT(avx2, By8, By8, __attribute__((target("avx2"))))
// GCC would use half of a register; Clang knows no such wish.
#if defined(__clang__)
#define EMPTOR_AVX512 "avx512f,avx512vl,avx512dq"
#else
#define EMPTOR_AVX512 "avx512f,avx512vl,avx512dq,prefer-vector-width=512"
#endif
EMPTOR_VARIANT(avx512, By16, By8, __attribute__((target(EMPTOR_AVX512))))
#undef EMPTOR_AVX512
#endif
#undef EMPTOR_VARIANT

constexpr Kernels kAll[] = {
    {"plain", sum_rows_plain, sum_windows_plain, add_terms_plain, screen_plain},
#if EMPTOR_X86_VARIANTS
    {"avx2", sum_rows_avx2, sum_windows_avx2, add_terms_avx2, screen_avx2},
    {"avx512", sum_rows_avx512, sum_windows_avx512, add_terms_avx512, screen_avx512},
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
