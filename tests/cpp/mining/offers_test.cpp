#include "emptor/mining/offers.hpp"

#include "emptor/core/error.hpp"

#include "core/bytes.hpp"
#include "core/random.hpp"
#include "data/make_sales.hpp"
#include "files.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <limits>
#include <map>
#include <new>
#include <string>
#include <thread>
#include <vector>

namespace {
// Counts allocations of the whole program, so that a look-up can be shown to make none. Sanitizers
// bring their own allocator: there the count stays 0, and builds without them tell.
thread_local std::size_t allocations = 0;
}  // namespace

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
// Replaced as a pair: what one gives the other takes back.
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"

void* operator new(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
#endif

namespace emptor::mining {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

std::string message_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.what();
  }
  return "(nothing thrown)";
}

// Tea, milk, cake, jam, plate (sorted: cake 0, jam 1, milk 2, plate 3, tea 4).
OfferParts small_parts() {
  OfferParts parts;
  parts.items = Dictionary::from_texts({"cake", "jam", "milk", "plate", "tea"});
  parts.names = {"Cake", "Jam", "Milk", "Plate", "Tea"};
  parts.amount = {4, 2, 1, 10, kNaN};
  parts.margin = {1, 1.5, -0.1, 2, 1};
  parts.pairs = {{4, 2, 0.5, 0.4},  {4, 0, 0.3, 0.2}, {4, 1, 0.1, 0.05},
                 {2, 0, 0.4, 0.35}, {0, 3, 0.2, 0.1}, {2, 4, 0.6, 0.5}};
  parts.customers = Dictionary::from_integers({7, 11});
  parts.customer_pairs = {{1, {3, 1, 0.3, 0.3}}};
  parts.moment = 1323475200000000;
  return parts;
}

std::vector<Offer> offers(const OfferTable& table, std::vector<std::int32_t> basket,
                          OfferValue value = OfferValue::none, std::int32_t customer = -1,
                          std::size_t top = 5) {
  std::vector<Offer> out(top);
  out.resize(table.recommend(basket, out, value, customer));
  return out;
}

std::vector<std::int32_t> items_of(const std::vector<Offer>& list) {
  std::vector<std::int32_t> items;
  for (const Offer& one : list) items.push_back(one.item);
  return items;
}

TEST(Offers, RanksByLowerLimitAndValueByHand) {
  const OfferTable table(small_parts());
  using Items = std::vector<std::int32_t>;
  const auto tea = offers(table, {4});
  EXPECT_EQ(items_of(tea), (Items{2, 0, 1}));
  EXPECT_EQ(tea[0].because, 4);
  EXPECT_EQ(tea[0].probability, 0.5);
  EXPECT_EQ(tea[0].score, 0.4);
  // With milk as well, milk is no offer and speaks louder for cake than tea does.
  const auto both = offers(table, {4, 2});
  EXPECT_EQ(items_of(both), (Items{0, 1}));
  EXPECT_EQ(both[0].because, 2);
  EXPECT_EQ(both[0].probability_low, 0.35);
  // By amount: cake .2 * 4, milk .4 * 1, jam .05 * 2; tea has no amount.
  EXPECT_EQ(items_of(offers(table, {4}, OfferValue::amount)), (Items{0, 2, 1}));
  EXPECT_TRUE(items_of(offers(table, {2}, OfferValue::amount)) == (Items{0}));
  // By margin: milk loses money and is not offered.
  EXPECT_EQ(items_of(offers(table, {4}, OfferValue::margin)), (Items{0, 1}));
  EXPECT_EQ(items_of(offers(table, {4}, OfferValue::none, -1, 1)), (Items{2}));
  // A customer's own list joins in.
  const auto known = offers(table, {4}, OfferValue::none, 1);
  EXPECT_EQ(items_of(known), (Items{2, 1, 0}));
  EXPECT_EQ(known[1].source, OfferSource::customer);
  EXPECT_EQ(known[1].because, 3);
  EXPECT_EQ(items_of(offers(table, {}, OfferValue::none, 1)), (Items{1}));
  // Nothing known: nothing offered.
  EXPECT_TRUE(offers(table, {}).empty());
  EXPECT_TRUE(offers(table, {-1, 99}).empty());
  EXPECT_TRUE(offers(table, {4}, OfferValue::none, -1, 0).empty());
  EXPECT_TRUE(offers(OfferTable(), {0, 1}).empty());
  EXPECT_EQ(items_of(offers(table, {4}, OfferValue::none, 99)), (Items{2, 0, 1}));
}

OfferParts random_parts(core::Random& random, std::int32_t items, std::int32_t customers) {
  const auto below = [&](std::int32_t n) {
    return static_cast<std::int32_t>(random.below(static_cast<std::uint64_t>(n)));
  };
  OfferParts parts;
  std::vector<std::int64_t> ids, who;
  for (std::int32_t i = 0; i < items; ++i) ids.push_back(10 * i);
  for (std::int32_t c = 0; c < customers; ++c) who.push_back(c);
  parts.items = Dictionary::from_integers(ids);
  parts.customers = Dictionary::from_integers(who);
  for (std::int32_t i = 0; i < items; ++i) {
    parts.names.push_back("item " + std::to_string(i));
    parts.amount.push_back(random.uniform() < 0.1 ? kNaN : 10 * random.uniform());
    parts.margin.push_back(random.uniform() - 0.2);
  }
  const auto pair = [&](std::int32_t from) {
    const double p = std::round(20 * random.uniform()) / 20;  // so that there are ties
    return OfferPair{from, below(items), p, p / 2};
  };
  std::map<std::pair<std::int32_t, std::int32_t>, bool> seen;
  for (std::int32_t i = 0; i < 4 * items; ++i) {
    const auto one = pair(below(items));
    if (seen.emplace(std::pair(one.from, one.to), true).second) parts.pairs.push_back(one);
  }
  for (std::int32_t c = 0; c < customers; ++c)
    parts.customer_pairs.emplace_back(c, pair(below(items)));
  return parts;
}

TEST(Offers, EqualBruteForce) {
  core::Random random(1, 2);
  for (int round = 0; round < 3000; ++round) {
    const auto n_items = static_cast<std::int32_t>(1 + random.below(12));
    const OfferParts parts = random_parts(random, n_items, 3);
    const OfferTable table(parts, 1000);
    std::vector<std::int32_t> basket(random.below(5));
    for (auto& item : basket)
      item = static_cast<std::int32_t>(random.below(static_cast<std::uint64_t>(n_items)));
    const auto value = static_cast<OfferValue>(random.below(3));
    const auto customer = static_cast<std::int32_t>(random.below(4)) - 1;
    std::map<std::int32_t, double> score;
    const auto add = [&](const OfferPair& pair) {
      const auto i = static_cast<std::size_t>(pair.to);
      const double worth = value == OfferValue::none     ? 1
                           : value == OfferValue::amount ? parts.amount[i]
                                                         : parts.margin[i];
      const double x = pair.probability_low * worth;
      if (!(x > 0) || std::count(basket.begin(), basket.end(), pair.to) > 0) return;
      score[pair.to] = std::max(score[pair.to], x);
    };
    for (const auto& pair : parts.pairs)
      if (std::count(basket.begin(), basket.end(), pair.from) > 0) add(pair);
    for (const auto& [who, pair] : parts.customer_pairs)
      if (who == customer) add(pair);
    std::vector<std::pair<double, std::int32_t>> expected;
    for (const auto& [item, x] : score) expected.emplace_back(-x, item);
    std::sort(expected.begin(), expected.end());
    const std::size_t top = random.below(6);
    expected.resize(std::min(expected.size(), top));
    const auto found = offers(table, basket, value, customer, top);
    ASSERT_EQ(found.size(), expected.size());
    for (std::size_t i = 0; i < found.size(); ++i) {
      ASSERT_EQ(found[i].item, expected[i].second) << round;
      ASSERT_EQ(found[i].score, -expected[i].first);
      ASSERT_EQ(found[i].score, found[i].probability_low * found[i].value);
    }
    // Through its bytes and back.
    const OfferTable again = OfferTable::from_bytes(table.to_bytes());
    const auto same = offers(again, basket, value, customer, top);
    ASSERT_EQ(items_of(same), items_of(found));
    ASSERT_EQ(again.to_bytes(), table.to_bytes());
  }
}

TEST(Offers, KeepsTheStrongestNeighbours) {
  OfferParts parts = small_parts();
  const OfferTable table(parts, 1);
  EXPECT_EQ(table.pairs(), 3);
  EXPECT_EQ(items_of(offers(table, {4})), (std::vector<std::int32_t>{2}));
}

TEST(Offers, ALookUpAllocatesNothingAndThreadsShareATable) {
  core::Random random(3, 4);
  const OfferTable table(random_parts(random, 500, 20), 32);
  const std::vector<std::int32_t> basket{1, 5, 9, 77, 401};
  const auto expected = offers(table, basket, OfferValue::amount, 3);
  ASSERT_FALSE(expected.empty());
  std::array<Offer, 5> out{};
  const std::size_t before = allocations;
  for (int i = 0; i < 100; ++i) table.recommend(basket, out, OfferValue::amount, 3);
  EXPECT_EQ(allocations, before);
  std::vector<std::thread> threads;
  std::array<int, 4> wrong{};
  for (auto& bad : wrong)
    threads.emplace_back([&] {
      std::array<Offer, 5> own{};
      for (int i = 0; i < 2000; ++i) {
        const auto n = table.recommend(basket, own, OfferValue::amount, 3);
        bad += n != expected.size() || own[0].item != expected[0].item ? 1 : 0;
      }
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(wrong, (std::array<int, 4>{}));
}

// Bytes of format 1 as written on the day it was made: they must be read for ever.
TEST(Offers, ReadsTheGoldenFileOfFormat1) {
  const std::string path = emptor::testing::golden("offers_1.emptor");
  const OfferTable made(small_parts());
  if (std::getenv("EMPTOR_WRITE_GOLDEN") != nullptr) made.save(path);
  const OfferTable table = OfferTable::load(path);
  EXPECT_EQ(table.to_bytes(), made.to_bytes());
  EXPECT_EQ(table.items().text(4), "tea");
  EXPECT_EQ(table.name(0), "Cake");
  EXPECT_EQ(table.moment(), 1323475200000000);
  EXPECT_EQ(table.customers().integer(1), 11);
  EXPECT_EQ(offers(table, {4}, OfferValue::amount)[0].value, 4);
}

TEST(Offers, DamagedBytesAreRefused) {
  const std::string good = OfferTable(small_parts()).to_bytes();
  for (std::size_t i = 0; i < good.size(); ++i) {
    std::string bad = good;
    bad[i] = static_cast<char>(bad[i] ^ 0x20);
    EXPECT_THROW(OfferTable::from_bytes(bad), FormatError) << i;
    EXPECT_THROW(OfferTable::from_bytes(std::string_view(good).substr(0, i)), FormatError) << i;
  }
  EXPECT_THROW(OfferTable::from_bytes(good + "x"), FormatError);
  // With a right checksum only what the bytes say can be wrong.
  const std::string payload(core::unsealed(good, "offers", 1).payload);
  int refused = 0;
  for (std::size_t i = 0; i < payload.size(); ++i)
    for (const char flip : {'\x01', '\x80', '\xff'}) {
      std::string bad = payload;
      bad[i] = static_cast<char>(bad[i] ^ flip);
      try {
        const auto table = OfferTable::from_bytes(core::sealed("offers", 1, bad));
        for (std::int32_t item = 0; item < table.items().size(); ++item) offers(table, {item});
      } catch (const FormatError&) {
        ++refused;
      }
    }
  EXPECT_GT(refused, 100);
  EXPECT_EQ(message_of([&] { OfferTable::from_bytes("PK\x03\x04"); }),
            "this is no file of emptor's: it does not begin as one");
  EXPECT_EQ(message_of([&] { OfferTable::from_bytes(core::sealed("columns", 1, payload)); }),
            "the file holds 'columns', expected 'offers'");
  EXPECT_EQ(message_of([&] { OfferTable::from_bytes(core::sealed("offers", 2, payload)); }),
            "the file has format 2 of 'offers', this version of emptor reads up to 1; use the "
            "version that wrote it, or a newer one");
  EXPECT_EQ(message_of([&] { OfferTable::load("/nowhere/offers"); }),
            "cannot read '/nowhere/offers'");
  EXPECT_EQ(message_of([&] { OfferTable().save("/nowhere/offers"); }),
            "cannot write '/nowhere/offers'");
}

TEST(Offers, Messages) {
  const auto with = [](auto change) {
    OfferParts parts = small_parts();
    change(parts);
    return message_of([&] { OfferTable table(parts); });
  };
  EXPECT_EQ(with([](auto& p) { p.amount.pop_back(); }),
            "OfferTable: amount has 4 entries for 5 items");
  EXPECT_EQ(with([](auto& p) { p.pairs[0].to = 5; }), "OfferTable: a pair holds item 5 of 5");
  EXPECT_EQ(with([](auto& p) { p.pairs[0].probability = 1.5; }),
            "OfferTable: a probability is not between 0 and 1");
  EXPECT_EQ(with([](auto& p) { p.customer_pairs[0].first = 2; }),
            "OfferTable: a pair is of customer 2 of 2");
  const OfferTable small(small_parts());
  const auto first = small.items().to_string(0);
  EXPECT_EQ(small.find(first), 0);
  EXPECT_EQ(small.find(small.name(2)), 2);
  EXPECT_EQ(message_of([&] { (void)small.find("qqqqqqqq"); }),
            "recommend: basket: 'qqqqqqqq' is neither an id nor a name of an item of the table");
  EXPECT_EQ(message_of([&] { (void)small.find(std::string(small.name(3)) + "s"); }),
            "recommend: basket: '" + std::string(small.name(3)) +
                "s' is neither an id nor a name of an item of the table; the nearest name is '" +
                std::string(small.name(3)) + "'");
  EXPECT_EQ(message_of([] { OfferTable(small_parts(), 0); }),
            "OfferTable: neighbors is 0; write 1 or more");
  EXPECT_EQ(message_of([] { parse_offer_value("profit"); }),
            "value: 'profit' is not known; write \"amount\", \"margin\" or None");
}

// Orders in which tea and milk go together, and a kettle is followed by a filter.
std::string orders() {
  std::string csv = "order,customer,product,date,quantity,price\n";
  core::Random random(9, 9);
  int number = 0;
  for (int c = 0; c < 300; ++c)
    for (int visit = 0; visit < 8; ++visit) {
      const auto line = [&](const std::string& product, const char* price) {
        csv += std::to_string(number) + "," + std::to_string(c) + "," + product + "," +
               data::iso_date(data::from_civil(2011, 1, 1) + 20 * visit + c % 20) + ",1," + price +
               "\n";
      };
      ++number;
      const bool tea = random.uniform() < 0.4;
      if (tea) line("tea", "3.00");
      if (random.uniform() < (tea ? 0.8 : 0.1)) line("milk", "1.00");
      for (auto k = random.below(7); k > 0; --k)
        line("thing" + std::to_string(random.below(30)), "2.00");
      if (visit == 6 - c % 4) line("kettle", "20.00");
      if (visit == 7 - c % 4 && c % 3 != 0) line("filter", "5.00");
    }
  return csv;
}

TEST(Offers, FromSales) {
  const auto sales = data::sales_from(orders());
  OfferTableOptions options;
  options.window = data::Span{60, data::Span::Unit::days};
  options.margins = {{"milk", 0.3}, {"tea", 1}};
  const OfferTable table = offer_table(sales, options);
  const auto code = [&](const char* id) { return table.items().find(id); };
  const auto tea = offers(table, {code("tea")});
  ASSERT_FALSE(tea.empty());
  EXPECT_EQ(tea[0].item, code("milk"));
  EXPECT_NEAR(tea[0].probability, 0.8, 0.06);
  EXPECT_LT(tea[0].probability_low, tea[0].probability);
  EXPECT_NEAR(offers(table, {code("milk")}, OfferValue::amount)[0].value, 3, 1e-9);
  EXPECT_NEAR(offers(table, {code("tea")}, OfferValue::margin)[0].value, 0.3, 1e-12);
  EXPECT_EQ(table.moment(), sales.moment());
  // Some customers bought a kettle lately and no filter yet.
  EXPECT_GT(table.customer_pairs(), 0);
  int offered = 0;
  for (std::int32_t c = 0; c < table.customers().size(); ++c)
    for (const Offer& one : offers(table, {}, OfferValue::none, c)) {
      if (one.item != code("filter")) continue;
      ++offered;
      EXPECT_EQ(one.because, code("kettle"));
      EXPECT_EQ(one.source, OfferSource::customer);
    }
  EXPECT_GT(offered, 5);
  options.margins = {{"milc", 1}};
  EXPECT_EQ(message_of([&] { offer_table(sales, options); }),
            "offer_table: margins: no item 'milc' at level 'product'; the nearest name is 'milk'");
}

}  // namespace
}  // namespace emptor::mining
