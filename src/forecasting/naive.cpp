#include "emptor/forecasting/naive.hpp"

#include "emptor/core/error.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string>

namespace emptor::forecasting {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// The series from its first to its last known value.
std::span<const double> known_part(std::span<const double> y) {
  for (std::size_t i = 0; i < y.size(); ++i) {
    if (std::isinf(y[i])) {
      throw InvalidArgument("fit_naive: y[" + std::to_string(i) +
                            "] is infinite; write NaN for a missing value");
    }
  }
  while (!y.empty() && std::isnan(y.front())) y = y.subspan(1);
  while (!y.empty() && std::isnan(y.back())) y = y.first(y.size() - 1);
  if (y.empty()) throw InvalidArgument("fit_naive: y has no known value");
  return y;
}

/// Root mean square of y[i] - y[i - lag] - slope * lag over pairs that are both known; `lost` is
/// taken off their number for estimated parameters.
double change_deviation(std::span<const double> y, std::size_t lag, double slope, int lost) {
  double sum = 0;
  int pairs = 0;
  for (std::size_t i = lag; i < y.size(); ++i) {
    const double change = y[i] - y[i - lag] - slope * static_cast<double>(lag);
    if (std::isnan(change)) continue;
    sum += change * change;
    ++pairs;
  }
  return pairs > lost ? std::sqrt(sum / (pairs - lost)) : kNaN;
}

void fit_mean(NaiveFit& fit, std::span<const double> y) {
  double sum = 0;
  for (double v : y) sum += std::isnan(v) ? 0 : v;
  const auto n = static_cast<double>(fit.n_known);
  const double mean = sum / n;
  double squares = 0;
  for (double v : y) squares += std::isnan(v) ? 0 : (v - mean) * (v - mean);
  fit.last = {mean};
  fit.sigma = n > 1 ? std::sqrt(squares / (n - 1)) : kNaN;
}

void fit_season(NaiveFit& fit, std::span<const double> y, std::size_t m) {
  fit.last.assign(m, kNaN);
  for (std::size_t h = 0; h < m; ++h) {
    // Step h + 1 repeats the value m (2 m, ...) before it: index n + h - m.
    for (std::size_t back = m; back <= y.size() + h; back += m) {
      const double v = y[y.size() + h - back];
      if (!std::isnan(v)) {
        fit.last[h] = v;
        break;
      }
    }
    if (std::isnan(fit.last[h])) {
      throw InvalidArgument("fit_naive: seasonal_naive needs a value for each of the " +
                            std::to_string(m) + " places of the season; y has " +
                            std::to_string(fit.n_known) + " known values");
    }
  }
  fit.sigma = change_deviation(y, m, 0, 0);
}

}  // namespace

NaiveFit fit_naive(std::span<const double> y, NaiveModel model, int season_length) {
  if (season_length < 1) {
    throw InvalidArgument("fit_naive: season_length is " + std::to_string(season_length) +
                          "; write 1 for no season, 12 for months of a year");
  }
  y = known_part(y);
  NaiveFit fit;
  fit.model = model;
  fit.n = static_cast<std::int64_t>(y.size());
  for (double v : y) fit.n_known += std::isnan(v) ? 0 : 1;
  switch (model) {
    case NaiveModel::mean:
      fit_mean(fit, y);
      break;
    case NaiveModel::seasonal_naive:
      fit_season(fit, y, static_cast<std::size_t>(season_length));
      break;
    case NaiveModel::drift:
      if (y.size() > 1) fit.slope = (y.back() - y.front()) / static_cast<double>(y.size() - 1);
      fit.last = {y.back()};
      fit.sigma = change_deviation(y, 1, fit.slope, 1);
      break;
    case NaiveModel::naive:
      fit.last = {y.back()};
      fit.sigma = change_deviation(y, 1, 0, 0);
      break;
  }
  return fit;
}

std::vector<double> forecast(const NaiveFit& fit, int horizon) {
  std::vector<double> out(static_cast<std::size_t>(std::max(horizon, 0)));
  for (std::size_t h = 0; h < out.size(); ++h) {
    out[h] = fit.last[h % fit.last.size()] + fit.slope * static_cast<double>(h + 1);
  }
  return out;
}

std::vector<double> standard_errors(const NaiveFit& fit, int horizon) {
  std::vector<double> out(static_cast<std::size_t>(std::max(horizon, 0)));
  const auto n = static_cast<double>(fit.n);
  for (std::size_t i = 0; i < out.size(); ++i) {
    const auto h = static_cast<double>(i + 1);
    double variance = 0;
    switch (fit.model) {
      case NaiveModel::naive:
        variance = h;
        break;
      case NaiveModel::seasonal_naive:
        variance = static_cast<double>(i / fit.last.size() + 1);
        break;
      case NaiveModel::drift:
        variance = h + h * h / (n - 1);
        break;
      case NaiveModel::mean:
        variance = 1 + 1 / static_cast<double>(fit.n_known);
        break;
    }
    out[i] = fit.sigma * std::sqrt(variance);
  }
  return out;
}

std::string_view to_string(NaiveModel model) noexcept {
  constexpr std::array<std::string_view, 4> names{"naive", "seasonal_naive", "drift", "mean"};
  return names[static_cast<std::size_t>(model)];
}

}  // namespace emptor::forecasting
