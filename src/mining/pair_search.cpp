#include "mining/pair_search.hpp"

#include "emptor/core/error.hpp"

#include "core/parallel.hpp"
#include "core/shortest.hpp"
#include "mining/pair_q.hpp"
#include "mining/sequence_rule_sets.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>
#include <utility>

namespace emptor::mining::next {
namespace {

std::size_t at(std::int64_t i) noexcept { return static_cast<std::size_t>(i); }

bool wanted(const std::vector<std::uint8_t>& choice, std::size_t item) {
  return choice.empty() || choice[item] != 0;
}

void choose_items(Search& search, const BoughtNextOptions& options, const ItemChoice& choice,
                  const Context& context) {
  const Visits& visits = search.visits;
  const std::size_t n_items = at(visits.n_items);
  std::vector<std::vector<std::int32_t>> index(n_items);
  core::parallel_ranges(context, n_items, 64, [&](std::size_t begin, std::size_t end) {
    for (auto i = begin; i < end; ++i)
      if (wanted(choice.antecedent, i) && visits.buyers[i] >= options.min_antecedent)
        index[i] = index_visits(visits, static_cast<std::int32_t>(i));
  });
  for (std::size_t i = 0; i < n_items; ++i) {
    if (index[i].empty() || static_cast<int>(index[i].size()) < options.min_antecedent) continue;
    search.plan.antecedents.push_back(static_cast<std::int32_t>(i));
    search.plan.index.push_back(std::move(index[i]));
  }
}

void choose_sets(Search& search, const ItemChoice& choice, const Context& context) {
  const timed::Completions completions(search.visits, choice.sets->completion);
  auto sets = choice.only_sets != nullptr
                  ? timed::completed_sets(*choice.only_sets, completions,
                                          choice.sets->min_antecedent, context)
                  : timed::make_rule_sets(search.purchases, completions, search.visits,
                                          choice.antecedent, *choice.sets, context);
  search.sets_cut = sets.cut;
  search.plan.antecedents.resize(sets.items.size());
  std::iota(search.plan.antecedents.begin(), search.plan.antecedents.end(), 0);
  search.plan.sets = std::move(sets.items);
  search.plan.index = std::move(sets.index);
}

}  // namespace

Search search_pairs(const PurchasesView& purchases, const BoughtNextOptions& options,
                    const ItemChoice& choice, SearchPurpose purpose, const Context& context) {
  Search search;
  search.purchases = purchases;
  search.visits = make_visits(purchases, options.window, options.washout.value_or(options.window),
                              choice.function);
  const Visits& visits = search.visits;
  ScanPlan& plan = search.plan;
  plan.function = choice.function;
  plan.min_events = options.min_events;
  plan.min_expected = options.min_expected;
  plan.max_customer_share = options.max_customer_share;
  plan.evidence = options.evidence;
  plan.kept_p = std::max(kKeptP, options.likely_fdr);
  plan.placebo_kept_p = options.fdr;
  plan.list = purpose.list;

  if (choice.sets != nullptr)
    choose_sets(search, choice, context);
  else
    choose_items(search, options, choice, context);
  const int min_buyers = purpose.list ? std::max(1, options.min_events) : 1;
  std::int64_t n_consequents = 0;
  for (std::int32_t item = 0; item < visits.n_items; ++item) {
    if (!wanted(choice.consequent, at(item)) || visits.buyers[at(item)] == 0) continue;
    ++n_consequents;
    // With fewer buyers than min_events a pair can be neither listed nor tested.
    if (visits.buyers[at(item)] >= min_buyers) plan.consequents.push_back(item);
  }
  // The most bought first: items alike in this are worked on together, and what cannot be tested
  // lies together.
  std::stable_sort(plan.consequents.begin(), plan.consequents.end(), [&](auto x, auto y) {
    return visits.visits_of(x).size() > visits.visits_of(y).size();
  });
  for (std::size_t a = 0; a < plan.antecedents.size(); ++a) {
    search.n_pairs_possible += n_consequents;
    for (const auto item : plan.items_of(static_cast<std::int32_t>(a)))
      search.n_pairs_possible -= wanted(choice.consequent, at(item)) ? 1 : 0;
  }
  if (purpose.placebo) {
    plan.placebo.resize(plan.antecedents.size());
    core::parallel_ranges(
        context, plan.antecedents.size(), 16, [&](std::size_t begin, std::size_t end) {
          for (auto a = begin; a < end; ++a)
            plan.placebo[a] =
                placebo_visits(visits, purchases, plan.index[a],
                               plan.items_of(static_cast<std::int32_t>(a)), options.seed);
        });
  }
  search.rates.emplace(visits, plan.consequents);
  search.scan = scan_pairs(visits, *search.rates, plan, context);
  return search;
}

PurchasesPart part_of(const PurchasesView& purchases, data::Day from, data::Day to) {
  PurchasesPart part;
  for (std::size_t i = 0; i < purchases.day.size(); ++i) {
    if (purchases.day[i] < from || purchases.day[i] > to) continue;
    part.customer.push_back(purchases.customer[i]);
    part.day.push_back(purchases.day[i]);
    part.item.push_back(purchases.item[i]);
  }
  part.view = purchases;
  part.view.customer = part.customer;
  part.view.day = part.day;
  part.view.item = part.item;
  part.view.first_day = from;
  part.view.last_day = to;
  return part;
}

data::Day parse_split(const std::string& check, data::Day first_day, data::Day last_day,
                      const char* function) {
  double share = 0;
  const char* end = check.data() + check.size();
  const auto [stop, error] = std::from_chars(check.data(), end, share);
  data::Day split = 0;
  if (error == std::errc() && stop == end) {
    if (!(share > 0 && share < 1))
      throw InvalidArgument(std::string(function) +
                            ": check as a share must lie between 0 and 1, got " + check +
                            "; a day is written \"2011-07-09\"");
    split = first_day + static_cast<data::Day>(std::floor(share * (last_day - first_day + 1))) - 1;
  } else {
    split = data::parse_date(check, "check");
  }
  if (split < first_day || split >= last_day)
    throw InvalidArgument(std::string(function) + ": check must leave days on both sides; " +
                          data::iso_date(split) + " does not split " + data::iso_date(first_day) +
                          " to " + data::iso_date(last_day));
  return split;
}

void check_options(const BoughtNextOptions& o, const char* function) {
  const auto require = [&](bool holds, const std::string& message) {
    if (!holds) throw InvalidArgument(std::string(function) + ": " + message);
  };
  require(o.window.count > 0, "window must be at least a day, got " + data::to_string(o.window));
  require(!o.washout || o.washout->count >= 0,
          "washout must not be negative; write \"0 days\" for none");
  require(o.min_antecedent >= 1,
          "min_antecedent must be at least 1, got " + std::to_string(o.min_antecedent));
  require(o.min_events >= 0,
          "min_events must not be negative, got " + std::to_string(o.min_events));
  require(o.fdr > 0 && o.fdr < 1, "fdr must lie between 0 and 1, got " + core::shortest(o.fdr));
  require(o.likely_fdr >= o.fdr && o.likely_fdr < 1,
          "likely_fdr must lie between fdr and 1, got " + core::shortest(o.likely_fdr));
  require(o.watch >= 0, "watch must not be negative, got " + std::to_string(o.watch));
  require(o.level > 0 && o.level < 1,
          "level must lie between 0 and 1, got " + core::shortest(o.level));
  require(o.max_customer_share > 0 && o.max_customer_share <= 1,
          "max_customer_share must be above 0 and at most 1, got " +
              core::shortest(o.max_customer_share));
  require(o.min_expected > 0,
          "min_expected must be above 0, got " + core::shortest(o.min_expected));
  require(o.top >= 0, "top must not be negative, got " + std::to_string(o.top));
}

}  // namespace emptor::mining::next
