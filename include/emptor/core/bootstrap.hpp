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

/// Percentile interval of a ratio of sums, sum(numerator)/sum(denominator), resampling whole
/// clusters (customers) with replacement. The spans have one entry per cluster. `ids` are the
/// cluster's id hashes: cluster weights are drawn from streams keyed by them (Poisson bootstrap),
/// so the result does not depend on the order of the clusters. Status not_enough_data under 10
/// clusters.
EMPTOR_EXPORT Estimate bootstrap_ratio(std::span<const double> numerator,
                                       std::span<const double> denominator,
                                       std::span<const std::uint64_t> ids,
                                       const BootstrapOptions& options = {}, const Context& = {});

}  // namespace emptor
