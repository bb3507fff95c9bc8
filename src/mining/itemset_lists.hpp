#pragma once

#include "emptor/core/context.hpp"
#include "emptor/data/baskets.hpp"

#include "core/large_pages.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace emptor::mining::sets {

/// Ends a row of items.
inline constexpr std::uint32_t kRowEnd = 0xFFFFFFFFU;

/// Where an item stands in a row of Lists::item: the row's first item, and the
/// item itself.
struct Occurrence {
  std::uint32_t start, at;
};

/// Baskets as rows of ascending items, each ended by kRowEnd, with the places
/// of every item. Items [0, n_tail) may be added to a set; those behind are
/// looked at only to see what a set lacks. Borrowed from a Database or an
/// arena.
struct Lists {
  const std::uint32_t* item = nullptr;
  const std::uint32_t* begin = nullptr;    ///< per item: its first occurrence; n_items + 1
  const Occurrence* occurrence = nullptr;  ///< rows of one item alone may be missing
  const std::uint64_t* weight = nullptr;   ///< per occurrence; null: every row counts once
  const std::uint64_t* count = nullptr;    ///< per item
  const std::uint32_t* rank = nullptr;     ///< per item: its number in the Database
  std::uint32_t n_items = 0, n_tail = 0;
};

/// The frequent items of baskets, numbered from the most frequent on (then by
/// code), and the baskets cut down to them.
struct Database {
  std::vector<std::int32_t> code{};    ///< per item
  std::vector<std::uint64_t> count{};  ///< per item, by weight
  std::vector<std::uint32_t> rank{};   ///< per item: itself
  core::LargeArray<std::uint32_t> item{};
  std::vector<std::uint32_t> begin{};
  core::LargeArray<Occurrence> occurrence{};
  std::vector<std::uint64_t> weight{};    ///< per occurrence
  core::LargeArray<std::uint32_t> row{};  ///< per occurrence: its row
  std::vector<std::uint64_t> row_weight{};
  std::uint32_t n_rows = 0;
  std::uint64_t total = 0;           ///< weight of all baskets that hold `base`
  std::vector<std::int32_t> base{};  ///< codes every set holds; not among `code`
  std::uint64_t base_count = 0;      ///< baskets with all of them

  [[nodiscard]] Lists lists() const noexcept {
    const auto n = static_cast<std::uint32_t>(code.size());
    return {item.data(),
            begin.data(),
            occurrence.data(),
            weight.empty() ? nullptr : weight.data(),
            count.data(),
            rank.data(),
            n,
            n};
  }
};

/// Rows of distinct ascending items whatever the caller's look like.
class Rows {
 public:
  /// @throws InvalidArgument for offsets, items or weights that are out of
  /// range
  explicit Rows(const data::BasketsView& view);
  [[nodiscard]] std::size_t size() const noexcept { return view_.size(); }
  [[nodiscard]] std::int32_t n_items() const noexcept { return n_items_; }
  [[nodiscard]] std::uint64_t total() const noexcept { return total_; }
  [[nodiscard]] std::size_t n_entries() const noexcept { return view_.item.size(); }
  [[nodiscard]] std::uint64_t weight(std::size_t b) const noexcept {
    return view_.weight.empty() ? 1 : static_cast<std::uint64_t>(view_.weight[b]);
  }
  [[nodiscard]] bool weighted() const noexcept { return !view_.weight.empty(); }
  [[nodiscard]] std::span<const std::int32_t> row(std::size_t b) const noexcept {
    const auto begin = static_cast<std::size_t>(offset_[b]);
    return {item_ + begin, static_cast<std::size_t>(offset_[b + 1]) - begin};
  }

 private:
  data::BasketsView view_;
  const std::int32_t* item_;
  const std::int64_t* offset_;
  std::vector<std::int32_t> own_item_{};
  std::vector<std::int64_t> own_offset_{};
  std::int32_t n_items_ = 0;
  std::uint64_t total_ = 0;
};

/// The part of `rows` that matters: items in `min_count` baskets with all of
/// `base`, without the items marked in `left_out` (per code; may be empty).
Database make_database(const Rows& rows, std::uint64_t min_count,
                       const std::vector<std::int32_t>& base,
                       const std::vector<std::uint8_t>& left_out, const Context& context);

}  // namespace emptor::mining::sets
