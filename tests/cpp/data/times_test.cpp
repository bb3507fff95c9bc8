#include "data/times.hpp"

#include "emptor/core/error.hpp"

#include <gtest/gtest.h>

namespace emptor::data {
namespace {

constexpr std::int64_t kHour = 3'600'000'000;

TimeColumn read(const InputColumn& input, const TimeZone& zone = {},
                const std::string& format = "") {
  const ColumnReader reader(input);
  TimeRules rules;
  rules.business = rules.source = &zone;
  rules.date_format = format;
  return read_times(reader, rules, "orders.time (\"when\")", Positions{"line", 2, {}}, Context{});
}

std::string days(const std::vector<std::string_view>& cells) {
  try {
    std::string out;
    for (const Day day : read(column("when", cells)).day) {
      out += day == kNoDay ? "none " : iso_date(day) + ' ';
    }
    return out;
  } catch (const DataError& error) {
    return error.what();
  }
}

TEST(Times, OneOrderForTheWholeColumn) {
  EXPECT_EQ(days({"03/04/2011", "13/04/2011"}), "2011-04-03 2011-04-13 ");
  EXPECT_EQ(days({"03/04/2011", "04/13/2011"}), "2011-03-04 2011-04-13 ");
  EXPECT_EQ(days({"03/03/2011"}), "2011-03-03 ");
  EXPECT_EQ(days({"31/12/10", "01/02/11"}), "2010-12-31 2011-02-01 ");
  EXPECT_EQ(days({"2011-01-02", "garbage", "2011-01-03", ""}), "2011-01-02 none 2011-01-03 none ");
}

TEST(Times, WhatReadsTwoWaysIsAsked) {
  EXPECT_EQ(days({"03/03/2011", "03/04/2011"}),
            "orders.time (\"when\") can be read two ways: '03/04/2011' (line 3) and all others fit "
            "the day first and the month first; write date_format=\"%d/%m/%Y\" or "
            "date_format=\"%m/%d/%Y\"");
  EXPECT_EQ(days({"13/04/2011", "04/13/2011"}),
            "orders.time (\"when\") mixes two orders: '13/04/2011' (line 2) has the day first and "
            "'04/13/2011' (line 3) the month; write the one to read, as date_format=\"%d/%m/%Y\"");
  EXPECT_EQ(
      days({"abc", "def"}),
      "orders.time (\"when\") holds no dates: 'abc' (line 2) is not one; name another column, "
      "or write how it is read, as date_format=\"%d/%m/%Y\"");
  EXPECT_EQ(days({"2011-01-01T10:00Z", "2011-01-02T10:00"}),
            "orders.time (\"when\") mixes times with and without a zone: '2011-01-01T10:00Z' (line "
            "2) and '2011-01-02T10:00' (line 3); give all of them an offset, or none");
  const std::vector<std::int64_t> serials{40522, 40523};
  try {
    read(column("when", serials));
    FAIL();
  } catch (const DataError& error) {
    EXPECT_STREQ(error.what(),
                 "orders.time (\"when\") holds plain numbers: '40522' (line 2) is not a date; "
                 "convert the column to dates or times first");
  }
}

TEST(Times, ClocksThatJumpAreCounted) {
  // One hour forward at 1000 h, back at 2000 h.
  const TimeZone zone{"Zone/Test", {0, 1000 * kHour, 2000 * kHour}, {0, kHour, 0}};
  InputColumn input;
  input.name = "when";
  input.meaning = Meaning::timestamp;
  const std::vector<std::int64_t> local{999 * kHour, 1000 * kHour + kHour / 2, 1500 * kHour,
                                        2000 * kHour + kHour / 2, 2002 * kHour};
  InputChunk chunk;
  chunk.layout = Layout::int64;
  chunk.rows = local.size();
  chunk.values = local.data();
  input.chunks.push_back(chunk);
  const TimeColumn out = read(input, zone);
  EXPECT_EQ(out.gaps.n, 1);
  EXPECT_EQ(out.gaps.rows[0], 1);
  EXPECT_EQ(out.overlaps.n, 1);
  EXPECT_EQ(out.overlaps.rows[0], 3);
  for (std::size_t i = 0; i < local.size(); ++i) EXPECT_EQ(out.utc[i], zone.to_utc(local[i])) << i;
}

TEST(Times, TicksOfEveryUnit) {
  const std::vector<std::int64_t> ticks{-1, std::numeric_limits<std::int64_t>::max()};
  for (const auto& [unit, expected] :
       {std::pair{TimeUnit::second, -1'000'000}, std::pair{TimeUnit::millisecond, -1'000},
        std::pair{TimeUnit::microsecond, -1}, std::pair{TimeUnit::nanosecond, -1}}) {
    InputColumn input = column("when", ticks);
    input.meaning = Meaning::timestamp;
    input.unit = unit;
    input.zoned = true;
    const TimeColumn out = read(input);
    EXPECT_EQ(out.utc[0], expected);
    EXPECT_EQ(iso_date(out.day[0]), "1969-12-31");
    EXPECT_EQ(out.unreadable.n, unit == TimeUnit::nanosecond ? 0 : 1);
  }
}

TEST(Times, TheCallersFormatDecides) {
  const std::vector<std::string_view> cells{"03/04/2011", "2011-04-03"};
  const TimeColumn out = read(column("when", cells), {}, "%d/%m/%Y");
  EXPECT_EQ(iso_date(out.day[0]), "2011-04-03");
  EXPECT_EQ(out.unreadable.n, 1);
  EXPECT_TRUE(out.dates_only);
}

}  // namespace
}  // namespace emptor::data
