#include "emptor/forecasting/intermittent.hpp"

#include "emptor/core/error.hpp"

#include "core/optimize.hpp"
#include "core/shortest.hpp"
#include "core/special.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

namespace emptor::forecasting {
namespace {

constexpr double kLeastAlpha = 0.1;
constexpr double kMostAlpha = 0.3;
constexpr double kSeldom = 1.32;  ///< periods between demands
constexpr double kVaries = 0.49;  ///< squared coefficient of variation of their sizes

/// Values of alpha that go through the series together; each pass narrows their range.
constexpr std::size_t kLanes = 16;
constexpr int kPasses = 5;

constexpr double kPriorLogSize = 0;  ///< of the law's size
constexpr double kPriorDeviation = 1.5;
constexpr double kLogSizeRange = 12;  ///< beyond it the law is Poisson's

/// The sums of squared one-step errors of exponential smoothing from the first value on.
std::array<double, kLanes> squared_errors(std::span<const double> x,
                                          const std::array<double, kLanes>& alpha) {
  std::array<double, kLanes> level{}, sum{};
  level.fill(x[0]);
  for (std::size_t t = 1; t < x.size(); ++t) {
    for (std::size_t k = 0; k < kLanes; ++k) {
      const double e = x[t] - level[k];
      sum[k] += e * e;
      level[k] += alpha[k] * e;
    }
  }
  return sum;
}

double best_alpha(std::span<const double> x) {
  double from = kLeastAlpha;
  double to = kMostAlpha;
  double best = kLeastAlpha;
  double least = std::numeric_limits<double>::infinity();
  for (int pass = 0; pass < kPasses; ++pass) {
    std::array<double, kLanes> alpha{};
    const double step = (to - from) / static_cast<double>(kLanes - 1);
    for (std::size_t k = 0; k < kLanes; ++k) alpha[k] = from + step * static_cast<double>(k);
    alpha[kLanes - 1] = to;
    const auto loss = squared_errors(x, alpha);
    for (std::size_t k = 0; k < kLanes; ++k) {
      if (loss[k] < least) {
        least = loss[k];
        best = alpha[k];
      }
    }
    from = std::max(kLeastAlpha, best - step);
    to = std::min(kMostAlpha, best + step);
  }
  return best;
}

/// Exponential smoothing as it goes: the level is the first value, then moves by alpha.
class Smoothed {
 public:
  Smoothed(std::span<const double> x, double alpha) : alpha_(alpha > 0 ? alpha : best_alpha(x)) {}
  void add(double x) {
    level_ = any_ ? level_ + alpha_ * (x - level_) : x;
    any_ = true;
  }
  [[nodiscard]] double level() const noexcept { return level_; }
  [[nodiscard]] double alpha() const noexcept { return alpha_; }

 private:
  double alpha_;
  double level_ = 0;
  bool any_ = false;
};

double smoothed(std::span<const double> x, double alpha, double* found = nullptr) {
  Smoothed s(x, alpha);
  for (double v : x) s.add(v);
  if (found != nullptr) *found = s.alpha();
  return s.level();
}

/// The known values of a series, and its demands.
struct Demand {
  std::vector<double> y{}, size{}, interval{}, any{};
};

Demand demand_of(std::span<const double> y, bool checked) {
  Demand d;
  double since = 0;
  for (std::size_t i = 0; i < y.size(); ++i) {
    if (std::isnan(y[i])) continue;
    if (checked && (std::isinf(y[i]) || y[i] < 0)) {
      throw InvalidArgument("fit_intermittent: y[" + std::to_string(i) + "] is " +
                            (std::isinf(y[i]) ? "infinite" : "negative") +
                            "; write NaN for a missing value");
    }
    d.y.push_back(y[i]);
    d.any.push_back(y[i] > 0 ? 1.0 : 0.0);
    ++since;
    if (!(y[i] > 0)) continue;
    d.size.push_back(y[i]);
    d.interval.push_back(since);
    since = 0;
  }
  return d;
}

double mean_of(std::span<const double> x) {
  double sum = 0;
  for (double v : x) sum += v;
  return sum / static_cast<double>(x.size());
}

/// Sums of blocks of `length`, the last of which ends with the series.
std::vector<double> block_sums(std::span<const double> y, std::size_t length) {
  std::vector<double> out;
  for (std::size_t i = y.size() % length; i < y.size(); i += length) {
    double sum = 0;
    for (std::size_t k = i; k < i + length; ++k) sum += y[k];
    out.push_back(sum);
  }
  return out;
}

/// Each value's one-step forecast; NaN before the first demand.
std::vector<double> fit_croston(IntermittentFit& fit, const Demand& d,
                                const IntermittentOptions& options) {
  Smoothed size(d.size, options.alpha);
  Smoothed interval(d.interval, options.alpha_interval);
  fit.alpha = size.alpha();
  fit.alpha_interval = interval.alpha();
  const double factor = fit.model == IntermittentModel::sba ? 1 - 0.5 * fit.alpha_interval : 1.0;
  std::vector<double> ahead;
  double mean = std::numeric_limits<double>::quiet_NaN();
  std::size_t k = 0;
  for (double v : d.y) {
    ahead.push_back(mean);
    if (!(v > 0)) continue;
    size.add(v);
    interval.add(d.interval[k++]);
    mean = factor * size.level() / interval.level();
  }
  fit.demand = size.level();
  fit.interval = interval.level();
  fit.mean = mean;
  return ahead;
}

std::vector<double> fit_tsb(IntermittentFit& fit, const Demand& d,
                            const IntermittentOptions& options) {
  Smoothed size(d.size, options.alpha);
  Smoothed probability(d.any, options.alpha_interval);
  fit.alpha = size.alpha();
  fit.alpha_interval = probability.alpha();
  std::vector<double> ahead;
  double mean = std::numeric_limits<double>::quiet_NaN();
  bool any = false;
  for (double v : d.y) {
    ahead.push_back(mean);
    probability.add(v > 0 ? 1.0 : 0.0);
    if (v > 0) size.add(v);
    any = any || v > 0;
    if (any) mean = size.level() * probability.level();
  }
  fit.demand = size.level();
  fit.probability = probability.level();
  fit.mean = mean;
  return ahead;
}

std::vector<double> fit_sums(IntermittentFit& fit, const Demand& d,
                             const IntermittentOptions& options) {
  // Half to even, as Python rounds.
  fit.aggregation = static_cast<int>(std::nearbyint(mean_of(d.interval)));
  const int from = fit.model == IntermittentModel::adida ? fit.aggregation : 1;
  double sum = 0;
  for (int length = from; length <= fit.aggregation; ++length) {
    const auto blocks = block_sums(d.y, static_cast<std::size_t>(length));
    sum += smoothed(blocks, options.alpha, &fit.alpha) / length;
  }
  fit.mean = sum / (fit.aggregation - from + 1);
  Smoothed running(d.y, options.alpha);
  std::vector<double> ahead;
  bool any = false;
  for (double v : d.y) {
    ahead.push_back(any ? running.level() : std::numeric_limits<double>::quiet_NaN());
    running.add(v);
    any = any || v > 0;
  }
  return ahead;
}

/// The size of the law of counts with these means, which are above 0 or NaN.
double law_size(std::span<const double> y, std::span<const double> mean) {
  const auto loss = [&](double log_size) {
    const double size = std::exp(log_size);
    const double prior = (log_size - kPriorLogSize) / kPriorDeviation;
    double sum = 0.5 * prior * prior;
    for (std::size_t t = 0; t < y.size(); ++t) {
      if (mean[t] > 0) sum -= core::log_negative_binomial(y[t], size, mean[t]);
    }
    return sum;
  };
  const double best = core::brent(loss, -kLogSizeRange, kLogSizeRange, 1e-4).x[0];
  return best > kLogSizeRange - 1 ? std::numeric_limits<double>::infinity() : std::exp(best);
}

void fit_errors(IntermittentFit& fit, std::span<const double> y, std::span<const double> ahead,
                bool law) {
  double squares = 0, count = 0;
  for (std::size_t t = 0; t < y.size(); ++t) {
    if (std::isnan(ahead[t])) continue;
    squares += (y[t] - ahead[t]) * (y[t] - ahead[t]);
    ++count;
  }
  fit.sigma = count > 0 ? std::sqrt(squares / count) : std::numeric_limits<double>::quiet_NaN();
  fit.counts = law && std::all_of(y.begin(), y.end(), [](double v) { return v == std::floor(v); });
  if (fit.counts) fit.law = {fit.mean, law_size(y, ahead)};
}

}  // namespace

double CountLaw::cdf(double x) const {
  if (x < 0) return 0;
  if (!(mean > 0)) return 1;
  return std::isinf(size) ? core::poisson_cdf(std::floor(x), mean)
                          : core::negative_binomial_cdf(std::floor(x), size, mean);
}

double CountLaw::quantile(double p) const {
  if (cdf(0) >= p) return 0;
  double below = 0;
  double above = std::max(1.0, std::ceil(mean));
  while (cdf(above) < p) {
    below = above;
    above *= 2;
  }
  while (above - below > 1) {
    const double middle = std::floor(0.5 * (below + above));
    (cdf(middle) >= p ? above : below) = middle;
  }
  return above;
}

DemandClass demand_class(std::span<const double> y) {
  const Demand d = demand_of(y, false);
  if (d.size.empty()) return DemandClass::none;
  const bool seldom = mean_of(d.interval) >= kSeldom;
  const double mean = mean_of(d.size);
  double squares = 0;
  for (double v : d.size) squares += (v - mean) * (v - mean);
  const bool varies = squares / static_cast<double>(d.size.size()) / (mean * mean) >= kVaries;
  if (seldom) return varies ? DemandClass::lumpy : DemandClass::intermittent;
  return varies ? DemandClass::erratic : DemandClass::smooth;
}

IntermittentFit fit_intermittent(std::span<const double> y, const IntermittentOptions& options) {
  for (double alpha : {options.alpha, options.alpha_interval}) {
    if (!(alpha >= 0 && alpha <= 1)) {
      throw InvalidArgument("fit_intermittent: alpha is " + core::shortest(alpha) +
                            "; write a share of 0 to 1, as .1, or 0 to find it");
    }
  }
  const Demand d = demand_of(y, true);
  if (d.y.empty()) throw InvalidArgument("fit_intermittent: y has no known value");
  IntermittentFit fit;
  fit.model = options.model;
  fit.n_known = static_cast<std::int64_t>(d.y.size());
  fit.demands = static_cast<std::int64_t>(d.size.size());
  std::vector<double> ahead(d.y.size(), std::numeric_limits<double>::quiet_NaN());
  if (fit.demands > 0) {
    switch (options.model) {
      case IntermittentModel::croston:
      case IntermittentModel::sba:
        ahead = fit_croston(fit, d, options);
        break;
      case IntermittentModel::tsb:
        ahead = fit_tsb(fit, d, options);
        break;
      case IntermittentModel::adida:
      case IntermittentModel::imapa:
        ahead = fit_sums(fit, d, options);
        break;
    }
  }
  fit_errors(fit, d.y, ahead, options.law);
  return fit;
}

std::string_view to_string(IntermittentModel model) noexcept {
  constexpr std::array<std::string_view, 5> names{"croston", "sba", "tsb", "adida", "imapa"};
  return names[static_cast<std::size_t>(model)];
}

std::string_view to_string(DemandClass demand) noexcept {
  constexpr std::array<std::string_view, 5> names{"smooth", "erratic", "intermittent", "lumpy",
                                                  "none"};
  return names[static_cast<std::size_t>(demand)];
}

}  // namespace emptor::forecasting
