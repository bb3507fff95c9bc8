#include "emptor/customers/churn_features.hpp"

#include "emptor/core/error.hpp"

#include "data/make_sales.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>

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
}  // namespace emptor::customers
