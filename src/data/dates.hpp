#pragma once

#include "emptor/data/calendar.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace emptor::data {

/// A date as written, before any zone is applied.
struct ParsedDate {
  Day day = 0;
  std::int64_t time_of_day = 0;  ///< microseconds since midnight
  std::int64_t offset = 0;       ///< microseconds east of UTC
  bool has_time = false;
  bool has_offset = false;
  friend bool operator==(const ParsedDate&, const ParsedDate&) = default;
};

/// The order in which a date's parts are written; the time of day after it is optional.
enum class DateOrder : std::uint8_t {
  year_first,       ///< 2011-12-09, 2011/12/9
  compact,          ///< 20111209
  named,            ///< 9 Dec 2011, 09-Dec-11, December 9, 2011
  day_month_year,   ///< 09/12/2011
  month_day_year,   ///< 12/09/2011
  day_month_short,  ///< 09/12/11
  month_day_short,  ///< 12/09/11
  year_short,       ///< 11/12/09
};

/// Which family a text belongs to by its looks.
enum class DateShape : std::uint8_t { none, year_first, compact, named, year_last, short_year };
DateShape date_shape(std::string_view text) noexcept;

/// Reads a date and what follows of a time: [T ,]HH:MM[:SS[.ffffff]] [am|pm] [Z|UTC|+HH[:MM]].
/// False if it is not one, or no such day exists.
bool parse_date_in(std::string_view text, DateOrder order, ParsedDate& out) noexcept;

/// A format in the words of strptime: %Y %y %m %d %e %b %B %a %A %H %I %M %S %f %p %z %j %F %T %D
/// %R %%.
class DateFormat {
 public:
  /// @throws InvalidArgument for directives that are not known, or a date that is not whole.
  explicit DateFormat(std::string_view format);
  [[nodiscard]] bool parse(std::string_view text, ParsedDate& out) const noexcept;
  [[nodiscard]] const std::string& text() const noexcept { return format_; }

 private:
  std::string format_;
  std::string expanded_;
};

/// How an order is written as a format, for messages: "%d/%m/%Y".
std::string_view format_of(DateOrder order) noexcept;

}  // namespace emptor::data
