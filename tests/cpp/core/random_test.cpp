#include "core/random.hpp"

#include "core/special.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <set>
#include <string_view>
#include <vector>

namespace emptor::core {
namespace {

using Block = std::array<std::uint32_t, 4>;

// kat_vectors of Random123 1.14 (Salmon et al.), philox4x32 with 10 rounds.
TEST(Random, PhiloxKnownAnswers) {
  EXPECT_EQ(philox({0, 0, 0, 0}, {0, 0}), (Block{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  EXPECT_EQ(philox({0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}, {0xffffffff, 0xffffffff}),
            (Block{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}),
            (Block{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(Random, StreamsAndSeedsDiffer) {
  std::set<std::uint64_t> first;
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    for (std::uint64_t stream = 0; stream < 10; ++stream) {
      first.insert(Random(seed, stream).bits());
    }
  }
  EXPECT_EQ(first.size(), 100U);
  Random again(3, 4);
  EXPECT_EQ(again.bits(), Random(3, 4).bits());
}

struct Moments {
  double mean = 0;
  double variance = 0;
};

template <typename Draw>
Moments moments(int n, Draw draw) {
  Random random(20110601, 7);
  double sum = 0;
  double squares = 0;
  for (int i = 0; i < n; ++i) {
    const auto x = static_cast<double>(draw(random));
    sum += x;
    squares += x * x;
  }
  const double mean = sum / n;
  return {mean, squares / n - mean * mean};
}

TEST(Random, MomentsAreThoseOfTheLaws) {
  constexpr int kDraws = 200000;
  // Six standard errors of each mean; variances within 6 %.
  const auto expect = [](const char* law, Moments found, double mean, double variance) {
    EXPECT_NEAR(found.mean, mean, 6 * std::sqrt(variance / kDraws)) << law;
    EXPECT_NEAR(found.variance, variance, 0.06 * variance) << law;
  };
  expect("uniform", moments(kDraws, [](Random& r) { return r.uniform(); }), 0.5, 1.0 / 12);
  expect("normal", moments(kDraws, [](Random& r) { return r.normal(); }), 0, 1);
  expect("exponential", moments(kDraws, [](Random& r) { return r.exponential(); }), 1, 1);
  for (const double shape : {0.1, 0.7, 1.0, 3.5, 200.0}) {
    expect("gamma", moments(kDraws, [&](Random& r) { return r.gamma(shape); }), shape, shape);
  }
  for (const double mean : {0.2, 1.0, 9.9, 10.0, 35.0, 1e4}) {
    expect("poisson", moments(kDraws, [&](Random& r) { return r.poisson(mean); }), mean, mean);
  }
  expect("below", moments(kDraws, [](Random& r) { return r.below(10); }), 4.5, 99.0 / 12);
}

TEST(Random, PoissonHasItsWholeDistribution) {
  // Kolmogorov distance at whole numbers; 1.95 / sqrt(n) is its .1 % point (it is conservative for
  // discrete laws).
  constexpr int kDraws = 100000;
  for (const double mean : {3.0, 12.0, 150.0}) {
    Random random(1, static_cast<std::uint64_t>(mean));
    std::vector<int> counts(400);
    for (int i = 0; i < kDraws; ++i) ++counts[static_cast<std::size_t>(random.poisson(mean))];
    double seen = 0;
    double distance = 0;
    for (std::size_t k = 0; k < counts.size(); ++k) {
      seen += counts[k];
      distance =
          std::fmax(distance, std::fabs(seen / kDraws - poisson_cdf(static_cast<double>(k), mean)));
    }
    EXPECT_LT(distance, 1.95 / std::sqrt(kDraws)) << mean;
  }
}

TEST(Random, EdgeArguments) {
  Random random(5);
  EXPECT_EQ(random.poisson(0), 0);
  EXPECT_EQ(random.poisson(-1), 0);
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(random.below(1), 0U);
  for (int i = 0; i < 1000; ++i) {
    const double u = random.uniform();
    ASSERT_GT(u, 0);
    ASSERT_LT(u, 1);
  }
}

// Pinned so that a seed keeps its meaning between releases; splitmix64 from state 0 and 1 as
// published by Vigna.
TEST(Random, HashesAreFixed) {
  EXPECT_EQ(hash_integer(0), 0xE220A8397B1DCDAFULL);
  EXPECT_EQ(hash_integer(1), 0x910A2DEC89025CC1ULL);
  const std::string_view a = "85123A";
  EXPECT_EQ(hash_bytes(a.data(), a.size()), 0x3BA2E95E962435AFULL);
  EXPECT_NE(hash_bytes("ab", 2), hash_bytes("ba", 2));
}

}  // namespace
}  // namespace emptor::core
