#include "emptor/learn/logistic_regression.hpp"

#include "emptor/core/error.hpp"

#include "learn/known_truth.hpp"
#include "simulation.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

namespace emptor::learn {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// Forty rows of two numbers and a category, as the golden values were made from.
struct Forty {
  std::vector<double> x1{}, x2{};
  std::vector<std::int32_t> c{};
  std::shared_ptr<const Dictionary> levels = Dictionary::from_texts({"a", "b", "c"});
  Forty() {
    for (int i = 0; i < 40; ++i) {
      x1.push_back(std::sin(i * 1.7) * 2 + i / 20.0);
      x2.push_back((i * 7) % 11 / 3.0);
      c.push_back((i * 5) % 3);
    }
  }
  [[nodiscard]] std::vector<Feature> features() const {
    return {{"x1", x1, {}, nullptr}, {"x2", x2, {}, nullptr}, {"c", {}, c, levels.get()}};
  }
};

const std::vector<std::uint8_t> kOutcome{1, 0, 0, 0, 1, 1, 0, 0, 1, 0, 0, 1, 1, 0,
                                         0, 1, 1, 1, 0, 1, 1, 1, 0, 1, 1, 0, 0, 1,
                                         0, 1, 0, 0, 1, 1, 1, 1, 0, 1, 1, 0};

LogisticModel forty(double penalty, double l1_ratio) {
  const Forty table;
  const auto features = table.features();
  return logistic_regression({features, kOutcome, {}, {}},
                             {.penalty = penalty, .l1_ratio = l1_ratio});
}

// Newton's method in NumPy on the same design.
TEST(LogisticRegression, IsMaximumLikelihoodWithoutAPenalty) {
  const LogisticModel m = forty(0, 0);
  ASSERT_EQ(m.term, (std::vector<std::string>{"x1", "x2", "c = b", "c = c"}));
  const std::vector<double> b{0.74068779, -0.7910323, 1.25110634, -0.99713201};
  const std::vector<double> se{0.32394824, 0.40640205, 1.04518589, 0.977564};
  for (std::size_t k = 0; k < 4; ++k) {
    EXPECT_NEAR(m.coefficient[k], b[k], 1e-7);
    EXPECT_NEAR(m.standard_error[k], se[k], 1e-6);
  }
  EXPECT_NEAR(m.intercept, 0.3183271, 1e-6);
  EXPECT_NEAR(m.log_likelihood, -18.674358805023722, 1e-9);
  EXPECT_TRUE(m.converged);
  EXPECT_EQ(m.status, Status::ok);
}

// scikit-learn 1.9.1, LogisticRegression(solver="saga", tol=1e-12) on the standardised design.
TEST(LogisticRegression, EqualsScikitLearnWithPenalties) {
  struct Case {
    double penalty, l1_ratio, intercept;
    std::vector<double> b;
  };
  const std::vector<Case> cases{
      {1,
       0,
       0.2883028382911033,
       {0.8941285103873023, -0.7112368235323423, 0.48737975689513, -0.38194613331240745}},
      {2,
       0.5,
       0.2584636442714155,
       {0.7202601105536831, -0.5793098908133533, 0.3790915215469113, -0.2662772336902042}},
      {2,
       1,
       0.24560797233773005,
       {0.6626419713653342, -0.5239318582305776, 0.3268792836747256, -0.18691877296876108}}};
  for (const Case& c : cases) {
    const LogisticModel m = forty(c.penalty, c.l1_ratio);
    EXPECT_NEAR(m.intercept, c.intercept, 1e-6);
    for (std::size_t k = 0; k < 4; ++k) EXPECT_NEAR(m.per_deviation[k], c.b[k], 1e-6);
  }
}

TEST(LogisticRegression, AStrongLassoKeepsTheShareAlone) {
  const LogisticModel m = forty(1000, 1);
  for (const double b : m.coefficient) EXPECT_EQ(b, 0);
  EXPECT_NEAR(1 / (1 + std::exp(-m.intercept)), static_cast<double>(m.n_events) / 40, 1e-9);
}

TEST(LogisticRegression, AWeightIsACopy) {
  const Forty table;
  std::vector<double> weight(40, 1.0);
  Forty copied;
  std::vector<std::uint8_t> y = kOutcome;
  for (std::size_t i = 0; i < 40; i += 3) {
    weight[i] = 3;
    for (int k = 0; k < 2; ++k) {
      copied.x1.push_back(table.x1[i]);
      copied.x2.push_back(table.x2[i]);
      copied.c.push_back(table.c[i]);
      y.push_back(kOutcome[i]);
    }
  }
  const auto f = table.features(), g = copied.features();
  const auto a = logistic_regression({f, kOutcome, weight, {}});
  const auto b = logistic_regression({g, y, {}, {}});
  for (std::size_t k = 0; k < a.coefficient.size(); ++k)
    EXPECT_NEAR(a.coefficient[k], b.coefficient[k], 1e-7);
}

TEST(LogisticRegression, TermsSumToTheLogOddsAndUnseenAddNothing) {
  const LogisticModel m = forty(1, 0);
  Forty table;
  table.levels = Dictionary::from_texts({"a", "b", "z"});
  const auto scores = logistic_scores(m, table.features(), true);
  for (std::size_t i = 0; i < 40; ++i) {
    double sum = m.intercept;
    for (std::size_t t = 0; t < 3; ++t) sum += scores.contribution[i * 3 + t];
    EXPECT_NEAR(sum, scores.log_odds[i], 1e-12);
    if (table.c[i] == 2) {
      EXPECT_EQ(scores.contribution[i * 3 + 2], 0);
    }
  }
  EXPECT_EQ(scores.diff.unseen_values, 13);
}

TEST(LogisticRegression, MissingHasAColumnOfItsOwn) {
  Forty table;
  for (std::size_t i = 0; i < 40; i += 4) table.x1[i] = kNaN;
  for (std::size_t i = 1; i < 40; i += 5) table.c[i] = -1;
  const auto features = table.features();
  const auto m = logistic_regression({features, kOutcome, {}, {}});
  EXPECT_EQ(m.term, (std::vector<std::string>{"x1", "x1 is missing", "x2", "c = b", "c = c",
                                              "c is missing"}));
  for (const double z : logistic_scores(m, features).log_odds) EXPECT_TRUE(std::isfinite(z));
}

TEST(LogisticRegression, NamesConstantAndCollinearColumns) {
  Forty table;
  std::vector<double> sum(40), constant(40, 7.0);
  for (std::size_t i = 0; i < 40; ++i) sum[i] = 2 * table.x1[i] - table.x2[i] + 5;
  auto features = table.features();
  features.push_back({"sum", sum, {}, nullptr});
  features.push_back({"constant", constant, {}, nullptr});
  for (const double penalty : {0.0, 1.0}) {
    const auto m = logistic_regression({features, kOutcome, {}, {}}, {.penalty = penalty});
    EXPECT_EQ(m.term_status, (std::vector<Status>{Status::ok, Status::ok, Status::ok, Status::ok,
                                                  Status::undefined, Status::undefined}));
    EXPECT_TRUE(std::isnan(m.coefficient[4]));
    EXPECT_NEAR(m.coefficient[0], forty(penalty, 0).coefficient[0], 1e-7);
  }
}

TEST(LogisticRegression, ClassesThatCanBePartedAreABoundary) {
  const std::vector<double> x{1, 2, 3, 4, 5, 6};
  const std::vector<std::uint8_t> y{0, 0, 0, 1, 1, 1}, one(6, 1);
  const std::vector<Feature> features{{"x", x, {}, nullptr}};
  EXPECT_EQ(logistic_regression({features, y, {}, {}}, {.penalty = 0}).status, Status::boundary);
  EXPECT_EQ(logistic_regression({features, y, {}, {}}).status, Status::ok);
  const auto same = logistic_regression({features, one, {}, {}});
  EXPECT_EQ(same.status, Status::not_enough_data);
  EXPECT_NEAR(same.intercept, std::log(13.0), 1e-12);
}

TEST(LogisticRegression, HasTheSameBitsOnAnyNumberOfThreads) {
  const KnownTruth truth(20000, 3);
  const auto features = truth.features();
  std::vector<double> first;
  for (const int threads : {1, 2, 3, 8}) {
    Context context;
    context.threads = threads;
    const auto m = logistic_regression({features, truth.outcome, {}, {}}, {}, context);
    if (first.empty()) first = m.coefficient;
    EXPECT_EQ(first, m.coefficient);
  }
}

// The 95 % interval of a slope of 0.5 covers it between 93 and 97 % of the time.
TEST(LogisticRegression, IntervalsCover) {
  const int runs = 500 * testing::simulation_scale();
  int covered = 0;
  for (int run = 0; run < runs; ++run) {
    core::Random random(17, static_cast<std::uint64_t>(run));
    std::vector<double> x, z;
    std::vector<std::uint8_t> y;
    for (int i = 0; i < 300; ++i) {
      x.push_back(random.normal());
      z.push_back(0.5 * x.back() + random.normal());
      y.push_back(random.uniform() < 1 / (1 + std::exp(1 - 0.5 * x.back() + 0.3 * z.back())) ? 1
                                                                                             : 0);
    }
    const std::vector<Feature> features{{"x", x, {}, nullptr}, {"z", z, {}, nullptr}};
    const auto m = logistic_regression({features, y, {}, {}}, {.penalty = 0});
    covered += m.low[0] <= 0.5 && 0.5 <= m.high[0];
  }
  EXPECT_GE(covered, 0.93 * runs);
  EXPECT_LE(covered, 0.97 * runs + 2);
}

TEST(LogisticRegression, RefusesWhatCannotBe) {
  const Forty table;
  const auto features = table.features();
  const auto message = [&](const LogisticOptions& options) {
    try {
      logistic_regression({features, kOutcome, {}, {}}, options);
    } catch (const InvalidArgument& error) {
      return std::string(error.what());
    }
    return std::string("no error");
  };
  EXPECT_EQ(message({.penalty = -1}), "logistic_regression: penalty must be 0 or more");
  EXPECT_EQ(message({.l1_ratio = 2}), "logistic_regression: l1_ratio must lie in 0 to 1");
  EXPECT_EQ(message({.level = 1}), "logistic_regression: level must lie between 0 and 1, as 0.95");
}

}  // namespace
}  // namespace emptor::learn
