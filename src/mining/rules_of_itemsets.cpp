#include "emptor/core/error.hpp"
#include "emptor/mining/association_rules.hpp"

#include "core/parallel.hpp"
#include "mining/itemset_index.hpp"
#include "mining/rule_list.hpp"

#include <algorithm>
#include <bit>
#include <limits>
#include <numeric>
#include <string>
#include <utility>

namespace emptor::mining {
namespace {

constexpr std::size_t kBlock = 1024;
constexpr std::size_t kLargest = 24;  // items of a set: its 2^24 parts are all looked up

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
    fail("min_confidence is " + std::to_string(options.min_confidence) + "; write a share, as 0.5");
  }
  if (options.max_consequent < 0) {
    fail("max_consequent is " + std::to_string(options.max_consequent) +
         "; write 1 or more, 0 for no limit");
  }
  if (options.top < 0) {
    fail("top is " + std::to_string(options.top) + "; write how many rules to list, 0 for all");
  }
}

// A rule as rows of the sets.
struct Split {
  std::int32_t set, antecedent, consequent;
};

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
      if (n < options_.min_confidence * static_cast<double>(sets_.count[index(x)])) continue;
      rules.push_back({static_cast<std::int32_t>(s), x, row_[y]});
    }
  }

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
  std::vector<std::uint64_t> key_{0};
  std::vector<std::int32_t> row_{0};
};

}  // namespace

AssociationRules rules_of_itemsets(const ItemsetCountsView& sets,
                                   const RulesOfItemsetsOptions& options, const Context& context) {
  check(sets, options);
  const std::int32_t n_items =
      sets.item.empty() ? 0 : *std::max_element(sets.item.begin(), sets.item.end()) + 1;
  const ItemsetIndex rows(sets.offset, sets.item, n_items);
  const auto blocks = core::parallel_map<std::vector<Split>>(
      context, sets.count.size(), kBlock, [&](std::size_t begin, std::size_t end) {
        Splitter splitter(sets, rows, options);
        std::vector<Split> own;
        for (std::size_t s = begin; s < end; ++s) splitter.split(s, own);
        return own;
      });
  std::size_t n = 0;
  for (const auto& block : blocks) n += block.size();
  if (context.memory_limit > 0 && n * 2 * sizeof(ListedRule) > context.memory_limit) {
    throw MemoryLimit("rules_of_itemsets: " + std::to_string(n) +
                      " rules do not fit into the limit of " +
                      std::to_string(context.memory_limit / 1000000) +
                      " MB; raise memory_limit or min_confidence");
  }
  const auto items = [&](std::int32_t row) {
    return sets.item.subspan(index(sets.offset[index(row)]),
                             index(sets.offset[index(row) + 1] - sets.offset[index(row)]));
  };
  std::vector<ListedRule> rules;
  rules.reserve(n);
  for (const auto& block : blocks) {
    for (const Split& split : block) {
      ListedRule rule;
      rule.antecedent = items(split.antecedent);
      rule.consequent = items(split.consequent);
      rule.n = sets.count[index(split.set)];
      rule.n_antecedent = sets.count[index(split.antecedent)];
      rule.n_consequent = sets.count[index(split.consequent)];
      rule.expected = static_cast<double>(rule.n_antecedent) *
                      static_cast<double>(rule.n_consequent) / static_cast<double>(sets.baskets);
      rules.push_back(rule);
    }
  }
  AssociationRules result;
  result.baskets = sets.baskets;
  result.single = options.max_consequent == 1;
  result.n_found = static_cast<std::int64_t>(n);
  result.truncated = sort_rules(rules, options.top);
  fill_rules(rules, {}, result);
  measure_rules(
      rules, nullptr,
      {.measures = options.measures, .level = options.level, .intervals = options.intervals},
      context, result);
  std::vector<std::int64_t> ids(index(n_items));
  std::iota(ids.begin(), ids.end(), std::int64_t{0});
  result.items = Dictionary::from_integers(std::move(ids));
  return result;
}

}  // namespace emptor::mining
