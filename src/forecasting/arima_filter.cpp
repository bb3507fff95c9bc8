#include "forecasting/arima_filter.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace emptor::forecasting::arma {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
/// A variance this near that of the errors is taken for it.
constexpr double kSettled = 1e-12;
/// Processes whose variance is that many times the errors' are taken for not stationary: digits
/// would be lost.
constexpr double kLargestVariance = 1e12;

Lags sparse(std::span<const double> plain, std::span<const double> seasonal, int m, double cross) {
  std::vector<double> dense(plain.size() + seasonal.size() * static_cast<std::size_t>(m), 0.0);
  for (std::size_t i = 0; i < plain.size(); ++i) dense[i] += plain[i];
  for (std::size_t j = 0; j < seasonal.size(); ++j) {
    const std::size_t lag = (j + 1) * static_cast<std::size_t>(m);
    dense[lag - 1] += seasonal[j];
    for (std::size_t i = 0; i < plain.size(); ++i) {
      dense[lag + i] += cross * plain[i] * seasonal[j];
    }
  }
  Lags out;
  for (std::size_t i = 0; i < dense.size(); ++i) {
    if (dense[i] == 0) continue;
    out.lag.push_back(static_cast<int>(i) + 1);
    out.value.push_back(dense[i]);
  }
  return out;
}

int longest(const Lags& lags) { return lags.lag.empty() ? 0 : lags.lag.back(); }

/// Autocovariances of lags 0 ... `most` of the autoregressive part by itself.
bool autoregressive(const Weights& weights, std::size_t most, std::vector<double>& out) {
  const auto p = static_cast<std::size_t>(longest(weights.ar));
  out.assign(most + 1, 0.0);
  // Row k of the triangle holds the best predictor's coefficients by k values.
  std::vector<double> triangle(p * (p + 1) / 2);
  const auto row = [&](std::size_t k) { return triangle.data() + k * (k - 1) / 2; };
  if (p > 0) std::copy_n(weights.dense.begin(), p, row(p));
  double variance = 1;
  for (std::size_t k = p; k > 0; --k) {
    const double r = row(k)[k - 1];
    if (!(std::abs(r) < 1)) return false;
    variance /= (1 - r) * (1 + r);
    for (std::size_t j = 1; j < k; ++j) {
      row(k - 1)[j - 1] = (row(k)[j - 1] + r * row(k)[k - j - 1]) / ((1 - r) * (1 + r));
    }
  }
  if (!(variance < kLargestVariance)) return false;
  out[0] = variance;
  double left = variance;  // variance of the best prediction's error by k - 1 values
  for (std::size_t k = 1; k <= std::min(p, most); ++k) {
    const double r = row(k)[k - 1];
    double sum = r * left;
    for (std::size_t j = 1; j < k; ++j) sum += row(k - 1)[j - 1] * out[k - j];
    out[k] = sum;
    left *= (1 - r) * (1 + r);
  }
  for (std::size_t k = p + 1; k <= most; ++k) {
    for (std::size_t i = 0; i < weights.ar.lag.size(); ++i) {
      out[k] += weights.ar.value[i] * out[k - static_cast<std::size_t>(weights.ar.lag[i])];
    }
  }
  return true;
}

/// Weights of lags 0 ... `most` in the process as a sum of errors.
void impulse(const Weights& w, std::size_t most, std::vector<double>& psi) {
  psi.assign(most + 1, 0.0);
  psi[0] = 1;
  for (std::size_t i = 0; i < w.ma.lag.size(); ++i) {
    const auto lag = static_cast<std::size_t>(w.ma.lag[i]);
    if (lag <= most) psi[lag] = w.ma.value[i];
  }
  for (std::size_t k = 1; k <= most; ++k) {
    for (std::size_t i = 0; i < w.ar.lag.size(); ++i) {
      const auto lag = static_cast<std::size_t>(w.ar.lag[i]);
      if (lag <= k) psi[k] += w.ar.value[i] * psi[k - lag];
    }
  }
}

/// The first step's gain, times its variance: covariance of the state to come with the first value.
void first_gain(const Weights& w, std::span<const double> covariance, std::span<const double> psi,
                std::span<double> gain) {
  std::fill(gain.begin(), gain.end(), 0.0);
  const auto add = [&](const Lags& lags, std::span<const double> with) {
    for (std::size_t n = 0; n < lags.lag.size(); ++n) {
      const auto lag = static_cast<std::size_t>(lags.lag[n]);
      for (std::size_t i = 0; i < lag; ++i) gain[i] += lags.value[n] * with[lag - 1 - i];
    }
  };
  add(w.ar, covariance);
  add(w.ma, psi);
}

/// One step of a column's state, which lies at track[t + 1 ...] after it.
inline void follow(double* __restrict track, const double* __restrict ar,
                   const double* __restrict gain, double predicted, double surprise,
                   std::size_t r) {
  for (std::size_t i = 0; i < r; ++i) track[i] += ar[i] * predicted + gain[i] * surprise;
}

/// One step of the recursion: `moved` is shifted by the caller. `h` is its old first entry.
inline void recur(double* __restrict moved, double* __restrict gain, const double* __restrict ar,
                  double h, double h_over_f, double mh, std::size_t r) {
  for (std::size_t i = 0; i < r; ++i) {
    const double u = moved[i] + ar[i] * h;
    moved[i] = u - gain[i] * h_over_f;
    gain[i] += mh * u;
  }
}

}  // namespace

Weights multiplied(std::span<const double> ar, std::span<const double> ma,
                   std::span<const double> seasonal_ar, std::span<const double> seasonal_ma,
                   int season_length) {
  Weights out;
  out.ar = sparse(ar, seasonal_ar, season_length, -1);
  out.ma = sparse(ma, seasonal_ma, season_length, 1);
  out.reach = std::max(longest(out.ar), longest(out.ma));
  out.dense.assign(static_cast<std::size_t>(out.reach), 0.0);
  for (std::size_t i = 0; i < out.ar.lag.size(); ++i) {
    out.dense[static_cast<std::size_t>(out.ar.lag[i] - 1)] = out.ar.value[i];
  }
  return out;
}

void from_partial(std::span<const double> partial, std::span<double> coefficients) {
  std::vector<double> before(partial.size());
  for (std::size_t k = 0; k < partial.size(); ++k) {
    std::copy_n(coefficients.begin(), k, before.begin());
    coefficients[k] = partial[k];
    for (std::size_t j = 0; j < k; ++j) {
      coefficients[j] = before[j] - partial[k] * before[k - 1 - j];
    }
  }
}

bool to_partial(std::span<const double> coefficients, std::span<double> partial) {
  std::copy(coefficients.begin(), coefficients.end(), partial.begin());
  std::vector<double> before(partial.size());
  for (std::size_t k = partial.size(); k-- > 0;) {
    const double r = partial[k];
    if (!(std::abs(r) < 1)) return false;
    std::copy_n(partial.begin(), k, before.begin());
    for (std::size_t j = 0; j < k; ++j) {
      partial[j] = (before[j] + r * before[k - 1 - j]) / ((1 - r) * (1 + r));
    }
  }
  return true;
}

bool roots_outside(std::span<const double> coefficients, double radius) {
  std::vector<double> scaled(coefficients.begin(), coefficients.end());
  double power = 1;
  for (double& c : scaled) c *= power *= radius;
  std::vector<double> partial(scaled.size());
  return to_partial(scaled, partial);
}

bool autocovariances(const Weights& w, std::vector<double>& out) {
  const auto r = static_cast<std::size_t>(w.reach);
  const auto q = static_cast<std::size_t>(longest(w.ma));
  std::vector<double> own;
  if (!autoregressive(w, r + q, own)) return false;
  out.assign(r + 1, 0.0);
  // Pairs of moving-average weights that lie `apart`, that of lag 0 being 1.
  const auto pair = [&](std::size_t apart, double product) {
    for (std::size_t k = 0; k <= r; ++k) {
      const std::size_t back = k > apart ? k - apart : apart - k;
      out[k] += product * (apart == 0 ? own[k] : own[back] + own[k + apart]);
    }
  };
  double squares = 1;
  for (std::size_t i = 0; i < w.ma.lag.size(); ++i) {
    squares += w.ma.value[i] * w.ma.value[i];
    pair(static_cast<std::size_t>(w.ma.lag[i]), w.ma.value[i]);
    for (std::size_t j = 0; j < i; ++j) {
      pair(static_cast<std::size_t>(w.ma.lag[i] - w.ma.lag[j]), w.ma.value[i] * w.ma.value[j]);
    }
  }
  pair(0, squares);
  return out[0] < kLargestVariance;
}

double whiten(const Weights& w, const Columns& in, Columns& out, Scratch& s, Trace* trace) {
  const std::size_t n = in.length;
  const auto r = static_cast<std::size_t>(w.reach);
  out.length = n;
  out.count = in.count;
  out.data.resize(in.data.size());
  if (!autocovariances(w, s.covariance)) return kNaN;
  impulse(w, r, s.psi);
  s.gain.resize(r);
  first_gain(w, s.covariance, s.psi, s.gain);
  s.moved.assign(n + r + 1, 0.0);
  std::copy(s.gain.begin(), s.gain.end(), s.moved.begin());
  s.tracks.assign((n + r + 1) * in.count, 0.0);
  s.table.resize(r);
  const auto track = [&](std::size_t c) { return s.tracks.data() + c * (n + r + 1); };
  double f = s.covariance[0];
  double m = -1 / f;
  double product = 1, logs = 0;
  std::size_t t = 0;
  for (; t < n && (f > 1 + kSettled || t < r); ++t) {
    product *= f;
    if (product > 1e200) {
      logs += std::log(product);
      product = 1;
    }
    const double root = 1 / std::sqrt(f);
    if (trace != nullptr) trace->deviation.push_back(std::sqrt(f));
    const double inverse = 1 / f;
    for (std::size_t i = 0; i < r; ++i) s.table[i] = s.gain[i] * inverse;
    for (std::size_t c = 0; c < in.count; ++c) {
      double* at = track(c) + t;
      const double surprise = in[c][t] - *at;
      out[c][t] = surprise * root;
      follow(at + 1, w.dense.data(), s.table.data(), *at, surprise, r);
    }
    if (r == 0) continue;
    const double h = s.moved[t];
    recur(s.moved.data() + t + 1, s.gain.data(), w.dense.data(), h, h * inverse, m * h, r);
    const double next = std::max(f + m * h * h, 1.0);
    m *= f / next;
    f = next;
  }
  logs += std::log(product);
  for (std::size_t c = 0; c < in.count; ++c) {
    double* at = track(c);
    for (std::size_t k = t; k < n; ++k) {
      const double value = in[c][k];
      const double surprise = value - at[k];
      out[c][k] = surprise;
      for (std::size_t i = 0; i < w.ar.lag.size(); ++i) {
        at[k + static_cast<std::size_t>(w.ar.lag[i])] += w.ar.value[i] * value;
      }
      for (std::size_t i = 0; i < w.ma.lag.size(); ++i) {
        at[k + static_cast<std::size_t>(w.ma.lag[i])] += w.ma.value[i] * surprise;
      }
    }
  }
  if (trace != nullptr) {
    trace->deviation.resize(n, 1.0);
    for (std::size_t c = 0; c < in.count; ++c) {
      trace->ends.emplace_back(track(c) + n, track(c) + n + r);
    }
  }
  return logs;
}

std::vector<double> state_covariance(const Weights& w, std::size_t n) {
  const auto r = static_cast<std::size_t>(w.reach);
  std::vector<double> covariance, psi;
  if (r == 0 || !autocovariances(w, covariance)) return {};
  impulse(w, r, psi);
  std::vector<double> noise(w.dense);
  for (std::size_t i = 0; i < w.ma.lag.size(); ++i) {
    noise[static_cast<std::size_t>(w.ma.lag[i] - 1)] += w.ma.value[i];
  }
  // The first column of the stationary covariance: of the state with the value it predicts.
  std::vector<double> first(r, 0.0);
  const auto add = [&](const Lags& lags, std::span<const double> with) {
    for (std::size_t k = 0; k < lags.lag.size(); ++k) {
      const auto lag = static_cast<std::size_t>(lags.lag[k]);
      for (std::size_t i = 0; i < lag; ++i) first[i] += lags.value[k] * with[lag - i];
    }
  };
  add(w.ar, covariance);
  add(w.ma, psi);
  std::vector<double> p(r * r, 0.0), next(r * r);
  const auto moved = [&](const std::vector<double>& from, std::size_t i, std::size_t j) {
    const double corner = i + 1 < r && j + 1 < r ? from[(i + 1) * r + j + 1] : 0;
    const double left = i + 1 < r ? from[(i + 1) * r] : 0;
    const double top = j + 1 < r ? from[j + 1] : 0;
    return corner + w.dense[j] * left + w.dense[i] * top + w.dense[i] * w.dense[j] * from[0] +
           noise[i] * noise[j];
  };
  for (std::size_t i = 0; i < r; ++i) p[i * r] = p[i] = first[i];
  for (std::size_t i = r; i-- > 1;) {
    for (std::size_t j = r; j-- > i;) p[i * r + j] = p[j * r + i] = moved(p, i, j);
  }
  std::vector<double> gain(r);
  for (std::size_t t = 0; t < n; ++t) {
    const double f = p[0] + 1;
    for (std::size_t i = 0; i < r; ++i) {
      gain[i] = w.dense[i] * p[0] + (i + 1 < r ? p[(i + 1) * r] : 0) + noise[i];
    }
    double largest = 0;
    for (std::size_t i = 0; i < r; ++i) {
      for (std::size_t j = i; j < r; ++j) {
        next[i * r + j] = next[j * r + i] = moved(p, i, j) - gain[i] * gain[j] / f;
      }
      next[i * r + i] = std::max(next[i * r + i], 0.0);
      largest = std::max(largest, next[i * r + i]);
    }
    p.swap(next);
    if (largest < kSettled) return {};
  }
  return p;
}

}  // namespace emptor::forecasting::arma
