#include "mining/rule_screen.hpp"

#include "emptor/core/error.hpp"

#include "core/parallel.hpp"

#include <algorithm>
#include <atomic>
#include <bit>
#include <cmath>
#include <string>

namespace emptor::mining {
namespace {

constexpr std::size_t kBlock = 4096;

std::size_t index(std::int64_t i) { return static_cast<std::size_t>(i); }

}  // namespace

// Of the set at hand: the rows of all its parts, by mask.
struct RuleScreen::Scratch {
  std::span<const std::int32_t> items{};
  std::vector<std::uint64_t> key{};
  std::vector<std::int64_t> row{};
  std::vector<std::int32_t> added{}, given{}, antecedent{}, consequent{};
  std::vector<RuleCandidate> rules{};
  std::int64_t counted = 0;
};

RuleScreen::RuleScreen(const RuleData& data, const ItemsetCountsView& sets,
                       const ItemsetIndex& index_of_sets, int max_items, const Context& context)
    : data_(data), sets_(sets), index_(index_of_sets) {
  const std::size_t strata = data.strata.count();
  const std::size_t n = sets.count.size();
  slot_.assign(n, -1);
  std::size_t slots = 0;
  for (std::size_t s = 0; s < n; ++s) {
    if (sets.offset[s + 1] - sets.offset[s] < max_items) {
      slot_[s] = static_cast<std::int32_t>(slots++);
    }
  }
  const std::size_t bytes = slots * strata * sizeof(std::uint32_t) + n * 4;
  if (context.memory_limit > 0 && bytes > context.memory_limit) {
    throw MemoryLimit("association_rules: " + std::to_string(slots) +
                      " possible antecedents need about " + std::to_string(bytes / 1000000 + 1) +
                      " MB, the limit is " + std::to_string(context.memory_limit / 1000000) +
                      " MB; raise memory_limit or min_count");
  }
  table_.assign(slots * strata, 0);
  for (const double baskets : data.strata.n) all_.push_back(static_cast<std::uint32_t>(baskets));
  for (std::size_t s = 0; s < n; ++s) {
    if (sets.offset[s + 1] - sets.offset[s] != 1 || slot_[s] < 0) continue;
    const double* const count =
        data.count.data() + index(items_of(static_cast<std::int64_t>(s))[0]) * strata;
    for (std::size_t h = 0; h < strata; ++h) {
      table_[index(slot_[s]) * strata + h] = static_cast<std::uint32_t>(count[h]);
    }
  }
  if (max_items > 2) count_pairs(context);
  if (max_items > 3) count_larger(context);
}

// Item by item: its partners' places in the table are laid out, then its baskets are walked.
void RuleScreen::count_pairs(const Context& context) {
  const std::size_t strata = data_.strata.count();
  struct Partner {
    std::int32_t second, slot;
  };
  std::vector<std::size_t> first(data_.items() + 1, 0);
  const auto each = [&](const auto& work) {
    for (std::size_t s = 0; s < slot_.size(); ++s) {
      if (sets_.offset[s + 1] - sets_.offset[s] != 2) continue;
      const auto items = items_of(static_cast<std::int64_t>(s));
      work(index(items[0]), Partner{items[1], slot_[s]});
    }
  };
  each([&](std::size_t a, Partner) { ++first[a + 1]; });
  for (std::size_t a = 0; a < data_.items(); ++a) first[a + 1] += first[a];
  std::vector<Partner> partners(first.back());
  std::vector<std::size_t> next(first.begin(), first.end() - 1);
  each([&](std::size_t a, Partner partner) { partners[next[a]++] = partner; });
  core::parallel_ranges(context, data_.items(), 64, [&](std::size_t begin, std::size_t end) {
    std::vector<std::int32_t> slot_of(data_.items(), -1);
    for (std::size_t a = begin; a < end; ++a) {
      if (first[a] == first[a + 1]) continue;
      for (std::size_t k = first[a]; k < first[a + 1]; ++k) {
        slot_of[index(partners[k].second)] = partners[k].slot;
      }
      for (const auto b : data_.with(static_cast<std::int32_t>(a))) {
        if (data_.stratum[b] < 0) continue;
        const std::size_t h = index(data_.stratum[b]);
        const auto ranks = data_.in(b);
        for (std::size_t i = ranks.size(); i-- > 0 && index(ranks[i]) > a;) {
          const std::int32_t slot = slot_of[index(ranks[i])];
          if (slot >= 0) ++table_[index(slot) * strata + h];
        }
      }
      for (std::size_t k = first[a]; k < first[a + 1]; ++k) {
        slot_of[index(partners[k].second)] = -1;
      }
    }
  });
}

void RuleScreen::count_larger(const Context& context) {
  const std::size_t strata = data_.strata.count();
  const ClusterSums none(data_);
  core::parallel_ranges(context, slot_.size(), kBlock, [&](std::size_t begin, std::size_t end) {
    RuleTester lists(data_, none);
    for (std::size_t s = begin; s < end; ++s) {
      const auto items = items_of(static_cast<std::int64_t>(s));
      if (items.size() < 3 || slot_[s] < 0) continue;
      for (const auto b : lists.baskets_with(items)) {
        if (data_.stratum[b] >= 0) {
          ++table_[index(slot_[s]) * strata + index(data_.stratum[b])];
        }
      }
    }
  });
}

// In the baskets counted by `n`: those with the set x against those with the set b, of which
// `added` and `y` are what is not given.
Usual RuleScreen::usual(const std::uint32_t* n, std::int64_t x, std::int64_t b,
                        std::span<const std::int32_t> added, std::span<const std::int32_t> y,
                        std::span<const std::int32_t> given) const {
  const std::size_t strata = data_.strata.count();
  const std::uint32_t* const with_x = strata_of(x);
  const std::uint32_t* const with_b = strata_of(b);
  Usual sum;
  for (std::size_t h = 0; h < strata; ++h) {
    if (with_x[h] == 0 || with_b[h] == 0) continue;
    sum.add(n[h], with_x[h], with_b[h], data_.taken(added, y, given, h),
            data_.strata.size_factor[h]);
  }
  return sum;
}

// Cheap questions first: below one standard deviation the tail is above .15.
bool RuleScreen::passes(const ScreenOptions& options, std::size_t x, std::size_t y,
                        Scratch& scratch, RuleCandidate& rule) const {
  const auto n = static_cast<double>(rule.n);
  const std::size_t size = scratch.items.size();
  const auto split = [&](std::size_t mask, std::vector<std::int32_t>& items) {
    items.clear();
    for (std::size_t i = 0; i < size; ++i) {
      if ((mask >> i & 1U) != 0) items.push_back(scratch.items[i]);
    }
  };
  const auto count = [&](std::size_t mask) {
    return static_cast<double>(sets_.count[index(scratch.row[mask])]);
  };
  split(y, scratch.consequent);
  const auto p_of = [&](std::size_t w, double& expected) {
    split(x & ~w, scratch.added);
    split(w, scratch.given);
    const Usual at = usual(w == 0 ? all_.data() : strata_of(scratch.row[w]), scratch.row[x],
                           scratch.row[w | y], scratch.added, scratch.consequent, scratch.given);
    expected = at.expected;
    if (!options.test) return 0.0;
    if (options.alpha < 0.15 && n - at.expected < std::sqrt(std::max(0.0, at.variance))) {
      return 1.0;
    }
    return stretched_upper_tail(n, at.expected, at.variance);
  };
  if (n < options.min_confidence * count(x)) return false;
  rule.p_value = 0;
  const auto baskets = static_cast<double>(sets_.baskets);
  rule.part_confidence = count(y) / baskets;
  // Every proper part of X but the empty one.
  for (std::size_t w = (x - 1) & x; w != 0; w = (w - 1) & x) {
    rule.part_confidence = std::max(rule.part_confidence, count(w | y) / count(w));
  }
  bool beats = true;
  if (!data_.tree.empty()) {
    split(x, scratch.antecedent);
    beats = beats_general(x, scratch, rule);
  }
  const bool improves = n / count(x) > rule.part_confidence;
  if (options.improvement && !(improves && beats)) return false;
  if (options.test && options.parts) {
    if ((std::popcount(x) > 1 && !improves) || !beats) return false;
    for (std::size_t w = (x - 1) & x; w != 0; w = (w - 1) & x) {
      double ignored = 0;
      const double p = p_of(w, ignored);
      if (p > options.alpha) return false;
      rule.p_value = std::max(rule.p_value, p);
    }
  }
  rule.p_association = p_of(0, rule.expected);
  if (options.test && rule.p_association > options.alpha) return false;
  rule.p_value = std::max(rule.p_value, rule.p_association);
  return true;
}

// Whether the confidence is above that of every more general antecedent, and above what every more
// general consequent gives: its confidence times the share of its baskets that hold y.
bool RuleScreen::beats_general(std::size_t x, Scratch& scratch, RuleCandidate& rule) const {
  const auto count = [&](std::uint64_t key) {
    return static_cast<double>(sets_.count[index(index_.find(key))]);
  };
  const std::vector<std::int32_t>& to = scratch.consequent;
  const std::uint64_t key_x = scratch.key[x];
  const std::uint64_t key_y = index_.key(to);
  const auto n = static_cast<double>(rule.n);
  const double confidence = n / count(key_x);
  bool beats = true;
  for_each_general(data_.tree, scratch.antecedent, to, true, [&](auto general, auto) {
    const std::uint64_t key = index_.key(general);
    const double other = count(key ^ key_y) / count(key);
    rule.part_confidence = std::max(rule.part_confidence, other);
    beats = beats && confidence > other;
  });
  for_each_general(data_.tree, to, scratch.antecedent, false, [&](auto general, auto) {
    const std::uint64_t key = index_.key(general);
    beats = beats && n * count(key) > count(key ^ key_x) * count(key_y);
  });
  return beats;
}

void RuleScreen::screen(std::int64_t set, const ScreenOptions& options, Scratch& scratch) const {
  scratch.items = items_of(set);
  const std::size_t size = scratch.items.size();
  const std::size_t full = (std::size_t{1} << size) - 1;
  scratch.key.assign(full + 1, 0);
  scratch.row.assign(full + 1, -1);
  for (std::size_t mask = 1; mask <= full; ++mask) {
    const std::size_t rest = mask & (mask - 1);
    const auto lowest = static_cast<std::size_t>(std::countr_zero(mask));
    scratch.key[mask] = scratch.key[rest] ^ index_.key(scratch.items[lowest]);
    scratch.row[mask] = mask == full ? set : index_.find(scratch.key[mask]);
  }
  for (std::size_t y = 1; y < full; ++y) {
    if (std::popcount(y) > options.max_consequent) continue;
    bool allowed = true;
    for (std::size_t i = 0; i < size && !options.consequents.empty(); ++i) {
      if ((y >> i & 1U) != 0) {
        allowed = allowed && options.consequents[index(scratch.items[i])] != 0;
      }
    }
    if (!allowed) continue;
    ++scratch.counted;
    RuleCandidate rule;
    rule.n = sets_.count[index(set)];
    rule.antecedent = static_cast<std::int32_t>(scratch.row[full & ~y]);
    rule.consequent = static_cast<std::int32_t>(scratch.row[y]);
    if (passes(options, full & ~y, y, scratch, rule)) scratch.rules.push_back(rule);
  }
}

std::vector<RuleCandidate> RuleScreen::rules(const ScreenOptions& options, const Context& context,
                                             std::int64_t& counted) const {
  std::atomic<std::size_t> kept{0};
  const auto blocks = core::parallel_map<Scratch>(
      context, slot_.size(), kBlock, [&](std::size_t begin, std::size_t end) {
        Scratch scratch;
        for (std::size_t s = begin; s < end; ++s) {
          if (sets_.offset[s + 1] - sets_.offset[s] > 1) {
            screen(static_cast<std::int64_t>(s), options, scratch);
          }
        }
        const std::size_t total = kept.fetch_add(scratch.rules.size()) + scratch.rules.size();
        if (context.memory_limit > 0 && total * 3 * sizeof(RuleCandidate) > context.memory_limit) {
          throw MemoryLimit("association_rules: more than " + std::to_string(total) +
                            " rules may be listed; raise memory_limit or min_count");
        }
        return scratch;
      });
  std::vector<RuleCandidate> all;
  all.reserve(kept.load());
  counted = 0;
  for (const Scratch& block : blocks) {
    all.insert(all.end(), block.rules.begin(), block.rules.end());
    counted += block.counted;
  }
  return all;
}

}  // namespace emptor::mining
