#pragma once

#include "emptor/core/columns.hpp"
#include "emptor/core/context.hpp"
#include "emptor/core/export.hpp"
#include "emptor/learn/additive_model.hpp"
#include "emptor/learn/back_end.hpp"
#include "emptor/learn/calibration.hpp"
#include "emptor/learn/classification_metrics.hpp"
#include "emptor/learn/features.hpp"
#include "emptor/learn/lift_curve.hpp"
#include "emptor/learn/logistic_regression.hpp"
#include "emptor/learn/validation.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace emptor::learn {

enum class ClassifierKind : std::uint8_t {
  additive,
  logistic,
  back_end,  ///< of another library, handed in as ClassifierOptions::back_end
};
/// "additive", "logistic".
EMPTOR_EXPORT std::span<const std::string_view> classifier_labels() noexcept;
/// @throws InvalidArgument naming the two; a back end has no text.
EMPTOR_EXPORT ClassifierKind parse_classifier(std::string_view text);

struct ClassifierOptions {
  ClassifierKind model = ClassifierKind::additive;
  CalibrationKind calibration = CalibrationKind::platt;
  AdditiveOptions additive{};
  LogisticOptions logistic{};
  ClassificationOptions metrics{};
  std::shared_ptr<const BackEnd> back_end{};  ///< needed by, and only by, ClassifierKind::back_end
};

/// A model of all rows, with probabilities calibrated, and metrics measured, on rows it had not
/// seen.
struct Classifier {
  ClassifierKind model = ClassifierKind::additive;
  AdditiveModel additive{};
  LogisticModel logistic{};
  BackEndModel other{};
  Calibration calibration{};
  VennAbers venn_abers{};
  // Of rows tried by folds, each by a model and a calibration that saw only its fold's rows.
  std::vector<std::size_t> tried{};   ///< which rows, ascending
  std::vector<double> probability{};  ///< one per tried row
  ClassificationMetrics metrics{};
  Reliability reliability{};
  LiftCurve lift{};
  MaximumProfit profit{};
  std::int64_t folds = 0;
  std::int64_t n = 0;
  std::int64_t n_events = 0;
  Status status = Status::ok;
  [[nodiscard]] EMPTOR_EXPORT std::vector<FeatureInfo> schema() const;
  /// "additive", "logistic", or what the back end calls itself.
  [[nodiscard]] EMPTOR_EXPORT std::string name() const;
  /// What contributions belong to: columns and pairs of columns.
  [[nodiscard]] EMPTOR_EXPORT std::vector<std::string> terms() const;
};

/// Probabilities of rows with the band of the two probabilities of Venn-Abers, widened to hold the
/// probability.
struct ClassifierScores {
  std::vector<double> probability{}, low{}, high{};
  std::vector<double> log_odds{};      ///< before calibration
  std::vector<double> contribution{};  ///< row-major, rows x terms, of the log-odds
  std::size_t terms = 0;
  SchemaDiff diff{};
};

/// Fits a model per fold and one on all rows, calibrates on the folds' scores, and measures them.
///
/// A fold's probabilities are calibrated by those of its training rows that other folds tried. With
/// time_ordered_folds neither model nor calibration saw the row they are measured on; with
/// grouped_folds the model did not, and the two or three numbers of the calibration rest on scores
/// of models that did. `cluster` (empty: rows are independent) says whom rows belong to, for the
/// intervals of the metrics; `value` (empty: customer_value of the options) what keeping a row's
/// case is worth, for the maximum profit.
/// @throws InvalidArgument, and whatever a back end throws.
EMPTOR_EXPORT Classifier fit_classifier(const TrainingView& view, std::span<const Fold> folds,
                                        std::span<const std::int32_t> cluster = {},
                                        const ClassifierOptions& options = {},
                                        const Context& context = {},
                                        std::span<const double> value = {});

/// @throws DataError with the difference if columns are missing or of another type.
EMPTOR_EXPORT ClassifierScores classify(const Classifier& fitted, std::span<const Feature> features,
                                        bool contributions = false, const Context& context = {});

}  // namespace emptor::learn
