#include "mining/itemset_best.hpp"

#include <algorithm>
#include <functional>
#include <utility>

namespace emptor::mining::sets {
namespace {

// Sets by their counts, the largest first.
std::vector<std::pair<std::uint64_t, std::uint64_t>> by_count(const std::vector<Chunk>& chunks,
                                                              const Plan& plan) {
  std::vector<std::pair<std::uint64_t, std::uint64_t>> counts;
  for (const Chunk& chunk : chunks) {
    chunk.for_each([&](const Group& group) {
      counts.emplace_back(group.count, sets_of(group.base.size(), group.free.size(), plan.min_items,
                                               plan.max_items));
    });
  }
  std::sort(counts.begin(), counts.end(), std::greater<>());
  return counts;
}

}  // namespace

std::uint64_t complete_from(const std::vector<Chunk>& chunks, const Plan& plan) {
  std::uint64_t seen = 0;
  for (const auto& [count, n] : by_count(chunks, plan)) {
    seen = plus(seen, n);
    if (seen >= plan.best) return count;
  }
  return plan.min_count;
}

std::uint64_t sets_from(std::uint64_t least, const std::vector<Chunk>& chunks, const Plan& plan) {
  std::uint64_t sets = 0;
  for (const auto& [count, n] : by_count(chunks, plan)) {
    if (count >= least) sets = plus(sets, n);
  }
  return sets;
}

}  // namespace emptor::mining::sets
