#include "emptor/customers/clv.hpp"

#include "emptor/core/error.hpp"
#include "emptor/customers/expected_purchases.hpp"
#include "emptor/customers/expected_spend.hpp"
#include "emptor/customers/p_alive.hpp"

#include "core/random.hpp"
#include "customers/future_purchases.hpp"
#include "customers/value_law.hpp"
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

using Unit = data::Span::Unit;

constexpr std::array kModels{PurchaseModel::mbgnbd, PurchaseModel::bgnbd,   PurchaseModel::pnbd,
                             PurchaseModel::nbd,    PurchaseModel::mbgcnbd, PurchaseModel::bgcnbd};

PurchaseFit example(PurchaseModel model, Unit unit = Unit::weeks) {
  const double scale = unit == Unit::days ? 7 : 1;
  if (model == PurchaseModel::nbd)
    return purchase_fit(model, std::array{.385, 12.07 * scale}, unit);
  if (model == PurchaseModel::pnbd)
    return purchase_fit(model, std::array{.55, 10.58 * scale, .61, 11.67 * scale}, unit);
  const bool shape = model == PurchaseModel::mbgcnbd || model == PurchaseModel::bgcnbd;
  return purchase_fit(model, std::array{.243, 4.414 * scale, .793, 2.426}, unit, shape ? 2 : 1);
}

struct Customers {
  std::vector<std::int64_t> frequency{};
  std::vector<double> recency{}, T{}, spend{}, future{};
  Unit unit = Unit::weeks;
  [[nodiscard]] PurchaseSummaryView view() const {
    return {frequency, recency, T, spend, {}, unit};
  }
  void add(std::int64_t x, double last, double watched, double m) {
    frequency.push_back(x);
    recency.push_back(last);
    T.push_back(watched);
    spend.push_back(m);
  }
};

Customers random_customers(int n, std::uint64_t seed) {
  Customers out;
  core::Random random(seed);
  for (int i = 0; i < n; ++i) {
    const auto x = random.poisson(3 * random.gamma(0.5));
    const double watched = 1 + 80 * random.uniform();
    out.add(
        x, x > 0 ? watched * (0.05 + 0.95 * random.uniform()) : 0, watched,
        x > 0 ? 30 * std::exp(0.5 * random.normal()) : std::numeric_limits<double>::quiet_NaN());
  }
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

}  // namespace

// Without discount and with a margin of 1 it is expected purchases times expected spend.
TEST(Clv, IsPurchasesTimesSpend) {
  const Customers data = random_customers(300, 1);
  const SpendFit spend = spend_fit(6.25, 3.74, 15.44);
  for (const PurchaseModel model : kModels) {
    const PurchaseFit fit = example(model);
    const auto found =
        clv(fit, spend, data.view(),
            {.horizon = {52, Unit::weeks}, .discount = {0, Unit::years}, .margin = 0.3});
    const auto purchases = expected_purchases(fit, data.view(), {.horizon = {52, Unit::weeks}});
    const auto worth = expected_spend(spend, {data.frequency, data.spend});
    const auto alive = p_alive(fit, data.view());
    for (std::size_t i = 0; i < data.T.size(); ++i) {
      const double expected = 0.3 * purchases.expected_purchases[i] * worth.expected_spend[i];
      ASSERT_NEAR(found.clv[i], expected, 1e-10 * expected + 1e-14) << i;
      if (model == PurchaseModel::nbd) {
        ASSERT_TRUE(std::isnan(found.p_alive[i]));
      } else {
        ASSERT_NEAR(found.p_alive[i], alive.p_alive[i], 1e-13);
      }
    }
  }
}

// Purchases of ten thousand short spells, each discounted from its middle.
TEST(Clv, DiscountIsThatOfEachMoment) {
  const Customers data = random_customers(6, 2);
  const SpendFit spend = spend_fit(6.25, 3.74, 15.44);
  for (const PurchaseModel model : kModels) {
    const PurchaseFit fit = example(model);
    const auto found = clv(fit, spend, data.view(),
                           {.horizon = {104, Unit::weeks}, .discount = {0.25, Unit::years}});
    const double force = std::log(1.25) / (365.2425 / 7);
    const PurchaseLaw<double> law = law_of(fit);
    for (std::size_t i = 0; i < data.T.size(); ++i) {
      const auto o = outlook(
          law, PurchaseHistory{static_cast<double>(data.frequency[i]), data.recency[i], data.T[i]});
      double sum = 0, before = 0;
      constexpr int kSpells = 10000;
      for (int k = 1; k <= kSpells; ++k) {
        const double end = 104.0 * k / kSpells, at = expected_purchases_of(o, end);
        sum += (at - before) * std::exp(-force * (end - 52.0 / kSpells));
        before = at;
      }
      ASSERT_NEAR(found.discounted_purchases[i], sum, 1e-7 * sum + 1e-14);
    }
  }
}

TEST(Clv, InterpolationEqualsDirectComputation) {
  core::Random random(3);
  for (const PurchaseModel model :
       {PurchaseModel::mbgnbd, PurchaseModel::bgnbd, PurchaseModel::pnbd, PurchaseModel::nbd}) {
    const auto law = gradient_law_of(example(model));
    std::vector<std::int64_t> frequency;
    std::vector<double> T;
    for (int i = 0; i < 200; ++i) {
      frequency.push_back(static_cast<std::int64_t>(random.below(60)));
      T.push_back(i == 0 ? 0 : 300 * random.uniform() * random.uniform());
    }
    for (const double horizon : {1.0, 52.0, 520.0}) {
      const FuturePurchasesTable table(law, frequency, T, 1, horizon, 0.002, {});
      for (std::size_t i = 0; i < T.size(); ++i) {
        auto o = outlook(law, PurchaseHistory{static_cast<double>(frequency[i]), T[i], T[i]});
        o.alive = Gradient(1);
        const auto direct = future_purchases(o, horizon, 0.002);
        const auto found = table.at(frequency[i], T[i]);
        ASSERT_NEAR(found.plain, direct.plain, 1e-10 * direct.plain);
        ASSERT_NEAR(found.discounted.v, direct.discounted.v, 1e-10 * direct.plain);
        for (std::size_t k = 0; k < 4; ++k)
          ASSERT_NEAR(found.discounted.d[k], direct.discounted.d[k], 1e-8 * direct.plain);
      }
    }
  }
}

TEST(Clv, HorizonsAddUp) {
  const Customers data = random_customers(50, 4);
  const SpendFit spend = spend_fit(6.25, 3.74, 15.44);
  for (const PurchaseModel model : kModels) {
    const PurchaseFit fit = example(model);
    const auto two =
        clv(fit, spend, data.view(), {.horizon = {24, Unit::months}, .outcomes = false});
    const auto one =
        clv(fit, spend, data.view(), {.horizon = {12, Unit::months}, .outcomes = false});
    const PurchaseLaw<double> law = law_of(fit);
    const double year = 365.2425 / 7, force = std::log(1.1) / year;
    for (std::size_t i = 0; i < data.T.size(); ++i) {
      // The second year by itself, in short spells.
      const auto o = outlook(
          law, PurchaseHistory{static_cast<double>(data.frequency[i]), data.recency[i], data.T[i]});
      double second = 0, before = expected_purchases_of(o, year);
      for (int k = 1; k <= 1000; ++k) {
        const double end = year * (1 + k / 1000.0), at = expected_purchases_of(o, end);
        second += (at - before) * std::exp(-force * (end - year / 2000));
        before = at;
      }
      ASSERT_NEAR(two.clv[i] - one.clv[i], second * one.expected_spend[i],
                  1e-6 * two.clv[i] + 1e-13);
    }
  }
}

// The same customers in days and in weeks, by any way of writing horizon and discount.
TEST(Clv, UnitsCannotGoWrong) {
  const Customers weeks = random_customers(100, 5);
  Customers days = weeks;
  days.unit = Unit::days;
  for (auto& t : days.T) t *= 7;
  for (auto& t : days.recency) t *= 7;
  const SpendFit spend = spend_fit(6.25, 3.74, 15.44);
  for (const PurchaseModel model : kModels) {
    const ClvOptions options{.horizon = {52, Unit::weeks}, .discount = {0.01, Unit::months}};
    const auto a = clv(example(model, Unit::weeks), spend, weeks.view(), options);
    const ClvOptions other{.horizon = {364, Unit::days},
                           .discount = {std::pow(1.01, 12) - 1, Unit::years}};
    const auto b = clv(example(model, Unit::days), spend, days.view(), other);
    const auto c = clv(example(model, Unit::weeks), spend, days.view(), options);
    for (std::size_t i = 0; i < a.clv.size(); ++i) {
      ASSERT_NEAR(a.clv[i], b.clv[i], 1e-9 * a.clv[i] + 1e-14);
      ASSERT_NEAR(a.clv[i], c.clv[i], 1e-9 * a.clv[i] + 1e-14);
      ASSERT_NEAR(a.value_high[i], b.value_high[i], 1e-5 * a.value_high[i]);
    }
  }
}

TEST(Clv, ABatchOfOneIsABatchOfAll) {
  const Customers data = random_customers(200, 6);
  const SpendFit spend = spend_fit(6.25, 3.74, 15.44);
  const PurchaseFit fit = example(PurchaseModel::mbgnbd);
  const auto all = clv(fit, spend, data.view());
  double sum = 0;
  for (std::size_t i = 0; i < data.T.size(); ++i) {
    Customers one;
    one.add(data.frequency[i], data.recency[i], data.T[i], data.spend[i]);
    const auto alone = clv(fit, spend, one.view());
    ASSERT_EQ(alone.clv[0], all.clv[i]);
    ASSERT_EQ(alone.value_high[0], all.value_high[i]);
    sum += all.clv[i];
  }
  EXPECT_NEAR(all.total.value, sum, 1e-10 * sum);
  EXPECT_EQ(all.total.n, 200);
  EXPECT_EQ(all.total.low, all.total.value);  // published parameters come without uncertainty
}

// The law of what a customer spends by drawing it.
TEST(Clv, OutcomesHaveTheLawOfDraws) {
  const SpendFit spend = spend_fit(6.25, 3.74, 15.44);
  const auto law = law_of(example(PurchaseModel::pnbd));
  const PurchaseHistory history{4, 30, 38};
  const SpendPosterior posterior = spend_posterior(spend, 4, 100);
  std::vector<CountLaw> counts{CountLaw(outlook(law, history), 52)};
  const ValueLaw value(counts, posterior, spend.p, 1e-6);
  CountLaw masses(outlook(law, history), 52);
  std::vector<double> chance;
  for (double sum = 0; sum < 1 - 1e-9;) {
    chance.push_back(masses.next());
    sum += chance.back();
  }
  core::Random random(7);
  constexpr int kDraws = 200000;
  const double low = value.quantile(0.4), high = value.quantile(0.95);
  int below = 0, under = 0, none = 0;
  for (int i = 0; i < kDraws; ++i) {
    double u = random.uniform();
    std::size_t n = 0;
    while (n + 1 < chance.size() && u > chance[n]) u -= chance[n++];
    const double nu = random.gamma(posterior.shape) / posterior.rate;
    const double drawn = n == 0 ? 0 : random.gamma(spend.p * static_cast<double>(n)) / nu;
    below += drawn <= low;
    under += drawn <= high;
    none += drawn == 0;
  }
  EXPECT_NEAR(static_cast<double>(none) / kDraws, value.cdf(0), 0.004);
  EXPECT_NEAR(static_cast<double>(below) / kDraws, 0.4, 0.004);
  EXPECT_NEAR(static_cast<double>(under) / kDraws, 0.95, 0.002);
  EXPECT_EQ(value.quantile(0.5 * value.cdf(0)), 0);
}

TEST(Clv, StatusesAndEdges) {
  Customers data;
  data.add(0, 0, 0, std::numeric_limits<double>::quiet_NaN());
  data.add(100000, 90, 90, 12);
  data.add(3, 90, 90, 12);
  const SpendFit spend = spend_fit(6.25, 3.74, 15.44);
  for (const PurchaseModel model :
       {PurchaseModel::mbgnbd, PurchaseModel::pnbd, PurchaseModel::nbd}) {
    const auto found = clv(example(model), spend, data.view(), {.outcomes = false});
    for (const double value : found.clv) EXPECT_TRUE(std::isfinite(value));
    EXPECT_EQ(found.status[0], Status::small_sample);
    EXPECT_EQ(found.status[2], Status::ok);
    EXPECT_EQ(found.columns().size(), 8u);
  }
  // Leaving that hardly differs between customers: a and b run off together. Against the geometric
  // law of leaving that they tend to.
  const auto alike =
      purchase_fit(PurchaseModel::bgnbd, std::array{.9, 2.2, 3e4, 15e4}, Unit::weeks);
  const auto less = purchase_fit(PurchaseModel::bgnbd, std::array{.9, 2.2, 30., 150.}, Unit::weeks);
  const auto far = clv(alike, spend, data.view(), {.outcomes = false});
  const auto near = clv(less, spend, data.view(), {.outcomes = false});
  for (const std::size_t i : {std::size_t{0}, std::size_t{2}})
    EXPECT_NEAR(far.discounted_purchases[i], near.discounted_purchases[i],
                0.1 * near.discounted_purchases[i]);
  SpendFit none = fit_spend({});
  const auto unknown = clv(example(PurchaseModel::mbgnbd), none, data.view());
  EXPECT_TRUE(std::isnan(unknown.clv[1]));
  EXPECT_EQ(unknown.status[1], Status::not_enough_data);
  EXPECT_EQ(unknown.total.status, Status::not_enough_data);
  EXPECT_EQ(clv(example(PurchaseModel::nbd), spend, {}).total.value, 0);
}

TEST(Clv, SaysWhatIsWrong) {
  Customers data;
  data.add(2, 10, 20, -5);
  const SpendFit spend = spend_fit(6.25, 3.74, 15.44);
  const PurchaseFit fit = example(PurchaseModel::mbgnbd);
  EXPECT_EQ(message([&] { (void)clv(fit, spend, data.view()); }).substr(0, 33),
            "clv: monetary_value is -5 in row ");
  data.spend[0] = 5;
  EXPECT_EQ(message([&] { (void)clv(fit, spend, data.view(), {.margin = 30}); }),
            "clv: margin is 30; write the share of spend that is gain, above 0 and at most 1");
  EXPECT_EQ(message([&] {
              (void)clv(fit, spend, data.view(), {.horizon = {0, Unit::weeks}});
            }),
            "clv: horizon is 0 weeks; write a span such as \"39 weeks\"");
  EXPECT_EQ(message([&] {
              (void)clv(fit, spend, data.view(), {.discount = {-0.1, Unit::years}});
            }),
            "clv: discount must not be negative, found -10 % a year");
  data.recency[0] = 30;
  EXPECT_EQ(message([&] { (void)clv(fit, spend, data.view()); }).substr(0, 4), "clv:");
  data.recency[0] = 10;
  data.spend.clear();
  EXPECT_EQ(message([&] { (void)clv(fit, spend, data.view()); }).substr(0, 19),
            "clv: monetary_value");
}

TEST(Clv, SameBitsOnAnyNumberOfThreads) {
  const Customers data = random_customers(5000, 8);
  const SpendFit spend = spend_fit(6.25, 3.74, 15.44);
  const PurchaseFit fit = example(PurchaseModel::bgnbd);
  ClvResult first;
  for (const int threads : {1, 2, 3, 8}) {
    Context context;
    context.threads = threads;
    const auto found = clv(fit, spend, data.view(), {}, context);
    if (threads == 1) first = found;
    EXPECT_EQ(found.clv, first.clv);
    EXPECT_EQ(found.value_high, first.value_high);
    EXPECT_EQ(found.total.value, first.total.value);
  }
}

// Customers of an MBG/NBD and Gamma-Gamma world, fitted on their first 52 weeks; what they bring in
// the next 26 must lie between value_low and value_high, and the mean of all inside the total's.
TEST(Clv, SimulationCoverage) {
  const int runs = 15 * emptor::testing::simulation_scale();
  constexpr double r = 0.9, alpha = 7, a = 0.8, b = 2.5, p = 6, q = 4, v = 15;
  constexpr double watched = 52, ahead = 26;
  double inside = 0, customers = 0, known = 0;
  int total_inside = 0;
  for (int run = 0; run < runs; ++run) {
    Customers data;
    std::vector<double> brings, expects;
    for (std::uint64_t c = 0; c < 800; ++c) {
      core::Random random(900 + static_cast<std::uint64_t>(run), c);
      const double rate = random.gamma(r) / alpha, nu = random.gamma(q) / v;
      const double ga = random.gamma(a), leave = ga / (ga + random.gamma(b));
      double t = 0, last = 0, spent = 0, later = 0;
      std::int64_t x = 0;
      bool here = random.uniform() >= leave;
      while (here) {
        t += random.exponential() / rate;
        if (t > watched + ahead) break;
        const double order = random.gamma(p) / nu;
        if (t <= watched) {
          ++x;
          last = t;
          spent += order;
        } else {
          later += order * std::exp(-std::log(1.1) / (365.2425 / 7) * (t - watched));
        }
        here = random.uniform() >= leave;
      }
      data.add(x, last, watched,
               x > 0 ? spent / static_cast<double>(x) : std::numeric_limits<double>::quiet_NaN());
      brings.push_back(later);
    }
    const PurchaseFit fit = fit_purchases(data.view());
    const SpendFit spend = fit_spend({data.frequency, data.spend});
    const auto found = clv(fit, spend, data.view(), {.horizon = {26, Unit::weeks}});
    const auto truth =
        clv(purchase_fit(PurchaseModel::mbgnbd, std::array{r, alpha, a, b}, Unit::weeks),
            spend_fit(p, q, v), data.view(), {.horizon = {26, Unit::weeks}, .outcomes = false});
    for (std::size_t i = 0; i < brings.size(); ++i) {
      inside += found.value_low[i] <= brings[i] && brings[i] <= found.value_high[i] * (1 + 1e-9);
      known += found.clv_low[i] <= truth.clv[i] && truth.clv[i] <= found.clv_high[i];
    }
    customers += static_cast<double>(brings.size());
    total_inside += found.total.low <= truth.total.value && truth.total.value <= found.total.high;
  }
  std::printf("  what a customer brings: %.4f inside, his mean %.4f, the total %.3f\n",
              inside / customers, known / customers, static_cast<double>(total_inside) / runs);
  EXPECT_GT(inside / customers, 0.95);
  EXPECT_LT(inside / customers, 0.99);
  const double error = 3 * std::sqrt(0.05 * 0.95 / runs);
  EXPECT_NEAR(known / customers, 0.95, 0.02 + error);
  EXPECT_NEAR(static_cast<double>(total_inside) / runs, 0.95, 0.02 + error);
}

}  // namespace emptor::customers
