#include "emptor/customers/churn_features.hpp"

#include "emptor/core/error.hpp"
#include "emptor/customers/declining.hpp"
#include "emptor/customers/expected_purchases.hpp"
#include "emptor/customers/fit_purchases.hpp"
#include "emptor/customers/p_alive.hpp"
#include "emptor/customers/purchase_summary.hpp"

#include "core/random.hpp"
#include "data/make_sales.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <utility>

namespace emptor::customers {
namespace {

const std::string kHead = "customer,order,product,date,quantity,price\n";

double value(const ChurnFeatures& found, const std::string& id, std::string_view name) {
  const auto names = churn_feature_names();
  const auto k = std::find(names.begin(), names.end(), name) - names.begin();
  for (std::size_t i = 0; i < found.customer.size(); ++i)
    if (found.ids->to_string(found.customer[i]) == id)
      return found.number[static_cast<std::size_t>(k)][i];
  return std::nan("none");
}

// By hand: purchases on days 0, 40, 60 and 150; the last day is 160.
TEST(ChurnFeatures, AreWhatTheLinesSay) {
  const auto sales = data::sales_from(kHead +
                                      "a,1,tea,2024-01-01,1,10\n"
                                      "a,2,tea,2024-02-10,1,20\n"
                                      "a,3,mug,2024-03-01,1,30\n"
                                      "a,4,mug,2024-05-30,1,60\n"
                                      "a,5,mug,2024-06-01,-1,30\n"
                                      "b,6,tea,2024-06-09,1,5\n");
  const ChurnFeatures found = churn_features(sales);
  EXPECT_EQ(value(found, "a", "days_since_last"), 10);
  EXPECT_EQ(value(found, "a", "tenure_days"), 160);
  EXPECT_EQ(value(found, "a", "orders_30"), 1);
  EXPECT_EQ(value(found, "b", "orders_90"), 1);
  EXPECT_EQ(value(found, "b", "days_since_last"), 0);
  EXPECT_TRUE(std::isnan(value(found, "b", "usual_gap_days")));
  EXPECT_TRUE(std::isnan(value(found, "b", "gap_ratio")));
  EXPECT_TRUE(std::isnan(value(found, "b", "discount_share")));
  EXPECT_EQ(value(found, "b", "return_share"), 0);
  EXPECT_EQ(value(found, "a", "products_365"), 2);
  EXPECT_EQ(found.features().size(), churn_feature_names().size());
}

// Returned on day 153 what was bought on day 60: known only from then on.
TEST(ChurnFeatures, KnowReturnsOnlyFromTheirDay) {
  const auto sales = data::sales_from(kHead +
                                      "a,1,tea,2024-01-01,1,10\n"
                                      "a,3,mug,2024-03-01,1,30\n"
                                      "a,5,mug,2024-06-01,-1,30\n");
  const auto day = data::parse_date("2024-05-31", "day");
  EXPECT_EQ(value(churn_features(sales.as_of_day(day)), "a", "orders_365"), 2);
  EXPECT_EQ(value(churn_features(sales), "a", "orders_365"), 1);
}

TEST(ChurnFeatures, LeaveOutWhoWasNotActive) {
  const auto sales = data::sales_from(kHead +
                                      "old,1,tea,2022-01-01,1,10\n"
                                      "new,2,tea,2024-06-01,1,10\n");
  EXPECT_EQ(churn_features(sales).customer.size(), 1U);
  EXPECT_EQ(churn_features(sales, {data::parse_span("5 years")}).customer.size(), 2U);
  try {
    churn_features(sales, {data::Span{0, data::Span::Unit::days}});
    FAIL();
  } catch (const InvalidArgument& error) {
    EXPECT_EQ(std::string(error.what()),
              "churn_features: active must be at least a day, as \"365 days\"");
  }
}

}  // namespace
namespace {

/// Orders of 150 customers up to day 499, and after it others drawn with another seed, of other
/// customers too, and returns of what was bought before; with touchpoints on both sides.
data::Sales shop_with_future(std::uint64_t future) {
  std::string orders = kHead, calls = "customer,time,channel\n";
  const data::Day first = data::parse_date("2023-01-01", "first");
  int order = 0;
  const auto buy = [&](int customer, int day, int quantity) {
    orders += std::to_string(customer) + "," + std::to_string(++order) + ",tea," +
              data::iso_date(first + day) + "," + std::to_string(quantity) + ",5\n";
  };
  for (int c = 0; c < 150; ++c) {
    core::Random past(3, static_cast<std::uint64_t>(c));
    const double gap = 8 + 40 * past.uniform();
    int day = static_cast<int>(200 * past.uniform());
    for (; day < 500; day += 1 + static_cast<int>(gap * past.exponential())) {
      buy(c, day, 1);
      if (past.uniform() < 0.04) break;
    }
    if (c % 3 == 0) calls += std::to_string(c) + "," + data::iso_date(first + 300 + c) + ",phone\n";
    core::Random later(future, static_cast<std::uint64_t>(c));
    for (int n = static_cast<int>(later.below(4)); n > 0; --n) {
      buy(c + static_cast<int>(later.below(60)), 500 + static_cast<int>(later.below(90)), 1);
      buy(c, 500 + static_cast<int>(later.below(90)), -1);
    }
    if (later.below(2) == 0)
      calls += std::to_string(c) + "," + data::iso_date(first + 510) + ",phone\n";
  }
  data::Tables tables;
  tables.orders = data::parse_csv(std::move(orders), "orders.csv");
  tables.touchpoints = data::parse_csv(std::move(calls), "touchpoints.csv");
  return data::Sales(tables);
}

}  // namespace

TEST(ChurnFeatures, WhatComesLaterChangesNothing) {
  const data::Day day = data::parse_date("2024-05-14", "day");  // the 499th after the first
  const data::Sales one = shop_with_future(11).as_of_day(day);
  const data::Sales other = shop_with_future(12).as_of_day(day);
  const ChurnFeatures a = churn_features(one), b = churn_features(other);
  ASSERT_EQ(a.customer.size(), b.customer.size());
  ASSERT_GT(a.customer.size(), 80U);
  std::size_t known = 0;
  for (std::size_t i = 0; i < a.customer.size(); ++i) {
    EXPECT_EQ(a.ids->to_string(a.customer[i]), b.ids->to_string(b.customer[i]));
    for (std::size_t k = 0; k < a.number.size(); ++k) {
      if (std::isnan(a.number[k][i]) && std::isnan(b.number[k][i])) continue;
      EXPECT_EQ(a.number[k][i], b.number[k][i]) << churn_feature_names()[k] << " of row " << i;
      ++known;
    }
  }
  EXPECT_GT(known, 20 * a.customer.size());
}

TEST(ChurnFeatures, HoldWhatTheModelsSay) {
  const data::Sales sales = shop_with_future(11).as_of_day(data::parse_date("2024-05-14", "day"));
  const ChurnFeatures found = churn_features(sales);
  const PurchaseSummary summary = purchase_summary(sales);
  const PurchaseFit fit = fit_purchases(summary.view());
  ASSERT_EQ(fit.model, PurchaseModel::mbgnbd);
  const PAliveResult alive = p_alive(fit, summary.view(), {.intervals = false});
  const ExpectedPurchasesResult expected = expected_purchases(
      fit, summary.view(), {.horizon = {90, data::Span::Unit::days}, .intervals = false});
  const DecliningResult fell = declining(sales, {.all = true});
  std::size_t judged = 0, of_model = 0, touched = 0;
  for (std::size_t i = 0; i < summary.customer.size(); ++i) {
    const std::string id = found.ids->to_string(summary.customer[i]);
    if (std::isnan(value(found, id, "p_alive"))) continue;
    EXPECT_DOUBLE_EQ(value(found, id, "p_alive"), alive.p_alive[i]);
    EXPECT_DOUBLE_EQ(value(found, id, "expected_purchases_90"), expected.expected_purchases[i]);
    ++of_model;
  }
  for (std::size_t i = 0; i < fell.customer.size(); ++i) {
    const std::string id = found.ids->to_string(fell.customer[i]);
    EXPECT_DOUBLE_EQ(value(found, id, "p_fell"), fell.probability[i]);
    EXPECT_DOUBLE_EQ(value(found, id, "p_gap"), fell.p_gap[i]);
    ++judged;
  }
  EXPECT_EQ(of_model, found.customer.size());
  EXPECT_GT(judged, 20U);
  for (const std::int32_t customer : found.customer) {
    const std::string id = found.ids->to_string(customer);
    const int c = std::stoi(id);
    // Called on day 300 + c, where the moment is day 499.
    const double since = value(found, id, "days_since_touchpoint");
    if (c % 3 != 0 || c > 149) {
      EXPECT_TRUE(std::isnan(since)) << id;
      EXPECT_EQ(value(found, id, "touchpoints_90"), 0);
      continue;
    }
    EXPECT_EQ(since, 199 - c);
    EXPECT_EQ(value(found, id, "touchpoints_90"), 199 - c < 90 ? 1 : 0);
    ++touched;
  }
  EXPECT_GT(touched, 10U);
}

}  // namespace emptor::customers
