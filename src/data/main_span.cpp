#include "data/main_span.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace emptor::data {

namespace {
constexpr Day kGap = 1000;
constexpr std::int64_t kOneIn = 100;
}  // namespace

MainSpan main_span(std::span<const Day> days, Day first, Day last) {
  MainSpan span{first, last};
  if (last - first < kGap) return span;
  std::vector<std::int64_t> lines(static_cast<std::size_t>(last - first) + 1, 0);
  for (const Day day : days) lines[static_cast<std::size_t>(day - first)] += 1;
  const auto all = static_cast<std::int64_t>(days.size());
  const auto few = [&](std::int64_t n) { return n * kOneIn <= all; };
  std::int64_t before = 0;  // lines up to `previous`
  Day previous = first;
  for (Day day = first; day <= last; ++day) {
    const std::int64_t here = lines[static_cast<std::size_t>(day - first)];
    if (here == 0) continue;
    if (day - previous >= kGap) {
      if (few(before)) span.first = day;
      if (few(all - before)) {
        span.last = previous;
        break;
      }
    }
    before += here;
    previous = day;
  }
  return span;
}

}  // namespace emptor::data
