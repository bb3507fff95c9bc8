#include "emptor/mining/sequences.hpp"

#include "emptor/core/error.hpp"
#include "emptor/core/interval.hpp"

#include "core/random.hpp"
#include "mining/planted_shop.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace emptor::mining {
namespace {

using data::Day;
using data::Span;
using Unit = Span::Unit;
using Element = std::vector<std::int32_t>;
using Pattern = std::vector<Element>;

test::Shop random_shop(std::uint64_t seed, bool one_item_visits) {
  core::Random random(seed, 7);
  test::Shop shop;
  shop.n_items = 2 + static_cast<std::int32_t>(random.below(4));
  const auto n_customers = static_cast<std::int32_t>(random.below(9));
  for (std::int32_t c = 0; c < n_customers; ++c) {
    Day day = data::from_civil(2023, 1, 25);
    for (std::uint64_t v = random.below(6); v > 0; --v) {
      day += 1 + static_cast<Day>(random.below(25));
      std::set<std::int32_t> items;
      for (std::uint64_t k = one_item_visits ? 1 : 1 + random.below(3); k > 0; --k)
        items.insert(
            static_cast<std::int32_t>(random.below(static_cast<std::uint64_t>(shop.n_items))));
      for (const auto item : items) {
        shop.customer.push_back(c);
        shop.day.push_back(day);
        shop.item.push_back(item);
      }
    }
  }
  return shop;
}

SequencesOptions random_options(std::uint64_t seed) {
  core::Random random(seed, 8);
  const auto one_of = [&](std::vector<std::optional<Span>> spans) {
    return spans[random.below(spans.size())];
  };
  SequencesOptions o;
  o.min_count = 1 + static_cast<std::int64_t>(random.below(3));
  o.max_gap = one_of({{}, {}, Span{20, Unit::days}, Span{35, Unit::days}, Span{1, Unit::months}});
  o.min_gap = one_of({{}, {}, {}, Span{10, Unit::days}, Span{2, Unit::weeks}});
  o.max_span = one_of({{}, {}, Span{2, Unit::months}, Span{45, Unit::days}});
  o.min_length = 1 + static_cast<int>(random.below(2));
  o.max_length = random.below(3) == 0 ? 3 : 0;
  o.max_items = static_cast<int>(random.below(3));
  o.repeats = random.below(3) != 0;
  o.kind = static_cast<SequenceKind>(random.below(3));
  o.top = random.below(2) == 0 ? 0 : 1 + static_cast<std::int64_t>(random.below(12));
  if (random.below(4) == 0) o.must_contain = {"0", "1"};
  if (random.below(4) == 0) o.exclude = {"1"};
  if (random.below(4) == 0) o.must_contain = {"0"};
  return o;
}

struct Visit {
  Day day = 0;
  Element items{};
};

std::vector<std::vector<Visit>> visits_of(const test::Shop& shop, const SequencesOptions& o) {
  std::vector<std::vector<Visit>> customers;
  for (std::size_t i = 0; i < shop.item.size(); ++i) {
    if (i == 0 || shop.customer[i] != shop.customer[i - 1]) customers.emplace_back();
    auto& own = customers.back();
    if (own.empty() || own.back().day != shop.day[i]) own.push_back({shop.day[i], {}});
    const auto name = std::to_string(shop.item[i]);
    if (std::find(o.exclude.begin(), o.exclude.end(), name) == o.exclude.end())
      own.back().items.push_back(shop.item[i]);
  }
  return customers;
}

bool follows(Day from, Day to, const SequencesOptions& o) {
  return to > from && (!o.max_gap || to <= data::add(from, *o.max_gap)) &&
         (!o.min_gap || to >= data::add(from, *o.min_gap));
}

// Every pattern of a customer with the days of every way to meet it.
using Ways = std::map<Pattern, std::vector<std::vector<Day>>>;
Ways ways_of(const std::vector<Visit>& visits, const SequencesOptions& o) {
  Ways ways;
  Pattern pattern;
  std::vector<Day> days;
  const std::function<void()> grow = [&] {
    if (o.max_length > 0 && static_cast<int>(pattern.size()) == o.max_length) return;
    for (const auto& visit : visits) {
      if (!days.empty() && !follows(days.back(), visit.day, o)) continue;
      if (!days.empty() && o.max_span && visit.day > data::add(days.front(), *o.max_span)) continue;
      for (std::size_t mask = 1; mask < std::size_t{1} << visit.items.size(); ++mask) {
        Element element;
        for (std::size_t k = 0; k < visit.items.size(); ++k)
          if ((mask >> k & 1) != 0) element.push_back(visit.items[k]);
        if (o.max_items > 0 && static_cast<int>(element.size()) > o.max_items) continue;
        const auto again = [&](std::int32_t item) {
          return std::any_of(pattern.begin(), pattern.end(), [&](const Element& e) {
            return std::find(e.begin(), e.end(), item) != e.end();
          });
        };
        if (!o.repeats && std::any_of(element.begin(), element.end(), again)) continue;
        pattern.push_back(element);
        days.push_back(visit.day);
        ways[pattern].push_back(days);
        grow();
        days.pop_back();
        pattern.pop_back();
      }
    }
  };
  grow();
  return ways;
}

bool holds(const Pattern& longer, const Pattern& shorter, std::size_t i = 0, std::size_t j = 0) {
  if (i == shorter.size()) return true;
  for (; j < longer.size(); ++j)
    if (std::includes(longer[j].begin(), longer[j].end(), shorter[i].begin(), shorter[i].end()) &&
        holds(longer, shorter, i + 1, j + 1))
      return true;
  return false;
}

struct Expected {
  std::map<Pattern, std::set<std::size_t>> customers{};     // who counts
  std::map<Pattern, std::vector<std::vector<Day>>> days{};  // of each customer's first completion
};

Expected expected(const test::Shop& shop, const SequencesOptions& o) {
  Expected all;
  const auto customers = visits_of(shop, o);
  for (std::size_t c = 0; c < customers.size(); ++c)
    for (auto& [pattern, ways] : ways_of(customers[c], o)) {
      all.customers[pattern].insert(c);
      // Earliest end, and back from there the latest days.
      all.days[pattern].push_back(
          *std::min_element(ways.begin(), ways.end(), [](const auto& x, const auto& y) {
            if (x.back() != y.back()) return x.back() < y.back();
            return std::lexicographical_compare(y.rbegin(), y.rend(), x.rbegin(), x.rend());
          }));
    }
  std::erase_if(all.customers, [&](const auto& entry) {
    return static_cast<std::int64_t>(entry.second.size()) < o.min_count;
  });
  auto kept = all.customers;
  for (const auto& [p, own] : all.customers)
    for (const auto& [q, others] : all.customers)
      if (p != q && o.kind != SequenceKind::all &&
          (o.kind == SequenceKind::maximal || own == others) && holds(q, p))
        kept.erase(p);
  std::erase_if(kept, [&](const auto& entry) {
    const auto& p = entry.first;
    return static_cast<int>(p.size()) < o.min_length ||
           std::any_of(o.must_contain.begin(), o.must_contain.end(), [&](const std::string& name) {
             return std::none_of(p.begin(), p.end(), [&](const Element& e) {
               return std::find(e.begin(), e.end(), std::stoi(name)) != e.end();
             });
           });
  });
  all.customers = kept;
  return all;
}

Pattern pattern_of(const Sequences& s, std::size_t i) {
  Pattern p;
  for (auto k = static_cast<std::size_t>(s.offset[i]);
       k < static_cast<std::size_t>(s.offset[i + 1]); ++k) {
    if (static_cast<std::size_t>(s.element[k]) > p.size()) p.emplace_back();
    p.back().push_back(s.item[k]);
  }
  return p;
}

double quantile(std::vector<Day> days, double p) {
  std::sort(days.begin(), days.end());
  const double place = p * static_cast<double>(days.size() - 1);
  const auto low = static_cast<std::size_t>(place);
  const double next = days[std::min(low + 1, days.size() - 1)];
  return days[low] + (place - static_cast<double>(low)) * (next - days[low]);
}

void expect_days(const Sequences& s, std::size_t i, const std::vector<std::vector<Day>>& ways) {
  std::vector<Day> whole;
  for (const auto& days : ways) whole.push_back(days.back() - days.front());
  EXPECT_DOUBLE_EQ(s.median_days[i], quantile(whole, 0.5));
  EXPECT_DOUBLE_EQ(s.days_25[i], quantile(whole, 0.25));
  EXPECT_DOUBLE_EQ(s.days_75[i], quantile(whole, 0.75));
  for (std::size_t k = 1; k < ways.front().size(); ++k) {
    std::vector<Day> gaps;
    for (const auto& days : ways) gaps.push_back(days[k] - days[k - 1]);
    std::sort(gaps.begin(), gaps.end());
    EXPECT_EQ(s.gap_days[static_cast<std::size_t>(s.gap_offset[i]) + k - 1],
              gaps[(gaps.size() - 1) / 2]);
  }
}

void expect_equal_to_brute_force(const test::Shop& shop, const SequencesOptions& o) {
  const auto found = sequences(shop.view(), o);
  const auto all = expected(shop, o);
  const auto n = static_cast<std::int64_t>(all.customers.size());
  const auto rows = o.top == 0 ? n : std::min(n, o.top);
  ASSERT_EQ(static_cast<std::int64_t>(found.size()), rows);
  EXPECT_EQ(found.truncated, rows < n);
  std::vector<std::int64_t> counts;
  for (const auto& [pattern, customers] : all.customers)
    counts.push_back(static_cast<std::int64_t>(customers.size()));
  std::sort(counts.rbegin(), counts.rend());
  std::set<Pattern> seen;
  for (std::size_t i = 0; i < found.size(); ++i) {
    const auto p = pattern_of(found, i);
    EXPECT_TRUE(seen.insert(p).second) << found.sequence[i];
    const auto truth = all.customers.find(p);
    ASSERT_NE(truth, all.customers.end()) << found.sequence[i];
    EXPECT_EQ(found.count[i], static_cast<std::int64_t>(truth->second.size()));
    EXPECT_EQ(found.count[i], counts[i]);
    EXPECT_EQ(found.length[i], static_cast<std::int64_t>(p.size()));
    expect_days(found, i, all.days.at(p));
  }
}

TEST(Sequences, EqualBruteForceForEveryOption) {
  std::int64_t rows = 0;
  for (std::uint64_t seed = 0; seed < 4000; ++seed) {
    const auto shop = random_shop(seed, seed % 4 == 0);
    const auto options = random_options(seed);
    expect_equal_to_brute_force(shop, options);
    if (HasFatalFailure() || HasNonfatalFailure()) FAIL() << "seed " << seed;
    rows += static_cast<std::int64_t>(sequences(shop.view(), options).size());
  }
  EXPECT_GT(rows, 15000);
}

// Two customers: tea on day 0 and 40, sugar on day 50; and tea on day 0, sugar on day 50.
TEST(Sequences, ALimitOfTimeLooksAtEveryDayNotTheFirst) {
  const std::vector<std::int32_t> customer{0, 0, 0, 1, 1}, item{0, 0, 1, 0, 1};
  const std::vector<Day> day{0, 40, 50, 0, 50};
  SequencesOptions options;
  options.min_count = 1;
  const auto found = sequences(PurchasesView{customer, day, item, 2}, options);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found.sequence[0], "0 > 1");
  EXPECT_EQ(found.count[0], 1);
  EXPECT_EQ(found.median_days[0], 10);
}

TEST(Sequences, MonthsAreCalendarMonths) {
  for (const int late : {0, 1}) {
    const std::vector<std::int32_t> customer{0, 0}, item{0, 1};
    const std::vector<Day> day{data::from_civil(2023, 1, 31), data::from_civil(2023, 2, 28) + late};
    SequencesOptions options;
    options.min_count = 1;
    options.max_gap = Span{1, Unit::months};
    EXPECT_EQ(sequences(PurchasesView{customer, day, item, 2}, options).size(),
              late == 0 ? 1U : 0U);
  }
}

TEST(Sequences, SupportHasWilsonsInterval) {
  const auto shop = test::small_shop();
  const auto found = sequences(shop.view());
  ASSERT_GT(found.size(), 10U);
  EXPECT_EQ(found.min_count, 20);
  for (std::size_t i = 0; i < found.size(); ++i) {
    const auto interval =
        wilson(static_cast<double>(found.count[i]), static_cast<double>(found.n_customers));
    EXPECT_EQ(found.support_low[i], interval.low);
    EXPECT_EQ(found.support_high[i], interval.high);
  }
}

TEST(Sequences, MinSupportIsAShareOfAllCustomers) {
  const auto shop = test::small_shop();
  SequencesOptions by_share, by_count;
  by_share.min_support = 0.1;
  const auto found = sequences(shop.view(), by_share);
  by_count.min_count = (found.n_customers + 9) / 10;
  EXPECT_EQ(found.min_count, by_count.min_count);
  EXPECT_EQ(found.sequence, sequences(shop.view(), by_count).sequence);
}

TEST(Sequences, TheSameBitsOnAnyNumberOfThreads) {
  const auto shop = test::small_shop(5, 60, 800);
  for (const auto kind : {SequenceKind::all, SequenceKind::closed, SequenceKind::maximal})
    for (const std::int64_t top : {0, 50}) {
      SequencesOptions options;
      options.kind = kind;
      options.top = top;
      options.min_count = 120;
      options.max_items = 2;
      options.max_length = 3;
      options.max_gap = Span{60, Unit::days};
      const auto one = sequences(shop.view(), options, {.threads = 1});
      ASSERT_GE(one.size(), 50U);
      for (const int threads : {2, 3, 8}) {
        const auto many = sequences(shop.view(), options, {.threads = threads});
        EXPECT_EQ(one.sequence, many.sequence);
        EXPECT_EQ(one.count, many.count);
        EXPECT_EQ(one.median_days, many.median_days);
        EXPECT_EQ(one.gap_days, many.gap_days);
        EXPECT_EQ(one.lowest_count, many.lowest_count);
      }
    }
}

TEST(Sequences, TopIsTheHeadOfAll) {
  const auto shop = test::small_shop(6, 60, 800);
  for (const auto kind : {SequenceKind::all, SequenceKind::closed, SequenceKind::maximal}) {
    SequencesOptions options;
    options.kind = kind;
    options.top = 0;
    options.min_count = 60;
    options.max_items = 2;
    options.max_length = 3;
    const auto all = sequences(shop.view(), options);
    EXPECT_FALSE(all.truncated);
    options.top = 40;
    const auto top = sequences(shop.view(), options);
    EXPECT_TRUE(top.truncated);
    EXPECT_EQ(top.sequence, std::vector(all.sequence.begin(), all.sequence.begin() + 40));
    options.top = static_cast<std::int64_t>(all.size());
    EXPECT_FALSE(sequences(shop.view(), options).truncated);
  }
}

// With a least count of 1 there are more sequences than atoms; the rising threshold leaves few.
TEST(Sequences, TopNeedsNoLeastCount) {
  const auto shop = test::small_shop(6, 60, 800);
  for (const auto kind : {SequenceKind::all, SequenceKind::closed}) {
    SequencesOptions options;
    options.kind = kind;
    options.max_gap.reset();
    options.max_span.reset();
    options.max_items = 0;
    options.min_length = 3;
    options.top = 30;
    options.min_count = 1;
    const auto found = sequences(shop.view(), options);
    ASSERT_EQ(found.size(), 30U);
    EXPECT_GT(found.lowest_count, 50);
    options.min_count = found.lowest_count;
    EXPECT_EQ(found.sequence, sequences(shop.view(), options).sequence);
  }
}

TEST(Sequences, NothingInNothingOut) {
  const auto none = sequences(PurchasesView{});
  EXPECT_EQ(none.size(), 0U);
  EXPECT_EQ(none.n_customers, 0);
  EXPECT_FALSE(none.columns().empty());
  EXPECT_FALSE(none.info().empty());
}

std::string message_of(const std::function<void(SequencesOptions&)>& change) {
  const std::vector<std::int32_t> customer{0, 0}, item{0, 1};
  const std::vector<Day> day{0, 40};
  SequencesOptions options;
  change(options);
  try {
    sequences(PurchasesView{customer, day, item, 2}, options);
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(Sequences, MessagesOfBadOptions) {
  using O = SequencesOptions;
  EXPECT_EQ(message_of([](O& o) { o.min_count = -1; }),
            "sequences: min_count must be at least 1, got -1");
  EXPECT_EQ(message_of([](O& o) { o.min_support = 2; }),
            "sequences: min_support is a share of the customers, above 0 and at most 1, got "
            "2");
  EXPECT_EQ(message_of([](O& o) {
              o.min_support = 0.5;
              o.min_count = 3;
            }),
            "sequences: give min_count or min_support, not both: they say the same");
  EXPECT_EQ(message_of([](O& o) {
              o.min_gap = Span{2, Unit::months};
            }),
            "sequences: min_gap (2 months) is longer than max_gap (30 days): no sequence could "
            "have two elements");
  EXPECT_EQ(message_of([](O& o) { o.max_length = 1; }),
            "sequences: max_length (1) is below min_length (2)");
  EXPECT_EQ(message_of([](O& o) { o.exclude = {"tea"}; }),
            "sequences: exclude 'tea' is no item code from 0 to 1");
  EXPECT_EQ(message_of([](O& o) { o.item = "department"; }),
            "sequences: item needs a Sales; purchases have item codes only");
  EXPECT_EQ(message_of([](O& o) { o.top = -5; }), "sequences: top must not be negative, got -5");
  EXPECT_EQ(message_of([](O& o) { o.level = 1; }),
            "sequences: level must lie between 0 and 1, got 1");
  const std::vector<std::int32_t> customer{0, 0}, item{1, 0};
  const std::vector<Day> day{0, 0};
  try {
    sequences(PurchasesView{customer, day, item, 2});
    FAIL();
  } catch (const InvalidArgument& error) {
    EXPECT_STREQ(error.what(),
                 "sequences: purchase 1: purchases must be sorted by customer, day and item, each "
                 "once");
  }
  EXPECT_THROW(parse_sequence_kind("close"), InvalidArgument);
  EXPECT_EQ(parse_limit("none", "max_gap"), std::nullopt);
  EXPECT_EQ(parse_limit("30 days", "max_gap"), (Span{30, Unit::days}));
}

TEST(Sequences, AMemoryLimitEndsWithAnError) {
  const auto shop = test::small_shop(5, 60, 800);
  SequencesOptions options;
  options.min_count = 1;
  options.top = 0;
  options.max_gap.reset();
  options.max_span.reset();
  try {
    sequences(shop.view(), options, {.memory_limit = 2000000});
    FAIL();
  } catch (const MemoryLimit& error) {
    EXPECT_STREQ(error.what(),
                 "sequences: needs more than the limit of 2 MB; raise min_count or memory_limit, "
                 "or set max_length or top");
  }
}

TEST(Sequences, CanBeStopped) {
  const auto shop = test::small_shop(5, 60, 800);
  Context context;
  context.stop.request_stop();
  EXPECT_THROW(sequences(shop.view(), {}, context), Cancelled);
}

}  // namespace
}  // namespace emptor::mining
