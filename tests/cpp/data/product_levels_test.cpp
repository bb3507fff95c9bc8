#include "data/product_levels.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <vector>

namespace emptor::data {
namespace {

TEST(ProductLevels, AreKnownByTheirNames) {
  for (const char* name : {"Category", "Sub-Category", "product_category", "BRAND", "Vendor"}) {
    EXPECT_TRUE(describes_product(name)) << name;
  }
  for (const char* name : {"country", "store", "segment", "", "channel", "status"}) {
    EXPECT_FALSE(describes_product(name)) << name;
  }
}

TEST(ProductLevels, AreTheMostFrequentValuesAndCountTheOthers) {
  std::mt19937 random(4);
  const auto products = Dictionary::from_texts({"A", "B", "C", "D"});
  const auto values = Dictionary::from_texts({"u", "v", "w"});
  for (int draw = 0; draw < 2000; ++draw) {
    std::vector<std::int32_t> product, value;
    std::map<std::int32_t, std::map<std::int32_t, std::int64_t>> counts;
    for (std::size_t i = random() % 20; i > 0; --i) {
      product.push_back(static_cast<std::int32_t>(random() % 5) - 1);
      value.push_back(static_cast<std::int32_t>(random() % 4) - 1);
      if (product.back() >= 0 && value.back() >= 0) counts[product.back()][value.back()] += 1;
    }
    Context context;
    context.threads = 1 + draw % 3;
    const ProductLevel level = level_of_products({"x", values, value}, product, *products, context);
    std::int64_t lines = 0, agreeing = 0, varied = 0;
    for (std::int32_t p = 0; p < 4; ++p) {
      std::int32_t best = -1;
      std::int64_t most = 0;
      for (const auto& [v, n] : counts[p]) {
        if (n > most) best = v;
        most = std::max(most, n);
        lines += n;
      }
      agreeing += most;
      varied += counts[p].size() > 1 ? 1 : 0;
      ASSERT_EQ(level.code[static_cast<std::size_t>(p)], best);
    }
    ASSERT_EQ(level.lines, lines);
    ASSERT_EQ(level.lines_agreeing, agreeing);
    ASSERT_EQ(level.varied, varied);
    ASSERT_EQ(level.examples.empty(), varied == 0);
  }
}

}  // namespace
}  // namespace emptor::data
