#pragma once

#include "emptor/core/export.hpp"

#include <cstdint>
#include <span>
#include <string_view>

namespace emptor::forecasting {

/// Forecasts of what is not sold in every period: their mean, the same for every step.
enum class IntermittentModel : std::uint8_t {
  croston,  ///< size of a demand over the time between two, both smoothed (Croston 1972)
  sba,      ///< the same times 1 - alpha / 2, which takes out its bias (Syntetos and Boylan 2005)
  tsb,      ///< size times probability, which falls while nothing is sold (Teunter et al. 2011)
  adida,    ///< sums over the mean time between demands, smoothed (Nikolopoulos et al. 2011)
  imapa,    ///< the mean of that over all lengths up to it (Petropoulos and Kourentzes 2015)
};

/// How often and how evenly something is sold (Syntetos, Boylan and Croston 2005).
enum class DemandClass : std::uint8_t {
  smooth,        ///< often and evenly
  erratic,       ///< often, in sizes that vary (squared coefficient of variation from .49 on)
  intermittent,  ///< seldom (1.32 periods or more between demands), evenly
  lumpy,         ///< seldom and in sizes that vary
  none,          ///< no demand
};

struct IntermittentOptions {
  IntermittentModel model = IntermittentModel::tsb;
  /// Smoothing of demands, and of adida's and imapa's sums; 0 finds the value in [.1, .3] with the
  /// least squared one-step errors.
  double alpha = 0;
  /// Smoothing of the time between demands (croston, sba: that of its reciprocal) and of tsb's
  /// probability; 0 finds it in [.1, .3].
  double alpha_interval = 0;
  bool law = true;  ///< whether the law of counts is fitted, which costs most of the time
};

/// The law of a count with a mean: negative binomial, or Poisson if `size` is infinite. The sum of
/// k such counts is the law with k times mean and size.
struct CountLaw {
  double mean = 0;
  double size = 0;  ///< variance = mean + mean^2 / size
  /// P(count <= x).
  [[nodiscard]] EMPTOR_EXPORT double cdf(double x) const;
  /// The smallest count c with P(count <= c) >= p, 0 < p < 1.
  [[nodiscard]] EMPTOR_EXPORT double quantile(double p) const;
  [[nodiscard]] CountLaw times(double k) const noexcept { return {k * mean, k * size}; }
};

struct IntermittentFit {
  IntermittentModel model = IntermittentModel::tsb;
  std::int64_t n_known = 0;
  std::int64_t demands = 0;  ///< values above 0
  double alpha = 0;
  double alpha_interval = 0;
  double demand = 0;       ///< smoothed size of a demand (croston, sba, tsb)
  double interval = 0;     ///< smoothed time between two (croston, sba)
  double probability = 0;  ///< smoothed probability of one (tsb)
  int aggregation = 1;     ///< periods summed (adida), at most summed (imapa)
  double mean = 0;         ///< the forecast of every step
  double sigma = 0;        ///< root mean square of the one-step errors
  bool counts = false;     ///< all values are whole numbers, and `law` was asked for: it holds
  CountLaw law{};          ///< of the next value
};

/// Which of the classes a series is in. Missing values are skipped.
EMPTOR_EXPORT DemandClass demand_class(std::span<const double> y);

/// Fits one model. NaN is missing: such a period is skipped as if it had not been.
///
/// The law of counts has the forecast as its mean and a size by maximum likelihood around the
/// model's own one-step forecasts (adida, imapa: those of exponential smoothing), with a prior
/// worth a few values: log size is normal around log 1 with standard deviation 1.5.
/// @throws InvalidArgument for values that are negative or infinite, and without a known value.
EMPTOR_EXPORT IntermittentFit fit_intermittent(std::span<const double> y,
                                               const IntermittentOptions& options = {});

EMPTOR_EXPORT std::string_view to_string(IntermittentModel model) noexcept;
EMPTOR_EXPORT std::string_view to_string(DemandClass demand) noexcept;

}  // namespace emptor::forecasting
