#pragma once

#include "emptor/core/columns.hpp"
#include "emptor/core/context.hpp"
#include "emptor/core/estimate.hpp"
#include "emptor/core/export.hpp"
#include "emptor/forecasting/forecast.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace emptor::forecasting {

enum class EtsError : std::uint8_t { additive, multiplicative };
enum class EtsTrend : std::uint8_t { none, additive, multiplicative };
enum class EtsSeason : std::uint8_t { none, additive, multiplicative };

/// One form of exponential smoothing (Hyndman, Koehler, Ord, Snyder 2008, table 2.1).
struct EtsModel {
  EtsError error = EtsError::additive;
  EtsTrend trend = EtsTrend::none;
  bool damped = false;
  EtsSeason season = EtsSeason::none;
  bool operator==(const EtsModel&) const = default;
};
/// "ANN", "MAdM", ...: error, trend ("d" for damped), season; N none, A additive, M multiplicative.
EMPTOR_EXPORT std::string to_string(const EtsModel& model);

/// Everything a model needs to go on: smoothing parameters and states.
///
///   mu(t) = q(t) (+ or *) s(t - m),   q(t) = l(t-1) (+ or *) phi b(t-1)  (b^phi if multiplicative)
///   e(t)  = y(t) - mu(t)
///
/// and, with d = e (e / s where the season multiplies), l(t) = q + alpha d, b(t) = phi b + beta d
/// (beta d / l(t-1) where the trend multiplies), s(t) = s + gamma e (gamma e / q). The error's kind
/// changes the likelihood, not the recursion. A missing value has e = 0.
struct EtsParameters {
  EtsModel model{};
  int season_length = 1;
  double alpha = 0, beta = 0, gamma = 0, phi = 1;
  double level = 0;
  double slope = 0;              ///< 0, or 1 where the trend multiplies, without a trend
  std::vector<double> season{};  ///< entry i is that of the next value but i; empty without season
};

/// Where alpha, beta, gamma and phi may lie.
enum class EtsBounds : std::uint8_t {
  usual,       ///< weights: 0 < beta < alpha < 1, 0 < gamma < 1 - alpha
  admissible,  ///< wherever old values are forgotten: roots inside the unit circle; 0 or above
};

/// Which likelihood AIC, AICc and BIC are made of. They choose the same model.
enum class EtsLikelihood : std::uint8_t {
  gaussian,  ///< comparable with other models
  r,         ///< as R's forecast and statsforecast print it: without the constants
};

enum class EtsInitial : std::uint8_t {
  estimated,   ///< with the other parameters, by maximum likelihood
  regression,  ///< from a line through the first values and a classical decomposition
};

enum class EtsCriterion : std::uint8_t { aicc, aic, bic };

/// What was learned about other series: a density of the smoothing parameters, times which the
/// likelihood is maximised. Zeros say nothing.
struct EtsPrior {
  /// Of beta: exponential with this rate. The larger, the straighter the trends.
  double beta_rate = 0;
  /// Of phi, where damped: density proportional to exp(damping_rate * phi).
  double phi_rate = 0;
};

struct EtsOptions {
  /// Three letters: error, trend, season; N, A, M, or Z for any. "Z" tries the 15 standard forms:
  /// never a multiplicative trend, nor an additive error with a multiplicative component. A form
  /// written out is fitted whatever it is.
  std::string model = "ZZZ";
  std::optional<bool> damped{};  ///< not given: both are tried if the model has a "Z", else not
  int season_length = 1;         ///< periods per season; 1 is none
  EtsBounds bounds = EtsBounds::usual;
  EtsInitial initial = EtsInitial::estimated;
  EtsLikelihood likelihood = EtsLikelihood::gaussian;
  EtsCriterion criterion = EtsCriterion::aicc;
  EtsPrior prior{};
  std::optional<double> alpha{}, beta{}, gamma{}, phi{};  ///< held, where given
  bool keep = false;                                      ///< states and residuals of every step
};

/// A fitted model. It forecasts without the data.
struct EtsFit {
  EtsParameters start{};  ///< before the first known value
  EtsParameters end{};    ///< after the last one: what forecasts start from
  std::int64_t n = 0;     ///< length from the first to the last known value
  std::int64_t n_known = 0;
  double squares = 0;   ///< sum of squared errors, relative ones (e / mu) if the error multiplies
  double log_mean = 0;  ///< sum of ln mu, if the error multiplies, else 0
  double sigma = 0;     ///< standard deviation of the errors; NaN if there are too few to tell
  int parameters = 0;   ///< estimated ones: weights, states (a season's less one) and sigma
  double log_likelihood = 0;
  double aic = 0, aicc = 0, bic = 0;
  EtsLikelihood likelihood = EtsLikelihood::gaussian;
  int iterations = 0;
  int tried = 1;  ///< models, to choose this one
  /// ok; small_sample: fewer components than asked for, as there are too few values or no two full
  /// seasons; undefined: the values do not allow the form (its additive counterpart is fitted), or
  /// it runs away to a hundred times what there was; not_enough_data: under 3 known values;
  /// boundary: a perfect fit, as of a constant; not_converged.
  Status status = Status::ok;
  /// By step, with EtsOptions::keep: one-step forecasts, states after the step, errors.
  std::vector<double> fitted{}, level{}, slope{}, season{}, residual{};
};

/// Fits one model, or the best of several, to one series. NaN is missing; missing values at the
/// ends are cut off.
/// @throws InvalidArgument for infinite values, unknown models, options out of range
EMPTOR_EXPORT EtsFit fit_ets(std::span<const double> y, const EtsOptions& options = {});

/// The fit with these parameters and states before the first value: nothing is estimated but sigma.
/// @throws InvalidArgument as fit_ets(), and for parameters that do not fit their model
EMPTOR_EXPORT EtsFit evaluate_ets(std::span<const double> y, const EtsParameters& parameters,
                                  EtsLikelihood likelihood = EtsLikelihood::gaussian,
                                  bool keep = false);

/// The fit after further values: the same as evaluate_ets() of all of them. NaN is missing, and
/// counts as a period. Kept steps are those of the new values.
EMPTOR_EXPORT EtsFit update(const EtsFit& fit, std::span<const double> y);

/// The mean of each step where the model is linear, else what it says without further errors.
EMPTOR_EXPORT std::vector<double> forecast(const EtsFit& fit, int horizon);

/// Standard deviation of the error of each step if the model is true: closed forms (Hyndman et al.
/// 2008, chapter 6: classes 1 and 2 exactly, class 3 exactly for one season), from 2,000
/// simulations for other models.
EMPTOR_EXPORT std::vector<double> standard_errors(const EtsFit& fit, int horizon);

/// Possible futures, path after path: [path * horizon + step]. `stream` keeps the random numbers of
/// several series apart.
EMPTOR_EXPORT std::vector<double> simulate(const EtsFit& fit, int horizon, int paths,
                                           std::uint64_t seed = 1, std::uint64_t stream = 0);

/// How straight trends should be taken to be, from how well fits with several rates of
/// EtsPrior::beta_rate foretell the last quarter of the series (at most a season and a half, or 6
/// periods). Errors are pooled over at most 200 of the series, evenly chosen, and drawn to what
/// holds for the series of the M1 and Tourism competitions as if by 20 more: of few series the rate
/// is 20.
EMPTOR_EXPORT EtsPrior learn_ets_prior(const SeriesView& series, const EtsOptions& options = {},
                                       const Context& context = {});

/// Fits of many series, one row per series.
struct EtsFits {
  std::string by{};
  std::string value{};
  std::optional<data::Period> period{};
  std::shared_ptr<const Dictionary> groups{};
  std::vector<std::int32_t> series{};
  std::vector<data::Day> next{};  ///< first day of the first forecast period; empty without dates
  std::vector<EtsFit> fits{};
  EtsPrior prior{};
  std::vector<std::string> model{};
  std::vector<double> alpha{}, beta{}, gamma{}, phi{};  ///< NaN where the form has none
  std::vector<double> level{}, slope{};                 ///< at the end
  std::vector<double> sigma{}, log_likelihood{}, aic{}, aicc{}, bic{};
  std::vector<std::int64_t> n{}, tried{};
  std::vector<Status> status{};
  [[nodiscard]] EMPTOR_EXPORT std::vector<Column> columns() const;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Scalar> info() const;
};

/// fit_ets() of every series with the same options; season_length 0 takes that of the period. Rows
/// that are not complete are missing. A bad series never touches the others.
/// @throws InvalidArgument as fit_ets() and for wrong sizes; DataError for dates that are not one
/// after the other; Cancelled
EMPTOR_EXPORT EtsFits ets(const SeriesView& series, const EtsOptions& options = {},
                          const Context& context = {});

/// The same series after other fits, as those of update(), one per series.
EMPTOR_EXPORT EtsFits with_fits(const EtsFits& of, std::vector<EtsFit> fits);

/// Forecasts of many fits, one row per series and step.
struct EtsForecast {
  std::string by{};
  std::shared_ptr<const Dictionary> groups{};
  std::vector<std::int32_t> series{};
  std::vector<std::int64_t> step{};
  std::vector<data::Day> start{};  ///< empty without dates
  std::vector<double> forecast{};
  Bands band{};
  std::vector<Status> status{};
  std::vector<std::string> names{};  ///< of the columns of `band`
  [[nodiscard]] EMPTOR_EXPORT std::vector<Column> columns() const;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Scalar> info() const;
};

/// Intervals are the normal distribution's with standard_errors(): they hold if the model is true
/// and its parameters known. forecast() with model "ets" calibrates them on past forecasts.
EMPTOR_EXPORT EtsForecast forecast(const EtsFits& fits, int horizon,
                                   const std::vector<double>& level = {0.8, 0.95});

}  // namespace emptor::forecasting
