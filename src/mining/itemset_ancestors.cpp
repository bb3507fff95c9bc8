#include "mining/itemset_ancestors.hpp"

#include "emptor/core/error.hpp"

#include "core/parallel.hpp"
#include "mining/itemset_best.hpp"

#include <algorithm>
#include <atomic>
#include <utility>

namespace emptor::mining::sets {
namespace {

using Items = std::vector<std::uint32_t>;

// What is left of the groups of one chunk.
class Filter {
 public:
  Filter(const Plan& plan, const Unrelated& sets, std::atomic<std::size_t>& memory,
         const Context& context)
      : plan_(plan), sets_(sets), memory_(memory), context_(context) {}

  void take(const Group& group) {
    count_ = group.count;
    base_.assign(group.base.begin(), group.base.end());
    Items free(group.free.begin(), group.free.end());
    if (plan_.kind != ItemsetKind::all) {
      base_.insert(base_.end(), free.begin(), free.end());
      keep_specific();
      if (holds_must()) push({});
      return;
    }
    for (std::size_t i = 0; i < base_.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        if (related(base_[i], base_[j])) return;
      }
    }
    std::erase_if(free, [&](std::uint32_t item) {
      return std::any_of(base_.begin(), base_.end(), [&](auto b) { return related(b, item); });
    });
    split(free);
  }
  Chunk chunk{};

 private:
  [[nodiscard]] std::int32_t code(std::uint32_t item) const { return sets_.code[item]; }
  [[nodiscard]] bool related(std::uint32_t a, std::uint32_t b) const {
    return sets_.tree.related(code(a), code(b));
  }
  void keep_specific() {
    const Items all = base_;
    std::erase_if(base_, [&](std::uint32_t item) {
      return std::any_of(all.begin(), all.end(), [&](std::uint32_t other) {
        return other != item && sets_.tree.covers(code(item), code(other));
      });
    });
  }
  [[nodiscard]] bool holds_must() const {
    return std::all_of(sets_.must.begin(), sets_.must.end(), [&](std::int32_t item) {
      return std::any_of(base_.begin(), base_.end(), [&](auto b) { return code(b) == item; });
    });
  }
  // Sets without one of the related free items, then those with it, which hold none related to it.
  void split(Items free) {
    if (base_.size() > plan_.max_items) return;
    while (!free.empty()) {
      const auto one = std::find_if(free.begin(), free.end(), [&](std::uint32_t item) {
        return std::any_of(free.begin(), free.end(), [&](std::uint32_t other) {
          return other != item && related(item, other);
        });
      });
      if (one == free.end()) break;
      const std::uint32_t item = *one;
      free.erase(one);
      Items rest = free;
      std::erase_if(rest, [&](std::uint32_t other) { return related(item, other); });
      base_.push_back(item);
      split(std::move(rest));
      base_.pop_back();
    }
    push(free);
  }
  void push(const Items& free) {
    if (sets_of(base_.size(), free.size(), plan_.min_items, plan_.max_items) == 0) return;
    chunk.count_sizes(base_.size(), free.size(), plan_.min_items, plan_.max_items);
    if (plan_.keep) chunk.push(count_, base_, free, memory_, context_.memory_limit);
    if (++pushed_ % 65536 == 0 && context_.stop.stop_requested()) throw Cancelled();
  }
  const Plan& plan_;
  const Unrelated& sets_;
  std::atomic<std::size_t>& memory_;
  const Context& context_;
  std::uint64_t count_ = 0;
  Items base_{};
  std::size_t pushed_ = 0;
};

std::vector<Chunk> filtered(const std::vector<Chunk>& chunks, const Plan& plan,
                            const Unrelated& sets, const Context& context) {
  std::vector<Chunk> kept(chunks.size());
  std::atomic<std::size_t> memory{0};
  core::parallel_for(context, chunks.size(), [&](std::size_t c) {
    Filter filter(plan, sets, memory, context);
    chunks[c].for_each([&](const Group& group) { filter.take(group); });
    kept[c] = std::move(filter.chunk);
  });
  return kept;
}

}  // namespace

std::vector<Chunk> search_unrelated(const Database& db, const Plan& plan, const Unrelated& sets,
                                    const Context& context) {
  Plan wide = plan;  // what the sets are told by has fewer items
  wide.keep = true;
  if (plan.kind != ItemsetKind::all) {
    wide.min_items = 1;
    const std::uint64_t most = std::uint64_t{plan.max_items} * std::max(1U, sets.tree.depth());
    wide.max_items = static_cast<std::uint32_t>(std::min<std::uint64_t>(most, 0xFFFFFFFFU));
  }
  return search_best(
      db, wide, plan,
      [&](const std::vector<Chunk>& chunks) { return filtered(chunks, plan, sets, context); },
      context);
}

}  // namespace emptor::mining::sets
