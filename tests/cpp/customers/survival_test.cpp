#include "emptor/customers/survival.hpp"

#include "data/make_sales.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace emptor::customers {
namespace {

// The data begin on 1 January; who first buys from 11 January on counts as new.
data::Sales shop() {
  return data::sales_from(
      "order,customer,date,product,amount,country\n"
      "1,old,2024-01-01,tea,5,DE\n"
      "2,old,2024-02-20,tea,5,DE\n"
      "3,back,2024-01-11,tea,5,DE\n"
      "4,back,2024-01-11,milk,5,FR\n"
      "5,back,2024-01-21,tea,5,FR\n"
      "6,once,2024-02-01,tea,5,FR\n"
      "7,late,2024-03-01,tea,5,DE\n"
      "8,silent,2024-01-15,tea,5,DE\n"
      "9,silent,2024-01-20,tea,5,DE\n"
      "10,silent,2024-02-19,tea,5,DE\n");
}

SurvivalDurationsOptions options(SurvivalEvent until) {
  return {.until = until,
          .inactive_after = {30, data::Span::Unit::days},
          .by = "country",
          .new_after = {10, data::Span::Unit::days}};
}

std::vector<std::string> names(const SurvivalDurations& found) {
  std::vector<std::string> out;
  for (const auto code : found.customer) out.push_back(found.ids->to_string(code));
  return out;
}

}  // namespace

TEST(SurvivalDurations, SecondPurchaseByHand) {
  const auto found = survival_durations(shop(), options(SurvivalEvent::second_purchase));
  EXPECT_EQ(names(found), (std::vector<std::string>{"back", "late", "once", "silent"}));
  EXPECT_EQ(found.duration, (std::vector<double>{10, 0, 29, 5}));
  EXPECT_EQ(found.event, (std::vector<std::int32_t>{1, 0, 0, 1}));
  EXPECT_EQ(found.n_left_out, 1);
  EXPECT_EQ(data::iso_date(found.new_from), "2024-01-11");
  std::vector<std::string> countries;
  for (const auto code : found.group) countries.push_back(found.groups->to_string(code));
  EXPECT_EQ(countries, (std::vector<std::string>{"DE", "DE", "FR", "DE"}));
}

// "silent" bought on the last day on which he would not yet have been: after 30 days, not within.
TEST(SurvivalDurations, SilenceByHand) {
  const auto found = survival_durations(shop(), options(SurvivalEvent::inactive));
  EXPECT_EQ(names(found), (std::vector<std::string>{"back", "late", "once", "silent"}));
  // back: silent 30 days after 21 January, on 20 February. once: after 29 days nobody knows yet.
  EXPECT_EQ(found.duration, (std::vector<double>{40, 0, 29, 46}));
  EXPECT_EQ(found.event, (std::vector<std::int32_t>{1, 0, 0, 0}));
}

TEST(SurvivalDurations, AsOfSeesOnlyWhatWasKnown) {
  const auto early = survival_durations(shop().as_of_day(data::from_civil(2024, 1, 20)),
                                        options(SurvivalEvent::second_purchase));
  EXPECT_EQ(names(early), (std::vector<std::string>{"back", "silent"}));
  EXPECT_EQ(early.event, (std::vector<std::int32_t>{0, 1}));
  EXPECT_EQ(early.duration, (std::vector<double>{9, 5}));
}

TEST(SurvivalDurations, FeedsTheCurve) {
  const auto found = survival_durations(shop(), options(SurvivalEvent::second_purchase));
  const auto curve = learn::survival_curve(found.view());
  EXPECT_EQ(curve.n_rows, 4);
  EXPECT_EQ(curve.n_events, 2);
}

TEST(SurvivalDurations, SaysWhatIsWrong) {
  EXPECT_THROW((void)parse_survival_event("never"), InvalidArgument);
  EXPECT_THROW((void)survival_durations(data::Sales()), DataError);
  Context context;
  context.stop.request_stop();
  EXPECT_THROW((void)survival_durations(shop(), {}, context), Cancelled);
}

}  // namespace emptor::customers
