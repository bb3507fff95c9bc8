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
  probability_.assign(rates.n_kinds() * kColumns, 0.0F);
}

void ExpectedBlock::fill(std::size_t first, std::size_t width) {
  float* row = probability_.data();
  for (int bin = 0; bin < rates_.n_bins(); ++bin) {
    std::array<const float*, kColumns> own{};
    for (std::size_t i = 0; i < width; ++i) own[i] = rates_.probabilities(bin, first + i).data();
    const std::size_t n = rates_.probabilities(bin, first).size();
    for (std::size_t kind = 0; kind < n; ++kind, row += kColumns)
      for (std::size_t i = 0; i < width; ++i) row[i] = own[i][kind];
  }
  for (std::size_t c = 0; c < visits_.code.size(); ++c) {
    const auto r = windows_.customer_begin[c];
    const auto rows = std::span(windows_.visit).subspan(r, windows_.customer_begin[c + 1] - r);
    if (rows.empty()) continue;
    const auto begin = at(rows.front());  // before his first row nothing is asked for
    const auto n = at(visits_.first_visit[c + 1]) - begin;
    kernels_.sum_windows(probability_.data(),
                         {begin, rates_.kinds().subspan(begin, n), rows, visits_.window_end.data()},
                         before_.data(), table_ + r * kColumns);
  }
}

}  // namespace emptor::mining::next
