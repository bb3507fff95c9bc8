#pragma once

#include "emptor/core/columns.hpp"
#include "emptor/core/context.hpp"
#include "emptor/core/export.hpp"
#include "emptor/core/interval.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace emptor::mining {

/// What one measure of a rule X => Y is.
struct Measure {
  std::string_view name{};
  std::string_view formula{};   ///< in counts: x with both, a with X, b with Y, of n baskets
  std::string_view meaning{};   ///< one sentence
  std::string_view interval{};  ///< how its interval is made; empty: it has none
  double lowest = 0, highest = 0;
};

/// Sums over customers of the products of their counts: x of their baskets hold X and Y, a hold X,
/// b hold Y, n are all. From them come intervals that take the customer as the unit.
struct CountMoments {
  double xx = 0, xa = 0, xb = 0, xn = 0, aa = 0, ab = 0, an = 0, bb = 0, bn = 0, nn = 0;
};

/// Counts of rules X => Y over the same baskets, one entry per rule.
struct RuleCountsView {
  std::span<const std::int64_t> both{};        ///< baskets with X and Y
  std::span<const std::int64_t> antecedent{};  ///< baskets with X
  std::span<const std::int64_t> consequent{};  ///< baskets with Y
  std::int64_t baskets = 0;
  std::span<const CountMoments> moments{};  ///< empty: every basket stands for itself
  /// Largest confidence of Y after a proper part of X, the empty one included; empty: unknown, and
  /// improvement and boost cannot be asked for.
  std::span<const double> part_confidence{};
  [[nodiscard]] std::size_t size() const noexcept { return both.size(); }
};

/// How the interval of an odds ratio is made: Woolf's (1955) on the log scale, Gart's (1966) with
/// one half added to every cell, or the exact conditional one (Cornfield 1956; R's fisher.test).
enum class OddsRatioInterval : std::uint8_t { woolf, gart, exact };
EMPTOR_EXPORT OddsRatioInterval parse_odds_ratio_interval(std::string_view text);

struct RuleMeasuresOptions {
  /// Names of measures; "standard" stands for support, confidence and lift, "all" for every one.
  std::vector<std::string> measures{"standard"};
  double level = 0.95;    ///< confidence of the intervals
  bool intervals = true;  ///< False leaves them out
  /// Of odds_ratio: woolf, gart or exact. Where a cell is 0 the end that Woolf's still has is
  /// Gart's; where baskets are summed by customer the delta method takes the place of Woolf's and
  /// Gart's.
  OddsRatioInterval odds_ratio_interval = OddsRatioInterval::woolf;
};

struct MeasureColumn {
  const Measure* measure = nullptr;
  std::vector<double> value{};
  std::vector<double> low{}, high{};  ///< empty: no interval
  std::string low_name{}, high_name{};
};

/// One column per measure, in the order they were asked for, with its interval where it has one.
struct RuleMeasures {
  std::vector<MeasureColumn> measures{};
  std::size_t rules = 0;
  double level = 0.95;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Column> columns() const;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Scalar> info() const;
};

/// The table of all measures, one row each in the order of "all".
struct MeasureTable {
  std::vector<std::string> name{}, formula{}, meaning{}, interval{};
  [[nodiscard]] EMPTOR_EXPORT std::vector<Column> columns() const;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Scalar> info() const { return {}; }
};

/// All measures of rules that can be asked for by name, with formula, meaning and interval.
EMPTOR_EXPORT MeasureTable measures();

/// The definition of a measure of rules or item sets: its formula, its interval, what to mind.
/// @throws InvalidArgument with the nearest name for one that is none.
EMPTOR_EXPORT std::string explain(std::string_view name);

/// The interval of the odds ratio of a table with counts n11, n10, n01, n00.
EMPTOR_EXPORT Interval odds_ratio_interval(std::int64_t n11, std::int64_t n10, std::int64_t n01,
                                           std::int64_t n00,
                                           OddsRatioInterval method = OddsRatioInterval::woolf,
                                           double level = 0.95);

/// Measures of rules from their counts, by the textbooks' formulas (some tools differ; see the
/// page). Shares (support, confidence, jaccard) have Wilson's interval, ratios the delta method on
/// the log scale, other smooth measures the delta method for the multinomial law of the four cells,
/// cut where the measure ends; test statistics and measures that are flat under independence have
/// none. A value is missing where the formula divides 0 by 0, an interval where the data give the
/// measure no spread.
/// @throws InvalidArgument for counts that cannot be, and for unknown names.
EMPTOR_EXPORT RuleMeasures rule_measures(const RuleCountsView& counts,
                                         const RuleMeasuresOptions& options = {},
                                         const Context& context = {});

/// Item sets in compressed-row form and how often they and their items are bought.
struct ItemsetCountsView {
  std::span<const std::int64_t> offset{};      ///< sets + 1
  std::span<const std::int32_t> item{};        ///< set s is item[offset[s]] .. item[offset[s + 1])
  std::span<const std::int64_t> count{};       ///< baskets with all items of the set
  std::span<const std::int64_t> item_count{};  ///< per item code: baskets with it
  std::int64_t baskets = 0;
};

/// One row per set.
struct ItemsetMeasures {
  std::vector<std::int64_t> count{};
  std::vector<double> support{}, support_low{}, support_high{};  ///< Wilson
  std::vector<double> all_confidence{};       ///< count over that of its most frequent item
  std::vector<double> cross_support_ratio{};  ///< least over most frequent item
  std::vector<double> lift{};  ///< count over what independent items would give, n prod (n_i / n)
  [[nodiscard]] EMPTOR_EXPORT std::vector<Column> columns() const;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Scalar> info() const { return {}; }
};

/// Measures of item sets: support, all-confidence (Omiecinski 2003), cross-support ratio (Xiong and
/// others 2003) and lift.
/// @throws InvalidArgument for counts that cannot be.
EMPTOR_EXPORT ItemsetMeasures itemset_measures(const ItemsetCountsView& sets, double level = 0.95);

}  // namespace emptor::mining
