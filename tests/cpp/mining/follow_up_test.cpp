#include "mining/follow_up.hpp"

#include "emptor/core/interval.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace emptor::mining::next {
namespace {

// Weeks of remission under 6-MP, n = 21 (Freireich et al. 1963; Kalbfleisch and Prentice 2002,
// p. 17): + is censored. 6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+
std::vector<Followed> remission(int copies) {
  std::vector<Followed> people;
  for (int i = 0; i < copies; ++i) {
    for (const int t : {6, 6, 6, 7, 10, 13, 16, 22, 23}) people.push_back({0, t, true});
    for (const int t : {6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35})
      people.push_back({0, t, false});
  }
  return people;
}

TEST(KaplanMeier, RemissionData) {
  // Published survival: .857 at 6, .807 at 7, .753 at 10, .690 at 13, .627 at 16, .538 at 22, .448
  // at 23; followed to week 35.
  const auto within = kaplan_meier(remission(1), 35, 0.95);
  EXPECT_NEAR(within.share.value, 1 - 0.448, 5e-4);
  EXPECT_EQ(within.share.n, 21);
  EXPECT_EQ(within.share.status, Status::small_sample);
  EXPECT_EQ(within.median_days, 13);  // 1 - .690 = .310 is the first at or above .552 / 2
}

TEST(KaplanMeier, LogLogLimitsOfManyEvents) {
  // R's survfit(conf.type = "log-log") gives .188 to .680 for the survival at 23 of the 21; four
  // times the people quarter the variance of log(-log S).
  const auto within = kaplan_meier(remission(4), 35, 0.95);
  const auto c = [](double s) { return std::log(-std::log(s)); };
  const double centre = c(0.4482), half = (c(0.188) - c(0.680)) / 4;
  EXPECT_NEAR(1 - within.share.low, std::exp(-std::exp(centre - half)), 2e-3);
  EXPECT_NEAR(1 - within.share.high, std::exp(-std::exp(centre + half)), 2e-3);
}

TEST(KaplanMeier, WithoutCensoringTheLimitsAreClopperAndPearsons) {
  std::vector<Followed> people;
  for (int i = 0; i < 40; ++i) people.push_back({0, i < 7 ? 3 + i : 90, i < 7});
  const auto within = kaplan_meier(people, 90, 0.95);
  const auto exact = clopper_pearson(7, 40, 0.95);
  EXPECT_DOUBLE_EQ(within.share.value, 7.0 / 40);
  EXPECT_NEAR(within.share.low, exact.low, 1e-12);
  EXPECT_NEAR(within.share.high, exact.high, 1e-12);
}

TEST(KaplanMeier, NoEventsAndNobodyFollowed) {
  const auto none = kaplan_meier(std::vector<Followed>(20, {0, 90, false}), 90, 0.95);
  EXPECT_EQ(none.share.value, 0);
  EXPECT_EQ(none.share.low, 0);
  EXPECT_NEAR(none.share.high, clopper_pearson(0, 20, 0.95).high, 1e-12);
  EXPECT_TRUE(std::isnan(none.median_days));

  std::vector<Followed> short_ones(50, {0, 30, false});
  for (int i = 0; i < 12; ++i) short_ones.push_back({0, 5, true});
  const auto bound = kaplan_meier(short_ones, 90, 0.95);
  EXPECT_EQ(bound.share.status, Status::extrapolated);
  EXPECT_NEAR(bound.share.value, 12.0 / 62, 1e-12);
  EXPECT_EQ(bound.share.high, 1);
  EXPECT_EQ(kaplan_meier({}, 90, 0.95).share.status, Status::not_enough_data);
}

TEST(KaplanMeier, EventComesBeforeCensoringOnTheSameDay) {
  const std::vector<Followed> people{{0, 5, false}, {0, 5, true}, {0, 9, false}};
  EXPECT_DOUBLE_EQ(kaplan_meier(people, 9, 0.95).share.value, 1.0 / 3);
}

}  // namespace
}  // namespace emptor::mining::next
