#include "mining/pair_search.hpp"

#include "emptor/core/error.hpp"

#include "core/parallel.hpp"
#include "mining/pair_q.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <string>

namespace emptor::mining::next {
namespace {

std::size_t at(std::int64_t i) noexcept { return static_cast<std::size_t>(i); }

bool wanted(const std::vector<std::uint8_t>& choice, std::size_t item) {
  return choice.empty() || choice[item] != 0;
}

}  // namespace

Search search_pairs(const PurchasesView& purchases, const BoughtNextOptions& options,
                    const ItemChoice& choice, SearchPurpose purpose, const Context& context) {
  Search search;
  search.purchases = purchases;
  search.visits = make_visits(purchases, options.window, options.washout.value_or(options.window));
  const Visits& visits = search.visits;
  ScanPlan& plan = search.plan;
  plan.min_events = options.min_events;
  plan.min_expected = options.min_expected;
  plan.max_customer_share = options.max_customer_share;
  plan.evidence = options.evidence;
  plan.kept_p = std::max(kKeptP, options.likely_fdr);
  plan.placebo_kept_p = options.fdr;
  plan.list = purpose.list;

  const std::size_t n_items = at(visits.n_items);
  std::vector<std::vector<std::int32_t>> index(n_items);
  core::parallel_ranges(context, n_items, 64, [&](std::size_t begin, std::size_t end) {
    for (auto i = begin; i < end; ++i)
      if (wanted(choice.antecedent, i) && visits.buyers[i] >= options.min_antecedent)
        index[i] = index_visits(visits, static_cast<std::int32_t>(i));
  });
  const int min_buyers = purpose.list ? std::max(1, options.min_events) : 1;
  std::int64_t n_consequents = 0;
  for (std::size_t i = 0; i < n_items; ++i) {
    const auto item = static_cast<std::int32_t>(i);
    if (wanted(choice.consequent, i) && visits.buyers[i] > 0) {
      ++n_consequents;
      // With fewer buyers than min_events a pair can be neither listed nor tested.
      if (visits.buyers[i] >= min_buyers) plan.consequents.push_back(item);
    }
    if (index[i].empty() || static_cast<int>(index[i].size()) < options.min_antecedent) continue;
    plan.antecedents.push_back(item);
    plan.index.push_back(std::move(index[i]));
  }
  // The most bought first: items alike in this are worked on together, and what cannot be tested
  // lies together.
  std::stable_sort(plan.consequents.begin(), plan.consequents.end(), [&](auto x, auto y) {
    return visits.visits_of(x).size() > visits.visits_of(y).size();
  });
  for (const auto item : plan.antecedents)
    search.n_pairs_possible += n_consequents - (wanted(choice.consequent, at(item)) ? 1 : 0);
  if (purpose.placebo) {
    plan.placebo.resize(plan.antecedents.size());
    core::parallel_ranges(
        context, plan.antecedents.size(), 16, [&](std::size_t begin, std::size_t end) {
          for (auto a = begin; a < end; ++a)
            plan.placebo[a] =
                placebo_visits(visits, purchases, plan.index[a], plan.antecedents[a], options.seed);
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

data::Day parse_split(const std::string& check, data::Day first_day, data::Day last_day) {
  double share = 0;
  const char* end = check.data() + check.size();
  const auto [stop, error] = std::from_chars(check.data(), end, share);
  data::Day split = 0;
  if (error == std::errc() && stop == end) {
    if (!(share > 0 && share < 1))
      throw InvalidArgument("bought_next: check as a share must lie between 0 and 1, got " + check +
                            "; a day is written \"2011-07-09\"");
    split = first_day + static_cast<data::Day>(std::floor(share * (last_day - first_day + 1))) - 1;
  } else {
    split = data::parse_date(check, "check");
  }
  if (split < first_day || split >= last_day)
    throw InvalidArgument("bought_next: check must leave days on both sides; " +
                          data::iso_date(split) + " does not split " + data::iso_date(first_day) +
                          " to " + data::iso_date(last_day));
  return split;
}

void check_options(const BoughtNextOptions& o) {
  const auto require = [](bool holds, const std::string& message) {
    if (!holds) throw InvalidArgument("bought_next: " + message);
  };
  require(o.window.count > 0, "window must be at least a day, got " + data::to_string(o.window));
  require(!o.washout || o.washout->count >= 0,
          "washout must not be negative; write \"0 days\" for none");
  require(o.min_antecedent >= 1,
          "min_antecedent must be at least 1, got " + std::to_string(o.min_antecedent));
  require(o.min_events >= 0,
          "min_events must not be negative, got " + std::to_string(o.min_events));
  require(o.fdr > 0 && o.fdr < 1, "fdr must lie between 0 and 1, got " + std::to_string(o.fdr));
  require(o.likely_fdr >= o.fdr && o.likely_fdr < 1,
          "likely_fdr must lie between fdr and 1, got " + std::to_string(o.likely_fdr));
  require(o.watch >= 0, "watch must not be negative, got " + std::to_string(o.watch));
  require(o.level > 0 && o.level < 1,
          "level must lie between 0 and 1, got " + std::to_string(o.level));
  require(o.max_customer_share > 0 && o.max_customer_share <= 1,
          "max_customer_share must be above 0 and at most 1, got " +
              std::to_string(o.max_customer_share));
  require(o.min_expected > 0,
          "min_expected must be above 0, got " + std::to_string(o.min_expected));
  require(o.top >= 0, "top must not be negative, got " + std::to_string(o.top));
}

}  // namespace emptor::mining::next
