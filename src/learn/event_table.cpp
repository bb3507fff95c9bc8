#include "learn/event_table.hpp"

#include "emptor/core/error.hpp"

#include "core/parallel.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <string>
#include <utility>

namespace emptor::learn {
namespace {

using Keys = std::vector<std::uint64_t>;

// Bits of a double that is not negative sort as the number does.
std::uint64_t key_of(double value) noexcept { return std::bit_cast<std::uint64_t>(value + 0.0); }

// Least-significant-digit radix sort, digits that are all the same skipped.
void sort_keys(Keys& keys) {
  constexpr std::size_t kDigits = 6, kBits = 11, kSize = std::size_t{1} << kBits;
  if (keys.size() < 1024) {
    std::sort(keys.begin(), keys.end());
    return;
  }
  std::vector<std::uint32_t> counts(kDigits * kSize, 0);
  for (const auto key : keys) {
    for (std::size_t d = 0; d < kDigits; ++d) ++counts[d * kSize + ((key >> (d * kBits)) % kSize)];
  }
  Keys other(keys.size());
  for (std::size_t d = 0; d < kDigits; ++d) {
    const auto digit = counts.begin() + static_cast<std::ptrdiff_t>(d * kSize);
    const auto of = [&](std::uint64_t key) {
      return digit + static_cast<std::ptrdiff_t>((key >> (d * kBits)) % kSize);
    };
    if (*of(keys.front()) == keys.size()) continue;
    std::uint32_t sum = 0;
    for (std::size_t i = 0; i < kSize; ++i) {
      sum += std::exchange(counts[d * kSize + i], sum);
    }
    for (const auto key : keys) other[(*of(key))++] = key;
    keys.swap(other);
  }
}

// The rows of one group.
struct Members {
  std::span<const double> duration{};
  std::span<const std::int32_t> event{};
  std::span<const double> entry{};
};

void reserve(EventTable& table, std::size_t rows) {
  table.time.reserve(rows);
  table.at_risk.reserve(rows);
  table.events.reserve(rows);
  table.censored.reserve(rows);
  if (table.causes > 1) table.by_cause.reserve(rows * table.causes);
}

// Appends one time; `left[0]` of those who leave are censored, `left[c]` have event c.
void add(EventTable& table, double time, std::span<const std::int64_t> left, std::int64_t& still) {
  std::int64_t events = 0;
  for (std::size_t c = 1; c < left.size(); ++c) events += left[c];
  table.time.push_back(time);
  table.at_risk.push_back(still);
  table.events.push_back(events);
  table.censored.push_back(left[0]);
  if (table.causes > 1) table.by_cause.insert(table.by_cause.end(), left.begin() + 1, left.end());
  table.n_events += events;
  still -= events + left[0];
}

// Largest duration if all are whole numbers and few enough to count in an array, else -1.
std::int64_t countable(std::span<const double> duration, std::size_t causes) {
  const double limit = static_cast<double>(
      std::min<std::size_t>(std::size_t{1} << 24, 4096 + 8 * duration.size() / (causes + 1)));
  double largest = 0;
  for (std::size_t begin = 0; begin < duration.size(); begin += 1024) {
    bool whole = true;
    for (std::size_t i = begin; i < std::min(begin + 1024, duration.size()); ++i) {
      const double d = duration[i];
      if (!(d <= limit)) return -1;
      whole &= static_cast<double>(static_cast<std::int32_t>(d)) == d;
      largest = std::max(largest, d);
    }
    if (!whole) return -1;
  }
  return static_cast<std::int64_t>(largest);
}

void count_whole(const Members& members, std::int64_t largest, EventTable& table) {
  const std::size_t width = table.causes + 1;
  std::vector<std::uint32_t> counts((static_cast<std::size_t>(largest) + 1) * width, 0);
  for (std::size_t i = 0; i < members.duration.size(); ++i) {
    const auto event = static_cast<std::size_t>(members.event[i]);
    ++counts[static_cast<std::size_t>(members.duration[i]) * width + std::min(event, width - 1)];
  }
  std::vector<std::int64_t> left(width);
  std::int64_t still = table.n;
  for (std::size_t t = 0; t <= static_cast<std::size_t>(largest); ++t) {
    std::uint32_t any = 0;
    for (std::size_t c = 0; c < width; ++c) any |= counts[t * width + c];
    if (any == 0) continue;
    for (std::size_t c = 0; c < width; ++c) left[c] = counts[t * width + c];
    add(table, static_cast<double>(t), left, still);
  }
}

void merge_sorted(const Members& members, EventTable& table) {
  const std::size_t width = table.causes + 1;
  std::vector<Keys> by_event(width);
  for (std::size_t i = 0; i < members.duration.size(); ++i) {
    const auto event = std::min(static_cast<std::size_t>(members.event[i]), width - 1);
    by_event[event].push_back(key_of(members.duration[i]));
  }
  for (auto& keys : by_event) sort_keys(keys);
  reserve(table, members.duration.size());
  std::vector<std::size_t> next(width, 0);
  std::vector<std::int64_t> left(width);
  for (std::int64_t still = table.n; still > 0;) {
    std::uint64_t first = ~std::uint64_t{0};
    for (std::size_t c = 0; c < width; ++c) {
      if (next[c] < by_event[c].size()) first = std::min(first, by_event[c][next[c]]);
    }
    for (std::size_t c = 0; c < width; ++c) {
      const std::size_t from = next[c];
      while (next[c] < by_event[c].size() && by_event[c][next[c]] == first) ++next[c];
      left[c] = static_cast<std::int64_t>(next[c] - from);
    }
    add(table, std::bit_cast<double>(first), left, still);
  }
}

// Who has not yet come in is not at risk: entries at or after a time do not count at it.
void take_out_late_entries(std::span<const double> entry, EventTable& table) {
  if (entry.empty()) return;
  Keys keys;
  keys.reserve(entry.size());
  for (const double value : entry) keys.push_back(key_of(value));
  sort_keys(keys);
  std::size_t in = 0;
  for (std::size_t i = 0; i < table.size(); ++i) {
    while (in < keys.size() && std::bit_cast<double>(keys[in]) < table.time[i]) ++in;
    table.at_risk[i] -= static_cast<std::int64_t>(keys.size() - in);
  }
}

EventTable tabulate(const Members& members, std::size_t causes) {
  EventTable table;
  table.causes = causes;
  table.n = static_cast<std::int64_t>(members.duration.size());
  if (table.n == 0) return table;
  const std::int64_t largest = countable(members.duration, causes);
  if (largest >= 0) {
    count_whole(members, largest, table);
  } else {
    merge_sorted(members, table);
  }
  take_out_late_entries(members.entry, table);
  return table;
}

// Columns with each group's rows side by side.
struct Gathered {
  std::vector<double> duration{};
  std::vector<std::int32_t> event{};
  std::vector<double> entry{};
  std::vector<std::size_t> begin{};
};

Gathered gather(const SurvivalView& view) {
  const auto groups = static_cast<std::size_t>(view.groups->size());
  Gathered out;
  out.begin.assign(groups + 1, 0);
  for (const auto g : view.group) {
    if (g >= 0) ++out.begin[static_cast<std::size_t>(g) + 1];
  }
  for (std::size_t g = 0; g < groups; ++g) out.begin[g + 1] += out.begin[g];
  std::vector<std::size_t> next(out.begin.begin(), out.begin.end() - 1);
  out.duration.resize(out.begin.back());
  out.event.resize(out.begin.back());
  if (!view.entry.empty()) out.entry.resize(out.begin.back());
  for (std::size_t i = 0; i < view.group.size(); ++i) {
    if (view.group[i] < 0) continue;
    const std::size_t at = next[static_cast<std::size_t>(view.group[i])]++;
    out.duration[at] = view.duration[i];
    out.event[at] = view.event[i];
    if (!view.entry.empty()) out.entry[at] = view.entry[i];
  }
  return out;
}

}  // namespace

void check(const SurvivalView& view, std::string_view function) {
  const auto fail = [&](const std::string& what) {
    throw InvalidArgument(std::string(function) + ": " + what);
  };
  const std::size_t n = view.duration.size();
  const auto equal_length = [&](std::size_t size, const char* name) {
    if (size != n)
      fail(std::string(name) + " has " + std::to_string(size) + " values and duration " +
           std::to_string(n) + "; give one of each per row");
  };
  equal_length(view.event.size(), "event");
  if (!view.entry.empty()) equal_length(view.entry.size(), "entry");
  if (!view.group.empty()) equal_length(view.group.size(), "group");
  if (!view.group.empty() && !view.groups) fail("group is given without what its codes mean");
  for (std::size_t begin = 0; begin < n; begin += 1024) {
    bool good = true;
    for (std::size_t i = begin; i < std::min(begin + 1024, n); ++i) {
      good &= view.duration[i] >= 0;
      good &= view.duration[i] <= std::numeric_limits<double>::max();
      good &= view.event[i] >= 0;
    }
    if (good) continue;
    for (std::size_t i = begin; i < std::min(begin + 1024, n); ++i) {
      if (!(view.duration[i] >= 0) || !std::isfinite(view.duration[i]))
        fail("durations must be finite and not negative; row " + std::to_string(i) + " is " +
             std::to_string(view.duration[i]) + "; drop it or mend it first");
      if (view.event[i] < 0)
        fail("events must be 0 (censored) or above; row " + std::to_string(i) + " is " +
             std::to_string(view.event[i]));
    }
  }
  for (std::size_t i = 0; i < view.entry.size(); ++i) {
    if (!(view.entry[i] >= 0 && view.entry[i] < view.duration[i]))
      fail("entry must lie from 0 to below the duration; row " + std::to_string(i) + " enters at " +
           std::to_string(view.entry[i]) + " and leaves at " + std::to_string(view.duration[i]));
  }
  for (std::size_t i = 0; i < view.group.size(); ++i) {
    if (view.group[i] < -1 || view.group[i] >= view.groups->size())
      fail("group must be -1 or a code below " + std::to_string(view.groups->size()) + "; row " +
           std::to_string(i) + " is " + std::to_string(view.group[i]));
  }
}

std::vector<EventTable> event_tables(const SurvivalView& view, std::size_t causes,
                                     const Context& context, std::string_view function) {
  const std::size_t n = view.duration.size();
  // Sorted copies, and the tables' columns.
  const std::size_t bytes = n * (8 * (8 + causes) + (view.group.empty() ? 0 : 20));
  if (context.memory_limit > 0 && bytes > context.memory_limit)
    throw MemoryLimit(std::string(function) + ": " + std::to_string(n) + " rows need about " +
                      std::to_string(bytes) + " bytes, more than memory_limit, " +
                      std::to_string(context.memory_limit));
  if (view.group.empty()) {
    std::vector<EventTable> tables(1);
    core::parallel_for(context, 1, [&](std::size_t) {
      tables[0] = tabulate({view.duration, view.event, view.entry}, causes);
    });
    return tables;
  }
  const Gathered rows = gather(view);
  std::vector<EventTable> tables(static_cast<std::size_t>(view.groups->size()));
  core::parallel_for(context, tables.size(), [&](std::size_t g) {
    const std::size_t begin = rows.begin[g], size = rows.begin[g + 1] - begin;
    Members members{std::span(rows.duration).subspan(begin, size),
                    std::span(rows.event).subspan(begin, size),
                    {}};
    if (!rows.entry.empty()) members.entry = std::span(rows.entry).subspan(begin, size);
    tables[g] = tabulate(members, causes);
  });
  return tables;
}

}  // namespace emptor::learn
