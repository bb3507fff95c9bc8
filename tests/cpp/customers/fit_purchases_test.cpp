#include "emptor/customers/fit_purchases.hpp"

#include "emptor/core/error.hpp"

#include "customers/cdnow.hpp"

#include <gtest/gtest.h>

#include <cmath>
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

}  // namespace emptor::customers
