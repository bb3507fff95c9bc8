#include "mining/split_order.hpp"

#include "core/parallel.hpp"
#include "core/sort_by_word.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <utility>

namespace emptor::mining {
namespace {

std::size_t index(std::int64_t i) { return static_cast<std::size_t>(i); }

std::span<const std::int32_t> items_of(const ItemsetCountsView& sets, std::size_t s) {
  return sets.item.subspan(index(sets.offset[s]), index(sets.offset[s + 1] - sets.offset[s]));
}

// The rank of every set in the order of their items, so that rules need not look at items.
std::vector<std::uint32_t> ranks(const ItemsetCountsView& sets, std::int32_t n_items) {
  struct Key {
    std::uint64_t first;  // as many items as fit, each plus 1, the first one highest
    std::uint32_t set;
  };
  const auto bits = static_cast<unsigned>(std::bit_width(static_cast<std::uint32_t>(n_items)));
  const std::size_t in_word = 64 / std::max(1U, bits);
  std::vector<Key> keys(sets.count.size());
  for (std::size_t s = 0; s < keys.size(); ++s) {
    const auto items = items_of(sets, s);
    std::uint64_t word = 0;
    for (std::size_t k = 0; k < in_word; ++k) {
      word = word << bits | (k < items.size() ? static_cast<std::uint64_t>(items[k]) + 1 : 0);
    }
    keys[s] = {word, static_cast<std::uint32_t>(s)};
  }
  std::vector<Key> spare(keys.size());
  core::sort_by_word(
      keys.data(), keys.size(), spare.data(), [](const Key& key) { return key.first; },
      [&](const Key& a, const Key& b) {
        const auto x = items_of(sets, a.set);
        const auto y = items_of(sets, b.set);
        return std::lexicographical_compare(x.begin(), x.end(), y.begin(), y.end());
      });
  std::vector<std::uint32_t> rank(keys.size());
  for (std::size_t k = 0; k < keys.size(); ++k) {
    rank[keys[k].set] = static_cast<std::uint32_t>(k);
  }
  return rank;
}

// A number whose order is that of -excess.
std::uint64_t key_of(const ItemsetCountsView& sets, const Split& split) noexcept {
  const double shortfall =
      expected_of(sets, split) - static_cast<double>(sets.count[index(split.set)]);
  // Adding 0 makes -0 a 0. Bits of positive numbers are ordered as the numbers are, above those of
  // negative ones once the sign is turned; negative ones need all bits turned.
  const auto bits = std::bit_cast<std::uint64_t>(shortfall + 0.0);
  const std::uint64_t sign = std::uint64_t{1} << 63U;
  return (bits & sign) != 0 ? ~bits : bits | sign;
}

struct Keyed {
  std::uint64_t key;  // by excess
  std::uint32_t antecedent, consequent, set;
};

constexpr unsigned kTopBits = 12;  // sign and exponent
constexpr std::size_t kTops = std::size_t{1} << kTopBits;
using Places = std::array<std::uint32_t, kTops>;

// Where every block's rules of every top digit begin in the order of digits; the last one tells
// where the digits end.
std::vector<Places> places_of(const ItemsetCountsView& sets,
                              const std::vector<std::vector<Split>>& blocks,
                              const Context& context) {
  std::vector<Places> places(blocks.size() + 1);
  core::parallel_for(context, blocks.size(), [&](std::size_t b) {
    places[b].fill(0);
    for (const Split& split : blocks[b]) ++places[b][key_of(sets, split) >> (64 - kTopBits)];
  });
  std::uint32_t sum = 0;
  for (std::size_t d = 0; d < kTops; ++d) {
    for (std::size_t b = 0; b < blocks.size(); ++b) sum += std::exchange(places[b][d], sum);
    places.back()[d] = sum;
  }
  return places;
}

}  // namespace

core::LargeArray<Split> first_splits(const ItemsetCountsView& sets, std::int32_t n_items,
                                     const std::vector<std::vector<Split>>& blocks, std::size_t n,
                                     const Context& context) {
  const std::vector<std::uint32_t> rank = ranks(sets, n_items);
  std::vector<std::uint32_t> set_of(rank.size());
  for (std::size_t s = 0; s < rank.size(); ++s) set_of[rank[s]] = static_cast<std::uint32_t>(s);
  std::vector<Places> places = places_of(sets, blocks, context);
  const auto total = static_cast<std::size_t>(places.back().back());
  core::LargeArray<Keyed> keyed(total);
  core::LargeArray<Keyed> spare(total);
  core::parallel_for(context, blocks.size(), [&](std::size_t b) {
    for (const Split& split : blocks[b]) {
      const std::uint64_t key = key_of(sets, split);
      keyed[places[b][key >> (64 - kTopBits)]++] = {key, rank[index(split.antecedent)],
                                                    rank[index(split.consequent)],
                                                    static_cast<std::uint32_t>(split.set)};
    }
  });
  const Places& end = places.back();
  core::parallel_for(context, kTops, [&](std::size_t d) {
    const std::size_t from = d > 0 ? end[d - 1] : 0;
    if (from >= n || from == end[d]) return;
    core::sort_by_word(
        keyed.data() + from, end[d] - from, spare.data() + from,
        [](const Keyed& rule) { return rule.key; },
        [](const Keyed& x, const Keyed& y) {
          return x.antecedent != y.antecedent ? x.antecedent < y.antecedent
                                              : x.consequent < y.consequent;
        });
  });
  core::LargeArray<Split> splits(n);
  constexpr std::size_t kRules = 16384;
  core::parallel_ranges(context, n, kRules, [&](std::size_t begin, std::size_t stop) {
    for (std::size_t i = begin; i < stop; ++i) {
      splits[i] = {static_cast<std::int32_t>(keyed[i].set),
                   static_cast<std::int32_t>(set_of[keyed[i].antecedent]),
                   static_cast<std::int32_t>(set_of[keyed[i].consequent])};
    }
  });
  return splits;
}

}  // namespace emptor::mining
