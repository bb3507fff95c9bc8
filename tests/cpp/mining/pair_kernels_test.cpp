#include "mining/pair_kernels.hpp"

#include "core/random.hpp"
#include "mining/pair_windows.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace emptor::mining::next {
namespace {

TEST(PairKernels, GiveTheSameBitsWhateverTheProcessorOffers) {
  core::Random random(1, 2);
  constexpr std::size_t kRows = 300;
  std::vector<float> memory((kRows + 1) * 16);
  for (float& x : memory) x = static_cast<float>(random.uniform() * random.uniform());
  // Visits 2, 3 and 4 of kinds 9, 4 and 4; windows after the first two to the end.
  const std::vector<std::uint32_t> kind{9, 4, 4};
  const std::vector<std::int32_t> with_window{2, 3}, window_end{0, 0, 5, 5, 5};
  const CustomerWindows customer{2, kind, with_window, window_end.data()};
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
    std::vector<double> before(4 * 16), before_plain(4 * 16);
    std::vector<float> out(2 * 16), out_plain(2 * 16);
    plain.sum_windows(memory.data(), customer, before_plain.data(), out_plain.data());
    variant.sum_windows(memory.data(), customer, before.data(), out.data());
    EXPECT_EQ(before, before_plain);
    EXPECT_EQ(out, out_plain);
    const auto p = [&](std::size_t row) { return static_cast<double>(memory[row * 16 + 7]); };
    EXPECT_EQ(out[7], static_cast<float>(p(9) + p(4) + p(4) - p(9)));
    EXPECT_EQ(out[16 + 7], static_cast<float>(p(9) + p(4) + p(4) - (p(9) + p(4))));
  }
}

TEST(PairKernels, AddTermsAndKeepTheLargest) {
  core::Random random(3, 4);
  const auto number = [&] { return static_cast<float>(2 * random.uniform() - 1); };
  std::vector<Term> terms(7), sums(32);
  std::vector<TimingTerm> placebo(32);
  for (auto& term : terms)
    for (float& x : term.lane) x = number();
  for (auto& sum : sums) std::generate(sum.lane.begin(), sum.lane.end(), number);
  for (auto& sum : placebo) std::generate(sum.lane.begin(), sum.lane.end(), number);
  std::vector<Start> starts;
  for (std::int32_t a = 0; a < 31; a += 2)
    starts.push_back({a, static_cast<std::int32_t>(random.below(7)),
                      static_cast<std::int32_t>(random.below(7))});
  for (const auto& variant : usable_kernels()) {
    SCOPED_TRACE(variant.name);
    auto found = sums;
    auto random_sums = placebo;
    variant.add_terms(starts.data(), starts.size(), terms.data(), found.data(), random_sums.data());
    for (std::size_t a = 0, i = 0; a < 32; ++a) {
      const bool started = i < starts.size() && starts[i].antecedent == static_cast<int>(a);
      if (!started) {
        EXPECT_EQ(found[a].lane, sums[a].lane);
        EXPECT_EQ(random_sums[a].lane, placebo[a].lane);
        continue;
      }
      const Term& x = terms[static_cast<std::size_t>(starts[i].row)];
      const Term& y = terms[static_cast<std::size_t>(starts[i].placebo)];
      for (std::size_t k = 0; k < 8; ++k)
        EXPECT_EQ(found[a][k], k % 4 == 3 ? std::max(sums[a][k], x[k]) : sums[a][k] + x[k]);
      for (std::size_t k = 0; k < 3; ++k)
        EXPECT_EQ(random_sums[a].lane[k], placebo[a].lane[k] + y[k]);
      ++i;
    }
  }
}

TEST(PairKernels, ScreenFindsWhatMayBeKept) {
  core::Random random(5, 6);
  constexpr std::size_t kPairs = 160;
  std::vector<Term> sums(kPairs);
  std::vector<TimingTerm> placebo(kPairs);
  std::vector<float> expected(kPairs), squares(kPairs);
  for (std::size_t i = 0; i < kPairs; ++i) {
    const auto below = [&](double most) { return static_cast<float>(most * random.uniform()); };
    sums[i].lane = {below(8) - 3,         below(4),      below(9), 0, std::floor(below(20)),
                    std::floor(below(8)), below(10) - 8, 0};
    placebo[i].lane = {below(8) - 3, below(4), below(9), 0};
    expected[i] = below(12);
    squares[i] = below(20);
  }
  const Screen screen{4, 1, 3, 0.5F, 0.7F};
  const auto kept = [&](float beyond, float variance, float z_squared = 0.5F) {
    return beyond > 0 && beyond * beyond >= z_squared * variance;
  };
  for (const auto& variant : usable_kernels()) {
    SCOPED_TRACE(variant.name);
    std::vector<std::uint8_t> findings(kPairs);
    Screened screened;
    screened.n_testable = 1000;  // added to
    variant.screen({sums.data(), placebo.data(), expected.data(), squares.data(), kPairs}, screen,
                   findings.data(), screened);
    std::int64_t n = 1000, n_timing = 0, n_placebo = 0;
    double observed = 0, expected_sum = 0;
    int seen[4] = {};
    for (std::size_t i = 0; i < kPairs; ++i) {
      const Term& s = sums[i];
      const auto& p = placebo[i].lane;
      const float e = expected[i];
      int finding = 0;
      if (e >= 4) {
        ++n;
        observed += static_cast<double>(s[kVisits]);
        expected_sum += static_cast<double>(e);
        if (kept(s[kVisits] - e - 0.5F, std::max(squares[i] + s[kSquares], e))) finding |= 1;
      }
      if (s[kInformation] >= 1) {
        ++n_timing;
        if (kept(s[kScore] - 0.5F, std::max(s[kInformation], s[kScoreSquares]))) finding |= 2;
      }
      if (p[kInformation] >= 1) {
        ++n_placebo;
        if (kept(p[kScore] - 0.5F, std::max(p[kInformation], p[kScoreSquares]), 0.7F)) finding |= 4;
      }
      if (s[kVisits] > 0 && s[kEvents] >= 3) finding |= 8;
      EXPECT_EQ(findings[i], finding) << i;
      for (int k = 0; k < 4; ++k) seen[k] += (finding >> k) & 1;
    }
    for (const int count : seen) EXPECT_GT(count, 5);
    EXPECT_EQ(screened.n_testable, n);
    EXPECT_EQ(screened.n_timing_testable, n_timing);
    EXPECT_EQ(screened.n_placebo_testable, n_placebo);
    EXPECT_EQ(screened.observed, observed);
    EXPECT_NEAR(screened.expected, expected_sum, 1e-9);
  }
}

}  // namespace
}  // namespace emptor::mining::next
