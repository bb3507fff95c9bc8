#include "emptor/customers/churn_counterfactuals.hpp"

#include "emptor/core/error.hpp"
#include "emptor/data/csv.hpp"

#include "core/random.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

namespace emptor::customers {
namespace {

std::string table(int rows, std::uint64_t seed) {
  core::Random random(seed);
  std::string csv = "id,calls,plan,left\n";
  for (int i = 0; i < rows; ++i) {
    const auto calls = random.below(8);
    const bool monthly = random.below(2) == 1;
    const double z = -2 + 0.5 * static_cast<double>(calls) + (monthly ? 1 : -1);
    const bool left = random.uniform() < 1 / (1 + std::exp(-z));
    csv += "c" + std::to_string(1000 + i) + "," + std::to_string(calls) + "," +
           (monthly ? "monthly" : "yearly") + "," + (left ? "Yes" : "No") + "\n";
  }
  return csv;
}

// Whatever the calibration, those who are listed are above the threshold now and not after.
TEST(ChurnCounterfactuals, ComeDownToTheThresholdUnderEveryCalibration) {
  const auto rows = data::parse_csv(table(1500, 1), "t.csv");
  for (const auto kind : {learn::CalibrationKind::none, learn::CalibrationKind::platt,
                          learn::CalibrationKind::beta, learn::CalibrationKind::isotonic}) {
    const ChurnFit fit = churn(rows, {.calibration = kind, .target = "left", .id = "id"});
    for (const double threshold : {0.2, 0.4}) {
      const auto found = churn_counterfactuals(fit, rows, {.threshold = threshold});
      ASSERT_GT(found.customer.size(), 100U);
      EXPECT_EQ(found.customer.size() + static_cast<std::size_t>(found.n_below), 1500U);
      for (std::size_t i = 0; i < found.customer.size(); ++i) {
        ASSERT_GT(found.probability[i], threshold);
        if (found.status[i] != Status::ok) continue;
        ASSERT_LE(found.probability_after[i], threshold);
        ASSERT_GT(found.size[i], 0);
        ASSERT_FALSE(found.change_to[0][i].empty());
      }
    }
  }
}

TEST(ChurnCounterfactuals, OneClassListsNobody) {
  const auto rows = data::parse_csv("id,a,left\n1,2,No\n2,3,No\n3,4,No\n", "t.csv");
  const ChurnFit fit = churn(rows, {.target = "left", .event = "No", .id = "id"});
  const auto found = churn_counterfactuals(fit, rows, {.threshold = 0.99});
  EXPECT_TRUE(found.customer.empty());
}

}  // namespace
}  // namespace emptor::customers
