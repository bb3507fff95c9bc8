#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// What the CSV reader must know before it splits a file: that it is text, which character
/// separates fields, and what the columns are called.
namespace emptor::data::csv {

/// One field of a record as it stands in the file.
struct Field {
  std::size_t begin = 0;
  std::size_t end = 0;
  bool quoted = false;       ///< begin and end lie inside the quotes
  bool doubled = false;      ///< has doubled quotes
  bool text_after = false;   ///< something stands between the closing quote and the field's end
  bool unclosed = false;     ///< the quote never closes
  bool ends_record = false;  ///< nothing more of the record follows
  std::size_t next = 0;      ///< where the next field or record begins
};

/// Reads the field that begins at `position`, byte by byte: every quoting rule in one place. A
/// quote opens a quoted field only as its first byte; in any other place it stands for itself.
Field read_field(std::string_view bytes, std::size_t position, char delimiter) noexcept;

/// The content of a quoted field with doubled quotes made single, in place. What the content leaves
/// free is filled with quotes, so that lines can still be counted afterwards.
std::string_view unescape(char* begin, char* end) noexcept;

/// @throws FormatError when the bytes are a known format other than text, or UTF-16. Returns the
/// length of a UTF-8 byte-order mark, 0 or 3.
std::size_t check_start(std::string_view bytes, std::string_view name);

/// Comma, semicolon, tab or pipe: the one that splits most of the first records into as many fields
/// as the header; a tie goes to more fields, then to the order above. Comma if none splits.
char detect_delimiter(std::string_view bytes, std::size_t begin);

/// The first record that is not blank.
struct Header {
  std::vector<std::string> names{};  ///< trimmed; "column 3" where the file gives none
  std::size_t end = 0;               ///< where the data begin
};
/// @throws FormatError for an empty file, a name given twice, or broken quotes.
Header read_header(std::string_view bytes, std::size_t begin, char delimiter,
                   std::string_view name);

/// Where the first sequence that is not UTF-8 begins among those that start in [begin, end), or
/// npos. Continuation bytes at `begin` belong to whoever checks the bytes before.
std::size_t find_invalid_utf8(std::string_view bytes, std::size_t begin, std::size_t end) noexcept;

/// The line `position` lies in; the first is 1.
std::int64_t line_of(std::string_view bytes, std::size_t position) noexcept;

/// @throws FormatError always: the quote at `position` never closes.
[[noreturn]] void throw_unclosed(std::string_view bytes, std::size_t position,
                                 std::string_view name);

/// @throws FormatError always: the bytes at `position` are not UTF-8 text, or NUL.
[[noreturn]] void throw_not_text(std::string_view bytes, std::size_t position,
                                 std::string_view name);

}  // namespace emptor::data::csv
