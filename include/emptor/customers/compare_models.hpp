#pragma once

#include "emptor/core/columns.hpp"
#include "emptor/core/context.hpp"
#include "emptor/core/estimate.hpp"
#include "emptor/core/export.hpp"
#include "emptor/customers/fit_purchases.hpp"
#include "emptor/customers/purchase_summary.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace emptor::customers {

/// What the customers of a summary, row by row, bought in a holdout of length T in its unit.
struct PurchaseHoldout {
  std::span<const std::int64_t> frequency{};
  double T = 0;
};

struct CompareModelsOptions {
  std::vector<PurchaseModel> models{PurchaseModel::mbgnbd, PurchaseModel::bgnbd,
                                    PurchaseModel::pnbd, PurchaseModel::nbd};
  double level = 0.95;  ///< confidence of the intervals
};

/// One row per model, best first: by the holdout where there is one, else by AIC.
struct CompareModelsResult {
  std::vector<PurchaseModel> model{};  ///< what was asked for
  std::vector<PurchaseFit> fit{};      ///< what it came to
  std::vector<std::int64_t> k{};
  std::vector<std::int64_t> parameters{};
  std::vector<double> log_likelihood{};
  std::vector<double> aic{};
  std::vector<double> bic{};
  std::vector<double> log_score{};  ///< mean ln(chance given to what a customer bought)
  /// The best model's log score less this one's, per customer, with a paired interval: one that
  /// holds 0 does not tell the two apart.
  std::vector<double> behind{};
  std::vector<double> behind_low{};
  std::vector<double> behind_high{};
  std::vector<double> mean_absolute_error{};  ///< of expected against bought, per customer
  std::vector<double> expected_purchases{};   ///< of all customers together in the holdout
  std::vector<std::int64_t> n{};
  std::vector<Status> status{};
  std::vector<PurchaseFitReason> reason{};
  bool has_holdout = false;
  double holdout_T = 0;
  std::int64_t holdout_purchases = 0;
  double level = 0.95;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Column> columns() const;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Scalar> info() const;
};

/// Which purchase model fits these customers, and which foresees them best?
///
/// All log-likelihoods are on one scale: densities of the same purchases, so that AIC and BIC
/// compare (models with Erlang gaps see the gaps besides). A summary with a holdout is judged by
/// it: `log_score` is the mean logarithm of the chance a model gave to the number of purchases a
/// customer then made, `behind` how much worse that is than the best model's, with an interval. A
/// model that found nobody leaving stands as "nbd" with reason "no_leaving".
/// @throws InvalidArgument for rows that cannot be, no models, or Erlang models without log_gaps.
EMPTOR_EXPORT CompareModelsResult compare_models(const PurchaseSummaryView& summary,
                                                 const PurchaseHoldout& holdout = {},
                                                 const CompareModelsOptions& options = {},
                                                 const Context& context = {});

}  // namespace emptor::customers
