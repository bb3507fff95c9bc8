#pragma once

#include "emptor/forecasting/ets.hpp"

#include <cmath>

// Of inlined functions, so that a pass for a wider processor holds them in its own instructions.
#define EMPTOR_INLINE inline __attribute__((always_inline))

namespace emptor::forecasting::smoothing {

/// Sum of logarithms by products, as a logarithm costs as much as a step.
class LogSum {
 public:
  EMPTOR_INLINE void add(double x) {
    product_ *= x;
    if (!(product_ > 1e-200 && product_ < 1e200) || ++count_ == 16) flush();
  }
  double total() {
    flush();
    return sum_;
  }

 private:
  void flush() {
    sum_ += std::log(product_);
    product_ = 1;
    count_ = 0;
  }
  double sum_ = 0, product_ = 1;
  int count_ = 0;
};

constexpr auto kNoTrend = EtsTrend::none;
constexpr auto kAdds = EtsTrend::additive;
constexpr auto kMultiplies = EtsTrend::multiplicative;

/// A step's quantities before the value is seen.
struct Step {
  double grown = 0;  ///< phi b, or b^phi
  double q = 0;      ///< level and trend
  double s = 0;
  double mean = 0;
};

template <EtsTrend kTrend, EtsSeason kSeason>
EMPTOR_INLINE Step ahead(double level, double slope, double phi, double season) {
  Step step;
  step.q = level;
  step.s = season;
  if constexpr (kTrend == kAdds) {
    step.grown = phi * slope;
    step.q += step.grown;
  } else if constexpr (kTrend == kMultiplies) {
    step.grown = phi == 1 ? slope : std::pow(slope, phi);
    step.q *= step.grown;
  }
  step.mean = step.q;
  if constexpr (kSeason == EtsSeason::additive) step.mean += season;
  if constexpr (kSeason == EtsSeason::multiplicative) step.mean *= season;
  return step;
}

template <EtsTrend kTrend, EtsSeason kSeason>
EMPTOR_INLINE bool allowed(const EtsParameters& p, const Step& step) {
  if (p.model.error == EtsError::multiplicative && !(step.mean > 0)) return false;
  if (kTrend == kMultiplies && !(step.grown > 0 && step.q > 0)) return false;
  return kSeason != EtsSeason::multiplicative || (step.q > 0 && step.s > 0);
}

/// Moves the states over a value that was e away from its mean.
template <EtsTrend kTrend, EtsSeason kSeason>
EMPTOR_INLINE void advance(const EtsParameters& p, const Step& step, double e, double& level,
                           double& slope, double& season) {
  constexpr bool kTimes = kSeason == EtsSeason::multiplicative;
  const double d = kTimes ? e / step.s : e;
  if constexpr (kTrend == kAdds) slope = step.grown + p.beta * d;
  if constexpr (kTrend == kMultiplies) slope = step.grown + p.beta * d / level;
  level = step.q + p.alpha * d;
  if constexpr (kSeason != EtsSeason::none) season = step.s + p.gamma * (kTimes ? e / step.q : e);
}

/// run.operator()<trend, season>() for the model's kinds.
template <typename Run>
auto by_kind(const EtsModel& model, const Run& run) {
  const auto with = [&]<EtsTrend kTrend>() {
    if (model.season == EtsSeason::additive) {
      return run.template operator()<kTrend, EtsSeason::additive>();
    }
    if (model.season == EtsSeason::multiplicative) {
      return run.template operator()<kTrend, EtsSeason::multiplicative>();
    }
    return run.template operator()<kTrend, EtsSeason::none>();
  };
  if (model.trend == kAdds) return with.template operator()<kAdds>();
  if (model.trend == kMultiplies) return with.template operator()<kMultiplies>();
  return with.template operator()<kNoTrend>();
}

}  // namespace emptor::forecasting::smoothing
