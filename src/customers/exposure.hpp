#pragma once

#include "emptor/data/calendar.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace emptor::customers {

/// A customer's occasions after the first, within the baseline: days since its start, ascending.
/// `entry` is the baseline day of the first occasion ever, or -1 if that came before.
struct BaselineHistory {
  int entry = -1;
  std::span<const data::Day> days{};  ///< civil days; later than the entry
};

/// The market's activity on each day of the baseline, mean 1, from the customers' own occasions:
/// given how many occasions a customer had after the entry, their days are independent draws with
/// density proportional to the market's activity (order statistics of a Poisson process), whatever
/// his rate. Constant within runs of seven days counted back from the end, and drawn towards 1
/// where occasions are few. `start` is the first day of the baseline, `length` its days.
std::vector<double> market_profile(std::span<const BaselineHistory> customers, data::Day start,
                                   int length);

/// The season: expected activity of a day relative to the trend, for the days asked for.
class Season {
 public:
  Season() = default;
  /// Fits the occasions per day of all customers from `first` on: a log-linear model of weekday,
  /// three yearly harmonics and a quadratic trend. Left unknown (see known()) unless the days span
  /// two years: season and trend could not be told apart.
  Season(data::Day first, std::span<const double> occasions_per_day);
  [[nodiscard]] bool known() const noexcept { return !coefficients_.empty(); }
  [[nodiscard]] double at(data::Day day) const;  ///< 1 where not known

 private:
  std::vector<double> coefficients_{};
};

/// How much more than a Poisson process occasions scatter within the baseline, at least 1. Each
/// customer's exposure is cut into `parts` of equal activity; the squared deviations of the counts
/// in them are summed over customers and divided by what constant rates would give, given the
/// counts' sums. Customers exposed for less than `min_exposure` are left out.
struct Dispersion {
  double phi = 1;
  double raw = 1;  ///< before it is held above 1
  std::int64_t n = 0;
};
Dispersion dispersion(std::span<const BaselineHistory> customers, data::Day start,
                      std::span<const double> activity, int parts, double min_exposure);

}  // namespace emptor::customers
