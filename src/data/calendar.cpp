#include "emptor/data/calendar.hpp"

#include "emptor/core/error.hpp"

#include "data/civil.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <string>
#include <utility>

namespace emptor::data {
namespace {

int month_length(std::int64_t year, int month) noexcept {
  constexpr std::array<int, 12> lengths{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return lengths[static_cast<std::size_t>(month - 1)] + (month == 2 && leap ? 1 : 0);
}

Day in_month(std::int64_t index, int day) noexcept {
  const std::int64_t year = floor_divide(index, 12);
  const int month = static_cast<int>(index - year * 12) + 1;
  return clamped(day_of(year, month, std::min(day, month_length(year, month))));
}

// How a unit can be written, first its name.
constexpr std::array<std::pair<std::string_view, Span::Unit>, 16> kUnits{{
    {"days", Span::Unit::days},
    {"day", Span::Unit::days},
    {"d", Span::Unit::days},
    {"D", Span::Unit::days},
    {"weeks", Span::Unit::weeks},
    {"week", Span::Unit::weeks},
    {"w", Span::Unit::weeks},
    {"W", Span::Unit::weeks},
    {"months", Span::Unit::months},
    {"month", Span::Unit::months},
    {"m", Span::Unit::months},
    {"M", Span::Unit::months},
    {"years", Span::Unit::years},
    {"year", Span::Unit::years},
    {"y", Span::Unit::years},
    {"Y", Span::Unit::years},
}};

}  // namespace

Span parse_span(std::string_view text, std::string_view argument) {
  const std::string_view trim = trimmed(text);
  int count = 0;
  const auto number = std::from_chars(trim.data(), trim.data() + trim.size(), count);
  const auto rest = trimmed(trim.substr(static_cast<std::size_t>(number.ptr - trim.data())));
  if (number.ec == std::errc() && count > 0) {
    for (const auto& [name, unit] : kUnits) {
      // A hundred centuries, so that no sum of days overflows.
      const int limit = unit == Span::Unit::days     ? 3'652'425
                        : unit == Span::Unit::weeks  ? 521'775
                        : unit == Span::Unit::months ? 120'000
                                                     : 10'000;
      if (rest == name && count <= limit) return {count, unit};
    }
  }
  throw InvalidArgument(std::string(argument) + ": " + found(text) +
                        " is not a length of time; write \"90 days\", \"2 weeks\", \"6 months\" or "
                        "\"1 year\"");
}

std::string to_string(const Span& span) {
  constexpr std::array<std::string_view, 4> names{"day", "week", "month", "year"};
  return std::to_string(span.count) + " " +
         std::string(names[static_cast<std::size_t>(span.unit)]) + (span.count == 1 ? "" : "s");
}

Day add_months(Day day, int months) noexcept {
  if (day == kNoDay) return kNoDay;
  const YearMonthDay date = civil_of(day);
  return in_month(month_index(date) + months, date.day);
}

Day add(Day day, const Span& span) noexcept {
  if (day == kNoDay) return kNoDay;
  const std::int64_t count = span.count;
  switch (span.unit) {
    case Span::Unit::days:
      return clamped(day + count);
    case Span::Unit::weeks:
      return clamped(day + 7 * count);
    case Span::Unit::months:
      return add_months(day, span.count);
    case Span::Unit::years:
      break;
  }
  const YearMonthDay date = civil_of(day);
  return in_month(month_index(date) + 12 * count, date.day);
}

Day subtract(Day day, const Span& span) noexcept { return add(day, {-span.count, span.unit}); }

double mean_days(const Span& span) noexcept {
  constexpr std::array<double, 4> days{1, 7, 365.2425 / 12, 365.2425};
  return span.count * days[static_cast<std::size_t>(span.unit)];
}

CivilDate civil(Day day) noexcept {
  const YearMonthDay date = civil_of(day);
  return {static_cast<int>(date.year), date.month, date.day};
}

Day from_civil(int year, int month, int day) noexcept { return clamped(day_of(year, month, day)); }

int weekday(Day day) noexcept {
  // 1970-01-01 was a Thursday.
  const std::int64_t since_monday = std::int64_t{day} + 3;
  return static_cast<int>(since_monday - 7 * floor_divide(since_monday, 7));
}

std::string iso_date(Day day) {
  if (day == kNoDay) return {};
  const CivilDate date = civil(day);
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02d-%02d", date.year, date.month, date.day);
  return text.data();
}

Day parse_date(std::string_view text, std::string_view argument) {
  const std::string_view trim = trimmed(text);
  const auto digits = [&](std::size_t begin, std::size_t size) {
    int value = 0;
    for (std::size_t i = begin; i < begin + size; ++i) {
      if (trim[i] < '0' || trim[i] > '9') return -1;
      value = 10 * value + (trim[i] - '0');
    }
    return value;
  };
  if (trim.size() == 10 && trim[4] == '-' && trim[7] == '-') {
    const int year = digits(0, 4);
    const int month = digits(5, 2);
    const int day = digits(8, 2);
    if (year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= month_length(year, month)) {
      return from_civil(year, month, day);
    }
  }
  throw InvalidArgument(std::string(argument) + ": " + found(text) +
                        " is not a date; write it as \"2011-12-09\"");
}

namespace {

// Which row of the table is in force at an instant; the first row also before it.
std::size_t row_at(const std::vector<std::int64_t>& utc, std::int64_t instant) noexcept {
  const auto after = std::upper_bound(utc.begin(), utc.end(), instant);
  return after == utc.begin() ? 0 : static_cast<std::size_t>(after - utc.begin()) - 1;
}

}  // namespace

std::int64_t TimeZone::to_local(std::int64_t utc_us) const noexcept {
  return utc.empty() ? utc_us : utc_us + offset[row_at(utc, utc_us)];
}

std::int64_t TimeZone::to_utc(std::int64_t local_us, Reading* reading) const noexcept {
  const auto as = [&](Reading what, std::int64_t instant) {
    if (reading != nullptr) *reading = what;
    return instant;
  };
  if (utc.empty()) return as(Reading::plain, local_us);
  // Offsets are shorter than a day, so the wall clock was read no earlier than 25 hours before the
  // same reading in UTC. From there on the first row that holds at its own reading is the earlier
  // of two (fold 0).
  constexpr std::int64_t kLongest = 25 * std::int64_t{3'600'000'000};
  for (std::size_t row = row_at(utc, local_us - kLongest);; ++row) {
    const std::int64_t instant = local_us - offset[row];
    const bool last = row + 1 == utc.size();
    if (!last && instant >= utc[row + 1]) continue;
    // Between two rows neither of which holds: the clock jumped over it. PEP 495 reads it with the
    // offset from before the jump.
    if (row > 0 && instant < utc[row]) return as(Reading::gap, local_us - offset[row - 1]);
    const bool again = !last && local_us - offset[row + 1] >= utc[row + 1];
    return as(again ? Reading::overlap : Reading::plain, instant);
  }
}

}  // namespace emptor::data
