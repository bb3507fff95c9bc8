#pragma once

#include "emptor/core/columns.hpp"
#include "emptor/core/estimate.hpp"
#include "emptor/core/export.hpp"
#include "emptor/learn/classification_metrics.hpp"

#include <cstdint>
#include <vector>

namespace emptor::learn {

/// Whom the highest probabilities catch, one row per share of the cases that is looked at.
struct LiftCurve {
  std::vector<double> top{};     ///< share of cases looked at, those of the highest probability
  std::vector<double> caught{};  ///< share of all events among them (cumulative gains)
  std::vector<double> caught_low{}, caught_high{};
  std::vector<std::int64_t> n{};  ///< cases looked at
  std::vector<Status> status{};   ///< small_sample with under 10 events
  std::vector<double> lift{};     ///< caught / top: how often the events of a blind choice
  std::vector<double> lift_low{}, lift_high{};
  std::vector<double> share{};        ///< of those looked at, with the event
  std::vector<double> probability{};  ///< the lowest of those looked at
  std::int64_t n_events = 0;
  double level = 0.95;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Column> columns() const;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Scalar> info() const;
};

/// What share of the events lies among the cases of highest probability, for `steps` shares of the
/// cases up to all of them?
///
/// Of equal probabilities at an edge a part counts, as a draw among them would on average. The
/// interval is Wilson's of the share of events caught, with as many events as the variance of that
/// share stands for (delta method): clusters with several events count less, and the edge, which
/// moves as the cases come, makes the share surer than its events alone. Without any event there
/// are no rows.
/// @throws InvalidArgument as classification_metrics(), and for fewer than 1 step.
EMPTOR_EXPORT LiftCurve lift_curve(const ClassificationView& view, int steps = 20,
                                   const ClassificationOptions& options = {});

}  // namespace emptor::learn
