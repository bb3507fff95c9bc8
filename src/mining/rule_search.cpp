#include "mining/rule_search.hpp"

#include "emptor/core/error.hpp"
#include "emptor/core/multiplicity.hpp"
#include "emptor/mining/itemsets.hpp"

#include "core/parallel.hpp"
#include "mining/rule_room.hpp"

#include <algorithm>
#include <charconv>
#include <memory>
#include <mutex>
#include <numeric>
#include <string>
#include <utility>

namespace emptor::mining {
namespace {

constexpr std::size_t kRulesPerTask = 2048;

std::size_t index(std::int64_t i) { return static_cast<std::size_t>(i); }

// Writes down every set of up to max_items items of the groups: those that can be antecedents
// first, since only they are looked up.
class SetWriter {
 public:
  SetWriter(const std::vector<std::int32_t>& rank_of, int max_items)
      : rank_of_(rank_of), max_items_(index(max_items)) {}

  void write(std::span<const std::int32_t> group, std::size_t n_free, std::int64_t count) {
    const std::span<const std::int32_t> fixed = group.first(group.size() - n_free);
    if (fixed.size() > max_items_) return;
    set_.assign(fixed.begin(), fixed.end());
    with_free(group.last(n_free), count);
  }
  MinedSets finish() {
    MinedSets sets = std::move(small_);
    sets.antecedents = sets.count.size();
    const auto shift = static_cast<std::int64_t>(sets.item.size());
    for (std::size_t s = 1; s < large_.offset.size(); ++s) {
      sets.offset.push_back(large_.offset[s] + shift);
    }
    sets.item.insert(sets.item.end(), large_.item.begin(), large_.item.end());
    sets.count.insert(sets.count.end(), large_.count.begin(), large_.count.end());
    return sets;
  }

 private:
  void with_free(std::span<const std::int32_t> free, std::int64_t count) {
    if (!set_.empty()) put(count);
    if (set_.size() == max_items_) return;
    for (std::size_t i = 0; i < free.size(); ++i) {
      set_.push_back(free[i]);
      with_free(free.subspan(i + 1), count);
      set_.pop_back();
    }
  }
  void put(std::int64_t count) {
    MinedSets& sets = set_.size() < max_items_ ? small_ : large_;
    const std::size_t begin = sets.item.size();
    for (const std::int32_t item : set_) {  // few: sorted by insertion
      std::size_t at = sets.item.size();
      const std::int32_t rank = rank_of_[index(item)];
      sets.item.push_back(rank);
      for (; at > begin && sets.item[at - 1] > rank; --at) sets.item[at] = sets.item[at - 1];
      sets.item[at] = rank;
    }
    sets.offset.push_back(static_cast<std::int64_t>(sets.item.size()));
    sets.count.push_back(count);
  }
  const std::vector<std::int32_t>& rank_of_;
  std::size_t max_items_;
  std::vector<std::int32_t> set_{};
  MinedSets small_{};
  MinedSets large_{};
};

MinedSets mine(const data::BasketsView& view, const RuleData& data,
               const AssociationRulesOptions& options, const Context& context) {
  FrequentItemsetsOptions mining;
  mining.min_count = options.min_count;
  mining.max_items = options.max_items;
  const ItemsetGroups groups = frequent_itemset_groups(view, mining, context);
  SetWriter writer(data.rank_of, options.max_items);
  for (std::size_t g = 0; g < groups.size(); ++g) {
    const auto begin = index(groups.offset[g]);
    writer.write({groups.item.data() + begin, index(groups.offset[g + 1]) - begin},
                 index(groups.n_free[g]), groups.count[g]);
    if (g % 65536 == 0 && context.stop.stop_requested()) throw Cancelled();
  }
  return writer.finish();
}

}  // namespace

std::vector<std::uint8_t> consequents_of(const std::vector<std::string>& given,
                                         std::int32_t n_items) {
  std::vector<std::uint8_t> is(given.empty() ? 0 : index(n_items), 0);
  for (const std::string& text : given) {
    std::int32_t item = -1;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), item);
    if (error != std::errc() || end != text.data() + text.size() || item < 0 || item >= n_items) {
      throw InvalidArgument("association_rules: no item '" + text.substr(0, 40) +
                            "' among consequents; items are 0 to " + std::to_string(n_items - 1));
    }
    is[index(item)] = 1;
  }
  return is;
}

RuleSearch::RuleSearch(const data::BasketsView& view, const AssociationRulesOptions& options,
                       const ItemVariants* left_out, const Context& context)
    : options_(options),
      left_out_(left_out),
      context_(context),
      data_(view, options.min_count, context),
      mined_(mine(view, data_, options, context)),
      sets_{mined_.offset,
            mined_.item,
            mined_.count,
            {},
            static_cast<std::int64_t>(data_.baskets())} {
  // In a hierarchy more general rules are looked up too, which may be as large.
  const std::size_t looked_up = data_.tree.empty() ? mined_.antecedents : mined_.count.size();
  index_.emplace(sets_.offset.first(looked_up + 1), sets_.item,
                 static_cast<std::int32_t>(data_.items()));
  screen_.emplace(data_, sets_, *index_, options.max_items, context);
  declare_space(view);
}

// Antecedents need room for the consequent: baskets that hold X and nothing else do not count.
void RuleSearch::declare_space(const data::BasketsView& view) {
  space_.min_count = options_.min_count;
  space_.consequent.assign(data_.items(), 0);
  const auto asked = consequents_of(options_.consequents, view.n_items);
  std::int64_t consequents = 0;
  const ItemTree& tree = data_.tree;
  if (!tree.empty()) consequents_before_.assign(data_.items() + 1, 0);
  for (std::size_t r = 0; r < data_.items(); ++r) {
    const bool allowed = asked.empty() || asked[index(data_.code[r])] != 0;
    space_.consequent[r] = allowed && data_.several[r] >= options_.min_count ? 1 : 0;
    consequents += space_.consequent[r];
    if (tree.empty()) continue;
    consequents_before_[tree.begin(static_cast<std::int32_t>(r)) + 1] = space_.consequent[r];
  }
  for (std::size_t k = 1; k < consequents_before_.size(); ++k) {
    consequents_before_[k] += consequents_before_[k - 1];
  }
  const std::vector<std::int64_t> full =
      baskets_without_room(view, data_, *index_, mined_.antecedents, options_.max_items);
  for (std::size_t s = 0; s < full.size(); ++s) {
    if (sets_.count[s] - full[s] < options_.min_count) continue;
    space_.antecedents.push_back(static_cast<std::int32_t>(s));
    space_.rules +=
        consequents - related_consequents(screen_->items_of(static_cast<std::int64_t>(s)));
  }
}

// The items themselves, and in a hierarchy what belongs to them and what they belong to.
std::int64_t RuleSearch::related_consequents(std::span<const std::int32_t> items) const {
  std::int64_t own = 0;
  const ItemTree& tree = data_.tree;
  std::vector<std::int32_t> above;
  for (const std::int32_t r : items) {
    if (tree.empty()) {
      own += space_.consequent[index(r)];
      continue;
    }
    own += consequents_before_[tree.end(r)] - consequents_before_[tree.begin(r)];
    for (std::int32_t up = tree.parent(r); up >= 0; up = tree.parent(up)) above.push_back(up);
  }
  std::sort(above.begin(), above.end());
  above.erase(std::unique(above.begin(), above.end()), above.end());
  for (const std::int32_t up : above) own += space_.consequent[index(up)];
  return own;
}

// With customers as the unit; consequent by consequent.
void RuleSearch::test_exactly(std::vector<RuleCandidate>& rules, bool parts) const {
  std::vector<std::uint32_t> order(rules.size());
  std::iota(order.begin(), order.end(), 0U);
  const auto consequent = [&](std::uint32_t i) {
    return screen_->items_of(rules[i].consequent)[0];
  };
  std::stable_sort(order.begin(), order.end(),
                   [&](auto i, auto j) { return consequent(i) < consequent(j); });
  std::vector<std::size_t> task{0};
  for (std::size_t k = 1; k <= order.size(); ++k) {
    if (k == order.size() || consequent(order[k]) != consequent(order[task.back()]) ||
        k - task.back() == kRulesPerTask) {
      task.push_back(k);
    }
  }
  const ClusterSums sums(data_);
  std::mutex mutex;
  std::vector<std::unique_ptr<RuleTester>> idle;
  core::parallel_for(context_, task.size() - 1, [&](std::size_t t) {
    std::unique_ptr<RuleTester> tester;
    {
      const std::lock_guard lock(mutex);
      if (!idle.empty()) {
        tester = std::move(idle.back());
        idle.pop_back();
      }
    }
    if (!tester) tester = std::make_unique<RuleTester>(data_, sums);
    tester->take(consequent(order[task[t]]));
    for (std::size_t k = task[t]; k < task[t + 1]; ++k) {
      RuleCandidate& rule = rules[order[k]];
      const auto result = tester->test(screen_->items_of(rule.antecedent), parts);
      rule.p_value = result.p_value;
      rule.p_association = result.p_association;
    }
    const std::lock_guard lock(mutex);
    idle.push_back(std::move(tester));
  });
}

// Exact p-values are never smaller: what these leave out cannot be found.
void RuleSearch::drop_hopeless(std::vector<RuleCandidate>& rules) const {
  double limit = options_.alpha;
  const auto tests = static_cast<double>(space_.rules);
  if (options_.significance == Significance::holm) {
    limit = options_.alpha / std::max(1.0, tests - static_cast<double>(rules.size()));
  } else if (options_.significance == Significance::bh) {
    std::vector<double> p;
    for (const RuleCandidate& rule : rules) p.push_back(rule.p_value);
    const std::vector<double> q = benjamini_hochberg(p, space_.rules);
    limit = 0;
    for (std::size_t i = 0; i < p.size(); ++i) {
      if (q[i] <= options_.alpha) limit = std::max(limit, p[i]);
    }
  } else {
    return;
  }
  std::erase_if(rules, [&](const RuleCandidate& rule) { return rule.p_value > limit; });
}

std::vector<double> RuleSearch::correct(const std::vector<RuleCandidate>& rules,
                                        AssociationRules& result) const {
  std::vector<double> p;
  p.reserve(rules.size());
  for (const RuleCandidate& rule : rules) p.push_back(rule.p_value);
  result.effective_tests = static_cast<double>(space_.rules);
  switch (options_.significance) {
    case Significance::none:
      return {};
    case Significance::holm:
      return emptor::holm(p, space_.rules);
    case Significance::bh:
    case Significance::holdout:
      return benjamini_hochberg(p, space_.rules);
    case Significance::tarone: {
      result.effective_tests = tarone_tests(data_, *screen_, space_, options_.alpha, context_);
      for (double& q : p) q = std::min(1.0, q * result.effective_tests);
      return p;
    }
    case Significance::westfall_young:
      break;
  }
  const std::vector<double> smallest =
      smallest_p_values(data_, *screen_, space_, options_.permutations, options_.seed, context_);
  const auto draws = static_cast<double>(smallest.size());
  for (double& q : p) {
    const auto as_small = static_cast<double>(
        std::upper_bound(smallest.begin(), smallest.end(), q) - smallest.begin());
    q = (1 + as_small) / (1 + draws);
  }
  const double share = options_.alpha * (1 + draws) - 1;
  const double critical =
      share < 1 ? 0.0
                : smallest[std::min(smallest.size() - 1, static_cast<std::size_t>(share) - 1)];
  result.effective_tests = critical > 0 ? options_.alpha / critical : 0;
  return p;
}

bool RuleSearch::is_left_out(const RuleCandidate& rule) const {
  const auto codes = [&](std::int32_t set) {
    std::vector<std::int32_t> items;
    for (const std::int32_t r : screen_->items_of(set)) items.push_back(data_.code[index(r)]);
    return items;
  };
  return left_out_->same(codes(rule.antecedent), codes(rule.consequent));
}

std::vector<ListedRule> RuleSearch::find(AssociationRules& result) const {
  const bool tested = options_.significance != Significance::none;
  const bool parts = tested && options_.redundant == Redundancy::unproductive;
  ScreenOptions screening;
  screening.test = tested;
  screening.parts = parts;
  screening.alpha = options_.alpha;
  screening.improvement = options_.redundant == Redundancy::no_improvement ||
                          (!tested && options_.redundant == Redundancy::unproductive);
  screening.min_confidence = options_.min_confidence;
  screening.max_consequent = options_.max_consequent;
  const bool restricted = !options_.consequents.empty();
  if (restricted || tested) screening.consequents = space_.consequent;
  std::vector<RuleCandidate> rules = screen_->rules(screening, context_, result.n_counted);
  result.n_testable = space_.rules;
  std::vector<double> q;
  if (tested) {
    if (data_.clustered || !data_.tree.empty()) {
      drop_hopeless(rules);
      test_exactly(rules, parts);
    }
    q = correct(rules, result);
  }
  if (left_out_ != nullptr) {
    std::size_t kept = 0;
    for (std::size_t i = 0; i < rules.size(); ++i) {
      if (is_left_out(rules[i])) {
        result.n_left_out += !tested || q[i] <= options_.alpha ? 1 : 0;
        continue;
      }
      if (tested) q[kept] = q[i];
      rules[kept++] = rules[i];
    }
    rules.resize(kept);
    q.resize(tested ? kept : 0);
    // These go by rank among what was found.
    const bool ranked =
        options_.significance == Significance::bh || options_.significance == Significance::holm;
    if (ranked) q = correct(rules, result);
  }
  std::vector<ListedRule> listed;
  for (std::size_t i = 0; i < rules.size(); ++i) {
    if (tested && !(q[i] <= options_.alpha)) continue;
    const RuleCandidate& rule = rules[i];
    ListedRule row;
    row.antecedent = screen_->items_of(rule.antecedent);
    row.consequent = screen_->items_of(rule.consequent);
    row.n = rule.n;
    row.n_antecedent = sets_.count[index(rule.antecedent)];
    row.n_consequent = sets_.count[index(rule.consequent)];
    row.expected = rule.expected;
    row.part_confidence = rule.part_confidence;
    if (tested) {
      row.p_value = rule.p_value;
      row.p_association = rule.p_association;
      row.q_value = q[i];
    }
    listed.push_back(row);
  }
  result.n_found = static_cast<std::int64_t>(listed.size());
  return listed;
}

}  // namespace emptor::mining
