#include "emptor/data/plain_columns.hpp"

#include "data/ids.hpp"
#include "data/reader.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <string_view>

namespace emptor::data {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr std::array<std::string_view, 7> kMissing{"NA",   "N/A",  "NaN", "nan",
                                                   "null", "NULL", "None"};

/// Ticks of a column of times per day; 1 for everything else.
double per_day(const InputColumn& column) {
  if (column.meaning != Meaning::timestamp) return 1;
  switch (column.unit) {
    case TimeUnit::second:
      return 86400.0;
    case TimeUnit::millisecond:
      return 86400e3;
    case TimeUnit::microsecond:
      return 86400e6;
    case TimeUnit::nanosecond:
      return 86400e9;
  }
  return 1;
}

/// A plain decimal number; NaN for a text that stands for missing; nothing for any other.
std::optional<double> as_number(std::string_view text) {
  for (const std::string_view marker : kMissing)
    if (text == marker) return kNaN;
  if (!text.empty() && text.front() == '+') text.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value))
    return std::nullopt;
  return value;
}

void read_numbers(const ColumnReader& reader, PlainColumn& out) {
  out.number.assign(reader.rows(), kNaN);
  const double scale = per_day(reader.column());
  Batch batch;
  for_batches(reader, 0, reader.rows(), batch, [&](std::size_t row, const Batch& part) {
    for (std::size_t i = 0; i < part.rows; ++i) {
      if (part.kind == Batch::Kind::nothing || !part.has(i)) continue;
      const double value = part.kind == Batch::Kind::integers
                               ? static_cast<double>(part.integers[i])
                               : part.reals[i];
      out.number[row + i] = value / scale;
    }
  });
}

/// Per value of a dictionary its number, if all of them are numbers.
std::optional<std::vector<double>> numbers_of(const Dictionary& values) {
  std::vector<double> numbers;
  for (std::int32_t code = 0; code < values.size(); ++code) {
    const auto number =
        values.is_text() ? as_number(values.text(code)) : static_cast<double>(values.integer(code));
    if (!number) return std::nullopt;
    numbers.push_back(*number);
  }
  return numbers;
}

}  // namespace

PlainColumn plain_column(const InputColumn& column, ReadAs read_as, const Context& context) {
  PlainColumn out;
  out.name = column.name;
  Context quiet = context;
  quiet.progress = nullptr;
  const ColumnReader reader(column, false);
  if (!reader.is_text()) {
    read_numbers(reader, out);
    return out;
  }
  const ColumnReader* const readers[] = {&reader};
  const CodedColumns coded = code_columns(readers, IdUse::attribute, quiet);
  const auto& code = coded.columns.front().code;
  if (read_as == ReadAs::either) {
    if (const auto numbers = numbers_of(*coded.dictionary)) {
      out.number.reserve(code.size());
      for (const std::int32_t c : code)
        out.number.push_back(c < 0 ? kNaN : (*numbers)[static_cast<std::size_t>(c)]);
      return out;
    }
  }
  out.values = coded.dictionary;
  out.code.reserve(code.size());
  for (const std::int32_t c : code) out.code.push_back(c < 0 ? Dictionary::kMissing : c);
  return out;
}

}  // namespace emptor::data
