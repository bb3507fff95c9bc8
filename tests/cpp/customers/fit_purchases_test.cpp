#include "emptor/customers/fit_purchases.hpp"

#include "emptor/core/error.hpp"

#include "customers/cdnow.hpp"
#include "customers/purchase_rows.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

namespace emptor::customers {
namespace {

using testing::Summary;

struct Oracle {
  PurchaseModel model;
  std::vector<double> parameters;
  double log_likelihood;
};

void expect(const PurchaseFit& fit, const Oracle& oracle) {
  EXPECT_EQ(fit.model, oracle.model);
  EXPECT_TRUE(fit.converged);
  EXPECT_NEAR(fit.log_likelihood / oracle.log_likelihood, 1, 1e-6);
  for (std::size_t i = 0; i < oracle.parameters.size(); ++i)
    EXPECT_NEAR(fit.parameters[i], oracle.parameters[i], 1e-4 * oracle.parameters[i])
        << parameter_names(fit.model)[i];
  for (const double error : fit.standard_error) EXPECT_GT(error, 0);
}

}  // namespace

// CDNOW 1/10 sample, computed from the published summary with two independent programs; Fader,
// Hardie and Lee (2005) print the same for bgnbd.
TEST(FitPurchases, CdnowSample) {
  const Summary s = testing::cdnow_sample();
  if (s.x.empty()) GTEST_SKIP() << "no shared data cdnow";
  ASSERT_EQ(s.x.size(), 2357U);
  const std::vector<Oracle> oracles{
      {PurchaseModel::bgnbd, {.24259, 4.41353, .79289, 2.42575}, -9582.4256},
      {PurchaseModel::mbgnbd, {.52484, 6.18298, .89136, 1.61401}, -9582.1327},
      {PurchaseModel::nbd, {.38477, 12.07208}, -9763.6602},
      {PurchaseModel::pnbd, {.55328, 10.57761, .60621, 11.66791}, -9594.9739}};
  for (const Oracle& oracle : oracles) {
    const auto fit = fit_purchases(s.view(), {.model = oracle.model});
    expect(fit, oracle);
  }
}

TEST(FitPurchases, CdnowFull) {
  const data::Day cut = data::from_civil(1997, 9, 30);
  const Occasions all = testing::cdnow_occasions(cut);
  if (all.day.empty()) GTEST_SKIP() << "no shared data cdnow";
  const PurchaseSummary s = purchase_summary(PurchaseHistories{all.view(), cut, {}, data::kNoDay});
  ASSERT_EQ(s.frequency.size(), 23570U);
  const std::vector<Oracle> oracles{
      {PurchaseModel::bgnbd, {.25162, 4.78894, .72343, 2.16109}, -95368.4439},
      {PurchaseModel::mbgnbd, {.63714, 7.31029, .80747, 1.22839}, -95336.9583},
      {PurchaseModel::pnbd, {.59742, 11.58566, .52219, 8.82775}, -95415.1186}};
  for (const Oracle& oracle : oracles) {
    const auto fit = fit_purchases(s.view(), {.model = oracle.model});
    expect(fit, oracle);
  }
}

// Single rows at r = .25, alpha = 4, a = .8, b = 2.5, T = 40, from pymc-marketing's tests.
TEST(FitPurchases, SingleRows) {
  const PurchaseParameters at{.25, 4, .8, 2.5};
  for (const auto& [x, last, bgnbd, mbgnbd] :
       {std::array{0., 0., -.59947382, -.41792826}, {200., 38., 100.7957, 100.7869}}) {
    Summary s;
    s.add(static_cast<std::int64_t>(x), last, 40);
    const PurchaseRows rows = collapse(s.view());
    const double tolerance = x == 0 ? 5e-9 : 5e-5;
    EXPECT_NEAR(bgnbd_likelihood(rows, at, false, 1, {}).value, bgnbd, tolerance);
    EXPECT_NEAR(bgnbd_likelihood(rows, at, true, 1, {}).value, mbgnbd, tolerance);
  }
}

// First and second derivatives of every likelihood against differences, on awkward rows.
TEST(FitPurchases, Derivatives) {
  Summary s;
  for (const std::int64_t x : {1, 2, 7, 60, 3000})
    for (const double last : {.01, 20.0, 39.99, 40.0}) s.add(x, last, 40);
  s.add(0, 0, 40);
  s.add(0, 0, 0);
  s.gaps.assign(s.x.size(), 0.0);
  const PurchaseRows rows = collapse(s.view());
  const auto value = [&](int which, const std::array<double, 4>& p) {
    const PurchaseParameters at{p[0], p[1], p[2], p[3]};
    switch (which) {
      case 0:
        return bgnbd_likelihood(rows, at, false, 1, {});
      case 1:
        return bgnbd_likelihood(rows, at, true, 1, {});
      case 2:
        return bgnbd_likelihood(rows, at, false, 4, {});
      case 3:
        return bgnbd_likelihood(rows, at, true, 3, {});
      case 4:
        return nbd_likelihood(rows, at, {});
      default:
        return pnbd_likelihood(rows, at, {});
    }
  };
  for (int which = 0; which <= 5; ++which)
    for (const std::array<double, 4>& p :
         {std::array{.5, 6.0, .9, 1.6}, {2.0, .3, 1.0, .05}, {.1, 300.0, 12.0, 80.0}}) {
      const Likelihood at = value(which, p);
      for (std::size_t i = 0; i < 4; ++i) {
        const double h = 2e-4 * p[i];
        const auto moved = [&](double step) {
          auto q = p;
          q[i] += step;
          return value(which, q);
        };
        const Likelihood up = moved(h), down = moved(-h), up2 = moved(2 * h), down2 = moved(-2 * h);
        const double slope = (8 * (up.value - down.value) - (up2.value - down2.value)) / (12 * h);
        EXPECT_NEAR(at.gradient[i], slope, 1e-7 * (1 + std::fabs(slope)) + 1e-7 / p[i])
            << which << " " << i;
        for (std::size_t j = 0; j < 4; ++j) {
          const double curve =
              (8 * (up.gradient[j] - down.gradient[j]) - (up2.gradient[j] - down2.gradient[j])) /
              (12 * h);
          EXPECT_NEAR(at.hessian[4 * i + j], curve,
                      1e-6 * (1 + std::fabs(curve)) + 1e-6 / (p[i] * p[j]))
              << which << " " << i << j;
        }
      }
    }
}

TEST(FitPurchases, EqualRowsAreWeights) {
  const Summary s = testing::cdnow_sample();
  if (s.x.empty()) GTEST_SKIP() << "no shared data cdnow";
  const PurchaseRows rows = collapse(s.view());
  EXPECT_EQ(rows.rows.size(), 1016U);  // as CLVTools and BTYD count them
  EXPECT_EQ(rows.customers, 2357);
  Summary twice = s;
  for (std::size_t i = 0; i < s.x.size(); ++i) twice.add(s.x[i], s.last[i], s.T[i]);
  Summary backwards = s;
  std::reverse(backwards.x.begin(), backwards.x.end());
  std::reverse(backwards.last.begin(), backwards.last.end());
  std::reverse(backwards.T.begin(), backwards.T.end());
  const auto fit = fit_purchases(s.view()), more = fit_purchases(twice.view());
  const auto other = fit_purchases(backwards.view());
  EXPECT_NEAR(more.log_likelihood, 2 * fit.log_likelihood, 1e-6);
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_NEAR(more.parameters[i], fit.parameters[i], 1e-7);
    // Another order of sums moves the likelihood by 1e-12, and its maximum by the root of that.
    EXPECT_NEAR(other.parameters[i], fit.parameters[i], 1e-7);
    EXPECT_NEAR(more.standard_error[i] * std::sqrt(2.0), fit.standard_error[i], 1e-6);
  }
}

// Erlang gaps of shape 1 are no others: the same likelihood, but for counting k as a parameter.
TEST(FitPurchases, ShapeOne) {
  Summary s = testing::cdnow_sample();
  if (s.x.empty()) GTEST_SKIP() << "no shared data cdnow";
  s.gaps.assign(s.x.size(), 1.0);
  const auto plain = fit_purchases(s.view());
  const auto shaped = fit_purchases(s.view(), {.model = PurchaseModel::mbgcnbd, .k = 1});
  EXPECT_EQ(shaped.parameters, plain.parameters);
  EXPECT_EQ(shaped.log_likelihood, plain.log_likelihood);
  EXPECT_EQ(shaped.aic, plain.aic + 2);
}

TEST(FitPurchases, SameOnAnyThreads) {
  const Summary s = testing::cdnow_sample();
  if (s.x.empty()) GTEST_SKIP() << "no shared data cdnow";
  for (const auto model : {PurchaseModel::mbgnbd, PurchaseModel::pnbd}) {
    const auto one = fit_purchases(s.view(), {.model = model}, {.threads = 1});
    for (const int threads : {2, 3, 8}) {
      const auto many = fit_purchases(s.view(), {.model = model}, {.threads = threads});
      EXPECT_EQ(one.to_bytes(), many.to_bytes());
    }
  }
}

TEST(FitPurchases, LittleData) {
  Summary s;
  s.add(0, 0, 10);
  EXPECT_EQ(fit_purchases(Summary{}.view()).status, Status::not_enough_data);
  auto fit = fit_purchases(s.view());
  EXPECT_EQ(fit.status, Status::not_enough_data);
  EXPECT_EQ(fit.reason, PurchaseFitReason::no_repeat);
  EXPECT_TRUE(std::isnan(fit.parameters[0]));
  s.add(1, 4, 12);
  for (const auto model :
       {PurchaseModel::mbgnbd, PurchaseModel::bgnbd, PurchaseModel::pnbd, PurchaseModel::nbd}) {
    fit = fit_purchases(s.view(), {.model = model});  // one repeater: no crash, no claim
    EXPECT_NE(fit.status, Status::ok) << to_string(model);
  }
}

// Rows at the ends of what can be are fitted without overflow.
TEST(FitPurchases, ExtremeRows) {
  Summary s;
  for (int i = 0; i < 40; ++i) {
    s.add(100000 - i, 1e4 - i, 1e4);
    s.add(1 + i, 1e-6, 1e4);
    s.add(3, 50, 50);
    s.add(0, 0, 0);
  }
  for (const auto model :
       {PurchaseModel::mbgnbd, PurchaseModel::bgnbd, PurchaseModel::pnbd, PurchaseModel::nbd}) {
    const auto fit = fit_purchases(s.view(), {.model = model});
    EXPECT_TRUE(std::isfinite(fit.log_likelihood)) << to_string(model);
    for (const double p : fit.parameters) EXPECT_TRUE(p > 0 && std::isfinite(p));
  }
}

TEST(FitPurchases, BytesAndBack) {
  const auto fit = purchase_fit(PurchaseModel::mbgcnbd, std::array{.5, 6.0, .9, 1.6},
                                data::Span::Unit::months, 3);
  const std::string bytes = fit.to_bytes();
  const auto back = purchase_fit_from(bytes);
  EXPECT_EQ(back.to_bytes(), bytes);
  EXPECT_EQ(back.k, 3);
  EXPECT_EQ(back.unit, data::Span::Unit::months);
  for (std::size_t at = 0; at < bytes.size(); at += 37) {
    std::string broken = bytes;
    broken[at] = static_cast<char>(broken[at] ^ 4);
    EXPECT_THROW(purchase_fit_from(broken), FormatError);
  }
  EXPECT_THROW(purchase_fit_from(save_columns_bytes({})), FormatError);
}

TEST(FitPurchases, Arguments) {
  Summary s;
  s.add(1, 4, 12);
  const auto message = [&](const FitPurchasesOptions& options) {
    try {
      fit_purchases(s.view(), options);
    } catch (const InvalidArgument& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  EXPECT_EQ(message({.k = 13}),
            "fit_purchases: k is 13; write 1 to 12, or 0 for the one of greatest likelihood");
  EXPECT_EQ(message({.k = 2}), "fit_purchases: k is for the models \"mbgcnbd\" and \"bgcnbd\"");
  EXPECT_EQ(message({.level = 1}), "fit_purchases: level must lie between 0 and 1, as 0.95");
  EXPECT_EQ(message({.max_iterations = 0}), "fit_purchases: max_iterations must be at least 1");
  EXPECT_EQ(message({.model = PurchaseModel::mbgcnbd}),
            "fit_purchases: \"mbgcnbd\" needs log_gaps, the sum of the logarithms of the times "
            "between purchases; purchase_summary(sales) gives it");
  EXPECT_THROW(purchase_fit(PurchaseModel::nbd, std::array{1., 0.}, data::Span::Unit::weeks),
               InvalidArgument);
}

}  // namespace emptor::customers
