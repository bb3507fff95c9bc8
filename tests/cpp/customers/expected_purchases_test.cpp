#include "emptor/customers/expected_purchases.hpp"

#include "emptor/core/error.hpp"

#include "customers/cdnow.hpp"
#include "customers/count_law.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <vector>

namespace emptor::customers {
namespace {

using testing::Summary;
using Unit = data::Span::Unit;

constexpr std::array kModels{PurchaseModel::mbgnbd, PurchaseModel::bgnbd,   PurchaseModel::pnbd,
                             PurchaseModel::nbd,    PurchaseModel::mbgcnbd, PurchaseModel::bgcnbd};

PurchaseFit example(PurchaseModel model, int k = 2) {
  if (model == PurchaseModel::nbd) return purchase_fit(model, std::array{.385, 12.07}, Unit::weeks);
  if (model == PurchaseModel::pnbd)
    return purchase_fit(model, std::array{.55, 10.58, .61, 11.67}, Unit::weeks);
  const bool shape = model == PurchaseModel::mbgcnbd || model == PurchaseModel::bgcnbd;
  return purchase_fit(model, std::array{.243, 4.414, .793, 2.426}, Unit::weeks, shape ? k : 1);
}

std::vector<double> masses(const Outlook<double>& outlook, double t, int n) {
  CountLaw law(outlook, t);
  std::vector<double> out;
  for (int i = 0; i <= n; ++i) out.push_back(law.next());
  return out;
}

}  // namespace

// CDNOW's first ten customers over 39 weeks, by two independent programs.
TEST(ExpectedPurchases, CdnowFirstTen) {
  const Summary all = testing::cdnow_sample();
  if (all.x.empty()) GTEST_SKIP() << "no shared data cdnow";
  const std::vector<double> bgnbd{1.225911, .2032506, .1947809, .1947809, .1947809,
                                  3.33724,  .301598,  .1947809, 1.324101, .1947809};
  const std::vector<double> pnbd{1.455113, .1709805, .1070598, .1070598, .1070598,
                                 3.711748, .2598747, .1070598, 1.604667, .1070598};
  for (const auto& [model, expected] :
       {std::pair{PurchaseModel::bgnbd, bgnbd}, {PurchaseModel::pnbd, pnbd}}) {
    const auto fit = fit_purchases(all.view(), {.model = model});
    const auto result = expected_purchases(fit, all.view(), {.horizon = {39, Unit::weeks}});
    for (std::size_t i = 0; i < 10; ++i) {
      EXPECT_NEAR(result.expected_purchases[i], expected[i], 3e-6 * expected[i]) << i;
      EXPECT_LT(result.expected_purchases_low[i], expected[i]);
      EXPECT_GT(result.expected_purchases_high[i], expected[i]);
      EXPECT_LE(result.purchases_low[i], expected[i]);
      EXPECT_GE(result.purchases_high[i], std::floor(expected[i]));
    }
    if (model == PurchaseModel::bgnbd) {
      EXPECT_NEAR(result.p_none[0], .4453925, 2e-6);
    }
  }
}

// lifetimes' and CLVTools' tests print these of the BG/NBD. At 78 weeks they have 1.8576, which is
// the raw series cut off after 150 terms; scipy.special.hyp2f1 gives 1.85796.
TEST(ExpectedPurchases, NewCustomers) {
  const auto fit = purchase_fit(PurchaseModel::bgnbd,
                                std::array{.2425945, 4.4136019, .7929199, 2.4258881}, Unit::weeks);
  const std::vector<data::Span> spans{{1, Unit::days},   {1, Unit::weeks},  {3, Unit::weeks},
                                      {223, Unit::days}, {32, Unit::weeks}, {78, Unit::weeks}};
  const auto found = expected_purchases_new(fit, spans).expected_purchases;
  const std::vector<double> printed{.0078, .0532, .1506, 1.0405, 1.0437, 1.85796};
  for (std::size_t i = 0; i < printed.size(); ++i) EXPECT_NEAR(found[i], printed[i], 5e-5);
  const auto law =
      law_of(purchase_fit(PurchaseModel::pnbd, std::array{.55, 10.56, .61, 11.64}, Unit::weeks));
  const std::vector<double> pnbd{0,         .05077821, .09916088, .14542507, .18979930,
                                 .23247466, .27361274, .31335159, .35181024, .38909211};
  for (int t = 0; t < 10; ++t)
    EXPECT_NEAR(expected_purchases_of(outlook_new(law), t), pnbd[static_cast<std::size_t>(t)],
                5e-9);
}

// Where other programs returned NaN or lost digits.
TEST(ExpectedPurchases, KnownTraps) {
  PurchaseLaw<double> law{PurchaseModel::bgnbd, 1, .11, 2.24, .31, .5};  // a + b below 1
  EXPECT_NEAR(expected_purchases_of(outlook(law, {0, 0, 1}), 30), .5645886, 5e-8);
  const auto fit = example(PurchaseModel::pnbd);
  EXPECT_NEAR(expected_purchases_of(outlook(law_of(fit), {132, 200, 200}), 10), 6.2060517889632418,
              1e-12);
  EXPECT_NEAR(expected_purchases_of(outlook(law_of(fit), {133, 200, 200}), 10), 6.2528722475748113,
              1e-12);
  // Through the points where textbook forms divide by zero: continuous.
  for (const auto model : {PurchaseModel::bgnbd, PurchaseModel::pnbd}) {
    PurchaseLaw<double> at{model, 1, .5, 6, 1, 1.6};
    const double value = expected_purchases_of(outlook(at, {2, 10, 40}), 52);
    for (const double nearby : {1 - 1e-9, 1 + 1e-9, 1 - 1e-6, 1 + 1e-6}) {
      at.a = nearby;
      EXPECT_NEAR(expected_purchases_of(outlook(at, {2, 10, 40}), 52), value, 1e-5 * value);
    }
  }
}

TEST(ExpectedPurchases, PublishedCounts) {
  const PurchaseLaw<double> law{PurchaseModel::bgnbd, 1, .243, 4.414, .793, 2.426};
  const auto fresh = outlook_new(law);
  EXPECT_NEAR(masses(fresh, 39, 0)[0], .5737864, 5e-8);
  EXPECT_NEAR(masses(fresh, 2, 10)[10], 1.07869e-7, 5e-13);
  const std::vector<double> printed{.0019995214, .0015170236, .0011633150, .0009003148,
                                    .0007023638, .0005517902, .0004361913, .0003467171,
                                    .0002769613, .0002222260};
  const auto found = masses(fresh, 30, 20);
  for (std::size_t i = 0; i < printed.size(); ++i) EXPECT_NEAR(found[11 + i], printed[i], 5e-11);
}

// Counts sum to one, and their mean is the expectation, for every model, history and horizon.
TEST(ExpectedPurchases, CountsAgreeWithTheMean) {
  for (const auto model : kModels)
    for (const int k : {1, 2, 5}) {
      const auto law = law_of(example(model, k));
      for (const PurchaseHistory& history :
           {PurchaseHistory{0, 0, 30}, {1, 4, 40}, {2, 30.43, 38.86}, {30, 39, 40}, {0, 0, 0}})
        for (const double t : {.1, 5.0, 39.0, 150.0}) {
          const auto ahead = outlook(law, history);
          CountLaw counts(ahead, t);
          double total = 0, mean = 0;
          for (int n = 0; n < 6000 && 1 - total > 1e-13; ++n) {
            const double chance = counts.next();
            EXPECT_GE(chance, 0);
            total += chance;
            mean += n * chance;
          }
          EXPECT_NEAR(total, 1, 1e-8) << to_string(model) << history.x << " " << t;
          const double expected = expected_purchases_of(ahead, t);
          EXPECT_NEAR(mean, expected, 1e-6 * expected) << to_string(model) << history.x << " " << t;
        }
    }
}

// Two ways to the same number: the series and counting purchases.
TEST(ExpectedPurchases, SeriesAndCounting) {
  for (const double r : {.1, .6, 3.0, 40.0})
    for (const double a : {.05, 1.0, 1.7, 9.0})
      for (const double b : {.2, 2.4, 30.0})
        for (const double t : {.01, 3.0, 60.0}) {
          Outlook<double> o;
          o.r = r;
          o.alpha = 8;
          o.a = a;
          o.b = b;
          const double counted = law_detail::by_counting(o, t);
          EXPECT_NEAR(expected_purchases_of(o, t), counted, 2e-11 * (counted + 1e-3))
              << r << " " << a << " " << b << " " << t;
        }
}

// Gradients by jets against differences of plain values.
TEST(ExpectedPurchases, Gradients) {
  for (const auto model : kModels) {
    auto fit = example(model, 3);
    const PurchaseHistory history{3, 21, 40};
    const auto mean = expected_purchases_of(outlook(gradient_law_of(fit), history), 39);
    EXPECT_NEAR(mean.v, expected_purchases_of(outlook(law_of(fit), history), 39), 1e-12);
    for (std::size_t i = 0; i < fit.parameters.size(); ++i) {
      const auto at = [&](double step) {
        auto moved = fit;
        moved.parameters[i] *= std::exp(step);
        return expected_purchases_of(outlook(law_of(moved), history), 39);
      };
      const double h = 1e-3;
      const double slope = (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h);
      EXPECT_NEAR(mean.d[i], slope, 1e-8) << to_string(model) << i;
    }
  }
}

TEST(ExpectedPurchases, WeeksOrDays) {
  const Summary all = testing::cdnow_sample();
  if (all.x.empty()) GTEST_SKIP() << "no shared data cdnow";
  Summary days = all;
  days.unit = Unit::days;
  for (double& v : days.last) v *= 7;
  for (double& v : days.T) v *= 7;
  const auto in_weeks = fit_purchases(all.view()), in_days = fit_purchases(days.view());
  const ExpectedPurchasesOptions options{{273, Unit::days}};
  const auto a = expected_purchases(in_weeks, all.view(), options);
  const auto b = expected_purchases(in_days, days.view(), options);
  EXPECT_NEAR(in_days.parameters[1], 7 * in_weeks.parameters[1], 1e-4);
  for (std::size_t i = 0; i < 50; ++i) {
    EXPECT_NEAR(a.expected_purchases[i], b.expected_purchases[i], 1e-6);
    EXPECT_NEAR(a.expected_purchases_low[i], b.expected_purchases_low[i], 1e-5);
    EXPECT_EQ(a.purchases_high[i], b.purchases_high[i]);
  }
}

TEST(ExpectedPurchases, OneIsAsAll) {
  const Summary all = testing::cdnow_sample();
  if (all.x.empty()) GTEST_SKIP() << "no shared data cdnow";
  for (const auto model : {PurchaseModel::mbgnbd, PurchaseModel::pnbd}) {
    const auto fit = fit_purchases(all.view(), {.model = model});
    const auto full = expected_purchases(fit, all.view(), {}, {.threads = 1});
    const auto many = expected_purchases(fit, all.view(), {}, {.threads = 3});
    EXPECT_EQ(full.expected_purchases, many.expected_purchases);
    EXPECT_EQ(full.purchases_high, many.purchases_high);
    for (std::size_t i = 0; i < all.x.size(); i += 211) {
      Summary one;
      one.add(all.x[i], all.last[i], all.T[i]);
      const auto alone = expected_purchases(fit, one.view());
      EXPECT_EQ(alone.expected_purchases[0], full.expected_purchases[i]);
      EXPECT_EQ(alone.expected_purchases_low[0], full.expected_purchases_low[i]);
    }
  }
}

TEST(ExpectedPurchases, StatusesAndArguments) {
  Summary s;
  s.add(2, 10, 20);
  const auto fit = example(PurchaseModel::mbgnbd);
  EXPECT_EQ(expected_purchases(fit, s.view(), {{10, Unit::years}}).status[0], Status::ok);
  auto fitted = fit;
  fitted.max_T = 20;
  EXPECT_EQ(expected_purchases(fitted, s.view(), {{21, Unit::weeks}}).status[0],
            Status::extrapolated);
  const auto message = [&](const ExpectedPurchasesOptions& options) {
    try {
      expected_purchases(fit, s.view(), options);
    } catch (const InvalidArgument& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  EXPECT_EQ(message({{0, Unit::weeks}}),
            "expected_purchases: horizon is 0 weeks; write a span such as \"39 weeks\"");
  EXPECT_EQ(message({{1, Unit::weeks}, 1.5}),
            "expected_purchases: level must lie between 0 and 1, as 0.95");
}

}  // namespace emptor::customers
