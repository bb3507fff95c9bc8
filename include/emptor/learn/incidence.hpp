#pragma once

#include "emptor/core/columns.hpp"
#include "emptor/core/context.hpp"
#include "emptor/core/dictionary.hpp"
#include "emptor/core/estimate.hpp"
#include "emptor/core/export.hpp"
#include "emptor/learn/survival.hpp"

#include <cstdint>
#include <memory>
#include <vector>

namespace emptor::learn {

/// One row per group, cause and time at which somebody leaves for whatever reason; the first row of
/// each is time 0.
struct CumulativeIncidence {
  std::shared_ptr<const Dictionary> groups{};  ///< null if not grouped
  std::shared_ptr<const Dictionary> causes{};  ///< what event 1, 2, ... is
  std::vector<std::int32_t> group{};
  std::vector<std::int32_t> cause{};  ///< 0-based, into `causes`
  std::vector<double> time{};
  std::vector<double> incidence{};  ///< share with this event by this time
  std::vector<double> incidence_low{};
  std::vector<double> incidence_high{};
  std::vector<std::int64_t> n{};       ///< at risk just before this time
  std::vector<Status> status{};        ///< small_sample under 10 at risk
  std::vector<std::int64_t> events{};  ///< of this cause at this time
  std::vector<double> standard_error{};
  std::int64_t n_rows = 0;
  std::int64_t n_events = 0;
  double level = 0.95;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Column> columns() const;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Scalar> info() const;
};

/// What share has had each kind of event by each time, when one kind rules out the others?
///
/// Aalen and Johansen's estimate (1978), ties exact: whatever happens at a time happens to those at
/// risk just before it. At every time the incidences of all causes and the survival sum to 1 (one
/// minus Kaplan and Meier per cause would take those who left otherwise as still to come). The
/// variance is the exact delta method (Greenwood's; Braun and Yuan 2007), summed in one pass of
/// positive terms; intervals are log-log of 1 - incidence, so with one cause they are Kaplan and
/// Meier's. Before the first event of a cause the high end is Clopper and Pearson's for those at
/// risk. `view.event` is 0 (censored) or 1 + a code of `causes`.
/// @throws InvalidArgument as check(), for an event beyond `causes`, and for no causes.
EMPTOR_EXPORT CumulativeIncidence
cumulative_incidence(const SurvivalView& view, const std::shared_ptr<const Dictionary>& causes,
                     const SurvivalOptions& options = {}, const Context& context = {});

}  // namespace emptor::learn
