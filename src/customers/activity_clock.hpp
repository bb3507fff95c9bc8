#pragma once

#include "customers/decline_cohort.hpp"

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

namespace emptor::customers {

/// Time from the baseline's first day to the window's last, in days of average activity: a day on
/// which the market buys half as much as usual counts half.
class ActivityClock {
 public:
  /// `market` is the level of the window's days, the days of the baseline being 1 on average.
  ActivityClock(const DeclineWindows& w, const DeclineActivity& activity, double market)
      : first_(w.baseline.first), last_(w.window.last) {
    until_.reserve(static_cast<std::size_t>(last_ - first_ + 2));
    until_.push_back(0);
    for (data::Day day = first_; day <= last_; ++day) {
      double pace = 1;  // of days between the two windows
      if (day <= w.baseline.last)
        pace = activity.baseline[static_cast<std::size_t>(day - first_)];
      else if (day >= w.window.first)
        pace = market * activity.window_days[static_cast<std::size_t>(day - w.window.first)];
      until_.push_back(until_.back() + pace);
    }
  }
  [[nodiscard]] data::Day first() const noexcept { return first_; }
  [[nodiscard]] data::Day last() const noexcept { return last_; }
  /// Activity of the days after `from`, up to and with `to`.
  [[nodiscard]] double between(data::Day from, data::Day to) const noexcept {
    return until_[static_cast<std::size_t>(to - first_ + 1)] -
           until_[static_cast<std::size_t>(from - first_ + 1)];
  }

 private:
  data::Day first_, last_;
  std::vector<double> until_;
};

/// A customer's occasions from the baseline's first day to the window's last.
inline std::span<const data::Day> recent_days(const OccasionsView& occasions, std::int32_t code,
                                              const ActivityClock& clock) {
  const auto c = static_cast<std::size_t>(code);
  const auto begin = occasions.day.begin() + occasions.customer_begin[c];
  const auto end = occasions.day.begin() + occasions.customer_begin[c + 1];
  return {std::lower_bound(begin, end, clock.first()), std::upper_bound(begin, end, clock.last())};
}

}  // namespace emptor::customers
