#include "emptor/core/error.hpp"
#include "emptor/forecasting/ets.hpp"

#include "core/random.hpp"
#include "forecasting/ets_fit.hpp"
#include "forecasting/ets_step.hpp"

#include <algorithm>
#include <cmath>

namespace emptor::forecasting {

using namespace smoothing;

namespace {

constexpr int kPaths = 2000;

std::size_t steps_of(int horizon) { return static_cast<std::size_t>(std::max(horizon, 0)); }

/// How far an error now moves the level and trend `step` periods later.
double moved_by(const EtsParameters& p, int step) {
  double c = p.alpha;
  if (p.model.trend == EtsTrend::none) return c;
  if (!p.model.damped) return c + p.beta * step;
  double sum = 0, power = 1;
  for (int j = 0; j < step; ++j) sum += power *= p.phi;
  return c + p.beta * sum;
}

/// Hyndman et al. (2008) 6.2 and 6.3. Of additive errors; of relative ones with an additive or no
/// season; and with a multiplicative one, exactly for one season, then to the order of sigma^2 (the
/// book takes level and season as independent, which leaves out a term of that order).
std::vector<double> closed_form(const EtsFit& fit, std::size_t steps) {
  const EtsParameters& p = fit.end;
  const std::size_t m = p.season.size();
  const bool times = p.model.season == EtsSeason::multiplicative;
  const double s2 = fit.sigma * fit.sigma;
  std::vector<double> c(steps, 0.0);
  for (std::size_t j = 1; j < steps; ++j) {
    c[j] = moved_by(p, static_cast<int>(j));
    if (p.model.season == EtsSeason::additive && j % m == 0) c[j] += p.gamma;
  }
  std::vector<double> out(steps);
  if (p.model.error == EtsError::additive) {
    double sum = 1;
    for (std::size_t h = 0; h < steps; ++h) {
      if (h > 0) sum += c[h] * c[h];
      out[h] = fit.sigma * std::sqrt(sum);
    }
    return out;
  }
  const std::vector<double> mean = forecast(fit, static_cast<int>(steps));
  std::vector<double> theta(steps);  // expected square of the mean, less the season's factor
  for (std::size_t h = 0; h < steps; ++h) {
    const double s = times ? p.season[h % m] : 1;
    theta[h] = mean[h] / s * (mean[h] / s);
    for (std::size_t j = 1; j <= h; ++j) theta[h] += s2 * c[j] * c[j] * theta[h - j];
    double factor = 1 + s2;
    double both = 0;  // errors a season ago and before moved the level and the season alike
    if (times) {
      factor *= std::pow(1 + p.gamma * p.gamma * s2, static_cast<double>(h / m));
      for (std::size_t j = m; j <= h; j += m) {
        both += 2 * s2 * p.gamma * c[j] * mean[h] * mean[h - j];
      }
    }
    out[h] = std::sqrt(std::max(0.0, s * s * theta[h] * factor + both - mean[h] * mean[h]));
  }
  return out;
}

/// Half of what the middle 68.27 % of simulated values span: some of these models have no variance.
std::vector<double> simulated(const EtsFit& fit, std::size_t steps) {
  const std::vector<double> paths = simulate(fit, static_cast<int>(steps), kPaths);
  std::vector<double> out(steps), at(kPaths);
  for (std::size_t h = 0; h < steps; ++h) {
    for (std::size_t k = 0; k < kPaths; ++k) at[k] = paths[k * steps + h];
    std::sort(at.begin(), at.end());
    const auto quantile = [&](double q) { return at[static_cast<std::size_t>(q * kPaths)]; };
    out[h] = 0.5 * (quantile(0.84135) - quantile(0.15865));
  }
  return out;
}

template <EtsTrend kTrend, EtsSeason kSeason>
void simulate_path(const EtsFit& fit, EtsParameters p, core::Random& random,
                   std::span<double> out) {
  const bool relative = p.model.error == EtsError::multiplicative;
  std::size_t place = 0;
  double unused = 0;
  for (double& y : out) {
    double& season = kSeason == EtsSeason::none ? unused : p.season[place];
    const Step step = ahead<kTrend, kSeason>(p.level, p.slope, p.phi, season);
    const double shock = fit.sigma * random.normal();
    if (!allowed<kTrend, kSeason>(p, step)) {
      std::fill(&y, out.data() + out.size(), 0.0);
      return;
    }
    const double e = relative ? step.mean * std::max(shock, -1.0) : shock;
    y = step.mean + e;
    advance<kTrend, kSeason>(p, step, e, p.level, p.slope, season);
    if (++place >= p.season.size()) place = 0;
  }
}

}  // namespace

std::vector<double> forecast(const EtsFit& fit, int horizon) {
  std::vector<double> out(steps_of(horizon));
  by_kind(fit.end.model, [&]<EtsTrend kTrend, EtsSeason kSeason>() {
    const EtsParameters& p = fit.end;
    double level = p.level;
    double slope = p.slope;
    for (std::size_t h = 0; h < out.size(); ++h) {
      const double season = kSeason == EtsSeason::none ? 0 : p.season[h % p.season.size()];
      const Step step = ahead<kTrend, kSeason>(level, slope, p.phi, season);
      out[h] = step.mean;
      level = step.q;
      if constexpr (kTrend != kNoTrend) slope = step.grown;
    }
  });
  return out;
}

std::vector<double> standard_errors(const EtsFit& fit, int horizon) {
  const EtsModel& m = fit.end.model;
  const bool additive = m.error == EtsError::additive;
  if (m.trend == EtsTrend::multiplicative || (additive && m.season == EtsSeason::multiplicative)) {
    return simulated(fit, steps_of(horizon));
  }
  return closed_form(fit, steps_of(horizon));
}

namespace smoothing {

double total_error(const EtsFit& fit, int horizon) {
  const EtsParameters& p = fit.end;
  const std::size_t steps = steps_of(horizon);
  const std::size_t m = p.season.size();
  const bool times = p.model.season == EtsSeason::multiplicative;
  const std::vector<double> mean = forecast(fit, horizon);
  std::vector<double> moved(steps);
  for (std::size_t j = 0; j < steps; ++j) moved[j] = moved_by(p, static_cast<int>(j));
  double variance = 0;
  for (std::size_t k = 0; k < steps; ++k) {
    double sum = 1;  // what the sum gains from an error of 1 at step k
    for (std::size_t j = 1; k + j < steps; ++j) {
      const double ratio = times ? p.season[(k + j) % m] / p.season[k % m] : 1;
      sum += moved[j] * ratio;
      if (m > 0 && j % m == 0) sum += p.gamma * (times ? mean[k + j] / mean[k] : 1);
    }
    const double size = p.model.error == EtsError::multiplicative ? mean[k] : 1;
    variance += sum * sum * size * size;
  }
  return fit.sigma * std::sqrt(variance);
}

}  // namespace smoothing

std::vector<double> simulate(const EtsFit& fit, int horizon, int paths, std::uint64_t seed,
                             std::uint64_t stream) {
  const std::size_t steps = steps_of(horizon);
  std::vector<double> out(steps * steps_of(paths));
  core::Random random(seed, stream);
  by_kind(fit.end.model, [&]<EtsTrend kTrend, EtsSeason kSeason>() {
    for (std::size_t k = 0; k < steps_of(paths); ++k) {
      simulate_path<kTrend, kSeason>(fit, fit.end, random,
                                     std::span(out).subspan(k * steps, steps));
    }
  });
  return out;
}

}  // namespace emptor::forecasting
