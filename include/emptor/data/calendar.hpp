#pragma once

#include "emptor/core/export.hpp"

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace emptor::data {

/// A civil day: days since 1970-01-01.
using Day = std::int32_t;
inline constexpr Day kNoDay = std::numeric_limits<Day>::min();

/// A length of time with its unit. A window after a day is (day, day + span].
struct Span {
  enum class Unit : std::uint8_t { days, weeks, months, years };
  int count = 0;
  Unit unit = Unit::days;
  friend bool operator==(const Span&, const Span&) = default;
};

/// Reads "90 days", "6 months", "1 year", "2 weeks", also without the blank ("90d", "6m" is
/// months).
/// @throws InvalidArgument with the forms that can be written; `argument` names the argument.
EMPTOR_EXPORT Span parse_span(std::string_view text, std::string_view argument = "span");
EMPTOR_EXPORT std::string to_string(const Span& span);

/// day + count months, clamped to the month's last day and never snapped: 01-31 + 1 month is 02-28
/// (or 29), 02-28 + 6 months is 08-28.
EMPTOR_EXPORT Day add_months(Day day, int months) noexcept;
EMPTOR_EXPORT Day add(Day day, const Span& span) noexcept;
EMPTOR_EXPORT Day subtract(Day day, const Span& span) noexcept;
/// The length of a span in days, months as 365.2425 / 12: for rates, not for dates.
EMPTOR_EXPORT double mean_days(const Span& span) noexcept;

struct CivilDate {
  int year = 1970;
  int month = 1;
  int day = 1;
};
EMPTOR_EXPORT CivilDate civil(Day day) noexcept;
EMPTOR_EXPORT Day from_civil(int year, int month, int day) noexcept;
/// 0 is Monday.
EMPTOR_EXPORT int weekday(Day day) noexcept;
/// "2011-12-09"
EMPTOR_EXPORT std::string iso_date(Day day);
/// Reads "2011-12-09". @throws InvalidArgument naming `argument`.
EMPTOR_EXPORT Day parse_date(std::string_view text, std::string_view argument = "date");

/// A time zone as its table of changes: from `utc[i]` microseconds on, local time is UTC plus
/// `offset[i]` microseconds. Empty is UTC. Python fills it from zoneinfo.
struct TimeZone {
  std::string name = "UTC";
  std::vector<std::int64_t> utc{};
  std::vector<std::int64_t> offset{};
  /// Local wall clock of an instant, microseconds.
  [[nodiscard]] EMPTOR_EXPORT std::int64_t to_local(std::int64_t utc_us) const noexcept;
  /// What a wall clock that a change skips (gap) or shows twice (overlap) was read as.
  enum class Reading : std::uint8_t { plain, gap, overlap };
  /// The instant of a wall clock, fold 0. `reading` tells of gaps and overlaps if not null.
  [[nodiscard]] EMPTOR_EXPORT std::int64_t to_utc(std::int64_t local_us,
                                                  Reading* reading = nullptr) const noexcept;
};

}  // namespace emptor::data
