#pragma once

#include "emptor/data/input.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace emptor::data::arrow {

/// What a format string of the Arrow C data interface says.
struct Type {
  bool usable = false;
  Layout layout = Layout::null;
  Meaning meaning = Meaning::number;
  TimeUnit unit = TimeUnit::microsecond;
  bool zoned = false;
  std::string timezone{};
  std::int32_t scale = 0;
  std::size_t width = 0;      ///< bytes per value of fixed-width layouts
  bool milliseconds = false;  ///< date64: milliseconds instead of days
  std::string name{};         ///< for messages, as "list"
  std::string advice{};       ///< what to write instead of a type that is not usable
};

/// @throws FormatError for a format the specification does not know; `column` is for the message.
Type parse_format(std::string_view format, std::string_view column);

/// The value of ARROW:extension:name in a schema's metadata, or "".
/// @throws FormatError for metadata that contradict themselves.
std::string extension_name(const char* metadata, std::string_view column);

}  // namespace emptor::data::arrow
