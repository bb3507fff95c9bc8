#pragma once

#include "emptor/core/columns.hpp"
#include "emptor/core/context.hpp"
#include "emptor/core/dictionary.hpp"
#include "emptor/core/estimate.hpp"
#include "emptor/core/export.hpp"
#include "emptor/data/calendar.hpp"
#include "emptor/data/sales.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace emptor::mining {

/// Purchases as the caller's own arrays: one entry per distinct (customer, day, item), sorted by
/// these three. A visit is a distinct (customer, day); its size is how many items it has.
struct PurchasesView {
  std::span<const std::int32_t> customer{};  ///< codes, >= 0
  std::span<const data::Day> day{};          ///< civil days
  std::span<const std::int32_t> item{};      ///< codes in [0, n_items)
  std::int32_t n_items = 0;
  data::Day first_day = data::kNoDay;  ///< first day observed; kNoDay: the first purchase's
  data::Day last_day = data::kNoDay;   ///< last day observed; kNoDay: the last purchase's
  /// What the placebo's random streams are keyed by, per code; empty: the codes themselves.
  std::span<const std::uint64_t> customer_hash{};
  std::span<const std::uint64_t> item_hash{};
};

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
  data::Span window{90, data::Span::Unit::days};  ///< B counts on the days (a, a + window]
  /// Days of data that must lie before a customer's first A for it to count as a first purchase:
  /// without them, half of the "first" purchases are the edge of the data. Unset: the window.
  std::optional<data::Span> washout{};
  int min_antecedent = 50;  ///< customers with a first purchase of A
  int min_events = 20;      ///< customers who first bought B within the window; fewer: not listed
  Evidence evidence = Evidence::affinity;
  double fdr = 0.05;         ///< false-discovery rate of grade proven
  double likely_fdr = 0.20;  ///< ... of grade likely
  int watch = 50;            ///< how many pairs may have grade watch
  double level = 0.95;       ///< confidence of the intervals
  /// A pair one customer of which brings more than this share of the excess is counted, not listed.
  double max_customer_share = 0.20;
  /// A pair with fewer expected visits than this cannot be tested for affinity.
  double min_expected = 5;
  bool all_pairs = false;  ///< list pairs of grade none too
  std::int64_t top = 0;    ///< keep the first `top` rows; 0: all
  std::uint64_t seed = 0;  ///< of the placebo's random index visits
  /// "2011-07-09" or a share of the observed days as "0.6": also finds pairs in the data up to
  /// there, and reports how they hold in the data after it. "": no check.
  std::string check{};
  /// Only these items, by id or name. Empty: all. Multiplicity is over the pairs asked for.
  std::vector<std::string> antecedents{};
  std::vector<std::string> consequents{};
  std::string item{};  ///< level, see data::items (Sales only)
  std::string by{};    ///< column of orders, customers or products to split by (Sales only)
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
  std::int64_t n_hanging_on_one_customer = 0;
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

/// What customers who bought A tend to buy later, for every ordered pair of items. Definitions
/// (reference in docs/methods/mining/bought_next.md):
/// - a is the day of a customer's first A; it counts if `washout` of data lies before it.
/// - At risk are those without B before or on a; an event is a first B in (a, a + window]; others
///   are censored at the last day observed. An event on a day comes before a censoring on it.
/// - affinity: every later visit of an A-buyer in the window has B with probability
///   1 - exp(-size * theta), theta fitted per item and 30-day bin so that all visits of the bin add
///   up; U is the sum of observed minus expected visits, its variance the larger of the
///   customer-clustered and the Poisson one.
/// - timing: within customers, visits in the window against their other visits, with the
///   calendar's share of B as offset; variance the larger of the model's and the clustered one,
///   where it is below 5 the exact conditional law as well.
/// q-values are Benjamini and Hochberg's over all testable pairs, listed or not. Memory is
/// O(visits) per thread; the same bits on any number of threads.
/// @throws InvalidArgument for unsorted or repeated purchases, codes or days out of range, and bad
/// options; Cancelled; MemoryLimit.
EMPTOR_EXPORT BoughtNext bought_next(const PurchasesView& purchases,
                                     const BoughtNextOptions& options = {}, const Context& = {});

/// The same over purchases of goods by known customers, as of the moment of `sales`.
/// @throws DataError for a missing table or column, also an item that is not there.
EMPTOR_EXPORT BoughtNext bought_next(const data::Sales& sales,
                                     const BoughtNextOptions& options = {}, const Context& = {});

}  // namespace emptor::mining
