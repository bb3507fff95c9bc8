#include "data/csv_text.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace emptor::data::csv {
namespace {

TEST(CsvText, ReadsOneField) {
  const std::string text = "ab,\"c\"\"d\",\"e\"f\r\n\"g";
  const Field plain = read_field(text, 0, ',');
  EXPECT_EQ(text.substr(plain.begin, plain.end - plain.begin), "ab");
  EXPECT_FALSE(plain.quoted || plain.ends_record);
  const Field doubled = read_field(text, plain.next, ',');
  EXPECT_EQ(text.substr(doubled.begin, doubled.end - doubled.begin), "c\"\"d");
  EXPECT_TRUE(doubled.quoted && doubled.doubled);
  EXPECT_FALSE(doubled.text_after);
  const Field after = read_field(text, doubled.next, ',');
  EXPECT_EQ(text.substr(after.begin, after.end - after.begin), "e");
  EXPECT_TRUE(after.text_after && after.ends_record);
  EXPECT_EQ(text[after.next], '\n');
  const Field open = read_field(text, after.next + 1, ',');
  EXPECT_TRUE(open.unclosed && open.ends_record);
  EXPECT_EQ(open.next, text.size());
}

TEST(CsvText, UnescapesInPlaceAndFillsWithQuotes) {
  std::string text = "a\"\"b\"\"\"\"c";
  EXPECT_EQ(unescape(text.data(), text.data() + text.size()), "a\"b\"\"c");
  EXPECT_EQ(text, "a\"b\"\"c\"\"\"");
}

TEST(CsvText, PrefersTheDelimiterThatSplitsMostRecordsAlike) {
  EXPECT_EQ(detect_delimiter("a,b;c\n1,5;2\n1,5;3\n", 0), ',');
  EXPECT_EQ(detect_delimiter("a, b;c;d\n1;5;2\n1;5;3\n", 0), ';');
  EXPECT_EQ(detect_delimiter("a;b;c;d,e\n", 0), ';');
  EXPECT_EQ(detect_delimiter("\"a;b\",c\n\"1;2\",3\n", 0), ',');
  EXPECT_EQ(detect_delimiter("name\nx\n", 0), ',');
  EXPECT_EQ(detect_delimiter("", 0), ',');
}

TEST(CsvText, NumbersLinesWhateverEndsThem) {
  const std::string text = "a\r\nb\nc\rd";
  const std::vector<std::int64_t> expected{1, 1, 1, 2, 2, 3, 3, 4};
  for (std::size_t i = 0; i < text.size(); ++i) EXPECT_EQ(line_of(text, i), expected[i]) << i;
}

TEST(CsvText, AcceptsExactlyTheSequencesOfUnicode) {
  // Every code point, encoded; and what lies just outside of them.
  for (unsigned c = 1; c < 0x110000; c += c < 0x1000 ? 1 : 61) {
    std::string text;
    if (c < 0x80) {
      text = {static_cast<char>(c)};
    } else if (c < 0x800) {
      text = {static_cast<char>(0xC0U | c >> 6U), static_cast<char>(0x80U | (c & 63U))};
    } else if (c < 0x10000) {
      text = {static_cast<char>(0xE0U | c >> 12U), static_cast<char>(0x80U | (c >> 6U & 63U)),
              static_cast<char>(0x80U | (c & 63U))};
    } else {
      text = {static_cast<char>(0xF0U | c >> 18U), static_cast<char>(0x80U | (c >> 12U & 63U)),
              static_cast<char>(0x80U | (c >> 6U & 63U)), static_cast<char>(0x80U | (c & 63U))};
    }
    const bool surrogate = c >= 0xD800 && c < 0xE000;
    ASSERT_EQ(find_invalid_utf8(text, 0, text.size()) == std::string::npos, !surrogate) << c;
    if (c < 0x80) continue;
    ASSERT_EQ(find_invalid_utf8(text, 0, text.size() - 1) != 0, !surrogate) << c;
    text.pop_back();
    ASSERT_EQ(find_invalid_utf8(text, 0, text.size()), 0U) << c;
  }
  for (const std::string bad : {"\xC1\xBF", "\xE0\x9F\xBF", "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80",
                                "\xF5\x80\x80\x80", "\x80"}) {
    EXPECT_EQ(find_invalid_utf8(bad, 0, bad.size()), 0U);
  }
  EXPECT_EQ(find_invalid_utf8("12345678abc\x80", 0, 12), 11U);
}

}  // namespace
}  // namespace emptor::data::csv
