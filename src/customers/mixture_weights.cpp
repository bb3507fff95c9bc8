#include "customers/mixture_weights.hpp"

#include "core/parallel.hpp"

#include <Eigen/Dense>

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

namespace emptor::customers {
namespace {

constexpr std::size_t kBlock = 4096;

/// Value, gradient and curvature of the log-likelihood at w.
struct Derivatives {
  double value = 0;
  Eigen::VectorXd gradient{};
  Eigen::MatrixXd curvature{};  ///< minus the Hessian, lower triangle
};

Derivatives derivatives(const MixtureLikelihood& data, double penalty, const Eigen::VectorXd& w,
                        const Context& context) {
  const std::size_t k = data.components;
  const auto ki = static_cast<Eigen::Index>(k);
  const auto partials = core::parallel_map<Derivatives>(
      context, data.count.size(), kBlock, [&](std::size_t begin, std::size_t end) {
        Derivatives d;
        d.gradient = Eigen::VectorXd::Zero(ki);
        d.curvature = Eigen::MatrixXd::Zero(ki, ki);
        std::vector<double> ratio(k);
        for (std::size_t i = begin; i < end; ++i) {
          const double* row = data.likelihood.data() + i * k;
          double mix = 0;
          for (std::size_t j = 0; j < k; ++j) mix += row[j] * w[static_cast<Eigen::Index>(j)];
          mix = std::max(mix, 1e-300);
          d.value += data.count[i] * (std::log(mix) + data.log_scale[i]);
          for (std::size_t j = 0; j < k; ++j) ratio[j] = row[j] / mix;
          for (std::size_t j = 0; j < k; ++j) {
            const double weighted = data.count[i] * ratio[j];
            d.gradient[static_cast<Eigen::Index>(j)] += weighted;
            for (std::size_t l = 0; l <= j; ++l)
              d.curvature(static_cast<Eigen::Index>(j), static_cast<Eigen::Index>(l)) +=
                  weighted * ratio[l];
          }
        }
        return d;
      });
  Derivatives total;
  total.gradient = Eigen::VectorXd::Zero(ki);
  total.curvature = Eigen::MatrixXd::Zero(ki, ki);
  for (const Derivatives& d : partials) {
    total.value += d.value;
    total.gradient += d.gradient;
    total.curvature += d.curvature;
  }
  total.value += penalty * std::log(w[0]);
  total.gradient[0] += penalty / w[0];
  total.curvature(0, 0) += penalty / (w[0] * w[0]);
  return total;
}

/// The longest step along `direction` that keeps `x` above 0, at most 1.
double step_length(const Eigen::VectorXd& x, const Eigen::VectorXd& direction) {
  double step = 1;
  for (Eigen::Index i = 0; i < x.size(); ++i)
    if (direction[i] < 0) step = std::min(step, -0.99 * x[i] / direction[i]);
  return step;
}

}  // namespace

MixtureWeights fit_weights(const MixtureLikelihood& data, double penalty,
                           std::span<const double> cost, double tilt, const Context& context,
                           double tolerance) {
  const auto k = static_cast<Eigen::Index>(data.components);
  Eigen::VectorXd costs(k);
  for (Eigen::Index j = 0; j < k; ++j) costs[j] = tilt * cost[static_cast<std::size_t>(j)];
  double mass = penalty;
  for (const double c : data.count) mass += c;

  // Minimise -F + costs.w subject to sum w = 1 (multiplier nu) and w >= 0 (multipliers z).
  Eigen::VectorXd w = Eigen::VectorXd::Constant(k, 1.0 / static_cast<double>(k));
  Eigen::VectorXd z = Eigen::VectorXd::Constant(k, mass);
  double nu = mass;
  MixtureWeights result;
  for (result.iterations = 0; result.iterations < 200; ++result.iterations) {
    const Derivatives d = derivatives(data, penalty, w, context);
    const Eigen::VectorXd slope = d.gradient - costs;
    result.value = d.value;
    result.gap = slope.maxCoeff() - slope.dot(w);
    if (result.gap <= tolerance) {
      result.converged = true;
      break;
    }
    const double complementarity = w.dot(z) / static_cast<double>(k);
    const double target = 0.1 * complementarity;
    Eigen::MatrixXd system = Eigen::MatrixXd::Zero(k + 1, k + 1);
    system.topLeftCorner(k, k) = d.curvature.selfadjointView<Eigen::Lower>();
    Eigen::VectorXd right(k + 1);
    for (Eigen::Index j = 0; j < k; ++j) {
      system(j, j) += z[j] / w[j];
      system(j, k) = system(k, j) = 1;
      right[j] = slope[j] - nu + target / w[j];
    }
    right[k] = 1 - w.sum();
    const Eigen::VectorXd solution = system.partialPivLu().solve(right);
    const Eigen::VectorXd step_w = solution.head(k);
    const Eigen::VectorXd step_z = (target - z.array() * (w.array() + step_w.array())) / w.array();
    if (!solution.allFinite()) break;
    const double length_w = step_length(w, step_w);
    w += length_w * step_w;
    nu += length_w * solution[k];
    z += step_length(z, step_z) * step_z;
    w /= w.sum();
  }
  result.weights.assign(w.data(), w.data() + k);
  return result;
}

MixtureWeights least_cost_weights(const MixtureLikelihood& data, double penalty,
                                  std::span<const double> cost, const MixtureWeights& best,
                                  double drop, const Context& context) {
  // The price of the cost that spends the whole drop: the loss of likelihood rises with the price,
  // near a straight line on log scales. Walk to a bracket, then false position within it.
  MixtureWeights kept = best;
  const auto excess = [&](double log_price) {
    MixtureWeights trial = fit_weights(data, penalty, cost, std::exp(log_price), context);
    const double lost = best.value - trial.value;
    if (lost <= drop && trial.converged) kept = std::move(trial);
    return std::log(std::max(lost, 1e-12) / drop);
  };
  constexpr double kLowest = -12, kHighest = 16, kStride = 2;
  double low = 0, high = 0;
  double at_low = excess(0), at_high = at_low;
  while (at_low > 0 && low > kLowest) {
    high = low;
    at_high = at_low;
    at_low = excess(low -= kStride);
  }
  while (at_high <= 0 && high < kHighest) {
    low = high;
    at_low = at_high;
    at_high = excess(high += kStride);
  }
  if (at_low > 0 || at_high <= 0) return kept;  // no weights lose so much, or none so little
  for (int i = 0; i < 12 && at_low < -0.02; ++i) {
    const double share = std::clamp(at_low / (at_low - at_high), 0.1, 0.9);
    const double middle = low + (high - low) * share;
    const double at = excess(middle);
    (at > 0 ? high : low) = middle;
    (at > 0 ? at_high : at_low) = at;
  }
  return kept;
}

}  // namespace emptor::customers
