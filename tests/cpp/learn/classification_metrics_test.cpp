#include "emptor/learn/classification_metrics.hpp"

#include "emptor/core/error.hpp"

#include "core/random.hpp"
#include "core/special.hpp"
#include "simulation.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace emptor::learn {
namespace {

const std::vector<std::uint8_t> kOutcome{1, 0, 1, 1, 0, 0, 1, 0, 1, 0,
                                         0, 1, 0, 0, 0, 1, 0, 1, 0, 0};
const std::vector<double> kForecast{.9,  .8, .8, .7,  .7, .7, .6, .55, .5, .5,
                                    .45, .4, .4, .35, .3, .3, .2, .2,  .1, .05};

struct Cases {
  std::vector<std::uint8_t> y{};
  std::vector<double> p{};
  std::vector<std::int32_t> cluster{};
  [[nodiscard]] ClassificationView view() const { return {y, p, {}, {}}; }
};

Cases random_cases(core::Random& random, std::size_t n, std::uint64_t distinct) {
  Cases cases;
  for (std::size_t i = 0; i < n; ++i) {
    cases.p.push_back(static_cast<double>(random.below(distinct + 1)) /
                      static_cast<double>(distinct));
    cases.y.push_back(random.uniform() < 0.2 + 0.5 * cases.p.back() ? 1 : 0);
  }
  return cases;
}

// scikit-learn 1.9.1: roc_auc_score, average_precision_score, brier_score_loss, log_loss.
TEST(ClassificationMetrics, EqualThoseOfScikitLearn) {
  const auto m = classification_metrics({kOutcome, kForecast, {}, {}});
  EXPECT_NEAR(m.auc.value, 0.640625, 1e-14);
  EXPECT_NEAR(m.average_precision.value, 0.572697268009768, 1e-14);
  EXPECT_NEAR(m.brier.value, 0.242, 1e-14);
  EXPECT_NEAR(m.log_loss.value, 0.6701904753823484, 1e-13);
}

// empulse's tests (0.13.1): eight cases, their scores and expected maximum profits.
TEST(MaximumProfit, EqualsThatOfEmpulse) {
  const std::vector<std::uint8_t> y{0, 1, 0, 1, 0, 1, 0, 1};
  const std::vector<double> score{.1, .2, .3, .4, .5, .7, .8, .9};
  const auto mixed = maximum_profit({y, score, {}, {}});
  EXPECT_NEAR(mixed.expected, 23.875593418348124, 1e-9);
  EXPECT_NEAR(mixed.expected_fraction, 0.8743700763487141, 1e-9);
  const std::vector<std::uint8_t> apart{0, 0, 0, 0, 1, 1, 1, 1};
  const auto perfect = maximum_profit({apart, score, {}, {}});
  EXPECT_NEAR(perfect.expected, 28.0000000000391, 1e-8);
  EXPECT_NEAR(perfect.expected_fraction, 0.5, 1e-9);
  EXPECT_NEAR(perfect.at_mean, 28, 1e-12);
  EXPECT_DOUBLE_EQ(perfect.at_mean_fraction, 0.5);
  const std::vector<double> same(8, 0.5);
  const auto all_in = maximum_profit({y, same, {}, {}});
  EXPECT_NEAR(all_in.at_mean, 22.5, 1e-12);
  EXPECT_DOUBLE_EQ(all_in.at_mean_fraction, 1);
}

// Equal values for all are the customer_value of the options; other values are checked by trying
// every cut at every share who accept.
TEST(MaximumProfit, WithAValuePerCaseIsTheBestCutAtEveryAcceptance) {
  core::Random random(7);
  for (int trial = 0; trial < 50; ++trial) {
    const Cases cases = random_cases(random, 3 + random.below(30), 12);
    const std::size_t n = cases.y.size();
    const auto plain = maximum_profit(cases.view());
    std::vector<double> value(n, 200);
    EXPECT_NEAR(maximum_profit({cases.y, cases.p, {}, value}).expected, plain.expected, 1e-9);
    for (double& v : value) v = 400 * random.uniform();
    const auto found = maximum_profit({cases.y, cases.p, {}, value});
    double expected = 0;
    const int steps = 4000;
    for (int s = 0; s < steps; ++s) {
      const double low = static_cast<double>(s) / steps, high = static_cast<double>(s + 1) / steps;
      const double accept = 0.5 * (low + high);
      double best = 0;
      for (const double cut : cases.p) {
        double profit = 0;
        for (std::size_t i = 0; i < n; ++i)
          if (cases.p[i] >= cut) profit += cases.y[i] == 1 ? accept * (value[i] - 10) - 1 : -11;
        best = std::max(best, profit / static_cast<double>(n));
      }
      expected += best * (core::beta_cdf(high, 6, 14) - core::beta_cdf(low, 6, 14));
    }
    EXPECT_NEAR(found.expected, expected, 2e-3 * (1 + expected));
  }
}

// DeLong, DeLong and Clarke-Pearson (1988) as they write it: all pairs.
TEST(ClassificationMetrics, AucAndItsVarianceAreThoseOfAllPairs) {
  core::Random random(11);
  for (int trial = 0; trial < 300; ++trial) {
    const Cases cases = random_cases(random, 4 + random.below(40), 1 + random.below(12));
    std::vector<double> x, z;
    for (std::size_t i = 0; i < cases.y.size(); ++i)
      (cases.y[i] == 1 ? x : z).push_back(cases.p[i]);
    const auto found = classification_metrics(cases.view()).auc;
    if (x.empty() || z.empty()) {
      EXPECT_EQ(found.status, Status::not_enough_data);
      EXPECT_TRUE(std::isnan(found.value));
      continue;
    }
    const auto wins = [](double a, double b) { return a > b ? 1.0 : a == b ? 0.5 : 0.0; };
    const auto m = static_cast<double>(x.size()), n = static_cast<double>(z.size());
    double auc = 0;
    for (const double a : x)
      for (const double b : z) auc += wins(a, b) / (m * n);
    double s10 = 0, s01 = 0;
    for (const double a : x) {
      double v = 0;
      for (const double b : z) v += wins(a, b) / n;
      s10 += (v - auc) * (v - auc) / std::max(1.0, m - 1);
    }
    for (const double b : z) {
      double v = 0;
      for (const double a : x) v += wins(a, b) / m;
      s01 += (v - auc) * (v - auc) / std::max(1.0, n - 1);
    }
    EXPECT_NEAR(found.value, auc, 1e-12);
    if (auc < 1e-9 || auc > 1 - 1e-9) continue;
    const double half = 1.959963984540054 * std::sqrt(s10 / m + s01 / n) / (auc * (1 - auc));
    EXPECT_NEAR(std::log(found.high / (1 - found.high)) - std::log(found.low / (1 - found.low)),
                2 * half, 1e-8);
  }
}

TEST(ClassificationMetrics, PartsOfTheBrierScoreAddUp) {
  core::Random random(5);
  const Cases cases = random_cases(random, 500, 20);
  for (const int bins : {1, 3, 10, 1000}) {
    ClassificationOptions options;
    options.bins = bins;
    const auto m = classification_metrics(cases.view(), options);
    EXPECT_NEAR(m.brier_reliability - m.brier_resolution + m.brier_uncertainty + m.brier_within,
                m.brier.value, 1e-12);
    // A bin per distinct forecast leaves nothing inside of bins (Murphy 1973).
    if (bins == 1000) {
      EXPECT_NEAR(m.brier_within, 0, 1e-12);
    }
  }
}

TEST(Reliability, BinsHoldEqualCountsAndEveryCaseOnce) {
  core::Random random(6);
  Cases cases = random_cases(random, 1000, 1000000);
  const auto found = reliability(cases.view());
  ASSERT_EQ(found.n.size(), 10U);
  for (const auto n : found.n) EXPECT_EQ(n, 100);
  for (std::size_t i = 1; i < 10; ++i) EXPECT_LT(found.probability[i - 1], found.probability[i]);
  cases = random_cases(random, 997, 4);
  const auto tied = reliability(cases.view());
  std::int64_t n = 0;
  for (const auto k : tied.n) n += k;
  EXPECT_EQ(n, 997);
  EXPECT_LE(tied.n.size(), 5U);
}

// The lift of a top share that cuts through equal forecasts is the mean over their orders.
TEST(ClassificationMetrics, LiftSharesTiesAtTheEdge) {
  const std::vector<std::uint8_t> y{1, 1, 0, 0, 0, 0, 0, 0, 0, 0};
  const std::vector<double> p{.9, .5, .5, .5, .5, .1, .1, .1, .1, .1};
  ClassificationOptions options;
  options.top = 0.3;  // the first, and two of four that hold one event: 1.5 of 2 events
  EXPECT_NEAR(classification_metrics({y, p, {}, {}}, options).lift.value, 0.75 / 0.3, 1e-12);
}

TEST(ClassificationMetrics, ClustersOfCopiesWidenTheIntervals) {
  core::Random random(8);
  const Cases once = random_cases(random, 400, 100);
  Cases copies;
  for (std::size_t i = 0; i < once.y.size(); ++i)
    for (int k = 0; k < 4; ++k) {
      copies.y.push_back(once.y[i]);
      copies.p.push_back(once.p[i]);
      copies.cluster.push_back(static_cast<std::int32_t>(i));
    }
  const auto a = classification_metrics(once.view());
  const auto b = classification_metrics({copies.y, copies.p, copies.cluster, {}});
  EXPECT_NEAR(a.auc.value, b.auc.value, 1e-12);
  EXPECT_NEAR((b.auc.high - b.auc.low) / (a.auc.high - a.auc.low), 1, 0.01);
  EXPECT_NEAR((b.brier.high - b.brier.low) / (a.brier.high - a.brier.low), 1, 1e-9);
}

// Binormal scores with AUC 0.76: 95 % intervals cover between 93 and 97 %.
TEST(ClassificationMetrics, IntervalOfAucCovers) {
  const int runs = 600 * testing::simulation_scale();
  const double truth = core::normal_cdf(1 / std::sqrt(2.0));
  int covered = 0;
  for (int run = 0; run < runs; ++run) {
    core::Random random(99, static_cast<std::uint64_t>(run));
    Cases cases;
    for (int i = 0; i < 200; ++i) {
      cases.y.push_back(random.uniform() < 0.25 ? 1 : 0);
      cases.p.push_back(core::normal_cdf(random.normal() + cases.y.back()));
    }
    const auto auc = classification_metrics(cases.view()).auc;
    covered += auc.low <= truth && truth <= auc.high;
  }
  EXPECT_GE(covered, 0.93 * runs);
  EXPECT_LE(covered, 0.97 * runs + 2);
}

void expect_message(const ClassificationView& view, const ClassificationOptions& options,
                    const std::string& message) {
  try {
    classification_metrics(view, options);
    FAIL() << "no error; expected: " << message;
  } catch (const InvalidArgument& error) {
    EXPECT_EQ(error.what(), message);
  }
}

TEST(ClassificationMetrics, RefusesWhatCannotBe) {
  const std::vector<std::uint8_t> y{1, 0}, bad{1, 2};
  const std::vector<double> p{.5, .5}, out{.5, 1.5}, one{.5}, nan{.5, std::nan("")};
  expect_message({y, one, {}, {}}, {},
                 "classification_metrics: probability has 1 values, outcome 2");
  expect_message({bad, p, {}, {}}, {},
                 "classification_metrics: outcome must be 0 or 1; row 1 has 2");
  expect_message({y, out, {}, {}}, {},
                 "classification_metrics: probability must lie in 0 to 1; row 1 has 1.5");
  expect_message({y, nan, {}, {}}, {},
                 "classification_metrics: probability must lie in 0 to 1; row 1 has nan");
  ClassificationOptions options;
  options.top = 0;
  expect_message({y, p, {}, {}}, options,
                 "classification_metrics: top must lie in 0 to 1, as 0.1 for the top tenth");
  const auto none = classification_metrics({});
  EXPECT_EQ(none.brier.status, Status::not_enough_data);
}

// Copies of a customer's rows say nothing new: with clusters the intervals are those of customers.
TEST(Reliability, CopiesOfACustomerDoNotNarrowTheIntervals) {
  core::Random random(12);
  std::vector<std::uint8_t> y, copied_y;
  std::vector<double> p, copied_p;
  std::vector<std::int32_t> cluster;
  for (std::int32_t i = 0; i < 1000; ++i) {
    p.push_back(random.uniform());
    y.push_back(random.uniform() < p.back() ? 1 : 0);
    for (int k = 0; k < 3; ++k) {
      copied_p.push_back(p.back());
      copied_y.push_back(y.back());
      cluster.push_back(i);
    }
  }
  const Reliability once = reliability({y, p, {}, {}});
  const Reliability clustered = reliability({copied_y, copied_p, cluster, {}});
  const Reliability blind = reliability({copied_y, copied_p, {}, {}});
  ASSERT_EQ(once.bin.size(), clustered.bin.size());
  for (std::size_t b = 0; b < once.bin.size(); ++b) {
    EXPECT_NEAR(clustered.share[b], once.share[b], 1e-12);
    // m / (m - 1) of the clusters' variance apart.
    EXPECT_NEAR(clustered.share_low[b], once.share_low[b], 1e-3);
    EXPECT_NEAR(clustered.share_high[b], once.share_high[b], 1e-3);
    EXPECT_LT(blind.share_high[b] - blind.share_low[b],
              0.7 * (clustered.share_high[b] - clustered.share_low[b]));
  }
}

}  // namespace
}  // namespace emptor::learn
