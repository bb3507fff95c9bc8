#include "mining/itemset_expand.hpp"

#include "emptor/core/error.hpp"

#include "core/large_pages.hpp"
#include "core/parallel.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cstring>
#include <memory>
#include <numeric>
#include <string>
#include <utility>

namespace emptor::mining::sets {
namespace {

// One set on its way to its row: its items packed into 128 bits, the first ones highest, so that
// comparing entries compares sets of one size. Of a set too large for that only the items that fit
// 64 bits, and where all of them lie.
struct Entry {
  std::uint64_t first, rest;
};

// How items are packed.
struct Packing {
  explicit Packing(std::size_t n_items)
      : bits(std::max(1U, static_cast<unsigned>(std::bit_width(n_items)))),
        in_word(64 / bits),
        mask((std::uint64_t{1} << bits) - 1) {}
  unsigned bits;
  std::uint32_t in_word;
  std::uint64_t mask;
  [[nodiscard]] bool holds(std::size_t size) const noexcept {
    return size <= std::size_t{in_word} * 2;
  }
  [[nodiscard]] std::uint64_t pack(const std::uint32_t* item, std::size_t n) const noexcept {
    std::uint64_t word = 0;
    for (std::size_t k = 0; k < n; ++k) word = word << bits | item[k];
    return word;
  }
  void unpack(std::uint64_t word, std::size_t n, const std::int32_t* code,
              std::int32_t* to) const noexcept {
    for (std::size_t k = n; k > 0; --k, word >>= bits) to[k - 1] = code[word & mask];
  }
};

// Numbers the counts from the largest on; small ones leave out none.
class CountOrder {
 public:
  CountOrder(const std::vector<Chunk>& chunks, std::uint64_t min_count) {
    for (const Chunk& chunk : chunks) largest_ = std::max(largest_, chunk.largest);
    constexpr std::uint64_t kSmall = std::uint64_t{1} << 20;
    if (largest_ < kSmall) {
      size_ = static_cast<std::uint32_t>(largest_ + 1);
      return;
    }
    for (const Chunk& chunk : chunks) {
      chunk.for_each([&](const Group& group) {
        if (group.count >= min_count) sorted_.push_back(group.count);
      });
    }
    std::sort(sorted_.begin(), sorted_.end(), std::greater<>());
    sorted_.erase(std::unique(sorted_.begin(), sorted_.end()), sorted_.end());
    size_ = static_cast<std::uint32_t>(sorted_.size());
  }
  [[nodiscard]] std::uint32_t size() const noexcept { return size_; }
  [[nodiscard]] std::uint32_t of(std::uint64_t count) const {
    if (sorted_.empty()) return static_cast<std::uint32_t>(largest_ - count);
    const auto place = std::lower_bound(sorted_.begin(), sorted_.end(), count, std::greater<>());
    return static_cast<std::uint32_t>(place - sorted_.begin());
  }

 private:
  std::uint64_t largest_ = 0;
  std::vector<std::uint64_t> sorted_{};
  std::uint32_t size_ = 0;
};

// Sets of one count and one size; they are next to each other in the result.
struct Bucket {
  std::uint64_t count = 0;
  std::uint64_t n = 0;
  std::uint32_t size = 0;
  std::uint64_t first = 0;        // row
  std::uint64_t first_item = 0;   // in the result
  std::uint64_t first_large = 0;  // in the items of sets that are too large to pack
};

struct Buckets {
  std::vector<std::uint32_t> low{};  // per count: the smallest size
  std::vector<std::size_t> begin{};  // per count: its first bucket
  std::vector<Bucket> bucket{};
  std::uint64_t sets = 0, items = 0, large_items = 0;

  [[nodiscard]] std::size_t of(std::uint32_t count, std::size_t size) const noexcept {
    return begin[count] + size - low[count];
  }
};

// The sizes of the sets of a group that are wanted, [first, second]; empty if
// first > second.
std::pair<std::uint32_t, std::uint32_t> sizes_of(const Group& group, const Wanted& wanted) {
  const auto base = static_cast<std::uint32_t>(group.base.size());
  const auto all = static_cast<std::uint32_t>(base + group.free.size());
  return {std::max({base, wanted.min_items, 1U}), std::min(all, wanted.max_items)};
}

Buckets make_buckets(const std::vector<Chunk>& chunks, const CountOrder& counts,
                     const Wanted& wanted) {
  Buckets buckets;
  buckets.low.assign(counts.size(), 0xFFFFFFFFU);
  std::vector<std::uint32_t> high(counts.size(), 0);
  const auto each = [&](auto use) {
    for (const Chunk& chunk : chunks) {
      chunk.for_each([&](const Group& group) {
        const auto [least, most] = sizes_of(group, wanted);
        if (group.count >= wanted.min_count && least <= most)
          use(group, counts.of(group.count), least, most);
      });
    }
  };
  each([&](const Group&, std::uint32_t c, std::uint32_t least, std::uint32_t most) {
    buckets.low[c] = std::min(buckets.low[c], least);
    high[c] = std::max(high[c], most);
  });
  std::size_t n = 0;
  for (std::size_t c = 0; c < high.size(); ++c) {
    buckets.begin.push_back(n);
    if (buckets.low[c] <= high[c]) n += high[c] - buckets.low[c] + 1;
  }
  buckets.bucket.resize(n);
  each([&](const Group& group, std::uint32_t c, std::uint32_t least, std::uint32_t most) {
    for (std::uint32_t s = least; s <= most; ++s) {
      Bucket& bucket = buckets.bucket[buckets.of(c, s)];
      bucket.count = group.count;
      bucket.size = s;
      bucket.n = plus(bucket.n, choose(group.free.size(), s - group.base.size()));
    }
  });
  return buckets;
}

// Places the buckets, up to the one that ends the first `top` rows.
void place(Buckets& buckets, const Packing& packing, std::uint64_t top) {
  for (std::size_t b = 0; b < buckets.bucket.size(); ++b) {
    Bucket& bucket = buckets.bucket[b];
    bucket.first = buckets.sets;
    bucket.first_item = buckets.items;
    bucket.first_large = buckets.large_items;
    buckets.sets = plus(buckets.sets, bucket.n);
    const std::uint64_t items =
        bucket.size > 0 && bucket.n > kMany / bucket.size ? kMany : bucket.n * bucket.size;
    buckets.items = plus(buckets.items, items);
    if (!packing.holds(bucket.size)) buckets.large_items = plus(buckets.large_items, items);
    if (top > 0 && buckets.sets >= top) {
      buckets.bucket.resize(b + 1);
      return;
    }
  }
}

void check_memory(const Buckets& buckets, std::size_t held, std::size_t limit) {
  // What is returned, and the entries and items it is sorted from.
  const double bytes = static_cast<double>(buckets.sets) * (32 + 16) +
                       static_cast<double>(buckets.items) * 4 +
                       static_cast<double>(buckets.large_items) * 4 + static_cast<double>(held);
  constexpr double kAddressable = 0x1p47;
  const double most = limit > 0 ? static_cast<double>(limit) : kAddressable;
  if (bytes <= most) return;
  const bool many = buckets.sets >= kMany;
  throw MemoryLimit("frequent_itemsets: " +
                    (many ? std::string("more than 9.2e18") : std::to_string(buckets.sets)) +
                    " sets were found; writing them down takes about " +
                    (bytes > 1e15 ? std::string("1e9 or more")
                                  : std::to_string(static_cast<std::int64_t>(bytes / 1e6) + 1)) +
                    " MB, the limit is " + std::to_string(static_cast<std::int64_t>(most / 1e6)) +
                    " MB; raise min_count or memory_limit, lower max_items, ask for kind "
                    "\"closed\", or count them "
                    "with count_itemsets");
}

// Sorts entries by their first items with one counting pass per byte that differs.
void radix_sort(Entry* first, std::size_t n, std::vector<Entry>& spare) {
  std::uint64_t any = 0;
  std::uint64_t all = ~std::uint64_t{0};
  for (std::size_t i = 0; i < n; ++i) {
    any |= first[i].first;
    all &= first[i].first;
  }
  if (spare.size() < n) spare.resize(n);
  Entry* from = first;
  Entry* to = spare.data();
  for (unsigned shift = 0; shift < 64; shift += 8) {
    if (((any ^ all) >> shift & 0xFFU) == 0) continue;
    std::array<std::uint32_t, 257> begin{};
    for (std::size_t i = 0; i < n; ++i) ++begin[(from[i].first >> shift & 0xFFU) + 1];
    for (std::size_t d = 1; d < 257; ++d) begin[d] += begin[d - 1];
    for (std::size_t i = 0; i < n; ++i) to[begin[from[i].first >> shift & 0xFFU]++] = from[i];
    std::swap(from, to);
  }
  if (from != first) std::copy(from, from + n, first);
}

// Sorts the entries of one bucket by their items. `large` are the items of sets that are not
// packed.
void sort_bucket(Entry* first, std::size_t n, const std::uint32_t* large, std::uint32_t size,
                 const Packing& packing, std::vector<Entry>& spare) {
  constexpr std::size_t kRadix = 512;
  constexpr std::size_t kMost = 0xFFFFFFFFU;
  const bool packed = packing.holds(size);
  const auto by_rest = [&](const Entry& a, const Entry& b) {
    if (packed) return a.rest < b.rest;
    return std::lexicographical_compare(large + a.rest + packing.in_word, large + a.rest + size,
                                        large + b.rest + packing.in_word, large + b.rest + size);
  };
  if (n < kRadix || n > kMost) {
    std::sort(first, first + n, [&](const Entry& a, const Entry& b) {
      return a.first != b.first ? a.first < b.first : by_rest(a, b);
    });
    return;
  }
  radix_sort(first, n, spare);
  if (size <= packing.in_word) return;
  for (std::size_t begin = 0; begin < n;) {
    std::size_t end = begin + 1;
    while (end < n && first[end].first == first[begin].first) ++end;
    if (end - begin > 1) std::sort(first + begin, first + end, by_rest);
    begin = end;
  }
}

void resize(Itemsets& to, std::size_t sets, std::size_t items, const Context& context) {
  to.offset.clear();
  core::parallel_for(context, 5, [&](std::size_t column) {
    if (column == 0) core::resize_in_large_pages(to.item, items);
    if (column == 1) core::resize_in_large_pages(to.offset, sets + 1);
    if (column == 2) core::resize_in_large_pages(to.size_of, sets);
    if (column == 3) core::resize_in_large_pages(to.count, sets);
    if (column == 4) core::resize_in_large_pages(to.support, sets);
  });
}

}  // namespace

CodeOrder::CodeOrder(const std::vector<std::int32_t>& given) : index_of(given.size()) {
  std::vector<std::uint32_t> order(given.size());
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(),
            [&](std::uint32_t a, std::uint32_t b) { return given[a] < given[b]; });
  for (const std::uint32_t i : order) {
    index_of[i] = static_cast<std::uint32_t>(code.size());
    code.push_back(given[i]);
  }
}

void write_sorted(const std::vector<Chunk>& chunks, const std::vector<std::int32_t>& code,
                  const Wanted& wanted, Itemsets& to, const Context& context) {
  const CodeOrder order(code);
  const CountOrder counts(chunks, wanted.min_count);
  Buckets buckets = make_buckets(chunks, counts, wanted);
  const Packing packing(order.code.size());
  place(buckets, packing, wanted.top);
  std::size_t held = 0;
  for (const Chunk& chunk : chunks) held += chunk.bytes();
  check_memory(buckets, held, context.memory_limit);

  // Every set, unsorted, in its bucket.
  const std::unique_ptr<Entry[]> entry(new Entry[buckets.sets]);
  const std::unique_ptr<std::uint32_t[]> large(new std::uint32_t[buckets.large_items]);
  core::ask_for_large_pages(entry.get(), buckets.sets * sizeof(Entry));
  core::ask_for_large_pages(large.get(), buckets.large_items * sizeof(std::uint32_t));
  std::unique_ptr<std::atomic<std::uint64_t>[]> next(
      new std::atomic<std::uint64_t>[buckets.bucket.size()]);
  for (std::size_t b = 0; b < buckets.bucket.size(); ++b) next[b] = 0;
  const bool alone = core::thread_count(context, chunks.size()) == 1;
  core::parallel_for(context, chunks.size(), [&](std::size_t block) {
    SetsOfGroup sets(order.index_of, wanted);
    std::vector<std::uint64_t> place_of;
    chunks[block].for_each([&](const Group& group) {
      const auto sizes = sizes_of(group, wanted);
      const auto least = sizes.first;  // not a structured binding: older Clang captures none
      const auto most = sizes.second;
      if (group.count < wanted.min_count || least > most) return;
      const std::uint32_t c = counts.of(group.count);
      const std::size_t first = buckets.of(c, least);
      if (first >= buckets.bucket.size()) return;
      place_of.assign(most - least + 1, kMany);
      for (std::uint32_t s = least; s <= most && first + s - least < buckets.bucket.size(); ++s) {
        const std::uint64_t n = choose(group.free.size(), s - group.base.size());
        auto& place = next[first + s - least];
        if (alone) {
          place_of[s - least] = place.load(std::memory_order_relaxed);
          place.store(place_of[s - least] + n, std::memory_order_relaxed);
        } else {
          place_of[s - least] = place.fetch_add(n, std::memory_order_relaxed);
        }
      }
      const auto room = [&](std::size_t size) -> Entry* {
        if (size < least || size > most || place_of[size - least] >= kMany) return nullptr;
        return &entry[buckets.bucket[first + size - least].first + place_of[size - least]++];
      };
      const auto write_large = [&](std::span<const std::uint32_t> set, Entry& one) {
        const Bucket& bucket = buckets.bucket[first + set.size() - least];
        const auto k = static_cast<std::uint64_t>(&one - entry.get()) - bucket.first;
        one.rest = bucket.first_large + k * set.size();
        std::copy(set.begin(), set.end(), large.get() + one.rest);
      };
      if (packing.holds(most) &&
          sets.for_each_part(group, [&](const std::uint32_t* items, std::uint64_t part) {
            Entry one{0, 0};
            std::uint64_t word = 0;
            std::uint32_t size = 0;
            for (; part != 0; part &= part - 1) {
              if (size == packing.in_word) one.first = std::exchange(word, 0);
              word = word << packing.bits | items[std::countr_zero(part)];
              ++size;
            }
            (size > packing.in_word ? one.rest : one.first) = word;
            if (Entry* to_fill = room(size)) *to_fill = one;
          })) {
        return;
      }
      sets.for_each(group, [&](std::span<const std::uint32_t> set) {
        Entry* one = room(set.size());
        if (one == nullptr) return;
        const std::size_t n = std::min<std::size_t>(set.size(), packing.in_word);
        one->first = packing.pack(set.data(), n);
        if (packing.holds(set.size())) {
          one->rest = packing.pack(set.data() + n, set.size() - n);
        } else {
          write_large(set, *one);
        }
      });
    });
  });

  const std::uint64_t rows = wanted.top > 0 ? std::min(wanted.top, buckets.sets) : buckets.sets;
  std::uint64_t items = buckets.items;
  if (rows < buckets.sets) items -= (buckets.sets - rows) * buckets.bucket.back().size;
  resize(to, rows, items, context);
  to.offset[0] = 0;
  // Ranges of buckets with about as many sets each.
  std::vector<std::size_t> begin{0};
  std::uint64_t sum = 0;
  for (std::size_t b = 0; b < buckets.bucket.size(); ++b) {
    sum += buckets.bucket[b].n;
    if (sum >= 16384 || b + 1 == buckets.bucket.size()) {
      begin.push_back(b + 1);
      sum = 0;
    }
  }
  const double all = static_cast<double>(wanted.baskets);
  core::parallel_for(context, begin.size() - 1, [&](std::size_t range) {
    std::vector<Entry> spare;
    for (std::size_t b = begin[range]; b < begin[range + 1]; ++b) {
      const Bucket& bucket = buckets.bucket[b];
      Entry* first = entry.get() + bucket.first;
      sort_bucket(first, bucket.n, large.get(), bucket.size, packing, spare);
      const double support = static_cast<double>(bucket.count) / all;
      const bool packed = packing.holds(bucket.size);
      const std::size_t n = std::min<std::size_t>(bucket.size, packing.in_word);
      for (std::uint64_t k = 0; k < bucket.n && bucket.first + k < rows; ++k) {
        const std::uint64_t row = bucket.first + k;
        const std::uint64_t out = bucket.first_item + k * bucket.size;
        std::int32_t* set = to.item.data() + out;
        if (packed) {
          packing.unpack(first[k].first, n, order.code.data(), set);
          packing.unpack(first[k].rest, bucket.size - n, order.code.data(), set + n);
        } else {
          const std::uint32_t* from = large.get() + first[k].rest;
          for (std::uint32_t i = 0; i < bucket.size; ++i) set[i] = order.code[from[i]];
        }
        to.offset[row + 1] = static_cast<std::int64_t>(out + bucket.size);
        to.size_of[row] = bucket.size;
        to.count[row] = static_cast<std::int64_t>(bucket.count);
        to.support[row] = support;
      }
    }
  });
}

}  // namespace emptor::mining::sets
