#include "emptor/core/multiplicity.hpp"

#include "emptor/core/error.hpp"

#include "core/random.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

namespace emptor {
namespace {

const double kNaN = std::numeric_limits<double>::quiet_NaN();

void expect(const std::vector<double>& found, const std::vector<double>& expected) {
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (std::isnan(expected[i])) {
      EXPECT_TRUE(std::isnan(found[i])) << i;
    } else {
      EXPECT_NEAR(found[i], expected[i], 1e-15) << i;
    }
  }
}

// The 15 p-values of Benjamini and Hochberg (1995, section 4), where the procedure at .05 rejects
// 4 hypotheses and Bonferroni's 3. Adjusted values by scipy.stats.false_discovery_control.
const std::vector<double> kPublished{.0001, .0004, .0019, .0095, .0201, .0278, .0298, .0344,
                                     .0459, .3240, .4262, .5719, .6528, .7590, 1.000};

TEST(Multiplicity, PublishedExample) {
  const auto q = benjamini_hochberg(kPublished);
  EXPECT_EQ(std::count_if(q.begin(), q.end(), [](double x) { return x <= .05; }), 4);
  const auto h = holm(kPublished);
  EXPECT_EQ(std::count_if(h.begin(), h.end(), [](double x) { return x <= .05; }), 3);
  EXPECT_NEAR(q[0], .0015, 1e-15);
  EXPECT_NEAR(q[4], .0603, 1e-15);
  EXPECT_NEAR(q[5], .0638571428571429, 1e-15);
}

TEST(Multiplicity, ByHand) {
  expect(benjamini_hochberg(std::vector{.04, .01, .03}), {.04, .03, .04});
  expect(holm(std::vector{.04, .01, .03}), {.06, .03, .06});
  expect(benjamini_hochberg(std::vector{.04, kNaN, .01, .03}), {.04, kNaN, .03, .04});
  expect(holm(std::vector{.5, .4}), {.8, .8});
  expect(benjamini_hochberg({}), {});
}

TEST(Multiplicity, TestsThatAreNotGivenCountAsOnes) {
  const std::vector<double> some{.001, .02, .03};
  std::vector<double> all = some;
  all.resize(50, 1.0);
  for (const auto correct : {benjamini_hochberg, holm}) {
    const auto full = correct(all, 0);
    expect(correct(some, 50), {full[0], full[1], full[2]});
  }
}

TEST(Multiplicity, BayesianFdr) {
  // Mean of the smallest three: (.01 + .04 + .1) / 3 = .05; of four: .0875.
  EXPECT_EQ(bayesian_fdr(std::vector{.2, .01, .1, .04}, .0501), 3);
  EXPECT_EQ(bayesian_fdr(std::vector{.2, .01, .1, .04}, .2), 4);
  EXPECT_EQ(bayesian_fdr(std::vector{.2, .3}, .05), 0);
  EXPECT_EQ(bayesian_fdr(std::vector{kNaN, .01}, .05), 1);
  EXPECT_EQ(bayesian_fdr({}, .05), 0);
}

template <typename Call>
std::string message(Call call) {
  try {
    call();
  } catch (const InvalidArgument& e) {
    return e.what();
  }
  return "no error";
}

TEST(Multiplicity, Messages) {
  EXPECT_EQ(message([] {
              benjamini_hochberg(std::vector{.1, 1.5});
            }),
            "benjamini_hochberg: p[1] must lie in [0, 1]; found 1.500000");
  EXPECT_EQ(message([] {
              holm(std::vector{.1, .2}, 1);
            }),
            "holm: n_tests must be at least the number of p-values, 2; found 1");
  EXPECT_EQ(message([] { bayesian_fdr({}, 5); }),
            "bayesian_fdr: level must lie in [0, 1]; found 5");
}

// 90 true nulls of 100 with independent p-values: the mean false share of the list must not pass
// .9 * .05, and the procedure must find something.
TEST(Multiplicity, HoldsTheFalseDiscoveryRate) {
  double false_share = 0;
  double found = 0;
  constexpr int kRuns = 4000;
  for (int run = 0; run < kRuns; ++run) {
    core::Random random(1, static_cast<std::uint64_t>(run));
    std::vector<double> p(100);
    for (std::size_t i = 0; i < p.size(); ++i) {
      p[i] = i < 90 ? random.uniform() : std::pow(random.uniform(), 12) * .01;
    }
    const auto q = benjamini_hochberg(p);
    int listed = 0;
    int wrong = 0;
    for (std::size_t i = 0; i < p.size(); ++i) {
      if (q[i] <= .05) {
        ++listed;
        wrong += i < 90;
      }
    }
    false_share += listed > 0 ? static_cast<double>(wrong) / listed : 0;
    found += listed - wrong;
  }
  EXPECT_NEAR(false_share / kRuns, .045, .004);
  EXPECT_GT(found / kRuns, 5);
}

}  // namespace
}  // namespace emptor
