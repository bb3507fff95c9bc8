#include "data/arrow_types.hpp"

#include "emptor/core/error.hpp"

#include <gtest/gtest.h>

#include <string>

namespace emptor::data::arrow {
namespace {

TEST(ArrowTypes, ReadsDecimals) {
  const Type plain = parse_format("d:10,2", "x");
  EXPECT_TRUE(plain.usable);
  EXPECT_EQ(plain.layout, Layout::decimal128);
  EXPECT_EQ(plain.scale, 2);
  EXPECT_EQ(parse_format("d:10,-2,128", "x").scale, -2);
  EXPECT_FALSE(parse_format("d:10,2,64", "x").usable);
  EXPECT_EQ(parse_format("d:10,2,64", "x").name, "decimal64");
}

TEST(ArrowTypes, ReadsTimestamps) {
  const Type zoned = parse_format("tsn:America/New_York", "x");
  EXPECT_EQ(zoned.unit, TimeUnit::nanosecond);
  EXPECT_TRUE(zoned.zoned);
  EXPECT_EQ(zoned.timezone, "America/New_York");
  EXPECT_FALSE(parse_format("tss:", "x").zoned);
}

TEST(ArrowTypes, RefusesFormatsThatAreNone) {
  for (const char* format :
       {"", "x", "ii", "ts", "tss", "tsq:", "d:", "d:1", "d:1,", "d:1,2,", "d:a,b", "d:1,2,128,",
        "td", "tdx", "+", "+x", "v", "d:99999999999,1"}) {
    EXPECT_THROW((void)parse_format(format, "x"), FormatError) << format;
  }
}

TEST(ArrowTypes, FindsTheExtensionAmongOtherMetadata) {
  const auto count = [](std::int32_t n) { return std::string(reinterpret_cast<char*>(&n), 4); };
  const std::string other = count(1) + "k" + count(2) + "vv";
  const std::string extension = count(20) + "ARROW:extension:name" + count(5) + "a.b.c";
  EXPECT_EQ(extension_name(nullptr, "x"), "");
  EXPECT_EQ(extension_name(count(0).c_str(), "x"), "");
  EXPECT_EQ(extension_name((count(1) + other).data(), "x"), "");
  EXPECT_EQ(extension_name((count(2) + other + extension).data(), "x"), "a.b.c");
  EXPECT_THROW((void)extension_name((count(1) + count(-1)).data(), "x"), FormatError);
}

}  // namespace
}  // namespace emptor::data::arrow
