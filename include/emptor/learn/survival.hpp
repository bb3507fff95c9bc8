#pragma once

#include "emptor/core/columns.hpp"
#include "emptor/core/context.hpp"
#include "emptor/core/dictionary.hpp"
#include "emptor/core/estimate.hpp"
#include "emptor/core/export.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace emptor::learn {

/// How long each row was watched and how the watching ended, as the caller's own columns.
struct SurvivalView {
  std::span<const double> duration{};     ///< from the start to the event or the end of watching
  std::span<const std::int32_t> event{};  ///< 0: censored, the event had not come; else which came
  /// Watched only from here on (left truncation), below the duration; empty: from 0 on.
  std::span<const double> entry{};
  std::span<const std::int32_t> group{};       ///< codes, -1 is left out; empty: one group
  std::shared_ptr<const Dictionary> groups{};  ///< what the codes mean; needed with `group`
};

/// Throws unless columns are equally long, durations finite and not negative, entries below them,
/// events not negative and groups inside the dictionary. `function` is named in errors.
/// @throws InvalidArgument naming the row.
EMPTOR_EXPORT void check(const SurvivalView& view, std::string_view function);

struct SurvivalOptions {
  double level = 0.95;  ///< confidence of the intervals
};

/// One row per group and time at which somebody leaves, by event or by censoring; the first row of
/// a group is time 0. Group g has rows [offset[g], offset[g + 1]).
struct SurvivalCurve {
  std::shared_ptr<const Dictionary> groups{};  ///< null if not grouped
  std::vector<std::int32_t> group{};
  std::vector<double> time{};
  std::vector<double> survival{};  ///< share without the event beyond this time
  std::vector<double> survival_low{};
  std::vector<double> survival_high{};
  std::vector<std::int64_t> n{};  ///< at risk just before this time
  std::vector<Status> status{};   ///< small_sample under 10 at risk
  std::vector<std::int64_t> events{};
  std::vector<std::int64_t> censored{};
  std::vector<double> standard_error{};     ///< of survival (Greenwood)
  std::vector<double> cumulative_hazard{};  ///< Nelson and Aalen
  std::vector<double> cumulative_hazard_low{};
  std::vector<double> cumulative_hazard_high{};
  std::vector<std::int64_t> offset{0};
  std::int64_t n_rows = 0;  ///< rows the curves rest on
  std::int64_t n_events = 0;
  double level = 0.95;

  [[nodiscard]] EMPTOR_EXPORT std::vector<Column> columns() const;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Scalar> info() const;
};

/// What share has not had the event by each time, some having been watched for a short while only?
///
/// Kaplan and Meier's product limit (1958), who leaves at a time by censoring being at risk at it,
/// with Greenwood's variance and log-log intervals (Kalbfleisch and Prentice 2002, 1.4); before
/// the first event, where that variance is 0, the low end is Clopper and Pearson's for those still
/// at risk; where nobody is left the high end is that of the time before. Beside it Nelson and
/// Aalen's cumulative hazard with Aalen's variance and log intervals. O(n log n); O(n) for whole
/// numbers, as days are. Intervals hold at each time by itself, and take rows as independent and
/// censoring as telling nothing about the event.
/// @throws InvalidArgument as check(); for a level outside (0, 1).
EMPTOR_EXPORT SurvivalCurve survival_curve(const SurvivalView& view,
                                           const SurvivalOptions& options = {},
                                           const Context& context = {});

/// When the share with the event reaches `probability`, one row per group and probability.
struct SurvivalQuantiles {
  std::shared_ptr<const Dictionary> groups{};
  std::vector<std::int32_t> group{};
  std::vector<double> probability{};
  std::vector<double> time{};  ///< NaN, status extrapolated, if the curve does not get there
  std::vector<double> time_low{};
  std::vector<double> time_high{};  ///< NaN if the data do not bound it
  std::vector<std::int64_t> n{};    ///< rows of the group
  std::vector<Status> status{};
  double level = 0.95;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Column> columns() const;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Scalar> info() const;
};

/// By when have a quarter, half, three quarters had the event? Intervals by inverting those of the
/// curve (Brookmeyer and Crowley 1982): the times at which the curve's interval holds the share.
/// @throws InvalidArgument unless probabilities lie in (0, 1).
EMPTOR_EXPORT SurvivalQuantiles survival_quantiles(const SurvivalCurve& curve,
                                                   std::span<const double> probabilities);

struct SurvivalSummaryOptions {
  /// The restricted mean counts time up to here; 0: the last time at which every group is watched.
  double horizon = 0;
};

/// One row per group.
struct SurvivalSummary {
  std::shared_ptr<const Dictionary> groups{};
  std::vector<std::int32_t> group{};
  std::vector<double> median{};  ///< NaN, status extrapolated, if half have not had the event
  std::vector<double> median_low{};
  std::vector<double> median_high{};
  std::vector<std::int64_t> n{};  ///< rows of the group
  std::vector<Status> status{};   ///< small_sample under 10 events
  std::vector<std::int64_t> events{};
  std::vector<double> restricted_mean{};  ///< mean time without the event up to the horizon
  std::vector<double> restricted_mean_low{};
  std::vector<double> restricted_mean_high{};
  std::vector<Status> restricted_mean_status{};  ///< extrapolated where watching ended earlier
  double horizon = 0;
  double level = 0.95;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Column> columns() const;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Scalar> info() const;
};

/// Median and restricted mean time to the event, per group.
///
/// The restricted mean is the area under the curve up to `horizon`, with its delta-method variance
/// (Andersen, Borgan, Gill and Keiding 1993, IV.3); without any event it has no interval.
/// @throws InvalidArgument for a horizon that is not finite or below 0.
EMPTOR_EXPORT SurvivalSummary survival_summary(const SurvivalCurve& curve,
                                               const SurvivalSummaryOptions& options = {});

/// One row per group: events seen, and expected were all groups alike.
struct LogRank {
  std::shared_ptr<const Dictionary> groups{};
  std::vector<std::int32_t> group{};
  std::vector<std::int64_t> n{};
  std::vector<std::int64_t> events{};
  std::vector<double> expected{};
  double statistic = 0;  ///< chi-squared with `df` degrees of freedom if all groups are alike
  std::int64_t df = 0;   ///< 0 if nothing can be compared
  double p_value = 0;
  Status status = Status::ok;  ///< small_sample where a group expects under 5 events
  [[nodiscard]] EMPTOR_EXPORT std::vector<Column> columns() const;
  [[nodiscard]] EMPTOR_EXPORT std::vector<Scalar> info() const;
};

/// Do the groups differ? Log-rank test (Mantel 1966; Peto and Peto 1972) with exact ties: the
/// hypergeometric variance at each time. A group's entry counts from then on.
/// @throws InvalidArgument as check(), and without groups.
EMPTOR_EXPORT LogRank log_rank(const SurvivalView& view, const Context& context = {});

}  // namespace emptor::learn
