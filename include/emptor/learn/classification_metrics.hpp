#pragma once

#include "emptor/core/columns.hpp"
#include "emptor/core/estimate.hpp"
#include "emptor/core/export.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace emptor::learn {

/// What was forecast and what came, one row a case.
struct ClassificationView {
  std::span<const std::uint8_t> outcome{};  ///< 1 where the event came, else 0
  std::span<const double> probability{};    ///< forecast, 0 to 1
  /// Whom a row belongs to, where rows are not independent: several snapshots of one customer.
  /// Intervals then add up by cluster. Any codes; empty: every row its own.
  std::span<const std::int32_t> cluster{};
  std::span<const double> value{};  ///< what keeping the case is worth; empty: the mean of options
};

struct ClassificationOptions {
  double level = 0.95;  ///< confidence of the intervals
  double top = 0.1;     ///< share of cases the lift looks at, those of the highest probability
  int bins = 10;        ///< of equal counts, for reliability and the parts of the Brier score
  // A campaign that offers an incentive to the cases of highest probability (maximum_profit).
  double accept_alpha = 6;      ///< share who accept it: Beta(accept_alpha, accept_beta)
  double accept_beta = 14;      ///< its second shape
  double customer_value = 200;  ///< of one who stays, where the view gives none
  double incentive_cost = 10;   ///< of an offer taken
  double contact_cost = 1;      ///< of an offer made
};

/// Measures of a forecast of yes or no, each with an interval.
struct ClassificationMetrics {
  Estimate auc{};  ///< P(a case with the event is ranked above one without); ties half
  Estimate average_precision{};  ///< area under precision by recall, one step per distinct value
  Estimate brier{};              ///< mean squared error of the probability
  Estimate log_loss{};           ///< mean negative log-likelihood in nats, clipped at 1e-15
  Estimate lift{};               ///< events caught in the top share, over that share
  /// The parts of the Brier score by bin: brier = reliability - resolution + uncertainty + within.
  double brier_reliability = 0;  ///< mean squared distance of forecast and share; 0 is calibrated
  double brier_resolution = 0;   ///< mean squared distance of a bin's share from the overall one
  double brier_uncertainty = 0;  ///< of the outcome itself
  double brier_within = 0;       ///< what differs inside of bins
  double share = 0;              ///< of cases with the event
  std::int64_t n = 0;
  std::int64_t n_events = 0;
  double top = 0.1;
  // The estimates as columns.
  std::vector<std::string> metric{};
  std::vector<double> value{}, low{}, high{};
  std::vector<std::int64_t> value_n{};
  std::vector<Status> status{};
  [[nodiscard]] EMPTOR_EXPORT std::vector<Column> columns() const;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Scalar> info() const;
};

/// Forecasts and what came of them by bins of equal counts; equal forecasts share a bin.
struct Reliability {
  std::vector<std::int64_t> bin{};
  std::vector<double> probability{};  ///< mean forecast
  std::vector<double> share{}, share_low{}, share_high{};
  std::vector<std::int64_t> n{};
  std::vector<Status> status{};  ///< small_sample under 20 cases
  double level = 0.95;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Column> columns() const;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Scalar> info() const;
};

/// What an offer to the cases of highest probability is worth, per case of the whole table.
struct MaximumProfit {
  double expected = 0;           ///< EMPC: mean over the law of acceptance
  double expected_fraction = 0;  ///< share of cases contacted, on average
  double at_mean = 0;            ///< MPC: where the mean share accepts
  double at_mean_fraction = 0;
};

/// How good are these probabilities?
///
/// AUC is exact with ties, its interval DeLong's (1988) on the logit scale, by cluster where
/// clusters are given (Obuchowski 1997). The interval of average precision is that of a share of
/// events on the logit scale (Boyd et al. 2013), of the lift that of lift_curve(); ties at the edge
/// of the top share count in part. With one class only there is no AUC, average precision or lift:
/// status not_enough_data.
/// @throws InvalidArgument naming the first row that cannot be.
EMPTOR_EXPORT ClassificationMetrics
classification_metrics(const ClassificationView& view, const ClassificationOptions& options = {});

/// Do events come as often as forecast? With Wilson intervals, of fewer cases where clusters hold
/// several whose outcomes go together.
EMPTOR_EXPORT Reliability reliability(const ClassificationView& view,
                                      const ClassificationOptions& options = {});

/// The expected maximum profit of Verbraken, Verbeke and Baesens (2013): for every share g who
/// accept, contact as many of the highest probabilities as pay, and average over Beta(g). With
/// `value` each case counts with its own.
EMPTOR_EXPORT MaximumProfit maximum_profit(const ClassificationView& view,
                                           const ClassificationOptions& options = {});

}  // namespace emptor::learn
