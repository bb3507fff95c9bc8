#include "data/dates.hpp"

#include "emptor/core/error.hpp"

#include <gtest/gtest.h>

namespace emptor::data {
namespace {

/// "2011-12-09 43200000000 +0", or "no".
std::string read(std::string_view text, DateOrder order) {
  ParsedDate date;
  if (!parse_date_in(text, order, date)) return "no";
  std::string out = iso_date(date.day);
  if (date.has_time) out += ' ' + std::to_string(date.time_of_day / 1'000'000);
  if (date.has_offset) out += " +" + std::to_string(date.offset / 60'000'000);
  return out;
}

TEST(Dates, TheUsualForms) {
  EXPECT_EQ(read("2011-12-09", DateOrder::year_first), "2011-12-09");
  EXPECT_EQ(read("2011/1/9 8:05", DateOrder::year_first), "2011-01-09 29100");
  EXPECT_EQ(read("2011-12-09T12:50:01.5Z", DateOrder::year_first), "2011-12-09 46201 +0");
  EXPECT_EQ(read("2011-12-09 12:50:00 -0500", DateOrder::year_first), "2011-12-09 46200 +-300");
  EXPECT_EQ(read("2011-12-09T12:50+05:30", DateOrder::year_first), "2011-12-09 46200 +330");
  EXPECT_EQ(read("2011-12-09 12:50 UTC", DateOrder::year_first), "2011-12-09 46200 +0");
  EXPECT_EQ(read("20111209", DateOrder::compact), "2011-12-09");
  EXPECT_EQ(read("9/12/2011 1:00 PM", DateOrder::day_month_year), "2011-12-09 46800");
  EXPECT_EQ(read("12/9/2011 12:00am", DateOrder::month_day_year), "2011-12-09 0");
  EXPECT_EQ(read("09.12.11", DateOrder::day_month_short), "2011-12-09");
  EXPECT_EQ(read("9 Dec 2011", DateOrder::named), "2011-12-09");
  EXPECT_EQ(read("09-DEC-69", DateOrder::named), "1969-12-09");
  EXPECT_EQ(read("December 9, 2011 8:00", DateOrder::named), "2011-12-09 28800");
  EXPECT_EQ(read("Fri, 9 Sept 2011", DateOrder::named), "2011-09-09");
}

TEST(Dates, WhatIsNotADateIsRefused) {
  for (const char* text : {"2011-02-29", "2011-13-01", "2011-00-01", "2011-1-32", "2011-12/09",
                           "2011-12-09 24:00", "2011-12-09 1:60", "2011-12-09x", "2011-12-09 ",
                           "11-12-09", "2011-12-09 13:00 pm", "2011-12-09 0:00 am", "0000-01-01"}) {
    EXPECT_EQ(read(text, DateOrder::year_first), "no") << text;
  }
  EXPECT_EQ(read("2012-02-29", DateOrder::year_first), "2012-02-29");
  EXPECT_EQ(read("1900-02-29", DateOrder::year_first), "no");
  EXPECT_EQ(read("9 Decem 2011", DateOrder::named), "no");
}

TEST(Dates, ShapesAreToldByLooks) {
  EXPECT_EQ(date_shape("2011-12-09"), DateShape::year_first);
  EXPECT_EQ(date_shape("20111209"), DateShape::compact);
  EXPECT_EQ(date_shape("9 Dec 2011"), DateShape::named);
  EXPECT_EQ(date_shape("Dec 9"), DateShape::named);
  EXPECT_EQ(date_shape("09/12/2011 8:26"), DateShape::year_last);
  EXPECT_EQ(date_shape("9.12.11"), DateShape::short_year);
  EXPECT_EQ(date_shape("40522"), DateShape::none);  // a spreadsheet's serial number
  EXPECT_EQ(date_shape("09/12"), DateShape::none);
  EXPECT_EQ(date_shape(""), DateShape::none);
}

TEST(Dates, FormatsOfTheCaller) {
  ParsedDate date;
  EXPECT_TRUE(DateFormat("%d/%m/%Y %H:%M").parse("09/12/2011 12:50", date));
  EXPECT_EQ(iso_date(date.day), "2011-12-09");
  EXPECT_EQ(date.time_of_day, 46'200'000'000);
  EXPECT_FALSE(DateFormat("%d/%m/%Y").parse("09/12/2011 12:50", date));
  EXPECT_TRUE(DateFormat("%I:%M %p on %b %d %y").parse("01:05 pm on Dec 9 11", date));
  EXPECT_EQ(date.time_of_day, 47'100'000'000);
  EXPECT_TRUE(DateFormat("%Y.%j %T%z").parse("2011.343 12:00:00+0100", date));
  EXPECT_EQ(iso_date(date.day), "2011-12-09");
  EXPECT_EQ(date.offset, 3'600'000'000);
  EXPECT_FALSE(DateFormat("%Y.%j").parse("2011.366", date));
  EXPECT_THROW(DateFormat("%d/%m"), InvalidArgument);
  EXPECT_THROW(DateFormat("%Y-%m-%d %"), InvalidArgument);
}

}  // namespace
}  // namespace emptor::data
