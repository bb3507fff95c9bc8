#pragma once

#include "emptor/core/context.hpp"
#include "emptor/data/calendar.hpp"

#include "data/findings.hpp"
#include "data/reader.hpp"
#include "data/rows.hpp"

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace emptor::data {

inline constexpr std::int64_t kNoTime = std::numeric_limits<std::int64_t>::min();
inline constexpr std::int64_t kDayLength = 86'400'000'000;

/// A column of instants and their civil days in the business's zone.
struct TimeColumn {
  Rows<std::int64_t> utc{};  ///< kNoTime where missing or unreadable
  Rows<Day> day{};           ///< kNoDay there
  bool dates_only = false;   ///< days without a time of day
  std::string as{};          ///< in words, for Sales::recognised
  Tally missing{};
  Tally unreadable{};
  Tally gaps{};      ///< wall clocks that a change of the clock skips
  Tally overlaps{};  ///< ... or shows twice
};

/// How times are to be understood.
struct TimeRules {
  const TimeZone* business = nullptr;
  const TimeZone* source = nullptr;  ///< the zone of naive wall clocks
  std::string date_format{};         ///< "" detects
};

/// Reads a column of dates or times. `name` stands for it in messages.
/// @throws DataError when the texts can be read two ways, mix zones, or are no dates at all.
TimeColumn read_times(const ColumnReader& reader, const TimeRules& rules, const std::string& name,
                      const Positions& positions, const Context& context);

/// TimeZone::to_local and to_utc for runs of close instants: remembers the stretch between two
/// changes of the clock it was last in.
class ZoneCursor {
 public:
  explicit ZoneCursor(const TimeZone& zone) : zone_(&zone) {}
  std::int64_t to_local(std::int64_t utc) noexcept {
    if (!(utc >= utc_from_ && utc < utc_to_)) find(utc);
    return utc + offset_;
  }
  std::int64_t to_utc(std::int64_t local, TimeZone::Reading& reading) noexcept;

 private:
  void find(std::int64_t utc) noexcept;

  const TimeZone* zone_;
  std::int64_t utc_from_ = 1, utc_to_ = 0;  // an empty stretch
  std::int64_t offset_ = 0;
};

/// The civil day of a wall clock.
inline Day day_of_local(std::int64_t local) noexcept {
  const std::int64_t day = local / kDayLength - (local % kDayLength < 0 ? 1 : 0);
  return static_cast<Day>(day);
}

}  // namespace emptor::data
