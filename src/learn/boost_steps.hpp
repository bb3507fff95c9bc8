#pragma once

#include "learn/bins.hpp"

#include <cstddef>
#include <span>
#include <vector>

namespace emptor::learn {

/// How a turn of boosting makes its step from sums of gradients by bin.
struct StepRule {
  double penalty = 1;
  double min_leaf = 2;
  double learning_rate = 0.1;
  int max_leaves = 3;
  double min_gain = 5;
};

/// A step along the bins of one column: the best few runs of bins, each with its Newton step.
/// `sums` holds gradient and curvature per bin. Numbers run in order, with bin 0 apart; categories
/// run by their own steps. `direction` 1 or -1 makes the step rise or fall with the bins. False,
/// and no step, where nothing gains enough.
bool column_step(std::span<const double> sums, bool category, int direction, const StepRule& rule,
                 std::span<float> step);

/// A step over the 16 x 16 cells of a pair: one cut of a side, and on either side of it a cut of
/// the other. Returns what it gains over no cut of either kind (twice the log-likelihood, second
/// order); 0, and no step, where that is too little.
double pair_step(std::span<const double> sums, bool first_category, bool second_category,
                 const StepRule& rule, std::span<float> step);

}  // namespace emptor::learn
