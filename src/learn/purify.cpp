#include "learn/purify.hpp"

#include "learn/bins.hpp"

#include <array>
#include <cmath>

namespace emptor::learn {
namespace {

constexpr int kSweeps = 100;
constexpr double kDone = 1e-12;

/// Takes the weighted mean of every line of cells out of a pair; returns them.
std::array<double, kCells> take_means(AdditiveTerm& pair, bool rows) {
  std::array<double, kCells> mean{};
  for (std::size_t line = 0; line < kCells; ++line) {
    const auto at = [&](std::size_t k) { return rows ? kCells * line + k : kCells * k + line; };
    double sum = 0, weight = 0;
    for (std::size_t k = 0; k < kCells; ++k) {
      sum += pair.score[at(k)] * pair.weight[at(k)];
      weight += pair.weight[at(k)];
    }
    mean[line] = weight > 0 ? sum / weight : 0;
    for (std::size_t k = 0; k < kCells; ++k) pair.score[at(k)] -= mean[line];
  }
  return mean;
}

void give(AdditiveTerm& single, const FeatureBins& feature,
          const std::array<double, kCells>& part) {
  for (std::size_t b = 0; b < single.score.size(); ++b) single.score[b] += part[feature.cell[b]];
}

}  // namespace

void purify(AdditiveModel& model) {
  for (AdditiveTerm& term : model.terms) {
    if (term.second < 0) continue;
    const auto a = static_cast<std::size_t>(term.first), b = static_cast<std::size_t>(term.second);
    for (int sweep = 0; sweep < kSweeps; ++sweep) {
      const auto rows = take_means(term, true);
      const auto columns = take_means(term, false);
      give(model.terms[a], model.features[a], rows);
      give(model.terms[b], model.features[b], columns);
      double moved = 0;
      for (std::size_t k = 0; k < kCells; ++k)
        moved = std::max({moved, std::fabs(rows[k]), std::fabs(columns[k])});
      if (moved < kDone) break;
    }
  }
  for (AdditiveTerm& term : model.terms) {
    double sum = 0, weight = 0, size = 0;
    for (std::size_t b = 0; b < term.score.size(); ++b) {
      sum += term.score[b] * term.weight[b];
      weight += term.weight[b];
    }
    if (term.second < 0 && weight > 0) {
      for (double& s : term.score) s -= sum / weight;
      model.intercept += sum / weight;
    }
    for (std::size_t b = 0; b < term.score.size(); ++b)
      size += std::fabs(term.score[b]) * term.weight[b];
    term.importance = weight > 0 ? size / weight : 0;
  }
}

}  // namespace emptor::learn
