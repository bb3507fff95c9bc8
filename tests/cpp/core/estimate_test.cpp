#include "emptor/core/estimate.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace emptor {
namespace {

TEST(Estimate, StatusLabelsAreInOrder) {
  const auto labels = status_labels();
  ASSERT_EQ(labels.size(), 7U);
  EXPECT_EQ(labels[static_cast<std::size_t>(Status::ok)], "ok");
  EXPECT_EQ(labels[static_cast<std::size_t>(Status::small_sample)], "small_sample");
  EXPECT_EQ(labels[static_cast<std::size_t>(Status::not_enough_data)], "not_enough_data");
  EXPECT_EQ(labels[static_cast<std::size_t>(Status::not_converged)], "not_converged");
  EXPECT_EQ(labels[static_cast<std::size_t>(Status::boundary)], "boundary");
  EXPECT_EQ(labels[static_cast<std::size_t>(Status::extrapolated)], "extrapolated");
  EXPECT_EQ(labels[static_cast<std::size_t>(Status::undefined)], "undefined");
}

// What nobody filled in says nothing.
TEST(Estimate, BeginsAsMissing) {
  const Estimate estimate;
  EXPECT_TRUE(std::isnan(estimate.value));
  EXPECT_TRUE(std::isnan(estimate.low));
  EXPECT_TRUE(std::isnan(estimate.high));
  EXPECT_EQ(estimate.n, 0);
}

}  // namespace
}  // namespace emptor
