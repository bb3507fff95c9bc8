#include "emptor/core/dictionary.hpp"

#include "emptor/core/error.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace emptor {
namespace {

template <typename Call>
std::string message(Call call) {
  try {
    call();
  } catch (const InvalidArgument& e) {
    return e.what();
  }
  return "no error";
}

TEST(Dictionary, Integers) {
  const auto ids = Dictionary::from_integers({-5, 12, 17850});
  EXPECT_EQ(ids->size(), 3);
  EXPECT_FALSE(ids->is_text());
  EXPECT_EQ(ids->integer(1), 12);
  EXPECT_EQ(ids->to_string(0), "-5");
  EXPECT_EQ(ids->to_string(Dictionary::kMissing), "");
  EXPECT_EQ(ids->find(17850), 2);
  EXPECT_EQ(ids->find(13), Dictionary::kMissing);
  EXPECT_EQ(ids->find("12"), 1);
  EXPECT_EQ(ids->find("012"), Dictionary::kMissing);
  EXPECT_EQ(ids->find("12 "), Dictionary::kMissing);
  EXPECT_EQ(ids->find(""), Dictionary::kMissing);
}

TEST(Dictionary, Texts) {
  const auto ids = Dictionary::from_texts({"b", "", "a", "b", "ab", "7"});
  ASSERT_EQ(ids->size(), 5);
  EXPECT_TRUE(ids->is_text());
  EXPECT_EQ(ids->text(0), "");
  EXPECT_EQ(ids->text(2), "a");
  EXPECT_EQ(ids->text(3), "ab");
  EXPECT_EQ(ids->find("b"), 4);
  EXPECT_EQ(ids->find("c"), Dictionary::kMissing);
  EXPECT_EQ(ids->find(""), 0);
  EXPECT_EQ(ids->find(std::int64_t{7}), 1);
  for (std::int32_t i = 0; i < ids->size(); ++i) EXPECT_EQ(ids->find(ids->text(i)), i);
  // By bytes: lower case, then what UTF-8 writes with a first byte above ASCII.
  const auto sorted = Dictionary::from_texts({"é", "z", "Z"});
  EXPECT_EQ(sorted->text(0), "Z");
  EXPECT_EQ(sorted->text(2), "é");
}

TEST(Dictionary, Empty) {
  EXPECT_EQ(Dictionary().size(), 0);
  EXPECT_EQ(Dictionary::from_texts({})->size(), 0);
  EXPECT_EQ(Dictionary::from_texts({})->find("a"), Dictionary::kMissing);
  EXPECT_EQ(Dictionary::from_integers({})->find(1), Dictionary::kMissing);
}

TEST(Dictionary, HashesBelongToTheId) {
  const auto some = Dictionary::from_texts({"b", "c"});
  const auto more = Dictionary::from_texts({"a", "b", "c"});
  EXPECT_EQ(some->hash(0), more->hash(1));
  EXPECT_NE(some->hash(0), some->hash(1));
  EXPECT_EQ(Dictionary::from_integers({5})->hash(0), Dictionary::from_integers({1, 5})->hash(1));
}

TEST(Dictionary, Messages) {
  EXPECT_EQ(message([] {
              Dictionary::from_integers({1, 3, 3});
            }),
            "Dictionary::from_integers: ids must be ascending and distinct; id 2 is 3 after 3");
  EXPECT_EQ(message([] {
              Dictionary::from_texts("ba", {0, 1, 2});
            }),
            "Dictionary::from_texts: texts must be ascending and distinct; text 1 does not come "
            "after the one before it");
  EXPECT_EQ(message([] {
              Dictionary::from_texts("ba", {0, 2, 1});
            }),
            "Dictionary::from_texts: offsets must rise from 0 to the number of bytes");
  EXPECT_EQ(message([] { Dictionary::from_texts("ba", {}); }),
            "Dictionary::from_texts: offsets must rise from 0 to the number of bytes");
}

}  // namespace
}  // namespace emptor
