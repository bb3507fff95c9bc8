#include "emptor/core/bootstrap.hpp"

#include "emptor/core/error.hpp"

#include "core/parallel.hpp"
#include "core/random.hpp"
#include "core/shortest.hpp"
#include "core/special.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>
#include <vector>

namespace emptor {
namespace {

constexpr std::int64_t kMinClusters = 10;
constexpr std::int64_t kSmallSample = 30;
constexpr std::size_t kReplicatesPerBlock = 32;

// Upper ends of the Poisson(1) law in units of 2^-32: a draw u is the number of them at or below u.
constexpr std::array<std::uint32_t, 12> kPoissonOne{1580030168, 3160060337, 3950075421, 4213413783,
                                                    4279248373, 4292415291, 4294609777, 4294923276,
                                                    4294962463, 4294966817, 4294967252, 4294967292};

double poisson_one(std::uint32_t u) noexcept {
  int k = 0;
  for (const std::uint32_t end : kPoissonOne) k += u >= end ? 1 : 0;
  return k;
}

struct Cluster {
  std::uint64_t id;
  double numerator;
  double denominator;
};

// Clusters that carry anything, in the order of their ids, so that sums round the same way
// whatever order they came in.
std::vector<Cluster> sorted_clusters(std::span<const double> numerator,
                                     std::span<const double> denominator,
                                     std::span<const std::uint64_t> ids) {
  std::vector<Cluster> clusters;
  clusters.reserve(ids.size());
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (!std::isfinite(numerator[i]) || !std::isfinite(denominator[i])) {
      throw InvalidArgument("bootstrap_ratio: cluster " + std::to_string(i) +
                            " has a missing or infinite sum; leave it out or put 0");
    }
    if (numerator[i] != 0 || denominator[i] != 0) {
      clusters.push_back({ids[i], numerator[i], denominator[i]});
    }
  }
  std::sort(clusters.begin(), clusters.end(), [](const Cluster& a, const Cluster& b) {
    if (a.id != b.id) return a.id < b.id;
    if (a.denominator != b.denominator) return a.denominator < b.denominator;
    return a.numerator < b.numerator;
  });
  return clusters;
}

// Weighted sums of a sample: all that the ratio and its standard error need.
struct Sums {
  double x = 0, y = 0, xx = 0, xy = 0, yy = 0;  // x over y
  void add(const Cluster& c, double weight) noexcept {
    x += weight * c.numerator;
    y += weight * c.denominator;
    xx += weight * c.numerator * c.numerator;
    xy += weight * c.numerator * c.denominator;
    yy += weight * c.denominator * c.denominator;
  }
  [[nodiscard]] double ratio() const noexcept { return x / y; }
  // Linearisation (Cochran 1977, 6.3): the root of the sum of (x_i - R y_i)^2 over the sum of y.
  [[nodiscard]] double standard_error() const noexcept {
    const double r = ratio();
    return std::sqrt(std::max(0.0, xx - 2 * r * xy + r * r * yy)) / std::fabs(y);
  }
};

// Studentised deviations (R* - R) / se* of the replicates [begin, end), begin a multiple of 4: one
// Philox block per cluster gives the weights of four replicates.
void replicate(const std::vector<Cluster>& clusters, double ratio, std::uint64_t seed,
               std::size_t begin, std::size_t end, std::span<double> deviation) {
  const auto words = [](std::uint64_t x) {
    return std::array{static_cast<std::uint32_t>(x), static_cast<std::uint32_t>(x >> 32)};
  };
  for (std::size_t r = begin; r < end; r += 4) {
    std::array<Sums, 4> sums{};
    const auto counter = words(r / 4);
    for (const Cluster& cluster : clusters) {
      const auto stream = words(cluster.id);
      const auto bits = core::philox({counter[0], counter[1], stream[0], stream[1]}, words(seed));
      for (std::size_t j = 0; j < 4; ++j) sums[j].add(cluster, poisson_one(bits[j]));
    }
    for (std::size_t j = 0; j < 4 && r + j < end; ++j) {
      deviation[r + j] = (sums[j].ratio() - ratio) / sums[j].standard_error();
    }
  }
}

// The quantile of sorted values by linear interpolation at share * (n + 1), so that with 999
// replicates the 2.5 % point is the 25th value.
double quantile(std::span<const double> sorted, double share) {
  const auto n = static_cast<double>(sorted.size());
  const double at = std::clamp(share * (n + 1) - 1, 0.0, n - 1);
  const auto low = static_cast<std::size_t>(at);
  const std::size_t high = std::min(low + 1, sorted.size() - 1);
  return sorted[low] + (at - std::floor(at)) * (sorted[high] - sorted[low]);
}

void check(std::span<const double> numerator, std::span<const double> denominator,
           std::span<const std::uint64_t> ids, const BootstrapOptions& options) {
  if (numerator.size() != ids.size() || denominator.size() != ids.size()) {
    throw InvalidArgument(
        "bootstrap_ratio: numerator, denominator and ids must be equally long; found " +
        std::to_string(numerator.size()) + ", " + std::to_string(denominator.size()) + " and " +
        std::to_string(ids.size()));
  }
  if (options.replicates < 100) {
    throw InvalidArgument("bootstrap_ratio: replicates must be at least 100; found " +
                          std::to_string(options.replicates));
  }
  if (!(options.level > 0 && options.level < 1)) {
    throw InvalidArgument("bootstrap_ratio: level must lie between 0 and 1, as 0.95; found " +
                          core::shortest(options.level));
  }
}

}  // namespace

Estimate bootstrap_ratio(std::span<const double> numerator, std::span<const double> denominator,
                         std::span<const std::uint64_t> ids, const BootstrapOptions& options,
                         const Context& context) {
  check(numerator, denominator, ids, options);
  const auto clusters = sorted_clusters(numerator, denominator, ids);
  Estimate estimate;
  estimate.level = options.level;
  estimate.n = static_cast<std::int64_t>(clusters.size());
  Sums sums;
  for (const Cluster& cluster : clusters) sums.add(cluster, 1);
  if (sums.y == 0) {
    estimate.status = Status::undefined;
    return estimate;
  }
  if (estimate.n < kMinClusters) {
    estimate.status = Status::not_enough_data;
    return estimate;
  }
  estimate.value = sums.ratio();
  estimate.status = estimate.n < kSmallSample ? Status::small_sample : Status::ok;

  if (!(sums.standard_error() > 1e-12 * std::fabs(estimate.value))) {
    estimate.low = estimate.high = estimate.value;
    estimate.status = Status::boundary;
    return estimate;
  }
  std::vector<double> deviation(static_cast<std::size_t>(options.replicates));
  core::parallel_ranges(context, deviation.size(), kReplicatesPerBlock,
                        [&](std::size_t begin, std::size_t end) {
                          replicate(clusters, estimate.value, options.seed, begin, end, deviation);
                        });
  std::erase_if(deviation, [](double t) { return !std::isfinite(t); });
  std::sort(deviation.begin(), deviation.end());
  // The bootstrap does not know that its variance rests on few clusters: Student's t with as many
  // as the denominators amount to (Kish 1965) widens what is left.
  const double clusters_worth = sums.y * sums.y / sums.yy;
  const double df = std::max(1.0, clusters_worth - 1);
  const double tail = 0.5 * (1 - options.level);
  const double widening = core::student_quantile(1 - tail, df) / core::normal_quantile(1 - tail);
  const double error = sums.standard_error() * std::sqrt((df + 1) / df) * widening;
  estimate.low = estimate.value - error * quantile(deviation, 1 - tail);
  estimate.high = estimate.value - error * quantile(deviation, tail);
  return estimate;
}

}  // namespace emptor
