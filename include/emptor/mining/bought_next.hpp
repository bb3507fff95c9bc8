#pragma once

#include "emptor/core/columns.hpp"
#include "emptor/core/context.hpp"
#include "emptor/core/dictionary.hpp"
#include "emptor/core/estimate.hpp"
#include "emptor/core/export.hpp"
#include "emptor/data/calendar.hpp"
#include "emptor/data/sales.hpp"
#include "emptor/mining/purchases.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace emptor::mining {

/// Reads a washout: "none" or "0 days" is none at all, "" leaves it unset, the rest as
/// data::parse_span. @throws InvalidArgument
EMPTOR_EXPORT std::optional<data::Span> parse_washout(std::string_view text);

/// Which of the two questions decides the grade.
enum class Evidence : std::uint8_t {
  affinity,  ///< A-buyers buy B later more than visits of that size in that season do
  timing,    ///< the same customer buys B after A more than before
};
/// Reads "affinity" or "timing". @throws InvalidArgument
EMPTOR_EXPORT Evidence parse_evidence(std::string_view text);

/// How far a pair may be trusted.
enum class Grade : std::uint8_t {
  proven,  ///< q-value at most `fdr`
  likely,  ///< q-value at most `likely_fdr`
  watch,   ///< not proven: among the largest lower limits of excess buyers
  none,    ///< the rest; listed only with `all_pairs`
};
/// "proven", "likely", "watch", "none".
EMPTOR_EXPORT std::span<const std::string_view> grade_labels() noexcept;

struct BoughtNextOptions {
  /// How long after A a purchase of B counts: on the days (a, a + window]. "6 months" are calendar
  /// months. Any length is answered; info's window_status says whether the data are long enough
  /// for it.
  data::Span window{90, data::Span::Unit::days};
  /// How much of the data must lie before a customer's first A for it to count as a first
  /// purchase; what looks like a first purchase early in the data often is not. Unset: as long as
  /// the window; "none": take them all.
  std::optional<data::Span> washout{};
  int min_antecedent = 50;  ///< A needs so many customers with a first purchase
  int min_events = 20;      ///< to be listed, a pair needs so many who first bought B afterwards
  /// Which question decides the grade. "affinity": do people who bought A buy B later more often
  /// than visits of that size in that season do? "timing": does the same customer buy B after A
  /// more than before? Strict, and finds little in most shops.
  Evidence evidence = Evidence::affinity;
  double fdr = 0.05;         ///< grade proven: so large a share of them may be false
  double likely_fdr = 0.20;  ///< grade likely: so large a share of them and the proven
  int watch = 50;            ///< how many further pairs get grade watch
  double level = 0.95;       ///< confidence of the intervals
  /// A pair of which one customer brings more than this share of the excess is counted in info,
  /// not listed.
  double max_customer_share = 0.20;
  /// With fewer expected visits than this a pair cannot be tested for affinity.
  double min_expected = 5;
  /// Whether pairs between variants of one product, by their names, stay. False leaves them out
  /// before `top` cuts; they still count as looked at, so q-values of the rest are no smaller for
  /// it.
  bool same_family = true;
  bool all_pairs = false;  ///< list pairs without a grade too, as "none"
  std::int64_t top = 0;    ///< keep the first `top` rows; 0: all
  std::uint64_t seed = 0;  ///< of the placebo's random visits
  /// Also find pairs in the first part of the data and see how they hold in the rest: the last day
  /// of that part, as "2011-07-09", or its share of the days, as "0.6". The answer is in info.
  std::string check{};
  /// Only these items bought first, by id or name. Empty: all. q-values are over the pairs asked
  /// for.
  std::vector<std::string> antecedents{};
  std::vector<std::string> consequents{};  ///< only these bought later
  /// What counts as an item: a column of products or order lines; "auto": the finest level whose
  /// median item has 30 buyers. Empty: products as ordered.
  std::string item{};
  /// A column of orders, customers or products: pairs within each of its values, q-values over all.
  std::string by{};
};

/// How pairs found in the first part of the data hold in the rest.
struct BoughtNextCheck {
  data::Day split = data::kNoDay;  ///< last day of the first part
  std::int64_t n_found = 0;        ///< pairs proven in the first part
  std::int64_t n_testable = 0;     ///< ... of them with enough expected visits afterwards
  std::int64_t n_confirmed = 0;    ///< ... of those with p below .05 afterwards
  Estimate ratio{};      ///< their visits with B over the expected ones, clustered by customer
  double ratio_all = 0;  ///< the same over all testable pairs: 1 if the expectation is right
};

/// Pairs of items, A first and B on a later day, as columns sorted by grade and excess. Rows are
/// associations: nothing here says that A is the reason for B.
struct BoughtNext {
  std::vector<Grade> grade{};
  std::vector<std::int32_t> group{};  ///< empty without `by`
  std::vector<std::int32_t> antecedent{}, consequent{};
  std::vector<std::string> antecedent_name{}, consequent_name{};

  // Of those who bought A without B before or on that day: the share that buys B in the window.
  std::vector<double> p_within{}, p_within_low{}, p_within_high{};  ///< Kaplan-Meier
  std::vector<std::int64_t> n{};                                    ///< at risk
  std::vector<Status> status{};
  std::vector<double> usual{};  ///< expected of the same people given their visits and their sizes
  std::vector<double> excess{}, excess_low{}, excess_high{};  ///< buyers above the usual ones
  std::vector<std::int64_t> events{};      ///< at risk and bought B within the window
  std::vector<std::int64_t> n_followed{};  ///< at risk and observed for the whole window
  std::vector<double> median_days{};       ///< from A to B, of those who buy within the window

  std::vector<std::int64_t> n_antecedent{};    ///< customers with a first purchase of A
  std::vector<std::int64_t> same_day{};        ///< ... of them with B on the same day
  std::vector<std::int64_t> naive_buyers{};    ///< ... with any B within the window
  std::vector<double> naive_confidence{};      ///< their share: biased by who is not yet followed
  std::vector<std::int64_t> visits{};          ///< visits of A-buyers in the window that have B
  std::vector<double> expected_visits{};       ///< ... as visits of that size and month do
  std::vector<double> p_value{}, q_value{};    ///< affinity
  std::vector<double> timing_p{}, timing_q{};  ///< NaN: not testable
  std::vector<double> timing_mid_p{};  ///< exact law with half the outcome's mass; only where used
  std::vector<double> odds_ratio{}, odds_ratio_low{}, odds_ratio_high{};  ///< of timing
  std::vector<std::int64_t> odds_ratio_n{};  ///< customers that inform timing
  std::vector<Status> odds_ratio_status{};
  std::vector<double> customer_share{};  ///< largest share of one customer in the excess
  // Whom to offer the consequent now (from Sales only): bought the antecedent so lately that the
  // window is still open at the moment, and never the consequent.
  std::vector<std::int64_t> n_open{};
  std::vector<double> expected_open{};  ///< of them, who would still buy; evenly over the window
  std::vector<double> spend{};          ///< mean net amount paid for the consequent per visit
  std::vector<std::uint8_t> same_family{};  ///< variants of one product

  std::shared_ptr<const Dictionary> items{};   ///< null from the kernel: codes are the caller's
  std::shared_ptr<const Dictionary> groups{};  ///< null without `by`

  data::Span window{}, washout{};
  data::Day first_day = data::kNoDay, last_day = data::kNoDay;
  std::int64_t moment = 0;
  std::string item_level{};
  data::Coverage coverage{};
  Evidence evidence = Evidence::affinity;
  double fdr = 0, level = 0;
  std::int64_t n_customers = 0, n_visits = 0, n_purchases = 0;
  std::int64_t n_pairs_possible = 0;  ///< A with enough buyers, times every other item
  std::int64_t n_testable = 0, n_untestable = 0;
  std::int64_t n_timing_testable = 0;
  std::int64_t n_first_purchases = 0;           ///< of all antecedents
  std::int64_t n_first_purchases_followed = 0;  ///< ... observed for the whole window
  /// small_sample: under half of them are; extrapolated: none, shares are lower bounds;
  /// not_enough_data: no antecedent has enough first purchases.
  Status window_status = Status::ok;
  std::int64_t n_hanging_on_one_customer = 0;
  std::int64_t n_left_out = 0;              ///< pairs of variants that same_family = false left out
  std::int64_t n_proven = 0, n_likely = 0;  ///< before `top`
  std::int64_t n_discoveries = 0;           ///< affinity, q at most fdr, listed or not
  std::int64_t timing_discoveries = 0;      ///< timing, q at most fdr, listed or not
  std::int64_t placebo_discoveries = 0;     ///< the same with random index visits
  double share_below_05 = 0;                ///< of testable pairs with affinity p below .05
  bool truncated = false;                   ///< `top` cut rows
  std::optional<BoughtNextCheck> check{};

  [[nodiscard]] std::size_t size() const noexcept { return antecedent.size(); }
  [[nodiscard]] EMPTOR_EXPORT std::vector<Column> columns() const;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Scalar> info() const;
};

/// Who bought A: what do they tend to buy on a later day, more than people with the same visits
/// usually do?
///
/// Every row is an ordered pair of items. Read it as "of 100 who bought `antecedent_name`,
/// 100 * `p_within` buy `consequent_name` within the window (`p_within_low` to `p_within_high`);
/// with the same visits 100 * `usual` would be usual". `excess` is how many buyers that made so
/// far, `n_open` and `expected_open` whom it could still reach. Rows are associations: nothing here
/// says that A is the reason for B.
///
/// `grade` says how far a row may be trusted: "proven" and "likely" keep the share of false rows at
/// `fdr` and `likely_fdr`, over all pairs that can be tested, listed or not; "watch" are the pairs
/// with the largest lower limit of excess buyers among the rest, so that there is something to try
/// even where nothing is proven. Rows come by grade, then excess. `same_family` marks variants of
/// one product, such as two colours of it.
///
/// `info` of the result says what it rests on: pairs possible, testable and found; `window_status`,
/// which is not ok if under half of the first purchases were followed for the whole window;
/// `placebo_discoveries`, how many pairs the timing test finds after random visits, where there is
/// nothing to find; with `check`, how pairs found in the first part of the data hold in the rest.
///
/// How it is worked out:
/// - A customer's first A counts if `washout` of data lies before it. At risk are those without B
///   up to and on that day; `p_within` is Kaplan and Meier's share of them who buy B within the
///   window, so that who bought A lately does not lower it, as he lowers `naive_confidence`.
/// - affinity (`p_value`, `q_value`): every later visit of an A-buyer in the window is expected to
///   have B with the probability that visits of that size in that 30-day period have. Observed less
///   expected visits are summed by customer, and judged by the larger of the customers' own
///   variance and the Poisson one.
/// - timing (`timing_p`, `timing_q`, `odds_ratio`): within each customer, visits in the window
///   against his other visits, allowing for the season; small counts by their exact law.
///
/// Items are goods bought by known customers, as of the moment of `sales`. Formulas, assumptions
/// and tests: docs/methods/mining/bought_next.md.
/// @throws InvalidArgument for bad options; DataError for a missing table or column, or an item
/// that is not there; Cancelled; MemoryLimit.
EMPTOR_EXPORT BoughtNext bought_next(const data::Sales& sales,
                                     const BoughtNextOptions& options = {}, const Context& = {});

/// In C++ it works the same on purchases of one's own, with items known by their codes; unsorted or
/// repeated purchases and codes or days out of range are an InvalidArgument.
EMPTOR_EXPORT BoughtNext bought_next(const PurchasesView& purchases,
                                     const BoughtNextOptions& options = {}, const Context& = {});

}  // namespace emptor::mining
