#include "emptor/data/calendar.hpp"

#include "emptor/core/error.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace emptor::data {
namespace {

Day date(std::string_view text) { return parse_date(text); }

template <typename Call>
std::string message(Call call) {
  try {
    call();
  } catch (const InvalidArgument& e) {
    return e.what();
  }
  return "no error";
}

TEST(Calendar, CivilDates) {
  EXPECT_EQ(from_civil(1970, 1, 1), 0);
  EXPECT_EQ(from_civil(2011, 12, 9), 15317);
  EXPECT_EQ(from_civil(2000, 2, 29), 11016);
  EXPECT_EQ(from_civil(1600, 3, 1), -135080);  // numpy.datetime64("1600-03-01")
  EXPECT_EQ(iso_date(15317), "2011-12-09");
  EXPECT_EQ(iso_date(-1), "1969-12-31");
  EXPECT_EQ(iso_date(kNoDay), "");
  // Every day of 400 years follows the one before it.
  CivilDate last = civil(from_civil(1800, 1, 1) - 1);
  for (Day day = from_civil(1800, 1, 1); day < from_civil(2200, 1, 1); ++day) {
    const CivilDate now = civil(day);
    ASSERT_EQ(from_civil(now.year, now.month, now.day), day);
    const bool next = now.day == last.day + 1 && now.month == last.month && now.year == last.year;
    const bool first = now.day == 1 && (now.month == last.month % 12 + 1) && last.day >= 28 &&
                       now.year == last.year + (now.month == 1 ? 1 : 0);
    ASSERT_TRUE(next || first) << iso_date(day);
    last = now;
  }
}

TEST(Calendar, MonthsClampAndNeverSnap) {
  const auto plus = [](std::string_view day, int months) {
    return iso_date(add_months(date(day), months));
  };
  EXPECT_EQ(plus("2011-01-31", 1), "2011-02-28");
  EXPECT_EQ(plus("2024-01-31", 1), "2024-02-29");
  EXPECT_EQ(plus("2023-02-28", 1), "2023-03-28");  // Boost's arithmetic gives 03-31
  EXPECT_EQ(plus("2011-02-28", 6), "2011-08-28");
  EXPECT_EQ(plus("2011-03-31", -1), "2011-02-28");
  EXPECT_EQ(plus("2011-12-09", 1), "2012-01-09");
  EXPECT_EQ(plus("2011-01-09", -1), "2010-12-09");
  EXPECT_EQ(plus("2024-02-29", -12), "2023-02-28");
  EXPECT_EQ(add_months(kNoDay, 3), kNoDay);
  EXPECT_EQ(iso_date(add(date("2024-02-29"), {1, Span::Unit::years})), "2025-02-28");
  EXPECT_EQ(iso_date(subtract(date("2011-05-31"), {3, Span::Unit::months})), "2011-02-28");
  EXPECT_EQ(iso_date(add(date("2011-12-09"), {2, Span::Unit::weeks})), "2011-12-23");
  EXPECT_EQ(iso_date(subtract(date("2011-12-09"), {90, Span::Unit::days})), "2011-09-10");
  EXPECT_EQ(add(kNoDay, {1, Span::Unit::days}), kNoDay);
}

TEST(Calendar, FarDaysStayInRange) {
  const Day last = std::numeric_limits<Day>::max();
  EXPECT_EQ(add(last, {1, Span::Unit::days}), last);
  EXPECT_EQ(add(last, {10000, Span::Unit::years}), last);
  EXPECT_EQ(subtract(kNoDay + 1, {1, Span::Unit::weeks}), kNoDay + 1);
}

TEST(Calendar, Spans) {
  EXPECT_EQ(parse_span("90 days"), (Span{90, Span::Unit::days}));
  EXPECT_EQ(parse_span("90d"), (Span{90, Span::Unit::days}));
  EXPECT_EQ(parse_span("6m"), (Span{6, Span::Unit::months}));
  EXPECT_EQ(parse_span(" 1  year "), (Span{1, Span::Unit::years}));
  EXPECT_EQ(parse_span("2 weeks"), (Span{2, Span::Unit::weeks}));
  EXPECT_EQ(to_string(Span{90, Span::Unit::days}), "90 days");
  EXPECT_EQ(to_string(Span{1, Span::Unit::months}), "1 month");
  EXPECT_DOUBLE_EQ(mean_days({6, Span::Unit::months}), 182.62125);
  EXPECT_DOUBLE_EQ(mean_days({2, Span::Unit::weeks}), 14);
  for (const char* text : {"", "90", "days", "0 days", "-3 days", "1.5 months", "6 moons",
                           "99999999999 days", "4000000 days", "90 days ago"}) {
    EXPECT_EQ(message([&] { parse_span(text, "window"); }),
              "window: '" + std::string(text) +
                  "' is not a length of time; write \"90 days\", \"2 weeks\", \"6 months\" or "
                  "\"1 year\"");
  }
}

TEST(Calendar, Dates) {
  EXPECT_EQ(date("2011-12-09"), 15317);
  EXPECT_EQ(date("2024-02-29"), 19782);
  for (const char* text : {"2023-02-29", "2011-13-01", "2011-00-01", "2011-1-1", "09.12.2011",
                           "0000-01-01", "2011-12-0a", "", "2011-12-09T00:00"}) {
    EXPECT_EQ(message([&] { parse_date(text, "as_of"); }),
              "as_of: '" + std::string(text) + "' is not a date; write it as \"2011-12-09\"");
  }
  EXPECT_EQ(message([&] { parse_date(std::string(50, 'x')); }),
            "date: '" + std::string(40, 'x') + "...' is not a date; write it as \"2011-12-09\"");
}

TEST(Calendar, Weekdays) {
  EXPECT_EQ(weekday(0), 3);  // Thursday
  EXPECT_EQ(weekday(date("2011-12-09")), 4);
  EXPECT_EQ(weekday(-1), 2);
}

// ---- time zones: rows of the IANA data 2025b around the tested changes, offsets in seconds ----

TimeZone zone(std::string name, const std::vector<std::pair<std::int64_t, std::int64_t>>& rows) {
  TimeZone made{std::move(name)};
  for (const auto& [utc, offset] : rows) {
    made.utc.push_back(utc * 1'000'000);
    made.offset.push_back(offset * 1'000'000);
  }
  return made;
}

std::int64_t clock(std::string_view day, int hour, int minute, int second = 0) {
  return (((std::int64_t{parse_date(day)} * 24 + hour) * 60 + minute) * 60 + second) * 1'000'000;
}

const TimeZone kNewYork =
    zone("America/New_York", {{1704067200, -18000}, {1710054000, -14400}, {1730613600, -18000}});
const TimeZone kApia =
    zone("Pacific/Apia",
         {{1293840000, -36000}, {1301752800, -39600}, {1316872800, -36000}, {1325239200, 50400}});

// Expected instants are those of CPython's zoneinfo for fold=0 on tzdata 2025b.
TEST(Calendar, WallClocksAsZoneinfoReadsThem) {
  using Reading = TimeZone::Reading;
  const auto expect = [](const TimeZone& zone, std::int64_t local, std::int64_t utc, Reading as) {
    SCOPED_TRACE(zone.name);
    Reading reading = Reading::plain;
    EXPECT_EQ(zone.to_utc(local, &reading), utc);
    EXPECT_EQ(reading, as);
    EXPECT_EQ(zone.to_utc(local), utc);
  };
  expect(kNewYork, clock("2024-03-10", 2, 30), clock("2024-03-10", 7, 30), Reading::gap);
  expect(kNewYork, clock("2024-03-10", 1, 59, 59), clock("2024-03-10", 6, 59, 59), Reading::plain);
  expect(kNewYork, clock("2024-03-10", 2, 0), clock("2024-03-10", 7, 0), Reading::gap);
  expect(kNewYork, clock("2024-03-10", 3, 0), clock("2024-03-10", 7, 0), Reading::plain);
  expect(kNewYork, clock("2024-11-03", 1, 30), clock("2024-11-03", 5, 30), Reading::overlap);
  expect(kNewYork, clock("2024-11-03", 1, 0), clock("2024-11-03", 5, 0), Reading::overlap);
  expect(kNewYork, clock("2024-11-03", 0, 59, 59), clock("2024-11-03", 4, 59, 59), Reading::plain);
  expect(kNewYork, clock("2024-11-03", 2, 0), clock("2024-11-03", 7, 0), Reading::plain);
  const TimeZone paris =
      zone("Europe/Paris", {{1704067200, 3600}, {1711846800, 7200}, {1729990800, 3600}});
  expect(paris, clock("2024-10-27", 2, 30), clock("2024-10-27", 0, 30), Reading::overlap);
  const TimeZone lord_howe =
      zone("Australia/Lord_Howe", {{1704067200, 39600}, {1712415600, 37800}, {1728142200, 39600}});
  expect(lord_howe, clock("2024-04-07", 1, 45), clock("2024-04-06", 14, 45), Reading::overlap);
  expect(kApia, clock("2011-12-30", 12, 0), clock("2011-12-30", 22, 0), Reading::gap);
  expect(kApia, clock("2011-12-31", 0, 0), clock("2011-12-30", 10, 0), Reading::plain);
  const TimeZone sao_paulo =
      zone("America/Sao_Paulo", {{1514764800, -7200}, {1518919200, -10800}, {1541300400, -7200}});
  expect(sao_paulo, clock("2018-11-04", 0, 30), clock("2018-11-04", 3, 30), Reading::gap);
  const TimeZone monrovia = zone("Africa/Monrovia", {{44582400, -2670}, {63593070, 0}});
  expect(monrovia, clock("1972-01-01", 0, 0), clock("1972-01-01", 0, 44, 30), Reading::plain);
  const TimeZone utc;
  expect(utc, clock("2024-03-10", 2, 30), clock("2024-03-10", 2, 30), Reading::plain);
}

TEST(Calendar, InstantsToWallClocks) {
  EXPECT_EQ(kNewYork.to_local(clock("2024-03-10", 6, 59, 59)), clock("2024-03-10", 1, 59, 59));
  EXPECT_EQ(kNewYork.to_local(clock("2024-03-10", 7, 0)), clock("2024-03-10", 3, 0));
  EXPECT_EQ(kNewYork.to_local(clock("2024-11-03", 6, 30)), clock("2024-11-03", 1, 30));
  // Before the table its first row holds.
  EXPECT_EQ(kNewYork.to_local(clock("2001-01-01", 12, 0)), clock("2001-01-01", 7, 0));
  EXPECT_EQ(kNewYork.to_utc(clock("2001-01-01", 7, 0)), clock("2001-01-01", 12, 0));
  EXPECT_EQ(TimeZone().to_local(5), 5);
}

TEST(Calendar, EveryInstantComesBackUnlessItIsTheSecondOfTwo) {
  for (const TimeZone* zone : {&kNewYork, &kApia}) {
    for (std::size_t row = 1; row < zone->utc.size(); ++row) {
      for (std::int64_t minutes = -60 * 60; minutes < 60 * 60; minutes += 7) {
        const std::int64_t instant = zone->utc[row] + minutes * 60'000'000;
        TimeZone::Reading reading{};
        const std::int64_t back = zone->to_utc(zone->to_local(instant), &reading);
        ASSERT_NE(reading, TimeZone::Reading::gap);
        if (back != instant) {
          ASSERT_EQ(reading, TimeZone::Reading::overlap);
          ASSERT_LT(back, instant);
          ASSERT_EQ(zone->to_local(back), zone->to_local(instant));
        }
      }
    }
  }
}

}  // namespace
}  // namespace emptor::data
