#include "mining/sequence_rule_list.hpp"

#include "core/parallel.hpp"
#include "mining/follow_up.hpp"
#include "mining/pair_q.hpp"
#include "mining/sequence_rule_parts.hpp"
#include "mining/sequence_rule_sets.hpp"

#include <limits>
#include <map>
#include <utility>

namespace emptor::mining::timed {
namespace {

using next::Candidate;
using next::ListedPairs;
using next::Search;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

std::size_t at(std::int64_t i) noexcept { return static_cast<std::size_t>(i); }

/// The rules are pairs of an antecedent and an item for all that is one of two items.
BoughtNextOptions pair_options(const SequenceRulesOptions& o) {
  BoughtNextOptions pairs;
  pairs.window = o.window;
  pairs.washout = o.washout;
  pairs.min_antecedent = o.min_antecedent;
  pairs.min_events = o.min_events;
  pairs.evidence = o.evidence;
  pairs.fdr = o.fdr;
  pairs.likely_fdr = o.likely_fdr;
  pairs.watch = o.watch;
  pairs.level = o.level;
  pairs.max_customer_share = o.max_customer_share;
  pairs.min_expected = o.min_expected;
  pairs.all_pairs = o.all_rules;
  pairs.top = o.top;
  pairs.seed = o.seed;
  pairs.check = o.check;
  return pairs;
}

std::string wording(std::span<const std::int32_t> items, const std::vector<std::string>& names) {
  std::string text;
  for (const auto item : items)
    text += (text.empty() ? "" : " + ") + (names.empty() ? std::to_string(item) : names[at(item)]);
  return text;
}

void take_columns(BoughtNext& pairs, SequenceRules& r) {
  r.grade = std::move(pairs.grade);
  r.group = std::move(pairs.group);
  r.consequent = std::move(pairs.consequent);
  r.p_within = std::move(pairs.p_within);
  r.p_within_low = std::move(pairs.p_within_low);
  r.p_within_high = std::move(pairs.p_within_high);
  r.n = std::move(pairs.n);
  r.status = std::move(pairs.status);
  r.usual = std::move(pairs.usual);
  r.excess = std::move(pairs.excess);
  r.excess_low = std::move(pairs.excess_low);
  r.excess_high = std::move(pairs.excess_high);
  r.median_days = std::move(pairs.median_days);
  r.events = std::move(pairs.events);
  r.n_followed = std::move(pairs.n_followed);
  r.n_antecedent = std::move(pairs.n_antecedent);
  r.same_day = std::move(pairs.same_day);
  r.naive_buyers = std::move(pairs.naive_buyers);
  r.naive_confidence = std::move(pairs.naive_confidence);
  r.visits = std::move(pairs.visits);
  r.expected_visits = std::move(pairs.expected_visits);
  r.affinity_p = std::move(pairs.p_value);
  r.q_value = std::move(pairs.q_value);
  r.timing_p = std::move(pairs.timing_p);
  r.timing_q = std::move(pairs.timing_q);
  r.odds_ratio = std::move(pairs.odds_ratio);
  r.odds_ratio_low = std::move(pairs.odds_ratio_low);
  r.odds_ratio_high = std::move(pairs.odds_ratio_high);
  r.odds_ratio_n = std::move(pairs.odds_ratio_n);
  r.odds_ratio_status = std::move(pairs.odds_ratio_status);
  r.customer_share = std::move(pairs.customer_share);
  r.same_family.assign(r.size(), 0);
}

void take_totals(BoughtNext& pairs, SequenceRules& r) {
  r.first_day = pairs.first_day;
  r.last_day = pairs.last_day;
  r.n_customers = pairs.n_customers;
  r.n_visits = pairs.n_visits;
  r.n_purchases = pairs.n_purchases;
  r.n_possible = pairs.n_pairs_possible;
  r.n_testable = pairs.n_testable;
  r.n_timing_testable = pairs.n_timing_testable;
  r.n_hanging_on_one_customer = pairs.n_hanging_on_one_customer;
  r.n_completions = pairs.n_first_purchases;
  r.n_completions_followed = pairs.n_first_purchases_followed;
  r.window_status = pairs.window_status;
  r.n_proven = pairs.n_proven;
  r.n_likely = pairs.n_likely;
  r.n_discoveries = pairs.n_discoveries;
  r.timing_discoveries = pairs.timing_discoveries;
  r.placebo_discoveries = pairs.placebo_discoveries;
  r.share_below_05 = pairs.share_below_05;
  r.truncated = pairs.truncated;
  r.check = pairs.check;
}

void count_antecedents(const std::vector<Search>& groups, SequenceRules& r) {
  for (const Search& group : groups) {
    r.sets_cut = r.sets_cut || group.sets_cut;
    for (const auto& set : group.plan.sets) ++(set.size() == 1 ? r.n_items : r.n_sets);
  }
}

/// What is said of the set of row i and its parts.
void fill_set(const Search& search, const Candidate& c, const Completions& completions,
              std::size_t i, const std::vector<std::string>& names, SequenceRules& r) {
  const auto set = search.plan.items_of(c.antecedent);
  r.antecedent_name[i] = wording(set, names);
  r.consequent_name[i] = wording(std::span(&r.consequent[i], 1), names);
  r.p_value[i] = rule_p(search, c);
  r.part_p[i] = c.part_p;
  r.timing_part_p[i] = c.timing_part_p;
  r.part_within[i] = kNaN;
  if (c.timing_part != 0) r.timing_part_name[i] = wording(part_of(set, c.timing_part), names);
  if (c.part == 0) return;
  const auto part = part_of(set, c.part);
  r.part_name[i] = wording(part, names);
  const next::BuyersOf buyers(search.visits, r.consequent[i]);
  const auto others = next::at_risk(search.visits, buyers, completions(part));
  r.part_within[i] = next::kaplan_meier(others, search.visits.horizon, r.level).share.value;
}

void fill_sets(const ListedPairs& list, const std::vector<std::string>& names, SequenceRules& r,
               const Context& context) {
  const std::size_t n = list.search.size();
  std::map<const Search*, Completions> completions;
  for (const Search& group : list.groups)
    completions.try_emplace(&group, group.visits, r.completion);
  for (std::size_t i = 0; i < n; ++i) {
    const auto set = list.search[i]->plan.items_of(list.candidate[i]->antecedent);
    r.antecedent.insert(r.antecedent.end(), set.begin(), set.end());
    r.offset.push_back(static_cast<std::int64_t>(r.antecedent.size()));
  }
  for (auto* column : {&r.antecedent_name, &r.consequent_name, &r.part_name, &r.timing_part_name})
    column->resize(n);
  for (auto* column : {&r.p_value, &r.part_p, &r.part_within, &r.timing_part_p}) column->resize(n);
  core::parallel_ranges(context, n, 8, [&](std::size_t begin, std::size_t end) {
    for (auto i = begin; i < end; ++i)
      fill_set(*list.search[i], *list.candidate[i], completions.at(list.search[i]), i, names, r);
  });
}

}  // namespace

SequenceRules list_rules(const std::vector<PurchasesView>& parts,
                         const std::vector<std::int32_t>& group, next::ItemChoice choice,
                         const std::vector<std::string>& names, const SequenceRulesOptions& options,
                         const Context& context) {
  check_options(options);
  choice.sets = &options;
  choice.function = "sequence_rules";
  ListedPairs list = search_and_list(parts, group, choice, pair_options(options), context);
  SequenceRules r;
  r.window = options.window;
  r.washout = options.washout.value_or(options.window);
  r.completion = options.completion;
  r.evidence = options.evidence;
  r.fdr = options.fdr;
  r.level = options.level;
  r.n_redundant = list.n_redundant;
  take_columns(list.result, r);
  take_totals(list.result, r);
  count_antecedents(list.groups, r);
  fill_sets(list, names, r, context);
  return r;
}

}  // namespace emptor::mining::timed
