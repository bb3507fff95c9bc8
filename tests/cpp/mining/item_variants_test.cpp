// Pairs and rules between variants of one product, left out before the list is cut.

#include "emptor/core/error.hpp"
#include "emptor/core/multiplicity.hpp"
#include "emptor/mining/association_rules.hpp"
#include "emptor/mining/bought_next.hpp"
#include "emptor/mining/bought_together.hpp"

#include "core/random.hpp"
#include "data/make_sales.hpp"
#include "mining/pair_variants.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <string>
#include <vector>

namespace emptor::mining {
namespace {

// Mugs of three colours are bought together more than anything; pasta and sauce a little.
data::Sales shop() {
  core::Random random(5, 1);
  const char* const names[] = {"red enamel mug", "blue enamel mug", "green enamel mug",
                               "pasta",          "tomato sauce",    "candle",
                               "notebook",       "garden hose"};
  std::string csv = "order,customer,product,description,date,quantity,price\n";
  for (int order = 0; order < 2000; ++order) {
    const bool mugs = random.uniform() < 0.3;
    const bool dinner = random.uniform() < 0.06;
    for (int item = 0; item < 8; ++item) {
      const bool together = (mugs && item < 3) || (dinner && (item == 3 || item == 4));
      if (random.uniform() > 0.2 && !together) continue;
      csv += std::to_string(order) + ",c" + std::to_string(order % 300) + ",P" +
             std::to_string(item) + "," + names[item] + ",2021-" +
             std::to_string(10 + order / 1000) + "-" + std::to_string(10 + order / 100 % 10) +
             ",1,2.50\n";
    }
  }
  return data::sales_from(csv);
}

template <typename Column>
std::vector<typename Column::value_type> others(const Column& column,
                                                const std::vector<std::uint8_t>& same) {
  std::vector<typename Column::value_type> kept;
  for (std::size_t i = 0; i < column.size(); ++i) {
    if (same[i] == 0) kept.push_back(column[i]);
  }
  return kept;
}

TEST(ItemVariants, AreLeftOutOfWhatIsBoughtTogether) {
  const auto sales = shop();
  const auto all = bought_together(sales, {.fdr = 1});
  const auto few = bought_together(sales, {.fdr = 1, .same_family = false});
  EXPECT_EQ(all.n_same_family, 3);
  EXPECT_EQ(few.n_left_out, 3);
  EXPECT_EQ(few.n_same_family, 0);
  EXPECT_EQ(few.n_testable, all.n_testable);
  EXPECT_EQ(few.item_a, others(all.item_a, all.same_family));
  EXPECT_EQ(few.excess, others(all.excess, all.same_family));
  EXPECT_EQ(few.q_value, benjamini_hochberg(few.p_value, all.n_testable));
  EXPECT_GT(few.q_value[0], others(all.q_value, all.same_family)[0]);  // fewer found
  const auto first = bought_together(sales, {.top = 1, .same_family = false});
  ASSERT_EQ(first.size(), 1U);
  EXPECT_EQ(first.names->to_string(first.name_a[0]), "pasta");
  EXPECT_EQ(bought_together(sales, {.top = 1}).same_family[0], 1);
}

TEST(ItemVariants, AreLeftOutOfRulesWhateverTheCorrection) {
  const auto sales = shop();
  for (const Significance significance :
       {Significance::bh, Significance::holm, Significance::tarone, Significance::none,
        Significance::holdout}) {
    AssociationRulesOptions options;
    options.significance = significance;
    options.top = 0;
    const auto all = association_rules(sales, options);
    options.same_family = false;
    const auto few = association_rules(sales, options);
    const auto variants = std::count(all.same_family.begin(), all.same_family.end(), 1);
    ASSERT_GE(variants, 6);
    EXPECT_EQ(std::count(few.same_family.begin(), few.same_family.end(), 1), 0);
    EXPECT_EQ(few.n_testable, all.n_testable);
    EXPECT_GT(few.size(), 0U);
    if (significance == Significance::holdout) continue;
    EXPECT_EQ(few.n_left_out, variants);
    const auto excess = others(all.excess, all.same_family);
    ASSERT_LE(few.size(), excess.size());
    EXPECT_TRUE(std::includes(excess.begin(), excess.end(), few.excess.begin(), few.excess.end(),
                              std::greater<>()));
  }
  const auto first = association_rules(sales, {.same_family = false, .top = 1});
  ASSERT_EQ(first.size(), 1U);
  EXPECT_GE(first.n_left_out, 6);  // before the list was cut
}

TEST(ItemVariants, AreLeftOutOfWhatIsBoughtNext) {
  const auto sales = shop();
  BoughtNextOptions options;
  options.window = data::Span{20, data::Span::Unit::days};
  options.washout = data::Span{0, data::Span::Unit::days};
  options.min_antecedent = 5;
  options.min_events = 1;
  options.max_customer_share = 1;
  options.all_pairs = true;
  const auto all = bought_next(sales, options);
  options.same_family = false;
  const auto few = bought_next(sales, options);
  const auto variants = std::count(all.same_family.begin(), all.same_family.end(), 1);
  ASSERT_EQ(variants, 6);
  EXPECT_EQ(few.n_left_out, variants);
  EXPECT_EQ(few.size() + 6, all.size());
  EXPECT_EQ(few.n_testable, all.n_testable);
  EXPECT_EQ(std::count(few.same_family.begin(), few.same_family.end(), 1), 0);
  for (std::size_t i = 0; i < few.size(); ++i) {
    for (std::size_t j = 0; j < all.size(); ++j) {
      if (all.antecedent[j] != few.antecedent[i] || all.consequent[j] != few.consequent[i])
        continue;
      EXPECT_EQ(few.p_value[i], all.p_value[j]);
      EXPECT_GE(few.q_value[i], all.q_value[j]);
    }
  }
  options.top = 2;
  EXPECT_EQ(bought_next(sales, options).size(), 2U);
}

TEST(ItemVariants, TakeTheirOwnScoresAlongAndNoOthers) {
  const double none = std::numeric_limits<double>::quiet_NaN();  // not testable
  std::vector<next::Search> groups(1);
  next::Search& group = groups.front();
  group.plan.antecedents = group.plan.consequents = {0, 1, 2};
  const auto candidate = [](std::int32_t a, std::int32_t b, double z, next::TimingSums timing) {
    next::Candidate c;
    c.antecedent = a;
    c.consequent = b;
    c.z = z;
    c.timing = timing;
    return c;
  };
  const next::TimingSums sure{4.5F, 16, 16}, open{2.5F, 4, 4}, silent{};
  group.scan.candidates = {candidate(0, 1, none, silent), candidate(1, 0, 2, open),
                           candidate(0, 2, 1, sure), candidate(2, 0, none, sure)};
  group.scan.z = {3, 2, 1, 0.9};
  group.scan.timing.z = {1, 2.5, 1};  // of pairs 0 -> 2 and 2 -> 0 and one that is no candidate
  group.scan.timing.pending = {{1, 0, 1}, {2, 1, 1}};
  const std::vector<std::string> names{"red enamel mug", "blue enamel mug", "pasta"};
  const ItemVariants variants(names);
  EXPECT_EQ(next::leave_out_variants(groups, variants), 2);
  EXPECT_EQ(group.scan.z, (std::vector<double>{3, 1, 0.9}));
  EXPECT_EQ(group.scan.timing.z, (std::vector<double>{1, 2.5, 1}));
  ASSERT_EQ(group.scan.timing.pending.size(), 1U);
  EXPECT_EQ(group.scan.timing.pending[0].antecedent, 2);
}

template <typename Call>
std::string refusal(Call&& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST(ItemVariants, NeedNames) {
  const std::vector<std::int64_t> offset{0, 1};
  const std::vector<std::int32_t> item{0};
  EXPECT_EQ(refusal([&] {
              (void)bought_together(data::BasketsView{offset, item}, {.same_family = false});
            }),
            "bought_together: same_family = False needs a Sales: variants have names");
  EXPECT_EQ(refusal([&] {
              (void)association_rules(data::BasketsView{offset, item}, {.same_family = false});
            }),
            "association_rules: same_family = False needs items with names");
  EXPECT_EQ(refusal([&] { (void)bought_next(PurchasesView{}, {.same_family = false}); }),
            "bought_next: same_family = False needs a Sales: variants have names");
}

}  // namespace
}  // namespace emptor::mining
