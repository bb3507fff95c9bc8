#pragma once

#include "emptor/core/context.hpp"

#include "customers/rate_prior.hpp"

#include <array>
#include <cstddef>
#include <span>
#include <vector>

namespace emptor::customers {

/// The fixed laws of the ratio rho of a customer's rate in the window to his rate in the baseline,
/// the market's change g taken out: unchanged, stopped, and uniforms on these ranges.
inline constexpr std::size_t kUnchanged = 0;
inline constexpr std::size_t kStopped = 1;
inline constexpr std::size_t kRatioLaws = 14;
struct RatioLaw {
  double low;
  double high;
};
inline constexpr std::array<RatioLaw, kRatioLaws> kRatioLawTable{{{1, 1},
                                                                  {0, 0},
                                                                  {0, 0.25},
                                                                  {0, 0.5},
                                                                  {0, 0.75},
                                                                  {0, 1},
                                                                  {0.2, 1},
                                                                  {0.4, 1},
                                                                  {0.6, 1},
                                                                  {0.8, 1},
                                                                  {1, 1.5},
                                                                  {1, 2},
                                                                  {1, 3},
                                                                  {1, 6}}};
using RatioWeights = std::array<double, kRatioLaws>;

/// P(rho <= x) under a mixture of the laws.
double ratio_cdf(const RatioWeights& weights, double x);
/// The smallest x with P(rho <= x) >= 1/2.
double ratio_median(const RatioWeights& weights);

struct RatioMixtureOptions {
  double min_drop = 0.5;
  bool relative_to_median = true;  ///< a drop is against the median customer, not absolute
  double likelihood_drop = 2;      ///< how far guard and mirror may stay below the maximum
  double level = 0.95;             ///< of the interval of g
};

/// The fitted mixture: n2 given n1 and rho is negative binomial with size shape + n1 / phi and mean
/// g rho e2 (shape + n1 / phi) / (rate + e1), counts divided by phi.
struct RatioMixture {
  RatePrior prior{};
  double phi = 1;
  double g = 1;
  double g_low = 1;
  double g_high = 1;
  double reference = 1;       ///< a customer whose rho equals it has not dropped
  RatioWeights weights{};     ///< the maximum of the penalised likelihood
  RatioWeights guard{};       ///< near the maximum, the least mass on drops of min_drop
  RatioWeights mirror{};      ///< near the maximum, the most
  double log_likelihood = 0;  ///< penalised
  double gap = 0;             ///< proven bound of what the maximum could still gain
  bool converged = false;
};

/// Fits rows of customers whose prior and phi are known.
RatioMixture fit_ratio_mixture(std::span<const RatioRow> rows, const RatePrior& prior, double phi,
                               const RatioMixtureOptions& options, const Context& context);

/// What the mixture says of one row.
struct RatioPosterior {
  double probability = 0;       ///< P(drop >= min_drop) at the maximum
  double probability_low = 0;   ///< ... under the guard
  double probability_high = 0;  ///< ... under the mirror
  double drop = 0;              ///< posterior mean of 1 - rho / reference at the maximum
  double drop_low = 0;          ///< lower end of the interval, under the guard
  double drop_high = 0;         ///< upper end, under the mirror
  /// Occasions lost per day of exposure: mean of max(0, reference - rho) g lambda, lambda the rate.
  /// The ends are those of a gamma law with the loss's mean and variance, under the guard and the
  /// mirror; never inside the three means.
  double loss = 0;
  double loss_low = 0;
  double loss_high = 0;
  double expected = 0;  ///< occasions to be expected in the window had nothing changed
};

std::vector<RatioPosterior> ratio_posteriors(std::span<const RatioRow> rows,
                                             const RatioMixture& mixture,
                                             const RatioMixtureOptions& options,
                                             const Context& context);

/// Integrals of the likelihood of a row over the laws, each divided by its greatest value on
/// [0, 6]: for tests against closed forms.
RatioWeights law_likelihoods(double size, double mean, double y);

}  // namespace emptor::customers
