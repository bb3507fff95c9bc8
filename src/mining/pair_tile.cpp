#include "mining/pair_tile.hpp"

#include <algorithm>

namespace emptor::mining::next {
namespace {

std::size_t at(std::int64_t i) noexcept { return static_cast<std::size_t>(i); }

}  // namespace

struct Tile::Scratch {
  std::vector<double> prefix;  // (visits + 1) x kTile: expected visits before
  // Per item of the tile that the customer buys:
  std::array<std::vector<std::int32_t>, kTile> bought_on;  // his visits with it, ascending
  std::array<std::vector<double>, kTile> share;            // visits + 1: sums of shares before
  std::array<std::size_t, kTile> past{};                   // visits with it up to now
  std::array<std::size_t, kTile> ahead{};                  // ... up to the window's end
  std::vector<std::uint16_t> present;
};

Tile::Tile(const Visits& visits, const Rates& rates, std::size_t first, std::size_t width,
           const std::vector<std::int16_t>& tile_of)
    : first_(first),
      width_(width),
      visits_(visits.size()),
      expected_(((width + kBlock - 1) / kBlock * visits.size() + 1) * kBlock, 0.0F) {
  const auto address = reinterpret_cast<std::uintptr_t>(expected_.data()) / sizeof(float);
  aligned_ = (kBlock - address % kBlock) % kBlock;
  row_.reserve(visits.size() + 1);
  row_.push_back(0);
  Scratch scratch;
  for (std::size_t c = 0; c < visits.code.size(); ++c) {
    // A customer without an eligible visit has no windows.
    if (visits.eligible[at(visits.first_visit[c + 1]) - 1] == 0) {
      row_.resize(at(visits.first_visit[c + 1]) + 1, entries_.size());
      continue;
    }
    add_expected(visits, rates, c, scratch);
    add_entries(visits, rates, c, tile_of, scratch);
  }
  entries_.emplace_back();  // so that &entries_[row_[v]] exists for an empty last row
}

void Tile::add_expected(const Visits& visits, const Rates& rates, std::size_t customer,
                        Scratch& s) {
  const auto begin = at(visits.first_visit[customer]);
  const auto end = at(visits.first_visit[customer + 1]);
  s.prefix.assign((end - begin + 1) * kTile, 0.0);
  for (auto v = begin; v < end; ++v) {
    const double* before = &s.prefix[(v - begin) * kTile];
    double* after = &s.prefix[(v - begin + 1) * kTile];
    const float* row = rates.row(v);
    const std::uint32_t* level = rates.levels(visits.bin[v]) + first_;
    for (std::size_t b = 0; b < width_; ++b)
      after[b] = before[b] + static_cast<double>(row[level[b]]);
  }
  for (auto v = begin; v < end; ++v) {
    if (visits.eligible[v] == 0) continue;
    const double* from = &s.prefix[(v - begin + 1) * kTile];
    const double* to = &s.prefix[(at(visits.window_end[v]) - begin) * kTile];
    for (std::size_t first = 0; first < width_; first += kBlock) {
      float* expected = &expected_[aligned_ + (first / kBlock * visits_ + v) * kBlock];
      for (std::size_t b = 0; b < kBlock; ++b)
        expected[b] = static_cast<float>(to[first + b] - from[first + b]);
    }
  }
}

void Tile::add_entries(const Visits& visits, const Rates& rates, std::size_t customer,
                       const std::vector<std::int16_t>& tile_of, Scratch& s) {
  const auto begin = visits.first_visit[customer];
  const auto end = visits.first_visit[customer + 1];
  for (const auto b : s.present) s.bought_on[b].clear();
  s.present.clear();
  for (auto v = begin; v < end; ++v)
    for (auto k = visits.begin[at(v)]; k < visits.begin[at(v) + 1]; ++k) {
      const auto b = tile_of[at(visits.item[at(k)])];
      if (b < 0) continue;
      if (s.bought_on[at(b)].empty()) s.present.push_back(static_cast<std::uint16_t>(b));
      s.bought_on[at(b)].push_back(v);
    }
  std::sort(s.present.begin(), s.present.end());
  for (const auto b : s.present) {
    auto& share = s.share[b];
    share.assign(1, 0.0);
    for (auto v = begin; v < end; ++v)
      share.push_back(share.back() + rates.share(visits.bin[at(v)], first_ + b));
    s.past[b] = s.ahead[b] = 0;
  }
  const auto n = static_cast<double>(end - begin - 1);
  for (auto v = begin; v < end; ++v) {
    if (visits.eligible[at(v)] != 0) {
      const auto window_end = visits.window_end[at(v)];
      const auto n_inside = static_cast<double>(window_end - v - 1);
      for (const auto b : s.present) {
        const auto& on = s.bought_on[b];
        auto& past = s.past[b];
        auto& ahead = s.ahead[b];
        while (past < on.size() && on[past] <= v) ++past;
        while (ahead < on.size() && on[ahead] < window_end) ++ahead;
        Entry entry;
        entry.b = static_cast<std::uint8_t>(b);
        entry.observed = static_cast<std::uint16_t>(std::min<std::size_t>(ahead - past, 65535));
        const bool same_day = past > 0 && on[past - 1] == v;
        entry.state =
            static_cast<std::uint8_t>((past > 0 ? kBefore : 0) | (same_day ? kSameDay : 0) |
                                      (past == 0 && ahead > 0 ? kEvent : 0));
        entry.expected = expected(at(v), b / kBlock)[b % kBlock];
        const auto positives = static_cast<double>(on.size()) - (same_day ? 1 : 0);
        if (positives > 0 && positives < n && n_inside > 0 && n_inside < n) {
          const auto& share = s.share[b];
          const auto i = at(v - begin);
          const double q = (share[at(window_end - begin)] - share[i + 1]) /
                           (share.back() - (share[i + 1] - share[i]));
          entry.score = static_cast<float>(entry.observed - positives * q);
          entry.information =
              static_cast<float>(positives * q * (1 - q) * (n - positives) / (n - 1));
        }
        entries_.push_back(entry);
      }
    }
    row_.push_back(entries_.size());
  }
}

}  // namespace emptor::mining::next
