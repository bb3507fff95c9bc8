#pragma once

#include "emptor/mining/bought_next.hpp"
#include "emptor/mining/sequence_rules.hpp"

#include "mining/item_variants.hpp"
#include "mining/pair_scan.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace emptor::mining::next {

/// Which items are asked for, per item; empty: all.
struct ItemChoice {
  std::vector<std::uint8_t> antecedent{}, consequent{};
  const ItemVariants* left_out = nullptr;  ///< pairs of variants are not asked for
  /// Antecedents are sets of the items, single ones first, chosen by these options; null: items.
  const SequenceRulesOptions* sets = nullptr;
  const std::vector<std::vector<std::int32_t>>* only_sets = nullptr;  ///< ... just these
  const char* function = "bought_next";                               ///< for messages
};

/// One set of purchases searched for pairs: the whole data, or one group of `by`.
struct Search {
  PurchasesView purchases{};
  std::int32_t group = -1;
  Visits visits{};
  std::optional<Rates> rates{};
  ScanPlan plan{};
  Scan scan{};
  std::int64_t n_pairs_possible = 0;
  bool sets_cut = false;  ///< there were more sets than asked for
};

/// What a search is for.
struct SearchPurpose {
  bool placebo = true;  ///< also with random index visits
  bool list = true;     ///< candidates for a list; false: p-values of all pairs only
};

/// Scans all pairs. The search refers to the arrays of `purchases`.
Search search_pairs(const PurchasesView& purchases, const BoughtNextOptions& options,
                    const ItemChoice& choice, SearchPurpose purpose, const Context& context);

/// Purchases of the days [from, to] as a set of their own.
struct PurchasesPart {
  std::vector<std::int32_t> customer{};
  std::vector<data::Day> day{};
  std::vector<std::int32_t> item{};
  PurchasesView view{};  ///< of these vectors; observed from `from` to `to`
};
PurchasesPart part_of(const PurchasesView& purchases, data::Day from, data::Day to);

/// Pairs found up to `split` in the data after it; `parts` as given to the whole search.
BoughtNextCheck check_pairs(const std::vector<PurchasesView>& parts,
                            const BoughtNextOptions& options, const ItemChoice& choice,
                            data::Day split, const Context& context);

/// The last day of the first part: a date, or a share of the observed days.
/// @throws InvalidArgument if it cannot be read or leaves one part empty.
data::Day parse_split(const std::string& check, data::Day first_day, data::Day last_day,
                      const char* function);

/// @throws InvalidArgument naming the function and the option.
void check_options(const BoughtNextOptions& options, const char* function = "bought_next");

/// A list, and what each of its rows is about.
struct ListedPairs {
  BoughtNext result{};
  std::vector<Search> groups{};
  std::vector<const Search*> search{};        ///< per row, one of `groups`
  std::vector<const Candidate*> candidate{};  ///< per row, one of its candidates
  std::int64_t n_redundant = 0;               ///< sets that do no better than one of their parts
};

/// Grades, details and sorts the candidates of all groups into the result. Names, dictionaries,
/// families and coverage are the caller's; antecedents that are sets have their number in the plan.
void list_pairs(ListedPairs& list, const BoughtNextOptions& options, const Context& context);

/// All of it: `parts` with first and last day set, `group` their codes or empty.
ListedPairs search_and_list(const std::vector<PurchasesView>& parts,
                            const std::vector<std::int32_t>& group, const ItemChoice& choice,
                            const BoughtNextOptions& options, const Context& context);

}  // namespace emptor::mining::next
