#pragma once

#include "emptor/core/columns.hpp"
#include "emptor/core/context.hpp"
#include "emptor/core/estimate.hpp"
#include "emptor/core/export.hpp"
#include "emptor/customers/fit_spend.hpp"

#include <cstdint>
#include <vector>

namespace emptor::customers {

struct ExpectedSpendOptions {
  double level = 0.95;  ///< of the intervals
};

/// One row per row of the summary.
struct ExpectedSpendResult {
  std::vector<double> expected_spend{};      ///< mean of an order of this customer
  std::vector<double> expected_spend_low{};  ///< his own mean lies inside: chance and parameters
  std::vector<double> expected_spend_high{};
  std::vector<std::int64_t> n{};  ///< orders of his own it rests on
  std::vector<Status> status{};   ///< small_sample without any: the mean of all customers
  double level = 0.95;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Column> columns() const;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Scalar> info() const;
};

/// What an order of each customer will be worth.
///
/// The mean of a customer's future orders given his past ones: between his own mean and that of all
/// customers, nearer to his own the more he has ordered. The interval holds his true mean: the
/// posterior law p / Gamma(p x + q, v + x m), widened by how well the parameters are known. It is
/// of his mean, not of one order.
/// @throws InvalidArgument as check(), naming the first row, or a level outside (0, 1).
EMPTOR_EXPORT ExpectedSpendResult expected_spend(const SpendFit& fit, const SpendView& summary,
                                                 const ExpectedSpendOptions& options = {},
                                                 const Context& context = {});

}  // namespace emptor::customers
