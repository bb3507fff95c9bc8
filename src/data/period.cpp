#include "emptor/data/period.hpp"

#include "emptor/core/error.hpp"

#include "data/civil.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>

namespace emptor::data {
namespace {

using Unit = Period::Unit;
using Weeks = Period::Weeks;
using YearEnd = Period::YearEnd;

constexpr std::array<std::string_view, 5> kUnits{"day", "week", "month", "quarter", "year"};
constexpr std::array<std::string_view, 7> kWeekdays{"Monday", "Tuesday",  "Wednesday", "Thursday",
                                                    "Friday", "Saturday", "Sunday"};
constexpr std::array<std::string_view, 12> kMonths{"January",   "February", "March",    "April",
                                                   "May",       "June",     "July",     "August",
                                                   "September", "October",  "November", "December"};
constexpr std::array<std::string_view, 4> kPatterns{"", "4-4-5", "4-5-4", "5-4-4"};
// Weeks before each month of a year, by pattern.
constexpr std::array<std::array<int, 12>, 4> kWeeksBefore{{
    {},
    {0, 4, 8, 13, 17, 21, 26, 30, 34, 39, 43, 47},
    {0, 4, 9, 13, 17, 22, 26, 30, 35, 39, 43, 48},
    {0, 5, 9, 13, 18, 22, 26, 31, 35, 39, 44, 48},
}};

int months_in(Unit unit) noexcept {
  return unit == Unit::month ? 1 : unit == Unit::quarter ? 3 : 12;
}

// ---- years of whole weeks -----------------------------------------------------------------------

// The first day of the year that begins about the first of its first month of calendar year `year`.
std::int64_t year_begins(std::int64_t year, const Period& p) noexcept {
  const std::int64_t month_end = day_of(year, p.first_month, 1) - 1;
  const int last_weekday = (p.first_weekday + 6) % 7;
  const std::int64_t since_monday = month_end + 3;  // 1970-01-01 was a Thursday
  const std::int64_t weekday = since_monday - 7 * floor_divide(since_monday, 7);
  const std::int64_t back = (weekday - last_weekday + 7) % 7;
  const bool later = p.year_end == YearEnd::nearest && back > 3;
  return month_end - back + (later ? 7 : 0) + 1;
}

struct YearWeek {
  std::int64_t year;
  std::int64_t week;
};
YearWeek year_week(std::int64_t day, const Period& p) noexcept {
  std::int64_t year = civil_of(day).year;
  while (year_begins(year + 1, p) <= day) ++year;
  while (year_begins(year, p) > day) --year;
  return {year, (day - year_begins(year, p)) / 7};
}

std::int64_t month_of_weeks(std::int64_t day, const Period& p) noexcept {
  const YearWeek at = year_week(day, p);
  const auto& before = kWeeksBefore[static_cast<std::size_t>(p.weeks)];
  std::int64_t month = 11;
  while (before[static_cast<std::size_t>(month)] > at.week) --month;
  return 12 * at.year + month;
}

std::int64_t month_of_weeks_begins(std::int64_t month, const Period& p) noexcept {
  const std::int64_t year = floor_divide(month, 12);
  const auto& before = kWeeksBefore[static_cast<std::size_t>(p.weeks)];
  return year_begins(year, p) + 7 * before[static_cast<std::size_t>(month - 12 * year)];
}

// ---- periods as numbers -------------------------------------------------------------------------

// Days from 1970-01-01 to the first weekday that weeks count from: -3 is Monday 1969-12-29.
std::int64_t week_zero(const Period& p) noexcept { return p.first_weekday - 3; }

std::int64_t number_of(std::int64_t day, const Period& p) noexcept {
  if (p.unit == Unit::day) return day;
  if (p.unit == Unit::week) return floor_divide(day - week_zero(p), 7);
  const std::int64_t month = p.weeks != Weeks::none
                                 ? month_of_weeks(day, p)
                                 : month_index(civil_of(day)) - (p.first_month - 1);
  return floor_divide(month, months_in(p.unit));
}

std::int64_t begins(std::int64_t number, const Period& p) noexcept {
  if (p.unit == Unit::day) return number;
  if (p.unit == Unit::week) return 7 * number + week_zero(p);
  const std::int64_t month = number * months_in(p.unit);
  if (p.weeks != Weeks::none) return month_of_weeks_begins(month, p);
  const std::int64_t index = month + p.first_month - 1;
  const std::int64_t year = floor_divide(index, 12);
  return day_of(year, static_cast<int>(index - 12 * year) + 1, 1);
}

// ---- text ---------------------------------------------------------------------------------------

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  bool open = false;
  for (const char c : text) {
    if (c == ' ') {
      open = false;
      continue;
    }
    if (!open) words.emplace_back();
    open = true;
    words.back() += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return words;
}

template <std::size_t N>
std::optional<int> named(const std::array<std::string_view, N>& names, std::string_view word) {
  for (std::size_t i = 0; i < N; ++i) {
    const auto same = [](char a, char b) {
      return std::tolower(static_cast<unsigned char>(a)) == static_cast<unsigned char>(b);
    };
    if (!names[i].empty() &&
        std::equal(names[i].begin(), names[i].end(), word.begin(), word.end(), same)) {
      return static_cast<int>(i);
    }
  }
  return std::nullopt;
}

// What follows "of": a pattern, "years to the", and the day the years end on.
bool read_weeks(std::span<const std::string> words, Period& p) {
  if (words.size() < 7 || words[1] != "years" || words[2] != "to" || words[3] != "the")
    return false;
  const auto pattern = named(kPatterns, words[0]);
  const bool last = words[4] == "last";
  const auto weekday = named(kWeekdays, words[last ? 5 : 4]);
  const auto month = named(kMonths, words.back());
  if (!pattern || !weekday || !month) return false;
  const auto rest = words.subspan(last ? 6 : 5, words.size() - 1 - (last ? 6 : 5));
  const std::array<std::string_view, 4> nearest{"nearest", "the", "end", "of"};
  const bool fits = last ? rest.size() == 1 && rest[0] == "of"
                         : std::equal(rest.begin(), rest.end(), nearest.begin(), nearest.end());
  p.weeks = static_cast<Weeks>(*pattern);
  p.year_end = last ? YearEnd::last : YearEnd::nearest;
  p.first_weekday = (*weekday + 1) % 7;
  p.first_month = (*month + 1) % 12 + 1;
  return fits;
}

bool read_period(std::span<const std::string> words, Period& p) {
  const auto unit = words.empty() ? std::nullopt : named(kUnits, words[0]);
  if (!unit) return false;
  p.unit = static_cast<Unit>(*unit);
  if (words.size() == 1) return true;
  if (p.unit == Unit::day) return false;
  if (words[1] == "of") return read_weeks(words.subspan(2), p);
  if (words.size() != 3 || words[1] != "from" || p.unit == Unit::month) return false;
  const bool week = p.unit == Unit::week;
  const auto first = week ? named(kWeekdays, words[2]) : named(kMonths, words[2]);
  if (!first) return false;
  (week ? p.first_weekday : p.first_month) = *first + (week ? 0 : 1);
  return true;
}

std::string name(const auto& names, int i) {
  return std::string(names[static_cast<std::size_t>(i)]);
}

}  // namespace

Period parse_period(std::string_view text, std::string_view argument) {
  Period p;
  if (read_period(words_of(text), p)) return p;
  throw InvalidArgument(std::string(argument) + ": " + found(text) +
                        " is not a period; write \"day\", \"week\", \"month\", \"quarter\" or "
                        "\"year\", \"week from Sunday\", \"quarter from February\", or \"month of "
                        "4-4-5 years to the last Saturday of January\"");
}

std::string to_string(const Period& p) {
  std::string text = name(kUnits, static_cast<int>(p.unit));
  if (p.weeks != Weeks::none) {
    const std::string weekday = name(kWeekdays, (p.first_weekday + 6) % 7);
    const std::string month = name(kMonths, (p.first_month + 10) % 12);
    text += " of " + name(kPatterns, static_cast<int>(p.weeks)) + " years to the ";
    return text + (p.year_end == YearEnd::last ? "last " + weekday + " of " + month
                                               : weekday + " nearest the end of " + month);
  }
  if (p.unit == Unit::week && p.first_weekday != 0)
    text += " from " + name(kWeekdays, p.first_weekday);
  const bool fiscal = p.unit == Unit::quarter || p.unit == Unit::year;
  if (fiscal && p.first_month != 1) text += " from " + name(kMonths, p.first_month - 1);
  return text;
}

Day period_start(Day day, const Period& period) noexcept {
  return day == kNoDay ? kNoDay : clamped(begins(number_of(day, period), period));
}

Day next_period(Day start, const Period& period, int count) noexcept {
  if (start == kNoDay) return kNoDay;
  if (period.unit == Unit::day) return add(start, {count, Span::Unit::days});
  if (period.unit == Unit::week) return add(start, {count, Span::Unit::weeks});
  if (period.weeks == Weeks::none) return add_months(start, months_in(period.unit) * count);
  return clamped(begins(number_of(start, period) + count, period));
}

int periods_between(Day start, Day end, const Period& period) noexcept {
  return static_cast<int>(number_of(end, period) - number_of(start, period));
}

std::vector<std::int32_t> period_numbers(std::span<const Day> days, const Period& period) {
  std::vector<std::int32_t> out(days.size());
  for (std::size_t i = 0; i < days.size(); ++i) {
    out[i] = days[i] == kNoDay ? kNoDay : static_cast<std::int32_t>(number_of(days[i], period));
  }
  return out;
}

std::vector<Day> period_starts(std::span<const std::int32_t> numbers, const Period& period) {
  std::vector<Day> out(numbers.size());
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    out[i] = numbers[i] == kNoDay ? kNoDay : clamped(begins(numbers[i], period));
  }
  return out;
}

}  // namespace emptor::data
