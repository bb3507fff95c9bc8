#include "emptor/customers/nps.hpp"

#include "emptor/core/error.hpp"

#include "core/random.hpp"
#include "simulation.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdio>
#include <limits>

namespace emptor::customers {
namespace {

std::vector<double> answers(int promoters, int passives, int detractors) {
  std::vector<double> out(static_cast<std::size_t>(promoters), 10);
  out.insert(out.end(), static_cast<std::size_t>(passives), 7);
  out.insert(out.end(), static_cast<std::size_t>(detractors), 3);
  return out;
}

std::string message(const auto& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

int draw(core::Random& random, double promoter, double detractor) {
  const double u = random.uniform();
  return u < promoter ? 9 : u < promoter + detractor ? 6 : 8;
}

}  // namespace

// Worked by independent code from Rocks's formula: 20 promoters, 10 passives, 6 detractors: score
// 38.89, interval 12.07 to 59.72; five promoters: 17.49 to 100.
TEST(Nps, ByHand) {
  const auto found = nps({answers(20, 10, 6)});
  EXPECT_NEAR(found.nps[0], 100 * 14.0 / 36, 1e-12);
  EXPECT_NEAR(found.nps_low[0], 12.07, 5e-3);
  EXPECT_NEAR(found.nps_high[0], 59.72, 5e-3);
  EXPECT_EQ(found.n[0], 36);
  EXPECT_EQ(found.passives[0], 10);
  EXPECT_EQ(found.status[0], Status::ok);
  const auto five = nps({answers(5, 0, 0)});
  EXPECT_EQ(five.nps[0], 100);
  EXPECT_NEAR(five.nps_low[0], 17.49, 5e-3);
  EXPECT_EQ(five.nps_high[0], 100);
  EXPECT_EQ(five.status[0], Status::small_sample);
}

TEST(Nps, EveryScoreIsOfItsKind) {
  for (int score = 0; score <= 10; ++score) {
    const std::array<double, 1> one{static_cast<double>(score)};
    const auto found = nps({one});
    EXPECT_EQ(found.promoters[0], score >= 9);
    EXPECT_EQ(found.passives[0], score == 7 || score == 8);
    EXPECT_EQ(found.detractors[0], score <= 6);
  }
}

TEST(Nps, GroupsAndChanges) {
  std::vector<double> scores = answers(30, 10, 10);
  for (const double s : answers(20, 10, 20)) scores.push_back(s);
  for (const double s : answers(1, 0, 0)) scores.push_back(s);
  scores.push_back(std::numeric_limits<double>::quiet_NaN());
  std::vector<std::int32_t> group(50, 0);
  group.resize(100, 1);
  group.push_back(-1);
  group.push_back(0);
  const auto names = Dictionary::from_texts(std::vector<std::string>{"2024", "2025", "2026"});
  const auto found = nps({scores, group, names}, {.compare = NpsCompare::previous});
  ASSERT_EQ(found.nps.size(), 3u);
  EXPECT_NEAR(found.nps[0], 40, 1e-12);
  EXPECT_NEAR(found.nps[1], 0, 1e-12);
  EXPECT_TRUE(std::isnan(found.nps[2]));
  EXPECT_EQ(found.status[2], Status::not_enough_data);
  EXPECT_EQ(found.n_missing, 1);
  EXPECT_TRUE(std::isnan(found.change[0]));
  EXPECT_EQ(found.change_status[0], Status::not_enough_data);
  EXPECT_NEAR(found.change[1], -40, 1e-12);
  EXPECT_LT(found.change_high[1], 0);
  EXPECT_GT(found.change_low[1], -100);
  // Against the rest the two groups are each other's mirror.
  const auto rest = nps({scores, group, names}, {.compare = NpsCompare::rest});
  EXPECT_NEAR(rest.change[0], 40, 1e-12);
  EXPECT_NEAR(rest.change_low[0], -rest.change_high[1], 1e-12);
  EXPECT_EQ(rest.change_n[0], 50);
  EXPECT_EQ(nps({scores, group, names}).columns().size(), 9u);
}

TEST(Nps, OrderOfRowsDoesNotMatter) {
  auto scores = answers(3, 4, 5);
  const auto first = nps({scores});
  std::swap(scores.front(), scores.back());
  EXPECT_EQ(nps({scores}).nps_low, first.nps_low);
}

TEST(Nps, SaysWhatIsWrong) {
  const std::vector<std::pair<double, std::string>> refused{
      {-1.0, "-1"}, {11.0, "11"}, {7.5, "7.5"}, {std::numeric_limits<double>::infinity(), "inf"}};
  for (const auto& [bad, text] : refused) {
    const std::array<double, 2> scores{9, bad};
    EXPECT_EQ(message([&] { (void)nps({scores}); }),
              "nps: scores must be whole numbers from 0 to 10; row 1 is " + text +
                  "; leave out what is no answer, and do not rescale other scales");
  }
  const std::array<double, 2> scores{9, 3};
  const std::array<std::int32_t, 2> codes{0, 4};
  const auto one = Dictionary::from_integers({1});
  EXPECT_EQ(message([&] {
              (void)nps({scores, codes});
            }),
            "nps: group is given without what its codes mean");
  EXPECT_EQ(message([&] {
              (void)nps({scores, codes, one});
            }),
            "nps: group must be -1 or a code below 1; row 1 is 4");
  EXPECT_EQ(message([&] {
              (void)nps({scores, std::span(codes).first(1), one});
            }),
            "nps: group has 1 values and score 2; give one of each per answer");
  EXPECT_EQ(message([&] { (void)nps({scores}, {.level = 1.5}); }),
            "nps: level must lie between 0 and 1, found 1.5");
  EXPECT_EQ(message([] { (void)parse_nps_compare("first"); }),
            "nps: compare must be \"none\", \"previous\" or \"rest\", found 'first'");
  EXPECT_EQ(nps({}).status[0], Status::not_enough_data);
  Context context;
  context.stop.request_stop();
  EXPECT_THROW((void)nps({scores}, {}, context), Cancelled);
}

// Coverage of both intervals over shares of promoters and detractors, small and large samples.
TEST(Nps, SimulationCoverage) {
  const int runs = 4000 * emptor::testing::simulation_scale();
  constexpr std::array<std::array<double, 2>, 4> shares{
      {{0.5, 0.2}, {0.3, 0.3}, {0.7, 0.05}, {0.1, 0.6}}};
  double sum = 0, change_sum = 0;
  int settings = 0;
  for (const auto& [promoter, detractor] : shares) {
    for (const int n : {10, 40, 200}) {
      int inside = 0, changes = 0;
      for (int run = 0; run < runs; ++run) {
        core::Random random(300 + static_cast<std::uint64_t>(n), static_cast<std::uint64_t>(run));
        std::vector<double> scores;
        std::vector<std::int32_t> group;
        for (int i = 0; i < n; ++i) {
          scores.push_back(draw(random, promoter, detractor));
          group.push_back(0);
        }
        for (int i = 0; i < 50; ++i) {
          scores.push_back(draw(random, 0.4, 0.25));
          group.push_back(1);
        }
        const auto found = nps({scores, group, Dictionary::from_integers({1, 2})},
                               {.compare = NpsCompare::previous});
        const double truth = 100 * (promoter - detractor), change = 15 - truth;
        inside += found.nps_low[0] <= truth && truth <= found.nps_high[0];
        changes += found.change_low[1] <= change && change <= found.change_high[1];
      }
      const double coverage = static_cast<double>(inside) / runs;
      const double change_coverage = static_cast<double>(changes) / runs;
      std::printf("  %.2f %.2f n %3d: coverage %.3f, of the change %.3f\n", promoter, detractor, n,
                  coverage, change_coverage);
      EXPECT_GT(coverage, 0.92);
      EXPECT_GT(change_coverage, 0.92);
      sum += coverage;
      change_sum += change_coverage;
      ++settings;
    }
  }
  EXPECT_NEAR(sum / settings, 0.95, 0.02);
  EXPECT_NEAR(change_sum / settings, 0.95, 0.02);
}

}  // namespace emptor::customers
