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

/// exp(x) to 2e-7 relative, for |x| <= 80: powers of two by the exponent's bits, the rest by a
/// polynomial (minimax on [-ln 2 / 2, ln 2 / 2]).
EMPTOR_INLINE float fast_exp(float x) {
  constexpr float kMagic = 12582912.0F;  // 1.5 * 2^23: adding it rounds to a whole number
  const float shifted = x * 1.44269504F + kMagic;
  const auto power = std::bit_cast<std::int32_t>(shifted) - std::bit_cast<std::int32_t>(kMagic);
  const float whole = shifted - kMagic;
  const float r = (x - whole * 0.693359375F) + whole * 2.12194440e-4F;
  float poly = 1.9875691500e-4F;
  poly = poly * r + 1.3981999507e-3F;
  poly = poly * r + 8.3334519073e-3F;
  poly = poly * r + 4.1665795894e-2F;
  poly = poly * r + 1.6666665459e-1F;
  poly = poly * r + 5.0000001201e-1F;
  poly = poly * r * r + r + 1.0F;
  return poly * std::bit_cast<float>((power + 127) << 23);
}

EMPTOR_INLINE void gradients(const Turn& turn, std::size_t begin, std::size_t n, float* pairs) {
  const float* score = turn.score + begin;
  const float* outcome = turn.outcome + begin;
  const float* weight = turn.weight + begin;
  for (std::size_t i = 0; i < n; ++i) {
    const float bounded = std::min(30.0F, std::max(-30.0F, score[i]));
    const float p = 1.0F / (1.0F + fast_exp(-bounded));
    pairs[2 * i] = weight[i] * (outcome[i] - p);
    pairs[2 * i + 1] = weight[i] * (p * (1.0F - p));
  }
}

EMPTOR_INLINE void turn_by(const Turn& turn, std::size_t bins, double* sums) {
  alignas(64) Pair sets[kSets][kMaxBins];
  for (auto& set : sets) std::fill(set, set + bins, Pair{0, 0});
  alignas(64) float pairs[2 * kBlock];
  for (std::size_t begin = 0; begin < turn.rows; begin += kBlock) {
    const std::size_t n = std::min(kBlock, turn.rows - begin);
    if (turn.last != nullptr) {
      const std::uint8_t* last = turn.last + begin;
      float* score = turn.score + begin;
      for (std::size_t i = 0; i < n; ++i) score[i] += turn.step[last[i]];
    }
    gradients(turn, begin, n, pairs);
    const std::uint8_t* next = turn.next + begin;
    for (std::size_t i = 0; i < n; ++i) {
      FloatPair one;
      __builtin_memcpy(&one, pairs + 2 * i, sizeof one);
      sets[i % kSets][next[i]] += __builtin_convertvector(one, Pair);
    }
  }
  for (std::size_t b = 0; b < bins; ++b) {
    const Pair total = (sets[0][b] + sets[1][b]) + (sets[2][b] + sets[3][b]);
    sums[2 * b] += total[0];
    sums[2 * b + 1] += total[1];
  }
}

void turn_plain(const Turn& turn, std::size_t bins, double* sums) { turn_by(turn, bins, sums); }

#if EMPTOR_X86_VARIANTS
__attribute__((target("avx2"))) void turn_avx2(const Turn& turn, std::size_t bins, double* sums) {
  turn_by(turn, bins, sums);
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
