#include "emptor/customers/discounted_purchases.hpp"

#include "emptor/core/error.hpp"

#include "customers/cdnow.hpp"
#include "customers/purchase_law.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

namespace emptor::customers {
namespace {

using testing::Summary;
using Unit = data::Span::Unit;

/// A rate that compounded without pause is delta per week.
DiscountRate weekly(double delta) { return {std::expm1(delta), Unit::weeks}; }

}  // namespace

// BTYD's manual: 1,000 customers of CDNOW after 77.86 weeks at 15 % a year, .0027 a week.
TEST(DiscountedPurchases, PublishedPnbd) {
  const auto fit = purchase_fit(
      PurchaseModel::pnbd, std::array{.5629966, 12.5590370, .4081095, 10.5148048}, Unit::weeks);
  Summary s;
  s.add(0, 0, 77.86);
  s.add(7, 35, 77.86);
  s.add(14, 77, 77.86);
  const auto found = discounted_purchases(fit, s.view(), {weekly(.0027)}).discounted_purchases;
  EXPECT_NEAR(found[0], .3647559, 1e-6);
  EXPECT_NEAR(found[1], 1.864183, 1e-6);
  EXPECT_NEAR(found[2], 35.47782, 1e-4);
}

// Customer 1 of CDNOW under the BG/NBD at .01 a week, computed by the closed form over p.
TEST(DiscountedPurchases, Bgnbd) {
  const Summary all = testing::cdnow_sample();
  if (all.x.empty()) GTEST_SKIP() << "no shared data cdnow";
  Summary one;
  one.add(2, 30.43, 38.86);
  const auto fit = fit_purchases(all.view(), {.model = PurchaseModel::bgnbd});
  const auto found = discounted_purchases(fit, one.view(), {weekly(.01)});
  EXPECT_NEAR(found.discounted_purchases[0], 2.261493, 5e-6);
  EXPECT_EQ(found.status[0], Status::extrapolated);
  EXPECT_LT(found.discounted_purchases_low[0], found.discounted_purchases[0]);
}

// Against a sum over tenths of weeks, for every model; and horizons add up.
TEST(DiscountedPurchases, AgainstSums) {
  Summary s;
  s.add(3, 21, 40);
  const double delta = .02;
  for (const auto model : {PurchaseModel::mbgnbd, PurchaseModel::bgnbd, PurchaseModel::pnbd,
                           PurchaseModel::nbd, PurchaseModel::mbgcnbd}) {
    const std::array<double, 4> p{.5, 6, .9, 1.6};
    const auto fit = purchase_fit(model, std::span(p).first(model == PurchaseModel::nbd ? 2 : 4),
                                  Unit::weeks, model == PurchaseModel::mbgcnbd ? 2 : 1);
    const auto ahead = outlook(law_of(fit), {3, 21, 40});
    double sum = 0, before = 0, year = 0;
    for (int i = 1; i <= 20000; ++i) {
      const double now = expected_purchases_of(ahead, .1 * i);
      sum += (now - before) * std::exp(-delta * (.1 * i - .05));
      before = now;
      if (i == 520) year = sum;
    }
    const auto value = [&](std::optional<data::Span> horizon) {
      return discounted_purchases(fit, s.view(), {weekly(delta), horizon}).discounted_purchases[0];
    };
    EXPECT_NEAR(value({}), sum, 2e-6 * sum) << to_string(model);
    EXPECT_NEAR(value(data::Span{52, Unit::weeks}), year, 2e-6 * year) << to_string(model);
    const auto none = discounted_purchases(fit, s.view(), {{0}, data::Span{52, Unit::weeks}});
    EXPECT_NEAR(none.discounted_purchases[0], expected_purchases_of(ahead, 52), 1e-12);
  }
}

TEST(DiscountedPurchases, NoBoundWithoutDiscount) {
  Summary s;
  s.add(3, 21, 40);
  const auto fit = purchase_fit(PurchaseModel::nbd, std::array{.5, 6.0}, Unit::weeks);
  EXPECT_THROW(discounted_purchases(fit, s.view(), {{0}}), InvalidArgument);
}

}  // namespace emptor::customers
