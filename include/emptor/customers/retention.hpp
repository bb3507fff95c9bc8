#pragma once

#include "emptor/core/columns.hpp"
#include "emptor/core/context.hpp"
#include "emptor/core/estimate.hpp"
#include "emptor/core/export.hpp"
#include "emptor/customers/occasions.hpp"
#include "emptor/data/calendar.hpp"
#include "emptor/data/period.hpp"
#include "emptor/data/sales.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace emptor::customers {

/// Purchases of customers and all their money, and the days observed.
struct RetentionView {
  OccasionsView occasions{};
  /// Customer c's money is at [line_begin[c], line_begin[c + 1]), in any order; all three empty
  /// without revenue retention.
  std::span<const std::int64_t> line_begin{};
  std::span<const data::Day> line_day{};
  std::span<const data::Money> line_amount{};
  data::Day first_day = data::kNoDay;  ///< first day observed
  data::Day last_day = data::kNoDay;   ///< last day observed: the moment
};

struct RetentionOptions {
  data::Period period = data::Period::month;  ///< calendar or fiscal, see data/period.hpp
  int rolling = 3;                            ///< periods that rolling retention looks back over
  /// Customers first seen this soon after the data begin are in no cohort: nobody knows whether
  /// they are new.
  data::Span new_after{180, data::Span::Unit::days};
  double level = 0.95;  ///< confidence of the intervals
};

/// One row per cohort and period since, up to the moment's: what comes later is not observable yet
/// and has no row.
struct RetentionResult {
  std::vector<data::Day> cohort{};       ///< first day of the period of the first purchase
  std::vector<std::int64_t> periods{};   ///< after it; 0 is the cohort's own
  std::vector<data::Day> start{};        ///< first day of the period
  std::vector<std::uint8_t> complete{};  ///< 0: the moment lies inside the period
  std::vector<double> retained{};        ///< share who bought in exactly this period
  std::vector<double> retained_low{};
  std::vector<double> retained_high{};
  std::vector<std::int64_t> n{};       ///< customers of the cohort
  std::vector<Status> status{};        ///< extrapolated: so far, the period is not over
  std::vector<std::int64_t> active{};  ///< customers who bought in it
  std::vector<double> rolling{};       ///< share who bought in this or the ones just before
  std::vector<double> rolling_low{};
  std::vector<double> rolling_high{};
  std::vector<Status> rolling_status{};  ///< undefined where the look back reaches the cohort's own
  std::vector<double> unbounded{};       ///< share who bought in this period or later, so far
  std::vector<double> unbounded_low{};
  std::vector<double> unbounded_high{};
  std::vector<Status> unbounded_status{};       ///< extrapolated: later purchases can only raise it
  std::vector<double> revenue{};                ///< net, of the cohort in this period
  std::vector<double> net_revenue_retention{};  ///< over revenue of the cohort's own period
  std::vector<double> net_revenue_retention_low{};
  std::vector<double> net_revenue_retention_high{};
  std::vector<Status> net_revenue_retention_status{};
  /// ... each customer counted for at most what he brought then: at most 1.
  std::vector<double> gross_revenue_retention{};
  std::vector<double> gross_revenue_retention_low{};
  std::vector<double> gross_revenue_retention_high{};
  std::vector<Status> gross_revenue_retention_status{};

  data::Period period = data::Period::month;
  int rolling_periods = 3;
  data::Day new_from = data::kNoDay;  ///< cohorts are whole periods from this day on
  data::Day last_day = data::kNoDay;
  std::int64_t n_cohorts = 0;
  std::int64_t n_customers = 0;  ///< in them
  std::int64_t n_left_out = 0;   ///< first seen before the first cohort
  bool has_money = false;
  double level = 0.95;
  data::Coverage coverage{};
  [[nodiscard]] EMPTOR_EXPORT std::vector<Column> columns() const;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Scalar> info() const;
};

/// Of customers won in a period, what share buys in each period after, and what revenue stays?
///
/// A cohort is the customers whose first purchase lies in a period. `retained` counts who bought in
/// exactly that period (bracketed retention), `rolling` in it or the ones just before, `unbounded`
/// in it or any later one so far, which only grows with time. Net revenue retention is the
/// cohort's net revenue over that of its own period, gross counts each customer for at most what he
/// brought then. Cells whose period is not over at the moment hold what came so far and have status
/// extrapolated; cells after the moment have no row.
///
/// Intervals: Wilson's for shares; for money the linearised variance of a ratio clustered by
/// customer, on the log scale for net, with Student's t of Satterthwaite's degrees of freedom.
/// Under 10 customers (or, for money, 10 who bought) nothing is said (not_enough_data), under 30
/// the status is small_sample.
/// @throws InvalidArgument for days not set, options out of range or more than 2,000 cohorts.
EMPTOR_EXPORT RetentionResult retention(const RetentionView& view,
                                        const RetentionOptions& options = {},
                                        const Context& context = {});
EMPTOR_EXPORT RetentionResult retention(const data::Sales& sales,
                                        const RetentionOptions& options = {},
                                        const Context& context = {});

}  // namespace emptor::customers
