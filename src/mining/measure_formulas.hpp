#pragma once

#include "emptor/mining/measures.hpp"

#include "mining/dual.hpp"

#include <cstddef>
#include <span>

namespace emptor::mining {

/// The four cells of a rule's table and its margins: x with both, a with X, b with Y, of n.
template <typename T>
struct Cells {
  T x, a, b, n;
  [[nodiscard]] T x_only() const { return a - x; }  // X without Y
  [[nodiscard]] T y_only() const { return b - x; }  // Y without X
  [[nodiscard]] T neither() const { return n - a - b + x; }
};

inline Cells<double> cells(const RuleCountsView& counts, std::size_t i) {
  return {static_cast<double>(counts.both[i]), static_cast<double>(counts.antecedent[i]),
          static_cast<double>(counts.consequent[i]), static_cast<double>(counts.baskets)};
}

inline Cells<Dual> dual_cells(const Cells<double>& c) {
  return {Dual::variable(c.x, 0), Dual::variable(c.a, 1), Dual::variable(c.b, 2),
          Dual::variable(c.n, 3)};
}

/// How the interval of a measure is made.
enum class Scale : std::uint8_t {
  none,
  wilson,      ///< a share of `denominator` baskets
  plain,       ///< delta method
  certainty,   ///< the same, with a slope on either side of 0
  logarithm,   ///< delta method on the log scale
  fisher,      ///< delta method on Fisher's scale, the inverse hyperbolic tangent
  odds_ratio,  ///< as asked for
};

/// One row of the table of measures.
struct MeasureEntry {
  Measure measure{};
  Scale scale = Scale::none;
  /// Fills a column; null for those of the hypergeometric law, which share its factorials.
  void (*values)(const RuleCountsView&, std::size_t begin, std::size_t end, double* out) = nullptr;
  /// The measure and its derivatives by the counts; null for what has none.
  Dual (*gradient)(const Cells<double>&) = nullptr;
  /// Of shares: what they are a share of.
  double (*denominator)(const Cells<double>&) = nullptr;
  bool needs_parts = false;  ///< part_confidence
};

std::span<const MeasureEntry> measure_entries() noexcept;

}  // namespace emptor::mining
