#include "emptor/mining/measures.hpp"

#include "emptor/core/error.hpp"

#include "core/random.hpp"
#include "simulation.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <string>
#include <vector>

namespace emptor::mining {
namespace {

struct Table {
  std::vector<std::int64_t> both{}, antecedent{}, consequent{};
  std::int64_t baskets = 0;
  void add(std::int64_t n11, std::int64_t n10, std::int64_t n01) {
    both.push_back(n11);
    antecedent.push_back(n11 + n10);
    consequent.push_back(n11 + n01);
  }
  [[nodiscard]] RuleCountsView view() const { return {both, antecedent, consequent, baskets}; }
};

struct Value {
  double value, low, high;
};

std::map<std::string, Value> measure_all(const RuleCountsView& view, std::size_t row = 0) {
  std::map<std::string, Value> values;
  for (const MeasureColumn& column : rule_measures(view, {.measures = {"all"}}).measures) {
    const bool has = !column.low.empty();
    values[std::string(column.measure->name)] = {column.value[row], has ? column.low[row] : NAN,
                                                 has ? column.high[row] : NAN};
  }
  return values;
}

// {baking powder} => {whole milk} in Groceries: 91, 83, 2422, 7239.
Table baking_powder() {
  Table table{.baskets = 9835};
  table.add(91, 83, 2422);
  return table;
}

// arules 1.7-11 on Groceries, where its formulas are the textbooks'; checked by hand.
TEST(Measures, GroceriesRuleHasThePublishedValues) {
  const Table table = baking_powder();
  const auto m = measure_all(table.view());
  const std::vector<std::pair<const char*, double>> golden{
      {"support", .009252669039},
      {"confidence", .5229885057},
      {"lift", 2.046793456},
      {"leverage", .004732101019},
      {"conviction", 1.560725464},
      {"chi_squared", 66.61718732},
      {"fisher_p", 2.652696851e-14},
      {"hyper_lift", 1.568965517},
      {"odds_ratio", 3.276934327},
      {"phi", .08230116142},
      {"kulczynski", .2796001025},
      {"cosine", .1376165050},
      {"jaccard", .03505392912},
      {"gini", .002577005872},
      {"j_measure", .002870712542},
      {"mutual_information", .03296267559},
      {"importance", .3190337249},
      {"kappa", .03582661494},
      {"certainty", .3592723237},
      {"relative_linkage_disequilibrium", .3592723237},
      {"imbalance_ratio", .9010015408},
      {"relative_risk", 2.086123846},
      {"yules_q", .5323753308},
      {"yules_y", .2883145967},
      {"lambda", .00318344608},
      {"lerman", 6.979827429},
      {"implication_index", -4.089084330},
  };
  for (const auto& [name, value] : golden) {
    EXPECT_NEAR(m.at(name).value / value, 1, 6e-10) << name;
  }
  // Where arules 1.7 gives something else: .2563, .99995, 14,792.75 and .0362.
  EXPECT_NEAR(m.at("casual_support").value, (91 + 7239) / 9835.0, 1e-15);
  EXPECT_NEAR(m.at("casual_confidence").value, 0.5 * (91 / 174.0 + 7239 / 9661.0), 1e-15);
  EXPECT_NEAR(m.at("collective_strength").value, 1.050498, 5e-7);
  EXPECT_NEAR(m.at("least_contradiction").value, (91 - 83) / 2513.0, 1e-15);
}

TEST(Measures, GroceriesRuleHasThePublishedIntervals) {
  const auto m = measure_all(baking_powder().view());
  EXPECT_NEAR(m.at("lift").low, 1.758666, 5e-7);  // multinomial; arules has another variance
  EXPECT_NEAR(m.at("lift").high, 2.334920, 5e-7);
  EXPECT_NEAR(m.at("odds_ratio").low, 2.425137, 5e-7);  // Woolf
  EXPECT_NEAR(m.at("odds_ratio").high, 4.427914, 5e-7);
  EXPECT_NEAR(m.at("support").low, .007543, 5e-7);  // Wilson
  EXPECT_NEAR(m.at("support").high, .011346, 5e-7);
  // Bishop, Fienberg and Holland (1975), 11.3: arules 1.7 adds the last term, [.054710, .109892].
  const double phi = .08230116142;
  const double p = 174.0 / 9835;
  const double q = 2513.0 / 9835;
  const double p_odd = (1 - 2 * p) / std::sqrt(p * (1 - p));
  const double q_odd = (1 - 2 * q) / std::sqrt(q * (1 - q));
  const double se = std::sqrt((1 - phi * phi + phi * (1 + phi * phi / 2) * p_odd * q_odd -
                               0.75 * phi * phi * (p_odd * p_odd + q_odd * q_odd)) /
                              9835);
  EXPECT_NEAR(m.at("phi").low, phi - normal_half_width(0.95) * se, 1e-10);
  EXPECT_NEAR(m.at("phi").high, phi + normal_half_width(0.95) * se, 1e-10);
  // Wilson; arules has the delta method's [.448775, .597202].
  EXPECT_NEAR(m.at("confidence").low, wilson(91, 174).low, 1e-15);
  EXPECT_NEAR(m.at("confidence").high, wilson(91, 174).high, 1e-15);
}

// R: fisher.test on the same counts.
TEST(Measures, SubstitutionIsTheLowerTail) {
  Table table{.baskets = 9835};
  table.add(19, 2, 773);  // {liquor, red/blush wine} => {bottled beer}
  const auto m = measure_all(table.view());
  EXPECT_NEAR(m.at("lift").value, 11.235269, 5e-7);
  EXPECT_NEAR(m.at("fisher_p").value / 2.403244e-19, 1, 5e-7);
  EXPECT_NEAR(m.at("hyper_lift").value, 3.8, 1e-12);
  EXPECT_NEAR(m.at("substitution_p").value, 1, 1e-12);
  EXPECT_NEAR(m.at("hyper_confidence").value, 1, 1e-12);
  Table beer{.baskets = 9835};
  beer.add(87, 677, 2426);  // {canned beer} => {whole milk}: 87 where independence gives 195
  EXPECT_NEAR(measure_all(beer.view()).at("substitution_p").value / 5.2908369e-24, 1, 1e-7);
  // Small enough to count: of 3 drawn from 10, 4 marked, P(0) = 1/6, P(0 or 1) = 2/3.
  Table small{.baskets = 10};
  small.add(0, 3, 4);
  small.add(1, 2, 3);
  EXPECT_NEAR(measure_all(small.view()).at("substitution_p").value, 1.0 / 6, 1e-12);
  EXPECT_NEAR(measure_all(small.view(), 1).at("substitution_p").value, 2.0 / 3, 1e-12);
}

TEST(Measures, ExactOddsRatioIntervalHasItsTails) {
  // The lady tasting tea, where the tails can be written down: of 4 cups, k are right with weights
  // 1, 16 psi, 36 psi^2, 16 psi^3, psi^4.
  const Interval tea = odds_ratio_interval(3, 1, 1, 3, OddsRatioInterval::exact);
  const auto right = [](double psi, int from, int to) {
    const double weight[] = {1, 16 * psi, 36 * psi * psi, 16 * psi * psi * psi,
                             psi * psi * psi * psi};
    double part = 0;
    double all = 0;
    for (int k = 0; k < 5; ++k) {
      all += weight[k];
      if (from <= k && k <= to) part += weight[k];
    }
    return part / all;
  };
  EXPECT_NEAR(right(tea.low, 3, 4), 0.025, 1e-9);
  EXPECT_NEAR(right(tea.high, 0, 3), 0.025, 1e-9);
  // R's fisher.test(TeaTasting, alternative = "greater"): 0.3135693, found to about 1e-5.
  EXPECT_NEAR(odds_ratio_interval(3, 1, 1, 3, OddsRatioInterval::exact, 0.9).low, 0.3135693, 2e-5);
  const Interval never = odds_ratio_interval(0, 5, 5, 5, OddsRatioInterval::exact);
  EXPECT_EQ(never.low, 0);
  EXPECT_LT(never.high, 2);
  EXPECT_TRUE(std::isinf(odds_ratio_interval(5, 0, 5, 5, OddsRatioInterval::exact).high));
  // With an empty cell Woolf's interval has one end left, Gart's.
  const Interval gart = odds_ratio_interval(5, 0, 5, 5, OddsRatioInterval::gart);
  const Interval woolf = odds_ratio_interval(5, 0, 5, 5, OddsRatioInterval::woolf);
  EXPECT_EQ(gart.low, woolf.low);
  EXPECT_NEAR(gart.low,
              std::exp(std::log(11.0) - normal_half_width(0.95) * std::sqrt(1 / 5.5 + 2 + 2 / 5.5)),
              1e-12);
  EXPECT_TRUE(std::isinf(woolf.high));
}

// Two ways to the same number, and what must hold for any table.
TEST(Measures, IdentitiesHoldOnRandomTables) {
  core::Random random(3);
  Table table{.baskets = 500};
  for (int i = 0; i < 3000; ++i) {
    const auto a = static_cast<std::int64_t>(1 + random.below(499));
    const auto b = static_cast<std::int64_t>(1 + random.below(499));
    const auto least = std::max<std::int64_t>(0, a + b - 500);
    const auto x = least + static_cast<std::int64_t>(random.below(
                               static_cast<std::uint64_t>(std::min(a, b) - least) + 1));
    table.add(x, a - x, b - x);
  }
  const RuleMeasures all = rule_measures(table.view(), {.measures = {"all"}});
  std::map<std::string, const MeasureColumn*> m;
  for (const MeasureColumn& column : all.measures) m[std::string(column.measure->name)] = &column;
  EXPECT_EQ(m.size() + 2, measures().name.size());  // but improvement and boost
  for (std::size_t i = 0; i < table.both.size(); ++i) {
    const auto v = [&](const char* name) { return m.at(name)->value[i]; };
    EXPECT_NEAR(v("phi") * v("phi") * 500, v("chi_squared"), 1e-9 * (1 + v("chi_squared")));
    EXPECT_NEAR(v("lift") - 1, v("varying_rates_liaison"), 1e-12);
    EXPECT_NEAR(v("confidence") - v("consequent_support"), v("added_value"), 1e-12);
    EXPECT_NEAR(v("antecedent_support") * v("added_value"), v("leverage"), 1e-12);
    EXPECT_NEAR(v("fisher_p") + v("hyper_confidence"), 1, 1e-9);
    if (table.both[i] > 0 && std::isfinite(v("odds_ratio"))) {
      EXPECT_NEAR((v("odds_ratio") - 1) / (v("odds_ratio") + 1), v("yules_q"), 1e-9);
    }
    for (const MeasureColumn& column : all.measures) {
      const double value = column.value[i];
      const std::string name(column.measure->name);
      if (std::isnan(value)) continue;
      EXPECT_GE(value, column.measure->lowest - 1e-12) << name;
      EXPECT_LE(value, column.measure->highest + 1e-12) << name;
      if (column.low.empty() || std::isnan(column.low[i])) continue;
      EXPECT_LE(column.low[i], value * (1 + (value > 0 ? 1e-12 : -1e-12)) + 1e-12) << name;
      EXPECT_GE(column.high[i], value * (1 - (value > 0 ? 1e-12 : -1e-12)) - 1e-12) << name;
    }
  }
}

// The derivatives of the formulas, through the variance: a table ten times as large has intervals
// narrower by the root of ten, and moments of baskets that stand alone change nothing.
TEST(Measures, IntervalsScaleAndAgreeWithMomentsOfSingleBaskets) {
  Table small{.baskets = 4000};
  small.add(300, 500, 700);
  Table large{.baskets = 400000};
  large.add(30000, 50000, 70000);
  std::vector<CountMoments> moments{{300, 300, 300, 300, 800, 300, 800, 1000, 1000, 4000}};
  RuleCountsView with = small.view();
  with.moments = moments;
  const auto one = measure_all(small.view());
  const auto hundred = measure_all(large.view());
  const auto clustered = measure_all(with);
  for (const auto& [name, value] : one) {
    if (std::isnan(value.low)) continue;
    const double width = value.high - value.low;
    EXPECT_NEAR((hundred.at(name).high - hundred.at(name).low) / width, 0.1, 0.005) << name;
    EXPECT_NEAR(clustered.at(name).low, value.low, 1e-6 * width) << name;
    EXPECT_NEAR(clustered.at(name).high, value.high, 1e-6 * width) << name;
  }
  // Every customer twice the same basket: as if there were half as many.
  for (double* m :
       {&moments[0].xx, &moments[0].xa, &moments[0].xb, &moments[0].xn, &moments[0].aa,
        &moments[0].ab, &moments[0].an, &moments[0].bb, &moments[0].bn, &moments[0].nn}) {
    *m *= 2;
  }
  const auto twice = measure_all(with);
  for (const char* name : {"lift", "phi", "leverage", "relative_risk", "support", "jaccard"}) {
    EXPECT_NEAR((twice.at(name).high - twice.at(name).low) / (one.at(name).high - one.at(name).low),
                std::sqrt(2), 0.02)
        << name;
  }
}

TEST(Measures, WhatDoesNotExistIsMissing) {
  Table table{.baskets = 10};
  table.add(5, 0, 5);  // Y in every basket
  table.add(4, 0, 0);  // always together
  const auto everywhere = measure_all(table.view());
  EXPECT_TRUE(std::isnan(everywhere.at("phi").value));
  EXPECT_TRUE(std::isnan(everywhere.at("conviction").value));
  EXPECT_TRUE(std::isnan(everywhere.at("lift").low));  // 1 whatever happens
  const auto same = measure_all(table.view(), 1);
  EXPECT_TRUE(std::isinf(same.at("conviction").value));
  EXPECT_EQ(same.at("jaccard").value, 1);
  EXPECT_LT(same.at("jaccard").low, 1);
  EXPECT_EQ(same.at("zhangs_metric").value, 1);
}

std::string message(const RuleCountsView& view, const RuleMeasuresOptions& options = {}) {
  try {
    rule_measures(view, options);
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(Measures, BadInputIsAnswered) {
  Table table = baking_powder();
  EXPECT_EQ(message(table.view(), {.measures = {"lfit"}}),
            "rule_measures: no measure 'lfit'; did you mean 'lift'? measures() lists them all");
  EXPECT_EQ(message(table.view(), {.measures = {"improvement"}}),
            "rule_measures: improvement needs the confidence of the rule's parts; take it from "
            "association_rules, or give part_confidence");
  table.both[0] = 200;
  EXPECT_EQ(message(table.view()),
            "rule_measures: rule 0 has 200 baskets with both, 174 with the antecedent and 2513 "
            "with the consequent of 9835; write counts of the same baskets");
  table.consequent.clear();
  EXPECT_EQ(message(table.view()),
            "rule_measures: consequent has 0 entries for 1 rules; write one per rule");
  EXPECT_THROW(explain("liftt"), InvalidArgument);
  EXPECT_NE(explain("lift").find("x n / (a b)"), std::string::npos);
}

TEST(Measures, ItemsetMeasures) {
  const std::vector<std::int64_t> offset{0, 1, 3}, count{40, 10}, item_count{40, 20};
  const std::vector<std::int32_t> item{0, 0, 1};
  const ItemsetMeasures m = itemset_measures({offset, item, count, item_count, 100});
  EXPECT_NEAR(m.support[1], .1, 1e-15);
  EXPECT_NEAR(m.all_confidence[1], .25, 1e-15);
  EXPECT_NEAR(m.cross_support_ratio[1], .5, 1e-15);
  EXPECT_NEAR(m.lift[1], 1.25, 1e-12);
  EXPECT_NEAR(m.lift[0], 1, 1e-12);
  EXPECT_NEAR(m.support_low[1], wilson(10, 100).low, 1e-15);
  const std::vector<std::int64_t> wrong{41, 10};
  try {
    itemset_measures({offset, item, wrong, item_count, 100});
    ADD_FAILURE();
  } catch (const InvalidArgument& error) {
    EXPECT_STREQ(error.what(),
                 "itemset_measures: set 0 is in 41 baskets, its rarest item in 40 of 100; write "
                 "counts of the same baskets");
  }
}

// Baskets drawn from known cell probabilities, some tables common, some rare; and by customers
// whose baskets are all alike. Nominal 95 % means 93 to 97 % on average over the tables.
TEST(Measures, IntervalsCoverTheTruthAsOftenAsTheySay) {
  struct Setting {
    double p11, p10, p01;
    std::int64_t n;
  };
  const std::vector<Setting> settings{{.05, .1, .2, 2000},
                                      {.02, .02, .1, 4000},
                                      {.1, .3, .2, 1000},
                                      {.01, .09, .1, 6000},
                                      {.2, .1, .1, 1000}};
  std::map<std::string, double> held;
  double tables = 0;
  for (std::size_t s = 0; s < settings.size(); ++s) {
    const Setting& at = settings[s];
    const auto scaled = [&](double p) { return static_cast<std::int64_t>(std::llround(p * 1e6)); };
    Table truth{.baskets = 1000000};
    truth.add(scaled(at.p11), scaled(at.p10), scaled(at.p01));
    const auto exact = measure_all(truth.view());
    const int draws = 800 * testing::simulation_scale();
    Table sample{.baskets = at.n};
    std::vector<CountMoments> moments;
    core::Random random(11, s);
    for (int r = 0; r < draws; ++r) {
      // Every customer has `k` baskets; half of them follow the first one's cell.
      std::int64_t n11 = 0, n10 = 0, n01 = 0;
      CountMoments sums;
      for (std::int64_t c = 0; c < at.n / 4; ++c) {
        double x = 0, a = 0, b = 0;
        double first = random.uniform();
        for (int k = 0; k < 4; ++k) {
          const double u = k == 0 || random.uniform() < 0.5 ? first : random.uniform();
          const int cell = u < at.p11                     ? 0
                           : u < at.p11 + at.p10          ? 1
                           : u < at.p11 + at.p10 + at.p01 ? 2
                                                          : 3;
          x += cell == 0 ? 1 : 0;
          a += cell <= 1 ? 1 : 0;
          b += cell == 0 || cell == 2 ? 1 : 0;
          n11 += cell == 0 ? 1 : 0;
          n10 += cell == 1 ? 1 : 0;
          n01 += cell == 2 ? 1 : 0;
        }
        sums.xx += x * x;
        sums.xa += x * a;
        sums.xb += x * b;
        sums.xn += x * 4;
        sums.aa += a * a;
        sums.ab += a * b;
        sums.an += a * 4;
        sums.bb += b * b;
        sums.bn += b * 4;
        sums.nn += 16;
      }
      sample.add(n11, n10, n01);
      moments.push_back(sums);
    }
    RuleCountsView view = sample.view();
    view.moments = moments;
    for (const MeasureColumn& column : rule_measures(view, {.measures = {"all"}}).measures) {
      if (column.low.empty()) continue;
      const std::string name(column.measure->name);
      for (std::size_t i = 0; i < column.low.size(); ++i) {
        const double v = exact.at(name).value;
        held[name] += column.low[i] <= v && v <= column.high[i] ? 1 : 0;
      }
    }
    tables += draws;
  }
  for (const auto& [name, n] : held) {
    std::printf("%-28s %6.2f %%\n", name.c_str(), 100 * n / tables);
    EXPECT_GT(n / tables, 0.93) << name;
    EXPECT_LT(n / tables, 0.97) << name;
  }
}

}  // namespace
}  // namespace emptor::mining
