#include "emptor/mining/bought_next.hpp"

#include "emptor/core/error.hpp"
#include "emptor/core/multiplicity.hpp"

#include "core/special.hpp"
#include "mining/pair_search.hpp"
#include "mining/planted_shop.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstring>
#include <map>
#include <set>

namespace emptor::mining {
namespace {

using data::Day;
using data::Span;

test::Shop small_shop(std::uint64_t seed = 1, int items = 90, int customers = 500) {
  test::ShopOptions options;
  options.customers = customers;
  options.days = 500;
  options.items = items;
  options.planted = 6;
  options.window = 90;
  options.effect = 4;
  options.seed = seed;
  return test::planted_shop(options);
}

BoughtNextOptions every_pair() {
  BoughtNextOptions options;
  options.min_antecedent = 20;
  options.min_events = 3;
  options.all_pairs = true;
  options.max_customer_share = 1;
  return options;
}

std::string message(const PurchasesView& view, const BoughtNextOptions& options = {}) {
  try {
    bought_next(view, options);
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

// ---- everything again, pair by pair and customer by customer, from the definitions ----

struct Oracle {
  std::map<std::int32_t, std::map<Day, std::set<std::int32_t>>> visits;  // customer -> day -> items
  std::map<std::pair<int, std::int32_t>, double> theta, share;           // (bin, item)
  Day first_day, last_day;

  explicit Oracle(const test::Shop& shop) : first_day(shop.first_day), last_day(shop.last_day) {
    for (std::size_t i = 0; i < shop.item.size(); ++i)
      visits[shop.customer[i]][shop.day[i]].insert(shop.item[i]);
    std::map<int, std::vector<double>> sizes;
    std::map<std::pair<int, std::int32_t>, double> count;
    for (const auto& [c, days] : visits)
      for (const auto& [day, items] : days) {
        sizes[bin(day)].push_back(static_cast<double>(items.size()));
        for (const auto item : items) ++count[{bin(day), item}];
      }
    for (const auto& [key, k] : count) {
      const auto& size = sizes[key.first];
      // Bisection, independent of the library's Newton.
      double low = 0, high = 50;
      for (int step = 0; step < 200; ++step) {
        const double middle = (low + high) / 2;
        double sum = 0;
        for (const double s : size) sum += 1 - std::exp(-s * middle);
        (sum < std::min(k, static_cast<double>(size.size()) - 0.5) ? low : high) = middle;
      }
      theta[key] = low;
    }
    for (const auto& [b, size] : sizes)
      for (std::int32_t item = 0; item < shop.n_items; ++item)
        share[{b, item}] = (count[{b, item}] + 0.5) / (static_cast<double>(size.size()) + 1);
  }
  [[nodiscard]] int bin(Day day) const { return (day - first_day) / 30; }
  [[nodiscard]] double probability(Day day, double size, std::int32_t item) const {
    const auto found = theta.find({bin(day), item});
    return found == theta.end() ? 0 : 1 - std::exp(-size * found->second);
  }
};

struct Expectation {
  std::int64_t n_a = 0, n = 0, events = 0, followed = 0, same_day = 0, naive = 0, visits = 0;
  double expected = 0, squares = 0, excess = 0, usual_all_followed = 0;
  double score = 0, information = 0, score_squares = 0;
  bool all_followed = true;
};

Expectation expect(const Oracle& oracle, std::int32_t a, std::int32_t b, int window, int washout) {
  Expectation e;
  double usual = 0;
  for (const auto& [c, days] : oracle.visits) {
    Day index = data::kNoDay;
    Day first_b = data::kNoDay;
    for (const auto& [day, items] : days) {
      if (index == data::kNoDay && items.count(a) > 0) index = day;
      if (first_b == data::kNoDay && items.count(b) > 0) first_b = day;
    }
    if (index == data::kNoDay || index < oracle.first_day + washout) continue;
    ++e.n_a;
    double o = 0, ex = 0, stays = 1;
    double n = 0, m = 0, s = 0, w_in = 0, w_all = 0, n_in = 0;
    for (const auto& [day, items] : days) {
      if (day == index) {
        e.same_day += items.count(b) > 0 ? 1 : 0;
        continue;
      }
      const bool in = day > index && day <= index + window;
      const bool has = items.count(b) > 0;
      ++n;
      m += has ? 1 : 0;
      const double w = oracle.share.at({oracle.bin(day), b});
      w_all += w;
      if (!in) continue;
      ++n_in;
      s += has ? 1 : 0;
      w_in += w;
      o += has ? 1 : 0;
      const double p = oracle.probability(day, static_cast<double>(items.size()), b);
      ex += p;
      stays *= 1 - p;
    }
    e.visits += static_cast<std::int64_t>(o);
    e.naive += o > 0 ? 1 : 0;
    e.expected += ex;
    e.squares += (o - ex) * (o - ex);
    if (m > 0 && m < n && n_in > 0 && n_in < n) {
      const double q = w_in / w_all;
      e.score += s - m * q;
      e.score_squares += (s - m * q) * (s - m * q);
      e.information += m * q * (1 - q) * (n - m) / (n - 1);
    }
    if (first_b != data::kNoDay && first_b <= index) continue;
    ++e.n;
    const bool event = first_b != data::kNoDay && first_b <= index + window;
    e.events += event ? 1 : 0;
    e.excess += (event ? 1 : 0) - (1 - stays);
    const bool followed = index + window <= oracle.last_day;
    e.followed += followed ? 1 : 0;
    e.all_followed = e.all_followed && followed;
    usual += 1 - stays;
  }
  e.usual_all_followed = usual / static_cast<double>(e.n);
  return e;
}

TEST(BoughtNext, EqualsADirectComputation) {
  const auto shop = small_shop();
  const Oracle oracle(shop);
  auto options = every_pair();
  const auto result = bought_next(shop.view(), options);
  ASSERT_GT(result.size(), 500U);
  int tested = 0, exact = 0;
  for (std::size_t i = 0; i < result.size(); i += 7) {
    SCOPED_TRACE(std::to_string(result.antecedent[i]) + " -> " +
                 std::to_string(result.consequent[i]));
    const auto e = expect(oracle, result.antecedent[i], result.consequent[i], 90, 90);
    EXPECT_EQ(result.n_antecedent[i], e.n_a);
    EXPECT_EQ(result.n[i], e.n);
    EXPECT_EQ(result.events[i], e.events);
    EXPECT_EQ(result.n_followed[i], e.followed);
    EXPECT_EQ(result.same_day[i], e.same_day);
    EXPECT_EQ(result.naive_buyers[i], e.naive);
    EXPECT_EQ(result.visits[i], e.visits);
    EXPECT_NEAR(result.expected_visits[i], e.expected, 1e-4 * (1 + e.expected));
    EXPECT_NEAR(result.excess[i], e.excess, 1e-4 * (1 + std::abs(e.excess)));
    if (e.all_followed) {
      EXPECT_NEAR(result.usual[i], e.usual_all_followed, 1e-5);
    }
    if (e.expected >= 5) {
      const double z = (static_cast<double>(e.visits) - e.expected - 0.5) /
                       std::sqrt(std::max(e.squares, e.expected));
      EXPECT_NEAR(result.p_value[i], core::normal_sf(z), 1e-4);
      ++tested;
    } else {
      EXPECT_TRUE(std::isnan(result.p_value[i]));
    }
    const double p =
        core::normal_sf((e.score - 0.5) / std::sqrt(std::max(e.information, e.score_squares)));
    if (e.information >= 5) {
      EXPECT_NEAR(result.timing_p[i], p, 1e-4);
    } else if (e.information >= 1) {
      EXPECT_GE(result.timing_p[i], p - 1e-4);
      ++exact;
    } else {
      EXPECT_TRUE(std::isnan(result.timing_p[i]));
    }
  }
  EXPECT_GT(tested, 50);
  EXPECT_GT(exact, 5);
}

TEST(BoughtNext, QValuesAreOverAllTestablePairs) {
  const auto shop = small_shop();
  auto options = every_pair();
  const auto all = bought_next(shop.view(), options);
  options.min_events = 12;  // lists fewer pairs of the same consequents
  const auto fewer = bought_next(shop.view(), options);
  ASSERT_LT(fewer.size(), all.size());
  ASSERT_GT(fewer.size(), 20U);
  EXPECT_EQ(fewer.n_testable + fewer.n_untestable, fewer.n_pairs_possible);
  // Recomputed from the kept p-values of the search behind it.
  const auto search = next::search_pairs(shop.view(), options, {}, {}, {});
  EXPECT_EQ(search.scan.n_testable, fewer.n_testable);
  const auto q = benjamini_hochberg(search.scan.p, search.scan.n_testable);
  std::map<double, double> by_p;
  for (std::size_t i = 0; i < q.size(); ++i) by_p[search.scan.p[i]] = q[i];
  for (std::size_t i = 0; i < fewer.size(); ++i)
    if (fewer.p_value[i] <= next::kKeptP) {
      EXPECT_DOUBLE_EQ(fewer.q_value[i], by_p.at(fewer.p_value[i]));
    }
}

TEST(BoughtNext, FindsWhatWasPlantedAndGradesIt) {
  const auto shop = small_shop(3, 90, 1500);
  BoughtNextOptions options;
  options.min_antecedent = 30;
  options.min_events = 10;
  options.watch = 5;
  const auto result = bought_next(shop.view(), options);
  int planted = 0, wrong = 0;
  std::array<int, 4> count{};
  for (std::size_t i = 0; i < result.size(); ++i) {
    ++count[static_cast<std::size_t>(result.grade[i])];
    const bool is_planted = result.antecedent[i] < 12 && result.antecedent[i] % 2 == 0 &&
                            result.consequent[i] == result.antecedent[i] + 1;
    if (result.grade[i] == Grade::proven) {
      EXPECT_LE(result.q_value[i], 0.05);
      planted += is_planted ? 1 : 0;
      // Newcomers buy much for the first time at once, so that planted consequents rise after
      // other first purchases as well; the rest is null.
      wrong += result.consequent[i] >= 12 ? 1 : 0;
    }
    if (result.grade[i] == Grade::likely) {
      EXPECT_GT(result.q_value[i], 0.05);
      EXPECT_LE(result.q_value[i], 0.20);
    }
    EXPECT_LE(result.p_within_low[i], result.p_within[i]);
    EXPECT_GE(result.p_within_high[i], result.p_within[i]);
    EXPECT_LE(result.customer_share[i], 0.2);
    if (i > 0) {
      ASSERT_LE(result.grade[i - 1], result.grade[i]);
      if (result.grade[i - 1] == result.grade[i]) {
        EXPECT_GE(result.excess[i - 1], result.excess[i]);
      }
    }
  }
  EXPECT_GE(planted, 5);
  EXPECT_LE(wrong, 1);
  EXPECT_LE(count[2], 5);
  EXPECT_EQ(count[3], 0);
  EXPECT_EQ(result.n_proven, count[0]);
  EXPECT_LE(result.placebo_discoveries, 1);

  options.top = 2;
  const auto top = bought_next(shop.view(), options);
  EXPECT_EQ(top.size(), 2U);
  EXPECT_TRUE(top.truncated);
  EXPECT_EQ(top.antecedent[0], result.antecedent[0]);
  EXPECT_EQ(top.n_proven, result.n_proven);
}

TEST(BoughtNext, SameBitsOnAnyNumberOfThreads) {
  const auto shop = small_shop(5, 130, 300);  // three tiles
  auto options = every_pair();
  options.check = "0.6";
  Context one;
  one.threads = 1;
  const auto reference = bought_next(shop.view(), options, one);
  ASSERT_GT(reference.size(), 100U);
  for (const int threads : {2, 3, 8}) {
    Context context;
    context.threads = threads;
    const auto result = bought_next(shop.view(), options, context);
    ASSERT_EQ(result.size(), reference.size());
    const auto columns = reference.columns(), others = result.columns();
    for (std::size_t k = 0; k < columns.size(); ++k) {
      if (columns[k].kind != ColumnKind::float64) continue;
      EXPECT_EQ(std::memcmp(columns[k].data, others[k].data, columns[k].size * sizeof(double)), 0)
          << columns[k].name;
    }
    EXPECT_EQ(result.antecedent, reference.antecedent);
    EXPECT_EQ(result.placebo_discoveries, reference.placebo_discoveries);
    EXPECT_EQ(result.check->ratio.value, reference.check->ratio.value);
  }
}

TEST(BoughtNext, OtherNamesOfTheSameItemsChangeNothing) {
  // Items and customers numbered backwards: the same pairs, the same numbers.
  const auto shop = small_shop();
  test::Shop mirrored = shop;
  std::vector<std::tuple<std::int32_t, Day, std::int32_t>> rows;
  for (std::size_t i = 0; i < shop.item.size(); ++i)
    rows.emplace_back(1000 - shop.customer[i], shop.day[i], shop.n_items - 1 - shop.item[i]);
  std::sort(rows.begin(), rows.end());
  for (std::size_t i = 0; i < rows.size(); ++i)
    std::tie(mirrored.customer[i], mirrored.day[i], mirrored.item[i]) = rows[i];
  const auto x = bought_next(shop.view(), every_pair());
  const auto y = bought_next(mirrored.view(), every_pair());
  ASSERT_EQ(x.size(), y.size());
  std::map<std::pair<std::int32_t, std::int32_t>, std::size_t> row;
  for (std::size_t i = 0; i < y.size(); ++i)
    row[{shop.n_items - 1 - y.antecedent[i], shop.n_items - 1 - y.consequent[i]}] = i;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const auto j = row.at({x.antecedent[i], x.consequent[i]});
    EXPECT_EQ(x.events[i], y.events[j]);
    EXPECT_NEAR(x.p_within[i], y.p_within[j], 1e-12);
    EXPECT_NEAR(x.expected_visits[i], y.expected_visits[j], 1e-5 * (1 + x.expected_visits[i]));
  }
}

TEST(BoughtNext, MonthsAreCalendarMonths) {
  // A on 31 August; six months later is 28 February. B on that day counts, on 1 March not.
  const Day a = data::from_civil(2010, 8, 31);
  for (const int late : {0, 1}) {
    test::Shop shop;
    shop.n_items = 2;
    shop.first_day = data::from_civil(2010, 1, 1);
    shop.last_day = data::from_civil(2011, 12, 31);
    for (std::int32_t c = 0; c < 20; ++c) {
      shop.customer.insert(shop.customer.end(), {c, c});
      shop.day.insert(shop.day.end(), {a, data::from_civil(2011, 2, 28) + late});
      shop.item.insert(shop.item.end(), {0, 1});
    }
    BoughtNextOptions options = every_pair();
    options.min_events = 0;
    options.window = {6, Span::Unit::months};
    options.washout = Span{0, Span::Unit::days};
    const auto result = bought_next(shop.view(), options);
    EXPECT_EQ(result.size(), late == 0 ? 1U : 0U);
    if (late == 0) {
      EXPECT_EQ(result.events[0], 20);
      EXPECT_EQ(result.p_within[0], 1);
    }
  }
}

TEST(BoughtNext, WashoutLeavesOutTheEdge) {
  auto shop = small_shop();
  auto options = every_pair();
  options.washout = Span{200, Span::Unit::days};
  const auto strict = bought_next(shop.view(), options);
  const Oracle oracle(shop);
  for (std::size_t i = 0; i < strict.size(); i += 11)
    EXPECT_EQ(strict.n_antecedent[i],
              expect(oracle, strict.antecedent[i], strict.consequent[i], 90, 200).n_a);
  options.washout = Span{1000, Span::Unit::days};  // longer than the data
  const auto none = bought_next(shop.view(), options);
  EXPECT_EQ(none.size(), 0U);
  EXPECT_EQ(none.n_pairs_possible, 0);
}

// 30 customers buy A and come 39 times afterwards, 30 others come as often; customer 7 buys B every
// time and 24 A-buyers once. The others buy B at every `others`-th visit, 0 never.
test::Shop one_keen_customer(int others) {
  test::Shop shop;
  shop.n_items = 4;
  shop.first_day = 0;
  shop.last_day = 400;
  for (std::int32_t c = 0; c < 60; ++c)
    for (int k = 0; k < 40; ++k) {
      const bool buys_a = k == 0 && c < 30;
      const bool buys_b =
          c < 30 ? k > 0 && (c == 7 || (c < 25 && k == 3)) : others > 0 && k % others == 0;
      shop.customer.insert(shop.customer.end(), {c, c});
      shop.day.insert(shop.day.end(), {100 + 2 * k, 100 + 2 * k});
      shop.item.insert(shop.item.end(), {buys_a ? 0 : buys_b ? 1 : 2, 3});
    }
  return shop;
}

TEST(BoughtNext, APairThatHangsOnOneCustomerIsCountedNotListed) {
  auto options = every_pair();
  options.min_events = 20;
  options.max_customer_share = 0.2;
  options.antecedents = {"0"};
  options.consequents = {"1"};
  // With others who buy B more there is no excess to carry: the pair is listed.
  const auto listed = bought_next(one_keen_customer(3).view(), options);
  EXPECT_EQ(listed.size(), 1U);
  EXPECT_EQ(listed.n_hanging_on_one_customer, 0);
  const auto hanging = bought_next(one_keen_customer(0).view(), options);
  EXPECT_EQ(hanging.size(), 0U);
  EXPECT_EQ(hanging.n_hanging_on_one_customer, 1);
}

TEST(BoughtNext, CheckSplitsInTime) {
  const auto shop = small_shop(3, 90, 3000);
  BoughtNextOptions options;
  options.min_antecedent = 30;
  options.min_events = 10;
  options.check = "0.6";
  const auto share = bought_next(shop.view(), options);
  ASSERT_TRUE(share.check.has_value());
  EXPECT_EQ(share.check->split, shop.first_day + 300 - 1);
  EXPECT_GE(share.check->n_found, 3);
  EXPECT_GT(share.check->ratio.low, 1);
  EXPECT_GT(share.check->ratio.high, share.check->ratio.value);
  EXPECT_NEAR(share.check->ratio_all, 1, 0.1);
  EXPECT_GE(share.check->n_testable, share.check->n_confirmed);
  options.check = data::iso_date(share.check->split);
  EXPECT_EQ(bought_next(shop.view(), options).check->ratio.value, share.check->ratio.value);
  // What is found in the first part does not depend on the rest.
  const auto first = next::part_of(shop.view(), shop.first_day, share.check->split);
  options.check = "";
  options.max_customer_share = 0.2;
  EXPECT_EQ(bought_next(first.view, options).n_proven, share.check->n_found);
}

TEST(BoughtNext, PlaceboDependsOnTheSeedAlone) {
  const auto shop = small_shop();
  const auto visits =
      next::make_visits(shop.view(), {90, Span::Unit::days}, {90, Span::Unit::days});
  const auto index = next::index_visits(visits, 3);
  const auto one = next::placebo_visits(visits, shop.view(), index, 3, 0);
  EXPECT_EQ(one, next::placebo_visits(visits, shop.view(), index, 3, 0));
  EXPECT_NE(one, next::placebo_visits(visits, shop.view(), index, 3, 1));
  for (std::size_t i = 0; i < index.size(); ++i) {
    const auto v = static_cast<std::size_t>(one[i]);
    EXPECT_EQ(visits.customer[v], visits.customer[static_cast<std::size_t>(index[i])]);
    EXPECT_EQ(visits.eligible[v], 1);
  }
}

TEST(BoughtNext, NothingToSay) {
  const auto empty = bought_next(PurchasesView{});
  EXPECT_EQ(empty.size(), 0U);
  EXPECT_EQ(empty.n_testable, 0);
  EXPECT_FALSE(empty.info().empty());
  test::Shop one;
  one.n_items = 1;
  one.customer = {0};
  one.day = {17};
  one.item = {0};
  EXPECT_EQ(bought_next(one.view()).size(), 0U);
}

TEST(BoughtNext, MessagesOfBadInput) {
  const std::vector<std::int32_t> customer{0, 0, 1}, item{1, 0, 2};
  const std::vector<Day> day{5, 4, 6};
  EXPECT_EQ(
      message({customer, std::span(day).first(2), item, 3}),
      "bought_next: customer, day and item must be equally long, but have 3, 2 and 3 entries");
  EXPECT_EQ(
      message({customer, day, item, 3}),
      "bought_next: purchase 1: purchases must be sorted by customer, day and item, each once");
  EXPECT_EQ(message({customer, std::vector<Day>{4, 5, 6}, item, 2}),
            "bought_next: purchase 2: item code 2 is outside 0 to n_items - 1");
  EXPECT_EQ(message({customer, std::vector<Day>{4, 5, 6}, item, 3, 4, 5}),
            "bought_next: purchase 2: day 1970-01-07 is outside the days observed, 1970-01-05 to "
            "1970-01-06");
  EXPECT_EQ(message({std::vector<std::int32_t>{-1, 0, 1}, std::vector<Day>{4, 5, 6}, item, 3}),
            "bought_next: purchase 0: customer code -1 is negative");
}

TEST(BoughtNext, MessagesOfBadOptions) {
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
            "bought_next: likely_fdr must lie between fdr and 1, got 0.200000");
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
            "bought_next: check as a share must lie between 0 and 1, got 1.5");
}

TEST(BoughtNext, StopAndMemoryLimitThrow) {
  const auto shop = small_shop();
  Context stopped;
  stopped.stop.request_stop();
  EXPECT_THROW(bought_next(shop.view(), {}, stopped), Cancelled);
  Context small;
  small.memory_limit = 1000;
  EXPECT_THROW(bought_next(shop.view(), {}, small), MemoryLimit);
}

}  // namespace
}  // namespace emptor::mining
