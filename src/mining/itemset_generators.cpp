#include "emptor/core/error.hpp"

#include "core/parallel.hpp"
#include "mining/itemset_found.hpp"

#include <algorithm>
#include <span>
#include <string>
#include <vector>

namespace emptor::mining::sets {
namespace {

// A fixed random number per item; the hash of a set is their sum, so leaving
// one out is a subtraction (splitmix64, Steele, Lea and Flood 2014).
std::uint64_t hash_of(std::uint32_t item) noexcept {
  std::uint64_t x = (std::uint64_t{item} + 1) * 0x9E3779B97F4A7C15ULL;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ULL;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBULL;
  return x ^ (x >> 31);
}

struct Entry {
  std::uint64_t hash = 0;
  Group group{0, {}, {}};
};

// Open addressing with linear steps; at most half full.
class Table {
 public:
  explicit Table(const std::vector<Chunk>& chunks) {
    std::uint64_t n = 0;
    for (const Chunk& chunk : chunks) n += chunk.n_groups;
    std::size_t size = 16;
    while (size < n * 2) size *= 2;
    entries_.resize(size);
    for (const Chunk& chunk : chunks) {
      chunk.for_each([&](const Group& group) {
        std::uint64_t hash = 0;
        for (const std::uint32_t item : group.base) hash += hash_of(item);
        std::size_t place = slot(hash);
        while (!entries_[place].group.base.empty()) place = (place + 1) & (size - 1);
        entries_[place] = {hash, group};
      });
    }
  }
  // The count of `set` without `item`; 0 if it is not there. `marks` marks the
  // items of `set`.
  [[nodiscard]] std::uint64_t count_without(std::span<const std::uint32_t> set, std::uint32_t item,
                                            std::uint64_t hash,
                                            const std::vector<std::uint8_t>& marks) const {
    hash -= hash_of(item);
    for (std::size_t place = slot(hash); !entries_[place].group.base.empty();
         place = (place + 1) & (entries_.size() - 1)) {
      const Entry& entry = entries_[place];
      if (entry.hash != hash || entry.group.base.size() + 1 != set.size()) continue;
      const bool same =
          std::all_of(entry.group.base.begin(), entry.group.base.end(),
                      [&](std::uint32_t other) { return other != item && marks[other] != 0; });
      if (same) return entry.group.count;
    }
    return 0;
  }

 private:
  [[nodiscard]] std::size_t slot(std::uint64_t hash) const noexcept {
    return static_cast<std::size_t>(hash ^ (hash >> 32)) & (entries_.size() - 1);
  }
  std::vector<Entry> entries_{};
};

}  // namespace

std::vector<Chunk> keep_generators(const std::vector<Chunk>& chunks, std::size_t n_items,
                                   const Plan& plan, const Context& context) {
  std::uint64_t n = 0;
  for (const Chunk& chunk : chunks) n += chunk.n_groups;
  if (context.memory_limit > 0 && n * 4 * sizeof(Entry) > context.memory_limit) {
    throw MemoryLimit("frequent_itemsets: comparing " + std::to_string(n) +
                      " sets with their parts takes about " +
                      std::to_string(n * 4 * sizeof(Entry) / 1000000 + 1) + " MB, the limit is " +
                      std::to_string(context.memory_limit / 1000000) +
                      " MB; raise min_count or memory_limit, or lower max_items");
  }
  const Table table(chunks);
  std::vector<Chunk> kept(chunks.size());
  std::atomic<std::size_t> memory{0};
  core::parallel_for(context, chunks.size(), [&](std::size_t block) {
    std::vector<std::uint8_t> marks(n_items, 0);
    chunks[block].for_each([&](const Group& group) {
      const auto set = group.base;
      std::uint64_t hash = 0;
      for (const std::uint32_t item : set) {
        hash += hash_of(item);
        marks[item] = 1;
      }
      const bool generates =
          set.size() == 1 || std::all_of(set.begin(), set.end(), [&](std::uint32_t item) {
            return table.count_without(set, item, hash, marks) > group.count;
          });
      for (const std::uint32_t item : set) marks[item] = 0;
      if (!generates || set.size() < plan.min_items) return;
      Chunk& chunk = kept[block];
      if (chunk.n_of_size.size() <= set.size()) chunk.n_of_size.resize(set.size() + 1, 0);
      ++chunk.n_of_size[set.size()];
      chunk.push(group.count, set, {}, memory, context.memory_limit);
    });
  });
  return kept;
}

}  // namespace emptor::mining::sets
