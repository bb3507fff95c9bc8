#include "emptor/learn/classifier.hpp"

#include "emptor/core/error.hpp"

#include "core/parallel.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <utility>

namespace emptor::learn {
namespace {

constexpr std::array<std::string_view, 2> kLabels{"additive", "logistic"};
// Fewer held-out events or others than this leave scores as they are.
constexpr std::int64_t kCalibrationCases = 20;

struct Model {
  AdditiveModel additive{};
  LogisticModel logistic{};
  BackEndModel other{};
};

/// How many steps the curve of lift has.
constexpr int kLiftSteps = 20;

/// Some rows of a table, owned.
struct Rows {
  std::vector<std::vector<double>> number{};
  std::vector<std::vector<std::int32_t>> code{};
  std::vector<Feature> features{};
  std::vector<std::uint8_t> outcome{};
  std::vector<double> weight{};
  std::vector<std::uint64_t> key{};
  [[nodiscard]] TrainingView view() const { return {features, outcome, weight, key}; }
};

template <typename T>
std::vector<T> picked(std::span<const T> values, std::span<const std::size_t> rows) {
  std::vector<T> result;
  if (values.empty()) return result;
  result.reserve(rows.size());
  for (const std::size_t i : rows) result.push_back(values[i]);
  return result;
}

Rows rows_of(const TrainingView& view, std::span<const std::size_t> rows) {
  Rows result;
  result.number.resize(view.features.size());
  result.code.resize(view.features.size());
  for (std::size_t f = 0; f < view.features.size(); ++f) {
    const Feature& from = view.features[f];
    result.number[f] = picked(from.number, rows);
    result.code[f] = picked(from.code, rows);
    result.features.push_back({from.name, result.number[f], result.code[f], from.categories});
  }
  result.outcome = picked(view.outcome, rows);
  result.weight = picked(view.weight, rows);
  // Rows keep the keys they have in the whole table.
  if (view.key.empty()) {
    result.key.assign(rows.begin(), rows.end());
  } else {
    result.key = picked(view.key, rows);
  }
  return result;
}

/// `whole`: the model to keep, which also says what its terms weigh.
Model fitted(const TrainingView& view, const ClassifierOptions& options, bool whole,
             const Context& context) {
  Model model;
  switch (options.model) {
    case ClassifierKind::additive:
      model.additive = additive_model(view, options.additive, context);
      break;
    case ClassifierKind::logistic:
      model.logistic = logistic_regression(view, options.logistic, context);
      break;
    case ClassifierKind::back_end:
      model.other = fit_back_end(view, options.back_end, options.additive.seed, whole, context);
  }
  return model;
}

/// Scores by a model, or by a classifier, which has the same members.
template <typename Fitted>
ModelScores scored(ClassifierKind kind, const Fitted& model, std::span<const Feature> features,
                   bool contributions, const Context& context) {
  switch (kind) {
    case ClassifierKind::additive:
      return additive_scores(model.additive, features, contributions, context);
    case ClassifierKind::logistic:
      return logistic_scores(model.logistic, features, contributions, context);
    case ClassifierKind::back_end:
      return back_end_scores(model.other, features, contributions, context);
  }
  return {};
}

/// A calibration where there are cases enough, else none.
Calibration calibrated(const std::vector<double>& log_odds,
                       const std::vector<std::uint8_t>& outcome, CalibrationKind kind) {
  std::int64_t events = 0;
  for (const std::uint8_t y : outcome) events += y;
  const std::int64_t others = static_cast<std::int64_t>(outcome.size()) - events;
  const bool enough = std::min(events, others) >= kCalibrationCases;
  return fit_calibration(log_odds, outcome, enough ? kind : CalibrationKind::none);
}

/// Log-odds of every fold's test rows by a model of its training rows; NaN for rows never tried.
std::vector<double> held_out(const TrainingView& view, std::span<const Fold> folds,
                             const ClassifierOptions& options, const Context& context) {
  std::vector<double> log_odds(view.rows(), std::nan(""));
  Context quiet = context;
  quiet.progress = nullptr;
  for (std::size_t f = 0; f < folds.size(); ++f) {
    const Rows train = rows_of(view, folds[f].train);
    const Rows test = rows_of(view, folds[f].test);
    const Model model = fitted(train.view(), options, false, quiet);
    const auto scores = scored(options.model, model, test.features, false, quiet);
    for (std::size_t k = 0; k < folds[f].test.size(); ++k)
      log_odds[folds[f].test[k]] = scores.log_odds[k];
    if (context.progress)
      context.progress(static_cast<double>(f + 1) / static_cast<double>(folds.size() + 1));
  }
  return log_odds;
}

void check_folds(std::span<const Fold> folds, std::size_t rows) {
  for (const Fold& fold : folds)
    for (const auto* part : {&fold.train, &fold.test})
      for (const std::size_t i : *part)
        if (i >= rows)
          throw InvalidArgument("fit_classifier: a fold names row " + std::to_string(i) + " of " +
                                std::to_string(rows));
}

}  // namespace

std::span<const std::string_view> classifier_labels() noexcept { return kLabels; }

ClassifierKind parse_classifier(std::string_view text) {
  const auto found = std::find(kLabels.begin(), kLabels.end(), text);
  if (found == kLabels.end())
    throw InvalidArgument("model must be \"additive\" or \"logistic\", got \"" +
                          std::string(text.substr(0, 40)) + "\"");
  return static_cast<ClassifierKind>(found - kLabels.begin());
}

std::vector<FeatureInfo> Classifier::schema() const {
  if (model == ClassifierKind::logistic) return logistic.features;
  if (model == ClassifierKind::back_end) return other.features;
  std::vector<FeatureInfo> info;
  for (const FeatureBins& feature : additive.features) info.push_back(feature.info);
  return info;
}

std::string Classifier::name() const {
  if (model == ClassifierKind::back_end) return other.name;
  return std::string(kLabels[static_cast<std::size_t>(model)]);
}

std::vector<std::string> Classifier::terms() const {
  if (model == ClassifierKind::additive) return additive.term;
  std::vector<std::string> names;
  for (const FeatureInfo& feature : schema()) names.push_back(feature.name);
  return names;
}

Classifier fit_classifier(const TrainingView& view, std::span<const Fold> folds,
                          std::span<const std::int32_t> cluster, const ClassifierOptions& options,
                          const Context& context, std::span<const double> value) {
  check(view, "fit_classifier");
  check_folds(folds, view.rows());
  if (!cluster.empty() && cluster.size() != view.rows())
    throw InvalidArgument("fit_classifier: cluster has " + std::to_string(cluster.size()) +
                          " values, outcome " + std::to_string(view.rows()));
  if (!value.empty() && value.size() != view.rows())
    throw InvalidArgument("fit_classifier: value has " + std::to_string(value.size()) +
                          " values, outcome " + std::to_string(view.rows()));
  if ((options.model == ClassifierKind::back_end) != (options.back_end != nullptr))
    throw InvalidArgument("fit_classifier: model is a back end if, and only if, back_end is given");
  Classifier result;
  result.model = options.model;
  result.folds = static_cast<std::int64_t>(folds.size());
  const std::vector<double> log_odds = held_out(view, folds, options, context);
  std::vector<double> tried_log_odds;
  std::vector<std::uint8_t> tried_outcome;
  std::vector<std::int32_t> tried_cluster;
  for (std::size_t i = 0; i < view.rows(); ++i) {
    if (std::isnan(log_odds[i])) continue;
    result.tried.push_back(i);
    tried_log_odds.push_back(log_odds[i]);
    tried_outcome.push_back(view.outcome[i]);
    if (!cluster.empty()) tried_cluster.push_back(cluster[i]);
  }
  std::vector<double> probability(view.rows());
  for (const Fold& fold : folds) {
    std::vector<double> known;
    std::vector<std::uint8_t> outcome;
    for (const std::size_t i : fold.train) {
      if (std::isnan(log_odds[i])) continue;
      known.push_back(log_odds[i]);
      outcome.push_back(view.outcome[i]);
    }
    const Calibration own = calibrated(known, outcome, options.calibration);
    const std::vector<double> here = calibrate(own, picked(std::span(log_odds), fold.test));
    for (std::size_t k = 0; k < here.size(); ++k) probability[fold.test[k]] = here[k];
  }
  result.probability = picked(std::span<const double>(probability), result.tried);
  const std::vector<double> tried_value = picked(value, result.tried);
  const ClassificationView measured{tried_outcome, result.probability, tried_cluster, tried_value};
  result.metrics = classification_metrics(measured, options.metrics);
  result.reliability = reliability(measured, options.metrics);
  result.lift = lift_curve(measured, kLiftSteps, options.metrics);
  result.profit = maximum_profit(measured, options.metrics);
  result.calibration = calibrated(tried_log_odds, tried_outcome, options.calibration);
  result.venn_abers = fit_venn_abers(tried_log_odds, tried_outcome);

  Context quiet = context;
  quiet.progress = nullptr;
  Model all = fitted(view, options, true, quiet);
  result.additive = std::move(all.additive);
  result.logistic = std::move(all.logistic);
  result.other = std::move(all.other);
  const auto take = [&](const auto& model) {
    result.n = model.n;
    result.n_events = model.n_events;
    result.status = model.status;
  };
  if (options.model == ClassifierKind::additive) take(result.additive);
  if (options.model == ClassifierKind::logistic) take(result.logistic);
  if (options.model == ClassifierKind::back_end) take(result.other);
  return result;
}

ClassifierScores classify(const Classifier& fitted, std::span<const Feature> features,
                          bool contributions, const Context& context) {
  ModelScores scores = scored(fitted.model, fitted, features, contributions, context);
  ClassifierScores result;
  result.probability = calibrate(fitted.calibration, scores.log_odds);
  VennAbersBand band = venn_abers(fitted.venn_abers, scores.log_odds);
  result.low = std::move(band.low);
  result.high = std::move(band.high);
  for (std::size_t i = 0; i < result.probability.size(); ++i) {
    result.low[i] = std::min(result.low[i], result.probability[i]);
    result.high[i] = std::max(result.high[i], result.probability[i]);
  }
  result.log_odds = std::move(scores.log_odds);
  result.contribution = std::move(scores.contribution);
  result.terms = scores.terms;
  result.diff = std::move(scores.diff);
  return result;
}

}  // namespace emptor::learn
