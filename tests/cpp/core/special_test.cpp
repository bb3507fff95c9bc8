#include "core/special.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>
#include <thread>
#include <vector>

namespace emptor::core {
namespace {

// Expected values with no other source named are mpmath 1.4.1 at 30 digits: loggamma, digamma,
// psi(1, x), ncdf, betainc, gammainc; hypergeometric tails are sums of exact integer binomials.
void expect_relative(double found, double expected, double tolerance) {
  EXPECT_NEAR(found, expected, tolerance * std::fabs(expected)) << "found " << found;
}

TEST(Special, LogGamma) {
  const std::vector<std::array<double, 2>> golden{
      {1e-300, 690.77552789821370518},       {1e-5, 11.512919692895825626},
      {0.1, 2.252712651734205902},           {0.49, 0.59224962933526705574},
      {0.75, 0.20328095143129537148},        {1.0000001, -5.772155829918507097e-8},
      {1.2, -0.085374090003315836884},       {1.4616321449683623, -0.1214862905358496081},
      {1.9999, -0.000042275208772153458011}, {2.3, 0.1541894549596304745},
      {2.5, 0.28468287047291915963},         {3, 0.69314718055994530942},
      {4.7, 2.7364051463155669376},          {7.9, 8.3242658680088096349},
      {9.999, 12.799575780077413715},        {10, 12.801827480081469611},
      {12.5, 18.734347511936445702},         {57.25, 173.36191283062723618},
      {1e3, 5905.2204232091812118},          {1e6, 12815504.56914761166},
      {1e10, 220258509288.81058147},         {1e100, 2.2925850929940457206e+102}};
  for (const auto& [x, expected] : golden) {
    SCOPED_TRACE(x);
    expect_relative(log_gamma(x), expected, 1e-15);
  }
  EXPECT_EQ(log_gamma(1), 0);
  EXPECT_EQ(log_gamma(2), 0);
  EXPECT_TRUE(std::isnan(log_gamma(0)));
  EXPECT_TRUE(std::isnan(log_gamma(-1)));
  EXPECT_TRUE(std::isnan(log_gamma(std::nan(""))));
  EXPECT_EQ(log_gamma(std::numeric_limits<double>::infinity()),
            std::numeric_limits<double>::infinity());
}

TEST(Special, LogGammaFollowsItsRecurrence) {
  for (double x = 0.01; x < 40; x += 0.0137) {
    const double scale = std::fmax(1, log_gamma(x + 1));
    ASSERT_NEAR(log_gamma(x + 1), log_gamma(x) + std::log(x), 3e-15 * scale) << x;
  }
}

TEST(Special, LogGammaAgreesAcrossThreads) {
  std::vector<double> alone;
  for (int i = 1; i < 4000; ++i) alone.push_back(log_gamma(i * 0.01));
  std::vector<int> wrong(4);
  std::vector<std::jthread> threads;
  for (std::size_t t = 0; t < wrong.size(); ++t) {
    threads.emplace_back([&, t] {
      for (int i = 1; i < 4000; ++i) {
        wrong[t] += log_gamma(i * 0.01) != alone[static_cast<std::size_t>(i - 1)];
      }
    });
  }
  threads.clear();
  EXPECT_EQ(wrong, std::vector<int>(4, 0));
}

TEST(Special, DigammaAndTrigamma) {
  const std::vector<std::array<double, 3>> golden{
      {1e-5, -100000.57719921567289, 10000000001.64490839},
      {0.1, -10.423754940411076232, 101.4332991507927477},
      {0.5, -1.9635100260214234794, 4.9348022005446793094},
      {1, -0.57721566490153286061, 1.6449340668482264365},
      {1.5, 0.036489973978576520559, 0.93480220054467930942},
      {3.7, 1.1671535393615114409, 0.31003785767003830216},
      {9.9, 2.2411803166063814365, 0.10628304162874059193},
      {10, 2.2517525890667211076, 0.10516633568168574612},
      {25.5, 3.2189424728839197665, 0.039994669649562924037},
      {1e6, 13.815510057964190771, 1.0000005000001666667e-6}};
  for (const auto& [x, first, second] : golden) {
    SCOPED_TRACE(x);
    EXPECT_NEAR(digamma(x), first, 3e-15 * std::fmax(1, std::fabs(first)));
    expect_relative(trigamma(x), second, 3e-15);
  }
}

TEST(Special, LogBetaAndLogChooseKeepTheirDigits) {
  const std::vector<std::array<double, 3>> beta{
      {0.5, 0.5, 1.1447298858494001741}, {2, 1e6, -27.631022115928048209},
      {0.001, 5, 6.905672657062074722},  {12, 30, -25.274864968419808384},
      {3.5, 40, -11.816840683354367918}, {1e5, 1e6, -335104.49695243038364},
      {1e8, 2.5, -45.767019008157994396}};
  for (const auto& [a, b, expected] : beta) {
    SCOPED_TRACE(a);
    expect_relative(log_beta(a, b), expected, 2e-15);
    EXPECT_EQ(log_beta(a, b), log_beta(b, a));
  }
  // mpmath log(binomial(n, k)).
  expect_relative(log_choose(10, 3), 4.7874917427820459942, 2e-15);
  expect_relative(log_choose(1000, 500), 689.46726156785118008, 2e-15);
  expect_relative(log_choose(541909, 20), 221.72110031560060919, 2e-15);
  expect_relative(log_choose(1e6, 3), 39.654769204662267309, 2e-15);
  EXPECT_EQ(log_choose(7, 0), 0);
  EXPECT_EQ(log_choose(7, 7), 0);
  EXPECT_EQ(log_choose(7, 8), -std::numeric_limits<double>::infinity());
}

TEST(Special, Normal) {
  expect_relative(normal_sf(10), 7.61985302416052607e-24, 1e-14);
  expect_relative(normal_cdf(-10), 7.61985302416052607e-24, 1e-14);
  EXPECT_DOUBLE_EQ(normal_cdf(-1), 0.158655253931457051);
  expect_relative(normal_sf(8), 6.22096057427178412e-16, 1e-14);
  EXPECT_DOUBLE_EQ(normal_quantile(0.025), -1.95996398454005421);
  EXPECT_DOUBLE_EQ(normal_quantile(0.975), 1.95996398454005386);
  EXPECT_DOUBLE_EQ(normal_quantile(0.3), -0.524400512708040816);
  EXPECT_DOUBLE_EQ(normal_quantile(1e-10), -6.3613409024040562);
  EXPECT_DOUBLE_EQ(normal_quantile(1e-300), -37.0470962993612);  // scipy.stats.norm.ppf
  EXPECT_EQ(normal_quantile(0.5), 0);
  EXPECT_EQ(normal_quantile(0), -std::numeric_limits<double>::infinity());
  EXPECT_TRUE(std::isnan(normal_quantile(1.5)));
}

TEST(Special, Distributions) {
  expect_relative(beta_cdf(0.3, 2.5, 4), 0.352197585906767214, 1e-14);
  expect_relative(beta_quantile(0.025, 15, 134), 0.05784401008344857, 1e-12);  // scipy beta.ppf
  expect_relative(beta_quantile(0.975, 0.5, 200), 0.012496668378965717, 1e-12);
  expect_relative(gamma_cdf(2, 3.5), 0.220222591524284079, 1e-14);
  expect_relative(gamma_quantile(0.025, 10), 4.7953886961324335, 1e-13);  // scipy gamma.ppf
  expect_relative(gamma_quantile(0.975, 11), 18.39035604201778, 1e-13);
  expect_relative(student_quantile(0.975, 9), 2.262157162798205, 1e-12);  // scipy t.ppf
  expect_relative(student_quantile(0.975, 1), 12.706204736174694, 1e-12);
  expect_relative(student_quantile(0.01, 3.5), -4.0607113593000825, 1e-12);
  expect_relative(chi_squared_sf(3.84, 1), 0.05004352124870519, 1e-13);  // scipy chi2.sf
  expect_relative(chi_squared_sf(120, 5), 3.1385797727553017e-24, 1e-12);
  expect_relative(poisson_cdf(0, 4.5), 0.011108996538242308, 1e-13);  // scipy poisson.cdf
  expect_relative(poisson_cdf(4, 4.5), 0.5321035763747151, 1e-13);
  expect_relative(poisson_cdf(15, 4.5), 0.9999797175537863, 1e-13);
}

TEST(Special, NegativeBinomial) {
  const std::vector<std::array<double, 3>> golden{{0, -3.33750266683085021, 0.0355255662079346986},
                                                  {3, -2.37227598756665362, 0.278621126780819241},
                                                  {20, -5.14545619327211359, 0.978993106951502265}};
  for (const auto& [k, log_mass, cdf] : golden) {
    expect_relative(log_negative_binomial(k, 2.5, 7), log_mass, 3e-15);
    expect_relative(negative_binomial_cdf(k, 2.5, 7), cdf, 1e-13);
  }
  // As the shape grows the law becomes Poisson's, and must not lose its digits on the way.
  expect_relative(log_negative_binomial(3, 1e8, 7), -2.95402895706211942, 1e-14);
  EXPECT_EQ(log_negative_binomial(0, 2, 0), 0);
  EXPECT_EQ(negative_binomial_cdf(-1, 2, 3), 0);
}

TEST(Special, Hypergeometric) {
  expect_relative(hypergeometric_sf(5, 20, 30, 100), 0.790836799174193932, 1e-13);
  expect_relative(hypergeometric_sf(1, 20, 30, 100), 0.999697967115023188, 1e-13);
  expect_relative(hypergeometric_sf(20, 1000, 500, 541909), 2.02050528660608068e-20, 1e-12);
  expect_relative(hypergeometric_sf(3, 1000, 500, 541909), 0.0663875783666020777, 1e-12);
  expect_relative(hypergeometric_sf(700, 1000, 600000, 1000000), 3.08409722818154729e-11, 1e-12);
  expect_relative(hypergeometric_sf(9, 10, 12, 14), 0.505494505494505495, 1e-13);
  EXPECT_EQ(hypergeometric_sf(8, 10, 12, 14), 1);   // 10 draws cannot hold fewer than 8
  EXPECT_EQ(hypergeometric_sf(11, 10, 12, 14), 0);  // nor more than 10
  EXPECT_EQ(hypergeometric_sf(0, 5, 5, 10), 1);
  expect_relative(hypergeometric_sf(3, 10, 3, 10), 1, 1e-15);  // all drawn
}

TEST(Special, NothingThrows) {
  EXPECT_TRUE(std::isnan(beta_quantile(1.5, 2, 3)));
  EXPECT_TRUE(std::isnan(gamma_quantile(-1, 2)));
  EXPECT_TRUE(std::isnan(gamma_cdf(2, -1)));
  EXPECT_TRUE(std::isnan(student_quantile(0.5, -1)));
}

}  // namespace
}  // namespace emptor::core
