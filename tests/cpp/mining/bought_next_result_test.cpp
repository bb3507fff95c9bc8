#include "emptor/core/error.hpp"
#include "emptor/mining/bought_next.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace emptor::mining {
namespace {

TEST(BoughtNextResult, ColumnsHaveOneNameAndOneSentenceEach) {
  BoughtNext result;
  result.items = Dictionary::from_texts({"a", "b"});
  result.groups = Dictionary::from_texts({"north"});
  std::set<std::string_view> names;
  std::size_t shown = 0;
  for (const auto& column : result.columns()) {
    EXPECT_TRUE(names.insert(column.name).second) << column.name;
    EXPECT_FALSE(column.doc.empty()) << column.name;
    EXPECT_EQ(column.size, 0U);
    shown += column.shown ? 1 : 0;
  }
  EXPECT_EQ(shown, 16U);
  for (const char* name : {"grade", "group", "antecedent_name", "p_within", "usual", "excess_low",
                           "naive_confidence", "odds_ratio_high", "customer_share"})
    EXPECT_EQ(names.count(name), 1U) << name;
  names.clear();
  for (const auto& scalar : result.info()) EXPECT_TRUE(names.insert(scalar.name).second);
  EXPECT_EQ(names.count("placebo_discoveries"), 1U);
  EXPECT_EQ(names.count("check_ratio"), 0U);
  result.check.emplace();
  names.clear();
  for (const auto& scalar : result.info()) names.insert(scalar.name);
  EXPECT_EQ(names.count("check_ratio"), 1U);
}

TEST(BoughtNextResult, ReadsWords) {
  EXPECT_EQ(parse_evidence("timing"), Evidence::timing);
  EXPECT_EQ(parse_evidence("affinity"), Evidence::affinity);
  EXPECT_FALSE(parse_washout("").has_value());
  EXPECT_EQ(parse_washout("none")->count, 0);
  EXPECT_EQ(parse_washout("0 days")->count, 0);
  EXPECT_EQ(parse_washout("6 months"), (data::Span{6, data::Span::Unit::months}));
  EXPECT_THROW(parse_washout("a while"), InvalidArgument);
}

}  // namespace
}  // namespace emptor::mining
