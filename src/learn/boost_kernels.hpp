#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace emptor::learn {

inline constexpr std::size_t kMaxBins = 256;

/// One turn of boosting over a run of rows: the last step is added to the scores, then gradients of
/// the log-likelihood are summed by bin of the next column.
struct Turn {
  const std::uint8_t* last = nullptr;  ///< bins of the column stepped last; null: no step
  const float* step = nullptr;         ///< per bin
  const std::uint8_t* next = nullptr;  ///< bins to sum by
  const float* outcome = nullptr;      ///< 0 or 1
  const float* weight = nullptr;
  float* score = nullptr;  ///< log-odds
  std::size_t rows = 0;
};

/// Variants for what the processor offers. All give the same bits: no operation is fused and every
/// sum has the same order.
struct BoostKernels {
  const char* name;
  /// Adds to sums[2 b] w (y - p) and to sums[2 b + 1] w p (1 - p) of the rows in bin b < bins.
  void (*turn)(const Turn& turn, std::size_t bins, double* sums);
};

/// Those this processor can run, plainest first.
std::span<const BoostKernels> usable_boost_kernels() noexcept;
/// The last of them.
const BoostKernels& boost_kernels() noexcept;

/// score[i] += step[bin[i]].
void add_step(const std::uint8_t* bin, const float* step, float* score, std::size_t rows) noexcept;

}  // namespace emptor::learn
