#pragma once

#include "emptor/core/columns.hpp"
#include "emptor/core/columns_file.hpp"
#include "emptor/core/context.hpp"
#include "emptor/core/estimate.hpp"
#include "emptor/core/export.hpp"
#include "emptor/data/calendar.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace emptor::customers {

/// How customers under contract leave. In both each has his own chance of not renewing, which
/// follows a beta law over customers.
enum class ContractModel : std::uint8_t {
  sbg,  ///< the same chance each time: shifted beta-geometric (Fader, Hardie 2007)
  bdw,  ///< one that changes with tenure: beta-discrete-Weibull (Fader, Hardie et al. 2018)
};
/// @throws InvalidArgument unless it is "sbg" or "bdw".
EMPTOR_EXPORT ContractModel parse_contract_model(std::string_view text);
EMPTOR_EXPORT std::string_view to_string(ContractModel model) noexcept;
/// "alpha", "beta", and of the bdw "c".
EMPTOR_EXPORT std::span<const std::string_view> parameter_names(ContractModel model) noexcept;

/// Customers under contract, a row for one or several of them.
struct ContractView {
  /// Contract periods begun so far. Who was lost at tenure t left at the t-th renewal (t at least
  /// 1); who was not has renewed t times and is still there.
  std::span<const std::int64_t> tenure{};
  std::span<const std::uint8_t> lost{};   ///< 1: left at this tenure; 0: still there
  std::span<const std::int64_t> count{};  ///< customers of a row; empty: 1
};

/// The rows of one cohort of which `survivors[t]` were left after t renewals.
struct ContractRows {
  std::vector<std::int64_t> tenure{}, count{};
  std::vector<std::uint8_t> lost{};
  [[nodiscard]] ContractView view() const noexcept { return {tenure, lost, count}; }
};
/// @throws InvalidArgument unless there are two counts or more, none negative or above the one
/// before.
EMPTOR_EXPORT ContractRows cohort_rows(std::span<const std::int64_t> survivors);

struct FitContractsOptions {
  /// How customers leave: "sbg" (the same chance at each renewal) or "bdw" (one that changes with
  /// tenure).
  ContractModel model = ContractModel::sbg;
  data::Span period{1, data::Span::Unit::years};  ///< from one renewal to the next
  double level = 0.95;                            ///< confidence of the intervals
  int max_iterations = 100;                       ///< of Newton's method
};

/// What a fit has to say about itself beyond its status.
enum class ContractFitReason : std::uint8_t {
  none,
  nobody_left,   ///< nobody has left yet
  few_periods,   ///< fewer renewals seen than the model has parameters
  few_left,      ///< fewer than 10 customers have left
  same_leaving,  ///< the data do not tell how customers differ: alpha and beta at their bounds
  no_shape,      ///< the data do not tell how leaving changes with tenure: c at its bound
};
EMPTOR_EXPORT std::span<const std::string_view> contract_fit_reason_labels() noexcept;

/// A fitted model of contracts: a value without the data it was fitted to.
struct ContractFit {
  ContractModel model = ContractModel::sbg;
  data::Span period{1, data::Span::Unit::years};
  std::vector<double> parameters{};      ///< in the order of parameter_names(model)
  std::vector<double> log_covariance{};  ///< of their logarithms; 0 for one at a bound
  double log_likelihood = 0;
  double aic = 0;
  double bic = 0;
  std::int64_t n = 0;           ///< customers
  std::int64_t n_lost = 0;      ///< ... who left
  std::int64_t max_tenure = 0;  ///< the latest renewal that was seen
  bool converged = false;
  int iterations = 0;
  Status status = Status::ok;
  ContractFitReason reason = ContractFitReason::none;
  double level = 0.95;

  std::vector<std::string> parameter_column{};
  std::vector<double> low{}, high{}, standard_error{};
  std::vector<std::int64_t> n_column{};
  std::vector<Status> status_column{};

  /// A row per parameter with interval; what else belongs to the fit is in info().
  [[nodiscard]] EMPTOR_EXPORT std::vector<Column> columns() const;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Scalar> info() const;
  /// Versioned, checksummed bytes that contract_fit_from() gives back to the last bit.
  [[nodiscard]] EMPTOR_EXPORT std::string to_bytes() const;
};
/// @throws FormatError unless the bytes are those of a fit.
EMPTOR_EXPORT ContractFit contract_fit_from(std::string_view bytes);

/// A fit from known parameters, as published ones, without uncertainty.
/// @throws InvalidArgument unless there is one positive number for each of parameter_names(model).
EMPTOR_EXPORT ContractFit contract_fit(ContractModel model, std::span<const double> parameters,
                                       const data::Span& period = {1, data::Span::Unit::years});

/// How customers under contract leave: a model of renewals fitted by maximum likelihood.
///
/// Where leaving is seen (a subscription is not renewed), a cohort's retention rate rises with time
/// even if nobody's changes, because those with a high chance of leaving go first. A model of how
/// that chance differs over customers tells the two apart, and projects retention and lifetimes
/// beyond what was seen (`projected_retention`, `residual_lifetime`). Parameters have intervals
/// from the curvature of the likelihood.
///
/// Under 10 customers lost the status is small_sample. With nobody lost, or fewer renewals seen
/// than there are parameters, it is not_enough_data and nothing is estimated.
/// @throws InvalidArgument for rows that cannot be, naming the first, or options out of range.
EMPTOR_EXPORT ContractFit fit_contracts(const ContractView& contracts,
                                        const FitContractsOptions& options = {},
                                        const Context& context = {});

}  // namespace emptor::customers
