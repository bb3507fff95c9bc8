#include "emptor/core/error.hpp"
#include "emptor/mining/association_rules.hpp"

#include "core/parallel.hpp"
#include "core/shortest.hpp"
#include "mining/found_rules.hpp"
#include "mining/itemset_index.hpp"
#include "mining/split_order.hpp"

#include <algorithm>
#include <atomic>
#include <bit>
#include <limits>
#include <memory>
#include <string>
#include <utility>

namespace emptor::mining {
namespace {

constexpr std::size_t kBlock = 1024;  // sets per block of work, more if there are many
constexpr std::size_t kMostBlocks = 64;
constexpr std::size_t kKeyBytes = 24;  // of a rule while it is sorted
constexpr std::size_t kLargest = 24;   // items of a set: its 2^24 parts are all looked up

std::size_t index(std::int64_t i) { return static_cast<std::size_t>(i); }

[[noreturn]] void fail(const std::string& what) {
  throw InvalidArgument("rules_of_itemsets: " + what);
}

void check(const ItemsetCountsView& sets, const RulesOfItemsetsOptions& options) {
  const std::size_t n = sets.count.size();
  if (sets.offset.size() != n + 1 || (n > 0 && sets.offset.front() != 0) ||
      sets.offset.back() != static_cast<std::int64_t>(sets.item.size())) {
    fail("offset has " + std::to_string(sets.offset.size()) + " entries for " + std::to_string(n) +
         " sets; write sets + 1, from 0 to the number of items");
  }
  if (n >= index(std::numeric_limits<std::int32_t>::max())) fail("there are too many sets");
  for (std::size_t s = 0; s < n; ++s) {
    const std::int64_t size = sets.offset[s + 1] - sets.offset[s];
    if (size < 1) fail("set " + std::to_string(s) + " has no items");
    if (size > static_cast<std::int64_t>(kLargest)) {
      fail("set " + std::to_string(s) + " has " + std::to_string(size) + " items and 2^" +
           std::to_string(size) + " rules; take sets of up to 24 items");
    }
    for (std::int64_t k = sets.offset[s]; k < sets.offset[s + 1]; ++k) {
      if (sets.item[index(k)] < (k > sets.offset[s] ? sets.item[index(k - 1)] + 1 : 0)) {
        fail("the items of set " + std::to_string(s) +
             " must be distinct, ascending and 0 or more");
      }
    }
    if (sets.count[s] < 0 || sets.count[s] > sets.baskets) {
      fail("set " + std::to_string(s) + " is in " + std::to_string(sets.count[s]) + " of " +
           std::to_string(sets.baskets) + " baskets; write counts of the same baskets");
    }
  }
  if (!(options.min_confidence >= 0 && options.min_confidence <= 1)) {
    fail("min_confidence is " + core::shortest(options.min_confidence) + "; write a share, as 0.5");
  }
  if (options.max_consequent < 0) {
    fail("max_consequent is " + std::to_string(options.max_consequent) +
         "; write 1 or more, 0 for no limit");
  }
  if (options.top < 0) {
    fail("top is " + std::to_string(options.top) + "; write how many rules to list, 0 for all");
  }
}

class Splitter {
 public:
  Splitter(const ItemsetCountsView& sets, const ItemsetIndex& rows,
           const RulesOfItemsetsOptions& options)
      : sets_(sets), rows_(rows), options_(options) {}

  void split(std::size_t s, std::vector<Split>& rules) {
    const auto begin = index(sets_.offset[s]);
    const auto size = index(sets_.offset[s + 1]) - begin;
    const std::size_t full = (std::size_t{1} << size) - 1;
    if (key_.size() <= full) {
      key_.resize(full + 1);
      row_.resize(full + 1);
    }
    for (std::size_t mask = 1; mask < full; ++mask) {
      const auto lowest = static_cast<std::size_t>(std::countr_zero(mask));
      key_[mask] = key_[mask & (mask - 1)] ^ rows_.key(sets_.item[begin + lowest]);
      row_[mask] = static_cast<std::int32_t>(rows_.find(key_[mask]));
      if (row_[mask] < 0) missing(s, mask);
    }
    const auto n = static_cast<double>(sets_.count[s]);
    for (std::size_t y = 1; y < full; ++y) {
      if (options_.max_consequent > 0 && std::popcount(y) > options_.max_consequent) continue;
      const std::int32_t x = row_[full & ~y];
      const std::int64_t with_x = sets_.count[index(x)];
      const std::int64_t with_y = sets_.count[index(row_[y])];
      const std::int64_t both = sets_.count[s];
      consistent_ &= both <= std::min(with_x, with_y) && with_x + with_y - both <= sets_.baskets;
      if (n < options_.min_confidence * static_cast<double>(with_x)) continue;
      rules.push_back({static_cast<std::int32_t>(s), x, row_[y]});
    }
  }
  /// Whether all rules so far have counts that can be.
  [[nodiscard]] bool consistent() const noexcept { return consistent_; }

 private:
  [[noreturn]] void missing(std::size_t s, std::size_t mask) const {
    std::string part;
    const auto begin = index(sets_.offset[s]);
    for (std::size_t i = 0; begin + i < index(sets_.offset[s + 1]); ++i) {
      if ((mask >> i & 1U) != 0) {
        part += (part.empty() ? "" : ", ") + std::to_string(sets_.item[begin + i]);
      }
    }
    fail("set " + std::to_string(s) + " is there, but not its part {" + part +
         "}; give all frequent sets, not closed or maximal ones");
  }
  const ItemsetCountsView& sets_;
  const ItemsetIndex& rows_;
  const RulesOfItemsetsOptions& options_;
  bool consistent_ = true;
  std::vector<std::uint64_t> key_{0};
  std::vector<std::int32_t> row_{0};
};

void check_memory(std::size_t found, std::size_t n, std::size_t measures, const Context& context) {
  const std::size_t sorted = sizeof(Split) + 2 * kKeyBytes;
  const std::size_t column = sizeof(double);
  const std::size_t bytes = found * sorted + n * (sizeof(Split) + (7 + measures) * column);
  if (context.memory_limit == 0 || bytes <= context.memory_limit) return;
  throw MemoryLimit(
      "rules_of_itemsets: " + std::to_string(found) + " rules do not fit into the limit of " +
      std::to_string(context.memory_limit / 1000000) + " MB; raise memory_limit or min_confidence");
}

}  // namespace

DeferredRules deferred_rules_of_itemsets(const ItemsetCountsView& sets,
                                         const RulesOfItemsetsOptions& options,
                                         const Context& context) {
  check(sets, options);
  const std::int32_t n_items =
      sets.item.empty() ? 0 : *std::max_element(sets.item.begin(), sets.item.end()) + 1;
  const ItemsetIndex rows(sets.offset, sets.item, n_items);
  std::atomic<bool> consistent{true};
  auto blocks = core::parallel_map<std::vector<Split>>(
      context, sets.count.size(), std::max(kBlock, sets.count.size() / kMostBlocks + 1),
      [&](std::size_t begin, std::size_t end) {
        Splitter splitter(sets, rows, options);
        std::vector<Split> own;
        for (std::size_t s = begin; s < end; ++s) splitter.split(s, own);
        if (!splitter.consistent()) consistent = false;
        return own;
      });
  std::size_t found = 0;
  for (const auto& block : blocks) found += block.size();
  if (found > std::numeric_limits<std::uint32_t>::max()) {
    fail("the sets give " + std::to_string(found) + " rules, more than 4,294,967,295; raise " +
         "min_confidence or lower max_consequent");
  }
  const bool cut = options.top > 0 && options.top < static_cast<std::int64_t>(found);
  const std::size_t n = cut ? index(options.top) : found;
  check_memory(found, n, options.measures.size(), context);
  DeferredRules result;
  result.found =
      std::make_shared<const FoundRules>(sets, n_items, options, std::move(blocks), found, n);
  if (consistent) {
    result.found->check();
  } else {
    static_cast<void>(result.write(context));  // says which rule is at fault
  }
  return result;
}

AssociationRules rules_of_itemsets(const ItemsetCountsView& sets,
                                   const RulesOfItemsetsOptions& options, const Context& context) {
  return deferred_rules_of_itemsets(sets, options, context).write(context);
}

}  // namespace emptor::mining
