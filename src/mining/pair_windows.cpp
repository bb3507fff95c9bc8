#include "mining/pair_windows.hpp"

#include <numeric>

namespace emptor::mining::next {
namespace {

std::size_t at(std::int64_t i) noexcept { return static_cast<std::size_t>(i); }

}  // namespace

Windows make_windows(const Visits& visits) {
  Windows windows;
  windows.row.assign(visits.size(), -1);
  for (std::size_t c = 0; c < visits.code.size(); ++c) {
    for (auto v = visits.first_visit[c]; v < visits.first_visit[c + 1]; ++v) {
      if (visits.eligible[at(v)] == 0 || visits.window_end[at(v)] == v + 1) continue;
      windows.row[at(v)] = static_cast<std::int32_t>(windows.visit.size());
      windows.visit.push_back(v);
    }
    windows.customer_begin.push_back(windows.visit.size());
  }
  return windows;
}

std::vector<std::int32_t> rows_of(const Windows& windows, std::span<const std::int32_t> index) {
  std::vector<std::int32_t> rows;
  rows.reserve(index.size());
  for (const auto v : index)
    if (windows.row[at(v)] >= 0) rows.push_back(windows.row[at(v)]);
  return rows;
}

Starts make_starts(const Visits& visits, const Windows& windows,
                   std::span<const std::vector<std::int32_t>> index,
                   std::span<const std::vector<std::int32_t>> placebo) {
  // Calls each(customer, start) for those that have a window.
  const auto for_starts = [&](auto&& each) {
    for (std::size_t a = 0; a < index.size(); ++a)
      for (std::size_t i = 0; i < index[a].size(); ++i) {
        const auto row = windows.row[at(index[a][i])];
        const auto random = placebo.empty() ? -1 : windows.row[at(placebo[a][i])];
        if (row < 0 && random < 0) continue;
        const auto c = at(visits.customer[at(index[a][i])]);
        const auto begin = static_cast<std::int32_t>(windows.customer_begin[c]);
        const auto none = static_cast<std::int32_t>(windows.customer_begin[c + 1]) - begin;
        each(c, Start{static_cast<std::int32_t>(a), row < 0 ? none : row - begin,
                      random < 0 ? none : random - begin});
      }
  };
  Starts starts;
  starts.customer_begin.assign(visits.code.size() + 1, 0);
  for_starts([&](std::size_t c, const Start&) { ++starts.customer_begin[c + 1]; });
  std::partial_sum(starts.customer_begin.begin(), starts.customer_begin.end(),
                   starts.customer_begin.begin());
  starts.start.resize(starts.customer_begin.back());
  auto next = starts.customer_begin;
  for_starts([&](std::size_t c, const Start& start) { starts.start[next[c]++] = start; });
  return starts;
}

}  // namespace emptor::mining::next
