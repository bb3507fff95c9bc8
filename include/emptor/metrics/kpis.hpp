#pragma once

#include "emptor/core/columns.hpp"
#include "emptor/core/context.hpp"
#include "emptor/core/dictionary.hpp"
#include "emptor/core/estimate.hpp"
#include "emptor/core/export.hpp"
#include "emptor/data/calendar.hpp"
#include "emptor/data/period.hpp"
#include "emptor/data/sales.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace emptor::metrics {

/// What is measured. explain() gives the formula of each.
enum class Kpi : std::uint8_t {
  revenue,
  gross_revenue,
  discounts,
  returned,
  other_revenue,
  orders,
  customers,
  new_customers,
  returning_customers,
  average_order_value,
  median_order_value,
  items_per_order,
  units_per_order,
  repeat_rate,
  return_share,
  top_tenth_share,
};
inline constexpr std::size_t kKpis = 16;
/// "revenue", "gross_revenue", ... in the order of Kpi.
EMPTOR_EXPORT std::span<const std::string_view> kpi_names() noexcept;

/// The definition of a key figure in words: formula, how its interval is made, what to mind.
/// @throws InvalidArgument with all names for a name that is not one of them.
EMPTOR_EXPORT std::string explain(std::string_view name);

struct KpisOptions {
  data::Period period = data::Period::month;  ///< calendar or fiscal, see data/period.hpp
  std::string by{};     ///< a column of orders, customers or products; "" for all sales together
  double level = 0.95;  ///< confidence of the intervals
  /// Who is new is undefined for this long after the data begin: nobody knows who bought before.
  data::Span new_after{180, data::Span::Unit::days};
};

/// Order lines as in data::Lines, sorted by customer, those without one (-1) first.
struct KpisView {
  std::span<const std::int32_t> order{};  ///< codes in [0, n_orders)
  std::span<const std::int32_t> customer{};
  std::span<const std::int32_t> product{};
  std::span<const data::Day> day{};
  std::span<const double> quantity{};
  std::span<const data::Money> amount{};
  std::span<const data::Money> discount{};     ///< empty if not known
  std::span<const std::uint16_t> flags{};      ///< of data::LineFlag
  std::span<const std::int32_t> group{};       ///< in [0, n_groups), -1 missing; empty: one group
  std::shared_ptr<const Dictionary> groups{};  ///< what the group codes mean; null if not grouped
  std::int32_t n_orders = 0;
  data::Day first_day = data::kNoDay;  ///< first day observed
  data::Day last_day = data::kNoDay;   ///< last day observed: the moment's
};

/// How a figure changed against a period before, as a share: .1 is 10 % more.
struct KpiChange {
  std::vector<double> change{};
  std::vector<double> low{};
  std::vector<double> high{};
  std::vector<std::int64_t> n{};  ///< customers (and orders without one) in either period
  std::vector<Status> status{};
};

/// One figure, one entry per row of the result.
struct KpiColumn {
  std::vector<double> value{};
  std::vector<std::int64_t> count{};  ///< the same of figures that are counted; else empty
  std::vector<double> low{};          ///< of ratios and means; else empty
  std::vector<double> high{};
  std::vector<std::int64_t> n{};  ///< orders or customers the ratio or mean rests on
  std::vector<Status> status{};
  KpiChange previous{};  ///< against the period before
  KpiChange year{};      ///< against the same period a year before
};

/// One row per group and period, from the first to the last period of the data, sorted by group
/// (missing first) and time.
struct Kpis {
  data::Period period = data::Period::month;
  std::string by{};
  std::shared_ptr<const Dictionary> groups{};
  std::vector<std::int32_t> group{};
  std::vector<data::Day> start{};
  std::vector<std::uint8_t> complete{};          ///< 0: the data begin or end inside the period
  std::vector<std::int64_t> trading_days{};      ///< days with at least one order
  std::vector<std::int64_t> change_days{};       ///< trading days compared with the period before
  std::vector<std::int64_t> year_change_days{};  ///< ... with the same period a year before
  std::vector<std::int64_t> n{};                 ///< order lines
  std::array<KpiColumn, kKpis> figures{};
  data::Day first_day = data::kNoDay;
  data::Day last_day = data::kNoDay;
  data::Day new_from = data::kNoDay;  ///< from this day on it is known who is new
  data::Coverage coverage{};          ///< of the lines with a customer

  [[nodiscard]] const KpiColumn& operator[](Kpi kpi) const noexcept {
    return figures[static_cast<std::size_t>(kpi)];
  }
  [[nodiscard]] EMPTOR_EXPORT std::vector<Column> columns() const;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Scalar> info() const;
};

/// What was sold, to how many, what an order is worth, who comes back, and how that compares.
///
/// A row is a period (and group): totals, ratios and means with interval, and beside each its
/// change against the period before and the same one a year before (.1 is 10 % more); a change
/// whose interval holds 0 may be chance. `explain(name)` has every formula. All as of the moment.
///
/// A period the data begin or end inside is marked incomplete and takes no part in changes. Changes
/// compare equal numbers of trading days (days with an order): the first k of either period, k
/// being the smaller number. A year before is the same month, quarter or year; for weeks and days
/// 52 weeks before, so that weekdays match. Counted totals carry n only. Ratios, means and changes
/// carry intervals clustered by customer: linearised on the log scale, Student's t with
/// Satterthwaite's degrees of freedom. Under 10 customers a ratio or mean is not_enough_data, under
/// 30 small_sample (the share of the top tenth: under 30 and under 300).
/// @throws DataError without orders or for an unknown column in `by`.
EMPTOR_EXPORT Kpis kpis(const data::Sales& sales, const KpisOptions& options = {},
                        const Context& context = {});
/// The kernel. @throws InvalidArgument for columns of unequal length or not sorted by customer.
EMPTOR_EXPORT Kpis kpis(const KpisView& view, const KpisOptions& options = {},
                        const Context& context = {});

}  // namespace emptor::metrics
