#include "customers/gap_rhythm.hpp"

#include "core/special.hpp"
#include "customers/mixture_weights.hpp"

#include <algorithm>
#include <cmath>

namespace emptor::customers {
namespace {

constexpr double kPenalty = 1;         // log w_random: where little is known, at random
constexpr double kLeastWeight = 1e-3;  // shapes below it are passed over
constexpr double kTolerance = 1e-3;    // of the log-likelihood of the shapes' weights
constexpr double kShortest = 0.05;     // days; a gap on a day of no activity
constexpr std::size_t kShapes = kGapShapes.size();

/// Share of gaps of a shape that last as long as the open one, over the laws of rates.
double tail(const GapRow& row, double shape, std::span<const RateLaw> laws, double phi) {
  double most = 0, sum = 0, weights = 0;
  for (std::size_t pass = 0; pass < 2; ++pass)
    for (std::size_t l = 0; l < laws.size(); ++l) {
      const double rate = laws[l].rate / (shape * phi);
      const double size = laws[l].shape + shape * row.gaps, exposure = rate + row.total;
      const double evidence = laws.size() == 1
                                  ? 0
                                  : std::log(laws[l].share) + core::log_gamma(size) -
                                        core::log_gamma(laws[l].shape) +
                                        laws[l].shape * std::log(rate) - size * std::log(exposure);
      if (pass == 0) {
        most = l == 0 ? evidence : std::max(most, evidence);
        continue;
      }
      const double weight = std::exp(evidence - most);
      const double x = exposure / (exposure + row.open);
      weights += weight;
      sum += weight * (shape == 1 ? std::pow(x, size) : core::beta_cdf(x, size, shape));
    }
  return sum / weights;
}

}  // namespace

GapRow gap_row(std::span<const data::Day> days, const ActivityClock& clock) {
  GapRow row;
  if (days.empty()) return row;
  double shortened = 0, logs = 0;
  for (std::size_t i = 1; i < days.size(); ++i) {
    const double gap = clock.between(days[i - 1], days[i]);
    // A purchase is known by its day: of gaps of g days, the mean is near g - 1/2.
    const double part = std::max(gap - 0.5 * clock.between(days[i] - 1, days[i]), kShortest);
    row.total += gap;
    shortened += part;
    logs += std::log(part);
  }
  row.gaps = static_cast<int>(days.size()) - 1;
  if (row.gaps > 0) row.log_shares = logs - row.gaps * std::log(shortened);
  row.open = clock.between(days.back(), clock.last());
  return row;
}

GapShapes::GapShapes(std::span<const GapRow> rows, const Context& context) {
  int most = 1;
  for (const GapRow& row : rows) most = std::max(most, row.gaps);
  for (std::size_t k = 0; k < kShapes; ++k)
    for (int n = 0; n <= most; ++n)
      constant_[k].push_back(
          n == 0 ? 0 : core::log_gamma(kGapShapes[k] * n) - n * core::log_gamma(kGapShapes[k]));
  MixtureLikelihood data;
  data.components = kShapes;
  for (const GapRow& row : rows) {
    if (row.gaps < 2) continue;
    const GapShapeWeights value = likelihoods(row);
    data.likelihood.insert(data.likelihood.end(), value.begin(), value.end());
    data.count.push_back(1);
    data.log_scale.push_back(0);
  }
  weights_[0] = 1;
  if (data.count.empty()) return;
  const std::vector<double> no_cost(kShapes, 0.0);
  const MixtureWeights fitted = fit_weights(data, kPenalty, no_cost, 0, context, kTolerance);
  std::copy(fitted.weights.begin(), fitted.weights.end(), weights_.begin());
}

/// Of all shapes, over the greatest.
GapShapeWeights GapShapes::likelihoods(const GapRow& row) const {
  GapShapeWeights value{};
  if (row.gaps < 2) {
    value.fill(1);
    return value;
  }
  for (std::size_t k = 0; k < kShapes; ++k)
    value[k] =
        constant_[k][static_cast<std::size_t>(row.gaps)] + (kGapShapes[k] - 1) * row.log_shares;
  const double most = *std::max_element(value.begin(), value.end());
  for (double& one : value) one = std::exp(one - most);
  return value;
}

GapRhythm GapShapes::rhythm(const GapRow& row, std::span<const RateLaw> laws, double phi) const {
  GapShapeWeights posterior = likelihoods(row);
  double sum = 0;
  for (std::size_t k = 0; k < kShapes; ++k) sum += posterior[k] *= weights_[k];
  GapRhythm rhythm{0, 0};
  double used = 0;
  for (std::size_t k = 0; k < kShapes; ++k) {
    const double weight = posterior[k] / sum;
    rhythm.shape += weight * kGapShapes[k];
    if (weight < kLeastWeight) continue;
    used += weight;
    rhythm.p_gap += weight * tail(row, kGapShapes[k], laws, phi);
  }
  rhythm.p_gap = std::clamp(rhythm.p_gap / used, 0.0, 1.0);
  return rhythm;
}

}  // namespace emptor::customers
