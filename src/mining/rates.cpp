#include "mining/rates.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace emptor::mining::next {

double fit_theta(std::span<const double> size, std::span<const double> count, double target) {
  if (target <= 0) return 0;
  double slope = 0;
  for (std::size_t i = 0; i < size.size(); ++i) slope += size[i] * count[i];
  double theta = target / slope;
  for (int step = 0; step < 200; ++step) {
    double sum = 0;
    slope = 0;
    for (std::size_t i = 0; i < size.size(); ++i) {
      const double missed = std::exp(-size[i] * theta);
      sum += count[i] * (1 - missed);
      slope += count[i] * size[i] * missed;
    }
    const double change = (target - sum) / slope;
    theta += change;
    if (std::abs(change) <= 1e-13 * theta) break;
  }
  return theta;
}

Rates::Rates(const Visits& visits, std::span<const std::int32_t> items)
    : n_items_(items.size()), bin_(visits.bin) {
  const auto n_bins = static_cast<std::size_t>(visits.n_bins);
  level_.assign(n_bins * n_items_, 0);
  for (std::size_t b = 0; b < n_items_; ++b)
    for (const auto v : visits.visits_of(items[b]))
      ++level_[index(visits.bin[static_cast<std::size_t>(v)]) * n_items_ + b];

  // size -> number of visits, by bin
  std::vector<std::map<std::int32_t, double>> sizes(n_bins);
  for (std::size_t v = 0; v < visits.size(); ++v)
    ++sizes[index(visits.bin[v])][visits.visit_size(v)];

  std::vector<std::map<std::int32_t, std::uint32_t>> kinds(n_bins);
  for (std::size_t bin = 0; bin < n_bins; ++bin) {
    std::vector<double> size, count;
    double n = 0;
    for (const auto& [s, k] : sizes[bin]) {
      size.push_back(s);
      count.push_back(k);
      n += k;
    }
    const auto counts = std::span(level_).subspan(bin * n_items_, n_items_);
    std::vector<std::uint32_t> distinct(counts.begin(), counts.end());
    std::sort(distinct.begin(), distinct.end());
    distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
    for (auto& k : counts)
      k = static_cast<std::uint32_t>(std::lower_bound(distinct.begin(), distinct.end(), k) -
                                     distinct.begin());
    level_begin_.push_back(theta_.size());
    for (const auto k : distinct) {
      theta_.push_back(fit_theta(size, count, std::min<double>(k, n - 0.5)));
      share_.push_back((k + 0.5) / (n + 1));
    }
    for (const auto& [s, unused] : sizes[bin])
      kinds[bin][s] = static_cast<std::uint32_t>(kind_begin_.back() + kinds[bin].size());
    kind_begin_.push_back(kind_begin_.back() + size.size());
    probability_begin_.push_back(probability_.size());
    for (std::size_t k = 0; k < distinct.size(); ++k)
      for (const double s : size)
        probability_.push_back(static_cast<float>(-std::expm1(-s * theta_[level_begin_[bin] + k])));
  }
  kind_.reserve(visits.size());
  for (std::size_t v = 0; v < visits.size(); ++v)
    kind_.push_back(kinds[index(visits.bin[v])][visits.visit_size(v)]);
}

void ItemProbability::choose(std::size_t b) {
  of_kind_.clear();
  for (int bin = 0; bin < rates_.n_bins(); ++bin) {
    const auto own = rates_.probabilities(bin, b);
    of_kind_.insert(of_kind_.end(), own.begin(), own.end());
  }
}

}  // namespace emptor::mining::next
