#include "data/ids.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

namespace emptor::data {
namespace {

CodedColumns code(const std::vector<InputColumn>& columns, IdUse use = IdUse::id) {
  std::vector<ColumnReader> readers;
  for (const InputColumn& column : columns) readers.emplace_back(column, use == IdUse::id);
  std::vector<const ColumnReader*> pointers;
  for (const ColumnReader& reader : readers) pointers.push_back(&reader);
  return code_columns(pointers, use, Context{});
}

std::string kind_of(const std::vector<std::string_view>& cells) {
  const CodedColumns coded = code({column("x", cells)});
  std::string out = coded.dictionary->is_text() ? "text" : "int64";
  for (std::int32_t c = 0; c < coded.dictionary->size(); ++c) {
    out += ' ' + coded.dictionary->to_string(c);
  }
  return out;
}

TEST(Ids, CellsAreIntegersIfAllArePlainDigits) {
  EXPECT_EQ(kind_of({"10", "9", "-1", ""}), "int64 -1 9 10");
  EXPECT_EQ(kind_of({"17850.0", "3.00"}), "int64 3 17850");
  EXPECT_EQ(kind_of({"4.0128e+10", "7"}), "int64 7 40128000000");
  EXPECT_EQ(kind_of({"007", "7"}), "text 007 7");
  EXPECT_EQ(kind_of({"+7"}), "text +7");
  EXPECT_EQ(kind_of({"7.5"}), "text 7.5");
  EXPECT_EQ(kind_of({"2e5", "7"}), "text 2e5 7");
  EXPECT_EQ(kind_of({"99999999999999999999", "1"}), "text 1 99999999999999999999");
  EXPECT_EQ(kind_of({"-0"}), "text -0");
  EXPECT_EQ(kind_of({" a ", "a", "A"}), "text A a");
  EXPECT_EQ(kind_of({"", "NA"}), "int64");
}

TEST(Ids, FloatsAreMadeWholeAndCounted) {
  const std::vector<double> values{3, 2, NAN, 2.5, 9007199254740994.0, INFINITY};
  const CodedColumns coded = code({column("x", values)});
  EXPECT_EQ(coded.columns[0].made_whole, 3);
  EXPECT_EQ(coded.columns[0].imprecise, 1);
  EXPECT_EQ(coded.columns[0].missing, 1);
  EXPECT_EQ(coded.columns[0].unreadable, 2);
  EXPECT_EQ(coded.columns[0].code[0], 1);
  EXPECT_EQ(coded.columns[0].code[3], CodedColumn::kUnreadable);
  const CodedColumns attribute = code({column("x", values)}, IdUse::attribute);
  EXPECT_TRUE(attribute.dictionary->is_text());
  EXPECT_GE(attribute.dictionary->find("2.5"), 0);
}

TEST(Ids, TwoTablesShareOneDictionary) {
  const std::vector<std::int64_t> orders{10, 9, 10};
  const std::vector<std::string_view> digits{"9", "11"};
  const CodedColumns integers = code({column("x", orders), column("y", digits)});
  EXPECT_FALSE(integers.dictionary->is_text());
  EXPECT_EQ(integers.dictionary->size(), 3);
  EXPECT_EQ(integers.columns[0].code[0], 1);
  EXPECT_EQ(integers.columns[1].code[1], 2);
  // One text among them makes all text, sorted as text.
  const std::vector<std::string_view> mixed{"9", "x"};
  const CodedColumns texts = code({column("x", orders), column("y", mixed)});
  EXPECT_TRUE(texts.dictionary->is_text());
  EXPECT_EQ(texts.dictionary->to_string(texts.columns[0].code[0]), "10");
  EXPECT_EQ(texts.dictionary->to_string(texts.columns[0].code[1]), "9");
  EXPECT_EQ(texts.columns[0].code[1], texts.columns[1].code[0]);
}

}  // namespace
}  // namespace emptor::data
