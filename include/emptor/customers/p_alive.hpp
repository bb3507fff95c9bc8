#pragma once

#include "emptor/core/columns.hpp"
#include "emptor/core/context.hpp"
#include "emptor/core/estimate.hpp"
#include "emptor/core/export.hpp"
#include "emptor/customers/fit_purchases.hpp"
#include "emptor/customers/purchase_summary.hpp"

#include <cstdint>
#include <vector>

namespace emptor::customers {

struct PAliveOptions {
  double level = 0.95;    ///< confidence of the intervals
  bool intervals = true;  ///< false: the values alone, in a part of the time
};

/// One row per row of the summary.
struct PAliveResult {
  std::vector<double> p_alive{};
  std::vector<double> p_alive_low{};
  std::vector<double> p_alive_high{};
  std::vector<std::int64_t> n{};  ///< customers the fit rests on
  std::vector<Status> status{};
  double level = 0.95;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Column> columns() const;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Scalar> info() const;
};

/// The chance that each customer still buys at all, by a fitted purchase model.
///
/// Long silence counts against a customer the more the faster he used to buy. The interval carries
/// how well the parameters are known, not whether he left: that is what the chance itself says.
///
/// `bgnbd` and `bgcnbd` hold everybody who bought once for alive (1): they have no leaving before a
/// repeat purchase. Under `nbd` nobody leaves, and the status is "undefined".
/// @throws InvalidArgument for rows that cannot be, naming the first.
EMPTOR_EXPORT PAliveResult p_alive(const PurchaseFit& fit, const PurchaseSummaryView& summary,
                                   const PAliveOptions& options = {}, const Context& context = {});

}  // namespace emptor::customers
