#include "emptor/core/error.hpp"

#include "data/csv_reader.hpp"

#include <cstdint>
#include <cstdlib>
#include <string>
#include <tuple>
#include <vector>

// Any bytes are either read, the same whatever the blocks and the number of threads, or refused by
// a FormatError.

namespace {

using emptor::data::InputTable;
using emptor::data::PackedCell;

struct Outcome {
  std::string error{};
  std::vector<std::string> names{};
  std::vector<std::vector<std::string>> cells{};
  std::vector<std::int64_t> positions{};
  std::vector<std::pair<std::int64_t, std::string>> refused{};
  bool operator==(const Outcome&) const = default;
};

Outcome read(const std::string& bytes, char delimiter, int threads, std::size_t block) {
  Outcome out;
  emptor::Context context;
  context.threads = threads;
  try {
    const InputTable table = emptor::data::csv::parse_blocks(
        bytes, "fuzz.csv", {.delimiter = delimiter}, context, block);
    for (const auto& column : table.columns) {
      out.names.push_back(column.name);
      auto& cells = out.cells.emplace_back();
      for (const auto& chunk : column.chunks) {
        const auto* values = static_cast<const PackedCell*>(chunk.values);
        for (std::size_t i = 0; i < chunk.rows; ++i) {
          cells.emplace_back(chunk.characters + values[i].begin, values[i].size);
        }
      }
      if (cells.size() != table.rows) std::abort();
    }
    out.positions = table.positions;
    for (std::size_t i = 0; table.positions.empty() && i < table.rows; ++i) {
      out.positions.push_back(table.first_row + static_cast<std::int64_t>(i));
    }
    if (out.positions.size() != table.rows) std::abort();
    for (const auto& record : table.refused)
      out.refused.emplace_back(record.position, record.reason);
  } catch (const emptor::FormatError& error) {
    out.error = error.what();
    if (out.error.empty()) std::abort();
  }
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  constexpr char kDelimiters[] = {0, ',', ';', '\t'};
  const char delimiter = kDelimiters[data[0] % 4];
  const std::size_t block = 1 + data[1] % 70;
  const std::string bytes(reinterpret_cast<const char*>(data + 2), size - 2);
  const Outcome whole = read(bytes, delimiter, 1, std::size_t{1} << 20);
  if (read(bytes, delimiter, 1, block) != whole) std::abort();
  return 0;
}
