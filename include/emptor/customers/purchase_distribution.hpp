#pragma once

#include "emptor/core/columns.hpp"
#include "emptor/core/context.hpp"
#include "emptor/core/estimate.hpp"
#include "emptor/core/export.hpp"
#include "emptor/customers/fit_purchases.hpp"
#include "emptor/customers/purchase_summary.hpp"
#include "emptor/data/calendar.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace emptor::customers {

struct PurchaseDistributionOptions {
  data::Span horizon{1, data::Span::Unit::years};  ///< how far ahead, from each customer's T
  int most = 10;  ///< the last number with a column of its own; p_more holds what is above
};

/// One row per row of the summary.
struct PurchaseDistributionResult {
  std::vector<std::vector<double>> p{};  ///< p[j]: chance of exactly j purchases, j = 0 .. most
  std::vector<double> p_more{};          ///< chance of more than that
  std::vector<std::int64_t> n{};         ///< customers the fit rests on
  std::vector<Status> status{};
  data::Span horizon{};
  std::vector<std::string> names{};  ///< "p_0", "p_1", ...
  [[nodiscard]] EMPTOR_EXPORT std::vector<Column> columns() const;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Scalar> info() const;
};

/// The chance of each number of purchases within a horizon, customer by customer.
///
/// Columns `p_0`, `p_1`, ... and `p_more` add up to 1; by the fitted parameters, whose own
/// uncertainty is in the intervals of expected_purchases().
/// @throws InvalidArgument for rows that cannot be, naming the first, a horizon of no length, or
/// `most` outside 0 to 1000.
EMPTOR_EXPORT PurchaseDistributionResult
purchase_distribution(const PurchaseFit& fit, const PurchaseSummaryView& summary,
                      const PurchaseDistributionOptions& options = {}, const Context& context = {});

}  // namespace emptor::customers
