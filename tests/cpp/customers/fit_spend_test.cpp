#include "emptor/customers/fit_spend.hpp"

#include "emptor/core/error.hpp"
#include "emptor/customers/expected_spend.hpp"

#include "core/random.hpp"
#include "core/special.hpp"
#include "customers/spend_likelihood.hpp"
#include "files.hpp"
#include "simulation.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <limits>
#include <sstream>
#include <string>
#include <vector>

namespace emptor::customers {
namespace {

struct Spenders {
  std::vector<std::int64_t> frequency{};
  std::vector<double> monetary_value{};
  std::vector<double> true_mean{};
  [[nodiscard]] SpendView view() const { return {frequency, monetary_value}; }
  void add(std::int64_t x, double m) {
    frequency.push_back(x);
    monetary_value.push_back(m);
  }
};

// From the model: nu ~ Gamma(q, rate v), orders ~ Gamma(p, rate nu).
Spenders simulate(int customers, double p, double q, double v, std::uint64_t seed) {
  Spenders out;
  for (int c = 0; c < customers; ++c) {
    core::Random random(seed, static_cast<std::uint64_t>(c));
    const auto x = random.poisson(1.2 * random.gamma(0.8) / 0.8);
    const double nu = random.gamma(q) / v;
    const double m = x > 0 ? random.gamma(p * static_cast<double>(x)) / nu / static_cast<double>(x)
                           : std::numeric_limits<double>::quiet_NaN();
    out.add(x, m);
    out.true_mean.push_back(p / nu);
  }
  return out;
}

// Equation 1a of Fader and Hardie (2013) as it stands, a customer at a time.
double by_the_paper(const SpendView& view, double p, double q, double v) {
  double sum = 0;
  for (std::size_t i = 0; i < view.size(); ++i) {
    if (view.frequency[i] == 0) continue;
    const auto x = static_cast<double>(view.frequency[i]);
    const double m = view.monetary_value[i];
    sum += core::log_gamma(p * x + q) - core::log_gamma(p * x) - core::log_gamma(q) +
           q * std::log(v) + (p * x - 1) * std::log(m) + p * x * std::log(x) -
           (p * x + q) * std::log(x * m + v);
  }
  return sum;
}

std::string message(const auto& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

// CDNOW's tenth, columns customer, frequency, recency, T and mean spend of 2,357 customers.
Spenders cdnow() {
  Spenders out;
  std::ifstream file(
      emptor::testing::shared_data("cdnow/cdnow_customers_summary_with_transactions.csv"));
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    std::istringstream fields(line);
    std::array<double, 5> value{};
    char comma = 0;
    for (auto& one : value) fields >> one >> comma;
    out.add(static_cast<std::int64_t>(value[1]), value[4]);
  }
  return out;
}

}  // namespace

// lifetimes 0.11.3, GammaGammaFitter on the same file: p 6.248802, q 3.744588, v 15.447748,
// standard errors 1.189687, .290166, 4.159994, mean negative log-likelihood 4.287445289115082;
// correlation .114 from its Quickstart; spend of the first ten customers.
TEST(FitSpend, Cdnow) {
  const Spenders data = cdnow();
  if (data.frequency.empty()) GTEST_SKIP() << "no shared data";
  const SpendFit fit = fit_spend(data.view());
  EXPECT_EQ(fit.status, Status::ok);
  EXPECT_EQ(fit.n, 946);
  EXPECT_EQ(fit.n_left_out, 1411);
  EXPECT_NEAR(fit.p, 6.248802, 2e-4);
  EXPECT_NEAR(fit.q, 3.744588, 2e-5);
  EXPECT_NEAR(fit.v, 15.447748, 5e-4);
  EXPECT_NEAR(fit.log_likelihood, -946 * 4.287445289115082, 1e-6);
  EXPECT_NEAR(fit.standard_error[0], 1.189687, 2e-3);
  EXPECT_NEAR(fit.standard_error[1], 0.290166, 2e-4);
  EXPECT_NEAR(fit.standard_error[2], 4.159994, 5e-3);
  EXPECT_NEAR(fit.correlation.value, 0.11388391048600448, 1e-12);
  const auto spend = expected_spend(fit, data.view());
  constexpr std::array<double, 10> first{24.658616, 18.911480, 35.171002, 35.171002, 35.171002,
                                         71.462851, 18.911480, 35.171002, 27.282408, 35.171002};
  for (std::size_t i = 0; i < first.size(); ++i)
    EXPECT_NEAR(spend.expected_spend[i], first[i], 1e-4) << i;
  EXPECT_NEAR(fit.mean_spend.value, 35.171002, 1e-4);
  EXPECT_EQ(spend.status[2], Status::small_sample);
  EXPECT_EQ(spend.n[2], 0);
}

TEST(FitSpend, LikelihoodIsThatOfThePaper) {
  core::Random random(1);
  const Spenders data = simulate(500, 3, 4, 20, 7);
  const SpendRows rows = spend_rows(data.view());
  const double n = static_cast<double>(rows.size());
  for (int run = 0; run < 300; ++run) {
    const double p = std::exp(4 * random.uniform() - 2), q = 1 + std::exp(4 * random.uniform() - 2);
    const double v = rows.scale * std::exp(4 * random.uniform() - 2);
    const auto at =
        spend_likelihood(rows, {std::log(p), std::log(q - 1), std::log(v / rows.scale)}, {});
    const double paper = by_the_paper(data.view(), p, q, v);
    ASSERT_NEAR(at.value - n * std::log(rows.scale), paper, 1e-10 * std::fabs(paper));
  }
}

TEST(FitSpend, SlopesAndCurvatureEqualDifferences) {
  core::Random random(2);
  const Spenders data = simulate(300, 3, 4, 20, 8);
  const SpendRows rows = spend_rows(data.view());
  for (int run = 0; run < 100; ++run) {
    std::array<double, 3> at{4 * random.uniform() - 2, 4 * random.uniform() - 2,
                             4 * random.uniform() - 2};
    const auto here = spend_likelihood(rows, at, {});
    for (std::size_t i = 0; i < 3; ++i) {
      const double step = 1e-5;
      auto up = at, down = at;
      up[i] += step;
      down[i] -= step;
      const auto above = spend_likelihood(rows, up, {}), below = spend_likelihood(rows, down, {});
      ASSERT_NEAR(here.gradient[i], (above.value - below.value) / (2 * step),
                  1e-5 * (1 + std::fabs(here.gradient[i])));
      for (std::size_t j = 0; j < 3; ++j)
        ASSERT_NEAR(here.hessian[3 * i + j], (above.gradient[j] - below.gradient[j]) / (2 * step),
                    1e-5 * (1 + std::fabs(here.hessian[3 * i + j])));
    }
  }
}

TEST(FitSpend, NothingBeatsTheMaximum) {
  const Spenders data = simulate(2000, 5, 3, 15, 9);
  const SpendFit fit = fit_spend(data.view());
  ASSERT_TRUE(fit.converged);
  core::Random random(3);
  for (int run = 0; run < 500; ++run) {
    const auto near = [&] { return std::exp(0.4 * (random.uniform() - 0.5)); };
    EXPECT_LE(by_the_paper(data.view(), fit.p * near(), 1 + (fit.q - 1) * near(), fit.v * near()),
              fit.log_likelihood + 1e-9);
  }
}

// A currency a hundred times smaller, customers twice, and rows in another order.
TEST(FitSpend, UnitsWeightsAndOrder) {
  const Spenders data = simulate(1500, 5, 3, 15, 10);
  const SpendFit fit = fit_spend(data.view());
  Spenders pence, twice, reversed;
  for (std::size_t i = 0; i < data.frequency.size(); ++i) {
    pence.add(data.frequency[i], 100 * data.monetary_value[i]);
    for (int k = 0; k < 2; ++k) twice.add(data.frequency[i], data.monetary_value[i]);
    const std::size_t j = data.frequency.size() - 1 - i;
    reversed.add(data.frequency[j], data.monetary_value[j]);
  }
  const SpendFit in_pence = fit_spend(pence.view());
  EXPECT_NEAR(in_pence.p, fit.p, 1e-6 * fit.p);
  EXPECT_NEAR(in_pence.v, 100 * fit.v, 1e-4 * fit.v);
  EXPECT_NEAR(in_pence.log_likelihood,
              fit.log_likelihood - static_cast<double>(fit.n) * std::log(100), 1e-6);
  const SpendFit doubled = fit_spend(twice.view());
  EXPECT_NEAR(doubled.q, fit.q, 1e-6 * fit.q);
  EXPECT_NEAR(doubled.standard_error[0], fit.standard_error[0] / std::sqrt(2.0),
              1e-5 * fit.standard_error[0]);
  const SpendFit backwards = fit_spend(reversed.view());
  EXPECT_NEAR(backwards.p, fit.p, 1e-6 * fit.p);
  EXPECT_NEAR(backwards.log_likelihood, fit.log_likelihood, 1e-7);
}

// The posterior by brute force: the law of nu on a grid.
TEST(FitSpend, ExpectedSpendIsThePosterior) {
  const SpendFit fit = spend_fit(6, 4, 15);
  Spenders data;
  data.add(3, 22);
  data.add(0, std::numeric_limits<double>::quiet_NaN());
  data.add(40, 90);
  const auto found = expected_spend(fit, data.view(), {.level = 0.9});
  for (std::size_t i = 0; i < 3; ++i) {
    const auto x = static_cast<double>(data.frequency[i]);
    const double y = x > 0 ? x * data.monetary_value[i] : 0;
    double mass = 0, mean = 0, below = 0, above = 0;
    for (double log_nu = -12; log_nu < 6; log_nu += 1e-4) {
      const double nu = std::exp(log_nu);
      const double weight = std::exp((6 * x + 4) * log_nu - (15 + y) * nu -
                                     (6 * x + 4) * (std::log((6 * x + 4) / (15 + y)) - 1));
      mass += weight;
      mean += weight * 6 / nu;
      below += 6 / nu < found.expected_spend_low[i] ? weight : 0;
      above += 6 / nu > found.expected_spend_high[i] ? weight : 0;
    }
    EXPECT_NEAR(found.expected_spend[i], mean / mass, 1e-6 * mean / mass);
    EXPECT_NEAR(below / mass, 0.05, 2e-4);
    EXPECT_NEAR(above / mass, 0.05, 2e-4);
  }
  Spenders alone;
  alone.add(40, 90);
  EXPECT_EQ(expected_spend(fit, alone.view(), {.level = 0.9}).expected_spend_low[0],
            found.expected_spend_low[2]);  // a batch of one is a batch of all
}

TEST(FitSpend, WhatTheDataDoNotTell) {
  Spenders data;
  for (int i = 0; i < 50; ++i) data.add(1 + i % 5, 20);
  const SpendFit equal = fit_spend(data.view());
  EXPECT_EQ(equal.status, Status::boundary);
  EXPECT_EQ(equal.correlation.status, Status::undefined);

  // Orders scatter and customers do not: 1 / q is what tells customers apart, and it goes to 0.
  Spenders alike;
  core::Random random(4);
  for (int i = 0; i < 3000; ++i) {
    const auto x = static_cast<std::int64_t>(1 + i % 5);
    alike.add(x, 10 * random.gamma(2.0 * static_cast<double>(x)) / (2.0 * static_cast<double>(x)));
  }
  const SpendFit same = fit_spend(alike.view());
  EXPECT_TRUE(same.status == Status::boundary || same.q > 100);
  EXPECT_NEAR(same.mean_spend.value, 10, 0.3);

  const SpendFit none = fit_spend({});
  EXPECT_EQ(none.status, Status::not_enough_data);
  EXPECT_TRUE(std::isnan(none.p));
  EXPECT_EQ(expected_spend(none, data.view()).status[0], Status::not_enough_data);
  EXPECT_TRUE(std::isnan(expected_spend(none, data.view()).expected_spend[0]));

  Spenders few = simulate(12, 5, 3, 15, 11);
  const SpendFit small = fit_spend(few.view());
  EXPECT_NE(small.status, Status::ok);
}

TEST(FitSpend, FiniteFarOut) {
  Spenders data = simulate(300, 5, 3, 15, 12);
  data.add(100000, 1e6);
  data.add(1, 1e-8);
  const SpendFit fit = fit_spend(data.view());
  EXPECT_TRUE(std::isfinite(fit.log_likelihood));
  const auto found = expected_spend(fit, data.view());
  for (std::size_t i = 0; i < data.frequency.size(); ++i) {
    EXPECT_TRUE(std::isfinite(found.expected_spend[i]));
    EXPECT_TRUE(std::isfinite(found.expected_spend_high[i]));
    EXPECT_LE(found.expected_spend_low[i], found.expected_spend[i]);
  }
}

TEST(FitSpend, SaysWhatIsWrong) {
  Spenders data;
  data.add(1, 10);
  data.add(2, -3);
  const auto fit = [&] { (void)fit_spend(data.view()); };
  EXPECT_EQ(message(fit),
            "fit_spend: monetary_value is -3 in row 1, who bought again; the model takes "
            "spend above 0: model revenue and apply the margin afterwards, or drop the row");
  data.frequency[1] = -1;
  EXPECT_EQ(message(fit),
            "fit_spend: frequency is -1 in row 1; it counts purchases after the first");
  data.frequency.pop_back();
  EXPECT_EQ(
      message(fit),
      "fit_spend: monetary_value has 2 values and frequency 1; give one of each per customer");
  EXPECT_EQ(message([] { (void)fit_spend({}, {.level = 2}); }),
            "fit_spend: level must lie between 0 and 1, found 2");
  EXPECT_EQ(message([] { (void)fit_spend({}, {.max_iterations = 0}); }),
            "fit_spend: max_iterations must be at least 1, found 0");
  EXPECT_EQ(message([] { (void)spend_fit(6, 1, 15); }),
            "spend_fit: p and v must be above 0 and q above 1, found p 6, q 1, v 15");
  EXPECT_EQ(message([] { (void)expected_spend(spend_fit(6, 4, 15), {}, {.level = 0}); }),
            "expected_spend: level must lie between 0 and 1, found 0");
}

TEST(FitSpend, BytesGiveItBack) {
  const SpendFit fit = fit_spend(simulate(500, 5, 3, 15, 13).view());
  const SpendFit back = spend_fit_from(fit.to_bytes());
  EXPECT_EQ(back.p, fit.p);
  EXPECT_EQ(back.log_covariance, fit.log_covariance);
  EXPECT_EQ(back.mean_spend.high, fit.mean_spend.high);
  EXPECT_EQ(back.correlation.low, fit.correlation.low);
  EXPECT_EQ(back.to_bytes(), fit.to_bytes());
  EXPECT_THROW((void)spend_fit_from("nothing"), FormatError);
  const std::vector<double> other{1};
  const std::vector<Column> columns{{"other", other}};
  EXPECT_EQ(message([&] { (void)spend_fit_from(save_columns_bytes(columns)); }),
            "spend fit: the bytes hold something else");
}

TEST(FitSpend, SameBitsOnAnyNumberOfThreads) {
  const Spenders data = simulate(60000, 5, 3, 15, 14);
  SpendFit first;
  ExpectedSpendResult spend;
  for (const int threads : {1, 2, 3, 8}) {
    Context context;
    context.threads = threads;
    const SpendFit fit = fit_spend(data.view(), {}, context);
    const auto found = expected_spend(fit, data.view(), {}, context);
    if (threads == 1) {
      first = fit;
      spend = found;
    }
    EXPECT_EQ(fit.to_bytes(), first.to_bytes());
    EXPECT_EQ(found.expected_spend_high, spend.expected_spend_high);
  }
  Context stopped;
  stopped.stop.request_stop();
  EXPECT_THROW((void)fit_spend(data.view(), {}, stopped), Cancelled);
}

// 95 % intervals of the parameters, of the mean spend of all and of each customer's own mean.
TEST(FitSpend, SimulationCoverage) {
  const int runs = 300 * emptor::testing::simulation_scale();
  constexpr double p = 6, q = 4, v = 15;
  std::array<int, 4> inside{};
  double customers = 0, covered = 0, correlated = 0;
  for (int run = 0; run < runs; ++run) {
    const Spenders data = simulate(1000, p, q, v, 1000 + static_cast<std::uint64_t>(run));
    const SpendFit fit = fit_spend(data.view());
    const std::array<double, 3> truth{p, q, v};
    for (std::size_t k = 0; k < 3; ++k)
      inside[k] += fit.low[k] <= truth[k] && truth[k] <= fit.high[k];
    inside[3] += fit.mean_spend.low <= p * v / (q - 1) && p * v / (q - 1) <= fit.mean_spend.high;
    correlated += fit.correlation.low <= 0 && 0 <= fit.correlation.high;
    const auto found = expected_spend(fit, data.view());
    for (std::size_t i = 0; i < data.true_mean.size(); ++i)
      covered += found.expected_spend_low[i] <= data.true_mean[i] &&
                 data.true_mean[i] <= found.expected_spend_high[i];
    customers += static_cast<double>(data.true_mean.size());
  }
  const double error = 3 * std::sqrt(0.05 * 0.95 / runs);
  const std::array names{"p", "q", "v", "mean spend"};
  for (std::size_t k = 0; k < 4; ++k) {
    const double coverage = static_cast<double>(inside[k]) / runs;
    std::printf("  %-22s coverage %.3f\n", names[k], coverage);
    EXPECT_GT(coverage, 0.93 - error);
    EXPECT_LT(coverage, 0.97 + error);
  }
  std::printf("  %-22s coverage %.3f\n", "correlation of 0", correlated / runs);
  EXPECT_GT(correlated / runs, 0.93 - error);
  std::printf("  %-22s coverage %.4f\n", "a customer's own mean", covered / customers);
  EXPECT_NEAR(covered / customers, 0.95, 0.01);
}

}  // namespace emptor::customers
