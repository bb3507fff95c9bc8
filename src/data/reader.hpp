#pragma once

#include "emptor/core/context.hpp"
#include "emptor/data/input.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace emptor::data {

/// Rows every kernel of ingestion works on at a time.
inline constexpr std::size_t kBlock = std::size_t{1} << 16;

/// Up to kRows consecutive values of a column, decoded to one of three kinds.
struct Batch {
  static constexpr std::size_t kRows = 1024;
  enum class Kind : std::uint8_t { nothing, integers, reals, texts };
  Kind kind = Kind::nothing;
  std::size_t rows = 0;
  const std::int64_t* integers = nullptr;
  const double* reals = nullptr;
  const std::string_view* texts = nullptr;  ///< trimmed; missing has no data()
  bool all_valid = true;
  std::array<std::uint8_t, kRows> valid{};  ///< filled unless all_valid
  std::array<std::int64_t, kRows> integer_space{};
  std::array<double, kRows> real_space{};
  std::array<std::string_view, kRows> text_space{};

  [[nodiscard]] bool has(std::size_t i) const noexcept { return all_valid || valid[i] != 0; }
};

/// Reads any run of rows of an incoming column, whatever lies in memory. Const use from many
/// threads is safe. Unsigned integers beyond int64 and wide decimals come as reals.
class ColumnReader {
 public:
  /// With `markers`, texts that stand for a missing value in other programs ("NA", "NaN", "null",
  /// "None", "N/A") are missing; a country NA is not, so attributes are read without.
  explicit ColumnReader(const InputColumn& column, bool markers = true);

  /// Decodes at most Batch::kRows rows from `row` on, fewer at the end of a chunk.
  void read(std::size_t row, std::size_t end, Batch& batch) const;
  /// The value of one row as text, for messages; "" if missing.
  [[nodiscard]] std::string found(std::size_t row) const;

  [[nodiscard]] std::size_t rows() const noexcept { return starts_.back(); }
  [[nodiscard]] const InputColumn& column() const noexcept { return *column_; }
  /// The values themselves where they lie as one run of int64 without missing ones; else empty.
  [[nodiscard]] std::span<const std::int64_t> plain_integers() const noexcept;
  /// Whether values are text, or the cells of a file.
  [[nodiscard]] bool is_text() const noexcept { return is_text_; }
  [[nodiscard]] bool is_cells() const noexcept { return is_cells_; }

 private:
  const InputColumn* column_;
  std::vector<std::size_t> starts_{0};
  std::vector<std::vector<std::string_view>> dictionaries_;  ///< decoded, per chunk
  bool markers_;
  bool is_text_ = false;
  bool is_cells_ = false;
};

/// Calls visit(row of the batch's first value, batch) for all of [begin, end).
template <typename Visit>
void for_batches(const ColumnReader& reader, std::size_t begin, std::size_t end, Batch& batch,
                 Visit&& visit) {
  for (std::size_t row = begin; row < end; row += batch.rows) {
    reader.read(row, end, batch);
    visit(row, static_cast<const Batch&>(batch));
  }
}

}  // namespace emptor::data
