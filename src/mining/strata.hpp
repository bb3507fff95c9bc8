#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace emptor::mining {

/// Baskets of two or more items, pooled by size: every size for itself while small, then ranges of
/// a fifth, with at least 50 baskets where the data have them.
struct Strata {
  std::vector<std::int32_t> of_size{};  ///< per size: its stratum; -1 for sizes 0 and 1
  std::vector<double> n{};              ///< baskets
  std::vector<double> mean_size{};
  std::vector<double> size_factor{};  ///< n sum s^2 / (sum s)^2
  [[nodiscard]] std::size_t count() const noexcept { return n.size(); }
};

/// From the number of baskets of every size, 0 on.
Strata make_strata(const std::vector<double>& baskets_of_size);

/// Items of a basket of a given size compete for its places: given shares p of a stratum's baskets,
/// two items are both in p_i p_j (1 - c_i c_j) of them. The c are the ones for which the expected
/// number of other items in the baskets with item i is their mean size less one, for every i:
/// c_i (sum_j p_j c_j - p_i c_i) = 1 / k - p_i, with k the size_factor. (For p to 0 this is Hajek's
/// 1964 approximation, c_i^2 = (1 - p_i)^2 / sum p (1 - p).) Items too rare to be ranked have a
/// share near 0. `share` and `places` are laid out [rank * strata + h]; fills the c of stratum h.
void places_taken(const Strata& strata, std::size_t h, std::span<const double> share,
                  std::span<double> places);

}  // namespace emptor::mining
