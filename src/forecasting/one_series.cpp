#include "forecasting/one_series.hpp"

#include "forecasting/season.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace emptor::forecasting {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr std::int64_t kFewest = 3;      ///< under it there is only the last value
constexpr std::int64_t kFewWindows = 3;  ///< under it the series' own errors say little
constexpr int kSeasonsToCallClosed = 4;

void trim(std::vector<double>& y, std::size_t begin, std::size_t end) {
  y.resize(end);
  y.erase(y.begin(), y.begin() + static_cast<std::ptrdiff_t>(begin));
}

/// Takes the places of the season that never sold out of y.
void drop_closed(Prepared& p) {
  const auto m = static_cast<std::size_t>(p.season_length);
  if (m < 2 || p.y.size() < kSeasonsToCallClosed * m) return;
  std::vector<std::uint8_t> closed(m, 1);  // by step ahead: row i is (i - n) mod m
  const std::size_t shift = m - p.y.size() % m;
  for (std::size_t i = 0; i < p.y.size(); ++i) {
    if (p.y[i] != 0) closed[(i + shift) % m] = 0;  // also where it is missing
  }
  const auto shut = std::count(closed.begin(), closed.end(), 1);
  if (shut == 0) return;
  std::vector<double> open;
  for (std::size_t i = 0; i < p.y.size(); ++i) {
    if (closed[(i + shift) % m] == 0) open.push_back(p.y[i]);
  }
  p.y = std::move(open);
  p.closed = std::move(closed);
  p.season_length -= static_cast<int>(shut);
}

/// As demand_class() tells, of values without negative ones.
bool sold_seldom(std::span<const double> y) {
  const DemandClass demand = demand_class(y);
  return demand == DemandClass::intermittent || demand == DemandClass::lumpy;
}

double mean_absolute_change(std::span<const double> y, std::size_t lag, bool squared) {
  double sum = 0;
  double count = 0;
  for (std::size_t i = lag; i < y.size(); ++i) {
    const double change = std::abs(y[i] - y[i - lag]);
    if (std::isnan(change)) continue;
    sum += squared ? change * change : change;
    ++count;
  }
  return count > 0 && sum > 0 ? sum / count : kNaN;
}

double symmetric_error(double actual, double forecast) {
  const double size = std::abs(actual) + std::abs(forecast);
  return size > 0 ? 200 * std::abs(actual - forecast) / size : 0;
}

void judge(OneSeries& out, std::span<const Window> windows, std::span<const double> y) {
  double absolute = 0, squares = 0, smape = 0, naive = 0, naive_smape = 0, bias = 0, size = 0;
  double count = 0;
  for (const Window& w : windows) {
    for (std::size_t h = 0; h < w.mix.mean.size(); ++h) {
      if (std::isnan(w.error[h])) continue;
      const double actual = y[static_cast<std::size_t>(w.origin) + h];
      absolute += std::abs(w.error[h]);
      squares += w.error[h] * w.error[h];
      smape += symmetric_error(actual, w.mix.mean[h]);
      naive += std::abs(actual - w.naive[h]);
      naive_smape += symmetric_error(actual, w.naive[h]);
      bias -= w.error[h];
      size += std::abs(actual);
      ++count;
    }
  }
  const auto n = static_cast<std::int64_t>(y.size());
  const std::size_t lag = has_seasons(n, out.series.season_length)
                              ? static_cast<std::size_t>(out.series.season_length)
                              : 1;
  const double scale = mean_absolute_change(y, lag, false);
  const bool any = count > 0;
  out.mase = any ? absolute / count / scale : kNaN;
  out.rmsse = any ? std::sqrt(squares / count / mean_absolute_change(y, lag, true)) : kNaN;
  out.smape = any ? smape / count : kNaN;
  out.bias = any && size > 0 ? bias / size : kNaN;
  out.naive_mase = any ? naive / count / scale : kNaN;
  out.naive_smape = any ? naive_smape / count : kNaN;
}

/// Puts the open steps' values where they belong in a calendar of `horizon` steps.
std::vector<double> spread(const Prepared& series, std::span<const double> open,
                           std::size_t steps) {
  std::vector<double> out(steps, 0.0);
  std::size_t k = 0;
  for (std::size_t h = 1; h <= steps; ++h) {
    if (!series.closed_at(h)) out[h - 1] = open[k++];
  }
  return out;
}

/// The laws fit sizes up to about this; larger ones vary more than theirs do.
constexpr double kLargestMeanDemand = 15;

/// Whole numbers, small where they are above 0.
bool small_counts(std::span<const double> y) {
  double sum = 0, demands = 0;
  for (double v : y) {
    if (std::isnan(v)) continue;
    if (v != std::floor(v)) return false;
    sum += v;
    demands += v > 0 ? 1 : 0;
  }
  return sum < kLargestMeanDemand * demands;
}

void forecast_regular(OneSeries& out, ForecastModel model, std::span<const double> y,
                      std::size_t horizon, int windows) {
  const Prepared& series = out.series;
  std::size_t open = 0;
  for (std::size_t h = 1; h <= horizon; ++h) open += series.closed_at(h) ? 0 : 1;
  const auto n = static_cast<std::int64_t>(y.size());
  const bool seasonal = has_seasons(n, series.season_length);
  const auto rolled =
      roll(model, series.seldom, y, series.season_length,
           static_cast<int>(std::max<std::size_t>(open, 1)), windows, series.nonnegative);
  const Window& now = rolled.back();
  out.windows = static_cast<std::int64_t>(rolled.size()) - 1;
  out.weight = now.weight;
  out.calibrated = calibrate(rolled, seasonal);
  const double total_unit = out.calibrated.unit.back();
  out.calibrated.unit = spread(series, out.calibrated.unit, horizon);
  out.calibrated.unit.push_back(total_unit);
  out.mean = spread(series, now.mix.mean, horizon);
  out.naive = spread(series, now.naive, horizon);
  const bool counts =
      is_intermittent(model) || (model == ForecastModel::automatic && series.seldom);
  if (counts && small_counts(y)) {
    out.laws = count_laws(rolled, y);
    out.laws->mean = spread(series, out.laws->mean, horizon);
  }
  judge(out, std::span(rolled).first(rolled.size() - 1), y);
  if (out.windows < kFewWindows || series.n_known < kFewestForTheta) {
    out.status = Status::small_sample;
  }
}

ForecastModel after_fallbacks(ForecastModel model, const Prepared& series, bool repeats) {
  if (is_intermittent(model) && !series.nonnegative) return ForecastModel::naive;
  const bool theta = model <= ForecastModel::thetaf;
  if (theta && series.n_known < kFewestForTheta) return ForecastModel::naive;
  return model == ForecastModel::seasonal_naive && !repeats ? ForecastModel::naive : model;
}

}  // namespace

Prepared prepare(std::span<const double> y, std::span<const std::uint8_t> complete,
                 int season_length) {
  Prepared p;
  p.season_length = season_length;
  p.y.assign(y.begin(), y.end());
  for (std::size_t i = 0; i < complete.size(); ++i) {
    if (complete[i] == 0) p.y[i] = kNaN;
  }
  std::size_t begin = 0;
  std::size_t end = p.y.size();
  while (end > 0 && std::isnan(p.y[end - 1])) --end;
  while (begin < end && std::isnan(p.y[begin])) ++begin;
  p.end = end;
  double low = kNaN, high = kNaN;
  for (std::size_t i = begin; i < end; ++i) {
    low = std::fmin(low, p.y[i]);
    high = std::fmax(high, p.y[i]);
  }
  p.nonnegative = low >= 0;
  p.constant = low == high;
  if (p.nonnegative && high > 0) {
    while (!(p.y[begin] > 0)) ++begin;  // also over missing values between the zeros
  }
  trim(p.y, begin, end);
  p.n = static_cast<std::int64_t>(p.y.size());
  for (double v : p.y) p.n_known += std::isnan(v) ? 0 : 1;
  if (!p.constant) drop_closed(p);
  p.seldom = p.nonnegative && sold_seldom(p.y);
  return p;
}

bool constant_holds(std::int64_t n, double level) {
  return static_cast<double>(n) / static_cast<double>(n + 1) >= level;
}

OneSeries forecast_one(Prepared prepared, ForecastModel model, int asked_season_length, int horizon,
                       int windows) {
  const auto steps = static_cast<std::size_t>(horizon);
  OneSeries out;
  const std::vector<double> y = std::move(prepared.y);
  out.series = std::move(prepared);
  out.mase = out.rmsse = out.smape = out.bias = out.naive_mase = out.naive_smape = kNaN;
  if (asked_season_length > 1) {
    out.season =
        !has_seasons(out.series.n, asked_season_length) ? SeasonStatus::too_short
        : out.series.constant                           ? SeasonStatus::not_found
        : adjust(y, out.series.season_length, SeasonKind::automatic).season != SeasonKind::none
            ? SeasonStatus::found
            : SeasonStatus::not_found;
  }
  if (out.series.n_known < kFewest || out.series.constant) {
    out.model = ForecastModel::naive;
    out.status = out.series.n_known < kFewest ? Status::not_enough_data : Status::boundary;
    out.mean.assign(steps, y.empty() ? kNaN : y.back());
    out.naive = out.mean;
    out.calibrated.unit.assign(steps + 1, kNaN);
    return out;
  }
  const int m = out.series.season_length;
  const bool repeats =
      has_seasons(static_cast<std::int64_t>(y.size()), m) && can_repeat_season(y, m);
  out.model = after_fallbacks(model, out.series, repeats);
  out.naive_model = repeats ? ForecastModel::seasonal_naive : ForecastModel::naive;
  forecast_regular(out, out.model, y, steps, windows);
  return out;
}

}  // namespace emptor::forecasting
