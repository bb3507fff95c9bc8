#include "forecasting/ets_start.hpp"

#include "forecasting/season.hpp"

#include <algorithm>
#include <cmath>

namespace emptor::forecasting::smoothing {
namespace {

constexpr std::size_t kEarlySeasons = 3;
constexpr double kLeastFactor = 0.05;

}  // namespace

Starts::Starts(std::span<const double> y, int season_length)
    : y_(y.begin(), y.end()), season_length_(season_length) {
  known_.resize(y_.size());
  bool positive = true;
  std::size_t last = 0;
  for (std::size_t i = 0; i < y_.size(); ++i) {
    known_[i] = std::isnan(y[i]) ? 0 : 1;
    if (known_[i] == 0) continue;
    positive = positive && y_[i] > 0;
    const double step =
        (y_[i] - y_[last]) / static_cast<double>(std::max<std::size_t>(i - last, 1));
    for (std::size_t k = last + 1; k < i; ++k) {
      y_[k] = y_[last] + step * static_cast<double>(k - last);
    }
    last = i;
  }
  added_ = seasonal_index(y_, known_, season_length, false);
  const auto first = std::min(y_.size(), kEarlySeasons * static_cast<std::size_t>(season_length));
  early_ = seasonal_index(std::span(y_).first(first), std::span(known_).first(first), season_length,
                          false);
  if (!positive) return;
  multiplied_ = seasonal_index(y_, known_, season_length, true);
  if (!multiplied_.empty() || added_.empty()) return;
  // A place that sells next to nothing still has a factor.
  double mean = 0, total = 0;
  for (double v : y_) mean += v / static_cast<double>(y_.size());
  for (double s : added_) total += std::max(kLeastFactor, 1 + s / mean);
  for (double s : added_) {
    multiplied_.push_back(std::max(kLeastFactor, 1 + s / mean) * season_length / total);
  }
}

Starts::Line Starts::line(std::span<const double> index, bool multiplicative) const {
  const std::size_t wanted =
      std::max<std::size_t>(10, index.empty() ? 0 : 2 * static_cast<std::size_t>(season_length_));
  const std::size_t n = std::min(wanted, y_.size());
  double mean = 0, middle = 0, sxx = 0, sxy = 0;
  std::vector<double> z(n);
  for (std::size_t i = 0; i < n; ++i) {
    z[i] = y_[i];
    if (!index.empty()) {
      const double s = index[i % index.size()];
      z[i] = multiplicative ? z[i] / s : z[i] - s;
    }
    mean += z[i] / static_cast<double>(n);
    middle += static_cast<double>(i + 1) / static_cast<double>(n);
  }
  for (std::size_t i = 0; i < n; ++i) {
    const double x = static_cast<double>(i + 1) - middle;
    sxx += x * x;
    sxy += x * (z[i] - mean);
  }
  const double slope = sxx > 0 ? sxy / sxx : 0;
  return {mean - slope * middle, slope, mean};
}

std::optional<EtsParameters> Starts::states(const EtsModel& model, bool early) const {
  if (early && (model.season != EtsSeason::additive || early_.empty())) return std::nullopt;
  EtsParameters p;
  p.model = model;
  p.season_length = season_length_;
  const bool multiplicative = model.season == EtsSeason::multiplicative;
  if (model.season != EtsSeason::none) {
    p.season = multiplicative ? multiplied_ : early ? early_ : added_;
    if (p.season.empty()) return std::nullopt;
  }
  const Line found = line(p.season, multiplicative);
  p.level = model.trend == EtsTrend::none ? found.mean : found.level;
  if (model.trend == EtsTrend::additive) p.slope = found.slope;
  if (model.trend == EtsTrend::multiplicative) {
    // The same growth over the first steps, as a factor above 0.
    p.slope = p.level > 0 ? std::max(0.5, 1 + found.slope / found.mean) : 1;
    if (!(p.level > 0)) p.level = found.mean;
  }
  return p;
}

}  // namespace emptor::forecasting::smoothing
