#include "mining/pair_expected.hpp"

#include <algorithm>

namespace emptor::mining::next {
namespace {

constexpr std::size_t kColumns = 16;

std::size_t at(std::int64_t i) noexcept { return static_cast<std::size_t>(i); }

}  // namespace

ExpectedBlock::ExpectedBlock(const Visits& visits, const Windows& windows, const Rates& rates,
                             const Kernels& kernels)
    : visits_(visits),
      windows_(windows),
      rates_(rates),
      kernels_(kernels),
      memory_((windows.size() + 1) * kColumns, 0.0F) {
  const auto address = reinterpret_cast<std::uintptr_t>(memory_.data()) / sizeof(float);
  table_ = memory_.data() + (kColumns - address % kColumns) % kColumns;
  std::size_t most = 0;
  for (std::size_t c = 0; c < visits.code.size(); ++c)
    most = std::max(most, at(visits.first_visit[c + 1] - visits.first_visit[c]));
  before_.assign((most + 1) * kColumns, 0.0);
  probability_.assign(rates.n_kinds() * kColumns, 0.0F);
}

void ExpectedBlock::fill(std::size_t first, std::size_t width) {
  for (std::size_t kind = 0; kind < rates_.n_kinds(); ++kind) {
    const std::uint32_t* level = rates_.levels(rates_.bin_of_kind(kind)) + first;
    const float* row = rates_.row_of_kind(kind);
    for (std::size_t i = 0; i < width; ++i) probability_[kind * kColumns + i] = row[level[i]];
  }
  for (std::size_t c = 0; c < visits_.code.size(); ++c) {
    const auto rows_end = windows_.customer_begin[c + 1];
    auto r = windows_.customer_begin[c];
    if (r == rows_end) continue;
    // Before his first row nothing is asked for.
    const auto begin = at(windows_.visit[r]);
    const auto n = at(visits_.first_visit[c + 1]) - begin;
    for (std::size_t k = 0; k < n; ++k)
      kernels_.add(&before_[k * kColumns], &probability_[rates_.kind(begin + k) * kColumns],
                   &before_[(k + 1) * kColumns]);
    for (; r < rows_end; ++r) {
      const auto v = at(windows_.visit[r]);
      kernels_.subtract(&before_[(at(visits_.window_end[v]) - begin) * kColumns],
                        &before_[(v - begin + 1) * kColumns], table_ + r * kColumns);
    }
  }
}

}  // namespace emptor::mining::next
