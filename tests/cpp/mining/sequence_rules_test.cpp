#include "emptor/mining/sequence_rules.hpp"

#include "emptor/core/error.hpp"

#include "core/special.hpp"
#include "mining/pair_scan.hpp"
#include "mining/pair_search.hpp"
#include "mining/planted_shop.hpp"
#include "mining/rates.hpp"
#include "mining/sequence_rule_list.hpp"
#include "mining/sequence_rule_parts.hpp"
#include "mining/sequence_rule_sets.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace emptor::mining {
namespace {

using data::Day;
using data::Span;
using Unit = Span::Unit;
using Items = std::vector<std::int32_t>;

SequenceRulesOptions every_rule() {
  SequenceRulesOptions o;
  o.window = {90, Unit::days};
  o.min_antecedent = 20;
  o.min_events = 3;
  o.max_customer_share = 1;
  o.all_rules = true;
  o.redundant = true;
  return o;
}

Items set_of(const SequenceRules& r, std::size_t i) {
  return {r.antecedent.begin() + r.offset[i], r.antecedent.begin() + r.offset[i + 1]};
}

bool same(double x, double y) { return x == y || (std::isnan(x) && std::isnan(y)); }

TEST(SequenceRules, SetsOfOneItemAreBoughtNext) {
  const auto shop = test::small_shop();
  auto options = every_rule();
  options.max_antecedent = 1;
  const auto rules = sequence_rules(shop.view(), options);
  const auto pairs = bought_next(shop.view(), test::every_pair());
  ASSERT_EQ(rules.size(), pairs.size());
  ASSERT_GT(rules.size(), 100U);
  EXPECT_EQ(rules.n_testable, pairs.n_testable);
  EXPECT_EQ(rules.n_possible, pairs.n_pairs_possible);
  EXPECT_DOUBLE_EQ(rules.share_below_05, pairs.share_below_05);
  EXPECT_EQ(rules.n_proven, pairs.n_proven);
  EXPECT_EQ(rules.n_likely, pairs.n_likely);
  EXPECT_EQ(rules.n_timing_testable, pairs.n_timing_testable);
  EXPECT_EQ(rules.n_discoveries, pairs.n_discoveries);
  EXPECT_EQ(rules.timing_discoveries, pairs.timing_discoveries);
  EXPECT_EQ(rules.placebo_discoveries, pairs.placebo_discoveries);
  EXPECT_EQ(rules.n_completions_followed, pairs.n_first_purchases_followed);
  EXPECT_EQ(rules.window_status, pairs.window_status);
  EXPECT_GT(rules.n_proven, 0);
  std::map<std::pair<std::int32_t, std::int32_t>, std::size_t> row;
  for (std::size_t i = 0; i < pairs.size(); ++i)
    row[{pairs.antecedent[i], pairs.consequent[i]}] = i;
  for (std::size_t i = 0; i < rules.size(); ++i) {
    const auto j = row.at({set_of(rules, i).front(), rules.consequent[i]});
    EXPECT_EQ(rules.grade[i], pairs.grade[j]);
    EXPECT_EQ(rules.n[i], pairs.n[j]);
    EXPECT_EQ(rules.events[i], pairs.events[j]);
    EXPECT_EQ(rules.n_followed[i], pairs.n_followed[j]);
    EXPECT_EQ(rules.n_antecedent[i], pairs.n_antecedent[j]);
    EXPECT_EQ(rules.same_day[i], pairs.same_day[j]);
    EXPECT_EQ(rules.naive_buyers[i], pairs.naive_buyers[j]);
    EXPECT_EQ(rules.visits[i], pairs.visits[j]);
    EXPECT_EQ(rules.p_within[i], pairs.p_within[j]);
    EXPECT_EQ(rules.p_within_low[i], pairs.p_within_low[j]);
    EXPECT_EQ(rules.usual[i], pairs.usual[j]);
    EXPECT_EQ(rules.excess[i], pairs.excess[j]);
    EXPECT_EQ(rules.excess_low[i], pairs.excess_low[j]);
    EXPECT_EQ(rules.expected_visits[i], pairs.expected_visits[j]);
    EXPECT_TRUE(same(rules.p_value[i], pairs.p_value[j]));
    EXPECT_TRUE(same(rules.q_value[i], pairs.q_value[j]));
    EXPECT_TRUE(same(rules.timing_p[i], pairs.timing_p[j]));
    EXPECT_TRUE(same(rules.timing_q[i], pairs.timing_q[j]));
    EXPECT_TRUE(same(rules.odds_ratio_low[i], pairs.odds_ratio_low[j]));
    EXPECT_TRUE(std::isnan(rules.part_p[i]) && std::isnan(rules.timing_part_p[i]));
  }
}

/// The day a customer first had all of the items, straight from the definition; kNoDay: never.
Day completed(const std::map<Day, std::set<std::int32_t>>& visits, const Items& items,
              const std::optional<Span>& within) {
  for (const auto& [day, unused] : visits) {
    const bool all = std::all_of(items.begin(), items.end(), [&](std::int32_t item) {
      return std::any_of(visits.begin(), visits.end(), [&](const auto& visit) {
        return visit.first <= day && visit.second.contains(item) &&
               (!within || items.size() == 1 || day <= data::add(visit.first, *within));
      });
    });
    if (all) return day;
  }
  return data::kNoDay;
}

using Customers = std::vector<std::map<Day, std::set<std::int32_t>>>;

Customers customers_of(const test::Shop& shop) {
  Customers customers;
  for (std::size_t i = 0; i < shop.item.size(); ++i) {
    if (i == 0 || shop.customer[i] != shop.customer[i - 1]) customers.emplace_back();
    customers.back()[shop.day[i]].insert(shop.item[i]);
  }
  return customers;
}

void expect_equal_to_brute_force(const test::Shop& shop, const SequenceRulesOptions& o) {
  const auto rules = sequence_rules(shop.view(), o);
  const auto customers = customers_of(shop);
  ASSERT_GT(rules.size(), 50U);
  for (std::size_t i = 0; i < rules.size(); i += 1 + rules.size() / 60) {
    const auto set = set_of(rules, i);
    const auto b = rules.consequent[i];
    std::int64_t n = 0, at_risk = 0, events = 0, naive = 0, observed = 0, same_day = 0;
    for (const auto& visits : customers) {
      const Day a = completed(visits, set, o.completion);
      if (a == data::kNoDay || a < data::add(shop.first_day, *o.washout)) continue;
      ++n;
      const Day end = data::add(a, o.window);
      std::int64_t own = 0;
      bool before = false;
      for (const auto& [day, items] : visits) {
        if (!items.contains(b)) continue;
        before = before || day <= a;
        same_day += day == a ? 1 : 0;
        own += day > a && day <= end ? 1 : 0;
      }
      observed += own;
      naive += own > 0 ? 1 : 0;
      at_risk += before ? 0 : 1;
      events += !before && own > 0 ? 1 : 0;
    }
    EXPECT_EQ(rules.n_antecedent[i], n);
    EXPECT_EQ(rules.n[i], at_risk);
    EXPECT_EQ(rules.events[i], events);
    EXPECT_EQ(rules.naive_buyers[i], naive);
    EXPECT_EQ(rules.visits[i], observed);
    EXPECT_EQ(rules.same_day[i], same_day);
    EXPECT_TRUE(set.size() == 1 || rules.p_value[i] >= rules.affinity_p[i] ||
                std::isnan(rules.affinity_p[i]));
    EXPECT_FALSE(std::binary_search(set.begin(), set.end(), b));
  }
}

TEST(SequenceRules, EqualADirectComputation) {
  for (const bool within : {false, true}) {
    auto options = every_rule();
    options.min_antecedent = 60;
    options.max_sets = 150;
    options.washout = Span{30, Unit::days};
    if (within) options.completion = Span{2, Unit::months};
    expect_equal_to_brute_force(test::small_shop(2, 25), options);
  }
}

TEST(SequenceRules, TheTestAgainstAPartEqualsADirectComputation) {
  const auto shop = test::small_shop(7, 20);
  const Span window{90, Unit::days}, none{0, Unit::days};
  const auto visits = next::make_visits(shop.view(), window, none);
  const std::vector<std::int32_t> consequents{7};
  const next::Rates rates(visits, consequents);
  const timed::Completions completions(visits, {});
  const Items set{2, 3}, part{3};
  const auto test = timed::test_part(visits, rates, 0, 7, completions(set), completions(part));
  std::vector<std::array<double, 4>> own(visits.code.size());
  for (std::size_t v = 0; v < visits.size(); ++v) {
    const auto c = static_cast<std::size_t>(visits.customer[v]);
    std::array<std::int32_t, 2> first{-1, -1};  // of items 2 and 3
    for (auto j = visits.first_visit[c]; j < visits.first_visit[c + 1]; ++j)
      for (const auto& [k, item] : {std::pair{0, 2}, std::pair{1, 3}}) {
        const auto with = visits.visits_of(item);
        if (first[static_cast<std::size_t>(k)] < 0 &&
            std::binary_search(with.begin(), with.end(), j))
          first[static_cast<std::size_t>(k)] = j;
      }
    const auto day_of = [&](std::int32_t j) { return visits.day[static_cast<std::size_t>(j)]; };
    const bool has_part = first[1] >= 0, has_set = has_part && first[0] >= 0;
    const Day complete = has_set ? day_of(std::max(first[0], first[1])) : data::kNoDay;
    const Day day = visits.day[v];
    const auto with = visits.visits_of(7);
    const double b =
        std::binary_search(with.begin(), with.end(), static_cast<std::int32_t>(v)) ? 1 : 0;
    const double p = static_cast<double>(rates.probability(v, 0));
    if (has_set && day > complete && day <= complete + 90) {
      own[c][0] += b;
      own[c][1] += p;
    } else if (has_part && day > day_of(first[1]) && day <= day_of(first[1]) + 90 &&
               (!has_set || day < complete)) {
      own[c][2] += b;
      own[c][3] += p;
    }
  }
  std::array<double, 4> sum{};
  for (const auto& c : own)
    for (std::size_t k = 0; k < 4; ++k) sum[k] += c[k];
  EXPECT_EQ(test.observed, sum[0]);
  EXPECT_NEAR(test.expected, sum[1], 1e-6);
  EXPECT_EQ(test.part_observed, sum[2]);
  EXPECT_NEAR(test.part_expected, sum[3], 1e-6);
  ASSERT_GT(sum[2], 5);
  const double w = sum[1] / (sum[1] + sum[3]), ratio = (sum[0] + sum[2]) / (sum[1] + sum[3]);
  double clustered = 0;
  for (const auto& c : own)
    clustered += std::pow((1 - w) * (c[0] - ratio * c[1]) - w * (c[2] - ratio * c[3]), 2);
  const double poisson = (sum[0] + sum[2]) * w * (1 - w);
  const double z = (sum[0] - w * (sum[0] + sum[2]) - 0.5) / std::sqrt(std::max(clustered, poisson));
  double tail = 0;  // of the binomial law
  const double all = sum[0] + sum[2];
  for (double k = sum[0]; k <= all; ++k)
    tail += std::exp(core::log_choose(all, k) + k * std::log(w) + (all - k) * std::log(1 - w));
  EXPECT_NEAR(test.p, std::max(core::normal_sf(z), tail), 1e-9);
}

TEST(SequenceRules, TheSameBitsOnAnyNumberOfThreads) {
  const auto shop = test::small_shop(3, 40);
  auto options = every_rule();
  options.max_sets = 300;
  const auto one = sequence_rules(shop.view(), options, {.threads = 1});
  ASSERT_GT(one.size(), 100U);
  for (const int threads : {2, 3, 8}) {
    const auto many = sequence_rules(shop.view(), options, {.threads = threads});
    EXPECT_EQ(one.antecedent, many.antecedent);
    EXPECT_EQ(one.consequent, many.consequent);
    EXPECT_EQ(one.excess_low, many.excess_low);
    EXPECT_EQ(one.part_name, many.part_name);
    EXPECT_EQ(one.n_redundant, many.n_redundant);
    EXPECT_EQ(one.placebo_discoveries, many.placebo_discoveries);
    for (std::size_t i = 0; i < one.size(); ++i) {
      EXPECT_TRUE(same(one.q_value[i], many.q_value[i]));
      EXPECT_TRUE(same(one.timing_q[i], many.timing_q[i]));
      EXPECT_TRUE(same(one.timing_part_p[i], many.timing_part_p[i]));
    }
  }
}

TEST(SequenceRules, ASetIsListedOnlyIfItBeatsItsParts) {
  const auto shop = test::small_shop(4, 40);
  auto options = every_rule();
  options.all_rules = options.redundant = false;
  const auto listed = sequence_rules(shop.view(), options);
  EXPECT_GT(listed.n_redundant, 0);
  for (std::size_t i = 0; i < listed.size(); ++i) {
    if (set_of(listed, i).size() == 1) continue;
    EXPECT_LE(listed.part_p[i], 0.05);
    EXPECT_FALSE(listed.part_name[i].empty());
  }
  options.redundant = true;
  EXPECT_GT(sequence_rules(shop.view(), options).n_redundant, 0);
}

/// q-values of Benjamini and Hochberg, straight from the definition.
double q_of(double p, const std::vector<double>& all) {
  double q = 1;
  for (const double limit : all) {
    if (limit < p) continue;
    const auto rank = std::count_if(all.begin(), all.end(), [&](double x) { return x <= limit; });
    q = std::min(q, limit * static_cast<double>(all.size()) / static_cast<double>(rank));
  }
  return q;
}

// With all rules listed every p-value of the family is seen.
TEST(SequenceRules, TimingIsOfTheSetAndAgainstItsParts) {
  const auto shop = test::small_shop(4, 18, 1500);
  auto options = every_rule();
  options.evidence = Evidence::timing;
  options.min_events = 0;
  options.max_antecedent = 2;
  options.min_antecedent = 100;
  const auto rules = sequence_rules(shop.view(), options);
  ASSERT_GT(rules.n_sets, 50);
  std::vector<double> p;
  std::size_t raised = 0;
  for (std::size_t i = 0; i < rules.size(); ++i) {
    const bool set = set_of(rules, i).size() > 1;
    EXPECT_EQ(std::isnan(rules.timing_part_p[i]), !set);
    if (std::isnan(rules.timing_p[i])) continue;
    p.push_back(set ? std::max(rules.timing_p[i], rules.timing_part_p[i]) : rules.timing_p[i]);
    raised += set && rules.timing_part_p[i] > rules.timing_p[i] ? 1 : 0;
  }
  EXPECT_EQ(static_cast<std::int64_t>(p.size()), rules.n_timing_testable);
  EXPECT_GT(raised, 20U);
  std::size_t k = 0, graded = 0;
  for (std::size_t i = 0; i < rules.size(); ++i) {
    if (std::isnan(rules.timing_p[i])) continue;
    const double q = q_of(p[k++], p);
    if (q <= options.likely_fdr) {
      EXPECT_NEAR(rules.timing_q[i], q, 1e-9);
      EXPECT_EQ(rules.grade[i], q <= options.fdr ? Grade::proven : Grade::likely);
      ++graded;
    } else {
      EXPECT_GT(rules.timing_q[i], options.likely_fdr);
    }
  }
  EXPECT_GT(graded, 0U);
  // Not all rules listed: the same discoveries.
  options.all_rules = options.redundant = false;
  const auto listed = sequence_rules(shop.view(), options);
  EXPECT_EQ(listed.timing_discoveries, rules.timing_discoveries);
  for (std::size_t i = 0; i < listed.size(); ++i)
    EXPECT_FALSE(set_of(listed, i).size() > 1 && !(listed.timing_part_p[i] <= 0.05));
}

TEST(SequenceRules, GroupsShareOneMultiplicity) {
  const auto x = test::small_shop(4, 24, 900), y = test::small_shop(5, 24, 700);
  auto options = every_rule();
  options.max_antecedent = 2;
  options.max_sets = 60;
  const auto both = timed::list_rules({x.view(), y.view()}, {0, 1}, {}, {}, options, {});
  const std::array alone{sequence_rules(x.view(), options), sequence_rules(y.view(), options)};
  EXPECT_EQ(both.size(), alone[0].size() + alone[1].size());
  EXPECT_EQ(both.n_testable, alone[0].n_testable + alone[1].n_testable);
  EXPECT_EQ(both.n_timing_testable, alone[0].n_timing_testable + alone[1].n_timing_testable);
  EXPECT_EQ(both.n_sets, alone[0].n_sets + alone[1].n_sets);
  ASSERT_EQ(both.group.size(), both.size());
  std::array<std::map<std::pair<Items, std::int32_t>, std::size_t>, 2> row;
  for (const std::size_t g : {0U, 1U})
    for (std::size_t i = 0; i < alone[g].size(); ++i)
      row[g][{set_of(alone[g], i), alone[g].consequent[i]}] = i;
  // All p-values that can matter are listed; the rest counts as 1.
  std::vector<double> p(static_cast<std::size_t>(both.n_testable), 1.0);
  std::size_t n = 0, smaller = 0;
  for (const double own : both.p_value)
    if (!std::isnan(own)) p[n++] = own;
  for (std::size_t i = 0; i < both.size(); ++i) {
    const auto g = static_cast<std::size_t>(both.group[i]);
    const auto j = row[g].at({set_of(both, i), both.consequent[i]});
    EXPECT_TRUE(same(both.p_value[i], alone[g].p_value[j]));
    EXPECT_TRUE(same(both.timing_part_p[i], alone[g].timing_part_p[j]));
    EXPECT_EQ(both.part_name[i], alone[g].part_name[j]);
    EXPECT_EQ(both.p_within[i], alone[g].p_within[j]);
    if (!(both.q_value[i] <= 0.2)) continue;
    EXPECT_NEAR(both.q_value[i], q_of(both.p_value[i], p), 1e-9);
    smaller += both.q_value[i] != alone[g].q_value[j] ? 1 : 0;
  }
  EXPECT_GT(smaller, 3U);
}

TEST(SequenceRules, CheckLooksAtTheRestAlone) {
  test::ShopOptions setting;
  setting.customers = 4000;
  setting.items = 20;
  setting.planted = 4;
  setting.sets = true;
  setting.window = 90;
  setting.effect = 6;
  setting.seed = 3;
  const auto shop = test::planted_shop(setting);
  SequenceRulesOptions options;
  options.window = {90, Unit::days};
  options.min_antecedent = 30;
  options.min_events = 10;
  options.max_antecedent = 2;
  options.check = "0.6";
  const auto checked = sequence_rules(shop.view(), options);
  ASSERT_TRUE(checked.check.has_value());
  const Day split = checked.check->split;
  EXPECT_EQ(split, shop.first_day + 438 - 1);
  EXPECT_GE(checked.check->n_found, 3);
  EXPECT_GT(checked.check->ratio.low, 1);
  EXPECT_NEAR(checked.check->ratio_all, 1, 0.1);
  // What is found, and how it holds, are the rules of both parts taken for themselves.
  options.check = "";
  const auto first = next::part_of(shop.view(), shop.first_day, split);
  const auto before = sequence_rules(first.view, options);
  const auto second = next::part_of(shop.view(), split + 1, shop.last_day);
  auto all = options;
  all.washout = Span{0, Unit::days};
  all.all_rules = all.redundant = true;
  all.min_antecedent = 1;
  all.min_events = 0;
  all.max_customer_share = 1;
  const auto after = sequence_rules(second.view, all);
  std::map<std::pair<Items, std::int32_t>, std::size_t> row;
  for (std::size_t i = 0; i < after.size(); ++i) row[{set_of(after, i), after.consequent[i]}] = i;
  std::int64_t found = 0, testable = 0, confirmed = 0, sets = 0;
  for (std::size_t i = 0; i < before.size(); ++i) {
    if (before.grade[i] != Grade::proven) continue;
    ++found;
    sets += set_of(before, i).size() > 1 ? 1 : 0;
    const auto later = row.find({set_of(before, i), before.consequent[i]});
    if (later == row.end() || std::isnan(after.affinity_p[later->second])) continue;
    ++testable;
    confirmed += after.p_value[later->second] < 0.05 ? 1 : 0;
  }
  EXPECT_EQ(checked.check->n_found, found);
  EXPECT_EQ(checked.check->n_testable, testable);
  EXPECT_EQ(checked.check->n_confirmed, confirmed);
  EXPECT_GT(sets, 0);
  EXPECT_GT(confirmed, 0);
  EXPECT_LT(confirmed, testable);
  std::printf("%lld proven rules, %lld of them sets; %lld testable later, %lld confirmed\n",
              static_cast<long long>(found), static_cast<long long>(sets),
              static_cast<long long>(testable), static_cast<long long>(confirmed));
}

TEST(SequenceRules, NothingInNothingOut) {
  const auto none = sequence_rules(PurchasesView{});
  EXPECT_EQ(none.size(), 0U);
  EXPECT_EQ(none.n_testable, 0);
  EXPECT_FALSE(none.columns().empty());
  EXPECT_FALSE(none.info().empty());
}

std::string message_of(const std::function<void(SequenceRulesOptions&)>& change) {
  const std::vector<std::int32_t> customer{0, 0}, item{0, 1};
  const std::vector<Day> day{0, 40};
  SequenceRulesOptions options;
  change(options);
  try {
    sequence_rules(PurchasesView{customer, day, item, 2}, options);
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(SequenceRules, MessagesOfBadOptions) {
  using O = SequenceRulesOptions;
  EXPECT_EQ(message_of([](O& o) { o.max_antecedent = 6; }),
            "sequence_rules: max_antecedent must lie between 1 and 5, got 6");
  EXPECT_EQ(message_of([](O& o) { o.max_sets = -1; }),
            "sequence_rules: max_sets must not be negative, got -1");
  EXPECT_EQ(message_of([](O& o) { o.min_antecedent = 0; }),
            "sequence_rules: min_antecedent must be at least 1, got 0");
  EXPECT_EQ(message_of([](O& o) { o.likely_fdr = 0.01; }),
            "sequence_rules: likely_fdr must lie between fdr and 1, got 0.01");
  EXPECT_EQ(message_of([](O& o) { o.consequents = {"tea"}; }),
            "sequence_rules: consequents 'tea' is no item code from 0 to 1");
  EXPECT_EQ(message_of([](O& o) { o.window.count = 0; }),
            "sequence_rules: window must be at least a day, got 0 months");
  EXPECT_EQ(message_of([](O& o) { o.check = "1.5"; }),
            "sequence_rules: check as a share must lie between 0 and 1, got 1.5; a day is written "
            "\"2011-07-09\"");
  EXPECT_EQ(message_of([](O& o) { o.check = "1980-01-01"; }),
            "sequence_rules: check must leave days on both sides; 1980-01-01 does not split "
            "1970-01-01 to 1970-02-10");
  EXPECT_EQ(message_of([](O& o) { o.by = "country"; }),
            "sequence_rules: item and by need a Sales; purchases have item codes only");
  EXPECT_EQ(message_of([](O& o) { o.item = "department"; }),
            "sequence_rules: item and by need a Sales; purchases have item codes only");
  const std::vector<std::int32_t> customer{0, 0}, item{1, 0};
  const std::vector<Day> day{0, 0};
  try {
    sequence_rules(PurchasesView{customer, day, item, 2});
    FAIL();
  } catch (const InvalidArgument& error) {
    EXPECT_STREQ(error.what(),
                 "sequence_rules: purchase 1: purchases must be sorted by customer, day and item, "
                 "each once");
  }
}

TEST(SequenceRules, CanBeStopped) {
  const auto shop = test::small_shop(5, 60, 800);
  Context context;
  context.stop.request_stop();
  EXPECT_THROW(sequence_rules(shop.view(), {}, context), Cancelled);
}

}  // namespace
}  // namespace emptor::mining
