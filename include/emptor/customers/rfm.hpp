#pragma once

#include "emptor/core/columns.hpp"
#include "emptor/core/context.hpp"
#include "emptor/core/export.hpp"
#include "emptor/customers/occasions.hpp"
#include "emptor/data/calendar.hpp"
#include "emptor/data/sales.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace emptor::customers {

/// Occasions of customers, what they are worth, and the day recency counts from.
struct RfmView {
  OccasionsView occasions{};
  std::span<const double> monetary{};  ///< per customer, net; empty: the sums of spend
  data::Day last_day = data::kNoDay;   ///< last day observed: the moment
};

struct RfmOptions {
  double level = 0.95;  ///< of the intervals of revenue shares
};

/// Values that part the scores of one measure.
struct RfmCuts {
  std::array<double, 4> recency_days{};
  std::array<double, 4> frequency{};
  std::array<double, 4> monetary{};
  std::vector<std::int64_t> cut{1, 2, 3, 4};
  std::vector<double> share{0.2, 0.4, 0.6, 0.8};
  std::vector<double> recency_column{};
  std::vector<double> frequency_column{};
  std::vector<double> monetary_column{};
  [[nodiscard]] EMPTOR_EXPORT std::vector<Column> columns() const;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Scalar> info() const;
};

/// Segments from best to least, as plain words. "Slower than usual" and "quiet" compare with the
/// other customers; nobody is called lost.
enum class RfmSegment : std::uint8_t {
  best,               ///< recent, frequent, high spend
  frequent,           ///< recent and frequent, spend not among the highest
  growing,            ///< recent, more than one order, not yet frequent
  steady,             ///< recency in the middle, frequent
  occasional,         ///< recency in the middle, not frequent
  best_slower,        ///< not recent, frequent, high spend
  frequent_slower,    ///< not recent, frequent, spend not among the highest
  big_spender_quiet,  ///< not recent, not frequent, high spend
  quiet,              ///< not recent, not frequent, spend not among the highest
  one_order_new,      ///< a single order, recent
  one_order,          ///< a single order, longer ago
};
inline constexpr std::size_t kRfmSegments = 11;
EMPTOR_EXPORT std::span<const std::string_view> rfm_segment_labels() noexcept;

/// The segment of scores (1 to 5 each). Every cell has one.
/// @throws InvalidArgument for scores outside 1 to 5.
EMPTOR_EXPORT RfmSegment rfm_segment(int r, int f, int m, bool one_order);

/// The four quintile cut points of values (linear interpolation between order statistics, as
/// NumPy's default). A value's score is 1 plus the number of cut points below it, so equal values
/// have equal scores and repeated cut points leave scores empty rather than part equals. NaN is not
/// allowed. Zeros if empty.
EMPTOR_EXPORT std::array<double, 4> quintile_cuts(std::span<const double> values);

/// One row per customer with at least one occasion, in the order of their ids.
struct RfmResult {
  std::vector<std::int32_t> customer{};
  std::vector<std::string> name{};
  std::vector<std::int64_t> recency_days{};
  std::vector<std::int64_t> frequency{};
  std::vector<double> monetary{};
  std::vector<std::int64_t> r{};  ///< 5 most recent ... 1 longest ago
  std::vector<std::int64_t> f{};  ///< 5 most frequent
  std::vector<std::int64_t> m{};  ///< 5 highest spend
  std::vector<RfmSegment> segment{};
  std::vector<data::Day> first_order{};
  std::vector<data::Day> last_order{};
  std::vector<double> usual_gap_days{};  ///< median days between orders, NaN for one order

  RfmCuts cuts{};
  std::int64_t n_one_order = 0;
  std::int64_t n_without_purchase = 0;  ///< customers left out: nothing bought and kept
  data::Day last_day = data::kNoDay;
  double level = 0.95;
  std::shared_ptr<const Dictionary> ids{};
  data::Coverage coverage{};
  [[nodiscard]] EMPTOR_EXPORT std::vector<Column> columns() const;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Scalar> info() const;
};

/// Segments with what they are worth, best first; segments without customers are left out.
struct RfmSegmentsResult {
  std::vector<RfmSegment> segment{};
  std::vector<std::int64_t> customers{};
  std::vector<double> customer_share{};
  std::vector<double> revenue{};
  std::vector<double> revenue_share{};  ///< NaN if revenue is not positive
  std::vector<double> revenue_share_low{};
  std::vector<double> revenue_share_high{};
  std::vector<std::int64_t> n{};  ///< customers the share rests on: all
  std::vector<Status> status{};
  std::vector<double> median_recency_days{};
  std::vector<double> mean_frequency{};
  double level = 0.95;
  data::Day last_day = data::kNoDay;
  data::Coverage coverage{};
  [[nodiscard]] EMPTOR_EXPORT std::vector<Column> columns() const;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Scalar> info() const;
};

/// Who are the best customers, and who is slower than usual?
///
/// A row is a customer: recency (days since the last purchase), frequency (days with a purchase)
/// and monetary value (net amount of all lines, returns included), scored 1 to 5 by quintiles and
/// named by segment. Scores compare customers with each other, today; they are no forecast.
EMPTOR_EXPORT RfmResult rfm(const RfmView& view, const RfmOptions& options = {},
                            const Context& context = {});
EMPTOR_EXPORT RfmResult rfm(const data::Sales& sales, const RfmOptions& options = {},
                            const Context& context = {});

/// Customers and revenue by segment. Intervals of the revenue shares take customers as drawn from a
/// population of such customers (linearised variance of a ratio).
EMPTOR_EXPORT RfmSegmentsResult rfm_segments(const RfmResult& result);
EMPTOR_EXPORT RfmSegmentsResult rfm_segments(const data::Sales& sales,
                                             const RfmOptions& options = {},
                                             const Context& context = {});

/// The cut points of the scores, one row per cut.
EMPTOR_EXPORT RfmCuts rfm_cuts(const data::Sales& sales, const RfmOptions& options = {},
                               const Context& context = {});

}  // namespace emptor::customers
