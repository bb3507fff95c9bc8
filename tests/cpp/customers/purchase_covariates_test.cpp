#include "customers/purchase_covariates.hpp"

#include "emptor/core/error.hpp"
#include "emptor/customers/clv.hpp"
#include "emptor/customers/discounted_purchases.hpp"
#include "emptor/customers/expected_purchases.hpp"
#include "emptor/customers/next_purchase.hpp"
#include "emptor/customers/p_alive.hpp"
#include "emptor/customers/purchase_distribution.hpp"
#include "emptor/customers/simulate_purchases.hpp"

#include "core/random.hpp"
#include "customers/cdnow.hpp"
#include "customers/customer_laws.hpp"
#include "simulation.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace emptor::customers {
namespace {

using testing::Summary;
using Unit = data::Span::Unit;

/// A summary with one number and one category besides.
struct Told : Summary {
  std::vector<double> number{};
  std::vector<std::int32_t> code{};
  std::shared_ptr<const Dictionary> kinds{Dictionary::from_texts({"mail", "shop", "web"})};
  std::vector<learn::Feature> features{};
  [[nodiscard]] PurchaseSummaryView told() {
    features = {{"number", number, {}, nullptr}, {"kind", {}, code, kinds.get()}};
    PurchaseSummaryView all = view();
    all.covariates = features;
    return all;
  }
};

/// What the customers of CDNOW's sample spent on their first day, in hundreds of dollars.
Told cdnow_with_first_spend() {
  Told told;
  static_cast<Summary&>(told) = testing::cdnow_sample();
  std::ifstream in(emptor::testing::shared_data("cdnow/CDNOW_sample.txt"));
  std::string master, first;
  int id = 0, date = 0, first_date = 0;
  double cds = 0, dollars = 0;
  while (in >> master >> id >> date >> cds >> dollars) {
    if (static_cast<std::size_t>(id) > told.number.size()) {
      told.number.push_back(0);
      told.code.push_back(id % 7 == 0 ? 0 : id % 2 + 1);
      first_date = date;
    }
    if (date == first_date) told.number.back() += dollars / 100;
  }
  return told;
}

const PurchaseCovariates kNumber{{"number"}, {"number"}, {}};

/// Rows of every sort, at random.
Told random_rows(int n, std::uint64_t seed) {
  core::Random random(seed, 1);
  Told told;
  for (int i = 0; i < n; ++i) {
    const double T = 1 + 60 * random.uniform();
    const auto x = static_cast<std::int64_t>(random.uniform() * random.uniform() * 12);
    told.add(x, x == 0 ? 0 : T * (0.01 + 0.99 * random.uniform()), T);
    told.number.push_back(std::round(4 * random.normal()));
    told.code.push_back(static_cast<std::int32_t>(3 * random.uniform()));
    told.money.push_back(5 + 20 * random.uniform());
  }
  return told;
}

/// Customers with a number of -1.5 to 2 and one of three kinds, whose rates depend on both.
Told simulated(const PurchaseFit& truth, int each, std::uint64_t seed) {
  Told told;
  for (int kind = 0; kind < 3; ++kind)
    for (int step = 0; step < 8; ++step) {
      const double z = -1.5 + 0.5 * step;
      auto parameters = truth.parameters;
      for (std::size_t e = 0; e < truth.effects.size(); ++e) {
        const CovariateEffect& effect = truth.effects[e];
        const double value = effect.level < 0 ? z : effect.level == kind ? 1.0 : 0.0;
        const auto direction = direction_of(truth.model, effect.role);
        for (std::size_t j = 0; j < parameters.size(); ++j)
          parameters[j] *= std::exp(direction[j] * truth.coefficients[e] * value);
      }
      const auto s =
          simulate_purchases(purchase_fit(truth.model, parameters, Unit::weeks),
                             {.customers = each,
                              .T = {78, Unit::weeks},
                              .entry = data::Span{26, Unit::weeks},
                              .seed = seed * 100 + static_cast<std::uint64_t>(8 * kind + step)});
      for (std::size_t i = 0; i < s.summary.T.size(); ++i) {
        told.add(s.summary.frequency[i], s.summary.recency[i], s.summary.T[i]);
        told.number.push_back(z);
        told.code.push_back(kind);
      }
    }
  return told;
}

/// A fit from known coefficients: kinds against "web".
PurchaseFit known(PurchaseModel model, std::span<const double> parameters, double buying,
                  double leaving) {
  PurchaseFit fit = purchase_fit(model, parameters, Unit::weeks);
  fit.covariates = {{"number", false, {}}, {"kind", true, {"mail", "shop", "web"}}};
  const std::size_t p = parameters.size();
  for (const auto role : {CovariateRole::buying, CovariateRole::leaving}) {
    const double size = role == CovariateRole::buying ? buying : leaving;
    for (const auto& [covariate, level, share] :
         {std::tuple{0, -1, 1.0}, {1, 0, 0.8}, {1, 1, -0.6}}) {
      fit.effects.push_back({role, covariate, level});
      fit.coefficients.push_back(size * share);
    }
  }
  const std::size_t q = p + fit.coefficients.size();
  fit.log_covariance.assign(q * q, 0.0);
  return fit;
}

}  // namespace

// CDNOW's sample with first-day spend as covariate, found with an independent program (scipy's
// hyp2f1, BFGS and Nelder-Mead by turns). "spread" moves a and b alike, as CLVTools does.
TEST(PurchaseCovariates, CdnowFirstSpend) {
  Told told = cdnow_with_first_spend();
  if (told.x.empty()) GTEST_SKIP() << "no shared data cdnow";
  ASSERT_EQ(told.number.size(), told.x.size());
  struct Oracle {
    PurchaseModel model;
    PurchaseCovariates covariates;
    double log_likelihood;
    std::vector<double> values;
  };
  const PurchaseCovariates spread{{"number"}, {}, {"number"}};
  for (const Oracle& oracle : {Oracle{PurchaseModel::pnbd,
                                      kNumber,
                                      -9572.12384625,
                                      {.574588, 14.391677, .589944, 12.228079, .736937, .215083}},
                               {PurchaseModel::bgnbd,
                                kNumber,
                                -9562.06166157,
                                {.252033, 6.425253, .871171, 2.520329, .888950, -.199429}},
                               {PurchaseModel::bgnbd,
                                spread,
                                -9562.70672237,
                                {.252714, 6.505612, .798078, 2.507230, .906587, -.012876}},
                               {PurchaseModel::mbgnbd,
                                kNumber,
                                -9560.50082211,
                                {.559957, 8.842014, .935631, 1.563007, .793992, -.172298}}}) {
    const auto fit =
        fit_purchases(told.told(), {.model = oracle.model, .covariates = oracle.covariates});
    EXPECT_EQ(fit.status, Status::ok);
    EXPECT_NEAR(fit.log_likelihood, oracle.log_likelihood, 1e-6);
    for (std::size_t i = 0; i < 6; ++i) {
      EXPECT_NEAR(fit.value_column[i], oracle.values[i], 2e-5 * (1 + oracle.values[i]))
          << fit.parameter_column[i];
      EXPECT_GT(fit.standard_error[i], 0);
    }
    EXPECT_EQ(fit.parameter_column[4], "buying: number");
    EXPECT_EQ(fit.aic, 12 - 2 * fit.log_likelihood);
  }
}

// First and second derivatives against differences, for every model and role.
TEST(PurchaseCovariates, Derivatives) {
  Told told = random_rows(60, 3);
  for (const auto model :
       {PurchaseModel::nbd, PurchaseModel::pnbd, PurchaseModel::bgnbd, PurchaseModel::mbgnbd}) {
    PurchaseCovariates names{{"number", "kind"}, {}, {}};
    if (model != PurchaseModel::nbd) names.leaving = {"kind"};
    if (model == PurchaseModel::bgnbd) names.spread = {"number"};
    std::vector<learn::FeatureInfo> covariates;
    const auto groups = groups_of(names, told.told(), covariates);
    const Context context;
    const auto f = groups.objective(model, context);
    const std::size_t p = parameter_names(model).size(), q = p + groups.effects().size();
    std::vector<double> x{-.5, 1.5};
    if (p > 2) x.insert(x.end(), {-.1, .8});
    for (std::size_t e = p; e < q; ++e) x.push_back(0.1 * static_cast<double>(e) - 0.5);
    std::vector<double> slope(q), curve(q * q), up(q), down(q), unused(q * q);
    f(x, slope, curve);
    for (std::size_t i = 0; i < q; ++i) {
      const double h = 1e-4;
      auto moved = x;
      moved[i] = x[i] + h;
      const double above = f(moved, up, unused);
      moved[i] = x[i] - h;
      const double below = f(moved, down, unused);
      EXPECT_NEAR(slope[i], (above - below) / (2 * h), 1e-5 * (1 + std::fabs(slope[i]))) << i;
      for (std::size_t j = 0; j < q; ++j)
        EXPECT_NEAR(curve[i * q + j], (up[j] - down[j]) / (2 * h),
                    1e-5 * (1 + std::fabs(curve[i * q + j])))
            << i << " " << j;
    }
  }
}

// The likelihood in groups is the sum over customers, each with parameters of his own.
TEST(PurchaseCovariates, IsTheSumOverCustomers) {
  int compared = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    Told told = random_rows(100, seed);
    for (const auto model : {PurchaseModel::pnbd, PurchaseModel::bgnbd, PurchaseModel::mbgnbd}) {
      const std::array parameters{.5, 6.0, .9, 1.6};
      const PurchaseFit fit = known(model, parameters, .4, -.3);
      const CustomerLaws laws(fit, told.told(), "test");
      double sum = 0;
      for (std::size_t i = 0; i < told.x.size(); ++i) {
        Summary one;
        one.add(told.x[i], told.last[i], told.T[i]);
        const auto law = laws.plain(i);
        const PurchaseParameters at{law.r, law.alpha, law.a, law.b};
        const PurchaseRows rows = collapse(one.view());
        sum += model == PurchaseModel::pnbd
                   ? pnbd_likelihood(rows, at, {}).value
                   : bgnbd_likelihood(rows, at, model == PurchaseModel::mbgnbd, 1, {}).value;
      }
      std::vector<learn::FeatureInfo> covariates;
      const auto groups =
          groups_of({{"number", "kind"}, {"number", "kind"}, {}}, told.told(), covariates);
      // The reference level is the most frequent one, so effects may differ: compare at a fit.
      std::vector<double> x;
      for (const double value : parameters) x.push_back(std::log(value));
      std::vector<double> own(groups.effects().size());
      const bool same = std::equal(
          fit.effects.begin(), fit.effects.end(), groups.effects().begin(), groups.effects().end(),
          [](const auto& a, const auto& b) { return a.level == b.level && a.role == b.role; });
      if (!same) continue;
      for (std::size_t e = 0; e < own.size(); ++e) {
        const auto direction = direction_of(model, fit.effects[e].role);
        for (std::size_t j = 0; j < 4; ++j)
          x[j] += direction[j] * fit.coefficients[e] * groups.centre()[e];
        own[e] = fit.coefficients[e] * groups.scale()[e];
      }
      x.insert(x.end(), own.begin(), own.end());
      std::vector<double> slope(x.size()), curve(x.size() * x.size());
      const Context context;
      EXPECT_NEAR(-groups.objective(model, context)(x, slope, curve), sum, 1e-9 * std::fabs(sum));
      ++compared;
    }
  }
  EXPECT_GE(compared, 9);
}

// Coefficients of 0 without variance: to the bit what the model without covariates says.
TEST(PurchaseCovariates, NoEffectIsThePlainModel) {
  Told told = random_rows(30, 5);
  const auto view = told.told();
  const SpendFit spend = spend_fit(6.25, 3.74, 15.4);
  for (const auto model : {PurchaseModel::pnbd, PurchaseModel::bgnbd, PurchaseModel::mbgnbd}) {
    PurchaseFit plain = purchase_fit(model, std::array{.5, 6.0, .9, 1.6}, Unit::weeks);
    PurchaseFit fit = known(model, plain.parameters, 0, 0);
    const std::size_t q = 4 + fit.effects.size();
    for (std::size_t i = 0; i < 4; ++i)
      for (std::size_t j = 0; j < 4; ++j) {
        const double covariance = i == j ? .02 : .005;
        plain.log_covariance[4 * i + j] = fit.log_covariance[q * i + j] = covariance;
      }
    const auto a = p_alive(fit, view), b = p_alive(plain, view);
    EXPECT_EQ(a.p_alive, b.p_alive);
    EXPECT_EQ(a.p_alive_low, b.p_alive_low);
    const auto c = expected_purchases(fit, view), d = expected_purchases(plain, view);
    EXPECT_EQ(c.expected_purchases, d.expected_purchases);
    EXPECT_EQ(c.expected_purchases_high, d.expected_purchases_high);
    EXPECT_EQ(c.purchases_high, d.purchases_high);
    EXPECT_EQ(c.p_none, d.p_none);
    EXPECT_EQ(next_purchase(fit, view).next_purchase, next_purchase(plain, view).next_purchase);
    EXPECT_EQ(purchase_distribution(fit, view).p, purchase_distribution(plain, view).p);
    EXPECT_EQ(discounted_purchases(fit, view).discounted_purchases_low,
              discounted_purchases(plain, view).discounted_purchases_low);
    // Without covariates clv interpolates over customers, to about 1e-12.
    const auto e = clv(fit, spend, view), f = clv(plain, spend, view);
    for (std::size_t i = 0; i < e.clv.size(); ++i) EXPECT_NEAR(e.clv[i], f.clv[i], 1e-9 * f.clv[i]);
    EXPECT_NEAR(e.total.high, f.total.high, 1e-9 * f.total.high);
  }
}

// The interval of a customer is that of the model written for his covariates: moving the origin of
// a number to his value leaves him the plain parameters, and their covariance.
TEST(PurchaseCovariates, OriginAndScaleDoNotMatter) {
  Told told = cdnow_with_first_spend();
  if (told.x.empty()) GTEST_SKIP() << "no shared data cdnow";
  Told moved = told;
  for (double& z : moved.number) z = 10 * z - 3;
  for (const auto model : {PurchaseModel::mbgnbd, PurchaseModel::pnbd}) {
    const PurchaseCovariates both{{"number", "kind"}, {"number", "kind"}, {}};
    const auto a = fit_purchases(told.told(), {.model = model, .covariates = both});
    const auto b = fit_purchases(moved.told(), {.model = model, .covariates = both});
    EXPECT_NEAR(a.log_likelihood, b.log_likelihood, 1e-8);
    EXPECT_NEAR(a.coefficients[0], 10 * b.coefficients[0], 1e-6);
    const auto x = expected_purchases(a, told.told()), y = expected_purchases(b, moved.told());
    const auto p = p_alive(a, told.told()), q = p_alive(b, moved.told());
    for (std::size_t i = 0; i < x.n.size(); i += 13) {
      EXPECT_NEAR(x.expected_purchases_low[i], y.expected_purchases_low[i],
                  1e-6 * x.expected_purchases[i]);
      EXPECT_NEAR(p.p_alive_high[i], q.p_alive_high[i], 1e-6);
    }
  }
}

TEST(PurchaseCovariates, OrderAndThreadsDoNotMatter) {
  Told told = random_rows(3000, 9);
  Told turned = told;
  for (auto* column : {&turned.last, &turned.T, &turned.number})
    std::reverse(column->begin(), column->end());
  std::reverse(turned.x.begin(), turned.x.end());
  std::reverse(turned.code.begin(), turned.code.end());
  const FitPurchasesOptions options{.covariates = {{"number", "kind"}, {"kind"}, {}}};
  const auto one = fit_purchases(told.told(), options, {.threads = 1});
  for (const int threads : {2, 3, 8})
    EXPECT_EQ(fit_purchases(told.told(), options, {.threads = threads}).to_bytes(), one.to_bytes());
  const auto other = fit_purchases(turned.told(), options);
  for (std::size_t i = 0; i < one.value_column.size(); ++i)
    EXPECT_NEAR(other.value_column[i], one.value_column[i], 1e-6);
  const auto all = expected_purchases(one, told.told());
  for (const std::size_t i : {std::size_t{0}, std::size_t{1234}}) {
    Told single;
    single.add(told.x[i], told.last[i], told.T[i]);
    single.number = {told.number[i]};
    single.code = {told.code[i]};
    EXPECT_EQ(expected_purchases(one, single.told()).expected_purchases_high[0],
              all.expected_purchases_high[i]);
  }
}

TEST(PurchaseCovariates, BytesAndBack) {
  Told told = random_rows(800, 11);
  const auto fit = fit_purchases(
      told.told(),
      {.model = PurchaseModel::bgnbd, .covariates = {{"kind", "number"}, {"kind"}, {"number"}}});
  ASSERT_FALSE(fit.coefficients.empty());
  const auto back = purchase_fit_from(fit.to_bytes());
  EXPECT_EQ(back.to_bytes(), fit.to_bytes());
  EXPECT_EQ(back.covariates[0].levels, fit.covariates[0].levels);
  EXPECT_EQ(expected_purchases(back, told.told()).expected_purchases_low,
            expected_purchases(fit, told.told()).expected_purchases_low);
}

// Planted coefficients are found, and 95 % intervals hold them 95 times in 100.
TEST(PurchaseCovariates, IntervalsCover) {
  const int runs = 25 * emptor::testing::simulation_scale();
  for (const auto model : {PurchaseModel::bgnbd, PurchaseModel::mbgnbd, PurchaseModel::pnbd}) {
    const auto truth = known(model,
                             model == PurchaseModel::pnbd ? std::array{.9, 8.0, 1.2, 30.0}
                                                          : std::array{.9, 6.0, .9, 2.4},
                             .4, .4);
    int all = 0, in = 0, means = 0, means_in = 0, fits = 0;
    double away = 0;
    for (int run = 0; run < runs; ++run) {
      Told told = simulated(truth, 100, 1 + static_cast<std::uint64_t>(run));
      const auto fit = fit_purchases(
          told.told(),
          {.model = model, .covariates = {{"number", "kind"}, {"number", "kind"}, {}}});
      if (fit.model != model || fit.status != Status::ok) continue;
      ++fits;
      // The most frequent of kinds of one size is the first; the truth is against the last.
      const auto of = [&](const PurchaseFit& f, std::size_t role, int level) {
        for (std::size_t e = 0; e < f.effects.size(); ++e)
          if (static_cast<std::size_t>(f.effects[e].role) == role && f.effects[e].level == level &&
              f.effects[e].covariate == (level < 0 ? 0 : 1))
            return f.coefficients[e];
        return 0.0;
      };
      for (std::size_t e = 0; e < fit.effects.size(); ++e) {
        const auto role = static_cast<std::size_t>(fit.effects[e].role);
        const int level = fit.effects[e].level;
        const double real = of(truth, role, level) - (level < 0 ? 0 : of(truth, role, 0));
        ++all;
        in += fit.low[4 + e] <= real && real <= fit.high[4 + e];
        away += (fit.coefficients[e] - real) / fit.standard_error[4 + e];
      }
      const auto found = expected_purchases(fit, told.told());
      const auto exact = expected_purchases(truth, told.told());
      for (std::size_t i = 0; i < found.n.size(); i += 37) {
        ++means;
        means_in += found.expected_purchases_low[i] <= exact.expected_purchases[i] &&
                    exact.expected_purchases[i] <= found.expected_purchases_high[i];
      }
    }
    const double share = in / static_cast<double>(all);
    const double means_share = means_in / static_cast<double>(means);
    std::printf("%-7s %d fits: coefficients %.3f, mean z %.2f, expected purchases %.3f\n",
                std::string(to_string(model)).c_str(), fits, share, away / all, means_share);
    EXPECT_GE(fits, 0.9 * runs);
    // 150 coefficients, six a run: two and a half standard errors are about .05.
    EXPECT_GE(share, .90) << to_string(model);
    EXPECT_GE(means_share, .88) << to_string(model);
    EXPECT_LT(std::fabs(away / all), .4) << to_string(model);
  }
}

// A kind that never buys again has no finite coefficient: that is said, and nothing else breaks.
TEST(PurchaseCovariates, PartedCustomers) {
  Told told = random_rows(600, 13);
  for (std::size_t i = 0; i < told.x.size(); ++i)
    if (told.code[i] == 1) told.x[i] = 0, told.last[i] = 0;
  const auto fit =
      fit_purchases(told.told(), {.model = PurchaseModel::nbd, .covariates = {{"kind"}, {}, {}}});
  EXPECT_EQ(fit.status, Status::boundary);
  EXPECT_EQ(fit.reason, PurchaseFitReason::covariate_at_bound);
  const auto ahead = expected_purchases(fit, told.told());
  for (std::size_t i = 0; i < told.x.size(); ++i)
    EXPECT_EQ(ahead.expected_purchases[i] < 1e-3, told.code[i] == 1);
}

// Nobody leaves: the model asked for becomes the nbd, with what its covariates say of buying.
TEST(PurchaseCovariates, NobodyLeaves) {
  PurchaseFit truth = known(PurchaseModel::nbd, std::array{1.5, 8.0}, .4, 0);
  truth.effects.resize(3);
  truth.coefficients.resize(3);
  Told told = simulated(truth, 100, 77);
  const auto fit = fit_purchases(told.told(), {.model = PurchaseModel::pnbd,
                                               .covariates = {{"number"}, {"number", "kind"}, {}}});
  EXPECT_EQ(fit.model, PurchaseModel::nbd);
  EXPECT_EQ(fit.reason, PurchaseFitReason::no_leaving);
  ASSERT_EQ(fit.coefficients.size(), 1U);
  ASSERT_EQ(fit.covariates.size(), 1U);  // "kind" is no longer asked for
  EXPECT_NEAR(fit.coefficients[0], .4, 4 * fit.standard_error[2]);
}

TEST(PurchaseCovariates, Messages) {
  Told told = random_rows(300, 17);
  const auto message = [](const auto& call) {
    try {
      call();
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  const auto of = [&](FitPurchasesOptions options) {
    return message([&] { fit_purchases(told.told(), options); });
  };
  EXPECT_EQ(of({.covariates = {{"age"}, {}, {}}}),
            "fit_purchases: the summary has no column 'age' for covariates; add it to the summary");
  EXPECT_EQ(of({.covariates = {{"kind", "kind"}, {}, {}}}),
            "fit_purchases: covariate 'kind' is given twice for buying");
  EXPECT_EQ(of({.model = PurchaseModel::nbd, .covariates = kNumber}),
            "fit_purchases: under \"nbd\" nobody leaves; give covariates to buying alone");
  EXPECT_EQ(of({.model = PurchaseModel::pnbd, .covariates = {{}, {}, {"number"}}}),
            "fit_purchases: covariates of spread go with \"mbgnbd\" and \"bgnbd\"; under \"pnbd\" "
            "give them to leaving");
  EXPECT_EQ(of({.model = PurchaseModel::bgcnbd, .k = 1, .covariates = kNumber}),
            "fit_purchases: covariates go with the models \"mbgnbd\", \"bgnbd\", \"pnbd\" and "
            "\"nbd\"");
  const auto fit = fit_purchases(
      told.told(), {.model = PurchaseModel::nbd, .covariates = {{"number", "kind"}, {}, {}}});
  Told other = told;
  other.number[7] = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(message([&] { expected_purchases(fit, other.told()); }),
            "expected_purchases: covariate 'number' is missing in row 7; fill it in, or leave such "
            "customers out");
  other = told;
  other.kinds = Dictionary::from_texts({"fax", "mail", "shop"});
  const auto fax = static_cast<std::size_t>(std::find(other.code.begin(), other.code.end(), 0) -
                                            other.code.begin());
  EXPECT_EQ(message([&] { purchase_distribution(fit, other.told()); }),
            "purchase_distribution: covariate 'kind' is 'fax' in row " + std::to_string(fax) +
                ", which the fit has not seen; it knows 'mail', 'shop', 'web'");
  EXPECT_EQ(message([&] { expected_purchases(fit, told.view()); }),
            "expected_purchases: the table does not fit the model: missing 'number', 'kind'");
  EXPECT_EQ(message([&] { simulate_purchases(fit); }),
            "simulate_purchases: the fit has covariates; simulate from purchase_fit with the "
            "parameters of one kind of customer");
  EXPECT_EQ(message([&] {
              expected_purchases_new(fit, std::array{data::Span{1, Unit::weeks}});
            }),
            "expected_purchases_new: the fit has covariates; ask expected_purchases of a summary "
            "with frequency, recency and T of 0 and the covariates of the new customers");
  const PurchaseCovariates number{{"number"}, {}, {}};
  other = told;
  for (double& z : other.number) z = 3;
  EXPECT_EQ(message([&] { fit_purchases(other.told(), {.covariates = number}); }),
            "fit_purchases: covariate 'number' is the same for all customers; leave it out");
  other = told;
  for (double& z : other.number) z += 2020;
  EXPECT_EQ(message([&] { fit_purchases(other.told(), {.covariates = number}); }),
            "fit_purchases: covariate 'number' lies far from 0 for how little it differs; subtract "
            "2020 from it");
  for (std::size_t i = 0; i < told.x.size(); ++i) other.number[i] = told.code[i] == 1 ? 2 : 0;
  EXPECT_EQ(message([&] {
              fit_purchases(other.told(), {.covariates = {{"kind", "number"}, {}, {}}});
            }),
            "fit_purchases: covariate 'number' follows from those before it; leave it out");
}

}  // namespace emptor::customers
