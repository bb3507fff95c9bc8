#include "learn/ranked.hpp"

#include "emptor/core/error.hpp"
#include "emptor/core/interval.hpp"

#include "core/shortest.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace emptor::learn {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// Cases on either side of the edge whose share of events is that of the edge: a twentieth.
constexpr double kNearEdge = 0.05;
constexpr double kLeastNear = 10;

/// Share of events among the cases around the edge after the first `cases`.
double share_at_edge(const ClassificationView& view, const Ranked& rank, double cases) {
  const auto n = static_cast<double>(rank.row.size());
  const double near = std::max(kLeastNear, std::round(kNearEdge * n));
  const auto first = static_cast<std::size_t>(std::max(0.0, cases - near));
  const auto last = static_cast<std::size_t>(std::min(n, cases + near));
  double events = 0;
  for (std::size_t i = first; i < last; ++i) events += view.outcome[rank.row[i]];
  return events / static_cast<double>(last - first);
}

/// How many independent events would tell the share of events caught as well: from the variance of
/// its linearised form, in which the edge moves as the cases come. `part` is each row's.
double effective_events(const Clusters& clusters, const std::vector<double>& part, double share,
                        double events) {
  double square = 0;  // parts add up to 0
  std::size_t number = part.size(), with_events = 0;
  if (clusters.begin.empty()) {
    for (const double one : part) square += one * one;
  } else {
    number = clusters.begin.size() - 1;
    for (std::size_t c = 0; c < number; ++c) {
      double sum = 0;
      for (std::size_t k = clusters.begin[c]; k < clusters.begin[c + 1]; ++k)
        sum += part[clusters.row[k]];
      square += sum * sum;
      with_events += clusters.has_events[c];
    }
  }
  const auto m = static_cast<double>(number);
  if (share > 0 && share < 1 && square > 0 && number > 1)
    return share * (1 - share) / (square * m / (m - 1));
  return clusters.begin.empty() ? events : static_cast<double>(with_events);
}

}  // namespace

void check(const ClassificationView& view, const ClassificationOptions& options,
           const std::string& function) {
  const std::size_t n = view.outcome.size();
  const auto same = [&](std::size_t size, const char* name) {
    if (size != n)
      throw InvalidArgument(function + ": " + name + " has " + std::to_string(size) +
                            " values, outcome " + std::to_string(n));
  };
  same(view.probability.size(), "probability");
  if (!view.cluster.empty()) same(view.cluster.size(), "cluster");
  if (!view.value.empty()) same(view.value.size(), "value");
  for (std::size_t i = 0; i < n; ++i) {
    const std::string row = "; row " + std::to_string(i) + " has ";
    if (view.outcome[i] > 1)
      throw InvalidArgument(function + ": outcome must be 0 or 1" + row +
                            std::to_string(view.outcome[i]));
    if (!(view.probability[i] >= 0 && view.probability[i] <= 1))
      throw InvalidArgument(function + ": probability must lie in 0 to 1" + row +
                            core::shortest(view.probability[i]));
    if (!view.value.empty() && !std::isfinite(view.value[i]))
      throw InvalidArgument(function + ": value must be finite; row " + std::to_string(i) +
                            " is not");
  }
  if (!(options.level > 0 && options.level < 1))
    throw InvalidArgument(function + ": level must lie between 0 and 1, as 0.95");
  if (!(options.top > 0 && options.top <= 1))
    throw InvalidArgument(function + ": top must lie in 0 to 1, as 0.1 for the top tenth");
  if (options.bins < 1)
    throw InvalidArgument(function + ": bins must be 1 or more, found " +
                          std::to_string(options.bins));
}

Ranked ranked(std::span<const double> probability) {
  Ranked result;
  result.row.resize(probability.size());
  std::iota(result.row.begin(), result.row.end(), std::size_t{0});
  std::stable_sort(result.row.begin(), result.row.end(),
                   [&](std::size_t a, std::size_t b) { return probability[a] > probability[b]; });
  for (std::size_t i = 0; i < result.row.size(); ++i)
    if (i == 0 || probability[result.row[i]] != probability[result.row[i - 1]])
      result.begin.push_back(i);
  result.begin.push_back(result.row.size());
  return result;
}

/// The variance of a sum of contributions of independent clusters, each row its own without any.
double clustered_variance(const std::vector<double>& part, std::span<const std::int32_t> cluster) {
  std::vector<double> sums = part;
  if (!cluster.empty()) {
    std::vector<std::size_t> order(part.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return cluster[a] < cluster[b]; });
    sums.clear();
    for (std::size_t i = 0; i < order.size(); ++i) {
      if (i == 0 || cluster[order[i]] != cluster[order[i - 1]]) sums.push_back(0);
      sums.back() += part[order[i]];
    }
  }
  const auto m = static_cast<double>(sums.size());
  if (m < 2) return kNaN;
  const double mean = std::accumulate(sums.begin(), sums.end(), 0.0) / m;
  double square = 0;
  for (const double s : sums) square += (s - mean) * (s - mean);
  return square * m / (m - 1);
}

Clusters clusters_of(const ClassificationView& view) {
  Clusters result;
  if (view.cluster.empty()) return result;
  result.row.resize(view.outcome.size());
  std::iota(result.row.begin(), result.row.end(), std::size_t{0});
  std::stable_sort(result.row.begin(), result.row.end(),
                   [&](std::size_t a, std::size_t b) { return view.cluster[a] < view.cluster[b]; });
  for (std::size_t k = 0; k < result.row.size(); ++k) {
    if (k == 0 || view.cluster[result.row[k]] != view.cluster[result.row[k - 1]]) {
      result.begin.push_back(k);
      result.has_events.push_back(0);
    }
    result.has_events.back() |= view.outcome[result.row[k]];
  }
  result.begin.push_back(result.row.size());
  return result;
}

Caught caught_by(const ClassificationView& view, const Ranked& rank, const Clusters& clusters,
                 double top, double level) {
  const auto n = static_cast<double>(view.outcome.size());
  Caught result;
  result.cases = std::max(1.0, std::round(top * n));
  result.top = result.cases / n;
  std::vector<double> taken(view.outcome.size());
  double events = 0, before = 0;
  for (std::size_t g = 0; g + 1 < rank.begin.size(); ++g) {
    const auto cases = static_cast<double>(rank.begin[g + 1] - rank.begin[g]);
    const double part = std::clamp((result.cases - before) / cases, 0.0, 1.0);
    if (part > 0) result.probability = view.probability[rank.row[rank.begin[g]]];
    for (std::size_t i = rank.begin[g]; i < rank.begin[g + 1]; ++i) {
      taken[rank.row[i]] = part;
      result.events += part * view.outcome[rank.row[i]];
      events += view.outcome[rank.row[i]];
    }
    before += cases;
  }
  result.share = std::min(1.0, result.events / events);
  const double edge = share_at_edge(view, rank, result.cases);
  std::vector<double>& part = taken;  // from here on each row's part of the linearised share
  for (std::size_t i = 0; i < part.size(); ++i)
    part[i] =
        (view.outcome[i] * (taken[i] - result.share) - edge * (taken[i] - result.top)) / events;
  const double independent = effective_events(clusters, part, result.share, events);
  const Interval interval = wilson(result.share * independent, independent, level);
  result.low = interval.low;
  result.high = interval.high;
  return result;
}

}  // namespace emptor::learn
