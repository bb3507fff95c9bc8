#pragma once

#include "emptor/data/calendar.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

namespace emptor::data {

// Days are kept inside what an int32 holds, apart from kNoDay.
inline Day clamped(std::int64_t day) noexcept {
  constexpr std::int64_t kLast = std::numeric_limits<Day>::max();
  return static_cast<Day>(std::clamp<std::int64_t>(day, kNoDay + 1, kLast));
}

struct YearMonthDay {
  std::int64_t year;
  int month;
  int day;
};

// Both ways between days and the proleptic Gregorian calendar, by eras of 400 years that begin on
// a 1 March, so that the leap day comes last (Hinnant, "chrono-compatible low-level date
// algorithms").
inline YearMonthDay civil_of(std::int64_t day) noexcept {
  const std::int64_t z = day + 719468;
  const std::int64_t era = (z >= 0 ? z : z - 146096) / 146097;
  const std::int64_t doe = z - era * 146097;
  const std::int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
  const std::int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
  const int mp = static_cast<int>((5 * doy + 2) / 153);
  const int month = mp < 10 ? mp + 3 : mp - 9;
  return {yoe + era * 400 + (month <= 2 ? 1 : 0), month,
          static_cast<int>(doy - (153 * mp + 2) / 5 + 1)};
}

inline std::int64_t day_of(std::int64_t year, int month, int day) noexcept {
  const std::int64_t y = year - (month <= 2 ? 1 : 0);
  const std::int64_t era = (y >= 0 ? y : y - 399) / 400;
  const std::int64_t yoe = y - era * 400;
  const std::int64_t doy = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

// Months since year 0, and back.
inline std::int64_t month_index(const YearMonthDay& date) noexcept {
  return date.year * 12 + date.month - 1;
}
inline std::int64_t floor_divide(std::int64_t a, std::int64_t b) noexcept {
  return a / b - (a % b < 0 ? 1 : 0);
}

inline std::string found(std::string_view text) {
  return "'" + std::string(text.substr(0, 40)) + (text.size() > 40 ? "...'" : "'");
}

inline std::string_view trimmed(std::string_view text) noexcept {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

}  // namespace emptor::data
