#pragma once

#include "emptor/forecasting/forecast.hpp"

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace emptor::forecasting {

/// The view of data::series() with a code per series; it must not outlive the series.
struct GroupedView {
  explicit GroupedView(const data::Series& series);
  GroupedView(const GroupedView&) = delete;
  GroupedView& operator=(const GroupedView&) = delete;
  std::vector<std::int32_t> codes{};
  SeriesView view{};
};

/// The rows of each series; sizes are checked. `function` begins the messages, here and below.
std::vector<std::int64_t> checked_offsets(std::string_view function, const SeriesView& v);

/// A typo may not turn into a silent gap: infinite values and jumps in the dates are errors.
void check_rows(std::string_view function, const SeriesView& v,
                std::span<const std::int64_t> offset);

/// The names of the series, or their numbers where they have none.
std::shared_ptr<const Dictionary> names_of(const SeriesView& v, std::size_t series);
/// The code of a series among them.
std::int32_t code_of(const SeriesView& v, std::size_t s);

/// Rows [begin, end); those the data cut are missing.
std::vector<double> rows_of(const SeriesView& v, std::size_t begin, std::size_t end);

void check_levels(std::string_view function, std::span<const double> level);

int default_season_length(std::optional<data::Period> period);
/// That of the period, at most a quarter of the longest series.
int default_horizon(std::optional<data::Period> period, std::int64_t longest);

/// "80" of .8, "97_5" of .975.
std::string level_name(double level);
/// Column names by level: "low_80", "high_80", "low_95", ...; without the level if there is one.
std::vector<std::string> level_names(std::initializer_list<const char*> stems,
                                     const std::vector<double>& level);

}  // namespace emptor::forecasting
