#pragma once

#include "emptor/core/context.hpp"
#include "emptor/core/estimate.hpp"
#include "emptor/core/export.hpp"

#include <cstdint>
#include <functional>
#include <span>

namespace emptor {

/// Options of the cluster bootstrap.
struct BootstrapOptions {
  int replicates = 999;
  double level = 0.95;
  std::uint64_t seed = 0;
};

/// Studentised bootstrap interval (Efron and Tibshirani 1993, 12.5) of a ratio of sums,
/// sum(numerator) / sum(denominator), resampling whole clusters (customers). The spans have one
/// entry per cluster; clusters with 0 in both do not count. `ids` are the clusters' id hashes:
/// cluster weights are drawn from streams keyed by them (Poisson bootstrap), so the result does not
/// depend on the order of the clusters. Status not_enough_data under 10 clusters, small_sample
/// under 30, undefined if the denominators sum to 0, boundary if all
/// clusters have the same ratio (no spread was seen, the interval is the point). @throws
/// InvalidArgument on missing or infinite sums and on unequal lengths.
EMPTOR_EXPORT Estimate bootstrap_ratio(std::span<const double> numerator,
                                       std::span<const double> denominator,
                                       std::span<const std::uint64_t> ids,
                                       const BootstrapOptions& options = {}, const Context& = {});

}  // namespace emptor
