#pragma once

#include "emptor/core/columns.hpp"
#include "emptor/core/context.hpp"
#include "emptor/core/estimate.hpp"
#include "emptor/core/export.hpp"
#include "emptor/learn/features.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace emptor::learn {

struct LogisticOptions {
  double penalty = 1;   ///< of coefficients per standard deviation; 0 is maximum likelihood
  double l1_ratio = 0;  ///< 0 ridge, 1 lasso, between elastic net: penalty * (l1_ratio * |b| +
                        ///< (1 - l1_ratio) / 2 * b^2)
  double level = 0.95;  ///< confidence of the intervals
  int max_iterations = 100;
  double tolerance = 1e-10;  ///< of the gain a full step still promises, relative
};

/// What a column of the design stands for.
enum class DesignKind : std::uint8_t {
  number,   ///< the number, missing at its mean
  missing,  ///< 1 where the number or category is missing
  level,    ///< 1 for a level, against the most frequent one
};

/// One column of the design. The model's term is coefficient * (x - centre) / scale.
struct DesignColumn {
  std::int32_t feature = 0;
  DesignKind kind = DesignKind::number;
  std::int32_t level = -1;
  double centre = 0;  ///< weighted mean
  double scale = 1;   ///< weighted standard deviation
  double coefficient = 0;
};

/// log-odds = intercept + sum of terms, each with mean 0 over the rows of the fit.
struct LogisticModel {
  std::vector<FeatureInfo> features{};
  std::vector<DesignColumn> design{};
  double intercept = 0;  ///< log-odds where every column is at its mean
  double log_likelihood = 0;
  std::int64_t n = 0;
  std::int64_t n_events = 0;
  int iterations = 0;
  bool converged = false;
  double level = 0.95;
  /// ok; boundary: the classes can be parted, coefficients have no end; not_enough_data: one class
  /// only; not_converged.
  Status status = Status::ok;
  // The coefficients per unit, one row per column of the design.
  std::vector<std::string> term{};
  std::vector<double> coefficient{}, low{}, high{};
  std::vector<double> standard_error{};  ///< NaN where l1_ratio > 0
  std::vector<double> p_value{};         ///< Wald's, two-sided
  std::vector<double> per_deviation{};   ///< per standard deviation
  /// ok; undefined: the column is constant, or a sum of earlier ones, and was left out.
  std::vector<Status> term_status{};
  [[nodiscard]] EMPTOR_EXPORT std::vector<Column> columns() const;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Scalar> info() const;
};

/// Penalised logistic regression of a yes or no.
///
/// Numbers enter as they are with missing at the mean and a column for missing, categories as one
/// column per level but the most frequent; all are centred and scaled inside, so that the penalty
/// treats them alike, and the intercept is free. Newton's method (iteratively reweighted least
/// squares), with coordinate descent where l1_ratio > 0. Standard errors are those of the inverse
/// penalised information; they ignore the bias of the penalty.
/// @throws InvalidArgument, Cancelled
EMPTOR_EXPORT LogisticModel logistic_regression(const TrainingView& view,
                                                const LogisticOptions& options = {},
                                                const Context& context = {});

/// Log-odds of rows; `contributions` also says what each column of the table adds, against its
/// mean. Unseen categories count as missing, and add nothing where the fit had none missing.
/// @throws DataError with the difference if columns are missing or of another type.
EMPTOR_EXPORT ModelScores logistic_scores(const LogisticModel& model,
                                          std::span<const Feature> features,
                                          bool contributions = false, const Context& context = {});

}  // namespace emptor::learn
