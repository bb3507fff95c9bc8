#include "emptor/customers/fit_bgbb.hpp"

#include "emptor/core/error.hpp"
#include "emptor/customers/bgbb_purchases.hpp"

#include "core/random.hpp"
#include "customers/donations.hpp"
#include "simulation.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

namespace emptor::customers {
namespace {

using testing::Donors;

Donors simulated(std::span<const double> law, int customers, int occasions, std::uint64_t seed) {
  Donors all;
  for (int i = 0; i < customers; ++i) {
    core::Random random(seed, core::hash_integer(static_cast<std::uint64_t>(i)));
    const double a = random.gamma(law[0]), b = random.gamma(law[1]);
    const double c = random.gamma(law[2]), d = random.gamma(law[3]);
    std::int64_t x = 0, last = 0;
    // Cohorts of every age: of 3 occasions and more.
    const int n = 3 + i % (occasions - 2);
    for (int k = 1; k <= n; ++k) {
      if (random.uniform() < c / (c + d)) break;
      if (random.uniform() < a / (a + b)) ++x, last = k;
    }
    all.add(x, last, n, 1);
  }
  return all;
}

}  // namespace

// 11,104 donors over six years (Fader, Hardie, Shang 2010): parameters and standard errors to the
// printed digits, log-likelihood to six.
TEST(FitBgbb, Donations) {
  const Donors donors = testing::donations();
  if (donors.x.empty()) GTEST_SKIP() << "no shared data btyd";
  const auto fit = fit_bgbb(donors.view());
  EXPECT_EQ(fit.n, 11104);
  EXPECT_EQ(fit.status, Status::ok);
  EXPECT_NEAR(fit.log_likelihood, -33225.5813, 5e-4);
  const std::array parameters{1.20352, .74972, .65672, 2.78344};
  const std::array errors{.0694, .0295, .0510, .3208};
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_NEAR(fit.parameters[i], parameters[i], 1e-4) << i;
    EXPECT_NEAR(fit.standard_error[i], errors[i], 6e-4) << i;
  }
}

// The likelihood's rows, as pymc-marketing's tests have them: each alone tells ln L.
TEST(FitBgbb, SingleRows) {
  // ln L of one row is what it adds: differences of two summaries at the fit's own parameters would
  // need a likelihood; here the closed form is written down once more, in plain sums.
  const std::array p{1.20352, .74972, .65672, 2.78344};
  const auto log_beta = [](double a, double b) {
    return std::lgamma(a) + std::lgamma(b) - std::lgamma(a + b);
  };
  const auto row = [&](double x, double last, double n) {
    const double base = log_beta(p[0], p[1]) + log_beta(p[2], p[3]);
    double sum = std::exp(log_beta(p[0] + x, p[1] + n - x) + log_beta(p[2], p[3] + n) - base);
    for (double i = last; i < n; ++i)
      sum += std::exp(log_beta(p[0] + x, p[1] + i - x) + log_beta(p[2] + 1, p[3] + i) - base);
    return std::log(sum);
  };
  EXPECT_NEAR(row(6, 6, 6), -2.18167, 5e-5);
  EXPECT_NEAR(row(5, 6, 6), -4.29485, 5e-5);
  EXPECT_NEAR(row(1, 6, 6), -4.88370, 5e-5);
  EXPECT_NEAR(row(0, 0, 6), -1.167516, 5e-6);
  const Donors donors = testing::donations();
  if (donors.x.empty()) GTEST_SKIP() << "no shared data btyd";
  const auto fit = fit_bgbb(donors.view());
  double sum = 0;
  for (std::size_t i = 0; i < donors.x.size(); ++i)
    sum += static_cast<double>(donors.count[i]) *
           row(static_cast<double>(donors.x[i]), static_cast<double>(donors.last[i]), 6);
  EXPECT_NEAR(sum, fit.log_likelihood, 1e-5);  // flat at the maximum
}

TEST(FitBgbb, CountsAreCustomersAndThreadsDoNotMatter) {
  const Donors all = simulated(std::array{1.2, .75, .65, 2.8}, 800, 9, 4);
  const auto one = fit_bgbb(all.view(), {}, {.threads = 1});
  for (const int threads : {2, 3, 8})
    EXPECT_EQ(fit_bgbb(all.view(), {}, {.threads = threads}).to_bytes(), one.to_bytes());
  Donors twice = all;
  for (auto* column : {&twice.x, &twice.last, &twice.n, &twice.count}) {
    const std::vector<std::int64_t> copy = *column;
    column->insert(column->begin(), copy.rbegin(), copy.rend());
  }
  Donors weighted = all;
  weighted.count.assign(all.x.size(), 2);
  EXPECT_EQ(fit_bgbb(twice.view()).to_bytes(), fit_bgbb(weighted.view()).to_bytes());
}

TEST(FitBgbb, IntervalsCover) {
  const int runs = 40 * emptor::testing::simulation_scale();
  const std::array truth{1.2, .75, .65, 2.8};
  int all = 0, in = 0, means = 0, means_in = 0, fits = 0;
  for (int run = 0; run < runs; ++run) {
    const Donors donors = simulated(truth, 3000, 9, 1 + static_cast<std::uint64_t>(run));
    const auto fit = fit_bgbb(donors.view());
    if (fit.status != Status::ok) continue;
    ++fits;
    for (std::size_t i = 0; i < 4; ++i) {
      ++all;
      in += fit.low[i] <= truth[i] && truth[i] <= fit.high[i];
    }
    const auto found = bgbb_purchases(fit, donors.view(), {.horizon = 5});
    const auto exact = bgbb_purchases(bgbb_fit(truth), donors.view(), {.horizon = 5});
    for (std::size_t i = 0; i < donors.x.size(); i += 60) {
      ++means;
      means_in += found.expected_purchases_low[i] <= exact.expected_purchases[i] &&
                  exact.expected_purchases[i] <= found.expected_purchases_high[i];
    }
  }
  const auto share = [](int part, int whole) { return part / static_cast<double>(whole); };
  std::printf("bgbb %d fits: parameters %.3f, expected purchases %.3f\n", fits, share(in, all),
              share(means_in, means));
  EXPECT_GE(fits, 0.95 * runs);
  // 40 runs of four correlated parameters: two standard errors are about .04.
  EXPECT_GE(share(in, all), .90);
  EXPECT_GE(share(means_in, means), .88);
}

TEST(FitBgbb, LittleDataAndBytes) {
  Donors few;
  few.add(0, 0, 4, 30);
  EXPECT_EQ(fit_bgbb(few.view()).reason, BgbbFitReason::no_repeat);
  EXPECT_EQ(fit_bgbb(BgbbView{}).status, Status::not_enough_data);
  few.add(1, 3, 4, 4);
  few.add(3, 4, 4, 2);
  EXPECT_NE(fit_bgbb(few.view()).status, Status::ok);
  const auto fit = bgbb_fit(std::array{1.2, .75, .65, 2.8});
  const std::string bytes = fit.to_bytes();
  EXPECT_EQ(bgbb_fit_from(bytes).to_bytes(), bytes);
  for (std::size_t at = 0; at < bytes.size(); at += 37) {
    std::string broken = bytes;
    broken[at] = static_cast<char>(broken[at] ^ 4);
    EXPECT_THROW(bgbb_fit_from(broken), FormatError);
  }
}

TEST(FitBgbb, Arguments) {
  const auto message = [](std::int64_t x, std::int64_t last, std::int64_t n) {
    Donors one;
    one.add(x, last, n, 1);
    try {
      fit_bgbb(one.view());
    } catch (const InvalidArgument& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  EXPECT_EQ(
      message(1, 5, 4),
      "fit_bgbb: recency 5 is greater than occasions 4 in row 0; it is the number of the last "
      "one used");
  EXPECT_EQ(message(3, 2, 4),
            "fit_bgbb: recency is 2 in row 0 where frequency is 3; it is the number of the last "
            "occasion used, 0 if none was");
  EXPECT_EQ(message(0, 2, 4),
            "fit_bgbb: recency is 2 in row 0 where frequency is 0; it is the number of the last "
            "occasion used, 0 if none was");
  EXPECT_EQ(message(-1, 0, 4), "fit_bgbb: frequency is -1 in row 0; it counts occasions used");
  EXPECT_EQ(message(0, 0, -1), "fit_bgbb: occasions is -1 in row 0; it counts them, at most 10000");
  EXPECT_THROW(bgbb_fit(std::array{1., 2., 3., 0.}), InvalidArgument);
}

}  // namespace emptor::customers
