#include "emptor/learn/hazard_regression.hpp"

#include "emptor/core/error.hpp"

#include "core/bytes.hpp"
#include "core/random.hpp"
#include "simulation.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

namespace emptor::learn {
namespace {

struct Sample {
  std::vector<double> x{}, duration{}, entry{};
  std::vector<std::int32_t> g{}, event{};
  std::shared_ptr<const Dictionary> levels = Dictionary::from_texts({"a", "b", "c"});
  [[nodiscard]] std::vector<Feature> features() const {
    return {{"x", x, {}, nullptr}, {"g", {}, g, levels.get()}};
  }
  [[nodiscard]] SurvivalView view() const { return {duration, event, entry, {}, nullptr}; }
};

Sample sixty() {
  Sample s;
  for (int i = 0; i < 60; ++i) {
    s.x.push_back((i * 37 % 50) / 10.0 - 2);
    s.g.push_back(i * 7 % 3);
    s.duration.push_back(1 + (i * 13 % 11) * 0.5);
    s.event.push_back(i * 5 % 4 != 0 ? 1 : 0);
  }
  return s;
}

struct Golden {
  HazardLink link;
  double smoothness, log_likelihood;
  std::vector<double> coefficient, error;
  std::vector<double> survival, low, high;  // of x = 1, g = "b", at the ends of six periods
};

// SciPy 1.17 on one row per row and period, minimising the penalised likelihood itself; intervals
// from the inverse of X'WX plus the penalty. Six digits.
const std::vector<Golden> kGolden{
    {HazardLink::logit,
     0,
     -89.052414240,
     {-0.361078285, 0.0033835335, 0.109608892},
     {0.13439791, 0.468153616, 0.460376989},
     {0.951677697, 0.840703364, 0.6935903, 0.538099963, 0.341396158, 0.0337150994},
     {0.853346716, 0.674744493, 0.476329921, 0.300531835, 0.135281443, 0.00166653885},
     {0.984650721, 0.926326496, 0.834856256, 0.726549533, 0.561362863, 0.165915106}},
    {HazardLink::logit,
     1,
     -89.943865793,
     {-0.32975779, 0.00374432749, 0.0749708273},
     {0.128961352, 0.451410491, 0.44924842},
     {0.939832729, 0.829650594, 0.681856966, 0.516757951, 0.306695835, 0.0784500562},
     {0.843877458, 0.668223857, 0.472133052, 0.291127099, 0.121933258, 0.0124814005},
     {0.977571019, 0.91712445, 0.822513389, 0.70244159, 0.51487568, 0.228110036}},
    {HazardLink::cloglog,
     0,
     -88.741969263,
     {-0.31446491, -0.106945006, 0.0447324924},
     {0.113187453, 0.384963108, 0.379339764},
     {0.952661583, 0.84574031, 0.706845651, 0.559401864, 0.366997382, 0.0292862497},
     {0.862635377, 0.696144191, 0.507536463, 0.333029833, 0.154264454, 0.000395913213},
     {0.984209863, 0.925426382, 0.837371779, 0.735733385, 0.584152977, 0.203695714}},
    {HazardLink::cloglog,
     1,
     -89.082918997,
     {-0.290585658, -0.0737988058, 0.0304972874},
     {0.108110648, 0.374841082, 0.372762717},
     {0.94152889, 0.834037825, 0.692214687, 0.535857609, 0.331308089, 0.0526754013},
     {0.853274271, 0.686665579, 0.497694823, 0.318423059, 0.137259693, 0.00328688649},
     {0.97738207, 0.916117025, 0.82371302, 0.711678618, 0.540896859, 0.219718577}}};

TEST(HazardRegression, EqualsAnIndependentComputation) {
  const Sample s = sixty();
  for (const Golden& golden : kGolden) {
    HazardOptions options;
    options.link = golden.link;
    options.smoothness = golden.smoothness;
    const HazardModel m = hazard_regression(s.view(), s.features(), options);
    ASSERT_TRUE(m.converged);
    EXPECT_EQ(m.n, (std::vector<std::int64_t>{60, 53, 42, 30, 20, 9}));
    EXPECT_EQ(m.events, (std::vector<std::int64_t>{4, 8, 9, 8, 8, 8}));
    EXPECT_EQ(m.term, (std::vector<std::string>{"x", "g = b", "g = c"}));
    EXPECT_NEAR(m.log_likelihood, golden.log_likelihood, 2e-6);
    for (std::size_t k = 0; k < 3; ++k) {
      EXPECT_NEAR(m.coefficient[k], golden.coefficient[k], 2e-6);
      EXPECT_NEAR(m.standard_error[k], golden.error[k], 2e-6);
    }
    const std::vector<double> x{1};
    const std::vector<std::int32_t> g{1};
    const std::vector<Feature> row{{"x", x, {}, nullptr}, {"g", {}, g, s.levels.get()}};
    const HazardSurvival found = hazard_survival(m, row);
    ASSERT_EQ(found.time, (std::vector<double>{0, 1, 2, 3, 4, 5, 6}));
    EXPECT_EQ(found.survival[0], 1);
    EXPECT_EQ(found.survival_low[0], 1);
    for (std::size_t t = 0; t < 6; ++t) {
      EXPECT_NEAR(found.survival[t + 1], golden.survival[t], 2e-6);
      EXPECT_NEAR(found.survival_low[t + 1], golden.low[t], 2e-6);
      EXPECT_NEAR(found.survival_high[t + 1], golden.high[t], 2e-6);
    }
  }
}

// One period is a logistic regression.
TEST(HazardRegression, OfOnePeriodIsLogisticRegression) {
  core::Random random(1);
  Sample s;
  std::vector<std::uint8_t> outcome;
  for (int i = 0; i < 500; ++i) {
    s.x.push_back(random.normal());
    s.g.push_back(static_cast<std::int32_t>(random.below(3)));
    outcome.push_back(random.uniform() < 1 / (1 + std::exp(-s.x.back())) ? 1 : 0);
    s.event.push_back(outcome.back());
    s.duration.push_back(1);
  }
  const HazardModel m = hazard_regression(s.view(), s.features());
  const auto features = s.features();
  const LogisticModel l = logistic_regression({features, outcome, {}, {}}, {.penalty = 0});
  ASSERT_EQ(m.term, l.term);
  EXPECT_NEAR(m.log_likelihood, l.log_likelihood, 1e-8);
  for (std::size_t k = 0; k < m.term.size(); ++k) {
    EXPECT_NEAR(m.coefficient[k], l.coefficient[k], 1e-7);
    EXPECT_NEAR(m.standard_error[k], l.standard_error[k], 1e-7);
    EXPECT_NEAR(m.p_value[k], l.p_value[k], 1e-7);
  }
}

// Without columns and smoothing the curve is that of Kaplan and Meier on whole periods.
TEST(HazardRegression, WithoutColumnsIsTheProductLimit) {
  Sample s = sixty();
  for (std::size_t i = 0; i < 60; ++i) s.duration[i] = std::ceil(s.duration[i]);
  const SurvivalCurve curve = survival_curve(s.view());
  for (const HazardLink link : {HazardLink::logit, HazardLink::cloglog}) {
    const HazardModel m = hazard_regression(s.view(), {}, {.link = link, .smoothness = 0});
    const HazardSurvival found = hazard_survival(m, {});
    for (std::size_t t = 0; t < found.time.size(); ++t) {
      for (std::size_t k = 0; k < curve.time.size(); ++k) {
        if (curve.time[k] != found.time[t]) continue;
        EXPECT_NEAR(found.survival[t], curve.survival[k], 1e-8);
      }
    }
  }
}

// A row cut into episodes, each with its entry, says the same.
TEST(HazardRegression, EpisodesAreTheWholeRow) {
  const Sample s = sixty();
  Sample cut;
  for (std::size_t i = 0; i < 60; ++i) {
    const double middle = std::floor(s.duration[i] / 2);
    const auto add = [&](double from, double to, std::int32_t event) {
      cut.x.push_back(s.x[i]);
      cut.g.push_back(s.g[i]);
      cut.entry.push_back(from);
      cut.duration.push_back(to);
      cut.event.push_back(event);
    };
    if (middle > 0 && middle < s.duration[i]) add(0, middle, 0);
    add(middle < s.duration[i] ? middle : 0, s.duration[i], s.event[i]);
  }
  const HazardModel whole = hazard_regression(s.view(), s.features());
  const HazardModel parts = hazard_regression(cut.view(), cut.features());
  EXPECT_EQ(whole.n, parts.n);
  EXPECT_EQ(whole.events, parts.events);
  // The level the others are held against may be another one; what is foretold may not.
  const HazardSurvival one = hazard_survival(whole, s.features());
  const HazardSurvival two = hazard_survival(parts, s.features());
  for (std::size_t k = 0; k < one.survival.size(); ++k) {
    EXPECT_NEAR(one.survival[k], two.survival[k], 1e-7);
    EXPECT_NEAR(one.survival_low[k], two.survival_low[k], 1e-7);
    EXPECT_NEAR(one.survival_high[k], two.survival_high[k], 1e-7);
  }
}

TEST(HazardRegression, UnitsDoNotMatter) {
  Sample s = sixty();
  const HazardModel weeks = hazard_regression(s.view(), s.features());
  for (double& d : s.duration) d *= 7;
  const HazardModel days = hazard_regression(s.view(), s.features(), {.period = 7});
  EXPECT_EQ(weeks.coefficient, days.coefficient);
  EXPECT_EQ(weeks.n, days.n);
  EXPECT_EQ(days.time.back(), 42);
}

TEST(HazardRegression, SameBitsOnAnyNumberOfThreads) {
  core::Random random(2);
  Sample s;
  for (int i = 0; i < 30000; ++i) {
    s.x.push_back(random.normal());
    s.g.push_back(static_cast<std::int32_t>(random.below(3)));
    s.duration.push_back(1 + static_cast<double>(random.below(12)));
    s.event.push_back(static_cast<std::int32_t>(random.below(2)));
  }
  const HazardModel one = hazard_regression(s.view(), s.features(), {}, {.threads = 1});
  const HazardSurvival survival = hazard_survival(one, s.features(), {.threads = 1});
  for (const int threads : {2, 3, 8}) {
    const HazardModel many = hazard_regression(s.view(), s.features(), {}, {.threads = threads});
    EXPECT_EQ(one.coefficient, many.coefficient);
    EXPECT_EQ(one.covariance, many.covariance);
    EXPECT_EQ(survival.survival_low,
              hazard_survival(many, s.features(), {.threads = threads}).survival_low);
  }
}

// Periods without events, without rows, and those in which all had it.
TEST(HazardRegression, EmptyPeriodsAreStatuses) {
  Sample s;
  for (int i = 0; i < 40; ++i) {
    s.x.push_back(i % 5);
    s.g.push_back(0);
    s.duration.push_back(i < 20 ? 1 : i < 30 ? 3 : 5);
    s.event.push_back(i % 2);
  }
  for (std::size_t i = 30; i < 40; ++i) s.event[i] = 1;
  const HazardModel held = hazard_regression(s.view(), s.features(), {.smoothness = 0});
  ASSERT_TRUE(held.converged);
  EXPECT_EQ(held.status[1], Status::boundary);
  EXPECT_NEAR(held.hazard[1], 0, 1e-12);
  EXPECT_TRUE(std::isnan(held.hazard_low[1]));
  EXPECT_EQ(held.status[4], Status::boundary);
  EXPECT_NEAR(held.hazard[4], 1, 1e-12);
  const HazardModel smooth = hazard_regression(s.view(), s.features());
  ASSERT_TRUE(smooth.converged);
  EXPECT_GT(smooth.hazard[1], 0.01);
  EXPECT_LT(smooth.hazard[4], 0.99);
  EXPECT_EQ(smooth.status[1], Status::small_sample);
  for (const double v : hazard_survival(smooth, s.features()).survival_low) EXPECT_TRUE(v >= 0);
}

TEST(HazardRegression, NothingToLearnIsAStatus) {
  Sample s = sixty();
  s.event.assign(60, 0);
  EXPECT_EQ(hazard_regression(s.view(), s.features()).fit_status, Status::not_enough_data);
  EXPECT_EQ(hazard_regression({}, {}).fit_status, Status::not_enough_data);
  s.event.assign(60, 1);
  s.duration.assign(60, 0.5);
  EXPECT_EQ(hazard_regression(s.view(), s.features()).fit_status, Status::not_enough_data);
}

TEST(HazardRegression, IntervalsCover) {
  const int runs = 200 * testing::simulation_scale();
  const double slope = 0.7;
  int coefficient = 0, survival = 0;
  for (int run = 0; run < runs; ++run) {
    core::Random random(11, static_cast<std::uint64_t>(run));
    Sample s;
    for (int i = 0; i < 400; ++i) {
      s.x.push_back(random.normal());
      s.g.push_back(0);
      const double stop = 1 + static_cast<double>(random.below(8));
      double t = 1;
      for (; t < stop; ++t)
        if (random.uniform() < 1 / (1 + std::exp(2 - 0.1 * t - slope * s.x.back()))) break;
      s.event.push_back(t < stop ? 1 : 0);
      s.duration.push_back(t < stop ? t : stop - 1);
    }
    const HazardModel m = hazard_regression(s.view(), {{{"x", s.x, {}, nullptr}}});
    coefficient += m.low[0] <= slope && slope <= m.high[0];
    const std::vector<double> one{1};
    const HazardSurvival found = hazard_survival(m, {{{"x", one, {}, nullptr}}});
    double truth = 1;
    for (int t = 1; t <= 4; ++t) truth *= 1 - 1 / (1 + std::exp(2 - 0.1 * t - slope));
    survival += found.survival_low[4] <= truth && truth <= found.survival_high[4];
  }
  std::printf("  coefficient %.3f, survival %.3f of %d intervals cover\n",
              static_cast<double>(coefficient) / runs, static_cast<double>(survival) / runs, runs);
  EXPECT_GT(coefficient, 0.91 * runs);
  EXPECT_LT(coefficient, 0.99 * runs);
  EXPECT_GT(survival, 0.91 * runs);
  EXPECT_LT(survival, 0.99 * runs);
}

TEST(HazardRegression, BytesGiveTheSameModelBack) {
  const Sample s = sixty();
  for (const HazardLink link : {HazardLink::logit, HazardLink::cloglog}) {
    const HazardModel m = hazard_regression(s.view(), s.features(), {.link = link});
    const std::string bytes = m.to_bytes();
    const HazardModel again = hazard_model_from(bytes);
    EXPECT_EQ(again.to_bytes(), bytes);
    EXPECT_EQ(hazard_survival(again, s.features()).survival_low,
              hazard_survival(m, s.features()).survival_low);
  }
  EXPECT_THROW(hazard_model_from("nothing"), FormatError);
}

// Payloads changed at random under a good checksum: refused, or a model that can be used.
TEST(HazardRegression, DamagedBytesAreRefusedOrHarmless) {
  const Sample s = sixty();
  const std::string bytes = hazard_regression(s.view(), s.features()).to_bytes();
  const std::string payload(core::unsealed(bytes, "hazard", 1).payload);
  core::Random random(9);
  int refused = 0;
  for (int trial = 0; trial < 3000; ++trial) {
    std::string changed = payload;
    for (std::uint64_t k = 0; k <= random.below(3); ++k)
      changed[random.below(changed.size())] = static_cast<char>(random.below(256));
    if (trial % 10 == 0) changed.resize(random.below(changed.size()));
    try {
      hazard_survival(hazard_model_from(core::sealed("hazard", 1, changed)), s.features());
    } catch (const Error&) {
      ++refused;
    }
  }
  EXPECT_GT(refused, 300);
}

TEST(HazardRegression, RefusesWhatCannotBe) {
  const auto message = [](Sample s, const HazardOptions& options) -> std::string {
    try {
      hazard_regression(s.view(), s.features(), options);
    } catch (const Error& error) {
      return error.what();
    }
    return "no error";
  };
  const Sample s = sixty();
  EXPECT_EQ(message(s, {.period = 0}), "hazard_regression: period must be above 0");
  EXPECT_EQ(message(s, {.smoothness = -1}), "hazard_regression: smoothness must be 0 or more");
  EXPECT_EQ(message(s, {.period = 0.001}),
            "hazard_regression: durations reach over 6000 periods, max_periods is 600; take a "
            "longer period");
  Sample two = s;
  two.event[3] = 2;
  EXPECT_EQ(message(two, {}),
            "hazard_regression: event must be 0 or 1; row 3 has 2; fit one kind of event at a "
            "time, the others as censored");
  Sample cut = s;
  cut.x.pop_back();
  cut.g.pop_back();
  EXPECT_EQ(message(cut, {}), "hazard_regression: columns have 59 rows, durations 60");
  try {
    hazard_survival({}, {});
    FAIL();
  } catch (const InvalidArgument& error) {
    EXPECT_EQ(std::string(error.what()),
              "hazard_survival: the model saw no event, or nothing else, and foretells nothing");
  }
  EXPECT_THROW(parse_hazard_link("probit"), InvalidArgument);
}

}  // namespace
}  // namespace emptor::learn
