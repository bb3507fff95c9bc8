#include "emptor/data/csv.hpp"
#include "emptor/data/sales.hpp"
#include "emptor/mining/bought_together.hpp"

#include "core/random.hpp"
#include "data/make_sales.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

namespace emptor::mining {
namespace {

using data::Sales;

// Eight items by chance; in Chile P0 and P1 go together. One order in ten has no country.
std::string orders(const char* only = nullptr) {
  core::Random random(3, 1);
  std::string csv = "order,customer,product,description,date,quantity,price,country\n";
  for (int order = 0; order < 900; ++order) {
    const std::string country = order % 10 == 9 ? "" : order % 3 == 0 ? "Norway" : "Chile";
    const bool together = country == "Chile" && random.uniform() < 0.15;
    for (int item = 0; item < 8; ++item) {
      if (random.uniform() > 0.3 && !(together && item < 2)) continue;
      if (only != nullptr && country != only) continue;
      const std::string id = std::to_string(item);
      csv += std::to_string(order) + "," + std::to_string(order / 3) + ",P" + id + ",good " + id +
             ",2021-03-" + std::to_string(10 + order % 20) + ",1,2.50," + country + "\n";
    }
  }
  return csv;
}

TEST(BoughtTogetherSales, GroupsShareOneMultiplicity) {
  const Sales sales = data::sales_from(orders());
  const BoughtTogether both =
      bought_together(sales, {.min_count = 5, .fdr = 1, .fisher = true, .by = "country"});
  ASSERT_EQ(both.group.size(), both.size());
  EXPECT_EQ(both.groups->size(), 2);
  EXPECT_EQ(both.n_testable, 2 * 28);
  for (std::size_t i = 1; i < both.size(); ++i) EXPECT_GE(both.excess[i - 1], both.excess[i]);
  // A group alone has the same numbers and its own, smaller, family of tests.
  std::size_t rows = 0;
  for (const char* country : {"Chile", "Norway"}) {
    const BoughtTogether alone = bought_together(data::sales_from(orders(country)),
                                                 {.min_count = 5, .fdr = 1, .fisher = true});
    std::size_t j = 0;
    for (std::size_t i = 0; i < both.size(); ++i) {
      if (both.groups->to_string(both.group[i]) != country) continue;
      ASSERT_LT(j, alone.size());
      EXPECT_EQ(both.items->to_string(both.item_a[i]), alone.items->to_string(alone.item_a[j]));
      EXPECT_EQ(both.items->to_string(both.item_b[i]), alone.items->to_string(alone.item_b[j]));
      EXPECT_EQ(both.n_baskets[i], alone.n_baskets[j]);
      EXPECT_EQ(both.expected[i], alone.expected[j]);
      EXPECT_EQ(both.p_value[i], alone.p_value[j]);
      EXPECT_EQ(both.lift_low[i], alone.lift_low[j]);
      EXPECT_EQ(both.fisher_p[i], alone.fisher_p[j]);
      EXPECT_EQ(both.n_customers[i], alone.n_customers[j]);
      ++j;
      ++rows;
    }
    EXPECT_EQ(j, alone.size());
  }
  EXPECT_EQ(rows, both.size());
}

TEST(BoughtTogetherSales, FindsWhatOneGroupAloneHas) {
  const BoughtTogether pairs =
      bought_together(data::sales_from(orders()), {.min_count = 5, .by = "country"});
  ASSERT_EQ(pairs.size(), 1U);
  EXPECT_EQ(pairs.groups->to_string(pairs.group[0]), "Chile");
  EXPECT_EQ(pairs.names->to_string(pairs.name_a[0]), "good 0");
  EXPECT_EQ(pairs.names->to_string(pairs.name_b[0]), "good 1");
  EXPECT_EQ(pairs.columns().front().name, "group");
}

TEST(BoughtTogetherSales, AWrongColumnIsNamed) {
  const Sales sales = data::sales_from(orders());
  try {
    bought_together(sales, {.by = "contry"});
    FAIL();
  } catch (const std::exception& error) {
    EXPECT_EQ(
        std::string(error.what())
            .find("bought_together: no column 'contry' in orders, customers or products; did you "
                  "mean \"country\"?"),
        0U)
        << error.what();
  }
}

}  // namespace
}  // namespace emptor::mining
