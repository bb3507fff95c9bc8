#pragma once

#include "emptor/core/context.hpp"

#include "mining/itemset_found.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace emptor::mining::sets {

/// Which sets of the groups are written.
struct Wanted {
  std::uint32_t min_items = 1;
  std::uint32_t max_items = 0xFFFFFFFFU;
  std::uint64_t min_count = 1;  ///< sets of smaller counts are left out
  std::uint64_t top = 0;        ///< so many of the first; 0: all
  std::uint64_t baskets = 0;    ///< for the support
};

/// The sizes of the sets of a group that are wanted, [first, second]; empty if first > second.
inline std::pair<std::uint32_t, std::uint32_t> sizes_of(const Group& group, const Wanted& wanted) {
  const auto base = static_cast<std::uint32_t>(group.base.size());
  const auto all = static_cast<std::uint32_t>(base + group.free.size());
  return {std::max({base, wanted.min_items, 1U}), std::min(all, wanted.max_items)};
}

/// Numbers the counts from the largest on; small ones leave out none.
class CountOrder {
 public:
  CountOrder(const std::vector<Chunk>& chunks, std::uint64_t min_count);
  [[nodiscard]] std::uint32_t size() const noexcept { return size_; }
  [[nodiscard]] std::uint32_t of(std::uint64_t count) const;

 private:
  std::uint64_t largest_ = 0;
  std::vector<std::uint64_t> sorted_{};
  std::uint32_t size_ = 0;
};

/// Sets of one count and one size; they are next to each other in the result.
struct Bucket {
  std::uint64_t count = 0;
  std::uint64_t n = 0;
  std::uint32_t size = 0;
  std::uint64_t first = 0;       ///< row
  std::uint64_t first_item = 0;  ///< in the items of all rows
};

/// Where the wanted sets of groups lie in the result: all there is to know of a row but its items.
class Buckets {
 public:
  Buckets(const std::vector<Chunk>& chunks, const Wanted& wanted);
  [[nodiscard]] std::size_t rows() const noexcept { return rows_; }
  [[nodiscard]] const std::vector<Bucket>& list() const noexcept { return bucket_; }
  /// Which bucket has sets of that count and size, if any group has them; list().size() or more
  /// where they are beyond the first `top` sets.
  [[nodiscard]] std::size_t of(std::uint64_t count, std::size_t size) const {
    const std::uint32_t c = counts_.of(count);
    return begin_[c] + size - low_[c];
  }
  /// Which bucket holds a row.
  [[nodiscard]] std::size_t with_row(std::size_t row) const;
  /// How many items the rows before `row` have.
  [[nodiscard]] std::uint64_t items_before(std::size_t row) const;

  /// These fill rows from `first` on; `offset` has one entry more than there are rows, and begins
  /// with 0.
  void write_sizes(std::size_t first, std::span<std::int64_t> to, const Context& context) const;
  void write_counts(std::size_t first, std::span<std::int64_t> to, const Context& context) const;
  void write_support(std::size_t first, std::span<double> to, const Context& context) const;
  void write_offset(std::size_t first, std::span<std::int64_t> to, const Context& context) const;

 private:
  void place(std::uint64_t top);
  template <typename Use>
  void each_part(std::size_t first, std::size_t n, const Context& context, Use use) const;

  CountOrder counts_;
  std::vector<std::uint32_t> low_{};  // per count: the smallest size
  std::vector<std::size_t> begin_{};  // per count: its first bucket
  std::vector<Bucket> bucket_{};
  std::size_t rows_ = 0;
  std::uint64_t baskets_ = 0;
};

}  // namespace emptor::mining::sets
