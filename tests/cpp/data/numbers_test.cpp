#include "data/numbers.hpp"

#include "emptor/core/error.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace emptor::data {
namespace {

std::vector<double> read(const std::vector<std::string_view>& cells, char decimal = 0) {
  const InputColumn input = column("x", cells);
  const ColumnReader reader(input);
  const std::vector<NumberSource> sources{{&reader, "orders.x (\"x\")"}};
  const auto out = read_numbers(sources, decimal, Positions{"line", 2, {}}, Context{});
  return {out[0].value.begin(), out[0].value.end()};
}

std::string error_of(const std::vector<std::string_view>& cells) {
  try {
    read(cells);
    return "";
  } catch (const DataError& error) {
    return error.what();
  }
}

TEST(Numbers, AreReadAsPeopleWriteThem) {
  EXPECT_EQ(parse_number("1,234.50", '.'), 1234.5);
  EXPECT_EQ(parse_number("1.234,50", ','), 1234.5);
  EXPECT_EQ(parse_number("\xC2\xA3 1,234", '.'), 1234);
  EXPECT_EQ(parse_number("12.00 EUR", '.'), 12);
  EXPECT_EQ(parse_number("-$5", '.'), -5);
  EXPECT_EQ(parse_number("$-5", '.'), -5);
  EXPECT_EQ(parse_number("(3.20)", '.'), -3.2);
  EXPECT_EQ(parse_number("12-", '.'), -12);
  EXPECT_EQ(parse_number("+4", '.'), 4);
  EXPECT_EQ(parse_number("1 234 567", '.'), 1234567);
  EXPECT_EQ(parse_number("1'234.5", '.'), 1234.5);
  EXPECT_EQ(parse_number("\xE2\x88\x92"
                         "2",
                         '.'),
            -2);
  EXPECT_EQ(parse_number("1e3", '.'), 1000);
  EXPECT_EQ(parse_number(".5", '.'), 0.5);
  EXPECT_FALSE(std::signbit(*parse_number("-0", '.')));
  EXPECT_TRUE(std::isinf(*parse_number("-inf", '.')));
  for (const char* text :
       {"", "abc", "1,23.5", "12,34", "1.2.3", "--1", "1e", "5%", "1,", "12 34", "0x10", ",123"}) {
    EXPECT_EQ(parse_number(text, '.'), std::nullopt) << text;
  }
}

TEST(Numbers, OneColumnTellsTheSeparatorOfTheTable) {
  EXPECT_EQ(read({"1.234", "2,5"}), (std::vector<double>{1234, 2.5}));
  EXPECT_EQ(read({"1,234", "2.5"}), (std::vector<double>{1234, 2.5}));
  EXPECT_EQ(read({"1,234,567", "2"}), (std::vector<double>{1234567, 2}));
  EXPECT_EQ(read({"1.234"}), (std::vector<double>{1.234}));
  EXPECT_EQ(read({"1,234"}, ','), (std::vector<double>{1.234}));
  EXPECT_EQ(
      error_of({"5", "1,234"}),
      "orders.x (\"x\"), line 3: '1,234' can be read two ways, as thousands or as a fraction; "
      "write decimal=\".\" or decimal=\",\"");
  EXPECT_EQ(
      error_of({"2.5", "2,5"}),
      "numbers are written with two decimal separators: orders.x (\"x\"), line 2: '2.5' has a "
      "point and orders.x (\"x\"), line 3: '2,5' a comma; write decimal=\".\" or "
      "decimal=\",\"");
}

TEST(Numbers, ShortDecimalsAreExact) {
  for (int i = 0; i < 100000; i += 7) {
    const std::string text =
        std::to_string(i / 100) + '.' + std::to_string(i % 100 / 10) + std::to_string(i % 10);
    const std::vector<std::string_view> cells{text};
    ASSERT_EQ(read(cells)[0], std::stod(text)) << text;
  }
  EXPECT_EQ(read({"0.1234567890123456789"})[0], 0.1234567890123456789);
}

}  // namespace
}  // namespace emptor::data
