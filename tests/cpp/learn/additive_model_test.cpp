#include "emptor/learn/additive_model.hpp"

#include "emptor/core/error.hpp"

#include "learn/known_truth.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

namespace emptor::learn {
namespace {

AdditiveModel fitted(const KnownTruth& truth, const AdditiveOptions& options = {},
                     const Context& context = {}) {
  const auto features = truth.features();
  return additive_model({features, truth.outcome, {}, {}}, options, context);
}

TEST(AdditiveModel, FindsThePlantedTermsAndNothingElse) {
  const KnownTruth truth(8000, 1), later(8000, 2);
  const AdditiveModel model = fitted(truth);
  ASSERT_GT(model.terms.size(), 7U);
  EXPECT_EQ(model.term[7], "a x b");  // the pairs begin here, the largest first
  EXPECT_GT(model.importance[7], 0.4);
  for (const std::size_t idle : {5U, 6U}) EXPECT_LT(model.importance[idle], 0.05);
  const auto scores = additive_scores(model, later.features());
  const double best = log_loss(later.outcome, later.log_odds);
  const double found = log_loss(later.outcome, scores.log_odds);
  // It learns more than nine tenths of what there is to know.
  const double nothing = log_loss(later.outcome, std::vector<double>(8000, model.intercept));
  EXPECT_LT(found - best, 0.1 * (nothing - best));
  // A term of one column is its effect at the mean of the others: steps of 0.8 in a.
  const AdditiveTerm& a = model.terms[0];
  EXPECT_NEAR(a.score.back() - a.score[1], 0.8, 0.25);
  const AdditiveTerm& gap = model.terms[4];
  EXPECT_NEAR(gap.score[0] - gap.score[100], 1, 0.25);  // missing means something
}

TEST(AdditiveModel, TermsSumToTheLogOdds) {
  const KnownTruth truth(3000, 3);
  const AdditiveModel model = fitted(truth);
  const auto scores = additive_scores(model, truth.features(), true);
  ASSERT_EQ(scores.terms, model.terms.size());
  double mean = 0;
  for (std::size_t i = 0; i < truth.outcome.size(); ++i) {
    double sum = model.intercept;
    for (std::size_t t = 0; t < scores.terms; ++t) sum += scores.contribution[i * scores.terms + t];
    EXPECT_DOUBLE_EQ(sum, scores.log_odds[i]);
    mean += scores.log_odds[i];
  }
  EXPECT_NEAR(mean / 3000, model.intercept, 1e-9);  // every term has mean 0
}

TEST(AdditiveModel, HasTheSameBitsOnAnyNumberOfThreads) {
  for (const std::size_t rows : {3000U, 150000U}) {  // bags in parallel, then blocks of rows
    const KnownTruth truth(rows, 4);
    AdditiveOptions options;
    options.max_rounds = 4;
    std::vector<double> first;
    for (const int threads : {1, 2, 3, 8}) {
      Context context;
      context.threads = threads;
      const auto scores =
          additive_scores(fitted(truth, options, context), truth.features(), false, context);
      if (first.empty()) first = scores.log_odds;
      EXPECT_EQ(first, scores.log_odds) << threads;
    }
  }
}

TEST(AdditiveModel, RisesOrFallsWhereBound) {
  const KnownTruth truth(4000, 5);
  AdditiveOptions options;
  options.monotone = {1, 0, 1, 0, 0, -1, 0};
  const AdditiveModel model = fitted(truth, options);
  for (std::size_t b = 2; b < model.terms[0].score.size(); ++b) {
    EXPECT_GE(model.terms[0].score[b], model.terms[0].score[b - 1]);
    EXPECT_GE(model.terms[2].score[b], model.terms[2].score[b - 1]);
    EXPECT_LE(model.terms[5].score[b], model.terms[5].score[b - 1]);
  }
  for (std::size_t t = 7; t < model.terms.size(); ++t) {
    EXPECT_EQ(options.monotone[static_cast<std::size_t>(model.terms[t].first)], 0);
    EXPECT_EQ(options.monotone[static_cast<std::size_t>(model.terms[t].second)], 0);
  }
}

TEST(AdditiveModel, AWeightIsACopy) {
  const KnownTruth truth(2000, 6);
  const auto features = truth.features();
  std::vector<std::uint64_t> key(2000);
  std::vector<double> weight(2000, 1.0);
  KnownTruth copied = truth;
  std::vector<std::uint64_t> copied_key;
  for (std::size_t i = 0; i < 2000; ++i) copied_key.push_back(key[i] = i);
  for (std::size_t i = 0; i < 2000; i += 3) {
    weight[i] = 2;
    for (auto& column : copied.number) column.push_back(column[i]);
    copied.plan.push_back(copied.plan[i]);
    copied.outcome.push_back(copied.outcome[i]);
    copied_key.push_back(i);
  }
  // Few enough values that the bins are the same.
  KnownTruth rounded = truth;
  for (auto* table : {&rounded, &copied})
    for (auto& column : table->number)
      for (double& x : column) x = std::round(4 * x);
  AdditiveOptions options;
  options.max_rounds = 3;
  options.bags = 2;
  const auto a = additive_model({rounded.features(), rounded.outcome, weight, key}, options);
  const auto b = additive_model({copied.features(), copied.outcome, {}, copied_key}, options);
  for (std::size_t t = 0; t < 7; ++t)
    for (std::size_t k = 0; k < a.terms[t].score.size(); ++k)
      EXPECT_NEAR(a.terms[t].score[k], b.terms[t].score[k], 1e-4) << t << " " << k;
}

TEST(AdditiveModel, UnseenCategoriesAndMissingColumns) {
  const KnownTruth truth(3000, 7);
  const AdditiveModel model = fitted(truth);
  KnownTruth later(10, 8);
  later.plans = Dictionary::from_texts({"daily", "monthly", "two years"});
  const auto scores = additive_scores(model, later.features(), true);
  const auto daily = std::count(later.plan.begin(), later.plan.end(), 0);
  EXPECT_EQ(scores.diff.unseen_values, daily);
  for (std::size_t i = 0; i < 10; ++i)
    if (later.plan[i] == 0) {
      EXPECT_EQ(scores.contribution[i * scores.terms + 3], model.terms[3].score[0]);
    }
  auto some = later.features();
  some.erase(some.begin());
  try {
    additive_scores(model, some);
    FAIL();
  } catch (const DataError& error) {
    EXPECT_EQ(std::string(error.what()),
              "additive_scores: the table does not fit the model: missing 'a'; " +
                  std::to_string(daily) + " unseen categories in 'plan', taken as missing");
  }
}

TEST(AdditiveModel, TooLittleIsAStatus) {
  KnownTruth truth(100, 9);
  EXPECT_EQ(fitted(truth).status, Status::small_sample);
  truth.outcome.assign(100, 1);
  const AdditiveModel model = fitted(truth);
  EXPECT_EQ(model.status, Status::not_enough_data);
  EXPECT_TRUE(model.terms.empty());
  EXPECT_NEAR(model.intercept, std::log(201.0), 1e-12);
  const auto scores = additive_scores(model, truth.features());
  EXPECT_EQ(scores.log_odds, std::vector<double>(100, model.intercept));
}

TEST(AdditiveModel, ConstantAndManyLevelledColumns) {
  core::Random random(10);
  std::vector<std::string> names;
  std::vector<double> constant(2000, 3.0);
  std::vector<std::int32_t> code(2000);
  std::vector<std::uint8_t> y(2000);
  for (int k = 0; k < 700; ++k) names.push_back("level " + std::to_string(k));
  const auto levels = Dictionary::from_texts(names);
  for (std::size_t i = 0; i < 2000; ++i) {
    code[i] = static_cast<std::int32_t>(random.below(700));
    y[i] = random.uniform() < 0.3 ? 1 : 0;
  }
  const std::vector<Feature> columns{{"constant", constant, {}, nullptr},
                                     {"level", {}, code, levels.get()}};
  const AdditiveModel model = additive_model({columns, y, {}, {}});
  EXPECT_EQ(model.features[1].info.levels.size(), 255U);
  EXPECT_EQ(model.terms[0].importance, 0);
  const auto scores = additive_scores(model, columns);
  for (const double z : scores.log_odds) EXPECT_TRUE(std::isfinite(z));
}

TEST(AdditiveModel, StopsAndKeepsToItsMemory) {
  const KnownTruth truth(5000, 11);
  Context context;
  context.stop.request_stop();
  EXPECT_THROW(fitted(truth, {}, context), Cancelled);
  Context small;
  small.memory_limit = 1000;
  EXPECT_THROW(fitted(truth, {}, small), MemoryLimit);
}

TEST(AdditiveModel, RefusesWhatCannotBe) {
  const KnownTruth truth(200, 12);
  const auto message = [&](auto change) {
    AdditiveOptions options;
    change(options);
    try {
      fitted(truth, options);
    } catch (const InvalidArgument& error) {
      return std::string(error.what());
    }
    return std::string("no error");
  };
  EXPECT_EQ(message([](auto& o) { o.max_bins = 256; }),
            "additive_model: max_bins must be 2 to 255");
  EXPECT_EQ(message([](auto& o) { o.learning_rate = 0; }),
            "additive_model: learning_rate must lie in (0, 1], as 0.1");
  EXPECT_EQ(message([](auto& o) { o.monotone = {1}; }),
            "additive_model: monotone has 1 values; give one per column, 7");
  EXPECT_EQ(message([](auto& o) { o.monotone = {0, 0, 0, 0, 0, 0, 2}; }),
            "additive_model: monotone must be 1, -1 or 0 for each column");
  EXPECT_EQ(message([](auto& o) { o.validation = 1; }),
            "additive_model: validation must lie between 0 and 1, as 0.15");
}

}  // namespace
}  // namespace emptor::learn
