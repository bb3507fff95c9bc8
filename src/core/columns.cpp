#include "emptor/core/columns.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <limits>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

namespace emptor {
namespace {

constexpr std::size_t kWidest = 40;  // characters of a text in a printed table
constexpr std::size_t kLine = 100;   // characters of a line of it

std::string iso_date(std::int64_t day) {
  const std::chrono::year_month_day ymd{
      std::chrono::sys_days{std::chrono::days{static_cast<int>(day)}}};
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02u", static_cast<int>(ymd.year()),
                static_cast<unsigned>(ymd.month()), static_cast<unsigned>(ymd.day()));
  return text.data();
}

// ISO 8601 in UTC; the fraction of a second only where there is one.
std::string iso_instant(std::int64_t us) {
  constexpr std::int64_t kDay = 86'400'000'000;
  std::int64_t day = us / kDay;
  std::int64_t rest = us % kDay;
  if (rest < 0) {
    rest += kDay;
    --day;
  }
  const auto part = [&](std::int64_t unit, std::int64_t modulus) {
    return static_cast<int>(rest / unit % modulus);
  };
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "T%02d:%02d:%02d", part(3'600'000'000, 24),
                part(60'000'000, 60), part(1'000'000, 60));
  std::string instant = iso_date(day) + text.data();
  if (const int fraction = part(1, 1'000'000); fraction != 0) {
    std::snprintf(text.data(), text.size(), ".%06d", fraction);
    instant += text.data();
  }
  return instant + "Z";
}

template <typename Number>
std::string shortest(Number x) {
  std::array<char, 32> text{};
  return {text.data(), std::to_chars(text.data(), text.data() + text.size(), x).ptr};
}

bool is_text(const Column& column) {
  return column.kind == ColumnKind::text || column.kind == ColumnKind::label ||
         column.kind == ColumnKind::list ||
         (column.kind == ColumnKind::code && column.dictionary->is_text());
}

// A cell in full precision; "" where missing.
std::string cell(const Column& column, std::size_t i) {
  switch (column.kind) {
    case ColumnKind::float64: {
      const double x = column.values<double>()[i];
      return std::isnan(x) ? "" : shortest(x);
    }
    case ColumnKind::int64: {
      const std::int64_t x = column.values<std::int64_t>()[i];
      return x == std::numeric_limits<std::int64_t>::min() ? "" : shortest(x);
    }
    case ColumnKind::boolean:
      return column.values<std::uint8_t>()[i] != 0 ? "true" : "false";
    case ColumnKind::code:
      return column.dictionary->to_string(column.values<std::int32_t>()[i]);
    case ColumnKind::label:
      return std::string(column.labels[column.values<std::uint8_t>()[i]]);
    case ColumnKind::text:
      return column.values<std::string>()[i];
    case ColumnKind::date: {
      const std::int32_t x = column.values<std::int32_t>()[i];
      return x == std::numeric_limits<std::int32_t>::min() ? "" : iso_date(x);
    }
    case ColumnKind::timestamp: {
      const std::int64_t x = column.values<std::int64_t>()[i];
      return x == std::numeric_limits<std::int64_t>::min() ? "" : iso_instant(x);
    }
    case ColumnKind::list: {
      std::string text;
      for (const std::int32_t x : column.list(i)) {
        if (!text.empty()) text += ", ";
        text += column.dictionary != nullptr ? column.dictionary->to_string(x) : shortest(x);
      }
      return text;
    }
  }
  return {};
}

// Bytes that begin a character of UTF-8: about the width a terminal gives the text.
std::size_t width(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
  }));
}

// A text on one line of at most kWidest characters.
std::string cut(std::string text) {
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  }
  if (width(text) <= kWidest) return text;
  std::size_t seen = 0;
  std::size_t end = 0;
  for (; end < text.size(); ++end) {
    if ((static_cast<unsigned char>(text[end]) & 0xC0U) != 0x80U && ++seen == kWidest - 2) break;
  }
  return text.substr(0, end) + "...";
}

// Doubles of one column share their number of decimals, five or so digits of the largest; numbers
// that would show as 0 take scientific form.
std::vector<std::string> numbers(std::span<const double> values) {
  double largest = 0;
  bool whole = true;
  for (const double x : values) {
    if (!std::isfinite(x)) continue;
    largest = std::max(largest, std::fabs(x));
    whole = whole && x == std::floor(x);
  }
  const int digits = largest >= 1 ? static_cast<int>(std::floor(std::log10(largest))) + 1 : 1;
  const int decimals = whole ? 0 : std::clamp(5 - digits, 1, 4);
  std::vector<std::string> texts;
  for (const double x : values) {
    std::array<char, 400> text{};
    const bool tiny = x != 0 && std::fabs(x) < 0.5 * std::pow(10, -decimals);
    const bool huge = std::fabs(x) >= 1e15;
    if (tiny || huge) {
      std::snprintf(text.data(), text.size(), "%.3g", x);
    } else {
      std::snprintf(text.data(), text.size(), "%.*f", decimals, x);
    }
    texts.emplace_back(std::isnan(x) ? "-" : text.data());
  }
  return texts;
}

std::string quoted(std::string text, bool guard, bool alone) {
  // Spreadsheets run what begins with these; a tab or carriage return before them is skipped.
  if (guard && !text.empty() && std::string_view("=+-@\t\r").find(text[0]) != std::string::npos) {
    text.insert(0, 1, '\'');
  }
  // An empty line would not be read as a row of one empty field.
  if (text.find_first_of(",\"\r\n") == std::string::npos && !(alone && text.empty())) return text;
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + '"';
}

}  // namespace

namespace {

// A column as it is printed: its name, then its cells.
struct Printed {
  std::vector<std::string> cells{};
  std::size_t width = 0;
  bool left = false;

  Printed(const Column& column, std::size_t shown) : left(is_text(column)) {
    if (column.kind == ColumnKind::float64) {
      cells = numbers(column.values<double>().first(shown));
    } else {
      for (std::size_t i = 0; i < shown; ++i) {
        std::string text = cut(cell(column, i));
        if (text.empty()) text.push_back('-');
        cells.push_back(std::move(text));
      }
    }
    cells.insert(cells.begin(), cut(std::string(column.name)));
    for (const auto& text : cells) width = std::max(width, emptor::width(text));
  }
};

// The first column, which names the rows, and columns [begin, end).
void print_block(std::ostream& out, std::span<const Printed> table, std::size_t begin,
                 std::size_t end) {
  for (std::size_t i = 0; i < table.front().cells.size(); ++i) {
    std::string line;
    const auto add = [&](const Printed& column) {
      const std::string pad(column.width - width(column.cells[i]), ' ');
      if (!line.empty()) line += "  ";
      line += column.left ? column.cells[i] + pad : pad + column.cells[i];
    };
    add(table.front());
    for (const Printed& column : table.subspan(begin, end - begin)) add(column);
    line.erase(line.find_last_not_of(' ') + 1);
    out << line << '\n';
  }
}

}  // namespace

void print(std::ostream& out, std::span<const Column> columns, std::size_t rows) {
  std::vector<Printed> table;
  std::size_t total = 0;
  for (const Column& column : columns) {
    if (!column.shown) continue;
    total = column.size;
    table.emplace_back(column, std::min(rows, column.size));
  }
  if (table.empty()) {
    out << "(no columns)\n";
    return;
  }
  std::size_t begin = 1;
  std::size_t line = table.front().width;
  for (std::size_t c = 1; c < table.size(); ++c) {
    if (line + 2 + table[c].width > kLine && c > begin) {
      print_block(out, table, begin, c);
      out << '\n';
      begin = c;
      line = table.front().width;
    }
    line += 2 + table[c].width;
  }
  print_block(out, table, begin, table.size());
  if (total == 0) out << "(no rows)\n";
  if (total > rows) out << "... " << total - rows << " more rows\n";
}

void write_csv(std::ostream& out, std::span<const Column> columns, bool for_spreadsheet) {
  const bool alone = columns.size() == 1;
  std::string line;
  for (std::size_t c = 0; c < columns.size(); ++c) {
    if (c > 0) line += ',';
    line += quoted(std::string(columns[c].name), for_spreadsheet, alone);
  }
  out << line << '\n';
  const std::size_t rows = columns.empty() ? 0 : columns.front().size;
  for (std::size_t i = 0; i < rows; ++i) {
    line.clear();
    for (std::size_t c = 0; c < columns.size(); ++c) {
      if (c > 0) line += ',';
      line += quoted(cell(columns[c], i), for_spreadsheet && is_text(columns[c]), alone);
    }
    out << line << '\n';
  }
}

}  // namespace emptor
