#include "data/dates.hpp"

#include "emptor/core/error.hpp"

#include "data/words.hpp"

#include <array>

namespace emptor::data {

namespace {

constexpr std::int64_t kSecond = 1'000'000;
constexpr std::int64_t kMinute = 60 * kSecond;
constexpr std::int64_t kHour = 60 * kMinute;

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
bool is_letter(char c) noexcept { return lower(c) >= 'a' && lower(c) <= 'z'; }
bool is_date_separator(char c) noexcept { return c == '-' || c == '/' || c == '.'; }

constexpr std::array<std::string_view, 12> kMonths{"january",   "february", "march",    "april",
                                                   "may",       "june",     "july",     "august",
                                                   "september", "october",  "november", "december"};
constexpr std::array<std::string_view, 7> kWeekdays{"monday", "tuesday",  "wednesday", "thursday",
                                                    "friday", "saturday", "sunday"};

/// Days since 1970-01-01 of the proleptic Gregorian calendar (Hinnant, "chrono-compatible
/// low-level date algorithms"); false if there is no such day.
bool day_of(int year, int month, int day, Day& out) noexcept {
  constexpr std::array<int, 12> kLengths{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1) return false;
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  if (day > kLengths[static_cast<std::size_t>(month - 1)] + (month == 2 && leap ? 1 : 0)) {
    return false;
  }
  const int y = year - (month <= 2 ? 1 : 0);
  const int era = y / 400;
  const int year_of_era = y - era * 400;
  const int day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  const int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  out = era * 146097 + day_of_era - 719468;
  return true;
}

/// As POSIX has it: 69 to 99 are 1969 to 1999, 00 to 68 are 2000 to 2068.
int full_year(int two_digits) noexcept { return two_digits + (two_digits >= 69 ? 1900 : 2000); }

/// A cursor over a text.
struct Cursor {
  const char* at;
  const char* end;

  [[nodiscard]] bool done() const noexcept { return at == end; }
  [[nodiscard]] char peek() const noexcept { return at == end ? '\0' : *at; }
  bool take(char c) noexcept {
    if (at == end || *at != c) return false;
    ++at;
    return true;
  }
  void blanks() noexcept {
    while (at != end && *at == ' ') ++at;
  }
  /// Between `least` and `most` digits.
  bool number(int least, int most, int& out) noexcept {
    int digits = 0;
    out = 0;
    while (at != end && digits < most && is_digit(*at)) {
      out = out * 10 + (*at++ - '0');
      ++digits;
    }
    return digits >= least;
  }
  /// One of `names`, in full or by at least its first three letters, as 0-based index.
  template <std::size_t N>
  bool name(const std::array<std::string_view, N>& names, int& out) noexcept {
    const char* stop = at;
    while (stop != end && is_letter(*stop)) ++stop;
    const auto size = static_cast<std::size_t>(stop - at);
    if (size < 3) return false;
    for (std::size_t i = 0; i < N; ++i) {
      if (size > names[i].size()) continue;
      std::size_t same = 0;
      while (same < size && lower(at[same]) == names[i][same]) ++same;
      // "Sept" is as usual as "Sep"; other cut names are not.
      if (same == size && (size == 3 || size == names[i].size() || size == 4)) {
        at = stop;
        out = static_cast<int>(i);
        return true;
      }
    }
    return false;
  }
  bool word(std::string_view expected) noexcept {
    if (static_cast<std::size_t>(end - at) < expected.size()) return false;
    for (std::size_t i = 0; i < expected.size(); ++i) {
      if (lower(at[i]) != expected[i]) return false;
    }
    at += expected.size();
    return true;
  }
};

/// Z, UTC, GMT, +HH, +HHMM or +HH:MM.
bool parse_offset(Cursor& c, ParsedDate& out) noexcept {
  if (c.word("utc") || c.word("gmt") || c.word("z")) {
    out.has_offset = true;
    return true;
  }
  const char sign = c.peek();
  if (sign != '+' && sign != '-') return false;
  ++c.at;
  int hours = 0, minutes = 0;
  if (!c.number(2, 2, hours)) return false;
  if (c.take(':') || is_digit(c.peek())) {
    if (!c.number(2, 2, minutes)) return false;
  }
  if (hours > 18 || minutes > 59) return false;
  out.offset = (hours * kHour + minutes * kMinute) * (sign == '-' ? -1 : 1);
  out.has_offset = true;
  return true;
}

bool parse_fraction(Cursor& c, std::int64_t& microseconds) noexcept {
  std::int64_t unit = kSecond / 10;
  if (!is_digit(c.peek())) return false;
  for (; is_digit(c.peek()); ++c.at, unit /= 10) microseconds += (*c.at - '0') * unit;
  return true;
}

bool apply_half(Cursor& c, int& hour) noexcept {
  const bool pm = lower(c.peek()) == 'p';
  if (!pm && lower(c.peek()) != 'a') return false;
  ++c.at;
  c.take('.');
  if (lower(c.peek()) != 'm') return false;
  ++c.at;
  c.take('.');
  if (hour < 1 || hour > 12) return false;
  hour = hour % 12 + (pm ? 12 : 0);
  return true;
}

bool parse_time(Cursor& c, ParsedDate& out) noexcept {
  int hour = 0, minute = 0, second = 0;
  std::int64_t fraction = 0;
  if (!c.number(1, 2, hour) || !c.take(':') || !c.number(2, 2, minute)) return false;
  if (c.take(':')) {
    if (!c.number(2, 2, second)) return false;
    if ((c.take('.') || c.take(',')) && !parse_fraction(c, fraction)) return false;
  }
  c.blanks();
  const char next = lower(c.peek());
  if ((next == 'a' || next == 'p') && !apply_half(c, hour)) return false;
  // A leap second is the second after it; 24:00 is not accepted.
  if (hour > 23 || minute > 59 || second > 60) return false;
  out.time_of_day = hour * kHour + minute * kMinute + second * kSecond + fraction;
  out.has_time = true;
  c.blanks();
  return c.done() || (parse_offset(c, out) && c.done());
}

/// What may follow a date: nothing, or a blank or T and a time.
bool parse_rest(Cursor& c, ParsedDate& out) noexcept {
  if (c.done()) return true;
  const bool separated = c.take('T') || c.take('t') || c.take(' ') || (c.take(',') && c.take(' '));
  if (!separated) return false;
  c.blanks();
  return parse_time(c, out);
}

/// Skips "Mon, " and the like.
void skip_weekday(Cursor& c) noexcept {
  int ignored = 0;
  if (!is_letter(c.peek()) || !c.name(kWeekdays, ignored)) return;
  c.take(',');
  c.blanks();
}

void skip_name_separator(Cursor& c) noexcept {
  while (c.peek() == ' ' || c.peek() == '-' || c.peek() == ',' || c.peek() == '.' ||
         c.peek() == '/') {
    ++c.at;
  }
}

bool parse_named(Cursor& c, ParsedDate& out) noexcept {
  skip_weekday(c);
  int year = 0, month = 0, day = 0;
  if (is_letter(c.peek())) {
    if (!c.name(kMonths, month)) return false;
    skip_name_separator(c);
    if (!c.number(1, 2, day)) return false;
  } else {
    if (!c.number(1, 2, day)) return false;
    skip_name_separator(c);
    if (!c.name(kMonths, month)) return false;
  }
  skip_name_separator(c);
  const char* digits = c.at;
  if (!c.number(2, 4, year)) return false;
  if (c.at - digits == 2) year = full_year(year);
  return day_of(year, month + 1, day, out.day) && parse_rest(c, out);
}

struct Parts {
  int year, month, day;
};

Parts ordered(DateOrder order, int a, int b, int c) noexcept {
  switch (order) {
    case DateOrder::day_month_year:
      return {c, b, a};
    case DateOrder::month_day_year:
      return {c, a, b};
    case DateOrder::day_month_short:
      return {full_year(c), b, a};
    case DateOrder::month_day_short:
      return {full_year(c), a, b};
    case DateOrder::year_short:
      return {full_year(a), b, c};
    default:
      return {a, b, c};
  }
}

}  // namespace

DateShape date_shape(std::string_view text) noexcept {
  std::size_t digits = 0;
  while (digits < text.size() && is_digit(text[digits])) ++digits;
  if (digits < text.size() && is_letter(text[digits]) && digits == 0) return DateShape::named;
  if (digits == 4) return DateShape::year_first;
  if (digits == 8) return DateShape::compact;
  if (digits == 0 || digits > 2) return DateShape::none;
  std::size_t at = digits;
  while (at < text.size() && (text[at] == ' ' || text[at] == '-' || text[at] == '.')) ++at;
  if (at < text.size() && is_letter(text[at])) return DateShape::named;
  // The third group of digits tells how many digits the year has.
  at = digits;
  for (int group = 0; group < 2; ++group) {
    if (at >= text.size() || !is_date_separator(text[at])) return DateShape::none;
    std::size_t length = 0;
    for (++at; at < text.size() && is_digit(text[at]); ++at) ++length;
    if (group == 1) {
      return length == 4 ? DateShape::year_last
                         : (length == 2 ? DateShape::short_year : DateShape::none);
    }
  }
  return DateShape::none;
}

bool parse_date_in(std::string_view text, DateOrder order, ParsedDate& out) noexcept {
  out = {};
  Cursor c{text.data(), text.data() + text.size()};
  int a = 0, b = 0, d = 0;
  if (order == DateOrder::named) return parse_named(c, out);
  if (order == DateOrder::compact) {
    if (!c.number(4, 4, a) || !c.number(2, 2, b) || !c.number(2, 2, d)) return false;
    if (is_digit(c.peek())) return false;
    return day_of(a, b, d, out.day) && parse_rest(c, out);
  }
  const bool year_first = order == DateOrder::year_first;
  const bool year_last = order == DateOrder::day_month_year || order == DateOrder::month_day_year;
  if (!c.number(year_first ? 4 : 1, year_first ? 4 : 2, a)) return false;
  const char separator = c.peek();
  if (!is_date_separator(separator)) return false;
  ++c.at;
  if (!c.number(1, 2, b) || !c.take(separator)) return false;
  if (!c.number(year_last ? 4 : (year_first ? 1 : 2), year_last ? 4 : 2, d)) return false;
  if (is_digit(c.peek())) return false;
  const Parts parts = ordered(order, a, b, d);
  return day_of(parts.year, parts.month, parts.day, out.day) && parse_rest(c, out);
}

std::string_view format_of(DateOrder order) noexcept {
  constexpr std::array<std::string_view, 8> kFormats{
      "%Y-%m-%d", "%Y%m%d", "%d %b %Y", "%d/%m/%Y", "%m/%d/%Y", "%d/%m/%y", "%m/%d/%y", "%y/%m/%d"};
  return kFormats[static_cast<std::size_t>(order)];
}

DateFormat::DateFormat(std::string_view format) : format_(format) {
  constexpr std::string_view kKnown = "YymdebBaAHIMSfpzj%";
  for (std::size_t i = 0; i < format.size(); ++i) {
    if (format[i] != '%') {
      expanded_ += format[i];
      continue;
    }
    const char c = i + 1 < format.size() ? format[++i] : '\0';
    if (c == 'F') {
      expanded_ += "%Y-%m-%d";
    } else if (c == 'T') {
      expanded_ += "%H:%M:%S";
    } else if (c == 'D') {
      expanded_ += "%m/%d/%y";
    } else if (c == 'R') {
      expanded_ += "%H:%M";
    } else if (c != '\0' && kKnown.find(c) != std::string_view::npos) {
      expanded_ += '%';
      expanded_ += c;
    } else {
      throw InvalidArgument("date_format: " + in_quotes(std::string("%") + c) + " in " +
                            in_quotes(format) +
                            " is not known; write with %Y %y %m %d %b %H %I %M %S %f %p %z %j, as "
                            "\"%d/%m/%Y %H:%M\"");
    }
  }
  const auto has = [&](std::string_view directive) {
    return expanded_.find(directive) != std::string::npos;
  };
  const bool year = has("%Y") || has("%y");
  const bool month = has("%m") || has("%b") || has("%B");
  const bool day = has("%d") || has("%e");
  if (!year || !((month && day) || has("%j"))) {
    throw InvalidArgument("date_format: " + in_quotes(format) +
                          " does not give a whole date; it needs a year, a month and a day, as "
                          "\"%d/%m/%Y\"");
  }
}

bool DateFormat::parse(std::string_view text, ParsedDate& out) const noexcept {
  out = {};
  Cursor c{text.data(), text.data() + text.size()};
  int year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0, day_of_year = 0, ignored = 0;
  int half = -1;
  std::int64_t fraction = 0;
  for (std::size_t i = 0; i < expanded_.size(); ++i) {
    if (expanded_[i] != '%') {
      if (expanded_[i] == ' ') {
        c.blanks();
      } else if (!c.take(expanded_[i])) {
        return false;
      }
      continue;
    }
    bool ok = true;
    const char directive = expanded_[++i];
    switch (directive) {
      case 'Y':
        ok = c.number(4, 4, year);
        break;
      case 'y':
        ok = c.number(2, 2, year);
        year = full_year(year);
        break;
      case 'm':
        ok = c.number(1, 2, month);
        break;
      case 'd':
      case 'e':
        c.blanks();
        ok = c.number(1, 2, day);
        break;
      case 'b':
      case 'B':
        ok = c.name(kMonths, month);
        month += 1;
        break;
      case 'a':
      case 'A':
        ok = c.name(kWeekdays, ignored);
        break;
      case 'H':
        ok = c.number(1, 2, hour) && hour < 24;
        break;
      case 'I':
        ok = c.number(1, 2, hour) && hour >= 1 && hour <= 12;
        break;
      case 'M':
        ok = c.number(1, 2, minute) && minute < 60;
        break;
      case 'S':
        ok = c.number(1, 2, second) && second <= 60;
        break;
      case 'f':
        ok = parse_fraction(c, fraction);
        break;
      case 'p': {
        half = lower(c.peek()) == 'p' ? 1 : 0;
        int twelve = 12;
        ok = apply_half(c, twelve);
        break;
      }
      case 'z':
        ok = parse_offset(c, out);
        break;
      case 'j':
        ok = c.number(1, 3, day_of_year) && day_of_year >= 1;
        break;
      default:
        ok = c.take('%');
        break;
    }
    if (!ok) return false;
    if (std::string_view("HIMSf").find(directive) != std::string_view::npos) out.has_time = true;
  }
  if (!c.done()) return false;
  if (half >= 0) hour = hour % 12 + 12 * half;
  out.time_of_day = hour * kHour + minute * kMinute + second * kSecond + fraction;
  if (day_of_year == 0) return day_of(year, month, day, out.day);
  Day first = 0, last = 0;
  if (!day_of(year, 1, 1, first) || !day_of(year, 12, 31, last)) return false;
  out.day = first + day_of_year - 1;
  return out.day <= last;
}

}  // namespace emptor::data
