#pragma once

#include "emptor/core/columns.hpp"
#include "emptor/core/columns_file.hpp"
#include "emptor/core/context.hpp"
#include "emptor/core/estimate.hpp"
#include "emptor/core/export.hpp"
#include "emptor/customers/purchase_summary.hpp"
#include "emptor/data/calendar.hpp"
#include "emptor/learn/features.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace emptor::customers {

/// How customers buy and leave. In all of them rates of buying follow a gamma law over customers.
enum class PurchaseModel : std::uint8_t {
  mbgnbd,   ///< leaves after any purchase, the first included (Batislam et al. 2007)
  bgnbd,    ///< leaves after a repeat purchase (Fader, Hardie, Lee 2005)
  pnbd,     ///< leaves at any time: Pareto/NBD (Schmittlein, Morrison, Colombo 1987)
  nbd,      ///< never leaves (Ehrenberg 1959)
  mbgcnbd,  ///< mbgnbd with regular buying: Erlang gaps (Platzer, Reutterer 2016)
  bgcnbd,   ///< bgnbd with regular buying
};
/// @throws InvalidArgument naming the nearest model.
EMPTOR_EXPORT PurchaseModel parse_purchase_model(std::string_view text);
EMPTOR_EXPORT std::string_view to_string(PurchaseModel model) noexcept;
EMPTOR_EXPORT std::span<const std::string_view> purchase_model_labels() noexcept;
/// "r", "alpha", "a", "b": the parameters of a model in their order.
EMPTOR_EXPORT std::span<const std::string_view> parameter_names(PurchaseModel model) noexcept;

/// What a covariate acts on. z of a customer multiplies by e^(coefficient z) ...
enum class CovariateRole : std::uint8_t {
  buying,   ///< ... his rate of buying: alpha becomes alpha e^-(..)
  leaving,  ///< ... his rate of leaving (pnbd: beta e^-(..)), or his odds of it at a purchase (a)
  spread,   ///< ... a and b alike: mean chances of leaving stay, customers become more alike
};
EMPTOR_EXPORT std::span<const std::string_view> covariate_role_labels() noexcept;
/// @throws InvalidArgument unless it is "buying", "leaving" or "spread".
EMPTOR_EXPORT CovariateRole parse_covariate_role(std::string_view text);

/// Names of the summary's covariates, by what they act on.
struct PurchaseCovariates {
  std::vector<std::string> buying{}, leaving{}, spread{};
  [[nodiscard]] std::vector<std::string>& of(CovariateRole role) noexcept {
    if (role == CovariateRole::buying) return buying;
    return role == CovariateRole::leaving ? leaving : spread;
  }
  [[nodiscard]] bool empty() const noexcept {
    return buying.empty() && leaving.empty() && spread.empty();
  }
};

/// One coefficient: of a number, or of a category against the most frequent one.
struct CovariateEffect {
  CovariateRole role = CovariateRole::buying;
  std::int32_t covariate = 0;  ///< of PurchaseFit::covariates
  std::int32_t level = -1;     ///< of its levels; -1 for a number
};

struct FitPurchasesOptions {
  /// How customers buy and leave: "mbgnbd", "bgnbd", "pnbd", "nbd", or "mbgcnbd" and "bgcnbd" for
  /// regular buyers.
  PurchaseModel model = PurchaseModel::mbgnbd;
  /// Shape of the gaps of mbgcnbd and bgcnbd, 1 to 12; 0 takes the one of greatest likelihood.
  int k = 0;
  double level = 0.95;       ///< confidence of the parameters' intervals
  int max_iterations = 100;  ///< of Newton's method
  /// Columns of the summary that tell customers apart, by what they act on: "buying", "leaving",
  /// "spread". For mbgnbd, bgnbd, pnbd and nbd.
  PurchaseCovariates covariates{};
};

/// What a fit has to say about itself beyond its status.
enum class PurchaseFitReason : std::uint8_t {
  none,
  no_leaving,          ///< the data show no permanent leaving: the model asked for became nbd
  same_rates,          ///< all customers buy at one rate: r and alpha at their bounds
  same_leaving,        ///< all leave alike, or two extremes: the leaving parameters at their bounds
  no_repeat,           ///< nobody bought twice
  few_customers,       ///< fewer than 10 customers with a repeat purchase
  covariate_at_bound,  ///< a covariate parts those who buy (or leave) from those who never do
};
EMPTOR_EXPORT std::span<const std::string_view> purchase_fit_reason_labels() noexcept;

/// A fitted purchase model: a value without the data it was fitted to.
struct PurchaseFit {
  PurchaseModel model = PurchaseModel::mbgnbd;  ///< what was fitted
  PurchaseModel asked = PurchaseModel::mbgnbd;  ///< what was asked for
  int k = 1;                                    ///< Erlang shape of the gaps
  data::Span::Unit unit = data::Span::Unit::weeks;
  std::vector<double> parameters{};  ///< in the order of parameter_names(model), times in `unit`
  std::vector<learn::FeatureInfo> covariates{};  ///< as the fit saw them; parameters are those of
                                                 ///< a customer with numbers 0 and the categories
                                                 ///< that have no effect of their own
  std::vector<CovariateEffect> effects{};
  std::vector<double> coefficients{};  ///< of `effects`
  /// Of the logarithms of the parameters, then of the coefficients, row by row; 0 for one at a
  /// bound, NaN where the curvature is not that of a maximum.
  std::vector<double> log_covariance{};
  double log_likelihood = 0;
  double aic = 0;
  double bic = 0;
  std::int64_t n = 0;          ///< customers
  std::int64_t n_repeat = 0;   ///< ... with a repeat purchase
  std::int64_t purchases = 0;  ///< repeat purchases
  double max_T = 0;            ///< the longest any of them was watched
  bool converged = false;
  int iterations = 0;
  Status status = Status::ok;
  PurchaseFitReason reason = PurchaseFitReason::none;
  double level = 0.95;

  /// Rows of the table: parameters, then coefficients.
  std::vector<std::string> parameter_column{};
  std::vector<double> value_column{}, low{}, high{}, standard_error{};
  std::vector<std::int64_t> n_column{};
  std::vector<Status> status_column{};

  /// A row per parameter with interval; what else belongs to the fit is in info().
  [[nodiscard]] EMPTOR_EXPORT std::vector<Column> columns() const;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Scalar> info() const;
  /// Versioned, checksummed bytes that purchase_fit_from() gives back to the last bit.
  [[nodiscard]] EMPTOR_EXPORT std::string to_bytes() const;
};
/// @throws FormatError unless the bytes are those of a fit.
EMPTOR_EXPORT PurchaseFit purchase_fit_from(std::string_view bytes);

/// A fit from known parameters, as published ones, without uncertainty.
/// @throws InvalidArgument unless there is one positive number for each of parameter_names(model).
EMPTOR_EXPORT PurchaseFit purchase_fit(PurchaseModel model, std::span<const double> parameters,
                                       data::Span::Unit unit, int k = 1);

/// How customers buy, and whether they leave: a purchase model fitted by maximum likelihood.
///
/// From how often (`frequency`), until when (`recency`) and for how long watched (`T`) each
/// customer bought, a model learns how buying rates and leaving spread over customers; the fit then
/// answers who still buys (`p_alive`) and how much is to come (`expected_purchases`). Its own table
/// holds the parameters with intervals from the curvature of the likelihood.
///
/// With `covariates` customers of the same buying may differ by what else is known of them: each
/// column has a coefficient g for buying and one for leaving, with interval. A rate of buying (or
/// of leaving, in the Pareto/NBD) is e^g times as large where a number is larger by 1, or in a
/// category against the most frequent one; in the BG and MBG models g moves the odds of leaving at
/// a purchase. What the fit can be asked uses each customer's own covariates.
///
/// Where the data show no permanent leaving, a model with leaving has no greatest likelihood: the
/// fit then is the "nbd" model, its status "boundary" and its reason "no_leaving"; P(alive) cannot
/// rank such customers. Under 10 customers with a repeat purchase the status is small_sample, with
/// none not_enough_data and nothing is estimated.
/// @throws InvalidArgument for rows that cannot be, naming the first, options out of range, and
/// covariates that are missing in a row, the same for all, or told by others before them.
EMPTOR_EXPORT PurchaseFit fit_purchases(const PurchaseSummaryView& summary,
                                        const FitPurchasesOptions& options = {},
                                        const Context& context = {});

}  // namespace emptor::customers
