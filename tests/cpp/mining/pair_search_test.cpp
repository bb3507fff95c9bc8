#include "mining/pair_search.hpp"

#include "emptor/core/error.hpp"

#include "mining/planted_shop.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace emptor::mining {
namespace {

using test::every_pair;
using test::message;
using test::small_shop;

TEST(PairSearch, SkipsNoTestablePair) {
  // Nothing is listed, so expected visits are summed only where their bound asks for them.
  const auto shop = small_shop();
  auto options = every_pair();
  const next::SearchPurpose purpose{.placebo = false, .list = false};
  for (const double min_expected : {0.5, 2.0, 4.0, 8.0}) {
    options.min_expected = min_expected;
    const auto search = next::search_pairs(shop.view(), options, {}, purpose, {});
    const auto& plan = search.plan;
    std::int64_t testable = 0;
    for (std::size_t a = 0; a < plan.antecedents.size(); ++a)
      for (std::size_t b = 0; b < plan.consequents.size(); ++b) {
        double expected = 0;
        for (const auto& c : next::customer_visits(search.visits, *search.rates, b,
                                                   plan.consequents[b], plan.index[a]))
          expected += c.expected;
        if (plan.antecedents[a] != plan.consequents[b] && expected >= min_expected) ++testable;
      }
    EXPECT_EQ(search.scan.n_testable, testable);
    EXPECT_GT(testable, 0) << min_expected;
  }
}

TEST(PairSearch, MessagesOfBadOptions) {
  const auto with = [](auto change) {
    BoughtNextOptions options;
    change(options);
    return message({}, options);
  };
  EXPECT_EQ(with([](auto& o) { o.window.count = 0; }),
            "bought_next: window must be at least a day, got 0 days");
  EXPECT_EQ(with([](auto& o) { o.min_antecedent = 0; }),
            "bought_next: min_antecedent must be at least 1, got 0");
  EXPECT_EQ(with([](auto& o) { o.fdr = 0.3; }),
            "bought_next: likely_fdr must lie between fdr and 1, got 0.2");
  EXPECT_EQ(with([](auto& o) { o.antecedents = {"tea"}; }),
            "bought_next: antecedents 'tea' is no item code from 0 to -1");
  EXPECT_EQ(with([](auto& o) { o.by = "country"; }),
            "bought_next: item and by need a Sales; purchases have item codes only");
  try {
    parse_evidence("cause");
    FAIL();
  } catch (const InvalidArgument& error) {
    EXPECT_EQ(std::string(error.what()).substr(0, 47),
              "evidence: 'cause' is not a kind of evidence; wr");
  }
  const auto shop = small_shop();
  BoughtNextOptions options;
  options.check = "2050-01-01";
  EXPECT_EQ(message(shop.view(), options),
            "bought_next: check must leave days on both sides; 2050-01-01 does not split "
            "2011-01-26 to 2012-06-08");
  options.check = "1.5";
  EXPECT_EQ(message(shop.view(), options),
            "bought_next: check as a share must lie between 0 and 1, got 1.5; a day is written "
            "\"2011-07-09\"");
}

}  // namespace
}  // namespace emptor::mining
