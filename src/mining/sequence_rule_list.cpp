#include "mining/sequence_rule_list.hpp"

#include "emptor/core/interval.hpp"
#include "emptor/core/multiplicity.hpp"

#include "core/parallel.hpp"
#include "mining/follow_up.hpp"
#include "mining/sequence_rule_parts.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace emptor::mining::timed {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
/// A set whose p-value against one of its parts is above this is no better than that part.
constexpr double kPartP = 0.05;

std::size_t at(std::int64_t i) noexcept { return static_cast<std::size_t>(i); }

/// A search and what it was for.
struct Found {
  const SequenceRulesOptions& options;
  const Visits& visits;
  const Completions& completions;
  std::vector<std::int32_t> consequents{};
  std::int64_t n_consequents = 0;
  RuleSets sets{};
  RuleScan scan{};
};

Items part_of(const Items& set, std::int32_t mask) {
  Items part;
  for (std::size_t i = 0; i < set.size(); ++i)
    if ((mask >> i & 1) != 0) part.push_back(set[i]);
  return part;
}

/// q-values of the rules by `p_of`, over all testable ones. Rules with a p-value of NaN get NaN.
template <typename P>
std::vector<double> q_values(const RuleScan& scan, P&& p_of) {
  std::vector<double> p(scan.p);
  for (const Rule& rule : scan.rules) p.push_back(p_of(rule));
  auto q = benjamini_hochberg(p, scan.n_testable);
  q.erase(q.begin(), q.begin() + static_cast<std::ptrdiff_t>(scan.p.size()));
  return q;
}

/// Tests the sets among `rules` against all of their parts, the worst of which counts.
void test_parts(Found& found, const Rates& rates, std::vector<Rule*>& rules,
                const Context& context) {
  // Rules of one set share its parts.
  std::vector<std::size_t> begin;
  for (std::size_t i = 0; i < rules.size(); ++i)
    if (i == 0 || rules[i]->set != rules[i - 1]->set) begin.push_back(i);
  begin.push_back(rules.size());
  core::parallel_for(context, begin.size() - 1, [&](std::size_t block) {
    const auto set = at(rules[begin[block]]->set);
    const Items& items = found.sets.items[set];
    const std::int32_t all = (1 << items.size()) - 1;
    for (std::size_t i = begin[block]; i < begin[block + 1]; ++i) rules[i]->part_p = 0;
    for (std::int32_t mask = 1; mask < all; ++mask) {
      const auto part = found.completions(part_of(items, mask));
      for (std::size_t i = begin[block]; i < begin[block + 1]; ++i) {
        Rule& rule = *rules[i];
        const auto test = test_part(found.visits, rates, at(rule.b), found.consequents[at(rule.b)],
                                    found.sets.index[set], part);
        if (rule.part != 0 && test.p <= rule.part_p) continue;
        rule.part_p = test.p;
        rule.part = mask;
      }
    }
  });
}

/// Fills part_p, rule_p and q, and leaves out what is not to be listed.
void judge(Found& found, const Rates& rates, SequenceRules& r, const Context& context) {
  RuleScan& scan = found.scan;
  const auto& o = found.options;
  const auto by_affinity = q_values(scan, [](const Rule& rule) { return rule.p; });
  // A p-value only rises by the tests against parts, and with it all q-values: what is no discovery
  // by affinity alone is none at all.
  std::vector<Rule*> open;
  for (std::size_t i = 0; i < scan.rules.size(); ++i) {
    Rule& rule = scan.rules[i];
    rule.rule_p = rule.p;
    if (found.sets.items[at(rule.set)].size() == 1) continue;
    if (o.all_rules || by_affinity[i] <= o.likely_fdr) open.push_back(&rule);
    rule.rule_p = std::isnan(rule.p) ? rule.p : 1;
  }
  test_parts(found, rates, open, context);
  for (Rule* rule : open) rule->rule_p = std::max(rule->p, rule->part_p);
  const auto q = q_values(scan, [](const Rule& rule) { return rule.rule_p; });
  for (std::size_t i = 0; i < scan.rules.size(); ++i) {
    scan.rules[i].q = q[i];
    if (scan.rules[i].part_p > kPartP && by_affinity[i] <= o.likely_fdr) ++r.n_redundant;
  }
  std::erase_if(scan.rules, [&](const Rule& rule) {
    if (found.sets.items[at(rule.set)].size() == 1) return false;
    return std::isnan(rule.part_p) || (!o.redundant && rule.part_p > kPartP);
  });
}

struct Row {
  const Rule* rule = nullptr;
  Grade grade = Grade::none;
  double low = 0, high = 0;
};

std::vector<Row> grade(const Found& found, SequenceRules& r) {
  const auto& o = found.options;
  const double z = normal_half_width(o.level);
  std::vector<Row> rows;
  for (const Rule& rule : found.scan.rules) {
    const double half = z * std::sqrt(rule.excess_variance);
    Row row{&rule, Grade::none, rule.excess - half, rule.excess + half};
    if (rule.q <= o.likely_fdr) row.grade = rule.q <= o.fdr ? Grade::proven : Grade::likely;
    rows.push_back(row);
  }
  std::vector<Row*> open;
  for (Row& row : rows)
    if (row.grade == Grade::none && row.rule->excess > 0 && !(row.rule->part_p > kPartP))
      open.push_back(&row);
  // Rules are in the order of sets and consequents, so ties fall by id.
  std::stable_sort(open.begin(), open.end(),
                   [](const Row* x, const Row* y) { return x->low > y->low; });
  for (std::size_t i = 0; i < std::min(open.size(), at(o.watch)); ++i)
    open[i]->grade = Grade::watch;
  if (!o.all_rules) std::erase_if(rows, [](const Row& row) { return row.grade == Grade::none; });
  std::stable_sort(rows.begin(), rows.end(), [](const Row& x, const Row& y) {
    return x.grade != y.grade ? x.grade < y.grade : x.rule->excess > y.rule->excess;
  });
  for (const Row& row : rows) {
    r.n_proven += row.grade == Grade::proven ? 1 : 0;
    r.n_likely += row.grade == Grade::likely ? 1 : 0;
  }
  r.truncated = o.top > 0 && rows.size() > at(o.top);
  if (r.truncated) rows.resize(at(o.top));
  return rows;
}

void resize(SequenceRules& r, std::size_t n) {
  for (auto* column :
       {&r.p_within, &r.p_within_low, &r.p_within_high, &r.usual, &r.excess, &r.excess_low,
        &r.excess_high, &r.median_days, &r.q_value, &r.p_value, &r.affinity_p, &r.part_p,
        &r.part_within, &r.naive_confidence, &r.expected_visits, &r.customer_share})
    column->resize(n);
  for (auto* column :
       {&r.n, &r.events, &r.n_followed, &r.n_antecedent, &r.same_day, &r.naive_buyers, &r.visits})
    column->resize(n);
  r.grade.resize(n);
  r.consequent.resize(n);
  r.status.resize(n);
  r.antecedent_name.resize(n);
  r.consequent_name.resize(n);
  r.part_name.resize(n);
  r.same_family.assign(n, 0);
}

std::string wording(const Items& items, const std::vector<std::string>& names) {
  std::string text;
  for (const auto item : items)
    text += (text.empty() ? "" : " + ") + (names.empty() ? std::to_string(item) : names[at(item)]);
  return text;
}

std::int64_t same_day_buyers(const Visits& visits, std::int32_t item,
                             std::span<const std::int32_t> index) {
  const auto with = visits.visits_of(item);
  return std::count_if(index.begin(), index.end(), [&](std::int32_t v) {
    return std::binary_search(with.begin(), with.end(), v);
  });
}

void fill_row(const Found& found, const Rates& rates, const Row& row, std::size_t i,
              const std::vector<std::string>& names, SequenceRules& r) {
  const Rule& rule = *row.rule;
  const Items& items = found.sets.items[at(rule.set)];
  const auto& index = found.sets.index[at(rule.set)];
  const auto consequent = found.consequents[at(rule.b)];
  const auto people = next::at_risk(found.visits, consequent, index);
  const auto within = next::kaplan_meier(people, found.visits.horizon, found.options.level);
  r.grade[i] = row.grade;
  r.consequent[i] = consequent;
  r.antecedent_name[i] = wording(items, names);
  r.consequent_name[i] = wording({consequent}, names);
  r.p_within[i] = within.share.value;
  r.p_within_low[i] = within.share.low;
  r.p_within_high[i] = within.share.high;
  r.status[i] = within.share.status;
  r.n[i] = within.share.n;
  r.median_days[i] = within.median_days;
  r.usual[i] = next::usual_share(found.visits, rates, at(rule.b), people);
  r.excess[i] = rule.excess;
  r.excess_low[i] = row.low;
  r.excess_high[i] = row.high;
  r.q_value[i] = rule.q;
  r.p_value[i] = rule.rule_p;
  r.affinity_p[i] = rule.p;
  r.part_p[i] = rule.part_p;
  r.part_within[i] = kNaN;
  if (rule.part != 0) {
    const auto part = part_of(items, rule.part);
    r.part_name[i] = wording(part, names);
    const auto others = next::at_risk(found.visits, consequent, found.completions(part));
    r.part_within[i] =
        next::kaplan_meier(others, found.visits.horizon, found.options.level).share.value;
  }
  r.events[i] = rule.events;
  r.n_followed[i] = std::count_if(people.begin(), people.end(), [&](const next::Followed& person) {
    return found.visits.follow[at(person.visit)] >= found.visits.horizon;
  });
  r.n_antecedent[i] = static_cast<std::int64_t>(index.size());
  r.same_day[i] = same_day_buyers(found.visits, consequent, index);
  r.naive_buyers[i] = rule.naive_buyers;
  r.naive_confidence[i] =
      static_cast<double>(rule.naive_buyers) / static_cast<double>(index.size());
  r.visits[i] = rule.visits;
  r.expected_visits[i] = rule.expected_visits;
  r.customer_share[i] = rule.customer_share;
}

void choose_consequents(Found& found, const std::vector<std::uint8_t>& wanted) {
  for (std::int32_t i = 0; i < found.visits.n_items; ++i) {
    if ((!wanted.empty() && wanted[at(i)] == 0) || found.visits.buyers[at(i)] == 0) continue;
    ++found.n_consequents;
    // With fewer buyers than min_events a rule can be neither listed nor tested.
    if (found.visits.buyers[at(i)] >= std::max(1, found.options.min_events))
      found.consequents.push_back(i);
  }
}

}  // namespace

SequenceRules list_rules(const PurchasesView& purchases, const RuleChoice& choice,
                         const std::vector<std::string>& names, const SequenceRulesOptions& options,
                         const Context& context) {
  check_options(options);
  SequenceRules r;
  r.window = options.window;
  r.washout = options.washout.value_or(options.window);
  r.completion = options.completion;
  r.fdr = options.fdr;
  r.level = options.level;
  const auto visits = next::make_visits(purchases, r.window, r.washout, "sequence_rules");
  const Completions completions(visits, options.completion);
  Found found{options, visits, completions};
  choose_consequents(found, choice.consequent);
  found.sets = make_rule_sets(purchases, completions, visits, choice.antecedent, options, context);
  const Rates rates(visits, found.consequents);
  found.scan = scan_rules(visits, rates, found.consequents, found.n_consequents, choice.consequent,
                          found.sets, options, context);
  r.first_day = visits.first_day;
  r.last_day = visits.last_day;
  r.n_customers = static_cast<std::int64_t>(visits.code.size());
  r.n_visits = static_cast<std::int64_t>(visits.size());
  r.n_purchases = static_cast<std::int64_t>(visits.item.size());
  r.n_items = found.sets.n_single;
  r.n_sets = static_cast<std::int64_t>(found.sets.items.size()) - found.sets.n_single;
  r.sets_cut = found.sets.cut;
  r.n_possible = found.scan.n_possible;
  r.n_testable = found.scan.n_testable;
  r.n_hanging_on_one_customer = found.scan.n_hanging_on_one_customer;
  r.share_below_05 = r.n_testable == 0 ? kNaN
                                       : static_cast<double>(found.scan.n_below_05) /
                                             static_cast<double>(r.n_testable);
  judge(found, rates, r, context);
  const auto rows = grade(found, r);
  resize(r, rows.size());
  for (const Row& row : rows) {
    const Items& set = found.sets.items[at(row.rule->set)];
    r.antecedent.insert(r.antecedent.end(), set.begin(), set.end());
    r.offset.push_back(static_cast<std::int64_t>(r.antecedent.size()));
  }
  core::parallel_ranges(context, rows.size(), 8, [&](std::size_t begin, std::size_t end) {
    for (auto i = begin; i < end; ++i) fill_row(found, rates, rows[i], i, names, r);
  });
  return r;
}

}  // namespace emptor::mining::timed
