#pragma once

#include "emptor/learn/classification_metrics.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace emptor::learn {

/// Throws unless the columns are of equal length and hold what they must. `function` is named.
/// @throws InvalidArgument naming the row.
void check(const ClassificationView& view, const ClassificationOptions& options,
           const std::string& function);

/// Rows by falling probability, and where runs of equal probability begin (and n).
struct Ranked {
  std::vector<std::size_t> row;
  std::vector<std::size_t> begin;
};

Ranked ranked(std::span<const double> probability);

/// The variance of a sum of contributions of independent clusters, each row its own without any.
double clustered_variance(const std::vector<double>& part, std::span<const std::int32_t> cluster);

/// Rows by cluster: cluster c has [begin[c], begin[c + 1]) of `row`. Empty where rows are
/// independent.
struct Clusters {
  std::vector<std::size_t> row;
  std::vector<std::size_t> begin;
  std::vector<std::uint8_t> has_events;  ///< per cluster
};

Clusters clusters_of(const ClassificationView& view);

/// What the cases of highest probability hold.
struct Caught {
  double cases = 0;  ///< how many they are
  double top = 0;    ///< their share of all cases
  double events = 0;
  double share = 0;  ///< of all events
  double low = 0, high = 0;
  double probability = 0;  ///< the lowest of them
};

/// The share of events among the `top` share of cases (at least one case); of equal probabilities
/// at the edge a part counts. Wilson's interval with as many events as the delta method's variance
/// stands for: clusters with several events count less, and the edge moves as the cases come. There
/// must be events.
Caught caught_by(const ClassificationView& view, const Ranked& rank, const Clusters& clusters,
                 double top, double level);

}  // namespace emptor::learn
