#pragma once

#include "emptor/forecasting/arima.hpp"

#include "forecasting/arima_minimise.hpp"

#include <optional>
#include <span>
#include <vector>

namespace emptor::forecasting::arma {

/// A series cut to its known part, divided by a power of two, with the drivers beside it.
struct Prepared {
  std::vector<double> y{};               ///< gaps filled with the value before
  std::vector<std::size_t> gaps{};       ///< their places
  std::vector<std::vector<double>> x{};  ///< by driver
  std::int64_t n_known = 0;
  double scale = 1;
  bool constant = false;  ///< all known values are the same
  std::size_t cut = 0;    ///< rows left out at the start
};
/// @throws InvalidArgument for infinite values, drivers of another size or missing
Prepared prepared(std::string_view function, std::span<const double> y,
                  const ArimaDrivers& drivers);

/// What differencing with these orders leaves to be fitted. `use` says which drivers are in it.
Problem problem_of(const Prepared& series, const ArimaOrder& order,
                   std::span<const std::uint8_t> use);

/// By driver, whether it tells anything the constant and the drivers before it do not, after these
/// differences.
std::vector<std::uint8_t> usable_drivers(const Prepared& series, const ArimaOrder& order);

/// Whether the known values tell what is missing, up to errors, after these differences.
bool tells_gaps(const Prepared& series, ArimaOrder order);

/// Coefficients of 1 - (1 - B)^d (1 - B^m)^D, by lag - 1.
std::vector<double> integration(const ArimaOrder& order);

Shape shape_of(const ArimaOrder& order);

/// AIC and the like of `used` values; AICc is infinite where there are too few.
double criterion_of(ArimaCriterion criterion, double log_likelihood, int estimated,
                    std::size_t used);
double log_likelihood_of(double loss, std::size_t used);

/// The fit at these weights: coefficients, state, criteria.
ArimaFit finished(const Prepared& series, const ArimaOrder& order, const Coefficients& weights,
                  std::span<const std::uint8_t> use, int estimated_weights, bool keep);

/// The last value for ever, or the mean of what does not change: where there is no model.
ArimaFit level_only(const Prepared& series, const ArimaOptions& options);

/// The model of this order at its optimum, searched from several places; nothing if there are too
/// few values for it. `from` is another place to start from.
struct Solution {
  ArimaOrder order{};
  Optimum optimum{};
  double criterion = std::numeric_limits<double>::infinity();
};
std::optional<Solution> solve(const Problem& problem, const ArimaOrder& order, double tolerance,
                              ArimaCriterion criterion, std::span<const std::vector<double>> starts,
                              Buffers& buffers);

/// The best model by the options' search.
struct Found {
  Solution best{};
  std::vector<std::uint8_t> use{};
  int tried = 0;
};
std::optional<Found> search(const Prepared& series, const ArimaOptions& options);

/// The orders of `before` fitted to more values of the same series, from where that search ended.
ArimaFit fit_again(std::span<const double> y, const ArimaFit& before, const ArimaOptions& options);

/// Gives a fit to what the mean leaves the mean back, as known.
void with_known_mean(ArimaFit& fit, const ArimaParameters& parameters, const Prepared& series);

/// Standard deviation of the sum of the next steps' errors.
double total_error(const ArimaFit& fit, int horizon);

}  // namespace emptor::forecasting::arma
