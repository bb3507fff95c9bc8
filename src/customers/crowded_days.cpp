#include "customers/crowded_days.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace emptor::customers {
namespace {

constexpr double kMostDays = 0.999999;  // every day: the ratio of days is then 1 at any factor
constexpr double kFewestDays = 1e-12;
constexpr double kLargestFactor = 1000;

}  // namespace

double day_ratio(double factor, double days) {
  if (days < kFewestDays) return factor;
  const double share = std::min(days, kMostDays);
  return -std::expm1(factor * std::log1p(-share)) / share;
}

double purchase_factor(std::span<const double> days, std::span<const double> count, double change) {
  double total = 0;
  for (std::size_t i = 0; i < days.size(); ++i) total += count[i] * days[i];
  if (!(total > 0) || !(change > 0)) return change;
  const auto ratio = [&](double factor) {
    double sum = 0;
    for (std::size_t i = 0; i < days.size(); ++i)
      sum += count[i] * days[i] * day_ratio(factor, days[i]);
    return sum / total;
  };
  // The root lies on the far side of 1 from `change`, as days change less than purchases.
  double low = change < 1 ? 0 : 1, high = change < 1 ? 1 : kLargestFactor;
  for (int i = 0; i < 60 && high - low > 1e-9 * high; ++i) {
    const double middle = (low + high) / 2;
    (ratio(middle) < change ? low : high) = middle;
  }
  return (low + high) / 2;
}

}  // namespace emptor::customers
