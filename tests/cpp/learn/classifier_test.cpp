#include "emptor/learn/classifier.hpp"

#include "emptor/core/error.hpp"

#include "learn/known_truth.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <string>
#include <vector>

namespace emptor::learn {
namespace {

std::vector<Fold> five_folds(std::size_t rows) {
  std::vector<std::uint64_t> key(rows);
  std::iota(key.begin(), key.end(), 0U);
  return grouped_folds(key, 5, 1);
}

Classifier fitted(const KnownTruth& truth, const ClassifierOptions& options = {}) {
  const auto features = truth.features();
  return fit_classifier({features, truth.outcome, {}, {}}, five_folds(truth.outcome.size()), {},
                        options);
}

TEST(Classifier, CrossValidationForetellsLaterData) {
  const KnownTruth truth(5000, 1), later(20000, 2);
  for (const auto model : {ClassifierKind::additive, ClassifierKind::logistic}) {
    ClassifierOptions options;
    options.model = model;
    const Classifier c = fitted(truth, options);
    ASSERT_EQ(c.tried.size(), 5000U);
    const auto scores = classify(c, later.features());
    const auto m = classification_metrics({later.outcome, scores.probability, {}, {}});
    EXPECT_NEAR(m.auc.value, c.metrics.auc.value, 0.02);
    EXPECT_NEAR(m.brier.value, c.metrics.brier.value, 0.01);
    EXPECT_LT(m.brier_reliability, 0.001);  // probabilities hold on later data
    for (std::size_t i = 0; i < scores.low.size(); ++i) {
      ASSERT_LE(scores.low[i], scores.probability[i]);
      ASSERT_GE(scores.high[i], scores.probability[i]);
    }
  }
}

// Outcomes drawn without regard to the columns: whatever the folds find must look like nothing.
TEST(Classifier, FindsNothingWhereNothingIs) {
  KnownTruth truth(3000, 3);
  core::Random random(4);
  for (auto& y : truth.outcome) y = random.uniform() < 0.3 ? 1 : 0;
  const Classifier c = fitted(truth);
  EXPECT_LT(c.metrics.auc.low, 0.5);
  EXPECT_GT(c.metrics.auc.high, 0.5);
}

// A row's log-odds must not know its own outcome; with folds in the order of time neither does its
// calibration. Turning an outcome around leaves its own probability and those of its fold alone.
TEST(Classifier, ARowsOutcomeDoesNotReachItsOwnProbability) {
  KnownTruth truth(600, 5);
  const auto features = truth.features();
  ClassifierOptions options;
  options.model = ClassifierKind::logistic;
  std::vector<std::uint64_t> key(600);
  std::iota(key.begin(), key.end(), 0U);
  std::vector<std::int64_t> known, outcome;
  for (std::int64_t i = 0; i < 600; ++i) {
    known.push_back(i / 100);
    outcome.push_back(i / 100 + 1);
  }
  for (const bool timed : {true, false}) {
    options.calibration = timed ? CalibrationKind::platt : CalibrationKind::none;
    const auto folds = timed ? time_ordered_folds(known, outcome, key, 2) : five_folds(600);
    const auto fit = [&] {
      const Classifier c = fit_classifier({features, truth.outcome, {}, {}}, folds, {}, options);
      std::vector<double> all(600, -1.0);
      for (std::size_t k = 0; k < c.tried.size(); ++k) all[c.tried[k]] = c.probability[k];
      return all;
    };
    const auto before = fit();
    const Fold& fold = folds[3];
    truth.outcome[fold.test[7]] ^= 1U;
    const auto after = fit();
    for (const std::size_t i : fold.test) EXPECT_EQ(before[i], after[i]);
    EXPECT_NE(before[folds[timed ? 6 : 1].test[0]], after[folds[timed ? 6 : 1].test[0]]);
  }
}

TEST(Classifier, ContributionsHaveNames) {
  const KnownTruth truth(2000, 6);
  for (const auto model : {ClassifierKind::additive, ClassifierKind::logistic}) {
    ClassifierOptions options;
    options.model = model;
    const Classifier c = fitted(truth, options);
    EXPECT_EQ(c.schema().size(), 7U);
    const auto scores = classify(c, truth.features(), true);
    EXPECT_EQ(scores.terms, c.terms().size());
    EXPECT_EQ(scores.contribution.size(), 2000 * scores.terms);
  }
}

TEST(Classifier, OneClassIsAStatus) {
  KnownTruth truth(100, 7);
  truth.outcome.assign(100, 0);
  const Classifier c = fitted(truth);
  EXPECT_EQ(c.status, Status::not_enough_data);
  EXPECT_EQ(c.metrics.auc.status, Status::not_enough_data);
  const auto scores = classify(c, truth.features());
  for (const double p : scores.probability) EXPECT_LT(p, 0.01);
}

TEST(Classifier, RefusesFoldsOfOtherRows) {
  const KnownTruth truth(50, 8);
  const auto features = truth.features();
  const std::vector<Fold> folds{{{0, 1}, {99}}};
  try {
    fit_classifier({features, truth.outcome, {}, {}}, folds);
    FAIL();
  } catch (const InvalidArgument& error) {
    EXPECT_EQ(std::string(error.what()), "fit_classifier: a fold names row 99 of 50");
  }
  try {
    parse_classifier("xgboost");
    FAIL();
  } catch (const InvalidArgument& error) {
    EXPECT_EQ(std::string(error.what()),
              "model must be \"additive\" or \"logistic\", got \"xgboost\"");
  }
}

}  // namespace
}  // namespace emptor::learn
