#include "emptor/data/period.hpp"

#include "emptor/core/error.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace emptor::data {
namespace {

Day date(std::string_view text) { return parse_date(text); }
std::string start_of(std::string_view day, std::string_view period) {
  return iso_date(period_start(date(day), parse_period(period)));
}

constexpr std::string_view kRetail =
    "year of 4-5-4 years to the Saturday nearest the end of January";
constexpr std::string_view kTech = "year of 4-4-5 years to the last Saturday of September";
const std::vector<std::string> kTexts{
    "day",
    "week",
    "month",
    "quarter",
    "year",
    "week from Sunday",
    "week from Thursday",
    "quarter from February",
    "year from April",
    "year from December",
    "week of 4-4-5 years to the last Friday of December",
    "month of 4-4-5 years to the last Saturday of January",
    "month of 5-4-4 years to the Sunday nearest the end of June",
    "quarter of 4-5-4 years to the Saturday nearest the end of January",
    std::string(kRetail),
    std::string(kTech),
};

TEST(Period, StartsOfCalendarPeriods) {
  EXPECT_EQ(start_of("2011-08-17", "day"), "2011-08-17");
  EXPECT_EQ(start_of("2011-12-09", "week"), "2011-12-05");
  EXPECT_EQ(start_of("2011-08-17", "month"), "2011-08-01");
  EXPECT_EQ(start_of("2011-08-17", "quarter"), "2011-07-01");
  EXPECT_EQ(start_of("2011-08-17", "year"), "2011-01-01");
  EXPECT_EQ(iso_date(next_period(date("2011-12-01"), Period::month)), "2012-01-01");
  EXPECT_EQ(iso_date(next_period(date("2011-10-01"), Period::quarter, -2)), "2011-04-01");
  EXPECT_EQ(iso_date(next_period(date("2011-01-01"), Period::year, 3)), "2014-01-01");
  EXPECT_EQ(iso_date(next_period(date("2011-12-26"), Period::week)), "2012-01-02");
}

TEST(Period, IsoWeekOfNewYearBelongsToTheYearBefore) {
  // 2021-01-01 lies in ISO week 53 of 2020, which begins on Monday 2020-12-28; the Thursday of a
  // week decides its year.
  const Day start = period_start(date("2021-01-01"), Period::week);
  EXPECT_EQ(iso_date(start), "2020-12-28");
  EXPECT_EQ(civil(start + 3).year, 2020);
  EXPECT_EQ(periods_between(date("2020-01-04"), start, Period::week) + 1, 53);
}

TEST(Period, YearsThatBeginWithAnotherMonth) {
  EXPECT_EQ(start_of("2024-01-31", "quarter from February"), "2023-11-01");
  EXPECT_EQ(start_of("2024-02-01", "quarter from February"), "2024-02-01");
  EXPECT_EQ(start_of("2024-03-31", "year from April"), "2023-04-01");
  EXPECT_EQ(start_of("2024-04-01", "year from April"), "2024-04-01");
  EXPECT_EQ(start_of("2024-04-06", "week from Sunday"), "2024-03-31");
  EXPECT_EQ(start_of("2024-04-07", "week from Sunday"), "2024-04-07");
}

// The years of 53 weeks, from the calendars of the US National Retail Federation (nearest Saturday
// to 31 January, named by the year they begin in) and of a firm that ends with the last Saturday of
// September (named by the year they end in).
TEST(Period, YearsOfWholeWeeksHave53WeeksWhereTheyShould) {
  const Period retail = parse_period(kRetail);
  EXPECT_EQ(start_of("2017-06-01", kRetail), "2017-01-29");
  EXPECT_EQ(start_of("2018-02-03", kRetail), "2017-01-29");
  EXPECT_EQ(start_of("2018-02-04", kRetail), "2018-02-04");
  EXPECT_EQ(start_of("2023-01-29", kRetail), "2023-01-29");
  EXPECT_EQ(start_of("2024-02-03", kRetail), "2023-01-29");
  EXPECT_EQ(start_of("2024-02-04", kRetail), "2024-02-04");
  const Period tech = parse_period(kTech);
  std::vector<int> long_retail, long_tech;
  for (int year = 2000; year <= 2028; ++year) {
    const Day a = period_start(from_civil(year, 6, 1), retail);
    if (next_period(a, retail) - a == 371) long_retail.push_back(year);
    const Day b = period_start(from_civil(year, 6, 1), tech);
    if (next_period(b, tech) - b == 371) long_tech.push_back(year);
  }
  EXPECT_EQ(long_retail, (std::vector<int>{2000, 2006, 2012, 2017, 2023, 2028}));
  EXPECT_EQ(long_tech, (std::vector<int>{2000, 2006, 2012, 2017, 2023, 2028}));
}

TEST(Period, MonthsOfWholeWeeks) {
  const auto lengths = [](std::string_view text, std::string_view first) {
    const Period p = parse_period(text);
    std::vector<int> weeks;
    Day day = date(first);
    for (int i = 0; i < 12; ++i) {
      const Day next = next_period(day, p);
      weeks.push_back((next - day) / 7);
      EXPECT_EQ((next - day) % 7, 0);
      day = next;
    }
    return weeks;
  };
  const std::string end = " years to the Saturday nearest the end of January";
  EXPECT_EQ(lengths("month of 4-5-4" + end, "2022-01-30"),
            (std::vector<int>{4, 5, 4, 4, 5, 4, 4, 5, 4, 4, 5, 4}));
  // 53 weeks: the last month has one more.
  EXPECT_EQ(lengths("month of 4-4-5" + end, "2023-01-29"),
            (std::vector<int>{4, 4, 5, 4, 4, 5, 4, 4, 5, 4, 4, 6}));
  EXPECT_EQ(lengths("month of 5-4-4" + end, "2023-01-29"),
            (std::vector<int>{5, 4, 4, 5, 4, 4, 5, 4, 4, 5, 4, 5}));
}

TEST(Period, EveryDayLiesInOnePeriodAndTextReadsBack) {
  for (const std::string& text : kTexts) {
    SCOPED_TRACE(text);
    const Period p = parse_period(text);
    EXPECT_EQ(to_string(p), text);
    EXPECT_EQ(parse_period(to_string(p)), p);
    Day last = period_start(from_civil(1995, 1, 1) - 1, p);
    std::vector<Day> days;
    for (Day day = from_civil(1995, 1, 1); day < from_civil(2035, 1, 1); ++day) {
      const Day start = period_start(day, p);
      ASSERT_LE(start, day);
      ASSERT_LT(day, next_period(start, p));
      ASSERT_EQ(period_start(start, p), start);
      if (start != last) {
        ASSERT_EQ(start, day);
        ASSERT_EQ(start, next_period(last, p));
        ASSERT_EQ(periods_between(last, start, p), 1);
      }
      last = start;
      days.push_back(day);
    }
    const Day start = period_start(date("1999-11-30"), p);
    for (int count = -30; count <= 30; ++count) {
      const Day other = next_period(start, p, count);
      EXPECT_EQ(period_start(other, p), other);
      EXPECT_EQ(periods_between(start, other, p), count);
    }
    const auto numbers = period_numbers(days, p);
    const auto starts = period_starts(numbers, p);
    for (std::size_t i = 0; i < days.size(); ++i) ASSERT_EQ(starts[i], period_start(days[i], p));
  }
}

TEST(Period, FarDaysStayInRangeAndNoDayStaysNone) {
  const Day last = std::numeric_limits<Day>::max();
  for (const std::string& text : kTexts) {
    const Period p = parse_period(text);
    for (const Day day : {last, kNoDay + 1}) {
      EXPECT_LE(period_start(day, p), day == last ? last : kNoDay + 1);
    }
    EXPECT_EQ(period_start(kNoDay, p), kNoDay);
    EXPECT_EQ(next_period(kNoDay, p), kNoDay);
    EXPECT_EQ(period_starts(period_numbers(std::vector<Day>{kNoDay}, p), p).front(), kNoDay);
  }
}

TEST(Period, WhatIsNoPeriodIsToldWithTheFormsThatAre) {
  EXPECT_EQ(parse_period(" Week  from SUNDAY "), parse_period("week from Sunday"));
  for (const char* text :
       {"", "monthly", "day from Monday", "month from February", "week from February",
        "year from Monday", "year of", "month of 4-4-4 years to the last Saturday of January",
        "month of 4-4-5 years to the Saturday of January",
        "month of 4-4-5 years to the last Saturday nearest the end of January",
        "month of 4-4-5 years to the Saturday nearest January",
        "month of 4-4-5 years to the last January of Saturday",
        "day of 4-4-5 years to the last "
        "Saturday of January"}) {
    try {
      parse_period(text);
      ADD_FAILURE() << text;
    } catch (const InvalidArgument& e) {
      const std::string begin = "period: '" + std::string(text).substr(0, 40);
      EXPECT_EQ(std::string(e.what()).substr(0, begin.size()), begin);
      EXPECT_NE(std::string(e.what()).find("is not a period; write \"day\", \"week\", \"month\", "
                                           "\"quarter\" or \"year\", \"week from Sunday\""),
                std::string::npos);
    }
  }
}

}  // namespace
}  // namespace emptor::data
