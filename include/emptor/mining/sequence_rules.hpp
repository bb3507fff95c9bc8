#pragma once

#include "emptor/core/columns.hpp"
#include "emptor/core/context.hpp"
#include "emptor/core/dictionary.hpp"
#include "emptor/core/estimate.hpp"
#include "emptor/core/export.hpp"
#include "emptor/data/calendar.hpp"
#include "emptor/data/sales.hpp"
#include "emptor/mining/bought_next.hpp"
#include "emptor/mining/purchases.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace emptor::mining {

struct SequenceRulesOptions {
  /// B counts on the days (a, a + window], a being the day the set is completed.
  data::Span window{6, data::Span::Unit::months};
  /// Days of data that must lie before a completion for it to count. Unset: the window.
  std::optional<data::Span> washout{};
  /// All of the set must be bought within so long; unset: whenever.
  std::optional<data::Span> completion{};
  int max_antecedent = 3;  ///< items of a set, 1 to 5
  /// How many sets of two and more items are looked at: those that most customers bought. Chosen
  /// before any consequent is looked at.
  int max_sets = 2000;
  int min_antecedent = 50;  ///< customers who completed the set
  int min_events = 20;      ///< customers who first bought B within the window; fewer: not listed
  /// Which question decides the grade. "affinity": do people who completed the set buy B later more
  /// often than visits of that size in that season do? "timing": does the same customer buy B after
  /// the set was complete more than before? A larger set must beat its parts in the same question.
  Evidence evidence = Evidence::affinity;
  double fdr = 0.05;         ///< false-discovery rate of grade proven
  double likely_fdr = 0.20;  ///< ... of grade likely
  int watch = 50;            ///< how many rules may have grade watch
  double level = 0.95;       ///< confidence of the intervals
  /// A rule one customer of which brings more than this share of the excess is counted, not listed.
  double max_customer_share = 0.20;
  double min_expected = 5;  ///< a rule with fewer expected visits cannot be tested
  bool all_rules = false;   ///< list rules of grade none too
  /// List sets too that do not do better than one of their parts.
  bool redundant = false;
  std::int64_t top = 0;    ///< keep the first `top` rows; 0: all
  std::uint64_t seed = 0;  ///< of the placebo's random visits
  /// Also find rules in the first part of the data and see how they hold in the rest: the last day
  /// of that part, as "2011-07-09", or its share of the days, as "0.6". The answer is in info.
  std::string check{};
  /// Only these items in sets, by id or name. Empty: all. Multiplicity is over the rules asked for.
  std::vector<std::string> antecedents{};
  std::vector<std::string> consequents{};
  std::string item{};  ///< level, see data::items (Sales only)
  /// A column of orders, customers or products (Sales only): rules within each of its values,
  /// q-values over all. Each value has its own `max_sets` sets.
  std::string by{};
};

/// Rules "all of a set bought, then B", as columns sorted by grade and excess. Rows are
/// associations: nothing here says that the set is the reason for B.
struct SequenceRules {
  std::vector<Grade> grade{};
  std::vector<std::int32_t> group{};  ///< empty without `by`
  /// The set of row i is antecedent[offset[i]] .. antecedent[offset[i + 1]), ascending.
  std::vector<std::int64_t> offset{0};
  std::vector<std::int32_t> antecedent{};
  std::vector<std::int32_t> consequent{};
  std::vector<std::string> antecedent_name{}, consequent_name{};

  // Of those who completed the set without B before or on that day: the share that buys B in the
  // window. As in BoughtNext.
  std::vector<double> p_within{}, p_within_low{}, p_within_high{};
  std::vector<std::int64_t> n{};
  std::vector<Status> status{};
  std::vector<double> usual{};
  std::vector<double> excess{}, excess_low{}, excess_high{};
  std::vector<double> median_days{};
  std::vector<double> q_value{};         ///< over all testable rules of the declared space
  std::vector<double> p_value{};         ///< the larger of affinity_p and part_p
  std::vector<double> affinity_p{};      ///< those who completed the set against all visits
  std::vector<double> part_p{};          ///< ... against those who bought `part`; NaN for one item
  std::vector<std::string> part_name{};  ///< the part of the set that is hardest to beat
  std::vector<double> part_within{};     ///< p_within of those who bought this part
  std::vector<std::int64_t> events{}, n_followed{}, n_antecedent{}, same_day{}, naive_buyers{};
  std::vector<double> naive_confidence{};
  std::vector<std::int64_t> visits{};
  std::vector<double> expected_visits{};
  // The same customer after the set was complete against before, as in BoughtNext.
  std::vector<double> timing_p{};       ///< NaN: not testable
  std::vector<double> timing_part_p{};  ///< ... against before, with the part alone
  std::vector<std::string> timing_part_name{};
  std::vector<double> timing_q{};  ///< of the larger of the two, over all testable rules
  std::vector<double> odds_ratio{}, odds_ratio_low{}, odds_ratio_high{};  ///< of timing_p
  std::vector<std::int64_t> odds_ratio_n{};
  std::vector<Status> odds_ratio_status{};
  std::vector<double> customer_share{};
  std::vector<std::uint8_t> same_family{};  ///< B is a variant of an item of the set

  std::shared_ptr<const Dictionary> items{};   ///< null from the kernel: codes are the caller's
  std::shared_ptr<const Dictionary> groups{};  ///< null without `by`
  data::Span window{}, washout{};
  std::optional<data::Span> completion{};
  data::Day first_day = data::kNoDay, last_day = data::kNoDay;
  std::int64_t moment = 0;
  std::string item_level{};
  data::Coverage coverage{};
  Evidence evidence = Evidence::affinity;
  double fdr = 0, level = 0;
  std::int64_t n_customers = 0, n_visits = 0, n_purchases = 0;
  std::int64_t n_items = 0;            ///< antecedents of one item with enough customers
  std::int64_t n_sets = 0;             ///< ... of more items
  bool sets_cut = false;               ///< there were more of them than max_sets
  std::int64_t n_possible = 0;         ///< antecedents times other items
  std::int64_t n_testable = 0;         ///< q-values are over these
  std::int64_t n_timing_testable = 0;  ///< ... of timing
  std::int64_t n_redundant = 0;        ///< sets that would be listed, no better than a part of them
  std::int64_t n_hanging_on_one_customer = 0;
  std::int64_t n_completions = 0;           ///< that count, of all antecedents
  std::int64_t n_completions_followed = 0;  ///< ... observed for the whole window
  Status window_status = Status::ok;        ///< as in BoughtNext
  std::int64_t n_proven = 0, n_likely = 0;  ///< before `top`
  std::int64_t n_discoveries = 0;           ///< affinity, q at most fdr, listed or not
  std::int64_t timing_discoveries = 0;      ///< timing, q at most fdr, listed or not
  /// Timing with random index visits, q at most fdr; sets are not tested against their parts.
  std::int64_t placebo_discoveries = 0;
  double share_below_05 = 0;  ///< of testable rules, with affinity p below .05
  bool truncated = false;     ///< `top` cut rows
  std::optional<BoughtNextCheck> check{};

  [[nodiscard]] std::size_t size() const noexcept { return consequent.size(); }
  [[nodiscard]] EMPTOR_EXPORT std::vector<Column> columns() const;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Scalar> info() const;
};

/// What customers who bought all of a set tend to buy later: bought_next for sets. The index day is
/// the first one by which all of the set has been bought; everything after it is defined as in
/// bought_next, and sets of one item give its rows. A larger set must earn its place: beside the
/// affinity of those who completed it, it is tested against every part of it, whether the visits
/// after the set was complete have B more often than those of people who had bought the part alone
/// (score test clustered by customer, expectations by size and season). The rule's p-value is the
/// largest of these; q-values are Benjamini and Hochberg's over all testable rules of the declared
/// space, of all groups of `by`. Timing is tested the same way within customers: his visits after
/// the set was complete against all his others, and against those when he had only a part of it.
/// The same bits on any number of threads.
///
/// `info` says what the result rests on: rules possible, testable and found; `window_status`, which
/// is not ok if under half of the completions were followed for the whole window;
/// `placebo_discoveries`, how many rules the timing test finds after random visits, where there is
/// nothing to find; with `check`, how rules found in the first part of the data hold in the rest.
/// @throws InvalidArgument for unsorted or repeated purchases, codes or days out of range, and bad
/// options; Cancelled; MemoryLimit.
EMPTOR_EXPORT SequenceRules sequence_rules(const PurchasesView& purchases,
                                           const SequenceRulesOptions& options = {},
                                           const Context& = {});

/// The same over purchases of goods by known customers, as of the moment of `sales`.
/// @throws DataError for a missing table or column, also an item that is not there.
EMPTOR_EXPORT SequenceRules sequence_rules(const data::Sales& sales,
                                           const SequenceRulesOptions& options = {},
                                           const Context& = {});

}  // namespace emptor::mining
