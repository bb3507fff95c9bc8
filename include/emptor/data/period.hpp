#pragma once

#include "emptor/core/export.hpp"
#include "emptor/data/calendar.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace emptor::data {

/// The periods sums are made by: calendar periods, or those of a firm's own year.
///
/// A fiscal year begins with a month ("quarter from February"), or has whole weeks, so that every
/// period begins on the same weekday ("month of 4-4-5 years to the last Saturday of January").
/// Years of whole weeks have 52 or 53; the 53rd belongs to the last month and quarter. Weeks are
/// ISO weeks that begin on Monday where nothing else is said ("week from Sunday").
struct Period {
  enum class Unit : std::uint8_t { day, week, month, quarter, year };
  /// The months of a quarter in weeks; `none` is calendar months.
  enum class Weeks : std::uint8_t { none, w445, w454, w544 };
  /// A year of whole weeks ends on a weekday: the last of its last month, or the one nearest to
  /// that month's end, which may lie in the month after.
  enum class YearEnd : std::uint8_t { last, nearest };

  Unit unit = Unit::month;
  int first_month = 1;    ///< the month years and quarters begin with: 2 is February
  int first_weekday = 0;  ///< the weekday weeks begin on: 0 is Monday
  Weeks weeks = Weeks::none;
  YearEnd year_end = YearEnd::last;

  static const Period day, week, month, quarter, year;
  friend bool operator==(const Period&, const Period&) = default;
};
inline constexpr Period Period::day{Period::Unit::day};
inline constexpr Period Period::week{Period::Unit::week};
inline constexpr Period Period::month{Period::Unit::month};
inline constexpr Period Period::quarter{Period::Unit::quarter};
inline constexpr Period Period::year{Period::Unit::year};

/// Reads "day", "week", "month", "quarter" and "year", "week from Sunday", "quarter from February",
/// "year from April", "month of 4-4-5 years to the last Saturday of January" and "... to the
/// Saturday nearest the end of January" (4-4-5, 4-5-4 or 5-4-4; week, month, quarter or year).
/// @throws InvalidArgument with the forms that can be written; `argument` names the argument.
EMPTOR_EXPORT Period parse_period(std::string_view text, std::string_view argument = "period");
/// What parse_period reads back.
EMPTOR_EXPORT std::string to_string(const Period& period);

/// The first day of the period `day` lies in.
EMPTOR_EXPORT Day period_start(Day day, const Period& period) noexcept;
/// The first day of the period that comes `count` after the one that starts at `start`.
EMPTOR_EXPORT Day next_period(Day start, const Period& period, int count = 1) noexcept;
/// How many periods after that of `start` is that of `end`?
EMPTOR_EXPORT int periods_between(Day start, Day end, const Period& period) noexcept;
/// Number of each day's period in a count without gaps; kNoDay for kNoDay.
EMPTOR_EXPORT std::vector<std::int32_t> period_numbers(std::span<const Day> days,
                                                       const Period& period);
/// First day of each of these periods.
EMPTOR_EXPORT std::vector<Day> period_starts(std::span<const std::int32_t> numbers,
                                             const Period& period);

}  // namespace emptor::data
