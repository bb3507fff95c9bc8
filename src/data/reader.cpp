#include "data/reader.hpp"

#include "emptor/core/error.hpp"

#include "data/words.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <limits>
#include <string>

namespace emptor::data {

namespace {

bool bit(const std::uint8_t* bits, std::size_t i) noexcept {
  return ((bits[i >> 3] >> (i & 7)) & 1) != 0;
}

bool is_text_layout(Layout layout) noexcept {
  return layout == Layout::text32 || layout == Layout::text64 || layout == Layout::text_view ||
         layout == Layout::cells || layout == Layout::packed;
}

template <typename T>
T load(const void* values, std::size_t i) noexcept {
  T value;
  std::memcpy(&value, static_cast<const char*>(values) + i * sizeof(T), sizeof(T));
  return value;
}

/// A value of Arrow's string view layout: 12 bytes inside, or a piece of a buffer.
std::string_view view_at(const InputChunk& chunk, std::size_t i) noexcept {
  const char* cell = static_cast<const char*>(chunk.values) + 16 * i;
  const auto length = load<std::int32_t>(cell, 0);
  if (length <= 12) return {cell + 4, static_cast<std::size_t>(length)};
  const auto buffer = static_cast<std::size_t>(load<std::int32_t>(cell, 2));
  const auto offset = static_cast<std::size_t>(load<std::int32_t>(cell, 3));
  return {chunk.buffers[buffer].data() + offset, static_cast<std::size_t>(length)};
}

/// The text of value i (already shifted by the chunk's offset), not trimmed.
std::string_view text_at(const InputChunk& chunk, std::size_t i) noexcept {
  switch (chunk.layout) {
    case Layout::text32: {
      const auto from = load<std::int32_t>(chunk.offsets, i);
      const auto to = load<std::int32_t>(chunk.offsets, i + 1);
      return {chunk.characters + from, static_cast<std::size_t>(to - from)};
    }
    case Layout::text64: {
      const auto from = load<std::int64_t>(chunk.offsets, i);
      const auto to = load<std::int64_t>(chunk.offsets, i + 1);
      return {chunk.characters + from, static_cast<std::size_t>(to - from)};
    }
    case Layout::text_view:
      return view_at(chunk, i);
    case Layout::packed: {
      const PackedCell cell = static_cast<const PackedCell*>(chunk.values)[i];
      return {chunk.characters + cell.begin, cell.size};
    }
    default:
      return static_cast<const std::string_view*>(chunk.values)[i];
  }
}

std::int64_t index_at(const InputChunk& chunk, std::size_t i) noexcept {
  switch (chunk.indices) {
    case Layout::int8:
      return load<std::int8_t>(chunk.values, i);
    case Layout::int16:
      return load<std::int16_t>(chunk.values, i);
    case Layout::int64:
      return load<std::int64_t>(chunk.values, i);
    case Layout::uint8:
      return load<std::uint8_t>(chunk.values, i);
    case Layout::uint16:
      return load<std::uint16_t>(chunk.values, i);
    case Layout::uint32:
      return load<std::uint32_t>(chunk.values, i);
    case Layout::uint64:
      return static_cast<std::int64_t>(load<std::uint64_t>(chunk.values, i));
    default:
      return load<std::int32_t>(chunk.values, i);
  }
}

bool is_marker(std::string_view text) noexcept {
  const char first = text.empty() ? ' ' : text.front();
  if (first != 'N' && first != 'n' && first != '#' && first != '<') return false;
  return text == "NA" || text == "NaN" || text == "nan" || text == "null" || text == "NULL" ||
         text == "None" || text == "N/A" || text == "#N/A" || text == "<NA>";
}

std::string_view trimmed_slowly(std::string_view text) noexcept {
  text = trim(text);
  return text.empty() ? std::string_view{} : text;
}

inline std::string_view trimmed(std::string_view text, bool markers) noexcept {
  if (markers && text.size() <= 4 && is_marker(text)) return {};
  if (!text.empty() && static_cast<unsigned char>(text.front()) > ' ' &&
      static_cast<unsigned char>(text.back()) > ' ' && text.front() != '\xC2' &&
      text.back() != '\xA0') {
    return text;
  }
  return trimmed_slowly(text);
}

template <typename T>
void integers_from(const InputChunk& chunk, std::size_t first, Batch& batch) noexcept {
  for (std::size_t i = 0; i < batch.rows; ++i) {
    batch.integer_space[i] = static_cast<std::int64_t>(load<T>(chunk.values, first + i));
  }
  batch.kind = Batch::Kind::integers;
  batch.integers = batch.integer_space.data();
}

/// A 16-byte two's complement integer over 10^scale, as integer where it is one and fits.
void decimals_from(const InputChunk& chunk, std::int32_t scale, std::size_t first,
                   Batch& batch) noexcept {
  const double unit = std::pow(10.0, scale);
  for (std::size_t i = 0; i < batch.rows; ++i) {
    const auto low = load<std::uint64_t>(chunk.values, 2 * (first + i));
    const auto high = load<std::int64_t>(chunk.values, 2 * (first + i) + 1);
    double value;
    if (high == (static_cast<std::int64_t>(low) < 0 ? -1 : 0)) {
      value = static_cast<double>(static_cast<std::int64_t>(low));
    } else {
      value = static_cast<double>(high) * 18446744073709551616.0 + static_cast<double>(low);
    }
    batch.real_space[i] = value / unit;
  }
  batch.kind = Batch::Kind::reals;
  batch.reals = batch.real_space.data();
}

}  // namespace

ColumnReader::ColumnReader(const InputColumn& column, bool markers)
    : column_(&column), markers_(markers) {
  dictionaries_.resize(column.chunks.size());
  for (std::size_t c = 0; c < column.chunks.size(); ++c) {
    const InputChunk& chunk = column.chunks[c];
    starts_.push_back(starts_.back() + chunk.rows);
    is_cells_ |= chunk.layout == Layout::cells || chunk.layout == Layout::packed;
    is_text_ |= is_text_layout(chunk.layout);
    if (chunk.layout != Layout::dictionary) continue;
    const InputChunk& values = *chunk.dictionary;
    if (!is_text_layout(values.layout)) {
      throw DataError("column \"" + column.name +
                      "\" is a dictionary of numbers; cast it to its plain type");
    }
    is_text_ = true;
    auto& texts = dictionaries_[c];
    texts.resize(values.rows);
    for (std::size_t i = 0; i < values.rows; ++i) {
      const std::size_t at = values.offset + i;
      if (values.valid == nullptr || bit(values.valid, at))
        texts[i] = trimmed(text_at(values, at), markers);
    }
  }
}

void ColumnReader::read(std::size_t row, std::size_t end, Batch& batch) const {
  const auto next = std::upper_bound(starts_.begin(), starts_.end(), row);
  const auto c = static_cast<std::size_t>(next - starts_.begin()) - 1;
  const InputChunk& chunk = column_->chunks[c];
  batch.rows = std::min({Batch::kRows, end - row, *next - row});
  const std::size_t first = chunk.offset + (row - starts_[c]);
  batch.all_valid = chunk.valid == nullptr;
  if (!batch.all_valid) {
    bool all = true;
    for (std::size_t i = 0; i < batch.rows; ++i) {
      batch.valid[i] = bit(chunk.valid, first + i) ? 1 : 0;
      all &= batch.valid[i] != 0;
    }
    batch.all_valid = all;
  }
  switch (chunk.layout) {
    case Layout::int8:
      return integers_from<std::int8_t>(chunk, first, batch);
    case Layout::int16:
      return integers_from<std::int16_t>(chunk, first, batch);
    case Layout::int32:
      return integers_from<std::int32_t>(chunk, first, batch);
    case Layout::uint8:
      return integers_from<std::uint8_t>(chunk, first, batch);
    case Layout::uint16:
      return integers_from<std::uint16_t>(chunk, first, batch);
    case Layout::uint32:
      return integers_from<std::uint32_t>(chunk, first, batch);
    case Layout::bytes:
      return integers_from<std::uint8_t>(chunk, first, batch);
    case Layout::int64:
      batch.kind = Batch::Kind::integers;
      batch.integers = static_cast<const std::int64_t*>(chunk.values) + first;
      return;
    case Layout::uint64: {
      bool fits = true;
      for (std::size_t i = 0; i < batch.rows; ++i) {
        const auto value = load<std::uint64_t>(chunk.values, first + i);
        fits &= value <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
        batch.integer_space[i] = static_cast<std::int64_t>(value);
        batch.real_space[i] = static_cast<double>(value);
      }
      batch.kind = fits ? Batch::Kind::integers : Batch::Kind::reals;
      batch.integers = batch.integer_space.data();
      batch.reals = batch.real_space.data();
      return;
    }
    case Layout::float32:
      for (std::size_t i = 0; i < batch.rows; ++i) {
        batch.real_space[i] = static_cast<double>(load<float>(chunk.values, first + i));
      }
      batch.kind = Batch::Kind::reals;
      batch.reals = batch.real_space.data();
      return;
    case Layout::float64:
      batch.kind = Batch::Kind::reals;
      batch.reals = static_cast<const double*>(chunk.values) + first;
      return;
    case Layout::bits:
      for (std::size_t i = 0; i < batch.rows; ++i) {
        batch.integer_space[i] =
            bit(static_cast<const std::uint8_t*>(chunk.values), first + i) ? 1 : 0;
      }
      batch.kind = Batch::Kind::integers;
      batch.integers = batch.integer_space.data();
      return;
    case Layout::decimal128:
      return decimals_from(chunk, column_->scale, first, batch);
    case Layout::packed: {
      // A column of a file steps over its lines: the text ahead is asked for before it is needed.
      constexpr std::size_t kAhead = 24;
      const auto* cells = static_cast<const PackedCell*>(chunk.values) + first;
      for (std::size_t i = 0; i < batch.rows; ++i) {
        if (i + kAhead < batch.rows) {
          __builtin_prefetch(chunk.characters + cells[i + kAhead].begin);
        }
        batch.text_space[i] =
            batch.has(i) ? trimmed({chunk.characters + cells[i].begin, cells[i].size}, markers_)
                         : std::string_view{};
      }
      batch.kind = Batch::Kind::texts;
      batch.texts = batch.text_space.data();
      return;
    }
    case Layout::cells:
    case Layout::text32:
    case Layout::text64:
    case Layout::text_view:
      for (std::size_t i = 0; i < batch.rows; ++i) {
        batch.text_space[i] =
            batch.has(i) ? trimmed(text_at(chunk, first + i), markers_) : std::string_view{};
      }
      batch.kind = Batch::Kind::texts;
      batch.texts = batch.text_space.data();
      return;
    case Layout::dictionary: {
      const auto& texts = dictionaries_[c];
      for (std::size_t i = 0; i < batch.rows; ++i) {
        std::string_view text{};
        if (batch.has(i)) {
          const std::int64_t index = index_at(chunk, first + i);
          if (index >= 0 && static_cast<std::size_t>(index) < texts.size()) {
            text = texts[static_cast<std::size_t>(index)];
          }
        }
        batch.text_space[i] = text;
      }
      batch.kind = Batch::Kind::texts;
      batch.texts = batch.text_space.data();
      return;
    }
    case Layout::null:
      batch.kind = Batch::Kind::nothing;
      batch.all_valid = false;
      std::fill_n(batch.valid.begin(), batch.rows, std::uint8_t{0});
      return;
  }
}

std::span<const std::int64_t> ColumnReader::plain_integers() const noexcept {
  if (column_->chunks.size() != 1) return {};
  const InputChunk& chunk = column_->chunks.front();
  if (chunk.layout != Layout::int64 || chunk.valid != nullptr) return {};
  return {static_cast<const std::int64_t*>(chunk.values) + chunk.offset, chunk.rows};
}

std::string ColumnReader::found(std::size_t row) const {
  Batch batch;
  read(row, row + 1, batch);
  if (!batch.has(0)) return "";
  switch (batch.kind) {
    case Batch::Kind::integers:
      return std::to_string(batch.integers[0]);
    case Batch::Kind::reals: {
      std::array<char, 32> text{};
      std::snprintf(text.data(), text.size(), "%.15g", batch.reals[0]);
      return text.data();
    }
    case Batch::Kind::texts:
      return std::string(batch.texts[0]);
    default:
      return "";
  }
}

}  // namespace emptor::data
