#include "customers/occasions_view.hpp"

#include "emptor/core/error.hpp"

#include "core/median.hpp"

#include <cmath>
#include <string>
#include <utility>
#include <vector>

namespace emptor::customers {

void check(const OccasionsView& view, std::string_view function) {
  const auto fail = [&](const std::string& what) {
    throw InvalidArgument(std::string(function) + ": " + what);
  };
  if (view.day.size() != view.spend.size())
    fail("day has " + std::to_string(view.day.size()) + " values and spend " +
         std::to_string(view.spend.size()) + "; give one of each per occasion");
  if (view.customer_begin.empty()) {
    if (!view.day.empty()) fail("customer_begin is empty; give customers + 1 offsets");
    return;
  }
  if (view.customer_begin.front() != 0 ||
      view.customer_begin.back() != static_cast<std::int64_t>(view.day.size()))
    fail("customer_begin must start at 0 and end at the number of occasions, " +
         std::to_string(view.day.size()));
  for (std::size_t c = 0; c + 1 < view.customer_begin.size(); ++c) {
    if (view.customer_begin[c + 1] < view.customer_begin[c])
      fail("customer_begin falls after customer " + std::to_string(c));
    for (auto i = static_cast<std::size_t>(view.customer_begin[c]);
         i < static_cast<std::size_t>(view.customer_begin[c + 1]); ++i) {
      if (i > static_cast<std::size_t>(view.customer_begin[c]) && view.day[i] <= view.day[i - 1])
        fail("day must rise within a customer; occasion " + std::to_string(i) + " does not");
      if (!(view.spend[i] > 0) || !std::isfinite(view.spend[i]))
        fail("spend must be above 0 and finite; occasion " + std::to_string(i) + " is not");
    }
  }
}

double median_gap(const OccasionsView& occasions, std::size_t customer, data::Day until) {
  std::vector<double> gaps;
  const auto end = static_cast<std::size_t>(occasions.customer_begin[customer + 1]);
  for (auto i = static_cast<std::size_t>(occasions.customer_begin[customer]) + 1;
       i < end && occasions.day[i] <= until; ++i)
    gaps.push_back(occasions.day[i] - occasions.day[i - 1]);
  return core::median(std::move(gaps));
}

}  // namespace emptor::customers
