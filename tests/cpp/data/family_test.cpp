#include "emptor/data/items.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace emptor::data {
namespace {

TEST(SameFamily, ColoursSizesAndPatternsAreVariants) {
  EXPECT_TRUE(same_family("ALARM CLOCK BAKELIKE RED", "ALARM CLOCK BAKELIKE GREEN"));
  EXPECT_TRUE(same_family("JUMBO BAG RED RETROSPOT", "JUMBO BAG PINK POLKADOT"));
  EXPECT_TRUE(same_family("LUNCH BAG  BLACK SKULL.", "LUNCH BAG CARS BLUE"));
  EXPECT_TRUE(same_family("SPOTTY BUNTING", "PARTY BUNTING"));
  EXPECT_TRUE(same_family("CHOCOLATE HOT WATER BOTTLE", "HOT WATER BOTTLE I AM SO POORLY"));
  EXPECT_TRUE(same_family("HEART OF WICKER SMALL", "HEART OF WICKER LARGE"));
  EXPECT_TRUE(same_family("GREEN REGENCY TEACUP AND SAUCER", "ROSES REGENCY TEACUP AND SAUCER "));
  EXPECT_TRUE(same_family("SET/20 RED RETROSPOT PAPER NAPKINS", "RETROSPOT PAPER NAPKIN BLUE"));
}

TEST(SameFamily, ProductsThatShareAWordAreNot) {
  EXPECT_FALSE(same_family("whole milk", "condensed milk"));
  EXPECT_FALSE(same_family("bottled beer", "bottled water"));
  EXPECT_FALSE(same_family("REGENCY CAKESTAND 3 TIER", "ROSES REGENCY TEACUP AND SAUCER"));
  EXPECT_FALSE(same_family("DOORMAT RED RETROSPOT", "JUMBO BAG RED RETROSPOT"));
  EXPECT_FALSE(same_family("SET OF 3 TINS", "SET OF 3 SPOONS"));
  EXPECT_FALSE(same_family("milk", "bread"));
  EXPECT_FALSE(same_family("36 DOILIES VINTAGE CHRISTMAS", "6 GIFT TAGS VINTAGE CHRISTMAS"));
  EXPECT_FALSE(same_family("COOK WITH WINE METAL SIGN", "GIN + TONIC DIET METAL SIGN"));
  EXPECT_FALSE(same_family("REGENCY SUGAR BOWL GREEN", "REGENCY MILK JUG PINK"));
}

TEST(SameFamily, NamesOfColoursOnlyCompareAllTheirWords) {
  EXPECT_TRUE(same_family("RED", "red"));
  EXPECT_FALSE(same_family("RED", "BLUE"));
  EXPECT_FALSE(same_family("", ""));
  EXPECT_FALSE(same_family("22423", "85123"));
}

TEST(SameFamily, RepeatedWordsCountAsOftenAsShared) {
  EXPECT_FALSE(same_family("milk milk milk", "milk bread eggs"));
  EXPECT_TRUE(same_family("milk milk milk", "milk milk bread"));
}

TEST(SameFamily, LettersBeyondAsciiStayInTheirWords) {
  EXPECT_TRUE(same_family("Käse Brötchen groß", "KäSE BRöTCHEN klein"));
  EXPECT_FALSE(same_family("Käse", "K"));
}

TEST(NameFamilies, AgreesWithThePairFunction) {
  const std::vector<std::string> names{"LUNCH BAG RED RETROSPOT", "LUNCH BAG SUKI DESIGN",
                                       "WHITE HANGING HEART T-LIGHT HOLDER",
                                       "RED HANGING HEART T-LIGHT HOLDER", "POSTAGE"};
  const NameFamilies families(names);
  for (std::int32_t i = 0; i < 5; ++i) {
    for (std::int32_t j = 0; j < 5; ++j) {
      EXPECT_EQ(families.same(i, j),
                same_family(names[static_cast<std::size_t>(i)], names[static_cast<std::size_t>(j)]))
          << i << ' ' << j;
    }
  }
  EXPECT_TRUE(families.same(0, 1));
  EXPECT_TRUE(families.same(2, 3));
  EXPECT_FALSE(families.same(1, 2));
}

}  // namespace
}  // namespace emptor::data
