#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>

namespace emptor::mining::next {

/// Four sums of a pair, kept and added as one vector.
struct alignas(16) Four {
  std::array<float, 4> lane{};
  [[nodiscard]] float operator[](std::size_t i) const noexcept { return lane[i]; }
};

using FourLanes = float __attribute__((vector_size(16)));
using TwoLanes = double __attribute__((vector_size(16)));

inline FourLanes load(const Four& four) noexcept {
  FourLanes lanes;
  std::memcpy(&lanes, four.lane.data(), sizeof(lanes));
  return lanes;
}
inline void store(Four& four, FourLanes lanes) noexcept {
  std::memcpy(four.lane.data(), &lanes, sizeof(lanes));
}

/// What a window says of timing: a score, its information, and with them the score's square. Kept
/// small, since reading these takes longer than adding them.
struct TimingTerm {
  float score = 0, information = 0;
  void add_to(Four& sum) const noexcept {
    double both;
    std::memcpy(&both, &score, sizeof(both));
    const TwoLanes low{both, 0};
    const auto x = std::bit_cast<FourLanes>(low);
    store(sum, load(sum) + __builtin_shufflevector(x, x * x, 0, 1, 4, 5));
  }
};
enum TimingLane : std::uint8_t { kScore, kInformation, kScoreSquares };

/// What a window with the item says of affinity: o, the visits with it; 1 if the first of all was
/// among them; o (o - 2 e) with e the expected ones; o - e, of which the largest is kept.
struct VisitsTerm {
  Four lanes{};
  void add_to(Four& sum) const noexcept {
    const FourLanes x = load(lanes), old = load(sum);
    const FourLanes larger = old > x ? old : x;
    store(sum, __builtin_shufflevector(old + x, larger, 0, 1, 2, 7));
  }
};
enum VisitsLane : std::uint8_t { kVisits, kEvents, kSquares, kLargest };

}  // namespace emptor::mining::next
