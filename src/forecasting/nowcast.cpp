#include "emptor/forecasting/nowcast.hpp"

#include "emptor/core/error.hpp"

#include "forecasting/series_view.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>

namespace emptor::forecasting {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// The rows of a series up to its last whole day.
struct Rows {
  std::size_t first = 0;
  std::size_t end = 0;
};

Rows known_rows(const SeriesView& v, std::int64_t from, std::int64_t to) {
  Rows rows{static_cast<std::size_t>(from), static_cast<std::size_t>(to)};
  const auto is_known = [&](std::size_t i) {
    return !std::isnan(v.y[i]) && (v.complete.empty() || v.complete[i] != 0);
  };
  while (rows.end > rows.first && !is_known(rows.end - 1)) --rows.end;
  return rows;
}

/// The sum from one day up to another, NaN unless the rows hold every day of it.
double sum_of(const SeriesView& v, Rows rows, data::Day from, data::Day to) {
  if (rows.end == rows.first || from < v.start[rows.first] || to > v.start[rows.end - 1])
    return kNaN;
  const auto at = rows.first + static_cast<std::size_t>(from - v.start[rows.first]);
  return std::accumulate(v.y.begin() + static_cast<std::ptrdiff_t>(at),
                         v.y.begin() + static_cast<std::ptrdiff_t>(at) + (to - from + 1), 0.0);
}

int periods_of_a_year(const data::Period& period) {
  constexpr std::array<int, 5> by_unit{364, 52, 12, 4, 1};
  return by_unit[static_cast<std::size_t>(period.unit)];
}

/// Writes what is known of a series' period, and a point for its end where no day is left.
void add_known(Nowcast& out, const SeriesView& v, Rows rows) {
  const bool has_days = rows.end > rows.first;
  const data::Day today = has_days ? v.start[rows.end - 1] : data::kNoDay;
  const data::Day start = data::period_start(today, out.period);
  const data::Day next = data::next_period(start, out.period);
  const auto whole_before = [&](int periods) {
    const data::Day begin = data::next_period(start, out.period, -periods);
    return sum_of(v, rows, begin, data::next_period(begin, out.period) - 1);
  };
  out.start.push_back(start);
  out.end.push_back(has_days ? next - 1 : data::kNoDay);
  out.days.push_back(has_days ? next - start : 0);
  out.days_left.push_back(has_days ? next - 1 - today : 0);
  // Days of the period before the series begins are none of its: it begins with them.
  const data::Day from = has_days ? std::max(start, v.start[rows.first]) : start;
  const double so_far = has_days ? sum_of(v, rows, from, today) : kNaN;
  out.so_far.push_back(so_far);
  out.before.push_back(has_days ? whole_before(1) : kNaN);
  out.year_before.push_back(has_days ? whole_before(periods_of_a_year(out.period)) : kNaN);
  const bool done = has_days && today == next - 1 && !std::isnan(so_far);
  out.total.push_back(done ? so_far : kNaN);
  out.naive.push_back(done ? so_far : kNaN);
  for (auto& ends : out.band.low) ends.push_back(done ? so_far : kNaN);
  for (auto& ends : out.band.high) ends.push_back(done ? so_far : kNaN);
  out.n.push_back(0);
  out.status.push_back(done ? Status::ok : Status::not_enough_data);
}

/// Series of which equally many days are left, end to end.
struct Ahead {
  std::vector<std::size_t> rows{};  ///< of the result
  std::vector<double> y{};
  std::vector<data::Day> start{};
  std::vector<std::int64_t> offset{0};
  void add(const SeriesView& v, Rows from, std::size_t row) {
    rows.push_back(row);
    for (std::size_t i = from.first; i < from.end; ++i) {
      y.push_back(v.complete.empty() || v.complete[i] != 0 ? v.y[i] : kNaN);
      start.push_back(v.start[i]);
    }
    offset.push_back(static_cast<std::int64_t>(y.size()));
  }
};

/// Adds the forecast of the days left to what is known.
void add_ahead(Nowcast& out, const Ahead& ahead, int days_left, const NowcastOptions& options,
               const Context& context) {
  SeriesView v;
  v.y = ahead.y;
  v.start = ahead.start;
  v.offset = ahead.offset;
  v.period = data::Period::day;
  const ForecastTotals totals = forecast(v,
                                         {.horizon = days_left,
                                          .model = options.model,
                                          .level = options.level,
                                          .windows = options.windows},
                                         context)
                                    .totals;
  for (std::size_t i = 0; i < ahead.rows.size(); ++i) {
    const std::size_t row = ahead.rows[i];
    const double known = out.so_far[row];
    out.total[row] = known + totals.total[i];
    out.naive[row] = known + totals.naive[i];
    for (std::size_t k = 0; k < options.level.size(); ++k) {
      out.band.low[k][row] = known + totals.band.low[k][i];
      out.band.high[k][row] = known + totals.band.high[k][i];
    }
    out.n[row] = totals.n[i];
    out.status[row] = totals.status[i];
  }
}

}  // namespace

Nowcast nowcast(const SeriesView& series, const NowcastOptions& options, const Context& context) {
  const std::vector<std::int64_t> offset = checked_offsets("nowcast", series);
  check_rows("nowcast", series, offset);
  check_levels("nowcast", options.level);
  if (series.period != data::Period::day || (series.start.empty() && !series.y.empty())) {
    throw InvalidArgument(
        "nowcast: the series must be of days with their dates, as sales.series(period=\"day\")");
  }
  if (options.period.unit == data::Period::Unit::day) {
    throw InvalidArgument("nowcast: period is \"day\"; write a longer one, as \"month\"");
  }
  Nowcast out;
  out.by = series.by.empty() && !series.offset.empty() ? "series" : series.by;
  out.value = series.value;
  out.period = options.period;
  out.level = options.level;
  out.names = level_names({"total_low", "total_high"}, options.level);
  out.band.low.resize(options.level.size());
  out.band.high.resize(options.level.size());
  const std::size_t count = offset.size() - 1;
  out.groups = names_of(series, count);
  std::map<std::int64_t, Ahead> by_days_left;
  for (std::size_t s = 0; s < count; ++s) {
    out.series.push_back(code_of(series, s));
    const Rows rows = known_rows(series, offset[s], offset[s + 1]);
    add_known(out, series, rows);
    const std::int64_t left = out.days_left.back();
    if (left > 0 && !std::isnan(out.so_far.back())) by_days_left[left].add(series, rows, s);
  }
  for (const auto& [left, ahead] : by_days_left) {
    add_ahead(out, ahead, static_cast<int>(left), options, context);
  }
  return out;
}

Nowcast nowcast(const data::Series& series, const NowcastOptions& options, const Context& context) {
  const GroupedView grouped(series);
  return nowcast(grouped.view, options, context);
}

std::vector<Column> Nowcast::columns() const {
  std::vector<Column> out;
  if (!by.empty()) out.emplace_back(by, series, *groups, "the series");
  out.push_back(Column::dates("start", start, "first day of the period"));
  out.push_back(Column::dates("end", end, "last day of the period"));
  out.push_back(Column("days", days, "of the period").hidden());
  out.emplace_back("days_left", days_left, "days of the period that are not known yet");
  out.emplace_back("so_far", so_far, "sum of the days known");
  out.emplace_back("total", total, "expected sum of the whole period");
  for (std::size_t k = 0; k < level.size(); ++k) {
    out.emplace_back(names[2 * k], band.low[k], "lower end of the interval of the period's sum");
    out.emplace_back(names[2 * k + 1], band.high[k],
                     "upper end of the interval of the period's sum");
  }
  out.push_back(
      Column("naive_total", naive, "the sum if the days left repeated the past").hidden());
  out.emplace_back("before", before, "sum of the whole period before");
  out.emplace_back("year_before", year_before,
                   "sum of the same period a year before; of weeks, 52 weeks before");
  out.emplace_back("n", n, "past sums the interval was calibrated on; they overlap");
  out.emplace_back("status", status, status_labels(), "what stands behind the sum");
  return out;
}

std::vector<Scalar> Nowcast::info() const {
  std::vector<Scalar> out;
  if (!value.empty()) out.push_back({"value", value, "what is summed"});
  out.push_back({"period", data::to_string(period), "whose end is asked for"});
  return out;
}

}  // namespace emptor::forecasting
