#include "customers/gap_rhythm.hpp"

#include "core/random.hpp"
#include "core/special.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <numeric>
#include <vector>

namespace emptor::customers {
namespace {

DeclineWindows plain_windows(int baseline, int window) {
  DeclineWindows w;
  w.baseline = {1000, 1000 + baseline - 1};
  w.window = {1000 + baseline, 1000 + baseline + window - 1};
  return w;
}

ActivityClock plain_clock(int baseline, int window, double market = 1) {
  DeclineActivity activity;
  activity.baseline.assign(static_cast<std::size_t>(baseline), 1.0);
  activity.window_days.assign(static_cast<std::size_t>(window), 1.0);
  return {plain_windows(baseline, window), activity, market};
}

/// P(gap >= u) for gap ~ Gamma(k, mu), mu ~ Gamma(size, exposure), by quadrature over mu.
double tail_by_quadrature(double k, double size, double exposure, double u) {
  double sum = 0;
  const double step = 0.0005;
  for (double p = step / 2; p < 1; p += step)
    sum += step * (1 - core::gamma_cdf(core::gamma_quantile(p, size) / exposure * u, k));
  return sum;
}

/// Days of a renewal process with gamma gaps, one a day at most.
std::vector<data::Day> renewals(core::Random& random, double rate, double shape, int days) {
  std::vector<data::Day> result{1000};
  for (double at = 0;;) {
    at += random.gamma(shape) / shape / rate;
    if (at >= days) return result;
    const auto day = static_cast<data::Day>(1000 + std::ceil(at));
    if (day >= 1000 + days) return result;
    if (day != result.back()) result.push_back(day);
  }
}

double mean_shape(double shape, double others, double rate) {
  const ActivityClock clock = plain_clock(180, 90);
  std::vector<GapRow> rows;
  for (std::uint64_t c = 0; c < 4000; ++c) {
    core::Random random(7, c);
    const double own = rate * random.gamma(1.5) / 1.5;
    rows.push_back(gap_row(renewals(random, own, c % 2 == 0 ? shape : others, 270), clock));
  }
  const GapShapes shapes(rows, {});
  double mean = 0;
  for (std::size_t k = 0; k < kGapShapes.size(); ++k) mean += shapes.weights()[k] * kGapShapes[k];
  return mean;
}

}  // namespace

TEST(GapRhythm, ClockCountsTheMarket) {
  const ActivityClock clock = plain_clock(10, 10, 0.5);
  EXPECT_DOUBLE_EQ(clock.between(1000, 1009), 9);
  EXPECT_DOUBLE_EQ(clock.between(1009, 1019), 5);
  EXPECT_DOUBLE_EQ(clock.between(1005, 1014), 4 + 2.5);
  EXPECT_DOUBLE_EQ(clock.between(1019, 1019), 0);
}

TEST(GapRhythm, AtRandomTheTailIsAPower) {
  const std::vector<data::Day> days{1000, 1010, 1030, 1040};
  const GapRow row = gap_row(days, plain_clock(60, 40));
  EXPECT_EQ(row.gaps, 3);
  EXPECT_DOUBLE_EQ(row.total, 40);
  EXPECT_DOUBLE_EQ(row.open, 59);
  const std::vector<RateLaw> laws{{1, 1.5, 20}};
  // One customer says little of shapes: the weights stay at random.
  const GapShapes shapes(std::vector<GapRow>{row}, {});
  EXPECT_GT(shapes.weights()[0], 0.3);
  const std::vector<data::Day> two{1000, 1040};
  const GapShapes none(std::vector<GapRow>{gap_row(two, plain_clock(60, 40))}, {});
  EXPECT_EQ(none.weights()[0], 1);
  const GapRhythm rhythm = none.rhythm(gap_row(two, plain_clock(60, 40)), laws, 1);
  EXPECT_NEAR(rhythm.p_gap, std::pow(60.0 / 119, 2.5), 1e-12);
  EXPECT_EQ(rhythm.shape, 1);
}

// The mixture over shapes and laws against quadrature and the Dirichlet density written out.
TEST(GapRhythm, AgreesWithQuadrature) {
  const ActivityClock clock = plain_clock(180, 90);
  std::vector<GapRow> rows;
  for (std::uint64_t c = 0; c < 200; ++c) {
    core::Random random(3, c);
    rows.push_back(gap_row(renewals(random, 0.05, c % 2 == 0 ? 1 : 3, 270), clock));
  }
  const GapShapes shapes(rows, {});
  const std::vector<RateLaw> laws{{0.7, 2, 60}, {0.3, 5, 50}};
  const double phi = 1.2;
  for (std::size_t i = 0; i < 20; ++i) {
    const GapRow& row = rows[i];
    if (row.gaps < 2) continue;
    double expected = 0, shape = 0, all = 0;
    for (std::size_t k = 0; k < kGapShapes.size(); ++k) {
      const double a = kGapShapes[k], n = row.gaps;
      const double weight =
          shapes.weights()[k] *
          std::exp(core::log_gamma(a * n) - n * core::log_gamma(a) + (a - 1) * row.log_shares);
      double tail = 0, evidence = 0;
      for (const RateLaw& law : laws) {
        const double rate = law.rate / (a * phi), size = law.shape + a * n;
        const double one =
            law.share * std::exp(core::log_gamma(size) - core::log_gamma(law.shape) +
                                 law.shape * std::log(rate) - size * std::log(rate + row.total));
        tail += one * tail_by_quadrature(a, size, rate + row.total, row.open);
        evidence += one;
      }
      expected += weight * tail / evidence;
      shape += weight * a;
      all += weight;
    }
    const GapRhythm rhythm = shapes.rhythm(row, laws, phi);
    EXPECT_NEAR(rhythm.p_gap, expected / all, 2e-3) << i;
    EXPECT_NEAR(rhythm.shape, shape / all, 1e-9 * shape / all) << i;
  }
}

// Gaps that end within the data are shorter than all gaps; their shares do not know it.
TEST(GapRhythm, ShapesAreFoundWhateverTheRates) {
  EXPECT_NEAR(mean_shape(1, 1, 0.03), 1, 0.06);
  EXPECT_NEAR(mean_shape(1, 1, 0.1), 1, 0.1);
  EXPECT_NEAR(mean_shape(3, 3, 0.05), 3, 0.35);
  EXPECT_NEAR(mean_shape(3, 1, 0.05), 2, 0.3);
  EXPECT_NEAR(mean_shape(0.5, 0.5, 0.05), 0.5, 0.25);
}

}  // namespace emptor::customers
