#include "learn/boost_kernels.hpp"

#include <algorithm>
#include <bit>

#if defined(__x86_64__)
#define EMPTOR_X86_VARIANTS 1
#else
#define EMPTOR_X86_VARIANTS 0
#endif
#define EMPTOR_INLINE inline __attribute__((always_inline))

namespace emptor::learn {
namespace {

constexpr std::size_t kBlock = 512;
// Rows go round four sets of sums, so that neighbours in one bin need not wait for each other.
constexpr std::size_t kSets = 4;

using Pair = double __attribute__((vector_size(16)));
using FloatPair = float __attribute__((vector_size(8)));

/// Vectors as wide as a target's: compilers would keep wider ones in memory.
struct By4 {
  using Float = float __attribute__((vector_size(16)));
  using Int = std::int32_t __attribute__((vector_size(16)));
};
struct By8 {
  using Float = float __attribute__((vector_size(32)));
  using Int = std::int32_t __attribute__((vector_size(32)));
};

struct Gradients {
  alignas(64) float first[kBlock];
  alignas(64) float second[kBlock];
};

/// x becomes exp(x) to 2e-7 relative, for |x| <= 80: powers of two by the exponent's bits, the rest
/// by a polynomial (minimax on [-ln 2 / 2, ln 2 / 2]).
template <typename Width>
EMPTOR_INLINE void exponentiate(typename Width::Float& x) {
  using Float = typename Width::Float;
  using Int = typename Width::Int;
  constexpr float kMagic = 12582912.0F;  // 1.5 * 2^23: adding it rounds to a whole number
  const Float shifted = x * 1.44269504F + kMagic;
  Int power;
  __builtin_memcpy(&power, &shifted, sizeof power);
  power = (power - std::bit_cast<std::int32_t>(kMagic) + 127) << 23;
  const Float whole = shifted - kMagic;
  const Float r = (x - whole * 0.693359375F) + whole * 2.12194440e-4F;
  Float poly = r * 1.9875691500e-4F + 1.3981999507e-3F;
  poly = poly * r + 8.3334519073e-3F;
  poly = poly * r + 4.1665795894e-2F;
  poly = poly * r + 1.6666665459e-1F;
  poly = poly * r + 5.0000001201e-1F;
  poly = poly * r * r + r + 1.0F;
  __builtin_memcpy(&x, &power, sizeof x);
  x *= poly;
}

/// First and second derivatives of the log-likelihood of the rows.
template <typename Width>
EMPTOR_INLINE void differentiate(const float* score, const float* outcome, const float* weight,
                                 std::size_t n, Gradients& out) {
  using Float = typename Width::Float;
  constexpr std::size_t kLanes = sizeof(Float) / sizeof(float);
  const Float far = Float{} + 30.0F;
  for (std::size_t i = 0; i < n; i += kLanes) {
    // The last vector may be short; the arrays of `out` hold whole ones.
    const std::size_t bytes = std::min(kLanes, n - i) * sizeof(float);
    Float z{}, y{}, w{};
    if (bytes == sizeof(Float)) {
      __builtin_memcpy(&z, score + i, sizeof z);
      __builtin_memcpy(&y, outcome + i, sizeof y);
      __builtin_memcpy(&w, weight + i, sizeof w);
    } else {
      __builtin_memcpy(&z, score + i, bytes);
      __builtin_memcpy(&y, outcome + i, bytes);
      __builtin_memcpy(&w, weight + i, bytes);
    }
    z = -z;
    z = z > far ? far : z;
    z = z < -far ? -far : z;
    exponentiate<Width>(z);
    const Float p = 1.0F / (1.0F + z);
    const Float g = w * (y - p), h = w * (p * (1.0F - p));
    __builtin_memcpy(out.first + i, &g, sizeof g);
    __builtin_memcpy(out.second + i, &h, sizeof h);
  }
}

template <typename Width>
EMPTOR_INLINE void turn_by(const Turn& turn, std::size_t bins, double* sums) {
  alignas(64) Pair sets[kSets][kMaxBins];
  for (auto& set : sets) std::fill(set, set + bins, Pair{0, 0});
  Gradients found;
  for (std::size_t begin = 0; begin < turn.rows; begin += kBlock) {
    const std::size_t n = std::min(kBlock, turn.rows - begin);
    if (turn.last != nullptr) {
      const std::uint8_t* last = turn.last + begin;
      float* score = turn.score + begin;
      for (std::size_t i = 0; i < n; ++i) score[i] += turn.step[last[i]];
    }
    differentiate<Width>(turn.score + begin, turn.outcome + begin, turn.weight + begin, n, found);
    const std::uint8_t* next = turn.next + begin;
    for (std::size_t i = 0; i < n; ++i) {
      const FloatPair one{found.first[i], found.second[i]};
      sets[i % kSets][next[i]] += __builtin_convertvector(one, Pair);
    }
  }
  for (std::size_t b = 0; b < bins; ++b) {
    const Pair total = (sets[0][b] + sets[1][b]) + (sets[2][b] + sets[3][b]);
    sums[2 * b] += total[0];
    sums[2 * b + 1] += total[1];
  }
}

void turn_plain(const Turn& turn, std::size_t bins, double* sums) {
  turn_by<By4>(turn, bins, sums);
}

#if EMPTOR_X86_VARIANTS
__attribute__((target("avx2"))) void turn_avx2(const Turn& turn, std::size_t bins, double* sums) {
  turn_by<By8>(turn, bins, sums);
}
#endif

const BoostKernels kAll[] = {
    {"plain", turn_plain},
#if EMPTOR_X86_VARIANTS
    {"avx2", turn_avx2},
#endif
};

}  // namespace

std::span<const BoostKernels> usable_boost_kernels() noexcept {
  std::size_t usable = 1;
#if EMPTOR_X86_VARIANTS
  if (__builtin_cpu_supports("avx2")) usable = 2;
#endif
  return std::span(kAll).first(usable);
}

const BoostKernels& boost_kernels() noexcept {
  static const BoostKernels& best = usable_boost_kernels().back();
  return best;
}

void add_step(const std::uint8_t* bin, const float* step, float* score, std::size_t rows) noexcept {
  for (std::size_t i = 0; i < rows; ++i) score[i] += step[bin[i]];
}

}  // namespace emptor::learn
