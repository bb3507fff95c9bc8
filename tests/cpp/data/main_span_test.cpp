#include "data/main_span.hpp"

#include "data/make_sales.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace emptor::data {
namespace {

std::pair<Day, Day> span_of(std::vector<Day> far, int near = 300) {
  for (int i = 0; i < near; ++i) far.push_back(20'000 + i);
  const auto [first, last] = std::minmax_element(far.begin(), far.end());
  const MainSpan span = main_span(far, *first, *last);
  return {span.first, span.last};
}

}  // namespace

TEST(MainSpan, LeavesOutAFewDaysYearsAway) {
  using Days = std::pair<Day, Day>;
  EXPECT_EQ(span_of({}), (Days{20'000, 20'299}));
  EXPECT_EQ(span_of({-25'567}), (Days{20'000, 20'299}));  // 1900-01-01
  EXPECT_EQ(span_of({85'000}), (Days{20'000, 20'299}));   // 2202
  EXPECT_EQ(span_of({-25'567, 85'000, 2'932'896}), (Days{20'000, 20'299}));
  EXPECT_EQ(span_of({21'298}), (Days{20'000, 21'298}));  // 999 days after
  EXPECT_EQ(span_of({21'299}), (Days{20'000, 20'299}));
  // More than one line in a hundred is no slip of the pen.
  EXPECT_EQ(span_of({85'000, 85'001, 85'002}), (Days{20'000, 20'299}));
  EXPECT_EQ(span_of({85'000, 85'001, 85'002, 85'003}), (Days{20'000, 85'003}));
  EXPECT_EQ(span_of({0, 85'000}, 30), (Days{0, 85'000}));
}

TEST(MainSpan, FarDatesAreToldOnceTheyAreKnown) {
  std::string csv = "customer,date,amount\n";
  for (int i = 0; i < 150; ++i) {
    csv += std::to_string(i) + ',' + iso_date(from_civil(2024, 1, 1) + i) + ",1\n";
  }
  csv += "7,2204-03-01,1\n";
  const Sales sales = sales_from(csv);
  EXPECT_EQ(message_of(sales.quality(), "far_date"),
            "1 line lies years away from all others, which are of 2024-01-01 to 2024-05-29: a slip "
            "of the pen, or a date that stands for none? Kept; correct it, leave it out, or look "
            "at an earlier moment. [line 152]");
  EXPECT_EQ(count_of(sales.as_of_day(from_civil(2024, 6, 1)).quality(), "far_date"), 0);
}

}  // namespace emptor::data
