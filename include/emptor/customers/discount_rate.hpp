#pragma once

#include "emptor/core/export.hpp"
#include "emptor/data/calendar.hpp"

#include <string>
#include <string_view>

namespace emptor::customers {

/// By how much less money counts that comes a span of time later: `rate` 0.1 per year says that 110
/// in a year count as 100 today.
struct DiscountRate {
  double rate = 0;
  data::Span::Unit per = data::Span::Unit::years;
  /// The rate that, compounded without pause, comes to the same: ln(1 + rate) per `unit`.
  [[nodiscard]] EMPTOR_EXPORT double continuous(data::Span::Unit unit) const noexcept;
};

/// Reads "10 % a year", "1 % a month", "0.15 % per week".
/// @throws InvalidArgument with the forms that can be written; `argument` names the argument.
EMPTOR_EXPORT DiscountRate parse_discount_rate(std::string_view text,
                                               std::string_view argument = "discount");
EMPTOR_EXPORT std::string to_string(const DiscountRate& discount);

}  // namespace emptor::customers
