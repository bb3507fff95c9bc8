#include "forecasting/ets_pass.hpp"

#include "forecasting/ets_step.hpp"

#include <algorithm>
#include <cmath>

namespace emptor::forecasting::smoothing {
namespace {

template <EtsTrend kTrend, EtsSeason kSeason>
Sums pass_as(EtsParameters& p, std::span<const double> y, const Trace& trace) {
  const bool relative = p.model.error == EtsError::multiplicative;
  const std::size_t m = p.season.size();
  Sums sums;
  LogSum logs;
  double level = p.level;
  double slope = p.slope;
  std::size_t place = 0;
  for (std::size_t t = 0; t < y.size(); ++t) {
    const double s = kSeason == EtsSeason::none ? 0 : p.season[place];
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
    double unused = 0;
    advance<kTrend, kSeason>(p, step, e, level, slope,
                             kSeason == EtsSeason::none ? unused : p.season[place]);
    if (!trace.fitted.empty()) trace.fitted[t] = step.mean;
    if (!trace.level.empty()) trace.level[t] = level;
    if (!trace.slope.empty()) trace.slope[t] = slope;
    if (kSeason != EtsSeason::none && !trace.season.empty()) trace.season[t] = p.season[place];
    if (!trace.residual.empty()) trace.residual[t] = known ? residual : y[t];
    if (++place >= m) place = 0;
  }
  p.level = level;
  p.slope = slope;
  std::rotate(p.season.begin(), p.season.begin() + static_cast<std::ptrdiff_t>(place),
              p.season.end());
  sums.log_mean = logs.total();
  sums.valid = std::isfinite(sums.squares) && std::isfinite(level) && std::isfinite(slope);
  return sums;
}

}  // namespace

Sums pass(EtsParameters& p, std::span<const double> y, const Trace& trace) {
  return by_kind(p.model, [&]<EtsTrend kTrend, EtsSeason kSeason>() {
    return pass_as<kTrend, kSeason>(p, y, trace);
  });
}

}  // namespace emptor::forecasting::smoothing
