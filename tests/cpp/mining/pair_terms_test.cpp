#include "mining/pair_terms.hpp"

#include "mining/planted_shop.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace emptor::mining::next {
namespace {

const data::Span kNinety{90, data::Span::Unit::days};

/// What the visits say of a window and an item, one visit at a time.
struct Facts {
  int observed = 0, all = 0, inside = 0;
  bool before = false;
  double expected = 0, share_inside = 0, share_all = 0;
  int n = 0;
};

Facts facts_of(const Visits& visits, const Rates& rates, std::size_t v, std::size_t b,
               std::int32_t item) {
  Facts f;
  const auto with = visits.visits_of(item);
  const auto c = static_cast<std::size_t>(visits.customer[v]);
  for (auto j = static_cast<std::size_t>(visits.first_visit[c]);
       j < static_cast<std::size_t>(visits.first_visit[c + 1]); ++j) {
    const bool has =
        std::find(with.begin(), with.end(), static_cast<std::int32_t>(j)) != with.end();
    f.before = f.before || (has && j <= v);
    if (j == v) continue;
    const bool in = visits.day[j] > visits.day[v] && visits.day[j] <= visits.day[v] + 90;
    const double share = rates.share(visits.bin[j], b);
    ++f.n;
    f.all += has ? 1 : 0;
    f.share_all += share;
    if (!in) continue;
    ++f.inside;
    f.observed += has ? 1 : 0;
    f.share_inside += share;
    f.expected += static_cast<double>(rates.probability(j, b));
  }
  return f;
}

TEST(PairTerms, SayOfEveryWindowWhatTheVisitsSay) {
  const auto shop = test::small_shop(2, 40, 60);
  const auto visits = make_visits(shop.view(), kNinety, kNinety);
  const std::vector<std::int32_t> items{1, 5, 13, 39};
  const Rates rates(visits, items);
  const auto windows = make_windows(visits);
  WindowTerms window_terms(visits, windows, rates);
  std::size_t informing = 0, with_item = 0, silent = 0;
  for (std::size_t b = 0; b < items.size(); ++b) {
    window_terms.choose(b);
    EXPECT_TRUE(window_terms.terms().empty());
    for_buyers(visits, items[b], [&](std::size_t c, std::span<const std::int32_t> on) {
      window_terms.fill(c, on);
      const auto terms = window_terms.terms();
      const auto begin = windows.customer_begin[c];
      const auto n_rows = windows.customer_begin[c + 1] - begin;
      ASSERT_EQ(terms.size(), n_rows + 1);
      EXPECT_EQ(terms[n_rows].lane, Term().lane);
      for (std::size_t r = 0; r < n_rows; ++r) {
        const auto v = static_cast<std::size_t>(windows.visit[begin + r]);
        const auto f = facts_of(visits, rates, v, b, items[b]);
        const Term& term = terms[r];
        EXPECT_EQ(term[kVisits], static_cast<float>(f.observed));
        EXPECT_EQ(term[kEvents], f.observed > 0 && !f.before ? 1.0F : 0.0F);
        EXPECT_NEAR(term[kSquares], f.observed * (f.observed - 2 * f.expected), 1e-5);
        EXPECT_NEAR(term[kLargest], f.observed - f.expected, 1e-5);
        with_item += f.observed > 0 ? 1 : 0;
        const bool informs = f.all > 0 && f.all < f.n && f.inside > 0 && f.inside < f.n;
        if (!informs) {
          for (const auto lane : {kScore, kInformation, kScoreSquares, kLargestScore})
            EXPECT_EQ(term[lane], 0);
          ++silent;
          continue;
        }
        const double q = f.share_inside / f.share_all;
        const double score = f.observed - f.all * q;
        EXPECT_NEAR(term[kScore], score, 1e-5);
        EXPECT_EQ(term[kLargestScore], term[kScore]);
        EXPECT_NEAR(term[kInformation], f.all * q * (1 - q) * (f.n - f.all) / (f.n - 1), 1e-5);
        EXPECT_NEAR(term[kScoreSquares], score * score, 1e-5);
        ++informing;
      }
    });
  }
  EXPECT_GT(informing, 60U);
  EXPECT_GT(with_item, 60U);
  EXPECT_GT(silent, 10U);
}

}  // namespace
}  // namespace emptor::mining::next
