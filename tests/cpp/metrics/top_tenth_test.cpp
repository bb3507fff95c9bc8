#include "metrics/top_tenth.hpp"

#include "core/random.hpp"
#include "core/special.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <numeric>
#include <vector>

namespace emptor::metrics {
namespace {

/// The definition, word by word.
double plain_share(std::vector<data::Money> paid) {
  std::sort(paid.rbegin(), paid.rend());
  double left = 0.1 * static_cast<double>(paid.size());
  double top = 0, all = 0;
  for (const data::Money x : paid) {
    top += std::min(left, 1.0) * static_cast<double>(x);
    all += static_cast<double>(x);
    left -= std::min(left, 1.0);
  }
  return top / all;
}

std::vector<data::Money> drawn(core::Random& random, std::size_t n, bool ties) {
  std::vector<data::Money> paid;
  for (std::size_t i = 0; i < n; ++i) {
    const double x = std::exp(random.normal());
    paid.push_back(ties ? 1 + static_cast<data::Money>(3 * x) : std::llround(1e6 * x) + 1);
  }
  return paid;
}

}  // namespace

TEST(TopTenth, IsTheShareOfTheDefinition) {
  core::Random random(3);
  for (int run = 0; run < 2000; ++run) {
    auto paid = drawn(random, 1 + random.below(60), run % 2 == 0);
    const double expected = plain_share(paid);
    EXPECT_NEAR(top_tenth(paid).share, expected, 1e-12);
  }
}

// The interval against customers really left out one by one.
TEST(TopTenth, TheIntervalIsThatOfTheJackknife) {
  core::Random random(4);
  const auto logit = [](double p) { return std::log(p / (1 - p)); };
  const auto share_of = [](double z) { return 1 / (1 + std::exp(-z)); };
  for (int run = 0; run < 300; ++run) {
    const auto paid = drawn(random, 30 + random.below(60), run % 3 == 0);
    const auto n = static_cast<double>(paid.size());
    std::vector<double> without;
    for (std::size_t i = 0; i < paid.size(); ++i) {
      auto others = paid;
      others.erase(others.begin() + static_cast<std::ptrdiff_t>(i));
      without.push_back(logit(plain_share(others)));
    }
    const double mean = std::accumulate(without.begin(), without.end(), 0.0) / n;
    double squares = 0, fourths = 0;
    for (const double z : without) {
      squares += (z - mean) * (z - mean);
      fourths += std::pow(z - mean, 4);
    }
    const double df = std::max(1.0, std::min(0.1 * n, squares * squares / fourths - 1));
    const double in_tenth = 0.1 * n;
    const double half = core::student_quantile(0.975, df) *
                        std::sqrt((n - 1) / n * squares * in_tenth / (in_tenth - 1));
    const double share = plain_share(paid);
    const double middle = logit(share) - (n - 1) * (mean - logit(share));
    const Interval found = top_tenth_interval(paid, 0.95);
    EXPECT_NEAR(found.low, std::min(share, share_of(middle - half)), 1e-9);
    EXPECT_NEAR(found.high, std::max(share, share_of(middle + half)), 1e-9);
  }
}

// A shop of 100 customers, unequal in how often they come and in what they pay, about 63 of whom
// buy: what a few of them pay decides.
TEST(TopTenth, TheIntervalCoversAtFewVeryUnequalCustomers) {
  core::Random random(11);
  const auto shop = [&](int customers) {
    std::vector<data::Money> paid;
    for (int c = 0; c < customers; ++c) {
      const double level = random.gamma(1);
      const std::int64_t orders = random.poisson(random.gamma(1) * (1 + level));
      double sum = 0;
      for (std::int64_t o = 0; o < orders; ++o) sum += (level + 0.2) * (random.gamma(4) + 0.1);
      if (orders > 0) paid.push_back(std::llround(1e4 * sum));
    }
    return paid;
  };
  auto many = shop(1'000'000);
  const double truth = top_tenth(many).share;
  const int runs = 4000;
  int covered = 0;
  for (int run = 0; run < runs; ++run) {
    const Interval found = top_tenth_interval(shop(100), 0.95);
    covered += found.low <= truth && truth <= found.high ? 1 : 0;
  }
  std::printf("top tenth's share at 100 unequal customers: %.3f covered\n", 1.0 * covered / runs);
  EXPECT_GT(covered, 0.93 * runs);
}

TEST(TopTenth, EqualCustomersLeaveNothingToEstimate) {
  const Interval found = top_tenth_interval(std::vector<data::Money>(45, 12345), 0.95);
  EXPECT_NEAR(found.low, 0.1, 1e-12);
  EXPECT_EQ(found.low, found.high);
}

}  // namespace emptor::metrics
