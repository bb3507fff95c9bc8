#include "customers/rate_prior.hpp"

#include "core/optimize.hpp"
#include "core/special.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <tuple>
#include <utility>

namespace emptor::customers {
namespace {

constexpr double kMinShape = 0.02;
constexpr double kMaxShape = 1000;
/// A second law must gain this much log-likelihood per parameter, and there must be enough
/// customers to tell the two apart.
constexpr double kGainPerParameter = 1;
constexpr double kFewestForTwo = 100;

/// What the likelihood needs of the rows: customers by count, exposure and truncation.
struct Summary {
  struct Exposure {
    double e1;
    int selected;
    double customers = 0;
    std::vector<std::pair<int, double>> counts{};  ///< n1, customers
  };
  std::vector<Exposure> exposures;
  double customers = 0;
  int max_count = 0;
};

Summary summarize(std::span<const RatioRow> rows, int max_count) {
  std::map<std::pair<double, int>, std::map<int, double>> sorted;
  Summary summary;
  summary.max_count = max_count;
  for (const RatioRow& row : rows) {
    sorted[{row.e1, row.selected}][row.n1] += static_cast<double>(row.count);
    summary.customers += static_cast<double>(row.count);
    summary.max_count = std::max(summary.max_count, row.n1);
  }
  for (const auto& [key, counts] : sorted) {
    Summary::Exposure e{key.first, key.second};
    e.counts.assign(counts.begin(), counts.end());
    for (const auto& [n1, customers] : counts) e.customers += customers;
    summary.exposures.push_back(std::move(e));
  }
  return summary;
}

/// What of the negative binomial of counts on the lattice j / phi depends on the count alone.
std::vector<double> count_table(const RateLaw& law, double phi, int max_count) {
  const double base = core::log_gamma(law.shape);
  std::vector<double> table;
  table.reserve(static_cast<std::size_t>(max_count) + 1);
  for (int j = 0; j <= max_count; ++j) {
    const double y = j / phi;
    table.push_back(std::exp(core::log_gamma(law.shape + y) - base - core::log_gamma(y + 1)));
  }
  return table;
}

double log_likelihood(const Summary& summary, double phi, std::span<const RateLaw> laws) {
  std::vector<std::vector<double>> tables;
  for (const RateLaw& law : laws) tables.push_back(count_table(law, phi, summary.max_count));
  const auto counts = static_cast<std::size_t>(summary.max_count) + 1;
  std::vector<double> chance(counts);
  double value = 0;
  for (const auto& e : summary.exposures) {
    std::fill(chance.begin(), chance.end(), 0.0);
    for (std::size_t k = 0; k < laws.size(); ++k) {
      const RateLaw& law = laws[k];
      const double step = std::pow(e.e1 / (law.rate + e.e1), 1 / phi);
      double power = law.share * std::pow(law.rate / (law.rate + e.e1), law.shape);
      for (std::size_t j = 0; j < counts; ++j) {
        chance[j] += tables[k][j] * power;
        power *= step;
      }
    }
    double seen = 0;
    for (auto j = static_cast<std::size_t>(e.selected); j < counts; ++j) seen += chance[j];
    const auto log_of = [](double x) { return std::log(std::max(x, 1e-300)); };
    for (const auto& [n1, customers] : e.counts)
      value += customers * log_of(chance[static_cast<std::size_t>(n1)]);
    value -= e.customers * log_of(seen);
  }
  return value;
}

RateLaw law_of(double share, double log_shape, double log_mean) {
  const double shape = std::exp(log_shape);
  return {share, shape, shape / std::exp(log_mean)};
}

/// Two laws on either side of the one, each narrower.
void try_two_laws(RatePrior& prior, const Summary& summary, double phi) {
  const double log_mean = std::log(prior.shape / prior.rate);
  const double apart = std::clamp(1 / std::sqrt(prior.shape), 0.2, 1.0);
  const double log_shape = std::log(std::min(4 * prior.shape, kMaxShape / 4));
  const auto laws_at = [](std::span<const double> x) {
    return std::vector<RateLaw>{law_of(x[0], x[1], x[2]), law_of(1 - x[0], x[3], x[4])};
  };
  const double low_shape = std::log(kMinShape), high_shape = std::log(kMaxShape);
  const std::array low{0.02, low_shape, log_mean - 8, low_shape, log_mean - 8};
  const std::array high{0.98, high_shape, log_mean + 3, high_shape, log_mean + 3};
  const auto minimum = core::nelder_mead(
      [&](std::span<const double> x) { return -log_likelihood(summary, phi, laws_at(x)); },
      {0.6, log_shape, log_mean - apart, log_shape, log_mean + apart}, low, high, 1e-7, 600);
  constexpr int kMoreParameters = 3;
  if (-minimum.value < prior.log_likelihood + kMoreParameters * kGainPerParameter) return;
  prior.laws = laws_at(minimum.x);
  prior.log_likelihood = -minimum.value;
  prior.iterations += minimum.iterations;
}

}  // namespace

RatePrior fit_rate_prior(std::span<const RatioRow> rows, double phi, int max_count) {
  const Summary summary = summarize(rows, max_count);
  double total = 0, exposure = 0;
  for (const RatioRow& row : rows) {
    total += static_cast<double>(row.count) * row.n1;
    exposure += static_cast<double>(row.count) * row.e1;
  }
  const double mean = std::max(total, 0.5) / phi / std::max(exposure, 1e-9);
  const std::array low{std::log(kMinShape), std::log(mean) - 8};
  const std::array high{std::log(kMaxShape), std::log(mean) + 3};
  const auto minimum = core::nelder_mead(
      [&](std::span<const double> x) {
        const std::array law{law_of(1, x[0], x[1])};
        return -log_likelihood(summary, phi, law);
      },
      {0.0, std::log(mean)}, low, high, 1e-10, 1000);
  RatePrior prior;
  prior.laws = {law_of(1, minimum.x[0], minimum.x[1])};
  prior.shape = prior.laws[0].shape;
  prior.rate = prior.laws[0].rate;
  prior.log_likelihood = -minimum.value;
  prior.iterations = minimum.iterations;
  prior.converged = minimum.converged;
  prior.boundary = minimum.x[0] < low[0] + 1e-3 || minimum.x[0] > high[0] - 1e-3;
  if (summary.customers >= kFewestForTwo) try_two_laws(prior, summary, phi);
  return prior;
}

}  // namespace emptor::customers
