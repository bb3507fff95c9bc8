#include "emptor/mining/bought_together.hpp"

#include "emptor/core/error.hpp"

#include "core/random.hpp"
#include "core/special.hpp"
#include "files.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <fstream>
#include <functional>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace emptor::mining {
namespace {

struct Baskets {
  std::vector<std::int64_t> offset{0};
  std::vector<std::int32_t> item{};
  std::vector<std::int32_t> customer{};
  std::int32_t n_items = 0;
  std::map<std::string, std::int32_t> names{};
  void add(std::vector<std::int32_t> items, std::int32_t who = -1) {
    std::sort(items.begin(), items.end());
    for (const std::int32_t i : items) n_items = std::max(n_items, i + 1);
    item.insert(item.end(), items.begin(), items.end());
    offset.push_back(static_cast<std::int64_t>(item.size()));
    customer.push_back(who);
  }
  [[nodiscard]] data::BasketsView view() const { return {offset, item, customer, n_items}; }
};

// A line a basket, items apart by `separator`; names are numbered in their order.
bool read_lines(const std::string& file, char separator, Baskets& baskets) {
  std::ifstream in(emptor::testing::shared_data("baskets/") + file);
  if (!in) return false;
  std::vector<std::set<std::string>> lines;
  std::string line;
  while (std::getline(in, line)) {
    std::set<std::string> items;
    std::stringstream fields(line);
    for (std::string field; std::getline(fields, field, separator);) {
      if (!field.empty() && field != "\r") items.insert(field);
    }
    for (const std::string& name : items) baskets.names.emplace(name, 0);
    lines.push_back(std::move(items));
  }
  std::int32_t code = 0;
  for (auto& [name, c] : baskets.names) c = code++;
  for (const auto& items : lines) {
    std::vector<std::int32_t> codes;
    for (const std::string& name : items) codes.push_back(baskets.names[name]);
    baskets.add(std::move(codes));
  }
  return true;
}

std::size_t row_of(const BoughtTogether& pairs, std::int32_t a, std::int32_t b) {
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    if (pairs.item_a[i] == std::min(a, b) && pairs.item_b[i] == std::max(a, b)) return i;
  }
  return pairs.size();
}

// Customers with a random number of baskets each, some unknown; items of unequal popularity.
Baskets random_baskets(std::uint64_t seed, int n_baskets, int n_items, int n_customers) {
  core::Random random(seed, 7);
  Baskets baskets;
  for (int i = 0; i < n_baskets; ++i) {
    const double take = 0.3 + 1.5 * random.uniform();
    std::vector<std::int32_t> items;
    for (int k = 0; k < n_items; ++k) {
      if (random.uniform() < take * 0.35 / (1 + 0.1 * k)) items.push_back(k);
    }
    const auto who =
        static_cast<std::int32_t>(random.below(static_cast<std::uint64_t>(n_customers) + 1));
    baskets.add(std::move(items), who - 1);
  }
  baskets.n_items = n_items;
  return baskets;
}

std::string message_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.what();
  }
  return "(nothing thrown)";
}

// Counts: arules on Groceries. fisher: R's fisher.test, alternative greater. Lift's interval: the
// multinomial delta method; arules' own [1.757364, 2.336223] uses another formula.
TEST(BoughtTogether, GroceriesMeasuresOfBakingPowderAndWholeMilk) {
  Baskets baskets;
  if (!read_lines("groceries.csv", ',', baskets)) GTEST_SKIP() << "no baskets/groceries.csv";
  const BoughtTogether pairs =
      bought_together(baskets.view(), {.min_count = 1, .fdr = 1, .fisher = true});
  EXPECT_EQ(pairs.baskets, 9835);
  EXPECT_EQ(baskets.item.size(), 43367U);
  const std::size_t i = row_of(pairs, baskets.names["baking powder"], baskets.names["whole milk"]);
  ASSERT_LT(i, pairs.size());
  EXPECT_EQ(pairs.n_baskets[i], 91);
  EXPECT_EQ(pairs.n_a[i], 91 + 83);
  EXPECT_EQ(pairs.n_b[i], 91 + 2422);
  EXPECT_NEAR(pairs.support[i], 91.0 / 9835, 1e-15);
  EXPECT_NEAR(pairs.lift[i], 2.046793456, 5e-10);
  EXPECT_NEAR(pairs.lift_low[i], 1.758666, 5e-7);
  EXPECT_NEAR(pairs.lift_high[i], 2.334920, 5e-7);
  EXPECT_NEAR(pairs.confidence_ab[i], 0.5229885057, 5e-11);
  EXPECT_NEAR(pairs.fisher_p[i] / 2.652696851e-14, 1, 1e-8);
  EXPECT_EQ(pairs.n_customers[i], 91);
  EXPECT_EQ(pairs.status[i], Status::ok);
}

// Counted over Python sets from the same file; arules' eclat has the same number of pairs.
TEST(BoughtTogether, GroceriesPairCounts) {
  Baskets baskets;
  if (!read_lines("groceries.csv", ',', baskets)) GTEST_SKIP() << "no baskets/groceries.csv";
  const BoughtTogether pairs = bought_together(baskets.view(), {.min_count = 10, .fdr = 1});
  const auto count = [&](const char* a, const char* b) {
    const std::size_t i = row_of(pairs, baskets.names[a], baskets.names[b]);
    return i < pairs.size() ? pairs.n_baskets[i] : 0;
  };
  EXPECT_EQ(count("whole milk", "other vegetables"), 736);
  EXPECT_EQ(count("rolls/buns", "whole milk"), 557);
  EXPECT_EQ(count("whole milk", "yogurt"), 551);
  EXPECT_EQ(pairs.n_counted, 2981);
}

// Every pair counted by hand over sets, on any kind of data.
TEST(BoughtTogether, CountsAreThoseOfACountingByHand) {
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    const Baskets baskets = random_baskets(seed, 400, 40, seed == 2 ? 0 : 30);
    std::map<std::pair<std::int32_t, std::int32_t>, std::int64_t> counts;
    for (std::size_t b = 0; b + 1 < baskets.offset.size(); ++b) {
      for (std::int64_t i = baskets.offset[b]; i < baskets.offset[b + 1]; ++i) {
        for (std::int64_t j = i + 1; j < baskets.offset[b + 1]; ++j) {
          ++counts[{baskets.item[static_cast<std::size_t>(i)],
                    baskets.item[static_cast<std::size_t>(j)]}];
        }
      }
    }
    std::erase_if(counts, [](const auto& pair) { return pair.second < 5; });
    const BoughtTogether pairs = bought_together(baskets.view(), {.min_count = 5, .fdr = 1});
    ASSERT_EQ(pairs.size(), counts.size());
    for (std::size_t i = 0; i < pairs.size(); ++i) {
      EXPECT_EQ(pairs.n_baskets[i], (counts[{pairs.item_a[i], pairs.item_b[i]}]));
    }
  }
}

// The sums over customers, taken apart for speed in the kernel, against their definition.
TEST(BoughtTogether, LiftAndConfidenceIntervalsAreTheDefinitionByCustomer) {
  const Baskets baskets = random_baskets(5, 300, 12, 25);
  const BoughtTogether pairs = bought_together(baskets.view(), {.min_count = 10, .fdr = 1});
  ASSERT_GT(pairs.size(), 20U);
  const auto holds = [&](std::size_t basket, std::int32_t item) {
    const auto begin = baskets.item.begin();
    return std::binary_search(begin + baskets.offset[basket], begin + baskets.offset[basket + 1],
                              item);
  };
  const double n = 300;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    std::map<std::int64_t, double> lift_score;
    std::map<std::int64_t, double> ab_score;
    std::map<std::int64_t, std::int64_t> shared;
    const auto nab = static_cast<double>(pairs.n_baskets[i]);
    const auto na = static_cast<double>(pairs.n_a[i]);
    const auto nb = static_cast<double>(pairs.n_b[i]);
    double lift_baskets = 0;
    for (std::size_t basket = 0; basket < 300; ++basket) {
      const std::int32_t c = baskets.customer[basket];
      const std::int64_t who = c >= 0 ? c : -1 - static_cast<std::int64_t>(basket);
      const double a = holds(basket, pairs.item_a[i]) ? 1 : 0;
      const double b = holds(basket, pairs.item_b[i]) ? 1 : 0;
      const double score = a * b / nab - a / na - b / nb + 1 / n;
      lift_score[who] += score;
      lift_baskets += score * score;
      ab_score[who] += (a * b - nab / na * a) / na;
      if (a * b > 0) ++shared[who];
    }
    double variance = 0;
    for (const auto& [who, score] : lift_score) variance += score * score;
    variance = std::max(variance, lift_baskets);
    const double lift = nab * n / (na * nb);
    const double half = 1.959963984540054 * lift * std::sqrt(variance);
    EXPECT_NEAR(pairs.lift[i], lift, 1e-12);
    EXPECT_NEAR(pairs.lift_high[i], lift + half, 1e-9);
    EXPECT_NEAR(pairs.lift_low[i], std::max(0.0, lift - half), 1e-9);

    double ab_variance = 0;
    for (const auto& [who, score] : ab_score) ab_variance += score * score;
    const double p = nab / na;
    const double effective = na / std::max(1.0, ab_variance / (p * (1 - p) / na));
    const double z2 = 1.959963984540054 * 1.959963984540054;
    const double centre = (p + z2 / (2 * effective)) / (1 + z2 / effective);
    const double wilson_half =
        std::sqrt(p * (1 - p) / effective * z2 + z2 * z2 / (4 * effective * effective)) /
        (1 + z2 / effective);
    EXPECT_NEAR(pairs.confidence_ab_low[i], centre - wilson_half, 1e-9);
    EXPECT_NEAR(pairs.confidence_ab_high[i], centre + wilson_half, 1e-9);

    std::int64_t most = 0;
    for (const auto& [who, k] : shared) most = std::max(most, k);
    EXPECT_EQ(pairs.n_customers[i], static_cast<std::int64_t>(shared.size()));
    EXPECT_NEAR(pairs.max_customer_share[i], static_cast<double>(most) / nab, 1e-15);
  }
}

// Baskets of one size and customers of one basket each leave what textbooks have: E and V of the
// score by formula.
TEST(BoughtTogether, ExpectedOfEqualBasketsGivesEveryItemItsNeighbours) {
  core::Random random(3, 1);
  Baskets baskets;
  constexpr int kSize = 4;
  for (int i = 0; i < 2000; ++i) {
    std::set<std::int32_t> items;
    while (items.size() < kSize) {
      const double u = random.uniform();
      items.insert(static_cast<std::int32_t>(20 * u * u));
    }
    baskets.add({items.begin(), items.end()});
  }
  const BoughtTogether pairs = bought_together(baskets.view(), {.min_count = 1, .fdr = 1});
  // Over all partners of an item, expected and counted shared baskets agree: (size - 1) n_a.
  for (std::int32_t a = 0; a < baskets.n_items; ++a) {
    double expected = 0;
    double counted = 0;
    double n = 0;
    for (std::size_t i = 0; i < pairs.size(); ++i) {
      if (pairs.item_a[i] != a && pairs.item_b[i] != a) continue;
      expected += pairs.expected[i];
      counted += static_cast<double>(pairs.n_baskets[i]);
      n = static_cast<double>(pairs.item_a[i] == a ? pairs.n_a[i] : pairs.n_b[i]);
    }
    EXPECT_EQ(counted, (kSize - 1) * n);
    EXPECT_NEAR(expected / counted, 1, 1e-6) << a;
  }
}

TEST(BoughtTogether, BasketsOfOneItemTellNothingAboutPairs) {
  Baskets baskets = random_baskets(11, 500, 20, 0);
  const BoughtTogether before = bought_together(baskets.view(), {.min_count = 5, .fdr = 1});
  for (int i = 0; i < 300; ++i) baskets.add({i % 20});
  const BoughtTogether after = bought_together(baskets.view(), {.min_count = 5, .fdr = 1});
  ASSERT_EQ(before.size(), after.size());
  EXPECT_EQ(before.expected, after.expected);
  EXPECT_EQ(before.p_value, after.p_value);
  EXPECT_EQ(before.n_testable, after.n_testable);
}

TEST(BoughtTogether, OneCustomersHabitIsNotEvidence) {
  // Thirty baskets of one customer with the same two items, or of thirty customers.
  for (const bool one : {true, false}) {
    Baskets baskets = random_baskets(12, 600, 10, 0);
    for (std::size_t i = 0; i < 600; ++i) {
      baskets.customer[i] = static_cast<std::int32_t>(i / 2) + 100;
    }
    for (int i = 0; i < 30; ++i) baskets.add({10, 11}, one ? 0 : i);
    for (int i = 0; i < 100; ++i) baskets.add({i % 10, 10 + i % 2}, 1000 + i);
    const BoughtTogether pairs = bought_together(baskets.view(), {.min_count = 1, .fdr = 1});
    const std::size_t i = row_of(pairs, 10, 11);
    ASSERT_LT(i, pairs.size());
    EXPECT_EQ(pairs.n_baskets[i], 30);
    if (one) {
      EXPECT_GT(pairs.p_value[i], 0.05);
      EXPECT_EQ(pairs.status[i], Status::not_enough_data);
      EXPECT_TRUE(std::isnan(pairs.lift_low[i]));
      EXPECT_EQ(pairs.max_customer_share[i], 1);
    } else {
      EXPECT_LT(pairs.p_value[i], 1e-4);
      EXPECT_EQ(pairs.status[i], Status::ok);
    }
  }
}

TEST(BoughtTogether, FisherIsTheHypergeometricTail) {
  const Baskets baskets = random_baskets(21, 700, 25, 0);
  const BoughtTogether pairs =
      bought_together(baskets.view(), {.min_count = 1, .fdr = 1, .fisher = true});
  ASSERT_GT(pairs.size(), 250U);
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const double exact = core::hypergeometric_sf(static_cast<double>(pairs.n_baskets[i]),
                                                 static_cast<double>(pairs.n_a[i]),
                                                 static_cast<double>(pairs.n_b[i]), 700);
    EXPECT_NEAR(pairs.fisher_p[i] / exact, 1, 1e-9) << pairs.n_baskets[i];
  }
}

TEST(BoughtTogether, QValuesCountEveryTestablePair) {
  const Baskets baskets = random_baskets(13, 800, 30, 50);
  const BoughtTogether all = bought_together(baskets.view(), {.min_count = 90, .fdr = 1});
  std::vector<double> p = all.p_value;
  std::sort(p.begin(), p.end());
  for (std::size_t i = 0; i < all.size(); ++i) {
    double q = 1;
    for (std::size_t k = 0; k < p.size(); ++k) {
      if (p[k] < all.p_value[i]) continue;
      q = std::min(q, p[k] * static_cast<double>(all.n_testable) / static_cast<double>(k + 1));
    }
    EXPECT_NEAR(all.q_value[i], q, 1e-12);
  }
  EXPECT_EQ(all.n_testable + all.n_untestable, 30 * 29 / 2);
  EXPECT_GT(all.n_untestable, 0);
  EXPECT_GT(all.n_testable, all.n_counted);
  EXPECT_EQ(all.n_counted, static_cast<std::int64_t>(all.size()));
}

TEST(BoughtTogether, ListsByExcessThenIdsAndCutsAtTop) {
  const Baskets baskets = random_baskets(14, 800, 30, 50);
  const BoughtTogether all = bought_together(baskets.view(), {.min_count = 5, .fdr = 1});
  for (std::size_t i = 1; i < all.size(); ++i) {
    EXPECT_GE(all.excess[i - 1], all.excess[i]);
    EXPECT_LT(all.item_a[i], all.item_b[i]);
    EXPECT_EQ(all.excess[i], static_cast<double>(all.n_baskets[i]) - all.expected[i]);
  }
  EXPECT_FALSE(all.truncated);
  const BoughtTogether few = bought_together(baskets.view(), {.min_count = 5, .fdr = 1, .top = 7});
  EXPECT_TRUE(few.truncated);
  ASSERT_EQ(few.size(), 7U);
  EXPECT_EQ(few.n_found, all.n_found);
  for (std::size_t i = 0; i < 7; ++i) EXPECT_EQ(few.q_value[i], all.q_value[i]);
}

// Two pairs of the very same baskets: the tie is broken by the ids.
TEST(BoughtTogether, TiesGoByIds) {
  Baskets baskets;
  for (int i = 0; i < 40; ++i) baskets.add({0, 1, 2, 3});
  for (int i = 0; i < 60; ++i) baskets.add({4 + i % 3, 7 + i % 5});
  const BoughtTogether pairs = bought_together(baskets.view(), {.min_count = 30, .fdr = 1});
  ASSERT_EQ(pairs.size(), 6U);
  EXPECT_EQ(pairs.item_a, (std::vector<std::int32_t>{0, 0, 0, 1, 1, 2}));
  EXPECT_EQ(pairs.item_b, (std::vector<std::int32_t>{1, 2, 3, 2, 3, 3}));
}

TEST(BoughtTogether, SameBitsOnAnyNumberOfThreads) {
  const Baskets baskets = random_baskets(15, 3000, 80, 100);
  const auto run = [](const Baskets& given, int threads) {
    Context context;
    context.threads = threads;
    return bought_together(given.view(), {.min_count = 5, .fdr = 1, .fisher = true}, context);
  };
  const BoughtTogether one = run(baskets, 1);
  ASSERT_GT(one.size(), 50U);
  for (const int threads : {2, 3, 8}) {
    const BoughtTogether many = run(baskets, threads);
    EXPECT_EQ(one.item_a, many.item_a);
    EXPECT_EQ(one.item_b, many.item_b);
    EXPECT_EQ(one.n_baskets, many.n_baskets);
    EXPECT_EQ(one.expected, many.expected);
    EXPECT_EQ(one.p_value, many.p_value);
    EXPECT_EQ(one.q_value, many.q_value);
    EXPECT_EQ(one.lift_low, many.lift_low);
    EXPECT_EQ(one.confidence_ba_high, many.confidence_ba_high);
    EXPECT_EQ(one.fisher_p, many.fisher_p);
    EXPECT_EQ(one.max_customer_share, many.max_customer_share);
  }
}

TEST(BoughtTogether, NothingToFindIsAnEmptyList) {
  const BoughtTogether none = bought_together(data::BasketsView{});
  EXPECT_EQ(none.size(), 0U);
  EXPECT_EQ(none.baskets, 0);
  EXPECT_EQ(none.n_testable, 0);
  EXPECT_EQ(none.columns().front().size, 0U);
  Baskets alone;
  for (int i = 0; i < 50; ++i) alone.add({i % 2}, 3);
  const BoughtTogether single = bought_together(alone.view());
  EXPECT_EQ(single.size(), 0U);
  EXPECT_EQ(single.n_testable, 0);
  EXPECT_EQ(single.n_untestable, 1);
  Baskets empty;
  empty.add({});
  empty.add({});
  EXPECT_EQ(bought_together(empty.view()).baskets, 2);
}

TEST(BoughtTogether, WrongInputIsNamed) {
  Baskets baskets = random_baskets(16, 50, 10, 5);
  const auto with = [&](BoughtTogetherOptions options) {
    return message_of([&] { bought_together(baskets.view(), options); });
  };
  EXPECT_EQ(with({.min_count = 0}), "bought_together: min_count is 0; write 1 or more");
  EXPECT_EQ(with({.fdr = 0}),
            "bought_together: fdr is 0; write a share above 0 and up to 1, as 0.05");
  EXPECT_EQ(with({.fdr = std::nan("")}),
            "bought_together: fdr is nan; write a share above 0 and up to 1, as 0.05");
  EXPECT_EQ(with({.top = -1}),
            "bought_together: top is -1; write how many pairs to list, 0 for all");
  EXPECT_EQ(with({.level = 95}),
            "bought_together: level is 95; write a share between 0 and 1, as 0.95");

  const auto given = [](std::vector<std::int64_t> offset, std::vector<std::int32_t> item,
                        std::vector<std::int32_t> customer, std::int32_t n_items) {
    return message_of([&] { bought_together({offset, item, customer, n_items}); });
  };
  EXPECT_EQ(given({0, 2}, {1, 0}, {}, 2),
            "bought_together: the items of basket 0 must be distinct and ascending");
  EXPECT_EQ(given({0, 2}, {1, 1}, {}, 2),
            "bought_together: the items of basket 0 must be distinct and ascending");
  EXPECT_EQ(given({0, 1, 2}, {0, 2}, {}, 2),
            "bought_together: basket 1 holds item 2; items are 0 to n_items - 1 = 1");
  EXPECT_EQ(given({0, 1}, {-1}, {}, 2),
            "bought_together: basket 0 holds item -1; items are 0 to n_items - 1 = 1");
  EXPECT_EQ(given({0, 2, 1, 2}, {0, 1}, {}, 2), "bought_together: offset falls after basket 1");
  EXPECT_EQ(given({0, 1}, {0, 1}, {}, 2),
            "bought_together: offset must begin with 0 and end with the number of items, 2");
  EXPECT_EQ(given({}, {0}, {}, 2),
            "bought_together: offset is empty, but there are items; write baskets + 1 offsets");
  EXPECT_EQ(given({0, 1}, {0}, {1, 2}, 2),
            "bought_together: customer has 2 entries for 1 baskets; write one per basket, -1 for "
            "unknown, or none at all");
}

TEST(BoughtTogether, HonoursTheMemoryLimitAndTheStopToken) {
  const Baskets baskets = random_baskets(17, 2000, 80, 100);
  Context small;
  small.memory_limit = 1000;
  small.threads = 1;
  const std::string message =
      message_of([&] { bought_together(baskets.view(), {.min_count = 5}, small); });
  EXPECT_EQ(message.find("bought_together: needs about 1 MB for 80 items, the limit is 0 MB; raise "
                         "memory_limit or min_count"),
            0U)
      << message;
  Context stopped;
  stopped.stop.request_stop();
  EXPECT_THROW(bought_together(baskets.view(), {.min_count = 5}, stopped), Cancelled);
}

TEST(BoughtTogether, ColumnsAndInfoAgreeWithTheFields) {
  const Baskets baskets = random_baskets(18, 400, 20, 30);
  const BoughtTogether pairs = bought_together(baskets.view(), {.min_count = 5, .fdr = 1});
  std::set<std::string_view> names;
  for (const Column& column : pairs.columns()) {
    EXPECT_EQ(column.size, pairs.size()) << column.name;
    EXPECT_TRUE(names.insert(column.name).second) << column.name;
    EXPECT_FALSE(column.doc.empty()) << column.name;
  }
  EXPECT_EQ(names.size(), 23U);
  EXPECT_EQ(names.count("fisher_p"), 0U);
  for (const Scalar& scalar : pairs.info()) {
    if (scalar.name == "n_testable") {
      EXPECT_EQ(std::get<std::int64_t>(scalar.value), pairs.n_testable);
    }
  }
}

// Numbers of pairs and of their baskets: sets of two of PyFIM's eclat on the same files.
TEST(BoughtTogether, PairCountsOfTheFimiFiles) {
  struct Case {
    const char* file;
    int min_count;
    std::int64_t pairs, shared;
  };
  for (const Case& c :
       {Case{"retail.dat", 100, 2785, 721405}, Case{"retail.dat", 20, 22374, 1467811},
        Case{"T10I4D100K.dat", 20, 58320, 3853363}}) {
    Baskets baskets;
    if (!read_lines(c.file, ' ', baskets)) GTEST_SKIP() << "no baskets/" << c.file;
    const BoughtTogether pairs =
        bought_together(baskets.view(), {.min_count = c.min_count, .fdr = 1});
    EXPECT_EQ(pairs.n_counted, c.pairs) << c.file;
    std::int64_t shared = 0;
    for (const std::int64_t n : pairs.n_baskets) shared += n;
    EXPECT_EQ(shared, c.shared) << c.file;
  }
}

}  // namespace
}  // namespace emptor::mining
