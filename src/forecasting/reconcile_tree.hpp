#pragma once

#include "emptor/forecasting/reconcile.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace emptor::forecasting {

/// A checked hierarchy.
struct Tree {
  std::size_t finest = 0, sums = 0, levels = 0;
  std::span<const std::int32_t> node{};
  std::vector<std::size_t> leaves{};  ///< finest series below each sum
  [[nodiscard]] std::size_t nodes() const { return sums + finest; }
  /// The node of a level (levels: the finest series itself) that a series is part of.
  [[nodiscard]] std::size_t at(std::size_t level, std::size_t series) const {
    return level == levels ? sums + series
                           : static_cast<std::size_t>(node[level * finest + series]);
  }
};

/// @throws InvalidArgument
Tree checked_tree(const Hierarchy& hierarchy);

/// Writes the sums of one step's finest forecasts: y[node].
void sum_up(const Tree& tree, std::span<double> y);

/// For each node but the coarsest its node one level up. @throws InvalidArgument if levels do not
/// lie within each other.
std::vector<std::size_t> parents(const Tree& tree);

/// Shares each node's forecast out among those below it, in proportion to their own; equally where
/// those are 0.
void share_out(const Tree& tree, std::span<const std::size_t> parent, std::span<double> y);

}  // namespace emptor::forecasting
