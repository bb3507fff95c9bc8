#include "mining/pair_q.hpp"

#include "emptor/core/multiplicity.hpp"

#include "core/random.hpp"
#include "core/special.hpp"
#include "mining/planted_shop.hpp"
#include "mining/timing.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

namespace emptor::mining {
namespace {

using test::every_pair;
using test::small_shop;

TEST(PairQ, QValuesAreOverAllTestablePairs) {
  const auto shop = small_shop();
  auto options = every_pair();
  const auto all = bought_next(shop.view(), options);
  options.min_events = 12;  // lists fewer pairs of the same consequents
  const auto fewer = bought_next(shop.view(), options);
  ASSERT_LT(fewer.size(), all.size());
  ASSERT_GT(fewer.size(), 20U);
  EXPECT_EQ(fewer.n_testable + fewer.n_untestable, fewer.n_pairs_possible);
  // Recomputed from the kept scores of the search behind it.
  const auto search = next::search_pairs(shop.view(), options, {}, {}, {});
  EXPECT_EQ(search.scan.n_testable, fewer.n_testable);
  std::vector<double> p;
  for (const double z : search.scan.z) p.push_back(core::normal_sf(z));
  const auto q = benjamini_hochberg(p, search.scan.n_testable);
  std::map<double, double> by_p;
  for (std::size_t i = 0; i < q.size(); ++i) by_p[p[i]] = q[i];
  for (std::size_t i = 0; i < fewer.size(); ++i)
    if (fewer.p_value[i] <= next::kKeptP) {
      EXPECT_DOUBLE_EQ(fewer.q_value[i], by_p.at(fewer.p_value[i]));
    }
}

TEST(PairQ, QValuesSortWhateverTheySpread) {
  // Tiny, equal, at both ends, and very unevenly spread.
  std::vector<double> p{0.5, 0, 1e-300, 0.5, 0.25, 0.25, 3e-17};
  for (int i = 1; i <= 200; ++i) p.push_back(0.5 / (i * i * i));
  auto sorted = p;
  std::sort(sorted.begin(), sorted.end());
  const auto expected = benjamini_hochberg(sorted, 1000);
  const next::QValues q(p, 1000);
  for (std::size_t i = 0; i < sorted.size(); ++i)
    EXPECT_EQ(q(sorted[i]),
              expected[static_cast<std::size_t>(
                  std::lower_bound(sorted.begin(), sorted.end(), sorted[i]) - sorted.begin())]);
  EXPECT_EQ(q(0.3), 1);
  EXPECT_EQ(q.threshold(0.05), sorted[static_cast<std::size_t>(q.discoveries(0.05)) - 1]);
  EXPECT_EQ(next::QValues({}, 0).discoveries(0.05), 0);
  EXPECT_EQ(next::QValues({}, 0).threshold(0.05), -1);
}

TEST(PairQ, LeavesOnlyPValuesOutThatCouldNotMatter) {
  // Scores of nothing, of much, of a few large ones, and all alike; with others that are known.
  core::Random random(8, 1);
  std::size_t n_left_out = 0;
  for (int run = 0; run < 300; ++run) {
    const double shift = std::vector{-0.5, 0.0, 1.0}[random.below(3)];
    const std::int64_t n_tests = 200 + static_cast<std::int64_t>(random.below(2000));
    std::vector<double> z, others;
    for (std::uint64_t i = random.below(200); i > 0; --i)
      z.push_back(run % 7 == 0 ? 1.25 : random.normal() + shift);
    for (std::uint64_t i = random.below(20); i > 0 && run % 3 == 0; --i)
      others.push_back(random.uniform());
    auto all = others;
    for (const double score : z) all.push_back(core::normal_sf(score));
    const next::QValues expected(all, n_tests);
    for (const double most : {1.0, 0.2}) {
      auto kept = next::p_that_matter(z, others.size(), n_tests, most);
      n_left_out += z.size() - kept.size();
      kept.insert(kept.end(), others.begin(), others.end());
      const next::QValues found(kept, n_tests);
      for (const double p : all) {
        if (expected(p) < most || most == 1) {
          EXPECT_EQ(found(p), expected(p));
        } else {
          EXPECT_GE(found(p), most);
        }
      }
      EXPECT_EQ(found.threshold(most / 2), expected.threshold(most / 2));
    }
  }
  EXPECT_GT(n_left_out, 5000U);
}

TEST(PairQ, LeavesOnlyExactLawsOutThatCouldNotMatter) {
  // Every exact law worked out gives the same q-values up to the limit kept.
  const auto shop = small_shop(7, 90, 900);
  auto options = every_pair();
  options.min_events = 0;
  const auto search = next::search_pairs(shop.view(), options, {}, {.placebo = false}, {});
  std::vector<double> all;
  for (const auto& c : search.scan.candidates) {
    const double p = next::timing_p(search, c);
    if (!std::isnan(p)) all.push_back(p);
  }
  // Pairs without a visit in a window are no candidates, and have large p-values.
  const auto expected = benjamini_hochberg(all, search.scan.timing.n_testable);
  std::vector<next::Search> groups;
  groups.push_back(search);
  const auto q = next::q_values(groups, search.plan.kept_p, {});
  std::size_t i = 0, small = 0, exact = 0;
  for (const auto& c : search.scan.candidates) {
    if (std::isnan(c.timing.p())) continue;
    const double found = q.of_timing(search, c);
    exact += c.timing.needs_exact() ? 1 : 0;
    small += expected[i] <= search.plan.kept_p ? 1 : 0;
    if (expected[i] <= search.plan.kept_p)
      EXPECT_EQ(found, expected[i]);
    else
      EXPECT_GT(found, search.plan.kept_p);
    ++i;
  }
  EXPECT_GT(small, 3U);
  EXPECT_GT(exact, 50U);
  EXPECT_FALSE(search.scan.timing.pending.empty());
}

}  // namespace
}  // namespace emptor::mining
