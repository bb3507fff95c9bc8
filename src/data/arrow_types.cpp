#include "data/arrow_types.hpp"

#include "emptor/core/error.hpp"

#include <charconv>
#include <cstring>

namespace emptor::data::arrow {
namespace {

struct Fixed {
  std::string_view format;
  Layout layout;
  std::size_t width;
  std::string_view name;
};

constexpr Fixed kFixed[] = {
    {"c", Layout::int8, 1, "int8"},       {"C", Layout::uint8, 1, "uint8"},
    {"s", Layout::int16, 2, "int16"},     {"S", Layout::uint16, 2, "uint16"},
    {"i", Layout::int32, 4, "int32"},     {"I", Layout::uint32, 4, "uint32"},
    {"l", Layout::int64, 8, "int64"},     {"L", Layout::uint64, 8, "uint64"},
    {"f", Layout::float32, 4, "float32"}, {"g", Layout::float64, 8, "float64"},
};

struct Unusable {
  std::string_view start;
  bool whole;  ///< the format is no longer than its start
  std::string_view name;
  std::string_view advice;
};

constexpr Unusable kUnusable[] = {
    {"e", true, "float16", "cast it to float32"},
    {"z", true, "binary", "cast it to string"},
    {"Z", true, "large binary", "cast it to string"},
    {"vz", true, "binary view", "cast it to string"},
    {"w:", false, "fixed-size binary", "cast it to string"},
    {"tt", false, "time of day", "combine it with its date into one timestamp"},
    {"tD", false, "duration", "cast it to int64"},
    {"ti", false, "interval", "cast it to int64"},
    {"+l", true, "list", "explode it, or leave it out"},
    {"+L", true, "large list", "explode it, or leave it out"},
    {"+vl", true, "list view", "explode it, or leave it out"},
    {"+vL", true, "large list view", "explode it, or leave it out"},
    {"+w:", false, "fixed-size list", "explode it, or leave it out"},
    {"+s", true, "struct", "unnest its fields into columns"},
    {"+m", true, "map", "leave it out"},
    {"+ud:", false, "dense union", "cast it to one type"},
    {"+us:", false, "sparse union", "cast it to one type"},
    {"+r", true, "run-end encoded", "decode it"},
};

[[noreturn]] void throw_unknown(std::string_view format, std::string_view column) {
  throw FormatError("Arrow input: column '" + std::string(column.substr(0, 40)) +
                    "' has the unknown format '" + std::string(format.substr(0, 40)) + "'");
}

// "d:precision,scale[,bits]"
Type decimal(std::string_view format, std::string_view column) {
  std::int32_t parts[3] = {0, 0, 128};
  const char* at = format.data() + 2;
  const char* const end = format.data() + format.size();
  int given = 0;
  while (given < 3) {
    const auto [next, error] = std::from_chars(at, end, parts[given]);
    if (error != std::errc{}) throw_unknown(format, column);
    ++given;
    at = next;
    if (at == end) break;
    if (*at != ',') throw_unknown(format, column);
    ++at;
  }
  if (given < 2 || at != end || format.back() == ',') throw_unknown(format, column);
  Type type;
  type.scale = parts[1];
  type.width = 16;
  type.layout = Layout::decimal128;
  type.usable = parts[2] == 128;
  type.name = "decimal" + std::to_string(parts[2]);
  type.advice = "cast it to decimal128 or float64";
  return type;
}

// "tsu:Europe/London"; the colon is there even without a zone.
Type timestamp(std::string_view format, std::string_view column) {
  Type type;
  type.usable = true;
  type.layout = Layout::int64;
  type.width = 8;
  type.meaning = Meaning::timestamp;
  type.name = "timestamp";
  constexpr std::string_view kUnits = "smun";
  const std::size_t unit = kUnits.find(format[2]);
  if (unit == std::string_view::npos || format[3] != ':') throw_unknown(format, column);
  type.unit = static_cast<TimeUnit>(unit);
  type.timezone = std::string(format.substr(4));
  type.zoned = !type.timezone.empty();
  return type;
}

Type text(Layout layout, std::string_view name) {
  Type type;
  type.usable = true;
  type.layout = layout;
  type.meaning = Meaning::text;
  type.name = name;
  return type;
}

}  // namespace

Type parse_format(std::string_view format, std::string_view column) {
  Type type;
  for (const Fixed& fixed : kFixed) {
    if (format != fixed.format) continue;
    type.usable = true;
    type.layout = fixed.layout;
    type.width = fixed.width;
    type.name = fixed.name;
    return type;
  }
  if (format == "u") return text(Layout::text32, "string");
  if (format == "U") return text(Layout::text64, "large string");
  if (format == "vu") return text(Layout::text_view, "string view");
  if (format == "n") {
    type.usable = true;
    type.name = "null";
    return type;
  }
  if (format == "b") {
    type.usable = true;
    type.layout = Layout::bits;
    type.meaning = Meaning::boolean;
    type.name = "boolean";
    return type;
  }
  if (format == "tdD" || format == "tdm") {
    type.usable = true;
    type.milliseconds = format == "tdm";
    type.layout = type.milliseconds ? Layout::int64 : Layout::int32;
    type.width = type.milliseconds ? 8 : 4;
    type.meaning = Meaning::date;
    type.name = type.milliseconds ? "date64" : "date32";
    return type;
  }
  if (format.starts_with("ts") && format.size() >= 4) return timestamp(format, column);
  if (format.starts_with("d:")) return decimal(format, column);
  for (const Unusable& unusable : kUnusable) {
    const bool matches =
        unusable.whole ? format == unusable.start : format.starts_with(unusable.start);
    if (!matches) continue;
    type.name = unusable.name;
    type.advice = unusable.advice;
    return type;
  }
  throw_unknown(format, column);
}

std::string extension_name(const char* metadata, std::string_view column) {
  if (metadata == nullptr) return "";
  // Counts and lengths are native int32 and not aligned; texts are not terminated.
  const auto read_count = [&] {
    std::int32_t count = 0;
    std::memcpy(&count, metadata, sizeof count);
    metadata += sizeof count;
    if (count < 0) {
      throw FormatError("Arrow input: column '" + std::string(column.substr(0, 40)) +
                        "' has malformed metadata (a negative length)");
    }
    return static_cast<std::size_t>(count);
  };
  const auto read_text = [&] {
    const std::size_t length = read_count();
    const std::string_view value(metadata, length);
    metadata += length;
    return value;
  };
  for (std::size_t left = read_count(); left > 0; --left) {
    const std::string_view key = read_text();
    const std::string_view value = read_text();
    if (key == "ARROW:extension:name") return std::string(value);
  }
  return "";
}

}  // namespace emptor::data::arrow
