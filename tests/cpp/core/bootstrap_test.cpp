#include "emptor/core/bootstrap.hpp"

#include "emptor/core/error.hpp"

#include "core/random.hpp"
#include "core/special.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <vector>

namespace emptor {
namespace {

struct Clusters {
  std::vector<double> numerator;
  std::vector<double> denominator;
  std::vector<std::uint64_t> ids;
};

Clusters some(std::size_t n) {
  Clusters clusters;
  core::Random random(1);
  for (std::size_t i = 0; i < n; ++i) {
    clusters.denominator.push_back(static_cast<double>(1 + random.poisson(3)));
    clusters.numerator.push_back(clusters.denominator.back() * random.gamma(2));
    clusters.ids.push_back(core::hash_integer(i));
  }
  return clusters;
}

Estimate estimate(const Clusters& c, int threads = 1, const BootstrapOptions& options = {}) {
  Context context;
  context.threads = threads;
  return bootstrap_ratio(c.numerator, c.denominator, c.ids, options, context);
}

bool same(const Estimate& a, const Estimate& b) {
  return a.value == b.value && a.low == b.low && a.high == b.high;
}

TEST(Bootstrap, DoesNotDependOnThreadsOrOrder) {
  const Clusters clusters = some(500);
  const Estimate one = estimate(clusters);
  for (const int threads : {2, 3, 8}) EXPECT_TRUE(same(estimate(clusters, threads), one));
  Clusters reversed = clusters;
  std::reverse(reversed.numerator.begin(), reversed.numerator.end());
  std::reverse(reversed.denominator.begin(), reversed.denominator.end());
  std::reverse(reversed.ids.begin(), reversed.ids.end());
  EXPECT_TRUE(same(estimate(reversed), one));
  EXPECT_FALSE(same(estimate(clusters, 1, {.seed = 2}), one));
  EXPECT_EQ(one.status, Status::ok);
  EXPECT_EQ(one.n, 500);
}

// In a large sample the interval is that of the linearised ratio (Cochran 1977, 6.3).
TEST(Bootstrap, AgreesWithTheDeltaMethod) {
  const Clusters c = some(3000);
  const double top = std::accumulate(c.numerator.begin(), c.numerator.end(), 0.0);
  const double bottom = std::accumulate(c.denominator.begin(), c.denominator.end(), 0.0);
  double squares = 0;
  for (std::size_t i = 0; i < c.ids.size(); ++i) {
    squares += std::pow(c.numerator[i] - top / bottom * c.denominator[i], 2);
  }
  const double half = 1.96 * std::sqrt(squares) / bottom;
  const Estimate found = estimate(c, 2, {.replicates = 3999});
  EXPECT_DOUBLE_EQ(found.value, top / bottom);
  EXPECT_NEAR(found.high - found.low, 2 * half, 0.06 * 2 * half);
  EXPECT_LT(found.low, found.value);
  EXPECT_GT(found.high, found.value);
  const Estimate narrow = estimate(c, 2, {.level = 0.5});
  EXPECT_LT(narrow.high - narrow.low, 0.5 * (found.high - found.low));
}

TEST(Bootstrap, TooLittleIsAStatus) {
  Clusters few = some(9);
  EXPECT_EQ(estimate(few).status, Status::not_enough_data);
  EXPECT_TRUE(std::isnan(estimate(few).value));
  // Clusters that carry nothing do not count.
  for (int i = 0; i < 50; ++i) {
    few.numerator.push_back(0);
    few.denominator.push_back(0);
    few.ids.push_back(core::hash_integer(1000 + static_cast<std::uint64_t>(i)));
  }
  EXPECT_EQ(estimate(few).status, Status::not_enough_data);
  EXPECT_EQ(estimate(few).n, 9);
  EXPECT_EQ(estimate(some(12)).status, Status::small_sample);
  Clusters zero = some(20);
  std::fill(zero.denominator.begin(), zero.denominator.end(), 0.0);
  EXPECT_EQ(estimate(zero).status, Status::undefined);
  Clusters equal = some(20);
  for (std::size_t i = 0; i < 20; ++i) equal.numerator[i] = 3 * equal.denominator[i];
  EXPECT_EQ(estimate(equal).status, Status::boundary);
  EXPECT_EQ(estimate(equal).low, 3);
  EXPECT_EQ(estimate(equal).high, 3);
  EXPECT_EQ(estimate({}).status, Status::undefined);
}

template <typename Call>
std::string message(Call call) {
  try {
    call();
  } catch (const InvalidArgument& e) {
    return e.what();
  }
  return "no error";
}

TEST(Bootstrap, Messages) {
  Clusters c = some(20);
  EXPECT_EQ(message([&] { estimate(c, 1, {.replicates = 5}); }),
            "bootstrap_ratio: replicates must be at least 100; found 5");
  EXPECT_EQ(message([&] { estimate(c, 1, {.level = 1}); }),
            "bootstrap_ratio: level must lie between 0 and 1, as 0.95; found 1");
  c.numerator[3] = std::nan("");
  EXPECT_EQ(message([&] { estimate(c); }),
            "bootstrap_ratio: cluster 3 has a missing or infinite sum; leave it out or put 0");
  c.ids.pop_back();
  EXPECT_EQ(message([&] { estimate(c); }),
            "bootstrap_ratio: numerator, denominator and ids must be equally long; found 20, 20 "
            "and 19");
}

TEST(Bootstrap, CanBeStopped) {
  const Clusters c = some(50);
  Context context;
  context.stop.request_stop();
  EXPECT_THROW(bootstrap_ratio(c.numerator, c.denominator, c.ids, {}, context), Cancelled);
}

}  // namespace
}  // namespace emptor
