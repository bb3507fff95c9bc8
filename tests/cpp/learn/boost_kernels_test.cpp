#include "learn/boost_kernels.hpp"

#include "core/random.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace emptor::learn {
namespace {

struct Rows {
  std::vector<std::uint8_t> last{}, next{};
  std::vector<float> step{}, outcome{}, weight{}, score{};
  Rows(std::size_t n, std::uint64_t seed) {
    core::Random random(seed);
    for (int b = 0; b < 256; ++b) step.push_back(static_cast<float>(0.1 * random.normal()));
    for (std::size_t i = 0; i < n; ++i) {
      last.push_back(static_cast<std::uint8_t>(random.below(256)));
      next.push_back(static_cast<std::uint8_t>(random.below(7)));
      outcome.push_back(random.uniform() < 0.3 ? 1.0F : 0.0F);
      weight.push_back(static_cast<float>(0.5 + random.uniform()));
      score.push_back(static_cast<float>(5 * random.normal()));
    }
    if (n > 3) {
      score[0] = 200;
      score[1] = -200;
    }
  }
};

std::vector<double> turned(const BoostKernels& kernels, Rows& rows, bool step) {
  std::vector<double> sums(14, 0.0);
  kernels.turn({step ? rows.last.data() : nullptr, rows.step.data(), rows.next.data(),
                rows.outcome.data(), rows.weight.data(), rows.score.data(), rows.score.size()},
               7, sums.data());
  return sums;
}

TEST(BoostKernels, SumsAreThoseOfTheFormulas) {
  for (const std::size_t n : {0U, 1U, 3U, 7U, 511U, 512U, 513U, 3000U}) {
    Rows rows(n, n + 1);
    std::vector<double> expected(14, 0.0);
    for (std::size_t i = 0; i < n; ++i) {
      const double p = 1 / (1 + std::exp(-static_cast<double>(rows.score[i])));
      expected[2U * rows.next[i]] += rows.weight[i] * (rows.outcome[i] - p);
      expected[2U * rows.next[i] + 1] += rows.weight[i] * p * (1 - p);
    }
    const auto found = turned(boost_kernels(), rows, false);
    for (std::size_t k = 0; k < 14; ++k)
      EXPECT_NEAR(found[k], expected[k], 1e-6 * static_cast<double>(1 + n));
  }
}

TEST(BoostKernels, AllVariantsGiveTheSameBits) {
  for (const std::size_t n : {5U, 1000U, 5003U}) {
    Rows plain(n, 9);
    const auto expected = turned(usable_boost_kernels().front(), plain, true);
    for (const BoostKernels& kernels : usable_boost_kernels()) {
      Rows rows(n, 9);
      EXPECT_EQ(turned(kernels, rows, true), expected) << kernels.name;
      EXPECT_EQ(rows.score, plain.score) << kernels.name;
    }
  }
}

}  // namespace
}  // namespace emptor::learn
