#include "emptor/customers/compare_models.hpp"

#include "emptor/core/error.hpp"
#include "emptor/customers/purchase_distribution.hpp"
#include "emptor/customers/simulate_purchases.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

namespace emptor::customers {
namespace {

using Unit = data::Span::Unit;

SimulatedPurchases cohort() {
  const auto fit = purchase_fit(PurchaseModel::mbgnbd, std::array{.55, 6.2, .9, 2.4}, Unit::weeks);
  return simulate_purchases(fit, {.customers = 6000,
                                  .T = {78, Unit::weeks},
                                  .entry = data::Span{26, Unit::weeks},
                                  .holdout = data::Span{26, Unit::weeks}});
}

}  // namespace

// Customers who leave are foreseen worst by the model in which nobody does.
TEST(CompareModels, ByTheHoldout) {
  const auto s = cohort();
  const auto found =
      compare_models(s.summary.view(), {s.summary.holdout_frequency, s.summary.holdout_T});
  ASSERT_EQ(found.model.size(), 4U);
  EXPECT_EQ(found.model.back(), PurchaseModel::nbd);
  EXPECT_EQ(found.behind[0], 0);
  EXPECT_GT(found.behind_low.back(), 0);
  for (std::size_t i = 1; i < 4; ++i) EXPECT_GE(found.log_score[i - 1], found.log_score[i]);
  // The score by its definition.
  const auto chances =
      purchase_distribution(found.fit[0], s.summary.view(), {{26, Unit::weeks}, 200});
  double sum = 0;
  for (std::size_t i = 0; i < s.summary.frequency.size(); ++i)
    sum += std::log(chances.p[static_cast<std::size_t>(s.summary.holdout_frequency[i])][i]);
  EXPECT_NEAR(found.log_score[0], sum / static_cast<double>(s.summary.frequency.size()), 1e-12);
}

TEST(CompareModels, ByAicWithoutOne) {
  const auto s = cohort();
  const auto found = compare_models(s.summary.view());
  for (std::size_t i = 1; i < 4; ++i) EXPECT_LE(found.aic[i - 1], found.aic[i]);
  EXPECT_TRUE(std::isnan(found.log_score[0]));
  EXPECT_EQ(found.columns().size(), 9U);
}

TEST(CompareModels, Arguments) {
  const auto s = cohort();
  const auto view = s.summary.view();
  const std::vector<std::int64_t> one{1};
  EXPECT_THROW(compare_models(view, {one, 26}), InvalidArgument);
  EXPECT_THROW(compare_models(view, {s.summary.holdout_frequency, 0}), InvalidArgument);
  EXPECT_THROW(compare_models(view, {}, {.models = {}}), InvalidArgument);
}

}  // namespace emptor::customers
