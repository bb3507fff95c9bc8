#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace emptor::mining {

/// Random 0/1 tables of items by visits with given margins, as far as pairs of items need them: how
/// often two items share a visit on average, and with what variance. Items that are in equally many
/// visits are one class, visits of equal size too. Probabilities are those of Rasch's model (the
/// tables of the largest entropy); within a visit items compete for its places: the c solve
/// c_i (sum_j p_j c_j - p_i c_i) = 1 - p_i and two items are both in with p_i p_j (1 - c_i c_j), so
/// that the expected number of companions of every item is what its visits hold.
class RandomTable {
 public:
  /// A class of items: how many there are, and in how many visits each is (1 to visits).
  struct Items {
    int visits = 0;
    double count = 0;
  };
  /// A class of visits: how many there are, and how many items each holds.
  struct Visits {
    int size = 0;
    double count = 0;
  };
  RandomTable(std::span<const Items> items, std::span<const Visits> visits);

  [[nodiscard]] double expected(std::size_t i, std::size_t j) const noexcept {
    return expected_[i * n_ + j];
  }
  /// 0 where the margins leave nothing to chance.
  [[nodiscard]] double variance(std::size_t i, std::size_t j) const noexcept {
    return variance_[i * n_ + j];
  }

 private:
  std::size_t n_ = 0;
  std::vector<double> expected_{}, variance_{};
};

}  // namespace emptor::mining
