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
#include <string_view>
#include <vector>

namespace emptor::forecasting {

/// Which seasons complex exponential smoothing (CES) has.
enum class CesForm : std::uint8_t {
  none,
  simple,   ///< every value follows the one a season before, level and all
  partial,  ///< a level and real indices that are added to it
  full,     ///< a level and complex indices: growing or falling seasons
};
/// "none", "simple", "partial", "full".
EMPTOR_EXPORT std::span<const std::string_view> ces_form_labels() noexcept;

struct CesOptions {
  int season_length = 1;  ///< periods per season; 0 takes that of the period, in ces() only
  /// Empty: the best by AICc of none and, from two full seasons on, simple, partial and full.
  std::optional<CesForm> form{};
};

/// A level and its "information potential", smoothed as one complex number (Svetunkov, Kourentzes
/// and Ord 2022, Naval Research Logistics 69):
///
///   y = l + e,   l' = l - (1 - a1) c + (a0 - a1) e,   c' = l + (1 - a0) c + (a0 + a1) e,
///
/// where l and c are of the value before (of the season before in `simple`); `partial` adds indices
/// s' = s + b0 e, `full` a second pair of the season before, with weights b0 and b1.
struct CesFit {
  CesForm form = CesForm::none;
  int season_length = 1;
  std::int64_t n = 0;  ///< length from the first to the last known value
  std::int64_t n_known = 0;
  std::array<double, 2> alpha{};
  std::array<double, 2> beta{};  ///< unused ones are 0
  /// After the last value. Seasonal entry i belongs to places n + i, n + i + m, ...
  double level = 0, potential = 0;
  std::vector<double> season{}, season_potential{};
  double sse = 0;
  double sigma = 0;    ///< root of sse / (n_known - weights estimated)
  int parameters = 0;  ///< estimated ones: weights and sigma; the first states are found backwards
  double log_likelihood = 0;
  double aicc = 0;
  std::vector<double> residual{};  ///< by place; NaN where the value is missing
  Status status = Status::ok;      ///< small_sample: fewer seasons than asked for; boundary: exact
};

/// Fits one form, or the best. The weights minimise the sum of squared errors among those that
/// forget (all errors die out); the first states come from running the series backwards. NaN is
/// missing: no error is learnt from. Missing values at the ends are cut off.
/// @throws InvalidArgument for infinite values, under 4 known values, a season under 1, or a form
/// with seasons without two of them
EMPTOR_EXPORT CesFit fit_ces(std::span<const double> y, const CesOptions& options = {});

/// The fit after further values, weights and sigma kept. NaN is missing, and counts as a period.
EMPTOR_EXPORT CesFit update(const CesFit& fit, std::span<const double> y);

EMPTOR_EXPORT std::vector<double> forecast(const CesFit& fit, int horizon);
/// Standard deviation of the error of each of the next `horizon` steps if the model is true.
EMPTOR_EXPORT std::vector<double> standard_errors(const CesFit& fit, int horizon);

/// The fits of many series, a row each.
struct CesFits {
  std::string by{};
  std::string value{};
  std::shared_ptr<const Dictionary> groups{};
  std::vector<std::int32_t> series{};
  std::vector<CesFit> fit{};
  [[nodiscard]] EMPTOR_EXPORT std::vector<Column> columns() const;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Scalar> info() const;

 private:
  friend CesFits ces(const SeriesView& series, const CesOptions& options, const Context& context);
  void fill();
  std::vector<CesForm> form_{};
  std::array<std::vector<double>, 4> weight_{};
  std::vector<double> sigma_{}, log_likelihood_{}, aicc_{};
  std::vector<std::int64_t> n_{};
  std::vector<Status> status_{};
};

/// Fits every series. Periods the data cut are missing; a series under 4 known values has status
/// not_enough_data, one without two of a season has no season and small_sample. Forecasts with
/// calibrated intervals are forecast() with model ces.
/// @throws InvalidArgument, DataError, Cancelled as forecast()
EMPTOR_EXPORT CesFits ces(const SeriesView& series, const CesOptions& options = {},
                          const Context& context = {});
EMPTOR_EXPORT CesFits ces(const data::Series& series, const CesOptions& options = {},
                          const Context& context = {});

}  // namespace emptor::forecasting
