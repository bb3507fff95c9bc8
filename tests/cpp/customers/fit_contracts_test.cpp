#include "emptor/customers/fit_contracts.hpp"

#include "emptor/core/error.hpp"

#include "core/random.hpp"
#include "customers/contract_law.hpp"
#include "simulation.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdio>
#include <limits>
#include <string>
#include <vector>

namespace emptor::customers {
namespace {

// Of 1,000 customers, how many were left after each year (Fader and Hardie 2007, table 1).
const std::vector<std::int64_t> kRegular{1000, 631, 468, 382, 326, 289, 262, 241};
const std::vector<std::int64_t> kHighEnd{1000, 869, 743, 653, 593, 551, 517, 491};

ContractFit fit_of(const std::vector<std::int64_t>& survivors, ContractModel model) {
  return fit_contracts(cohort_rows(survivors).view(), {.model = model});
}

/// Customers of a law, who began at random within the last `most` periods.
ContractRows simulated(ContractModel model, double alpha, double beta, double c, int customers,
                       int most, std::uint64_t seed) {
  ContractRows rows;
  for (int i = 0; i < customers; ++i) {
    core::Random random(seed, core::hash_integer(static_cast<std::uint64_t>(i)));
    const double a = random.gamma(alpha), b = random.gamma(beta), leave = a / (a + b);
    const auto watched = 1 + static_cast<std::int64_t>(random.uniform() * most);
    // Renews t times with chance (1 - leave)^(t^c).
    const double reach = random.exponential() / -std::log1p(-leave);
    const double end = std::pow(reach, model == ContractModel::bdw ? 1 / c : 1);
    const auto left = static_cast<std::int64_t>(std::min(end, 1e6)) + 1;
    rows.tenure.push_back(std::min(left, watched));
    rows.lost.push_back(left <= watched);
    rows.count.push_back(1);
  }
  return rows;
}

}  // namespace

// The published fits of the sBG (Fader and Hardie 2007) to their digits, and those of both models
// by an independent program (scipy, Nelder-Mead).
TEST(FitContracts, FaderAndHardie) {
  struct Oracle {
    const std::vector<std::int64_t>& survivors;
    ContractModel model;
    std::vector<double> parameters;
    double log_likelihood;
  };
  for (const Oracle& oracle :
       {Oracle{kRegular, ContractModel::sbg, {.7040773, 1.18204299}, -1680.2651884633},
        {kHighEnd, ContractModel::sbg, {.66808834, 3.80609483}, -1611.1581473912},
        {kRegular, ContractModel::bdw, {.455614, .77932553, 1.28345127}, -1679.6028329072},
        {kHighEnd, ContractModel::bdw, {.21425333, 1.42657488, 1.72356488}, -1605.3142132142}}) {
    const auto fit = fit_of(oracle.survivors, oracle.model);
    EXPECT_EQ(fit.status, Status::ok);
    EXPECT_EQ(fit.n, 1000);
    EXPECT_EQ(fit.max_tenure, 7);
    EXPECT_NEAR(fit.log_likelihood, oracle.log_likelihood, 1e-8);
    for (std::size_t i = 0; i < fit.parameters.size(); ++i) {
      EXPECT_NEAR(fit.parameters[i], oracle.parameters[i], 1e-5);
      EXPECT_LT(fit.low[i], fit.parameters[i]);
      EXPECT_LT(fit.parameters[i], fit.high[i]);
    }
  }
}

// The slopes and curvatures of ln S(t) against differences.
TEST(FitContracts, Derivatives) {
  for (const std::array<double, 3>& p :
       {std::array{.7, 1.2, 1.0}, {.2, 1.4, 1.7}, {30., 80., .4}, {.05, 9., 1.3}})
    for (const double t : {0., 1., 2., 7., 300.}) {
      const auto at = [&](std::size_t i, double step) {
        auto q = p;
        q[i] *= std::exp(step);
        return log_survival(q[0], q[1], q[2], t);
      };
      const LogSurvival here = log_survival(p[0], p[1], p[2], t);
      EXPECT_LE(here.value, 0);
      for (std::size_t i = 0; i < 3; ++i) {
        const double h = 1e-4;
        // The slope by c is a difference of digammas times this, so their last bits count more.
        const double steep = t > 0 ? std::pow(t, p[2]) * p[2] * std::log(t) : 0;
        const double rounding = 4e-15 * steep / h;
        const auto up = at(i, h), down = at(i, -h);
        EXPECT_NEAR(here.slope[i], (up.value - down.value) / (2 * h),
                    1e-6 * (1 + std::fabs(here.slope[i])));
        for (std::size_t j = 0; j < 3; ++j)
          EXPECT_NEAR(here.curve[i][j], (up.slope[j] - down.slope[j]) / (2 * h),
                      1e-6 * (1 + std::fabs(here.curve[i][j])) + rounding)
              << i << j;
      }
    }
}

// A cohort's counts, its customers one by one, and in any order, are one and the same.
TEST(FitContracts, CountsAreCustomers) {
  const ContractRows rows = cohort_rows(kHighEnd);
  ContractRows single;
  for (std::size_t i = rows.tenure.size(); i-- > 0;)
    for (std::int64_t k = 0; k < rows.count[i]; ++k) {
      single.tenure.push_back(rows.tenure[i]);
      single.lost.push_back(rows.lost[i]);
    }
  for (const auto model : {ContractModel::sbg, ContractModel::bdw})
    EXPECT_EQ(fit_contracts(single.view(), {.model = model}).to_bytes(),
              fit_contracts(rows.view(), {.model = model}).to_bytes());
}

// 95 % intervals hold planted parameters 95 times in 100, cohorts of every age together.
TEST(FitContracts, IntervalsCover) {
  const int runs = 60 * emptor::testing::simulation_scale();
  for (const auto model : {ContractModel::sbg, ContractModel::bdw}) {
    const std::array truth{.8, 2.5, 1.4};
    int all = 0, in = 0, fits = 0;
    for (int run = 0; run < runs; ++run) {
      const auto rows = simulated(model, truth[0], truth[1], truth[2], 3000, 12,
                                  1 + static_cast<std::uint64_t>(run));
      const auto fit = fit_contracts(rows.view(), {.model = model});
      if (fit.status != Status::ok) continue;
      ++fits;
      for (std::size_t i = 0; i < fit.parameters.size(); ++i) {
        ++all;
        in += fit.low[i] <= truth[i] && truth[i] <= fit.high[i];
      }
    }
    const double share = in / static_cast<double>(all);
    std::printf("%s %d fits: parameters %.3f\n", std::string(to_string(model)).c_str(), fits,
                share);
    EXPECT_GE(fits, 0.95 * runs);
    // 120 to 180 parameters that move together: three standard errors are about .07.
    EXPECT_GE(share, .88) << to_string(model);
  }
}

TEST(FitContracts, LittleData) {
  const auto of = [](std::vector<std::int64_t> survivors, ContractModel model) {
    return fit_of(survivors, model);
  };
  auto fit = of({50, 50, 50}, ContractModel::sbg);
  EXPECT_EQ(fit.status, Status::not_enough_data);
  EXPECT_EQ(fit.reason, ContractFitReason::nobody_left);
  EXPECT_TRUE(std::isnan(fit.parameters[0]));
  fit = of({50, 40}, ContractModel::sbg);
  EXPECT_EQ(fit.reason, ContractFitReason::few_periods);
  fit = of({50, 45, 43, 42}, ContractModel::sbg);
  EXPECT_EQ(fit.reason, ContractFitReason::few_left);
  EXPECT_EQ(fit.status, Status::small_sample);
  // A flat retention rate: nobody differs, which only infinite alpha and beta say.
  fit = of({1024, 512, 256, 128, 64, 32}, ContractModel::sbg);
  EXPECT_EQ(fit.reason, ContractFitReason::same_leaving);
  EXPECT_EQ(fit.status, Status::boundary);
  fit = fit_contracts(ContractView{});
  EXPECT_EQ(fit.status, Status::not_enough_data);
}

TEST(FitContracts, BytesAndBack) {
  for (const auto model : {ContractModel::sbg, ContractModel::bdw}) {
    const auto fit = fit_of(kRegular, model);
    const std::string bytes = fit.to_bytes();
    const auto back = contract_fit_from(bytes);
    EXPECT_EQ(back.to_bytes(), bytes);
    EXPECT_EQ(back.log_covariance, fit.log_covariance);
    for (std::size_t at = 0; at < bytes.size(); at += 37) {
      std::string broken = bytes;
      broken[at] = static_cast<char>(broken[at] ^ 4);
      EXPECT_THROW(contract_fit_from(broken), FormatError);
    }
  }
  EXPECT_THROW(contract_fit_from(save_columns_bytes({})), FormatError);
}

TEST(FitContracts, Arguments) {
  const auto message = [](const auto& call) {
    try {
      call();
    } catch (const InvalidArgument& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  const std::vector<std::int64_t> tenure{3, 0}, rising{10, 12}, one{10};
  const std::vector<std::uint8_t> lost{0, 1}, other{2, 0};
  EXPECT_EQ(message([&] {
              fit_contracts({tenure, lost, {}});
            }),
            "fit_contracts: tenure is 0 in row 1 of somebody who left; the first renewal is number "
            "1");
  EXPECT_EQ(message([&] {
              fit_contracts({tenure, other, {}});
            }),
            "fit_contracts: lost must be 0 (still there) or 1 (left), found 2 in row 0");
  EXPECT_EQ(message([&] {
              fit_contracts({tenure, {}, {}});
            }),
            "fit_contracts: lost has 0 rows, tenure 2");
  EXPECT_EQ(message([&] { cohort_rows(rising); }),
            "fit_contracts: survivors is 12 after 1 renewals, more than the 10 before");
  EXPECT_EQ(message([&] { cohort_rows(one); }),
            "fit_contracts: survivors needs the cohort's size and how many were left after each "
            "renewal");
  EXPECT_EQ(message([&] { parse_contract_model("bg"); }),
            "fit_contracts: model must be \"sbg\" or \"bdw\", got 'bg'");
  EXPECT_EQ(message([&] {
              contract_fit(ContractModel::bdw, std::array{1., 2.});
            }),
            "contract_fit: \"bdw\" takes positive numbers for alpha, beta, c, and a period as \"1 "
            "year\"");
  EXPECT_EQ(message([&] {
              fit_contracts({tenure, lost, {}}, {.level = 1});
            }),
            "fit_contracts: level must lie between 0 and 1, as 0.95");
}

}  // namespace emptor::customers
