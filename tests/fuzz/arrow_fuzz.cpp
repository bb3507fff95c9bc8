#include "emptor/core/error.hpp"

#include "data/arrow_fixture.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <fuzzer/FuzzedDataProvider.h>
#include <limits>
#include <string>
#include <vector>

// Structures with buffers of the sizes they claim, and hostile everything else: formats, lengths,
// offsets, null counts, indices, counts of buffers and children. They are either read, and every
// value can then be looked at, or refused by an Error; what was given is released once.

namespace {

using emptor::data::InputChunk;
using emptor::data::InputTable;
using emptor::data::Layout;
using emptor::data::test::Node;

constexpr std::size_t kCharacters = 64;

class Maker {
 public:
  explicit Maker(FuzzedDataProvider& bytes) : bytes_(bytes) {}

  Node column(int depth = 0) {
    static const std::array<const char*, 36> kFormats = {
        "c",   "C",      "s",    "S",         "i",    "I",     "l",         "L",
        "f",   "g",      "b",    "u",         "U",    "vu",    "n",         "tdD",
        "tdm", "tss:",   "tsm:", "tsu:UTC",   "tsn:", "d:9,2", "d:9,2,128", "d:9,2,256",
        "e",   "z",      "+l",   "+s",        "+r",   "w:3",   "ttu",       "tDs",
        "",    "(none)", "q",    "tsu:+01:00"};
    Node node;
    node.format = kFormats[pick(kFormats.size())];
    if (rarely()) node.format = bytes_.ConsumeRandomLengthString(8).c_str();
    node.name = rarely() ? "(none)" : std::string(1, static_cast<char>('a' + names_++ % 26));
    node.offset = static_cast<std::int64_t>(pick(20));
    node.length = static_cast<std::int64_t>(pick(40));
    const std::size_t items = static_cast<std::size_t>(node.offset + node.length);
    fill(node, items);
    if (depth < 2 && bytes_.ConsumeIntegralInRange(0, 3) == 0) {
      node.dictionary = std::make_shared<Node>(column(depth + 1));
    }
    spoil(node);
    return node;
  }

  Node batch(std::vector<Node> columns) {
    Node node;
    node.format = rarely() ? "i" : "+s";
    node.length = static_cast<std::int64_t>(pick(40));
    node.offset = static_cast<std::int64_t>(pick(20));
    validity(node, static_cast<std::size_t>(node.length + node.offset));
    if (rarely()) node.null_buffer[0] = true;
    node.children = std::move(columns);
    spoil(node);
    if (node.n_children > static_cast<std::int64_t>(node.children.size())) node.n_children = 0;
    return node;
  }

  bool rarely() { return bytes_.ConsumeIntegralInRange(0, 40) == 7; }
  std::size_t pick(std::size_t n) { return bytes_.ConsumeIntegralInRange<std::size_t>(0, n - 1); }

 private:
  void validity(Node& node, std::size_t items) {
    if (bytes_.ConsumeBool()) {
      node.no_buffer();
      node.null_count = 0;
    } else {
      raw(node, items / 8 + 1);
      node.null_count = -1;
    }
  }
  void raw(Node& node, std::size_t size) {
    std::vector<char> memory = bytes_.ConsumeBytes<char>(size);
    memory.resize(size, static_cast<char>(size));
    node.buffer(memory);
  }
  template <typename Offset>
  void offsets(Node& node, std::size_t items) {
    std::vector<Offset> values;
    Offset at = 0;
    for (std::size_t i = 0; i <= items; ++i) {
      at = static_cast<Offset>(
          std::min<std::size_t>(static_cast<std::size_t>(at) + pick(4), kCharacters));
      values.push_back(rarely() ? static_cast<Offset>(bytes_.ConsumeIntegralInRange(-3, 64)) : at);
    }
    node.buffer(values);
    characters(node);
  }
  void characters(Node& node) {
    std::vector<char> memory(kCharacters, 'x');
    if (rarely()) memory[pick(kCharacters)] = '\xC3';
    node.buffer(memory);
  }
  void views(Node& node, std::size_t items) {
    std::vector<std::int32_t> cells;
    for (std::size_t i = 0; i < items; ++i) {
      const bool wild = rarely();
      for (int part = 0; part < 4; ++part) {
        const int most = part == 0 ? 30 : part == 2 ? 1 : 40;
        cells.push_back(wild ? bytes_.ConsumeIntegral<std::int32_t>()
                             : bytes_.ConsumeIntegralInRange(0, most));
      }
    }
    node.buffer(cells);
    characters(node);
    characters(node);
    const std::int64_t size = kCharacters;
    node.buffer(std::vector<std::int64_t>{size, rarely() ? -1 : size});
  }
  void fill(Node& node, std::size_t items) {
    if (node.format == "n") return;
    validity(node, items);
    if (node.format == "u") return offsets<std::int32_t>(node, items);
    if (node.format == "U") return offsets<std::int64_t>(node, items);
    if (node.format == "vu") return views(node, items);
    // Wide enough for any fixed-width format. Small numbers make indices that often fit.
    std::vector<std::int8_t> values;
    for (std::size_t i = 0; i < items * 16; ++i) {
      values.push_back(rarely() ? bytes_.ConsumeIntegral<std::int8_t>() : std::int8_t{0});
    }
    node.buffer(values);
  }
  // Numbers that contradict the rest, without lying about the size of a buffer.
  void spoil(Node& node) {
    constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
    if (rarely())
      node.length =
          bytes_.ConsumeBool() ? -node.length - 1 : kMost - static_cast<std::int64_t>(pick(3));
    if (rarely())
      node.offset =
          bytes_.ConsumeBool() ? -node.offset - 1 : kMost - static_cast<std::int64_t>(pick(3));
    if (rarely()) node.null_count = bytes_.ConsumeIntegral<std::int64_t>();
    // Four buffers of a string view would make its characters the lengths of its characters.
    const std::size_t most = std::min<std::size_t>(node.memory.size(), 3);
    if (rarely()) node.n_buffers = static_cast<std::int64_t>(pick(most + 1));
    if (rarely()) node.n_buffers = std::numeric_limits<std::int64_t>::min();
    if (rarely()) node.n_children = static_cast<std::int64_t>(pick(3));
    if (!node.memory.empty() && rarely()) node.null_buffer[pick(node.memory.size())] = true;
    if (rarely()) node.no_buffer();
    if (rarely()) {
      const std::int32_t count = bytes_.ConsumeIntegralInRange(-2, 0);
      node.metadata.assign(reinterpret_cast<const char*>(&count), sizeof count);
    }
  }

  FuzzedDataProvider& bytes_;
  int names_ = 0;
};

std::size_t look_at(const InputTable& table) {
  std::size_t seen = 0;
  for (const auto& column : table.columns) {
    std::size_t rows = 0;
    for (const InputChunk& chunk : column.chunks) {
      rows += chunk.rows;
      if (chunk.layout == Layout::null) continue;
      for (std::size_t i = chunk.offset; i < chunk.offset + chunk.rows; ++i) {
        if (chunk.valid != nullptr && !emptor::data::test::bit(chunk.valid, i)) continue;
        seen += emptor::data::test::shown(chunk, i).size();
      }
    }
    if (rows != table.rows) std::abort();
  }
  return seen;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  FuzzedDataProvider bytes(data, size);
  Maker maker(bytes);
  const std::size_t columns = maker.pick(4);
  std::vector<Node> batches;
  std::vector<Node> first;
  for (std::size_t c = 0; c < columns; ++c) first.push_back(maker.column());
  const std::size_t more = maker.pick(3);
  batches.push_back(maker.batch(first));
  for (std::size_t b = 0; b < more; ++b) {
    // The same formats, other arrays: a producer cannot change its schema on the way.
    std::vector<Node> next = first;
    for (Node& node : next) {
      if (node.offset > 0 && node.length > 0) --node.offset;
    }
    batches.push_back(maker.batch(std::move(next)));
  }
  emptor::data::test::Producer producer(std::move(batches));
  const int given = static_cast<int>(more) + 1;
  try {
    ArrowArrayStream stream = producer.stream();
    const std::vector<std::string> wanted(maker.pick(2), "a");
    const InputTable table = emptor::data::import_arrow(&stream, wanted);
    look_at(table);
    if (producer.counts.batches != 0) std::abort();
    if (stream.release != nullptr) std::abort();
  } catch (const emptor::Error& error) {
    if (std::string(error.what()).empty()) std::abort();
  }
  if (producer.counts.stream != 1 || producer.counts.schema != 1) std::abort();
  if (producer.counts.batches > given) std::abort();
  return 0;
}
