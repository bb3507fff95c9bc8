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

inline constexpr std::size_t kNoParent = static_cast<std::size_t>(-1);

/// For each node but the coarsest its node one level up; empty if levels do not lie within each
/// other and may (else @throws InvalidArgument).
std::vector<std::size_t> parents(const Tree& tree, bool may_cross);

/// The least change of forecasts whose levels lie within each other, weighed by a variance per
/// node, in two passes: up, the best value and its variance that a node's own forecast and those
/// below it make; down, what the node above asks for, shared out by variance.
class NestedChange {
 public:
  NestedChange(const Tree& tree, std::span<const std::size_t> parent);
  /// A variance of 0 keeps the forecast. Writes the result into `x`. @returns false if what is kept
  /// contradicts itself.
  bool solve(std::span<const double> y, std::span<const double> variance, std::span<double> x);
  /// After solve(): what the node above a finest series pulls it up with, over its variance.
  [[nodiscard]] double pull(std::size_t node) const {
    return parent_[node] == kNoParent ? 0 : pull_[parent_[node]];
  }

 private:
  std::size_t sums_;
  std::span<const std::size_t> parent_;
  std::vector<double> best_, variance_, below_, below_variance_, pull_;
};

/// The same of levels that lie within each other.
void sum_up(const Tree& tree, std::span<const std::size_t> parent, std::span<double> y);

/// Shares each node's forecast out among those below it, in proportion to their own; equally where
/// those are 0.
void share_out(const Tree& tree, std::span<const std::size_t> parent, std::span<double> y);

}  // namespace emptor::forecasting
