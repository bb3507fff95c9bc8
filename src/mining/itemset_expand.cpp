#include "mining/itemset_expand.hpp"

#include "emptor/core/error.hpp"

#include "core/large_pages.hpp"
#include "core/parallel.hpp"
#include "mining/itemset_keys.hpp"

#include <algorithm>
#include <atomic>
#include <memory>
#include <numeric>
#include <string>
#include <type_traits>
#include <utility>

namespace emptor::mining::sets {
namespace {

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
template <typename Keys>
void place(Buckets& buckets, const Keys& keys, std::uint64_t top) {
  for (std::size_t b = 0; b < buckets.bucket.size(); ++b) {
    Bucket& bucket = buckets.bucket[b];
    bucket.first = buckets.sets;
    bucket.first_item = buckets.items;
    bucket.first_large = buckets.large_items;
    buckets.sets = plus(buckets.sets, bucket.n);
    const std::uint64_t items =
        bucket.size > 0 && bucket.n > kMany / bucket.size ? kMany : bucket.n * bucket.size;
    buckets.items = plus(buckets.items, items);
    if (!keys.holds(bucket.size)) buckets.large_items = plus(buckets.large_items, items);
    if (top > 0 && buckets.sets >= top) {
      buckets.bucket.resize(b + 1);
      return;
    }
  }
}

void check_memory(const Buckets& buckets, std::size_t key, std::size_t held, std::size_t limit) {
  // What is returned, and the keys and items it is sorted from.
  const double bytes = static_cast<double>(buckets.sets) * static_cast<double>(32 + key) +
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

void resize(Itemsets& to, std::size_t sets, std::size_t items, const Context& context) {
  to.offset.clear();
  core::reserve_in_large_pages(to.item, items);
  core::reserve_in_large_pages(to.offset, sets + 1);
  core::reserve_in_large_pages(to.size_of, sets);
  core::reserve_in_large_pages(to.count, sets);
  core::reserve_in_large_pages(to.support, sets);
  core::parallel_for(context, 5, [&](std::size_t column) {
    if (column == 0) core::resize_in_large_pages(to.item, items);
    if (column == 1) core::resize_in_large_pages(to.offset, sets + 1);
    if (column == 2) core::resize_in_large_pages(to.size_of, sets);
    if (column == 3) core::resize_in_large_pages(to.count, sets);
    if (column == 4) core::resize_in_large_pages(to.support, sets);
  });
}

// Writes the sets of groups as keys into their buckets, then the buckets, sorted, into rows.
template <typename Keys>
class Writer {
 public:
  using Key = typename Keys::Key;
  Writer(const std::vector<Chunk>& chunks, const CodeOrder& order, const CountOrder& counts,
         const Wanted& wanted, const Context& context)
      : chunks_(chunks),
        order_(order),
        counts_(counts),
        wanted_(wanted),
        context_(context),
        keys_(order),
        buckets_(make_buckets(chunks, counts, wanted)) {
    place(buckets_, keys_, wanted.top);
    std::size_t held = 0;
    for (const Chunk& chunk : chunks) held += chunk.bytes();
    check_memory(buckets_, sizeof(Key), held, context.memory_limit);
  }

  void write(Itemsets& to) {
    key_ = core::LargeArray<Key>(buckets_.sets);
    large_ = core::LargeArray<std::uint32_t>(buckets_.large_items);
    if constexpr (kMayBeLarge) keys_.set_large(large_.data());
    next_.reset(new std::atomic<std::uint64_t>[buckets_.bucket.size()]);
    for (std::size_t b = 0; b < buckets_.bucket.size(); ++b) next_[b] = 0;
    alone_ = core::thread_count(context_, chunks_.size()) == 1;
    core::parallel_for(context_, chunks_.size(), [&](std::size_t block) { take(chunks_[block]); });
    write_rows(to);
  }

 private:
  static constexpr bool kMayBeLarge = std::is_same_v<Keys, PackedKeys>;

  // The first of n places of a bucket.
  Key* places(std::size_t bucket, std::uint64_t n) {
    auto& next = next_[bucket];
    const std::uint64_t first = next.load(std::memory_order_relaxed);
    Key* const keys = key_.data() + buckets_.bucket[bucket].first;
    if (!alone_) return keys + next.fetch_add(n, std::memory_order_relaxed);
    next.store(first + n, std::memory_order_relaxed);
    return keys + first;
  }

  void take(const Chunk& chunk) {
    SetsOfGroup sets(order_.index_of, wanted_);
    std::vector<Key*> place_of;  // per size
    chunk.for_each([&](const Group& group) {
      const auto sizes = sizes_of(group, wanted_);
      const auto least = sizes.first;  // not a structured binding: older Clang captures none
      const auto most = sizes.second;
      if (group.count < wanted_.min_count || least > most) return;
      const std::size_t first = buckets_.of(counts_.of(group.count), least);
      if (first >= buckets_.bucket.size()) return;
      if (most == least && group.free.empty() && put_one(group, first)) return;
      place_of.assign(most - least + 1, nullptr);
      for (std::uint32_t s = least; s <= most && first + s - least < buckets_.bucket.size(); ++s)
        place_of[s - least] =
            places(first + s - least, choose(group.free.size(), s - group.base.size()));
      const auto room = [&](std::size_t size) -> Key* {
        if (size < least || size > most || place_of[size - least] == nullptr) return nullptr;
        return place_of[size - least]++;
      };
      if (keys_.write_all(group, sets, room)) return;
      sets.for_each(group, [&](std::span<const std::uint32_t> set) {
        Key* const to = room(set.size());
        if (to == nullptr) return;
        *to = keys_.key(set);
        if (!keys_.holds(set.size()))
          put_large(buckets_.bucket[first + set.size() - least], set, *to);
      });
    });
  }

  // A group of one set, as most are.
  bool put_one(const Group& group, std::size_t bucket) {
    if constexpr (!kMayBeLarge) *places(bucket, 1) = keys_.key_of(group);
    return !kMayBeLarge;
  }

  void put_large(const Bucket& bucket, std::span<const std::uint32_t> set, Key& key) {
    if constexpr (kMayBeLarge) {
      const auto k = static_cast<std::uint64_t>(&key - key_.data()) - bucket.first;
      key.rest = bucket.first_large + k * set.size();
      std::copy(set.begin(), set.end(), large_.data() + key.rest);
    }
  }

  void write_rows(Itemsets& to) {
    const std::uint64_t rows =
        wanted_.top > 0 ? std::min(wanted_.top, buckets_.sets) : buckets_.sets;
    std::uint64_t items = buckets_.items;
    if (rows < buckets_.sets) items -= (buckets_.sets - rows) * buckets_.bucket.back().size;
    resize(to, rows, items, context_);
    to.offset[0] = 0;
    // Ranges of buckets with about as many sets each.
    std::vector<std::size_t> begin{0};
    std::uint64_t sum = 0;
    for (std::size_t b = 0; b < buckets_.bucket.size(); ++b) {
      sum += buckets_.bucket[b].n;
      if (sum >= 16384 || b + 1 == buckets_.bucket.size()) {
        begin.push_back(b + 1);
        sum = 0;
      }
    }
    core::parallel_for(context_, begin.size() - 1, [&](std::size_t range) {
      std::vector<Key> spare;
      for (std::size_t b = begin[range]; b < begin[range + 1]; ++b)
        write_bucket(buckets_.bucket[b], rows, spare, to);
    });
  }

  void write_bucket(const Bucket& bucket, std::uint64_t rows, std::vector<Key>& spare,
                    Itemsets& to) {
    if (spare.size() < bucket.n) spare.resize(bucket.n);
    Key* const key = key_.data() + bucket.first;
    sort_keys(keys_, key, bucket.n, bucket.size, spare.data());
    if (bucket.first >= rows) return;
    const std::uint64_t n = std::min(bucket.n, rows - bucket.first);
    std::int32_t* item = to.item.data() + bucket.first_item;
    for (std::uint64_t k = 0; k < n; ++k, item += bucket.size)
      keys_.write(key[k], bucket.size, item);
    std::int64_t* const offset = to.offset.data() + bucket.first + 1;
    for (std::uint64_t k = 0; k < n; ++k)
      offset[k] = static_cast<std::int64_t>(bucket.first_item + (k + 1) * bucket.size);
    std::fill_n(to.size_of.data() + bucket.first, n, std::int64_t{bucket.size});
    std::fill_n(to.count.data() + bucket.first, n, static_cast<std::int64_t>(bucket.count));
    std::fill_n(to.support.data() + bucket.first, n,
                static_cast<double>(bucket.count) / static_cast<double>(wanted_.baskets));
  }

  const std::vector<Chunk>& chunks_;
  const CodeOrder& order_;
  const CountOrder& counts_;
  const Wanted& wanted_;
  const Context& context_;
  Keys keys_;
  Buckets buckets_;
  core::LargeArray<Key> key_{};
  core::LargeArray<std::uint32_t> large_{};
  std::unique_ptr<std::atomic<std::uint64_t>[]> next_ {};  // per bucket: keys it has
  bool alone_ = false;
};

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
  if (order.code.size() <= MaskKeys<std::uint64_t>::kMostItems) {
    Writer<MaskKeys<std::uint64_t>>(chunks, order, counts, wanted, context).write(to);
  } else if (order.code.size() <= MaskKeys<TwoWords>::kMostItems) {
    Writer<MaskKeys<TwoWords>>(chunks, order, counts, wanted, context).write(to);
  } else {
    Writer<PackedKeys>(chunks, order, counts, wanted, context).write(to);
  }
}

}  // namespace emptor::mining::sets
