#include "mining/random_table.hpp"

#include <algorithm>
#include <cmath>

namespace emptor::mining {
namespace {

constexpr int kRounds = 200;
constexpr double kEnough = 1e-6;

// p[i * visits + v], fitted to both margins in turn. Items in all visits have p = 1.
std::vector<double> fit(std::span<const RandomTable::Items> items,
                        std::span<const RandomTable::Visits> visits, double n) {
  std::vector<double> x(items.size(), 0);
  std::vector<double> y(visits.size());
  std::vector<double> left(visits.size());  // of a visit's size, without items in all visits
  double always = 0;
  for (const auto& item : items) always += item.visits >= n ? item.count : 0;
  for (std::size_t v = 0; v < visits.size(); ++v) {
    left[v] = std::max(0.0, visits[v].size - always);
    y[v] = left[v];
  }
  double total = 0;
  for (std::size_t v = 0; v < visits.size(); ++v) total += left[v] * visits[v].count;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (items[i].visits < n) x[i] = items[i].visits / std::max(total, 1e-300);
  }
  for (int round = 0; round < kRounds; ++round) {
    double change = 0;
    for (std::size_t v = 0; v < visits.size(); ++v) {
      double sum = 0;
      for (std::size_t i = 0; i < items.size(); ++i) {
        sum += items[i].count * x[i] / (1 + x[i] * y[v]);
      }
      y[v] = sum > 0 ? left[v] / sum : 0;
    }
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (items[i].visits >= n) continue;
      double sum = 0;
      for (std::size_t v = 0; v < visits.size(); ++v) {
        sum += visits[v].count * y[v] / (1 + x[i] * y[v]);
      }
      const double next = sum > 0 ? items[i].visits / sum : 0;
      change = std::max(change, std::abs(next - x[i]) / std::max(next, 1e-300));
      x[i] = next;
    }
    if (change < kEnough) break;
  }
  std::vector<double> p(items.size() * visits.size(), 1);
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (items[i].visits >= n) continue;
    for (std::size_t v = 0; v < visits.size(); ++v) {
      p[i * visits.size() + v] = x[i] * y[v] / (1 + x[i] * y[v]);
    }
  }
  return p;
}

// c of every class of items in a visit, see RandomTable.
void places(std::span<const RandomTable::Items> items, const std::vector<double>& p,
            std::size_t n_visits, std::size_t v, std::vector<double>& c) {
  double spread = 0;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const double share = p[i * n_visits + v];
    spread += items[i].count * share * (1 - share);
  }
  double sum = std::sqrt(spread);
  std::fill(c.begin(), c.end(), 0);
  for (int round = 0; round < 100 && sum > 0; ++round) {
    double next = 0;
    for (std::size_t i = 0; i < items.size(); ++i) {
      const double share = p[i * n_visits + v];
      c[i] = (1 - share) / std::max(sum - share * c[i], 0.25 * sum);
      next += items[i].count * share * c[i];
    }
    const double change = std::abs(next - sum);
    sum = 0.5 * (sum + next);
    if (round > 0 && change < 1e-9 * sum) break;  // the first round's c know of no places yet
  }
}

}  // namespace

RandomTable::RandomTable(std::span<const Items> items, std::span<const Visits> visits)
    : n_(items.size()), expected_(n_ * n_, 0), variance_(n_ * n_, 0) {
  double n = 0;
  for (const Visits& v : visits) n += v.count;
  if (n < 2) return;
  const std::vector<double> p = fit(items, visits, n);
  std::vector<double> c(n_);
  for (std::size_t v = 0; v < visits.size(); ++v) {
    places(items, p, visits.size(), v, c);
    for (std::size_t i = 0; i < n_; ++i) {
      for (std::size_t j = 0; j < n_; ++j) {
        const double pi = p[i * visits.size() + v];
        const double pj = p[j * visits.size() + v];
        const double open = 1 - std::min(1.0, c[i] * c[j]);
        expected_[i * n_ + j] += visits[v].count * pi * pj * open;
        variance_[i * n_ + j] +=
            visits[v].count * pi * (1 - pi) * pj * (1 - pj) * open * n / (n - 1);
      }
    }
  }
}

}  // namespace emptor::mining
