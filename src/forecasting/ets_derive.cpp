#include "forecasting/ets_pass.hpp"
#include "forecasting/ets_step.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

#if defined(__x86_64__)
#define EMPTOR_X86_VARIANTS 1
#else
#define EMPTOR_X86_VARIANTS 0
#endif

namespace emptor::forecasting::smoothing {
namespace {

/// Derivatives of the states by all columns, as plain arrays the compiler turns into vectors.
struct Tangents {
  std::size_t width;
  double* __restrict level;
  double* __restrict slope;
  double* __restrict season;  ///< of the place at hand
  double* __restrict grown;   ///< of phi b
  double* __restrict row;     ///< of the error
  double* __restrict log_slope;
};

/// One value's share of the derivatives. `e` is 0 and `use` false where it is missing.
template <EtsTrend kTrend, EtsSeason kSeason>
EMPTOR_INLINE void move(const Tangents& g, const EtsParameters& p, const Columns& c,
                        const Step& step, double level, double slope, double e, bool use) {
  const bool relative = p.model.error == EtsError::multiplicative;
  constexpr bool kTimes = kSeason == EtsSeason::multiplicative;
  const double one_if_used = use ? 1 : 0;
  const double d = kTimes ? e / step.s : e;
  const double inverse_s = kTimes ? one_if_used / step.s : one_if_used;
  const double inverse_mean = relative ? one_if_used / step.mean : 0;
  // Of the residual by the mean: -1, or -(1 + e/mean) / mean.
  const double scale = relative ? -(1 + e / step.mean) * inverse_mean : -one_if_used;
  if constexpr (kTrend != kNoTrend) {
    const double by_slope = kTrend == kAdds ? p.phi : p.phi * step.grown / slope;
    for (std::size_t j = 0; j < g.width; ++j) g.grown[j] = by_slope * g.slope[j];
    if (c.phi >= 0) g.grown[c.phi] += kTrend == kAdds ? slope : step.grown * std::log(slope);
  }
  const double beta_d = kTrend == kMultiplies ? p.beta * d / (level * level) : 0;
  const double beta = kTrend == kMultiplies ? p.beta / level : p.beta;
  const double gamma = kTimes ? p.gamma / step.q : p.gamma;
  const double gamma_e = kTimes ? gamma * e / step.q : 0;
  for (std::size_t j = 0; j < g.width; ++j) {
    double dq = g.level[j];
    if constexpr (kTrend == kAdds) dq += g.grown[j];
    if constexpr (kTrend == kMultiplies) dq = dq * step.grown + level * g.grown[j];
    double dmean = dq;
    if constexpr (kSeason == EtsSeason::additive) dmean += g.season[j];
    if constexpr (kTimes) dmean = dq * step.s + step.q * g.season[j];
    g.row[j] = scale * dmean;
    if (relative) g.log_slope[j] += inverse_mean * dmean;
    double dd = -dmean;
    if constexpr (kTimes) dd -= d * g.season[j];
    dd *= inverse_s;
    if constexpr (kTrend == kAdds) g.slope[j] = g.grown[j] + beta * dd;
    if constexpr (kTrend == kMultiplies) {
      g.slope[j] = g.grown[j] + beta * dd - beta_d * g.level[j];
    }
    g.level[j] = dq + p.alpha * dd;
    if constexpr (kSeason == EtsSeason::additive) g.season[j] -= gamma * one_if_used * dmean;
    if constexpr (kTimes) g.season[j] -= gamma * one_if_used * dmean + gamma_e * dq;
  }
  if (c.alpha >= 0) g.level[c.alpha] += d;
  if (c.beta >= 0) g.slope[c.beta] += kTrend == kMultiplies ? d / level : d;
  if (c.gamma >= 0) g.season[c.gamma] += kTimes ? e / step.q : e;
}

void start(Workspace& w, const Columns& c, std::size_t width, std::size_t n, std::size_t m) {
  w.rows.resize(n * width);
  for (auto* v : {&w.level, &w.slope, &w.next, &w.log_slope}) v->assign(width, 0.0);
  w.season.assign(std::max<std::size_t>(m, 1) * width, 0.0);
  if (c.level >= 0) w.level[static_cast<std::size_t>(c.level)] = 1;
  if (c.slope >= 0) w.slope[static_cast<std::size_t>(c.slope)] = 1;
  if (c.season < 0) return;
  const auto first = static_cast<std::size_t>(c.season);
  for (std::size_t k = 0; k + 1 < m; ++k) {
    w.season[k * width + first + k] = 1;
    w.season[(m - 1) * width + first + k] = -1;
  }
}

/// normal = rows' rows, blocks of four by four on and under the diagonal.
EMPTOR_INLINE void multiply(const double* rows, std::size_t n, std::size_t width, double* normal) {
  for (std::size_t a = 0; a < width; a += 4) {
    for (std::size_t b = a; b < width; b += 4) {
      double sum[4][4] = {};
      for (std::size_t t = 0; t < n; ++t) {
        const double* x = rows + t * width + a;
        const double* z = rows + t * width + b;
        for (std::size_t i = 0; i < 4; ++i) {
          for (std::size_t k = 0; k < 4; ++k) sum[i][k] += x[i] * z[k];
        }
      }
      for (std::size_t i = 0; i < 4; ++i) {
        std::memcpy(normal + (a + i) * width + b, sum[i], sizeof(sum[i]));
      }
    }
  }
}

template <EtsTrend kTrend, EtsSeason kSeason>
EMPTOR_INLINE Sums derive_as(const EtsParameters& p, std::span<const double> y,
                             const Columns& columns, Workspace& work) {
  const bool relative = p.model.error == EtsError::multiplicative;
  const std::size_t m = p.season.size();
  const std::size_t width = columns.width();
  start(work, columns, width, y.size(), m);
  work.ring.assign(p.season.begin(), p.season.end());
  Sums sums;
  LogSum logs;
  double level = p.level;
  double slope = p.slope;
  std::size_t place = 0;
  for (std::size_t t = 0; t < y.size(); ++t) {
    const double s = kSeason == EtsSeason::none ? 0 : work.ring[place];
    const Step step = ahead<kTrend, kSeason>(level, slope, p.phi, s);
    if (!allowed<kTrend, kSeason>(p, step)) {
      sums.valid = false;
      return sums;
    }
    const bool known = !std::isnan(y[t]);
    const double e = known ? y[t] - step.mean : 0;
    const double residual = relative ? e / step.mean : e;
    if (known) {
      ++sums.known;
      sums.squares += residual * residual;
      if (relative) logs.add(step.mean);
    }
    double* row = work.rows.data() + t * width;
    move<kTrend, kSeason>(
        {width, work.level.data(), work.slope.data(), work.season.data() + place * width,
         work.next.data(), row, work.log_slope.data()},
        p, columns, step, level, slope, e, known);
    row[columns.count] = residual;
    double unused = 0;
    advance<kTrend, kSeason>(p, step, e, level, slope,
                             kSeason == EtsSeason::none ? unused : work.ring[place]);
    if (++place >= m) place = 0;
  }
  sums.log_mean = logs.total();
  sums.valid = std::isfinite(sums.squares) && std::isfinite(level) && std::isfinite(slope);
  work.normal.resize(width * width);
  multiply(work.rows.data(), y.size(), width, work.normal.data());
  return sums;
}

using Derive = Sums (*)(const EtsParameters&, std::span<const double>, const Columns&, Workspace&);

#define EMPTOR_VARIANT(suffix, attribute)                                                          \
  template <EtsTrend kTrend, EtsSeason kSeason>                                                    \
  attribute Sums derive_##suffix(const EtsParameters& p, std::span<const double> y,                \
                                 const Columns& columns, Workspace& work) {                        \
    return derive_as<kTrend, kSeason>(p, y, columns, work);                                        \
  }                                                                                                \
  template <EtsTrend kTrend>                                                                       \
  constexpr Derive kDerive_##suffix[] = {derive_##suffix<kTrend, EtsSeason::none>,                 \
                                         derive_##suffix<kTrend, EtsSeason::additive>,             \
                                         derive_##suffix<kTrend, EtsSeason::multiplicative>};      \
  Sums run_##suffix(const EtsParameters& p, std::span<const double> y, const Columns& columns,     \
                    Workspace& work) {                                                             \
    const auto season = static_cast<std::size_t>(p.model.season);                                  \
    if (p.model.trend == kNoTrend) return kDerive_##suffix<kNoTrend>[season](p, y, columns, work); \
    if (p.model.trend == kAdds) return kDerive_##suffix<kAdds>[season](p, y, columns, work);       \
    return kDerive_##suffix<kMultiplies>[season](p, y, columns, work);                             \
  }

EMPTOR_VARIANT(plain, )
#if EMPTOR_X86_VARIANTS
EMPTOR_VARIANT(avx2, __attribute__((target("avx2"))))
#endif
#undef EMPTOR_VARIANT

constexpr Kernel kAll[] = {{"plain", run_plain},
#if EMPTOR_X86_VARIANTS
                           {"avx2", run_avx2}
#endif
};

std::size_t count_usable() noexcept {
#if EMPTOR_X86_VARIANTS
  __builtin_cpu_init();
  return __builtin_cpu_supports("avx2") ? 2 : 1;
#else
  return 1;
#endif
}

}  // namespace

std::span<const Kernel> usable_kernels() noexcept {
  static const std::size_t usable = count_usable();
  return {kAll, usable};
}

}  // namespace emptor::forecasting::smoothing
