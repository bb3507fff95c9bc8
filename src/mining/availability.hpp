#pragma once

#include "emptor/mining/bought_next.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace emptor::mining {

/// When items were on sale, as far as their sales tell: from the first to the last day somebody
/// bought them, except for visible absences. An absence is visible if so many visits (by anybody)
/// passed without the item that its own rate of sale would have brought ln(1000 n) of its n sales:
/// by chance no gap of an item is that long in 999 of 1000 items.
class Availability {
 public:
  struct Absence {
    data::Day from = 0, to = 0;  ///< first and last day without the item
  };

  explicit Availability(const PurchasesView& purchases);

  /// On sale on all days from `from` to `to`.
  [[nodiscard]] bool on_sale(std::int32_t item, data::Day from, data::Day to) const noexcept;
  [[nodiscard]] std::span<const Absence> absences(std::int32_t item) const noexcept {
    const auto i = static_cast<std::size_t>(item);
    return {absence_.data() + begin_[i], begin_[i + 1] - begin_[i]};
  }
  /// Days of absence that are needed to be visible; infinite for items sold less than twice.
  [[nodiscard]] double unseen_days(std::int32_t item) const noexcept {
    return unseen_days_[static_cast<std::size_t>(item)];
  }
  [[nodiscard]] std::size_t n_absences() const noexcept { return absence_.size(); }

 private:
  std::vector<data::Day> first_{}, last_{};  // per item
  std::vector<std::size_t> begin_{};         // per item, + 1
  std::vector<Absence> absence_{};
  std::vector<double> unseen_days_{};
};

}  // namespace emptor::mining
