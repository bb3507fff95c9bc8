#include "mining/itemset_buckets.hpp"

#include "core/parallel.hpp"

#include <algorithm>
#include <functional>

namespace emptor::mining::sets {

CountOrder::CountOrder(const std::vector<Chunk>& chunks, std::uint64_t min_count) {
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

std::uint32_t CountOrder::of(std::uint64_t count) const {
  if (sorted_.empty()) return static_cast<std::uint32_t>(largest_ - count);
  const auto place = std::lower_bound(sorted_.begin(), sorted_.end(), count, std::greater<>());
  return static_cast<std::uint32_t>(place - sorted_.begin());
}

Buckets::Buckets(const std::vector<Chunk>& chunks, const Wanted& wanted)
    : counts_(chunks, wanted.min_count), baskets_(wanted.baskets) {
  low_.assign(counts_.size(), 0xFFFFFFFFU);
  std::vector<std::uint32_t> high(counts_.size(), 0);
  const auto each = [&](auto use) {
    for (const Chunk& chunk : chunks) {
      chunk.for_each([&](const Group& group) {
        const auto [least, most] = sizes_of(group, wanted);
        if (group.count >= wanted.min_count && least <= most)
          use(group, counts_.of(group.count), least, most);
      });
    }
  };
  each([&](const Group&, std::uint32_t c, std::uint32_t least, std::uint32_t most) {
    low_[c] = std::min(low_[c], least);
    high[c] = std::max(high[c], most);
  });
  std::size_t n = 0;
  for (std::size_t c = 0; c < high.size(); ++c) {
    begin_.push_back(n);
    if (low_[c] <= high[c]) n += high[c] - low_[c] + 1;
  }
  bucket_.resize(n);
  each([&](const Group& group, std::uint32_t c, std::uint32_t least, std::uint32_t most) {
    for (std::uint32_t s = least; s <= most; ++s) {
      Bucket& bucket = bucket_[begin_[c] + s - low_[c]];
      bucket.count = group.count;
      bucket.size = s;
      bucket.n = plus(bucket.n, choose(group.free.size(), s - group.base.size()));
    }
  });
  place(wanted.top);
}

// Places the buckets, up to the one that ends the first `top` rows.
void Buckets::place(std::uint64_t top) {
  std::uint64_t rows = 0;
  std::uint64_t items = 0;
  for (std::size_t b = 0; b < bucket_.size(); ++b) {
    Bucket& bucket = bucket_[b];
    bucket.first = rows;
    bucket.first_item = items;
    rows = plus(rows, bucket.n);
    const bool many = bucket.size > 0 && bucket.n > kMany / bucket.size;
    items = plus(items, many ? kMany : bucket.n * bucket.size);
    if (top > 0 && rows >= top) {
      bucket_.resize(b + 1);
      rows = top;
      break;
    }
  }
  rows_ = rows;
}

std::size_t Buckets::with_row(std::size_t row) const {
  const auto after =
      std::upper_bound(bucket_.begin(), bucket_.end(), row,
                       [](std::size_t r, const Bucket& bucket) { return r < bucket.first; });
  return static_cast<std::size_t>(after - bucket_.begin()) - 1;
}

std::uint64_t Buckets::items_before(std::size_t row) const {
  if (bucket_.empty()) return 0;
  const Bucket& bucket = bucket_[with_row(row)];
  const std::uint64_t inside = row - bucket.first;
  return bucket.size > 0 && inside > kMany / bucket.size
             ? kMany
             : plus(bucket.first_item, inside * bucket.size);
}

// use(bucket, begin, end) for the rows [first, first + n) of every bucket, which may be several
// parts.
template <typename Use>
void Buckets::each_part(std::size_t first, std::size_t n, const Context& context, Use use) const {
  constexpr std::size_t kRows = std::size_t{1} << 16;
  core::parallel_ranges(context, n, kRows, [&](std::size_t begin, std::size_t end) {
    begin += first;
    end += first;
    for (std::size_t b = with_row(begin); begin < end; ++b) {
      const Bucket& bucket = bucket_[b];
      const std::size_t stop = std::min<std::size_t>(end, bucket.first + bucket.n);
      use(bucket, begin, stop);
      begin = stop;
    }
  });
}

void Buckets::write_sizes(std::size_t first, std::span<std::int64_t> to,
                          const Context& context) const {
  each_part(first, to.size(), context, [&](const Bucket& bucket, std::size_t b, std::size_t e) {
    std::fill(to.data() + (b - first), to.data() + (e - first), std::int64_t{bucket.size});
  });
}

void Buckets::write_counts(std::size_t first, std::span<std::int64_t> to,
                           const Context& context) const {
  each_part(first, to.size(), context, [&](const Bucket& bucket, std::size_t b, std::size_t e) {
    std::fill(to.data() + (b - first), to.data() + (e - first),
              static_cast<std::int64_t>(bucket.count));
  });
}

void Buckets::write_support(std::size_t first, std::span<double> to, const Context& context) const {
  each_part(first, to.size(), context, [&](const Bucket& bucket, std::size_t b, std::size_t e) {
    std::fill(to.data() + (b - first), to.data() + (e - first),
              static_cast<double>(bucket.count) / static_cast<double>(baskets_));
  });
}

void Buckets::write_offset(std::size_t first, std::span<std::int64_t> to,
                           const Context& context) const {
  to[0] = 0;
  if (to.size() == 1) return;
  const std::uint64_t before = items_before(first);
  each_part(first, to.size() - 1, context, [&](const Bucket& bucket, std::size_t b, std::size_t e) {
    std::uint64_t place = bucket.first_item + (b - bucket.first) * bucket.size - before;
    for (std::size_t row = b; row < e; ++row) {
      place += bucket.size;
      to[row - first + 1] = static_cast<std::int64_t>(place);
    }
  });
}

}  // namespace emptor::mining::sets
