#include "emptor/learn/calibration.hpp"

#include "emptor/core/error.hpp"

#include "core/random.hpp"
#include "simulation.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

namespace emptor::learn {
namespace {

double sigmoid(double z) { return 1 / (1 + std::exp(-z)); }

struct Scored {
  std::vector<double> z{};
  std::vector<std::uint8_t> y{};
};

/// Log-odds whose truth is sigmoid(slope z + shift).
Scored scored(core::Random& random, std::size_t n, double slope, double shift,
              std::uint64_t distinct = 0) {
  Scored s;
  for (std::size_t i = 0; i < n; ++i) {
    s.z.push_back(distinct == 0 ? 1.5 * random.normal()
                                : static_cast<double>(random.below(distinct)) - 1);
    s.y.push_back(random.uniform() < sigmoid(slope * s.z.back() + shift) ? 1 : 0);
  }
  return s;
}

// The max-min formula: at i the largest over starts of the smallest over ends of weighted means.
TEST(IsotonicRegression, IsTheMaxMinOfMeans) {
  core::Random random(1);
  for (int trial = 0; trial < 2000; ++trial) {
    const std::size_t n = 1 + random.below(9);
    std::vector<double> y, w;
    for (std::size_t i = 0; i < n; ++i) {
      y.push_back(static_cast<double>(random.below(5)));
      w.push_back(static_cast<double>(1 + random.below(3)));
    }
    const auto found = isotonic_regression(y, w);
    for (std::size_t i = 0; i < n; ++i) {
      double best = -1e9;
      for (std::size_t a = 0; a <= i; ++a) {
        double least = 1e9;
        for (std::size_t b = i; b < n; ++b) {
          double sum = 0, total = 0;
          for (std::size_t k = a; k <= b; ++k) {
            sum += w[k] * y[k];
            total += w[k];
          }
          least = std::min(least, sum / total);
        }
        best = std::max(best, least);
      }
      EXPECT_NEAR(found[i], best, 1e-12);
    }
  }
}

// The definition: isotonic regression of the held-out cases and the new one, with either outcome.
TEST(VennAbers, IsTheFitWithTheNewCaseAddedEitherWay) {
  core::Random random(2);
  for (int trial = 0; trial < 3000; ++trial) {
    const Scored s = scored(random, 1 + random.below(14), 0.7, 0, 1 + random.below(9));
    const VennAbers fitted = fit_venn_abers(s.z, s.y);
    std::vector<double> tries;
    for (double z = -1.5; z < 9; z += 0.5) tries.push_back(z);
    const VennAbersBand band = venn_abers(fitted, tries);
    for (std::size_t t = 0; t < tries.size(); ++t)
      for (const std::uint8_t outcome : {std::uint8_t{0}, std::uint8_t{1}}) {
        std::vector<double> at, n, events;
        auto all = s;
        all.z.push_back(tries[t]);
        all.y.push_back(outcome);
        std::vector<double> distinct = all.z;
        std::sort(distinct.begin(), distinct.end());
        distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
        for (const double z : distinct) {
          at.push_back(z);
          n.push_back(0);
          events.push_back(0);
          for (std::size_t i = 0; i < all.z.size(); ++i)
            if (all.z[i] == z) {
              n.back() += 1;
              events.back() += all.y[i];
            }
        }
        for (std::size_t k = 0; k < n.size(); ++k) events[k] /= n[k];
        const auto level = isotonic_regression(events, n);
        const auto place = std::find(at.begin(), at.end(), tries[t]) - at.begin();
        EXPECT_NEAR(outcome == 1 ? band.high[t] : band.low[t],
                    level[static_cast<std::size_t>(place)], 1e-12);
      }
    for (std::size_t t = 0; t < tries.size(); ++t) {
      EXPECT_LE(band.low[t], band.probability[t] + 1e-12);
      EXPECT_GE(band.high[t] + 1e-12, band.probability[t]);
    }
  }
}

TEST(Calibration, PlattAndBetaFindThePlantedDistortion) {
  core::Random random(3);
  const Scored s = scored(random, 40000, 0.6, -0.4);
  const Calibration platt = fit_calibration(s.z, s.y, CalibrationKind::platt);
  EXPECT_NEAR(platt.a, 0.6, 0.04);
  EXPECT_NEAR(platt.c, -0.4, 0.04);
  // a ln p - b ln(1 - p) with a = b is a stretched log-odds: beta holds Platt.
  const Calibration beta = fit_calibration(s.z, s.y, CalibrationKind::beta);
  EXPECT_NEAR(beta.a, 0.6, 0.08);
  EXPECT_NEAR(beta.b, 0.6, 0.08);
}

// At the maximum the mean probability is the mean target, and the residuals know nothing of z.
TEST(Calibration, PlattSolvesItsEquations) {
  core::Random random(4);
  const Scored s = scored(random, 300, 1.3, 0.2);
  const Calibration platt = fit_calibration(s.z, s.y, CalibrationKind::platt);
  const auto p = calibrate(platt, s.z);
  const auto yes = static_cast<double>(platt.n_events), no = 300 - yes;
  double sum = 0, product = 0;
  for (std::size_t i = 0; i < 300; ++i) {
    const double target = s.y[i] == 1 ? (yes + 1) / (yes + 2) : 1 / (no + 2);
    sum += target - p[i];
    product += (target - p[i]) * s.z[i];
  }
  EXPECT_NEAR(sum, 0, 1e-5);
  EXPECT_NEAR(product, 0, 1e-5);
}

TEST(Calibration, NeverTurnsTheOrderAround) {
  core::Random random(5);
  for (int trial = 0; trial < 50; ++trial) {
    const Scored s = scored(random, 60, -0.5, 0);  // scores that point the wrong way
    const Calibration beta = fit_calibration(s.z, s.y, CalibrationKind::beta);
    EXPECT_GE(beta.a, 0);
    EXPECT_GE(beta.b, 0);
    std::vector<double> grid;
    for (double z = -5; z <= 5; z += 0.1) grid.push_back(z);
    for (const auto kind : {CalibrationKind::beta, CalibrationKind::isotonic}) {
      const auto p = calibrate(fit_calibration(s.z, s.y, kind), grid);
      EXPECT_TRUE(
          std::is_sorted(p.begin(), p.end(), [](double a, double b) { return a < b - 1e-12; }));
    }
  }
}

TEST(Calibration, IsotonicIsItsStepsAtItsScores) {
  const std::vector<double> z{1, 2, 3, 4, 5};
  const std::vector<std::uint8_t> y{0, 1, 0, 1, 1};
  const auto calibration = fit_calibration(z, y, CalibrationKind::isotonic);
  const auto p = calibrate(calibration, std::vector<double>{0, 1, 1.5, 2, 2.5, 3, 3.5, 4, 9});
  const std::vector<double> expected{0, 0, 0.25, 0.5, 0.5, 0.5, 0.75, 1, 1};
  for (std::size_t i = 0; i < p.size(); ++i) EXPECT_NEAR(p[i], expected[i], 1e-12) << i;
}

// Validity: with the right one of the two probabilities chosen by the outcome, the mean forecast is
// the share of events, however wrong the scores.
TEST(VennAbers, TheSelectedProbabilityIsCalibrated) {
  const int runs = 300 * testing::simulation_scale();
  double difference = 0, square = 0;
  for (int run = 0; run < runs; ++run) {
    core::Random random(6, static_cast<std::uint64_t>(run));
    const Scored held = scored(random, 200, 0.2, 0.8), later = scored(random, 50, 0.2, 0.8);
    const auto band = venn_abers(fit_venn_abers(held.z, held.y), later.z);
    double one = 0;
    for (std::size_t i = 0; i < 50; ++i)
      one += (later.y[i] == 1 ? band.high[i] : band.low[i]) - later.y[i];
    difference += one;
    square += one * one;
  }
  const double mean = difference / runs;
  const double error = std::sqrt((square / runs - mean * mean) / runs);
  EXPECT_LT(std::fabs(mean), 3.5 * error);
}

TEST(Calibration, TooLittleAndWrong) {
  const std::vector<double> z{0.5, 1};
  const std::vector<std::uint8_t> y{1, 1};
  const auto none = fit_calibration(z, y, CalibrationKind::platt);
  EXPECT_EQ(none.status, Status::not_enough_data);
  EXPECT_NEAR(calibrate(none, z)[0], sigmoid(0.5), 1e-15);
  const auto message = [](auto call) {
    try {
      call();
    } catch (const InvalidArgument& error) {
      return std::string(error.what());
    }
    return std::string("no error");
  };
  EXPECT_EQ(message([&] { fit_calibration(std::vector<double>{1}, y, CalibrationKind::beta); }),
            "fit_calibration: 1 scores but 2 outcomes");
  EXPECT_EQ(message([&] {
              fit_venn_abers(std::vector<double>{1, std::nan("")}, y);
            }),
            "fit_venn_abers: scores must be finite; row 1 is not");
  EXPECT_EQ(message([] { parse_calibration("plat"); }),
            "calibration must be \"none\", \"platt\", \"beta\" or \"isotonic\", got \"plat\"");
  EXPECT_EQ(parse_calibration("beta"), CalibrationKind::beta);
}

}  // namespace
}  // namespace emptor::learn
