#include "emptor/forecasting/ets.hpp"

#include "emptor/core/error.hpp"

#include "forecasting/known_series.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

namespace emptor::forecasting {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// Flow of the Nile at Aswan, 1871-1970 (Cobb 1978).
const std::vector<double> kNile{
    1120, 1160, 963, 1210, 1160, 1160, 813,  1230, 1370, 1140, 995,  935,  1110, 994,  1020,
    960,  1180, 799, 958,  1140, 1100, 1210, 1150, 1250, 1260, 1220, 1030, 1100, 774,  840,
    874,  694,  940, 833,  701,  916,  692,  1020, 1050, 969,  831,  726,  456,  824,  702,
    1120, 1100, 832, 764,  821,  768,  845,  864,  862,  698,  845,  744,  796,  1040, 759,
    781,  865,  845, 944,  984,  897,  822,  1010, 771,  676,  649,  846,  812,  742,  801,
    1040, 860,  874, 848,  890,  744,  749,  838,  1050, 918,  986,  797,  923,  975,  815,
    1020, 906,  901, 1170, 912,  746,  919,  718,  714,  740};

EtsModel model_of(const std::string& name) {
  const auto kind = [](char c) { return c == 'N' ? 0 : c == 'A' ? 1 : 2; };
  EtsModel m;
  m.error = name[0] == 'A' ? EtsError::additive : EtsError::multiplicative;
  m.trend = static_cast<EtsTrend>(kind(name[1]));
  m.damped = name.size() == 4;
  m.season = static_cast<EtsSeason>(kind(name.back()));
  return m;
}

EtsFit fit_r(const std::vector<double>& y, int season_length, const std::string& model = "ZZZ") {
  return fit_ets(y,
                 {.model = model, .season_length = season_length, .likelihood = EtsLikelihood::r});
}

/// Parameters as statsforecast and R list them: weights, level, slope, season backwards.
EtsParameters listed(const std::string& name, int season_length, const std::vector<double>& list) {
  EtsParameters p;
  p.model = model_of(name);
  p.season_length = season_length;
  std::size_t i = 0;
  p.alpha = list[i++];
  if (p.model.trend != EtsTrend::none) p.beta = list[i++];
  if (p.model.season != EtsSeason::none) p.gamma = list[i++];
  if (p.model.damped) p.phi = list[i++];
  p.level = list[i++];
  if (p.model.trend != EtsTrend::none) p.slope = list[i++];
  p.season.assign(list.rbegin(), list.rend() - static_cast<std::ptrdiff_t>(i));
  return p;
}

struct Golden {
  const std::vector<double>& y;
  int season_length;
  std::string model;
  std::vector<double> parameters;
  double log_likelihood;
};

// statsforecast 2.1.1, AutoETS(season_length, model, damped).fit(y).model_: "par" and "loglik" in
// all digits. Some of its optima are poor; the likelihood at them is what is compared. (Those of
// MNA, MAA and MAdA have means under 0, which a relative error does not allow.)
TEST(Ets, GoldenLikelihoodsOfStatsforecast) {
  const std::vector<Golden> all{
      {kUkGas,
       4,
       "ANA",
       {0.16862515144882564, 0.94988887485983153, 124.41985154347041, -2.3095739034930567,
        -38.564534588917773, 5.5392429354899875, 35.334865556920839},
       -646.8313482645},
      {kUkGas,
       4,
       "AAA",
       {0.00012590238352044105, 0.024269965411232417, 0.94973077162017849, 120.5793482430764,
        0.87757159197516843, -5.5032592412101495, -39.480395790343465, 6.6333948839122536,
        38.350260147641364},
       -633.2567512974},
      {kUkGas,
       4,
       "AAdA",
       {0.0013535249601833502, 0.047250614473664444, 0.9424604346815747, 0.97719312509066969,
        121.21808098362875, 0.57580256255245299, -4.4430504938700652, -38.211821313900025,
        6.1706656333442131, 36.484206174425879},
       -634.3780496668},
      {kUkGas,
       4,
       "MNM",
       {0.12032659061469146, 0.7349507454283376, 120.97604044389305, 0.96861753458140343,
        0.68609635970641614, 1.045115585949919, 1.3001705197622613},
       -635.7080791102},
      {kUkGas,
       4,
       "MAM",
       {0.00011278165609428043, 0.045483463632248693, 0.63688876649440562, 119.74837995194478,
        0.40565448918757113, 0.9523461951221055, 0.68444011994684151, 1.050071552959758,
        1.3131421319712953},
       -616.2497299102},
      {kUkGas,
       4,
       "MAdM",
       {0.0001, 0.046008177064067478, 0.63541862242579328, 0.97999245009875424, 119.54160992560742,
        0.35656359102675028, 0.95367735323870961, 0.6843833063493906, 1.0512383337022533,
        1.3107010067096465},
       -616.8994042618},
      {kWwwUsage, 1, "ANN", {0.99990000000000001, 88.091265182495903}, -405.5445627467},
      {kWwwUsage,
       1,
       "AAN",
       {0.99990000000000001, 0.20005975284239347, 87.777453198946006, 0.21909551346371636},
       -384.1521865621},
      {kWwwUsage,
       1,
       "AAdN",
       {0.99990000000000001, 0.19998130648305482, 0.90870656673056993, 88.868777174060767,
        -0.92313865872790135},
       -379.7407093680},
      {kWwwUsage, 1, "MNN", {0.99990000000000001, 87.841047210692437}, -406.1346947101},
      {kWwwUsage,
       1,
       "MAN",
       {0.99990000000000001, 0.20006000000000002, 87.740682617530055, 0.14754105019409086},
       -386.5084760767},
      {kWwwUsage,
       1,
       "MAdN",
       {0.99990000000000001, 0.0001, 0.97999999999999998, 85.850572034113384, 2.0498873028050628},
       -404.0347464220},
  };
  for (const Golden& g : all) {
    const EtsFit fit =
        evaluate_ets(g.y, listed(g.model, g.season_length, g.parameters), EtsLikelihood::r);
    EXPECT_NEAR(fit.log_likelihood, g.log_likelihood, 1e-6) << g.model;
    // And one's own optimum is at least as good wherever theirs is within the bounds.
    const auto& p = fit.start;
    if (p.beta <= p.alpha && p.gamma <= 1 - p.alpha) {
      const EtsFit best = fit_r(g.y, g.season_length, g.model);
      EXPECT_GE(best.log_likelihood, g.log_likelihood - 1e-6) << g.model;
      EXPECT_EQ(to_string(best.start.model), g.model);
    }
  }
}

// R 4.2.2, forecast 8.20: ets(x). Its parameters are printed with 8 digits, near an optimum.
TEST(Ets, GoldenLikelihoodsOfR) {
  const std::vector<Golden> all{
      {kLakeHuron, 1, "ANN", {0.99989975, 580.38239}, -195.338867},
      {kNile, 1, "MNN", {0.15140317, 1087.77182}, -726.150958},
      {kWwwUsage,
       1,
       "AAdN",
       {0.999899956, 0.996643874, 0.814958028, 90.3517675, -0.0172823},
       -352.865490},
  };
  for (const Golden& g : all) {
    const EtsFit fit = evaluate_ets(g.y, listed(g.model, 1, g.parameters), EtsLikelihood::r);
    EXPECT_NEAR(fit.log_likelihood, g.log_likelihood, 1e-6) << g.model;
  }
}

// The same run. A damped trend adds phi + phi^2 + ... of its slope: statsforecast 2.1.1 gives
// 216.7328 for the second step of WWWusage, as it leaves out the first power.
TEST(Ets, GoldenForecastsOfR) {
  const auto www = forecast(
      evaluate_ets(
          kWwwUsage,
          listed("AAdN", 1, {0.999899956, 0.996643874, 0.814958028, 90.3517675, -0.0172823})),
      6);
  const std::vector<double> expected{218.36633, 217.03507, 215.9501, 215.0660, 214.3454, 213.7582};
  for (std::size_t h = 0; h < 6; ++h) EXPECT_NEAR(www[h], expected[h], 1e-4);
  const EtsFit huron =
      evaluate_ets(kLakeHuron, listed("ANN", 1, {0.99989975, 580.38239}), EtsLikelihood::r);
  EXPECT_NEAR(forecast(huron, 1)[0], 579.95999, 1e-5);
  EXPECT_NEAR(huron.aicc, 396.933054, 1e-5);
  EXPECT_NEAR(579.95999 - 1.959964 * standard_errors(huron, 1)[0], 578.49184, 1e-4);
  EXPECT_NEAR(forecast(evaluate_ets(kNile, listed("MNN", 1, {0.15140317, 1087.77182})), 1)[0],
              838.87516, 1e-4);
}

// AICc of R's automatic choice: its simplex, which stops early, is never better.
TEST(Ets, OptimaAreAtLeastAsGoodAsThoseOfR) {
  EXPECT_LE(fit_r(kAirPassengers, 12).aicc, 1400.638432);
  EXPECT_LE(fit_r(kUkGas, 4).aicc, 1256.558294);
  EXPECT_LE(fit_r(kWwwUsage, 1).aicc, 718.634206);
  EXPECT_LE(fit_r(kLakeHuron, 1).aicc, 396.933054);
  EXPECT_LE(fit_r(kNile, 1).aicc, 1458.551916);
  EXPECT_GE(fit_r(kAirPassengers, 12, "MAdM").log_likelihood, -679.583216);
  // Where R's optimum is a good one, the parameters agree too.
  const EtsFit nile = fit_r(kNile, 1);
  EXPECT_EQ(to_string(nile.start.model), "MNN");
  EXPECT_NEAR(nile.start.alpha, 0.15140317, 1e-3);
  EXPECT_NEAR(nile.log_likelihood, -726.150958, 1e-5);
}

// Hyndman and Athanasopoulos, Forecasting: Principles and Practice: the likelihood with its
// constants is that of the normal density.
TEST(Ets, GaussianLikelihoodIsTheDensity) {
  for (const std::string name : {"AAN", "MAN"}) {
    const EtsFit fit = fit_ets(kWwwUsage, {.model = name, .keep = true});
    const double variance = fit.squares / static_cast<double>(fit.n_known);
    double sum = 0;
    for (std::size_t t = 0; t < kWwwUsage.size(); ++t) {
      const double sd = std::sqrt(variance) * (name[0] == 'M' ? fit.fitted[t] : 1);
      const double z = (kWwwUsage[t] - fit.fitted[t]) / sd;
      sum += -0.5 * z * z - std::log(sd) - 0.5 * std::log(2 * 3.14159265358979323846);
    }
    EXPECT_NEAR(fit.log_likelihood, sum, 1e-8);
    EXPECT_NEAR(fit.aic, -2 * sum + 2 * 5, 1e-8);
    EXPECT_NEAR(fit.bic, -2 * sum + 5 * std::log(100.0), 1e-8);
    EXPECT_NEAR(fit.aicc, fit.aic + 2.0 * 5 * 6 / (100 - 6), 1e-8);
  }
}

TEST(Ets, SimpleSmoothingWrittenDown) {
  const EtsFit fit = fit_ets(kNile, {.model = "ANN", .keep = true});
  double level = fit.start.level;
  for (std::size_t t = 0; t < kNile.size(); ++t) {
    EXPECT_NEAR(fit.fitted[t], level, 1e-9);
    EXPECT_NEAR(fit.residual[t], kNile[t] - level, 1e-9);
    level = fit.start.alpha * kNile[t] + (1 - fit.start.alpha) * level;
    EXPECT_NEAR(fit.level[t], level, 1e-9);
  }
  EXPECT_NEAR(forecast(fit, 3)[2], level, 1e-9);
}

TEST(Ets, DampingOfOneIsNone) {
  EtsParameters p = listed("AAN", 1, {0.4, 0.1, 90, 1.5});
  const EtsFit straight = evaluate_ets(kWwwUsage, p);
  p.model.damped = true;
  p.phi = 1;
  const EtsFit damped = evaluate_ets(kWwwUsage, p);
  EXPECT_EQ(damped.squares, straight.squares);
  EXPECT_EQ(forecast(damped, 9), forecast(straight, 9));
  p.phi = 1 - 1e-9;
  EXPECT_NEAR(forecast(evaluate_ets(kWwwUsage, p), 9)[8], forecast(straight, 9)[8], 1e-4);
}

// Far above 0 a relative error is an absolute one.
TEST(Ets, ErrorsOfBothKindsAgreeFarAboveZero) {
  std::vector<double> y(kNile);
  for (double& v : y) v += 1e6;
  const EtsFit a = fit_ets(y, {.model = "ANN"});
  const EtsFit m = fit_ets(y, {.model = "MNN"});
  EXPECT_NEAR(a.start.alpha, m.start.alpha, 1e-3);
  EXPECT_NEAR(forecast(a, 1)[0], forecast(m, 1)[0], 0.5);
  EXPECT_NEAR(a.log_likelihood, m.log_likelihood, 0.01);
  EXPECT_NEAR(standard_errors(a, 5)[4], standard_errors(m, 5)[4], 0.5);
}

TEST(Ets, ScalesWithTheSeries) {
  const EtsFit fit = fit_ets(kUkGas, {.season_length = 4});
  for (const double scale : {0x1p60, 0x1p-60}) {
    std::vector<double> y(kUkGas);
    for (double& v : y) v *= scale;
    const EtsFit other = fit_ets(y, {.season_length = 4});
    EXPECT_EQ(other.start.model, fit.start.model);
    EXPECT_EQ(other.start.alpha, fit.start.alpha);
    EXPECT_EQ(forecast(other, 5)[4], forecast(fit, 5)[4] * scale);
    EXPECT_NEAR(other.log_likelihood,
                fit.log_likelihood - static_cast<double>(fit.n) * std::log(scale), 1e-6);
  }
}

TEST(Ets, UpdateIsEvaluationOfAll) {
  for (const std::string name : {"ANN", "AAdN", "MAN", "ANA", "MAdM", "AMM", "MMdA"}) {
    std::vector<double> y(kUkGas);
    y[30] = y[101] = kNaN;
    const std::vector<double> past(y.begin(), y.begin() + 99);
    const std::vector<double> rest(y.begin() + 99, y.end());
    const int m = name.back() == 'N' ? 1 : 4;
    const EtsFit fit = fit_ets(past, {.model = name, .season_length = m});
    const EtsFit all = evaluate_ets(y, fit.start);
    const EtsFit updated = update(fit, rest);
    EXPECT_EQ(updated.n, all.n);
    EXPECT_EQ(updated.n_known, 106);
    EXPECT_NEAR(updated.log_likelihood, all.log_likelihood, 1e-7) << name;
    for (std::size_t h = 0; h < 8; ++h) {
      EXPECT_NEAR(forecast(updated, 8)[h], forecast(all, 8)[h], 1e-7) << name;
    }
  }
}

TEST(Ets, GapsAreLeftOut) {
  std::vector<double> y(kAirPassengers);
  for (const std::size_t i : {5u, 40u, 41u, 90u, 130u}) y[i] = kNaN;
  const EtsFit whole = fit_ets(kAirPassengers, {.season_length = 12});
  const EtsFit gaps = fit_ets(y, {.season_length = 12, .keep = true});
  EXPECT_EQ(gaps.n, 144);
  EXPECT_EQ(gaps.n_known, 139);
  EXPECT_TRUE(std::isnan(gaps.residual[40]));
  EXPECT_NEAR(gaps.fitted[40], kAirPassengers[40], 20);
  for (std::size_t h = 0; h < 12; ++h) {
    EXPECT_NEAR(forecast(gaps, 12)[h] / forecast(whole, 12)[h], 1, 0.03);
  }
  std::vector<double> ends(kAirPassengers);
  ends.insert(ends.begin(), 7, kNaN);
  ends.insert(ends.end(), 3, kNaN);
  EXPECT_EQ(forecast(fit_ets(ends, {.season_length = 12}), 12), forecast(whole, 12));
}

TEST(Ets, HoldsWhatIsGiven) {
  const EtsFit fit = fit_ets(
      kUkGas,
      {.model = "MAdM", .season_length = 4, .alpha = 0.3, .beta = 0.05, .gamma = 0.2, .phi = 0.9});
  EXPECT_EQ(fit.start.alpha, 0.3);
  EXPECT_EQ(fit.start.beta, 0.05);
  EXPECT_EQ(fit.start.gamma, 0.2);
  EXPECT_EQ(fit.start.phi, 0.9);
  // States alone are estimated; R's heuristic is not as good.
  const EtsFit rough = fit_ets(kUkGas, {.model = "MAdM",
                                        .season_length = 4,
                                        .initial = EtsInitial::regression,
                                        .alpha = 0.3,
                                        .beta = 0.05,
                                        .gamma = 0.2,
                                        .phi = 0.9});
  EXPECT_EQ(rough.iterations, 0);
  EXPECT_LT(rough.log_likelihood, fit.log_likelihood);
}

TEST(Ets, PriorStraightensTrends) {
  const EtsFit free = fit_ets(kWwwUsage, {.model = "AAN"});
  const EtsFit drawn = fit_ets(kWwwUsage, {.model = "AAN", .prior = {.beta_rate = 20}});
  EXPECT_LT(drawn.start.beta, free.start.beta);
  EXPECT_LT(drawn.log_likelihood, free.log_likelihood);
  // The maximum of likelihood times prior: no other beta is better.
  const auto posterior = [](const EtsFit& fit) { return fit.log_likelihood - 20 * fit.start.beta; };
  for (const double beta : {0.5, 0.8, 1.25, 2.0}) {
    const double b = beta * drawn.start.beta;
    if (b > 0.99) continue;
    EXPECT_LE(posterior(fit_ets(kWwwUsage, {.model = "AAN", .beta = b})), posterior(drawn) + 1e-5);
  }
}

TEST(Ets, AdmissibleBoundsAreWider) {
  // WWWusage is rough to the second difference: it wants a weight above 1.
  const EtsFit usual = fit_ets(kWwwUsage, {.model = "ANN"});
  const EtsFit wide = fit_ets(kWwwUsage, {.model = "ANN", .bounds = EtsBounds::admissible});
  EXPECT_GT(wide.start.alpha, 1);
  EXPECT_LT(wide.start.alpha, 2);
  EXPECT_GT(wide.log_likelihood, usual.log_likelihood);
  const EtsFit seasonal =
      fit_ets(kUkGas, {.model = "AAA", .season_length = 4, .bounds = EtsBounds::admissible});
  EXPECT_GE(seasonal.log_likelihood,
            fit_ets(kUkGas, {.model = "AAA", .season_length = 4}).log_likelihood - 1e-6);
}

TEST(Ets, TriesOnlyWhatIsAskedFor) {
  EXPECT_EQ(fit_ets(kUkGas, {.season_length = 4}).tried, 15);
  EXPECT_EQ(fit_ets(kUkGas, {.model = "AZN", .season_length = 4}).tried, 3);
  EXPECT_EQ(fit_ets(kUkGas, {.model = "ZZZ", .damped = false, .season_length = 4}).tried, 10);
  EXPECT_EQ(fit_ets(kUkGas, {.model = "ZZZ", .damped = true, .season_length = 4}).tried, 10);
  EXPECT_EQ(fit_ets(kUkGas, {.model = "MMM", .season_length = 4}).tried, 1);
  EXPECT_EQ(to_string(fit_ets(kUkGas, {.model = "AMdM", .season_length = 4}).start.model), "AMdM");
  std::vector<double> negative(kUkGas);
  negative[3] = -1;
  EXPECT_EQ(fit_ets(negative, {.season_length = 4}).tried, 6);
}

std::string message(const std::vector<double>& y, const EtsOptions& options = {}) {
  try {
    fit_ets(y, options);
  } catch (const InvalidArgument& e) {
    return e.what();
  }
  return "nothing thrown";
}

TEST(Ets, Input) {
  EXPECT_EQ(message({1, 2, std::numeric_limits<double>::infinity()}),
            "fit_ets: y[2] is infinite; write NaN for a missing value");
  const std::string forms =
      " is not a form; write error, trend and season as N, A, M or Z, as 'ZZZ' or 'MAdM'";
  EXPECT_EQ(message(kNile, {.model = "XYZ"}), "fit_ets: model 'XYZ'" + forms);
  EXPECT_EQ(message(kNile, {.model = "NNN"}), "fit_ets: model 'NNN'" + forms);
  EXPECT_EQ(message(kNile, {.model = ""}), "fit_ets: model ''" + forms);
  EXPECT_EQ(message(kNile, {.model = "ANN", .damped = true}),
            "fit_ets: model 'ANN' has no trend that could be damped");
  EXPECT_EQ(message(kNile, {.model = "AAdN", .damped = false}),
            "fit_ets: model 'AAdN' is damped, damped is false; write one");
  EXPECT_EQ(message(kNile, {.model = "ANA"}),
            "fit_ets: model 'ANA' has a season, season_length is 1; write 12 for months of a year");
  EXPECT_EQ(message(kNile, {.season_length = 0}),
            "fit_ets: season_length is 0; write 1 for no season, 12 for months of a year");
  EXPECT_EQ(message(kNile, {.alpha = 2.0}),
            "fit_ets: alpha is 2; write a number from 1e-08 to 0.9999");
  EXPECT_EQ(message(kNile, {.prior = {.beta_rate = -1}}),
            "fit_ets: prior.beta_rate is -1; write 0 or above");
  try {
    evaluate_ets(kUkGas, {.model = model_of("ANA"), .season_length = 4, .season = {1, 2}});
    FAIL();
  } catch (const InvalidArgument& e) {
    EXPECT_STREQ(e.what(), "evaluate_ets: ANA: season has 2 states; write 4");
  }
}

}  // namespace
}  // namespace emptor::forecasting
