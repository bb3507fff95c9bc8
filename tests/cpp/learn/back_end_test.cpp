#include "emptor/learn/back_end.hpp"

#include "emptor/core/error.hpp"
#include "emptor/learn/classifier.hpp"

#include "learn/known_truth.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <memory>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

namespace emptor::learn {
namespace {

/// Knows the coefficients beforehand: log-odds are their sum, NaN counts as 0. Remembers what it
/// was given.
class Linear final : public BackEnd {
 public:
  explicit Linear(std::vector<double> slope) : slope_(std::move(slope)) {}
  [[nodiscard]] std::string name() const override { return "linear"; }
  [[nodiscard]] std::string fit(const BackEndRows& rows, const Context& context) const override {
    (void)context;
    seen.push_back(rows);
    return "learnt";
  }
  [[nodiscard]] ModelScores score(const std::string& model, const PlainMatrix& table,
                                  bool contributions, const Context& context) const override {
    (void)context;
    EXPECT_EQ(model, "learnt");
    ModelScores scores;
    for (std::size_t i = 0; i < table.rows; ++i) {
      double z = stretch * -1;
      for (std::size_t f = 0; f < slope_.size(); ++f) {
        const double x = table.value[i * slope_.size() + f];
        const double part = std::isnan(x) ? 0 : stretch * slope_[f] * x;
        if (contributions) scores.contribution.push_back(part);
        z += part;
      }
      scores.log_odds.push_back(z);
    }
    if (short_by > 0) scores.log_odds.resize(scores.log_odds.size() - short_by);
    return scores;
  }
  mutable std::vector<BackEndRows> seen{};
  double stretch = 1;
  std::size_t short_by = 0;

 private:
  std::vector<double> slope_;
};

struct Rows {
  std::vector<double> calls{}, idle{};
  std::vector<std::int32_t> plan{};
  std::shared_ptr<const Dictionary> plans = Dictionary::from_texts({"annual", "monthly", "weekly"});
  std::vector<std::uint8_t> outcome{};

  Rows(std::size_t n, std::uint64_t seed) {
    core::Random random(seed);
    for (std::size_t i = 0; i < n; ++i) {
      calls.push_back(random.normal());
      idle.push_back(random.normal());
      plan.push_back(static_cast<std::int32_t>(random.below(2)));
      const double z = -1 + 1.5 * calls[i] + 0.8 * plan[i];
      outcome.push_back(random.uniform() < 1 / (1 + std::exp(-z)) ? 1 : 0);
    }
    calls[0] = std::numeric_limits<double>::quiet_NaN();
    plan[1] = -1;
  }
  [[nodiscard]] std::vector<Feature> features() const {
    return {{"calls", calls, {}, nullptr},
            {"idle", idle, {}, nullptr},
            {"plan", {}, plan, plans.get()}};
  }
};

std::vector<Fold> folds_of(std::size_t n) {
  std::vector<std::uint64_t> key(n);
  std::iota(key.begin(), key.end(), 0U);
  return grouped_folds(key, 4, 1);
}

TEST(BackEnd, TakesTablesOfNumbers) {
  const Rows rows(200, 1);
  const auto features = rows.features();
  const auto linear = std::make_shared<Linear>(std::vector<double>{1.5, 0, 0.8});
  const BackEndModel model = fit_back_end({features, rows.outcome, {}, {}}, linear);
  ASSERT_EQ(linear->seen.size(), 1U);
  const BackEndRows& given = linear->seen[0];
  EXPECT_EQ(given.table.rows, 200U);
  EXPECT_EQ(given.table.name, (std::vector<std::string>{"calls", "idle", "plan"}));
  EXPECT_EQ(given.table.category, (std::vector<std::uint8_t>{0, 0, 1}));
  // "weekly" never came, so the fit does not know it.
  EXPECT_EQ(given.table.levels, (std::vector<std::int64_t>{0, 0, 2}));
  EXPECT_TRUE(std::isnan(given.table.value[0]));
  EXPECT_TRUE(std::isnan(given.table.value[5]));
  EXPECT_EQ(given.table.value[8], rows.plan[2]);
  EXPECT_EQ(given.outcome, rows.outcome);
  const double aside = std::accumulate(given.set_aside.begin(), given.set_aside.end(), 0.0);
  EXPECT_NEAR(aside, 200 / 7.0, 15);
  EXPECT_EQ(model.n, 200);
  EXPECT_EQ(model.term, given.table.name);
  EXPECT_GT(model.importance[0], model.importance[2]);
  EXPECT_EQ(model.importance[1], 0);
}

TEST(BackEnd, ColumnsGoByNameAndUnseenCategoriesAreMissing) {
  Rows rows(100, 2);
  const auto features = rows.features();
  const auto linear = std::make_shared<Linear>(std::vector<double>{1.5, 0, 0.8});
  const BackEndModel model = fit_back_end({features, rows.outcome, {}, {}}, linear);
  const ModelScores scores = back_end_scores(model, features, true);
  rows.plan[7] = 2;
  const auto other = rows.features();
  const std::vector<Feature> turned{other[2], other[0], other[1]};
  const ModelScores again = back_end_scores(model, turned);
  EXPECT_EQ(again.diff.unseen_values, 1);
  EXPECT_TRUE(again.diff.other_order);
  for (std::size_t i = 8; i < 100; ++i) EXPECT_EQ(scores.log_odds[i], again.log_odds[i]);
  EXPECT_EQ(again.log_odds[7], -1 + 1.5 * rows.calls[7]);
  EXPECT_EQ(scores.terms, 3U);
}

// Scores three times too sure of themselves come out as the probabilities of the truth.
TEST(BackEnd, IsCalibratedMeasuredAndExplained) {
  const Rows rows(6000, 3), later(20000, 4);
  const auto features = rows.features();
  const auto linear = std::make_shared<Linear>(std::vector<double>{1.5, 0, 0.8});
  linear->stretch = 3;
  ClassifierOptions options;
  options.model = ClassifierKind::back_end;
  options.back_end = linear;
  const Classifier c =
      fit_classifier({features, rows.outcome, {}, {}}, folds_of(6000), {}, options);
  EXPECT_EQ(c.name(), "linear");
  EXPECT_EQ(linear->seen.size(), 5U);  // one per fold, and one of all rows
  EXPECT_NEAR(c.calibration.a, 1 / 3.0, 0.03);
  EXPECT_LT(c.metrics.brier_reliability, 0.001);
  const auto scores = classify(c, later.features(), true);
  for (std::size_t i = 2; i < 1000; ++i) {
    const double z = -1 + 1.5 * later.calls[i] + 0.8 * later.plan[i];
    ASSERT_NEAR(scores.probability[i], 1 / (1 + std::exp(-z)), 0.03);
    ASSERT_NEAR(scores.contribution[3 * i + 2], 3 * 0.8 * later.plan[i], 1e-12);
  }
  EXPECT_EQ(c.terms(), (std::vector<std::string>{"calls", "idle", "plan"}));
  EXPECT_EQ(c.schema().size(), 3U);
}

TEST(BackEnd, OneClassIsAStatusAndNothingIsLearnt) {
  Rows rows(50, 5);
  rows.outcome.assign(50, 0);
  const auto features = rows.features();
  const auto linear = std::make_shared<Linear>(std::vector<double>{1, 1, 1});
  const BackEndModel model = fit_back_end({features, rows.outcome, {}, {}}, linear);
  EXPECT_EQ(model.status, Status::not_enough_data);
  EXPECT_TRUE(linear->seen.empty());
  EXPECT_NEAR(back_end_scores(model, features).log_odds[0], std::log(0.5 / 50.5), 1e-12);
}

template <typename Work>
std::string message(const Work& work) {
  try {
    work();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(BackEnd, RefusesWhatCannotBe) {
  const Rows rows(50, 6);
  const auto features = rows.features();
  const TrainingView view{features, rows.outcome, {}, {}};
  EXPECT_EQ(message([&] { fit_back_end(view, nullptr); }), "fit_back_end: back_end is missing");
  const auto linear = std::make_shared<Linear>(std::vector<double>{1, 1, 1});
  BackEndModel model = fit_back_end(view, linear);
  linear->short_by = 1;
  EXPECT_EQ(message([&] { back_end_scores(model, features); }),
            "back_end_scores: linear gave 49 scores and 0 contributions for 50 rows of 3 columns");
  linear->short_by = 0;
  linear->stretch = std::numeric_limits<double>::infinity();
  EXPECT_EQ(message([&] { back_end_scores(model, features); }),
            "back_end_scores: linear gave scores that are not finite");
  model.back_end = nullptr;
  EXPECT_EQ(message([&] { back_end_scores(model, features); }),
            "back_end_scores: the model is one of linear; set its back_end first");
  ClassifierOptions options;
  options.back_end = linear;
  EXPECT_EQ(message([&] { fit_classifier(view, folds_of(50), {}, options); }),
            "fit_classifier: model is a back end if, and only if, back_end is given");
}

}  // namespace
}  // namespace emptor::learn
