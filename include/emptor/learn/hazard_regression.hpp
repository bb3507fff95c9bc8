#pragma once

#include "emptor/core/columns.hpp"
#include "emptor/core/context.hpp"
#include "emptor/core/estimate.hpp"
#include "emptor/core/export.hpp"
#include "emptor/learn/features.hpp"
#include "emptor/learn/logistic_regression.hpp"
#include "emptor/learn/survival.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace emptor::learn {

/// How the chance of the event within a period follows from log-odds or the like.
enum class HazardLink : std::uint8_t {
  logit,    ///< exp(coefficient) is the ratio of the odds of the event in a period
  cloglog,  ///< 1 - exp(-exp(.)): exp(coefficient) is the ratio of hazards, as in Cox's model
};
/// "logit", "cloglog".
EMPTOR_EXPORT std::span<const std::string_view> hazard_link_labels() noexcept;
/// @throws InvalidArgument naming the two.
EMPTOR_EXPORT HazardLink parse_hazard_link(std::string_view text);

struct HazardOptions {
  double period = 1;  ///< length of a period, in the unit of the durations
  HazardLink link = HazardLink::logit;
  double penalty = 0;     ///< of coefficients per standard deviation; 0 is maximum likelihood
  double smoothness = 1;  ///< of the baseline: penalty of squared steps from period to period
  double level = 0.95;    ///< confidence of the intervals
  int max_periods = 600;  ///< more are refused: take a longer period
  int max_iterations = 100;
  double tolerance = 1e-13;  ///< of the gain a full step still promises, relative
};

/// A fitted model of when an event comes: in period t the linear predictor is baseline[t] + sum of
/// terms, each with mean 0 over the rows of the fit.
struct HazardModel {
  std::vector<FeatureInfo> features{};
  std::vector<DesignColumn> design{};
  HazardOptions options{};
  // One row per period, the first ending at options.period.
  std::vector<std::int64_t> number{};  ///< 1, 2, ...
  std::vector<double> time{};          ///< end of the period
  std::vector<double> hazard{};        ///< chance of the event in it for the mean row
  std::vector<double> hazard_low{}, hazard_high{};
  std::vector<std::int64_t> n{};  ///< rows watched through the period, or with the event in it
  std::vector<Status> status{};   ///< small_sample under 10 events; boundary: all or none of them
  std::vector<std::int64_t> events{};
  std::vector<double> baseline{};  ///< the linear predictor of the mean row
  // The coefficients per unit, one row per column of the design that was kept.
  std::vector<std::string> term{};
  std::vector<double> coefficient{}, low{}, high{};
  std::vector<double> ratio{};  ///< exp(coefficient): of odds or hazards
  std::vector<double> standard_error{}, p_value{};
  std::vector<double> per_deviation{};
  /// Of baseline, then of per_deviation, row by row: the inverse penalised information.
  std::vector<double> covariance{};
  double log_likelihood = 0;
  std::int64_t n_rows = 0;
  std::int64_t n_events = 0;
  std::int64_t left_out = 0;  ///< rows that were watched through no whole period
  int iterations = 0;
  bool converged = false;
  Status fit_status = Status::ok;  ///< not_enough_data: no event, nothing fitted; not_converged
  [[nodiscard]] EMPTOR_EXPORT std::vector<Column> columns() const;  ///< the periods
  [[nodiscard]] EMPTOR_EXPORT std::vector<Column> term_columns() const;
  /// The model, versioned and checksummed; see hazard_model_from.
  [[nodiscard]] EMPTOR_EXPORT std::string to_bytes() const;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Scalar> info() const;
};

/// What moves the chance that the event comes in the next period, given that it has not come yet?
///
/// Durations are cut into periods (0, period], (period, 2 period], ...; a row with the event had it
/// in the period its duration falls into, a censored row was watched through the periods that had
/// ended. An `entry` starts with the first period that begins at or after it, so that rows of one
/// case with values that change over time follow each other as episodes. The likelihood is that of
/// one yes or no per row and period (Cox 1972; Prentice and Gloeckler 1978; Allison 1982), with a
/// baseline of its own for every period. Neither rows nor periods are copied for it. Scoring steps
/// with halving; standard errors from the inverse penalised expected information. Columns that are
/// constant or sums of others are left out. Groups of the view are not used.
/// @throws InvalidArgument as check(); for columns of another length; for more than max_periods.
EMPTOR_EXPORT HazardModel hazard_regression(const SurvivalView& view,
                                            std::span<const Feature> features,
                                            const HazardOptions& options = {},
                                            const Context& context = {});

/// The model that to_bytes() wrote, from bytes of anywhere. @throws FormatError saying what is
/// wrong
EMPTOR_EXPORT HazardModel hazard_model_from(std::string_view bytes);

/// Survival foretold: one row per row of the table and period.
struct HazardSurvival {
  std::vector<std::int64_t> row{};
  std::vector<double> time{};      ///< end of a period; the first is 0
  std::vector<double> survival{};  ///< chance that the event has not come by then
  std::vector<double> survival_low{}, survival_high{};
  std::vector<std::int64_t> n{};  ///< rows of the fit watched through the period
  std::vector<Status> status{};   ///< extrapolated past the last period with an event
  double level = 0.95;
  SchemaDiff diff{};
  [[nodiscard]] EMPTOR_EXPORT std::vector<Column> columns() const;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Scalar> info() const;
};

/// The survival of each row of a table, were its values to stay. Intervals are those of the curve
/// (how well the model knows it), by the delta method on the log-log scale, each time by itself.
/// Columns go by name; unseen categories count as missing.
/// @throws DataError with the difference if columns are missing or of another type;
/// InvalidArgument for a model without events.
EMPTOR_EXPORT HazardSurvival hazard_survival(const HazardModel& model,
                                             std::span<const Feature> features,
                                             const Context& context = {});

}  // namespace emptor::learn
