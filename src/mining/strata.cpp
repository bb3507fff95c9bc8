#include "mining/strata.hpp"

#include <algorithm>
#include <cmath>

namespace emptor::mining {
namespace {

constexpr double kStratumRatio = 1.2;
constexpr double kStratumBaskets = 50;

}  // namespace

Strata make_strata(const std::vector<double>& baskets_of_size) {
  Strata strata;
  const auto sizes = static_cast<std::int32_t>(baskets_of_size.size());
  strata.of_size.assign(baskets_of_size.size(), -1);
  std::vector<double> sum;
  std::vector<double> sum_of_squares;
  std::int32_t size = 2;
  while (size < sizes) {
    const auto last = static_cast<std::int32_t>(kStratumRatio * size);
    double n = 0;
    double s = 0;
    double ss = 0;
    const std::int32_t first = size;
    for (; size < sizes && (size <= last || n < kStratumBaskets); ++size) {
      const double count = baskets_of_size[static_cast<std::size_t>(size)];
      n += count;
      s += count * size;
      ss += count * size * size;
    }
    // What is left over at the end joins the stratum before it.
    if (strata.n.empty() || n >= kStratumBaskets) {
      strata.n.push_back(0);
      sum.push_back(0);
      sum_of_squares.push_back(0);
    }
    strata.n.back() += n;
    sum.back() += s;
    sum_of_squares.back() += ss;
    std::fill(strata.of_size.begin() + first, strata.of_size.begin() + size,
              static_cast<std::int32_t>(strata.n.size()) - 1);
  }
  for (std::size_t h = 0; h < strata.count(); ++h) {
    strata.mean_size.push_back(strata.n[h] > 0 ? sum[h] / strata.n[h] : 0);
    strata.size_factor.push_back(sum[h] > 0 ? strata.n[h] * sum_of_squares[h] / (sum[h] * sum[h])
                                            : 1);
  }
  return strata;
}

void places_taken(const Strata& strata, std::size_t h, std::span<const double> share,
                  std::span<double> places) {
  const std::size_t n = strata.count();
  const double one = 1 / strata.size_factor[h];
  double rare = strata.mean_size[h];
  for (std::size_t k = h; k < share.size(); k += n) rare -= share[k];
  rare = std::max(rare, 0.0);
  double sum = std::sqrt(strata.mean_size[h]);
  for (int iteration = 0; iteration < 50; ++iteration) {
    double next = rare * one / sum;
    for (std::size_t k = h; k < share.size(); k += n) {
      const double p = share[k];
      double& c = places[k];
      c = std::max(0.0, one - p) / std::max(sum - p * c, 0.5);
      next += p * c;
    }
    const double change = std::abs(next - sum);
    sum = 0.5 * (sum + next);
    if (change < 1e-10 * sum) break;
  }
}

}  // namespace emptor::mining
