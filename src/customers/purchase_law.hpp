// What a purchase model says of one customer, written for any scalar: double for values, jets for
// gradients by the logarithms of the parameters, std::complex where a test wants them its own way.
#pragma once

#include "emptor/core/error.hpp"
#include "emptor/customers/fit_purchases.hpp"

#include "core/jet.hpp"
#include "customers/pnbd_integral.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>

namespace emptor::customers {

/// One customer's history, in the unit of the fit.
struct PurchaseHistory {
  double x = 0, last = 0, T = 0;
};

/// Parameters of a fit; a and b are s and beta of the Pareto/NBD.
template <typename S>
struct PurchaseLaw {
  PurchaseModel model = PurchaseModel::mbgnbd;
  int k = 1;
  S r{1}, alpha{1}, a{1}, b{1};
  [[nodiscard]] bool leaves_at_first() const {
    return model == PurchaseModel::mbgnbd || model == PurchaseModel::mbgcnbd;
  }
};

using Gradient = core::Jet<4>;

inline PurchaseLaw<double> law_of(const PurchaseFit& fit) {
  PurchaseLaw<double> law{fit.model, fit.k, fit.parameters[0], fit.parameters[1]};
  if (fit.parameters.size() > 2) {
    law.a = fit.parameters[2];
    law.b = fit.parameters[3];
  }
  return law;
}

/// With slopes by the logarithms of the parameters.
inline PurchaseLaw<Gradient> gradient_law_of(const PurchaseFit& fit) {
  PurchaseLaw<Gradient> law{fit.model, fit.k};
  const std::array<Gradient*, 4> all{&law.r, &law.alpha, &law.a, &law.b};
  for (std::size_t i = 0; i < fit.parameters.size(); ++i) {
    *all[i] = fit.parameters[i];
    all[i]->d[i] = fit.parameters[i];
  }
  return law;
}

/// What lies ahead of a customer: the chance that he still buys, and the law of his purchases if he
/// does. It is the law of a new customer of the BG/NBD (Pareto/NBD, NBD) with other parameters: the
/// models are closed under seeing purchases. With Erlang gaps (k > 1) the clock stands in phase j
/// of k with weight phase[j].
template <typename S>
struct Outlook {
  PurchaseModel model = PurchaseModel::bgnbd;
  int k = 1;
  S alive{1};
  S r{1}, alpha{1}, a{1}, b{1};
  std::array<S, 12> phase{S(1)};
};

namespace law_detail {

inline double logistic_of_minus(double x) { return 1 / (1 + std::exp(x)); }
inline Gradient logistic_of_minus(const Gradient& x) {
  const double value = logistic_of_minus(x.v);
  // Far out exp overflows to a chance of 0 with no slope.
  return x.chain(value, -value * (1 - value));
}

inline PnbdIntegral pnbd_left(double R, double alpha, double s, double beta,
                              const PurchaseHistory& at) {
  PnbdIntegral left = pnbd_integral(R, alpha, s, beta, at.last, at.T, false);
  left.log += std::log(s);
  left.slope[2] += 1 / s;
  return left;
}

inline double pnbd_log_odds(const PurchaseLaw<double>& law, const PurchaseHistory& at) {
  return pnbd_left(law.r + at.x, law.alpha, law.a, law.b, at).log;
}
inline Gradient pnbd_log_odds(const PurchaseLaw<Gradient>& law, const PurchaseHistory& at) {
  const PnbdIntegral left = pnbd_left(law.r.v + at.x, law.alpha.v, law.a.v, law.b.v, at);
  Gradient out(left.log);
  for (std::size_t i = 0; i < 4; ++i)
    out.d[i] = left.slope[0] * law.r.d[i] + left.slope[1] * law.alpha.d[i] +
               left.slope[2] * law.a.d[i] + left.slope[3] * law.b.d[i];
  return out;
}

}  // namespace law_detail

/// The weights of the phases of an Erlang clock that has not rung since the last purchase, not yet
/// divided by their sum, which comes back.
template <typename S>
S phase_weights(const S& R, const S& alpha, const PurchaseHistory& at, int k,
                std::array<S, 12>& phase) {
  const S share = S(at.T - at.last) / (alpha + S(at.T));
  S term(1), sum(0);
  for (int j = 0; j < k; ++j) {
    phase[static_cast<std::size_t>(j)] = term;
    sum += term;
    term *= (R + S(j)) / S(j + 1) * share;
  }
  return sum;
}

/// ln of the odds of having left against still buying: P(alive) = 1 / (1 + e^this), which never
/// overflows. -infinity where the model has him alive for certain.
template <typename S>
S log_odds_gone(const PurchaseLaw<S>& law, const PurchaseHistory& at) {
  using std::log;
  if (law.model == PurchaseModel::nbd) return S(-std::numeric_limits<double>::infinity());
  if (law.model == PurchaseModel::pnbd) return law_detail::pnbd_log_odds(law, at);
  const double left = at.x - 1 + (law.leaves_at_first() ? 1 : 0);
  if (left < 0) return S(-std::numeric_limits<double>::infinity());
  const S R = law.r + S(law.k * at.x);
  S delta =
      log(law.a) - log(law.b + S(left)) + R * log((law.alpha + S(at.T)) / (law.alpha + S(at.last)));
  if (law.k > 1) {
    std::array<S, 12> phase{S(1)};
    delta -= log(phase_weights(R, law.alpha, at, law.k, phase));
  }
  return delta;
}

template <typename S>
Outlook<S> outlook(const PurchaseLaw<S>& law, const PurchaseHistory& at) {
  Outlook<S> out;
  out.model = law.model;
  out.k = law.k;
  const S odds = log_odds_gone(law, at);
  out.alive = std::isinf(core::value_of(odds)) && core::value_of(odds) < 0
                  ? S(1)
                  : law_detail::logistic_of_minus(odds);
  out.r = law.r + S(law.k * at.x);
  out.alpha = law.alpha + S(at.T);
  out.a = law.a;
  if (law.model == PurchaseModel::pnbd)
    out.b = law.b + S(at.T);
  else
    out.b = law.b + S(at.x + (law.leaves_at_first() ? 1 : 0));
  out.phase[0] = S(1);
  if (law.k > 1) {
    const S sum = phase_weights(out.r, law.alpha, at, law.k, out.phase);
    for (int j = 0; j < law.k; ++j) out.phase[static_cast<std::size_t>(j)] /= sum;
  }
  return out;
}

/// ... of somebody who has just made his first purchase.
template <typename S>
Outlook<S> outlook_new(const PurchaseLaw<S>& law) {
  Outlook<S> out;
  out.model = law.model;
  out.k = law.k;
  out.r = law.r;
  out.alpha = law.alpha;
  out.a = law.a;
  out.b = law.b;
  out.phase[0] = S(1);
  if (law.leaves_at_first()) {
    out.alive = law.b / (law.a + law.b);
    out.b = law.b + S(1);
  }
  return out;
}

namespace law_detail {

constexpr int kMaxTerms = 1000000;

/// The negative binomial of the rings of a clock within t, from 0 upwards: P(N = i) and P(N >= i).
/// While P(N = i) is below what a double holds it is kept as its logarithm.
template <typename S>
class Rings {
 public:
  Rings(const S& size, const S& alpha, double t) : size_(size), hit_(S(t) / (alpha + S(t))) {
    using std::exp;
    log_mass_ = -size * log1p(S(t) / alpha);
    settle();
    tail_ = S(1);
  }
  [[nodiscard]] const S& mass() const { return mass_; }      ///< P(N = i)
  [[nodiscard]] const S& at_least() const { return tail_; }  ///< P(N >= i)
  void next() {
    using std::log;
    // 1 - P(N = 0) would lose the digits of a small t.
    if (i_ == 0)
      tail_ = -expm1(log_mass_);
    else
      tail_ -= mass_;
    const S ratio = (size_ + S(i_)) / S(i_ + 1) * hit_;
    ++i_;
    if (linear_) {
      mass_ *= ratio;
    } else {
      log_mass_ += log(ratio);
      settle();
    }
  }

 private:
  void settle() {
    using std::exp;
    linear_ = core::value_of(log_mass_) > -600;
    if (linear_) mass_ = exp(log_mass_);
  }
  S size_, hit_, log_mass_{}, mass_{0}, tail_{1};
  double i_ = 0;
  bool linear_ = false;
};

/// Sum over m >= 1 of P(the m-th purchase comes within t): having stayed through m - 1 purchases
/// times having the clock ring m k times from phase j on. Positive terms, so it is exact wherever
/// it ends; the number of terms is that of the purchases that can be.
template <typename S>
S by_counting(const Outlook<S>& o, double t) {
  S total(0);
  for (int j = 0; j < o.k; ++j) {
    Rings<S> rings(o.r + S(j), o.alpha, t);
    S stay(1), sum(0);
    for (int m = 1, i = 0; m < kMaxTerms; ++m) {
      for (; i < m * o.k - j; ++i) rings.next();
      sum += stay * rings.at_least();
      const double tail = core::value_of(rings.at_least());
      if (tail < 1e-15 || tail * core::value_of(stay) < 1e-17 * core::value_of(sum)) break;
      if (o.model != PurchaseModel::nbd) stay *= (o.b + S(m - 1)) / (o.a + o.b + S(m - 1));
    }
    total += o.phase[static_cast<std::size_t>(j)] * sum;
  }
  return total;
}

/// The BG/NBD's expected purchases of somebody alive, in the Euler-transformed series of
/// docs/methods/customers/expected_purchases.md: no powers of x, finite at a = 1 and a + b < 1.
template <typename S>
S bgnbd_by_series(const Outlook<S>& o, double t) {
  using std::exp;
  const S eps = o.a - S(1), C = o.a + o.b - S(1);
  const S D = C - o.r;
  const S z = S(t) / (o.alpha + S(t));
  const S log_rest = -log1p(S(t) / o.alpha);
  const S first = -C * log_rest * core::expm1_over(eps * log_rest);
  S term = D * z, sum(0);
  for (int k = 1; k < kMaxTerms; ++k) {
    sum += term;
    const double size = std::fabs(core::value_of(term));
    if (size <= 1e-17 * std::fabs(core::value_of(sum)) || size == 0) break;
    term *= (eps + S(k)) * (D + S(k)) / ((C + S(k)) * S(k + 1)) * z;
  }
  return first - exp(eps * log_rest) * sum;
}

}  // namespace law_detail

/// Expected purchases within t of a customer, the chance that he has left taken in.
template <typename S>
S expected_purchases_of(const Outlook<S>& o, double t) {
  using std::log;
  if (!(t > 0)) return S(0);
  if (o.model == PurchaseModel::nbd) return o.r * S(t) / o.alpha;
  if (o.model == PurchaseModel::pnbd) {
    const S span = log1p(S(t) / o.b);
    return o.alive * o.r * o.b / o.alpha * span * core::expm1_over((S(1) - o.a) * span);
  }
  if (o.k > 1) return o.alive * law_detail::by_counting(o, t);
  // The series alternates, and loses digits, where r is large against a + b, and its terms overflow
  // where a is.
  const double D = core::value_of(o.a) + core::value_of(o.b) - 1 - core::value_of(o.r);
  const double z = t / (core::value_of(o.alpha) + t);
  if (-D * z > 3 || core::value_of(o.a) * z > 200) return o.alive * law_detail::by_counting(o, t);
  return o.alive * law_detail::bgnbd_by_series(o, t);
}

}  // namespace emptor::customers
