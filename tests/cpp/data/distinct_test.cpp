#include "data/ids.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

namespace emptor::data {
namespace {

/// The codes must name the very values, whatever way they are found and on however many threads.
void check_integers(const std::vector<std::int64_t>& values) {
  const std::set<std::int64_t> known(values.begin(), values.end());
  for (const int threads : {1, 2, 3, 8}) {
    Context context;
    context.threads = threads;
    Distinct out;
    distinct_integers(values, out, context);
    ASSERT_EQ(out.integers.size(), known.size() - known.count(kMissingInteger));
    ASSERT_TRUE(std::is_sorted(out.integers.begin(), out.integers.end()));
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (values[i] == kMissingInteger) {
        ASSERT_EQ(out.column.code[i], -1);
      } else {
        ASSERT_EQ(out.integers[static_cast<std::size_t>(out.column.code[i])], values[i]);
      }
    }
  }
}

TEST(Distinct, IntegersCloseTogetherAndFarApart) {
  std::mt19937_64 random(3);
  std::vector<std::int64_t> close, far;
  for (int i = 0; i < 300000; ++i) {
    close.push_back(static_cast<std::int64_t>(random() % 5000) - 100);
    far.push_back(static_cast<std::int64_t>(random() % 5000) * 1'000'003'000'007);
  }
  close[17] = far[17] = kMissingInteger;
  check_integers(close);
  check_integers(far);
  check_integers({5});
  check_integers({std::numeric_limits<std::int64_t>::max(), kUnreadableInteger + 1});
  check_integers({kMissingInteger});
}

TEST(Distinct, TextsAreSortedByBytes) {
  std::mt19937 random(4);
  std::vector<std::string> owned;
  for (int i = 0; i < 200000; ++i) {
    std::string text = "item";
    for (auto k = random() % 12; k > 0; --k) text += static_cast<char>('a' + random() % 3);
    owned.push_back(text);
  }
  const std::vector<std::string_view> values(owned.begin(), owned.end());
  const InputColumn input = column("x", values);
  const ColumnReader reader(input);
  const std::set<std::string_view> known(values.begin(), values.end());
  for (const int threads : {1, 2, 3, 8}) {
    Context context;
    context.threads = threads;
    Distinct out;
    distinct_texts(reader, out, context);
    ASSERT_TRUE(std::equal(out.texts.begin(), out.texts.end(), known.begin(), known.end()));
    for (std::size_t i = 0; i < values.size(); ++i) {
      ASSERT_EQ(out.texts[static_cast<std::size_t>(out.column.code[i])], values[i]);
    }
  }
}

// Short texts are told apart by numbers made of their bytes: every byte must count.
TEST(Distinct, EveryByteOfAShortTextCounts) {
  std::vector<std::string> owned;
  for (std::size_t size = 1; size <= 18; ++size) {
    owned.emplace_back(size, 'x');
    for (std::size_t at = 0; at < size; ++at) {
      for (const char other : {'a', 'y', '~'}) {
        owned.emplace_back(size, 'x');
        owned.back()[at] = other;
      }
    }
  }
  const std::vector<std::string_view> values(owned.begin(), owned.end());
  const InputColumn input = column("x", values);
  Distinct out;
  distinct_texts(ColumnReader(input), out, {});
  ASSERT_EQ(out.texts.size(), values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    ASSERT_EQ(out.texts[static_cast<std::size_t>(out.column.code[i])], values[i]);
  }
}

TEST(Distinct, PrefixesAndZeroBytesAreTexts) {
  const std::vector<std::string_view> texts{"abcdefgh", "abcdefg", std::string_view("abcdefg\0", 8),
                                            "b", ""};
  const std::vector<std::uint32_t> order = text_order(texts);
  EXPECT_EQ(order, (std::vector<std::uint32_t>{4, 1, 2, 0, 3}));
}

}  // namespace
}  // namespace emptor::data
