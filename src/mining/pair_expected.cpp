#include "mining/pair_expected.hpp"

#include <algorithm>
#include <array>

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
}

void ExpectedBlock::fill(std::size_t first, std::size_t width) {
  std::array<std::uint32_t, kColumns> part{};  // where a bin has fewer than 16 levels from there on
  for (std::size_t c = 0; c < visits_.code.size(); ++c) {
    const auto rows_end = windows_.customer_begin[c + 1];
    auto r = windows_.customer_begin[c];
    if (r == rows_end) continue;
    // Before his first row nothing is asked for.
    const auto begin = at(windows_.visit[r]);
    const auto n = at(visits_.first_visit[c + 1]) - begin;
    for (std::size_t k = 0; k < n; ++k) {
      const std::uint32_t* level = rates_.levels(visits_.bin[begin + k]) + first;
      if (width < kColumns) {
        std::copy_n(level, width, part.begin());
        level = part.data();
      }
      kernels_.add_levels(&before_[k * kColumns], rates_.row(begin + k), level,
                          &before_[(k + 1) * kColumns]);
    }
    for (; r < rows_end; ++r) {
      const auto v = at(windows_.visit[r]);
      kernels_.subtract(&before_[(at(visits_.window_end[v]) - begin) * kColumns],
                        &before_[(v - begin + 1) * kColumns], table_ + r * kColumns);
    }
  }
}

}  // namespace emptor::mining::next
