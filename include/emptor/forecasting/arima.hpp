#pragma once

#include "emptor/core/columns.hpp"
#include "emptor/core/context.hpp"
#include "emptor/core/estimate.hpp"
#include "emptor/core/export.hpp"
#include "emptor/forecasting/forecast.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace emptor::forecasting {

/// The orders of a seasonal ARIMA model.
struct ArimaOrder {
  int ar = 0, differences = 0, ma = 0;                             ///< p, d, q
  int seasonal_ar = 0, seasonal_differences = 0, seasonal_ma = 0;  ///< P, D, Q
  int season_length = 1;
  bool constant = false;  ///< a mean without differences, a drift with one, nothing with more
  bool operator==(const ArimaOrder&) const = default;
};
/// "(2,1,1)(0,1,0)[12] with drift": the second part where the model has a season.
EMPTOR_EXPORT std::string to_string(const ArimaOrder& order);

/// A model and its numbers, in Box and Jenkins' form with the signs of R:
///
///   (1 - ar B - ...)(1 - seasonal_ar B^m - ...) (1 - B)^d (1 - B^m)^D n(t)
///     = (1 + ma B + ...)(1 + seasonal_ma B^m + ...) e(t)
///   y(t) = n(t) + constant (times t where there is one difference) + drivers' x(t)
struct ArimaParameters {
  ArimaOrder order{};
  std::vector<double> ar{}, ma{}, seasonal_ar{}, seasonal_ma{};
  double constant = 0;            ///< mean, or drift per period; t is 1 at the first known value
  std::vector<double> drivers{};  ///< coefficients, one per driver; 0 of those left out
};

/// Values of regressors beside a series: x[t * count + k] is driver k's at step t.
struct ArimaDrivers {
  std::span<const double> x{};
  std::size_t count = 0;
};

enum class ArimaCriterion : std::uint8_t { aicc, aic, bic };

struct ArimaOptions {
  /// p, d, q; not given: chosen. Without `seasonal_order` beside it the model has no season.
  std::optional<std::array<int, 3>> order{};
  std::optional<std::array<int, 3>> seasonal_order{};  ///< P, D, Q; needs `order`
  /// Whether there is a mean or drift; not given: whatever is best, or, with `order`, a mean where
  /// there are no differences (as R).
  std::optional<bool> constant{};
  int season_length = 1;  ///< periods per season; 1 is none
  /// Differences, where only they are given.
  std::optional<int> differences{}, seasonal_differences{};
  int max_ar = 5, max_ma = 5, max_seasonal_ar = 2, max_seasonal_ma = 2;
  int max_differences = 2, max_seasonal_differences = 1;
  bool stepwise = true;  ///< Hyndman and Khandakar's walk; else every model within the limits
  int max_order = 5;     ///< of p + q + P + Q, in the search through all
  int max_models = 94;   ///< of the walk
  ArimaCriterion criterion = ArimaCriterion::aicc;
  bool keep = false;  ///< one-step forecasts and errors of every step
};

/// Where the model stands after the last value: what forecasts start from.
struct ArimaState {
  /// By column (y, the constant, the drivers in use): the ARMA part, then the last values, latest
  /// first, as many as the differences reach back.
  std::vector<std::vector<double>> column{};
  /// Covariance of the state in units of sigma squared, square, row by row; empty where the state
  /// is known: without gaps, once the first values are forgotten.
  std::vector<double> covariance{};
};

/// A fitted model. It forecasts without the data.
struct ArimaFit {
  ArimaParameters parameters{};
  /// Standard errors of the constant and the drivers, in that order; of those in use.
  std::vector<double> standard_error{};
  std::vector<std::uint8_t> dropped{};  ///< by driver: 1 if constant, or told by those before it
  std::int64_t n = 0;                   ///< length from the first to the last known value
  std::int64_t n_known = 0;
  std::int64_t n_used = 0;     ///< known values less those that differences cost
  double squares = 0;          ///< sum of squared, standardised errors
  double log_determinant = 0;  ///< of the errors' variances over sigma squared
  double sigma = 0;            ///< standard deviation of an error; NaN if there are too few to tell
  int estimated = 0;           ///< numbers estimated, sigma included
  double log_likelihood = 0;
  double aic = 0, aicc = 0, bic = 0;
  int iterations = 0;
  int tried = 1;  ///< models, to choose this one
  /// ok; small_sample: a smaller model than asked for, as there are too few values (or not two full
  /// seasons); not_enough_data: under 3 known values; boundary: a perfect fit, as of a constant;
  /// undefined: evaluate_arima() of a model whose differences leave gaps open; not_converged.
  Status status = Status::ok;
  ArimaState state{};
  /// Covariance of the constant and the drivers in use over sigma squared, square, row by row.
  std::vector<double> coefficient_covariance{};
  /// By step, with ArimaOptions::keep: one-step forecasts and errors. NaN where differences begin
  /// and where values are missing.
  std::vector<double> fitted{}, residual{};
};

/// Fits one model, or the best of many, to one series by exact maximum likelihood. NaN is missing;
/// missing values at the ends are cut off, others are integrated out exactly.
/// Drivers must be known at every step from the first to the last known value.
/// @throws InvalidArgument for infinite values, orders out of range, drivers that are missing
EMPTOR_EXPORT ArimaFit fit_arima(std::span<const double> y, const ArimaOptions& options = {},
                                 const ArimaDrivers& drivers = {});

/// The fit with these parameters: nothing is estimated but sigma.
/// @throws InvalidArgument as fit_arima(), and for weights that are not stationary
EMPTOR_EXPORT ArimaFit evaluate_arima(std::span<const double> y, const ArimaParameters& parameters,
                                      const ArimaDrivers& drivers = {}, bool keep = false);

/// The fit after further values, with the drivers' beside them; parameters and sigma stay. NaN is
/// missing, and counts as a period. Kept steps are those of the new values.
/// @throws InvalidArgument for infinite values and drivers of another number or missing
EMPTOR_EXPORT ArimaFit update(const ArimaFit& fit, std::span<const double> y,
                              const ArimaDrivers& drivers = {});

/// Means of the next steps. `drivers` are their future values, where the fit has drivers.
/// @throws InvalidArgument for drivers of another number or missing
EMPTOR_EXPORT std::vector<double> forecast(const ArimaFit& fit, int horizon,
                                           const ArimaDrivers& drivers = {});

/// Standard deviation of the error of each step if the model is true: errors to come, gaps in the
/// past, and what is not known of the constant and the drivers' coefficients.
EMPTOR_EXPORT std::vector<double> standard_errors(const ArimaFit& fit, int horizon,
                                                  const ArimaDrivers& drivers = {});

/// Possible futures with the fit's own parameters, path after path: [path * horizon + step].
EMPTOR_EXPORT std::vector<double> simulate(const ArimaFit& fit, int horizon, int paths,
                                           std::uint64_t seed = 1, std::uint64_t stream = 0,
                                           const ArimaDrivers& drivers = {});

/// How many differences make a series level: 0, 1, ... at most `most`, each as long as the KPSS
/// test at 5 % (Kwiatkowski, Phillips, Schmidt and Shin 1992) says it is not.
EMPTOR_EXPORT int differences_needed(std::span<const double> y, int most = 2);
/// 1 if the strength of the season (StlFit::season_strength) is above .64, else 0; 0 under two
/// seasons.
EMPTOR_EXPORT int seasonal_differences_needed(std::span<const double> y, int season_length);

/// Fits of many series, one row per series.
struct ArimaFits {
  std::string by{};
  std::string value{};
  std::optional<data::Period> period{};
  std::shared_ptr<const Dictionary> groups{};
  std::vector<std::int32_t> series{};
  std::vector<data::Day> next{};  ///< first day of the first forecast period; empty without dates
  std::vector<std::string> drivers{};  ///< names
  std::vector<ArimaFit> fits{};
  std::vector<std::string> model{};
  std::vector<double> constant{}, constant_low{}, constant_high{};  ///< at 95 %; NaN without
  std::vector<std::vector<double>> coefficient{}, coefficient_low{}, coefficient_high{};
  std::vector<std::string> dropped{};  ///< drivers left out, by name
  std::vector<double> sigma{}, log_likelihood{}, aic{}, aicc{}, bic{};
  std::vector<std::int64_t> n{}, n_known{}, tried{};
  std::vector<Status> status{};
  std::vector<std::string> names{};  ///< of the columns of the coefficients
  [[nodiscard]] EMPTOR_EXPORT std::vector<Column> columns() const;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Scalar> info() const;
};

/// fit_arima() of every series with the same options; season_length 0 takes that of the period.
/// Rows that are not complete are missing. `drivers` has a row per row of the series, `names` their
/// names. A bad series never touches the others.
/// @throws InvalidArgument as fit_arima() and for wrong sizes; DataError for dates that are not one
/// after the other; Cancelled
EMPTOR_EXPORT ArimaFits arima(const SeriesView& series, const ArimaOptions& options = {},
                              const ArimaDrivers& drivers = {},
                              const std::vector<std::string>& names = {},
                              const Context& context = {});

/// The same series after other fits, as those of update(), one per series.
EMPTOR_EXPORT ArimaFits with_fits(const ArimaFits& of, std::vector<ArimaFit> fits);

/// Forecasts of many fits, one row per series and step.
struct ArimaForecast {
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

/// Intervals are the normal distribution's with standard_errors(): they hold if the model is true.
/// forecast() with model "arima" calibrates them on past forecasts. `drivers` has the future
/// values, the horizon's rows of the first series, then those of the second, ... With
/// `nonnegative`, forecasts and ends under 0 are 0.
EMPTOR_EXPORT ArimaForecast forecast(const ArimaFits& fits, int horizon,
                                     const std::vector<double>& level = {0.8, 0.95},
                                     const ArimaDrivers& drivers = {}, bool nonnegative = false);

}  // namespace emptor::forecasting
