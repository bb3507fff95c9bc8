#include "data/csv_text.hpp"

#include "emptor/core/error.hpp"

#include "data/csv_scan.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <unordered_map>

namespace emptor::data::csv {
namespace {

bool is_blank(char c) noexcept { return c == ' ' || c == '\t' || c == '\v' || c == '\f'; }

std::string_view trim(std::string_view text) noexcept {
  const auto blank = [](char c) { return is_blank(c) || c == '\n' || c == '\r'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

// Fields per record for one candidate delimiter, over the first records of the file.
std::vector<std::size_t> field_counts(std::string_view bytes, std::size_t begin, char delimiter) {
  constexpr std::size_t kRecords = 50;
  constexpr std::size_t kBytes = std::size_t{1} << 18;
  const std::size_t stop =
      bytes.size() - begin > kBytes ? begin + kBytes : std::numeric_limits<std::size_t>::max();
  std::vector<std::size_t> counts;
  std::size_t position = begin;
  std::size_t fields = 0;
  while (position < bytes.size() && position < stop && counts.size() < kRecords) {
    const Field field = read_field(bytes, position, delimiter);
    ++fields;
    position = field.next;
    if (field.ends_record) {
      const bool blank = fields == 1 && !field.quoted && field.begin == field.end;
      if (!blank) counts.push_back(fields);
      fields = 0;
    }
  }
  return counts;
}

std::string quoted(std::string_view text) {
  return '\'' + std::string(text.substr(0, 40)) + (text.size() > 40 ? "...'" : "'");
}

std::string hex(unsigned char byte) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  return {'0', 'x', kDigits[byte >> 4U], kDigits[byte & 15U]};
}

// The length of the UTF-8 sequence at `p`, or 0 if there is none (Unicode 15, table 3-7).
std::size_t sequence_length(const unsigned char* p, std::size_t left) noexcept {
  const auto continues = [&](std::size_t i) { return i < left && (p[i] & 0xC0U) == 0x80U; };
  const unsigned char c = p[0];
  if (c < 0x80U) return 1;
  if (c < 0xC2U || c > 0xF4U) return 0;
  if (c < 0xE0U) return continues(1) ? 2 : 0;
  if (!continues(1)) return 0;
  if (c < 0xF0U) {
    if ((c == 0xE0U && p[1] < 0xA0U) || (c == 0xEDU && p[1] > 0x9FU)) return 0;
    return continues(2) ? 3 : 0;
  }
  if ((c == 0xF0U && p[1] < 0x90U) || (c == 0xF4U && p[1] > 0x8FU)) return 0;
  return continues(2) && continues(3) ? 4 : 0;
}

}  // namespace

Field read_field(std::string_view bytes, std::size_t position, char delimiter) noexcept {
  const char* const data = bytes.data();
  const std::size_t size = bytes.size();
  Field field;
  field.begin = position;
  std::size_t i = position;
  if (i < size && data[i] == '"') {
    field.quoted = true;
    field.begin = ++i;
    while (true) {
      const void* hit = i < size ? std::memchr(data + i, '"', size - i) : nullptr;
      if (hit == nullptr) {
        field.unclosed = true;
        i = size;
        field.end = i;
        break;
      }
      i = static_cast<std::size_t>(static_cast<const char*>(hit) - data);
      if (i + 1 < size && data[i + 1] == '"') {
        field.doubled = true;
        i += 2;
        continue;
      }
      field.end = i++;
      break;
    }
  }
  const std::size_t content_end = i;
  while (i < size && data[i] != delimiter && data[i] != '\n' && data[i] != '\r') ++i;
  if (field.quoted) {
    field.text_after = i > content_end;
  } else {
    field.end = i;
  }
  field.ends_record = i == size || data[i] != delimiter;
  field.next = i < size ? i + 1 : size;
  // A delimiter as the very last byte is followed by one more, empty, field, which no byte begins:
  // callers ask for it because ends_record is not set.
  return field;
}

std::string_view unescape(char* begin, char* end) noexcept {
  char* out = begin;
  for (char* in = begin; in < end; ++in) {
    *out++ = *in;
    if (*in == '"') ++in;
  }
  std::memset(out, '"', static_cast<std::size_t>(end - out));
  return {begin, static_cast<std::size_t>(out - begin)};
}

std::size_t check_start(std::string_view bytes, std::string_view name) {
  struct Signature {
    std::string_view start;
    std::string_view text;
  };
  using namespace std::string_view_literals;
  static constexpr std::array<Signature, 9> kKnown = {{
      {"\xFF\xFE"sv,
       "is UTF-16 text; save it as \"CSV UTF-8\", or read it with encoding=\"utf-16\""},
      {"\xFE\xFF"sv,
       "is UTF-16 text; save it as \"CSV UTF-8\", or read it with encoding=\"utf-16\""},
      {"PK\x03\x04"sv,
       "is a zip archive or an Excel workbook, not CSV; save the sheet as \"CSV UTF-8\""},
      {"\xD0\xCF\x11\xE0"sv, "is an old Excel workbook, not CSV; save the sheet as \"CSV UTF-8\""},
      {"\x1F\x8B"sv, "is compressed with gzip; decompress it first (Python reads files named .gz)"},
      {"PAR1"sv, "is Parquet, not CSV; read it with polars, pyarrow or duckdb and pass the frame"},
      {"SQLite format 3"sv, "is a SQLite database, not CSV; export the table as CSV"},
      {"<!DOCTYPE"sv, "is a web page, not CSV; was a log-in page saved instead of the export?"},
      {"<html"sv, "is a web page, not CSV; was a log-in page saved instead of the export?"},
  }};
  for (const Signature& known : kKnown) {
    if (bytes.starts_with(known.start)) {
      throw FormatError(std::string(name) + ": the file " + std::string(known.text));
    }
  }
  return bytes.starts_with("\xEF\xBB\xBF") ? 3 : 0;
}

char detect_delimiter(std::string_view bytes, std::size_t begin) {
  char best = ',';
  std::size_t best_same = 0;
  std::size_t best_fields = 1;
  for (const char candidate : {',', ';', '\t', '|'}) {
    const std::vector<std::size_t> counts = field_counts(bytes, begin, candidate);
    if (counts.empty() || counts.front() < 2) continue;
    const auto same =
        static_cast<std::size_t>(std::count(counts.begin(), counts.end(), counts.front()));
    if (same > best_same || (same == best_same && counts.front() > best_fields)) {
      best = candidate;
      best_same = same;
      best_fields = counts.front();
    }
  }
  return best;
}

Header read_header(std::string_view bytes, std::size_t begin, char delimiter,
                   std::string_view name) {
  while (begin < bytes.size() && (bytes[begin] == '\n' || bytes[begin] == '\r')) ++begin;
  if (trim(bytes.substr(begin)).empty()) {
    throw FormatError(std::string(name) +
                      ": the file is empty; its first line must name the columns");
  }
  Header header;
  std::size_t position = begin;
  for (bool more = true; more;) {
    const Field field = read_field(bytes, position, delimiter);
    const std::string number = std::to_string(header.names.size() + 1);
    const auto where = [&] {
      return std::string(name) + ": line " + std::to_string(line_of(bytes, position));
    };
    if (field.unclosed) throw_unclosed(bytes, position, name);
    if (field.text_after) {
      throw FormatError(where() + ": text follows the closing quote of column name " + number +
                        "; quotes inside a quoted name are doubled");
    }
    std::string text(bytes.substr(field.begin, field.end - field.begin));
    if (field.doubled) text = std::string(unescape(text.data(), text.data() + text.size()));
    const std::string_view trimmed = trim(text);
    header.names.push_back(trimmed.empty() ? "column " + number : std::string(trimmed));
    position = field.next;
    more = !field.ends_record;
  }
  header.end = position;
  // CR LF ends one line: the data do not begin between the two.
  if (position < bytes.size() && bytes[position] == '\n' && bytes[position - 1] == '\r') {
    header.end = position + 1;
  }
  std::unordered_map<std::string_view, std::size_t> seen;
  for (std::size_t i = 0; i < header.names.size(); ++i) {
    const auto [first, is_new] = seen.emplace(header.names[i], i);
    if (!is_new) {
      throw FormatError(std::string(name) + ": columns " + std::to_string(first->second + 1) +
                        " and " + std::to_string(i + 1) + " are both named " +
                        quoted(header.names[i]) + "; rename one of them");
    }
  }
  return header;
}

std::size_t find_invalid_utf8(std::string_view bytes, std::size_t begin, std::size_t end) noexcept {
  const auto* const data = reinterpret_cast<const unsigned char*>(bytes.data());
  std::size_t i = begin;
  if (begin > 0) {
    while (i < end && (data[i] & 0xC0U) == 0x80U) ++i;
    if (i == end) return std::string_view::npos;
  }
  // The bytes after `end` that continue a sequence of ours are ours; one that continues nothing is
  // seen here too, since the checker of what follows leaves it to us.
  while (i < end || (i < bytes.size() && (data[i] & 0xC0U) == 0x80U)) {
    std::uint64_t word = 0;
    while (i + sizeof word <= end) {
      std::memcpy(&word, data + i, sizeof word);
      if ((word & 0x8080808080808080U) != 0) break;
      i += sizeof word;
    }
    if (i >= bytes.size()) break;
    const std::size_t length = sequence_length(data + i, bytes.size() - i);
    if (length == 0) return i;
    i += length;
  }
  return std::string_view::npos;
}

std::int64_t line_of(std::string_view bytes, std::size_t position) noexcept {
  std::int64_t line = 1 + count_lines(bytes.data(), bytes.data() + position, '\0');
  // Between CR and LF the line has not ended yet.
  if (position > 0 && position < bytes.size() && bytes[position - 1] == '\r' &&
      bytes[position] == '\n') {
    --line;
  }
  return line;
}

void throw_unclosed(std::string_view bytes, std::size_t position, std::string_view name) {
  throw FormatError(std::string(name) + ": the quote that opens a field in line " +
                    std::to_string(line_of(bytes, position)) +
                    " never closes; close it, or double it if it belongs to the text");
}

void throw_not_text(std::string_view bytes, std::size_t position, std::string_view name) {
  const std::string where =
      std::string(name) + ": line " + std::to_string(line_of(bytes, position));
  if (bytes[position] == '\0') {
    const bool utf16 = position < 2 && bytes.size() > 3 && bytes[position + 2] == '\0' &&
                       bytes[1 - position] != '\0';
    throw FormatError(where + (utf16 ? " holds NUL bytes; the file looks like UTF-16 text: save it "
                                       "as \"CSV UTF-8\", or read it with encoding=\"utf-16\""
                                     : " holds a NUL byte; the file is not text, or damaged"));
  }
  throw FormatError(
      where + " is not UTF-8 (byte " + hex(static_cast<unsigned char>(bytes[position])) +
      "); if the file comes from Excel or an older system it is likely Windows-1252 (Latin-1): "
      "read "
      "it with encoding=\"cp1252\", or convert it with: iconv -f WINDOWS-1252 -t UTF-8");
}

}  // namespace emptor::data::csv
