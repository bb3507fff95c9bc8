#include "mining/companions.hpp"

#include "emptor/core/interval.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace emptor::mining {
namespace {

constexpr std::int64_t kFew = 10;
constexpr double kGoesWith = 2;  // standard deviations

std::size_t at(std::int64_t i) noexcept { return static_cast<std::size_t>(i); }

double score(const OccasionPair& pair, std::size_t half) {
  const double variance = pair.half_variance[half];
  return variance > 0 ? pair.half[half] / std::sqrt(variance) : 0;
}

}  // namespace

Companions::Companions(std::span<const OccasionPair> pairs, std::int32_t n_items) {
  begin_.assign(at(n_items) + 1, 0);
  std::vector<std::array<double, 2>> mean(at(n_items));
  for (const OccasionPair& pair : pairs) {
    for (const auto code : {pair.a, pair.b}) {
      ++begin_[at(code) + 1];
      for (std::size_t h = 0; h < 2; ++h) mean[at(code)][h] += score(pair, h);
    }
  }
  for (std::size_t i = 0; i < mean.size(); ++i) {
    for (double& m : mean[i]) {
      m = std::max(0.0, m / std::max(1.0, static_cast<double>(begin_[i + 1])));
    }
    begin_[i + 1] += begin_[i];
  }
  companion_.resize(2 * pairs.size());
  auto next = begin_;
  for (const OccasionPair& pair : pairs) {
    Companion& of_a = companion_[next[at(pair.a)]++];
    Companion& of_b = companion_[next[at(pair.b)]++];
    of_a.code = pair.b;
    of_b.code = pair.a;
    for (std::size_t h = 0; h < 2; ++h) {
      of_a.score[h] = score(pair, h) - mean[at(pair.b)][h];
      of_b.score[h] = score(pair, h) - mean[at(pair.a)][h];
    }
  }
  for (std::size_t i = 0; i < mean.size(); ++i) {
    std::sort(companion_.begin() + static_cast<std::ptrdiff_t>(begin_[i]),
              companion_.begin() + static_cast<std::ptrdiff_t>(begin_[i + 1]),
              [](const auto& x, const auto& y) { return x.code < y.code; });
  }
}

Companions::Likeness Companions::likeness(std::int32_t a, std::int32_t b, double level) const {
  std::int64_t n = 0;
  std::int64_t shared = 0;
  std::size_t i = begin_[at(a)];
  std::size_t j = begin_[at(b)];
  while (i < begin_[at(a) + 1] && j < begin_[at(b) + 1]) {
    const Companion& of_a = companion_[i];
    const Companion& of_b = companion_[j];
    i += of_a.code <= of_b.code ? 1 : 0;
    j += of_b.code <= of_a.code ? 1 : 0;
    if (of_a.code != of_b.code) continue;
    for (std::size_t h = 0; h < 2; ++h) {
      for (const auto& [one, other] : {std::pair(&of_a, &of_b), std::pair(&of_b, &of_a)}) {
        if (one->score[h] < kGoesWith) continue;
        ++n;
        shared += other->score[1 - h] > 0 ? 1 : 0;
      }
    }
  }
  constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
  if (n < kFew) return {kNaN, kNaN, kNaN, n};
  const auto all = static_cast<double>(n);
  const Interval interval = wilson(static_cast<double>(shared), all, level);
  return {static_cast<double>(shared) / all, interval.low, interval.high, n};
}

}  // namespace emptor::mining
