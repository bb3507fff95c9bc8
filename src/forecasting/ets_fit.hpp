#pragma once

#include "emptor/forecasting/ets.hpp"

#include <optional>
#include <span>
#include <vector>

namespace emptor::forecasting::smoothing {

/// A series cut to its known part, divided by a power of two, which rounds nothing.
struct Series {
  std::vector<double> y{};
  std::int64_t n_known = 0;
  double low = 0, high = 0;  ///< of the values as they came
  double scale = 1;
};
Series trimmed(std::span<const double> y);

/// What EtsOptions::model asks for; nothing where any will do.
struct Pattern {
  std::optional<EtsError> error{};
  std::optional<EtsTrend> trend{};
  std::optional<bool> damped{};
  std::optional<EtsSeason> season{};
  [[nodiscard]] bool is_one_form() const { return error && trend && season && damped; }
};

/// The pattern of options that can be used. @throws InvalidArgument
Pattern checked(const EtsOptions& options);

/// @throws InvalidArgument for parameters that do not fit their model
void check_parameters(const EtsParameters& parameters);

/// The forms to choose from, simple ones first. `positive` tells whether all values are above 0.
std::vector<EtsModel> candidates(const Pattern& pattern, int season_length, bool positive);

/// What to take instead of a form there are too few values for: ever less of it.
std::vector<EtsModel> fallbacks(const Pattern& pattern, bool positive);

/// Forms within a form whose solutions it may start from, simple ones first.
std::vector<EtsModel> within(const EtsModel& model);

int count_parameters(const EtsModel& model, int season_length);

/// Likelihood, criteria and sigma from the sums and counts in the fit.
void set_criteria(EtsFit& fit);

/// The fit with parameters of the scaled series.
EtsFit finished(const Series& series, EtsParameters at, EtsLikelihood likelihood, bool keep);

/// Standard deviation of the sum of the next steps' errors, to the order of sigma.
double total_error(const EtsFit& fit, int horizon);

/// fit_ets(), searching from one place only unless `further`.
EtsFit fit_form(std::span<const double> y, const EtsOptions& options, bool further);

/// The form of `before`, fitted to more values of the same series: from where that search ended. A
/// form that is no longer of use is chosen anew.
EtsFit fit_again(std::span<const double> y, const EtsFit& before, const EtsOptions& options);

/// The last value for ever: of constants and of what is too short for a model.
EtsFit level_only(const Series& series, const EtsOptions& options);

}  // namespace emptor::forecasting::smoothing
