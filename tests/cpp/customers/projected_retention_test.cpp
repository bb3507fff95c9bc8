#include "emptor/customers/projected_retention.hpp"

#include "emptor/core/error.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <string>
#include <vector>

namespace emptor::customers {
namespace {

const std::vector<std::int64_t> kHighEnd{1000, 869, 743, 653, 593, 551, 517, 491};

}  // namespace

// S(8) and S(12) of the fitted models, by scipy; the rates multiply to the share left.
TEST(ProjectedRetention, HighEnd) {
  for (const auto& [model, at8, at12] : {std::tuple{ContractModel::sbg, .46043967, .37799907},
                                         {ContractModel::bdw, .46775238, .40392960}}) {
    const auto fit = fit_contracts(cohort_rows(kHighEnd).view(), {.model = model});
    const auto ahead = projected_retention(fit);
    ASSERT_EQ(ahead.period.size(), 12U);
    EXPECT_NEAR(ahead.survival[7], at8, 2e-6);
    EXPECT_NEAR(ahead.survival[11], at12, 2e-6);
    double product = 1;
    for (std::size_t t = 0; t < 12; ++t) {
      product *= ahead.retention[t];
      EXPECT_NEAR(ahead.survival[t], product, 1e-12);
      EXPECT_LT(ahead.survival_low[t], ahead.survival[t]);
      EXPECT_LT(ahead.survival[t], ahead.survival_high[t]);
      EXPECT_LT(ahead.retention_low[t], ahead.retention[t]);
      EXPECT_EQ(ahead.status[t], t < 7 ? Status::ok : Status::extrapolated);
      // The bdw follows what was seen; the sbg misses this cohort by up to .02, as is known.
      if (t < 7 && model == ContractModel::bdw) {
        EXPECT_NEAR(ahead.survival[t], static_cast<double>(kHighEnd[t + 1]) / 1000, .012);
      }
    }
  }
}

// Of one customer in many the interval is that of a share: with nothing but alpha, beta and one
// renewal it comes to the binomial's.
TEST(ProjectedRetention, IntervalOfTheFirstRenewal) {
  const auto fit = fit_contracts(cohort_rows(kHighEnd).view(), {.model = ContractModel::bdw});
  const auto ahead = projected_retention(fit, {.horizon = 1});
  const double exact = 1.96 * std::sqrt(.869 * .131 / 1000);
  const double half = (ahead.survival_high[0] - ahead.survival_low[0]) / 2;
  EXPECT_NEAR(half, exact, .1 * exact);
}

// Fader and Hardie's closed form (2010): (b + n - 1) / (a + b + n - 1) 2F1(1, b + n; a + b + n;
// 1 / (1 + d)) of a customer in his n-th period, evaluated by scipy.
TEST(ResidualLifetime, ClosedForm) {
  const std::array high{.668, 3.806}, other{3.8, 15.2};
  const std::array<std::int64_t, 2> tenure{0, 4};
  const auto fit = contract_fit(ContractModel::sbg, high);
  const auto found = residual_lifetime(fit, tenure);
  EXPECT_NEAR(found.residual_lifetime[0], 5.414856048374, 1e-9);
  EXPECT_NEAR(found.residual_lifetime[1], 6.897057397746, 1e-9);
  EXPECT_NEAR(found.p_renew[0], 3.806 / 4.474, 1e-12);
  EXPECT_NEAR(found.p_renew[1], 7.806 / 8.474, 1e-12);
  EXPECT_EQ(found.status[0], Status::ok);
  const auto two =
      residual_lifetime(contract_fit(ContractModel::sbg, other), std::array{std::int64_t{2}});
  EXPECT_NEAR(two.residual_lifetime[0], 3.586543656544, 1e-9);
}

// bdw with c = 1 is the sbg; a horizon of one period is the chance of renewing; periods of a month
// at a monthly rate are periods of a year at a yearly one.
TEST(ResidualLifetime, Identities) {
  const std::array<std::int64_t, 3> tenure{0, 3, 40};
  const std::array two{.7, 1.9};
  const std::array three{.7, 1.9, 1.0};
  const auto sbg = contract_fit(ContractModel::sbg, two);
  const auto bdw = contract_fit(ContractModel::bdw, three);
  const auto a = residual_lifetime(sbg, tenure), b = residual_lifetime(bdw, tenure);
  const auto one = residual_lifetime(sbg, tenure, {.horizon = 1});
  const auto monthly =
      residual_lifetime(contract_fit(ContractModel::sbg, two, {1, data::Span::Unit::months}),
                        tenure, {.discount = {.1, data::Span::Unit::months}});
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_NEAR(a.residual_lifetime[i], b.residual_lifetime[i], 1e-10);
    EXPECT_DOUBLE_EQ(one.residual_lifetime[i], one.p_renew[i]);
    EXPECT_NEAR(monthly.residual_lifetime[i], a.residual_lifetime[i], 1e-10);
  }
  // What is to come within five renewals and after them is all that is to come.
  const auto near = residual_lifetime(sbg, tenure, {.horizon = 5});
  const std::array<std::int64_t, 3> later{5, 8, 45};
  const auto rest = residual_lifetime(sbg, later);
  for (std::size_t i = 0; i < 3; ++i) {
    double stays = 1;
    const auto ahead = projected_retention(sbg, {.horizon = 50});
    for (std::int64_t t = tenure[i]; t < later[i]; ++t)
      stays *= ahead.retention[static_cast<std::size_t>(t)];
    EXPECT_NEAR(near.residual_lifetime[i] + stays * std::pow(1.1, -5) * rest.residual_lifetime[i],
                a.residual_lifetime[i], 1e-9);
  }
}

TEST(ResidualLifetime, IntervalsAndThreads) {
  const auto fit = fit_contracts(cohort_rows(kHighEnd).view(), {.model = ContractModel::bdw});
  std::vector<std::int64_t> tenure;
  for (std::int64_t t = 0; t < 500; ++t) tenure.push_back(t % 20);
  const auto one = residual_lifetime(fit, tenure, {}, {.threads = 1});
  for (const int threads : {2, 3, 8}) {
    const auto many = residual_lifetime(fit, tenure, {}, {.threads = threads});
    EXPECT_EQ(one.residual_lifetime_low, many.residual_lifetime_low);
  }
  for (std::size_t i = 0; i < tenure.size(); ++i) {
    EXPECT_LT(one.residual_lifetime_low[i], one.residual_lifetime[i]);
    EXPECT_LT(one.residual_lifetime[i], one.residual_lifetime_high[i]);
    EXPECT_LT(one.p_renew_high[i], 1);
    EXPECT_EQ(one.status[i], Status::extrapolated);
    EXPECT_EQ(one.residual_lifetime[i], one.residual_lifetime[i % 20]);
  }
}

TEST(ResidualLifetime, Arguments) {
  const auto fit = contract_fit(ContractModel::sbg, std::array{.7, 1.9});
  const std::array<std::int64_t, 2> tenure{1, -2};
  const auto message = [](const auto& call) {
    try {
      call();
    } catch (const InvalidArgument& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  EXPECT_EQ(message([&] { residual_lifetime(fit, tenure); }),
            "residual_lifetime: tenure is -2 in row 1; it counts renewals");
  EXPECT_EQ(message([&] {
              residual_lifetime(fit, std::span(tenure).first(1),
                                {.discount = {0, data::Span::Unit::years}});
            }),
            "residual_lifetime: without a discount the renewals to come may have no mean; give "
            "discount=\"10 % a year\", or a horizon");
  EXPECT_EQ(message([&] { projected_retention(fit, {.horizon = 0}); }),
            "projected_retention: horizon is 0; it counts renewals, 1 or more");
  const auto nothing = fit_contracts(ContractView{});
  EXPECT_TRUE(std::isnan(projected_retention(nothing).survival[0]));
  EXPECT_TRUE(std::isnan(residual_lifetime(nothing, std::span(tenure).first(1)).p_renew[0]));
}

}  // namespace emptor::customers
