#include "emptor/forecasting/theta.hpp"

#include "emptor/core/error.hpp"

#include "forecasting/season.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string>

namespace emptor::forecasting {
namespace {

/// How many values of alpha go through the series together: independent lanes the compiler turns
/// into SIMD without changing a bit.
constexpr std::size_t kLanes = 16;
/// Each pass narrows the range of alpha by (kLanes - 1) / 2; six reach 1e-5 of it, where the loss
/// is flat to 1e-10.
constexpr int kPasses = 6;

bool is_dynamic(ThetaModel model) { return model == ThetaModel::dstm || model == ThetaModel::dotm; }
bool is_optimised(ThetaModel model) {
  return model == ThetaModel::otm || model == ThetaModel::dotm;
}

/// The straight line as known after t values, t = 0 ... n.
struct Lines {
  std::vector<double> intercept, slope;
  double mean = 0;
};

/// One step of the dynamic line: from t values seen to t + 1.
void update_line(double y, double t, double& mean, double& intercept, double& slope) {
  slope = ((t - 1) * slope + 6 * (y - mean) / (t + 1)) / (t + 2);
  mean = (t * mean + y) / (t + 1);
  intercept = mean - slope * (t + 2) / 2;
}

Lines dynamic_lines(std::span<const double> y) {
  const std::size_t n = y.size();
  Lines lines{std::vector<double>(n + 1), std::vector<double>(n + 1), y[0]};
  double a = y[0];
  double b = 0;
  lines.intercept[0] = 0;
  lines.slope[0] = 0;
  lines.intercept[1] = a;
  for (std::size_t t = 1; t < n; ++t) {
    update_line(y[t], static_cast<double>(t), lines.mean, a, b);
    lines.intercept[t + 1] = a;
    lines.slope[t + 1] = b;
  }
  return lines;
}

/// The least-squares line over t = 1 ... n, the same at every step.
Lines static_lines(std::span<const double> y) {
  const auto n = static_cast<double>(y.size());
  double mean = 0;
  for (double v : y) mean += v;
  mean /= n;
  double sxy = 0;
  for (std::size_t i = 0; i < y.size(); ++i) {
    sxy += (static_cast<double>(i + 1) - (n + 1) / 2) * (y[i] - mean);
  }
  const double b = y.size() > 1 ? sxy * 12 / (n * (n * n - 1)) : 0;
  const double a = mean - b * (n + 1) / 2;
  return {std::vector<double>(y.size() + 1, a), std::vector<double>(y.size() + 1, b), mean};
}

/// The series and what the loss needs beside alpha.
struct Problem {
  std::span<const double> y{};
  std::span<const std::uint8_t> known{};
  const Lines* lines = nullptr;  ///< null: no line (thetaf)
  std::size_t burn_in = 0;
  double weight = 0.5;      ///< of the line, where errors are taken from
  bool fit_weight = false;  ///< weight is free in [0, 1]
  [[nodiscard]] bool counts(std::size_t t) const {
    return t >= burn_in && (known.empty() || known[t] != 0);
  }
};

/// Sums of products of the error e at (l0 = y[0], weight) and its derivatives p (by l0) and d (by
/// weight), by lane of alpha.
struct Sums {
  using Lane = std::array<double, kLanes>;
  Lane ee{}, ep{}, ed{}, pp{}, pd{}, dd{};
};

template <bool kLine>
Sums accumulate(const Problem& problem, const std::array<double, kLanes>& alpha) {
  Sums s;
  std::array<double, kLanes> level{};
  std::array<double, kLanes> power{};  // (1 - alpha)^t
  std::array<double, kLanes> inverse{};
  level.fill(problem.y[0]);
  power.fill(1);
  for (std::size_t k = 0; k < kLanes; ++k) inverse[k] = 1 / alpha[k];
  const double weight = problem.weight;
  for (std::size_t t = 0; t < problem.y.size(); ++t) {
    const double y = problem.y[t];
    const double a = kLine ? problem.lines->intercept[t] : 0;
    const double b = kLine ? problem.lines->slope[t] : 0;
    const double use = problem.counts(t) ? 1.0 : 0.0;
    for (std::size_t k = 0; k < kLanes; ++k) {
      const double next = power[k] * (1 - alpha[k]);
      const double p = use * power[k];
      double e = y - level[k];
      if constexpr (kLine) {
        const double d = a * power[k] + b * (1 - next) * inverse[k];
        e -= weight * d;
        const double used = use * d;
        s.ed[k] += e * used;
        s.pd[k] += p * used;
        s.dd[k] += d * used;
      }
      s.ee[k] += use * e * e;
      s.ep[k] += e * p;
      s.pp[k] += p * p;
      level[k] += alpha[k] * (y - level[k]);
      power[k] = next;
    }
  }
  return s;
}

/// The best l0 and weight at one alpha, and the loss there.
struct Solution {
  double shift = 0;  ///< of l0, from y[0]
  double weight = 0;
  double loss = std::numeric_limits<double>::infinity();
};

/// Minimises ee - 2 (ep x + ed v) + pp x^2 + 2 pd x v + dd v^2 over x and, if it is free, v with
/// weight + v in [0, 1]. x stays 0 where the data do not tell it.
Solution solve(const Sums& s, std::size_t k, const Problem& problem) {
  const double ep = s.ep[k], ed = s.ed[k], pp = s.pp[k], pd = s.pd[k], dd = s.dd[k];
  const bool fit_level = pp > 1e-14;
  const auto shift_at = [&](double v) { return fit_level ? (ep - pd * v) / pp : 0.0; };
  double v = 0;
  if (problem.fit_weight) {
    const double curvature = fit_level ? dd - pd * pd / pp : dd;
    const double gradient = fit_level ? ed - pd * ep / pp : ed;
    if (curvature > 1e-12 * dd && curvature > 0) v = gradient / curvature;
    v = std::clamp(v, -problem.weight, 1 - problem.weight);
  }
  const double x = shift_at(v);
  return {x, problem.weight + v,
          s.ee[k] - 2 * (ep * x + ed * v) + pp * x * x + 2 * pd * x * v + dd * v * v};
}

struct Optimum {
  double alpha = 0;
  Solution solution{};
  bool at_boundary = false;
};

Optimum minimise(const Problem& problem, double low, double high) {
  Optimum best;
  double from = low;
  double to = high;
  for (int pass = 0; pass < kPasses; ++pass) {
    std::array<double, kLanes> alpha{};
    const double step = (to - from) / static_cast<double>(kLanes - 1);
    for (std::size_t k = 0; k < kLanes; ++k) alpha[k] = from + step * static_cast<double>(k);
    alpha[kLanes - 1] = to;
    const Sums sums = problem.lines != nullptr ? accumulate<true>(problem, alpha)
                                               : accumulate<false>(problem, alpha);
    for (std::size_t k = 0; k < kLanes; ++k) {
      const Solution candidate = solve(sums, k, problem);
      if (candidate.loss < best.solution.loss) best = {alpha[k], candidate, false};
    }
    if (!std::isfinite(best.solution.loss)) best.alpha = from;
    from = std::max(low, best.alpha - step);
    to = std::min(high, best.alpha + step);
  }
  best.at_boundary = best.alpha == low || best.alpha == high;
  return best;
}

double line_at(double intercept, double slope, double alpha, double power) {
  return intercept * power + slope * (1 - power * (1 - alpha)) / alpha;
}

/// Runs the fitted model over the series once more: the level at its end and the loss.
void run(ThetaFit& fit, const Problem& problem) {
  fit.level = fit.level0;
  fit.sse = 0;
  double power = 1;
  for (std::size_t t = 0; t < problem.y.size(); ++t) {
    double mu = fit.level;
    if (problem.lines != nullptr) {
      mu += fit.weight *
            line_at(problem.lines->intercept[t], problem.lines->slope[t], fit.alpha, power);
    }
    const double e = problem.y[t] - mu;
    if (problem.counts(t)) fit.sse += e * e;
    fit.level += fit.alpha * (problem.y[t] - fit.level);
    power *= 1 - fit.alpha;
  }
}

/// Multiplies all that has the series' unit by a power of two, which rounds nothing.
void rescale(ThetaFit& fit, double scale) {
  for (double* x :
       {&fit.level0, &fit.level, &fit.mean, &fit.intercept, &fit.slope, &fit.drift, &fit.sigma}) {
    *x *= scale;
  }
  fit.sse *= scale * scale;
}

/// The power of two that brings the largest value to [.5, 1), so that squares neither overflow nor
/// vanish.
double power_of_two_above(std::span<const double> y) {
  double largest = 0;
  for (double v : y) largest = std::max(largest, std::abs(v));
  int exponent = 0;
  std::frexp(largest, &exponent);
  return std::ldexp(1.0, exponent);
}

}  // namespace

double ThetaFit::theta() const noexcept {
  return weight < 1 ? 1 / (1 - weight) : std::numeric_limits<double>::infinity();
}

ThetaFit fit_adjusted(const Adjusted& adjusted, const ThetaOptions& options) {
  if (adjusted.n_known < 3) {
    throw InvalidArgument("fit_theta: y has " + std::to_string(adjusted.n_known) +
                          " known values; at least 3 are needed");
  }
  const double scale = power_of_two_above(adjusted.y);
  std::vector<double> y(adjusted.y);
  for (double& v : y) v /= scale;

  ThetaFit fit;
  fit.model = options.model;
  fit.n = static_cast<std::int64_t>(y.size());
  fit.n_known = adjusted.n_known;
  const bool is_thetaf = options.model == ThetaModel::thetaf;
  const Lines lines = is_dynamic(options.model) ? dynamic_lines(y) : static_lines(y);
  Problem problem;
  problem.y = y;
  problem.known = adjusted.known;
  problem.lines = is_thetaf ? nullptr : &lines;
  problem.burn_in = static_cast<std::size_t>(options.burn_in >= 0 ? options.burn_in
                                             : is_thetaf          ? 0
                                                                  : 2);
  // A dynamic model has no line before its first value.
  if (is_dynamic(options.model)) problem.burn_in = std::max<std::size_t>(problem.burn_in, 1);
  problem.weight = is_thetaf ? 0 : 0.5;
  problem.fit_weight = is_optimised(options.model);

  const Optimum best = is_thetaf ? minimise(problem, 1e-4, 0.9999) : minimise(problem, 0.1, 0.99);
  fit.alpha = best.alpha;
  fit.at_boundary = best.at_boundary;
  fit.weight = best.solution.weight;
  fit.level0 = y[0] + best.solution.shift;
  fit.mean = lines.mean;
  fit.intercept = lines.intercept.back();
  fit.slope = lines.slope.back();
  if (is_thetaf) fit.drift = 0.5 * fit.slope;
  run(fit, problem);
  double counted = 0;
  for (std::size_t t = 0; t < y.size(); ++t) counted += problem.counts(t) ? 1 : 0;
  const double parameters = problem.fit_weight ? 3 : 2;
  fit.sigma = std::sqrt(fit.sse / std::max(counted - parameters, 1.0));
  rescale(fit, scale);
  fit.season = adjusted.season;
  for (std::size_t h = 1; h <= adjusted.index.size(); ++h) {
    fit.index.push_back(adjusted.index_ahead(h));
  }
  return fit;
}

ThetaFit fit_theta(std::span<const double> y, const ThetaOptions& options) {
  if (options.season_length < 1) {
    throw InvalidArgument("fit_theta: season_length is " + std::to_string(options.season_length) +
                          "; write 1 for no season, 12 for months of a year");
  }
  return fit_adjusted(adjust(y, options.season_length, options.season), options);
}

std::vector<double> forecast(const ThetaFit& fit, int horizon) {
  std::vector<double> out(static_cast<std::size_t>(std::max(horizon, 0)));
  double level = fit.level;
  double mean = fit.mean;
  double intercept = fit.intercept;
  double slope = fit.slope;
  double power = std::pow(1 - fit.alpha, static_cast<double>(fit.n));
  // thetaf: what the smoothed level lags behind a line of slope 2 drift, halved, plus its growth.
  const double lag = (1 - power) / fit.alpha;
  for (std::size_t h = 0; h < out.size(); ++h) {
    double mu = level;
    if (fit.model == ThetaModel::thetaf) {
      mu += fit.drift * (static_cast<double>(h) + lag);
    } else {
      mu += fit.weight * line_at(intercept, slope, fit.alpha, power);
      level += fit.alpha * (mu - level);
      power *= 1 - fit.alpha;
      if (is_dynamic(fit.model)) {
        update_line(mu, static_cast<double>(fit.n) + static_cast<double>(h), mean, intercept,
                    slope);
      }
    }
    out[h] = mu;
    if (fit.season != SeasonKind::none) {
      const double s = fit.index[h % fit.index.size()];
      out[h] = fit.season == SeasonKind::multiplicative ? mu * s : mu + s;
    }
  }
  return out;
}

std::vector<double> standard_errors(const ThetaFit& fit, int horizon) {
  std::vector<double> out(static_cast<std::size_t>(std::max(horizon, 0)));
  for (std::size_t h = 0; h < out.size(); ++h) {
    out[h] = fit.sigma * std::sqrt(1 + static_cast<double>(h) * fit.alpha * fit.alpha);
    if (fit.season == SeasonKind::multiplicative) out[h] *= fit.index[h % fit.index.size()];
  }
  return out;
}

std::string_view to_string(ThetaModel model) noexcept {
  constexpr std::array<std::string_view, 5> names{"stm", "otm", "dstm", "dotm", "thetaf"};
  return names[static_cast<std::size_t>(model)];
}

std::string_view to_string(SeasonKind kind) noexcept {
  constexpr std::array<std::string_view, 4> names{"none", "additive", "multiplicative",
                                                  "automatic"};
  return names[static_cast<std::size_t>(kind)];
}

}  // namespace emptor::forecasting
