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

// Rows that are written, of which buckets, and where these begin in the keys and in the items of
// sets that are too large for one.
struct Part {
  std::size_t begin = 0, end = 0;                 // rows
  std::size_t first_bucket = 0, last_bucket = 0;  // [,)
  std::uint64_t keys = 0;
  std::vector<std::uint64_t> first_large{};  // per bucket
  std::uint64_t large = 0;
};

template <typename Keys>
Part part_of(const Buckets& buckets, const Keys& keys, std::size_t begin, std::size_t end) {
  Part part{begin, end, 0, 0, 0, {}, 0};
  if (begin == end) return part;
  part.first_bucket = buckets.with_row(begin);
  part.last_bucket = buckets.with_row(end - 1) + 1;
  for (std::size_t b = part.first_bucket; b < part.last_bucket; ++b) {
    const Bucket& bucket = buckets.list()[b];
    part.keys = plus(part.keys, bucket.n);
    part.first_large.push_back(part.large);
    if (keys.holds(bucket.size)) continue;
    const bool many = bucket.n > kMany / bucket.size;
    part.large = plus(part.large, many ? kMany : bucket.n * bucket.size);
  }
  return part;
}

void check_memory(const Buckets& buckets, const Part& part, std::size_t key, std::size_t held,
                  std::size_t limit) {
  // What is returned, and the keys and items it is sorted from.
  const double bytes = static_cast<double>(part.keys) * static_cast<double>(32 + key) +
                       static_cast<double>(buckets.items_before(part.end)) * 4 +
                       static_cast<double>(part.large) * 4 + static_cast<double>(held);
  constexpr double kAddressable = 0x1p47;
  const double most = limit > 0 ? static_cast<double>(limit) : kAddressable;
  if (bytes <= most) return;
  const bool many = part.keys >= kMany;
  throw MemoryLimit(
      "frequent_itemsets: " + (many ? std::string("more than 9.2e18") : std::to_string(part.keys)) +
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
  Writer(const std::vector<Chunk>& chunks, const CodeOrder& order, const Wanted& wanted,
         const Buckets& buckets, const Context& context)
      : chunks_(chunks),
        order_(order),
        wanted_(wanted),
        buckets_(buckets),
        context_(context),
        keys_(order) {}

  /// @throws MemoryLimit if all rows take too much
  void check() const {
    std::size_t held = 0;
    for (const Chunk& chunk : chunks_) held += chunk.bytes();
    check_memory(buckets_, part_of(buckets_, keys_, 0, buckets_.rows()), sizeof(Key), held,
                 context_.memory_limit);
  }

  /// The items of rows [begin, end).
  void write(std::size_t begin, std::size_t end, std::int32_t* item) {
    part_ = part_of(buckets_, keys_, begin, end);
    first_key_ = part_.keys > 0 ? buckets_.list()[part_.first_bucket].first : 0;
    first_item_ = buckets_.items_before(begin);
    key_ = core::LargeArray<Key>(part_.keys);
    large_ = core::LargeArray<std::uint32_t>(part_.large);
    if constexpr (kMayBeLarge) keys_.set_large(large_.data());
    const std::size_t n = part_.last_bucket - part_.first_bucket;
    next_.reset(new std::atomic<std::uint64_t>[n]);
    for (std::size_t b = 0; b < n; ++b) next_[b] = 0;
    alone_ = core::thread_count(context_, chunks_.size()) == 1;
    core::parallel_for(context_, chunks_.size(), [&](std::size_t block) { take(chunks_[block]); });
    write_rows(item);
  }

 private:
  static constexpr bool kMayBeLarge = std::is_same_v<Keys, PackedKeys>;

  [[nodiscard]] bool is_written(std::size_t bucket) const noexcept {
    return bucket >= part_.first_bucket && bucket < part_.last_bucket;
  }
  [[nodiscard]] Key* first_key(const Bucket& bucket) noexcept {
    return key_.data() + (bucket.first - first_key_);
  }
  // The first of n places of a bucket that is written.
  Key* places(std::size_t bucket, std::uint64_t n) {
    auto& next = next_[bucket - part_.first_bucket];
    const std::uint64_t first = next.load(std::memory_order_relaxed);
    Key* const keys = first_key(buckets_.list()[bucket]);
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
      const std::size_t first = buckets_.of(group.count, least);
      if (first >= part_.last_bucket || first + (most - least) < part_.first_bucket) return;
      if (most == least && group.free.empty() && put_one(group, first)) return;
      place_of.assign(most - least + 1, nullptr);
      for (std::uint32_t s = least; s <= most; ++s) {
        if (is_written(first + s - least))
          place_of[s - least] =
              places(first + s - least, choose(group.free.size(), s - group.base.size()));
      }
      const auto room = [&](std::size_t size) -> Key* {
        if (size < least || size > most || place_of[size - least] == nullptr) return nullptr;
        return place_of[size - least]++;
      };
      if (keys_.write_all(group, sets, room)) return;
      sets.for_each(group, [&](std::span<const std::uint32_t> set) {
        Key* const to = room(set.size());
        if (to == nullptr) return;
        *to = keys_.key(set);
        if (!keys_.holds(set.size())) put_large(first + set.size() - least, set, *to);
      });
    });
  }

  // A group of one set, as most are.
  bool put_one(const Group& group, std::size_t bucket) {
    if constexpr (!kMayBeLarge) *places(bucket, 1) = keys_.key_of(group);
    return !kMayBeLarge;
  }

  void put_large(std::size_t bucket, std::span<const std::uint32_t> set, Key& key) {
    if constexpr (kMayBeLarge) {
      const auto k = static_cast<std::uint64_t>(&key - first_key(buckets_.list()[bucket]));
      key.rest = part_.first_large[bucket - part_.first_bucket] + k * set.size();
      std::copy(set.begin(), set.end(), large_.data() + key.rest);
    }
  }

  void write_rows(std::int32_t* item) {
    // Ranges of buckets with about as many sets each.
    std::vector<std::size_t> begin{part_.first_bucket};
    std::uint64_t sum = 0;
    for (std::size_t b = part_.first_bucket; b < part_.last_bucket; ++b) {
      sum += buckets_.list()[b].n;
      if (sum >= 16384 || b + 1 == part_.last_bucket) {
        begin.push_back(b + 1);
        sum = 0;
      }
    }
    core::parallel_for(context_, begin.size() - 1, [&](std::size_t range) {
      std::vector<Key> spare;
      for (std::size_t b = begin[range]; b < begin[range + 1]; ++b)
        write_bucket(buckets_.list()[b], spare, item);
    });
  }

  void write_bucket(const Bucket& bucket, std::vector<Key>& spare, std::int32_t* item) {
    if (spare.size() < bucket.n) spare.resize(bucket.n);
    Key* const key = first_key(bucket);
    sort_keys(keys_, key, bucket.n, bucket.size, spare.data());
    const std::size_t from = std::max<std::size_t>(part_.begin, bucket.first);
    const std::size_t to = std::min<std::size_t>(part_.end, bucket.first + bucket.n);
    if (from >= to) return;
    const Key* k = key + (from - bucket.first);
    item += bucket.first_item + (from - bucket.first) * bucket.size - first_item_;
    for (std::size_t row = from; row < to; ++row, item += bucket.size)
      keys_.write(*k++, bucket.size, item);
  }

  const std::vector<Chunk>& chunks_;
  const CodeOrder& order_;
  const Wanted& wanted_;
  const Buckets& buckets_;
  const Context& context_;
  Keys keys_;
  Part part_{};
  std::uint64_t first_key_ = 0, first_item_ = 0;  // in all rows
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

namespace {

// use(writer) with the form of keys that the number of items asks for.
template <typename Use>
void with_writer(const std::vector<Chunk>& chunks, const CodeOrder& order, const Wanted& wanted,
                 const Buckets& buckets, const Context& context, Use use) {
  if (order.code.size() <= MaskKeys<std::uint64_t>::kMostItems) {
    use(Writer<MaskKeys<std::uint64_t>>(chunks, order, wanted, buckets, context));
  } else if (order.code.size() <= MaskKeys<TwoWords>::kMostItems) {
    use(Writer<MaskKeys<TwoWords>>(chunks, order, wanted, buckets, context));
  } else {
    use(Writer<PackedKeys>(chunks, order, wanted, buckets, context));
  }
}

}  // namespace

SortedSets::SortedSets(std::vector<Chunk> chunks, const std::vector<std::int32_t>& code,
                       const Wanted& wanted, const Context& context)
    : chunks_(std::move(chunks)),
      order_(code),
      wanted_(wanted),
      buckets_(std::make_shared<const Buckets>(chunks_, wanted)) {
  with_writer(chunks_, order_, wanted_, *buckets_, context,
              [](const auto& writer) { writer.check(); });
}

void SortedSets::write_items(std::size_t begin, std::size_t end, std::int32_t* item,
                             const Context& context) const {
  with_writer(chunks_, order_, wanted_, *buckets_, context,
              [&](auto&& writer) { writer.write(begin, end, item); });
}

void SortedSets::write(Itemsets& to, const Context& context) const {
  const std::size_t rows = buckets_->rows();
  resize(to, rows, buckets_->items_before(rows), context);
  write_items(0, rows, to.item.data(), context);
  buckets_->write_offset(0, to.offset, context);
  buckets_->write_sizes(0, to.size_of, context);
  buckets_->write_counts(0, to.count, context);
  buckets_->write_support(0, to.support, context);
}

}  // namespace emptor::mining::sets
