#include "emptor/core/interval.hpp"

#include "mining/pair_q.hpp"
#include "mining/pair_search.hpp"
#include "mining/pair_variants.hpp"
#include "mining/sequence_rule_parts.hpp"
#include "mining/sequence_rule_sets.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <vector>

namespace emptor::mining::next {
namespace {

std::size_t at(std::int64_t i) noexcept { return static_cast<std::size_t>(i); }

struct Pair {
  std::span<const std::int32_t> antecedent{};
  std::int32_t consequent = 0;  // item
};

std::vector<std::vector<Pair>> proven_pairs(const std::vector<Search>& before,
                                            const BoughtNextOptions& options,
                                            const Context& context) {
  const double kept_p = before.empty() ? kKeptP : before.front().plan.kept_p;
  const PairQ q = q_values(before, kept_p, context);
  const bool affinity = options.evidence == Evidence::affinity;
  std::vector<std::vector<Pair>> proven(before.size());
  for (std::size_t g = 0; g < before.size(); ++g)
    for (const auto& c : before[g].scan.candidates)
      if ((affinity ? q.of_affinity(before[g], c) : q.of_timing(before[g], c)) <= options.fdr)
        proven[g].push_back(
            {before[g].plan.items_of(c.antecedent), before[g].plan.consequents[at(c.consequent)]});
  return proven;
}

/// What `plan` looked at.
ItemChoice choice_of(const ScanPlan& plan, const ItemChoice& asked, std::int32_t n_items) {
  ItemChoice choice{std::vector<std::uint8_t>(at(n_items), 0),
                    std::vector<std::uint8_t>(at(n_items), 0)};
  for (const auto item : plan.consequents) choice.consequent[at(item)] = 1;
  choice.function = asked.function;
  choice.sets = asked.sets;
  if (asked.sets != nullptr)
    choice.only_sets = &plan.sets;
  else
    for (const auto item : plan.antecedents) choice.antecedent[at(item)] = 1;
  return choice;
}

/// The rest of the data, where pairs are tested once more.
class Rest {
 public:
  Rest(const Search& search, const ItemChoice& choice)
      : search_(search),
        completions_(search.visits,
                     choice.sets == nullptr ? std::nullopt : choice.sets->completion),
        number_(at(search.visits.n_items), -1) {
    for (std::size_t b = 0; b < search.plan.consequents.size(); ++b)
      number_[at(search.plan.consequents[b])] = static_cast<std::int32_t>(b);
  }
  /// Empty if the consequent is never bought.
  [[nodiscard]] std::vector<CustomerVisits> sums(const Pair& pair) const {
    const auto b = number_[at(pair.consequent)];
    if (b < 0) return {};
    return customer_visits(search_.visits, *search_.rates, at(b), pair.consequent,
                           completions_(pair.antecedent));
  }
  [[nodiscard]] double part_p(const Pair& pair) const {
    if (pair.antecedent.size() == 1) return 0;
    const auto b = at(number_[at(pair.consequent)]);
    return timed::hardest_part(pair.antecedent, completions_,
                               [&](const auto& part) {
                                 return timed::test_part(search_.visits, *search_.rates, b,
                                                         pair.consequent,
                                                         completions_(pair.antecedent), part)
                                     .p;
                               })
        .p;
  }

 private:
  const Search& search_;
  timed::Completions completions_;
  std::vector<std::int32_t> number_;  // per item, among the consequents; -1: none
};

}  // namespace

BoughtNextCheck check_pairs(const std::vector<PurchasesView>& parts,
                            const BoughtNextOptions& options, const ItemChoice& choice,
                            data::Day split, const Context& context) {
  BoughtNextCheck check;
  check.split = split;
  std::vector<PurchasesPart> first;
  std::vector<Search> before;
  first.reserve(parts.size());
  for (const auto& view : parts) {
    first.push_back(part_of(view, view.first_day, split));
    before.push_back(search_pairs(first.back().view, options, choice, {.placebo = false}, context));
  }
  if (choice.left_out != nullptr) (void)leave_out_variants(before, *choice.left_out);
  if (choice.sets != nullptr) (void)timed::test_parts(before, options, *choice.sets, context);
  const auto proven = proven_pairs(before, options, context);

  BoughtNextOptions later = options;
  later.washout = data::Span{0, data::Span::Unit::days};
  std::map<std::int32_t, CustomerVisits> customers;  // sums over the pairs, by customer
  double observed = 0, expected = 0, observed_all = 0, expected_all = 0;
  for (std::size_t g = 0; g < parts.size(); ++g) {
    check.n_found += static_cast<std::int64_t>(proven[g].size());
    const auto rest = part_of(parts[g], split + 1, parts[g].last_day);
    const auto own = choice_of(before[g].plan, choice, parts[g].n_items);
    const auto after =
        search_pairs(rest.view, later, own, {.placebo = false, .list = false}, context);
    const Rest later_pairs(after, own);
    observed_all += after.scan.observed;
    expected_all += after.scan.expected;
    for (const auto& pair : proven[g]) {
      const auto sums = later_pairs.sums(pair);
      double o = 0, e = 0, squares = 0;
      for (const auto& c : sums) {
        o += c.observed;
        e += c.expected;
        squares += (c.observed - c.expected) * (c.observed - c.expected);
      }
      if (e < options.min_expected) continue;
      ++check.n_testable;
      const bool confirmed = affinity_p(o, e, std::max(squares, e)) < 0.05;
      check.n_confirmed += confirmed && later_pairs.part_p(pair) < 0.05 ? 1 : 0;
      observed += o;
      expected += e;
      for (const auto& c : sums) {
        customers[c.customer].observed += c.observed;
        customers[c.customer].expected += c.expected;
      }
    }
  }
  check.ratio_all = observed_all / expected_all;
  check.ratio.level = options.level;
  check.ratio.n = static_cast<std::int64_t>(customers.size());
  if (check.n_testable == 0 || observed <= 0) {
    check.ratio.status = Status::not_enough_data;
    return check;
  }
  const double ratio = observed / expected;
  double variance = 0;  // of log(ratio), clustered by customer
  for (const auto& [code, c] : customers) {
    const double rest = (c.observed - ratio * c.expected) / observed;
    variance += rest * rest;
  }
  const auto interval = log_delta(std::log(ratio), variance, options.level);
  check.ratio.value = ratio;
  check.ratio.low = interval.low;
  check.ratio.high = interval.high;
  check.ratio.status = check.n_testable < 10 ? Status::small_sample : Status::ok;
  return check;
}

}  // namespace emptor::mining::next
