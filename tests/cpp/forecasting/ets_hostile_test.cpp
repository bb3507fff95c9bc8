#include "emptor/forecasting/ets.hpp"

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

const std::vector<std::string> kForms{"ZZZ", "ANN", "AAN",  "AAdN", "MNN", "MAN",
                                      "MAM", "AAA", "MAdM", "MNA",  "AMM", "MMdN"};

/// Fits every form; no forecast leaves the data's neighbourhood unless the fit says so.
void expect_sane(const std::vector<double>& y, int m, const std::string& what) {
  double largest = 0;
  for (double v : y) largest = std::max(largest, std::isnan(v) ? 0 : std::abs(v));
  for (const std::string& form : kForms) {
    if (m == 1 && form != "ZZZ" && form.back() != 'N') continue;
    const EtsFit fit = fit_ets(y, {.model = form, .season_length = m, .keep = true});
    for (const double v : forecast(fit, 12)) {
      if (fit.n_known == 0) {
        EXPECT_TRUE(std::isnan(v)) << what << form;
      } else if (form == "ZZZ" || fit.status != Status::undefined) {
        EXPECT_TRUE(std::abs(v) <= 100 * largest) << what << " " << form << " " << v;
      }
    }
    for (const double v : standard_errors(fit, 12)) {
      EXPECT_TRUE(std::isnan(v) || v >= 0) << what << " " << form;
    }
    EXPECT_EQ(fit.fitted.size(), static_cast<std::size_t>(fit.n)) << what << " " << form;
  }
}

TEST(EtsHostile, NothingBreaks) {
  std::vector<double> spike(40, 1.0), step(40, 1.0), line, zeros(30, 0.0), tiny, huge, mixed;
  spike[20] = 1e9;
  for (std::size_t i = 20; i < 40; ++i) step[i] = 1000;
  for (int i = 0; i < 40; ++i) {
    line.push_back(3 + 2.5 * i);
    tiny.push_back(1e-12 * (1 + i % 5));
    huge.push_back(1e12 * (1 + i % 7));
    mixed.push_back(i % 2 == 0 ? 1e12 : 1e-12);
    zeros[static_cast<std::size_t>(i % 30)] = i % 9 == 0 ? 4 : 0;
  }
  std::vector<double> gappy(kAirPassengers);
  for (std::size_t i = 0; i < gappy.size(); ++i) {
    if (i % 3 != 0) gappy[i] = kNaN;
  }
  std::vector<double> negative(kAirPassengers);
  for (double& v : negative) v -= 300;
  for (const int m : {1, 4, 12, 52}) {
    const std::string at = " m=" + std::to_string(m);
    expect_sane(spike, m, "spike" + at);
    expect_sane(step, m, "step" + at);
    expect_sane(line, m, "line" + at);
    expect_sane(zeros, m, "zeros" + at);
    expect_sane(tiny, m, "tiny" + at);
    expect_sane(huge, m, "huge" + at);
    expect_sane(mixed, m, "mixed" + at);
    expect_sane(gappy, m, "gappy" + at);
    expect_sane(negative, m, "negative" + at);
    expect_sane(std::vector<double>(20, 0.0), m, "zero" + at);
    expect_sane(std::vector<double>(20, kNaN), m, "missing" + at);
    expect_sane({}, m, "empty" + at);
    for (std::size_t n = 1; n < 30; ++n) {
      expect_sane({kAirPassengers.begin(), kAirPassengers.begin() + static_cast<int>(n)}, m,
                  "short" + at);
    }
  }
}

TEST(EtsHostile, EachHasAStatus) {
  const auto status = [](const std::vector<double>& y, const std::string& model = "ZZZ",
                         int m = 1) {
    return fit_ets(y, {.model = model, .season_length = m}).status;
  };
  EXPECT_EQ(status({}), Status::not_enough_data);
  EXPECT_EQ(status({kNaN, kNaN}), Status::not_enough_data);
  EXPECT_EQ(status({5}), Status::not_enough_data);
  EXPECT_EQ(status({5, 7}), Status::not_enough_data);
  EXPECT_EQ(status({5, 7, 6}), Status::small_sample);
  EXPECT_EQ(status(std::vector<double>(9, 5.0)), Status::boundary);
  EXPECT_EQ(status(std::vector<double>(9, 0.0)), Status::boundary);
  EXPECT_EQ(status(kLakeHuron), Status::ok);
  EXPECT_EQ(status({1, 2, 3, 4}, "AAdN"), Status::small_sample);
  std::vector<double> negative(kLakeHuron);
  negative[5] = -1;
  EXPECT_EQ(status(negative, "MAN"), Status::undefined);
  EXPECT_EQ(status(negative), Status::ok);
  // A line without noise is a perfect fit.
  std::vector<double> line;
  for (int i = 0; i < 30; ++i) line.push_back(10 + 2 * i);
  EXPECT_EQ(status(line, "AAN"), Status::boundary);
  // Under two full seasons none is claimed.
  const std::vector<double> months(kAirPassengers.begin(), kAirPassengers.begin() + 23);
  EXPECT_EQ(status(months, "ANA", 12), Status::small_sample);
  EXPECT_EQ(fit_ets(months, {.season_length = 12}).start.model.season, EtsSeason::none);
}

TEST(EtsHostile, TheLastValueWhereThereIsNoModel) {
  EXPECT_EQ(forecast(fit_ets(std::vector<double>{5, 7}), 2), (std::vector<double>{7, 7}));
  const EtsFit constant = fit_ets(std::vector<double>(9, 5.0));
  EXPECT_EQ(forecast(constant, 2), (std::vector<double>{5, 5}));
  EXPECT_EQ(standard_errors(constant, 2), (std::vector<double>{0, 0}));
  EXPECT_TRUE(std::isnan(standard_errors(fit_ets(std::vector<double>{5, 7}), 1)[0]));
  EXPECT_TRUE(std::isnan(forecast(fit_ets(std::vector<double>{}), 1)[0]));
}

}  // namespace
}  // namespace emptor::forecasting
