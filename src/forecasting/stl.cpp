#include "emptor/forecasting/stl.hpp"

#include "emptor/core/error.hpp"

#include "forecasting/loess.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace emptor::forecasting {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr int kInner = 2;  ///< rounds of season and trend; 1 within each round of weights
constexpr int kInnerRobust = 1;
constexpr int kOuterRobust = 15;  ///< rounds of weights
constexpr std::size_t kPointsPerWindow = 10;

[[noreturn]] void fail(const std::string& what) { throw InvalidArgument("stl: " + what); }

void check_options(const StlOptions& o) {
  for (int m : o.season_length) {
    if (m < 2) fail("season_length is " + std::to_string(m) + "; write periods, as 12");
  }
  const auto odd = [](int window, int least) { return window >= least && window % 2 == 1; };
  if (o.seasonal_window != 0 && o.seasonal_window != -1 && !odd(o.seasonal_window, 7)) {
    fail("seasonal_window is " + std::to_string(o.seasonal_window) +
         "; write an odd number of seasons, 7 or more, or -1 for a season that stays the same");
  }
  if (o.trend_window != 0 && !odd(o.trend_window, 3)) {
    fail("trend_window is " + std::to_string(o.trend_window) +
         "; write an odd number of periods, 3 or more");
  }
  if (o.iterations < 1) {
    fail("iterations is " + std::to_string(o.iterations) + "; write 1 or more");
  }
}

std::size_t next_odd(double x) {
  const auto k = static_cast<std::size_t>(std::ceil(x));
  return k + (k % 2 == 0 ? 1 : 0);
}

/// Means of `length` values in a row.
std::vector<double> moving_mean(std::span<const double> x, std::size_t length) {
  std::vector<double> out(x.size() - length + 1);
  const auto n = static_cast<double>(length);
  double sum = std::accumulate(x.begin(), x.begin() + static_cast<std::ptrdiff_t>(length), 0.0);
  out[0] = sum / n;
  for (std::size_t i = 1; i < out.size(); ++i) {
    sum += x[i + length - 1] - x[i - 1];
    out[i] = sum / n;
  }
  return out;
}

/// One season and the trend of a series without missing values, but for those of weight 0.
class OneSeason {
 public:
  OneSeason(std::size_t period, std::size_t seasonal_window, const StlOptions& options,
            std::size_t n)
      : period_(period),
        periodic_(seasonal_window == 0),
        seasonal_window_(periodic_ ? 10 * n + 1 : seasonal_window),
        seasonal_(seasonal_window_, 0, jump(seasonal_window_, options)),
        trend_window_(options.trend_window > 0
                          ? static_cast<std::size_t>(options.trend_window)
                          : next_odd(1.5 * static_cast<double>(period) /
                                     (1 - 1.5 / static_cast<double>(seasonal_window_)))),
        trend_smooth_(trend_window_, 1, jump(trend_window_, options)),
        low_pass_(next_odd(static_cast<double>(period)), 1,
                  jump(next_odd(static_cast<double>(period)), options)),
        robust_(options.robust),
        season(n),
        trend(n) {}

  /// `given` is 0 where a value is missing; empty if none is.
  void run(std::span<const double> y, std::span<const double> given) {
    std::fill(trend.begin(), trend.end(), 0.0);
    weight.assign(given.begin(), given.end());
    const int outer = robust_ ? kOuterRobust : 0;
    for (int round = 0; round <= outer; ++round) {
      for (int k = 0; k < (robust_ ? kInnerRobust : kInner); ++k) inner(y);
      if (round < outer) set_weights(y, given);
    }
    if (periodic_) keep_the_season(y.size());
  }

 private:
  static std::size_t jump(std::size_t window, const StlOptions& options) {
    return options.exact ? 1 : (window + kPointsPerWindow - 1) / kPointsPerWindow;
  }

  void inner(std::span<const double> y) {
    const std::size_t n = y.size();
    std::vector<double> rest(n);
    for (std::size_t i = 0; i < n; ++i) rest[i] = y[i] - trend[i];
    const std::vector<double> cycles = smooth_cycles(rest);
    const auto means = moving_mean(moving_mean(moving_mean(cycles, period_), period_), 3);
    std::vector<double> low(n);
    low_pass_.smooth(means, {}, low);
    for (std::size_t i = 0; i < n; ++i) {
      season[i] = cycles[period_ + i] - low[i];
      rest[i] = y[i] - season[i];
    }
    trend_smooth_.smooth(rest, weight, trend);
  }

  /// Each place of the season smoothed over the years, and one more at either end: n + 2 periods.
  std::vector<double> smooth_cycles(std::span<const double> rest) {
    const std::size_t n = rest.size();
    std::vector<double> out(n + 2 * period_);
    std::vector<double> y, w, s;
    for (std::size_t place = 0; place < period_; ++place) {
      y.clear();
      w.clear();
      for (std::size_t i = place; i < n; i += period_) {
        y.push_back(rest[i]);
        if (!weight.empty()) w.push_back(weight[i]);
      }
      const std::size_t k = y.size();
      s.resize(k + 2);
      seasonal_.smooth(y, w, std::span(s).subspan(1, k));
      const std::size_t window = std::min(seasonal_window_, k);
      s[0] = seasonal_.at(0, 0, window - 1, y, w, s[1]);
      s[k + 1] = seasonal_.at(static_cast<double>(k + 1), k - window, k - 1, y, w, s[k]);
      for (std::size_t i = 0; i < k + 2; ++i) out[place + i * period_] = s[i];
    }
    return out;
  }

  /// Bisquare weights of the remainder, 6 medians wide.
  void set_weights(std::span<const double> y, std::span<const double> given) {
    const std::size_t n = y.size();
    std::vector<double> size(n), known;
    for (std::size_t i = 0; i < n; ++i) {
      size[i] = std::abs(y[i] - season[i] - trend[i]);
      if (given.empty() || given[i] > 0) known.push_back(size[i]);
    }
    const auto upper = known.begin() + static_cast<std::ptrdiff_t>(known.size() / 2);
    std::nth_element(known.begin(), upper, known.end());
    double median = *upper;
    if (known.size() % 2 == 0) median = 0.5 * (median + *std::max_element(known.begin(), upper));
    const double limit = 6 * median;
    weight.resize(n);
    for (std::size_t i = 0; i < n; ++i) {
      const double u = size[i] / limit;
      double w = (1 - u * u) * (1 - u * u);
      if (size[i] <= 0.001 * limit) w = 1;
      if (size[i] > 0.999 * limit) w = 0;
      weight[i] = given.empty() ? w : w * given[i];
    }
  }

  void keep_the_season(std::size_t n) {
    for (std::size_t place = 0; place < period_; ++place) {
      double sum = 0, count = 0;
      for (std::size_t i = place; i < n; i += period_) {
        sum += season[i];
        ++count;
      }
      for (std::size_t i = place; i < n; i += period_) season[i] = sum / count;
    }
  }

  std::size_t period_;
  bool periodic_;
  std::size_t seasonal_window_;
  Loess seasonal_;
  std::size_t trend_window_;
  Loess trend_smooth_;
  Loess low_pass_;
  bool robust_;

 public:
  std::vector<double> season, trend;
  std::vector<double> weight{};  ///< of the values; empty: all 1
};

/// Straight lines over the gaps, the nearest known value beyond the ends.
std::vector<double> filled(std::span<const double> y) {
  std::vector<double> out(y.begin(), y.end());
  std::size_t last = out.size();  // the last known place
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (std::isnan(y[i])) continue;
    if (last == out.size()) {
      std::fill(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(i), y[i]);
    } else {
      const double step = (y[i] - y[last]) / static_cast<double>(i - last);
      for (std::size_t k = last + 1; k < i; ++k)
        out[k] = y[last] + step * static_cast<double>(k - last);
    }
    last = i;
  }
  std::fill(out.begin() + static_cast<std::ptrdiff_t>(last), out.end(), y[last]);
  return out;
}

double variance(std::span<const double> x) {
  double sum = 0, n = 0;
  for (double v : x) {
    if (std::isnan(v)) continue;
    sum += v;
    ++n;
  }
  double squares = 0;
  for (double v : x) squares += std::isnan(v) ? 0 : (v - sum / n) * (v - sum / n);
  return squares / n;
}

double strength(std::span<const double> remainder, std::span<const double> part) {
  std::vector<double> both(remainder.begin(), remainder.end());
  for (std::size_t i = 0; i < both.size(); ++i) both[i] += part[i];
  const double all = variance(both);
  return all > 0 ? std::max(0.0, 1 - variance(remainder) / all) : 0;
}

}  // namespace

StlFit fit_stl(std::span<const double> y, const StlOptions& options) {
  check_options(options);
  std::vector<double> given;
  std::size_t known = 0;
  for (std::size_t i = 0; i < y.size(); ++i) {
    if (std::isinf(y[i])) {
      fail("y[" + std::to_string(i) + "] is infinite; write NaN for a missing value");
    }
    known += std::isnan(y[i]) ? 0 : 1;
  }
  StlFit fit;
  for (int m : options.season_length) {
    if (y.size() >= 2 * static_cast<std::size_t>(m)) fit.season_length.push_back(m);
  }
  std::sort(fit.season_length.begin(), fit.season_length.end());
  fit.season_length.erase(std::unique(fit.season_length.begin(), fit.season_length.end()),
                          fit.season_length.end());
  if (known < 2 || fit.season_length.empty()) {
    fail("y has " + std::to_string(y.size()) + " values, " + std::to_string(known) +
         " of them known; two of a season are needed");
  }
  std::vector<double> rest(y.begin(), y.end());
  if (known < y.size()) {
    rest = filled(y);
    for (double v : y) given.push_back(std::isnan(v) ? 0.0 : 1.0);
  }
  const std::size_t seasons = fit.season_length.size();
  fit.season.assign(seasons, std::vector<double>(y.size(), 0.0));
  const int rounds = seasons > 1 ? options.iterations : 1;
  for (int round = 0; round < rounds; ++round) {
    for (std::size_t k = 0; k < seasons; ++k) {
      auto& season = fit.season[k];
      for (std::size_t i = 0; i < rest.size(); ++i) rest[i] += season[i];
      std::size_t window = 11 + 4 * k;
      if (options.seasonal_window > 0) window = static_cast<std::size_t>(options.seasonal_window);
      if (options.seasonal_window < 0) window = 0;
      OneSeason one(static_cast<std::size_t>(fit.season_length[k]), window, options, y.size());
      one.run(rest, given);
      season = one.season;
      for (std::size_t i = 0; i < rest.size(); ++i) rest[i] -= season[i];
      fit.trend = std::move(one.trend);
      fit.weight = std::move(one.weight);
    }
  }
  if (fit.weight.empty()) fit.weight.assign(y.size(), 1.0);
  fit.remainder.resize(y.size());
  for (std::size_t i = 0; i < y.size(); ++i) {
    fit.remainder[i] = std::isnan(y[i]) ? kNaN : rest[i] - fit.trend[i];
  }
  fit.trend_strength = strength(fit.remainder, fit.trend);
  for (const auto& season : fit.season) {
    fit.season_strength.push_back(strength(fit.remainder, season));
  }
  return fit;
}

}  // namespace emptor::forecasting
