#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace emptor::core {

/// Sorts keys by word(key), 64 bits, and keys of the same word by less(a, b): by the highest bits
/// that differ first, 8 at a time, few keys by comparing. Several times faster than comparing
/// all the way where words are distinct. `spare` has room for as many keys, which are plain.
template <typename Key, typename Word, typename Less>
void sort_by_word(Key* first, std::size_t n, Key* spare, const Word& word, const Less& less) {
  constexpr std::size_t kFew = 20;
  const auto before = [&](const Key& a, const Key& b) {
    return word(a) != word(b) ? word(a) < word(b) : less(a, b);
  };
  // Few of them from `from` to `to`, which may be the same.
  const auto insert = [&](const Key* from, std::size_t few, Key* to) {
    for (std::size_t i = 0; i < few; ++i) {
      const Key key = from[i];
      std::size_t k = i;
      for (; k > 0 && before(key, to[k - 1]); --k) to[k] = to[k - 1];
      to[k] = key;
    }
  };
  if (n <= kFew) {
    insert(first, n, first);
    return;
  }
  std::uint64_t any = 0;
  std::uint64_t all = ~std::uint64_t{0};
  for (std::size_t i = 0; i < n; ++i) {
    any |= word(first[i]);
    all &= word(first[i]);
  }
  const auto high = static_cast<unsigned>(std::bit_width(any ^ all));
  if (high == 0) {
    std::sort(first, first + n, less);
    return;
  }
  constexpr unsigned kMostBits = 8;  // more miss the nearest cache
  const unsigned wanted = static_cast<unsigned>(std::bit_width(n)) - 2;  // some 4 to 8 keys each
  const unsigned bits = std::min({wanted, kMostBits, high});
  const unsigned shift = high - bits;
  const std::size_t values = std::size_t{1} << bits;
  const auto digit = [&](const Key& key) {
    return static_cast<std::size_t>(word(key) >> shift) & (values - 1);
  };
  std::array<std::size_t, (std::size_t{1} << kMostBits) + 1> begin;
  std::fill_n(begin.begin(), values + 1, 0);
  for (std::size_t i = 0; i < n; ++i) ++begin[digit(first[i]) + 1];
  for (std::size_t d = 1; d < values; ++d) begin[d] += begin[d - 1];
  for (std::size_t i = 0; i < n; ++i) spare[begin[digit(first[i])]++] = first[i];
  for (std::size_t d = 0, from = 0; d < values; from = begin[d++]) {
    const std::size_t same = begin[d] - from;
    if (same <= kFew) {
      insert(spare + from, same, first + from);
      continue;
    }
    std::copy_n(spare + from, same, first + from);
    sort_by_word(first + from, same, spare + from, word, less);
  }
}

}  // namespace emptor::core
