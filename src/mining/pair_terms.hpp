#pragma once

#include "mining/pair_kernels.hpp"
#include "mining/pair_windows.hpp"
#include "mining/rates.hpp"
#include "mining/visits.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace emptor::mining::next {

/// What the windows of one customer say of one consequent: a term per window, and one of zeros
/// for who has none. Terms of timing are zero where the customer does not inform the test.
class WindowTerms {
 public:
  WindowTerms(const Visits& visits, const Windows& windows, const Rates& rates)
      : visits_(visits), windows_(windows), rates_(rates), probability_(rates) {}

  /// Chooses consequent b of the rates, and no customer.
  void choose(std::size_t b);
  /// Terms of a customer who has windows and bought the consequent on the visits `on`, ascending
  /// and at least one.
  void fill(std::size_t customer, std::span<const std::int32_t> on);
  [[nodiscard]] std::span<const Term> terms() const noexcept { return terms_; }

 private:
  /// Sums over a customer's visits before one of them.
  struct Before {
    double share = 0, expected = 0;
    std::int32_t with = 0;  // visits with the consequent
  };

  const Visits& visits_;
  const Windows& windows_;
  const Rates& rates_;
  std::vector<double> share_;    // per bin, of the consequent
  ItemProbability probability_;  // ... of the consequent
  std::vector<Before> before_;   // visits + 1
  std::vector<Term> terms_;
};

}  // namespace emptor::mining::next
