// What the results of survival look like as tables.
#include "emptor/learn/survival.hpp"

#include <string>

namespace emptor::learn {
namespace {

template <typename Result>
std::vector<Column> with_group(const Result& result, std::vector<Column> columns) {
  if (result.groups)
    columns.insert(columns.begin(), Column("group", result.group, *result.groups, "which rows"));
  return columns;
}

}  // namespace

std::vector<Column> SurvivalCurve::columns() const {
  return with_group(
      *this, {{"time", time, "at which somebody leaves, in the unit of the durations"},
              {"survival", survival, "share without the event beyond this time"},
              {"survival_low", survival_low, "lower end of its interval"},
              {"survival_high", survival_high, "upper end of its interval"},
              {"n", n, "at risk just before this time"},
              Column("status", status, status_labels(), "small_sample under 10 at risk").hidden(),
              {"events", events, "at this time"},
              {"censored", censored, "at this time: watched no longer"},
              Column("standard_error", standard_error, "of survival, Greenwood").hidden(),
              Column("cumulative_hazard", cumulative_hazard, "Nelson and Aalen").hidden(),
              Column("cumulative_hazard_low", cumulative_hazard_low, "lower end").hidden(),
              Column("cumulative_hazard_high", cumulative_hazard_high, "upper end").hidden()});
}

std::vector<Scalar> SurvivalCurve::info() const {
  return {{"n", n_rows, "rows the curves rest on"},
          {"events", n_events, "rows whose event was seen"},
          {"level", level, "confidence of the intervals, at each time by itself"}};
}

std::vector<Column> SurvivalQuantiles::columns() const {
  return with_group(*this,
                    {{"probability", probability, "share with the event"},
                     {"time", time, "by which that share has had it"},
                     {"time_low", time_low, "lower end of its interval"},
                     {"time_high", time_high, "upper end; missing if the data do not bound it"},
                     {"n", n, "rows of the group"},
                     {"status", status, status_labels(), "extrapolated: not reached"}});
}

std::vector<Scalar> SurvivalQuantiles::info() const {
  return {{"level", level, "confidence of the intervals"}};
}

std::vector<Column> SurvivalSummary::columns() const {
  return with_group(
      *this, {{"median", median, "time by which half have had the event"},
              {"median_low", median_low, "lower end of its interval"},
              {"median_high", median_high, "upper end; missing if the data do not bound it"},
              {"n", n, "rows of the group"},
              {"status", status, status_labels(), "extrapolated: half have not had the event"},
              {"events", events, "rows whose event was seen"},
              {"restricted_mean", restricted_mean, "mean time without the event up to the horizon"},
              {"restricted_mean_low", restricted_mean_low, "lower end of its interval"},
              {"restricted_mean_high", restricted_mean_high, "upper end of its interval"},
              Column("restricted_mean_status", restricted_mean_status, status_labels(),
                     "extrapolated: watching ended before the horizon")
                  .hidden()});
}

std::vector<Scalar> SurvivalSummary::info() const {
  return {{"horizon", horizon, "up to where the restricted mean counts"},
          {"level", level, "confidence of the intervals"}};
}

std::vector<Column> LogRank::columns() const {
  return with_group(*this, {{"n", n, "rows of the group"},
                            {"events", events, "seen"},
                            {"expected", expected, "events, were all groups alike"}});
}

std::vector<Scalar> LogRank::info() const {
  return {{"statistic", statistic, "chi-squared if all groups are alike"},
          {"df", df, "degrees of freedom; 0 if nothing can be compared"},
          {"p_value", p_value, "chance of as large a statistic if all groups are alike"},
          {"status", std::string(status_labels()[static_cast<std::size_t>(status)]),
           "small_sample where a group expects under 5 events"}};
}

}  // namespace emptor::learn
