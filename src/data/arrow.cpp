#include "emptor/data/arrow.hpp"

#include "emptor/core/error.hpp"

#include "data/arrow_types.hpp"
#include "data/csv_text.hpp"

#include <algorithm>
#include <cstring>
#include <limits>
#include <string>
#include <unordered_map>
#include <utility>

// Every index, offset and length a reader of the table follows is checked here once, against the
// other numbers the producer gave; the sizes of the buffers themselves cannot be seen in this
// interface.

namespace emptor::data {
namespace {

using arrow::Type;

// More rows than any machine holds; a null column claims them for nothing.
constexpr std::int64_t kMostRows = std::int64_t{1} << 40;

/// Keeps the producer's batches alive, and what had to be made beside them.
struct Batches {
  std::vector<ArrowArray> arrays{};
  std::vector<std::vector<std::uint64_t>> made{};
  Batches() = default;
  Batches(const Batches&) = delete;
  Batches& operator=(const Batches&) = delete;
  ~Batches() {
    for (ArrowArray& array : arrays) {
      if (array.release != nullptr) array.release(&array);
    }
  }
  /// Zeroed memory of at least `bytes` bytes.
  void* make(std::size_t bytes) {
    return made.emplace_back((bytes + sizeof(std::uint64_t) - 1) / sizeof(std::uint64_t) + 1)
        .data();
  }
};

template <typename Struct>
struct Released {
  Struct* value;
  explicit Released(Struct* v) : value(v) {}
  Released(const Released&) = delete;
  Released& operator=(const Released&) = delete;
  ~Released() {
    if (value->release != nullptr) value->release(value);
  }
};

[[noreturn]] void malformed(std::string_view column, const std::string& what) {
  throw FormatError("Arrow input: column '" + std::string(column.substr(0, 40)) +
                    "' is malformed: " + what);
}

[[noreturn]] void malformed(const std::string& what) {
  throw FormatError("Arrow input: the stream is malformed: " + what);
}

void check_code(int code, ArrowArrayStream* stream, const char* what) {
  if (code == 0) return;
  const char* const said =
      stream->get_last_error != nullptr ? stream->get_last_error(stream) : nullptr;
  std::string message = "Arrow input: the producer failed while giving ";
  message += what;
  message += said != nullptr ? std::string(": ") + said : ": " + std::string(std::strerror(code));
  throw DataError(message);
}

template <typename T>
T load(const void* values, std::size_t i) noexcept {
  T value;
  std::memcpy(&value, static_cast<const char*>(values) + i * sizeof(T), sizeof(T));
  return value;
}

bool bit(const std::uint8_t* bits, std::size_t i) noexcept {
  return (bits[i >> 3U] >> (i & 7U) & 1U) != 0;
}

void set_bit(std::uint8_t* bits, std::size_t i) noexcept {
  bits[i >> 3U] = static_cast<std::uint8_t>(bits[i >> 3U] | 1U << (i & 7U));
}

/// One column of the stream: its schema, understood.
struct Source {
  std::int64_t child = 0;
  Type type{};
  bool is_dictionary = false;
  Type values{};  ///< of a dictionary
};

/// A slice of an array of the producer.
struct Slice {
  const ArrowArray* array = nullptr;
  std::size_t first = 0;  ///< of the buffers, offsets included
  std::size_t rows = 0;
};

class ChunkMaker {
 public:
  ChunkMaker(Batches& batches, std::string_view column) : batches_(batches), column_(column) {}

  /// `parent`: the batch's own validity, or null; its bit i belongs to row i - parent_first.
  InputChunk column_chunk(const Source& source, const Slice& slice, const std::uint8_t* parent,
                          std::size_t parent_first) {
    InputChunk chunk = plain_chunk(source.type, slice);
    if (parent != nullptr) add_parent(chunk, parent, parent_first);
    if (!source.is_dictionary) {
      if (source.type.milliseconds) days_from_milliseconds(chunk);
      return chunk;
    }
    const ArrowArray* const dictionary = slice.array->dictionary;
    if (dictionary == nullptr) fail("its dictionary is missing");
    if (dictionary->release == nullptr) fail("its dictionary was released");
    InputChunk values = plain_chunk(source.values, whole(*dictionary));
    check_indices(chunk, values.rows);
    if (source.values.milliseconds) days_from_milliseconds(values);
    if (source.values.meaning != Meaning::text) return gather(chunk, values);
    chunk.indices = chunk.layout;
    chunk.layout = Layout::dictionary;
    chunk.dictionary = std::make_shared<const InputChunk>(std::move(values));
    return chunk;
  }

  /// Checks the numbers of an array against each other.
  Slice whole(const ArrowArray& array) const {
    if (array.length < 0) fail("its length is negative");
    if (array.offset < 0) fail("its offset is negative");
    if (array.length > kMostRows || array.offset > kMostRows) fail("its length is impossible");
    if (array.null_count < -1 || array.null_count > array.length) {
      fail("its null count is " + std::to_string(array.null_count) + " of " +
           std::to_string(array.length) + " values");
    }
    return {&array, static_cast<std::size_t>(array.offset), static_cast<std::size_t>(array.length)};
  }

 private:
  [[noreturn]] void fail(const std::string& what) const { malformed(column_, what); }

  void check_buffers(const ArrowArray& array, std::int64_t least, std::int64_t most) const {
    if (array.n_children != 0) fail("it has children");
    if (array.n_buffers < least || array.n_buffers > most) {
      fail("it has " + std::to_string(array.n_buffers) + " buffers where its type has " +
           std::to_string(least));
    }
    if (array.n_buffers > 0 && array.buffers == nullptr) fail("its buffers are missing");
  }

  InputChunk plain_chunk(const Type& type, const Slice& slice) {
    const ArrowArray& array = *slice.array;
    InputChunk chunk;
    chunk.layout = type.layout;
    chunk.rows = slice.rows;
    if (type.layout == Layout::null) {
      check_buffers(array, 0, 1);
      return chunk;
    }
    const bool is_view = type.layout == Layout::text_view;
    const std::int64_t buffers = is_view || type.meaning == Meaning::text ? 3 : 2;
    check_buffers(array, buffers, is_view ? std::numeric_limits<std::int32_t>::max() : buffers);
    chunk.offset = slice.first;
    chunk.valid = static_cast<const std::uint8_t*>(array.buffers[0]);
    if (chunk.valid == nullptr && array.null_count > 0) {
      fail("it counts nulls but has no validity bitmap");
    }
    if (array.null_count == 0) chunk.valid = nullptr;
    const void* const second = array.buffers[1];
    if (second == nullptr && chunk.rows > 0) fail("its values are missing");
    if (chunk.rows == 0) {
      chunk.offset = 0;
      chunk.valid = nullptr;
      return chunk;
    }
    if (is_view) {
      chunk.values = second;
      take_views(chunk, array);
    } else if (type.meaning == Meaning::text) {
      chunk.offsets = second;
      chunk.characters = static_cast<const char*>(array.buffers[2]);
      if (type.layout == Layout::text32) {
        check_text<std::int32_t>(chunk);
      } else {
        check_text<std::int64_t>(chunk);
      }
    } else {
      chunk.values = second;
      align(chunk, type.width);
    }
    return chunk;
  }

  // Readers load whole values; the interface only recommends aligned buffers.
  void align(InputChunk& chunk, std::size_t width) {
    if (width < 2 ||
        reinterpret_cast<std::uintptr_t>(chunk.values) % std::min<std::size_t>(width, 8) == 0) {
      return;
    }
    const std::size_t bytes = (chunk.offset + chunk.rows) * width;
    void* copy = batches_.make(bytes);
    std::memcpy(copy, chunk.values, bytes);
    chunk.values = copy;
  }

  template <typename Offset>
  void check_text(InputChunk& chunk) {
    Offset previous = load<Offset>(chunk.offsets, chunk.offset);
    const Offset first = previous;
    if (first < 0) fail("its text offsets begin below zero");
    bool ascending = true;
    for (std::size_t i = 1; i <= chunk.rows; ++i) {
      const Offset next = load<Offset>(chunk.offsets, chunk.offset + i);
      ascending &= next >= previous;
      previous = next;
    }
    if (!ascending) fail("its text offsets do not ascend");
    if (chunk.characters == nullptr) {
      if (previous != first) fail("its characters are missing");
      // Nothing but empty texts, which may all stand at an offset of a buffer that is not there.
      chunk.characters = "";
      chunk.offsets = batches_.make((chunk.offset + chunk.rows + 1) * sizeof(Offset));
      return;
    }
    const std::string_view all(chunk.characters + first,
                               static_cast<std::size_t>(previous - first));
    if (csv::find_invalid_utf8(all, 0, all.size()) == std::string_view::npos) return;
    // Bytes under nulls may be anything.
    for (std::size_t i = chunk.offset; i < chunk.offset + chunk.rows; ++i) {
      const Offset from = load<Offset>(chunk.offsets, i);
      const Offset to = load<Offset>(chunk.offsets, i + 1);
      if (chunk.valid == nullptr || bit(chunk.valid, i)) {
        check_utf8({chunk.characters + from, static_cast<std::size_t>(to - from)},
                   i - chunk.offset);
      }
    }
  }

  void check_utf8(std::string_view text, std::size_t row) const {
    if (csv::find_invalid_utf8(text, 0, text.size()) != std::string_view::npos) {
      fail("value " + std::to_string(row) + " of a batch is not UTF-8");
    }
  }

  void take_views(InputChunk& chunk, const ArrowArray& array) {
    // The last buffer holds the lengths of those in between.
    const auto pieces = static_cast<std::size_t>(array.n_buffers) - 3;
    const void* const lengths = array.buffers[array.n_buffers - 1];
    if (pieces > 0 && lengths == nullptr) fail("the lengths of its text buffers are missing");
    for (std::size_t i = 0; i < pieces; ++i) {
      const auto length = load<std::int64_t>(lengths, i);
      const auto* const bytes = static_cast<const char*>(array.buffers[2 + i]);
      if (length < 0) fail("the length of a text buffer is negative");
      if (bytes == nullptr && length > 0) fail("a text buffer is missing");
      chunk.buffers.emplace_back(bytes, static_cast<std::size_t>(length));
    }
    for (std::size_t i = chunk.offset; i < chunk.offset + chunk.rows; ++i) {
      if (chunk.valid != nullptr && !bit(chunk.valid, i)) continue;
      const char* const view = static_cast<const char*>(chunk.values) + 16 * i;
      const auto length = load<std::int32_t>(view, 0);
      if (length < 0) fail("the length of a text is negative");
      const auto size = static_cast<std::size_t>(length);
      if (size <= 12) {
        check_utf8({view + 4, size}, i - chunk.offset);
        continue;
      }
      const auto piece = load<std::int32_t>(view, 2);
      const auto offset = load<std::int32_t>(view, 3);
      if (piece < 0 || static_cast<std::size_t>(piece) >= pieces) {
        fail("a text points to a buffer that is not there");
      }
      const auto& buffer = chunk.buffers[static_cast<std::size_t>(piece)];
      if (offset < 0 || static_cast<std::size_t>(offset) > buffer.size() ||
          size > buffer.size() - static_cast<std::size_t>(offset)) {
        fail("a text ends after its buffer");
      }
      check_utf8({buffer.data() + offset, size}, i - chunk.offset);
    }
  }

  // A row is there if the batch says so and the column says so.
  void add_parent(InputChunk& chunk, const std::uint8_t* parent, std::size_t parent_first) {
    if (chunk.layout == Layout::null || chunk.rows == 0) return;
    auto* const both =
        static_cast<std::uint8_t*>(batches_.make((chunk.offset + chunk.rows) / 8 + 1));
    for (std::size_t i = 0; i < chunk.rows; ++i) {
      const bool own = chunk.valid == nullptr || bit(chunk.valid, chunk.offset + i);
      if (own && bit(parent, parent_first + i)) set_bit(both, chunk.offset + i);
    }
    chunk.valid = both;
  }

  void days_from_milliseconds(InputChunk& chunk) {
    constexpr std::int64_t kDay = 86'400'000;
    auto* const days = static_cast<std::int32_t*>(batches_.make((chunk.offset + chunk.rows) * 4));
    for (std::size_t i = chunk.offset; i < chunk.offset + chunk.rows; ++i) {
      if (chunk.valid != nullptr && !bit(chunk.valid, i)) continue;
      const auto time = load<std::int64_t>(chunk.values, i);
      const std::int64_t day = time / kDay - (time % kDay < 0 ? 1 : 0);
      if (day < std::numeric_limits<std::int32_t>::min() ||
          day > std::numeric_limits<std::int32_t>::max()) {
        fail("a date lies beyond all calendars");
      }
      days[i] = static_cast<std::int32_t>(day);
    }
    chunk.values = days;
    chunk.layout = Layout::int32;
  }

  // The index of value i; past `size`, to be refused, if it is negative.
  static std::uint64_t index(const InputChunk& chunk, std::size_t i) noexcept {
    switch (chunk.layout) {
      case Layout::int8:
        return static_cast<std::uint64_t>(load<std::int8_t>(chunk.values, i));
      case Layout::int16:
        return static_cast<std::uint64_t>(load<std::int16_t>(chunk.values, i));
      case Layout::int32:
        return static_cast<std::uint64_t>(load<std::int32_t>(chunk.values, i));
      case Layout::uint8:
        return load<std::uint8_t>(chunk.values, i);
      case Layout::uint16:
        return load<std::uint16_t>(chunk.values, i);
      case Layout::uint32:
        return load<std::uint32_t>(chunk.values, i);
      default:
        return load<std::uint64_t>(chunk.values, i);
    }
  }

  void check_indices(const InputChunk& chunk, std::size_t size) const {
    for (std::size_t i = chunk.offset; i < chunk.offset + chunk.rows; ++i) {
      if (index(chunk, i) >= size && (chunk.valid == nullptr || bit(chunk.valid, i))) {
        fail("value " + std::to_string(i - chunk.offset) + " of a batch points outside of its " +
             "dictionary");
      }
    }
  }

  // Dictionaries of anything but text become plain columns.
  InputChunk gather(const InputChunk& codes, const InputChunk& values) {
    InputChunk chunk;
    chunk.rows = codes.rows;
    chunk.layout = values.layout == Layout::bits ? Layout::bytes : values.layout;
    if (chunk.layout == Layout::null || chunk.rows == 0) return chunk;
    const std::size_t width = width_of(chunk.layout);
    auto* const out = static_cast<char*>(batches_.make(chunk.rows * width));
    auto* const valid = static_cast<std::uint8_t*>(batches_.make(chunk.rows / 8 + 1));
    for (std::size_t i = 0; i < chunk.rows; ++i) {
      const std::size_t from = codes.offset + i;
      if (codes.valid != nullptr && !bit(codes.valid, from)) continue;
      const std::size_t at = values.offset + static_cast<std::size_t>(index(codes, from));
      if (values.valid != nullptr && !bit(values.valid, at)) continue;
      set_bit(valid, i);
      if (values.layout == Layout::bits) {
        out[i] = bit(static_cast<const std::uint8_t*>(values.values), at) ? 1 : 0;
      } else {
        std::memcpy(out + i * width, static_cast<const char*>(values.values) + at * width, width);
      }
    }
    chunk.values = out;
    chunk.valid = valid;
    return chunk;
  }

  static std::size_t width_of(Layout layout) noexcept {
    switch (layout) {
      case Layout::int8:
      case Layout::uint8:
      case Layout::bytes:
        return 1;
      case Layout::int16:
      case Layout::uint16:
        return 2;
      case Layout::int32:
      case Layout::uint32:
      case Layout::float32:
        return 4;
      case Layout::decimal128:
        return 16;
      default:
        return 8;
    }
  }

  Batches& batches_;
  std::string_view column_;
};

bool is_integer(Layout layout) noexcept { return layout <= Layout::uint64; }

// What a column's schema says, or why it cannot be used.
Source understand(const ArrowSchema& schema, std::string_view name, std::string& why_not) {
  if (schema.format == nullptr) malformed(name, "its format is missing");
  Source source;
  source.type = arrow::parse_format(schema.format, name);
  const auto refuse = [&](const std::string& type, const std::string& advice) {
    why_not = "Arrow input: column '" + std::string(name.substr(0, 40)) + "' has the type " + type +
              ", which cannot be read; " + advice;
  };
  const std::string extension = arrow::extension_name(schema.metadata, name);
  if (schema.dictionary != nullptr) {
    if (!is_integer(source.type.layout) || !source.type.usable) {
      malformed(name, "its dictionary has indices of type " + source.type.name);
    }
    if (schema.dictionary->format == nullptr) malformed(name, "its dictionary has no format");
    source.is_dictionary = true;
    source.values = arrow::parse_format(schema.dictionary->format, name);
    if (schema.dictionary->dictionary != nullptr) {
      refuse("dictionary of dictionaries", "cast it to string");
    } else if (!source.values.usable) {
      refuse("dictionary of " + source.values.name, "cast it to string");
    }
    return source;
  }
  if (!source.type.usable) {
    refuse(source.type.name, source.type.advice);
  } else if (!extension.empty() && source.type.meaning != Meaning::text) {
    // The stored numbers mean what only the extension knows, as periods or geometries.
    refuse("extension '" + extension.substr(0, 40) + "'", "cast it to a plain type");
  }
  return source;
}

void describe(InputColumn& column, const Source& source) {
  const Type& type = source.is_dictionary ? source.values : source.type;
  column.meaning = type.meaning;
  column.unit = type.unit;
  column.zoned = type.zoned;
  column.timezone = type.timezone;
  column.scale = type.scale;
}

// The columns that can be used, as far as the schema tells.
std::vector<Source> read_schema(const ArrowSchema& schema, std::span<const std::string> wanted,
                                InputTable& table) {
  if (schema.format == nullptr) malformed("its format is missing");
  if (std::string_view(schema.format) != "+s" || schema.dictionary != nullptr) {
    throw DataError("Arrow input: the stream holds single values of format '" +
                    std::string(std::string_view(schema.format).substr(0, 40)) +
                    "', not rows with columns; pass a table or a data frame");
  }
  if (schema.n_children < 0 || (schema.n_children > 0 && schema.children == nullptr)) {
    malformed("its columns are missing");
  }
  std::vector<Source> sources;
  std::unordered_map<std::string, std::int64_t> seen;
  for (std::int64_t i = 0; i < schema.n_children; ++i) {
    const ArrowSchema* const child = schema.children[i];
    if (child == nullptr) malformed("column " + std::to_string(i + 1) + " is missing");
    const std::string name = child->name != nullptr ? child->name : "";
    const auto [first, is_new] = seen.emplace(name, i);
    if (!is_new) {
      throw DataError("Arrow input: columns " + std::to_string(first->second + 1) + " and " +
                      std::to_string(i + 1) + " are both named '" + name.substr(0, 40) +
                      "'; rename one of them");
    }
    std::string why_not;
    Source source = understand(*child, name, why_not);
    if (!why_not.empty()) {
      if (std::find(wanted.begin(), wanted.end(), name) != wanted.end()) throw DataError(why_not);
      continue;
    }
    source.child = i;
    InputColumn& column = table.columns.emplace_back();
    column.name = name;
    describe(column, source);
    sources.push_back(std::move(source));
  }
  return sources;
}

void add_batch(Batches& batches, const ArrowArray& batch, std::int64_t children,
               const std::vector<Source>& sources, InputTable& table) {
  const Slice rows = ChunkMaker(batches, "(rows)").whole(batch);
  if (batch.n_children != children || (children > 0 && batch.children == nullptr)) {
    malformed("a batch has " + std::to_string(batch.n_children) + " columns where the schema has " +
              std::to_string(children));
  }
  if (batch.n_buffers < 0 || batch.n_buffers > 1) malformed("a batch has buffers of its own");
  const auto* valid = batch.n_buffers == 1 && batch.buffers != nullptr
                          ? static_cast<const std::uint8_t*>(batch.buffers[0])
                          : nullptr;
  if (valid == nullptr && batch.null_count > 0) {
    malformed("a batch counts missing rows but has no validity bitmap");
  }
  if (batch.null_count == 0) valid = nullptr;
  if (table.rows + rows.rows > static_cast<std::size_t>(kMostRows)) malformed("too many rows");
  for (std::size_t c = 0; c < sources.size(); ++c) {
    InputColumn& column = table.columns[c];
    ChunkMaker maker(batches, column.name);
    const ArrowArray* const child = batch.children[sources[c].child];
    if (child == nullptr) malformed(column.name, "a batch lacks it");
    if (child->release == nullptr) malformed(column.name, "it was released");
    Slice slice = maker.whole(*child);
    if (slice.rows < rows.first + rows.rows) {
      malformed(column.name, "it has " + std::to_string(slice.rows) +
                                 " values where the batch has " +
                                 std::to_string(rows.first + rows.rows) + " rows");
    }
    slice.first += rows.first;
    slice.rows = rows.rows;
    if (rows.rows == 0) continue;
    column.chunks.push_back(maker.column_chunk(sources[c], slice, valid, rows.first));
  }
  table.rows += rows.rows;
}

}  // namespace

InputTable import_arrow(ArrowArrayStream* stream, std::span<const std::string> wanted) {
  if (stream == nullptr || stream->release == nullptr) {
    throw DataError(
        "Arrow input: this stream was already consumed; pass the object, not the capsule");
  }
  const Released<ArrowArrayStream> release_stream(stream);
  if (stream->get_schema == nullptr || stream->get_next == nullptr) {
    malformed("its functions are missing");
  }
  ArrowSchema schema{};
  check_code(stream->get_schema(stream, &schema), stream, "the schema");
  const Released<ArrowSchema> release_schema(&schema);
  if (schema.release == nullptr) {
    throw DataError(
        "Arrow input: the schema was already consumed; pass the object, not the capsule");
  }
  InputTable table;
  const std::vector<Source> sources = read_schema(schema, wanted, table);
  const auto batches = std::make_shared<Batches>();
  while (true) {
    ArrowArray batch{};
    check_code(stream->get_next(stream, &batch), stream, "a batch");
    if (batch.release == nullptr) break;
    try {
      batches->arrays.push_back(batch);
    } catch (...) {
      batch.release(&batch);
      throw;
    }
    add_batch(*batches, batches->arrays.back(), schema.n_children, sources, table);
  }
  table.owner = batches;
  return table;
}

}  // namespace emptor::data
