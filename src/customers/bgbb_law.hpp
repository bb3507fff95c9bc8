// What the BG/BB says of one customer, for any scalar: double for values, jets for gradients.
#pragma once

#include "core/jet.hpp"
#include "core/special.hpp"

#include <array>
#include <cmath>
#include <cstdint>

namespace emptor::customers {

using BgbbGradient = core::Jet<4>;

inline double log_beta_of(double a, double b) { return core::log_beta(a, b); }
inline BgbbGradient log_beta_of(const BgbbGradient& a, const BgbbGradient& b) {
  const double all = core::digamma(a.v + b.v);
  BgbbGradient out = a.chain(core::log_beta(a.v, b.v), core::digamma(a.v) - all);
  const BgbbGradient by_b = b.chain(0, core::digamma(b.v) - all);
  out += by_b;
  return out;
}

/// alpha, beta of buying at an occasion; gamma, delta of leaving before the next.
template <typename S>
struct BgbbLaw {
  S alpha{1}, beta{1}, gamma{1}, delta{1};
};

struct BgbbHistory {
  double x = 0, last = 0, n = 0;
};

/// ln of the odds of having left by the n-th occasion against being there still: the sum over the
/// occasion i after the last use at which he went, each relative to staying. -infinity where he has
/// just bought.
template <typename S>
S log_odds_left(const BgbbLaw<S>& law, const BgbbHistory& at) {
  using std::exp;
  using std::log;
  const S stays = log_beta_of(law.alpha + S(at.x), law.beta + S(at.n - at.x)) +
                  log_beta_of(law.gamma, law.delta + S(at.n));
  S sum(0);
  for (double i = at.last; i < at.n; i += 1)
    sum += exp(log_beta_of(law.alpha + S(at.x), law.beta + S(i - at.x)) +
               log_beta_of(law.gamma + S(1), law.delta + S(i)) - stays);
  return log(sum);
}

/// Expected uses and the chance of none within `horizon` occasions of somebody who is there at the
/// n-th: his own law is that of a new customer with other parameters.
template <typename S>
struct BgbbFuture {
  S next{0};      ///< chance of being there at the next occasion
  S expected{0};  ///< uses within the horizon
  S none{0};      ///< chance of none
};
template <typename S>
BgbbFuture<S> future_of(const BgbbLaw<S>& law, const BgbbHistory& at, std::int64_t horizon) {
  const S alpha = law.alpha + S(at.x), beta = law.beta + S(at.n - at.x);
  const S gamma = law.gamma, delta = law.delta + S(at.n);
  BgbbFuture<S> out;
  // stay: there at occasion k; miss: and would have used none of the first k.
  S stay(1), miss(1), there(0);
  for (std::int64_t k = 1; k <= horizon; ++k) {
    const S before(static_cast<double>(k - 1));
    const S leaves = gamma / (gamma + delta + before);
    out.none += miss * stay * leaves;
    stay *= (delta + before) / (gamma + delta + before);
    miss *= (beta + before) / (alpha + beta + before);
    there += stay;
    if (k == 1) out.next = stay;
  }
  out.none += miss * stay;
  out.expected = alpha / (alpha + beta) * there;
  return out;
}

}  // namespace emptor::customers
