#pragma once

#include "emptor/customers/fit_purchases.hpp"
#include "emptor/customers/purchase_summary.hpp"

#include "customers/customer_laws.hpp"
#include "customers/purchase_law.hpp"

#include <cstddef>
#include <string_view>

namespace emptor::customers {

/// Whether a fit has parameters to compute with.
inline bool usable(const PurchaseFit& fit) {
  return fit.status != Status::not_enough_data && !fit.parameters.empty();
}

/// The summary's unit in units of the fit.
inline double unit_scale(const PurchaseFit& fit, const PurchaseSummaryView& summary) {
  return in_units({1, summary.unit}, fit.unit);
}

inline PurchaseHistory history_of(const PurchaseSummaryView& summary, std::size_t i, double scale) {
  return {static_cast<double>(summary.frequency[i]), scale * summary.recency[i],
          scale * summary.T[i]};
}

/// Throws unless rows can be, the level is one, and the fit has as many parameters as its model.
/// @throws InvalidArgument
void check_request(std::string_view function, const PurchaseFit& fit,
                   const PurchaseSummaryView& summary, double level);
void check_fit(std::string_view function, const PurchaseFit& fit, double level);
/// Throws if a fit has covariates, where there are no customers to have them; `instead` says what
/// to do. @throws InvalidArgument
void check_no_covariates(std::string_view function, const PurchaseFit& fit,
                         std::string_view instead);
/// A span in the unit of the fit. @throws InvalidArgument unless it is longer than nothing
double horizon_of(std::string_view function, const PurchaseFit& fit, const data::Span& horizon);

}  // namespace emptor::customers
