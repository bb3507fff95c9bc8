#include "emptor/customers/occasions.hpp"

#include "emptor/core/error.hpp"

#include <cmath>
#include <string>

namespace emptor::customers {

Occasions occasions(const data::Sales& sales, std::string_view function) {
  const data::Lines& lines = sales.lines(function);
  Occasions result;
  const std::size_t n = lines.customer_begin.empty() ? 0 : lines.customer_begin.size() - 1;
  result.customer_begin.assign(1, 0);
  result.customer_begin.reserve(n + 1);
  result.net.reserve(n);
  for (std::size_t c = 0; c < n; ++c) {
    const auto end = static_cast<std::size_t>(lines.customer_begin[c + 1]);
    data::Money net = 0;
    for (auto i = static_cast<std::size_t>(lines.customer_begin[c]); i < end;) {
      const data::Day day = lines.day[i];
      data::Money bought = 0;
      for (; i < end && lines.day[i] == day; ++i) {
        net += lines.amount[i];
        if (lines.is_goods_purchase(i)) bought += lines.amount[i];
      }
      if (bought > 0) {
        result.day.push_back(day);
        result.spend.push_back(data::to_double(bought));
      }
    }
    result.net.push_back(data::to_double(net));
    result.customer_begin.push_back(static_cast<std::int64_t>(result.day.size()));
  }
  return result;
}

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

}  // namespace emptor::customers
