#pragma once

#include "mining/pair_kernels.hpp"
#include "mining/pair_windows.hpp"
#include "mining/rates.hpp"
#include "mining/visits.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace emptor::mining::next {

/// Expected visits of every window with each of 16 neighbouring consequents: small enough to stay
/// near the processor while the scattered rows of all antecedents' buyers are summed.
class ExpectedBlock {
 public:
  ExpectedBlock(const Visits& visits, const Windows& windows, const Rates& rates,
                const Kernels& kernels);

  /// Fills the table for consequents [first, first + width), width at most 16.
  void fill(std::size_t first, std::size_t width);
  [[nodiscard]] Sixteen sum(const std::vector<std::int32_t>& rows) const {
    Sixteen total;
    kernels_.sum_rows(table_, rows.data(), rows.size(), total);
    return total;
  }
  [[nodiscard]] const float* row(std::size_t r) const noexcept { return table_ + r * 16; }

 private:
  const Visits& visits_;
  const Windows& windows_;
  const Rates& rates_;
  const Kernels& kernels_;
  std::vector<float> memory_;
  float* table_;                    // rows x 16, a row per cache line
  std::vector<float> probability_;  // kinds of visits x 16
  std::vector<double> before_;      // (visits of a customer + 1) x 16
};

}  // namespace emptor::mining::next
