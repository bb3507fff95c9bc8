#include "core/sort_by_word.hpp"

#include "core/random.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

namespace emptor::core {
namespace {

using Key = std::pair<std::uint64_t, std::uint32_t>;

TEST(SortByWord, EqualsComparingWhateverTheWords) {
  Random rng(4);
  for (const std::size_t n : {0U, 1U, 2U, 19U, 20U, 21U, 22U, 63U, 64U, 300U, 5000U, 70'000U}) {
    for (int shape = 0; shape < 7; ++shape) {
      std::vector<Key> keys(n);
      for (Key& key : keys) {
        const std::uint64_t any = rng.below(~std::uint64_t{0});
        switch (shape) {
          case 0:
            key.first = any;
            break;  // all bits
          case 1:
            key.first = any & 0xFFU;
            break;  // many equal
          case 2:
            key.first = 5;
            break;  // one word
          case 3:
            key.first = std::uint64_t{1} << (any & 63U);
            break;  // far apart
          case 4:
            key.first = any & 0xF00000000000000FU;
            break;  // both ends
          case 5:
            key.first = any >> (any & 63U);
            break;  // all lengths
          default:
            key.first = any % 100 == 0 ? any : 1000 + (any & 3U);
            break;  // a crowd
        }
        key.second = static_cast<std::uint32_t>(rng.below(1000));
      }
      std::vector<Key> expected = keys;
      std::sort(expected.begin(), expected.end());
      std::vector<Key> spare(n);
      sort_by_word(
          keys.data(), n, spare.data(), [](const Key& key) { return key.first; },
          [](const Key& a, const Key& b) { return a.second < b.second; });
      ASSERT_EQ(keys, expected) << n << ' ' << shape;
    }
  }
}

}  // namespace
}  // namespace emptor::core
