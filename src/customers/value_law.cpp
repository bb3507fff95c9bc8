#include "customers/value_law.hpp"

#include "core/special.hpp"

#include <algorithm>
#include <cmath>

namespace emptor::customers {
namespace {

constexpr std::size_t kMostOrders = 100000;

}  // namespace

ValueLaw::ValueLaw(std::span<CountLaw> counts, const SpendPosterior& spend, double p,
                   double precision)
    : spend_(spend), p_(p) {
  const double share = 1 / static_cast<double>(counts.size());
  double sum = 0, mean = 0;
  while (sum < 1 - precision && chance_.size() < kMostOrders) {
    double chance = 0;
    for (CountLaw& law : counts) chance += share * law.next();
    mean += chance * static_cast<double>(chance_.size());
    chance_.push_back(chance);
    sum += chance;
  }
  for (double& chance : chance_) chance /= sum;
  mean_ = mean * spend.mean;
}

double ValueLaw::cdf(double s) const {
  if (s < 0) return 0;
  double total = chance_[0];
  if (s == 0) return total;
  const int sides = spend_.log_error > 0 ? 2 : 1;
  for (int side = 0; side < sides; ++side) {
    const double shift = sides == 1 ? 0 : (side == 0 ? -1 : 1) * spend_.log_error;
    const double ratio = s * std::exp(shift) / spend_.rate;
    const double x = ratio / (1 + ratio);
    for (std::size_t n = 1; n < chance_.size(); ++n)
      total += chance_[n] / sides * core::beta_cdf(x, p_ * static_cast<double>(n), spend_.shape);
  }
  return total;
}

double ValueLaw::quantile(double chance) const {
  if (chance <= chance_[0] + 1e-12) return 0;
  // Bracketed in the logarithm of s, then false position with the Illinois rule.
  double low = std::log(std::max(1e-12 * spend_.mean, mean_)), high = low;
  double below = cdf(std::exp(low)) - chance, above = below;
  for (double step = 1; above < 0 && step < 100; step *= 2) {
    low = high;
    below = above;
    high += step;
    above = cdf(std::exp(high)) - chance;
  }
  for (double step = 1; below >= 0 && step < 100; step *= 2) {
    high = low;
    above = below;
    low -= step;
    below = cdf(std::exp(low)) - chance;
  }
  for (int i = 0, side = 0; i < 60 && high - low > 1e-7; ++i) {
    double middle = (low * above - high * below) / (above - below);
    if (i % 4 == 3 || !(middle > low && middle < high)) middle = 0.5 * (low + high);
    const double at = cdf(std::exp(middle)) - chance;
    if (std::fabs(at) < 1e-9) return std::exp(middle);
    if (at < 0) {
      low = middle;
      below = at;
      if (side == -1) above *= 0.5;
      side = -1;
    } else {
      high = middle;
      above = at;
      if (side == 1) below *= 0.5;
      side = 1;
    }
  }
  return std::exp(0.5 * (low + high));
}

}  // namespace emptor::customers
