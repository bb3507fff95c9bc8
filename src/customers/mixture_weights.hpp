#pragma once

#include "emptor/core/context.hpp"

#include <cstddef>
#include <span>
#include <vector>

namespace emptor::customers {

/// Likelihoods of rows under the components of a mixture: rows x components, row-major, each row
/// scaled freely, and how often each row occurs.
struct MixtureLikelihood {
  std::size_t components = 0;
  std::vector<double> likelihood{};
  std::vector<double> count{};
  std::vector<double> log_scale{};  ///< what each row was divided by, so that values compare
};

struct MixtureWeights {
  std::vector<double> weights{};
  double value = 0;  ///< penalised log-likelihood, without the tilt
  /// By how much at most the tilted objective could still rise: the largest gradient minus the
  /// gradient along the weights. A proof, because the objective is concave.
  double gap = 0;
  int iterations = 0;
  bool converged = false;
};

/// Maximises sum_i count_i log(L_i w) + penalty log w_0 - tilt * cost.w over the simplex by a
/// primal-dual interior-point Newton method, until the gap is below `tolerance`.
MixtureWeights fit_weights(const MixtureLikelihood& data, double penalty,
                           std::span<const double> cost, double tilt, const Context& context,
                           double tolerance = 1e-6);

/// Among weights whose penalised log-likelihood is within `drop` of the maximum `best`, those with
/// the least cost.w (the most with a negative cost).
MixtureWeights least_cost_weights(const MixtureLikelihood& data, double penalty,
                                  std::span<const double> cost, const MixtureWeights& best,
                                  double drop, const Context& context);

}  // namespace emptor::customers
