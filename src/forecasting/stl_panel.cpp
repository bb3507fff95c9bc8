#include "emptor/core/error.hpp"
#include "emptor/forecasting/stl.hpp"

#include "core/parallel.hpp"
#include "forecasting/series_view.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace emptor::forecasting {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kBlock = 8;  ///< series per block of work

bool can_be_decomposed(std::span<const double> y, std::span<const int> season_length) {
  const auto known = std::count_if(y.begin(), y.end(), [](double v) { return !std::isnan(v); });
  return known >= 2 && std::any_of(season_length.begin(), season_length.end(), [&](int m) {
           return y.size() >= 2 * static_cast<std::size_t>(m);
         });
}

void prepare_columns(Stl& out, const SeriesView& view, std::size_t series) {
  const std::size_t rows = view.y.size();
  out.by = view.by.empty() && !view.offset.empty() ? "series" : view.by;
  out.value = view.value;
  out.period = view.period;
  out.groups = names_of(view, series);
  out.start.assign(view.start.begin(), view.start.end());
  out.series.resize(rows);
  out.step.resize(rows);
  out.y.resize(rows);
  out.trend.assign(rows, kNaN);
  out.season.assign(rows, kNaN);
  out.remainder.assign(rows, kNaN);
  out.adjusted.assign(rows, kNaN);
  out.weight.assign(rows, kNaN);
  out.status.assign(rows, Status::not_enough_data);
  out.seasons.assign(out.season_length.size(), std::vector<double>(rows, kNaN));
  out.strength_series.resize(series);
  out.trend_strength.assign(series, kNaN);
  out.season_strength.assign(out.season_length.size(), std::vector<double>(series, kNaN));
  out.strength_status.assign(series, Status::not_enough_data);
  for (const char* stem : {"season_", "season_strength_"}) {
    for (int m : out.season_length) out.names.push_back(stem + std::to_string(m));
  }
}

/// Writes one series' decomposition to its rows.
void write(Stl& out, const StlFit& fit, std::size_t s, std::size_t from) {
  out.trend_strength[s] = fit.trend_strength;
  out.strength_status[s] = Status::ok;
  for (std::size_t i = 0; i < fit.trend.size(); ++i) {
    const std::size_t row = from + i;
    out.trend[row] = fit.trend[i];
    out.remainder[row] = fit.remainder[i];
    out.weight[row] = fit.weight[i];
    out.status[row] = Status::ok;
    out.season[row] = 0;
    for (auto& season : out.seasons) season[row] = 0;
  }
  for (std::size_t k = 0; k < fit.season_length.size(); ++k) {
    const auto column = static_cast<std::size_t>(
        std::find(out.season_length.begin(), out.season_length.end(), fit.season_length[k]) -
        out.season_length.begin());
    out.season_strength[column][s] = fit.season_strength[k];
    for (std::size_t i = 0; i < fit.trend.size(); ++i) {
      out.seasons[column][from + i] = fit.season[k][i];
      out.season[from + i] += fit.season[k][i];
    }
  }
  for (std::size_t i = 0; i < fit.trend.size(); ++i) {
    out.adjusted[from + i] = out.y[from + i] - out.season[from + i];
  }
}

}  // namespace

Stl stl(const SeriesView& series, const StlOptions& options, const Context& context) {
  const std::vector<std::int64_t> offset = checked_offsets("stl", series);
  check_rows("stl", series, offset);
  StlOptions used = options;
  if (used.season_length.empty()) {
    const int m = default_season_length(series.period);
    if (m < 2) {
      throw InvalidArgument(
          "stl: season_length is needed where the period has none; write periods, "
          "as 12");
    }
    used.season_length = {m};
  }
  fit_stl(std::vector<double>{1, 1, 1, 1}, [&] {  // checks the options before any work
    StlOptions probe = used;
    probe.season_length.push_back(2);
    return probe;
  }());
  const std::size_t count = offset.size() - 1;
  const std::size_t bytes =
      series.y.size() * sizeof(double) * (8 + used.season_length.size()) + count * 64;
  if (context.memory_limit > 0 && bytes > context.memory_limit) {
    throw MemoryLimit("stl: " + std::to_string(series.y.size()) + " values need about " +
                      std::to_string(bytes) + " bytes, memory_limit is " +
                      std::to_string(context.memory_limit));
  }
  Stl out;
  out.season_length = used.season_length;
  std::sort(out.season_length.begin(), out.season_length.end());
  out.season_length.erase(std::unique(out.season_length.begin(), out.season_length.end()),
                          out.season_length.end());
  prepare_columns(out, series, count);
  core::parallel_ranges(context, count, kBlock, [&](std::size_t begin, std::size_t end) {
    for (std::size_t s = begin; s < end; ++s) {
      const auto from = static_cast<std::size_t>(offset[s]);
      const auto to = static_cast<std::size_t>(offset[s + 1]);
      const std::int32_t code = code_of(series, s);
      const std::vector<double> y = rows_of(series, from, to);
      out.strength_series[s] = code;
      for (std::size_t i = from; i < to; ++i) {
        out.series[i] = code;
        out.step[i] = static_cast<std::int64_t>(i - from) + 1;
        out.y[i] = y[i - from];
      }
      if (can_be_decomposed(y, used.season_length)) write(out, fit_stl(y, used), s, from);
    }
  });
  return out;
}

Stl stl(const data::Series& series, const StlOptions& options, const Context& context) {
  const GroupedView grouped(series);
  return stl(grouped.view, options, context);
}

std::vector<Column> Stl::columns() const {
  std::vector<Column> out;
  if (!by.empty()) out.emplace_back(by, series, *groups, "the series");
  if (!start.empty()) out.push_back(Column::dates("start", start, "first day of the period"));
  out.emplace_back("step", step, "number of the value in its series");
  out.back().shown = start.empty();
  out.emplace_back("y", y, "the value; missing where the data cut the period");
  out.emplace_back("trend", trend, "what moves slowly");
  out.emplace_back("season", season, "what comes back every season; the sum of all seasons");
  for (std::size_t k = 0; k < seasons.size(); ++k) {
    out.emplace_back(names[k], seasons[k], "the season of this length");
    out.back().shown = seasons.size() > 1;
  }
  out.emplace_back("remainder", remainder, "what is neither: y - trend - season");
  out.push_back(Column("adjusted", adjusted, "y without its seasons").hidden());
  out.push_back(Column("weight", weight, "weight of the value in robust fits, else 1").hidden());
  out.emplace_back("status", status, status_labels(), "whether there are two of a season");
  return out;
}

std::vector<Scalar> Stl::info() const {
  std::vector<Scalar> out;
  if (!value.empty()) out.push_back({"value", value, "what is decomposed"});
  if (period) {
    out.push_back({"period", data::to_string(*period), "length of a step"});
  }
  return out;
}

std::vector<Column> StlStrength::columns() const {
  std::vector<Column> out;
  if (!stl.by.empty()) out.emplace_back(stl.by, stl.strength_series, *stl.groups, "the series");
  out.emplace_back("trend_strength", stl.trend_strength,
                   "1 - var(remainder) / var(remainder + trend): 0 is none, 1 is all");
  for (std::size_t k = 0; k < stl.season_strength.size(); ++k) {
    out.emplace_back(stl.names[stl.season_length.size() + k], stl.season_strength[k],
                     "1 - var(remainder) / var(remainder + season): 0 is none, 1 is all");
  }
  out.emplace_back("status", stl.strength_status, status_labels(),
                   "whether there are two of a season");
  return out;
}

std::vector<Scalar> StlStrength::info() const { return stl.info(); }

}  // namespace emptor::forecasting
