#pragma once

#include "emptor/core/columns.hpp"
#include "emptor/core/context.hpp"
#include "emptor/core/estimate.hpp"
#include "emptor/core/export.hpp"
#include "emptor/customers/discount_rate.hpp"
#include "emptor/customers/fit_purchases.hpp"
#include "emptor/customers/purchase_summary.hpp"
#include "emptor/data/calendar.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace emptor::customers {

struct DiscountedPurchasesOptions {
  DiscountRate discount{0.1};           ///< by how much less a later purchase counts
  std::optional<data::Span> horizon{};  ///< purchases within it only; none: all that are to come
  double level = 0.95;                  ///< confidence of the intervals
};

/// One row per row of the summary.
struct DiscountedPurchasesResult {
  std::vector<double> discounted_purchases{};
  std::vector<double> discounted_purchases_low{};
  std::vector<double> discounted_purchases_high{};
  std::vector<std::int64_t> n{};  ///< customers the fit rests on
  std::vector<Status> status{};
  DiscountRate discount{};
  std::optional<data::Span> horizon{};
  double level = 0.95;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Column> columns() const;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Scalar> info() const;
};

/// How many purchases are still to come from each customer, later ones counting less: the number of
/// purchases today that all of them are worth ("DERT" in the field).
///
/// Each purchase counts (1 + rate)^-(time until it); times a customer's profit of a purchase it is
/// his value. Without a horizon it takes in all of the future, which is an extrapolation of the
/// model: status "extrapolated".
/// @throws InvalidArgument for rows that cannot be, naming the first, a horizon of no length, or no
/// discount where there is no horizon.
EMPTOR_EXPORT DiscountedPurchasesResult
discounted_purchases(const PurchaseFit& fit, const PurchaseSummaryView& summary,
                     const DiscountedPurchasesOptions& options = {}, const Context& context = {});

}  // namespace emptor::customers
