#include "emptor/forecasting/reconcile.hpp"

#include "emptor/core/error.hpp"

#include "core/random.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace emptor::forecasting {
namespace {

/// The whole, two parts, five finest series.
const std::vector<std::int32_t> kNode{0, 0, 0, 0, 0, 1, 1, 2, 2, 2};
const Hierarchy kTree{5, kNode};
/// [node * 2 + step]
const std::vector<double> kBase{100, 110, 45, 40, 60, 61, 20, 25, 22, 18, 10, 30, -4, 12, 30, 25};
/// [node * 12 + moment]
const std::vector<double> kErrors{
    -7.9, -11.4, -3.2, 2.8,  8.8,  -0.1, -4.7, -7.8, 6.9,  18.5, 3.4,  -14.3, -5.5,  8.5,
    0.1,  -9.6,  -1.9, -6.9, -2.8, -3.2, -3.4, 6.6,  0.6,  -6.1, 1.8,  5.5,   -10.8, -2.5,
    -7.3, -2.1,  -7.4, -0.6, -0.0, 2.0,  -5.3, -5.5, -4.0, -3.5, -0.3, -4.3,  2.1,   1.1,
    -5.7, 0.1,   -3.1, 3.9,  1.1,  -9.1, -1.4, -0.2, 2.0,  -4.5, 0.8,  -4.3,  -0.7,  -3.3,
    4.5,  5.5,   8.3,  -1.2, 1.0,  2.2,  -2.1, -1.1, 1.3,  -1.8, 0.7,  -0.8,  1.4,   3.1,
    0.7,  -2.7,  -0.3, -2.9, 2.7,  -6.2, -6.2, -6.2, 4.2,  -2.2, -3.7, -0.7,  2.6,   -7.4,
    -4.5, 2.4,   -4.5, -1.9, -1.5, -2.4, 0.2,  3.3,  -1.3, 0.0,  -4.6, -3.8};

std::vector<double> finest(ReconcileMethod method, const BaseForecasts& base) {
  const Reconciled r = reconcile(kTree, base, {.method = method});
  return {r.forecast.begin() + 6, r.forecast.end()};
}

void expect_near(const std::vector<double>& a, const std::vector<double>& b, double tolerance) {
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i) EXPECT_NEAR(a[i], b[i], tolerance) << i;
}

// hierarchicalforecast 1.5.3: MinTrace ols, wls_struct, wls_var, mint_shrink, and
// TopDown forecast_proportions.
TEST(Reconcile, Golden) {
  BaseForecasts base{.horizon = 2, .forecast = kBase, .error = kErrors};
  expect_near(finest(ReconcileMethod::ols, base),
              {21.27586206896552, 24.896551724137936, 23.27586206896552, 17.896551724137932,
               16.206896551724142, 29.17241379310345, 2.2068965517241415, 11.17241379310345,
               36.20689655172414, 24.172413793103452},
              1e-12);
  expect_near(finest(ReconcileMethod::structural, base),
              {21.316666666666666, 24.55, 23.31666666666667, 17.55, 14.56666666666667, 29.3,
               0.566666666666667, 11.3, 34.566666666666667, 24.3},
              1e-12);
  std::vector<double> variance;
  for (std::size_t i = 0; i < 8; ++i) {
    double sum = 0;
    for (std::size_t t = 0; t < 12; ++t) sum += kErrors[12 * i + t] * kErrors[12 * i + t];
    variance.push_back(sum / 12 + 2e-8);
  }
  base.variance = variance;
  expect_near(finest(ReconcileMethod::variance, base),
              {21.351871799185517, 24.536208925710167, 23.23886120462603, 17.57497983955603,
               11.358520096163215, 29.74691985811525, 4.448469518515757, 10.426125700684445,
               33.909383823995384, 24.271716763224205},
              1e-10);
  expect_near(finest(ReconcileMethod::shrunk, base),
              {22.05960155977166, 24.126076390461577, 25.372389828992862, 17.035149446590868,
               11.683982547227943, 29.710545753851783, 5.96916658198963, 10.013419607369768,
               32.81472346565077, 24.713384406893113},
              1e-6);
  expect_near(finest(ReconcileMethod::top_down, base),
              {20.408163265306122, 25.328114206769516, 22.448979591836732, 18.23624222887405,
               15.873015873015873, 29.747303088517807, -6.34920634920635, 11.898921235407123,
               47.61904761904762, 24.78941924043151},
              1e-12);
  expect_near(finest(ReconcileMethod::bottom_up, base), {20, 25, 22, 18, 10, 30, -4, 12, 30, 25},
              0);
}

/// A drawn hierarchy of up to three levels, which cross, or lie within each other.
struct Drawn {
  std::size_t finest = 0, sums = 0;
  std::vector<std::int32_t> node{};
  std::vector<double> base{}, variance{};
  [[nodiscard]] std::size_t nodes() const { return sums + finest; }
  [[nodiscard]] bool part(std::size_t node_, std::size_t series) const {
    if (node_ >= sums) return node_ - sums == series;
    for (std::size_t l = 0; l < node.size() / finest; ++l) {
      if (static_cast<std::size_t>(node[l * finest + series]) == node_) return true;
    }
    return false;
  }
};

/// Splits the nodes of the last level so that each lies within one of the level above.
void renumber(Drawn& d) {
  const std::size_t from = d.node.size() - d.finest;
  std::vector<std::pair<std::int32_t, std::int32_t>> pairs;
  for (std::size_t s = 0; s < d.finest; ++s) {
    const std::pair both{d.node[from - d.finest + s], d.node[from + s]};
    auto found = std::find(pairs.begin(), pairs.end(), both);
    if (found == pairs.end()) found = pairs.insert(pairs.end(), both);
    d.node[from + s] =
        static_cast<std::int32_t>(d.sums) + static_cast<std::int32_t>(found - pairs.begin());
  }
}

Drawn draw(core::Random& random, std::size_t finest, bool nested) {
  Drawn d;
  d.finest = finest;
  for (int level = 0; level < 1 + static_cast<int>(3 * random.uniform()); ++level) {
    const auto groups =
        1 + static_cast<std::size_t>(static_cast<double>(finest) * random.uniform());
    for (std::size_t s = 0; s < finest; ++s) {
      const std::size_t g =
          s < groups ? s : static_cast<std::size_t>(static_cast<double>(groups) * random.uniform());
      d.node.push_back(static_cast<std::int32_t>(d.sums + g));
    }
    if (nested && level > 0) renumber(d);
    d.sums = static_cast<std::size_t>(*std::max_element(d.node.begin(), d.node.end())) + 1;
  }
  for (std::size_t i = 0; i < d.nodes(); ++i) {
    d.base.push_back(3 + 5 * random.normal());
    d.variance.push_back(0.1 + random.uniform());
  }
  return d;
}

/// Solves a x = b by elimination.
std::vector<double> solved(std::vector<std::vector<double>> a, std::vector<double> b) {
  const std::size_t n = b.size();
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t k = i + 1; k < n; ++k) {
      const double f = a[k][i] / a[i][i];
      for (std::size_t j = i; j < n; ++j) a[k][j] -= f * a[i][j];
      b[k] -= f * b[i];
    }
  }
  for (std::size_t i = n; i-- > 0;) {
    for (std::size_t j = i + 1; j < n; ++j) b[i] -= a[i][j] * b[j];
    b[i] /= a[i][i];
  }
  return b;
}

/// The other formula, (S' W^-1 S)^-1 S' W^-1 y, with some finest forecasts left out (at 0).
std::vector<double> least_squares(const Drawn& d, unsigned left_out) {
  std::vector<std::size_t> free;
  for (std::size_t s = 0; s < d.finest; ++s) {
    if (((left_out >> s) & 1u) == 0) free.push_back(s);
  }
  std::vector<std::vector<double>> a(free.size(), std::vector<double>(free.size(), 0.0));
  std::vector<double> b(free.size(), 0.0);
  for (std::size_t n = 0; n < d.nodes(); ++n) {
    for (std::size_t i = 0; i < free.size(); ++i) {
      if (!d.part(n, free[i])) continue;
      b[i] += d.base[n] / d.variance[n];
      for (std::size_t j = 0; j < free.size(); ++j) {
        if (d.part(n, free[j])) a[i][j] += 1 / d.variance[n];
      }
    }
  }
  const std::vector<double> x = solved(a, b);
  std::vector<double> out(d.finest, 0.0);
  for (std::size_t i = 0; i < free.size(); ++i) out[free[i]] = x[i];
  return out;
}

double change(const Drawn& d, const std::vector<double>& finest) {
  double sum = 0;
  for (std::size_t n = 0; n < d.nodes(); ++n) {
    double y = 0;
    for (std::size_t s = 0; s < d.finest; ++s) y += d.part(n, s) ? finest[s] : 0;
    sum += (y - d.base[n]) * (y - d.base[n]) / d.variance[n];
  }
  return sum;
}

TEST(Reconcile, IsLeastSquaresOnDrawnHierarchies) {
  core::Random random(21, 1);
  for (int round = 0; round < 500; ++round) {
    const Drawn d =
        draw(random, 1 + static_cast<std::size_t>(8 * random.uniform()), round % 2 == 1);
    const BaseForecasts base{.horizon = 1, .forecast = d.base, .variance = d.variance};
    const Reconciled r = reconcile({d.finest, d.node}, base);
    const std::vector<double> expected = least_squares(d, 0);
    for (std::size_t s = 0; s < d.finest; ++s) {
      ASSERT_NEAR(r.forecast[d.sums + s], expected[s], 1e-8);
    }
    for (std::size_t n = 0; n < d.sums; ++n) {
      double sum = 0;
      for (std::size_t s = 0; s < d.finest; ++s) sum += d.part(n, s) ? r.forecast[d.sums + s] : 0;
      ASSERT_NEAR(r.forecast[n], sum, 1e-12);
    }
  }
}

// Against every choice of which finest forecasts are at 0.
TEST(Reconcile, NonnegativeIsTheLeastChange) {
  core::Random random(22, 1);
  int bound = 0;
  for (int round = 0; round < 400; ++round) {
    Drawn d = draw(random, 2 + static_cast<std::size_t>(5 * random.uniform()), round % 2 == 1);
    for (std::size_t s = 0; s < d.finest; ++s) d.base[d.sums + s] -= 3;
    double least = std::numeric_limits<double>::infinity();
    for (unsigned out = 0; out < (1u << d.finest); ++out) {
      const std::vector<double> x = least_squares(d, out);
      bool allowed = true;
      for (double v : x) allowed = allowed && v > -1e-12;
      if (allowed) least = std::min(least, change(d, x));
    }
    const BaseForecasts base{.horizon = 1, .forecast = d.base, .variance = d.variance};
    const Reconciled r = reconcile({d.finest, d.node}, base, {.nonnegative = true});
    const std::vector<double> x(r.forecast.begin() + static_cast<std::ptrdiff_t>(d.sums),
                                r.forecast.end());
    for (double v : x) {
      ASSERT_GE(v, 0);
      bound += v == 0 ? 1 : 0;
    }
    ASSERT_NEAR(change(d, x), least, 1e-7 * (1 + least));
  }
  EXPECT_GT(bound, 100);
}

// With the covariance written out in full.
TEST(Reconcile, ShrunkIsTheFormulaWrittenOut) {
  const BaseForecasts base{.horizon = 2, .forecast = kBase, .error = kErrors};
  const Reconciled r = reconcile(kTree, base, {.method = ReconcileMethod::shrunk});
  std::vector<std::vector<double>> z(8, std::vector<double>(12));
  std::vector<double> sd(8);
  for (std::size_t i = 0; i < 8; ++i) {
    double mean = 0, squares = 0;
    for (std::size_t t = 0; t < 12; ++t) mean += kErrors[12 * i + t] / 12;
    for (std::size_t t = 0; t < 12; ++t) squares += std::pow(kErrors[12 * i + t] - mean, 2);
    sd[i] = std::sqrt(squares / 11);
    for (std::size_t t = 0; t < 12; ++t) {
      z[i][t] = (kErrors[12 * i + t] - mean) / std::sqrt(squares / 12);
    }
  }
  double spread = 0, size = 0;
  for (std::size_t i = 0; i < 8; ++i) {
    for (std::size_t j = 0; j < 8; ++j) {
      if (i == j) continue;
      double w = 0, s = 0;
      for (std::size_t t = 0; t < 12; ++t) w += z[i][t] * z[j][t] / 12;
      for (std::size_t t = 0; t < 12; ++t) s += std::pow(z[i][t] * z[j][t] - w, 2);
      spread += 12 / std::pow(11.0, 3) * s;
      size += std::pow(12 * w / 11, 2);
    }
  }
  EXPECT_NEAR(r.shrinkage, spread / size, 1e-10);
}

TEST(Reconcile, LockedNodesStay) {
  std::vector<std::uint8_t> locked(8, 0);
  locked[1] = locked[7] = 1;
  const BaseForecasts base{.horizon = 2, .forecast = kBase, .locked = locked};
  for (bool nonnegative : {false, true}) {
    const Reconciled r =
        reconcile(kTree, base, {.method = ReconcileMethod::structural, .nonnegative = nonnegative});
    EXPECT_EQ(r.forecast[2], 45);
    EXPECT_EQ(r.forecast[14], 30);
    EXPECT_NEAR(r.forecast[6] + r.forecast[8], 45, 1e-10);
    EXPECT_NEAR(r.forecast[0], r.forecast[2] + r.forecast[4], 1e-10);
  }
}

TEST(Reconcile, WhatAddsUpStaysAsItIs) {
  const std::vector<double> base{66, 30, 36, 10, 20, 12, 13, 11};
  const std::vector<double> variance{9, 1, 4, 2, 0, 3, 1, 1};  // one never erred
  for (auto method : {ReconcileMethod::bottom_up, ReconcileMethod::top_down, ReconcileMethod::ols,
                      ReconcileMethod::structural, ReconcileMethod::variance}) {
    const Reconciled r = reconcile(kTree, {.horizon = 1, .forecast = base, .variance = variance},
                                   {.method = method});
    expect_near(r.forecast, base, 1e-12);
  }
  // Without errors all are equally unsure; without levels nothing must add up.
  const std::vector<double> none(8, 0.0);
  EXPECT_NO_THROW(reconcile(kTree, {.horizon = 1, .forecast = base, .variance = none}));
  expect_near(reconcile({8, {}}, {.horizon = 1, .forecast = base, .variance = none}).forecast, base,
              0);
}

TEST(Reconcile, SameBitsOnAnyNumberOfThreads) {
  core::Random random(23, 1);
  const Drawn d = draw(random, 60, false);
  std::vector<double> base, variance;
  for (std::size_t i = 0; i < d.nodes() * 7; ++i) {
    base.push_back(2 + 3 * random.normal());
    variance.push_back(0.1 + random.uniform());
  }
  Context context;
  const BaseForecasts given{.horizon = 7, .forecast = base, .variance = variance};
  context.threads = 1;
  const Reconciled one = reconcile({d.finest, d.node}, given, {.nonnegative = true}, context);
  for (int threads : {2, 3, 8}) {
    context.threads = threads;
    const Reconciled many = reconcile({d.finest, d.node}, given, {.nonnegative = true}, context);
    EXPECT_EQ(std::memcmp(one.forecast.data(), many.forecast.data(),
                          one.forecast.size() * sizeof(double)),
              0);
  }
  context.stop.request_stop();
  EXPECT_THROW(reconcile({d.finest, d.node}, given, {}, context), Cancelled);
}

std::string message(const Hierarchy& tree, const BaseForecasts& base,
                    ReconcileMethod method = ReconcileMethod::ols) {
  try {
    reconcile(tree, base, {.method = method});
  } catch (const InvalidArgument& e) {
    return e.what();
  }
  return "nothing thrown";
}

TEST(Reconcile, Input) {
  const std::vector<double> y(8, 1.0);
  const BaseForecasts base{.horizon = 1, .forecast = y};
  EXPECT_EQ(message({0, {}}, base), "reconcile: the hierarchy has no finest series");
  EXPECT_EQ(message({4, kNode}, base),
            "reconcile: node has 10 entries; write one per level and each of 4 finest series");
  const std::vector<std::int32_t> late{1, 1, 1, 1, 1};
  EXPECT_EQ(message({5, late}, base),
            "reconcile: the nodes of level 0 begin with 1; number them on from 0");
  const std::vector<std::int32_t> gap{0, 0, 2, 2, 2};
  EXPECT_EQ(message({5, gap}, base), "reconcile: node 1 sums nothing");
  EXPECT_EQ(message(kTree, {.horizon = 2, .forecast = y}),
            "reconcile: forecast has 8 numbers; 8 nodes of 2 steps need 16");
  std::vector<double> missing(y);
  missing[3] = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(
      message(kTree, {.horizon = 1, .forecast = missing}),
      "reconcile: the forecast of node 3, step 1 is missing or infinite; forecast every node");
  EXPECT_EQ(
      message(kTree, base, ReconcileMethod::variance),
      "reconcile: variance has 0 numbers; write one for each of 8 nodes, or for each of their "
      "steps");
  EXPECT_EQ(
      message(kTree, base, ReconcileMethod::shrunk),
      "reconcile: shrunk needs 3 or more past errors of each of 8 nodes; error has 0 numbers");
  std::vector<std::uint8_t> locked(8, 1);
  EXPECT_EQ(
      message(kTree, {.horizon = 1, .forecast = y, .locked = locked}, ReconcileMethod::bottom_up),
      "reconcile: nodes can be locked with \"ols\", \"structural\", \"variance\" and "
      "\"shrunk\" only");
  EXPECT_EQ(message(kTree, {.horizon = 1, .forecast = y, .locked = locked}),
            "reconcile: locked nodes say something twice or contradict each other; lock fewer");
  const std::vector<std::int32_t> crossed{0, 0, 1, 1, 2, 3, 2, 3};
  EXPECT_EQ(
      message({4, crossed}, base, ReconcileMethod::top_down),
      "reconcile: top_down needs levels that lie within each other: node 2 is part of nodes 0 "
      "and 1");
  EXPECT_THROW(parse_reconcile_method("mint"), InvalidArgument);
}

}  // namespace
}  // namespace emptor::forecasting
