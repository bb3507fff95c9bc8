#pragma once

#include "emptor/core/export.hpp"

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace emptor::forecasting {

/// The Theta family: an exponentially smoothed level plus a share of a straight line.
enum class ThetaModel : std::uint8_t {
  stm,     ///< standard: line by least squares over all data, theta = 2
  otm,     ///< optimised: the same line, theta estimated
  dstm,    ///< dynamic standard: the line is updated at every step, theta = 2
  dotm,    ///< dynamic optimised: updated line, theta estimated
  thetaf,  ///< as R's forecast::thetaf: simple exponential smoothing plus half the line's slope
};

/// How a season was, or is to be, taken out of a series before a model is fitted.
enum class SeasonKind : std::uint8_t {
  none,
  additive,
  multiplicative,
  automatic,  ///< test at 90 %; multiplicative if all values are above 0, else additive
};

struct ThetaOptions {
  ThetaModel model = ThetaModel::dotm;
  int season_length = 1;  ///< periods per season; 1 is none
  /// A season is only ever taken out if the series holds two full ones. `automatic` tests for it.
  SeasonKind season = SeasonKind::automatic;
  /// How many first errors the loss leaves out, -1 is the model's own: 2 (Fiorucci et al. 2016),
  /// for thetaf 0.
  int burn_in = -1;
};

/// A fitted model of the family. It forecasts without the data.
///
///   mu(t+1) = l(t) + weight * (A(t) (1-alpha)^t + B(t) (1 - (1-alpha)^(t+1)) / alpha),
///   l(t) = alpha y(t) + (1-alpha) l(t-1),   weight = 1 - 1/theta,
///
/// on the seasonally adjusted series (Fiorucci et al. 2016, International Journal of Forecasting
/// 32, equations 12 to 20). `thetaf` has weight 0 and `drift` instead.
struct ThetaFit {
  ThetaModel model = ThetaModel::dotm;
  std::int64_t n = 0;  ///< length of the series, from its first known value
  std::int64_t n_known = 0;
  double alpha = 0;
  double weight = 0;     ///< 1 - 1/theta, in [0, 1]
  double level0 = 0;     ///< l(0)
  double level = 0;      ///< l(n)
  double mean = 0;       ///< of the adjusted series
  double intercept = 0;  ///< A(n)
  double slope = 0;      ///< B(n)
  double drift = 0;      ///< of thetaf: half the slope of the line by least squares
  double sse = 0;        ///< sum of squared one-step errors in the loss, adjusted series
  double sigma = 0;      ///< their standard deviation, on the adjusted series' degrees of freedom
  bool at_boundary = false;              ///< alpha lies on the edge of its range
  SeasonKind season = SeasonKind::none;  ///< what was taken out
  /// Indices of the season, entry h is that of forecast step h + 1; empty without season.
  std::vector<double> index{};

  /// 1 / (1 - weight); infinite if the weight is 1.
  [[nodiscard]] EMPTOR_EXPORT double theta() const noexcept;
};

/// Fits one model to one series. The loss is minimised exactly in l(0) and weight, in which it is
/// quadratic (weight = 1 - 1/theta stays in [0, 1]), at every alpha of a refined grid on
/// [.1, .99] (thetaf: [.0001, .9999]): O(n) per alpha, no starting values, always the same optimum.
/// NaN is missing: it is interpolated for the states and left out of the loss; missing values at
/// the ends are cut off. @throws InvalidArgument for infinite values and under 3 known values.
EMPTOR_EXPORT ThetaFit fit_theta(std::span<const double> y, const ThetaOptions& options = {});

/// The next `horizon` values. The dynamic models go on updating their line with the forecasts.
EMPTOR_EXPORT std::vector<double> forecast(const ThetaFit& fit, int horizon);

/// Standard deviation of the error of each of the next `horizon` steps, as far as noise alone makes
/// it: sigma sqrt(1 + (h-1) alpha^2), times the index of a multiplicative season. It leaves out
/// that the parameters are estimates and the model an approximation; `forecast()` calibrates it.
EMPTOR_EXPORT std::vector<double> standard_errors(const ThetaFit& fit, int horizon);

EMPTOR_EXPORT std::string_view to_string(ThetaModel model) noexcept;
EMPTOR_EXPORT std::string_view to_string(SeasonKind kind) noexcept;

}  // namespace emptor::forecasting
