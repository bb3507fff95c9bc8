#pragma once

#include "emptor/core/columns.hpp"
#include "emptor/core/context.hpp"
#include "emptor/core/export.hpp"
#include "emptor/customers/occasions.hpp"
#include "emptor/data/calendar.hpp"
#include "emptor/data/sales.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace emptor::customers {

/// Days from first to last, both included.
struct DayRange {
  data::Day first = data::kNoDay;
  data::Day last = data::kNoDay;
};

/// What a drop is measured against.
enum class RelativeTo : std::uint8_t {
  peers,  ///< the median customer's change: the market's own rise or fall is taken out
  own,    ///< the customer's own baseline rate, nothing taken out but the season where known
};
/// @throws InvalidArgument unless "peers" or "own".
EMPTOR_EXPORT RelativeTo parse_relative_to(std::string_view text);

/// What the rows of a list are sorted by, and the watch list chosen by.
enum class DeclineSort : std::uint8_t {
  expected_loss,  ///< expected lost revenue; the watch list by its high end
  probability,    ///< chance that the rate has fallen by min_drop
  score,          ///< chance that it will have fallen over the next window
};
/// @throws InvalidArgument unless "expected_loss", "probability" or "score".
EMPTOR_EXPORT DeclineSort parse_decline_sort(std::string_view text);

struct DecliningOptions {
  /// The window ends at the moment and the baseline where the window begins.
  data::Span window{90, data::Span::Unit::days};
  data::Span baseline{180, data::Span::Unit::days};  ///< what the window is compared with
  /// Any two windows instead; the baseline must end before the window begins, and only one of them
  /// may be given: an unset baseline still ends where the window begins.
  std::optional<DayRange> window_days{};
  std::optional<DayRange> baseline_days{};
  double min_drop = 0.5;        ///< what counts as declining: half of the rate is gone
  int min_baseline_orders = 3;  ///< purchase occasions in the baseline a customer must have
  /// "peers": the median customer's change is taken out; "own": only the season, where known.
  RelativeTo relative_to = RelativeTo::peers;
  /// Greatest mean false share of the proven list; nobody on it has more than twice that chance of
  /// being a false alarm.
  double fdr = 0.05;
  /// Greatest mean false share of the likely list, the proven not counted.
  double fdr_likely = 0.20;
  int watch = 50;  ///< length of the watch list
  /// What rows are sorted by within a list, and the watch list chosen by: "expected_loss" (in
  /// money), "probability" (of a fall in the window) or "score" (of a fall over the next window).
  DeclineSort sort = DeclineSort::expected_loss;
  bool all = false;     ///< also return eligible customers on no list
  double level = 0.95;  ///< confidence of the intervals
  /// How far below the greatest penalised log-likelihood the weights that give the low and the high
  /// ends may lie.
  double likelihood_drop = 2;
};

/// Which list a customer is on.
enum class DeclineList : std::uint8_t { proven, likely, watch, none };
EMPTOR_EXPORT std::span<const std::string_view> decline_list_labels() noexcept;

/// What the counts show, in a code that Python words. It belongs to the counts alone.
enum class DeclineReason : std::uint8_t {
  none_came,   ///< no order in the window
  fewer_came,  ///< fewer than expected
  as_usual,    ///< at least as many as expected
};
EMPTOR_EXPORT std::span<const std::string_view> decline_reason_labels() noexcept;

/// Occasions of customers and the span of days they were watched.
struct DecliningView {
  OccasionsView occasions{};
  data::Day first_day = data::kNoDay;  ///< first day of the data
  data::Day last_day = data::kNoDay;   ///< last day observed: the moment
};

/// One row per customer: proven, likely, watch; within them by expected lost revenue (watch by its
/// high end) or what `sort` says.
/// Probabilities and losses ending in _low come from the guard, in _high from its mirror: the
/// weights of the mixture near its greatest likelihood with the least and the most mass on drops.
struct DecliningResult {
  std::vector<std::int32_t> customer{};
  std::vector<std::string> name{};
  std::vector<DeclineList> list{};
  std::vector<double> drop{};  ///< share of the rate that is gone: 1 stopped, below 0 risen
  std::vector<double> drop_low{};
  std::vector<double> drop_high{};
  std::vector<std::int64_t> n{};  ///< orders it rests on: baseline and window
  std::vector<Status> status{};
  std::vector<double> probability{};  ///< of a drop of min_drop or more
  std::vector<double> probability_low{};
  std::vector<double> probability_high{};
  std::vector<double> local_fdr{};  ///< 1 - probability_low: what the lists add up
  /// Over the next window. Its ends, under the guard and the mirror, take in how much is gone and
  /// the customer's own rate; what an order is worth is taken as known.
  std::vector<double> expected_lost_revenue{};
  std::vector<double> expected_lost_revenue_low{};
  std::vector<double> expected_lost_revenue_high{};
  std::vector<std::int64_t> baseline_orders{};
  std::vector<double> baseline_spend{};
  std::vector<std::int64_t> window_orders{};
  std::vector<double> expected_orders{};  ///< in the window, had nothing changed
  std::vector<double> order_value{};      ///< spend per order, drawn towards the typical one
  std::vector<data::Day> last_order{};    ///< as known at the moment
  std::vector<double> usual_gap_days{};   ///< median between orders up to the baseline's end
  std::vector<std::string> favourite_products{};
  std::vector<DeclineReason> reason{};
  /// Share of his gaps between orders that get as long as the one open at the window's end, his
  /// rhythm unchanged.
  std::vector<double> p_gap{};
  std::vector<double> regularity{};  ///< shape of his gaps: 1 at random, above it more alike
  std::vector<double> p_steady{};    ///< of so few orders and so long a silence had nothing changed
  std::vector<double> q_value{};     ///< its false share: Benjamini-Hochberg over the eligible
  /// Likeliest first day of the lower rate, and the days that hold `level` of its posterior; kNoDay
  /// where the orders do not say.
  std::vector<data::Day> change_date{};
  std::vector<data::Day> change_date_low{};
  std::vector<data::Day> change_date_high{};
  /// Chance of buying at most (1 - min_drop) of the old rate over the next window, learnt on the
  /// snapshot one window earlier; NaN where there is none.
  std::vector<double> score{};
  std::vector<data::Day> baseline_first{};  ///< the two windows, the same on every row
  std::vector<data::Day> baseline_last{};
  std::vector<data::Day> window_first{};
  std::vector<data::Day> window_last{};

  DayRange baseline{};
  DayRange window{};
  bool baseline_cut = false;  ///< the data begin inside the baseline
  double min_drop = 0.5;
  RelativeTo relative_to = RelativeTo::peers;
  std::int64_t n_customers = 0;  ///< with any occasion before the window
  std::int64_t n_eligible = 0;
  std::array<std::int64_t, 3> listed{};           ///< proven, likely, watch
  std::array<double, 3> expected_false_alarms{};  ///< sums of local_fdr, by list
  /// The median customer's rate in the window over his rate in the baseline.
  Estimate market_change{};
  double share_declined = 0;  ///< of eligible customers, at the maximum
  double share_declined_low = 0;
  double share_declined_high = 0;
  std::int64_t n_evidence = 0;  ///< eligible customers with q_value <= fdr
  Status score_status = Status::not_enough_data;
  DayRange score_window{};   ///< the window of the snapshot the score was learnt on
  std::int64_t score_n = 0;  ///< customers it was learnt on
  double score_share = 0;    ///< of them with a fall afterwards
  DeclineSort sort = DeclineSort::expected_loss;
  double phi = 1;                 ///< over-dispersion the counts were divided by
  double rate_shape = 0;          ///< of the one gamma law nearest to the rates
  double rate_scale = 0;          ///< its rate parameter, days
  std::string season{};           ///< what exposure was weighted by: "none", "yearly" or "market"
  std::vector<double> weights{};  ///< of the 14 laws, in the order of ratio_law_names()
  std::vector<double> weights_low{};   ///< of the guard
  std::vector<double> weights_high{};  ///< of its mirror
  double certificate = 0;              ///< proven bound of what the log-likelihood could still gain
  Status fit_status = Status::ok;
  std::string headline{};  ///< "proven", "likely", "none_proven" or "not_enough_data"
  std::shared_ptr<const Dictionary> ids{};
  data::Coverage coverage{};

  [[nodiscard]] EMPTOR_EXPORT std::vector<Column> columns() const;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Scalar> info() const;
};

/// "unchanged", "stopped", "0-0.25", ...: what the entries of `weights` mean.
EMPTOR_EXPORT std::span<const std::string_view> ratio_law_names() noexcept;

/// Who buys less than before, how sure that is, and what it costs.
///
/// A row is a customer: `drop` is the share of the buying rate that is gone (1 has stopped, under 0
/// buys more), `expected_lost_revenue` what that costs over the next window, both with interval,
/// and `reason` says what was seen. `list` says how sure it is: on average at most 5 % of the
/// proven and 20 % of the likely have not fallen by `min_drop`; watch are the others with most to
/// lose, so that there is work even when nothing is proven. A drop relative to "peers" is one
/// against the median customer, the market's own change taken out; "own" takes nothing out but the
/// season.
///
/// Beside it stand the rhythm (`p_gap`: how often his gaps get as long as the present silence), the
/// day his rate fell where the orders say one (`change_date`), `q_value`, which lists customers on
/// counts and silence together, and `score`, the chance that he buys little over the next window
/// too, learnt on the snapshot one window earlier.
///
/// Method: the ratio mixture (docs/methods/customers/declining.md). Rates follow one gamma law or
/// two, the ratio of the two rates a mixture of fixed laws with a penalty towards "unchanged"
/// (Stephens 2017), fitted by maximum likelihood, so that the false share of the lists holds also
/// where few or none have declined. Customers who first bought inside the baseline are exposed from
/// the day after. Under 10 eligible customers nothing is estimated (status not_enough_data).
/// @throws InvalidArgument for windows, sizes or options that make no sense.
EMPTOR_EXPORT DecliningResult declining(const DecliningView& view,
                                        const DecliningOptions& options = {},
                                        const Context& context = {});
EMPTOR_EXPORT DecliningResult declining(const data::Sales& sales,
                                        const DecliningOptions& options = {},
                                        const Context& context = {});

}  // namespace emptor::customers
