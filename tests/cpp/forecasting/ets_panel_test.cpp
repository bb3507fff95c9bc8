#include "emptor/core/error.hpp"
#include "emptor/forecasting/ets.hpp"

#include "forecasting/known_series.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

namespace emptor::forecasting {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// Series end to end, and a view of them.
struct Panel {
  std::vector<double> y{};
  std::vector<std::int64_t> offset{0};
  void add(const std::vector<double>& one) {
    y.insert(y.end(), one.begin(), one.end());
    offset.push_back(static_cast<std::int64_t>(y.size()));
  }
  [[nodiscard]] SeriesView view() const {
    SeriesView v;
    v.y = y;
    v.offset = offset;
    return v;
  }
};

/// Paths of a local trend whose slope moves by `beta` times each error.
Panel trends(double beta, int count) {
  EtsFit fit;
  fit.end.model = {EtsError::additive, EtsTrend::additive, false, EtsSeason::none};
  fit.end.alpha = 0.6;
  fit.end.beta = beta;
  fit.end.level = 1000;
  fit.end.slope = 10;
  fit.sigma = 20;
  Panel panel;
  for (int s = 0; s < count; ++s) {
    panel.add(simulate(fit, 40, 1, 5, static_cast<std::uint64_t>(s)));
  }
  return panel;
}

TEST(EtsPanel, LearnsHowStraightTrendsAre) {
  const EtsOptions options{.season_length = 1};
  const Panel straight = trends(0, 150);
  const Panel bent = trends(0.5, 150);
  EXPECT_GE(learn_ets_prior(straight.view(), options).beta_rate, 20);
  EXPECT_LE(learn_ets_prior(bent.view(), options).beta_rate, 5);
  // Of little, what is usual; other parts of the prior stay.
  Panel one;
  one.add(kLakeHuron);
  EXPECT_EQ(learn_ets_prior(one.view(), {.prior = {.phi_rate = 3}}).beta_rate, 20);
  EXPECT_EQ(learn_ets_prior(one.view(), {.prior = {.phi_rate = 3}}).phi_rate, 3);
  EXPECT_EQ(learn_ets_prior(Panel{}.view(), options).beta_rate, 20);
}

TEST(EtsPanel, IsFitEtsOfEach) {
  Panel panel;
  panel.add(kUkGas);
  panel.add({});
  panel.add({kNaN, 3, 4, 6});
  panel.add(std::vector<double>(9, 5.0));
  const EtsOptions options{.season_length = 4};
  const EtsFits fits = ets(panel.view(), options);
  ASSERT_EQ(fits.fits.size(), 4U);
  const EtsFit alone = fit_ets(kUkGas, options);
  EXPECT_EQ(fits.aicc[0], alone.aicc);
  EXPECT_EQ(fits.model[0], to_string(alone.end.model));
  EXPECT_EQ(fits.status[1], Status::not_enough_data);
  EXPECT_EQ(fits.status[2], Status::small_sample);
  EXPECT_EQ(fits.status[3], Status::boundary);
  EXPECT_TRUE(std::isnan(fits.beta[3]));
  const EtsForecast ahead = forecast(fits, 3, {0.9});
  ASSERT_EQ(ahead.forecast.size(), 12U);
  EXPECT_EQ(ahead.forecast[0], forecast(alone, 1)[0]);
  EXPECT_NEAR(ahead.band.high[0][0] - ahead.forecast[0], 1.644854 * standard_errors(alone, 1)[0],
              1e-4);
  EXPECT_TRUE(std::isnan(ahead.forecast[3]));
  EXPECT_EQ(ahead.names[0], "forecast_low");
}

TEST(EtsPanel, ThreadsChangeNothing) {
  const Panel panel = trends(0.2, 40);
  const EtsOptions options{.season_length = 1, .prior = {.beta_rate = 5}};
  Context one;
  one.threads = 1;
  const EtsFits first = ets(panel.view(), options, one);
  for (const int threads : {2, 3, 8}) {
    Context many;
    many.threads = threads;
    const EtsFits other = ets(panel.view(), options, many);
    EXPECT_EQ(other.level, first.level);
    EXPECT_EQ(other.aicc, first.aicc);
    EXPECT_EQ(learn_ets_prior(panel.view(), options, many).beta_rate,
              learn_ets_prior(panel.view(), options, one).beta_rate);
  }
}

TEST(EtsPanel, KeepsDates) {
  SeriesView v;
  std::vector<double> y{3, 4, 6, 5, 7, 8, kNaN};
  std::vector<data::Day> start;
  for (int i = 0; i < 7; ++i) start.push_back(data::next_period(0, data::Period::month, i));
  std::vector<std::uint8_t> complete{1, 1, 1, 1, 1, 0, 1};
  v.y = y;
  v.start = start;
  v.complete = complete;
  v.period = data::Period::month;
  const EtsFits fits = ets(v, {.season_length = 0});
  EXPECT_EQ(fits.n[0], 5);
  EXPECT_EQ(fits.next[0], start[5]);
  EXPECT_EQ(fits.fits[0].start.season_length, 12);
  const std::vector<double> more{9, 10};
  const EtsFits later = with_fits(fits, {update(fits.fits[0], more)});
  EXPECT_EQ(later.n[0], 7);
  EXPECT_EQ(forecast(later, 2, {0.8}).start[1], data::next_period(0, data::Period::month, 8));
}

template <typename Call>
std::string message(const Call& call) {
  try {
    call();
  } catch (const Error& e) {
    return e.what();
  }
  return "nothing thrown";
}

TEST(EtsPanel, Input) {
  Panel panel;
  panel.add({1, 2, 3, std::numeric_limits<double>::infinity()});
  EXPECT_EQ(message([&] { ets(panel.view(), {}); }),
            "ets: y is infinite in row 3 (series 0); write NaN for a missing value");
  panel.y[3] = 4;
  EXPECT_EQ(message([&] { forecast(ets(panel.view(), {}), 0); }),
            "forecast: horizon is 0; write periods ahead, as 8");
  EXPECT_EQ(message([&] { with_fits(ets(panel.view(), {}), {}); }),
            "with_fits: 0 fits for 1 series");
  Context stopped;
  stopped.stop.request_stop();
  EXPECT_THROW(ets(panel.view(), {}, stopped), Cancelled);
}

}  // namespace
}  // namespace emptor::forecasting
