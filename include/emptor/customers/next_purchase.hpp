#pragma once

#include "emptor/core/columns.hpp"
#include "emptor/core/context.hpp"
#include "emptor/core/estimate.hpp"
#include "emptor/core/export.hpp"
#include "emptor/customers/fit_purchases.hpp"
#include "emptor/customers/purchase_summary.hpp"
#include "emptor/data/calendar.hpp"

#include <cstdint>
#include <vector>

namespace emptor::customers {

struct NextPurchaseOptions {
  double level = 0.8;  ///< chance that the next purchase lies between the two ends
};

/// One row per row of the summary. Times count from T, in the summary's unit; infinity is "never".
struct NextPurchaseResult {
  std::vector<double> next_purchase{};  ///< as likely before as after it, or never
  std::vector<double> next_purchase_low{};
  std::vector<double> next_purchase_high{};
  std::vector<double> p_never{};  ///< chance that there is no other purchase
  std::vector<std::int64_t> n{};  ///< customers the fit rests on
  std::vector<Status> status{};
  data::Span::Unit unit = data::Span::Unit::weeks;
  double level = 0.8;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Column> columns() const;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Scalar> info() const;
};

/// When each customer will buy next: the median time from now, and the times between which the next
/// purchase lies with chance `level`.
///
/// That he never buys again is one of the outcomes: where it is likelier than not the median is
/// infinity, and the upper end is where `p_never` exceeds its share. The times take in what chance
/// does and how well the parameters are known. A median beyond the longest time any customer of the
/// fit was watched has status "extrapolated".
/// @throws InvalidArgument for rows that cannot be, naming the first.
EMPTOR_EXPORT NextPurchaseResult next_purchase(const PurchaseFit& fit,
                                               const PurchaseSummaryView& summary,
                                               const NextPurchaseOptions& options = {},
                                               const Context& context = {});

}  // namespace emptor::customers
