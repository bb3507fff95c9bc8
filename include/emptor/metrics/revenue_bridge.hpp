#pragma once

#include "emptor/core/columns.hpp"
#include "emptor/core/context.hpp"
#include "emptor/core/estimate.hpp"
#include "emptor/core/export.hpp"
#include "emptor/data/calendar.hpp"
#include "emptor/data/sales.hpp"
#include "emptor/metrics/kpis.hpp"

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace emptor::metrics {

/// What a window is compared with.
enum class Baseline : std::uint8_t {
  before,  ///< the span of the same length just before it
  year,    ///< the same days a year earlier
};
/// @throws InvalidArgument unless "before" or "year"; `function` is named in it.
EMPTOR_EXPORT Baseline parse_baseline(std::string_view text, std::string_view function);

/// What a change of revenue is made of.
enum class BridgeStep : std::uint8_t {
  new_customers,     ///< bought goods in the window, and never before it
  returning,         ///< bought in the window, not in the baseline, but before it
  grown,             ///< bought in both, and more now
  shrunk,            ///< bought in both, and less now
  lost,              ///< bought in the baseline, not in the window
  without_customer,  ///< lines whose customer is not known
  returned,          ///< goods given back: more of them lower revenue
  other,             ///< what is not goods: postage, fees, corrections
};
/// "new_customers", "returning", ... in the order of BridgeStep.
EMPTOR_EXPORT std::span<const std::string_view> bridge_steps() noexcept;

struct RevenueBridgeOptions {
  data::Span window{90, data::Span::Unit::days};  ///< ends at the moment
  Baseline baseline = Baseline::before;
  /// With less data than this before the window, who is new is not known; the step's status is then
  /// extrapolated: at most that much is new, the rest had only not been seen.
  data::Span new_after{180, data::Span::Unit::days};
};

/// One row per step, always all of them in order. baseline_revenue + the amounts = revenue,
/// exactly.
struct RevenueBridge {
  std::vector<BridgeStep> step{};
  std::vector<double> amount{};      ///< what the step adds to net revenue
  std::vector<data::Money> exact{};  ///< the same in ten-thousandths
  std::vector<std::int64_t> n{};     ///< customers of the step; lines for the last three
  std::vector<double> share{};       ///< amount over baseline_revenue; NaN if that is not above 0
  std::vector<Status> status{};
  data::Money baseline_revenue = 0;
  data::Money revenue = 0;
  data::Day first_day = data::kNoDay;  ///< of the window
  data::Day last_day = data::kNoDay;
  data::Day baseline_first_day = data::kNoDay;
  data::Day baseline_last_day = data::kNoDay;
  std::int64_t trading_days = 0;  ///< days with an order in the window
  std::int64_t baseline_trading_days = 0;
  data::Coverage coverage{};  ///< of the lines with a customer

  [[nodiscard]] EMPTOR_EXPORT std::vector<Column> columns() const;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Scalar> info() const;
};

/// Revenue changed between two windows: how much of that is whose doing?
///
/// A row is a step from `baseline_revenue` to `revenue` (both in info); `amount` is what it adds,
/// and the amounts add up to the difference exactly. The steps are customers who are new, came
/// back, bought more, bought less or stopped, and goods given back. Customers are sorted by what
/// they paid for goods before returns; the amounts are sums, so they carry n and no interval, and
/// say what happened, not why.
/// @throws DataError without orders, or if the data begin after the baseline.
EMPTOR_EXPORT RevenueBridge revenue_bridge(const data::Sales& sales,
                                           const RevenueBridgeOptions& options = {},
                                           const Context& context = {});
/// The kernel; groups and products of the view are not used.
/// @throws InvalidArgument for columns of unequal length or not sorted by customer.
EMPTOR_EXPORT RevenueBridge revenue_bridge(const KpisView& view,
                                           const RevenueBridgeOptions& options = {},
                                           const Context& context = {});

}  // namespace emptor::metrics
