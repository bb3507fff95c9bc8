#include "customers/rate_prior.hpp"

#include "core/random.hpp"
#include "files.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace emptor::customers {

// NBD on the CDNOW sample, weeks: .38477, 12.07208 by independent code (file: cdnow/
// cdnow_customers_summary.csv).
TEST(RatePrior, MatchesTheNbdOfCdnow) {
  const std::string path = emptor::testing::shared_data("cdnow/cdnow_customers_summary.csv");
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "no file " << path;
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  std::vector<std::string> names;
  std::stringstream header(line);
  for (std::string name; std::getline(header, name, ',');) names.push_back(name);
  std::size_t frequency = 0, age = 0;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i].find("frequency") != std::string::npos) frequency = i;
    if (names[i].find('T') != std::string::npos) age = i;
  }
  std::vector<RatioRow> rows;
  while (std::getline(file, line)) {
    std::stringstream cells(line);
    std::vector<double> values;
    for (std::string cell; std::getline(cells, cell, ',');)
      values.push_back(cell.empty() ? 0 : std::stod(cell));
    if (values.size() <= age) continue;
    rows.push_back({static_cast<int>(values[frequency]), values[age], 0, 1, 0, 1});
  }
  ASSERT_EQ(rows.size(), 2357U);
  const RatePrior prior = fit_rate_prior(rows, 1, 3000);
  EXPECT_TRUE(prior.converged);
  EXPECT_NEAR(prior.shape, 0.38477, 2e-4);
  EXPECT_NEAR(prior.rate, 12.07208, 1e-2);
}

TEST(RatePrior, TruncationIsUndone) {
  std::vector<RatioRow> rows;
  core::Random random(5);
  for (int i = 0; i < 40000; ++i) {
    const double exposure = i % 2 == 0 ? 180 : 90;
    const auto n = static_cast<int>(random.poisson(exposure * 0.03 * random.gamma(1.5) / 1.5));
    const int selected = i % 2 == 0 ? 3 : 2;
    if (n >= selected) rows.push_back({n, exposure, 0, 90, selected, 1});
  }
  const RatePrior prior = fit_rate_prior(rows, 1, 180);
  EXPECT_NEAR(prior.shape, 1.5, 0.25);
  EXPECT_NEAR(prior.shape / prior.rate, 0.03, 0.003);
  for (RatioRow& row : rows) row.selected = 0;
  EXPECT_GT(fit_rate_prior(rows, 1, 180).shape, 2.2) << "truncation made no difference";
}

// Two kinds of customers, .015 and .065 occasions a day, seven to three.
TEST(RatePrior, FindsTwoKindsOfCustomers) {
  std::vector<RatioRow> rows;
  core::Random random(8);
  for (int i = 0; i < 5000; ++i) {
    const auto n = static_cast<int>(random.poisson(180 * (random.uniform() < 0.7 ? 0.015 : 0.065)));
    if (n >= 3) rows.push_back({n, 180, 0, 90, 3, 1});
  }
  const RatePrior prior = fit_rate_prior(rows, 1, 180);
  ASSERT_EQ(prior.laws.size(), 2U);
  EXPECT_NEAR(prior.laws[0].share, 0.7, 0.05);
  EXPECT_NEAR(prior.laws[1].share, 0.3, 0.05);
  EXPECT_NEAR(prior.laws[0].shape / prior.laws[0].rate, 0.015, 0.002);
  EXPECT_NEAR(prior.laws[1].shape / prior.laws[1].rate, 0.065, 0.003);
}

TEST(RatePrior, OneKindOfCustomersNeedsNoSecondLaw) {
  int two = 0;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    std::vector<RatioRow> rows;
    core::Random random(seed);
    for (int i = 0; i < 1500; ++i) {
      const auto n = static_cast<int>(random.poisson(180 * 0.03 * random.gamma(1.5) / 1.5));
      if (n >= 3) rows.push_back({n, 180, 0, 90, 3, 1});
    }
    const RatePrior prior = fit_rate_prior(rows, 1, 180);
    two += prior.laws.size() == 2 ? 1 : 0;
    EXPECT_NEAR(prior.laws[0].share + (prior.laws.size() == 2 ? prior.laws[1].share : 0), 1, 1e-12);
  }
  EXPECT_LE(two, 5);
}

TEST(RatePrior, CountsStandForCustomers) {
  const std::vector<RatioRow> collapsed{
      {3, 180, 0, 90, 3, 2}, {9, 180, 0, 90, 3, 1}, {2, 60, 0, 90, 2, 3}};
  std::vector<RatioRow> single;
  for (const RatioRow& row : collapsed)
    for (std::int64_t i = 0; i < row.count; ++i) {
      single.push_back(row);
      single.back().count = 1;
    }
  EXPECT_EQ(fit_rate_prior(collapsed, 1.3, 180).shape, fit_rate_prior(single, 1.3, 180).shape);
}

}  // namespace emptor::customers
