#pragma once

#include "emptor/mining/itemsets.hpp"

#include "mining/itemset_lists.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <span>
#include <vector>

namespace emptor::mining::sets {

/// The largest number of sets that is counted; what is more stays there.
inline constexpr std::uint64_t kMany = 0x7FFFFFFFFFFFFFFFULL;

inline std::uint64_t plus(std::uint64_t a, std::uint64_t b) noexcept {
  return a > kMany - b ? kMany : a + b;
}
/// Ways to choose k of n, at most kMany.
std::uint64_t choose(std::uint64_t n, std::uint64_t k) noexcept;
/// Sets of min_items to max_items items with all of n_base items and any of
/// n_free.
std::uint64_t sets_of(std::size_t n_base, std::size_t n_free, std::uint32_t min_items,
                      std::uint32_t max_items) noexcept;

/// Sets that differ only in free items: n_base items and then n_free free ones,
/// as numbers in the Database. A view into Chunk.
struct Group {
  std::uint64_t count;
  std::span<const std::uint32_t> base, free;
};

/// Groups one block of the search found, in order, and how many sets of which
/// size they stand for.
class Chunk {
 public:
  /// Sets by number of items, counted up to kMany.
  std::vector<std::uint64_t> n_of_size{};
  std::uint64_t n_groups = 0;
  std::uint64_t largest = 0;  ///< count

  /// Counts the sets of `n` groups by size; returns how many a group has.
  std::uint64_t count_sizes(std::size_t n_base, std::size_t n_free, std::uint32_t min_items,
                            std::uint32_t max_items, std::uint64_t n = 1) {
    if (n_free == 0) {
      if (n_base < min_items || n_base > max_items) return 0;
      if (n_of_size.size() <= n_base) n_of_size.resize(n_base + 1, 0);
      n_of_size[n_base] += n;
      return 1;
    }
    return count_free(n_base, n_free, min_items, max_items, n);
  }
  void push(std::uint64_t count, std::span<const std::uint32_t> base,
            std::span<const std::uint32_t> free, std::atomic<std::size_t>& memory,
            std::size_t memory_limit);
  /// Calls use(const Group&) in order.
  template <typename Use>
  void for_each(Use use) const {
    for (const Page& page : pages_) {
      for (const std::uint32_t* p = page.words.data(); p != page.words.data() + page.used;) {
        const Group group{p[0] | std::uint64_t{p[1]} << 32, {p + 4, p[2]}, {p + 4 + p[2], p[3]}};
        p += 4 + group.base.size() + group.free.size();
        use(group);
      }
    }
  }
  [[nodiscard]] std::size_t bytes() const noexcept;

 private:
  struct Page {
    core::LargeArray<std::uint32_t> words;
    std::size_t used;
  };
  std::uint64_t count_free(std::size_t n_base, std::size_t n_free, std::uint32_t min_items,
                           std::uint32_t max_items, std::uint64_t n);
  void add_page(std::size_t words, std::atomic<std::size_t>& memory, std::size_t memory_limit);
  std::vector<Page> pages_{};
};

/// The least count among the `wanted` sets of the largest counts found so far.
/// Safe from threads.
class Best {
 public:
  Best(std::uint64_t wanted, std::uint64_t least) : wanted_(wanted), least_(least) {}
  /// No set of a smaller count can be among them.
  [[nodiscard]] std::uint64_t least() const noexcept {
    return least_.load(std::memory_order_relaxed);
  }
  /// `found` are counts with their numbers of sets.
  void add(std::vector<std::pair<std::uint64_t, std::uint64_t>>& found);

 private:
  std::uint64_t wanted_, held_ = 0;
  std::atomic<std::uint64_t> least_;
  std::mutex mutex_{};
  std::vector<std::pair<std::uint64_t, std::uint64_t>> heap_{};  // the least count on top
};

struct BitKernel;

/// In which form the search keeps baskets; the results are the same.
enum class Form : std::uint8_t { cheaper, rows, bits };

/// What is looked for.
struct Plan {
  ItemsetKind kind = ItemsetKind::all;
  std::uint64_t min_count = 1;
  std::uint32_t min_items = 1;
  std::uint32_t max_items = 0xFFFFFFFFU;
  /// Only so many sets of the largest counts are needed; others may be missing.
  /// 0: all.
  std::uint64_t best = 0;
  bool keep = true;                   ///< the groups; false: only count
  const BitKernel* kernel = nullptr;  ///< null: the fastest
  Form form = Form::cheaper;
};

/// Finds every frequent set of the plan's kind; of generators also sets that
/// are none, see keep_generators(). The chunks are the same on any number of
/// threads, unless `best` is set.
/// @throws Cancelled, MemoryLimit
std::vector<Chunk> search(const Database& db, const Plan& plan, const Context& context);

/// Drops every set that has a smaller set of the same count, and sets of fewer
/// than min_items items. Needs the sets of all sizes up to max_items, with what
/// search() finds for generators. `n_items` is the number of items in the
/// Database.
std::vector<Chunk> keep_generators(const std::vector<Chunk>& chunks, std::size_t n_items,
                                   const Plan& plan, const Context& context);

}  // namespace emptor::mining::sets
