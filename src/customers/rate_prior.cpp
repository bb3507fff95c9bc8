#include "customers/rate_prior.hpp"

#include "core/optimize.hpp"
#include "core/special.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <utility>
#include <vector>

namespace emptor::customers {
namespace {

constexpr double kMinShape = 0.02;
constexpr double kMaxShape = 1000;

/// What the likelihood needs of the rows: counts per n1 and, per exposure and truncation, how many.
struct Summary {
  struct Exposure {
    double e1;
    int selected;
    double customers;
    double total;  ///< sum of n1 over them
  };
  std::vector<std::pair<int, double>> counts;  ///< n1, customers
  std::vector<Exposure> exposures;
};

Summary summarize(std::span<const RatioRow> rows) {
  std::map<int, double> counts;
  std::map<std::pair<double, int>, std::pair<double, double>> exposures;
  for (const RatioRow& row : rows) {
    const auto weight = static_cast<double>(row.count);
    counts[row.n1] += weight;
    auto& [customers, total] = exposures[{row.e1, row.selected}];
    customers += weight;
    total += weight * row.n1;
  }
  Summary summary;
  summary.counts.assign(counts.begin(), counts.end());
  for (const auto& [key, value] : exposures)
    summary.exposures.push_back({key.first, key.second, value.first, value.second});
  return summary;
}

/// Log-likelihood at (ln shape, ln mean rate). `table` is scratch: the part of the log pmf that
/// depends on the count alone.
double log_likelihood(const Summary& summary, double phi, int max_count, double log_shape,
                      double log_mean, std::vector<double>& table) {
  const double shape = std::exp(log_shape);
  const double rate = shape / std::exp(log_mean);
  const double base = core::log_gamma(shape);
  for (int j = 0; j <= max_count; ++j) {
    const double y = j / phi;
    table[static_cast<std::size_t>(j)] = core::log_gamma(shape + y) - base - core::log_gamma(y + 1);
  }
  double value = 0;
  for (const auto& [n1, customers] : summary.counts)
    value += customers * table[static_cast<std::size_t>(n1)];
  for (const auto& e : summary.exposures) {
    const double log_none = shape * std::log(rate / (rate + e.e1));
    const double log_step = std::log(e.e1 / (rate + e.e1)) / phi;
    double seen = 0;
    for (int j = e.selected; j <= max_count; ++j)
      seen += std::exp(table[static_cast<std::size_t>(j)] + log_none + j * log_step);
    value += e.customers * (log_none - std::log(std::max(seen, 1e-300))) + e.total * log_step;
  }
  return value;
}

}  // namespace

RatePrior fit_rate_prior(std::span<const RatioRow> rows, double phi, int max_count) {
  const Summary summary = summarize(rows);
  double total = 0, exposure = 0;
  for (const auto& e : summary.exposures) {
    total += e.total;
    exposure += e.customers * e.e1;
  }
  for (const auto& [n1, customers] : summary.counts) max_count = std::max(max_count, n1);
  std::vector<double> table(static_cast<std::size_t>(max_count) + 1);
  const double mean = std::max(total, 0.5) / phi / std::max(exposure, 1e-9);
  const std::array low{std::log(kMinShape), std::log(mean) - 8};
  const std::array high{std::log(kMaxShape), std::log(mean) + 3};
  const auto minimum = core::nelder_mead(
      [&](std::span<const double> x) {
        return -log_likelihood(summary, phi, max_count, x[0], x[1], table);
      },
      {0.0, std::log(mean)}, low, high, 1e-10, 1000);
  RatePrior prior;
  prior.shape = std::exp(minimum.x[0]);
  prior.rate = prior.shape / std::exp(minimum.x[1]);
  prior.log_likelihood = -minimum.value;
  prior.iterations = minimum.iterations;
  prior.converged = minimum.converged;
  prior.boundary = minimum.x[0] < low[0] + 1e-3 || minimum.x[0] > high[0] - 1e-3;
  return prior;
}

}  // namespace emptor::customers
