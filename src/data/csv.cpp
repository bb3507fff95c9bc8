#include "emptor/data/csv.hpp"

#include "emptor/core/error.hpp"

#include "core/parallel.hpp"
#include "data/csv_reader.hpp"
#include "data/csv_scan.hpp"
#include "data/csv_text.hpp"
#include "data/rows.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <limits>
#include <memory>
#include <utility>
#include <vector>

// A file is cut into blocks of fixed size. A first pass over all blocks counts quotes and lines and
// checks that the bytes are text; from the parity of quotes before it, each block then knows where
// its first record begins, and the blocks are split into cells independently. This holds as long as
// quotes stand only where RFC 4180 puts them. Where one does not (5" PLATE), parity says nothing,
// and the records of the whole file are found by reading it byte by byte.

namespace emptor::data {
namespace {

using csv::Field;
using csv::Masks;

constexpr std::size_t kBlock = std::size_t{1} << 21;

/// A file of orders and its cells are large and used once.
struct FreePages {
  void operator()(void* memory) const noexcept { free_pages(memory); }
};
template <typename T>
using Raw = std::unique_ptr<T, FreePages>;
template <typename T>
Raw<T> allocate(std::size_t n) {
  return Raw<T>(static_cast<T*>(allocate_pages(n * sizeof(T))));
}

/// The file's bytes, wherever they came from.
struct Bytes {
  std::string text{};
  Raw<char> raw{};
  char* data = nullptr;
  std::size_t size = 0;
  [[nodiscard]] std::string_view view() const noexcept { return {data, size}; }
};

struct RefusedRecord {
  std::size_t position = 0;
  std::size_t end = 0;
  std::size_t fields = 0;
  std::size_t text_after = 0;  ///< number of the field whose quote is followed by text, or 0
};

/// The cells of the records that begin in one block: column c of row r is cells[c * capacity + r].
struct Block {
  std::size_t begin = 0;  ///< a fixed cut at first, then where its first record begins
  std::size_t end = 0;
  bool odd_quotes = false;
  std::int64_t lines = 0;                        ///< line ends between the fixed cuts
  std::size_t invalid = std::string_view::npos;  ///< first byte that is not text
  bool stray_quote = false;
  PackedCell* cells = nullptr;  ///< into the bytes from `begin` on
  std::size_t capacity = 0;
  std::size_t rows = 0;
  std::vector<PackedCell*> doubled{};  ///< cells that hold doubled quotes
  std::vector<RefusedRecord> refused{};
};

/// What the table's owner keeps alive.
struct Storage {
  Bytes bytes{};
  std::vector<Block> blocks{};
  Raw<PackedCell> cells{};
};

// A record of n fields has at least n - 1 delimiters and a line end, and a block has no more
// records than line ends, but for one at its cut and one after a CR LF that the cut divides.
std::size_t most_rows(const Block& block, std::size_t columns) noexcept {
  const std::size_t size = block.end - block.begin;
  return std::min(size / columns, static_cast<std::size_t>(block.lines) + 1) + 1;
}

/// Takes the fields of one block in order and keeps the complete records.
class Cells {
 public:
  Cells(Block& block, char* data, std::size_t columns)
      : block_(block),
        data_(data),
        columns_(columns),
        record_(block.begin),
        next_(block.cells),
        end_(block.cells + columns * block.capacity) {}
  void plain(std::size_t begin, std::size_t end) {
    if (next_ < end_) {
      std::construct_at(next_, PackedCell{static_cast<std::uint32_t>(begin - block_.begin),
                                          static_cast<std::uint32_t>(end - begin)});
      next_ += block_.capacity;
    }
    ++column_;
  }
  /// A field as it stands in the file, perhaps in quotes.
  void field(std::size_t begin, std::size_t end) {
    if (begin < end && data_[begin] == '"') {
      quoted(begin + 1, end - 1, std::memchr(data_ + begin + 1, '"', end - begin - 2) != nullptr);
    } else {
      plain(begin, end);
    }
  }
  void quoted(std::size_t begin, std::size_t end, bool doubled) {
    if (doubled && next_ < end_) doubled_.push_back(next_);
    plain(begin, end);
  }
  void text_after() { text_after_ = text_after_ == 0 ? column_ : text_after_; }
  /// The record ends before `end`; the next one begins at `next`.
  void end_record(std::size_t end, std::size_t next) {
    if (column_ == columns_ && text_after_ == 0 && !(columns_ == 1 && end == record_)) {
      ++block_.rows;
      block_.doubled.insert(block_.doubled.end(), doubled_.begin(), doubled_.end());
    } else if (end != record_) {
      block_.refused.push_back({record_, end, column_, text_after_});
    }
    doubled_.clear();
    column_ = 0;
    text_after_ = 0;
    record_ = next;
    next_ = block_.cells + block_.rows;
  }
  [[nodiscard]] bool inside_record() const noexcept { return column_ > 0; }

 private:
  Block& block_;
  char* data_;
  std::size_t columns_;
  std::size_t record_;
  PackedCell* next_;  ///< where the next cell of the record goes
  PackedCell* end_;
  std::vector<PackedCell*> doubled_{};  ///< of the record
  std::size_t column_ = 0;
  std::size_t text_after_ = 0;
};

// First pass: counts, and whether the bytes are text.
void survey(Block& block, std::string_view bytes) {
  const char* const begin = bytes.data() + block.begin;
  const char* const end = bytes.data() + block.end;
  const csv::Content content = csv::content(begin, end);
  block.odd_quotes = content.odd_quotes;
  block.lines = content.carriage ? csv::count_lines(begin, end, begin[-1]) : content.newlines;
  // The LF of a CR LF that the cut divides ends no line.
  if (!content.carriage && begin[-1] == '\r' && begin < end && *begin == '\n') --block.lines;
  if (content.zero) block.invalid = bytes.find('\0', block.begin);
  // A byte after the block's end that continues a character is ours to look at, see csv_text.hpp.
  const bool continues =
      block.end < bytes.size() && (static_cast<unsigned char>(*end) & 0xC0U) == 0x80U;
  if (content.high || continues) {
    block.invalid = std::min(block.invalid, csv::find_invalid_utf8(bytes, block.begin, block.end));
  }
}

constexpr std::size_t kNoRecord = std::string_view::npos;

// Moves the block's begin from its cut to its first record; kNoRecord if that is in a later block.
void find_first_record(Block& block, std::string_view bytes, bool inside) {
  const char before = bytes[block.begin - 1];
  if (!inside && (before == '\n' || before == '\r')) return;
  std::size_t i = block.begin;
  for (; i < block.end; ++i) {
    inside ^= bytes[i] == '"';
    if (!inside && (bytes[i] == '\n' || bytes[i] == '\r')) break;
  }
  block.begin = i + 1 < block.end ? i + 1 : kNoRecord;
}

// Splits whole records by masks. Holds while every quote opens a field, closes one, or is doubled;
// block.stray_quote tells if one does not. The bytes stay as they are, see unescape_all.
void split(Block& block, char* data, char delimiter, std::size_t columns) {
  Cells cells(block, data, columns);
  std::size_t start = block.begin;
  std::uint64_t carry = 0;     // all ones inside quotes
  std::uint64_t may_open = 1;  // the byte before lets a quote open a field
  std::uint64_t closed = 0;    // the byte before is a quote that closes
  std::uint64_t stray = 0;
  const std::size_t begin = block.begin;
  csv::for_each_word(data + begin, data + block.end, delimiter,
                     [&](const Masks& m, std::size_t offset) {
                       std::uint64_t ends = m.structural();
                       const std::uint64_t edges = ends | m.quote;
                       if ((m.quote | carry | closed) != 0) {
                         const std::uint64_t in = csv::prefix_xor(m.quote) ^ carry;
                         const std::uint64_t closing = m.quote & ~in;
                         // What lies past the block's end is no text that follows a quote.
                         const std::size_t left = block.end - begin - offset;
                         const std::uint64_t ours =
                             left < csv::kWord ? (std::uint64_t{1} << left) - 1 : ~std::uint64_t{0};
                         stray |= m.quote & in & ~((edges << 1) | may_open);
                         stray |= (closing << 1 | closed) & ~edges & ours;
                         carry = (in >> 63) != 0 ? ~std::uint64_t{0} : 0;
                         closed = closing >> 63;
                         ends &= ~in;
                       }
                       may_open = edges >> 63;
                       if (stray != 0) return;
                       while (ends != 0) {
                         const auto bit = static_cast<std::size_t>(std::countr_zero(ends));
                         const std::size_t at = begin + offset + bit;
                         ends &= ends - 1;
                         cells.field(start, at);
                         start = at + 1;
                         if ((m.delimiter >> bit & 1U) == 0) cells.end_record(at, start);
                       }
                     });
  block.stray_quote = stray != 0;
  if (stray == 0 && (start < block.end || cells.inside_record())) {
    cells.field(start, block.end);
    cells.end_record(block.end, block.end);
  }
}

// Makes doubled quotes single, once it is certain that no block must be split again.
void unescape_all(const Block& block, char* data) {
  for (PackedCell* const cell : block.doubled) {
    char* const begin = data + block.begin + cell->begin;
    cell->size = static_cast<std::uint32_t>(csv::unescape(begin, begin + cell->size).size());
  }
}

// Splits whole records byte by byte, whatever quotes they hold.
void split_slowly(Block& block, char* data, char delimiter, std::size_t columns) {
  Cells cells(block, data, columns);
  const std::string_view bytes(data, block.end);
  std::size_t position = block.begin;
  while (position < block.end || cells.inside_record()) {
    const Field field = csv::read_field(bytes, position, delimiter);
    if (field.quoted) {
      cells.quoted(field.begin, field.end, field.doubled);
    } else {
      cells.plain(field.begin, field.end);
    }
    if (field.text_after) cells.text_after();
    if (field.ends_record) {
      const bool at_end =
          field.next == block.end && data[block.end - 1] != '\n' && data[block.end - 1] != '\r';
      cells.end_record(at_end ? field.next : field.next - 1, field.next);
    }
    position = field.next;
  }
}

// Moves the blocks' begins to records by reading every field, where quotes do not tell by parity.
void cut_slowly(std::vector<Block>& blocks, std::string_view bytes, char delimiter,
                std::string_view name) {
  std::size_t position = blocks.front().begin;
  bool at_record = true;
  const auto advance = [&] {
    const Field field = csv::read_field(bytes, position, delimiter);
    if (field.unclosed) csv::throw_unclosed(bytes, position, name);
    position = field.next;
    at_record = field.ends_record;
  };
  for (Block& block : blocks) {
    while (position < bytes.size() && (position < block.begin || !at_record)) advance();
    block.begin = position;
  }
  while (position < bytes.size()) advance();
}

std::string reason(const RefusedRecord& refused, std::size_t columns, std::int64_t first,
                   std::int64_t last) {
  std::string text;
  if (refused.text_after != 0) {
    text = "text follows the closing quote of field " + std::to_string(refused.text_after);
  } else {
    text = std::to_string(refused.fields) + (refused.fields == 1 ? " field" : " fields") +
           " where the header has " + std::to_string(columns);
  }
  if (last > first) text += " (the record ends in line " + std::to_string(last) + ")";
  return text;
}

// Line numbers of the kept rows and of the refused records, for files whose rows are not one after
// the other.
void number_lines(InputTable& table, const Storage& storage, std::size_t columns) {
  const std::string_view bytes = storage.bytes.view();
  std::size_t at = storage.blocks.front().begin;
  std::int64_t line = table.first_row;
  const auto line_at = [&](std::size_t position) {
    // Counting on from the last place asked for. A CR LF never straddles two of them except at a
    // record's begin, where the LF is a blank record of its own.
    line += csv::count_lines(bytes.data() + at, bytes.data() + position, bytes[at - 1]);
    at = position;
    return line;
  };
  table.positions.reserve(table.rows);
  for (const Block& block : storage.blocks) {
    auto refused = block.refused.begin();
    const auto refuse_before = [&](std::size_t position) {
      for (; refused != block.refused.end() && refused->position < position; ++refused) {
        const std::int64_t first = line_at(refused->position);
        const std::int64_t last =
            first + csv::count_lines(bytes.data() + refused->position, bytes.data() + refused->end,
                                     bytes[refused->position - 1]);
        table.refused.push_back({first, reason(*refused, columns, first, last)});
      }
    };
    for (std::size_t row = 0; row < block.rows; ++row) {
      const std::size_t position = block.begin + block.cells[row].begin;
      refuse_before(position);
      table.positions.push_back(line_at(position));
    }
    refuse_before(bytes.size() + 1);
  }
}

void check_memory(const Context& context, std::size_t bytes, std::size_t cells,
                  std::string_view name) {
  if (context.memory_limit == 0) return;
  const std::size_t needed = bytes + cells * sizeof(PackedCell);
  if (needed > context.memory_limit) {
    throw MemoryLimit(std::string(name) + ": reading the file needs about " +
                      std::to_string(needed >> 20U) + " MB, more than memory_limit allows (" +
                      std::to_string(context.memory_limit >> 20U) + " MB)");
  }
}

std::vector<Block> make_blocks(std::size_t begin, std::size_t end, std::size_t size) {
  std::vector<Block> blocks(std::max<std::size_t>(1, (end - begin + size - 1) / size));
  for (std::size_t b = 0; b < blocks.size(); ++b) {
    blocks[b].begin = begin + b * size;
    blocks[b].end = std::min(end, blocks[b].begin + size);
  }
  return blocks;
}

// Gives each block its records, up to where the next block's begin, and room for their cells.
void allocate_cells(Storage& storage, std::size_t columns, const Context& context,
                    std::string_view name) {
  std::size_t cells = 0;
  std::size_t next = storage.bytes.size;
  for (auto block = storage.blocks.rbegin(); block != storage.blocks.rend(); ++block) {
    // A block in which no record begins leaves everything to the one before.
    if (block->begin == kNoRecord) block->begin = next;
    block->end = next;
    next = block->begin;
    if (block->end - block->begin > std::numeric_limits<std::uint32_t>::max()) {
      throw FormatError(std::string(name) + ": the record that begins in line " +
                        std::to_string(csv::line_of(storage.bytes.view(), block->begin)) +
                        " is longer than 4 GB; is a quote in it never closed?");
    }
    block->capacity = most_rows(*block, columns);
    cells += block->capacity * columns;
  }
  check_memory(context, storage.bytes.size, cells, name);
  storage.cells = allocate<PackedCell>(cells);
  cells = 0;
  for (Block& block : storage.blocks) {
    block.cells = storage.cells.get() + cells;
    cells += block.capacity * columns;
  }
}

InputTable parse(Bytes bytes_in, std::string_view name, const CsvOptions& options,
                 const Context& context, std::size_t block_size = kBlock) {
  const auto storage = std::make_shared<Storage>();
  storage->bytes = std::move(bytes_in);
  if (!storage->bytes.raw) storage->bytes.data = storage->bytes.text.data();
  char* const data = storage->bytes.data;
  const std::string_view bytes = storage->bytes.view();
  const std::size_t start = csv::check_start(bytes, name);
  const char delimiter =
      options.delimiter != 0 ? options.delimiter : csv::detect_delimiter(bytes, start);
  if (delimiter == '"' || delimiter == '\n' || delimiter == '\r') {
    throw InvalidArgument(
        "read_csv: delimiter must be a single character that is not a quote or a line end");
  }
  csv::Header header = csv::read_header(bytes, start, delimiter, name);
  const std::size_t columns = header.names.size();

  InputTable table;
  table.row_word = "line";
  table.first_row = csv::line_of(bytes, header.end);
  table.columns.resize(columns);
  for (std::size_t c = 0; c < columns; ++c) table.columns[c].name = std::move(header.names[c]);

  std::vector<Block>& blocks = storage->blocks;
  blocks = make_blocks(header.end, bytes.size(), block_size);
  Context quiet = context;
  quiet.progress = nullptr;
  core::parallel_for(quiet, blocks.size(), [&](std::size_t b) { survey(blocks[b], bytes); });
  std::size_t invalid = csv::find_invalid_utf8(bytes, 0, header.end);
  invalid = std::min(invalid, bytes.substr(0, header.end).find('\0'));
  bool odd = false;
  std::int64_t lines = 0;
  std::vector<std::size_t> cuts(blocks.size());
  for (std::size_t b = 0; b < blocks.size(); ++b) {
    cuts[b] = blocks[b].begin;
    invalid = std::min(invalid, blocks[b].invalid);
    find_first_record(blocks[b], bytes, odd);
    odd ^= blocks[b].odd_quotes;
    lines += blocks[b].lines;
  }
  if (invalid != std::string_view::npos) csv::throw_not_text(bytes, invalid, name);

  const auto run = [&](const auto& splitter) {
    allocate_cells(*storage, columns, context, name);
    core::parallel_for(context, blocks.size(),
                       [&](std::size_t b) { splitter(blocks[b], data, delimiter, columns); });
  };
  if (!odd) run(split);
  if (odd || std::any_of(blocks.begin(), blocks.end(),
                         [](const Block& block) { return block.stray_quote; })) {
    for (std::size_t b = 0; b < blocks.size(); ++b) {
      blocks[b].begin = cuts[b];
      blocks[b].rows = 0;
      blocks[b].doubled.clear();
      blocks[b].refused.clear();
    }
    cut_slowly(blocks, bytes, delimiter, name);
    run(split_slowly);
  }
  core::parallel_for(quiet, blocks.size(), [&](std::size_t b) { unescape_all(blocks[b], data); });

  bool refused = false;
  for (const Block& block : blocks) {
    table.rows += block.rows;
    refused = refused || !block.refused.empty();
    if (block.rows == 0) continue;
    for (std::size_t c = 0; c < columns; ++c) {
      InputChunk& chunk = table.columns[c].chunks.emplace_back();
      chunk.layout = Layout::packed;
      chunk.rows = block.rows;
      chunk.characters = data + block.begin;
      chunk.values = block.cells + c * block.capacity;
    }
  }
  const bool last_line_open =
      bytes.size() > header.end && bytes.back() != '\n' && bytes.back() != '\r';
  const auto lines_in = static_cast<std::size_t>(lines) + (last_line_open ? 1 : 0);
  if (refused || lines_in != table.rows) number_lines(table, *storage, columns);
  table.owner = storage;
  return table;
}

}  // namespace

InputTable read_csv(const std::string& path, const CsvOptions& options, const Context& context) {
  const auto fail = [&](const std::string& what) -> DataError {
    return DataError("read_csv: cannot " + what + " '" + path + "': " + std::strerror(errno));
  };
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) {
    throw DataError("read_csv: '" + path + "' is a folder; name a file in it");
  }
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"),
                                                             &std::fclose);
  if (!file) throw fail("open");
  std::setvbuf(file.get(), nullptr, _IONBF, 0);
  // Pipes have no size: what is read decides, the size only saves growing.
  const std::uintmax_t known = std::filesystem::file_size(path, ignored);
  std::size_t capacity = ignored ? kBlock : static_cast<std::size_t>(known) + 1;
  check_memory(context, capacity, 0, path);
  Bytes bytes;
  bytes.raw = allocate<char>(capacity);
  while (true) {
    bytes.size += std::fread(bytes.raw.get() + bytes.size, 1, capacity - bytes.size, file.get());
    if (std::ferror(file.get()) != 0) throw fail("read");
    if (bytes.size < capacity) break;
    capacity *= 2;
    check_memory(context, capacity, 0, path);
    Raw<char> larger = allocate<char>(capacity);
    std::memcpy(larger.get(), bytes.raw.get(), bytes.size);
    bytes.raw = std::move(larger);
  }
  bytes.data = bytes.raw.get();
  return parse(std::move(bytes), path, options, context);
}

InputTable parse_csv(std::string text, std::string_view name, const CsvOptions& options,
                     const Context& context) {
  return csv::parse_blocks(std::move(text), name, options, context, kBlock);
}

InputTable csv::parse_blocks(std::string text, std::string_view name, const CsvOptions& options,
                             const Context& context, std::size_t block) {
  Bytes bytes;
  bytes.size = text.size();
  bytes.text = std::move(text);
  return parse(std::move(bytes), name, options, context, block);
}

}  // namespace emptor::data
