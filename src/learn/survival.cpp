#include "emptor/learn/survival.hpp"

#include "emptor/core/error.hpp"
#include "emptor/core/interval.hpp"

#include "core/parallel.hpp"
#include "core/shortest.hpp"
#include "learn/event_table.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

namespace emptor::learn {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr std::int64_t kFewAtRisk = 10;
constexpr std::int64_t kFewEvents = 10;
constexpr std::size_t kBlock = 4096;
// Shares that are equal but for rounding: half of the rows is half.
constexpr double kRounding = 1e-12;

// Rows of all groups, with the sums of variances that the intervals are made of.
struct Sums {
  std::vector<double> greenwood{};
  std::vector<double> hazard_variance{};
};

void append(const EventTable& table, std::int32_t group, SurvivalCurve& curve, Sums& sums) {
  const auto row = [&](double time, double survival, std::int64_t n, std::int64_t events,
                       std::int64_t censored, double greenwood, double hazard, double variance) {
    curve.group.push_back(group);
    curve.time.push_back(time);
    curve.survival.push_back(survival);
    curve.n.push_back(n);
    curve.events.push_back(events);
    curve.censored.push_back(censored);
    curve.cumulative_hazard.push_back(hazard);
    sums.greenwood.push_back(greenwood);
    sums.hazard_variance.push_back(variance);
  };
  const bool empty = table.size() == 0;
  if (empty || table.time.front() > 0) {
    row(0, empty ? kNaN : 1, table.n, 0, 0, 0, empty ? kNaN : 0, 0);
  }
  double survival = 1, greenwood = 0, hazard = 0, variance = 0;
  for (std::size_t i = 0; i < table.size(); ++i) {
    if (table.events[i] > 0) {
      const auto n = static_cast<double>(table.at_risk[i]);
      const auto d = static_cast<double>(table.events[i]);
      survival *= (n - d) / n;
      greenwood += n > d ? d / (n * (n - d)) : 0;
      hazard += d / n;
      variance += d / (n * n);
    }
    row(table.time[i], survival, table.at_risk[i], table.events[i], table.censored[i], greenwood,
        hazard, variance);
  }
  curve.offset.push_back(static_cast<std::int64_t>(curve.time.size()));
  curve.n_rows += table.n;
  curve.n_events += table.n_events;
}

// Ends of row i; where the survival is 0 the high end is left to the row before.
void set_ends(SurvivalCurve& curve, const Sums& sums, std::size_t i, double z) {
  const double s = curve.survival[i];
  curve.status[i] = std::isnan(s)             ? Status::not_enough_data
                    : curve.n[i] < kFewAtRisk ? Status::small_sample
                                              : Status::ok;
  curve.survival_low[i] = curve.survival_high[i] = curve.standard_error[i] = kNaN;
  curve.cumulative_hazard_low[i] = curve.cumulative_hazard_high[i] = kNaN;
  if (std::isnan(s)) return;
  if (s == 1) {
    // All of n are still there: the exact low end is (alpha / 2)^(1 / n).
    const double log_tail = std::log((1 - curve.level) / 2);
    curve.survival_low[i] = std::exp(log_tail / static_cast<double>(curve.n[i]));
    curve.survival_high[i] = 1;
    curve.standard_error[i] = 0;
    curve.cumulative_hazard_low[i] = 0;
    curve.cumulative_hazard_high[i] = -log_tail / static_cast<double>(curve.n[i]);
    return;
  }
  const double hazard = curve.cumulative_hazard[i];
  const double spread = std::exp(z * std::sqrt(sums.hazard_variance[i]) / hazard);
  curve.cumulative_hazard_low[i] = hazard / spread;
  curve.cumulative_hazard_high[i] = hazard * spread;
  if (s == 0) {
    curve.survival_low[i] = 0;
    return;
  }
  const double log_survival = std::log(s);
  const double error = std::sqrt(sums.greenwood[i]);
  const double step = std::exp(z * error / -log_survival);
  curve.survival_low[i] = std::exp(log_survival * step);
  curve.survival_high[i] = std::exp(log_survival / step);
  curve.standard_error[i] = s * error;
}

void set_intervals(SurvivalCurve& curve, const Sums& sums, const Context& context) {
  const std::size_t n = curve.time.size();
  for (auto* column : {&curve.survival_low, &curve.survival_high, &curve.standard_error,
                       &curve.cumulative_hazard_low, &curve.cumulative_hazard_high}) {
    column->resize(n);
  }
  curve.status.resize(n);
  const double z = normal_half_width(curve.level);
  // Between events only the number at risk changes.
  const auto moved = [&](std::size_t i) { return curve.events[i] > 0 || !(curve.survival[i] < 1); };
  core::parallel_ranges(context, n, kBlock, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      if (moved(i)) set_ends(curve, sums, i, z);
    }
  });
  for (std::size_t i = 0; i < n; ++i) {
    if (!moved(i)) {
      curve.survival_low[i] = curve.survival_low[i - 1];
      curve.survival_high[i] = curve.survival_high[i - 1];
      curve.standard_error[i] = curve.standard_error[i - 1];
      curve.cumulative_hazard_low[i] = curve.cumulative_hazard_low[i - 1];
      curve.cumulative_hazard_high[i] = curve.cumulative_hazard_high[i - 1];
      curve.status[i] = curve.n[i] < kFewAtRisk ? Status::small_sample : Status::ok;
    } else if (curve.survival[i] == 0) {
      // The share beyond a time is at most that beyond the one before.
      curve.survival_high[i] =
          i > 0 && curve.group[i - 1] == curve.group[i]
              ? curve.survival_high[i - 1]
              : 1 - std::pow((1 - curve.level) / 2, 1 / static_cast<double>(curve.n[i]));
    }
  }
}

// First time of a group's rows at which a falling column is at most `share`; NaN if none.
double first_at_most(const SurvivalCurve& curve, const std::vector<double>& column, std::size_t g,
                     double share) {
  const auto begin = column.begin() + curve.offset[g];
  const auto end = column.begin() + curve.offset[g + 1];
  const double limit = share * (1 + kRounding);
  const auto at = std::partition_point(begin, end, [&](double s) { return s > limit; });
  if (at == end || std::isnan(*at)) return kNaN;
  return curve.time[static_cast<std::size_t>(at - column.begin())];
}

struct TimeAt {
  double value, low, high;
  Status status;
};

std::int64_t rows_of(const SurvivalCurve& curve, std::size_t g) {
  return curve.n[static_cast<std::size_t>(curve.offset[g])];
}

std::int64_t events_of(const SurvivalCurve& curve, std::size_t g) {
  std::int64_t events = 0;
  for (auto i = curve.offset[g]; i < curve.offset[g + 1]; ++i)
    events += curve.events[static_cast<std::size_t>(i)];
  return events;
}

TimeAt time_at(const SurvivalCurve& curve, std::size_t g, double probability) {
  const auto first = static_cast<std::size_t>(curve.offset[g]);
  if (std::isnan(curve.survival[first])) return {kNaN, kNaN, kNaN, Status::not_enough_data};
  const double share = 1 - probability;
  TimeAt at{first_at_most(curve, curve.survival, g, share),
            first_at_most(curve, curve.survival_low, g, share),
            first_at_most(curve, curve.survival_high, g, share), Status::ok};
  at.status = std::isnan(at.value)               ? Status::extrapolated
              : events_of(curve, g) < kFewEvents ? Status::small_sample
                                                 : Status::ok;
  return at;
}

struct Area {
  double value = 0, variance = 0;
  bool whole = true;  ///< watched up to the horizon
};

// Area under a group's curve up to the horizon: backwards, since the variance weighs each event by
// the area after it.
Area area_to(const SurvivalCurve& curve, std::size_t g, double horizon) {
  Area area;
  const auto begin = static_cast<std::size_t>(curve.offset[g]);
  const auto end = static_cast<std::size_t>(curve.offset[g + 1]);
  area.whole = curve.time[end - 1] >= horizon || curve.survival[end - 1] == 0;
  double until = std::min(horizon, area.whole ? horizon : curve.time[end - 1]);
  for (std::size_t i = end; i-- > begin;) {
    if (curve.time[i] >= until) continue;
    area.value += curve.survival[i] * (until - curve.time[i]);
    until = curve.time[i];
    const auto n = static_cast<double>(curve.n[i]), d = static_cast<double>(curve.events[i]);
    if (d > 0 && n > d) area.variance += area.value * area.value * d / (n * (n - d));
  }
  return area;
}

// The last time at which the curve of every group is known.
double common_horizon(const SurvivalCurve& curve) {
  double shortest = std::numeric_limits<double>::infinity(), longest = 0;
  for (std::size_t g = 0; g + 1 < curve.offset.size(); ++g) {
    const auto last = static_cast<std::size_t>(curve.offset[g + 1]) - 1;
    if (std::isnan(curve.survival[last])) continue;
    longest = std::max(longest, curve.time[last]);
    if (curve.survival[last] > 0) shortest = std::min(shortest, curve.time[last]);
  }
  return std::min(shortest, longest);
}

}  // namespace

SurvivalCurve survival_curve(const SurvivalView& view, const SurvivalOptions& options,
                             const Context& context) {
  check(view, "survival");
  if (!(options.level > 0 && options.level < 1))
    throw InvalidArgument("survival: level must lie between 0 and 1, found " +
                          core::shortest(options.level));
  const auto tables = event_tables(view, 1, context, "survival");
  SurvivalCurve curve;
  curve.level = options.level;
  if (!view.group.empty()) curve.groups = view.groups;
  Sums sums;
  std::size_t rows = tables.size();
  for (const auto& table : tables) rows += table.size();
  for (auto* column : {&curve.time, &curve.survival, &curve.cumulative_hazard, &sums.greenwood,
                       &sums.hazard_variance}) {
    column->reserve(rows);
  }
  for (auto* column : {&curve.n, &curve.events, &curve.censored}) column->reserve(rows);
  curve.group.reserve(rows);
  for (std::size_t g = 0; g < tables.size(); ++g) {
    append(tables[g], static_cast<std::int32_t>(g), curve, sums);
  }
  set_intervals(curve, sums, context);
  return curve;
}

SurvivalQuantiles survival_quantiles(const SurvivalCurve& curve,
                                     std::span<const double> probabilities) {
  SurvivalQuantiles result;
  result.groups = curve.groups;
  result.level = curve.level;
  for (const double p : probabilities) {
    if (!(p > 0 && p < 1))
      throw InvalidArgument("survival_quantiles: probabilities must lie between 0 and 1, found " +
                            core::shortest(p));
  }
  for (std::size_t g = 0; g + 1 < curve.offset.size(); ++g) {
    for (const double p : probabilities) {
      const TimeAt at = time_at(curve, g, p);
      result.group.push_back(static_cast<std::int32_t>(g));
      result.probability.push_back(p);
      result.time.push_back(at.value);
      result.time_low.push_back(at.low);
      result.time_high.push_back(at.high);
      result.n.push_back(rows_of(curve, g));
      result.status.push_back(at.status);
    }
  }
  return result;
}

SurvivalSummary survival_summary(const SurvivalCurve& curve,
                                 const SurvivalSummaryOptions& options) {
  if (!(options.horizon >= 0) || !std::isfinite(options.horizon))
    throw InvalidArgument("survival_summary: horizon must be finite and not negative, found " +
                          core::shortest(options.horizon));
  SurvivalSummary result;
  result.groups = curve.groups;
  result.level = curve.level;
  result.horizon = options.horizon > 0 ? options.horizon : common_horizon(curve);
  const double z = normal_half_width(curve.level);
  for (std::size_t g = 0; g + 1 < curve.offset.size(); ++g) {
    const TimeAt median = time_at(curve, g, 0.5);
    const std::int64_t events = events_of(curve, g);
    result.group.push_back(static_cast<std::int32_t>(g));
    result.median.push_back(median.value);
    result.median_low.push_back(median.low);
    result.median_high.push_back(median.high);
    result.n.push_back(rows_of(curve, g));
    result.status.push_back(median.status);
    result.events.push_back(events);
    const Area area = area_to(curve, g, result.horizon);
    const bool none = median.status == Status::not_enough_data;
    const double half = events > 0 ? z * std::sqrt(area.variance) : kNaN;
    result.restricted_mean.push_back(area.whole && !none ? area.value : kNaN);
    result.restricted_mean_low.push_back(none ? kNaN : std::max(0.0, area.value - half));
    result.restricted_mean_high.push_back(
        area.whole && !none ? std::min(result.horizon, area.value + half) : kNaN);
    if (std::isnan(half))
      result.restricted_mean_low.back() = result.restricted_mean_high.back() = kNaN;
    result.restricted_mean_status.push_back(none                  ? Status::not_enough_data
                                            : !area.whole         ? Status::extrapolated
                                            : events < kFewEvents ? Status::small_sample
                                                                  : Status::ok);
  }
  return result;
}

}  // namespace emptor::learn
