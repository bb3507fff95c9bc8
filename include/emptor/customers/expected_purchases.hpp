#pragma once

#include "emptor/core/columns.hpp"
#include "emptor/core/context.hpp"
#include "emptor/core/estimate.hpp"
#include "emptor/core/export.hpp"
#include "emptor/customers/fit_purchases.hpp"
#include "emptor/customers/purchase_summary.hpp"
#include "emptor/data/calendar.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace emptor::customers {

struct ExpectedPurchasesOptions {
  data::Span horizon{1, data::Span::Unit::years};  ///< how far ahead, from each customer's T
  double level = 0.95;                             ///< confidence of the intervals
  bool intervals = true;  ///< false: the values alone, in a part of the time
};

/// One row per row of the summary.
struct ExpectedPurchasesResult {
  std::vector<double> expected_purchases{};
  std::vector<double> expected_purchases_low{};  ///< how well the parameters are known
  std::vector<double> expected_purchases_high{};
  /// The count itself: at least `level` of customers with this history end up inside.
  std::vector<std::int64_t> purchases_low{};
  std::vector<std::int64_t> purchases_high{};
  std::vector<double> p_none{};   ///< chance of no purchase within the horizon
  std::vector<std::int64_t> n{};  ///< customers the fit rests on
  std::vector<Status> status{};
  data::Span horizon{};
  double level = 0.95;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Column> columns() const;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Scalar> info() const;
};

/// How many purchases each customer will make within a horizon, the chance that he has left taken
/// in.
///
/// `expected_purchases` is a mean, and its interval says how well the parameters are known.
/// `purchases_low` and `purchases_high` hold the count one customer may come to, with both what
/// chance does and how well the parameters are known. A horizon longer than any customer of the fit
/// was watched has status "extrapolated".
/// @throws InvalidArgument for rows that cannot be, naming the first, or a horizon of no length.
EMPTOR_EXPORT ExpectedPurchasesResult
expected_purchases(const PurchaseFit& fit, const PurchaseSummaryView& summary,
                   const ExpectedPurchasesOptions& options = {}, const Context& context = {});

/// Repeat purchases of a customer acquired now, after each of several spans.
struct NewCustomerResult {
  std::vector<std::string> horizon{};
  std::vector<double> expected_purchases{};
  std::vector<double> expected_purchases_low{};
  std::vector<double> expected_purchases_high{};
  std::vector<std::int64_t> n{};
  std::vector<Status> status{};
  double level = 0.95;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Column> columns() const;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Scalar> info() const;
};

/// How many repeat purchases a customer who has just made his first one will make within each of
/// several horizons.
/// @throws InvalidArgument for a horizon of no length.
EMPTOR_EXPORT NewCustomerResult expected_purchases_new(const PurchaseFit& fit,
                                                       std::span<const data::Span> horizons,
                                                       double level = 0.95);

}  // namespace emptor::customers
