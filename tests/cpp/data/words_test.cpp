#include "data/words.hpp"

#include <gtest/gtest.h>

namespace emptor::data {
namespace {

TEST(Words, NamesAreComparedWithoutCaseAndPunctuation) {
  EXPECT_EQ(normalised("  Customer_ID "), "customerid");
  EXPECT_EQ(normalised("Lineitem sku"), "lineitemsku");
  EXPECT_EQ(words("Gift Voucher \xC2\xA3"
                  "20.00"),
            (std::vector<std::string>{"gift", "voucher", "20", "00"}));
  EXPECT_EQ(trim(" \t\xC2\xA0 a b \xC2\xA0\r\n"), "a b");
  EXPECT_EQ(trim("   "), "");
}

TEST(Words, FoundTextIsCutToFortyCharactersWithoutBreakingOne) {
  EXPECT_EQ(in_quotes("a\nb"), "'a b'");
  EXPECT_EQ(in_quotes(std::string(40, 'x')), "'" + std::string(40, 'x') + "'");
  EXPECT_EQ(in_quotes(std::string(41, 'x')), "'" + std::string(40, 'x') + "...'");
  std::string accents;
  for (int i = 0; i < 50; ++i) accents += "\xC3\xA9";
  EXPECT_EQ(in_quotes(accents).size(), 2 + 80 + 3U);
}

TEST(Words, TheNearestNameIsTheOneMeant) {
  const std::vector<std::string> names{"country", "customer_id", "amount"};
  EXPECT_EQ(nearest("contry", names), "country");
  EXPECT_EQ(nearest("Customer", names), "customer_id");
  EXPECT_EQ(nearest("zzzzzz", names), "");
  EXPECT_EQ(edit_distance("abcd", "abdc"), 1U);
  EXPECT_EQ(edit_distance("", "abc"), 3U);
}

TEST(Words, ListsAndNumbersReadWell) {
  const std::vector<std::string> names{"a", "b", "c"};
  EXPECT_EQ(listed(names), "\"a\", \"b\" and \"c\"");
  EXPECT_EQ(listed(names, 2), "\"a\", \"b\" and 1 more");
  EXPECT_EQ(grouped(1234567), "1,234,567");
  EXPECT_EQ(grouped(-1000), "-1,000");
  EXPECT_EQ(grouped(12), "12");
}

}  // namespace
}  // namespace emptor::data
