#pragma once

#include "emptor/forecasting/ces.hpp"

#include "core/jet.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <vector>

namespace emptor::forecasting {

/// How a pair of states turns, of numbers or of jets where slopes by the weights are wanted.
template <typename Real>
struct CesTurn {
  CesTurn() = default;
  CesTurn(const Real& w0, const Real& w1)
      : leak(1 - w1), gain(w0 - w1), decay(1 - w0), learn(w0 + w1) {}
  [[gnu::always_inline]] void turn(Real& level, Real& potential, const Real& error) const {
    const Real next = level - leak * potential + gain * error;
    potential = level + decay * potential + learn * error;
    level = next;
  }
  Real leak{}, gain{}, decay{}, learn{};
};

/// The weights of a fit, worked out as far as the steps need them.
template <typename Real>
struct CesWeights {
  CesWeights(const Real& a0, const Real& a1) : level(a0, a1) {}
  CesWeights(const Real& a0, const Real& a1, const Real& b0, const Real& b1)
      : level(a0, a1), season(b0, b1), index(b0) {}
  CesTurn<Real> level, season{};
  Real index{};  ///< of `partial`
};

/// The states of one series, moved through its values forwards or backwards.
template <typename Real>
class CesStates {
 public:
  CesStates(CesForm form, int season_length)
      : form_(form), m_(form == CesForm::none ? 1 : static_cast<std::size_t>(season_length)) {
    if (form != CesForm::none) season_.resize(m_);
    if (form == CesForm::simple || form == CesForm::full) season_potential_.resize(m_);
  }
  /// As they stand after the fit's last value.
  explicit CesStates(const CesFit& fit) : CesStates(fit.form, fit.season_length) {
    level_ = fit.level;
    potential_ = fit.potential;
    std::copy(fit.season.begin(), fit.season.end(), season_.begin());
    std::copy(fit.season_potential.begin(), fit.season_potential.end(), season_potential_.begin());
  }

  /// A first guess: the level of the first values, and the season's additive indices, if there are
  /// any; of the simple form the first season itself.
  void start(std::span<const double> y, std::span<const double> index);
  void clear() { *this = CesStates(form_, static_cast<int>(m_)); }
  /// Moves over one value, NaN without an error, and returns its error (NaN then).
  Real step(double y, const CesWeights<Real>& w);
  /// Goes through y and hands every error with its place to `use`.
  template <typename Use>
  void forwards(std::span<const double> y, const CesWeights<Real>& w, Use&& use);
  void backwards(std::span<const double> y, const CesWeights<Real>& w);
  /// What the next value is expected to be.
  [[nodiscard]] Real expected() const {
    if (form_ == CesForm::simple) return season_[at_];
    return form_ == CesForm::none ? level_ : level_ + season_[at_];
  }
  void store(CesFit& fit) const;

 private:
  template <CesForm form>
  [[gnu::always_inline]] static Real move(Real& level, Real& potential, Real* season,
                                          Real* season_potential, double y,
                                          const CesWeights<Real>& w);
  void next() { at_ = at_ + 1 == m_ ? 0 : at_ + 1; }
  void back() { at_ = at_ == 0 ? m_ - 1 : at_ - 1; }
  /// Calls `work` with the form as a constant, so that loops hold no branch on it.
  template <typename Work>
  void with_form(Work&& work);

  CesForm form_;
  std::size_t m_;  ///< places of the season; 1 without
  Real level_{}, potential_{};
  std::vector<Real> season_{}, season_potential_{};
  std::size_t at_ = 0;  ///< place in the season of the next value going forwards
};

/// How far the error of one step moves it (1) and the ones after it.
std::vector<double> ces_response(const CesFit& fit, int horizon);
/// Standard deviation of the error of the sum of all steps.
double ces_total_error(const CesFit& fit, int horizon);

// ---- how ----------------------------------------------------------------------------------------

template <typename Real>
void CesStates<Real>::start(std::span<const double> y, std::span<const double> index) {
  constexpr std::size_t kFirst = 10;      // values the first level is the mean of, at least
  constexpr double kPotential = 1 / 1.1;  // of the level, as in the authors' program
  const auto index_at = [&](std::size_t i) { return index.empty() ? 0 : index[i % m_]; };
  const bool simple = form_ == CesForm::simple;
  const std::size_t first = std::min(y.size(), std::max(kFirst, m_));
  double sum = 0, n = 0;
  for (std::size_t i = 0; i < first; ++i) {
    if (std::isnan(y[i])) continue;
    sum += y[i] - index_at(i);
    ++n;
  }
  const double level = n > 0 ? sum / n : 0;
  at_ = 0;
  level_ = level;
  potential_ = level * kPotential;
  for (std::size_t i = 0; i < season_.size(); ++i) {
    const double here = !simple ? index_at(i) : std::isnan(y[i]) ? level : y[i];
    season_[i] = here;
    if (!season_potential_.empty()) season_potential_[i] = here * kPotential;
  }
}

template <typename Real>
template <CesForm form>
inline Real CesStates<Real>::move(Real& level, Real& potential, Real* season,
                                  Real* season_potential, double y, const CesWeights<Real>& w) {
  Real expected = form == CesForm::simple ? *season : level;
  if constexpr (form == CesForm::partial || form == CesForm::full) expected += *season;
  const Real error = Real(y) - expected;
  const Real e = std::isnan(y) ? Real(0) : error;
  if constexpr (form == CesForm::simple) {
    w.level.turn(*season, *season_potential, e);
  } else {
    w.level.turn(level, potential, e);
    if constexpr (form == CesForm::partial) *season += w.index * e;
    if constexpr (form == CesForm::full) w.season.turn(*season, *season_potential, e);
  }
  return error;
}

template <typename Real>
template <typename Work>
void CesStates<Real>::with_form(Work&& work) {
  switch (form_) {
    case CesForm::none:
      return work.template operator()<CesForm::none>();
    case CesForm::simple:
      return work.template operator()<CesForm::simple>();
    case CesForm::partial:
      return work.template operator()<CesForm::partial>();
    case CesForm::full:
      return work.template operator()<CesForm::full>();
  }
}

template <typename Real>
Real CesStates<Real>::step(double y, const CesWeights<Real>& w) {
  Real error{};
  with_form([&]<CesForm form>() {
    error =
        move<form>(level_, potential_, season_.data() + at_, season_potential_.data() + at_, y, w);
  });
  next();
  return error;
}

template <typename Real>
template <typename Use>
void CesStates<Real>::forwards(std::span<const double> y, const CesWeights<Real>& w, Use&& use) {
  Real level = level_, potential = potential_;  // in registers: a season's states might alias them
  with_form([&]<CesForm form>() {
    for (std::size_t i = 0; i < y.size(); ++i) {
      const Real error = move<form>(level, potential, season_.data() + at_,
                                    season_potential_.data() + at_, y[i], w);
      next();
      use(i, error);
    }
  });
  level_ = level;
  potential_ = potential;
}

template <typename Real>
void CesStates<Real>::backwards(std::span<const double> y, const CesWeights<Real>& w) {
  Real level = level_, potential = potential_;
  with_form([&]<CesForm form>() {
    for (std::size_t i = y.size(); i-- > 0;) {
      back();
      move<form>(level, potential, season_.data() + at_, season_potential_.data() + at_, y[i], w);
    }
  });
  level_ = level;
  potential_ = potential;
}

template <typename Real>
void CesStates<Real>::store(CesFit& fit) const {
  const auto turned = [this](const std::vector<Real>& states) {
    std::vector<double> out;
    for (std::size_t i = 0; i < states.size(); ++i)
      out.push_back(core::value_of(states[(at_ + i) % m_]));
    return out;
  };
  fit.level = form_ == CesForm::simple ? 0 : core::value_of(level_);
  fit.potential = form_ == CesForm::simple ? 0 : core::value_of(potential_);
  fit.season = turned(season_);
  fit.season_potential = turned(season_potential_);
}

}  // namespace emptor::forecasting
