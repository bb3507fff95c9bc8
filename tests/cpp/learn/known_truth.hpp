#pragma once

#include "emptor/learn/features.hpp"

#include "core/random.hpp"

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace emptor::learn {

/// Rows whose log-odds are known: steps and curves of single columns, one pair (a, b), a category,
/// missing values that mean something, and columns that say nothing.
struct KnownTruth {
  std::vector<std::string> names{"a", "b", "curve", "plan", "gap", "idle", "quiet"};
  std::vector<std::vector<double>> number{};
  std::vector<std::int32_t> plan{};
  std::shared_ptr<const Dictionary> plans =
      Dictionary::from_texts({"annual", "monthly", "two years"});
  std::vector<std::uint8_t> outcome{};
  std::vector<double> log_odds{};

  KnownTruth(std::size_t rows, std::uint64_t seed) : number(7, std::vector<double>(rows)) {
    core::Random random(seed);
    for (std::size_t i = 0; i < rows; ++i) {
      for (auto& column : number) column[i] = random.normal();
      plan.push_back(static_cast<std::int32_t>(random.below(3)));
      if (random.uniform() < 0.2) number[4][i] = std::numeric_limits<double>::quiet_NaN();
      const double a = number[0][i], b = number[1][i], curve = number[2][i];
      double z = -1 + 0.8 * (a > 0) + ((a > 0) != (b > 0) ? 0.8 : -0.8) + std::sin(2 * curve);
      z += plan[i] == 1 ? 0.7 : -0.3;
      if (std::isnan(number[4][i])) z += 1;
      log_odds.push_back(z);
      outcome.push_back(random.uniform() < 1 / (1 + std::exp(-z)) ? 1 : 0);
    }
  }
  [[nodiscard]] std::vector<Feature> features() const {
    std::vector<Feature> result;
    for (std::size_t f = 0; f < names.size(); ++f)
      result.push_back(f == 3 ? Feature{names[f], {}, plan, plans.get()}
                              : Feature{names[f], number[f], {}, nullptr});
    return result;
  }
};

/// Mean negative log-likelihood of log-odds.
inline double log_loss(const std::vector<std::uint8_t>& outcome,
                       const std::vector<double>& log_odds) {
  double sum = 0;
  for (std::size_t i = 0; i < outcome.size(); ++i)
    sum += std::log1p(std::exp(outcome[i] == 1 ? -log_odds[i] : log_odds[i]));
  return sum / static_cast<double>(outcome.size());
}

}  // namespace emptor::learn
