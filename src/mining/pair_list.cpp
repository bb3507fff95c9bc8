#include "emptor/core/interval.hpp"

#include "core/parallel.hpp"
#include "core/special.hpp"
#include "mining/follow_up.hpp"
#include "mining/pair_excess.hpp"
#include "mining/pair_q.hpp"
#include "mining/pair_search.hpp"
#include "mining/pair_variants.hpp"
#include "mining/sequence_rule_parts.hpp"
#include "mining/timing.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <map>
#include <numeric>
#include <optional>
#include <tuple>
#include <vector>

namespace emptor::mining::next {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

std::size_t at(std::int64_t i) noexcept { return static_cast<std::size_t>(i); }

/// A candidate on its way into the list.
struct Row {
  const Search* search = nullptr;
  const Candidate* candidate = nullptr;
  Grade grade = Grade::none;
  double q = kNaN, timing_q = kNaN;
  Excess excess{};
  double excess_low = 0;
  [[nodiscard]] std::int32_t antecedent() const {
    return search->plan.antecedents[at(candidate->antecedent)];
  }
  [[nodiscard]] std::span<const std::int32_t> items() const {
    return search->plan.items_of(candidate->antecedent);
  }
  [[nodiscard]] std::int32_t consequent() const {
    return search->plan.consequents[at(candidate->consequent)];
  }
};

/// Whether the data are long enough for the window: how many first purchases were followed to its
/// end.
void add_window_status(const std::vector<Search>& groups, BoughtNext& result) {
  for (const auto& group : groups)
    for (const auto& index : group.plan.index) {
      result.n_first_purchases += static_cast<std::int64_t>(index.size());
      result.n_first_purchases_followed += std::count_if(
          index.begin(), index.end(),
          [&](std::int32_t v) { return group.visits.follow[at(v)] >= group.visits.horizon; });
    }
  const auto followed = result.n_first_purchases_followed;
  result.window_status = result.n_first_purchases == 0             ? Status::not_enough_data
                         : followed == 0                           ? Status::extrapolated
                         : 2 * followed < result.n_first_purchases ? Status::small_sample
                                                                   : Status::ok;
}

void add_totals(const std::vector<Search>& groups, BoughtNext& result) {
  std::int64_t below = 0;
  for (const auto& group : groups) {
    const auto& scan = group.scan;
    below += scan.n_below_05;
    result.n_testable += scan.n_testable;
    result.n_timing_testable += scan.timing.n_testable;
    result.n_hanging_on_one_customer += scan.n_hanging_on_one_customer;
    result.n_pairs_possible += group.n_pairs_possible;
    result.n_customers += static_cast<std::int64_t>(group.visits.code.size());
    result.n_visits += static_cast<std::int64_t>(group.visits.size());
    result.n_purchases += static_cast<std::int64_t>(group.visits.item.size());
  }
  result.n_untestable = result.n_pairs_possible - result.n_testable;
  add_window_status(groups, result);
  result.share_below_05 = result.n_testable == 0
                              ? kNaN
                              : static_cast<double>(below) / static_cast<double>(result.n_testable);
}

std::vector<Row> grade_rows(const std::vector<Search>& groups, const BoughtNextOptions& options,
                            const Context& context, BoughtNext& result) {
  const double kept_p = groups.empty() ? kKeptP : groups.front().plan.kept_p;
  const PairQ q = q_values(groups, kept_p, context);
  result.n_discoveries = q.affinity.discoveries(options.fdr);
  result.timing_discoveries = q.timing.discoveries(options.fdr);
  result.placebo_discoveries = q.placebo.discoveries(options.fdr);
  std::vector<Row> rows;
  for (const auto& group : groups)
    for (const auto& candidate : group.scan.candidates) {
      Row row{&group, &candidate};
      row.q = q.of_affinity(group, candidate);
      row.timing_q = q.of_timing(group, candidate);
      const double deciding = options.evidence == Evidence::affinity ? row.q : row.timing_q;
      if (deciding <= options.likely_fdr)
        row.grade = deciding <= options.fdr ? Grade::proven : Grade::likely;
      rows.push_back(row);
    }
  return rows;
}

/// Codes are ordered as ids, so ties fall by id.
bool comes_first(const Row& x, const Row& y) {
  const auto a = x.items(), b = y.items();
  const auto order = std::lexicographical_compare_three_way(a.begin(), a.end(), b.begin(), b.end());
  if (order != 0) return order < 0;
  return std::tuple(x.consequent(), x.search->group) < std::tuple(y.consequent(), y.search->group);
}

/// The excesses of rows: of all, or with a `least` lower limit wherever it is not certainly missed.
void add_excesses(std::vector<Row*> rows, double level, std::optional<double> least,
                  const Context& context) {
  std::sort(rows.begin(), rows.end(), [](const Row* x, const Row* y) {
    if (x->search != y->search) return x->search < y->search;
    if (x->candidate->consequent != y->candidate->consequent)
      return x->candidate->consequent < y->candidate->consequent;
    return x->candidate->antecedent < y->candidate->antecedent;
  });
  std::map<const Search*, std::vector<std::vector<std::int32_t>>> heaviest;
  for (const Row* row : rows)
    if (least && !heaviest.contains(row->search))
      heaviest[row->search] = heaviest_first(*row->search, context);
  const double z = normal_half_width(level);
  const double least_z = least && *least > 0 ? z : 0;  // at 0 any positive value counts
  core::parallel_ranges(context, rows.size(), 64, [&](std::size_t begin, std::size_t end) {
    std::optional<ExcessOf> excess;
    for (auto i = begin; i < end; ++i) {
      Row& row = *rows[i];
      const Candidate& c = *row.candidate;
      const bool same_search = i > begin && rows[i - 1]->search == row.search;
      if (!same_search) excess.emplace(*row.search);
      if (!same_search || rows[i - 1]->candidate->consequent != c.consequent)
        excess->choose(c.consequent);
      const auto a = at(c.antecedent);
      if (least && excess->is_below(heaviest.at(row.search)[a], c.events, least_z, *least))
        continue;
      row.excess = (*excess)(row.search->plan.index[a]);
      row.excess_low = row.excess.value - z * std::sqrt(row.excess.variance);
    }
  });
}

/// The lower limit that gets an ungraded row among the `watch` largest, as far as these rows tell;
/// 0: any positive excess may.
double watch_limit(const std::vector<Row*>& rows, std::size_t watch) {
  std::vector<double> low;
  for (const Row* row : rows)
    if (row->excess.value > 0) low.push_back(row->excess_low);
  if (watch == 0 || low.size() < watch) return 0;
  const auto last = low.begin() + static_cast<std::ptrdiff_t>(watch - 1);
  std::nth_element(low.begin(), last, low.end(), std::greater<>());
  return std::max(0.0, *last);
}

/// Sets that do no better than a part of them are not watched.
bool may_be_watched(const Row& row, Evidence evidence) {
  if (row.grade != Grade::none) return false;
  const Candidate& c = *row.candidate;
  return !timed::is_redundant(evidence == Evidence::affinity ? c.part_p : c.timing_part_p);
}

/// Excesses of all rows, or, unless all are listed, of those that are graded or may be watched. Of
/// the ungraded ones the most promising come first: they tell what the others have to reach.
void add_excesses(std::vector<Row>& rows, const BoughtNextOptions& options,
                  const Context& context) {
  std::vector<Row*> first, open;
  for (auto& row : rows) {
    if (options.all_pairs || row.grade != Grade::none)
      first.push_back(&row);
    else if (may_be_watched(row, options.evidence))
      open.push_back(&row);
  }
  const auto p = [&](const Row* row) {
    const Candidate& c = *row->candidate;
    const double z = options.evidence == Evidence::affinity ? c.z : c.timing.z();
    return std::isnan(z) ? 1 : core::normal_sf(z);
  };
  const auto promising =
      open.begin() + static_cast<std::ptrdiff_t>(std::min(open.size(), 4 * at(options.watch)));
  std::partial_sort(open.begin(), promising, open.end(), [&](const Row* x, const Row* y) {
    return p(x) != p(y) ? p(x) < p(y) : comes_first(*x, *y);
  });
  const std::vector<Row*> tried(open.begin(), promising);
  first.insert(first.end(), tried.begin(), tried.end());
  add_excesses(std::move(first), options.level, std::nullopt, context);
  open.erase(open.begin(), promising);
  add_excesses(std::move(open), options.level, watch_limit(tried, at(options.watch)), context);
}

void add_watch(std::vector<Row>& rows, const BoughtNextOptions& options) {
  std::vector<Row*> open;
  for (auto& row : rows)
    if (may_be_watched(row, options.evidence) && row.excess.value > 0) open.push_back(&row);
  std::sort(open.begin(), open.end(), [](const Row* x, const Row* y) {
    return x->excess_low != y->excess_low ? x->excess_low > y->excess_low : comes_first(*x, *y);
  });
  for (std::size_t i = 0; i < std::min(open.size(), at(options.watch)); ++i)
    open[i]->grade = Grade::watch;
}

void resize(BoughtNext& r, std::size_t n) {
  for (auto* column :
       {&r.p_within, &r.p_within_low, &r.p_within_high, &r.usual, &r.excess, &r.excess_low,
        &r.excess_high, &r.median_days, &r.naive_confidence, &r.expected_visits, &r.p_value,
        &r.q_value, &r.timing_p, &r.timing_q, &r.timing_mid_p, &r.odds_ratio, &r.odds_ratio_low,
        &r.odds_ratio_high, &r.customer_share})
    column->resize(n);
  for (auto* column : {&r.n, &r.events, &r.n_followed, &r.n_antecedent, &r.same_day,
                       &r.naive_buyers, &r.visits, &r.odds_ratio_n})
    column->resize(n);
  r.grade.resize(n);
  r.antecedent.resize(n);
  r.consequent.resize(n);
  r.status.resize(n);
  r.odds_ratio_status.resize(n);
  r.same_family.assign(n, 0);
}

/// What the details of a row look up of its consequent; rows of one come together.
struct Consequent {
  const Search* search;
  std::int32_t number;  // in the plan
  BuyersOf buyers;
  ItemProbability probability;

  explicit Consequent(const Row& row)
      : search(row.search), number(-1), buyers(search->visits), probability(*search->rates) {
    choose(row);
  }
  void choose(const Row& row) {
    if (number == row.candidate->consequent) return;
    number = row.candidate->consequent;
    buyers.choose(row.consequent());
    probability.choose(at(number));
  }
};

void fill_follow_up(const Row& row, const Consequent& b, std::size_t i, double level,
                    BoughtNext& r) {
  const Visits& visits = row.search->visits;
  const auto& index = row.search->plan.index[at(row.candidate->antecedent)];
  const auto people = at_risk(visits, b.buyers, index);
  const auto within = kaplan_meier(people, visits.horizon, level);
  r.p_within[i] = within.share.value;
  r.p_within_low[i] = within.share.low;
  r.p_within_high[i] = within.share.high;
  r.status[i] = within.share.status;
  r.n[i] = within.share.n;
  r.median_days[i] = within.median_days;
  r.usual[i] = usual_share(visits, b.probability, people);
  r.events[i] = std::count_if(people.begin(), people.end(),
                              [](const Followed& person) { return person.event; });
  r.n_followed[i] = std::count_if(people.begin(), people.end(), [&](const Followed& person) {
    return visits.follow[at(person.visit)] >= visits.horizon;
  });
}

void fill_timing(const Row& row, const Consequent& b, std::size_t i, double level, BoughtNext& r) {
  const auto customers =
      timing_customers(row.search->visits, *row.search->rates, at(b.number), b.buyers,
                       row.search->plan.index[at(row.candidate->antecedent)]);
  const auto ratio = timing_odds_ratio(customers, level);
  r.odds_ratio[i] = ratio.value;
  r.odds_ratio_low[i] = ratio.low;
  r.odds_ratio_high[i] = ratio.high;
  r.odds_ratio_n[i] = ratio.n;
  r.odds_ratio_status[i] = ratio.status;
  r.timing_p[i] = row.candidate->timing.p();
  r.timing_q[i] = row.timing_q;
  r.timing_mid_p[i] = kNaN;
  if (!row.candidate->timing.needs_exact()) return;
  const auto tail = timing_tail(customers);
  r.timing_p[i] = std::max(r.timing_p[i], tail.p);
  r.timing_mid_p[i] = tail.mid_p;
}

void fill_counts(const Row& row, const Consequent& b, std::size_t i, double level, BoughtNext& r) {
  const Candidate& c = *row.candidate;
  const auto& index = row.search->plan.index[at(c.antecedent)];
  const auto n_a = index.size();
  const auto counts = tally(row.search->visits, b.buyers, index);
  r.grade[i] = row.grade;
  r.antecedent[i] = row.antecedent();
  r.consequent[i] = row.consequent();
  r.excess[i] = row.excess.value;
  r.excess_low[i] = row.excess_low;
  r.excess_high[i] = r.excess[i] + normal_half_width(level) * std::sqrt(row.excess.variance);
  r.n_antecedent[i] = static_cast<std::int64_t>(n_a);
  r.same_day[i] = counts.same_day;
  r.naive_buyers[i] = counts.naive_buyers;
  r.naive_confidence[i] = static_cast<double>(counts.naive_buyers) / static_cast<double>(n_a);
  r.visits[i] = counts.visits;
  r.expected_visits[i] = c.expected_visits;
  r.p_value[i] = core::normal_sf(c.z);
  r.q_value[i] = row.q;
  r.customer_share[i] = c.customer_share;
}

/// Everything of the listed rows but their groups.
void fill_rows(const std::vector<Row>& rows, double level, const Context& context, BoughtNext& r) {
  std::vector<std::size_t> order(rows.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t x, std::size_t y) {
    const auto key = [&](std::size_t i) {
      return std::tuple(rows[i].search, rows[i].candidate->consequent, i);
    };
    return key(x) < key(y);
  });
  core::parallel_ranges(context, rows.size(), 32, [&](std::size_t begin, std::size_t end) {
    std::optional<Consequent> b;
    for (auto k = begin; k < end; ++k) {
      const std::size_t i = order[k];
      if (!b || b->search != rows[i].search) b.emplace(rows[i]);
      b->choose(rows[i]);
      fill_counts(rows[i], *b, i, level, r);
      fill_follow_up(rows[i], *b, i, level, r);
      fill_timing(rows[i], *b, i, level, r);
    }
  });
}

}  // namespace

void list_pairs(ListedPairs& list, const BoughtNextOptions& options, const Context& context) {
  const std::vector<Search>& groups = list.groups;
  BoughtNext& result = list.result;
  std::vector<Row> rows = grade_rows(groups, options, context, result);
  add_totals(groups, result);
  add_excesses(rows, options, context);
  add_watch(rows, options);
  if (!options.all_pairs)
    std::erase_if(rows, [](const Row& row) { return row.grade == Grade::none; });
  for (const auto& row : rows) {
    result.n_proven += row.grade == Grade::proven ? 1 : 0;
    result.n_likely += row.grade == Grade::likely ? 1 : 0;
  }
  std::sort(rows.begin(), rows.end(), [](const Row& x, const Row& y) {
    if (x.grade != y.grade) return x.grade < y.grade;
    return x.excess.value != y.excess.value ? x.excess.value > y.excess.value : comes_first(x, y);
  });
  if (options.top > 0 && at(options.top) < rows.size()) {
    rows.resize(at(options.top));
    result.truncated = true;
  }
  for (const auto& row : rows) {
    list.search.push_back(row.search);
    list.candidate.push_back(row.candidate);
  }
  resize(result, rows.size());
  if (!groups.empty() && groups.front().group >= 0)
    for (const auto& row : rows) result.group.push_back(row.search->group);
  fill_rows(rows, options.level, context, result);
}

ListedPairs search_and_list(const std::vector<PurchasesView>& parts,
                            const std::vector<std::int32_t>& group, const ItemChoice& choice,
                            const BoughtNextOptions& options, const Context& context) {
  check_options(options, choice.function);
  ListedPairs list;
  std::vector<Search>& searches = list.groups;
  searches.reserve(parts.size());
  for (std::size_t g = 0; g < parts.size(); ++g) {
    searches.push_back(search_pairs(parts[g], options, choice, {}, context));
    searches.back().group = group.empty() ? -1 : group[g];
  }
  const std::int64_t left_out =
      choice.left_out == nullptr ? 0 : leave_out_variants(searches, *choice.left_out);
  if (choice.sets != nullptr)
    list.n_redundant = timed::test_parts(searches, options, *choice.sets, context);
  list_pairs(list, options, context);
  BoughtNext& result = list.result;
  result.n_left_out = left_out;
  result.window = options.window;
  result.washout = options.washout.value_or(options.window);
  result.evidence = options.evidence;
  result.fdr = options.fdr;
  result.level = options.level;
  if (options.check.empty() || parts.empty()) return list;
  if (parts.front().first_day == data::kNoDay) {  // no data to split
    result.check.emplace().ratio.status = Status::not_enough_data;
    return list;
  }
  const auto split =
      parse_split(options.check, parts.front().first_day, parts.front().last_day, choice.function);
  result.check = check_pairs(parts, options, choice, split, context);
  return list;
}

}  // namespace emptor::mining::next
