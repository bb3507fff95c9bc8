#include "forecasting/calibration.hpp"

#include "core/special.hpp"

#include <algorithm>
#include <cmath>

namespace emptor::forecasting {
namespace {

/// Everything below was fitted by maximum likelihood of Student's t to the errors of the automatic
/// mix on M1 and Tourism (2,312 series, those with a season a second time as unseasonal; past
/// windows and the test periods), over the scale noise alone would give, grown with the series'
/// level. docs/methods/forecasting/forecast.md has the method.
constexpr double kDegreesOfFreedom = 3.5;

/// Histories longer than this are judged like those of this length: few series were longer.
constexpr double kLongestFitted = 100;

/// log of what errors exceed the noise by: constant, and per log of the history.
struct Excess {
  double constant, history;
  [[nodiscard]] double at(double n) const {
    return constant + history * std::log(std::min(n, kLongestFitted));
  }
};
constexpr Excess kStepSeasonal{0.670, -0.204};
constexpr Excess kStepUnseasonal{0.882, -0.260};
constexpr Excess kTotalSeasonal{1.581, -0.365};
constexpr Excess kTotalUnseasonal{1.648, -0.454};

/// A series' own errors enter as ratio^(k / (k + kPrior)), k being the values looked back over per
/// square root of the horizon: a geometric mean of what such series do and what this one did.
constexpr double kPrior = 30;
constexpr double kOwnOfSteps = 1;
constexpr double kOwnOfTotals = 0.8;  ///< how far past errors of steps speak of sums
/// How far the past errors of all series of a call correct the quantile: the past is not the
/// future, so that even of very many only a part is believed.
constexpr double kMostTrust = 0.6;
constexpr double kPriorSeries = 50;
constexpr double kSmallestRatio = 0.02;  ///< past forecasts may have been perfect

/// From how many steps on the numbers for sums hold; a sum of one is that step, between them the
/// logarithms go in a straight line.
constexpr double kFewestSummed = 4;

double own_factor(double share, double evidence, double ratio) {
  return std::pow(std::max(ratio, kSmallestRatio), share * evidence / (evidence + kPrior));
}

/// A prior scale is taken as at least this part of the present one: where a series had not moved
/// yet, an error over next to nothing would say next to nothing of the errors to come.
constexpr double kLeastPriorScale = 0.1;

/// Mean of |error| over its prior scale, of the steps known at windows[at]; 0 errors give none.
struct Past {
  double ratio = 1;
  double evidence = 0;
};

Past past_errors(std::span<const Window> windows, std::span<const std::vector<double>> prior,
                 std::size_t at, double horizon) {
  double sum = 0;
  double count = 0;
  for (std::size_t i = 0; i < at; ++i) {
    const auto known = static_cast<std::size_t>(windows[at].origin - windows[i].origin);
    const std::size_t steps = std::min(known, windows[i].mix.mean.size());
    for (std::size_t h = 0; h < steps; ++h) {
      const double scale = std::max(prior[i][h], kLeastPriorScale * prior[at][h]);
      const double ratio = std::abs(windows[i].error[h]) / scale;
      if (!std::isfinite(ratio)) continue;
      sum += ratio;
      ++count;
    }
  }
  if (count == 0) return {};
  const auto extent = static_cast<double>(windows[at].origin - windows[0].origin);
  return {sum / count, extent / std::sqrt(horizon)};
}

}  // namespace

double tail_quantile(double level) {
  return core::student_quantile(0.5 + 0.5 * level, kDegreesOfFreedom);
}

Calibrated calibrate(std::span<const Window> windows, bool seasonal) {
  const std::size_t horizon = windows.back().mix.mean.size();
  const auto h_all = static_cast<double>(horizon);
  const Excess& step_excess = seasonal ? kStepSeasonal : kStepUnseasonal;
  const Excess& total_excess = seasonal ? kTotalSeasonal : kTotalUnseasonal;
  const double summed = std::min(1.0, std::log(h_all) / std::log(kFewestSummed));

  std::vector<std::vector<double>> prior;  // of the steps
  prior.reserve(windows.size());
  for (const Window& w : windows) {
    std::vector<double> scale(w.mix.scale.begin(), w.mix.scale.end() - 1);
    for (double& s : scale) s *= std::exp(step_excess.at(static_cast<double>(w.origin)));
    prior.push_back(std::move(scale));
  }
  Calibrated out;
  for (std::size_t i = 0; i < windows.size(); ++i) {
    const auto n = static_cast<double>(windows[i].origin);
    const Past past = past_errors(windows, prior, i, h_all);
    const double step = own_factor(kOwnOfSteps, past.evidence, past.ratio);
    const double total = own_factor(kOwnOfTotals, past.evidence, past.ratio);
    std::vector<double> unit(prior[i]);
    for (double& u : unit) u *= step;
    const double one = step_excess.at(n) + std::log(step);
    const double many = total_excess.at(n) + std::log(total);
    unit.push_back(windows[i].mix.scale[horizon] * std::exp(one + summed * (many - one)));
    if (i + 1 == windows.size()) {
      out.unit = std::move(unit);
      break;
    }
    for (std::size_t h = 0; h <= horizon; ++h) {
      const double error = std::abs(windows[i].error[h]);
      if (std::isnan(error) || std::isnan(unit[h])) continue;
      const double ratio = error > 0 ? error / unit[h] : 0.0;
      (h < horizon ? out.step_ratio : out.total_ratio).push_back(static_cast<float>(ratio));
    }
  }
  return out;
}

void RatioHistogram::add(std::span<const float> ratios) {
  if (ratios.empty()) return;
  const double share = 1 / static_cast<double>(ratios.size());
  for (float ratio : ratios) {
    const double octave = ratio > 0 ? std::log2(static_cast<double>(ratio)) + kOctaves / 2 : 0;
    const double bin = std::clamp(octave * kBinsPerOctave, 0.0,
                                  static_cast<double>(kBinsPerOctave * kOctaves - 1));
    weight_[static_cast<std::size_t>(bin)] += share;
  }
  series_ += 1;
}

void RatioHistogram::merge(const RatioHistogram& other) {
  for (std::size_t i = 0; i < weight_.size(); ++i) weight_[i] += other.weight_[i];
  series_ += other.series_;
}

double RatioHistogram::quantile(double p) const {
  double sum = 0;
  for (std::size_t i = 0; i < weight_.size(); ++i) {
    sum += weight_[i];
    if (sum >= p * series_) {
      return std::exp2((static_cast<double>(i) + 0.5) / kBinsPerOctave - kOctaves / 2);
    }
  }
  return std::exp2(kOctaves / 2);
}

double pooled_factor(const RatioHistogram& ratios, double level) {
  if (ratios.series() == 0) return 1;
  const double observed = ratios.quantile(level) / tail_quantile(level);
  const double trust = kMostTrust * ratios.series() / (ratios.series() + kPriorSeries);
  return std::exp(trust * std::log(observed));
}

}  // namespace emptor::forecasting
