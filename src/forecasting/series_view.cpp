#include "forecasting/series_view.hpp"

#include "emptor/core/error.hpp"

#include "core/shortest.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

namespace emptor::forecasting {
namespace {

[[noreturn]] void fail(std::string_view function, const std::string& what) {
  throw InvalidArgument(std::string(function) + ": " + what);
}

void check_sizes(std::string_view function, const SeriesView& v, std::size_t series) {
  const auto same = [&](std::size_t size, const char* name) {
    if (size != 0 && size != v.y.size()) {
      fail(function, std::string(name) + " has " + std::to_string(size) + " rows, y has " +
                         std::to_string(v.y.size()));
    }
  };
  same(v.start.size(), "start");
  same(v.complete.size(), "complete");
  if (!v.start.empty() && !v.period) fail(function, "start needs period, as Period::month");
  if (!v.group.empty() && v.group.size() != series) {
    fail(function, "group has " + std::to_string(v.group.size()) + " codes for " +
                       std::to_string(series) + " series");
  }
  if (!v.group.empty() && !v.groups)
    fail(function, "group needs groups, the dictionary of its codes");
}

std::string series_name(const SeriesView& v, std::size_t s) {
  if (v.group.empty() || !v.groups) return "series " + std::to_string(s);
  const std::string name = v.groups->to_string(v.group[s]);
  return name.empty() ? "the series" : "series '" + name.substr(0, 40) + "'";
}

}  // namespace

GroupedView::GroupedView(const data::Series& series) : view(forecasting::view(series)) {
  if (series.by.empty()) {
    view.offset = {};
    return;
  }
  for (std::size_t s = 0; s + 1 < series.offset.size(); ++s) {
    codes.push_back(series.group[static_cast<std::size_t>(series.offset[s])]);
  }
  view.groups = series.groups;
  view.group = codes;
}

std::vector<std::int64_t> checked_offsets(std::string_view function, const SeriesView& v) {
  const auto rows = static_cast<std::int64_t>(v.y.size());
  if (v.offset.empty()) {
    check_sizes(function, v, 1);
    return {0, rows};
  }
  if (v.offset.front() != 0 || v.offset.back() != rows ||
      !std::is_sorted(v.offset.begin(), v.offset.end())) {
    fail(function, "offset must rise from 0 to the number of rows, " + std::to_string(rows));
  }
  check_sizes(function, v, v.offset.size() - 1);
  return {v.offset.begin(), v.offset.end()};
}

void check_rows(std::string_view function, const SeriesView& v,
                std::span<const std::int64_t> offset) {
  for (std::size_t s = 0; s + 1 < offset.size(); ++s) {
    for (auto i = static_cast<std::size_t>(offset[s]); i < static_cast<std::size_t>(offset[s + 1]);
         ++i) {
      if (std::isinf(v.y[i])) {
        fail(function, "y is infinite in row " + std::to_string(i) + " (" + series_name(v, s) +
                           "); write NaN for a missing value");
      }
      if (v.start.empty() || i == static_cast<std::size_t>(offset[s])) continue;
      if (v.start[i] != data::next_period(v.start[i - 1], *v.period)) {
        throw DataError(std::string(function) + ": in " + series_name(v, s) + " row " +
                        std::to_string(i) + " (" + data::iso_date(v.start[i]) +
                        ") does not follow " + data::iso_date(v.start[i - 1]) + " by one " +
                        data::to_string(*v.period) +
                        "; give one row per period, NaN where a value is missing");
      }
    }
  }
}

std::shared_ptr<const Dictionary> names_of(const SeriesView& v, std::size_t series) {
  if (v.groups && !v.group.empty()) return v.groups;
  std::vector<std::int64_t> numbers(series);
  std::iota(numbers.begin(), numbers.end(), std::int64_t{0});
  return Dictionary::from_integers(std::move(numbers));
}

std::int32_t code_of(const SeriesView& v, std::size_t s) {
  return v.group.empty() || !v.groups ? static_cast<std::int32_t>(s) : v.group[s];
}

std::vector<double> rows_of(const SeriesView& v, std::size_t begin, std::size_t end) {
  std::vector<double> y(v.y.begin() + static_cast<std::ptrdiff_t>(begin),
                        v.y.begin() + static_cast<std::ptrdiff_t>(end));
  for (std::size_t i = begin; i < end && !v.complete.empty(); ++i) {
    if (v.complete[i] == 0) y[i - begin] = std::numeric_limits<double>::quiet_NaN();
  }
  return y;
}

void check_levels(std::string_view function, std::span<const double> level) {
  if (level.empty()) fail(function, "level is empty; write confidences, as .8 and .95");
  for (double l : level) {
    if (!(l > 0 && l < 1)) {
      fail(function, "level " + core::shortest(l) + " is not between 0 and 1; write .95 for 95 %");
    }
    if (std::count(level.begin(), level.end(), l) > 1) {
      fail(function, "level " + core::shortest(l) + " is given twice");
    }
  }
}
int default_season_length(std::optional<data::Period> period) {
  if (!period) return 1;
  switch (period->unit) {
    case data::Period::Unit::day:
      return 7;
    case data::Period::Unit::week:
      return 52;
    case data::Period::Unit::month:
      return 12;
    case data::Period::Unit::quarter:
      return 4;
    case data::Period::Unit::year:
      break;
  }
  return 1;
}

int default_horizon(std::optional<data::Period> period, std::int64_t longest) {
  constexpr std::array<int, 5> by_unit{14, 8, 3, 2, 1};
  const int wanted = period ? by_unit[static_cast<std::size_t>(period->unit)] : 8;
  return static_cast<int>(std::clamp<std::int64_t>(longest / 4, 1, wanted));
}

std::string level_name(double level) {
  std::string text = std::to_string(level * 100);
  while (text.back() == '0') text.pop_back();
  if (text.back() == '.') text.pop_back();
  std::replace(text.begin(), text.end(), '.', '_');
  return text;
}

std::vector<std::string> level_names(std::initializer_list<const char*> stems,
                                     const std::vector<double>& level) {
  std::vector<std::string> out;
  for (double l : level) {
    for (const char* stem : stems) {
      out.push_back(level.size() == 1 ? stem : stem + ("_" + level_name(l)));
    }
  }
  return out;
}

}  // namespace emptor::forecasting
