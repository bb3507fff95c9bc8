#include "data/times.hpp"

#include "emptor/core/error.hpp"

#include "core/parallel.hpp"
#include "data/dates.hpp"
#include "data/words.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

namespace emptor::data {

namespace {

constexpr std::int64_t kFirstInstant = -62'135'596'800'000'000;  // 0001-01-01
constexpr std::int64_t kLastInstant = 253'402'300'800'000'000;   // after 9999-12-31

/// What the texts of a column look like: enough to choose the one order they are written in.
struct Shapes {
  std::array<Tally, 6> shape{};           ///< by DateShape
  Tally day_first_only{};                 ///< year last or short; reads only day first
  Tally month_first_only{};               ///< ... only month first
  Tally short_year_first_only{};          ///< 31/12/09 reads only as 2031-12-09
  Tally differ{};                         ///< reads more than one way
  Tally with_offset{}, without_offset{};  ///< times that name their zone, or do not
  std::int64_t with_time = 0;

  void merge(const Shapes& next) {
    for (std::size_t s = 0; s < shape.size(); ++s) shape[s].merge(next.shape[s]);
    day_first_only.merge(next.day_first_only);
    month_first_only.merge(next.month_first_only);
    short_year_first_only.merge(next.short_year_first_only);
    differ.merge(next.differ);
    with_offset.merge(next.with_offset);
    without_offset.merge(next.without_offset);
    with_time += next.with_time;
  }
};

void look_at(std::string_view text, std::size_t row, Shapes& shapes) {
  const DateShape shape = date_shape(text);
  shapes.shape[static_cast<std::size_t>(shape)].add(row);
  ParsedDate date;
  bool parsed = false;
  switch (shape) {
    case DateShape::none:
      return;
    case DateShape::year_first:
      parsed = parse_date_in(text, DateOrder::year_first, date);
      break;
    case DateShape::compact:
      parsed = parse_date_in(text, DateOrder::compact, date);
      break;
    case DateShape::named:
      parsed = parse_date_in(text, DateOrder::named, date);
      break;
    case DateShape::year_last:
    case DateShape::short_year: {
      const bool full = shape == DateShape::year_last;
      ParsedDate day_first, month_first, year_first;
      const bool d = parse_date_in(
          text, full ? DateOrder::day_month_year : DateOrder::day_month_short, day_first);
      const bool m = parse_date_in(
          text, full ? DateOrder::month_day_year : DateOrder::month_day_short, month_first);
      const bool y = !full && parse_date_in(text, DateOrder::year_short, year_first);
      if (d && !m) shapes.day_first_only.add(row);
      if (m && !d) shapes.month_first_only.add(row);
      if (y && !d && !m) shapes.short_year_first_only.add(row);
      if ((d && m && day_first.day != month_first.day)) shapes.differ.add(row);
      date = d ? day_first : (m ? month_first : year_first);
      parsed = d || m || y;
      break;
    }
  }
  if (!parsed) return;
  shapes.with_time += date.has_time ? 1 : 0;
  (date.has_offset ? shapes.with_offset : shapes.without_offset).add(row);
}

/// Calls visit(row, text) for every present text, each run of equal texts decoded once by `same`.
template <typename Visit>
void for_texts(const ColumnReader& reader, std::size_t begin, std::size_t end, Visit&& visit) {
  Batch batch;
  for_batches(reader, begin, end, batch, [&](std::size_t row, const Batch& from) {
    if (from.kind != Batch::Kind::texts) return;
    for (std::size_t i = 0; i < from.rows; ++i) {
      if (from.texts[i].data() != nullptr) visit(row + i, from.texts[i]);
    }
  });
}

Shapes look_at_all(const ColumnReader& reader, const Context& context) {
  Shapes all;
  for (const Shapes& part : core::parallel_map<Shapes>(
           context, reader.rows(), kBlock, [&](std::size_t begin, std::size_t end) {
             Shapes shapes;
             std::string_view last{};
             for_texts(reader, begin, end, [&](std::size_t row, std::string_view text) {
               // Lines of one order repeat its date, which then says nothing new.
               if (text == last) return;
               last = text;
               look_at(text, row, shapes);
             });
             return shapes;
           })) {
    all.merge(part);
  }
  return all;
}

std::string quote(const ColumnReader& reader, const Positions& positions, const Tally& tally) {
  const std::int64_t row = tally.rows[0];
  return in_quotes(reader.found(static_cast<std::size_t>(row))) + " (" + positions.name(row) + ")";
}

/// The order the column is written in, or an error that asks for date_format.
DateOrder choose_order(const Shapes& shapes, const ColumnReader& reader, const std::string& name,
                       const Positions& positions) {
  const auto n = [&](DateShape shape) { return shapes.shape[static_cast<std::size_t>(shape)].n; };
  DateShape best = DateShape::year_first;
  for (const DateShape shape :
       {DateShape::compact, DateShape::named, DateShape::year_last, DateShape::short_year}) {
    if (n(shape) > n(best)) best = shape;
  }
  if (best == DateShape::year_first) return DateOrder::year_first;
  if (best == DateShape::compact) return DateOrder::compact;
  if (best == DateShape::named) return DateOrder::named;

  const bool full = best == DateShape::year_last;
  const auto d = full ? DateOrder::day_month_year : DateOrder::day_month_short;
  const auto m = full ? DateOrder::month_day_year : DateOrder::month_day_short;
  const std::int64_t only_d = shapes.day_first_only.n, only_m = shapes.month_first_only.n;
  // One in twenty may be a slip; it is then rejected by name.
  if (only_d > 0 && only_m > 0 && std::max(only_d, only_m) < 20 * std::min(only_d, only_m)) {
    throw DataError(name + " mixes two orders: " + quote(reader, positions, shapes.day_first_only) +
                    " has the day first and " + quote(reader, positions, shapes.month_first_only) +
                    " the month; write the one to read, as date_format=\"" +
                    std::string(format_of(d)) + "\"");
  }
  if (!full && shapes.short_year_first_only.n > std::max(only_d, only_m)) {
    return DateOrder::year_short;
  }
  if (only_d == 0 && only_m == 0 && shapes.differ.n > 0) {
    throw DataError(name + " can be read two ways: " + quote(reader, positions, shapes.differ) +
                    " and all others fit the day first and the month first; write "
                    "date_format=\"" +
                    std::string(format_of(d)) + "\" or date_format=\"" + std::string(format_of(m)) +
                    "\"");
  }
  return only_m > only_d ? m : d;
}

/// What one block of rows gave.
struct Part {
  Tally missing{}, unreadable{}, gaps{}, overlaps{};
  Tally with_offset{}, without_offset{};

  /// How many rows were not read plainly.
  [[nodiscard]] std::int64_t odd() const noexcept { return unreadable.n + gaps.n + overlaps.n; }
};

constexpr std::size_t kNoRow = std::numeric_limits<std::size_t>::max();

/// Turns wall clocks and instants into the columns of the result.
class Writer {
 public:
  Writer(TimeColumn& out, const TimeRules& rules)
      : out_(out), source_(*rules.source), business_(*rules.business) {}

  void none(std::size_t row, Tally& why) {
    out_.utc[row] = kNoTime;
    out_.day[row] = kNoDay;
    why.add(row);
  }
  /// A civil day of the business without a time.
  void day(std::size_t row, std::int64_t day, Part& part) {
    if (day < kFirstInstant / kDayLength || day >= kLastInstant / kDayLength) {
      return none(row, part.unreadable);
    }
    TimeZone::Reading reading{};  // a change of the clock at midnight does not change the day
    out_.utc[row] = business_.to_utc(day * kDayLength, reading);
    out_.day[row] = static_cast<Day>(day);
  }
  void instant(std::size_t row, std::int64_t utc, Part& part) {
    if (utc < kFirstInstant || utc >= kLastInstant) return none(row, part.unreadable);
    out_.utc[row] = utc;
    out_.day[row] = day_of_local(business_.to_local(utc));
  }
  void wall_clock(std::size_t row, std::int64_t local, Part& part) {
    if (local < kFirstInstant || local >= kLastInstant) return none(row, part.unreadable);
    TimeZone::Reading reading{};
    const std::int64_t utc = source_.to_utc(local, reading);
    if (reading == TimeZone::Reading::gap) part.gaps.add(row);
    if (reading == TimeZone::Reading::overlap) part.overlaps.add(row);
    out_.utc[row] = utc;
    out_.day[row] = day_of_local(business_.to_local(utc));
  }
  void parsed(std::size_t row, const ParsedDate& date, bool dates_only, Part& part) {
    if (dates_only) return day(row, date.day, part);
    const std::int64_t local = date.day * kDayLength + date.time_of_day;
    if (date.has_offset) {
      instant(row, local - date.offset, part);
    } else {
      wall_clock(row, local, part);
    }
  }
  void repeat(std::size_t row, std::size_t before) {
    out_.utc[row] = out_.utc[before];
    out_.day[row] = out_.day[before];
  }

 private:
  TimeColumn& out_;
  ZoneCursor source_;
  ZoneCursor business_;
};

template <typename Parse>
Part read_texts(const ColumnReader& reader, std::size_t begin, std::size_t end,
                const TimeRules& rules, bool dates_only, TimeColumn& out, Parse&& parse) {
  Part part;
  Writer writer(out, rules);
  Batch batch;
  std::string_view last{};
  std::size_t last_row = 0;
  for_batches(reader, begin, end, batch, [&](std::size_t row, const Batch& from) {
    for (std::size_t i = 0; i < from.rows; ++i) {
      const std::string_view text =
          from.kind == Batch::Kind::texts ? from.texts[i] : std::string_view{};
      if (text.data() == nullptr) {
        writer.none(row + i, part.missing);
        continue;
      }
      if (text == last && out.utc[last_row] != kNoTime) {
        writer.repeat(row + i, last_row);
        continue;
      }
      ParsedDate date;
      if (!parse(text, date)) {
        writer.none(row + i, part.unreadable);
        continue;
      }
      (date.has_offset ? part.with_offset : part.without_offset).add(row + i);
      writer.parsed(row + i, date, dates_only, part);
      last = text;
      last_row = row + i;
    }
  });
  return part;
}

/// Ticks as microseconds; nothing where they do not fit.
std::optional<std::int64_t> microseconds(std::int64_t ticks, TimeUnit unit) noexcept {
  std::int64_t out = ticks;
  switch (unit) {
    case TimeUnit::second:
      if (__builtin_mul_overflow(ticks, std::int64_t{1'000'000}, &out)) return std::nullopt;
      return out;
    case TimeUnit::millisecond:
      if (__builtin_mul_overflow(ticks, std::int64_t{1'000}, &out)) return std::nullopt;
      return out;
    case TimeUnit::microsecond:
      return ticks;
    case TimeUnit::nanosecond:
      return ticks / 1000 - (ticks % 1000 < 0 ? 1 : 0);
  }
  return out;
}

Part read_ticks(const ColumnReader& reader, std::size_t begin, std::size_t end,
                const TimeRules& rules, TimeColumn& out) {
  const InputColumn& column = reader.column();
  Part part;
  Writer writer(out, rules);
  Batch batch;
  std::int64_t last = 0;
  std::size_t last_row = kNoRow;  // a row of plain reading, which lines of its order repeat
  for_batches(reader, begin, end, batch, [&](std::size_t row, const Batch& from) {
    for (std::size_t i = 0; i < from.rows; ++i) {
      if (!from.has(i) || from.kind != Batch::Kind::integers) {
        writer.none(row + i, part.missing);
        continue;
      }
      const std::int64_t ticks = from.integers[i];
      if (ticks == last && last_row != kNoRow) {
        writer.repeat(row + i, last_row);
        continue;
      }
      const std::int64_t odd = part.odd();
      if (column.meaning == Meaning::date) {
        writer.day(row + i, ticks, part);
      } else {
        const auto us = microseconds(ticks, column.unit);
        if (!us || *us == kNoTime) {
          writer.none(row + i, part.unreadable);
        } else if (column.zoned) {
          writer.instant(row + i, *us, part);
        } else {
          writer.wall_clock(row + i, *us, part);
        }
      }
      last = ticks;
      last_row = part.odd() == odd ? row + i : kNoRow;
    }
  });
  return part;
}

/// Whole numbers such as 19970101.
Part read_compact(const ColumnReader& reader, std::size_t begin, std::size_t end,
                  const TimeRules& rules, TimeColumn& out) {
  Part part;
  Writer writer(out, rules);
  Batch batch;
  for_batches(reader, begin, end, batch, [&](std::size_t row, const Batch& from) {
    for (std::size_t i = 0; i < from.rows; ++i) {
      if (!from.has(i) || from.kind != Batch::Kind::integers) {
        writer.none(row + i, part.missing);
        continue;
      }
      ParsedDate date;
      if (parse_date_in(std::to_string(from.integers[i]), DateOrder::compact, date)) {
        writer.day(row + i, date.day, part);
      } else {
        writer.none(row + i, part.unreadable);
      }
    }
  });
  return part;
}

template <typename Read>
Part read_all(std::size_t rows, TimeColumn& out, const Context& context, Read&& read) {
  out.utc.resize(rows);
  out.day.resize(rows);
  Part all;
  for (const Part& part : core::parallel_map<Part>(context, rows, kBlock, read)) {
    all.missing.merge(part.missing);
    all.unreadable.merge(part.unreadable);
    all.gaps.merge(part.gaps);
    all.overlaps.merge(part.overlaps);
    all.with_offset.merge(part.with_offset);
    all.without_offset.merge(part.without_offset);
  }
  out.missing = all.missing;
  out.unreadable = all.unreadable;
  out.gaps = all.gaps;
  out.overlaps = all.overlaps;
  return all;
}

void refuse_mixed_zones(const Part& part, const ColumnReader& reader, const std::string& name,
                        const Positions& positions) {
  if (part.with_offset.n == 0 || part.without_offset.n == 0) return;
  throw DataError(
      name + " mixes times with and without a zone: " + quote(reader, positions, part.with_offset) +
      " and " + quote(reader, positions, part.without_offset) +
      "; give all of them an offset, or none");
}

void read_text_column(const ColumnReader& reader, const TimeRules& rules, const std::string& name,
                      const Positions& positions, TimeColumn& out, const Context& context) {
  Part part;
  std::string written;
  if (!rules.date_format.empty()) {
    const DateFormat format(rules.date_format);
    out.dates_only = true;
    for (const std::string_view time : {"%H", "%I", "%T", "%R"}) {
      if (format.text().find(time) != std::string::npos) out.dates_only = false;
    }
    part = read_all(reader.rows(), out, context, [&](std::size_t begin, std::size_t end) {
      return read_texts(
          reader, begin, end, rules, out.dates_only, out,
          [&](std::string_view text, ParsedDate& date) { return format.parse(text, date); });
    });
    written = format.text();
  } else {
    const Shapes shapes = look_at_all(reader, context);
    const bool empty = std::all_of(shapes.shape.begin(), shapes.shape.end(),
                                   [](const Tally& tally) { return tally.n == 0; });
    const DateOrder order =
        empty ? DateOrder::year_first : choose_order(shapes, reader, name, positions);
    out.dates_only = shapes.with_time == 0;
    part = read_all(reader.rows(), out, context, [&](std::size_t begin, std::size_t end) {
      return read_texts(reader, begin, end, rules, out.dates_only, out,
                        [&](std::string_view text, ParsedDate& date) {
                          return parse_date_in(text, order, date);
                        });
    });
    written = std::string(format_of(order)) + (out.dates_only ? "" : " and a time");
  }
  refuse_mixed_zones(part, reader, name, positions);
  const auto rows = static_cast<std::int64_t>(reader.rows());
  if (out.unreadable.n > 0 && out.missing.n + out.unreadable.n == rows) {
    const bool asked = !rules.date_format.empty();
    throw DataError(name +
                    (asked ? " has no value that fits date_format=\"" + written + "\": "
                           : " holds no dates: ") +
                    quote(reader, positions, out.unreadable) +
                    (asked ? ""
                           : " is not one; name another column, or write how it is read, as "
                             "date_format=\"%d/%m/%Y\""));
  }
  out.as = (out.dates_only ? "dates written " : "times written ") + written;
  if (part.with_offset.n > 0) {
    out.as += ", with their offset from UTC";
  } else if (!out.dates_only) {
    out.as += ", wall clock of " + rules.source->name;
  }
}

}  // namespace

void ZoneCursor::find(std::int64_t utc) noexcept {
  offset_ = zone_->to_local(utc) - utc;
  const auto next = std::upper_bound(zone_->utc.begin(), zone_->utc.end(), utc);
  utc_to_ = next == zone_->utc.end() ? std::numeric_limits<std::int64_t>::max() : *next;
  utc_from_ =
      next == zone_->utc.begin() ? std::numeric_limits<std::int64_t>::min() : *std::prev(next);
}

std::int64_t ZoneCursor::to_utc(std::int64_t local, TimeZone::Reading& reading) noexcept {
  // A day away from both changes a wall clock has one meaning.
  const std::int64_t utc = local - offset_;
  const bool from_is_far =
      utc_from_ == std::numeric_limits<std::int64_t>::min() || utc >= utc_from_ + kDayLength;
  const bool to_is_far =
      utc_to_ == std::numeric_limits<std::int64_t>::max() || utc < utc_to_ - kDayLength;
  if (utc_from_ < utc_to_ && from_is_far && to_is_far) {
    reading = TimeZone::Reading::plain;
    return utc;
  }
  const std::int64_t slow = zone_->to_utc(local, &reading);
  find(slow);
  return slow;
}

TimeColumn read_times(const ColumnReader& reader, const TimeRules& rules, const std::string& name,
                      const Positions& positions, const Context& context) {
  TimeColumn out;
  const InputColumn& column = reader.column();
  if (reader.is_text()) {
    read_text_column(reader, rules, name, positions, out, context);
  } else if (column.meaning == Meaning::date || column.meaning == Meaning::timestamp) {
    read_all(reader.rows(), out, context, [&](std::size_t begin, std::size_t end) {
      return read_ticks(reader, begin, end, rules, out);
    });
    out.dates_only = column.meaning == Meaning::date;
    out.as = out.dates_only ? "dates"
                            : (column.zoned ? "instants" : "wall clock of " + rules.source->name);
  } else {
    read_all(reader.rows(), out, context, [&](std::size_t begin, std::size_t end) {
      return read_compact(reader, begin, end, rules, out);
    });
    out.dates_only = true;
    out.as = "dates written %Y%m%d";
    const auto rows = static_cast<std::int64_t>(reader.rows());
    if (out.unreadable.n > 0 && out.missing.n + out.unreadable.n == rows) {
      throw DataError(name + " holds plain numbers: " + quote(reader, positions, out.unreadable) +
                      " is not a date; convert the column to dates or times first");
    }
  }
  return out;
}

}  // namespace emptor::data
