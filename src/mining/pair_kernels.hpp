#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace emptor::mining::next {

/// Sixteen neighbouring consequents, worked on as one vector. Sums are in single precision over
/// short runs and in double over the runs: exact enough at half the memory traffic.
struct Sixteen {
  alignas(64) std::array<float, 16> sum{};
  alignas(64) std::array<float, 16> squares{};
};

/// Inner loops in variants for what the processor offers. All give the same bits: lanes do not mix.
struct Kernels {
  const char* name;
  /// Sums, and sums of squares, of rows of a table of 16 aligned columns.
  void (*sum_rows)(const float* table, const std::int32_t* rows, std::size_t n, Sixteen& total);
  /// after = before + row[level] for 16 columns.
  void (*add_levels)(const double* before, const float* row, const std::uint32_t* level,
                     double* after);
  /// out = to - from for 16 columns.
  void (*subtract)(const double* to, const double* from, float* out);
};

/// Those this processor can run, plainest first.
std::span<const Kernels> usable_kernels() noexcept;
/// The last of them.
const Kernels& kernels() noexcept;

}  // namespace emptor::mining::next
