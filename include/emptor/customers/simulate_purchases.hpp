#pragma once

#include "emptor/core/columns.hpp"
#include "emptor/core/context.hpp"
#include "emptor/core/export.hpp"
#include "emptor/customers/fit_purchases.hpp"
#include "emptor/customers/purchase_summary.hpp"
#include "emptor/data/calendar.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace emptor::customers {

struct SimulatePurchasesOptions {
  std::int64_t customers = 1000;
  data::Span T{1, data::Span::Unit::years};  ///< how long the first of them are watched
  /// Customers come evenly over this time, the last of them watched so much shorter; none: all
  /// come at once.
  std::optional<data::Span> entry{};
  std::optional<data::Span> holdout{};  ///< goes on after T: what they buy then stands beside
  std::uint64_t seed = 1;
};

/// Customers as the model has them, with what nobody can see of real ones.
struct SimulatedPurchases {
  PurchaseSummary summary{};
  std::vector<std::uint8_t> alive{};  ///< at T
  std::vector<double> rate{};         ///< purchases per unit of time while alive
  [[nodiscard]] EMPTOR_EXPORT std::vector<Column> columns() const;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Scalar> info() const;
};

/// New customers drawn from a fitted purchase model: to plan with, and to try methods on.
///
/// A row is a customer, as purchase_summary() would have him, with his `rate` and whether he is
/// still `alive` at T. A customer's numbers depend on the seed and his place alone.
/// @throws InvalidArgument for sizes or spans that make no sense, or a fit without parameters.
EMPTOR_EXPORT SimulatedPurchases simulate_purchases(const PurchaseFit& fit,
                                                    const SimulatePurchasesOptions& options = {},
                                                    const Context& context = {});

}  // namespace emptor::customers
