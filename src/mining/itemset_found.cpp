#include "mining/itemset_found.hpp"

#include "emptor/core/error.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace emptor::mining::sets {

__extension__ using Wide = unsigned __int128;

namespace {

constexpr std::size_t kTable = 32;

// Pascal's triangle.
constexpr auto kChoose = [] {
  std::array<std::array<std::uint32_t, kTable + 1>, kTable + 1> table{};
  for (std::size_t n = 0; n <= kTable; ++n) {
    table[n][0] = 1;
    for (std::size_t k = 1; k <= n; ++k) table[n][k] = table[n - 1][k - 1] + table[n - 1][k];
  }
  return table;
}();

}  // namespace

std::uint64_t choose(std::uint64_t n, std::uint64_t k) noexcept {
  if (k > n) return 0;
  if (n <= kTable) return kChoose[n][k];
  k = std::min(k, n - k);
  std::uint64_t ways = 1;
  for (std::uint64_t i = 1; i <= k; ++i) {
    // ways * (n - k + i) / i is whole; the product may be too large, the
    // quotient only if many.
    const Wide product = static_cast<Wide>(ways) * (n - k + i);
    const Wide next = product / i;
    if (next >= kMany) return kMany;
    ways = static_cast<std::uint64_t>(next);
  }
  return ways;
}

std::uint64_t sets_of(std::size_t n_base, std::size_t n_free, std::uint32_t min_items,
                      std::uint32_t max_items) noexcept {
  std::uint64_t sets = 0;
  const std::size_t most = std::min<std::size_t>(n_base + n_free, max_items);
  for (std::size_t s = std::max<std::size_t>({n_base, min_items, 1}); s <= most; ++s)
    sets = plus(sets, choose(n_free, s - n_base));
  return sets;
}

std::uint64_t Chunk::count_free(std::size_t n_base, std::size_t n_free, std::uint32_t min_items,
                                std::uint32_t max_items, std::uint64_t n) {
  std::uint64_t sets = 0;
  const std::size_t most = std::min<std::size_t>(n_base + n_free, max_items);
  if (n_of_size.size() <= most) n_of_size.resize(most + 1, 0);
  for (std::size_t s = std::max<std::size_t>({n_base, min_items, 1}); s <= most; ++s) {
    const std::uint64_t ways = choose(n_free, s - n_base);
    n_of_size[s] = plus(n_of_size[s], ways > kMany / n ? kMany : ways * n);
    sets = plus(sets, ways);
  }
  return sets;
}

void Chunk::add_page(std::size_t words, std::atomic<std::size_t>& memory,
                     std::size_t memory_limit) {
  constexpr std::size_t kFirst = 1024;
  constexpr std::size_t kLargest = std::size_t{1} << 20;
  const std::size_t grown =
      pages_.empty() ? kFirst : std::min(pages_.back().words.size() * 2, kLargest);
  const std::size_t size = std::max(grown, words);
  const std::size_t total = memory.fetch_add(size * 4, std::memory_order_relaxed) + size * 4;
  if (memory_limit > 0 && total > memory_limit) {
    throw MemoryLimit("frequent_itemsets: the sets found so far take " +
                      std::to_string(total / 1000000 + 1) + " MB, the limit is " +
                      std::to_string(memory_limit / 1000000) +
                      " MB; raise min_count or memory_limit, lower max_items, "
                      "or set max_sets");
  }
  pages_.push_back({core::LargeArray<std::uint32_t>(size), 0});
}

void Chunk::push(std::uint64_t count, std::span<const std::uint32_t> base,
                 std::span<const std::uint32_t> free, std::atomic<std::size_t>& memory,
                 std::size_t memory_limit) {
  const std::size_t words = 4 + base.size() + free.size();
  if (pages_.empty() || pages_.back().used + words > pages_.back().words.size())
    add_page(words, memory, memory_limit);
  Page& page = pages_.back();
  std::uint32_t* p = page.words.data() + page.used;
  p[0] = static_cast<std::uint32_t>(count);
  p[1] = static_cast<std::uint32_t>(count >> 32);
  p[2] = static_cast<std::uint32_t>(base.size());
  p[3] = static_cast<std::uint32_t>(free.size());
  std::copy(base.begin(), base.end(), p + 4);
  std::copy(free.begin(), free.end(), p + 4 + base.size());
  page.used += words;
  ++n_groups;
  largest = std::max(largest, count);
}

std::size_t Chunk::bytes() const noexcept {
  std::size_t sum = 0;
  for (const Page& page : pages_) sum += page.words.size() * 4;
  return sum;
}

void Best::add(std::vector<std::pair<std::uint64_t, std::uint64_t>>& found) {
  const std::lock_guard lock(mutex_);
  const std::greater<> least_on_top;
  for (const auto& [count, n] : found) {
    if (count < least()) continue;
    heap_.emplace_back(count, n);
    std::push_heap(heap_.begin(), heap_.end(), least_on_top);
    held_ = plus(held_, n);
    while (held_ < kMany && held_ - heap_.front().second >= wanted_) {
      held_ -= heap_.front().second;
      std::pop_heap(heap_.begin(), heap_.end(), least_on_top);
      heap_.pop_back();
    }
    if (held_ >= wanted_ && heap_.front().first > least())
      least_.store(heap_.front().first, std::memory_order_relaxed);
  }
  found.clear();
}

}  // namespace emptor::mining::sets
