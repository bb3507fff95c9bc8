#pragma once

#include "mining/occasion_pairs.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace emptor::mining {

/// What goes with an item: items that share visits with it more than usual, by two standard
/// deviations and beyond what they have with everybody. Customers are halved: what goes with one
/// item is found in one half and looked for beside another item in the other half, so that chance
/// in the one does not show in the other. (Within one half an item that takes the place of another
/// takes it beside every companion, which would make the two look unlike.)
class Companions {
 public:
  Companions(std::span<const OccasionPair> pairs, std::int32_t n_items);

  /// Of the companions of each of the two, the share that is bought beside the other one too, more
  /// than usual and more than beside others. Half of them would be by chance. Wilson's interval;
  /// NaN under 10 companions.
  struct Likeness {
    double value = 0, low = 0, high = 0;
    std::int64_t n = 0;  ///< companions looked at; one found in both halves counts twice
  };
  [[nodiscard]] Likeness likeness(std::int32_t a, std::int32_t b, double level) const;

 private:
  struct Companion {
    std::int32_t code = 0;
    std::array<double, 2> score{};  // by half, beyond usual and beyond what it has with everybody
  };
  std::vector<std::size_t> begin_{};    // per item, + 1
  std::vector<Companion> companion_{};  // by code within an item
};

}  // namespace emptor::mining
