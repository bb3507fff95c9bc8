#include "forecasting/backtest_scores.hpp"

#include "core/special.hpp"
#include "core/wilson.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace emptor::forecasting {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kConfidence = 0.975;  ///< one-sided, of 95 % intervals
constexpr std::int64_t kFewUnits = 5;  ///< under it an interval is very wide
constexpr std::size_t kQuantiles = 2 * kDecileLevels.size() - 1;

/// Places of the sums; of each level four more follow kPlain.
enum Field : std::size_t {
  kCount,
  kScaled,
  kAbsolute,
  kSquares,
  kSymmetric,
  kError,
  kSize,
  kLossCount,
  kLoss,
  kLossSize,
  kLossScaled,
  kLossScaledCount,
  kPlain
};
enum LevelField : std::size_t { kCounted, kCovered, kMsisCount, kMsis, kOfLevel };

/// The quantile loss of a decile.
double pinball(double actual, double quantile, double p) {
  return actual >= quantile ? p * (actual - quantile) : (1 - p) * (quantile - actual);
}

/// Twice the mean loss over all deciles; NaN if the forecast has none.
double decile_loss(const Judged& j) {
  double sum = pinball(j.actual, 0.5 * (j.decile_low[0] + j.decile_high[0]), 0.5);
  for (std::size_t k = 1; k < kDecileLevels.size(); ++k) {
    const double tail = 0.5 - 0.5 * kDecileLevels[k];
    sum += pinball(j.actual, j.decile_low[k], tail) + pinball(j.actual, j.decile_high[k], 1 - tail);
  }
  return 2 * sum / static_cast<double>(kQuantiles);
}

double ratio(double a, double b) { return b > 0 ? a / b : kNaN; }

/// A value with the half-width of its interval.
struct Middle {
  double value = kNaN;
  double half = kNaN;
};

double half_width(double squares, double n) {
  if (n < 2) return kNaN;
  return core::student_quantile(kConfidence, n - 1) * std::sqrt(squares / (n - 1) / n);
}

/// The mean of the values that are there.
Middle mean_of(std::span<const double> values) {
  double sum = 0, n = 0;
  for (double v : values) {
    if (std::isnan(v)) continue;
    sum += v;
    ++n;
  }
  if (n == 0) return {};
  double squares = 0;
  for (double v : values) squares += std::isnan(v) ? 0 : (v - sum / n) * (v - sum / n);
  return {sum / n, half_width(squares, n)};
}

/// Sum over sum of the pairs that are there; its spread by linearisation.
Middle ratio_of(std::span<const double> above, std::span<const double> below) {
  double a = 0, b = 0, n = 0;
  for (std::size_t i = 0; i < above.size(); ++i) {
    if (std::isnan(above[i]) || std::isnan(below[i])) continue;
    a += above[i];
    b += below[i];
    ++n;
  }
  if (!(b > 0)) return {};
  double squares = 0;
  for (std::size_t i = 0; i < above.size(); ++i) {
    if (std::isnan(above[i]) || std::isnan(below[i])) continue;
    const double d = (above[i] - a / b * below[i]) * n / b;
    squares += d * d;
  }
  return {a / b, half_width(squares, n)};
}

void push(Score& score, const Middle& m, bool intervals) {
  score.value.push_back(m.value);
  score.low.push_back(intervals ? m.value - m.half : kNaN);
  score.high.push_back(intervals ? m.value + m.half : kNaN);
}

/// Of a share: Wilson's interval at the number of independent values that would spread as much as
/// the units do; where they do not spread at all, at the number of units.
void push_share(Score& score, const Middle& m, bool intervals, double units, double counted) {
  score.value.push_back(m.value);
  Interval interval{kNaN, kNaN};
  if (intervals && m.half == m.half) {
    const double error = m.half / core::student_quantile(kConfidence, units - 1);
    const double noise = m.value * (1 - m.value);
    const double n = error > 0 && noise > 0
                         ? std::clamp(noise / (error * error), 1.0, std::max(counted, 1.0))
                         : units;
    interval = core::wilson_at(m.value * n, n, core::student_quantile(kConfidence, units - 1));
  }
  score.low.push_back(interval.low);
  score.high.push_back(interval.high);
}

}  // namespace

Losses::Losses(std::size_t models, std::size_t units, std::size_t steps, std::vector<double> level)
    : units_(units),
      steps_(steps),
      width_(kPlain + kOfLevel * level.size()),
      level_(std::move(level)),
      sums_(models * units * steps * width_, 0.0) {}

std::size_t Losses::bytes(std::size_t models, std::size_t units, std::size_t steps,
                          std::size_t levels) {
  return models * units * steps * (kPlain + kOfLevel * levels) * sizeof(double);
}

void Losses::add(std::size_t model, std::size_t unit, std::size_t step, const Judged& j) {
  if (std::isnan(j.actual) || std::isnan(j.forecast)) return;
  double* s = &sums_[((model * units_ + unit) * steps_ + step) * width_];
  const double error = j.forecast - j.actual;
  const double size = std::abs(j.actual) + std::abs(j.forecast);
  s[kCount] += 1;
  s[kSymmetric] += size > 0 ? 200 * std::abs(error) / size : 0;
  s[kError] += error;
  s[kSize] += std::abs(j.actual);
  const bool scaled = j.scale > 0;
  if (scaled) {
    s[kScaled] += 1;
    s[kAbsolute] += std::abs(error) / j.scale;
    s[kSquares] += error * error / j.square;
  }
  const double loss = decile_loss(j);
  if (!std::isnan(loss)) {
    s[kLossCount] += 1;
    s[kLoss] += loss;
    s[kLossSize] += std::abs(j.actual);
    if (scaled) {
      s[kLossScaledCount] += 1;
      s[kLossScaled] += loss / j.scale;
    }
  }
  for (std::size_t k = 0; k < level_.size(); ++k) {
    if (std::isnan(j.low[k])) continue;
    double* l = s + kPlain + kOfLevel * k;
    const double below = j.low[k] - j.actual;
    const double above = j.actual - j.high[k];
    l[kCounted] += 1;
    l[kCovered] += below <= 0 && above <= 0 ? 1 : 0;
    if (!scaled) continue;
    const double missed = std::max(below, 0.0) + std::max(above, 0.0);
    l[kMsisCount] += 1;
    l[kMsis] += (j.high[k] - j.low[k] + 2 / (1 - level_[k]) * missed) / j.scale;
  }
}

Losses::Sums Losses::sums(std::size_t model, std::size_t unit, std::size_t step) const {
  Sums out(width_, 0.0);
  const std::size_t from = step < steps_ ? step : 0;
  const std::size_t to = step < steps_ ? step + 1 : steps_;
  for (std::size_t h = from; h < to; ++h) {
    const double* s = &sums_[((model * units_ + unit) * steps_ + h) * width_];
    for (std::size_t i = 0; i < width_; ++i) out[i] += s[i];
  }
  return out;
}

std::int64_t Losses::units_with_values(std::size_t model, std::size_t step) const {
  std::int64_t count = 0;
  for (std::size_t u = 0; u < units_; ++u) count += sums(model, u, step)[kCount] > 0 ? 1 : 0;
  return count;
}

void Losses::score(BacktestScores& out, std::size_t model, std::size_t naive, std::size_t step,
                   bool lone, bool intervals) const {
  std::vector<Sums> ours, theirs;
  for (std::size_t u = 0; u < units_; ++u) {
    ours.push_back(sums(model, u, step));
    theirs.push_back(sums(naive, u, step));
  }
  append(out, ours, theirs, lone, intervals);
}

void Losses::score_unit(BacktestScores& out, std::size_t model, std::size_t naive,
                        std::size_t unit) const {
  const std::vector<Sums> ours{sums(model, unit, steps_)};
  const std::vector<Sums> theirs{sums(naive, unit, steps_)};
  append(out, ours, theirs, false, false);
}

void Losses::append(BacktestScores& out, std::span<const Sums> model, std::span<const Sums> naive,
                    bool lone, bool intervals) const {
  Sums all(width_, 0.0);
  Sums all_naive(width_, 0.0);
  for (std::size_t u = 0; u < model.size(); ++u) {
    for (std::size_t i = 0; i < width_; ++i) {
      all[i] += model[u][i];
      all_naive[i] += naive[u][i];
    }
  }
  // Of a lone series the windows give the spread, and all its values together the score.
  const auto mean = [&](auto&& of) {
    std::vector<double> values;
    for (const Sums& s : model) values.push_back(of(s));
    Middle m = mean_of(values);
    if (lone) m.value = of(all);
    return m;
  };
  const auto quotient = [&](std::span<const Sums> below, Field above_field, Field below_field) {
    std::vector<double> a, b;
    for (std::size_t u = 0; u < model.size(); ++u) {
      const bool there = model[u][kCount] > 0;
      a.push_back(there ? model[u][above_field] : kNaN);
      b.push_back(there ? below[u][below_field] : kNaN);
    }
    return ratio_of(a, b);
  };
  const auto mase_of = [](const Sums& s) { return ratio(s[kAbsolute], s[kScaled]); };
  std::vector<double> ours, theirs;
  for (std::size_t u = 0; u < model.size(); ++u) {
    ours.push_back(mase_of(model[u]));
    theirs.push_back(mase_of(naive[u]));
  }
  Middle skill = ratio_of(ours, theirs);
  skill.value = 1 - (lone ? ratio(mase_of(all), mase_of(all_naive)) : skill.value);
  push(out.skill, skill, intervals);
  push(out.mase, mean(mase_of), intervals);
  push(out.rmsse, mean([](const Sums& s) { return std::sqrt(ratio(s[kSquares], s[kScaled])); }),
       intervals);
  push(out.smape, mean([](const Sums& s) { return ratio(s[kSymmetric], s[kCount]); }), intervals);
  push(out.bias, quotient(model, kError, kSize), intervals);
  push(out.wql, all[kLossCount] > 0 ? quotient(model, kLoss, kLossSize) : Middle{}, intervals);
  push(out.scaled_crps,
       mean([](const Sums& s) { return ratio(s[kLossScaled], s[kLossScaledCount]); }), intervals);
  const auto units = static_cast<double>(
      std::count_if(model.begin(), model.end(), [](const Sums& s) { return s[kCount] > 0; }));
  out.coverage.resize(level_.size());
  out.msis.resize(level_.size());
  for (std::size_t k = 0; k < level_.size(); ++k) {
    const std::size_t at = kPlain + kOfLevel * k;
    const double with_interval = static_cast<double>(std::count_if(
        model.begin(), model.end(), [&](const Sums& s) { return s[at + kCounted] > 0; }));
    push_share(out.coverage[k],
               mean([&](const Sums& s) { return ratio(s[at + kCovered], s[at + kCounted]); }),
               intervals, with_interval, all[at + kCounted]);
    push(out.msis[k], mean([&](const Sums& s) { return ratio(s[at + kMsis], s[at + kMsisCount]); }),
         intervals);
  }
  out.n.push_back(static_cast<std::int64_t>(all[kCount]));
  const bool few = units < static_cast<double>(kFewUnits) || !intervals;
  out.status.push_back(all[kCount] > 0 ? (few ? Status::small_sample : Status::ok)
                                       : Status::not_enough_data);
}

}  // namespace emptor::forecasting
