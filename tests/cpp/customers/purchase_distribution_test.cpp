#include "emptor/customers/purchase_distribution.hpp"

#include "emptor/core/error.hpp"
#include "emptor/customers/expected_purchases.hpp"

#include "customers/cdnow.hpp"

#include <gtest/gtest.h>

#include <array>

namespace emptor::customers {

using testing::Summary;
using Unit = data::Span::Unit;

TEST(PurchaseDistribution, AddsUpAndAgrees) {
  Summary s;
  s.add(0, 0, 30);
  s.add(2, 30.43, 38.86);
  s.add(40, 39, 40);
  for (const auto model : {PurchaseModel::mbgnbd, PurchaseModel::bgnbd, PurchaseModel::pnbd}) {
    const auto fit = purchase_fit(model, std::array{.55, 10.58, .61, 11.67}, Unit::weeks);
    const auto found = purchase_distribution(fit, s.view(), {{39, Unit::weeks}, 400});
    const auto ahead = expected_purchases(fit, s.view(), {{39, Unit::weeks}});
    ASSERT_EQ(found.p.size(), 401U);
    for (std::size_t i = 0; i < 3; ++i) {
      double mean = 0, total = found.p_more[i];
      for (std::size_t j = 0; j <= 400; ++j) {
        mean += static_cast<double>(j) * found.p[j][i];
        total += found.p[j][i];
      }
      EXPECT_NEAR(total, 1, 1e-9);
      EXPECT_NEAR(mean, ahead.expected_purchases[i], 1e-6 * (1 + mean));
      EXPECT_EQ(found.p[0][i], ahead.p_none[i]);
    }
  }
}

TEST(PurchaseDistribution, ColumnsAndArguments) {
  Summary s;
  s.add(1, 3, 30);
  const auto fit = purchase_fit(PurchaseModel::nbd, std::array{.5, 6.0}, Unit::weeks);
  const auto found = purchase_distribution(fit, s.view(), {{1, Unit::weeks}, 2});
  EXPECT_EQ(found.columns()[2].name, "p_2");
  EXPECT_EQ(found.columns()[3].name, "p_more");
  EXPECT_THROW(purchase_distribution(fit, s.view(), {{1, Unit::weeks}, -1}), InvalidArgument);
  EXPECT_THROW(purchase_distribution(fit, s.view(), {{1, Unit::weeks}, 1001}), InvalidArgument);
}

}  // namespace emptor::customers
