#pragma once

#include "emptor/core/columns.hpp"
#include "emptor/core/context.hpp"
#include "emptor/core/estimate.hpp"
#include "emptor/core/export.hpp"
#include "emptor/customers/discount_rate.hpp"
#include "emptor/customers/fit_purchases.hpp"
#include "emptor/customers/fit_spend.hpp"
#include "emptor/customers/purchase_summary.hpp"
#include "emptor/data/calendar.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace emptor::customers {

struct ClvOptions {
  data::Span horizon{12, data::Span::Unit::months};  ///< how far ahead, from each customer's T
  DiscountRate discount{0.1};  ///< on every purchase from its own moment on, continuously
  double margin = 1;           ///< share of spend that is gain, above 0 and at most 1
  /// Also the interval of what one customer may in fact bring; takes most of the time.
  bool outcomes = true;
  double level = 0.95;  ///< confidence of the intervals
};

/// One row per row of the summary.
struct ClvResult {
  std::vector<double> clv{};      ///< mean of the discounted margin within the horizon
  std::vector<double> clv_low{};  ///< how well the parameters are known
  std::vector<double> clv_high{};
  std::vector<std::int64_t> n{};  ///< orders of his own it rests on
  std::vector<Status> status{};   ///< small_sample without any; else that of the fits
  std::vector<double> p_alive{};
  std::vector<double> discounted_purchases{};  ///< expected, each worth what its moment is
  std::vector<double> expected_spend{};        ///< of an order
  std::vector<double> value_low{};             ///< what he in fact brings: chance and parameters
  std::vector<double> value_high{};
  Estimate total{};  ///< of all customers together; its interval is of the parameters alone
  data::Span horizon{};
  DiscountRate discount{};
  double margin = 1;
  bool outcomes = true;
  double level = 0.95;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Column> columns() const;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Scalar> info() const;
};

/// What each customer will be worth within a horizon: customer lifetime value.
///
/// Expected purchases times expected spend times margin, each purchase discounted from its own
/// moment, the chance that he has left taken in. `clv` is a mean and its interval says how well the
/// parameters are known; between `value_low` and `value_high` lies what a customer in fact brings,
/// with at least `level` chance. Horizon and discount carry their units, so that a summary in days
/// and one in weeks give the same. Values over one horizon after the other add up.
///
/// What a customer brings beyond the horizon, what he costs and what he would have brought anyway
/// are not in it. How much and how often are taken as unrelated (`correlation` of the fit of
/// spend).
/// @throws InvalidArgument for rows that cannot be, naming the first, or options out of range.
EMPTOR_EXPORT ClvResult clv(const PurchaseFit& fit, const SpendFit& spend,
                            const PurchaseSummaryView& summary, const ClvOptions& options = {},
                            const Context& context = {});

}  // namespace emptor::customers
