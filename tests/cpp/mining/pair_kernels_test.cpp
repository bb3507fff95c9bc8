#include "mining/pair_kernels.hpp"

#include "core/random.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace emptor::mining::next {
namespace {

TEST(PairKernels, GiveTheSameBitsWhateverTheProcessorOffers) {
  core::Random random(1, 2);
  constexpr std::size_t kRows = 300;
  std::vector<float> memory((kRows + 1) * 16);
  for (float& x : memory) x = static_cast<float>(random.uniform() * random.uniform());
  std::vector<double> before(16), other(16);
  for (double& x : before) x = 100 * random.uniform();
  for (double& x : other) x = 100 * random.uniform();
  std::vector<std::uint32_t> level(16);
  for (auto& l : level) l = static_cast<std::uint32_t>(random.below(16));
  const Kernels& plain = usable_kernels().front();
  EXPECT_STREQ(plain.name, "plain");
  EXPECT_STREQ(kernels().name, usable_kernels().back().name);
  for (const auto& variant : usable_kernels()) {
    SCOPED_TRACE(variant.name);
    for (const std::size_t n : {0U, 1U, 31U, 32U, 33U, 257U}) {
      std::vector<std::int32_t> rows;
      for (std::size_t i = 0; i < n; ++i)
        rows.push_back(static_cast<std::int32_t>(random.below(kRows)));
      Sixteen expected, found;
      plain.sum_rows(memory.data(), rows.data(), n, expected);
      variant.sum_rows(memory.data(), rows.data(), n, found);
      EXPECT_EQ(expected.sum, found.sum);
      EXPECT_EQ(expected.squares, found.squares);
      double direct = 0;
      for (const auto r : rows)
        direct += static_cast<double>(memory[static_cast<std::size_t>(r) * 16 + 3]);
      EXPECT_NEAR(found.sum[3], direct, 1e-5 * (1 + direct));
    }
    std::vector<double> after(16), after_plain(16);
    plain.add_levels(before.data(), memory.data(), level.data(), after_plain.data());
    variant.add_levels(before.data(), memory.data(), level.data(), after.data());
    EXPECT_EQ(after, after_plain);
    EXPECT_EQ(after[5], before[5] + static_cast<double>(memory[level[5]]));
    std::vector<float> out(16), out_plain(16);
    plain.subtract(before.data(), other.data(), out_plain.data());
    variant.subtract(before.data(), other.data(), out.data());
    EXPECT_EQ(out, out_plain);
    EXPECT_EQ(out[7], static_cast<float>(before[7] - other[7]));
  }
}

}  // namespace
}  // namespace emptor::mining::next
