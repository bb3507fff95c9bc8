#include "mining/pair_windows.hpp"

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

}  // namespace emptor::mining::next
