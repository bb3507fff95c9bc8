#include "emptor/core/error.hpp"
#include "emptor/forecasting/arima.hpp"

#include "core/random.hpp"
#include "forecasting/arima_fit.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace emptor::forecasting {

namespace arma {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

std::size_t steps_of(int horizon) { return static_cast<std::size_t>(std::max(horizon, 0)); }

/// How a state moves: the ARMA part of `reach` entries, then the last values, latest first.
class Dynamics {
 public:
  explicit Dynamics(const ArimaParameters& p)
      : weights_(multiplied(shape_of(p.order), {p.ar, p.ma, p.seasonal_ar, p.seasonal_ma})),
        back_(integration(p.order)),
        reach_(static_cast<std::size_t>(weights_.reach)) {
    noise_.assign(size(), 0.0);
    std::copy(weights_.dense.begin(), weights_.dense.end(), noise_.begin());
    for (std::size_t i = 0; i < weights_.ma.lag.size(); ++i) {
      noise_[static_cast<std::size_t>(weights_.ma.lag[i] - 1)] += weights_.ma.value[i];
    }
    if (!back_.empty()) noise_[reach_] = 1;
  }

  [[nodiscard]] std::size_t size() const { return reach_ + back_.size(); }
  /// How an error moves the state.
  [[nodiscard]] const std::vector<double>& noise() const { return noise_; }

  /// The value the state foretells.
  [[nodiscard]] double next(std::span<const double> s) const {
    double sum = reach_ > 0 ? s[0] : 0;
    for (std::size_t j = 0; j < back_.size(); ++j) sum += back_[j] * s[reach_ + j];
    return sum;
  }

  /// The state a period later, without an error.
  void move(std::span<double> s) const {
    const double value = next(s);
    const double own = reach_ > 0 ? s[0] : 0;
    for (std::size_t i = 0; i < reach_; ++i) {
      s[i] = (i + 1 < reach_ ? s[i + 1] : 0) + weights_.dense[i] * own;
    }
    for (std::size_t j = back_.size(); j-- > 1;) s[reach_ + j] = s[reach_ + j - 1];
    if (!back_.empty()) s[reach_] = value;
  }

  /// A row vector times the matrix that move() applies.
  void move_back(std::vector<double>& z) const {
    const double last = back_.empty() ? 0 : z[reach_];
    double first = last;
    for (std::size_t i = 0; i < reach_; ++i) first += weights_.dense[i] * z[i];
    for (std::size_t i = reach_; i-- > 1;) z[i] = z[i - 1];
    if (reach_ > 0) z[0] = first;
    for (std::size_t j = 0; j < back_.size(); ++j) {
      const double older = j + 1 < back_.size() ? z[reach_ + j + 1] : 0;
      z[reach_ + j] = back_[j] * last + older;
    }
  }

  /// The row that foretells the next value.
  [[nodiscard]] std::vector<double> reading() const {
    std::vector<double> z(size(), 0.0);
    if (reach_ > 0) z[0] = 1;
    std::copy(back_.begin(), back_.end(), z.begin() + static_cast<std::ptrdiff_t>(reach_));
    return z;
  }

  /// One period of the covariance (square, row by row); returns the next error's variance over
  /// sigma squared, and its gain. `seen` tells whether the value came.
  double advance(std::vector<double>& covariance, std::vector<double>& gain, bool seen) const {
    gain = noise_;
    const std::size_t k = size();
    if (covariance.empty() && seen) return 1;
    if (covariance.empty()) covariance.assign(k * k, 0.0);
    const std::vector<double> z = reading();
    std::vector<double> with(k, 0.0);
    double f = 1;
    for (std::size_t i = 0; i < k; ++i) {
      for (std::size_t j = 0; j < k; ++j) with[i] += covariance[i * k + j] * z[j];
    }
    for (std::size_t i = 0; i < k; ++i) f += z[i] * with[i];
    move(with);
    for (std::size_t i = 0; i < k; ++i) gain[i] += with[i];
    for (std::size_t i = 0; i < k; ++i) move(std::span(covariance).subspan(i * k, k));
    std::vector<double> column(k);
    for (std::size_t j = 0; j < k; ++j) {
      for (std::size_t i = 0; i < k; ++i) column[i] = covariance[i * k + j];
      move(column);
      for (std::size_t i = 0; i < k; ++i) covariance[i * k + j] = column[i];
    }
    for (std::size_t i = 0; i < k; ++i) {
      for (std::size_t j = 0; j < k; ++j) {
        covariance[i * k + j] += noise_[i] * noise_[j] - (seen ? gain[i] * gain[j] / f : 0);
      }
    }
    for (double& v : gain) v /= f;
    return f;
  }

 private:
  Weights weights_;
  std::vector<double> back_;
  std::size_t reach_;
  std::vector<double> noise_{};
};

[[noreturn]] void fail(const char* function, const std::string& what) {
  throw InvalidArgument(std::string(function) + ": " + what);
}

void check_drivers(const char* function, const ArimaFit& fit, const ArimaDrivers& drivers,
                   std::size_t steps) {
  const std::size_t count = fit.parameters.drivers.size();
  if (drivers.count != count) {
    fail(function,
         "drivers are " + std::to_string(drivers.count) + "; the fit has " + std::to_string(count));
  }
  if (drivers.x.size() != steps * count) {
    fail(function, "drivers have " + std::to_string(drivers.x.size()) + " values; " +
                       std::to_string(steps) + " steps of " + std::to_string(count) +
                       " drivers need " + std::to_string(steps * count));
  }
  for (std::size_t i = 0; i < drivers.x.size(); ++i) {
    if (!std::isfinite(drivers.x[i])) {
      fail(function, "driver " + std::to_string(i % count) + " is missing or infinite at step " +
                         std::to_string(i / count));
    }
  }
}

/// Values of the constant and of the drivers in use at `step` periods after the last one.
std::vector<double> regressors(const ArimaFit& fit, std::size_t step, const ArimaDrivers& drivers) {
  std::vector<double> out;
  const ArimaOrder& o = fit.parameters.order;
  if (o.constant) {
    const bool drift = o.differences + o.seasonal_differences > 0;
    out.push_back(drift ? static_cast<double>(fit.n) + static_cast<double>(step) + 1 : 1);
  }
  for (std::size_t k = 0; k < drivers.count; ++k) {
    if (fit.dropped[k] == 0) out.push_back(drivers.x[step * drivers.count + k]);
  }
  return out;
}

std::vector<double> coefficients(const ArimaFit& fit) {
  std::vector<double> out;
  if (fit.parameters.order.constant) out.push_back(fit.parameters.constant);
  for (std::size_t k = 0; k < fit.dropped.size(); ++k) {
    if (fit.dropped[k] == 0) out.push_back(fit.parameters.drivers[k]);
  }
  return out;
}

/// Weights of an error 0, 1, ... steps ago in a value.
std::vector<double> impulses(const Dynamics& dynamics, std::size_t steps) {
  std::vector<double> out(steps, 1.0);
  std::vector<double> s = dynamics.noise();
  for (std::size_t h = 1; h < steps; ++h) {
    out[h] = dynamics.next(s);
    dynamics.move(s);
  }
  return out;
}

}  // namespace

void with_known_mean(ArimaFit& fit, const ArimaParameters& p, const Prepared& series) {
  fit.parameters.order.constant = p.order.constant;
  fit.parameters.constant = p.order.constant ? p.constant : 0;
  fit.parameters.drivers = p.drivers;
  fit.dropped.assign(p.drivers.size(), 0);
  const std::size_t k = p.drivers.size() + (p.order.constant ? 1 : 0);
  fit.state.column.resize(1 + k, std::vector<double>(fit.state.column[0].size(), 0.0));
  fit.coefficient_covariance.assign(k * k, 0.0);
  fit.standard_error.assign(k, 0.0);
  const bool drift = p.order.differences + p.order.seasonal_differences > 0;
  for (std::size_t i = series.cut; i < fit.fitted.size(); ++i) {
    const std::size_t t = i - series.cut;
    if (p.order.constant) {
      fit.fitted[i] += p.constant * (drift ? static_cast<double>(t + 1) : 1);
    }
    for (std::size_t d = 0; d < p.drivers.size(); ++d) {
      fit.fitted[i] += p.drivers[d] * series.x[d][t];
    }
  }
}

double total_error(const ArimaFit& fit, int horizon) {
  const std::vector<double> psi = impulses(Dynamics(fit.parameters), steps_of(horizon));
  double sum = 0, variance = 0;
  for (double weight : psi) {
    sum += weight;
    variance += sum * sum;
  }
  return fit.sigma * std::sqrt(variance);
}

}  // namespace arma

using namespace arma;

std::vector<double> forecast(const ArimaFit& fit, int horizon, const ArimaDrivers& drivers) {
  const std::size_t steps = steps_of(horizon);
  check_drivers("forecast", fit, drivers, steps);
  std::vector<double> out(steps, kNaN);
  if (fit.n_known == 0) return out;
  const Dynamics dynamics(fit.parameters);
  const std::vector<double> beta = coefficients(fit);
  std::vector<double> noise = fit.state.column[0];
  for (std::size_t c = 0; c < beta.size(); ++c) {
    for (std::size_t i = 0; i < noise.size(); ++i) noise[i] -= beta[c] * fit.state.column[c + 1][i];
  }
  for (std::size_t h = 0; h < steps; ++h) {
    const std::vector<double> x = regressors(fit, h, drivers);
    out[h] = dynamics.next(noise);
    for (std::size_t c = 0; c < beta.size(); ++c) out[h] += beta[c] * x[c];
    dynamics.move(noise);
  }
  return out;
}

std::vector<double> standard_errors(const ArimaFit& fit, int horizon, const ArimaDrivers& drivers) {
  const std::size_t steps = steps_of(horizon);
  check_drivers("standard_errors", fit, drivers, steps);
  if (!(fit.sigma > 0)) return std::vector<double>(steps, fit.sigma);
  const Dynamics dynamics(fit.parameters);
  const std::size_t size = dynamics.size();
  const std::size_t k = fit.standard_error.size();
  const std::vector<double> psi = impulses(dynamics, steps);
  std::vector<std::vector<double>> columns(fit.state.column.begin() + 1, fit.state.column.end());
  std::vector<double> z = dynamics.reading();
  std::vector<double> out(steps);
  double errors = 0;
  for (std::size_t h = 0; h < steps; ++h) {
    errors += psi[h] * psi[h];
    double variance = errors;
    for (std::size_t i = 0; i < size && !fit.state.covariance.empty(); ++i) {
      double with = 0;
      for (std::size_t j = 0; j < size; ++j) with += fit.state.covariance[i * size + j] * z[j];
      variance += z[i] * with;
    }
    std::vector<double> x = regressors(fit, h, drivers);
    for (std::size_t c = 0; c < k; ++c) {
      x[c] -= dynamics.next(columns[c]);
      dynamics.move(columns[c]);
    }
    for (std::size_t i = 0; i < k; ++i) {
      for (std::size_t j = 0; j < k; ++j) {
        variance += x[i] * x[j] * fit.coefficient_covariance[i * k + j];
      }
    }
    out[h] = fit.sigma * std::sqrt(std::max(variance, 0.0));
    dynamics.move_back(z);
  }
  return out;
}

std::vector<double> simulate(const ArimaFit& fit, int horizon, int paths, std::uint64_t seed,
                             std::uint64_t stream, const ArimaDrivers& drivers) {
  const std::size_t steps = steps_of(horizon);
  const std::vector<double> mean = forecast(fit, horizon, drivers);
  const Dynamics dynamics(fit.parameters);
  std::vector<std::vector<double>> gain(steps);
  std::vector<double> deviation(steps);
  std::vector<double> covariance = fit.state.covariance;
  for (std::size_t h = 0; h < steps; ++h) {
    deviation[h] = fit.sigma * std::sqrt(dynamics.advance(covariance, gain[h], true));
  }
  core::Random random(seed, stream);
  std::vector<double> out(steps * steps_of(paths));
  std::vector<double> s(dynamics.size());
  for (std::size_t k = 0; k < steps_of(paths); ++k) {
    std::fill(s.begin(), s.end(), 0.0);
    for (std::size_t h = 0; h < steps; ++h) {
      const double error = deviation[h] * random.normal();
      out[k * steps + h] = mean[h] + dynamics.next(s) + error;
      dynamics.move(s);
      for (std::size_t i = 0; i < s.size(); ++i) s[i] += gain[h][i] * error;
    }
  }
  return out;
}

ArimaFit update(const ArimaFit& fit, std::span<const double> y, const ArimaDrivers& drivers) {
  for (double v : y) {
    if (std::isinf(v)) throw InvalidArgument("update: y is infinite; write NaN if it is missing");
  }
  check_drivers("update", fit, drivers, y.size());
  ArimaFit out = fit;
  const bool keep = !fit.fitted.empty();
  out.fitted.clear();
  out.residual.clear();
  if (fit.n_known == 0) return out;
  const Dynamics dynamics(fit.parameters);
  const std::vector<double> beta = coefficients(fit);
  std::vector<double> gain;
  for (std::size_t t = 0; t < y.size(); ++t) {
    const bool seen = !std::isnan(y[t]);
    const std::vector<double> x = regressors(fit, t, drivers);
    const double f = dynamics.advance(out.state.covariance, gain, seen);
    double error = 0;
    double expected = 0;
    for (std::size_t c = 0; c < out.state.column.size(); ++c) {
      std::vector<double>& s = out.state.column[c];
      const double told = dynamics.next(s);
      const double times = c == 0 ? 1 : -beta[c - 1];
      expected += times * (c == 0 ? told : told - x[c - 1]);
      dynamics.move(s);
      if (!seen) continue;
      const double surprise = (c == 0 ? y[t] : x[c - 1]) - told;
      error += times * surprise;
      for (std::size_t i = 0; i < s.size(); ++i) s[i] += gain[i] * surprise;
    }
    if (keep) {
      out.fitted.push_back(seen ? expected : kNaN);
      out.residual.push_back(seen ? error : kNaN);
    }
    ++out.n;
    if (!seen) continue;
    ++out.n_known;
    ++out.n_used;
    out.squares += error * error / f;
    out.log_determinant += std::log(f);
  }
  const auto used = static_cast<std::size_t>(out.n_used);
  out.log_likelihood = log_likelihood_of(
      static_cast<double>(used) * std::log(out.squares) + out.log_determinant, used);
  out.aic = criterion_of(ArimaCriterion::aic, out.log_likelihood, out.estimated, used);
  out.aicc = criterion_of(ArimaCriterion::aicc, out.log_likelihood, out.estimated, used);
  out.bic = criterion_of(ArimaCriterion::bic, out.log_likelihood, out.estimated, used);
  return out;
}

}  // namespace emptor::forecasting
