#include "data/reader.hpp"

#include "emptor/core/error.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstring>

namespace emptor::data {
namespace {

InputColumn of(InputChunk chunk) {
  InputColumn column;
  column.name = "x";
  column.chunks.push_back(std::move(chunk));
  return column;
}

template <typename T>
std::vector<std::string> read_numbers_of(Layout layout, const std::vector<T>& values) {
  InputChunk chunk;
  chunk.layout = layout;
  chunk.rows = values.size() - 1;
  chunk.offset = 1;  // the first value is not part of the chunk
  chunk.values = values.data();
  const InputColumn column = of(chunk);
  const ColumnReader reader(column);
  std::vector<std::string> out;
  for (std::size_t i = 0; i < reader.rows(); ++i) out.push_back(reader.found(i));
  return out;
}

TEST(Reader, EveryIntegerLayoutReadsAlike) {
  const std::vector<std::string> expected{"7", "100"};
  EXPECT_EQ(read_numbers_of<std::int8_t>(Layout::int8, {1, 7, 100}), expected);
  EXPECT_EQ(read_numbers_of<std::int16_t>(Layout::int16, {1, 7, 100}), expected);
  EXPECT_EQ(read_numbers_of<std::int32_t>(Layout::int32, {1, 7, 100}), expected);
  EXPECT_EQ(read_numbers_of<std::int64_t>(Layout::int64, {1, 7, 100}), expected);
  EXPECT_EQ(read_numbers_of<std::uint8_t>(Layout::uint8, {1, 7, 100}), expected);
  EXPECT_EQ(read_numbers_of<std::uint16_t>(Layout::uint16, {1, 7, 100}), expected);
  EXPECT_EQ(read_numbers_of<std::uint32_t>(Layout::uint32, {1, 7, 100}), expected);
  EXPECT_EQ(read_numbers_of<std::uint64_t>(Layout::uint64, {1, 7, 100}), expected);
  EXPECT_EQ(read_numbers_of<float>(Layout::float32, {1, 7, 100}), expected);
  EXPECT_EQ(read_numbers_of<double>(Layout::float64, {1, 7, 100}), expected);
}

TEST(Reader, BitsValidityAndOffsets) {
  const std::array<std::uint8_t, 2> bits{0b10100000, 0b1};
  const std::array<std::uint8_t, 2> valid{0b01111111, 0b1};
  InputChunk chunk;
  chunk.layout = Layout::bits;
  chunk.rows = 4;
  chunk.offset = 5;
  chunk.values = bits.data();
  chunk.valid = valid.data();
  const InputColumn column = of(chunk);
  const ColumnReader reader(column);
  EXPECT_EQ(reader.found(0), "1");
  EXPECT_EQ(reader.found(1), "0");
  EXPECT_EQ(reader.found(2), "");  // not valid
  EXPECT_EQ(reader.found(3), "1");
}

TEST(Reader, DecimalsKeepTheirScale) {
  std::array<std::int64_t, 6> values{12345, 0, -250, -1, 0, 1};  // the last is 2^64
  InputChunk chunk;
  chunk.layout = Layout::decimal128;
  chunk.rows = 3;
  chunk.values = values.data();
  InputColumn column = of(chunk);
  column.scale = 2;
  const ColumnReader reader(column);
  EXPECT_EQ(reader.found(0), "123.45");
  EXPECT_EQ(reader.found(1), "-2.5");
  EXPECT_EQ(reader.found(2), "1.84467440737096e+17");
}

TEST(Reader, TextsOfEveryLayoutAreTrimmed) {
  const std::string characters = "xx a bNA";
  const std::array<std::int32_t, 4> offsets{2, 6, 6, 8};
  InputChunk text;
  text.layout = Layout::text32;
  text.rows = 3;
  text.offsets = offsets.data();
  text.characters = characters.data();
  const InputColumn column = of(text);
  const ColumnReader reader(column);
  EXPECT_EQ(reader.found(0), "a b");
  EXPECT_EQ(reader.found(1), "");
  EXPECT_EQ(reader.found(2), "");  // stands for missing
  EXPECT_EQ(ColumnReader(column, false).found(2), "NA");
  EXPECT_TRUE(reader.is_text());
  EXPECT_FALSE(reader.is_cells());

  const std::string long_text = "a text of more than twelve bytes";
  std::array<char, 32> views{};
  const std::int32_t short_size = 3, long_size = static_cast<std::int32_t>(long_text.size());
  std::memcpy(views.data(), &short_size, 4);
  std::memcpy(views.data() + 4, "abc", 3);
  std::memcpy(views.data() + 16, &long_size, 4);
  InputChunk view;
  view.layout = Layout::text_view;
  view.rows = 2;
  view.values = views.data();
  view.buffers.emplace_back(long_text.data(), long_text.size());
  const InputColumn view_column = of(view);
  EXPECT_EQ(ColumnReader(view_column).found(0), "abc");
  EXPECT_EQ(ColumnReader(view_column).found(1), long_text);
}

TEST(Reader, DictionariesMayDifferByChunk) {
  const std::array<std::string_view, 2> first{"a", "b"};
  const std::array<std::string_view, 2> second{"b", "a"};
  const std::array<std::int8_t, 3> index{0, 1, 5};  // 5 is outside: missing
  InputColumn column;
  column.name = "x";
  for (const auto* values : {&first, &second}) {
    auto dictionary = std::make_shared<InputChunk>();
    dictionary->layout = Layout::cells;
    dictionary->rows = 2;
    dictionary->values = values->data();
    InputChunk chunk;
    chunk.layout = Layout::dictionary;
    chunk.indices = Layout::int8;
    chunk.rows = 3;
    chunk.values = index.data();
    chunk.dictionary = dictionary;
    column.chunks.push_back(chunk);
  }
  const ColumnReader reader(column);
  std::string all;
  for (std::size_t i = 0; i < 6; ++i) all += reader.found(i) + ',';
  EXPECT_EQ(all, "a,b,,b,a,,");
}

}  // namespace
}  // namespace emptor::data
