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

/// Negative binomial of counts j = 0, 1, ... on the lattice j / phi, for one law and any exposure.
class LatticeLaw {
 public:
  LatticeLaw(const RateLaw& law, double phi, int max_count) : law_(law), phi_(phi) {
    const double base = core::log_gamma(law.shape);
    table_.reserve(static_cast<std::size_t>(max_count) + 1);
    for (int j = 0; j <= max_count; ++j) {
      const double y = j / phi;
      table_.push_back(std::exp(core::log_gamma(law.shape + y) - base - core::log_gamma(y + 1)));
    }
  }
  void set_exposure(double e1) {
    none_ = law_.share * std::exp(law_.shape * std::log(law_.rate / (law_.rate + e1)));
    log_step_ = std::log(e1 / (law_.rate + e1)) / phi_;
  }
  [[nodiscard]] double at(int j) const {
    return none_ * table_[static_cast<std::size_t>(j)] * std::exp(j * log_step_);
  }
  /// Chance, times the law's share, of at least `selected`.
  [[nodiscard]] double seen(int selected) const {
    const double step = std::exp(log_step_);
    double power = none_ * std::exp(selected * log_step_);
    double sum = 0;
    for (auto j = static_cast<std::size_t>(selected); j < table_.size(); ++j) {
      sum += table_[j] * power;
      power *= step;
    }
    return sum;
  }

 private:
  RateLaw law_;
  double phi_;
  std::vector<double> table_{};
  double none_ = 0, log_step_ = 0;
};

double log_likelihood(const Summary& summary, double phi, std::span<const RateLaw> laws) {
  std::vector<LatticeLaw> lattice;
  for (const RateLaw& law : laws) lattice.emplace_back(law, phi, summary.max_count);
  const auto log_sum = [&](auto&& term) {
    double sum = 0;
    for (const LatticeLaw& law : lattice) sum += term(law);
    return std::log(std::max(sum, 1e-300));
  };
  double value = 0;
  for (const auto& e : summary.exposures) {
    for (LatticeLaw& law : lattice) law.set_exposure(e.e1);
    for (const auto& [n1, customers] : e.counts)
      value += customers * log_sum([n = n1](const LatticeLaw& law) { return law.at(n); });
    value -= e.customers * log_sum([&](const LatticeLaw& law) { return law.seen(e.selected); });
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
