#pragma once

#include "emptor/core/export.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace emptor::data {

/// How the values of a chunk lie in memory. All multi-byte values are native-endian.
enum class Layout : std::uint8_t {
  int8,
  int16,
  int32,
  int64,
  uint8,
  uint16,
  uint32,
  uint64,
  float32,
  float64,
  bits,        ///< one bit per value, least significant first (Arrow booleans)
  bytes,       ///< one byte per value, 0 or 1 (NumPy booleans)
  text32,      ///< int32 offsets (rows + 1) and bytes
  text64,      ///< int64 offsets (rows + 1) and bytes
  text_view,   ///< Arrow's 16-byte string views and their buffers
  cells,       ///< std::string_view per value: text of a file; empty is missing
  packed,      ///< PackedCell per value, into `characters`: the same in half the memory
  decimal128,  ///< 16-byte two's complement integers
  dictionary,  ///< indices of one of the integer layouts into `dictionary`
  null,        ///< nothing but missing values
};

/// What the values of a column mean.
enum class Meaning : std::uint8_t {
  number,
  boolean,
  text,
  date,       ///< days since 1970-01-01
  timestamp,  ///< `unit` ticks since 1970-01-01, of UTC if `zoned`, else of a wall clock
};

/// A text of a file by where it stands in the chunk's `characters`.
struct PackedCell {
  std::uint32_t begin = 0;
  std::uint32_t size = 0;
};

/// A run of values of one incoming column, borrowed from whoever owns the table.
struct InputChunk {
  Layout layout = Layout::null;
  std::size_t rows = 0;
  std::size_t offset = 0;               ///< values, bits and offsets start this many items in
  const void* values = nullptr;         ///< numbers, bits, views, cells, or a dictionary's indices
  const void* offsets = nullptr;        ///< of text32 and text64
  const char* characters = nullptr;     ///< of text32, text64 and packed
  const std::uint8_t* valid = nullptr;  ///< bitmap, 1 is present; null: all present
  std::vector<std::span<const char>> buffers{};  ///< of text_view
  Layout indices = Layout::int32;                ///< of dictionary: the layout of `values`
  std::shared_ptr<const InputChunk> dictionary{};
};

/// Ticks of a timestamp column per second.
enum class TimeUnit : std::uint8_t { second, millisecond, microsecond, nanosecond };

/// One incoming column: a name, a meaning, and its chunks in row order.
struct InputColumn {
  std::string name{};
  Meaning meaning = Meaning::text;
  TimeUnit unit = TimeUnit::microsecond;
  bool zoned = false;      ///< timestamps: instants of UTC
  std::string timezone{};  ///< the zone the producer named, "" if none
  std::int32_t scale = 0;  ///< decimal128: digits after the point
  std::vector<InputChunk> chunks{};
};

/// A table on its way in. `owner` keeps the borrowed memory alive; a Sales copies what it needs
/// and lets the table go.
struct InputTable {
  std::vector<InputColumn> columns{};
  std::size_t rows = 0;
  /// Where row 0 stands in its source, and the word for it: "line 2" of a file, "row 0" of a frame.
  std::string row_word = "row";
  std::int64_t first_row = 0;
  /// Source position of each row where rows are not one after the other (embedded newlines); empty
  /// means first_row + i.
  std::vector<std::int64_t> positions{};
  /// Rows the reader itself refused, with the reason: a ragged line of a file.
  struct Refused {
    std::int64_t position = 0;
    std::string reason{};
  };
  std::vector<Refused> refused{};
  /// Of a table put together from several files: the position after which each file's own lines
  /// begin to count, and its name. Empty if there is one source.
  struct Part {
    std::int64_t after = 0;
    std::string name{};
  };
  std::vector<Part> parts{};
  std::shared_ptr<const void> owner{};

  /// The index of a column of this exact name, or -1.
  [[nodiscard]] EMPTOR_EXPORT int find(std::string_view name) const noexcept;
};

/// Columns from the caller's own arrays, which must outlive the table.
EMPTOR_EXPORT InputColumn column(std::string name, std::span<const std::int64_t> values);
EMPTOR_EXPORT InputColumn column(std::string name, std::span<const double> values);
EMPTOR_EXPORT InputColumn column(std::string name, std::span<const std::string_view> values);
/// Days since 1970-01-01.
EMPTOR_EXPORT InputColumn date_column(std::string name, std::span<const std::int32_t> days);
/// Tables of equal columns one after the other, as the pieces of one export; `names` stand for them
/// in messages. Nothing is copied. @throws DataError naming the first table that differs.
EMPTOR_EXPORT InputTable concatenate(std::span<const InputTable> tables,
                                     std::span<const std::string> names);
/// A table of such columns. @throws InvalidArgument when their lengths differ or a name repeats.
EMPTOR_EXPORT InputTable table(std::vector<InputColumn> columns);

}  // namespace emptor::data
