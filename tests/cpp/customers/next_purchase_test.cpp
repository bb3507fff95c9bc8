#include "emptor/customers/next_purchase.hpp"

#include "emptor/customers/expected_purchases.hpp"
#include "emptor/customers/p_alive.hpp"

#include "customers/cdnow.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>

namespace emptor::customers {
namespace {

using testing::Summary;
using Unit = data::Span::Unit;

Summary three() {
  Summary s;
  s.add(0, 0, 30);
  s.add(2, 30.43, 38.86);
  s.add(40, 39, 40);
  return s;
}

}  // namespace

// By hand: alive times 1 - ((alpha + T) / (alpha + T + t))^(r + x) is one half.
TEST(NextPurchase, ClosedForm) {
  const Summary s = three();
  const auto fit =
      purchase_fit(PurchaseModel::mbgnbd, std::array{.525, 6.183, .891, 1.614}, Unit::weeks);
  const auto found = next_purchase(fit, s.view());
  const auto alive = p_alive(fit, s.view()).p_alive;
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_NEAR(found.p_never[i], 1 - alive[i], 1e-14);
    const double rest = 1 - .5 / alive[i];
    const double median =
        rest <= 0
            ? std::numeric_limits<double>::infinity()
            : (6.183 + s.T[i]) * std::expm1(-std::log(rest) / (.525 + static_cast<double>(s.x[i])));
    if (std::isinf(median)) {
      EXPECT_EQ(found.next_purchase[i], median);
    } else {
      EXPECT_NEAR(found.next_purchase[i], median, 1e-9 * median);
    }
    EXPECT_LT(found.next_purchase_low[i], found.next_purchase[i]);
    EXPECT_GE(found.next_purchase_high[i], found.next_purchase[i]);
  }
  EXPECT_TRUE(std::isinf(found.next_purchase[0]));  // p_alive under one half
}

// The chance of none within the median is one half for every model.
TEST(NextPurchase, AgreesWithCounts) {
  const Summary s = three();
  for (const auto model : {PurchaseModel::bgnbd, PurchaseModel::pnbd, PurchaseModel::mbgcnbd}) {
    const auto fit = purchase_fit(model, std::array{.55, 10.58, .61, 11.67}, Unit::weeks,
                                  model == PurchaseModel::mbgcnbd ? 3 : 1);
    const auto found = next_purchase(fit, s.view());
    for (std::size_t i = 0; i < 3; ++i) {
      if (std::isinf(found.next_purchase[i])) continue;
      const int days = static_cast<int>(std::floor(7 * found.next_purchase[i]));
      if (days < 2) continue;
      const auto none = [&](int span) {
        return expected_purchases(fit, s.view(), {{span, Unit::days}}).p_none[i];
      };
      EXPECT_GE(none(days), .5) << to_string(model) << i;
      EXPECT_LE(none(days + 1), .5) << to_string(model) << i;
    }
  }
}

// Under the nbd everybody buys again; under the Pareto/NBD some leave before they do.
TEST(NextPurchase, Never) {
  const Summary s = three();
  const auto nbd =
      next_purchase(purchase_fit(PurchaseModel::nbd, std::array{.5, 6.0}, Unit::weeks), s.view());
  EXPECT_EQ(nbd.p_never[0], 0);
  const auto pareto =
      purchase_fit(PurchaseModel::pnbd, std::array{.55, 10.58, .61, 11.67}, Unit::weeks);
  EXPECT_GT(next_purchase(pareto, s.view()).p_never[1], 1 - p_alive(pareto, s.view()).p_alive[1]);
}

TEST(NextPurchase, InTheSummarysUnit) {
  const auto fit = purchase_fit(PurchaseModel::mbgnbd, std::array{.5, 6.0, .3, 1.6}, Unit::weeks);
  Summary weeks, days;
  days.unit = Unit::days;
  weeks.add(3, 20, 22);
  days.add(3, 140, 154);
  EXPECT_NEAR(7 * next_purchase(fit, weeks.view()).next_purchase[0],
              next_purchase(fit, days.view()).next_purchase[0], 1e-9);
}

}  // namespace emptor::customers
