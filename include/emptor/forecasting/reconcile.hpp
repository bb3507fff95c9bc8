#pragma once

#include "emptor/core/context.hpp"
#include "emptor/core/export.hpp"

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace emptor::forecasting {

/// How forecasts of a hierarchy are made to add up.
enum class ReconcileMethod : std::uint8_t {
  bottom_up,   ///< sums of the finest forecasts
  top_down,    ///< the coarsest forecasts, shared out as the forecasts below them are
  ols,         ///< the least change of all forecasts
  structural,  ///< the least change, a node's weighed by how many it sums
  variance,    ///< the least change, a node's weighed by the variance of its forecast
  shrunk,      ///< the same by the covariance of past errors, shrunk towards no correlation
};
/// @throws InvalidArgument with the methods there are.
EMPTOR_EXPORT ReconcileMethod parse_reconcile_method(std::string_view text);
EMPTOR_EXPORT std::string_view to_string(ReconcileMethod method) noexcept;

/// Levels of sums over the same finest series. Nodes are numbered: first those that are sums, level
/// by level, coarsest first, then the finest series.
struct Hierarchy {
  std::size_t finest = 0;  ///< how many finest series
  /// [level * finest + series]: the node of that level the series is part of. Levels need not lie
  /// within each other, but for top_down.
  std::span<const std::int32_t> node{};
};

/// Forecasts of all nodes, and how sure they are.
struct BaseForecasts {
  int horizon = 1;
  std::span<const double> forecast{};  ///< [node * horizon + step]
  /// For `variance`: of the errors, one per node, or [node * horizon + step].
  std::span<const double> variance{};
  /// For `shrunk`: past errors at the same moments, [node * moments + moment].
  std::span<const double> error{};
  /// 1 where the forecast of a node stays as it is (a manager's own number); empty: none.
  std::span<const std::uint8_t> locked{};
};

struct ReconcileOptions {
  ReconcileMethod method = ReconcileMethod::variance;
  /// Whether no finest forecast may be under 0: the least change among all that are not.
  bool nonnegative = false;
};

struct Reconciled {
  std::vector<double> forecast{};  ///< [node * horizon + step]: they add up
  double shrinkage = 0;            ///< of `shrunk`: 1 is no correlation
};

/// Makes forecasts of all nodes add up (Wickramasuriya, Athanasopoulos and Hyndman 2019):
/// y - W C' (C W C')^-1 C y, C y = 0 being what must hold and W the covariance of the errors. C W
/// C' is sparse, and the covariance of past errors is of low rank beside a diagonal: neither is
/// ever written out. Non-negative forecasts are found by pivoting over the ones at 0
/// (Wickramasuriya, Turlach and Hyndman 2020).
/// @throws InvalidArgument for wrong sizes, missing or infinite numbers, levels that do not lie
/// within each other with top_down, locked nodes with bottom_up or top_down or that contradict;
/// Cancelled.
EMPTOR_EXPORT Reconciled reconcile(const Hierarchy& hierarchy, const BaseForecasts& base,
                                   const ReconcileOptions& options = {},
                                   const Context& context = {});

}  // namespace emptor::forecasting
