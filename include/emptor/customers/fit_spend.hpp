#pragma once

#include "emptor/core/columns.hpp"
#include "emptor/core/columns_file.hpp"
#include "emptor/core/context.hpp"
#include "emptor/core/estimate.hpp"
#include "emptor/core/export.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace emptor::customers {

/// How often customers bought again and what they spent each time, as the caller's own arrays.
struct SpendView {
  std::span<const std::int64_t> frequency{};  ///< purchase occasions after the first
  std::span<const double> monetary_value{};   ///< their mean spend; NaN where frequency is 0
  [[nodiscard]] std::size_t size() const noexcept { return frequency.size(); }
};

/// Throws unless the columns are equally long, no frequency is negative, and whoever bought again
/// spent something finite and above 0. `function` and the row are named. @throws InvalidArgument
EMPTOR_EXPORT void check(const SpendView& view, std::string_view function);

struct FitSpendOptions {
  double level = 0.95;       ///< confidence of the intervals
  int max_iterations = 200;  ///< of Newton's method
};

/// What a fit of spend has to say about itself beyond its status.
enum class SpendFitReason : std::uint8_t {
  none,
  few_customers,   ///< fewer than 10 customers bought again
  no_repeat,       ///< nobody bought again
  same_customers,  ///< customers do not differ in what they spend beyond chance
  same_orders,     ///< a customer's orders do not differ from each other beyond chance
  heavy_tail,      ///< a few customers spend so much that the mean hardly exists: q at its bound 1
};
EMPTOR_EXPORT std::span<const std::string_view> spend_fit_reason_labels() noexcept;

/// The Gamma-Gamma model of spend: an order of a customer is Gamma(p, nu), and 1 over the
/// customers' mean spend follows Gamma(q, v) over p. A value without the data it was fitted to.
struct SpendFit {
  double p = 0, q = 0, v = 0;  ///< v in the currency
  /// Of ln p, ln(q - 1) and ln v, row by row; 0 for one at a bound.
  std::array<double, 9> log_covariance{};
  double log_likelihood = 0;
  std::int64_t n = 0;           ///< customers who bought again
  std::int64_t n_left_out = 0;  ///< ... who did not: their spend says nothing here
  bool converged = false;
  int iterations = 0;
  Status status = Status::ok;
  SpendFitReason reason = SpendFitReason::none;
  double level = 0.95;
  /// What a customer of whom nothing is known spends an order: p v / (q - 1).
  Estimate mean_spend{};
  /// Between how often and for how much customers buy, which the model takes to be 0.
  Estimate correlation{};

  std::vector<std::string> parameter_column{};
  std::vector<double> value{}, low{}, high{}, standard_error{};
  std::vector<std::int64_t> n_column{};
  std::vector<Status> status_column{};

  /// A row per parameter with interval; what else belongs to the fit is in info().
  [[nodiscard]] EMPTOR_EXPORT std::vector<Column> columns() const;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Scalar> info() const;
  /// Versioned, checksummed bytes that spend_fit_from() gives back to the last bit.
  [[nodiscard]] EMPTOR_EXPORT std::string to_bytes() const;
};
/// @throws FormatError unless the bytes are those of a fit of spend.
EMPTOR_EXPORT SpendFit spend_fit_from(std::string_view bytes);

/// A fit from known parameters, as published ones, without uncertainty.
/// @throws InvalidArgument unless p and v are above 0 and q above 1.
EMPTOR_EXPORT SpendFit spend_fit(double p, double q, double v);

/// What customers spend an order, and how they differ in it: the Gamma-Gamma model.
///
/// From how many orders (`frequency`) each customer's mean spend (`monetary_value`) rests on, the
/// model learns how much orders of one customer scatter and how much customers differ; the fit then
/// draws each customer's mean towards that of all (`expected_spend`), the more the fewer his
/// orders. Maximum likelihood (Fader and Hardie 2013, "The Gamma-Gamma Model of Monetary Value"),
/// with q > 1 so that a mean exists; intervals from the curvature of the likelihood.
///
/// It takes how much and how often as unrelated: `correlation`, with its interval, says whether the
/// data agree. Under 10 customers who bought again the status is small_sample, with none
/// not_enough_data and nothing is estimated; "boundary", with its reason, where customers or orders
/// do not differ enough to tell.
/// @throws InvalidArgument for spend of 0 or below, naming the first row, or options out of range.
EMPTOR_EXPORT SpendFit fit_spend(const SpendView& summary, const FitSpendOptions& options = {},
                                 const Context& context = {});

}  // namespace emptor::customers
